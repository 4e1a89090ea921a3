"""Intervals: resampling whole clusters, or units, and Gwet's beside them.

Segments of one interview resemble each other, so an interval that resamples segments is too
narrow. Drawing whole interviews keeps that likeness in. Because units are counts of
patterns, a resample is one multinomial draw: the same distribution as drawing units one by
one, at a cost that does not grow with their number.

References
----------
Field, C. A., & Welsh, A. H. (2007). Bootstrapping clustered data. Journal of the Royal
Statistical Society B, 69, 369-390.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from quidqual.agreement.estimators import PAIRED, Design, evaluate, features
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
