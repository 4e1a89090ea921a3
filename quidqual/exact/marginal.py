"""Before and after: exact McNemar for few people, marginal homogeneity for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quidqual.exact.design import LEAST_N, as_measurements
from quidqual.study.errors import QuidqualError, listed

__all__ = ["Homogeneity", "McNemar", "marginal_homogeneity", "mcnemar", "refuse_below"]

_METHODS = ("bowker", "stuart_maxwell", "bhapkar")


@dataclass(frozen=True)
class McNemar:
    """Result of McNemar's exact test.

    Attributes
    ----------
    gained, lost : int
        People who have the code after but not before, and before but not after.
    n : int
        People seen both times.
    n_left_out : int
        People not seen both times.
    p_value : float
        Exact, two-sided.
    statistic : float
        ``(lost - gained)^2 / (lost + gained)``; NaN below n = 10.
    p_asymptotic : float
        From the chi-squared distribution; NaN below n = 10.
    least_p : float
        ``2 / 2^n``, what n people could give at the least if all moved one way.
    note : str
    """

    gained: int
    lost: int
    n: int
    n_left_out: int
    p_value: float
    statistic: float
    p_asymptotic: float
    least_p: float
    note: str


@dataclass(frozen=True)
class Homogeneity:
    """Result of a test of marginal homogeneity or symmetry.

    Attributes
    ----------
    method : str
        ``bowker``, ``stuart_maxwell`` or ``bhapkar``.
    statistic, df, p_value : float, int, float
    n : int
        People in the table.
    """

    method: str
    statistic: float
    df: int
    p_value: float
    n: int


def mcnemar(frame: pd.DataFrame | np.ndarray | Sequence[Sequence[Any]]) -> McNemar:
    """Test exactly whether as many people gain a code as lose it.

    Parameters
    ----------
    frame : DataFrame, array or list of rows
        People x two rounds of 1, 0 and NaN; or the 2 x 2 table of counts with rows
        before (yes, no) and columns after (yes, no). A 2 x 2 array that holds only 0 and
        1 is read as two people.

    Returns
    -------
    McNemar

    Raises
    ------
    QuidqualError
        If there are not exactly two rounds, or the values are neither.

    Notes
    -----
    Of those who changed, each is as likely to gain as to lose if nothing changes:
    a binomial with p = 1/2, doubled for two sides.

    References
    ----------
    McNemar, Q. (1947). *Psychometrika* 12, 153-157. Agresti, A. (2013). *Categorical
    Data Analysis* (3rd ed.), table 11.1.

    Examples
    --------
    >>> result = mcnemar([[0, 1], [0, 1], [0, 1], [0, 1]])
    >>> result.p_value, result.least_p
    (0.125, 0.125)
    >>> result.note
    'With 4 people seen both times no data can give a p below 0.125, so it can never...'
    """
    values = as_measurements(frame)
    if values.shape[1] != 2:
        raise QuidqualError.of(
            f"McNemar's test takes two rounds, not {values.shape[1]}.",
            remedy="Choose two, or use exact_cochran_q.",
        )
    seen = ~np.isnan(values).any(axis=1)
    binary = bool(np.isin(values[seen], (0, 1)).all())
    if binary:
        before, after = values[seen].T
        gained, lost = (
            int(((before == 0) & (after == 1)).sum()),
            int(((before == 1) & (after == 0)).sum()),
        )
        n, left_out = int(seen.sum()), int((~seen).sum())
    elif values.shape == (2, 2) and seen.all() and (values >= 0).all() and (values % 1 == 0).all():
        gained, lost, n, left_out = int(values[1, 0]), int(values[0, 1]), int(values.sum()), 0
    else:
        raise QuidqualError.of(
            "Neither people x 2 of 0 and 1, nor a 2 x 2 table of counts.",
            remedy="Give presence in two rounds, or the counts.",
        )
    least = min(1.0, 2.0 ** (1 - n))
    moved = gained + lost
    large = n >= LEAST_N and moved > 0
    statistic = (lost - gained) ** 2 / moved if large else np.nan
    return McNemar(
        gained=gained,
        lost=lost,
        n=n,
        n_left_out=left_out,
        p_value=_binomial(min(gained, lost), moved),
        statistic=float(statistic),
        p_asymptotic=_chi2_tail(statistic, 1) if large else np.nan,
        least_p=least,
        note=f"With {n} people seen both times no data can give a p below {least:.3g}"
        + (", so it can never fall below .05." if least > 0.05 else "."),
    )


def marginal_homogeneity(
    table: pd.DataFrame | np.ndarray | Sequence[Sequence[float]], *, method: str = "stuart_maxwell"
) -> Homogeneity:
    """Test whether states are as frequent after as before, in a table of many people.

    Parameters
    ----------
    table : DataFrame, array or list of rows
        Counts, rows the state before, columns the state after, in the same order.
    method : {"stuart_maxwell", "bhapkar", "bowker"}
        Stuart and Maxwell's and Bhapkar's tests of equal margins, Bowker's of symmetry.

    Returns
    -------
    Homogeneity

    Raises
    ------
    QuidqualError
        If the table is not square, or holds fewer than ten people: these tests rest on
        large samples. Use :func:`quidqual.exact.marginal.mcnemar` or
        :func:`quidqual.exact_trend` instead.

    Notes
    -----
    Computed by statsmodels (``SquareTable``), which agrees with R.

    References
    ----------
    Stuart, A. (1955). A test for homogeneity of the marginal distributions in a two-way
    classification. *Biometrika* 42, 412-416. Bhapkar, V. P. (1966). *Journal of the
    American Statistical Association* 61, 228-235. Bowker, A. H. (1948). *Ibid.* 43, 572-574.

    Examples
    --------
    >>> result = marginal_homogeneity([[20, 5], [15, 10]], method="bowker")
    >>> round(result.statistic, 3), result.df, result.n
    (5.0, 1, 50)
    """
    if method not in _METHODS:
        raise QuidqualError.of(
            f"{method!r} is no method.", remedy=f"Use {listed(_METHODS)}.", field="method"
        )
    counts = as_measurements(table)
    if counts.shape[0] != counts.shape[1] or np.isnan(counts).any() or (counts < 0).any():
        raise QuidqualError.of(
            "Not a square table of counts.", remedy="Rows before, columns after, same states."
        )
    n = int(counts.sum())
    refuse_below(n, test=method.replace("_", " and ").title())
    from statsmodels.stats.contingency_tables import SquareTable

    square = SquareTable(counts, shift_zeros=False)
    result = square.symmetry() if method == "bowker" else square.homogeneity(method=method)
    return Homogeneity(method, float(result.statistic), int(result.df), float(result.pvalue), n)


def refuse_below(n: int, *, test: str, least: int = LEAST_N) -> None:
    """Refuse a test that rests on large samples where there are few people.

    Raises
    ------
    QuidqualError
        If n is below ``least``, with the reason and what to do instead.

    Examples
    --------
    >>> refuse_below(4, test="A mixed model")
    Traceback (most recent call last):
        ...
    quidqual.study.errors.QuidqualError: A mixed model rests on a large sample; n = 4 is below...
    """
    if n < least:
        raise QuidqualError.of(
            f"{test} rests on a large sample; n = {n} is below {least} and its p would be "
            "a number without a meaning.",
            remedy="Use exact_trend, exact_cochran_q or mcnemar, or give k of n and the cases.",
        )


def _binomial(k: int, n: int) -> float:
    """Two-sided p of k of n or fewer, with p = 1/2; counted in whole numbers."""
    from math import comb

    if n == 0:
        return 1.0
    return min(1.0, 2 * sum(comb(n, i) for i in range(k + 1)) / 2**n)


def _chi2_tail(statistic: float, df: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(df, statistic))
