"""How passages lie to each other: found by halving, never by looking at all pairs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate


@dataclass(frozen=True, order=True)
class Passage:
    """A stretch of a note, and what it is a quote of."""

    interview: str
    start: int
    end: int
    kind: str = "segment"
    code: str = ""
    coder: str = ""
    source: str = ""
    coding: str = field(default="", compare=False)


class Index:
    """Passages by interview, to find those that overlap one or lie nearest to it."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._of: dict[str, list[Passage]] = {}
        for passage in sorted(passages):
            self._of.setdefault(passage.interview, []).append(passage)
        self._starts = {i: [p.start for p in rows] for i, rows in self._of.items()}
        self._reached = {
            i: list(accumulate((p.end for p in rows), max)) for i, rows in self._of.items()
        }
        self._by_end = {
            i: [k for _, k in sorted((p.end, k) for k, p in enumerate(rows))]
            for i, rows in self._of.items()
        }

    def overlapping(self, passage: Passage) -> Iterator[Passage]:
        """Those that share a character with a passage, in order."""
        rows = self._of.get(passage.interview, [])
        first = bisect_right(self._reached.get(passage.interview, []), passage.start)
        stop = bisect_left(self._starts.get(passage.interview, []), passage.end)
        return (rows[k] for k in range(first, stop) if rows[k].end > passage.start)

    def any_in(self, interview: str) -> bool:
        """Whether there is one in an interview."""
        return interview in self._of

    def inside(self, passage: Passage) -> int:
        """How many lie wholly inside a passage."""
        rows = self._of.get(passage.interview, [])
        starts = self._starts.get(passage.interview, [])
        low, high = bisect_left(starts, passage.start), bisect_left(starts, passage.end)
        return sum(rows[k].end <= passage.end for k in range(low, high))

    def after(self, passage: Passage) -> Passage | None:
        """The first that begins where the passage ends, or later."""
        rows = self._of.get(passage.interview, [])
        at = bisect_left(self._starts.get(passage.interview, []), passage.end)
        return rows[at] if at < len(rows) else None

    def before(self, passage: Passage, words: Sequence[int]) -> Passage | None:
        """The last that ends where the passage begins, or earlier.

        Of several with no word (``words``: where each starts) between their ends, the first.
        """
        rows = self._of.get(passage.interview, [])
        order = self._by_end.get(passage.interview, [])
        at = bisect_right(order, passage.start, key=lambda k: rows[k].end) - 1
        if at < 0:
            return None
        word = bisect_left(words, rows[order[at]].end)
        # No word begins from here to the end of the last: none of these is nearer than another.
        first = words[word - 1] + 1 if word else 0
        low = bisect_left(order, first, key=lambda k: rows[k].end)
        return rows[min(order[low : at + 1])]


def nearest(
    left: Passage, right: Index, words: Sequence[int], *, how: str, most: int | None
) -> Passage | None:
    """The passage of the right that is nearest to one of the left, counted in words between.

    ``how`` is near (either side), followed_by or preceded_by; none if more than ``most`` words
    lie between. Of equally near ones the first in the note.
    """
    found: list[tuple[int, Passage]] = []
    if how == "near":
        touching = next((p for p in right.overlapping(left) if p != left), None)
        found += [(0, touching)] if touching else []
    if how != "preceded_by" and (after := right.after(left)):
        found.append((_words_between(words, left.end, after.start), after))
    if how != "followed_by" and (before := right.before(left, words)):
        found.append((_words_between(words, before.end, left.start), before))
    near = [pair for pair in found if most is None or pair[0] <= most]
    return min(near)[1] if near else None


def _words_between(words: Sequence[int], start: int, end: int) -> int:
    return bisect_left(words, end) - bisect_left(words, start) if end > start else 0
