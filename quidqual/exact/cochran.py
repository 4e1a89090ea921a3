"""Cochran's Q, counted exactly: whether a code is as frequent in each round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from quidqual.exact.design import LEAST_N, as_measurements, chi2_tail
from quidqual.study.errors import QuidqualError

__all__ = ["CochranQ", "cochran_q"]

_MOST_TOTALS = 50_000


@dataclass(frozen=True)
class CochranQ:
    """Result of the exact Cochran Q.

    Attributes
    ----------
    statistic : float
        Q; NaN if nobody's rounds differ.
    p_value : float
        Exact: share of all re-orderings within people with Q at least as large.
    p_asymptotic : float
        From the chi-squared distribution; NaN below n = 10, where it is not to be had.
    df : int
        Rounds less one.
    n : int
        People with every round observed, who alone count.
    n_left_out : int
        People with a round not observed.
    n_informative : int
        Of the n, those with the code in some rounds but not in all.
    n_arrangements : int
        How many equally likely re-orderings were counted.
    least_p : float
        The least p that these people could have given.
    note : str
    """

    statistic: float
    p_value: float
    p_asymptotic: float
    df: int
    n: int
    n_left_out: int
    n_informative: int
    n_arrangements: int
    least_p: float
    note: str


def cochran_q(frame: pd.DataFrame | np.ndarray | Sequence[Sequence[Any]]) -> CochranQ:
    """Test exactly whether a code is as frequent in each round, over the same people.

    Parameters
    ----------
    frame : DataFrame, array or list of rows
        Rows participants, columns rounds, values 1 and 0 (or True and False); NaN or
        None where not observed.

    Returns
    -------
    CochranQ

    Raises
    ------
    QuidqualError
        If there are fewer than two rounds, other values than 0 and 1, or too many
        arrangements to count.

    Notes
    -----
    With column totals ``T_j``, row totals ``L_i`` and k rounds,
    ``Q = (k - 1) (k sum T_j^2 - (sum T_j)^2) / (k sum L_i - sum L_i^2)``. If time does not
    matter, each person's rounds with the code could as well have been any others: Q is
    counted over all ways to place them. People with the code always or never cannot
    move. The chi-squared approximation is given from ten complete people on, never below.

    References
    ----------
    Cochran, W. G. (1950). The comparison of percentages in matched samples. *Biometrika*
    37, 256-266. Data of the test: Conover, W. J. (1999). *Practical Nonparametric
    Statistics* (3rd ed.), 12 people x 3 games.

    Examples
    --------
    >>> import quidqual as qq
    >>> result = qq.exact.cochran_q([[0, 1, 1], [0, 0, 1], [0, 1, 1], [0, 1, None]])
    >>> result.n, result.n_left_out, round(result.p_value, 4)
    (3, 1, 0.2222)
    """
    values = as_measurements(frame)
    if not np.isin(values[~np.isnan(values)], (0, 1)).all():
        raise QuidqualError.of(
            "Cochran's Q takes 1 and 0 only.",
            remedy="Give presence, or use qq.exact.trend for graded values.",
        )
    complete = ~np.isnan(values).any(axis=1)
    rows = values[complete].astype(np.int64)
    n, k = len(rows), values.shape[1]
    moving = rows[(rows.sum(axis=1) > 0) & (rows.sum(axis=1) < k)]
    left_out = int((~complete).sum())
    if len(moving) == 0:
        note = "Nobody has the code in some rounds and not in others: there is nothing to test."
        return CochranQ(
            np.nan, 1.0, np.nan, k - 1, n, left_out, 0, 1, 1.0, _note(note, left_out, n)
        )
    totals = _totals(moving)
    spread = {key: sum(t * t for t in key) for key in totals}
    observed = int((moving.sum(axis=0) ** 2).sum())
    arrangements = sum(totals.values())
    p_value = sum(c for key, c in totals.items() if spread[key] >= observed) / arrangements
    most = max(spread.values())
    least = sum(c for key, c in totals.items() if spread[key] == most) / arrangements
    within = moving.sum(axis=1)
    q = (k - 1) * (k * observed - int(within.sum()) ** 2) / int((k * within - within**2).sum())
    note = (
        f"{len(moving)} of {n} people have the code in some rounds and not in others; "
        f"the least p they can reach is {least:.3g}."
    )
    return CochranQ(
        statistic=float(q),
        p_value=p_value,
        p_asymptotic=chi2_tail(q, k - 1) if n >= LEAST_N else np.nan,
        df=k - 1,
        n=n,
        n_left_out=left_out,
        n_informative=len(moving),
        n_arrangements=arrangements,
        least_p=least,
        note=_note(note, left_out, n),
    )


def _totals(moving: np.ndarray) -> dict[tuple[int, ...], int]:
    """Count the column totals over all ways to place each person's rounds.

    The order of the rounds is no matter to Q, nor to where a further person's rounds may
    fall: totals are kept sorted, which is up to k! times fewer.
    """
    k = moving.shape[1]
    found: dict[tuple[int, ...], int] = {(0,) * k: 1}
    for ones in sorted(int(row.sum()) for row in moving):
        places = list(combinations(range(k), ones))
        grown: dict[tuple[int, ...], int] = {}
        for total, count in found.items():
            for place in places:
                key = tuple(sorted(t + (j in place) for j, t in enumerate(total)))
                grown[key] = grown.get(key, 0) + count
        found = grown
        if len(found) > _MOST_TOTALS:
            raise QuidqualError.of(
                "Too many arrangements to count exactly.",
                remedy="With so many people use statsmodels' cochrans_q.",
            )
    return found


def _note(words: str, left_out: int, n: int) -> str:
    if left_out:
        words += f" {left_out} with a round not observed could not count."
    if n < LEAST_N:
        words += f" No large-sample p below n = {LEAST_N}."
    return words
