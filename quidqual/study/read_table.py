"""Reading a CSV file as it stands: every cell stays the text that it is.

``NA`` stays ``NA`` and ``007`` stays ``007``; commas, semicolons and tabs are told apart by the
header; a file that cannot be read is one problem.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.text import canonical, decode
from quidqual.study.wording import counted

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright lines"}
_LONGEST_CELL = 131_072  # of Python's csv


@dataclass(frozen=True)
class TextTable:
    r"""A table of strings and what was found while it was read.

    Attributes
    ----------
    frame : DataFrame
        Every cell a str, "" where the file has none; a plain index.
    rows : list of int
        Line of each row in the file, as an editor counts it (the header is line 1).
    separator : str
        One of ``, ; \\t |``.
    problems : tuple of Problem
        Errors (the file cannot be used as it is) and warnings.
    """

    frame: pd.DataFrame
    rows: list[int]
    separator: str
    problems: tuple[Problem, ...]

    def must_be_sound(self) -> TextTable:
        """Give the table back, or raise its errors.

        Raises
        ------
        QuidqualError
        """
        errors = [problem for problem in self.problems if problem.level == "error"]
        if errors:
            raise QuidqualError(errors)
        return self


def read_text_table(
    source: bytes | str | Path, *, file: str = "", columns: Iterable[str] = (), strip: bool = True
) -> TextTable:
    r"""Read a CSV file, or its content, as text.

    Parameters
    ----------
    source : bytes, str or Path
        The content of a file (bytes, or a str with a line break), or its path. UTF-8, or
        UTF-16 with its mark, as Excel writes "Unicode text".
    file : str, optional
        Name for messages; default: that of the path.
    columns : iterable of str, optional
        Names that the header is expected to have; they decide between two separators.
    strip : bool, default True
        Whether blanks at both ends of a cell are dropped.

    Returns
    -------
    TextTable
        Whatever is wrong with the file is in ``problems``; `TextTable.must_be_sound` raises.

    Raises
    ------
    QuidqualError
        If there is no such file, or it may not be read.

    Examples
    --------
    >>> table = read_text_table("interview;answer\n007;NA\n", file="answers.csv")
    >>> table.frame.values.tolist(), table.rows, table.separator
    ([['007', 'NA']], [2], ';')
    >>> [problem.message for problem in table.problems]
    ['the cells are separated by semicolons, not commas.']
    """
    try:
        text, file = _text_of(source, file)
    except QuidqualError as error:
        return TextTable(pd.DataFrame(), [], ",", error.problems)
    problems: list[Problem] = []
    separator, text, skipped = _separator(text, set(columns))
    if separator != ",":
        message = f"the cells are separated by {SEPARATORS[separator]}, not commas."
        remedy = "They were read so; nothing need be done."
        problems.append(Problem(file, 1 + skipped, "", message, remedy, "warning"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    numbers: list[int] = []
    uneven: list[tuple[int, int]] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        begins = reader.line_num + 1
        for cells in reader:
            row, begins = begins + skipped, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            while len(cells) > len(header) and not cells[-1].strip():
                cells.pop()
            if len(cells) != len(header):
                uneven.append((row, len(cells)))
                cells = (cells + [""] * len(header))[: len(header)]
            rows.append([cell.strip() if strip else cell for cell in cells])
            numbers.append(row)
    except csv.Error:
        message = "this is not valid CSV: a quotation mark is open, or a cell too long"
        message = f"{message} (over {_LONGEST_CELL:,} letters)."
        remedy = "Look at the quotation marks of this row and the one before."
        problems.append(Problem(file, reader.line_num + skipped, "", message, remedy))
    problems += _uneven(uneven, len(header), file)
    frame = pd.DataFrame(rows, columns=pd.Index(header, dtype=object), dtype=object)
    filled = [bool(name) or bool(frame.iloc[:, n].any()) for n, name in enumerate(header)]
    frame = frame.loc[:, filled]
    names = frame.columns.tolist()
    for name in sorted(c for c, n in Counter(names).items() if n > 1 or not c):
        message = f"the column {name!r} stands twice or has no name."
        problems.append(Problem(file, 1 + skipped, name, message, "Give each column its own name."))
    return TextTable(frame.loc[:, ~frame.columns.duplicated()], numbers, separator, tuple(problems))


def _text_of(source: bytes | str | Path, file: str) -> tuple[str, str]:
    if isinstance(source, str) and ("\n" in source or "\r" in source):
        return canonical(source), file
    if isinstance(source, bytes):
        return _decoded(source, file), file
    path = Path(source)
    file = file or path.name
    try:
        return _decoded(path.read_bytes(), file), file
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        remedy = "Check the path."
        raise QuidqualError.of(
            f"the file was not read: {reason}.", remedy=remedy, file=file
        ) from None


def _decoded(data: bytes, file: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return canonical(data.decode("utf-16"))
        except UnicodeDecodeError:
            pass
    return decode(data, file=file or "table.csv")


def _separator(text: str, columns: set[str]) -> tuple[str, str, int]:
    """Tell the separator by the header; Excel may say it in a line before (``sep=;``)."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and first.strip()[4:] in SEPARATORS:
        return first.strip()[4:], rest, 1
    if first.strip().lower() == "sep=":
        return "\t", rest, 1

    def fits(separator: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([first], delimiter=separator, strict=True), [])
        except csv.Error:
            cells = []
        return len(columns.intersection(cell.strip() for cell in cells)), len(cells)

    return max(SEPARATORS, key=fits), text, 0


def _uneven(rows: list[tuple[int, int]], width: int, file: str) -> list[Problem]:
    """One problem for a row that is too long or short; one for all where there are many."""
    remedy = "Put cells with commas in quotation marks, or add the missing ones."
    if len(rows) > 3:
        message = (
            f"{counted(len(rows), 'row')} from here on have not the {width} cells of the header."
        )
        return [Problem(file, rows[0][0], "", message, remedy)]
    return [
        Problem(file, row, "", f"the row has {n} cells, the header {width}.", remedy)
        for row, n in rows
    ]
