"""Where a stretch of a raw note is in its pseudonymised text, and back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from quidqual.study.errors import QuidqualError


class Replaced(NamedTuple):
    """One stretch that was replaced: where it was and where what stands for it is."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


class OffsetMap:
    """The places that were replaced in one note, in order.

    Notes
    -----
    Outside what was replaced the map is exact both ways. A stretch that begins or ends inside
    a replaced one takes it in whole, since part of a pseudonym means nothing; going back
    gives the whole of what was there. So `to_old` after `to_new` gives the stretch itself, or
    the smallest that cuts through no replaced one.

    Examples
    --------
    >>> text, offsets = replace_all("Anna sews.", [(0, 4, "P1")])
    >>> text, offsets.to_new(5, 9), offsets.to_old(3, 7)
    ('P1 sews.', (3, 7), (5, 9))
    >>> offsets.to_old(*offsets.to_new(2, 9))
    (0, 9)
    """

    def __init__(self, pieces: Iterable[Sequence[int]]) -> None:
        self.pieces = tuple(Replaced(*piece) for piece in pieces)

    def to_new(self, start: int, end: int) -> tuple[int, int]:
        """Carry a stretch of the raw text over."""
        old = [(p.old_start, p.old_end) for p in self.pieces]
        new = [(p.new_start, p.new_end) for p in self.pieces]
        return _carry(start, end, old, new)

    def to_old(self, start: int, end: int) -> tuple[int, int]:
        """Carry a stretch of the pseudonymised text back."""
        old = [(p.old_start, p.old_end) for p in self.pieces]
        new = [(p.new_start, p.new_end) for p in self.pieces]
        return _carry(start, end, new, old)

    def cuts(self, start: int, end: int) -> bool:
        """Tell whether a stretch of the raw text begins or ends inside a replaced one."""
        return self.to_old(*self.to_new(start, end)) != (start, end)


def _carry(
    start: int, end: int, here: Sequence[tuple[int, int]], there: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    return _place(start, here, there, last=False), _place(end, here, there, last=True)


def _place(
    at: int, here: Sequence[tuple[int, int]], there: Sequence[tuple[int, int]], *, last: bool
) -> int:
    """Carry one offset; inside a replaced stretch it goes to its start, or as an end to its end."""
    # the last stretch that begins before this end, or at or before this start
    i = (bisect_left(here, (at, -1)) if last else bisect_right(here, (at, 1 << 60))) - 1
    if i < 0:
        return at
    inside = at < here[i][1]
    if inside:
        return there[i][1] if last else there[i][0]
    return at - here[i][1] + there[i][1]


def replace_all(text: str, parts: Iterable[tuple[int, int, str]]) -> tuple[str, OffsetMap]:
    """Replace stretches of a text.

    Parameters
    ----------
    text : str
    parts : iterable of (start, end, instead)
        None overlapping another, none empty.

    Returns
    -------
    str, OffsetMap

    Raises
    ------
    QuidqualError
        If two stretches overlap or one is empty.
    """
    out: list[str] = []
    pieces: list[Replaced] = []
    at = length = 0
    for start, end, instead in sorted(parts):
        if start < at or end <= start or end > len(text) or not instead:
            raise QuidqualError.of(
                "two stretches to replace overlap, or one is empty.",
                remedy="Give stretches apart from each other, each with what stands for it.",
                field="parts",
            )
        out += [text[at:start], instead]
        length += start - at
        pieces.append(Replaced(start, end, length, length + len(instead)))
        length += len(instead)
        at = end
    out.append(text[at:])
    return "".join(out), OffsetMap(pieces)
