"""The report as one HTML page: everything inside it, nothing fetched, every value escaped."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import quidqual
from quidqual.reporting.content import Content
from quidqual.reporting.figures import Picture
from quidqual.study.write_table import csv_text

_FOLDER = Path(__file__).resolve().parent / "templates"
SHOWN_ROWS = 1000  # rows of a table that the page prints
PACKED_FROM = 500_000  # bytes from which a table to download is packed


def page(content: Content) -> str:
    """Render the page.

    Parameters
    ----------
    content : Content

    Returns
    -------
    str
        The page may run its own script and nothing else (a content security policy says so
        to the browser), and it fetches nothing.
    """
    style, script = _asset("report.css"), _asset("report.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            content=content,
            study=content.study,
            version=quidqual.__version__,
            # The two files are part of the program and hold no data.
            style=Markup(style),
            script=Markup(script),
            running=Markup(_css_string(content.banner)),
            script_hash=digest,
            shown_rows=SHOWN_ROWS,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(svg=_svg, download=_download, cells=_cells, anchor=anchor)
    return environment


@cache
def _asset(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


def anchor(name: str) -> str:
    """Make an id of any name, different for different names.

    Examples
    --------
    >>> anchor("S1-R1"), anchor("a b")
    ('S1-R1', 'a_20_b')
    """
    return re.sub("[^A-Za-z0-9.-]", lambda sign: f"_{ord(sign[0]):x}_", name)


def _css_string(text: str) -> str:
    r"""Write a string for a style sheet.

    Examples
    --------
    >>> _css_string('a"</style>')
    '"a\\22 \\3c \\2f style\\3e "'
    """
    safe = "".join(c if c.isalnum() or c in " .,:;’-" else f"\\{ord(c):x} " for c in text)
    return f'"{safe}"'


def _svg(picture: Picture, provenance: dict[str, str]) -> Markup:
    # matplotlib escapes the text of a figure; the drawing holds no script.
    return Markup(picture.svg(provenance))


def _download(frame: pd.DataFrame, name: str) -> Markup:
    """Give the link under which the page itself holds a table, packed where it is long."""
    data = csv_text(frame).encode()
    kind, ending = "text/csv;charset=utf-8", "csv"
    if len(data) > PACKED_FROM:
        data, kind, ending = gzip.compress(data, mtime=0), "application/gzip", "csv.gz"
    link = '<a class="download" download="{}.{}" href="data:{};base64,{}">Download as CSV{}</a>'
    told = " (packed)" if ending == "csv.gz" else ""
    return Markup(link).format(name, ending, kind, base64.b64encode(data).decode(), told)


def _cells(frame: pd.DataFrame) -> list[list[str]]:
    """Give the first rows of a table as text."""
    rows = frame.head(SHOWN_ROWS).itertuples(index=False, name=None)
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:.4g}" if isinstance(value, float) else str(value)
