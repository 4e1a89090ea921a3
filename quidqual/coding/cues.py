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

import numpy as np

from quidqual.coding.clause_cutting import Cut
from quidqual.coding.cue_finding import CueFinder
from quidqual.coding.cue_lists import CUES, Cue, Kind
from quidqual.coding.cue_reach import EVERY, Reach
from quidqual.coding.cue_reading import Flag, Reading
from quidqual.coding.engine import BLOCK
from quidqual.coding.patterns import parse
from quidqual.coding.word_forms import bits_for
from quidqual.coding.word_table import Lexicon, WordTable

__all__ = ["CUES", "KINDS", "Cue", "Flag", "Flagger", "Kind", "flagger"]

KINDS: tuple[Kind, ...] = ("negation", "hypothetical", "past_only", "other_person")


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
        self._lexicon = Lexicon(bits_for(base))
        self._finder = CueFinder(patterns, self._lexicon)
        self._reach = Reach(base, self.cues, self._finder, usual=self.usual)
        self.language = base

    def flag(self, text: str, hits: Sequence[tuple[int, int]]) -> list[tuple[Flag, ...]]:
        """Give for each hit its flags, at most one of a kind, in the order of `KINDS`."""
        return dict(self.flag_many([text], [hits])).get(0, [()] * len(hits))

    def flag_many(
        self,
        texts: Sequence[str],
        hits: Sequence[Sequence[tuple[int, int]]],
        *,
        read_all: bool = False,
    ) -> Iterator[tuple[int, list[tuple[Flag, ...]]]]:
        """Do the same for many texts, each with its hits; give those that have a flag.

        ``read_all``: read also those hits that, as their places tell, can have none.
        """
        for before in range(0, len(texts), BLOCK):
            block = slice(before, before + BLOCK)
            for i, rows in self._block(texts[block], hits[block], read_all):
                yield before + i, rows

    def _block(
        self,
        texts: Sequence[str],
        hits: Sequence[Sequence[tuple[int, int]]],
        read_all: bool,
    ) -> Iterator[tuple[int, list[tuple[Flag, ...]]]]:
        table = WordTable(texts, self._lexicon)
        counts = np.fromiter(map(len, hits), np.int64, len(hits))
        counts[table.first == table.behind] = 0
        owner = np.repeat(np.arange(len(texts)), counts)
        if not len(owner):
            return
        flat = chain.from_iterable(own for own, n in zip(hits, counts, strict=True) if n)
        places = np.array(list(flat), dtype=np.int64).T
        spans = table.words_of(places[0], places[1], owner)
        cut = Cut(table, self.language)
        at, tries = self._finder.candidates(table)
        if read_all or self._finder.always:
            possible = np.full(len(owner), EVERY)
        else:
            possible = self._reach.possible(table, cut, at, tries, spans)
        hit = np.flatnonzero(possible)
        if not len(hit):
            return
        chosen = np.zeros(len(texts) + 1, dtype=bool)
        chosen[owner[hit]] = True
        reading = Reading(table, cut, chosen[:-1], self.language, usual=self.usual)
        tried = chosen[table.text[at]]
        found = self._finder.find(reading, reading.here(at[tried]), tries[tried].tolist())
        reading.mark(self.cues, found)
        first, last = (reading.here(x[hit]) for x in spans)
        told = [reading.flags(*row) for row in zip(first, last, possible[hit].tolist(), strict=True)]
        signs = [sign for row in told for sign in row]
        starts, ends = reading.places([sign[1:] for sign in signs])
        made = (
            Flag(sign[0], start[0], end[1], start[2], end[3])
            for sign, start, end in zip(signs, starts, ends, strict=True)
        )
        begin = np.cumsum(counts) - counts
        which = hit - begin[owner[hit]]
        flags: dict[int, list[tuple[Flag, ...]]] = {}
        for text, k, row in zip(owner[hit].tolist(), which.tolist(), told, strict=True):
            if row:
                if text not in flags:
                    flags[text] = [()] * len(hits[text])
                flags[text][k] = tuple(islice(made, len(row)))
        yield from flags.items()


@cache
def flagger(language: str) -> Flagger:
    """Give the flagger of a language with its usual cues, made once."""
    return Flagger(language)
