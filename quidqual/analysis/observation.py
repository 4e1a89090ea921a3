"""The field of observation: who was to be interviewed when, and whether it took place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from quidqual.analysis.selection import as_tuple
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.order import natural_order

if TYPE_CHECKING:
    from quidqual.study.model import Study

STATES = ("present", "absent", "not_observed")
"""The three values of presence, in the order of the Categorical."""

PRESENT, ABSENT, NOT_OBSERVED = range(3)


@dataclass(frozen=True)
class Field:
    """Participants x rounds of a study, or of the part of it that is looked at.

    Attributes
    ----------
    participants, groups, roles : ndarray of str
        One entry a participant, in natural order of their names.
    rounds : ndarray of str
        In the order of the study.
    interview, status : ndarray of str, participants x rounds
        The interview's id, and ``held``, ``missed`` or ``not_due``.
    """

    participants: np.ndarray
    groups: np.ndarray
    roles: np.ndarray
    rounds: np.ndarray
    interview: np.ndarray
    status: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        """How many participants and rounds."""
        return len(self.participants), len(self.rounds)

    def place_of(self, interviews: pd.Series) -> np.ndarray:
        """Give the flat position of each interview, -1 if it is outside the field."""
        index = pd.Index(self.interview.ravel())
        numbers, names = pd.factorize(interviews)
        found = np.append(index.get_indexer(names), -1)
        return found[numbers].astype(np.int64)

    def in_groups(self, wished: Iterable[str]) -> np.ndarray:
        """Mark the participants whose group or role is among those wished."""
        names = list(wished)
        return pd.Index(self.groups).isin(names) | pd.Index(self.roles).isin(names)


def field_of(
    study: Study,
    *,
    participants: str | Iterable[str] | None = None,
    rounds: str | Iterable[str] | None = None,
) -> Field:
    """Lay a study's interviews out as participants x rounds.

    A pair without an interview row counts as ``not_due``.

    Raises
    ------
    QuidqualError
        If a participant or round is not in the study.
    """
    people = study.participants.set_index("participant")
    chosen = natural_order(_among(people.index, participants, "participants"))
    times = _among(study.rounds["round"].astype("str"), rounds, "rounds")
    ordered = [time for time in study.rounds["round"].astype("str") if time in set(times)]
    held = study.interviews
    row = pd.Index(chosen).get_indexer(held["participant"])
    column = pd.Index(ordered).get_indexer(held["round"].astype("str"))
    inside = (row >= 0) & (column >= 0)
    interview = np.full((len(chosen), len(ordered)), "", dtype=object)
    status = np.full(interview.shape, "not_due", dtype=object)
    interview[row[inside], column[inside]] = held["interview"].to_numpy(dtype=object)[inside]
    status[row[inside], column[inside]] = held["status"].to_numpy(dtype=object)[inside]
    return Field(
        participants=np.array(chosen, dtype=object),
        groups=people["group"].reindex(chosen).to_numpy(dtype=object),
        roles=people["role"].reindex(chosen).to_numpy(dtype=object),
        rounds=np.array(ordered, dtype=object),
        interview=interview,
        status=status,
    )


def _among(known: Iterable[str], wished: str | Iterable[str] | None, name: str) -> list[str]:
    """Keep the wished names, or all; complain about those that are not known."""
    everything = list(known)
    if wished is None:
        return everything
    asked = as_tuple(wished)
    unknown = [value for value in asked if value not in set(everything)]
    if unknown or not asked:
        raise QuidqualError.of(
            f"Not in the study: {listed(unknown)}."
            if unknown
            else f"{name}= names nothing: nothing would be left.",
            remedy=f"It has {listed(everything)}.",
            field=name,
        )
    return [value for value in everything if value in set(asked)]
