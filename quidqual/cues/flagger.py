"""What stands near a hit and turns it: denied, only supposed, past, said of someone else.

Rules in the manner of NegEx and ConText: a cue reaches some words to its right (or left), but
never over the end of its clause. Two denials cancel (*never fails to*); a remark between commas
is passed over; a question may be denied by the sentence after it. They are wrong often enough
(docs/tagging.md counts it) that a hit is only ever *flagged*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from quidqual.coding.engine import Engine
from quidqual.coding.patterns import parse
from quidqual.coding.tokens import Words, words_in
from quidqual.cues.cue_finding import CueFinder, Found
from quidqual.cues.cue_lists import CUES, Cue, Kind
from quidqual.cues.cue_reach import Reach
from quidqual.cues.cue_reading import Flag, Reading

__all__ = ["CUES", "Cue", "Flag", "Flagger", "Kind", "flagger"]


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
        self.usual = cues is None
        chosen = tuple(CUES.get(base, ()) if cues is None else cues)
        self.cues = tuple(c for c in chosen if not c.pattern.startswith("!"))
        ordered = (*self.cues, *(c for c in chosen if c.pattern.startswith("!")))
        patterns = [parse(c.pattern).of(code=c.kind, language=base) for c in ordered]
        self._finder = CueFinder(
            Engine(patterns, scope="all"), [c.kind for c in ordered], len(ordered)
        )
        self._reach = Reach(base, self.cues, patterns, usual=self.usual)
        self.language = base

    def flag(self, text: str, hits: Sequence[tuple[int, int]]) -> list[tuple[Flag, ...]]:
        """Give for each hit its flags, at most one of a kind, in the order of `KINDS`."""
        return dict(self.flag_many([text], [hits])).get(0, [()] * len(hits))

    def flag_many(
        self, texts: Sequence[str], hits: Sequence[Sequence[tuple[int, int]]]
    ) -> Iterator[tuple[int, list[tuple[Flag, ...]]]]:
        """Do the same for many texts, each with its hits; give those that have a flag."""
        for i, hinted in self._reach.worth(texts, hits):
            words = words_in(texts[i])
            found = self._finder.find(words)
            if not (found or hinted):
                continue
            reading = self._read(texts[i], words, found)
            rows = [reading.flags(start, end) for start, end in hits[i]]
            if any(rows):
                yield i, rows

    def _read(self, text: str, words: Words, found: Sequence[Found]) -> Reading:
        return Reading(text, self.language, self.cues, words, found, usual=self.usual)


@cache
def flagger(language: str) -> Flagger:
    """Give the flagger of a language with its usual cues, made once."""
    return Flagger(language)
