"""A text cut into clauses: at signs, at conjunctions, at `and` with a subject of its own."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache

from quidqual.coding.tokens import Words
from quidqual.cues import clause_words as lists

WINDOW = 40  # words within which something is looked for in a long sentence
_REMARK, _FRONTED = 12, 3  # words of a remark at most, of a clause in front at least
_PARTICIPLE = re.compile(r"(?:ed|ing|[aiu]t[oaie]|tt[oaie]|rs[oaie]|st[oaie])$")
CONDITIONAL = re.compile(r"(?:r(?:ei|esti|ebbe|emmo|este|ebbero))$")
_IMPERFECT = re.compile(r"[ae]v(?:o|a|i|ano|amo|ate)$")
_BOUNDARY = re.compile(r"[;:()—–…]|\s-\s")


@cache
def _turning(language: str) -> frozenset[str]:
    """Words that may open a clause without a sign before them."""
    known: tuple[dict[str, frozenset[str]], ...] = (lists.ENDS, lists.SUBJECTS, lists.MAIN)
    if language == "it":
        known = (*known, lists.FINITE)
    return frozenset().union(*(own.get(language, frozenset()) for own in known))


class Clauses:
    """The words of a text, each with the number of its clause.

    Attributes
    ----------
    starts, ends, keys, runs : list
        Of each word, as `quidqual.coding.tokens.words_in` gives them.
    clauses : list of int
        Of each word. A remark between commas has a number of its own; behind it the clause
        goes on.
    openers : set of int
        Words that begin a clause.
    members : dict of int to list of int
        Words of each clause.
    sentences : dict of int to (int, int)
        First and last word of each run.
    """

    def __init__(self, text: str, language: str, words: Words) -> None:
        self.text, self.language = text, language
        self.starts, self.ends, self.keys, self.runs, _ = words
        self._finites = lists.FINITE.get(language, frozenset())
        self._beginning = lists.BEGINS.get(language, frozenset())
        self.clauses, self.openers = self._cut()
        self.members: dict[int, list[int]] = {}
        self.sentences: dict[int, tuple[int, int]] = {}
        clauses = self.clauses
        if len(self.openers) > 1:
            for i, clause in enumerate(clauses):
                self.members.setdefault(clause, []).append(i)
        else:
            self.members[0] = list(range(len(clauses)))
        first, runs = 0, self.runs
        for run in dict.fromkeys(runs):
            behind = bisect_right(runs, run)
            self.sentences[run] = first, behind - 1
            first = behind

    def _cut(self) -> tuple[list[int], set[int]]:
        """Number the clauses; a remark between commas has its own and the clause goes on."""
        clauses: list[int] = []
        openers, begun = {0}, {0: 0}
        current = latest = 0
        resume: int | None = None
        opened = before = 0  # first word of the clause that a remark stands in
        keys, text, starts, ends = self.keys, self.text, self.starts, self.ends
        turning = _turning(self.language)
        last = 0
        for i, key in enumerate(keys):
            if i:
                end, start = ends[i - 1], starts[i]
                if start == end or (start == end + 1 and text[end] == " "):
                    if (
                        resume is not None
                        or not (key in turning or keys[i - 1] in lists.AND)
                        or not self._opens(i, key, opened)
                    ):
                        clauses.append(current)
                        continue
                    gap = " "
                else:
                    gap = text[end:start]
                if gap == " ":
                    latest += 1
                    current = latest
                elif self.runs[i] != self.runs[i - 1] or _BOUNDARY.search(gap):
                    resume, latest = None, latest + 1
                    current = latest
                elif "," in gap and resume is not None:
                    latest += 1
                    if self._apposed(i, before):
                        current = latest
                    else:
                        current = latest if key in lists.CONTRASTS else resume
                        resume = None
                elif "," in gap and not self._goes_on(i):
                    before = begun[current]
                    if self._remark(i) or self._apposed(i, before):
                        resume = current
                    latest += 1
                    current = latest
                elif self._opens(i, key, opened) and resume is None:
                    latest += 1
                    current = latest
            if current != last:
                openers.add(i)
                opened, last = i, current
                begun.setdefault(current, i)
            clauses.append(current)
        return clauses, openers

    def _goes_on(self, at: int) -> bool:
        """Whether what follows a comma goes on with a list: ``angry, sad or afraid``."""
        keys = self.keys
        if keys[at] in lists.EXPLAINING:
            return True
        if keys[at] in lists.JOINED and keys[at] not in lists.AND:
            return True
        if keys[at] in lists.REMARKS.get(self.language, ()) and self._remark(at):
            return False
        if lists.OR.isdisjoint(keys[at + 1 : at + 3]):
            return False
        if self._begins(at) or keys[at] in lists.ENDS.get(self.language, ()):
            return False
        return any(
            keys[i] in lists.OR and self.runs[i] == self.runs[at]
            for i in range(at + 1, min(at + 3, len(keys)))
        )

    def _begins(self, at: int) -> bool:
        return self.keys[at] in self._beginning

    def _remark(self, at: int) -> bool:
        """Whether the words behind a comma are a remark that a second comma closes."""
        if self.keys[at] not in lists.REMARKS.get(self.language, ()):
            return False
        for i in range(at + 1, len(self.keys)):
            if self.runs[i] != self.runs[at]:
                return False
            if "," in self.text[self.ends[i - 1] : self.starts[i]]:
                return not (self.keys[i] in lists.AND or self._subject_word(i))
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
        for i in range(at + 1, min(at + _REMARK, len(self.keys))):
            if self.runs[i] != self.runs[at]:
                return False
            if "," in self.text[self.ends[i - 1] : self.starts[i]]:
                if self.keys[i] in lists.NEGATIVE_REMARKS.get(self.language, ()) and negative:
                    continue
                return self._finite(i) or (negative and bool(_PARTICIPLE.search(self.keys[i])))
        return False

    def _conditional(self, at: int) -> bool:
        key = self.keys[at]
        return (
            self.language == "it"
            and len(key) > 4
            and bool(CONDITIONAL.search(key))
            and key not in lists.NO_CONDITIONAL
        )

    def _finite(self, at: int) -> bool:
        if at >= len(self.keys):
            return False
        key = self.keys[at]
        return key in self._finites or (
            self.language == "it" and len(key) > 5 and bool(_IMPERFECT.search(key))
        )

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

    def _subject_word(self, at: int) -> bool:
        return self.keys[at] in lists.PRONOUNS.get(self.language, ())

    def _opens(self, i: int, key: str, start: int) -> bool:
        """Whether a word without a comma before it opens a clause."""
        if key in lists.ENDS.get(self.language, ()):
            after = self.keys[i + 1] if i + 1 < len(self.keys) else ""
            if key in lists.ONLY_WITH_CHE:
                return after == "che"
            if key in lists.DEGREES:  # "so frightened", "as happy as"
                return after in lists.SUBJECTS["en"] or after in lists.DETERMINERS["en"]
            return not (key == "se" and after in ("n'", "ne"))  # *se n'è andata*
        before = self.keys[i - 1]
        if before in lists.AND and (
            key in lists.SUBJECTS.get(self.language, ())
            or (self.language == "it" and self._finite(i))
        ):
            return True
        if (key in lists.NOMINATIVE or self.language == "it") and self._main_behind_fronted(
            i, start
        ):
            return True
        if key in lists.MAIN.get(self.language, ()):
            return self._closes_relative(i)
        return False

    def _closes_relative(self, at: int) -> bool:
        """Whether a verb is the main one behind a relative clause of the subject."""
        start = at
        while start and self.runs[start - 1] == self.runs[at] and at - start < WINDOW:
            start -= 1
        if self.keys[start] not in lists.DETERMINERS.get(self.language, ()):
            return False
        relatives = lists.RELATIVES.get(self.language, frozenset())
        return any(self.keys[i] in relatives for i in range(start + 1, at - 2)) and not (
            self._subject_word(at - 1) or self.keys[at - 1] in (*relatives, "non", "there")
        )

    def _tokens_of(self, start: int, end: int) -> tuple[int, int]:
        first = min(bisect_right(self.ends, start), len(self.ends) - 1)
        return first, max(first, bisect_left(self.starts, end) - 1)

    def _clause_from(self, at: int) -> list[int]:
        if at >= len(self.keys):
            return []
        return [i for i in self.members[self.clauses[at]] if i >= at]

    def _between(self, after: int, before: int) -> list[int]:
        """Tokens of one clause between two of its tokens."""
        own = self.members[self.clauses[after]]
        return own[bisect_right(own, after) : bisect_left(own, before)]

    def _after(self, first: int) -> tuple[int, bool] | None:
        """First token behind the clause of a hit (of its sentence, if asked), and whether asked."""
        end, asked = self._end(first)
        if asked:
            return (end + 1, True) if end + 1 < len(self.keys) else None
        at = self._same(first)[-1] + 1
        return (at, False) if at < len(self.keys) else None

    def _end(self, first: int) -> tuple[int, bool]:
        """Last token of a sentence, and whether it is a question."""
        end = self.sentences[self.runs[first]][1]
        after = self.starts[end + 1] if end + 1 < len(self.starts) else len(self.text)
        return end, "?" in self.text[self.ends[end] : after]

    def _same(self, first: int) -> list[int]:
        return self.members[self.clauses[first]]
