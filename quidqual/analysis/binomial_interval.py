"""Intervals for k of n."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from quidqual.study.arguments import must_be_number
from quidqual.study.errors import QuidqualError, listed

METHODS = ("wilson", "jeffreys", "clopper_pearson")


def binomial_interval(
    k: ArrayLike, n: ArrayLike, *, method: str = "wilson", level: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Give the interval for a share of which k of n were seen.

    Parameters
    ----------
    k, n : array-like of int
        Counts; where ``n`` is 0 both bounds are NaN.
    method : {"wilson", "jeffreys", "clopper_pearson"}
        Wilson's score interval; the equal-tailed interval of the posterior under the
        Jeffreys prior Beta(1/2, 1/2); Clopper and Pearson's exact interval.
    level : float
        Confidence (or credibility), between 0 and 1.

    Returns
    -------
    low, high : ndarray of float

    Raises
    ------
    QuidqualError
        If the method or level is not one of the above, or not 0 <= k <= n.

    Notes
    -----
    With z the normal quantile and p = k/n, Wilson's bounds are
    ``(p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)``. At n = 4 even 4 of 4
    reaches down to .51: an interval says how little a small n carries, and holds only if
    the participants can stand for others like them.

    References
    ----------
    Brown, L. D., Cai, T. T. & DasGupta, A. (2001). Interval estimation for a binomial
    proportion. *Statistical Science* 16(2), 101-133.

    Examples
    --------
    >>> low, high = binomial_interval(3, 4)
    >>> float(low.round(3)), float(high.round(3))
    (0.301, 0.954)
    """
    from scipy.special import betaincinv, ndtri

    try:
        k, n = np.broadcast_arrays(np.asarray(k, dtype=float), np.asarray(n, dtype=float))
    except (TypeError, ValueError):
        raise QuidqualError.of(
            "k and n are no counts, or not of one length.", remedy="Give numbers.", field="k"
        ) from None
    if method not in METHODS:
        raise QuidqualError.of(
            f"{method!r} is no interval.", remedy=f"Use {listed(METHODS)}.", field="interval"
        )
    must_be_number(level, field="level")
    if not 0 < level < 1:
        raise QuidqualError.of(
            f"A level of {level!r} is not between 0 and 1.", remedy="Use 0.95.", field="level"
        )
    if not ((k >= 0) & (k <= n)).all():
        raise QuidqualError.of(
            "A count k lies outside 0..n.", remedy="Give counts with 0 <= k <= n.", field="k"
        )
    tail = (1 - level) / 2
    seen = np.where(n > 0, n, np.nan)
    if method == "wilson":
        z = float(-ndtri(tail))
        share = k / seen
        middle = share + z**2 / (2 * seen)
        half = z * np.sqrt(share * (1 - share) / seen + z**2 / (4 * seen**2))
        low, high = (middle - half) / (1 + z**2 / seen), (middle + half) / (1 + z**2 / seen)
        # At the ends the formula gives the bound exactly, up to rounding: say so.
        low, high = np.where(k == 0, 0.0 * seen, low), np.where(k == n, 1.0 + 0 * seen, high)
    elif method == "jeffreys":
        low = betaincinv(k + 0.5, seen - k + 0.5, tail)
        high = betaincinv(k + 0.5, seen - k + 0.5, 1 - tail)
    else:
        with np.errstate(invalid="ignore"):
            inner_low = betaincinv(np.maximum(k, 1), seen - k + 1, tail)
            inner_high = betaincinv(k + 1, np.maximum(seen - k, 1), 1 - tail)
        low = np.where(k == 0, 0.0 * seen, inner_low)
        high = np.where(k == n, 1.0 + 0 * seen, inner_high)
    return low, high
