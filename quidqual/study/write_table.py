"""The one writer of tables that leave the house: .csv, .xlsx and .parquet.

No spreadsheet runs a cell as a formula, nothing missing is written as a word, the bytes hang on
the table alone, and a cell that a format cannot hold whole says that it was cut.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.study.arguments import must_be_table
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.release_gate import write_result
from quidqual.study.wording import counted

if TYPE_CHECKING:
    from quidqual.study.model import Study


_EPOCH = (1980, 1, 1, 0, 0, 0)
_CLOCK = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def packed(files: Mapping[str, bytes]) -> bytes:
    """Zip files in the order given, with fixed dates and rights.

    Examples
    --------
    >>> packed({"a.txt": b"a"}) == packed({"a.txt": b"a"})
    True
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, date_time=_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return stream.getvalue()


def repacked(data: bytes) -> bytes:
    """Take the clock out of an office file that a library has just written."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    core = "docProps/core.xml"
    if core in files:
        files[core] = _CLOCK.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", files[core])
    return packed(files)


TABLES = (".csv", ".xlsx", ".parquet")
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_LONGEST = 32_767
"""What a cell of an .xlsx holds, in characters: a limit of the format."""
_NOT_IN_A_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def safe_cell(value: Any) -> Any:
    """Put an apostrophe before a text that a spreadsheet would take for a formula.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("- no"), safe_cell("yes"), safe_cell(-1)
    ("'=1+1", "'- no", 'yes', -1)
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def bare_cell(cell: str) -> str:
    """Take away the apostrophe that `safe_cell` put before a text; for tables that are read back.

    Examples
    --------
    >>> [bare_cell(safe_cell(text)) for text in ("=1", "'=1", "'yes'", "")]
    ['=1', "'=1", "'yes'", '']
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def xml_safe(text: str) -> str:
    r"""Replace the characters that XML 1.0 cannot hold (most controls) by U+FFFD.

    Examples
    --------
    >>> xml_safe("bell\x07")
    'bell\ufffd'
    """
    return text if text.isprintable() else "".join(c if _allowed(c) else "\ufffd" for c in text)


def _allowed(char: str) -> bool:
    code = ord(char)
    return code in (0x9, 0xA, 0xD) or (
        0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
    )


def sheet_text(text: str) -> tuple[str, bool]:
    """Fit a text into a cell of an .xlsx, and tell whether it had to be cut.

    Examples
    --------
    >>> sheet_text("short")
    ('short', False)
    >>> text, cut = sheet_text("x" * 40_000)
    >>> len(text), text[-25:], cut
    (32767, ' [cut: 40,000 characters]', True)
    """
    clean = xml_safe(text)
    if len(clean) <= _LONGEST:
        return clean, False
    mark = f" [cut: {len(clean):,} characters]"
    return clean[: _LONGEST - len(mark)] + mark, True


def tell_of_cut_cells(n: int, file: str) -> None:
    """Warn that cells were cut, and name the formats that hold them whole."""
    if n:
        warnings.warn(
            f"{file}: {counted(n, 'cell')} longer than the {_LONGEST:,} characters of an .xlsx "
            "cell, cut and marked [cut]. Write .csv or .parquet to keep them whole.",
            stacklevel=3,
        )


def write_table(
    frame: pd.DataFrame, path: str | Path, *, replace: bool = False, study: Study | None = None
) -> Path:
    """Write a table; the ending of the name decides how.

    Parameters
    ----------
    frame : DataFrame
    path : str or Path
        Ending in .csv (UTF-8), .xlsx or .parquet.
    replace : bool, default False
        Whether a file of this name with other content may be replaced.
    study : Study, optional
        The study it was made from. A table of real notes is checked before it is written outside
        of a private folder; with the study the check knows who agreed to be quoted.

    Returns
    -------
    Path
        The file; the same table gives the same bytes.

    Raises
    ------
    QuidqualError
        For any other ending, a file that would be replaced, or a table of real notes that the
        release check blocks.

    Warns
    -----
    UserWarning
        If cells are longer than an .xlsx can hold; they end in ``[cut: ... characters]``.

    Notes
    -----
    In a .csv a text that begins with ``=``, ``+``, ``-`` or ``@`` gets an apostrophe; in
    an .xlsx it is stored as text as it is; a .parquet has no formulas and keeps all types.
    """
    must_be_table(frame, of="a function such as qq.search(study, ...)")
    target = as_path(path)
    kind = target.suffix.casefold()
    data: bytes | Callable[[], bytes]
    if kind == ".csv":
        data = table_as_csv(frame).encode("utf-8", "replace")
    elif kind == ".xlsx":
        _need("openpyxl", "interchange")
        data = partial(_xlsx, frame, target.name)
    elif kind == ".parquet":
        _need("pyarrow", "interchange")
        stream = io.BytesIO()
        frame.to_parquet(stream, index=False)
        data = stream.getvalue()
    else:
        raise QuidqualError.of(
            f"a table cannot be written as {kind or 'a file without an ending'}.",
            remedy=f"Use one of: {', '.join(TABLES)}.",
            file=target.name,
        )
    write_result(
        target,
        data,
        replace=replace,
        of=frame if study is None else study,
        checked_as=lambda: {f"{target.stem}.csv": table_as_csv(frame)},
    )
    return target


def table_as_csv(frame: pd.DataFrame, *, line_end: str = "\r\n") -> str:
    r"""Write a table as the text of a .csv file.

    Examples
    --------
    >>> table_as_csv(pd.DataFrame({"id": ["=1"], "k": [None]}), line_end="\n")
    "id,k\n'=1,\n"
    """
    stream = io.StringIO()
    # With "\n" alone a carriage return inside a cell would stay without quotation marks.
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([safe_cell(str(name)) for name in frame.columns])
    writer.writerows(zip(*(_cells(column) for _, column in frame.items()), strict=True))
    text = stream.getvalue()
    return text if line_end == "\r\n" else text.replace("\r\n", line_end)


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Give the cells of a column as they are written; what comes back often is looked at once."""
    if isinstance(column.dtype, pd.CategoricalDtype | pd.StringDtype):
        numbers, values = pd.factorize(column)
        cells = [*(safe_cell(value) for value in values), ""]  # the last, of -1, is what is missing
        return [cells[number] for number in numbers.tolist()]
    return ["" if _missing(cell) else safe_cell(cell) for cell in column]


