"""The bundle of a figure: the picture in each format, the table behind it, caption and alt text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import quidqual
from quidqual.plots.canvas import Drawn, drawn, mark_of
from quidqual.publishing.formats import Story, render
from quidqual.publishing.journals import preset
from quidqual.publishing.overwriting import table_line, write_bundle
from quidqual.publishing.sizes import final_size
from quidqual.study.arguments import must_be_table, names_of
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.gate import safe_path
from quidqual.study.release_gate import kind_of_notes
from quidqual.study.write_table import csv_text

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def export_figure(
    figure: Figure | Axes,
    name: str,
    *,
    folder: str | Path,
    data: pd.DataFrame | None = None,
    formats: str | Sequence[str] = ("svg", "pdf", "png"),
    journal: str | None = None,
    width: str | float | None = None,
    caption: str | None = None,
    alt: str | None = None,
    provenance: Mapping[str, Any] | None = None,
    replace: bool = False,
) -> tuple[Path, ...]:
    """Write a figure as a bundle for publication; the same bytes on every run.

    Parameters
    ----------
    figure : Figure or Axes
        As a chart of ``qq.plot`` returns it; any other matplotlib figure too, with ``alt``.
    name : str
        Name of the files without ending: letters, digits, ``. _ -``.
    folder : path
        Where they go; made if missing.
    data : DataFrame, optional
        The table behind the figure; by default the one the chart was drawn from.
    formats : sequence of str
        Of svg, pdf, png, eps, tiff; those a journal asks for are added.
    journal : str, optional
        Name of a preset (:func:`quidqual.plots.journal_rules` lists their rules): the chart
        is drawn anew at its width and size of type.
    width : str or float, optional
        A name of the preset (``"column"``, ``"full"``) or mm.
    caption : str, optional
        The numbers of participants, interviews and passages are added to it.
    alt : str, optional
        Alternative text; by default the one the chart made from its data.
    provenance : mapping, optional
        Goes into the metadata of the files, with the version and the corpus: for example
        ``{"study": digest}``.
    replace : bool, default False
        Whether files of these names may be replaced that no export made. What an export made
        before is known by its mark and replaced in any case.

    Returns
    -------
    tuple of Path
        The files of the bundle: pictures, ``name.csv``, ``name.md``. Files whose bytes did not
        change are not touched.

    Raises
    ------
    QuidqualError
        If the name, a format, the journal or the width is not known; if a figure of another
        kind comes without ``alt``, or cannot be drawn anew at another width; if another file
        is in the way (then none of the bundle is written).

    Examples
    --------
    >>> import tempfile, pandas as pd, quidqual as qq
    >>> table = pd.DataFrame({"code": ["trust"], "round": ["R1"], "k": [2], "n": [4],
    ...     "corpus": "synthetic"})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = qq.export_figure(qq.plot.heat(table), "trust", folder=folder, formats=["svg"])
    ...     [file.name for file in files]
    ['trust.svg', 'trust.csv', 'trust.md']
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise QuidqualError.of(
            f"it must be made of letters, digits and . _ - alone, not {name!r:.40}.", field="name"
        )
    target = as_path(folder)
    safe_path(target, f"{name}-99.parquet", field="name")  # before the work, which takes its time
    kinds = names_of(formats, field="formats")
    if data is not None:
        must_be_table(data, of="the analysis behind the figure")
    if provenance is not None and not isinstance(provenance, Mapping):
        raise QuidqualError.of(
            f"provenance must be a mapping, not {provenance!r}.",
            remedy="Give one such as {'study': study.hash}.",
            field="provenance",
        )
    files, corpus = bundle(
        figure, name, data=data, kinds=kinds, journal=journal, width=width, caption=caption,
        alt=alt, provenance=provenance,
    )  # fmt: skip
    write_bundle(target, name, files, corpus=corpus, replace=replace)
    return tuple(target / file for file in files)


def bundle(
    figure: Figure | Axes,
    name: str,
    *,
    data: pd.DataFrame | None = None,
    kinds: Sequence[str] = ("svg", "pdf", "png"),
    journal: str | None = None,
    width: str | float | None = None,
    caption: str | None = None,
    alt: str | None = None,
    provenance: Mapping[str, Any] | None = None,
) -> tuple[dict[str, bytes | str], str]:
    """Make the files of a bundle, and tell the corpus of what they show; see `export_figure`."""
    rules = preset(journal) if journal else None
    final = final_size(figure, journal=journal, width=width)
    charts = drawn(final)
    told = alt or " ".join(chart.alt for chart in charts)
    if not told:
        raise QuidqualError.of(
            "The figure has no alternative text.",
            remedy="Say with alt= what it shows: it was not drawn by a chart of this library.",
            field="alt",
        )
    tables = [data] if data is not None else [chart.data for chart in charts]
    corpus = _corpus(charts, tables)
    story = Story(name, caption or _title(charts, name), told, _provenance(provenance, corpus))
    contents: dict[str, bytes | str] = {
        f"{name}.{kind}": render(final, kind, story=story, dpi=rules.dpi if rules else 300)
        for kind in dict.fromkeys([*kinds, *(rules.formats if rules else ())])
    }
    written = _tables(name, tables)
    contents.update(written)
    contents[f"{name}.md"] = _as_text(story, tables, corpus, written)
    return contents, corpus


def _tables(name: str, tables: Sequence[pd.DataFrame]) -> dict[str, str]:
    """Write the table, or the numbered tables, behind a figure."""
    alone = len(tables) == 1
    return {
        f"{name}.csv" if alone else f"{name}-{place}.csv": csv_text(table)
        for place, table in enumerate(tables, start=1)
    }


def _title(charts: Sequence[Drawn], name: str) -> str:
    return ", ".join(chart.chart.replace("_", " ").capitalize() for chart in charts) or name


def _corpus(charts: Sequence[Drawn], tables: Sequence[pd.DataFrame]) -> str:
    found = {chart.corpus for chart in charts}
    for table in tables:
        found.update(kind_of_notes(table).split(" and "))
    found.discard("")
    return " and ".join(sorted(found))


def _provenance(given: Mapping[str, Any] | None, corpus: str) -> dict[str, str]:
    fixed = {"quidqual": quidqual.__version__, "corpus": corpus or "not stated"}
    return {**{str(key): str(value) for key, value in (given or {}).items()}, **fixed}


def _as_text(
    story: Story, tables: Sequence[pd.DataFrame], corpus: str, written: Mapping[str, str]
) -> str:
    counts = _counts(tables)
    parts = [
        f"**{story.title.rstrip('.')}.**" + (f" {counts}" if counts else ""),
        f"{mark_of(corpus)}.",
        f"Alternative text: {story.alt}",
        *(table_line(file, content) for file, content in written.items()),
        story.line(),
    ]
    return "\n\n".join(parts) + "\n"


def _counts(tables: Sequence[pd.DataFrame]) -> str:
    """Say on how many participants, interviews and passages the figure rests, where data tell."""
    told: dict[str, int] = {}
    for table in tables:
        seen = table
        if "state" in table.columns:
            seen = table[table["state"].astype(str) != "not_observed"]
        elif "status" in table.columns:
            seen = table[table["status"].astype(str) == "held"]
        if "participant" in seen.columns:
            told["participants"] = int(seen["participant"].nunique())
        if "interview" in seen.columns:
            told["interviews"] = int(seen["interview"].nunique())
        if "n_codings" in seen.columns:
            told["coded passages"] = int(seen["n_codings"].sum())
    if not told:
        return ""
    return "n = " + ", ".join(f"{n} {what}" for what, n in told.items()) + "."
