"""Which hits a cue may bear on, told for thousands of texts at once before any is read.

Reading a text word by word is dear, and most texts with a hit need none of it: no cue stands in
reach. That is told here from places alone: how many words and commas lie between a cue and a
hit, whether a sentence or a word such as *but* ends the clause between them. What may bear on a
hit is kept; `quidqual.coding.cue_reading` decides.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from quidqual.coding import word_forms as forms
from quidqual.coding.cue_finding import CueFinder
from quidqual.coding.cue_lists import WIDE, Cue
from quidqual.coding.patterns import Pattern
from quidqual.coding.word_table import WordTable

# What a word found in a text is there for.
AHEAD, AFTER, ACROSS, ANSWER, PERSON, VERB, TIME, ASKING, INVERTED, DENYING, TOPIC = range(11)
# What may be said of a hit: flags, and that an answer behind it denies it.
DENIED, SUPPOSED, GONE, OTHER, ANSWERED = 1, 2, 4, 8, 16
EVERY = 31
_KIND = {"negation": DENIED, "hypothetical": SUPPOSED, "past_only": GONE, "other_person": OTHER}
_FAR = 40  # words, as far as anything is looked for in a long sentence
_WIDEST = _FAR + 12  # with the words of a long cue
_SHORT, _LEAD, _TOPIC = 4, 3, 16
_HINTS = (
    (PERSON, forms.PEOPLE, OTHER), (VERB, forms.VERB, SUPPOSED), (TIME, forms.TIME, GONE),
    (ASKING, forms.ASKING, ANSWERED), (INVERTED, forms.INVERTED, ANSWERED),
    (DENYING, forms.ANSWER, ANSWERED),
)  # fmt: skip


class Reach:
    """Tells which texts are worth reading for cues.

    Parameters
    ----------
    cues : sequence of Cue
        In the order of `patterns`; pseudo-cues last, they are passed over here.
    patterns : sequence of Pattern
        Of the cues.
    finder : CueFinder
        Of the same patterns.
    usual : bool
        Whether subjects, verbs, questions and answers are read as well.
    """

    def __init__(
        self,
        language: str,
        cues: Sequence[Cue],
        patterns: Sequence[Pattern],
        finder: CueFinder,
        *,
        usual: bool,
    ) -> None:
        self._language, self._usual, self._finder = language, usual, finder
        self._reach = [max(c.reach, WIDE if c.subject or c.phrase else 0) for c in cues]
        self._mode = [
            ANSWER if c.answer else ACROSS if c.across else AFTER if c.before else AHEAD
            for c in cues
        ]
        self._kind = [ANSWERED if c.answer else _KIND[c.kind] for c in cues]
        self._rows: list[list[tuple[int, int, int, int, int]]] = []
        self._columns = self._begin = self._count = np.zeros(0, dtype=np.int64)

    def _told(self) -> None:
        """Write out what each code of the finder stands for: mode, reach, extent."""
        tried = self._finder.tried
        if len(self._rows) == len(tried):
            return
        for row in tried[len(self._rows) :]:
            widest: dict[tuple[int, int, int, int], int] = {}
            for tried_ in row:
                if tried_.pattern < len(self._mode):
                    mode = self._mode[tried_.pattern]
                    early = tried_.early if mode == AFTER else 0
                    rest = tried_.rest if mode == AHEAD else 0
                    key = mode, self._kind[tried_.pattern], early, rest
                    widest[key] = max(widest.get(key, 0), self._reach[tried_.pattern])
            self._rows.append([(*key, reach) for key, reach in widest.items()])
        flat = [row for rows in self._rows for row in rows]
        self._columns = np.array(flat, dtype=np.int64).reshape(-1, 5)
        self._count = np.array([len(rows) for rows in self._rows])
        self._begin = np.cumsum(self._count) - self._count

    def possible(
        self, table: WordTable, at: np.ndarray, codes: np.ndarray, spans: np.ndarray
    ) -> np.ndarray:
        """What may be said of each hit, as bits.

        Parameters
        ----------
        table : WordTable
        at, codes : array
            Candidates of the finder.
        spans : array
            First and last word of each hit, as two rows.
        """
        self._told()
        count = self._count[codes]
        row = np.repeat(self._begin[codes] - np.cumsum(count) + count, count) + np.arange(
            count.sum()
        )
        place = np.repeat(at, count)
        mode, kind, early, rest, reach = self._columns[row].T
        signs = _Signs(table, self._usual)
        if self._usual:
            hinted, told, means = self._hints(table, signs, place, mode)
            place, mode = np.concatenate([place, hinted]), np.concatenate([mode, told])
            kind = np.concatenate([kind, means])
            zeros = np.zeros(len(hinted), dtype=np.int64)
            early, rest, reach = (np.concatenate([x, zeros]) for x in (early, rest, reach))
            order = np.argsort(place, kind="stable")
            place, mode, kind, early, rest, reach = (
                x[order] for x in (place, mode, kind, early, rest, reach)
            )
        first, last = spans
        text = table.text[first]
        low = np.searchsorted(place, np.maximum(first - _WIDEST, table.first[text]))
        high = np.searchsorted(place, np.minimum(last + _WIDEST, table.first[text + 1]))
        count = np.maximum(high - low, 0)
        pair = np.repeat(low - np.cumsum(count) + count, count) + np.arange(count.sum())
        own = np.repeat(np.arange(len(count)), count)
        begin, end = place - early, place + rest
        pairs = _Pairs(
            signs, mode[pair], begin[pair], end[pair], first[own], last[own], reach[pair],
            place[pair],
        )  # fmt: skip
        kept = pairs.kept()
        possible = np.zeros(len(first), dtype=np.int64)
        np.bitwise_or.at(possible, own[kept], kind[pair[kept]])
        if self._usual:
            possible[signs.asked[first]] |= SUPPOSED | ANSWERED
        return possible

    def _hints(
        self, table: WordTable, signs: _Signs, place: np.ndarray, mode: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Words that may turn a hit without being a cue, where they can tell anything at all."""
        bits, found, told, means = table.bits, [], [], []
        any_ = forms.PEOPLE | forms.VERB | forms.TIME | forms.ASKING | forms.INVERTED | forms.ANSWER
        some = np.flatnonzero(bits & any_)
        own = bits[some]
        answered = np.zeros(len(table.texts), dtype=bool)
        answered[table.text[some[own & forms.ANSWER != 0]]] = True
        answered[table.text[place[mode == ANSWER]]] = True
        for kind, bit, meaning in _HINTS:
            at = some[own & bit != 0]
            if kind == ASKING:
                at = at[answered[table.text[at]]]
            elif kind == INVERTED:
                at = at[answered[table.text[at]] & (at <= signs.begun[at] + 1)]
            elif kind == DENYING:
                at = at[signs.behind[at] - signs.opening[at] <= _SHORT + 1]
            elif kind == TIME:
                at = at[at - signs.opening[at] <= _LEAD]
                past = np.zeros(len(table.texts), dtype=bool)
                past[table.text[bits & forms.PAST != 0]] = True
                at = at[past[table.text[at]]]
            found.append(at)
            told.append(np.full(len(at), kind))
            means.append(np.full(len(at), meaning))
        if self._language == "it":
            non = np.flatnonzero(bits[:-1] & forms.NON)
            at = non[bits[non + 1] & forms.RESUMING != 0]
        else:
            at = np.flatnonzero(bits & forms.TAKEN_UP)
        found.append(at)
        told.append(np.full(len(at), TOPIC))
        means.append(np.full(len(at), ANSWERED))
        return np.concatenate(found), np.concatenate(told), np.concatenate(means)


