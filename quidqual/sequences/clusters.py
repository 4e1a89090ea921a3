"""Clusters of courses, from their distances."""

from __future__ import annotations

import numpy as np

from quidqual.study.errors import QuidqualError

_MOST = 8


def cluster(distance: np.ndarray, *, groups: int | None = None) -> np.ndarray:
    """Group objects by average linkage of their distances.

    Parameters
    ----------
    distance : ndarray
        Square, symmetric.
    groups : int, optional
        How many; by default the number from 2 to 8 with the widest mean silhouette (the
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
    if groups is not None and not 1 <= groups <= max(different, 1):
        raise QuidqualError.of(
            f"{groups} groups of {different} different courses.",
            remedy="Ask for fewer groups, or use method='pattern'.",
            field="groups",
        )
    if n < 2 or different < 2:
        return np.ones(n, dtype=int)
    tree = linkage(squareform(np.asarray(distance, dtype=float), checks=False), method="average")
    if groups is None:
        choices = [fcluster(tree, k, "maxclust") for k in range(2, min(_MOST, different) + 1)]
        widths = [silhouette(distance, label) for label in choices]
        label = choices[int(np.argmax(np.round(widths, 12)))]
    else:
        label = fcluster(tree, groups, "maxclust")
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return rank[inverse] + 1


def silhouette(distance: np.ndarray, label: np.ndarray) -> float:
    """Mean silhouette width: how much nearer objects are to their own group than the next.

    An object alone in its group counts 0.
    """
    names, position = np.unique(label, return_inverse=True)
    if len(names) < 2:
        return 0.0
    member = (position[:, None] == np.arange(len(names))[None, :]).astype(float)
    total = np.asarray(distance, dtype=float) @ member
    size = member.sum(axis=0)
    own = size[position]
    inside = total[np.arange(len(label)), position] / np.maximum(own - 1, 1)
    outside = np.where(member > 0, np.inf, total / size).min(axis=1)
    widest = np.maximum(inside, outside)
    width = np.divide(outside - inside, widest, out=np.zeros_like(widest), where=widest > 0)
    return float(np.where(own > 1, width, 0.0).mean())
