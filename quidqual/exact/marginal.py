"""Before and after: exact McNemar for few people, marginal homogeneity for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quidqual.exact.design import LEAST_N, as_measurements, chi2_tail
from quidqual.study.arguments import one_of
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
        With nobody changed 0, 0 and 1.
    n : int
        People in the table.
    note : str
        Which states could not count, if any.
    """

    method: str
    statistic: float
    df: int
    p_value: float
    n: int
    note: str = ""


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
    >>> import quidqual as qq
    >>> result = qq.exact.mcnemar([[0, 1], [0, 1], [0, 1], [0, 1]])
    >>> result.p_value, result.least_p
    (0.125, 0.125)
    >>> result.note
    'With 4 people seen both times no data can give a p below 0.125, so it can never...'
    """
    values = as_measurements(frame)
    if values.shape[1] != 2:
        raise QuidqualError.of(
            f"McNemar's test takes two rounds, not {values.shape[1]}.",
            remedy="Choose two, or use qq.exact.cochran_q.",
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
        p_asymptotic=chi2_tail(statistic, 1) if large else np.nan,
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
    large samples. Use :func:`quidqual.exact.mcnemar` or
            :func:`quidqual.exact.trend` instead.

    Notes
    -----
        With d the difference of the margins and V = diag(rows + columns) - (N + N'), Stuart and
        Maxwell's statistic is ``W = d' V^- d`` and Bhapkar's ``W / (1 - W / n)``. Only states
        between which anyone moved tell anything: df is the number of states less the number of
        circles of states that nobody crossed, so a state that nobody entered or left adds none.
        Bowker's is ``sum (n_ij - n_ji)^2 / (n_ij + n_ji)`` over the pairs between which anyone
        moved, which are its df. On full tables this is what statsmodels and R give.

    References
    ----------
        Stuart, A. (1955). A test for homogeneity of the marginal distributions in a two-way
        classification. *Biometrika* 42, 412-416. Bhapkar, V. P. (1966). *Journal of the
        American Statistical Association* 61, 228-235. Bowker, A. H. (1948). *Ibid.* 43, 572-574.

    Examples
    --------
        >>> import quidqual as qq
        >>> result = qq.exact.marginal_homogeneity([[20, 5], [15, 10]], method="bowker")
        >>> round(result.statistic, 3), result.df, result.n
        (5.0, 1, 50)
    """
    one_of(method, _METHODS, field="method")
    counts, names = _square(table)
    n = int(counts.sum())
    refuse_below(n, test=method.replace("_", " and ").title())
    from scipy.sparse.csgraph import connected_components

    moved = counts + counts.T
    np.fill_diagonal(moved, 0.0)
    idle = [name for name, moves in zip(names, moved.sum(axis=1), strict=True) if moves == 0]
    if len(idle) == len(names):
        return Homogeneity(method, 0.0, 0, 1.0, n, "Nobody changed.")
    if method == "bowker":
        above = np.triu_indices(len(counts), 1)
        together = moved[above]
        apart = (counts - counts.T)[above][together > 0]
        statistic, df = float((apart**2 / together[together > 0]).sum()), int((together > 0).sum())
    else:
        rows, columns = counts.sum(axis=1), counts.sum(axis=0)
        spread = np.diag(rows + columns) - (counts + counts.T)
        apart = rows - columns
        statistic = float(apart @ np.linalg.pinv(spread, hermitian=True) @ apart)
        df = len(counts) - int(connected_components(moved, directed=False)[0])
        if method == "bhapkar":
            statistic = statistic / (1 - statistic / n) if statistic < n - 1e-9 else float("inf")
    note = f"Nobody entered or left {listed(idle)}: no part of the test." if idle else ""
    return Homogeneity(method, statistic, df, chi2_tail(statistic, df), n, note)


def _square(table: Any) -> tuple[np.ndarray, list[Any]]:
    """Read a square table of counts, its columns in the order of its rows."""
    names: list[Any] = []
    if isinstance(table, pd.DataFrame):
        names = list(table.index)
        if set(names) == set(table.columns) and table.index.is_unique:
            table = table[names]
        elif not isinstance(table.index, pd.RangeIndex):
            raise QuidqualError.of(
                "the rows and columns must name the same states.",
                remedy="Add the states that are missing, with counts of 0.",
                field="table",
            )
    counts = as_measurements(table)
    square = counts.shape[0] == counts.shape[1] and not np.isnan(counts).any()
    if not square or (counts < 0).any() or (counts % 1 != 0).any():
        raise QuidqualError.of(
            "the table must be a square of whole counts.",
            remedy="Rows are the state before, columns the state after, the same states in both.",
            field="table",
        )
    return counts, names or list(range(len(counts)))


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
            remedy="Use qq.exact.trend, cochran_q or mcnemar, or give k of n and the cases.",
        )


def _binomial(k: int, n: int) -> float:
    """Two-sided p of k of n or fewer, with p = 1/2; counted in whole numbers."""
    from math import comb

    if n == 0:
        return 1.0
    return min(1.0, 2 * sum(comb(n, i) for i in range(k + 1)) / 2**n)
