"""The report as one HTML page: everything inside it, nothing fetched, every value escaped."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import quidqual
from quidqual.findings.report.content import Content
from quidqual.findings.report.figures import Picture

_FOLDER = Path(__file__).resolve().parent / "templates"


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
    environment.filters.update(svg=_svg, csv_uri=_csv_uri, cells=_cells, anchor=anchor)
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
    return "".join(
        c if c.isascii() and (c.isalnum() or c in "-.") else f"_{ord(c):x}_" for c in name
    )


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


def _csv_uri(frame: pd.DataFrame) -> str:
    text = frame.to_csv(index=False, lineterminator="\n", float_format="%.10g")
    return "data:text/csv;charset=utf-8;base64," + base64.b64encode(text.encode()).decode()


def _cells(frame: pd.DataFrame) -> list[list[str]]:
    """Give the rows of a table as text."""
    return [[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:.4g}" if isinstance(value, float) else str(value)
