"""The coefficients, computed from sums of what each unit adds.

Every coefficient here is a function of a few sums over units (pairs that agree, categories
used, categories used by each coder). ``features`` gives what a rating pattern adds to those
sums; ``evaluate`` turns sums into coefficients, for one table or for a thousand resamples
at once.

Notes
-----
With r_i ratings of unit i, n_ik of them in category k, and weights w: the observed
agreement is the mean over units with r_i >= 2 of sum_k n_ik (sum_l w_kl n_il - 1) /
(r_i (r_i - 1)). The coefficients differ in the agreement they expect by chance:

- Fleiss (for two coders: Scott's pi): from the mean share pi_k of a category;
- Conger (for two coders with complete ratings: Cohen): from each coder's own shares;
- Brennan-Prediger (S, kappa_n, two categories: PABAK): every category alike;
- Gwet AC1/AC2: sum(w) / (q (q - 1)) * sum_k pi_k (1 - pi_k);
- Krippendorff's alpha: pairable ratings only, each drawn without putting it back.

References
----------
Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of
high agreement. British Journal of Mathematical and Statistical Psychology, 61, 29-48.
Gwet, K. L. (2014). Handbook of Inter-Rater Reliability (4th ed.). Advanced Analytics.
Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. Univ. of Pennsylvania.
Uebersax, J. (1982). A design-independent method for measuring the reliability of
psychiatric diagnosis. Journal of Psychiatric Research, 17, 335-342 (specific agreement).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from quidqual.agreement.metrics import Scale

NAMES = ("percent", "cohen", "conger", "fleiss", "brennan_prediger", "ac", "alpha")
# Sums of whole numbers carry rounding of this order; shares are never this close by chance.
_TINY = 1e-12
# Places of the scalar sums.
RATED, PAIRED, AGREE, VALUES, INNER, POS_A, POS_B, NEG_A, NEG_B, GIVEN, SPOT = range(11)


@dataclass(frozen=True)
class Design:
    """What is computed: the scale, the coders, and the category called positive.

    ``by_coder`` may be left out where neither Conger's nor Cohen's kappa is asked for.
    """

    scale: Scale
    n_coders: int
    target: int
    by_coder: bool = True

    @cached_property
    def blocks(self) -> tuple[slice, slice, slice, slice, slice]:
        """Places of: shares, pairable counts, counts by coder, by coder in pairs, pairs."""
        q, r = self.scale.n_categories, self.n_coders
        sizes = (
            q,
            q,
            r * q if self.by_coder else 0,
            2 * q if self.by_coder and r == 2 else 0,
            q * q if self.scale.ordinal_alpha else 0,
        )
        at, places = SPOT + 1, []
        for size in sizes:
            places.append(slice(at, at + size))
            at += size
        a, b, c, d, e = places
        return a, b, c, d, e


def needs_coders(names: tuple[str, ...]) -> bool:
    """Say whether a coefficient asks who gave which rating."""
    return "conger" in names or "cohen" in names


def _counts(patterns: np.ndarray, q: int) -> np.ndarray:
    """Count the categories in each pattern."""
    n = len(patterns)
    key = np.arange(n)[:, None] * (q + 1) + patterns + 1
    return np.bincount(key.ravel(), minlength=n * (q + 1)).reshape(n, q + 1)[:, 1:].astype(float)


def _weighted(x: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    return x if weights is None else x @ weights


def _agreements(counts: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Sum over categories of n_k ((Wn)_k - 1): ordered pairs that agree."""
    return (counts * (_weighted(counts, weights) - 1.0)).sum(axis=1)


