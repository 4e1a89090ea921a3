"""Questions and fragments, and what answers them: ``Safe? Not at all``."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from quidqual.cues import clause_words as lists
from quidqual.cues.clause_subjects import Subjects
from quidqual.cues.cue_lists import Cue

_SHORT = 4  # words of a clause without a verb
_TRIED = 12  # answers looked at behind a hit
_NEAR = 3  # words before an answer that only lead to it ("well, no")


class Mark(NamedTuple):
    """A cue found in a text: which, and its first and last token."""

    cue: Cue
    first: int
    last: int


class Answers(Subjects):
    """A text cut into clauses, with the answers in it."""

    answers: list[Mark]  # in the order of the text

    def _answered(self, first: int, last: int) -> tuple[int, int] | None:
        """Find what denies a short clause or a question behind it: ``Safe? Not at all``."""
        after = self._after(first)
        if after is None:
            return None
        at, asked = after
        while asked:  # "Proud? Me? No."
            end, more = self._end(at)
            if not more or end - at >= _NEAR or not self.keys[end + 1]:
                break
            at = end + 1
        own = self._same(first)
        for found in (self._no_more(at), self._resumed(first, own)):
            if found is not None:
                return found, found
        asked = asked or self._asked_about(first)
        if self._affirmed(at, asked):
            return None
        fragment = self._fragment(first)
        if mark := self._answer(first, at, asked, fragment and len(own) <= _SHORT + 1):
            return mark.first, mark.last
        answers = lists.ANSWERS.get(self.language, frozenset())
        rest = self._clause_from(at)
        if asked:
            rest = list(range(at, min(at + _SHORT, self.end[at] + 1)))
        denying = next((i for i in rest[:_SHORT] if self.keys[i] in answers), None)
        if denying is None or not (asked or self.keys[at] in answers):
            return None
        verb = self.keys[denying] in lists.WITH_VERB
        short = not verb and len(rest) <= _SHORT and len(own) < _SHORT and self._fragment(first)
        return (denying, denying) if asked or short else None

    def _answer(self, first: int, at: int, asked: bool, fragment: bool) -> Mark | None:
        """A turn of phrase that answers: of a question at once, of a fragment in its sentence."""
        if not (asked or fragment):
            return None
        begin = bisect_right(self.answers, first, key=lambda mark: mark.first)
        for mark in self.answers[begin : begin + _TRIED]:
            lead = mark.first - self._same(mark.first)[0]
            near = self.runs[mark.first] - self.runs[first] <= 1
            if lead > _NEAR or not near:
                continue
            if mark.first - at <= _NEAR + 1 or (fragment and self._last_of_clause(mark.last)):
                return mark
        return None

    def _affirmed(self, at: int, asked: bool) -> bool:
        """Whether a question is answered by yes: ``Not worried? Oh I am``."""
        if not asked or not self.keys[at]:
            return False
        start, end = self.begun[at], self.end[at]
        words = self.keys[start : min(end, start + _SHORT) + 1]
        if not lists.ANSWERS[self.language].isdisjoint(words):
            return False
        if not lists.YES[self.language].isdisjoint(words):
            return True
        said = list(pairwise(words))
        pairs = lists.AFFIRMED[self.language]
        return any(
            a in pairs[0] and b in pairs[1] and self._last_of_clause(start + k + 1)
            for k, (a, b) in enumerate(said)
        )

    def _last_of_clause(self, at: int) -> bool:
        return self._same(at)[-1] == at

    def _asked_about(self, first: int) -> bool:
        """A question told or written without its sign: ``I asked about support``, ``Does he``."""
        start = self.begun[first]
        if self.keys[start] in lists.INVERTED[self.language]:
            return self.keys[start + 1] != "not"
        own = self._same(first)
        earlier = range(max(start, own[0] - 3), first)
        return any(self.keys[i] in lists.ASKING[self.language] for i in earlier)

    def _no_more(self, at: int) -> int | None:
        """Find what denies in a clause of nothing else: ``but not now``, ``ora non più``."""
        words = self._clause_from(at)
        if len(words) > _SHORT or self.runs[at] not in (self.runs[at - 1], self.runs[at - 1] + 1):
            return None
        known = lists.ANSWERS[self.language]
        elliptic = known | lists.NOW[self.language] | lists.ELLIPTIC
        if all(self.keys[i] in elliptic for i in words):
            return next((i for i in words if self.keys[i] in known), None)
        return None

    def _resumed(self, first: int, own: Sequence[int]) -> int | None:
        """Find a denial that takes up the words before a comma: ``la paura, non la sento``.

        English takes them up at the end of the sentence: ``friends, sure, I don't see any``.
        """
        if len(own) > _SHORT or not self._fragment(first):
            return None
        end = self.end[first]
        for i in range(own[-1] + 1, min(own[-1] + WINDOW_OF_TOPIC, end)):
            if self.language == "it":
                if self.keys[i] == "non" and self.keys[i + 1] in lists.RESUMING:
                    return i
            elif self.keys[i] in lists.DENYING_VERBS and (
                self.keys[end] in lists.TAKEN_UP and end - i <= _SHORT
            ):
                return i
        return None

    def _fragment(self, first: int) -> bool:
        """Whether the clause of a hit is a few words without a verb that the rules know."""
        return not any(self._begins(i) or self._conditional(i) for i in self._same(first))

    def _asked(self, first: int, last: int) -> tuple[int, int] | None:
        """An open question; not a tag (``..., no?``) nor one that is answered."""
        after = self._after(first)
        start, end = self.begun[first], self.end[first]
        if not self._end(first)[1] or self.clauses[end] != self.clauses[first] or end - start < 2:
            return None
        if after is not None and (
            self.keys[after[0]] in lists.ANSWERS.get(self.language, frozenset())
            or self._affirmed(after[0], asked=True)
            or self._answered(first, last)
        ):
            return None
        wh = {"en": {"why", "how", "who"}, "it": {"perche'", "come", "chi"}}
        if self.keys[start] in wh.get(self.language, ()):
            return None
        return start, start


WINDOW_OF_TOPIC = 14  # words within which what is named first is taken up again