def csv_text(frame: pd.DataFrame) -> str:
    r"""Write a table as CSV that no spreadsheet runs as a formula; lists are joined by a space.

    Examples
    --------
    >>> csv_text(pd.DataFrame({"claim": ["=1"], "who": [("S1", "S3")], "share": [1 / 3]}))
    "claim,who,share\n'=1,S1 S3,0.3333333333\n"
    """
    flat = pd.DataFrame(index=frame.index)
    for name in frame.columns:
        cells = frame[name]
        if pd.api.types.is_datetime64_any_dtype(cells):
            flat[name] = pd.Series(cells.dt.strftime("%Y-%m-%d"), dtype=object)
        elif cells.dtype == object or pd.api.types.is_float_dtype(cells):
            flat[name] = pd.Series([_flat(cell) for cell in cells], frame.index, dtype=object)
        else:
            flat[name] = cells
    return table_as_csv(flat, line_end="\n")


def _flat(cell: Any) -> Any:
    if isinstance(cell, tuple | list):
        return " ".join(str(part) for part in cell)
    if isinstance(cell, float):
        return None if cell != cell else format(cell, ".10g")
    return cell


def _missing(cell: Any) -> bool:
    return cell is None or (pd.api.types.is_scalar(cell) and bool(pd.isna(cell)))


def _need(module: str, extra: str) -> None:
    if find_spec(module) is None:
        raise QuidqualError.of(
            f"this needs the library {module!r}, which is not installed.",
            remedy=f'Run: pip install "quidqual[{extra}]"',
        )


def _xlsx(frame: pd.DataFrame, file: str) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    title = xml_safe(str(frame.attrs.get("title", ""))).translate(_NOT_IN_A_SHEET_NAME)
    sheet = book.create_sheet(" ".join(title.split())[:31] or "table")
    sheet.freeze_panes = "A2"
    n_cut = 0

    def cell(value: Any) -> Any:
        nonlocal n_cut
        if _missing(value):
            return None
        if not isinstance(value, str):
            return value.item() if hasattr(value, "item") else value
        text, cut = sheet_text(value)
        n_cut += cut
        made = WriteOnlyCell(sheet, value=text)
        made.data_type = "s"  # never "f": what begins with "=" stays words
        return made

    sheet.append([cell(str(name)) for name in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        sheet.append([cell(value) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    tell_of_cut_cells(n_cut, file)
    return repacked(stream.getvalue())
