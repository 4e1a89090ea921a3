"""Gwet's standard errors: what each unit moves, squared and added up.

Each coefficient is linearised: a unit's value is what it adds to the observed agreement,
less what it adds (twice, for it enters a product) to the agreement expected by chance. The
variance is that of the mean of those values over n independent units. Units of one
interview are not independent: there the resampling of interviews is the interval to report.

References
----------
Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of
high agreement. British Journal of Mathematical and Statistical Psychology, 61, 29-48.
Gwet, K. L. (2014). Handbook of Inter-Rater Reliability (4th ed.), chapters 2-6.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from quidqual.agreement.estimators import (
    AGREE,
    INNER,
    PAIRED,
    RATED,
    VALUES,
    Design,
    chance_ac,
    chance_even,
)


def _mean_square(
    x: np.ndarray, center: np.ndarray, counts: np.ndarray, n: np.ndarray
) -> np.ndarray:
    """Variance of a mean of n unit values, given how often each pattern occurs."""
    spread = (counts * (x - center[:, None]) ** 2).sum(axis=1)
    safe = np.where(n > 1, n * (n - 1.0), np.nan)
    return np.sqrt(spread / safe)


def _times(x: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    return x if weights is None else x @ weights


def _coder_chance(
    feats: np.ndarray, counts: np.ndarray, block: slice, n: np.ndarray, design: Design
) -> tuple[np.ndarray, np.ndarray]:
    """Expected agreement from the coders' own shares, and what each pattern adds to it."""
    q = design.scale.n_categories
    one_hot = feats[:, block].reshape(len(feats), -1, q)
    rates = one_hot.sum(axis=2)
    table = np.einsum("kp,pgq->kgq", counts, one_hot)
    given = table.sum(axis=2)
    safe = np.where(given > 0, given, 1.0)
    share = table / safe[:, :, None]
    n_coders = (given > 0).sum(axis=1).astype(float)
    pairs = np.where(n_coders > 1, n_coders * (n_coders - 1.0), np.nan)
    others = _times(share.sum(axis=1, keepdims=True) - share, design.scale.weights)
    expected = (share * others).sum(axis=(1, 2)) / pairs
    # Linearised share of coder g: her rating of this unit against her share so far.
    own = (share * others).sum(axis=2)
    scaled = others * (n[:, None] / safe)[:, :, None]
    part = np.einsum("pgq,kgq->kp", one_hot, scaled)
    part -= np.einsum("pg,kg->kp", rates, own * (n[:, None] / safe))
    part += own.sum(axis=1)[:, None]
    return expected, part / pairs[:, None]


def _ordinal_weights(used: np.ndarray) -> np.ndarray:
    """Write Krippendorff's ordinal metric, at the values observed, as weights."""
    middle = np.cumsum(used) - used / 2.0
    distance = (middle[:, None] - middle[None, :]) ** 2
    top = distance.max(initial=0.0)
    return 1.0 - distance / (top if top > 0 else 1.0)


def _alpha_error(feats: np.ndarray, counts: np.ndarray, design: Design) -> np.ndarray:
    weights = design.scale.alpha_weights
    _, pairable, *_ = design.blocks
    values, n_k = feats[:, VALUES], feats[:, pairable]
    inner = feats[:, INNER]
    kept = counts * feats[:, PAIRED]
    n = kept.sum(axis=1)
    total = kept @ values
    mean = np.where(n > 0, total / np.where(n > 0, n, 1.0), np.nan)[:, None]
    share = kept @ n_k / np.where(total > 0, total, np.nan)[:, None]
    agree = (kept @ inner) / np.where(total > 0, total, np.nan)
    with_weights = _times(share, weights)
    expected = (with_weights * share).sum(axis=1)
    room = np.where(1.0 - expected > 0, 1.0 - expected, np.nan)
    alpha = (agree - expected) / room
    # A unit with more ratings than the mean weighs more; the surplus is taken off again.
    surplus = (values[None, :] - mean) / mean
    a = inner[None, :] / mean - agree[:, None] * surplus
    e = with_weights @ n_k.T / mean - expected[:, None] * surplus
    x = (a - expected[:, None]) / room[:, None]
    x -= 2.0 * (1.0 - alpha)[:, None] * (e - expected[:, None]) / room[:, None]
    return _mean_square(x, alpha, kept, n)


