"""A text cut into clauses: at signs, at conjunctions, at `and` with a subject of its own."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np

from quidqual.coding import clause_words as lists
from quidqual.coding.word_forms import (
    AFTER_AND,
    AND,
    ASKED,
    BEGINS,
    COMMA,
    CONDITIONAL,
    DETERMINER,
    ENDS,
    ENDS_AT_ONCE,
    FINITE,
    GOES_ON,
    HARD,
    MAIN,
    NOMINATIVE,
    PARTICIPLE,
    PRONOUN,
    RELATIVE,
    SIGN,
    SUBJECT,
    TURNING,
)
from quidqual.coding.word_table import WordLists

WINDOW = 40  # words within which something is looked for in a long sentence
_REMARK, _FRONTED = 12, 3  # words of a remark at most, of a clause in front at least
_APART = SIGN | COMMA | HARD


class Clauses:
    """The words of some texts, each with the number of its clause.

    Attributes
    ----------
    words : WordLists
        Of which `keys`, `bits`, `runs` are taken.
    clauses : list of int
        Of each word. A remark between commas has a number of its own; behind it the clause
        goes on.
    """

    def __init__(self, words: WordLists, language: str) -> None:
        self.words, self.language = words, language
        self.keys, self.bits, self.runs = words.keys, words.bits, words.runs
        self._stretches: list[list[tuple[int, int]]] = []
        self._members: dict[int, list[int]] = {}
        self._cut()

    def _cut(self) -> None:
        """Number the clauses; a remark between commas has its own and the clause goes on."""
        keys, bits, every = self.keys, self.bits, self.words.every
        events = every & (_APART | TURNING) != 0
        events[1:] |= every[:-1] & AND != 0
        stretches = self._stretches
        firsts, numbers = [0], [0]
        begun = [0]
        current = latest = opened = before = 0  # before: where the clause of a remark begins
        resume: int | None = None
        for i in np.flatnonzero(events).tolist():
            own = bits[i]
            if own & HARD:
                resume = None
            elif not own & COMMA:
                if resume is not None or not self._opens(i, opened):
                    continue
            elif resume is not None:
                if not self._apposed(i, before):
                    back, resume = resume, None
                    if keys[i] not in lists.CONTRASTS:
                        current, opened = back, i
                        firsts.append(i)
                        numbers.append(back)
                        continue
            elif not self._goes_on(i):
                before = begun[current]
                if self._remark(i) or self._apposed(i, before):
                    resume = current
            elif not self._opens(i, opened):
                continue
            latest += 1
            current, opened = latest, i
            begun.append(i)
            firsts.append(i)
            numbers.append(current)
        stretches += [[] for _ in begun]
        ends = [*firsts[1:], len(bits)]
        for number, first, behind in zip(numbers, firsts, ends, strict=True):
            stretches[number].append((first, behind))
        self.clauses: list[int] = np.repeat(numbers, np.subtract(ends, firsts)).tolist()
        self.openers = set(firsts)

    def _goes_on(self, at: int) -> bool:
        """Whether what follows a comma goes on with a list: ``angry, sad or afraid``."""
        keys = self.keys
        if self.bits[at] & (GOES_ON | AND) == GOES_ON:
            return True
        if keys[at] in lists.REMARKS.get(self.language, ()) and self._remark(at):
            return False
        if lists.OR.isdisjoint(keys[at + 1 : at + 3]):
            return False
        if self.bits[at] & (BEGINS | ENDS):
            return False
        return any(
            keys[i] in lists.OR and self.runs[i] == self.runs[at]
            for i in (at + 1, at + 2)
        )

    def _begins(self, at: int) -> bool:
        return self.bits[at] & BEGINS != 0

    def _remark(self, at: int) -> bool:
        """Whether the words behind a comma are a remark that a second comma closes."""
        if self.keys[at] not in lists.REMARKS.get(self.language, ()):
            return False
        for i in range(at + 1, self.words.end[at] + 1):
            if self.bits[i] & COMMA:
                return not self.bits[i] & (AND | PRONOUN)
        return False

    def _apposed(self, at: int, start: int) -> bool:
        """Whether a stretch between commas only stands beside the subject, or beside the verb.

        ``her youngest, the one at the nursery, is shy``: there is no verb before it, and one
        behind. ``non si e' mai, nemmeno un'ora, sentito``: it opens with a negative word and a
        participle follows.
        """
        negative = self.keys[at] in lists.NEGATIVE_REMARKS.get(self.language, ())
        if not negative and any(map(self._finite, range(start, at))):
            return False
        for i in range(at + 1, min(at + _REMARK, self.words.end[at] + 1)):
            if self.bits[i] & COMMA:
                if self.keys[i] in lists.NEGATIVE_REMARKS.get(self.language, ()) and negative:
                    continue
                return self._finite(i) or (negative and bool(PARTICIPLE.search(self.keys[i])))
        return False

    def _conditional(self, at: int) -> bool:
        return self.bits[at] & CONDITIONAL != 0

    def _finite(self, at: int) -> bool:
        return self.bits[at] & FINITE != 0

    def _main_behind_fronted(self, at: int, start: int) -> bool:
        """Whether a word opens the main clause behind one that stands in front without a comma.

        ``since she no longer shares the room she sleeps well``, ``siccome non ha la macchina e'
        dipendente``.
        """
        fronted = lists.FRONTED.get(self.language, frozenset())
        opening = self.keys[start : start + 1 if self.keys[start] == "not" else start + 2]
        if at - start < _FRONTED or fronted.isdisjoint(opening):
            return False
        before = self.keys[at - 1]
        if self.language == "it":
            verb = at + 1 if self.keys[at] in ("non", "si", "mi") else at
            return (
                before not in lists.CLITICS
                and self._finite(verb)
                and not self._finite(at - 1)
                and any(
                    self._finite(i)
                    or self.keys[i] in lists.BEFORE_VERB
                    or self.keys[i] in lists.N_WORDS
                    for i in range(start, at - 1)
                )
            )
        return not (
            before in lists.SAYING or before in lists.PREPOSITIONS["en"] or self._finite(at - 1)
        )

    def _opens(self, i: int, start: int) -> bool:
        """Whether a word without a comma before it opens a clause."""
        own = self.bits[i]
        if own & ENDS:
            key, following = self.keys[i], self.keys[i + 1]
            if own & ENDS_AT_ONCE:
                return True
            if key == "se":
                return following not in ("n'", "ne")  # *se n'è andata*
            if key in lists.DEGREES:  # "so frightened", "as happy as"
                return self.bits[i + 1] & (SUBJECT | DETERMINER) != 0
            return following == "che"
        if self.bits[i - 1] & AND and own & AFTER_AND:
            return True
        if (own & NOMINATIVE or self.language == "it") and self._main_behind_fronted(i, start):
            return True
        return own & MAIN != 0 and self._closes_relative(i)

    def _closes_relative(self, at: int) -> bool:
        """Whether a verb is the main one behind a relative clause of the subject."""
        start = max(self.words.begun[at], at - WINDOW)
        if not self.bits[start] & DETERMINER:
            return False
        return any(own & RELATIVE for own in self.bits[start + 1 : max(0, at - 2)]) and not (
            self.bits[at - 1] & (PRONOUN | RELATIVE) or self.keys[at - 1] in ("non", "there")
        )

    def _clause_from(self, at: int) -> list[int]:
        own = self._same(at)
        return own[bisect_left(own, at) :]

    def _between(self, after: int, before: int) -> list[int]:
        """Tokens of one clause between two of its tokens."""
        own = self._same(after)
        return own[bisect_right(own, after) : bisect_left(own, before)]

    def _after(self, first: int) -> tuple[int, bool] | None:
        """First token behind the clause of a hit (of its sentence, if asked), and whether asked."""
        end, asked = self._end(first)
        if asked:
            return (end + 1, True) if self.keys[end + 1] else None
        at = self._same(first)[-1] + 1
        return (at, False) if self.keys[at] else None

    def _end(self, first: int) -> tuple[int, bool]:
        """Last word of a sentence, and whether it is a question."""
        end = self.words.end[first]
        return end, self.bits[end] & ASKED != 0

    def _same(self, first: int) -> list[int]:
        """Words of the clause of a word."""
        number = self.clauses[first]
        own = self._members.get(number)
        if own is None:
            stretches = self._stretches[number]
            own = self._members[number] = [i for a, b in stretches for i in range(a, b)]
        return own
