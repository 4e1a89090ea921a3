"""Prevalence: how many of how many, of what, and how sure one can be."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from quidqual.analysis.binomial_interval import METHODS, binomial_interval
from quidqual.analysis.grid import checked
from quidqual.analysis.selection import as_tuple
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import k_of_n

__all__ = ["prevalence"]

_DENOMINATORS = ("participants", "interviews", "mentions")


def prevalence(
    presence: pd.DataFrame,
    *,
    by: str | Iterable[str] = ("code",),
    denominator: str = "participants",
    interval: str = "wilson",
    level: float = 0.95,
) -> pd.DataFrame:
    """Count k of n for each cell of ``by``.

    Parameters
    ----------
    presence : DataFrame
        As :func:`quidqual.presence` gives it (or part of it).
    by : str or iterable of str
        Columns of ``presence`` that make the cells: ``("code",)``,
        ``("code", "round")``, ``("group", "theme")``, ...
    denominator : {"participants", "interviews", "mentions"}
        What is counted, see Notes.
    interval : {"wilson", "jeffreys", "clopper_pearson"}
    level : float

    Returns
    -------
    DataFrame
        One row per cell, sorted: the columns of ``by``; ``k`` and ``n`` (int);
        ``n_not_observed`` (int: units left out of n because nothing was observed);
        ``share`` (k/n, NaN where n = 0); ``low``, ``high`` (float); ``label``
        ("3 of 4"); ``denominator``; ``interval``; ``corpus``.

    Raises
    ------
    QuidqualError
        For a column, denominator or interval that is not there.

    Notes
    -----
    *participants*: a participant counts in k if the code is present in at least one
    observed round of the cell, in n if at least one round of the cell was observed.
    With ``"round"`` in ``by`` a cell is one round.

    *interviews*: each observed interview counts. Interviews of one person are not
    independent, so the interval is too narrow; it is a description, not a test.

    *mentions*: coded passages among all coded passages of the same group, round, ...
    (``by`` without ``code`` and ``theme``). One talkative person can make most of
    them; there is no interval, since no sampling model fits.

    ``share`` is there for drawing. Below n = 10 print ``label``: "75%" of four people
    promises a precision that is not there.

    Examples
    --------
    >>> from quidqual.analysis.demo import tiny_study
    >>> from quidqual.analysis.presence import presence
    >>> table = prevalence(presence(tiny_study()))
    >>> table[["code", "k", "n", "n_not_observed", "label"]]
        code  k  n  n_not_observed   label
    0  trust  2  2               0  2 of 2
    1   work  1  1               1  1 of 1
    """
    if denominator not in _DENOMINATORS:
        raise QuidqualError.of(
            f"{denominator!r} is no denominator.",
            remedy=f"Use {listed(_DENOMINATORS)}.",
            field="denominator",
        )
    if interval not in METHODS:
        raise QuidqualError.of(
            f"{interval!r} is no interval.", remedy=f"Use {listed(METHODS)}.", field="interval"
        )
    keys = list(as_tuple(by))
    frame = checked(presence, needs=("participant", "round", *keys))
    corpus = frame["corpus"].iloc[0] if len(frame) else ""
    if denominator == "mentions":
        counted = _mentions(frame, keys)
        low = high = np.full(len(counted), np.nan)
        interval = "none"
    else:
        units = ["participant"] if denominator == "participants" else ["participant", "round"]
        counted = _units(frame, keys, units)
        low, high = binomial_interval(counted["k"], counted["n"], method=interval, level=level)
    k, n = counted["k"].to_numpy(), counted["n"].to_numpy()
    counted["share"] = np.divide(k, n, out=np.full(len(k), np.nan), where=n > 0)
    counted["low"], counted["high"] = low, high
    counted["label"] = pd.array([k_of_n(a, b) for a, b in zip(k, n, strict=True)], dtype="str")
    counted["denominator"] = pd.array([denominator] * len(counted), dtype="str")
    counted["interval"] = pd.array([interval] * len(counted), dtype="str")
    counted["corpus"] = pd.array([corpus] * len(counted), dtype="str")
    return counted


def _units(frame: pd.DataFrame, keys: list[str], units: list[str]) -> pd.DataFrame:
    """Count the units (people, interviews) of each cell in which the code is present."""
    rank = frame["state"].cat.codes.map({0: 2, 1: 1, 2: 0})  # present beats absent beats neither
    columns = list(dict.fromkeys([*keys, *units]))
    best = (
        frame[columns].assign(rank=rank).groupby(columns, observed=True)["rank"].max().reset_index()
    )
    best = best.assign(
        k=(best["rank"] == 2), n=(best["rank"] > 0), n_not_observed=(best["rank"] == 0)
    )
    counts = ["k", "n", "n_not_observed"]
    if not keys:
        return best[counts].sum().to_frame().T.astype("int64")
    summed = best.groupby(keys, observed=True)[counts].sum().reset_index()
    return summed.astype(dict.fromkeys(counts, "int64"))


def _mentions(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Count coded passages of each cell among all passages of its group, round, ..."""
    count = frame["n_codings"].fillna(0).astype("int64")
    rows = frame.assign(k=count, n_not_observed=(frame["state"] == "not_observed").astype("int64"))
    if not keys:
        total = rows[["k", "n_not_observed"]].sum().to_frame().T
        return total.assign(n=total["k"])[["k", "n", "n_not_observed"]].astype("int64")
    counted = rows.groupby(keys, observed=True)[["k", "n_not_observed"]].sum().reset_index()
    outer = [key for key in keys if key not in ("code", "theme")]
    if outer:
        counted["n"] = counted.groupby(outer, observed=True)["k"].transform("sum")
    else:
        counted["n"] = counted["k"].sum()
    return counted[[*keys, "k", "n", "n_not_observed"]]
