"""Mending a slip in a note while coding: every coder's passages go along, and are listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.hand_coding.carried import NOTES_LOG
from quidqual.hand_coding.log_state import Line, edit_lines
from quidqual.hand_coding.passages import place_of
from quidqual.study.arguments import must_be_text
from quidqual.study.errors import QuidqualError
from quidqual.study.log import CONTEXT
from quidqual.study.text import canonical

if TYPE_CHECKING:
    from quidqual.hand_coding.session import CodingSession

_COLUMNS = ["id", "coder", "code", "change", "old_start", "old_end", "start", "end"]


def mend_note(
    session: CodingSession, interview: str, old: str, new: str, *, nth: int | None = None
) -> pd.DataFrame:
    """Replace words of a note, and carry the passages of all coders along.

    Parameters
    ----------
    session : CodingSession
    interview : str
    old, new : str
        The words as they stand and as they should; ``new`` may be empty.
    nth : int, optional
        Which place, where the words stand several times.

    Returns
    -------
    DataFrame
        One row a coding whose place or words changed: ``id, coder, code, change`` (moved,
        reworded, lost: its words are gone and it was removed), ``old_start, old_end, start,
        end`` (int; -1 where lost); of a blind session the coder's own only. The step is in
        ``notes.log.jsonl``, and undo takes it back.

    Raises
    ------
    QuidqualError
        If the words are not in the note, or it cannot be told which place is meant.
    """
    must_be_text(new, field="new")
    interview = session.note(interview)
    text = session.text(interview)
    start, end = place_of(text, interview, words=old, nth=nth)
    mended = canonical(text[:start] + canonical(new) + text[end:])
    if mended == text:
        raise QuidqualError.of("nothing would change.", remedy="Give other words.", field="new")
    lines: dict[str, list[Line]] = {}
    rows: list[tuple[Any, ...]] = []
    for coder, state in sorted(session.all_states().items()):
        for coding in state.standing.values():
            if coding["interview"] != interview:
                continue
            found = _carried(coding, start, end, len(mended) - len(text), mended)
            added, row = _change(coding, found, mended)
            if added:
                lines.setdefault(coder, []).extend(added)
            if row:
                rows.append((coding["id"], coder, coding["code"], *row))
    notes = session.study.notes.set_index("interview")["file"]
    record = {"op": "mend", "interview": interview, "told": f"{len(rows)} codings went along"}
    session.carry(record, texts={notes[interview]: mended}, lines=lines, log=NOTES_LOG)
    table = pd.DataFrame(rows, columns=_COLUMNS).sort_values(
        ["old_start", "old_end", "coder", "code"], ignore_index=True
    )
    return session.seen(table)


def _carried(
    coding: Mapping[str, Any], start: int, end: int, by: int, text: str
) -> tuple[int, int]:
    """Where a passage is after the words from start to end became longer by some characters."""
    a, b = coding["start"], coding["end"]
    if b <= start:
        return a, b
    if a >= end:
        return a + by, b + by
    # the mended words reach into the passage: what was inside stays inside
    a, b = min(a, start) if a <= start else end + by, b + by if b >= end else start
    if coding["start"] >= start and coding["end"] <= end:
        a, b = start, end + by
    while a < b and text[a].isspace():
        a += 1
    while b > a and text[b - 1].isspace():
        b -= 1
    return a, b


def _change(
    coding: Line, found: tuple[int, int], text: str
) -> tuple[list[Line], tuple[Any, ...] | None]:
    start, end = found
    was = (coding["start"], coding["end"])
    if start >= end:
        return [{"op": "remove", "id": coding["id"]}], ("lost", *was, -1, -1)
    changes = {
        "start": start, "end": end, "exact": text[start:end],
        "prefix": text[max(0, start - CONTEXT) : start], "suffix": text[end : end + CONTEXT],
    }  # fmt: skip
    if all(coding[key] == value for key, value in changes.items()):
        return [], None
    lines = edit_lines(coding, changes)
    if changes["exact"] != coding["exact"]:
        return lines, ("reworded", *was, start, end)
    return lines, ("moved", *was, start, end) if found != was else None
