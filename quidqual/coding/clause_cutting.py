"""Texts cut into clauses: at signs, at conjunctions, at `and` with a subject of its own.

Thousands of texts at once. Where no comma stands, and no clause in front of its main one may
end without a sign, a clause is told from a word and its neighbours; the rest is gone through
from the left.
"""

from __future__ import annotations

import numpy as np

from quidqual.coding.word_forms import (
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
from quidqual.coding.word_table import WordTable

WINDOW = 40  # words within which something is looked for in a long sentence
_REMARK, _FRONTED = 12, 3  # words of a remark at most, of a clause in front at least


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
            told = self._read(events.tolist(), opens, fronted)
            at = told[:, 0]
            starts[at], number[at], hole[at] = True, told[:, 1], told[:, 2]
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

    def _read(self, events: list[int], opens: np.ndarray, fronted: np.ndarray) -> np.ndarray:
        """Go through words at which a clause may begin: of each that does, clause and hole."""
        bits = self._bits = self._table.bits.tolist()
        self._end = self._table.end
        rows: list[tuple[int, int, int]] = []
        current = opened = before = hole = 0
        resume: tuple[int, int] | None = None  # clause, and words up to its remark without holes
        for i in events:
            own = bits[i]
            if own & HARD:
                resume = None
            elif not own & COMMA:
                if resume is not None or not (opens[i] or self._main_behind(i, opened, fronted)):
                    continue
            elif resume is not None:
                if not self._apposed(i, before):
                    back, resume = resume, None
                    if not own & CONTRAST:
                        current, hole = back[0], i - back[1]
                        opened = i
                        rows.append((i, current, hole))
                        continue
            elif not self._goes_on(i):
                before = current
                if self._remark(i) or self._apposed(i, before):
                    resume = current, i - hole
            elif not (opens[i] or self._main_behind(i, opened, fronted)):
                continue
            current, opened, hole = i, i, 0
            rows.append((i, i, 0))
        return np.array(rows, dtype=np.int64)

    def _goes_on(self, at: int) -> bool:
        """Whether what follows a comma goes on with a list: ``angry, sad or afraid``."""
        bits = self._bits
        own = bits[at]
        if own & (GOES_ON | AND) == GOES_ON:
            return True
        if own & REMARK and self._remark(at):
            return False
        if own & (BEGINS | ENDS):
            return False
        end = self._end[at]
        return any(bits[i] & OR and i <= end for i in (at + 1, at + 2))

    def _remark(self, at: int) -> bool:
        """Whether the words behind a comma are a remark that a second comma closes."""
        bits = self._bits
        if bits[at] & REMARK:
            for i in range(at + 1, self._end[at] + 1):
                if bits[i] & COMMA:
                    return not bits[i] & (AND | PRONOUN)
        return False

    def _apposed(self, at: int, start: int) -> bool:
        """Whether a stretch between commas only stands beside the subject, or beside the verb.

        ``her youngest, the one at the nursery, is shy``: there is no verb before it, and one
        behind. ``non si e' mai, nemmeno un'ora, sentito``: it opens with a negative word and a
        participle follows.
        """
        bits = self._bits
        negative = bits[at] & NEGATIVE_REMARK
        if not negative and any(own & FINITE for own in bits[start:at]):
            return False
        for own in bits[at + 1 : min(at + _REMARK, self._end[at] + 1)]:
            if own & COMMA and not (negative and own & NEGATIVE_REMARK):
                return own & (FINITE | PARTICIPLE if negative else FINITE) != 0
        return False

    def _main_behind(self, at: int, start: int, fronted: np.ndarray) -> bool:
        """Whether a word opens the main clause behind one that stands in front without a comma.

        ``since she no longer shares the room she sleeps well``, ``siccome non ha la macchina e'
        dipendente``.
        """
        bits = self._bits
        opening = bits[start] if bits[start] & NOT else bits[start] | bits[start + 1]
        if not fronted[at] or at - start < _FRONTED or not opening & FRONTED:
            return False
        denied = FINITE | BEFORE_VERB | NEGATIVE
        return not self._italian or any(own & denied for own in bits[start : at - 1])
