"""Courses: one row a participant (and code or construct), one column a round.

The same shape serves presence (present, absent) and constructs (past, in between, future),
so that transitions, trajectories and distances are written once for both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from quidqual.study.errors import QuidqualError, listed
from quidqual.study.order import natural_order

MISSING = "not_observed"


@dataclass(frozen=True)
class Courses:
    """States of many participants over the rounds.

    Attributes
    ----------
    of : str
        ``"code"``, ``"construct"`` or ``""`` if the table is about one thing only.
    keys : DataFrame
        One row a course: the thing (if any), ``participant``, ``group``.
    rounds, states : tuple of str
        Rounds in order; states in order, ``not_observed`` last.
    state : ndarray of int, courses x rounds
        Positions in ``states``.
    corpus : str
    """

    of: str
    keys: pd.DataFrame
    rounds: tuple[str, ...]
    states: tuple[str, ...]
    state: np.ndarray
    corpus: str

    @property
    def missing(self) -> int:
        """The number that stands for not observed."""
        return len(self.states) - 1

    def patterns(self) -> list[str]:
        """Write each course as words: ``"past > not_observed > future"``."""
        return [" > ".join(self.states[value] for value in row) for row in self.state]


def courses_of(table: pd.DataFrame) -> Courses:
    """Read a table of presence or of construct states as courses.

    Parameters
    ----------
    table : DataFrame
        ``participant``, ``round``, ``state`` and, if it holds several things, ``code``
        or ``construct``. A cell without a row is not observed.

    Raises
    ------
    QuidqualError
        If a column is missing, a value empty, or a cell said twice differently.
    """
    needed = ("participant", "round", "state")
    missing = [name for name in needed if not isinstance(table, pd.DataFrame) or name not in table]
    if missing:
        raise QuidqualError.of(
            f"The table has no column {listed(missing)}.",
            remedy="Give what qq.presence(study) or qq.states(study) returns.",
        )
    if table[list(needed)].isna().any(axis=None):
        raise QuidqualError.of(
            "Rows without participant, round or state.", remedy="Drop or complete these rows."
        )
    of = next((name for name in ("code", "construct") if name in table), "")
    things = _levels(table[of]) if of else [""]
    people = _levels(table["participant"])
    rounds = _levels(table["round"])
    states = [state for state in _states(table["state"]) if state != MISSING] + [MISSING]
    shape = (len(things), len(people), len(rounds))
    state = np.full(shape, len(states) - 1, dtype=np.int16)
    place = (
        pd.Index(things).get_indexer(table[of]) if of else np.zeros(len(table), dtype=np.intp),
        pd.Index(people).get_indexer(table["participant"]),
        pd.Index(rounds).get_indexer(table["round"]),
    )
    here = pd.Index(states).get_indexer(table["state"])
    state[place] = here
    if (state[place] != here).any():
        raise QuidqualError.of(
            "The table gives two different states for one participant and round.",
            remedy="Keep one row for each.",
            field="state",
        )
    return Courses(
        of=of,
        keys=_keys(table, of, things, people),
        rounds=tuple(str(name) for name in rounds),
        states=tuple(states),
        state=state.reshape(state.size // max(len(rounds), 1), len(rounds)),
        corpus=str(table["corpus"].iloc[0]) if "corpus" in table and len(table) else "",
    )


def as_ordered(values: list[str], categories: list[str] | tuple[str, ...]) -> pd.Categorical:
    """Make an ordered Categorical of the given categories."""
    return pd.Categorical(values, categories=list(categories), ordered=True)


def _keys(table: pd.DataFrame, of: str, things: list[str], people: list[str]) -> pd.DataFrame:
    """Name each course: thing by thing, within it person by person."""
    group = dict.fromkeys(people, "")
    if "group" in table:
        pairs = table[["participant", "group"]].drop_duplicates("participant")
        group |= dict(zip(pairs["participant"], pairs["group"].astype("str"), strict=True))
    keys: dict[str, object] = {}
    if of:
        keys[of] = as_ordered([thing for thing in things for _ in people], things)
    keys["participant"] = pd.array([str(name) for name in people] * len(things), dtype="str")
    keys["group"] = pd.array([group[name] for name in people] * len(things), dtype="str")
    return pd.DataFrame(keys)


def _levels(column: pd.Series) -> list[str]:
    """Give the values that occur, in the order of their categories or in natural order."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return list(column.cat.remove_unused_categories().cat.categories)
    return natural_order(column.unique())


def _states(column: pd.Series) -> list[str]:
    """Give the states in order; those that nobody reached stay, as they are possible."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [str(value) for value in column.cat.categories]
    return natural_order(str(value) for value in column.unique())
