"""Which cues of a text bear on a hit: how far they reach, what cancels, what verbs tell."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from quidqual.cues import clause_words as lists
from quidqual.cues.clause_answers import Answers, Mark
from quidqual.cues.clause_cutting import Cut
from quidqual.cues.clauses import WINDOW
from quidqual.cues.cue_finding import Found
from quidqual.cues.cue_lists import KINDS, WIDE, Cue, Kind
from quidqual.cues.cue_reach import ANSWERED, DENIED, GONE, OTHER, SUPPOSED
from quidqual.cues.word_forms import ANSWER, FUTURE, NO_MORE, NOW, PAST, TAKEN_UP, TIME, VERB
from quidqual.cues.word_table import WordTable

Sign = tuple[Kind, int, int, int, int]  # a flag, its places as words


class Flag(NamedTuple):
    """What a cue says of a hit: kind, place of the cue, place of its scope."""

    kind: Kind
    cue_start: int
    cue_end: int
    scope_start: int
    scope_end: int


class Reading(Answers):
    """Texts cut into clauses, with the cues in them.

    Parameters
    ----------
    table, cut : WordTable, Cut
    chosen : array of bool
        Which texts of the table.
    language : str
    usual : bool
        Whether subjects, forms of verbs, questions and answers are read as well.
    """

    def __init__(
        self,
        table: WordTable,
        cut: Cut,
        chosen: np.ndarray,
        language: str,
        *,
        usual: bool,
    ) -> None:
        super().__init__(table, cut, chosen, language)
        self._usual = usual
        self._verbs: list[int] = np.flatnonzero(self.every & VERB).tolist()
        self._times: list[int] = np.flatnonzero(self.every & TIME).tolist()
        self._worn: list[int] = np.flatnonzero(self.every & (NOW | NO_MORE)).tolist()

    def mark(self, cues: Sequence[Cue], found: Sequence[Found]) -> None:
        """Take note of the cues that stand in the texts."""
        self.marks: dict[str, dict[int, list[Mark]]] = {kind: {} for kind in KINDS}
        self._across: dict[tuple[str, int], list[Mark]] = {}
        self.answers = []
        reach = max((cue.reach for cue in cues), default=0)
        self._far = (
            max(WIDE, reach) + max((last - first for first, last, _ in found), default=0) + 1
        )
        for first, last, number in found:
            mark = Mark(cues[number], first, last)
            if not self._stands(mark):
                continue
            if mark.cue.answer:
                self.answers.append(mark)
            elif mark.cue.across:
                self._across.setdefault((mark.cue.kind, int(self.begun[mark.first])), []).append(
                    mark
                )
            else:
                at = mark.first if mark.cue.before else mark.last
                self.marks[mark.cue.kind].setdefault(self.clauses[at], []).append(mark)
        replies = np.flatnonzero(self.every & (ANSWER | TAKEN_UP)).tolist() if self._usual else []
        self._replies = sorted([*replies, *(mark.last for mark in self.answers)])

    def _stands(self, mark: Mark) -> bool:
        """Whether a cue is one where it stands: some must open their clause, or are praise."""
        at = mark.first
        opens = self._opener(at)
        if mark.cue.first and not opens:
            return False
        if mark.cue.pattern == "once" and self.language == "en":
            following = self.keys[at + 1 : at + 4]
            told = lists.PAST["en"].isdisjoint(following)
            return not (told and following[:1] and following[0] in lists.ONCE)
        if mark.cue.kind == "negation" and self.language == "it":
            near = self.keys[at - 3 : at]
            if self.keys[at] in lists.N_WORDS and "senza" in near:
                return False  # "senza nessuno": one denial
        word, so = lists.EXCLAMATIONS.get(self.language, ("", ()))
        if self._usual and opens and self.keys[at] == word:
            return not any(self.keys[i] in so for i in self._clause_from(at + 1))
        return True

    # -- the flags of one hit ---------------------------------------------------------------

    def flags(self, first: int, last: int, possible: int) -> list[Sign]:
        """All flags of a hit, its first and last word given, and which flags are possible."""
        denied = self._denied(first, last, possible) if possible & (DENIED | ANSWERED) else None
        found = [self._made("negation", denied, first, last)] if denied else []
        if possible & SUPPOSED and (mark := self._supposed(first, last, denied)):
            found.append(self._made("hypothetical", mark, first, last))
        past = self._past(first, last, denied) if possible & GONE else None
        if past is None and denied and self._usual:
            past = self._no_longer(first, denied)
        if past:
            mark = past
            found.append(self._made("past_only", mark, first, last))
        if possible & OTHER and (mark := self._other(first)):
            found.append(self._made("other_person", mark, first, last))
        return found

    def _made(self, kind: Kind, mark: tuple[int, int], first: int, last: int) -> Sign:
        """Put a flag together; its scope is the cue's side of the clause, as far as the hit."""
        cue_first, cue_last = mark
        same = self._same(first)
        if cue_last < first:
            low = bisect_right(same, cue_last)
            high = low + max(WIDE + 1, last - cue_last)
        else:
            high = bisect_left(same, cue_first)
            low = max(0, high - WIDE - 1)
        inside = same[low:high]
        begin, end = (inside[0], inside[-1]) if inside else (first, last)
        return kind, cue_first, cue_last, begin, end

    def _reaching(self, kind: Kind, first: int, last: int) -> list[Mark]:
        """Cues of a kind that reach a hit, the nearest first."""
        near = []
        clauses = self.clauses
        around = {clauses[first], clauses[last], clauses[self._same(last)[-1] + 1]}
        for mark in (m for clause in around for m in self._close(kind, clause, first, last)):
            distance = self._distance(mark, first, last)
            if distance is not None and self._timely(mark, first):
                near.append((distance, mark))
        across = self._across.get((kind, int(self.begun[first])), ()) if self._across else ()
        for mark in across:
            if (mark.last < first or mark.first > last) and self._timely(mark, first):
                near.append((WIDE * WINDOW, mark))
        if len(near) > 1:
            near.sort(key=lambda pair: (pair[0], pair[1].first))
        return [mark for _, mark in near]

    def _close(self, kind: Kind, clause: int, first: int, last: int) -> Sequence[Mark]:
        """Cues of a clause; in a long one, those that are not too far from a hit to reach it."""
        marks = self.marks[kind].get(clause, ())
        if len(marks) < WIDE:
            return marks
        far = self._far + int(self.hole[self._same(clause)[-1]])
        low = bisect_left(marks, first - far, key=_first)
        return marks[low : bisect_right(marks, last + far, key=_first)]

    def _taken_up(self, last: int, at: int) -> bool:
        """Whether a clause goes on, by a pronoun, with what was named before its comma."""
        clause, own = self._same(at)[0], self._same(last)[-1]
        return (
            self._usual
            and self.runs[clause] == self.runs[last]
            and clause == own + 1
            and self.keys[clause] in lists.TOPIC[self.language]
            and self._fragment(last)
        )

    def _timely(self, mark: Mark, first: int) -> bool:
        """Whether the verb of a hit stands in the past, where a cue asks for it."""
        return not mark.cue.past or any(map(self._is_past, self._same(first)))

    def _distance(self, mark: Mark, first: int, last: int) -> int | None:
        """Words of the clause between a cue and a hit; None if it does not reach it."""
        cue, clauses = mark.cue, self.clauses
        if cue.before:
            if mark.first <= last:
                return None
            if clauses[mark.first] == clauses[last]:
                between = self._between(last, mark.first)
            elif self._taken_up(last, mark.first):
                between = self._same(mark.first)[: mark.first - self._same(mark.first)[0]]
            else:
                return None
        else:
            if mark.last >= first or clauses[mark.last] != clauses[first]:
                return None
            between = self._between(mark.last, first)
        reach = cue.reach
        if cue.subject and self._opener(mark.first):
            reach = WIDE
        following = self.keys[mark.last + 1]
        if cue.phrase and following != "che":
            if any(self._begins(i) for i in (*between, first)):
                return None
            if self.language == "it" and self._beyond_phrase(mark.last, first):
                return None
            if not re.search(r"(?:ing|[aei]re|[aei]r(?:si|mi|ci|lo|la|ne))$", following):
                named = self.keys[first - 1] in lists.OF  # "a single moment of peace"
                reach = min(reach, 5 if named else 3)
        return len(between) if len(between) <= reach else None

    def _beyond_phrase(self, cue: int, first: int) -> bool:
        """Whether a hit stands behind the noun of a *senza* in front of its sentence.

        Italian puts no comma there, and no subject need begin what follows: ``senza le medicine
        diventa irrequieto``.
        """
        start, end = self.begun[cue], self.end[cue]
        if cue != start or self._same(cue)[-1] < cue + 3:
            return False
        at = cue + 1
        while at < first:
            while at < end and (
                self.keys[at] in lists.DETERMINERS["it"] or self.keys[at] in lists.QUANTITY
            ):
                at += 1
            if re.search(r"[aei]r(?:e|si|mi|ci|lo|la|ne)$", self.keys[at]):
                return False  # an infinitive takes more than a noun
            if at >= first or self.keys[at + 1] not in lists.OF_IT:
                return at < first
            at += 2
        return False

    # -- denied -----------------------------------------------------------------------------

    def _denied(self, first: int, last: int, possible: int) -> tuple[int, int] | None:
        near = self._reaching("negation", first, last) if possible & DENIED else []
        if not near:
            answered = possible & ANSWERED and self._answers_behind(last)
            return self._answered(first, last) if answered else None
        if self._usual and self._end(first)[1]:
            after = self._after(first)
            if after is not None and self._affirmed(after[0], asked=True):
                return None  # "Not worried? Oh I am."
            if near[0].first == self.begun[first] and self.keys[near[0].first].endswith("n't"):
                return None  # "Isn't she clever?" expects a yes
        plain = [m for m in near if not m.cue.turns]
        left = []
        for mark in (m for m in near if m.cue.turns):
            if (other := self._turned(mark, plain)) is not None:
                plain = [m for m in plain if not other.first <= m.first <= mark.last]
            else:
                left.append(mark)
        if len(left) > 1 and left[0].cue.phrase is not left[1].cue.phrase:
            left = left[2:]  # "without losing": two that deny, none is left
        standing = next((m for m in near if m in plain or m in left), None)
        return (standing.first, standing.last) if standing is not None else None

    def _answers_behind(self, last: int) -> bool:
        """Whether a word or turn of phrase that may answer stands behind a hit in its text."""
        at = bisect_right(self._replies, last)
        texts = self.texts
        return self._usual and at < len(self._replies) and texts[self._replies[at]] == texts[last]

    def _turned(self, mark: Mark, plain: Sequence[Mark]) -> Mark | None:
        """The denial before a verb of denial that cancels it, if any."""
        reach = WIDE if mark.cue.phrase else 3
        for other in self.marks["negation"].get(self.clauses[mark.first], ()):
            if other.cue.turns or other.cue.before or other.last >= mark.first:
                continue
            if mark.first - other.last - 1 <= reach:
                return other
        return None

    # -- supposed, past, of someone else -----------------------------------------------------

    def _supposed(
        self, first: int, last: int, denied: tuple[int, int] | None
    ) -> tuple[int, int] | None:
        near = self._reaching("hypothetical", first, last)
        answered = denied is not None and self.runs[denied[0]] != self.runs[first]
        if answered:
            return None
        if near:
            return near[0].first, near[0].last
        if not self._usual:
            return None
        own = self.clauses[first]
        verbs = [i for i in self._near(self._verbs, first, last + 1) if self.clauses[i] == own]
        for i in verbs:
            if self._conditional(i):
                key, before = self.keys[i], self.keys[i - 3 : i]
                denied_ = not lists.NOBODY.isdisjoint(before)
                praise = denied_ and not lists.BEST.isdisjoint(self.keys[i:first])
                asked = "chi" in before
                told = asked and not lists.THOUGHT.isdisjoint(self.keys[i + 1 : i + 2])
                called = told or key in lists.CALLING or (asked and "non" in before)
                return None if praise or called else (i, i)
        ahead = next(filter(self._is_future, verbs), None)
        if ahead is not None:
            condition = self._condition(first)
            if condition is not None:
                return condition, condition
            if denied is None:
                return ahead, ahead
        return self._asked(first, last)

    def _near(self, places: Sequence[int], first: int, behind: int) -> Sequence[int]:
        """Words of a text from some way before a hit to another word."""
        start, stop = self.bounds(self.texts[first])
        low = bisect_left(places, max(first - WINDOW, start))
        return places[low : bisect_left(places, min(behind, stop), low)]

    def _is_future(self, at: int) -> bool:
        return self.bits[at] & FUTURE != 0

    def _condition(self, first: int) -> int | None:
        words = lists.CONDITIONS.get(self.language, frozenset())
        start, end = self.begun[first], self.end[first]
        near = range(max(start, first - WINDOW), min(end, first + WINDOW) + 1)
        return next((i for i in near if self.keys[i] in words), None)

    def _past(
        self, first: int, last: int, denied: tuple[int, int] | None
    ) -> tuple[int, int] | None:
        near = self._reaching("past_only", first, last)
        if near:
            return near[0].first, near[0].last
        if denied or not self._usual:
            return None
        times = self._near(self._times, first, last + WINDOW)
        if not times or not any(self._is_past(i) for i in self._same(first)[:WINDOW]):
            return None
        for words in (lists.UNTIL, lists.NOW):
            chosen = words.get(self.language, frozenset())
            for i in times:
                key = self.keys[i]
                behind = i > last or words is lists.NOW
                if key in chosen and behind and self.clauses[i] != self.clauses[first]:
                    if words is lists.NOW and not self._turns_to_now(i):
                        continue
                    return i, i
        return None

    def _turns_to_now(self, at: int) -> bool:
        """Whether a clause with a word of the present is in the present and opens with it."""
        clause = self._same(at)
        return at - clause[0] <= 2 and not any(self._is_past(i) for i in clause)

    def _is_past(self, at: int) -> bool:
        return self.bits[at] & PAST != 0

    def _no_longer(self, first: int, denied: tuple[int, int]) -> tuple[int, int] | None:
        """``non ... più``, ``not ... any more``: denied now, so it was once."""
        clauses = self._same(first), self._same(denied[0])
        at = bisect_left(self._worn, min(own[0] for own in clauses))
        if at == len(self._worn) or self._worn[at] > max(own[-1] for own in clauses):
            return None
        for i in sorted({*clauses[0], *clauses[1]}):
            key = self.keys[i]
            after = self.keys[i + 1]
            apart = self.clauses[i] != self.clauses[first]
            if apart and key in lists.NOW[self.language]:
                return i, i
            if i > denied[1] and (
                (key == "piu'" and self.language == "it" and after not in ("di", "del", "che"))
                or key == "anymore"
                or (key == "any" and after in ("more", "longer"))
            ):
                return i, i
        return None


def _first(mark: Mark) -> int:
    return mark.first
