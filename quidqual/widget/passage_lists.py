"""Lists of passages beside the note: those of a code, to read again, found by words, mended.

One row a passage: ``id, interview, coder, code, start, end, words`` and ``change`` where a
mended note moved it. A blind session lists the coder's own passages only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from quidqual.hand_coding.code_hits import as_asked

if TYPE_CHECKING:
    import pandas as pd

    from quidqual.hand_coding.session import CodingSession

Row = dict[str, Any]
MOST_HITS = 500
_SENT = ("id", "interview", "coder", "code", "start", "end")


def passages_of_code(session: CodingSession, code: str) -> list[Row]:
    """Give the passages of a code, in the order of the notes; of all coders unless blind."""
    order = {name: n for n, name in enumerate(session.study.notes["interview"])}
    found = [
        coding
        for state in session.states().values()
        for coding in state.standing.values() if coding["code"] == code
    ]  # fmt: skip
    found.sort(key=lambda c: (order.get(c["interview"], -1), c["start"], c["end"], c["coder"]))
    return _rows(session, found)


def passages_to_reread(session: CodingSession) -> list[Row]:
    """Give the coder's own passages that were coded before their code was redefined."""
    return _rows(session, _records(session.to_reread()))


def mended_passages(session: CodingSession, interview: str, table: pd.DataFrame) -> list[Row]:
    """Give the passages that went along when a note was mended, and how."""
    rows = [{**row, "interview": interview} for row in _records(table)]
    shown = _rows(session, rows)
    return [{**one, "change": row["change"]} for one, row in zip(shown, rows, strict=True)]


def found_by_words(session: CodingSession, typed: str) -> tuple[list[Row], int]:
    """Look words up in all notes; a query in the language of `quidqual.search` as well.

    Returns
    -------
    rows : list of dict
        The first 500.
    n : int
        How many there are.
    """
    table = session.find(as_asked(typed), context=0)
    rows = [{**row, "id": "", "coder": "", "code": ""} for row in _records(table.head(MOST_HITS))]
    return _rows(session, rows), len(table)


def _records(table: pd.DataFrame) -> list[Row]:
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


def _rows(session: CodingSession, found: Iterable[Mapping[str, Any]]) -> list[Row]:
    rows = []
    for one in found:
        start, end = int(one["start"]), int(one["end"])
        words = session.text(one["interview"])[start:end] if start >= 0 else ""
        rows.append({**{k: one[k] for k in _SENT}, "start": start, "end": end, "words": words})
    return rows
