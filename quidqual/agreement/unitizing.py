"""Krippendorff's unitizing family: the same stretches marked, and named alike.

Segments are units of their own length, not strings of independent characters: by chance a
long segment is met as a whole, so the expected coincidences leave a segment's pairing with
itself out. Gaps between segments are taken character by character.

- ``u_alpha``: boundaries and codes together;
- ``binary_u_alpha``: marked or not, whatever the code;
- ``cu_alpha``: the codes, where both coders marked something;
- ``ku_alpha``: one code against the others, where both coders marked something.

The first three need codes that exclude each other. Where codes may overlap, each code is
its own continuum: ``binary_u_alpha`` for each code.

References
----------
Krippendorff, K., Mathet, Y., Bouvry, S., & Widlöcher, A. (2016). On the reliability of
unitizing textual continua: Further developments. Quality & Quantity, 50, 2347-2364.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from quidqual.agreement.blocks import sweep


@dataclass(frozen=True)
class Coincidences:
    """What each continuum adds; code 0 is the gap.

    Attributes
    ----------
    joint : numpy.ndarray
        Continua by codes by codes: lengths that two coders share, each pair both ways,
        weighted 1 / (coders - 1).
    own : numpy.ndarray
        Continua by codes: squared lengths of segments (gap: lengths), to be left out of
        what chance can pair.
    shared : numpy.ndarray
        Continua by codes: the same for stretches that both coders marked.
    """

    joint: np.ndarray
    own: np.ndarray
    shared: np.ndarray

    def pooled(self, draws: np.ndarray) -> Coincidences:
        """Add continua up, each as often as drawn (draws by continua)."""
        n, v = self.own.shape
        joint = (draws @ self.joint.reshape(n, v * v)).reshape(-1, v, v)
        return Coincidences(joint, draws @ self.own, draws @ self.shared)


def exclusive(continuum: np.ndarray, coder: np.ndarray, start: np.ndarray, end: np.ndarray) -> bool:
    """Say whether no coder marks the same place twice."""
    order = np.lexsort((start, coder, continuum))
    c, k, s, e = continuum[order], coder[order], start[order], end[order]
    same = (c[1:] == c[:-1]) & (k[1:] == k[:-1])
    return not bool((same & (s[1:] < e[:-1])).any())


def coincidences(
    continuum: np.ndarray,
    coder: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
    code: np.ndarray,
    *,
    n_codes: int,
    lengths: np.ndarray,
    covered: np.ndarray,
) -> Coincidences:
    """Count the coincidences of every continuum.

    Parameters
    ----------
    continuum, coder, start, end, code : numpy.ndarray
        One entry a segment; a coder's segments do not overlap; codes count from 0.
    lengths : numpy.ndarray
        Length of each continuum.
    covered : numpy.ndarray
        Continua by coders.
    """
    n, r = covered.shape
    v = n_codes + 1
    m = covered.sum(axis=1)
    use = (m >= 2)[continuum] & covered[continuum, coder]
    continuum, coder, code = continuum[use], coder[use], code[use] + 1
    start, end = start[use], end[use]
    size = (end - start).astype(float)
    own = np.bincount(continuum * v + code, weights=size**2, minlength=n * v).reshape(n, v)
    marked = np.bincount(continuum, weights=size, minlength=n)
    own[:, 0] = np.where(m >= 2, m * lengths - marked, 0.0)
    joint = np.zeros((n, v, v))
    shared = np.zeros((n, v))
    share = 1.0 / np.maximum(m - 1, 1)
    for i, j in combinations(range(r), 2):
        both = covered[:, i] & covered[:, j]
        if not both.any():
            continue
        mine = ((coder == i) | (coder == j)) & both[continuum]
        value = np.where(coder[mine] == i, code[mine], code[mine] * v)
        where, state, length = sweep(continuum[mine], start[mine], end[mine], value)
        b, a = np.divmod(state, v)
        weight = length * share[where]
        left = np.where(both, lengths - np.bincount(where, weights=length, minlength=n), 0.0)
        for x, y in ((a, b), (b, a)):
            key = (where * v + x) * v + y
            joint += np.bincount(key, weights=weight, minlength=n * v * v).reshape(n, v, v)
            met = (x > 0) & (y > 0)
            squares = (weight * length)[met]
            shared += np.bincount((where * v + x)[met], squares, minlength=n * v).reshape(n, v)
        joint[:, 0, 0] += 2.0 * left * share
    return Coincidences(joint, own, shared)


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    fine = denominator > 1e-12
    return np.where(fine, numerator / np.where(fine, denominator, 1.0), np.nan)


def u_alpha(found: Coincidences) -> np.ndarray:
    """Agreement on segments and codes, one value for each entry of the first axis."""
    total = found.joint.sum(axis=(1, 2))
    used = found.joint.sum(axis=2)
    met = np.trace(found.joint, axis1=1, axis2=2)
    chance = total * _ratio(total**2 - (used**2).sum(axis=1), total**2 - found.own.sum(axis=1))
    return 1.0 - _ratio(total - met, chance)


def binary(found: Coincidences) -> Coincidences:
    """Fold all codes into one: marked or not."""
    joint = np.zeros((len(found.own), 2, 2))
    joint[:, 0, 0] = found.joint[:, 0, 0]
    joint[:, 0, 1] = found.joint[:, 0, 1:].sum(axis=1)
    joint[:, 1, 0] = found.joint[:, 1:, 0].sum(axis=1)
    joint[:, 1, 1] = found.joint[:, 1:, 1:].sum(axis=(1, 2))
    own = np.column_stack([found.own[:, 0], found.own[:, 1:].sum(axis=1)])
    shared = np.column_stack([found.shared[:, 0], found.shared[:, 1:].sum(axis=1)])
    return Coincidences(joint, own, shared)


def cu_alpha(found: Coincidences) -> tuple[np.ndarray, np.ndarray]:
    """Agreement on the codes of what both marked; and the share of the text that is."""
    inner = found.joint[:, 1:, 1:]
    total, used = inner.sum(axis=(1, 2)), inner.sum(axis=2)
    met = np.trace(inner, axis1=1, axis2=2)
    chance = total * _ratio(total**2 - (used**2).sum(axis=1), total**2 - found.shared.sum(axis=1))
    value = 1.0 - _ratio(total - met, chance)
    return value, _ratio(total, found.joint.sum(axis=(1, 2)))


def ku_alpha(found: Coincidences) -> tuple[np.ndarray, np.ndarray]:
    """Agreement on each code where both marked something; and how much of it that is."""
    inner = found.joint[:, 1:, 1:]
    used = inner.sum(axis=2)
    total = used.sum(axis=1, keepdims=True)
    met = np.diagonal(inner, axis1=1, axis2=2)
    observed = _ratio(used - met, used)
    chance = _ratio(used * (total - used), used * total - found.shared[:, 1:])
    return 1.0 - _ratio(observed, chance), _ratio(used, found.joint.sum(axis=2)[:, 1:])
