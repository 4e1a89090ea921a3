"""Intervals: Gwet's standard errors for independent units, and resampling for clusters.

*Standard errors.* Each coefficient is linearised: a unit's value is what it adds to the observed
agreement, less what it adds (twice, for it enters a product) to the agreement expected by
chance. The variance is that of the mean of those values over n independent units.

*Resampling.* Segments of one interview resemble each other, so an interval that resamples
segments is too narrow; drawing whole interviews keeps that likeness in. Because units are
counts of patterns, a resample is one multinomial draw: the same distribution as drawing units
one by one, at a cost that does not grow with their number.

References
----------
Field, C. A., & Welsh, A. H. (2007). Bootstrapping clustered data. Journal of the Royal
Statistical Society B, 69, 369-390.
Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of
high agreement. British Journal of Mathematical and Statistical Psychology, 61, 29-48.
Gwet, K. L. (2014). Handbook of Inter-Rater Reliability (4th ed.), chapters 2-6.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

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
    evaluate,
    features,
)
from quidqual.agreement.rating_patterns import Tally

THRESHOLDS = (0.667, 0.800)
_CHUNK = 128  # resamples drawn with one random stream: the result is the same on any machine
_CELLS = 4_000_000  # numbers held at once


@dataclass(frozen=True)
class Interval:
    """Limits of one coefficient for each code, and what the resamples say.

    ``below`` holds the share of resamples under each of the thresholds; ``defined`` the
    share of the resamples in which the coefficient exists.
    """

    low: np.ndarray
    high: np.ndarray
    below: tuple[np.ndarray, ...]
    defined: np.ndarray


def informative(by_cluster: np.ndarray) -> np.ndarray:
    """Say which clusters hold a unit that two coders rated (codes by clusters by features)."""
    both: np.ndarray = np.asarray((by_cluster[:, :, PAIRED] > 0).any(axis=0))
    return both if both.any() else np.ones_like(both)


def _seeds(seed: int, resamples: int) -> list[tuple[np.random.Generator, int]]:
    sizes = [min(_CHUNK, resamples - start) for start in range(0, resamples, _CHUNK)]
    streams = np.random.SeedSequence(seed).spawn(len(sizes))
    return [(np.random.default_rng(s), n) for s, n in zip(streams, sizes, strict=True)]


def _draw_equal(rng: np.random.Generator, n: int, size: int) -> np.ndarray:
    """Draw n of n clusters with replacement: how often each came (resamples by clusters)."""
    picks = rng.integers(0, n, size=(size, n), dtype=np.int32).astype(np.intp)
    picks += (np.arange(size) * n)[:, None]
    return np.bincount(picks.ravel(), minlength=size * n).reshape(size, n).astype(float)


def _draw_patterns(rng: np.random.Generator, counts: np.ndarray, size: int) -> np.ndarray:
    """Draw as many units as there are: how often each pattern came."""
    n, n_patterns = int(counts.sum()), len(counts)
    if n > 3 * n_patterns:
        return rng.multinomial(n, counts / counts.sum(), size=size).astype(float)
    place = np.repeat(np.arange(n_patterns), counts.astype(int))
    picks = place[rng.integers(0, n, size=(size, n), dtype=np.int32)]
    picks += (np.arange(size) * n_patterns)[:, None]
    flat = np.bincount(picks.ravel(), minlength=size * n_patterns)
    return flat.reshape(size, n_patterns).astype(float)


def _product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Multiply matrices in blocks so small that BLAS leaves them to one thread.

    On a machine that is busy its threads wait for each other up to fifty times as long as the
    product takes.
    """
    out = np.zeros((len(a), b.shape[1]))
    for i in range(0, len(a), 32):
        for j in range(0, b.shape[1], 64):
            for k in range(0, len(b), 128):
                out[i : i + 32, j : j + 64] += (
                    a[i : i + 32, k : k + 128] @ b[k : k + 128, j : j + 64]
                )
    return out


