"""Trajectories: participants grouped by like course."""

from __future__ import annotations

import numpy as np
import pandas as pd

from quidqual.analysis.courses import Courses, as_ordered, courses_of
from quidqual.study.arguments import must_be_number
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import k_of_n

__all__ = ["trajectories"]

_METHODS = ("pattern", "hamming", "om", "lcs")


def trajectories(
    table: pd.DataFrame, *, method: str = "pattern", groups: int | None = None
) -> pd.DataFrame:
    """Group the participants whose course over the rounds is alike.

    Parameters
    ----------
    table : DataFrame
        Of :func:`quidqual.presence` or :func:`quidqual.states`.
    method : {"pattern", "hamming", "om", "lcs"}
        ``"pattern"`` puts together exactly equal courses: right for few participants.
        The others cluster the distances of :func:`quidqual.sequence_distances` by average
        linkage: for many.
    groups : int, optional
        How many clusters; by default the number from 2 to 8 with the widest mean
        silhouette. Not used with ``"pattern"``.

    Returns
    -------
    DataFrame
        One row per code (or construct) and trajectory, the most frequent first: ``code``
        or ``construct``; ``trajectory`` (int, from 1); ``pattern`` (str: the course, or
        with clustering that of the most central participant); ``k`` (participants on it);
        ``n`` (participants observed at least once); ``label`` ("2 of 4");
        ``participants`` (str: who); ``cohesion`` (float: mean distance to the central
        course in the unit of the method, 0 with ``"pattern"``); ``corpus``.

    Raises
    ------
    QuidqualError
        If the table has no states, the method is unknown, or ``groups`` is no whole number
        or more than there are different courses.

    Notes
    -----
    With ``"pattern"`` a course with a round not observed is another course than the same
    one without: what happened in the gap is not known. Participants who were never
    observed stand in a row of their own, at the end, outside of n.

    Clusters are a description: their number is a choice, and at small n they fall apart
    when one participant is left out.

    References
    ----------
    Studer, M. & Ritschard, G. (2016). What matters in differences between life
    trajectories. *Journal of the Royal Statistical Society A* 179(2), 481-511.

    Examples
    --------
    >>> from quidqual.analysis.demo import tiny_study
    >>> from quidqual.analysis.presence import presence
    >>> found = trajectories(presence(tiny_study(), codes="trust"))
    >>> found[["trajectory", "pattern", "label", "participants"]]
       trajectory                 pattern   label participants
    0           1  present > not_observed  1 of 2           P2
    1           2        absent > present  1 of 2           P1
    """
    if method not in _METHODS:
        raise QuidqualError.of(
            f"{method!r} is no method.", remedy=f"Use {listed(_METHODS)}.", field="method"
        )
    if groups is not None:
        must_be_number(groups, field="groups", whole=True)
    courses = courses_of(table)
    things = list(courses.keys[courses.of].cat.categories) if courses.of else [""]
    size = len(courses.keys) // max(len(things), 1)
    rows = []
    for number, thing in enumerate(things):
        part = slice(number * size, (number + 1) * size)
        people = courses.keys["participant"].to_numpy(dtype=object)[part]
        state = courses.state[part]
        seen = (state != courses.missing).any(axis=1)
        if method == "pattern":
            found = _equal(state[seen])
        else:
            found = _alike(state[seen], courses, method, groups)
        rows += _rows(thing, found, state[seen], people[seen], courses)
        if not seen.all():
            row = (thing, len(found) + 1, _words(state[~seen][0], courses), int((~seen).sum()))
            rows.append((*row, int(seen.sum()), "not observed", ", ".join(people[~seen]), np.nan))
    columns = ["trajectory", "pattern", "k", "n", "label", "participants", "cohesion"]
    table_ = pd.DataFrame(rows, columns=["thing", *columns])
    if courses.of:
        table_["thing"] = as_ordered(list(table_["thing"]), things)
        table_ = table_.rename(columns={"thing": courses.of})
    else:
        table_ = table_.drop(columns="thing")
    return table_.assign(corpus=courses.corpus)


Group = tuple[np.ndarray, int, float]
"""Members, the position of the central one, and the mean distance to it."""


def _equal(state: np.ndarray) -> list[Group]:
    """Put equal courses together."""
    if len(state) == 0:
        return []
    _, which = np.unique(state, axis=0, return_inverse=True)
    members = [np.flatnonzero(which == number) for number in range(which.max() + 1)]
    return [(m, int(m[0]), 0.0) for m in members]


def _alike(state: np.ndarray, courses: Courses, method: str, groups: int | None) -> list[Group]:
    """Cluster courses by their distances."""
    from quidqual.sequences.clusters import cluster
    from quidqual.sequences.distance import sequence_distances

    letters = [[courses.states[value] for value in row] for row in state]
    distance = sequence_distances(letters, method=method).to_numpy(dtype=float)
    label = cluster(distance, groups=groups)
    found = []
    for number in np.unique(label):
        members = np.flatnonzero(label == number)
        inner = distance[np.ix_(members, members)].mean(axis=1)
        found.append((members, int(members[inner.argmin()]), float(inner.min())))
    return found


def _rows(
    thing: str, found: list[Group], state: np.ndarray, people: np.ndarray, courses: Courses
) -> list[tuple[object, ...]]:
    """Write the groups as rows, the largest first and then by the order of the states."""
    ordered = sorted(found, key=lambda g: (-len(g[0]), tuple(state[g[1]]), int(g[0][0])))
    return [
        (
            thing,
            number,
            _words(state[centre], courses),
            len(members),
            len(people),
            k_of_n(len(members), len(people)),
            ", ".join(people[members]),
            cohesion,
        )
        for number, (members, centre, cohesion) in enumerate(ordered, start=1)
    ]


def _words(row: np.ndarray, courses: Courses) -> str:
    return " > ".join(courses.states[value] for value in row)
