"""What stands near a hit and turns it: denied, only supposed, past, said of someone else.

Rules in the manner of NegEx and ConText: a cue reaches some words to its right (or left), but
never over the end of its clause. Two denials cancel (*never fails to*); a remark between commas
is passed over; a question may be denied by the sentence after it. They are wrong often enough
(docs/tagging.md counts it) that a hit is only ever *flagged*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain, islice
from threading import Lock

import numpy as np

from quidqual.coding.patterns import parse
from quidqual.cues import clause_words as lists
from quidqual.cues.clause_cutting import Cut
from quidqual.cues.cue_finding import CueFinder
from quidqual.cues.cue_lists import CUES, KINDS, Cue, Kind
from quidqual.cues.cue_reach import EVERY, OTHER, Reach
from quidqual.cues.cue_reading import Flag, Reading
from quidqual.cues.word_forms import bits_for
from quidqual.cues.word_table import Lexicon, WordTable

__all__ = ["CUES", "KINDS", "Cue", "Flag", "Flagger", "Kind", "flagger"]

_FEW = 30  # hits of one text that are sooner read than told from columns
_BLOCK = 1024  # texts read at once: of more, the objects outlive a pass of the garbage collector
_ONE_AT_A_TIME = Lock()  # threads share a flagger, and forms are numbered as they are met


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
        self.usual = cues is None and base in lists.ANSWERS  # else no words of grammar are known
        chosen = tuple(CUES.get(base, ()) if cues is None else cues)
        self.cues = tuple(c for c in chosen if not c.pattern.startswith("!"))
        ordered = (*self.cues, *(c for c in chosen if c.pattern.startswith("!")))
        patterns = [parse(c.pattern).of(code=c.kind, language=base) for c in ordered]
        self._lexicon = Lexicon(bits_for(base))
        self._finder = CueFinder(patterns, self._lexicon)
        self._reach = Reach(base, self.cues, self._finder, usual=self.usual)
        self.language = base

    def flag(self, text: str, hits: Sequence[tuple[int, int]]) -> list[tuple[Flag, ...]]:
        """Give for each hit its flags, at most one of a kind, in the order of `KINDS`."""
        spans = np.array(hits, dtype=np.int64).reshape(-1, 2)
        owner = np.zeros(len(hits), dtype=np.int64)
        found = dict(self.flag_many([text], owner, spans, read_all=len(hits) < _FEW))
        return [found.get(i, ()) for i in range(len(hits))]

    def flag_many(
        self, texts: Sequence[str], owner: np.ndarray, spans: np.ndarray, *, read_all: bool = False
    ) -> Iterator[tuple[int, tuple[Flag, ...]]]:
        """Do the same for hits in many texts.

        Parameters
        ----------
        texts : sequence of str
        owner : array of int
            Of each hit: the number of its text; in order.
        spans : array of int
            Start and end of each hit in its text, one row a hit.
        read_all : bool
            Read also those hits of which their places tell that they can have no flag.

        Yields
        ------
        (int, tuple of Flag)
            Number of the hit, and its flags; only hits that have any.
        """
        for before in range(0, len(texts), _BLOCK) if self.cues or self.usual else ():
            low, high = np.searchsorted(owner, [before, before + _BLOCK])
            own = owner[low:high] - before
            block = texts[before : before + _BLOCK]
            with _ONE_AT_A_TIME:
                flagged = list(self._block(block, own, spans[low:high], read_all))
            for i, flags in flagged:
                yield int(low) + i, flags

    def _block(
        self, texts: Sequence[str], owner: np.ndarray, spans: np.ndarray, read_all: bool
    ) -> Iterator[tuple[int, tuple[Flag, ...]]]:
        table = WordTable(texts, self._lexicon)
        held = np.flatnonzero(table.first[owner] < table.behind[owner])
        if not len(held):
            return
        owner, words = owner[held], table.words_of(spans[held, 0], spans[held, 1], owner[held])
        cut = Cut(table, self.language)
        at, tries = self._finder.candidates(table)
        if read_all or self._finder.always:
            possible = np.full(len(owner), EVERY)
        else:
            possible = self._reach.possible(table, cut, at, tries, words)
        hit = np.flatnonzero(possible)
        if not len(hit):
            return
        chosen = np.zeros(len(texts) + 1, dtype=bool)
        chosen[owner[hit]] = True
        reading = Reading(table, cut, chosen[:-1], self.language, usual=self.usual)
        chosen[owner] = False  # who is meant has no cues
        chosen[owner[possible & ~OTHER != 0]] = True
        tried = chosen[table.text[at]]
        found = self._finder.find(reading, reading.here(at[tried]), tries[tried].tolist())
        reading.mark(self.cues, found)
        first, last = (reading.here(x[hit]) for x in words)
        told = list(map(reading.flags, first, last, possible[hit].tolist()))
        kinds, *places = zip(*chain.from_iterable(told), strict=True) if any(told) else [()] * 5
        starts, ends = zip(*map(reading.places, places), strict=True)
        made = map(Flag, kinds, starts[0], ends[1], starts[2], ends[3])
        for i, own in zip(held[hit].tolist(), told, strict=True):
            if own:
                yield i, tuple(islice(made, len(own)))


@cache
def flagger(language: str) -> Flagger:
    """Give the flagger of a language with its usual cues, made once."""
    return Flagger(language)
