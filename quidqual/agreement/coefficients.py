"""Coefficients of agreement from a table of ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from quidqual.agreement.estimators import (
    Design,
    evaluate,
    features,
    needs_coders,
    settled,
)
from quidqual.agreement.metrics import SETS, Scale, scale_of
from quidqual.agreement.rating_patterns import Tally, tabulate
from quidqual.agreement.ratings import Ratings, read_ratings
from quidqual.agreement.table import Options, build, check_resampling, chosen
from quidqual.study.arguments import one_of
from quidqual.study.errors import QuidqualError

_SET_NAMES = ("percent", "cohen", "conger", "fleiss", "alpha")


def coefficients(
    ratings: Any,
    *,
    level: str = "nominal",
    weights: str | pd.DataFrame | np.ndarray | None = None,
    clusters: str | pd.Series | Sequence[Any] | None = None,
    resamples: int | None = None,
    seed: int = 0,
    coefficients: str | Sequence[str] | None = None,
    categories: Sequence[Any] | None = None,
    confidence: float = 0.95,
    each: bool = False,
) -> pd.DataFrame:
    """Measure how far coders agree, in every usual coefficient, with intervals.

    Parameters
    ----------
    ratings : pandas.DataFrame or 2-d array
        Wide: rows are units, columns are coders, a missing rating is NaN or an empty cell (a
        column ``unit`` is taken as the units' names). Long: the columns ``unit``, ``coder``,
        ``value`` (``item`` or ``subject``; ``rater``, ``annotator``, ``judge`` or ``observer``;
        ``rating``, ``category``, ``score``, ``label`` or ``code`` are understood too).
        Ratings may be words or numbers (never both in one table), booleans, Categoricals
        (whose order is the ordinal order), or sets of codes.
    level : {"nominal", "ordinal", "interval", "ratio", "jaccard", "masi"}
        Level of measurement: the metric of Krippendorff's alpha. ``"jaccard"`` and
        ``"masi"`` compare sets of codes; two empty sets agree.
    weights : str or square table, optional
        Weights of the kappa family and AC2: ``"identity"``, ``"linear"``, ``"quadratic"``,
        ``"ordinal"``, ``"radical"``, ``"ratio"``, ``"circular"``, ``"bipolar"`` (Gwet), or a
        table of them. Left out: those that belong to the level (ordinal: ``"ordinal"``,
        interval: ``"quadratic"``, ratio: ``"ratio"``). With ``level="nominal"`` given
        weights hold for alpha too; with another level alpha keeps the level's metric.
    clusters : str, Series or sequence, optional
        What the units belong to (interview, participant): a column, or one value a unit.
        The interval then resamples clusters.
    resamples : int, optional
        Number of resamples; default 1,000 with clusters and 0 without (Gwet's interval).
    seed : int
        Seed of the resampling.
    coefficients : str or sequence of str, optional
        Only these: ``percent, cohen, conger, fleiss, brennan_prediger, ac1, ac2, alpha``.
    categories : sequence, optional
        All categories of the scale in order, used or not.
    confidence : float
        Level of the interval.
    each : bool
        Also give every category against all others (Fleiss 1971); ``code`` names it.

    Returns
    -------
    pandas.DataFrame
        One row an estimate:

        - ``code`` (str): "" for the whole table, or the category (``each=True``)
        - ``coefficient``, ``level`` (str)
        - ``value``, ``low``, ``high`` (float): NaN where undefined, with the reason
        - ``method`` (str): ``analytic``, ``bootstrap (clusters)``, ``bootstrap (units)``
          or ``none``
        - ``n_units``, ``n_pairable``, ``n_coders``, ``n_missing``, ``n_clusters`` (int):
          rows of the table, those with two ratings or more, coders who rated anything,
          missing ratings, clusters resampled (without clusters: units)
        - ``prevalence`` (float): share of the ratings in the category ``prevalence_of``
          (of two the last, of more the commonest)
        - ``note`` (str): why a value is missing, what to mind
        - ``positive_agreement``, ``negative_agreement`` (float): specific agreement in
          that category, and outside it
        - ``p_below_667``, ``p_below_800`` (float): probability of falling below
        - ``se``, ``analytic_low``, ``analytic_high`` (float): Gwet's, for independent units
        - ``weights``, ``n_categories``, ``prevalence_of``

    Raises
    ------
    QuidqualError
        If the table, the level or the weights cannot be used.

    Notes
    -----
    AC1 is called AC2 as soon as weights are used. Fleiss' kappa of two coders is Scott's pi;
    Brennan-Prediger is also known as S, kappa_n and (two categories) PABAK. When all ratings
    fall into one category no coefficient but percent exists, and none is made up.

    References
    ----------
    Gwet, K. L. (2014). Handbook of Inter-Rater Reliability (4th ed.).
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability.

    Examples
    --------
    Krippendorff (2004, p. 224): two observers, ten units.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"a": [1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    ...                       "b": [0, 1, 1, 0, 0, 1, 0, 1, 0, 0]})
    >>> import quidqual as qq
    >>> found = qq.agreement.coefficients(table).set_index("coefficient")
    >>> found["value"].round(3)[["percent", "alpha"]].to_dict()
    {'percent': 0.6, 'alpha': 0.095}
    """
    one_of(each, (True, False), field="each")
    names = chosen(coefficients)
    if resamples is None:
        resamples = 1_000 if clusters is not None else 0
    check_resampling(resamples, seed, confidence)
    options = Options(names=names, resamples=resamples, seed=seed, confidence=confidence)
    read = read_ratings(ratings, clusters=clusters, categories=categories)
    shown = read.categories or _nothing(level)
    scale = scale_of(shown, level=level, weights=weights, ordered=read.ordered)
    if level in SETS:
        _check_sets(shown, level)
        options = replace(options, names=tuple(n for n in names if n in _SET_NAMES))
    tally = tabulate(read.columns, len(shown), clusters=read.clusters, n_clusters=read.n_clusters)
    whole = _whole(read, tally, scale, options, shown)
    if not each:
        return whole
    parts = [whole, *_each_category(read, options, shown)]
    return pd.concat(parts, ignore_index=True)


def estimates(
    ratings: Any,
    *,
    level: str = "nominal",
    weights: str | pd.DataFrame | np.ndarray | None = None,
    categories: Sequence[Any] | None = None,
    coefficients: str | Sequence[str] | None = None,
) -> dict[str, float]:
    """Give the bare values of the coefficients, for loops and simulations.

    The same numbers as :func:`coefficients`, without intervals, counts and reasons: never
    what a paper should report.

    Parameters
    ----------
    ratings, level, weights, categories, coefficients
        As in :func:`coefficients`.

    Examples
    --------
    >>> round(estimates([[1, 1], [1, 2], [2, 2], [2, 2]])["alpha"], 3)
    0.533
    """
    names = chosen(coefficients)
    read = read_ratings(ratings, categories=categories)
    shown = read.categories or _nothing(level)
    scale = scale_of(shown, level=level, weights=weights, ordered=read.ordered)
    if level in SETS:
        _check_sets(shown, level)
        names = tuple(n for n in names if n in _SET_NAMES)
    tally = tabulate(read.columns, len(shown))
    design = Design(scale, len(read.columns), 0, needs_coders(names))
    sums = tally.count @ features(tally.patterns, design)
    ac = "ac1" if scale.weights is None else "ac2"
    found = evaluate(sums, design, names)
    return {ac if name == "ac" else name: float(settled(value)) for name, value in found.items()}


def _nothing(level: str) -> list[Any]:
    """Stand in for the categories of a table in which every rating is missing."""
    return [frozenset()] if level in SETS else [0]


def _check_sets(categories: list[Any], level: str) -> None:
    """Refuse words where sets are compared: the letters of a word are no codes."""
    if not all(isinstance(c, frozenset) for c in categories):
        raise QuidqualError.of(
            f"level={level!r} compares sets of codes, and the ratings are not sets.",
            remedy="Give sets, for example frozenset({'trust', 'work'}); no code: frozenset().",
            field="level",
        )


def _whole(
    read: Ratings, tally: Tally, scale: Scale, options: Options, shown: list[Any]
) -> pd.DataFrame:
    """Compute the table's own rows."""
    used = _used(tally, len(shown))
    target = len(shown) - 1 if len(shown) == 2 else int(np.argmax(used))
    n_rating = int((tally.patterns >= 0).any(axis=0).sum())
    note = _remarks(read, tally, used, n_rating)
    return build(
        tally,
        Design(scale, len(read.columns), target, needs_coders(options.names)),
        codes=[""],
        options=options,
        n_rating=n_rating,
        extra=[note],
        prevalence_of=[_name(shown[target]) if read.categories else ""],
    )


def _used(tally: Tally, q: int) -> np.ndarray:
    """Count how often each category was used."""
    totals = tally.totals()[0]
    counts = np.zeros(q)
    for j in range(tally.patterns.shape[1]):
        column = tally.patterns[:, j]
        there = column >= 0
        counts += np.bincount(column[there], weights=totals[there], minlength=q)
    return counts


def _name(category: Any) -> str:
    if isinstance(category, frozenset):
        return "{" + ", ".join(sorted(map(str, category))) + "}"
    return str(category)


def _remarks(read: Ratings, tally: Tally, used: np.ndarray, n_rating: int) -> str:
    """Say what the counts alone do not show."""
    parts = []
    bare = int(tally.totals()[0][(tally.patterns < 0).all(axis=1)].sum())
    if bare:
        parts.append(f"{bare} units that nobody rated are left out")
    idle = len(read.columns) - n_rating
    if idle and n_rating >= 2:
        parts.append(f"{idle} coders rated nothing")
    if n_rating >= 2 and _nothing_shared(tally.patterns, len(used)):
        parts.append(
            "no two coders ever gave the same rating: if each row is one rating, name the "
            "columns unit, coder, value"
        )
    unused = int((used == 0).sum())
    if unused and used.sum() and len(used) - unused > 1:
        parts.append(f"{unused} of {len(used)} declared categories never used")
    return "; ".join(parts)


def _nothing_shared(patterns: np.ndarray, q: int) -> bool:
    """Say whether each category was used by one coder only: the columns may be no coders."""
    users = np.zeros(q, dtype=int)
    for j in range(patterns.shape[1]):
        users[np.unique(patterns[patterns[:, j] >= 0, j])] += 1
    return int(users.max(initial=0)) == 1


def _each_category(read: Ratings, options: Options, shown: list[Any]) -> list[pd.DataFrame]:
    """Compute every category against all the others."""
    scale = scale_of([False, True], level="nominal", weights=None, ordered=True)
    rows = []
    for i, category in enumerate(shown):
        if len(shown) < 2:
            break
        columns = [np.where(c < 0, -1, (c == i).astype(np.int8)) for c in read.columns]
        tally = tabulate(columns, 2, clusters=read.clusters, n_clusters=read.n_clusters)
        n_rating = int((tally.patterns >= 0).any(axis=0).sum())
        rows.append(
            build(
                tally,
                Design(scale, len(columns), 1),
                codes=[_name(category)],
                options=options,
                n_rating=n_rating,
                prevalence_of=[_name(category)],
            )
        )
    return rows
