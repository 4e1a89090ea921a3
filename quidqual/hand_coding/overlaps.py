"""What merging two codes does to the passages of one coder that then overlap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from quidqual.hand_coding.log_state import Line, LogState, edit_lines
from quidqual.study.log import CONTEXT


def joined(
    state: LogState, code: str, into: str, texts: Mapping[str, str], *, join: bool
) -> tuple[int, int, int, list[Line]]:
    """Move the codings of a code into another, and join those that overlap if told.

    Parameters
    ----------
    state : LogState
        One coder's log.
    code, into : str
    texts : mapping of interview to text
    join : bool

    Returns
    -------
    moved, joined, apart : int
        Codings that got the other code; that went into another coding; that overlap one
        and were kept.
    lines : list of dict
        What is to be written into the log.

    Examples
    --------
    >>> head = {"op": "add", "coder": "A", "interview": "P1", "at": ""}
    >>> state = LogState("A", [
    ...     {**head, "id": "1", "code": "a", "start": 1, "end": 6, "exact": "I sta"},
    ...     {**head, "id": "2", "code": "b", "start": 3, "end": 7, "exact": "stay"},
    ... ])
    >>> moved, merged, apart, lines = joined(state, "a", "b", {"P1": "(I stay.)"}, join=True)
    >>> moved, merged, apart, [(line["op"], line["id"]) for line in lines]
    (1, 1, 0, [('remove', '1'), ('edit', '2')])
    """
    moving = {k for k, coding in state.standing.items() if coding["code"] == code}
    both = [c for c in state.standing.values() if c["code"] in (code, into)]
    lines: list[Line] = []
    merged = apart = 0
    handled: set[str] = set()
    for group in _clusters(both):
        codes = {coding["code"] for coding in group}
        if len(codes) < 2:
            continue
        if not join:
            apart += sum(coding["id"] in moving for coding in group)
            continue
        kept = next(c for c in group if c["code"] == into)
        others = [c for c in group if c is not kept]
        merged += len(others)
        lines += [{"op": "remove", "id": c["id"]} for c in others]
        lines += edit_lines(kept, _union(group, texts[kept["interview"]], kept))
        handled |= {c["id"] for c in group}
    for key in sorted(moving - handled):
        lines += edit_lines(state.standing[key], {"code": into})
    return len(moving), merged, apart, lines


def _clusters(codings: Iterable[Line]) -> list[list[Line]]:
    """Codings of one interview that overlap, directly or through others."""
    ordered = sorted(codings, key=lambda c: (c["interview"], c["start"], c["end"], c["id"]))
    groups: list[list[Line]] = []
    reach: tuple[str, int] = ("", -1)
    for coding in ordered:
        if groups and coding["interview"] == reach[0] and coding["start"] < reach[1]:
            groups[-1].append(coding)
            reach = (reach[0], max(reach[1], coding["end"]))
        else:
            groups.append([coding])
            reach = (coding["interview"], coding["end"])
    return groups


def _union(group: list[Line], text: str, kept: Line) -> dict[str, Any]:
    """Bounds around all, memos of all, the greatest weight; only what is to be changed."""
    start, end = min(c["start"] for c in group), max(c["end"] for c in group)
    memos = dict.fromkeys(c["memo"] for c in [kept, *group] if c["memo"])
    weights = [c["weight"] for c in group if c["weight"] is not None]
    wanted = {
        "start": start, "end": end, "exact": text[start:end],
        "prefix": text[max(0, start - CONTEXT) : start], "suffix": text[end : end + CONTEXT],
        "memo": "\n".join(memos), "weight": max(weights, default=None),
    }  # fmt: skip
    changed = {k: v for k, v in wanted.items() if v != kept[k]}
    if not changed:
        return {"code": kept["code"]}
    if changed.keys() & {"start", "end"}:
        changed |= {k: wanted[k] for k in ("start", "end", "exact", "prefix", "suffix")}
    return changed
