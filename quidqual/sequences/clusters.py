"""Groups of participants whose courses are alike, from the distances between them."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from quidqual.analysis.grid import Grid, grid_of
from quidqual.analysis.transitions import Group, grouped
from quidqual.sequences.distance import METHODS, distances
from quidqual.study.arguments import must_be_number, one_of
from quidqual.study.errors import QuidqualError

__all__ = ["groups"]

_MOST = 8


def groups(
    table: pd.DataFrame, *, method: str = "hamming", number: int | None = None
) -> pd.DataFrame:
    """Group the participants whose course over the rounds is alike, for many people.

    Parameters
    ----------
    table : DataFrame
        Of :func:`quidqual.presence` or :func:`quidqual.states`.
    method : {"hamming", "om", "lcs"}
        How :func:`quidqual.sequences.distances` measures; the distances are clustered by
        average linkage.
    number : int, optional
        How many groups; by default the number from 2 to 8 with the widest mean silhouette.

    Returns
    -------
    DataFrame
        As :func:`quidqual.trajectories` gives it: ``pattern`` is the course of the most
        central participant of the group, ``cohesion`` the mean distance to it.

    Raises
    ------
    QuidqualError
        If the table has no states, the method is not known, or ``number`` is not a whole
        number from 1 to the number of different courses.

    Notes
    -----
    Groups are a description: their number is a choice, and at small n they fall apart when
    one participant is left out. For few people use :func:`quidqual.trajectories`, which puts
    together exactly equal courses.

    References
    ----------
    Studer, M. & Ritschard, G. (2016). What matters in differences between life
    trajectories. *Journal of the Royal Statistical Society A* 179(2), 481-511.

    Examples
    --------
    >>> import quidqual as qq
    >>> study = qq.load_example("small")
    >>> qq.sequences.groups(qq.presence(study, codes="trust"))[["trajectory", "label"]]
       trajectory   label
    0           1  1 of 2
    1           2  1 of 2
    """
    one_of(method, METHODS, field="method")
    if number is not None:
        must_be_number(number, field="number", whole=True)
    grid = grid_of(table)
    return grouped(grid, partial(_alike, grid=grid, method=method, number=number))


def _alike(state: np.ndarray, *, grid: Grid, method: str, number: int | None) -> list[Group]:
    """Cluster courses by their distances."""
    if len(state) == 0:
        return []
    letters = [[grid.states[value] for value in row] for row in state]
    distance = distances(letters, method=method).to_numpy(dtype=float)
    label = cluster(distance, number=number)
    found = []
    for name in np.unique(label):
        members = np.flatnonzero(label == name)
        inner = distance[np.ix_(members, members)].mean(axis=1)
        found.append((members, int(members[inner.argmin()]), float(inner.min())))
    return found


def cluster(distance: np.ndarray, *, number: int | None = None) -> np.ndarray:
    """Group objects by average linkage of their distances.

    Parameters
    ----------
    distance : ndarray
        Square, symmetric.
    number : int, optional
        How many groups; by default the number from 2 to 8 with the widest mean silhouette (the
        smaller of equals). If all objects are equal there is one group.

    Returns
    -------
    ndarray of int
        A number for each object, numbered in the order in which the groups first occur.

    Raises
    ------
    QuidqualError
        If there are fewer different objects than groups.

    References
    ----------
    Rousseeuw, P. J. (1987). Silhouettes. *Journal of Computational and Applied
    Mathematics* 20, 53-65.

    Examples
    --------
    >>> line = np.array([0.0, 0.1, 5.0, 5.2])
    >>> cluster(abs(line[:, None] - line[None, :]))
    array([1, 1, 2, 2])
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    n = len(distance)
    different = len(np.unique(np.asarray(distance) > 0, axis=0)) if n else 0
    if number is not None and not 1 <= number <= max(different, 1):
        raise QuidqualError.of(
            f"number must be from 1 to {max(different, 1)}, the number of different courses, "
            f"not {number}.",
            remedy="Ask for fewer groups, or use qq.trajectories.",
            field="number",
        )
    if n < 2 or different < 2:
        return np.ones(n, dtype=int)
    tree = linkage(squareform(np.asarray(distance, dtype=float), checks=False), method="average")
    if number is None:
        choices = [fcluster(tree, k, "maxclust") for k in range(2, min(_MOST, different) + 1)]
        widths = [_silhouette(distance, label) for label in choices]
        label = choices[int(np.argmax(np.round(widths, 12)))]
    else:
        label = fcluster(tree, number, "maxclust")
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return rank[inverse] + 1


def _silhouette(distance: np.ndarray, label: np.ndarray) -> float:
    """Mean silhouette width; 0 where nothing can be compared."""
    from sklearn.metrics import silhouette_score

    if not 1 < len(np.unique(label)) < len(label):
        return 0.0
    return float(silhouette_score(np.asarray(distance, dtype=float), label, metric="precomputed"))