def _kappa_error(
    feats: np.ndarray,
    counts: np.ndarray,
    n: np.ndarray,
    expected: np.ndarray,
    part: np.ndarray | None,
) -> np.ndarray:
    """Linearise (observed - expected) / (1 - expected); ``part`` is a unit's own chance."""
    paired, agree = feats[:, PAIRED], feats[:, AGREE]
    n_paired = counts @ paired
    safe = np.where(n_paired > 0, n_paired, np.nan)
    observed = counts @ agree / safe
    room = np.where(1.0 - expected > 0, 1.0 - expected, np.nan)
    value = (observed - expected) / room
    scale = (n / safe)[:, None]
    x = scale * (agree[None, :] - expected[:, None] * paired[None, :]) / room[:, None]
    if part is not None:
        x = x - 2.0 * ((1.0 - value) / room)[:, None] * (part - expected[:, None])
    return _mean_square(x, value, counts, n)


def standard_errors(
    feats: np.ndarray, totals: np.ndarray, design: Design, names: tuple[str, ...]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Give the analytic standard error of each coefficient, and how many units it rests on.

    Parameters
    ----------
    feats : numpy.ndarray
        Patterns by features (of :func:`~quidqual.agreement.estimators.features`).
    totals : numpy.ndarray
        Codes by patterns: how many independent units.
    """
    scale, weights = design.scale, design.scale.weights
    shares, _, by_coder, complete, _ = design.blocks
    counts = totals * feats[:, RATED]
    n = counts.sum(axis=1)
    share = counts @ feats[:, shares] / np.where(n > 0, n, 1.0)[:, None]
    errors: dict[str, np.ndarray] = {}
    sizes = dict.fromkeys(names, n)
    for name in names:
        if name == "percent":
            errors[name] = _kappa_error(feats, counts, n, np.zeros(len(n)), None)
        elif name == "alpha":
            errors[name] = _alpha_by_code(feats, counts, design)
        elif name == "cohen" and design.n_coders == 2:
            both = counts * feats[:, PAIRED]
            sizes[name] = both.sum(axis=1)
            chance, part = _coder_chance(feats, both, complete, sizes[name], design)
            errors[name] = _kappa_error(feats, both, sizes[name], chance, part)
        elif name == "conger":
            chance, part = _coder_chance(feats, counts, by_coder, n, design)
            errors[name] = _kappa_error(feats, counts, n, chance, part)
        elif name == "fleiss":
            both_ways = _times(share, weights)
            chance = (both_ways * share).sum(axis=1)
            errors[name] = _kappa_error(feats, counts, n, chance, both_ways @ feats[:, shares].T)
        elif name == "brennan_prediger" and scale.n_categories:
            chance = np.full(len(n), chance_even(scale))
            errors[name] = _kappa_error(feats, counts, n, chance, None)
        elif name == "ac" and scale.n_categories > 1:
            q = scale.n_categories
            total = float(q) if weights is None else float(weights.sum())
            part = (1.0 - share) @ feats[:, shares].T * (total / (q * (q - 1.0)))
            errors[name] = _kappa_error(feats, counts, n, chance_ac(share, scale), part)
        else:
            errors[name] = np.full(len(n), np.nan)
    return errors, sizes


def _alpha_by_code(feats: np.ndarray, counts: np.ndarray, design: Design) -> np.ndarray:
    """Alpha's error; with the ordinal metric each code has the metric of its own values."""
    if not design.scale.ordinal_alpha:
        return _alpha_error(feats, counts, design)
    _, pairable, *_ = design.blocks
    found = []
    for row in counts:
        weights = _ordinal_weights(row @ feats[:, pairable])
        fixed = replace(design, scale=replace(design.scale, alpha_weights=weights))
        n_k, size = feats[:, pairable], feats[:, VALUES]
        inner = (n_k * (n_k @ weights - 1.0)).sum(axis=1) / np.maximum(size - 1.0, 1.0)
        adjusted = feats.copy()
        adjusted[:, INNER] = inner
        found.append(_alpha_error(adjusted, row[None, :], fixed)[0])
    return np.array(found)
