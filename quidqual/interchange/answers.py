"""Open answers of a survey (.csv, .xlsx): one text a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quidqual.interchange.markup import MOST_NODES, check_prolog, check_size
from quidqual.interchange.people import ROUND_NAMES
from quidqual.interchange.project import Account, ForeignCase, ForeignText
from quidqual.interchange.untrusted import (
    Archive,
    Limits,
    decode_text,
    foreign_parser,
    need,
    read_capped,
    refuse,
)
from quidqual.study.arguments import one_of
from quidqual.study.read_table import read_text_table
from quidqual.study.wording import counted

ANSWERS = (".csv", ".tsv", ".xlsx")
_PEOPLE = ("participant", "respondent", "id", "case")
_WORDS = ("text", "answer", "answers", "response", "note")
_LIMITS = Limits(file_bytes=64 << 20)
_MOST_ROWS, _MOST_COLUMNS, _MOST_CELLS = 200_000, 2_000, 10_000_000
_MOST_STYLES = 100_000
"""Elements of parts without words, such as styles: openpyxl makes objects of all of them."""


def answer_texts(
    file: Path,
    account: Account,
    *,
    columns: Mapping[str, Any] | None,
    encoding: str | None,
) -> tuple[list[ForeignText], list[ForeignCase]]:
    """Read a table of open answers.

    Parameters
    ----------
    file : Path
    account : Account
    columns : mapping, optional
        ``participant``, ``round`` and ``text`` (a column or a list of them). Default:
        columns that are called so.
    encoding : str, optional

    Returns
    -------
    texts, cases
        One text a row that has an answer; a case a participant, with the columns that do
        not change from row to row as attributes.

    Raises
    ------
    QuidqualError
        If it cannot be read, or no column holds the answers.
    """
    if file.suffix.casefold() == ".xlsx":
        rows = sheet_rows(file)
        numbers = list(range(1, len(rows) + 1))
    else:
        rows, numbers = _csv(file, encoding, account)
    header, rows = _header(rows, file.name)
    people, times, words = _columns(header, columns, file.name)
    texts: list[ForeignText] = []
    of_person: dict[str, list[ForeignText]] = {}
    empty = 0
    for number, row in zip(numbers[1:], rows, strict=True):
        cells = dict(zip(header, row, strict=False))
        text = _text(cells, words)
        if not text:
            empty += 1
            continue
        person = cells.get(people, "").strip() if people else ""
        person = person or f"{file.stem}-{number}"
        when = cells.get(times, "").strip() if times else ""
        variables = {
            name: cells.get(name, "").strip()
            for name in header
            if name not in (people, times, *words) and cells.get(name, "").strip()
        }
        if when:
            variables["round"] = when
        name = f"{person}-{when}" if when else person
        made = ForeignText(f"{file.name}:{number}", name, text, variables)
        texts.append(made)
        of_person.setdefault(person, []).append(made)
    if empty:
        account.left_out(counted(empty, "row"), file.name, "they hold no answer")
    return texts, [_case(person, own) for person, own in of_person.items()]


def _case(person: str, texts: Sequence[ForeignText]) -> ForeignCase:
    """Make a case whose attributes are what all rows of a person agree on."""
    shared = {
        name: value
        for name, value in texts[0].variables.items()
        if name not in ROUND_NAMES and all(t.variables.get(name) == value for t in texts)
    }
    for text in texts:
        for name in shared:
            text.variables.pop(name)
    return ForeignCase(f"case:{person}", person, shared, [text.key for text in texts])


def _text(cells: Mapping[str, str], words: Sequence[str]) -> str:
    answers = []
    for name in words:
        answer = cells.get(name, "").strip()
        if not answer:
            continue
        answers.append(f"{name}\n{answer}" if len(words) > 1 else answer)
    return "\n\n".join(answers)


def _header(rows: list[list[str]], file: str) -> tuple[list[str], list[list[str]]]:
    if not rows:
        raise refuse(file, "the table is empty.", "Check the file.")
    if len(rows[0]) > _MOST_COLUMNS:
        raise refuse(file, "the table is too large.", "Split it.")
    header: dict[str, None] = {}
    times: Counter[str] = Counter()
    for number, cell in enumerate(rows[0], 1):
        name = own = cell.strip() or f"column {number}"
        while name in header:
            times[own] += 1
            name = f"{own} ({times[own] + 1})"
        header[name] = None
    return list(header), rows[1:]


def _columns(
    header: Sequence[str], columns: Mapping[str, Any] | None, file: str
) -> tuple[str, str, list[str]]:
    """Tell which columns hold the person, the round and the answers."""
    known = {name.casefold(): name for name in header}
    asked = dict(columns or {})

    def one(key: str, usual: Sequence[str]) -> str:
        if key in asked:
            return _there(str(asked[key]))
        return next((known[name] for name in usual if name in known), "")

    def _there(name: str) -> str:
        return str(one_of(name, header, field="answers", file=file))

    given = asked.get("text", [])
    words = [_there(str(name)) for name in ([given] if isinstance(given, str) else given)]
    words = words or [known[name] for name in _WORDS if name in known][:1]
    if not words:
        remedy = "Say which, such as: answers={'participant': 'id', 'text': ['Q1', 'Q2']}."
        raise refuse(file, "no column is called text or answer.", remedy, field="answers")
    return one("participant", _PEOPLE), one("round", ROUND_NAMES), words


def _csv(file: Path, encoding: str | None, account: Account) -> tuple[list[list[str]], list[int]]:
    data = read_capped(file, limits=_LIMITS)
    text = decode_text(data, file=file.name, encoding=encoding)
    usual = (*_PEOPLE, *ROUND_NAMES, *_WORDS)
    table = read_text_table(f"{text}\n", file=file.name, columns=usual).must_be_sound()
    for problem in table.problems:
        account.taken(file.name, "table", problem.message)
    if len(table.frame) > _MOST_ROWS or len(table.frame.columns) > _MOST_COLUMNS:
        raise refuse(file.name, "the table is too large.", "Split it.")
    return [list(table.frame.columns), *table.frame.to_numpy().tolist()], [1, *table.rows]


def sheet_rows(file: Path) -> list[list[str]]:
    """Read the first sheet; its XML is checked for entities and size before."""
    with Archive(file) as archive:
        for name in archive.names:
            if name.casefold().endswith((".xml", ".rels")):
                data = archive.read(name)
                words = "/worksheets/" in name or name.endswith("sharedStrings.xml")
                check_size(data, file.name, name, most=MOST_NODES if words else _MOST_STYLES)
                check_prolog(data, file.name, name)
    need("openpyxl")
    import openpyxl

    rows: list[list[str]] = []
    with foreign_parser(file.name, "a spreadsheet"):
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        try:
            n_cells = 0
            for cells in book.worksheets[0].iter_rows(values_only=True):
                n_cells += len(cells) + 1
                if n_cells > _MOST_CELLS:  # also those that are empty, which cost time
                    raise refuse(file.name, "the table is too large.", "Split it.")
                row = ["" if cell is None else str(cell) for cell in cells[:_MOST_COLUMNS]]
                if any(cell.strip() for cell in row):
                    rows.append(row)
                if len(rows) > _MOST_ROWS:
                    raise refuse(file.name, "the table is too large.", "Split it.")
        finally:
            book.close()
    return rows
