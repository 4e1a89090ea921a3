"""Negation and speculation near a hit: shown for review, never acted upon.

Rules in the manner of NegEx and ConText: a cue reaches to its right (or left) some words, but
never over the end of its clause. They are wrong often enough (docs/tagging.md counts it on
sentences they were not written from) that a hit is only ever *flagged*.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from quidqual.coding.cue_lists import AND, CUES, ENDS, SUBJECTS, WIDE, Cue, Kind
from quidqual.coding.engine import Engine
from quidqual.coding.patterns import parse
from quidqual.coding.tokens import breaks_at, tokenise

__all__ = ["CUES", "ENDS", "Cue", "Flag", "Flagger", "Kind", "flagger"]

_LONGEST_WORD = 40
_FAR = _LONGEST_WORD * (WIDE + 1)
# A comma that only goes on with a list ends no clause.
_BOUNDARY = re.compile(r"[;:()—–]|,(?!\s*(?:or|nor|o|né|oppure)\b)")
_BEGINS = re.compile(r"(?:^|[^\w\s'’])\s*$")


class Flag(NamedTuple):
    """What a cue says of a hit: kind, place of the cue, place of its scope."""

    kind: str
    cue_start: int
    cue_end: int
    scope_start: int
    scope_end: int


class Flagger:
    """Finds the cue that bears on a hit, for one language.

    Parameters
    ----------
    language : str
        Decides the words that end a scope, and the cues if none are given.
    cues : sequence of Cue, optional
        In place of :data:`CUES`.

    Examples
    --------
    >>> text = "Non mi sento sicura."
    >>> flag = Flagger("it").flag(text, [(13, 19)])[0]
    >>> flag.kind, text[flag.cue_start:flag.cue_end]
    ('negation', 'Non')
    """

    def __init__(self, language: str, cues: Sequence[Cue] | None = None) -> None:
        base = language.split("-")[0]
        chosen = tuple(CUES.get(base, ()) if cues is None else cues)
        self.cues = tuple(c for c in chosen if not c.pattern.startswith("!"))
        ordered = (*self.cues, *(c for c in chosen if c.pattern.startswith("!")))
        self.engine = Engine([parse(c.pattern).of(code=c.kind, language=base) for c in ordered])
        self.ends = ENDS.get(base, frozenset())
        self.subjects = SUBJECTS.get(base, frozenset())

    def flag(self, text: str, hits: Sequence[tuple[int, int]]) -> list[Flag | None]:
        """Give for each hit the cue that bears on it: negation first, then the nearest."""
        return dict(self.flag_many([text], [hits])).get(0, [None] * len(hits))

    def flag_many(
        self, texts: Sequence[str], hits: Sequence[Sequence[tuple[int, int]]]
    ) -> Iterator[tuple[int, list[Flag | None]]]:
        """Do the same for many texts, each with its hits; give those that hold a cue at all."""
        for i, found in self.engine.scan(texts) if self.cues else ():
            starts = [cue.start for cue in found]
            far = max(cue.end - cue.start for cue in found) + _FAR
            rows: list[Flag | None] = []
            for start, end in hits[i]:
                near = found[bisect_left(starts, start - far) : bisect_right(starts, end + _FAR)]
                rows.append(self._nearest(texts[i], start, end, near))
            yield i, rows

    def _nearest(self, text: str, start: int, end: int, found: Sequence) -> Flag | None:
        best: tuple[bool, int, Flag] | None = None
        for hit in found:
            cue = self.cues[hit.pattern]
            between = (end, hit.start) if cue.before else (hit.end, start)
            distance = between[1] - between[0]
            if distance < 0 or distance > _FAR:
                continue
            rank = (cue.kind != "negation", distance)
            if best is not None and best[:2] <= rank:
                continue
            reach = self._reach(text, hit.start, cue)
            words = tokenise(text[slice(*between)])
            if len(words) <= reach and self._clause(text[slice(*between)], cue.before) is None:
                scope = self._scope(text, hit, cue, reach)
                best = (*rank, Flag(cue.kind, hit.start, hit.end, *scope))
        return best[2] if best else None

    def _reach(self, text: str, start: int, cue: Cue) -> int:
        """Words a cue reaches: more if it is the subject of its clause."""
        leads = cue.subject and _BEGINS.search(text[max(0, start - 3) : start])
        return WIDE if leads else cue.reach

    def _clause(self, text: str, last: bool = False) -> int | None:
        """Where a stretch leaves the clause it begins in (or ends in); None if it does not."""
        found = [m.start() for m in _BOUNDARY.finditer(text)] + breaks_at(text)
        tokens = tokenise(text)
        for i, token in enumerate(tokens):
            following = tokens[i + 1].keys if i + 1 < len(tokens) else ()
            joins = not AND.isdisjoint(token.keys) and not self.subjects.isdisjoint(following)
            if joins or not self.ends.isdisjoint(token.keys):
                found.append(token.end if last else token.start)
        if not found:
            return None
        return max(found) if last else min(found)

    def _scope(self, text: str, hit: Sequence[int], cue: Cue, reach: int) -> tuple[int, int]:
        """Words the cue reaches: from the cue to the end of the clause."""
        width = _LONGEST_WORD * (reach + 1)
        base = max(0, hit[0] - width) if cue.before else hit[1]
        stretch = text[base : hit[0]] if cue.before else text[base : base + width]
        edge = self._clause(stretch, cue.before)
        if cue.before:
            inside = [t for t in tokenise(stretch) if edge is None or t.start >= edge][-reach - 1 :]
        else:
            inside = [t for t in tokenise(stretch) if edge is None or t.end <= edge][: reach + 1]
        if not inside:
            return (hit[0], hit[0]) if cue.before else (hit[1], hit[1])
        return base + inside[0].start, base + inside[-1].end


@cache
def flagger(language: str) -> Flagger:
    """Give the flagger of a language with its usual cues, made once."""
    return Flagger(language)
