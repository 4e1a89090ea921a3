"""Conditions on one participant's course: the words in which claims are written.

A condition names codes and when they must be there. It is true, false, or unknown: a
participant in whom nothing was observed where the condition looks is unknown, never
false.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.study.arguments import one_of
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.codebook import Codebook
    from quidqual.study.model import Study

WHEN = {
    "any": "in at least one observed round",
    "every": "in every observed round",
    "never": "in no observed round",
    "first": "in the first observed round",
    "not_first": "not in the first observed round",
    "only_first": "in the first observed round and in none after it",
    "later": "in a round after the first observed one",
    "last": "in the last observed round",
    "not_last": "not in the last observed round",
    "only_last": "in the last observed round and in none before it",
    "fades": "in the first observed round and not in the last",
    "rises": "in the last observed round, and not in the first or less often there",
}
PASSING = ("only_first", "not_last", "fades")
"""Times that speak of something as gone, which an event cannot be."""

_NEEDS_TWO = ("fades", "rises", "later", "only_first", "only_last")
_MOST_HOLES = 10  # rounds not observed of one person that are filled in every way
PRESENT, ABSENT, MISSING, NOT_MEANT = 1, 0, -1, -2
_STATES = {"present": PRESENT, "absent": ABSENT, "not_observed": MISSING}
_BY_DESIGN = ("not_due", "not_asked")


@dataclass(frozen=True)
class Cases:
    """Presence as an array: participant x round x code.

    Attributes
    ----------
    participants, rounds, codes : tuple of str
    state : ndarray of int8, shape (participants, rounds, codes)
        1 present, 0 absent, -1 not observed though it was due, -2 not meant to be observed (no
        interview was due, or the topic is not asked there).
    counts : ndarray of int64, same shape
        Number of codings.
    people_left_out, rounds_left_out : tuple of str
        Of the whole study, but not of this reading of it.
    """

    participants: tuple[str, ...]
    rounds: tuple[str, ...]
    codes: tuple[str, ...]
    state: np.ndarray
    counts: np.ndarray
    people_left_out: tuple[str, ...] = ()
    rounds_left_out: tuple[str, ...] = ()
    whom: dict[str, list[str]] = field(default_factory=dict, compare=False, repr=False)
    """Whom the checks judged so far are about: looked up once, shared by all parts."""
    above: Mapping[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    """The parents of each code: a passage beneath one of them is one of theirs too."""
    _whole: tuple[Cases, np.ndarray] | None = field(
        default=None, init=False, compare=False, repr=False
    )

    @classmethod
    def of(cls, study: Study, presence: pd.DataFrame) -> Cases:
        """Arrange a reading of a study, and remember whom and which rounds it leaves out."""
        whole = study.read_from or study
        found = cls.from_presence(presence, book=study.codebook)
        people, rounds = set(found.participants), set(found.rounds)
        return replace(
            found,
            people_left_out=tuple(p for p in whole.participants["participant"] if p not in people),
            rounds_left_out=tuple(r for r in whole.round_order if r not in rounds),
        )

    @classmethod
    def from_presence(cls, presence: pd.DataFrame, *, book: Codebook | None = None) -> Cases:
        """Arrange a presence table; combinations that it does not have are not observed.

        The kind of a code decides what its absence can mean: an event or a background that was
        told once stays true, and a topic that is prompted once is not observed afterwards.
        """
        people = tuple(presence["participant"].unique())
        rounds = tuple(presence["round"].cat.categories)
        codes = tuple(presence["code"].cat.categories)
        shape = (len(people), len(rounds), len(codes))
        at = (
            pd.Index(people).get_indexer(presence["participant"]),
            presence["round"].cat.codes.to_numpy(),
            presence["code"].cat.codes.to_numpy(),
        )
        values = presence["state"].astype(object).map(_STATES).to_numpy(dtype=np.int8)
        if "reason" in presence:
            design = presence["reason"].isin(_BY_DESIGN).to_numpy()
            values = np.where((values == MISSING) & design, NOT_MEANT, values)
        state = np.full(shape, MISSING, dtype=np.int8)
        state[at] = values
        counts = np.zeros(shape, dtype=np.int64)
        counts[at] = presence["n_codings"].fillna(0).to_numpy(dtype=np.int64)
        if book is None:
            return cls(people, rounds, codes, state, counts)
        _honour_kinds(state, codes, book)
        found = cls(people, rounds, codes, state, counts, above=_parents(book))
        return found._with_headings(book)

    def _with_headings(self, book: Codebook) -> Cases:
        """Add the headings, which no table counts: there where anything beneath them is."""
        here = set(self.codes)
        beneath = {
            code.id: [name for name in book.descendants(code.id) if name in here]
            for code in book
            if not code.codable and code.id not in here
        }
        more = {code: self.course(names) for code, names in beneath.items() if names}
        if not more:
            return self
        states, counts = (np.stack(part, axis=2) for part in zip(*more.values(), strict=True))
        return replace(
            self,
            codes=(*self.codes, *more),
            state=np.concatenate([self.state, states], axis=2),
            counts=np.concatenate([self.counts, counts], axis=2),
        )

    @cached_property
    def _column(self) -> dict[str, int]:
        return {code: i for i, code in enumerate(self.codes)}

    @cached_property
    def _row(self) -> dict[str, int]:
        return {person: i for i, person in enumerate(self.participants)}

    def rows_of(self, people: Sequence[str]) -> np.ndarray:
        """Give the row of each person, -1 for one who is not part of the reading."""
        return np.array([self._row.get(person, -1) for person in people], dtype=np.intp)

    def columns_of(self, codes: Sequence[str]) -> list[int]:
        """Give the column of each code."""
        unknown = [code for code in codes if code not in self._column]
        if unknown:
            raise QuidqualError.of(
                f"{listed(unknown)}: not in the presence table.",
                remedy=f"Use codes such as {listed(self.codes, 5)}.",
                file="claims.yaml",
                field="check.codes",
            )
        return [self._column[code] for code in codes]

    def part(self, people: Sequence[str], codes: Sequence[str]) -> Cases:
        """Keep what a claim looks at, so that it can be judged many times."""
        rows = [row for row in self.rows_of(people) if row >= 0]
        columns = self.columns_of(codes)
        return replace(
            self,
            participants=tuple(self.participants[row] for row in rows),
            codes=tuple(codes),
            state=self.state[rows][:, :, columns],
            counts=self.counts[rows][:, :, columns],
        )

    def without(self, *, person: str | None = None, round: str | None = None) -> Cases:
        """Leave one person or one round out."""
        rows = np.flatnonzero([name != person for name in self.participants])
        times = np.flatnonzero([name != round for name in self.rounds])
        left = replace(
            self,
            participants=tuple(name for name in self.participants if name != person),
            rounds=tuple(name for name in self.rounds if name != round),
            state=self.state[np.ix_(rows, times)],
            counts=self.counts[np.ix_(rows, times)],
            people_left_out=(*self.people_left_out, *([person] if person is not None else ())),
            rounds_left_out=(*self.rounds_left_out, *([round] if round is not None else ())),
        )
        if round is None:
            object.__setattr__(left, "_whole", (self, rows))
        return left

    def by_person(self, key: Hashable, make: Callable[[Cases], np.ndarray]) -> np.ndarray:
        """Work out something with a row a person, once: without somebody her row falls out."""
        if self._whole is not None:
            cases, rows = self._whole
            return cases.by_person(key, make)[rows]
        if key not in self._made:
            self._made[key] = make(self)
        return self._made[key]

    @cached_property
    def _made(self) -> dict[Hashable, np.ndarray]:
        return {}

    def course(
        self, codes: Sequence[str], *, match: str = "any", rounds: Sequence[str] = ()
    ) -> tuple[np.ndarray, np.ndarray]:
        """State and number of codings of a set of codes, per participant and round.

        With ``match="any"`` the set is present where any code is, and absent where all that
        were meant to be observed are absent; with ``"all"`` it is present where every code is,
        and absent where one is, whatever the others would be.
        """
        columns = self.columns_of(codes)
        apart = [code for code in codes if self.above.get(code, frozenset()).isdisjoint(codes)]
        state = self.state[:, :, columns]
        counts = self.counts[:, :, self.columns_of(list(dict.fromkeys(apart)))].sum(axis=2)
        missing = np.where((state == MISSING).any(axis=2), MISSING, NOT_MEANT)
        if match == "all":
            result = np.where((state < 0).any(axis=2), missing, PRESENT)
            result = np.where((state == ABSENT).any(axis=2), ABSENT, result)
        else:
            seen = (state == ABSENT).any(axis=2) & (missing == NOT_MEANT)
            result = np.where(seen, ABSENT, missing)
            result = np.where((state == PRESENT).any(axis=2), PRESENT, result)
        if rounds:
            keep = np.isin(self.rounds, list(rounds))
            result = np.where(keep[None, :], result, NOT_MEANT)
        return result.astype(np.int8), counts

    def truth(self, condition: Mapping[str, Any]) -> np.ndarray:
        """Judge one condition for every participant.

        Returns
        -------
        ndarray of int8
            1 true, 0 false, -1 not observed, -2 not meant to be observed.
        """
        rounds = condition.get("rounds") or ()
        if "first" in condition:
            first, _ = self.course(condition["first"], rounds=rounds)
            then, _ = self.course(condition["then"], rounds=rounds)
            return _followed(first, then)
        when = one_of(condition.get("when", "any"), WHEN, field="check.when", file="claims.yaml")
        match = condition.get("match", "any")
        return _judge(*self.course(condition["codes"], match=match, rounds=rounds), when)

    def holds(self, condition: Mapping[str, Any]) -> list[bool | None]:
        """Judge one condition for every participant: true, false or None (not observed).

        Parameters
        ----------
        condition : mapping
            ``codes`` with ``when`` (see `WHEN`), ``match`` (any, all) and ``rounds``; or
            ``first`` and ``then``, two sets of codes of which the second must be present
            in a later round than the first.
        """
        return [None if value < 0 else bool(value) for value in self.truth(condition)]


def _parents(book: Codebook) -> dict[str, frozenset[str]]:
    """Give everything above each code."""
    parent = {code.id: code.parent for code in book}
    found: dict[str, frozenset[str]] = {}
    for code in parent:
        above, name = set[str](), parent[code]
        while name and name not in above:
            above.add(name)
            name = parent.get(name)
        found[code] = frozenset(above)
    return found


def _honour_kinds(state: np.ndarray, codes: Sequence[str], book: Codebook) -> None:
    """Let no absence mean more than the kind of its code allows; changes the array."""
    for column, code in enumerate(codes):
        kind = getattr(book[code], "kind", "state") if code in book else "state"
        own = state[:, :, column]
        told = np.logical_or.accumulate(own == PRESENT, axis=1)
        if kind == "event":  # it has happened, whether it is told again or not
            own[told & (own == ABSENT)] = PRESENT
        elif kind == "background":  # a circumstance not spoken of again may last or not
            own[told & (own == ABSENT)] = NOT_MEANT
        elif kind == "prompted_once":
            own[_before(own >= 0) & (own == ABSENT)] = NOT_MEANT


def _followed(first: np.ndarray, then: np.ndarray) -> np.ndarray:
    """Tell in whom the second set is present in a later round than the first."""
    true = (_before(first == PRESENT) & (then == PRESENT)).any(axis=1)
    known = (_before(first >= 0) & (then >= 0)).any(axis=1)
    unknown = _unknown(np.concatenate([first, then], axis=1))
    return np.where(known, true, unknown).astype(np.int8)


def _before(marked: np.ndarray) -> np.ndarray:
    """Mark the rounds before which one was marked."""
    begun = np.logical_or.accumulate(marked, axis=1)
    before = np.roll(begun, 1, axis=1)
    before[:, :1] = False
    return before


def _unknown(state: np.ndarray) -> np.ndarray:
    """Say why nothing is known of a person: something that was due is missing, or nothing was."""
    return np.where((state == MISSING).any(axis=1), MISSING, NOT_MEANT)


def _judge(state: np.ndarray, counts: np.ndarray, when: str) -> np.ndarray:
    """Judge the observed rounds of every participant."""
    observed, present = state >= 0, state == PRESENT
    n_seen, n_present = observed.sum(axis=1), present.sum(axis=1)
    if not state.shape[1]:
        return np.full(len(state), MISSING, dtype=np.int8)
    people = np.arange(len(state))
    at_first = observed.argmax(axis=1)
    at_last = state.shape[1] - 1 - observed[:, ::-1].argmax(axis=1)
    first, last = present[people, at_first], present[people, at_last]
    more = counts[people, at_last] > counts[people, at_first]
    answers = {
        "any": n_present > 0,
        "every": n_present == n_seen,
        "never": n_present == 0,
        "first": first,
        "not_first": ~first,
        "only_first": first & (n_present == 1),
        "later": n_present - first > 0,
        "last": last,
        "not_last": ~last,
        "only_last": last & (n_present == 1),
        "fades": first & ~last,
        "rises": last & (~first | more),
    }
    known = n_seen >= (2 if when in _NEEDS_TWO else 1)
    judged = np.where(known, answers[when], _unknown(state)).astype(np.int8)
    for row in np.flatnonzero(~known & (n_seen > 0) & (state == MISSING).any(axis=1)):
        judged[row] = _filled(state[row], counts[row], when)
    return judged


def _filled(state: np.ndarray, counts: np.ndarray, when: str) -> int:
    """Judge one person for every way in which her rounds not observed may be filled.

    Who was seen once may be known all the same: nothing fades that was not there at first.
    """
    holes = np.flatnonzero(state == MISSING)
    if len(holes) > _MOST_HOLES:
        return MISSING
    ways = np.arange(2 ** len(holes))[:, None] >> np.arange(len(holes)) & 1
    states = np.tile(state, (len(ways), 1))
    states[:, holes] = np.where(ways, PRESENT, ABSENT)
    answers: set[int] = set()
    for often in (0, counts.sum() + 1):  # how often it would have been coded is not known either
        told = np.tile(counts, (len(ways), 1))
        told[:, holes] = ways * often
        answers |= set(_judge(states, told, when).tolist())
    return answers.pop() if len(answers) == 1 else MISSING


def together(judged: Sequence[np.ndarray]) -> np.ndarray:
    """Join conditions per participant: one false makes false, else one unknown makes unknown.

    Examples
    --------
    >>> together([np.array([1, 1, -1]), np.array([1, -1, 0])]).tolist()
    [1, -1, 0]
    """
    table = np.stack(judged)
    unknown = np.where((table == MISSING).any(axis=0), MISSING, NOT_MEANT)
    answer = np.where((table < 0).any(axis=0), unknown, ABSENT + (table == PRESENT).all(axis=0))
    return np.where((table == ABSENT).any(axis=0), ABSENT, answer).astype(np.int8)