def features(patterns: np.ndarray, design: Design) -> np.ndarray:
    """Give what one unit of each pattern adds to the sums (patterns by sums)."""
    scale, q, r = design.scale, design.scale.n_categories, design.n_coders
    n = _counts(patterns, q)
    size = n.sum(axis=1)
    paired = size >= 2
    others = np.where(paired, size - 1.0, 1.0)
    shares, pairable, by_coder, complete, pairs = design.blocks
    out = np.zeros((len(patterns), pairs.stop))
    out[:, RATED] = size > 0
    out[:, PAIRED] = paired
    out[:, GIVEN] = size
    agree = np.where(paired, _agreements(n, scale.weights), 0.0)
    out[:, AGREE] = agree / (np.where(paired, size, 1.0) * others)
    out[:, VALUES] = np.where(paired, size, 0.0)
    same = scale.alpha_weights is scale.weights
    inner = agree if same else np.where(paired, _agreements(n, scale.alpha_weights), 0.0)
    out[:, INNER] = inner / others
    spot = n[:, design.target]
    rest = size - spot
    for a, b, x in ((POS_A, POS_B, spot), (NEG_A, NEG_B, rest)):
        out[:, a] = np.where(paired, x * (x - 1.0), 0.0)
        out[:, b] = np.where(paired, x * (size - 1.0), 0.0)
    out[:, SPOT] = spot
    out[:, shares] = n / np.maximum(size, 1.0)[:, None]
    out[:, pairable] = n * paired[:, None]
    if design.by_coder:
        one_hot = (patterns[:, :, None] == np.arange(q)).astype(float)
        out[:, by_coder] = one_hot.reshape(len(patterns), r * q)
    if design.by_coder and r == 2:
        out[:, complete] = out[:, by_coder] * paired[:, None]
    if scale.ordinal_alpha:
        joint = n[:, :, None] * n[:, None, :]
        joint[:, np.arange(q), np.arange(q)] -= n
        out[:, pairs] = (joint / others[:, None, None] * paired[:, None, None]).reshape(-1, q * q)
    return out


def _form(x: np.ndarray, weights: np.ndarray | None, y: np.ndarray | None = None) -> np.ndarray:
    """Sum over categories of x_k w_kl y_l, for any number of rows."""
    return (_weighted(x, weights) * (x if y is None else y)).sum(axis=-1)


