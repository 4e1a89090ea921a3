"""Conditions on one participant's course: the words in which claims are written.

A condition names codes and when they must be there. It is true, false, or unknown: a
participant in whom nothing was observed where the condition looks is unknown, never
false.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from quidqual.study.check_measures import WHEN
from quidqual.study.errors import QuidqualError, listed

_CODES = {"present": 1, "absent": 0, "not_observed": -1}


@dataclass(frozen=True)
class Cases:
    """Presence as an array: participant x round x code.

    Attributes
    ----------
    participants, rounds, codes : tuple of str
    state : ndarray of int8, shape (participants, rounds, codes)
        1 present, 0 absent, -1 not observed.
    counts : ndarray of int64, same shape
        Number of codings.
    """

    participants: tuple[str, ...]
    rounds: tuple[str, ...]
    codes: tuple[str, ...]
    state: np.ndarray
    counts: np.ndarray

    @classmethod
    def from_presence(cls, presence: pd.DataFrame) -> Cases:
        """Arrange a presence table; combinations that it does not have are not observed."""
        people = tuple(dict.fromkeys(presence["participant"]))
        rounds = tuple(presence["round"].cat.categories)
        codes = tuple(presence["code"].cat.categories)
        shape = (len(people), len(rounds), len(codes))
        at = (
            pd.Index(people).get_indexer(presence["participant"]),
            presence["round"].cat.codes.to_numpy(),
            presence["code"].cat.codes.to_numpy(),
        )
        state = np.full(shape, -1, dtype=np.int8)
        state[at] = presence["state"].astype(object).map(_CODES).to_numpy(dtype=np.int8)
        counts = np.zeros(shape, dtype=np.int64)
        counts[at] = presence["n_codings"].fillna(0).to_numpy(dtype=np.int64)
        return cls(people, rounds, codes, state, counts)

    @cached_property
    def _column(self) -> dict[str, int]:
        return {code: i for i, code in enumerate(self.codes)}

    def _columns(self, codes: Sequence[str]) -> list[int]:
        unknown = [code for code in codes if code not in self._column]
        if unknown:
            raise QuidqualError.of(
                f"{listed(unknown)}: not in the presence table.",
                remedy=f"Use codes such as {listed(self.codes, 5)}.",
                file="claims.yaml",
                field="check.codes",
            )
        return [self._column[code] for code in codes]

    def course(
        self, codes: Sequence[str], *, match: str = "any", rounds: Sequence[str] = ()
    ) -> tuple[np.ndarray, np.ndarray]:
        """State and number of codings of a set of codes, per participant and round.

        With ``match="any"`` the set is present where any code is, absent where all that
        were observed are absent; with ``"all"`` it is present where every code is.
        """
        columns = self._columns(codes)
        state, counts = self.state[:, :, columns], self.counts[:, :, columns].sum(axis=2)
        if match == "all":
            result = np.where((state == -1).any(axis=2), -1, (state == 1).all(axis=2))
        else:
            seen = (state != -1).any(axis=2)
            result = np.where(seen, (state == 1).any(axis=2), -1)
        if rounds:
            keep = np.isin(self.rounds, list(rounds))
            result = np.where(keep[None, :], result, -1)
        return result.astype(np.int8), counts

    def holds(self, condition: Mapping[str, Any]) -> list[bool | None]:
        """Judge one condition for every participant: true, false or None (not observed).

        Parameters
        ----------
        condition : mapping
            ``codes`` with ``when`` (see `WHEN`), ``match`` (any, all) and ``rounds``; or
            ``first`` and ``then``, two sets of codes of which the second must be present
            in a later round than the first.
        """
        if "first" in condition:
            return self._sequence(condition)
        when = condition.get("when", "any")
        if when not in WHEN:
            raise QuidqualError.of(
                f"{when!r} is no time.", remedy=f"Use one of: {listed(WHEN)}.", field="check.when"
            )
        state, counts = self.course(
            condition["codes"],
            match=condition.get("match", "any"),
            rounds=condition.get("rounds", ()),
        )
        return [
            _judge(row[row != -1], number[row != -1], when)
            for row, number in zip(state, counts, strict=True)
        ]

    def _sequence(self, condition: Mapping[str, Any]) -> list[bool | None]:
        rounds = condition.get("rounds", ())
        first, _ = self.course(condition["first"], rounds=rounds)
        then, _ = self.course(condition["then"], rounds=rounds)
        result: list[bool | None] = []
        for one, other in zip(first, then, strict=True):
            if ((one != -1) & (other != -1)).sum() < 2:
                result.append(None)
                continue
            starts = np.flatnonzero(one == 1)
            ends = np.flatnonzero(other == 1)
            result.append(bool(len(starts) and len(ends) and starts[0] < ends[-1]))
        return result


def _judge(row: np.ndarray, counts: np.ndarray, when: str) -> bool | None:
    """Judge the observed rounds of one participant."""
    if not len(row):
        return None
    present = row == 1
    if when in ("fades", "rises") and len(row) < 2:
        return None
    answers = {
        "any": lambda: present.any(),
        "every": lambda: present.all(),
        "never": lambda: not present.any(),
        "first": lambda: present[0],
        "last": lambda: present[-1],
        "not_last": lambda: not present[-1],
        "only_last": lambda: present[-1] and not present[:-1].any(),
        "fades": lambda: present[0] and not present[-1],
        "rises": lambda: present[-1] and (not present[0] or counts[-1] > counts[0]),
    }
    return bool(answers[when]())


def together(judged: Sequence[Sequence[bool | None]]) -> list[bool | None]:
    """Join conditions per participant: one false makes false, else one unknown makes unknown.

    Examples
    --------
    >>> together([[True, True, None], [True, None, False]])
    [True, None, False]
    """
    joined: list[bool | None] = []
    for answers in zip(*judged, strict=True):
        if any(answer is False for answer in answers):
            joined.append(False)
        else:
            joined.append(None if None in answers else True)
    return joined
