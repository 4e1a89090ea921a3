"""Texts cut into clauses: at signs, at conjunctions, at `and` with a subject of its own.

Thousands of texts at once. Where no comma stands, and no clause in front of its main one may
end without a sign, a clause is told from a word and its neighbours; the rest is gone through
from the left.
"""

from __future__ import annotations

import numpy as np

from quidqual.cues.word_forms import (
    AFTER_AND,
    AND,
    BEFORE_VERB,
    BEGINS,
    CHE,
    CLITIC,
    COMMA,
    CONTRAST,
    DATO,
    DEGREE,
    DETERMINER,
    ENDS,
    ENDS_AT_ONCE,
    FINITE,
    FRONTED,
    GOES_ON,
    HARD,
    MAIN,
    NE,
    NEGATIVE,
    NEGATIVE_REMARK,
    NOMINATIVE,
    NON,
    NOT,
    OR,
    PARTICIPLE,
    PREPOSITION,
    PRONOUN,
    REFLEXIVE,
    RELATIVE,
    REMARK,
    SAYING,
    SE,
    SIGN,
    SUBJECT,
    THERE,
    TURNING,
)
from quidqual.cues.word_table import WordTable

WINDOW = 40  # words within which something is looked for in a long sentence
_WORDS, _FRONTED = 12, 3  # words of a remark at most, of a clause in front at least
_OPENS, _FRONT, _LIST, _CLOSED = SIGN, BEGINS, OR, FINITE  # bits told of a place, for others