def _corrected(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    room = 1.0 - expected
    return np.where(room > _TINY, (observed - expected) / np.where(room > _TINY, room, 1.0), np.nan)


def _between_coders(table: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Agreement expected when each coder keeps her own shares (Conger; two coders: Cohen)."""
    given = table.sum(axis=-1, keepdims=True)
    share = np.where(given > 0, table / np.where(given > 0, given, 1.0), 0.0)
    coders = (given[..., 0] > 0).sum(axis=-1)
    total = share.sum(axis=-2)
    own = _form(share, weights).sum(axis=-1)
    pairs = coders * (coders - 1.0)
    return np.where(
        pairs > 0, (_form(total, weights) - own) / np.where(pairs > 0, pairs, 1.0), np.nan
    )


def chance_ac(share: np.ndarray, scale: Scale) -> np.ndarray:
    """Agreement expected by chance in Gwet's AC1 and AC2."""
    q = scale.n_categories
    total = float(q) if scale.weights is None else float(scale.weights.sum())
    return total / (q * (q - 1.0)) * (share * (1.0 - share)).sum(axis=-1)


def chance_even(scale: Scale) -> float:
    """Agreement expected by chance when every category is as likely (Brennan-Prediger)."""
    q = scale.n_categories
    return 1.0 / q if scale.weights is None else float(scale.weights.sum()) / q**2


def least_value(name: str, scale: Scale) -> float:
    """Give the least value that a coefficient can take.

    No agreement at all makes ``-e / (1 - e)`` of it, with e what chance would bring. Of
    Brennan-Prediger that e is fixed, of AC1 and AC2 it is at most the same; where ratings
    never meet, the other kappas expect at most one half, which is -1, and so does alpha
    (its distance of two ratings is at most the sum of both to a third).

    Examples
    --------
    >>> scale = Scale(3, None, None, False, "nominal", "identity")
    >>> [round(least_value(name, scale), 3) for name in ("percent", "cohen", "ac")]
    [0.0, -1.0, -0.5]
    """
    if name == "percent":
        return 0.0
    if name in ("brennan_prediger", "ac") and scale.n_categories > 1:
        even = chance_even(scale)
        return -even / (1.0 - even) if even < 1.0 else -np.inf
    return -1.0


def settled(values: np.ndarray) -> np.ndarray:
    """Take the dust of rounding off numbers that are exactly 0 or 1.

    Examples
    --------
    >>> settled(np.array([2.2e-15, -0.0, 1 - 1e-15, 0.5]))
    array([0. , 0. , 1. , 0.5])
    """
    near = np.rint(values)
    return np.where(np.abs(values - near) < _TINY, near + 0.0, values)


def _alpha(sums: np.ndarray, design: Design) -> np.ndarray:
    """Krippendorff's alpha: 1 - observed / expected disagreement."""
    scale, q = design.scale, design.scale.n_categories
    _, pairable, _, _, pairs = design.blocks
    total, used = sums[..., VALUES], sums[..., pairable]
    safe = np.where(total > 1, total, 2.0)
    if not scale.ordinal_alpha:
        observed = 1.0 - sums[..., INNER] / safe
        expected = 1.0 - _form(used, scale.alpha_weights) / safe**2
    else:
        # A category's place is the middle rank of its values; the metric is the square of
        # the distance between places (Krippendorff 2011), scaled so that 1 is the farthest.
        middle = (np.cumsum(used, axis=-1) - used / 2.0) / safe[..., None]
        joint = sums[..., pairs].reshape(*sums.shape[:-1], q, q)
        cross = ((joint @ middle[..., None])[..., 0] * middle).sum(axis=-1)
        square = (used * middle**2).sum(axis=-1)
        observed = 2.0 * (square - cross) / safe
        expected = 2.0 * (safe * square - (used * middle).sum(axis=-1) ** 2) / safe**2
    bad = (total <= 1) | (expected <= _TINY)
    ratio = observed / np.where(bad, 1.0, expected)
    return np.where(bad, np.nan, 1.0 - (1.0 - 1.0 / safe) * ratio)


def evaluate(sums: np.ndarray, design: Design, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Turn sums (the last axis) into coefficients.

    A coefficient is NaN where it is not defined: no unit with two ratings, only one
    category used (however well "agreed"), no disagreement that chance could bring.
    """
    scale, weights = design.scale, design.scale.weights
    shares, pairable, by_coder, complete, _ = design.blocks
    q, r = scale.n_categories, design.n_coders
    n_paired = sums[..., PAIRED]
    any_pair = n_paired > 0
    observed = sums[..., AGREE] / np.where(any_pair, n_paired, 1.0)
    observed = np.where(any_pair, observed, np.nan)
    n_rated = np.maximum(sums[..., RATED], 1.0)
    share = sums[..., shares] / n_rated[..., None]
    varied = (sums[..., shares] > _TINY).sum(axis=-1) >= 2
    varied_pairs = (sums[..., pairable] > _TINY).sum(axis=-1) >= 2
    out: dict[str, np.ndarray] = {}
    for name in names:
        if name == "percent":
            out[name] = observed
            continue
        if name == "alpha":
            out[name] = np.where(varied_pairs, _alpha(sums, design), np.nan)
            continue
        if name == "cohen":
            if r != 2:
                out[name] = np.full(observed.shape, np.nan)
                continue
            table = sums[..., complete].reshape(*sums.shape[:-1], 2, q)
            value = _corrected(observed, _between_coders(table, weights))
            out[name] = np.where(varied_pairs, value, np.nan)
            continue
        if name == "conger":
            table = sums[..., by_coder].reshape(*sums.shape[:-1], r, q)
            expected = _between_coders(table, weights)
        elif name == "fleiss":
            expected = _form(share, weights)
        elif name == "brennan_prediger":
            expected = np.full(observed.shape, chance_even(scale) if q else np.nan)
        else:
            expected = chance_ac(share, scale) if q > 1 else np.full(observed.shape, np.nan)
        out[name] = np.where(varied, _corrected(observed, expected), np.nan)
    return out


def specific_agreement(sums: np.ndarray, design: Design) -> tuple[np.ndarray, np.ndarray]:
    """Positive and negative agreement: of the ratings (not) in the category, how many meet it.

    For two coders and two categories these are 2a / (2a + b + c) and 2d / (2d + b + c).
    """
    found = []
    for a, b in ((POS_A, POS_B), (NEG_A, NEG_B)):
        room = sums[..., b]
        found.append(np.where(room > 0, sums[..., a] / np.where(room > 0, room, 1.0), np.nan))
    return found[0], found[1]
