"""The words of some texts as lists, each with its clause."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np

from quidqual.cues.clause_cutting import WINDOW, Cut
from quidqual.cues.word_forms import ASKED, BEGINS, COMMA, CONDITIONAL, FINITE, HARD, SIGN
from quidqual.cues.word_table import WordTable

__all__ = ["WINDOW", "Clauses"]


class Clauses:
    """The words of some texts of a table, and which make up a clause.

    Words have new numbers here (`here`); words beside a text are empty, so a look at them
    meets nothing.

    Attributes
    ----------
    keys, bits, clauses : list
        Of each word: as it is compared, what lists say of it and of the sign before it, and its
        clause (the first word of it).
    form, every, texts, runs, begun, end, hole : array
        Of each word: its form, its bits, its text, its sentence, the first and last word of that,
        and how many words of remarks its clause has before it.
    """

    def __init__(self, table: WordTable, cut: Cut, chosen: np.ndarray, language: str) -> None:
        self.language, self._table = language, table
        full = np.append(chosen, True)[table.text]
        self._here = np.cumsum(full) - 1
        self._there = there = np.flatnonzero(full)
        shift = there - np.arange(len(there))
        names = table.lexicon.names
        self.form = table.form[there]
        self.keys = list(map(names.__getitem__, self.form.tolist()))
        self.every = table.bits[there]
        self.bits: list[int] = self.every.tolist()
        self.runs, self.texts = table.run[there], table.text[there]
        self.hole = cut.hole[there]
        clause = cut.clause[there] - shift
        self.clauses: list[int] = clause.tolist()
        self.begun, self.end = table.begun[there] - shift, table.end[there] - shift
        stretch = np.flatnonzero(np.diff(clause, prepend=-1))
        size = np.diff(stretch, append=len(there))
        self._size = np.zeros(len(there), dtype=np.int64)
        self._size[stretch] = size
        self._further: dict[int, list[int]] = {}
        resumed = clause[stretch] != stretch
        for at, words in zip(stretch[resumed].tolist(), size[resumed].tolist(), strict=True):
            self._further.setdefault(self.clauses[at], []).extend(range(at, at + words))

    def here(self, words: np.ndarray) -> list[int]:
        """Numbers that words of the table have here; they must be of the chosen texts."""
        return self._here[words].tolist()

    def bounds(self, text: int) -> tuple[int, int]:
        """First word of a text, and the row behind its last."""
        first, last = self._table.first[text], self._table.behind[text] - 1
        return int(self._here[first]), int(self._here[last]) + 1

    def places(self, words: Sequence[int]) -> tuple[list[int], list[int]]:
        """Where words start and end in their texts."""
        start, end = self._table.places(self._there[np.array(words, dtype=np.int64)])
        return start.tolist(), end.tolist()

    def _following(self, at: int) -> str:
        """The character behind a word, if it is no space and no letter; another word follows."""
        if not self.bits[at + 1] & (SIGN | COMMA | HARD) and self.keys[at + 1][:1] != "'":
            return ""
        end = self.places([at])[1][0]
        return self._table.texts[self.texts[at]][end : end + 1]

    def _same(self, first: int) -> Sequence[int]:
        """Words of the clause of a word."""
        number = self.clauses[first]
        own = range(number, number + int(self._size[number]))
        return [*own, *self._further[number]] if number in self._further else own

    def _begins(self, at: int) -> bool:
        return self.bits[at] & BEGINS != 0

    def _conditional(self, at: int) -> bool:
        return self.bits[at] & CONDITIONAL != 0

    def _finite(self, at: int) -> bool:
        return self.bits[at] & FINITE != 0

    def _opener(self, at: int) -> bool:
        return self.clauses[at - 1] != self.clauses[at]

    def _clause_from(self, at: int) -> Sequence[int]:
        own = self._same(at)
        return own[bisect_left(own, at) :]

    def _between(self, after: int, before: int) -> Sequence[int]:
        """Words of one clause between two of its words."""
        own = self._same(after)
        return own[bisect_right(own, after) : bisect_left(own, before)]

    def _after(self, first: int) -> tuple[int, bool] | None:
        """First word behind the clause of a hit (of its sentence, if asked), and whether asked."""
        end, asked = self._end(first)
        if asked:
            return (end + 1, True) if self.keys[end + 1] else None
        at = self._same(first)[-1] + 1
        return (at, False) if self.keys[at] else None

    def _end(self, first: int) -> tuple[int, bool]:
        """Last word of a sentence, and whether it is a question."""
        end = self.end[first]
        return end, self.bits[end] & ASKED != 0
