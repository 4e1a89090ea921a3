"""What stands near a hit and turns it: denied, only supposed, past, said of someone else.

Rules in the manner of NegEx and ConText: a cue reaches some words to its right (or left), but
never over the end of its clause. Two denials cancel (*never fails to*); a remark between commas
is passed over; a question may be denied by the sentence after it. They are wrong often enough
(docs/tagging.md counts it) that a hit is only ever *flagged*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from quidqual.coding import clause_words as lists
from quidqual.coding.cue_lists import CUES, Cue, Kind
from quidqual.coding.cue_reading import Flag, Reading
from quidqual.coding.engine import BLOCK, Engine
from quidqual.coding.patterns import parse

__all__ = ["CUES", "KINDS", "Cue", "Flag", "Flagger", "Kind", "flagger"]

KINDS: tuple[Kind, ...] = ("negation", "hypothetical", "past_only", "other_person")
_AHEAD, _AFTER, _BOTH = range(3)  # where a cue stands that bears on a hit
_ENDINGS = ["rei", "resti", "rebbe", "remmo", "reste", "rebbero", "ra'", "ro'", "ranno", "remo"]
_FAR, _NEAR = 140, 60  # letters


class Flagger:
    """Finds the cues that bear on a hit, for one language.

    Parameters
    ----------
    language : str
        Decides the words that end a scope, and the cues if none are given.
    cues : sequence of Cue, optional
        In place of :data:`CUES`; with them nothing is read off the form of verbs or subjects.

    Examples
    --------
    >>> text = "Non mi sento sicura."
    >>> flag = Flagger("it").flag(text, [(13, 19)])[0][0]
    >>> flag.kind, text[flag.cue_start:flag.cue_end]
    ('negation', 'Non')
    """

    def __init__(self, language: str, cues: Sequence[Cue] | None = None) -> None:
        base = language.split("-")[0]
        people = lists.PEOPLE.get(base, frozenset())
        self.usual = cues is None
        chosen = tuple(CUES.get(base, ()) if cues is None else cues)
        self.cues = tuple(c for c in chosen if not c.pattern.startswith("!"))
        ordered = (*self.cues, *(c for c in chosen if c.pattern.startswith("!")))
        patterns = [parse(c.pattern).of(code=c.kind, language=base) for c in ordered]
        if self.usual:
            patterns += [parse(p).of(code="hint", language=base) for p in _hints(base)]
        self.engine = Engine(patterns, scope="all")
        sides = [_BOTH if c.answer or c.across else _AFTER if c.before else _AHEAD for c in ordered]
        sides += [_AHEAD if p.source in people else _BOTH for p in patterns[len(ordered) :]]
        self._side = np.array(sides, dtype=np.int64)
        self.language = base

    def flag(self, text: str, hits: Sequence[tuple[int, int]]) -> list[tuple[Flag, ...]]:
        """Give for each hit its flags, at most one of a kind, in the order of `KINDS`."""
        return dict(self.flag_many([text], [hits])).get(0, [()] * len(hits))

    def flag_many(
        self, texts: Sequence[str], hits: Sequence[Sequence[tuple[int, int]]]
    ) -> Iterator[tuple[int, list[tuple[Flag, ...]]]]:
        """Do the same for many texts, each with its hits; give those that have a flag."""
        near = self._near(texts, hits) if self.cues else set()
        if self.usual:
            near |= {i for i, text in enumerate(texts) if "?" in text}
        order = sorted(near)
        for at in range(0, len(order), BLOCK):  # few enough for their words to be kept
            block = order[at : at + BLOCK]
            marks = dict(self.engine.scan([texts[i] for i in block]))
            for k, i in enumerate(block):
                reading = Reading(
                    texts[i], self.language, self.cues, marks.get(k, ()), usual=self.usual
                )
                rows = [reading.flags(start, end) for start, end in hits[i]]
                if any(rows):
                    yield i, rows

    def _near(self, texts: Sequence[str], hits: Sequence[Sequence[tuple[int, int]]]) -> set[int]:
        """Texts with a cue near enough to a hit to bear on it."""
        rows = self.engine.reached(texts)
        near = set(rows[rows[:, 3] < 0, 0].tolist())
        flat = [(i, *span) for i, own in enumerate(hits) for span in own]
        at = np.array(flat, dtype=np.int64).reshape(-1, 3)
        wide = max(map(len, texts)) + 2 * _FAR + 1
        kind = self._side[rows[:, 3]]
        for own, ahead, far in (
            (rows[kind != _AFTER], True, _FAR),
            (rows[kind == _BOTH], False, _FAR),
            (rows[kind == _AFTER], False, _NEAR),
        ):
            where = np.sort(own[:, 0] * wide + own[:, 2 if ahead else 1])
            sought = at[:, 0] * wide + at[:, 1 if ahead else 2]
            inside = at[:, 2] - at[:, 1]  # the verb of the hit itself may be a conditional
            low, high = (sought - far, sought) if ahead else (sought - inside, sought + far)
            some = np.searchsorted(where, high, "right") > np.searchsorted(where, low, "left")
            near.update(at[some, 0].tolist())
        return near


def _hints(language: str) -> list[str]:
    """Words that make a text without a cue worth reading: people, times, conditional verbs."""
    words: set[str] = set()
    for known in (
        lists.PEOPLE,
        lists.NOMINAL,
        lists.NOW,
        lists.UNTIL,
        lists.CONDITIONS,
        lists.FUTURE,
        lists.ASKING,
        lists.INVERTED,
    ):
        words |= known.get(language, frozenset())
    endings = _ENDINGS if language == "it" else []
    if language == "en":
        words |= lists.TAKEN_UP
    return sorted(words) + [f"*{ending}" for ending in endings]


@cache
def flagger(language: str) -> Flagger:
    """Give the flagger of a language with its usual cues, made once."""
    return Flagger(language)
