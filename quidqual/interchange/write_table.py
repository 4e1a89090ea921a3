"""Tables into .csv, .xlsx and .parquet, with cells that no spreadsheet runs as a formula."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd

from quidqual.interchange.fixed_zip import repacked
from quidqual.interchange.markup import xml_safe
from quidqual.interchange.names import one_line
from quidqual.interchange.untrusted import need, refuse
from quidqual.study.arguments import must_be_table
from quidqual.study.files import as_path, write_result

TABLES = (".csv", ".xlsx", ".parquet")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST = 32_767


def safe_cell(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would take for a formula.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("- no"), safe_cell("yes"), safe_cell(-1)
    ("'=1+1", "'- no", 'yes', -1)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def write_table(frame: pd.DataFrame, path: str | Path, *, replace: bool = False) -> Path:
    """Write a table; the ending of the name decides how.

    Parameters
    ----------
    frame : DataFrame
    path : str or Path
        Ending in .csv (UTF-8), .xlsx or .parquet.
    replace : bool, default False
        Whether a file of this name with other content may be replaced.

    Returns
    -------
    Path
        The file; the same table gives the same bytes.

    Raises
    ------
    QuidqualError
        For any other ending, or a file that would be replaced.

    Notes
    -----
    In a .csv a text that begins with ``=``, ``+``, ``-`` or ``@`` gets an apostrophe; in
    an .xlsx it is stored as text as it is; a .parquet has no formulas and keeps all types.
    """
    must_be_table(frame, of="a function such as qq.interchange.quote_table(study)")
    target = as_path(path)
    kind = target.suffix.casefold()
    if kind == ".csv":
        data = _csv(frame).encode("utf-8", "replace")
    elif kind == ".xlsx":
        data = _xlsx(frame)
    elif kind == ".parquet":
        need("pyarrow")
        stream = io.BytesIO()
        frame.to_parquet(stream, index=False)
        data = stream.getvalue()
    else:
        remedy = f"Use one of: {', '.join(TABLES)}."
        raise refuse(target.name, f"a table cannot be written as {kind or 'this'}.", remedy)
    write_result(target, data, replace=replace)
    return target


def _csv(frame: pd.DataFrame) -> str:
    stream = io.StringIO()
    # With "\n" alone a carriage return inside a cell would stay without quotation marks.
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([safe_cell(str(name)) for name in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow(["" if pd.isna(cell) else safe_cell(cell) for cell in row])
    return stream.getvalue()


def _xlsx(frame: pd.DataFrame) -> bytes:
    need("openpyxl")
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(one_line(str(frame.attrs.get("title", "table")))[:31] or "table")
    sheet.freeze_panes = "A2"

    def cell(value: Any) -> Any:
        if pd.isna(value):
            return None
        if not isinstance(value, str):
            return value.item() if hasattr(value, "item") else value
        made = WriteOnlyCell(sheet, value=xml_safe(value)[:_LONGEST])
        made.data_type = "s"  # never "f": what begins with "=" stays words
        return made

    sheet.append([cell(str(name)) for name in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        sheet.append([cell(value) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return repacked(stream.getvalue())