class _Signs:
    """Counts at every word of a table: what lies before it.

    Attributes
    ----------
    commas, hard, enders, topics : array of int
        How many words, up to and with this one, have a comma before them; a sign that ends a
        clause; how many surely begin a clause themselves, and may take up what was named.
    sentence, begun, end : array of int
        Number of the sentence, its first and its last word.
    opening, behind : array of int
        The nearest word that may begin a clause, up to and with this one; and behind this one.
    """

    def __init__(self, table: WordTable, usual: bool) -> None:
        bits, size = table.bits, len(table.bits)
        hard, comma = bits & forms.HARD != 0, bits & forms.COMMA != 0
        ender = bits & forms.ENDS_AT_ONCE != 0
        self.topics = np.cumsum(bits & forms.TOPIC != 0, dtype=np.int32)
        self.commas, self.hard, self.enders = (
            np.cumsum(x, dtype=np.int32) for x in (comma, hard, ender)
        )
        words = np.arange(size)
        breaks = np.append(True, np.diff(table.run) != 0)
        self.sentence = np.cumsum(breaks, dtype=np.int32)
        self.begun = np.maximum.accumulate(np.where(breaks, words, 0))
        cut = bits & (forms.SIGN | forms.COMMA | forms.HARD | forms.TURNING) != 0
        cut[1:] |= bits[:-1] & forms.AND != 0
        cut |= breaks
        self.opening = np.maximum.accumulate(np.where(cut, words, 0))
        ends = np.append(np.flatnonzero(cut), size)
        self.behind = ends[np.searchsorted(ends, words, "right")]
        stops = np.append(np.flatnonzero(breaks), size)
        self.end = stops[np.searchsorted(stops, words, "right")] - 1  # of the sentence
        self.asked = bits[self.end] & forms.ASKED != 0
        self.comma_places = np.flatnonzero(comma)
        self.going_on = np.flatnonzero(bits & forms.GOES_ON)
        self.mine = np.flatnonzero(bits & forms.MINE)