def _each(tally: Tally, feats: np.ndarray, resamples: int, seed: int) -> Iterator[np.ndarray]:
    """Yield the sums of chunks of resamples: codes by resamples by features."""
    jobs = _seeds(seed, resamples)
    if tally.clustered:
        by_cluster = tally.sums(feats)  # codes, clusters, features
        n_codes, n_clusters, width = by_cluster.shape
        flat = by_cluster.transpose(1, 0, 2).reshape(n_clusters, n_codes * width)
        # Clusters that only one coder read say nothing of agreement: they are drawn apart, so
        # that every resample holds as many that do as there are.
        both = informative(by_cluster)
        first, rest = flat[both], flat[~both]

        def resampled(job: tuple[np.random.Generator, int]) -> np.ndarray:
            rng, size = job
            sums = _product(_draw_equal(rng, len(first), size), first)
            if len(rest):
                sums = sums + _product(_draw_equal(rng, len(rest), size), rest)
            return sums.reshape(size, n_codes, width).transpose(1, 0, 2)

        cost = _CHUNK * n_clusters
    else:
        totals = tally.totals()[0]
        kept = feats[:, 0] > 0  # a unit that nobody rated is not drawn
        totals, feats = totals[kept], feats[kept]

        def resampled(job: tuple[np.random.Generator, int]) -> np.ndarray:
            rng, size = job
            return _product(_draw_patterns(rng, totals, size), feats)[None, :, :]

        cost = _CHUNK * len(totals)
    # Drawing releases the interpreter, so that two cores halve the time of a large table.
    workers = min(4, os.cpu_count() or 1, max(1, _CELLS // max(cost, 1)))
    if workers == 1 or cost * len(jobs) < 300_000:
        yield from map(resampled, jobs)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(resampled, jobs)


def _quantiles(values: np.ndarray, probs: tuple[float, float]) -> tuple[np.ndarray, ...]:
    """Quantiles along the last axis, leaving out NaN (linear between neighbours)."""
    ranked = np.sort(values, axis=-1)  # NaN last
    n = (~np.isnan(ranked)).sum(axis=-1)
    out = []
    for p in probs:
        at = np.maximum(n - 1, 0) * p
        below = np.floor(at).astype(int)
        above = np.minimum(below + 1, np.maximum(n - 1, 0))
        left = np.take_along_axis(ranked, below[..., None], axis=-1)[..., 0]
        right = np.take_along_axis(ranked, above[..., None], axis=-1)[..., 0]
        out.append(np.where(n > 0, left + (right - left) * (at - below), np.nan))
    return tuple(out)


def bootstrap(
    tally: Tally,
    design: Design,
    names: tuple[str, ...],
    *,
    resamples: int,
    seed: int,
    confidence: float,
) -> dict[str, Interval]:
    """Percentile intervals from resampled clusters (or units) for every coefficient."""
    feats = features(tally.patterns, design)
    found: dict[str, list[np.ndarray]] = {name: [] for name in names}
    for sums in _each(tally, feats, resamples, seed):
        for name, values in evaluate(sums, design, names).items():
            found[name].append(values)
    tail = (1.0 - confidence) / 2.0
    out = {}
    for name, parts in found.items():
        values = np.concatenate(parts, axis=1)
        there = ~np.isnan(values)
        n = there.sum(axis=1)
        low, high = _quantiles(values, (tail, 1.0 - tail))
        safe = np.where(n > 0, n, 1)
        below = tuple(
            np.where(n > 0, (there & (values < limit)).sum(axis=1) / safe, np.nan)
            for limit in THRESHOLDS
        )
        out[name] = Interval(low, high, below, n / resamples)
    return out


def analytic(
    value: np.ndarray,
    error: np.ndarray,
    n: np.ndarray,
    confidence: float,
    least: np.ndarray | float = -np.inf,
) -> Interval:
    """Student's interval around an estimate with a standard error (n independent units).

    Its limits are cut where the coefficient ends: at 1, and at the ``least`` value it can take.
    """
    from scipy.special import stdtr, stdtrit

    freedom = np.where(n > 1, n - 1.0, np.nan)
    reach = stdtrit(freedom, 1.0 - (1.0 - confidence) / 2.0) * error
    below = []
    for limit in THRESHOLDS:
        safe = np.where(error > 0, error, 1.0)
        certain = np.where(value < limit, 1.0, 0.0)
        share = np.where(error > 0, stdtr(freedom, (limit - value) / safe), certain)
        below.append(np.where(np.isnan(value) | np.isnan(error), np.nan, share))
    low = np.minimum(np.maximum(value - reach, least), value)
    return Interval(low, np.minimum(value + reach, 1.0), tuple(below), np.ones_like(value))


def draws(n_clusters: int, resamples: int, seed: int) -> np.ndarray:
    """Give how often each cluster came in each resample (the same draws as bootstrap)."""
    jobs = _seeds(seed, resamples)
    parts = [_draw_equal(rng, n_clusters, size) for rng, size in jobs]
    return np.concatenate(parts) if parts else np.empty((0, n_clusters))


def limits(sampled: np.ndarray, confidence: float) -> tuple[float, float, tuple[float, ...]]:
    """Give percentile limits and the share under each threshold for one row of resamples."""
    there = sampled[~np.isnan(sampled)]
    if not len(there):
        return float("nan"), float("nan"), (float("nan"),) * len(THRESHOLDS)
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(there, [tail, 1.0 - tail])
    return float(low), float(high), tuple(float((there < t).mean()) for t in THRESHOLDS)


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
