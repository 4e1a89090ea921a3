"""Who is spoken of: whether the subject of a clause is someone else than the note is about."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from quidqual.cues import clause_words as lists
from quidqual.cues.clauses import WINDOW, Clauses
from quidqual.cues.word_forms import (
    CAUSING,
    DETERMINER,
    OPEN_QUESTION,
    PEOPLE,
    POSSESSED,
    PREPOSITION,
    PRONOUN,
    SAYING,
    SOME_OF,
    VERBAL,
)

_TELLING = CAUSING | OPEN_QUESTION | PEOPLE | PRONOUN  # and *they*, who are people


class Subjects(Clauses):
    """Texts cut into clauses, with the subjects that their words tell."""

    def _other(self, first: int) -> tuple[int, int] | None:
        """The subject of the clause, if it is named and not the person the note is about."""
        people = lists.PEOPLE.get(self.language)
        if not people:
            return None
        own = self._same(first)
        before = own[max(0, bisect_left(own, first) - WINDOW) : bisect_left(own, first)]
        mine = bool(before) and self.keys[before[-1]] in lists.MINE[self.language]
        for i in reversed(before):
            if not self.bits[i] & _TELLING:
                continue
            key = self.keys[i]
            if key in lists.OPEN_QUESTION or (key in lists.CAUSING and self._causes(i)):
                return None
            if key in lists.THEY[self.language]:
                theirs = self.keys[before[-1]] in lists.POSSESSED[self.language]
                return (i, i) if self._someone_else(i) and not (mine or theirs) else None
            if key in lists.PRONOUNS[self.language]:
                return self._meant(i, before)
            if self.bits[i] & PEOPLE and self._named(i, first) and self._is_subject(i, before):
                return None if mine or self._of_the_speaker(i, first) else (i, i)
        return self._carried_on(own)

    def _named(self, at: int, hit: int) -> bool:
        """Whether a word names a person who is not the one described (*è una donna serena*)."""
        key, before = self.keys[at], self.keys[at - 1]
        near = self.keys[at - 2 : at]
        after = self.keys[at + 1]
        if key in lists.PEOPLE[self.language]:
            return not (at == hit - 1 and before in lists.INDEFINITE)
        if key not in lists.NOMINAL[self.language] or (
            key != "quelli" and lists.DETERMINERS[self.language].isdisjoint(near)
        ):
            return False
        return (
            self._finite(at + 1)
            or after in ("di", "dei", "delle", "of")
            or self._following(at) == ","
        )

    def _someone_else(self, at: int) -> bool:
        """Whether *they* are others: someone in particular is spoken of beside them."""
        first, behind = self.bounds(self.texts[at])
        return not lists.ONE_PERSON[self.language].isdisjoint(self.keys[first:behind])

    def _causes(self, at: int) -> bool:
        """Whether a verb of making makes the person spoken of what they are (*makes me proud*)."""
        near = self.keys[at - 2 : at + 4]
        return lists.PEOPLE[self.language].isdisjoint(near[3:]) and (
            not lists.OBJECTS.isdisjoint(near[:4])
            or not lists.DETERMINERS[self.language].isdisjoint(near[3:4])
        )

    def _of_the_speaker(self, at: int, hit: int) -> bool:
        """Whether what a person says is of the one who tells it: ``dicono che sono fortunata``."""
        between = self.keys[at + 1 : hit]
        return any(
            key in lists.SAYING
            and after == "che"
            and not (
                lists.FIRST_PERSON.isdisjoint(between[k + 2 :])
                and lists.SAID_TO.isdisjoint(between[max(0, k - 2) : k])
            )
            for k, (key, after) in enumerate(pairwise(between))
        )

    def _meant(self, at: int, before: Sequence[int]) -> tuple[int, int] | None:
        """A person whom a pronoun means: ``her husband says he is calm``."""
        genders = lists.GENDER.get(self.keys[at])
        if genders is None:
            return None
        start = self.begun[at]
        for i in range(at - 1, max(start, at - WINDOW) - 1, -1):
            key = self.keys[i]
            if key in genders and self._is_subject(i, self._same(i)):
                mine = self.keys[i - 1] in lists.MINE[self.language]
                told = (
                    i in before
                    and not lists.SAYING.isdisjoint(self.keys[i:at])
                    and lists.SAME[self.keys[at]].isdisjoint(self.keys[start:at])
                )
                return (i, i) if told or mine else None
            if key == self.keys[at]:
                return None
        return None

    def _carried_on(self, own: Sequence[int]) -> tuple[int, int] | None:
        """The subject of the clause before, gone on with: ``mio cognato è venuto e non regge``."""
        opener = own[0]
        if self.language != "it" or not opener or self.runs[opener - 1] != self.runs[opener]:
            return None
        if self.keys[opener - 1] not in lists.AND and self.keys[opener] not in lists.AND:
            return None
        earlier = self._same(opener - 1 if self.keys[opener] in lists.AND else opener - 2)
        if not lists.FIRST_PERSON.isdisjoint(self.keys[i] for i in own):
            return None
        for i in earlier[1:6]:
            if self.keys[i] in lists.PEOPLE["it"] and self.keys[i - 1] in lists.MINE["it"]:
                return (i, i) if self._is_subject(i, earlier) else None
        return None

    def _is_subject(self, at: int, clause: Sequence[int]) -> bool:
        """Whether a noun is no possessor and stands behind no preposition or verb."""
        if self.bits[at + 1] & POSSESSED or self._following(at) in ("'", "’"):
            return False
        at_first = clause.index(at)
        head = clause[max(0, at_first - 4) : at_first]
        met = False
        for own in (self.bits[i] for i in reversed(head)):
            if own & SAYING:
                return True
            if met and not own & (DETERMINER | PREPOSITION):
                return not own & VERBAL
            met = met or own & DETERMINER != 0
            if own & PREPOSITION:
                # "some of the girls": the head is a quantity, the girls are meant
                some = any(self.keys[i] in lists.QUANTITIES for i in head)
                return own & SOME_OF != 0 and some
            if own & VERBAL and not own & DETERMINER:
                return False
        return True