class Cut:
    """Clauses of all words of a table.

    Attributes
    ----------
    clause : array
        Of each word: the first word of its clause. A remark between commas is a clause of its
        own; behind it the clause goes on.
    hole : array
        How many words of remarks its clause has before it.
    """

    def __init__(self, table: WordTable, language: str) -> None:
        self._italian = language == "it"
        self._table, bits = table, table.bits
        opens, fronted = self._opening(bits)
        hard = bits & HARD != 0
        stretch = np.cumsum(hard)
        looked_at = np.zeros(int(stretch[-1]) + 1, dtype=bool)
        looked_at[stretch[(bits & COMMA != 0) | fronted]] = True
        there = looked_at[stretch]
        starts = hard | (opens & ~there)
        number, hole = np.arange(len(bits)), np.zeros(len(bits), dtype=np.int64)
        events = np.flatnonzero(there & (hard | opens | fronted | (bits & COMMA != 0)))
        if len(events):
            at, told, holes = self._read(events, opens[events] * _OPENS | fronted[events] * _FRONT)
            starts[at], number[at], hole[at] = True, told, holes
        first = np.flatnonzero(starts)
        size = np.diff(first, append=len(bits))
        self.clause = np.repeat(number[first], size)
        self.hole = np.repeat(hole[first], size)

    def _opening(self, bits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Words that open a clause without a comma, and those that may behind one in front."""
        table = self._table
        before, after = np.append(0, bits[:-1]), np.append(bits[1:], 0)
        ends = bits & ENDS != 0
        opens = bits & ENDS_AT_ONCE != 0
        opens |= (bits & DEGREE != 0) & (after & (SUBJECT | DETERMINER) != 0)  # "so frightened"
        opens |= (bits & DATO != 0) & (after & CHE != 0)
        opens |= (bits & SE != 0) & (after & NE == 0)  # *se n'è andata*
        opens &= ends
        joined = before & AND != 0
        turning = (bits & (TURNING | SIGN | COMMA) != 0) | joined
        opens |= joined & ~ends & (bits & AFTER_AND != 0)
        main = np.flatnonzero(~ends & ~opens & (bits & MAIN != 0))
        if len(main):  # the main verb behind a relative clause of the subject
            start = np.maximum(table.begun[main], main - WINDOW)
            count = np.cumsum(bits & RELATIVE != 0)
            own = bits[start] & DETERMINER != 0
            own &= count[np.maximum(main - 3, start)] > count[start]
            own &= bits[main - 1] & (PRONOUN | RELATIVE | NON | THERE) == 0
            opens[main[own]] = True
        fronted = turning & ~ends & ~opens
        fronts = np.cumsum(bits & FRONTED != 0)
        if self._italian:
            verb = np.where(bits & (NON | REFLEXIVE) != 0, after, bits) & FINITE != 0
            fronted &= verb & (before & (CLITIC | FINITE) == 0)
        else:
            fronted &= (bits & NOMINATIVE != 0) & (before & (SAYING | PREPOSITION | FINITE) == 0)
        at = np.flatnonzero(fronted)
        none = fronts[at] == fronts[np.maximum(table.begun[at] - 1, 0)]
        fronted[at[none]] = False
        return opens, fronted

    def _read(
        self, events: np.ndarray, opening: np.ndarray
    ) -> tuple[list[int], list[int], list[int]]:
        """Go through words at which a clause may begin: of each that does, clause and hole."""
        starts: list[int] = []
        clauses: list[int] = []
        holes: list[int] = []
        current = opened = before = hole = 0
        resume: tuple[int, int] | None = None  # clause, and words up to its remark without holes
        told = self._commas(events) | opening
        finite = np.cumsum(np.append(0, self._table.bits & FINITE != 0))[events].tolist()
        seen = dict(zip(events.tolist(), finite, strict=True))
        for i, own in zip(events.tolist(), told.tolist(), strict=True):
            if own & HARD:
                resume = None
            elif not own & COMMA:
                if resume is not None or not (own & _OPENS or self._main_behind(i, opened, own)):
                    continue
            elif resume is not None:
                if not self._apposed(i, before, own, seen):
                    back, resume = resume, None
                    if not own & CONTRAST:
                        current, hole, opened = back[0], i - back[1], i
                        starts.append(i)
                        clauses.append(current)
                        holes.append(hole)
                        continue
            elif not own & _LIST:
                before = current
                if own & REMARK or self._apposed(i, before, own, seen):
                    resume = current, i - hole
            elif not (own & _OPENS or self._main_behind(i, opened, own)):
                continue
            current, opened, hole = i, i, 0
            starts.append(i)
            clauses.append(i)
            holes.append(0)
        return starts, clauses, holes

    def _commas(self, at: np.ndarray) -> np.ndarray:
        """What can be told of words behind a comma, as bits.

        `REMARK`: a remark that a second comma closes. `_LIST`: a list goes on, ``angry, sad or
        afraid``. `_CLOSED`: a verb stands behind the next comma.
        """
        bits, end = self._table.bits, self._table.end[at]
        own = bits[at]
        commas = np.append(np.flatnonzero(bits & COMMA), len(bits) - 1)
        closing = commas[np.minimum(np.searchsorted(commas, at, "right"), len(commas) - 1)]
        behind = np.where((closing > at) & (closing <= end), bits[closing], -1)
        remark = (own & REMARK != 0) & (behind >= 0) & (behind & (AND | PRONOUN) == 0)
        going = (at < end) & (bits[at + 1] & OR != 0)
        going |= (at + 1 < end) & (bits[np.minimum(at + 2, len(bits) - 1)] & OR != 0)
        going &= ~remark & (own & (BEGINS | ENDS) == 0)
        going |= own & (GOES_ON | AND) == GOES_ON
        closed = (behind >= 0) & (closing < at + _WORDS) & (behind & FINITE != 0)
        kept = own & (HARD | COMMA | CONTRAST | NEGATIVE_REMARK)
        return kept | remark * REMARK | going * _LIST | closed * _CLOSED

    def _apposed(self, at: int, start: int, told: int, finite: dict[int, int]) -> bool:
        """Whether a stretch between commas only stands beside the subject, or beside the verb.

        ``her youngest, the one at the nursery, is shy``: there is no verb before it, and one
        behind. ``non si e' mai, nemmeno un'ora, sentito``: it opens with a negative word and a
        participle follows.
        """
        if not told & NEGATIVE_REMARK:
            return told & _CLOSED != 0 and finite[at] == finite[start]
        bits = self._table.bits
        for own in bits[at + 1 : min(at + _WORDS, self._table.end[at] + 1)].tolist():
            if own & COMMA and not own & NEGATIVE_REMARK:
                return own & (FINITE | PARTICIPLE) != 0
        return False

    def _main_behind(self, at: int, start: int, told: int) -> bool:
        """Whether a word opens the main clause behind one that stands in front without a comma.

        ``since she no longer shares the room she sleeps well``, ``siccome non ha la macchina e'
        dipendente``.
        """
        if not told & _FRONT or at - start < _FRONTED:
            return False
        bits = self._table.bits
        opening = bits[start] if bits[start] & NOT else bits[start] | bits[start + 1]
        if not opening & FRONTED:
            return False
        verb = FINITE | BEFORE_VERB | NEGATIVE
        return not self._italian or bool(np.any(bits[start : at - 1] & verb))
