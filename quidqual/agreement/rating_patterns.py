"""Units reduced to counts of rating patterns.

Two units that every coder rated alike add the same to every coefficient. So a table of a
million units is a few hundred different rows and how often each occurs, and estimates,
standard errors and resampling cost what the patterns cost, not what the units cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_DENSE = 1 << 20  # patterns that may be counted by address instead of by sorting


@dataclass(frozen=True)
class Tally:
    """How often each rating pattern occurs, by code and cluster.

    Attributes
    ----------
    patterns : numpy.ndarray
        Patterns by coders: the number of the category, -1 for missing.
    row : numpy.ndarray
        For each count, ``code * n_clusters + cluster``.
    pattern : numpy.ndarray
        For each count, the number of the pattern.
    count : numpy.ndarray
        How many units.
    n_codes, n_clusters : int
    clustered : bool
        False: the units are taken as independent of each other (one "cluster" holds all).
    """

    patterns: np.ndarray
    row: np.ndarray
    pattern: np.ndarray
    count: np.ndarray
    n_codes: int
    n_clusters: int
    clustered: bool

    def totals(self) -> np.ndarray:
        """Count the units of each code and pattern."""
        n_patterns = len(self.patterns)
        key = (self.row // self.n_clusters) * n_patterns + self.pattern
        flat = np.bincount(key, weights=self.count, minlength=self.n_codes * n_patterns)
        return flat.reshape(self.n_codes, n_patterns)

    def sums(self, features: np.ndarray) -> np.ndarray:
        """Add the patterns' features up within each code and cluster.

        Returns
        -------
        numpy.ndarray
            Codes by clusters by features.
        """
        if not self.clustered:
            return (self.totals() @ features)[:, None, :]
        from scipy.sparse import csr_array

        shape = (self.n_codes * self.n_clusters, len(self.patterns))
        table = csr_array((self.count, (self.row, self.pattern)), shape=shape)
        return (table @ features).reshape(self.n_codes, self.n_clusters, features.shape[1])


def _keys(columns: list[np.ndarray], n_categories: int) -> tuple[np.ndarray, int] | None:
    """Give each unit one number for its whole pattern (None: it would not fit)."""
    base = n_categories + 1
    size = base ** len(columns)
    if size >= 1 << 62:
        return None
    dtype = np.int32 if size < 1 << 31 else np.int64
    key = np.add(columns[0], 1, dtype=dtype)
    for column in columns[1:]:
        np.multiply(key, base, out=key)
        np.add(key, column, out=key)
        np.add(key, 1, out=key)
    return key, size


def _unpacked(keys: np.ndarray, n_categories: int, n_coders: int) -> np.ndarray:
    """Turn pattern numbers back into patterns."""
    base = n_categories + 1
    out = np.empty((len(keys), n_coders), dtype=np.int32)
    rest = keys.astype(np.int64)
    for j in range(n_coders - 1, -1, -1):
        rest, digit = np.divmod(rest, base)
        out[:, j] = digit - 1
    return out


def _numbered(columns: list[np.ndarray], n_categories: int) -> tuple[np.ndarray, np.ndarray]:
    """Find the different patterns, and the number of each unit's."""
    packed = _keys(columns, n_categories)
    if packed is None:
        table = np.column_stack(columns).astype(np.int32)
        patterns, number = np.unique(table, axis=0, return_inverse=True)
        return patterns, number.reshape(-1)
    keys, number = np.unique(packed[0], return_inverse=True)
    return _unpacked(keys, n_categories, len(columns)), number.reshape(-1)


def tabulate(
    columns: list[np.ndarray],
    n_categories: int,
    *,
    clusters: np.ndarray | None = None,
    n_clusters: int = 0,
) -> Tally:
    """Count the patterns of a table of ratings, within clusters where there are any.

    Examples
    --------
    >>> tally = tabulate([np.array([0, 0, 1]), np.array([0, 0, -1])], 2)
    >>> tally.patterns.tolist(), tally.count.tolist()
    ([[0, 0], [1, -1]], [2.0, 1.0])
    """
    packed = _keys(columns, n_categories)
    if clusters is None and packed is not None and packed[1] <= _DENSE:
        counts = np.bincount(packed[0], minlength=1)
        keys = np.flatnonzero(counts)
        patterns = _unpacked(keys, n_categories, len(columns))
        found = counts[keys].astype(float)
        place = np.arange(len(keys))
        return Tally(patterns, np.zeros_like(place), place, found, 1, 1, False)
    patterns, number = _numbered(columns, n_categories)
    if clusters is None:
        found = np.bincount(number, minlength=len(patterns)).astype(float)
        place = np.arange(len(patterns))
        return Tally(patterns, np.zeros_like(place), place, found, 1, 1, False)
    pair = clusters.astype(np.int64) * len(patterns) + number
    pairs, found = np.unique(pair, return_counts=True)
    row, place = np.divmod(pairs, len(patterns))
    return Tally(patterns, row, place, found.astype(float), 1, n_clusters, True)
