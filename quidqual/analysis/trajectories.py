"""Trajectories: participants grouped by equal course."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from quidqual.analysis.grid import Grid, grid_of
from quidqual.study.wording import k_of_n

__all__ = ["trajectories"]

Group = tuple[np.ndarray, int, float]
"""Members, the position of the central one, and the mean distance to it."""


def trajectories(table: pd.DataFrame) -> pd.DataFrame:
    """Group the participants whose course over the rounds is the same.

    Parameters
    ----------
    table : DataFrame
        Of :func:`quidqual.presence` or :func:`quidqual.states`.

    Returns
    -------
    DataFrame
        One row per code (or construct) and trajectory, the most frequent first: ``code``
        or ``construct``; ``trajectory`` (int, from 1); ``pattern`` (str: the course); ``k``
        (participants on it); ``n`` (participants observed at least once); ``label`` ("2 of
        4"); ``participants`` (str: who); ``cohesion`` (float: mean distance to the central
        course, here 0); ``corpus``.

    Raises
    ------
    QuidqualError
        If the table has no states, or two rows for one cell.

    Notes
    -----
    A course with a round not observed is another course than the same one without: what
    happened in the gap is not known. Participants who were never observed stand in a row of
    their own, at the end, outside of n. An event, once said, stays present; what was said
    unasked counts as not observed (see :func:`quidqual.change`).

    With many participants hardly any two courses are equal: ``qq.sequences.groups`` puts
    together those that are alike.

    Examples
    --------
    >>> import quidqual as qq
    >>> study = qq.load_example("small")
    >>> found = qq.trajectories(qq.presence(study, codes="trust"))
    >>> found[["trajectory", "pattern", "label", "participants"]]
       trajectory                 pattern   label participants
    0           1  present > not_observed  1 of 2           P2
    1           2        absent > present  1 of 2           P1
    """
    return grouped(grid_of(table), _equal)


def grouped(grid: Grid, group: Callable[[np.ndarray], list[Group]]) -> pd.DataFrame:
    """Describe, thing by thing, the groups into which the observed courses fall.

    Parameters
    ----------
    grid : Grid
    group : callable
        Courses, a row each, to groups.
    """
    courses = grid.courses()
    rows: list[tuple[object, ...]] = []
    for code, thing in enumerate(grid.things):
        state = courses[:, code]
        unseen = (state == grid.missing).all(axis=1)
        known, who, n = state[~unseen], grid.people[~unseen], int((~unseen).sum())
        # The largest group first, then by the order of the states.
        found = sorted(group(known), key=lambda g: (-len(g[0]), tuple(known[g[1]]), int(g[0][0])))
        for number, (members, centre, cohesion) in enumerate(found, start=1):
            k, names = len(members), ", ".join(who[members])
            words = _words(known[centre], grid)
            rows.append((thing, number, words, k, n, k_of_n(k, n), names, cohesion))
        if unseen.any():
            words, k = _words(state[unseen][0], grid), int(unseen.sum())
            row = (len(found) + 1, words, k, n, "not observed", grid.who(unseen), np.nan)
            rows.append((thing, *row))
    columns = ["trajectory", "pattern", "k", "n", "label", "participants", "cohesion"]
    return grid.table(rows, columns)


def _equal(state: np.ndarray) -> list[Group]:
    """Put equal courses together."""
    if len(state) == 0:
        return []
    _, which = np.unique(state, axis=0, return_inverse=True)
    members = [np.flatnonzero(which == number) for number in range(which.max() + 1)]
    return [(m, int(m[0]), 0.0) for m in members]


def _words(row: np.ndarray, grid: Grid) -> str:
    return " > ".join(grid.states[value] for value in row)
