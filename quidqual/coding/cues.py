"""What stands near a hit and turns it: denied, only supposed, past, said of someone else.

Rules in the manner of NegEx and ConText: a cue reaches some words to its right (or left), but
never over the end of its clause. Two denials cancel (*never fails to*); a remark between commas
is passed over; a question may be denied by the sentence after it. They are wrong often enough
(docs/tagging.md counts it) that a hit is only ever *flagged*.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from quidqual.coding import cue_lists as lists
from quidqual.coding.cue_lists import CUES, WIDE, Cue, Kind
from quidqual.coding.engine import Engine
from quidqual.coding.patterns import parse
from quidqual.coding.tokens import words_in

__all__ = ["CUES", "KINDS", "Cue", "Flag", "Flagger", "Kind", "flagger"]

KINDS: tuple[Kind, ...] = ("negation", "hypothetical", "past_only", "other_person")
_BOUNDARY = re.compile(r"[;:()—–…]|\s-\s")
_PAST = re.compile(r"(?:[aei]v(?:[oai]|amo|ano|ate))$")
_CONDITIONAL = re.compile(r"(?:r(?:ei|esti|ebbe|emmo|este|ebbero))$")
_FUTURE = re.compile(r"(?:[aei]?r(?:o'|a'|anno|ai|emo))$")
_SUBJUNCTIVE = re.compile(r"(?:[aeiou]ss(?:i|e|ero|imo))$")
_SHORT, _WINDOW = 4, 40
_AHEAD, _AFTER, _BOTH = range(3)  # where a cue stands that bears on a hit
_FAR, _NEAR = 140, 60  # letters


class Flag(NamedTuple):
    """What a cue says of a hit: kind, place of the cue, place of its scope."""

    kind: Kind
    cue_start: int
    cue_end: int
    scope_start: int
    scope_end: int


@cache
def _turning(language: str) -> frozenset[str]:
    """Words that may open a clause without a sign before them."""
    known = (lists.ENDS, lists.SUBJECTS, lists.MAIN)
    return frozenset().union(*(own.get(language, frozenset()) for own in known))


class _Mark(NamedTuple):
    """A cue found in a text: which, and its first and last token."""

    cue: Cue
    first: int
    last: int


class Flagger:
    """Finds the cues that bear on a hit, for one language.

    Parameters
    ----------
    language : str
        Decides the words that end a scope, and the cues if none are given.
    cues : sequence of Cue, optional
        In place of :data:`CUES`; with them nothing is read off the form of verbs or subjects.

    Examples
    --------
    >>> text = "Non mi sento sicura."
    >>> flag = Flagger("it").flag(text, [(13, 19)])[0][0]
    >>> flag.kind, text[flag.cue_start:flag.cue_end]
    ('negation', 'Non')
    """

    def __init__(self, language: str, cues: Sequence[Cue] | None = None) -> None:
        base = language.split("-")[0]
        people = lists.PEOPLE.get(base, frozenset())
        self.usual = cues is None
        chosen = tuple(CUES.get(base, ()) if cues is None else cues)
        self.cues = tuple(c for c in chosen if not c.pattern.startswith("!"))
        ordered = (*self.cues, *(c for c in chosen if c.pattern.startswith("!")))
        patterns = [parse(c.pattern).of(code=c.kind, language=base) for c in ordered]
        if self.usual:
            patterns += [parse(p).of(code="hint", language=base) for p in _hints(base)]
        self.engine = Engine(patterns, scope="all")
        sides = [_AFTER if c.before else _AHEAD for c in ordered]
        sides += [_AHEAD if p.source in people else _BOTH for p in patterns[len(ordered) :]]
        self._side = np.array(sides, dtype=np.int64)
        self.language = base

    def flag(self, text: str, hits: Sequence[tuple[int, int]]) -> list[tuple[Flag, ...]]:
        """Give for each hit its flags, at most one of a kind, in the order of `KINDS`."""
        return dict(self.flag_many([text], [hits])).get(0, [()] * len(hits))

    def flag_many(
        self, texts: Sequence[str], hits: Sequence[Sequence[tuple[int, int]]]
    ) -> Iterator[tuple[int, list[tuple[Flag, ...]]]]:
        """Do the same for many texts, each with its hits; give those that have a flag."""
        near = self._near(texts, hits) if self.cues else set()
        if self.usual:
            near |= {i for i, text in enumerate(texts) if "?" in text}
        order = sorted(near)
        marks = dict(self.engine.scan([texts[i] for i in order]))
        for k, i in enumerate(order):
            reading = _Reading(texts[i], self, marks.get(k, ()))
            rows = [reading.flags(start, end) for start, end in hits[i]]
            if any(rows):
                yield i, rows

    def _near(self, texts: Sequence[str], hits: Sequence[Sequence[tuple[int, int]]]) -> set[int]:
        """Texts with a cue near enough to a hit to bear on it."""
        rows = self.engine.reached(texts)
        near = set(rows[rows[:, 3] < 0, 0].tolist())
        flat = [(i, *span) for i, own in enumerate(hits) for span in own]
        at = np.array(flat, dtype=np.int64).reshape(-1, 3)
        wide = max(map(len, texts)) + 2 * _FAR + 1
        kind = self._side[rows[:, 3]]
        for own, ahead, far in (
            (rows[kind != _AFTER], True, _FAR),
            (rows[kind == _BOTH], False, _FAR),
            (rows[kind == _AFTER], False, _NEAR),
        ):
            where = np.sort(own[:, 0] * wide + own[:, 2 if ahead else 1])
            sought = at[:, 0] * wide + at[:, 1 if ahead else 2]
            inside = at[:, 2] - at[:, 1]  # the verb of the hit itself may be a conditional
            low, high = (sought - far, sought) if ahead else (sought - inside, sought + far)
            some = np.searchsorted(where, high, "right") > np.searchsorted(where, low, "left")
            near.update(at[some, 0].tolist())
        return near


def _hints(language: str) -> list[str]:
    """Words that make a text without a cue worth reading: people, times, conditional verbs."""
    words: set[str] = set()
    for known in (lists.PEOPLE, lists.NOW, lists.UNTIL, lists.CONDITIONS):
        words |= known.get(language, frozenset())
    endings = ["rei", "resti", "rebbe", "remmo", "reste", "rebbero"] if language == "it" else []
    return sorted(words) + [f"*{ending}" for ending in endings]


class _Reading:
    """One text cut into clauses, with the cues in it."""

    def __init__(self, text: str, flagger: Flagger, found: Sequence) -> None:
        self.text, self.flagger, self.language = text, flagger, flagger.language
        self.starts, self.ends, self.keys, self.runs, _ = words_in(text)
        self._turning = _turning(self.language)
        self.clauses, self.openers = self._cut()
        self.members: dict[int, list[int]] = {}
        self.sentences: dict[int, tuple[int, int]] = {}
        for i, (clause, run) in enumerate(zip(self.clauses, self.runs, strict=True)):
            self.members.setdefault(clause, []).append(i)
            self.sentences[run] = (self.sentences.get(run, (i, i))[0], i)
        self.marks: dict[tuple[str, int], list[_Mark]] = {}
        for start, end, number in found:
            if number >= len(flagger.cues):
                continue  # what made the text worth reading, and no cue
            mark = _Mark(flagger.cues[number], *self._tokens_of(start, end))
            if self._stands(mark):
                at = mark.first if mark.cue.before else mark.last
                self.marks.setdefault((mark.cue.kind, self.clauses[at]), []).append(mark)
        self._worth = self._kinds()

    def _kinds(self) -> set[str]:
        """Kinds of flag that some word of the text may give: the others are not looked for."""
        kinds = {kind for kind, _ in self.marks}
        if not self.flagger.usual:
            return kinds
        words = set(self.keys)

        def holds(*known: dict[str, frozenset[str]]) -> bool:
            return any(not words.isdisjoint(own.get(self.language, ())) for own in known)

        if holds(lists.ANSWERS):
            kinds.add("negation")
        if "?" in self.text or holds(lists.CONDITIONS) or any(map(_CONDITIONAL.search, words)):
            kinds.add("hypothetical")
        if holds(lists.NOW, lists.UNTIL):
            kinds.add("past_only")
        if holds(lists.PEOPLE):
            kinds.add("other_person")
        return kinds

    def _tokens_of(self, start: int, end: int) -> tuple[int, int]:
        first = min(bisect_right(self.ends, start), len(self.ends) - 1)
        return first, max(first, bisect_left(self.starts, end) - 1)

    def _stands(self, mark: _Mark) -> bool:
        """Whether a cue is one where it stands: some must open their clause, or are praise."""
        at, clause = mark.first, self.clauses
        opens = at == 0 or clause[at - 1] != clause[at]
        if mark.cue.first and not opens:
            return False
        word, so = lists.EXCLAMATIONS.get(self.language, ("", ()))
        if self.flagger.usual and opens and self.keys[at] == word:
            return not any(self.keys[i] in so for i in self._clause_from(at + 1))
        return True

    def _clause_from(self, at: int) -> list[int]:
        if at >= len(self.keys):
            return []
        return [i for i in self.members[self.clauses[at]] if i >= at]

    # -- clauses ---------------------------------------------------------------------------

    def _cut(self) -> tuple[list[int], set[int]]:
        """Number the clauses; a remark between commas has its own and the clause goes on."""
        clauses: list[int] = []
        openers: set[int] = set()
        current = latest = 0
        resume: int | None = None
        for i, key in enumerate(self.keys):
            if i:
                gap = self.text[self.ends[i - 1] : self.starts[i]]
                if gap == " " or not gap:
                    if key in self._turning and resume is None and self._opens(i, key):
                        latest += 1
                        current = latest
                elif self.runs[i] != self.runs[i - 1] or _BOUNDARY.search(gap):
                    resume, latest = None, latest + 1
                    current = latest
                elif "," in gap and resume is not None:
                    latest += 1
                    current = latest if key in lists.CONTRASTS else resume
                    resume = None
                elif "," in gap and not self._goes_on(i):
                    if self._remark(i):
                        resume = current
                    latest += 1
                    current = latest
                elif self._opens(i, key) and resume is None:
                    latest += 1
                    current = latest
            if not i or clauses[-1] != current:
                openers.add(i)
            clauses.append(current)
        return clauses, openers

    def _goes_on(self, at: int) -> bool:
        """Whether what follows a comma goes on with a list: ``angry, sad or afraid``."""
        keys = self.keys
        if keys[at] in lists.JOINED and keys[at] not in lists.AND:
            return True
        return any(
            at + k < len(keys)
            and self.runs[at + k] == self.runs[at]
            and keys[at + k] in ("or", "nor", "o", "ne'")
            and not (self._begins(at) or keys[at] in lists.ENDS.get(self.language, ()))
            for k in (1, 2)
        )

    def _begins(self, at: int) -> bool:
        return self.keys[at] in lists.BEGINS.get(self.language, ())

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

    def _subject_word(self, at: int) -> bool:
        return self.keys[at] in lists.PRONOUNS.get(self.language, ())

    def _opens(self, i: int, key: str) -> bool:
        """Whether a word without a comma before it opens a clause."""
        if key in lists.ENDS.get(self.language, ()):
            return True
        before = self.keys[i - 1]
        if before in lists.AND and key in lists.SUBJECTS.get(self.language, ()):
            return True
        if key in lists.MAIN.get(self.language, ()):
            return self._closes_relative(i)
        return False

    def _closes_relative(self, at: int) -> bool:
        """Whether a verb is the main one behind a relative clause of the subject."""
        start = at
        while start and self.runs[start - 1] == self.runs[at] and at - start < _WINDOW:
            start -= 1
        if self.keys[start] not in lists.DETERMINERS.get(self.language, ()):
            return False
        relatives = lists.RELATIVES.get(self.language, frozenset())
        return any(self.keys[i] in relatives for i in range(start + 1, at - 2)) and not (
            self._subject_word(at - 1) or self.keys[at - 1] in (*relatives, "non", "there")
        )

    # -- the flags of one hit ---------------------------------------------------------------

    def flags(self, start: int, end: int) -> tuple[Flag, ...]:
        """All flags of a hit."""
        if not self.keys:
            return ()
        first, last = self._tokens_of(start, end)
        worth = self._worth
        denied = self._denied(first, last) if "negation" in worth else None
        found = [self._made("negation", denied, first, last)] if denied else []
        for kind, look in (("hypothetical", self._supposed), ("past_only", self._past)):
            if kind not in worth and not (denied and kind == "past_only"):
                continue
            if mark := look(first, last, denied):
                found.append(self._made(kind, mark, first, last))  # type: ignore[arg-type]
        other = self._other(first) if "other_person" in worth else None
        if other:
            found.append(self._made("other_person", other, first, last))
        return tuple(found)

    def _made(self, kind: Kind, mark: tuple[int, int], first: int, last: int) -> Flag:
        """Put a flag together; its scope is the cue's side of the clause, as far as the hit."""
        cue_first, cue_last = mark
        same = self._same(first)
        if cue_last < first:
            inside = [i for i in same if i > cue_last][: max(WIDE + 1, last - cue_last)]
        else:
            inside = [i for i in same if i < cue_first][-WIDE - 1 :]
        inside = inside or list(range(first, last + 1))
        scope = self.starts[inside[0]], self.ends[inside[-1]]
        return Flag(kind, self.starts[cue_first], self.ends[cue_last], *scope)

    def _reaching(self, kind: Kind, first: int, last: int) -> list[_Mark]:
        """Cues of a kind that reach a hit, the nearest first."""
        near = []
        around = {self.clauses[first], self.clauses[last]}
        for mark in (m for clause in around for m in self.marks.get((kind, clause), ())):
            distance = self._distance(mark, first, last)
            if distance is not None:
                near.append((distance, mark))
        return [mark for _, mark in sorted(near, key=lambda pair: (pair[0], pair[1].first))]

    def _distance(self, mark: _Mark, first: int, last: int) -> int | None:
        """Words of the clause between a cue and a hit; None if it does not reach it."""
        cue, clauses = mark.cue, self.clauses
        if cue.before:
            if mark.first <= last or clauses[mark.first] != clauses[last]:
                return None
            between = self._between(last, mark.first)
        else:
            if mark.last >= first or clauses[mark.last] != clauses[first]:
                return None
            between = self._between(mark.last, first)
        reach = cue.reach
        if cue.subject and mark.first in self.openers:
            reach = WIDE
        following = self.keys[mark.last + 1] if mark.last + 1 < len(self.keys) else ""
        if cue.phrase and following != "che":
            if any(self._begins(i) for i in (*between, first)):
                return None
            if not re.search(r"(?:ing|[aei]re|[aei]r(?:si|mi|ci|lo|la|ne))$", following):
                reach = min(reach, 3)
        return len(between) if len(between) <= reach else None

    def _between(self, after: int, before: int) -> list[int]:
        """Tokens of one clause between two of its tokens."""
        own = self.members[self.clauses[after]]
        return own[bisect_right(own, after) : bisect_left(own, before)]

    # -- denied -----------------------------------------------------------------------------

    def _denied(self, first: int, last: int) -> tuple[int, int] | None:
        near = self._reaching("negation", first, last)
        plain = [m for m in near if not m.cue.turns]
        left = []
        for mark in (m for m in near if m.cue.turns):
            if (other := self._turned(mark, plain)) is not None:
                plain = [m for m in plain if not other.first <= m.first < mark.first]
            else:
                left.append(mark)
        if near and len(left) > 1 and left[0].cue.phrase is not left[1].cue.phrase:
            left = left[2:]  # "without losing": two that deny, none is left
        standing = [m for m in near if m in plain or m in left]
        if standing:
            return standing[0].first, standing[0].last
        if near and not standing:
            return None
        return self._answered(first, last) if self.flagger.usual else None

    def _turned(self, mark: _Mark, plain: Sequence[_Mark]) -> _Mark | None:
        """The denial before a verb of denial that cancels it, if any."""
        reach = WIDE if mark.cue.phrase else 3
        for other in self.marks.get(("negation", self.clauses[mark.first]), ()):
            if other.cue.turns or other.cue.before or other.last >= mark.first:
                continue
            if mark.first - other.last - 1 <= reach:
                return other
        return None

    def _answered(self, first: int, last: int) -> tuple[int, int] | None:
        """A short clause or a question that the next clause denies: ``Safe? Not at all.``"""
        after = self._after(first)
        if after is None:
            return None
        at, asked = after
        own = self._same(first)
        answers = lists.ANSWERS.get(self.language, frozenset())
        if (resumed := self._resumed(first, own)) is not None:
            return resumed, resumed
        if self.keys[at] not in answers and not (
            asked and any(self.keys[i] in answers for i in self._clause_from(at)[:4])
        ):
            return None
        if asked or len(own) <= _SHORT:
            rest = self._clause_from(at)
            denying = next(i for i in rest if self.keys[i] in answers)
            short = len(rest) <= _SHORT
            if asked or (short and len(own) < _SHORT and self._fragment(first)):
                return denying, denying
        return None

    def _resumed(self, first: int, own: Sequence[int]) -> int | None:
        """``La paura, non la sento``: a denial that takes the words before a comma up again."""
        if self.language != "it" or len(own) > _SHORT or own[0] not in self.openers:
            return None
        for i in range(own[-1] + 1, min(own[-1] + 6, len(self.keys) - 1)):
            if self.runs[i] != self.runs[first]:
                return None
            if self.keys[i] == "non" and self.keys[i + 1] in lists.RESUMING:
                return i
        return None

    def _fragment(self, first: int) -> bool:
        """Whether the clause of a hit is a few words without a verb that the rules know."""
        return not any(map(self._begins, self._same(first)))

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
        if not self.flagger.usual:
            return None
        same = self._same(first)
        for i in same:
            key = self.keys[i]
            if self.language == "it" and i <= last and _CONDITIONAL.search(key) and len(key) > 5:
                praise = "non" in self.keys[max(0, i - 2) : i] and "piu'" in self.keys[i:first]
                return None if praise else (i, i)
        condition = self._condition(first)
        if condition is not None and any(
            (self.language == "it" and _FUTURE.search(self.keys[i]) and len(self.keys[i]) > 3)
            or self.keys[i] in FUTURE
            or self.keys[i] == "'ll"
            for i in same
            if i <= last
        ):
            return condition, condition
        return self._asked(first, last)

    def _same(self, first: int) -> list[int]:
        return self.members[self.clauses[first]]

    def _condition(self, first: int) -> int | None:
        words = lists.CONDITIONS.get(self.language, frozenset())
        start, end = self.sentences[self.runs[first]]
        near = range(max(start, first - _WINDOW), min(end, first + _WINDOW) + 1)
        return next((i for i in near if self.keys[i] in words), None)

    def _asked(self, first: int, last: int) -> tuple[int, int] | None:
        """An open question; not a tag (``..., no?``) nor one that is answered."""
        after = self._after(first)
        start, end = self.sentences[self.runs[first]]
        if not self._end(first)[1] or self.clauses[end] != self.clauses[first] or end - start < 2:
            return None
        known = lists.ANSWERS.get(self.language, frozenset()) | lists.YES.get(self.language, set())
        if after is not None and self.keys[after[0]] in known:
            return None
        wh = {"en": {"why", "how", "who"}, "it": {"perche'", "come", "chi"}}
        if self.keys[start] in wh.get(self.language, ()):
            return None
        return start, start

    def _past(
        self, first: int, last: int, denied: tuple[int, int] | None
    ) -> tuple[int, int] | None:
        near = self._reaching("past_only", first, last)
        if near:
            return near[0].first, near[0].last
        if not self.flagger.usual:
            return None
        if denied:
            return self._no_longer(first, last, denied)
        same = self._same(first)
        if not any(self._is_past(i) for i in same[:_WINDOW]):
            return None
        for words in (lists.UNTIL, lists.NOW):
            chosen = words.get(self.language, frozenset())
            near = range(max(0, first - _WINDOW), min(len(self.keys), last + _WINDOW))
            for i in near:
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
        key = self.keys[at]
        if key in lists.PAST.get(self.language, ()):
            return True
        return self.language == "it" and bool(_PAST.search(key)) and len(key) > 4

    def _no_longer(self, first: int, last: int, denied: tuple[int, int]) -> tuple[int, int] | None:
        """``non ... più``, ``not ... any more``: denied now, so it was once."""
        for i in sorted({*self._same(first), *self._same(denied[0])}):
            key = self.keys[i]
            after = self.keys[i + 1] if i + 1 < len(self.keys) else ""
            if i > denied[1] and (
                (key == "piu'" and self.language == "it" and after not in ("di", "del", "che"))
                or key == "anymore"
                or (key == "any" and after in ("more", "longer"))
            ):
                return i, i
        return None

    def _other(self, first: int) -> tuple[int, int] | None:
        """The subject of the clause, if it is named and not the person the note is about."""
        people = lists.PEOPLE.get(self.language)
        if not people:
            return None
        own = self._same(first)
        before = own[max(0, bisect_left(own, first) - _WINDOW) : bisect_left(own, first)]
        for i in reversed(before):
            key = self.keys[i]
            if key in lists.PRONOUNS[self.language]:
                return None
            if key in lists.CAUSING and not lists.OBJECTS.isdisjoint(self._near(i)):
                return None
            if key in people and self._is_subject(i, before):
                return i, i
        return None

    def _near(self, at: int) -> list[str]:
        return self.keys[max(0, at - 1) : at + 2]

    def _is_subject(self, at: int, clause: Sequence[int]) -> bool:
        """Whether a noun is no possessor and stands behind no preposition or verb."""
        following = self.keys[at + 1] if at + 1 < len(self.keys) else ""
        if following in ("'s", "of") and self.language == "en":
            return False
        if self.text[self.ends[at] : self.ends[at] + 1] in ("'", "’"):
            return False
        at_first = clause.index(at)
        head = [self.keys[i] for i in clause[max(0, at_first - 4) : at_first]]
        determiners, met = lists.DETERMINERS[self.language], False
        for key in reversed(head):
            if key in lists.SAYING:
                return True
            if met and key not in determiners and key not in lists.PREPOSITIONS[self.language]:
                return not self._begins_verb(key)
            met = met or key in determiners
            if key in lists.PREPOSITIONS[self.language]:
                # "some of the girls": the head is a quantity, the girls are meant
                return key in ("of", "delle", "dei", "degli") and bool(
                    {
                        "some",
                        "many",
                        "most",
                        "all",
                        "one",
                        "alcune",
                        "alcuni",
                        "molte",
                        "una",
                        "uno",
                    }
                    & set(head)
                )
            if key not in determiners and (self._begins_verb(key)):
                return False
        return True

    def _begins_verb(self, key: str) -> bool:
        return (
            key in lists.BEGINS[self.language]
            or key in lists.PAST[self.language]
            or (self.language == "en" and key.endswith(("ed", "s")) and len(key) > 4)
        )


FUTURE = lists.FUTURE


@cache
def flagger(language: str) -> Flagger:
    """Give the flagger of a language with its usual cues, made once."""
    return Flagger(language)
