"""Exact tests over many codes at once, with Holm's correction, on request only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from quidqual.analysis.grid import checked, corpus_of
from quidqual.exact.cochran import cochran_q
from quidqual.exact.design import measurements
from quidqual.exact.exact_trend import trend
from quidqual.study.arguments import one_of
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
    >>> import quidqual as qq
    >>> qq.exact.holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])
    """
    try:
        p = np.array(list(p_values), dtype=float)
    except (TypeError, ValueError):
        raise QuidqualError.of("p_values must be a list of numbers.", field="p_values") from None
    known = np.flatnonzero(~np.isnan(p))
    if ((p[known] < 0) | (p[known] > 1)).any():
        raise QuidqualError.of("a p-value must lie from 0 to 1.", field="p_values")
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
        p = 1, and count in the correction. Events and backgrounds, which cannot fade, are not
        tested: their p is NaN, and ``note`` says why.

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
    >>> import quidqual as qq
    >>> change_tests(qq.presence(qq.load_example("small")))[["code", "n", "p_value", "least_p"]]
        code  n  p_value  least_p
    0  trust  1      1.0      1.0
    1   work  1      1.0      1.0
    """
    one_of(test, ("trend", "cochran_q"), field="test")
    if value is not None and test != "trend":
        raise QuidqualError.of(
            "value= belongs to test='trend': Cochran's Q is about presence.",
            remedy="Leave it out.",
            field="value",
        )
    frame = checked(presence)
    rows: list[tuple[Any, ...]] = []
    for code, part in frame.groupby("code", observed=True, sort=True):
        kind = part["code_kind"].iloc[0] if "code_kind" in part else "state"
        if kind in ("event", "background"):
            note = f"A code of the kind {kind} does not fade: there is nothing to test."
            rows.append((code, np.nan, 0, 0, np.nan, np.nan, note))
            continue
        wide = measurements(part, value=value)
        if wide.shape[1] < 2:
            raise QuidqualError.of(
                "A change needs two rounds.", remedy="Give the presence of more rounds."
            )
        found: Any = trend(wide) if test == "trend" else cochran_q(wide)
        least = found.least_p_two_sided if test == "trend" else found.least_p
        counts = (found.n, found.n_informative, found.p_value)
        rows.append((code, found.statistic, *counts, least, found.note))
    columns = ["code", "statistic", "n", "n_informative", "p_value", "least_p", "note"]
    table = pd.DataFrame(rows, columns=columns)
    if isinstance(frame["code"].dtype, pd.CategoricalDtype):
        table["code"] = table["code"].astype(frame["code"].dtype)
    table.insert(1, "test", test)
    table.insert(table.columns.get_loc("p_value") + 1, "p_holm", holm(table["p_value"]))
    table.insert(table.columns.get_loc("least_p") + 1, "can_reach_05", table["least_p"] < 0.05)
    return table.assign(corpus=corpus_of(frame))
