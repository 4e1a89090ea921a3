"""Which flags a hit may have, told for thousands of texts at once before any is read.

Reading what bears on a hit is dear, and most hits need none of it: no cue stands in reach. That
is told here from numbers alone: in which clause a cue and a hit stand and how many words lie
between. What may bear on a hit is kept; `quidqual.cues.cue_reading` decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from quidqual.cues import word_forms as forms
from quidqual.cues.clause_cutting import WINDOW, Cut
from quidqual.cues.cue_finding import CueFinder
from quidqual.cues.cue_lists import WIDE, Cue
from quidqual.cues.word_table import WordTable

# What may be said of a hit: flags, and that an answer behind it denies it.
DENIED, SUPPOSED, GONE, OTHER, ANSWERED = 1, 2, 4, 8, 16
EVERY = 31
_KIND = {"negation": DENIED, "hypothetical": SUPPOSED, "past_only": GONE, "other_person": OTHER}
_AHEAD, _BEHIND, _ACROSS, _ANSWER = range(4)
_SHORT, _LEAD, _TOPIC = 4, 3, 14


class _Row(NamedTuple):
    """What a word stands for of which a cue is tried; places as in `cue_finding.Try`."""

    where: int
    kind: int
    early: int
    late: int
    rest: int
    reach: int
    wide: bool  # the reach is WIDE where the cue begins its clause
    first: bool
    past: bool


class Reach:
    """Tells which flags are possible.

    Parameters
    ----------
    language : str
    cues : sequence of Cue
        In the order of the finder's patterns; pseudo-cues, which come last, are passed over.
    finder : CueFinder
    usual : bool
        Whether subjects, verbs, questions and answers are read as well.
    """

    def __init__(
        self, language: str, cues: Sequence[Cue], finder: CueFinder, *, usual: bool
    ) -> None:
        self._language, self._usual = language, usual
        rows = [
            _row(cues[t.pattern], t.early, t.late, t.rest)
            for t in finder.tries
            if t.pattern < len(cues)
        ]
        self._rows = np.array(rows, dtype=np.int64).reshape(-1, 9)

    def possible(
        self, table: WordTable, cut: Cut, at: np.ndarray, tries: np.ndarray, spans: np.ndarray
    ) -> np.ndarray:
        """What may be said of each hit, as bits.

        Parameters
        ----------
        table, cut : WordTable, Cut
        at, tries : array
            Candidates of the finder.
        spans : array
            First and last word of each hit, as two rows.
        """
        own = tries < len(self._rows)  # pseudo-cues come last
        hits = _Hits(table, cut, *spans)
        finds = _Finds(hits, at[own], self._rows[tries[own]].T)
        found = np.zeros(spans.shape[1], dtype=np.int64)
        finds.ahead(found)
        finds.behind(found)
        finds.across(found)
        if self._usual:
            found |= hits.answered(self._language, finds.answers()) * ANSWERED
            found |= hits.supposed() * SUPPOSED
            found |= hits.gone() * GONE
            found |= hits.of_another(self._language) * OTHER
        return found


def _row(cue: Cue, early: int, late: int, rest: int) -> _Row:
    where = _ANSWER if cue.answer else _ACROSS if cue.across else _BEHIND if cue.before else _AHEAD
    reach = WIDE if cue.phrase else cue.reach
    return _Row(
        where, _KIND[cue.kind], early, late, rest, reach, cue.subject, cue.first, cue.past
    )  # fmt: skip


class _Hits:
    """Hits among the words of a table, and what each of them has about it."""

    def __init__(self, table: WordTable, cut: Cut, first: np.ndarray, last: np.ndarray) -> None:
        self.table, self.bits = table, table.bits
        self.clause, self.hole = cut.clause, cut.hole
        self.first, self.last = first, last
        self.own = self.clause[first]
        self.end_of = np.zeros(len(self.bits), dtype=np.int64)  # last word of a clause
        self.end_of[self.clause] = np.arange(len(self.bits))
        self.past = self._any(forms.PAST)
        self.opens = np.diff(self.clause, prepend=-1) != 0

    def _any(self, bit: int) -> np.ndarray:
        """Whether a word with a bit stands in a clause."""
        told = np.zeros(len(self.bits), dtype=bool)
        told[self.clause[self.bits & bit != 0]] = True
        return told

    def _before(self, mask: np.ndarray) -> np.ndarray:
        """The nearest of some words before each hit, or -1."""
        at = np.flatnonzero(mask)
        place = np.searchsorted(at, self.first) - 1
        return np.where(place >= 0, np.append(at, -1)[place], -1)

    def _count(self, mask: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """How many of some words stand from one place to before another."""
        at = np.flatnonzero(mask)
        return np.searchsorted(at, high) - np.searchsorted(at, low)

    def spare(self, at: np.ndarray) -> np.ndarray:
        """Place of a word without the words of remarks before it in its clause."""
        return at - self.hole[at]

    def size(self, clause: np.ndarray) -> np.ndarray:
        """How many words a clause has."""
        return self.spare(self.end_of[clause]) - clause + 1

    def fragment(self) -> np.ndarray:
        """Whether the clause of a hit has no verb that the rules know."""
        return ~self._any(forms.BEGINS | forms.CONDITIONAL)[self.own]

    def asked(self) -> np.ndarray:
        """Whether the sentence of a hit is a question."""
        return self.bits[self.table.end[self.first]] & forms.ASKED != 0

    def answered(self, language: str, answers: np.ndarray) -> np.ndarray:
        """Whether an answer behind a hit may deny it; ``answers``: where a phrase may answer."""
        bits, table, first, last, own = self.bits, self.table, self.first, self.last, self.own
        answer = bits & (forms.ANSWER | forms.TAKEN_UP) != 0
        said = np.zeros(len(bits), dtype=bool)
        said[answers] = True
        behind = table.behind[table.text[first]]
        phrase = self._count(said, first + 1, behind) > 0
        reply = self._count(answer | said, last + 1, behind) > 0
        near = np.maximum(table.begun[first], own - _LEAD)
        about = bits[table.begun[first]] & forms.INVERTED != 0
        about |= self._count(bits & forms.ASKING != 0, near, first) > 0
        found = self.asked() | about
        at = self.end_of[own] + 1  # what follows the clause; an empty word if nothing does
        end = self.end_of[self.clause[at]]
        rest = self.spare(end) - self.spare(at) + 1
        elliptic = self._count(bits & forms.ELLIPTIC != 0, at, end + 1) >= rest
        found |= (rest <= _SHORT) & elliptic
        size = self.size(own)
        short = self.fragment() & (size <= _SHORT + 1)
        found |= short & phrase
        found |= short & (bits[at] & forms.ANSWER != 0) & (rest <= _SHORT)
        if language == "it":
            again = (bits & forms.NON != 0) & (np.append(bits[1:], 0) & forms.RESUMING != 0)
            found |= short & (self._count(again, at, at + _TOPIC) > 0)
        else:
            found |= short & (bits[table.end[first]] & forms.TAKEN_UP != 0)
        return found & reply

    def supposed(self) -> np.ndarray:
        """Whether a verb of the clause, or a question, may suppose a hit."""
        verb = self.bits & forms.VERB != 0
        near = self._count(verb, np.maximum(self.own, self.first - WINDOW), self.last + 1) > 0
        end = self.table.end[self.first]
        return near | (self.asked() & (self.clause[end] == self.own))

    def gone(self) -> np.ndarray:
        """Whether the clause is in the past and a word near may set the present against it."""
        bits, table = self.bits, self.table
        lead = self.spare(np.arange(len(bits))) - self.clause
        now = (bits & forms.NOW != 0) & (lead <= _LEAD) & ~self.past[self.clause]
        text = table.text[self.first]
        low = np.maximum(self.first - WINDOW, table.first[text])
        high = np.minimum(self.last + WINDOW, table.behind[text])
        near = self._count(now, low, high) > 0
        near |= self._count(bits & forms.UNTIL != 0, self.last + 1, high) > 0
        return near & self.past[self.own]

    def _people(self) -> np.ndarray:
        """Words that may name the subject: no possessor, behind no preposition or verb."""
        bits = self.bits
        people = bits & forms.PEOPLE != 0
        at = np.flatnonzero(people & (bits & forms.THEY == 0))
        own = self.clause[at]
        near, far = (
            np.where((self.clause[at - k] == own) & (self.hole[at] == 0), bits[at - k], 0)
            for k in (1, 2)
        )
        far = np.where(near & forms.DETERMINER != 0, far, 0)
        barred = bits[at + 1] & forms.POSSESSED != 0
        for before in (near, far):
            plain = (before & forms.SAYING == 0) & (near & forms.SAYING == 0)
            behind = before & (forms.PREPOSITION | forms.SOME_OF) == forms.PREPOSITION
            verb = before & (forms.VERBAL | forms.DETERMINER | forms.PREPOSITION) == forms.VERBAL
            barred |= plain & (behind | verb)
        people[at[barred]] = False
        return people

    def of_another(self, language: str) -> np.ndarray:
        """Whether someone else may be the subject."""
        bits, own = self.bits, self.own
        barred = bits & (forms.PRONOUN | forms.OPEN_QUESTION) != 0
        barred &= bits & forms.HE_SHE == 0
        bar = np.where(self.hole[self.first] > 0, -1, self._before(barred))
        people = self._people()
        person = self._before(people)
        mine = people & (np.append(0, bits[:-1]) & forms.MINE != 0)
        begun = self.table.begun[self.first]
        named = self._count(mine, begun, self.first) > 0
        found = person >= np.maximum(own, bar)
        meant = self._before(bits & forms.HE_SHE != 0) >= np.maximum(own, bar)
        found |= meant & (named | (self._count(people, own, self.first) > 0))
        if language == "it":
            found |= named & ((bits[own] | bits[own - 1]) & forms.AND != 0)
        return found


class _Finds:
    """Words at which a cue is tried, and the hits that it may reach."""

    def __init__(self, hits: _Hits, place: np.ndarray, rows: np.ndarray) -> None:
        where, kind, early, late, rest, reach, wide, first, past = rows
        begin = place - late
        sure = early == late
        opens = ~sure | hits.opens[begin]
        keep = (first == 0) | opens
        reach = np.where((wide != 0) & opens, np.maximum(reach, WIDE), reach)
        columns = (where, kind, place, place - early, place + rest, reach, past)
        self.where, self.kind, self.place, self.begin, self.end, self.reach, self.past = (
            column[keep] for column in columns
        )
        self.hits = hits

    def answers(self) -> np.ndarray:
        """Where a turn of phrase may answer."""
        return self.end[self.where == _ANSWER]

    def _paired(
        self, where: int, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Finds of a kind from one place to before another, and the hit of each."""
        finds = np.flatnonzero(self.where == where)
        at = self.place[finds]
        begin, end = np.searchsorted(at, low), np.searchsorted(at, high)
        count = np.maximum(end - begin, 0)
        pair = np.repeat(begin - np.cumsum(count) + count, count) + np.arange(count.sum())
        return finds[pair], np.repeat(np.arange(len(count)), count)

    def _note(self, found: np.ndarray, hit: np.ndarray, find: np.ndarray, kept: np.ndarray) -> None:
        kept &= (self.past[find] == 0) | self.hits.past[self.hits.own[hit]]
        np.bitwise_or.at(found, hit[kept], self.kind[find[kept]])

    def ahead(self, found: np.ndarray) -> None:
        """Cues before a hit, in its clause."""
        hits = self.hits
        if not len(self.place):
            return
        far = int(self.reach.max() + (self.end - self.place).max()) + 1
        low = np.maximum(hits.own - far, hits.first - far - hits.hole[hits.first])
        find, hit = self._paired(_AHEAD, low, hits.first)
        first, own, place = hits.first[hit], hits.own[hit], self.place[find]
        end = np.minimum(self.end[find], first - 1)
        alone = self.end[find] == place
        same = np.where(alone, hits.clause[place] == own, end >= own)
        spare = np.where(alone, hits.hole[place], 0)
        between = first - hits.hole[first] - (end - spare) - 1
        self._note(found, hit, find, same & (between <= self.reach[find]))

    def behind(self, found: np.ndarray) -> None:
        """Cues behind a hit, in its clause or one that takes up what it names."""
        hits = self.hits
        if not len(self.place):
            return
        clause = hits.clause[hits.last]
        stop = hits.end_of[clause]
        after = stop + 1
        takes = (hits.bits[after] & forms.TOPIC != 0) & hits.opens[after]
        takes &= hits.table.run[after] == hits.table.run[hits.last]
        far = int(self.reach.max() + (self.place - self.begin).max()) + 2
        high = np.minimum(hits.last + far + hits.hole[stop] - hits.hole[hits.last], stop + far)
        high = np.where(takes, np.maximum(high, after + far), high)
        find, hit = self._paired(_BEHIND, hits.last + 1, high)
        last, place = hits.last[hit], self.place[find]
        begin = np.maximum(self.begin[find], last + 1)
        alone = self.begin[find] == place
        same = np.where(alone, hits.clause[place] == clause[hit], begin <= stop[hit])
        spare = np.where(alone, hits.hole[place], hits.hole[stop[hit]]) - hits.hole[last]
        same &= begin - last - 1 - spare <= self.reach[find]
        same |= takes[hit] & (place >= after[hit]) & (
            self.begin[find] - after[hit] - hits.hole[place] <= self.reach[find]
        )  # fmt: skip
        self._note(found, hit, find, same)

    def across(self, found: np.ndarray) -> None:
        """Cues that reach their whole sentence."""
        hits = self.hits
        begun = hits.table.begun
        for past in (0, 1):
            told = np.zeros(len(hits.bits), dtype=np.int64)
            own = (self.where == _ACROSS) & (self.past == past)
            np.bitwise_or.at(told, begun[self.place[own]], self.kind[own])
            means = told[begun[hits.first]]
            found |= np.where(hits.past[hits.own], means, 0) if past else means
