"""Prevalence: how many of how many, of what, and how sure one can be."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from quidqual.analysis.grid import checked, corpus_of
from quidqual.analysis.selection import as_tuple
from quidqual.study.arguments import must_be_number, one_of
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.faced import faced
from quidqual.study.wording import k_of_n

__all__ = ["binomial_interval", "prevalence"]

_DENOMINATORS = ("participants", "interviews", "mentions")
_NO_CELLS = ("state", "reason", "interview", "n_codings", "n_own", "corpus")


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
    >>> import quidqual as qq
    >>> low, high = qq.analysis.binomial_interval(3, 4)
    >>> float(low.round(3)), float(high.round(3))
    (0.301, 0.954)
    """
    from scipy.special import betaincinv, ndtri

    try:
        if {np.asarray(counts).dtype.kind for counts in (k, n)} & {"U", "S"}:
            raise TypeError
        k, n = np.broadcast_arrays(np.asarray(k, dtype=float), np.asarray(n, dtype=float))
    except (TypeError, ValueError):
        raise QuidqualError.of("k and n must be numbers, and of one length.", field="k") from None
    one_of(method, METHODS, field="method")
    must_be_number(level, field="level")
    if not 0 < level < 1:
        raise QuidqualError.of(f"level must be between 0 and 1, not {level!r}.", field="level")
    counts = np.isfinite(k) & np.isfinite(n)
    if not counts.all() or (k % 1 != 0).any() or (n % 1 != 0).any():
        raise QuidqualError.of("k and n must be whole numbers: they are counts.", field="k")
    if not ((k >= 0) & (k <= n)).all():
        raise QuidqualError.of("a count k must be from 0 to n.", field="k")
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
        ``n_volunteered`` (int: units left out of n because the code was said unasked);
        ``n_unread`` (int: notes of the cell that were not read);
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

    What was said unasked counts in k where the unit was asked at another time; where it never
    was, the silence of the others is no absence, and it stands apart as *volunteered*.

    ``share`` is there for drawing. Below n = 10 print ``label``: "75%" of four people
    promises a precision that is not there.

    Examples
    --------
    >>> import quidqual as qq
    >>> table = qq.prevalence(qq.presence(qq.load_example("small")))
    >>> table[["code", "k", "n", "n_not_observed", "label"]]
        code  k  n  n_not_observed   label
    0  trust  2  2               0  2 of 2
    1   work  1  1               1  1 of 1
    """
    one_of(denominator, _DENOMINATORS, field="denominator")
    one_of(interval, METHODS, field="interval")
    keys = list(as_tuple(by))
    wrong = [key for n, key in enumerate(keys) if key in keys[:n] or key in _NO_CELLS]
    if wrong:
        raise QuidqualError.of(
            f"by= must name columns that make cells, each of them once; see {listed(wrong)}.",
            remedy="Use 'code', 'theme', 'round', 'group' or a column of your own.",
            field="by",
        )
    frame = checked(presence, needs=("participant", "round", *keys))
    corpus = corpus_of(frame)
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
    unasked = counted["n_volunteered"].to_numpy()
    words = [
        f"{v} volunteered" if v and not b else k_of_n(a, b)
        for a, b, v in zip(k, n, unasked, strict=True)
    ]
    counted["label"] = pd.array(words, dtype="str")
    behind = counted.columns.get_loc("n_volunteered") + 1
    counted.insert(behind, "n_unread", _unread(frame, keys, counted))
    about = {"denominator": denominator, "interval": interval, "corpus": corpus}
    return faced(counted.assign(**about).astype(dict.fromkeys(about, "str")), "prevalence")


def _units(frame: pd.DataFrame, keys: list[str], units: list[str]) -> pd.DataFrame:
    """Count the units (people, interviews) of each cell in which the code is present."""
    columns = list(dict.fromkeys([*keys, *units]))
    marks = frame[columns].assign(rank=frame["state"].cat.codes.map({0: 2, 1: 1, 2: 0}), unasked=0)
    unasked = _volunteered(frame)
    if unasked.any():  # said, but of those who were not asked: no one's silence counts
        marks["unasked"] = unasked.astype("int8")
        marks["said"] = marks["rank"] == 2
        marks["rank"] = marks["rank"].where(~unasked, 0)
    best = marks.groupby(columns, observed=True).max().reset_index()
    seen = best["rank"] > 0
    best = best.assign(
        k=seen & best["said"] if "said" in best else best["rank"] == 2,
        n=seen,
        n_not_observed=~seen & (best["unasked"] == 0),
        n_volunteered=~seen & (best["unasked"] > 0),
    )
    return _summed(best, keys, ["k", "n", "n_not_observed", "n_volunteered"])


def _summed(marks: pd.DataFrame, keys: list[str], counts: list[str]) -> pd.DataFrame:
    """Add up the counts of each cell, or of all where no column makes cells."""
    if not keys:
        return marks[counts].sum().to_frame().T.astype("int64")
    summed = marks.groupby(keys, observed=True)[counts].sum().reset_index()
    return summed.astype(dict.fromkeys(counts, "int64"))


def _volunteered(frame: pd.DataFrame) -> pd.Series:
    """Mark what was said although nobody asked."""
    if "reason" not in frame:
        return pd.Series(False, index=frame.index)
    return frame["reason"] == "volunteered"


def _unread(frame: pd.DataFrame, keys: list[str], counted: pd.DataFrame) -> np.ndarray:
    """Count the notes of each cell that were not read."""
    none = np.zeros(len(counted), dtype="int64")
    unread = frame[frame["reason"] == "unread"] if "reason" in frame else frame[:0]
    if unread.empty:
        return none
    notes = unread[list(dict.fromkeys([*keys, "participant", "round"]))].drop_duplicates()
    if not keys:
        return none + len(notes)
    sizes = notes.groupby(keys, observed=True).size().rename("n_unread").reset_index()
    return counted[keys].merge(sizes, on=keys, how="left")["n_unread"].fillna(0).to_numpy("int64")


def _mentions(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Count coded passages of each cell among all passages of its group, round, ..."""
    under = frame["n_codings"].fillna(0).astype("int64")
    # A passage of a child is one of its parent too: in a sum over codes it counts once.
    own = frame["n_own"].fillna(0).astype("int64") if "n_own" in frame else under
    rows = frame.assign(
        k=under if "code" in keys else own,
        own=own,
        n_not_observed=(frame["state"] == "not_observed").astype("int64"),
        n_volunteered=_volunteered(frame).astype("int64"),
    )
    sums = ["k", "own", "n_not_observed", "n_volunteered"]
    outer = [key for key in keys if key not in ("code", "theme")]
    counted = _summed(rows, keys, sums)
    own_of = counted.groupby(outer, observed=True)["own"].transform if outer else counted["own"].agg
    counted["n"] = own_of("sum")
    return counted[[*keys, "k", "n", "n_not_observed", "n_volunteered"]]