class _Pairs:
    """Finds and hits of one text, side by side."""

    def __init__(
        self,
        signs: _Signs,
        mode: np.ndarray,
        begin: np.ndarray,
        end: np.ndarray,
        first: np.ndarray,
        last: np.ndarray,
        reach: np.ndarray,
        place: np.ndarray,
    ) -> None:
        self.signs, self.mode, self.place, self.reach = signs, mode, place, reach
        self.ahead = place < first
        self.inside = ~self.ahead & (place <= last)
        self.low = np.where(self.ahead, np.minimum(end, first), last)
        self.high = np.where(self.ahead, first, np.maximum(begin, last))

    def _between(self, counts: np.ndarray) -> np.ndarray:
        return counts[self.high] - counts[self.low]

    def kept(self) -> np.ndarray:
        """Whether a find may bear on its hit."""
        mode, ahead, behind = self.mode, self.ahead, ~self.ahead
        apart = self.high - self.low
        breaks = self._between(self.signs.sentence)
        same = self._same_clause()
        far = (same > 0) & (apart <= np.where(same == 2, _FAR, self.reach + 1))
        keep = (mode == AHEAD) & ahead & far
        keep |= (mode == AFTER) & behind & (breaks == 0) & (far | self._taken_up())
        keep |= (mode == ACROSS) & (breaks == 0)
        keep |= (mode == ANSWER) & behind & (breaks <= 1) & (apart <= _FAR)
        keep |= (mode == PERSON) & ahead & (((same > 0) & (apart <= _FAR)) | self._my(breaks))
        keep |= (mode == VERB) & ((ahead & (same > 0)) | self.inside)
        keep |= (mode == TIME) & (apart <= _FAR)
        keep |= (mode == ASKING) & ahead & (breaks == 0)
        keep |= (mode == INVERTED) & (ahead | self.inside) & (breaks == 0)
        keep |= (mode == DENYING) & behind & (breaks <= 1) & (apart <= _FAR)
        keep |= (mode == TOPIC) & behind & (breaks == 0) & (apart <= _TOPIC)
        return keep

    def _taken_up(self) -> np.ndarray:
        """Whether a word that may take up what was named stands near enough before a cue."""
        topics = self.signs.topics
        return topics[self.high] > topics[np.maximum(self.high - self.reach - 1, self.low)]

    def _my(self, breaks: np.ndarray) -> np.ndarray:
        """Whether *my* stands before a person named earlier in the sentence."""
        mine = self.signs.mine
        if not len(mine):
            return np.zeros(len(breaks), dtype=bool)
        at = np.maximum(np.searchsorted(mine, self.place) - 1, 0)
        near = self.place - mine[at]
        return (breaks == 0) & (near >= 0) & (near <= 2)

    def _same_clause(self) -> np.ndarray:
        """0: the clauses differ; 1: they may be one; 2: a remark may lie between."""
        signs, low = self.signs, self.low
        commas = self._between(signs.commas)
        # an earlier comma may have opened a remark, in which no word opens a clause
        earlier = signs.commas[low] - signs.commas[signs.begun[low]]
        later = signs.commas[signs.end[low]] - signs.commas[self.high]  # that closes it
        ended = self._between(signs.enders) > 0
        same = np.where(
            commas == 0, ~ended | ((earlier > 0) & (later > 0)), self._goes_on() & (commas == 1)
        )
        return np.where(self._between(signs.hard) > 0, 0, np.where(commas > 1, 2, same))

    def _goes_on(self) -> np.ndarray:
        """Whether a list goes on behind the last comma before a place."""
        commas, joined = self.signs.comma_places, self.signs.going_on
        if not len(commas) or not len(joined):
            return np.zeros(len(self.high), dtype=bool)
        comma = commas[np.maximum(np.searchsorted(commas, self.high, "right") - 1, 0)]
        at = np.searchsorted(joined, comma)
        after = joined[np.minimum(at, len(joined) - 1)]
        return (at < len(joined)) & (after - comma <= _LEAD)
