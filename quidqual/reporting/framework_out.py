"""The framework matrix as a spreadsheet or a page, for reading away from Python."""

from __future__ import annotations

import html
import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd

from quidqual.analysis.framework import cell_text
from quidqual.study.arguments import must_be_text, must_have
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.release_gate import write_result
from quidqual.study.wording import corpus_and_reading
from quidqual.study.write_table import repacked, sheet_text, table_as_csv, tell_of_cut_cells

__all__ = ["write_framework"]

_NEEDED = ("participant", "round", "theme", "state", "reason", "summary", "stale", "quotes",
           "places", "corpus")  # fmt: skip
_STYLE = """
body { font-family: "DejaVu Sans", sans-serif; margin: 2rem; color: #1a1a1a; }
table { border-collapse: collapse; } caption { text-align: left; padding-bottom: .5rem; }
th, td { border: 1px solid #999; padding: .4rem .6rem; vertical-align: top; text-align: left; }
td { max-width: 22rem; } .not_observed { background: repeating-linear-gradient(135deg,
#fff 0 6px, #e4e4e4 6px 8px); color: #555; font-style: italic; }
.absent { color: #555; } .stale { border-left: .4rem solid #b35900; }
blockquote { margin: .2rem 0 .2rem .6rem; } .place { color: #555; font-size: .8em; }
"""


def write_framework(
    matrix: pd.DataFrame, path: Path | str, *, title: str = "", replace: bool = False
) -> Path:
    """Write a framework matrix as .xlsx or .html.

    Parameters
    ----------
    matrix : DataFrame
        As :func:`quidqual.framework_matrix` gives it (long).
    path : Path or str
        Ends in ``.xlsx`` or ``.html``.
    title : str
        Shown above the table.
    replace : bool, default False
        Whether a file of this name with other content may be replaced.

    Returns
    -------
    Path
        The file. Equal tables give equal bytes.

    Raises
    ------
    QuidqualError
        For another ending, a table that is no framework matrix, an ``.xlsx`` without
        openpyxl, or a file that would be replaced.

    Notes
    -----
    Each cell holds the summary and beneath it the passages with their places in the
    notes. *Not observed* is shaded and says why, *absent* is said in words, stale
    summaries are marked. The file holds words of the notes: it is as confidential as they
    are.

    Examples
    --------
    >>> import tempfile
    >>> import quidqual as qq
    >>> matrix = qq.framework_matrix(qq.load_example("small"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = qq.reporting.write_framework(matrix, folder + "/matrix.html")
    ...     "not observed (missed)" in path.read_text(encoding="utf-8")
    True
    """
    path = as_path(path)
    must_have(matrix, _NEEDED, of="qq.framework_matrix(study) (not wide)", field="matrix")
    must_be_text(title, field="title")
    matrix = matrix.assign(theme=matrix["theme"].astype("category"))
    corpus = str(matrix["corpus"].iloc[0]) if len(matrix) else ""
    heading = title or "Framework matrix"
    corpus, reading = corpus_and_reading(corpus)
    if reading:
        heading += f" [reading: {reading}]"
    if corpus == "synthetic":
        heading += " (synthetic notes: nobody's words)"
    if path.suffix == ".html":
        written: str | Callable[[], bytes] = _page(matrix, heading)
    elif path.suffix == ".xlsx":
        written = partial(_workbook, matrix, heading)
    else:
        raise QuidqualError.of(
            f"the name of the file must end in .xlsx or .html, not {path.suffix!r}.",
            field="path",
        )
    write_result(
        path,
        written,
        replace=replace,
        of=matrix,
        checked_as=lambda: {f"{path.stem}.csv": table_as_csv(matrix)},
    )
    return path


def _layout(matrix: pd.DataFrame) -> tuple[list[str], list[tuple[str, str]], dict[tuple, object]]:
    """Name the columns and rows, and find each cell by them."""
    themes = [str(theme) for theme in matrix["theme"].cat.categories]
    keys = matrix[["participant", "round"]].astype("str").drop_duplicates()
    rows = list(keys.itertuples(index=False, name=None))
    cells = {(str(r.participant), str(r.round), str(r.theme)): r for r in matrix.itertuples()}
    return themes, rows, cells


def _page(matrix: pd.DataFrame, heading: str) -> str:
    """Write a page that needs nothing but itself."""
    themes, rows, cells = _layout(matrix)
    head = "".join(f'<th scope="col">{html.escape(t)}</th>' for t in themes)
    body = []
    for person, time in rows:
        inner = "".join(_cell(cells[person, time, theme]) for theme in themes)
        name = f'<th scope="row">{html.escape(person)}<br>{html.escape(time)}</th>'
        body.append(f"<tr>{name}{inner}</tr>")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(heading)}</title><style>{_STYLE}</style></head><body>\n"
        f"<table><caption>{html.escape(heading)}</caption>\n"
        f"<thead><tr><td></td>{head}</tr></thead>\n<tbody>\n"
        + "\n".join(body)
        + "\n</tbody></table>\n</body></html>\n"
    )


def _cell(row: object) -> str:
    """Write one cell: the summary, and the passages with their places."""
    get = row.__getattribute__
    kind = str(get("state")) + (" stale" if get("stale") else "")
    text = cell_text(row) if get("summary") or get("state") != "present" else ""
    quotes = [
        f'<blockquote>{html.escape(q)} <span class="place">{html.escape(p)}</span></blockquote>'
        for q, p in zip(get("quotes").split("\n"), get("places").split("\n"), strict=True)
        if q
    ]
    return f'<td class="{kind}">{html.escape(text)}{"".join(quotes)}</td>'


def _workbook(matrix: pd.DataFrame, heading: str) -> bytes:
    """Write a spreadsheet, the same bytes for the same table."""
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Alignment, Font, PatternFill
    except ImportError:
        raise QuidqualError.of(
            "Writing .xlsx needs openpyxl.",
            remedy="pip install 'quidqual[interchange]', or write .html.",
        ) from None
    themes, rows, cells = _layout(matrix)
    book = Workbook()
    sheet = book.active
    sheet.title = "framework"
    shade = {"not_observed": PatternFill("lightUp", fgColor="BFBFBF")}
    amber = PatternFill("solid", fgColor="FFE0B3")
    wrap, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)

    n_cut = 0

    def put(row: int, column: int, text: str) -> object:
        nonlocal n_cut
        cell = sheet.cell(row, column)
        cell.value, cut = sheet_text(text)
        n_cut += cut
        cell.data_type = "s"  # a note that begins with "=" is no formula
        cell.alignment = wrap
        return cell

    put(1, 1, heading).font = bold  # type: ignore[attr-defined]
    for column, name in enumerate(["participant", "round", *themes], start=1):
        put(2, column, name).font = bold  # type: ignore[attr-defined]
        sheet.column_dimensions[sheet.cell(2, column).column_letter].width = (
            12 if column < 3 else 40
        )
    for number, (person, time) in enumerate(rows, start=3):
        put(number, 1, person)
        put(number, 2, time)
        for column, theme in enumerate(themes, start=3):
            row = cells[person, time, theme]
            get = row.__getattribute__
            text = cell_text(row)
            if get("summary") and get("quotes"):
                text += "\n\n" + get("quotes")
            cell = put(number, column, text)
            if get("stale") or get("state") in shade:
                cell.fill = amber if get("stale") else shade[get("state")]  # type: ignore[attr-defined]
    sheet.freeze_panes = "C3"
    stream = io.BytesIO()
    book.save(stream)
    tell_of_cut_cells(n_cut, "the framework matrix")
    return repacked(stream.getvalue())
