"""The queue of what a person has to decide: accept, replace or ignore, each place by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from quidqual.study.errors import Problem, QuidqualError, listed
from quidqual.study.files import write_atomic
from quidqual.study.read_table import read_text_table
from quidqual.study.text import canonical
from quidqual.study.write_table import bare_cell, table_as_csv

COLUMNS = (
    "where", "start", "end", "words", "kind", "layer", "context",
    "decision", "replacement", "reason",
)  # fmt: skip
DECISIONS = ("accept", "replace", "ignore")
_AROUND = 40


class Decision(NamedTuple):
    """What was decided of one place."""

    decision: str
    replacement: str
    reason: str


def queue_of(finds: Iterable[tuple[str, str, Any]]) -> pd.DataFrame:
    """Make the queue of finds, (where, text, mark), with empty decisions."""
    rows = [
        (
            where, mark.start, mark.end, text[mark.start : mark.end], mark.kind, mark.layer,
            _context(text, mark.start, mark.end), "", "", "",
        )
        for where, text, mark in finds
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"start": "int64", "end": "int64"})


def _context(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    return " ".join(f"{before}>{text[start:end]}<{after}".split())


def decisions_of(
    table: pd.DataFrame, *, file: str = "review"
) -> dict[tuple[str, int, int, str], Decision]:
    """Read what was decided; places without a decision are left out.

    Raises
    ------
    QuidqualError
        With every row whose decision is unknown, or lacks the replacement or the reason.
    """
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise QuidqualError.of(
            f"the review table lacks {listed(missing)}.",
            remedy="Keep the columns that were written; fill in decision, replacement, reason.",
            file=file,
        )
    found: dict[tuple[str, int, int, str], Decision] = {}
    problems = []
    for number, row in enumerate(table.fillna("").to_dict("records"), 2):
        decision = str(row["decision"]).strip().lower()
        replacement, reason = str(row["replacement"]).strip(), str(row["reason"]).strip()
        if not decision:
            continue
        if decision not in DECISIONS:
            problems.append(
                _wrong(
                    file,
                    number,
                    "decision",
                    "unknown decision.",
                    f"Use one of: {listed(DECISIONS)}.",
                )
            )
        elif decision == "replace" and not replacement:
            problems.append(
                _wrong(
                    file,
                    number,
                    "replacement",
                    "there is nothing to replace with.",
                    "Write it, or accept.",
                )
            )
        elif decision == "ignore" and not reason:
            problems.append(
                _wrong(
                    file,
                    number,
                    "reason",
                    "there is no reason to ignore this.",
                    "Say why it identifies nobody.",
                )
            )
        key = key_of(row["where"], row["start"], row["end"], row["words"])
        found[key] = Decision(decision, replacement, reason)
    if problems:
        raise QuidqualError(problems)
    return found


def _wrong(file: str, row: int, field: str, message: str, remedy: str) -> Problem:
    return Problem(file, row, field, message, remedy)


def read_queue(path: Path) -> pd.DataFrame:
    """Read a review table that a person filled in, in whatever program.

    Raises
    ------
    QuidqualError
        If it is no CSV.
    """
    try:
        table = read_text_table(path, columns=COLUMNS, strip=False).must_be_sound().frame
        return table.map(bare_cell).astype({"start": "int64", "end": "int64"})
    except (ValueError, KeyError):
        raise QuidqualError.of(
            "the review table cannot be read.",
            remedy="Save it as CSV (UTF-8) with its columns as they were.",
            file=path.name,
        ) from None


def write_queue(path: Path, table: pd.DataFrame) -> None:
    """Write the queue for its owner alone: it holds words of the raw notes.

    It is opened in a spreadsheet, so that no cell may be a formula; `read_queue` reverses that.
    """
    write_atomic(path, table_as_csv(table, line_end="\n"), mode=0o600)


def open_rows(
    queue: pd.DataFrame, decided: dict[tuple[str, int, int, str], Decision]
) -> pd.DataFrame:
    """Rows of the queue that nobody decided yet, with those decided filled in before them."""
    filled = queue.copy()
    for place, key in enumerate(keys(filled)):
        if key in decided:
            filled.loc[place, ["decision", "replacement", "reason"]] = list(decided[key])
    return filled


def keys(queue: pd.DataFrame) -> Sequence[tuple[str, int, int, str]]:
    """Keys of the rows of a queue."""
    places = zip(*(queue[name] for name in ("where", "start", "end", "words")), strict=True)
    return [key_of(*place) for place in places]


def key_of(where: object, start: int, end: int, words: object) -> tuple[str, int, int, str]:
    """Key of one place; programs that save a table may compose its letters or not."""
    return str(where), int(start), int(end), canonical(str(words))
