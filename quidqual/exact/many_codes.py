"""Exact tests over many codes at once, with Holm's correction, on request only."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from quidqual.analysis.grid import checked
from quidqual.exact.cochran import exact_cochran_q
from quidqual.exact.design import measurements
from quidqual.exact.exact_trend import exact_trend
from quidqual.study.errors import QuidqualError

__all__ = ["change_tests", "holm"]


def holm(p_values: Iterable[float]) -> np.ndarray:
    """Adjust p-values for their number by Holm's step-down method; NaN stays NaN.

    Parameters
    ----------
    p_values : iterable of float

    Returns
    -------
    ndarray of float
        In the order given.

    Raises
    ------
    QuidqualError
        If a value lies outside 0..1.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure.
    *Scandinavian Journal of Statistics* 6, 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])
    """
    try:
        p = np.array(list(p_values), dtype=float)
    except (TypeError, ValueError):
        raise QuidqualError.of(
            "These are no p-values.", remedy="Give a list of numbers.", field="p_values"
        ) from None
    known = np.flatnonzero(~np.isnan(p))
    if ((p[known] < 0) | (p[known] > 1)).any():
        raise QuidqualError.of("A p-value lies outside 0..1.", remedy="Give probabilities.")
    order = known[np.argsort(p[known], kind="stable")]
    adjusted = np.full(len(p), np.nan)
    factor = len(order) - np.arange(len(order))
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * factor))
    return adjusted


def change_tests(
    presence: pd.DataFrame, *, test: str = "trend", value: str | None = None
) -> pd.DataFrame:
    """Test each code of a table of presence exactly, and correct for their number.

    Parameters
    ----------
    presence : DataFrame
        As :func:`quidqual.presence` gives it; choose the group and codes first.
    test : {"trend", "cochran_q"}
    value : str, optional
        For a trend: a numeric column, as ``"n_codings"``, instead of presence.

    Returns
    -------
    DataFrame
        One row per code: ``code``, ``test``, ``statistic``, ``n``, ``n_informative``,
        ``p_value`` (two-sided for the trend), ``p_holm``, ``least_p``, ``can_reach_05``
        (bool: whether the design could go below .05 at all, before correction),
        ``note``, ``corpus``. Codes for which nothing differs between rounds stay in, with
        p = 1, and count in the correction.

    Raises
    ------
    QuidqualError
        If the test is unknown or the table is not one of presence.

    Notes
    -----
    There is no column of stars, and none of these p-values is printed unless one asks for
    this table. With n = 4 most codes cannot reach .05 after correction: ``least_p``
    tells so before the data do.

    Examples
    --------
    >>> from quidqual.analysis.demo import tiny_study
    >>> from quidqual.analysis.presence import presence
    >>> change_tests(presence(tiny_study()))[["code", "n", "p_value", "least_p"]]
        code  n  p_value  least_p
    0  trust  1      1.0      1.0
    1   work  1      1.0      1.0
    """
    if test not in ("trend", "cochran_q"):
        raise QuidqualError.of(
            f"{test!r} is no test.", remedy="Use 'trend' or 'cochran_q'.", field="test"
        )
    frame = checked(presence)
    rows = []
    for code, part in frame.groupby("code", observed=True, sort=True):
        wide = measurements(part, value=value)
        if wide.shape[1] < 2:
            raise QuidqualError.of(
                "A change needs two rounds.", remedy="Give the presence of more rounds."
            )
        if test == "trend":
            trend = exact_trend(wide)
            least = trend.least_p_two_sided
            rows.append(
                (
                    code,
                    trend.statistic,
                    trend.n,
                    trend.n_informative,
                    trend.p_two_sided,
                    least,
                    trend.note,
                )
            )
        else:
            q = exact_cochran_q(wide)
            rows.append((code, q.statistic, q.n, q.n_informative, q.p_value, q.least_p, q.note))
    columns = ["code", "statistic", "n", "n_informative", "p_value", "least_p", "note"]
    found = pd.DataFrame(rows, columns=columns)
    if isinstance(frame["code"].dtype, pd.CategoricalDtype):
        found["code"] = found["code"].astype(frame["code"].dtype)
    found.insert(1, "test", test)
    found.insert(found.columns.get_loc("p_value") + 1, "p_holm", holm(found["p_value"]))
    found.insert(found.columns.get_loc("least_p") + 1, "can_reach_05", found["least_p"] < 0.05)
    return found.assign(corpus=frame["corpus"].iloc[0] if len(frame) else "")
