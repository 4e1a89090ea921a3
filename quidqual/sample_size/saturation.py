"""Saturation: how much new each further participant brought, in the order observed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.sample_size.incidence import Incidence, read_incidence
from quidqual.sample_size.richness import accumulation, richness
from quidqual.study.arguments import must_be_number, one_of
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import counted

if TYPE_CHECKING:
    from quidqual.study.model import Study

__all__ = ["Saturation", "saturation"]

_MOST = 1_000_000
_BAND = (0.025, 0.5, 0.975)


@dataclass(frozen=True)
class Saturation:
    """How new codes thinned out; a description, not a verdict.

    Attributes
    ----------
    curve : DataFrame
        One row per group and position: ``group``, ``position``, ``unit``, ``new``
        (codes first found here), ``cumulative``, ``low``, ``median``, ``high`` (of the
        cumulative count over the random orders, 95% band), ``rarefied`` (its exact
        mean over all orders), ``run_new`` (codes that the run after this position
        adds), ``ratio`` (of these to the base), ``corpus``.
    summary : DataFrame
        One row per group: ``group``, ``units``, ``codes``, ``base``, ``run``,
        ``threshold``, ``base_codes``, ``reached_at`` (first position, base or later,
        after which a run adds no more than the threshold; missing if none), ``share_of_orders``
        (in which it is reached at all), ``reached_low``, ``reached_median``,
        ``reached_high`` (over the orders in which it is reached), ``chao2``,
        ``coverage``, ``statement``, ``corpus``.
    """

    curve: pd.DataFrame
    summary: pd.DataFrame

    @property
    def statement(self) -> str:
        """What the summary says, in words."""
        return " ".join(self.summary["statement"])


def saturation(
    source: Study | pd.DataFrame | Any,
    *,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
    unit: str = "participant",
    by: str | None = None,
    orders: int = 1000,
    seed: int = 20210503,
) -> Saturation:
    """Follow how many new codes each further unit brings.

    Parameters
    ----------
    source : Study, DataFrame or array
        A study (in order of the interviews' dates), a table of presence (natural order of
        the names), or units x codes of 0 and 1 (order of the rows).
    base : int
        Units whose codes together are the base (Guest and colleagues use 4, 5, 6).
    run : int
        Consecutive units over which new codes are counted (2, 3).
    threshold : float
        New codes in the run, as a share of the base's codes (0.05 or 0).
    unit : {"participant", "interview"}
        The participant is the sampling unit: interviews of one person repeat each other,
        and counting them makes the curve flatten sooner.
    by : {"group"}, optional
        Each group by itself.
    orders : int
        Random orders of the units for the band.
    seed : int
        Of the random orders; the same seed gives the same band.

    Returns
    -------
    Saturation

    Raises
    ------
    QuidqualError
        If an argument is out of range, or there is no unit.

    Notes
    -----
    At position p >= base the run is the units p + 1 .. p + run; ``ratio`` is the number
    of codes first found there divided by the number found in the first ``base`` units;
    runs overlap. That the threshold is reached says that these units, in this order, under
    this codebook, brought little new. It does not say that nothing new is left, so the
    word for that is not printed: ``share_of_orders`` and Chao2, a lower bound, stand
    beside it.

    References
    ----------
    Guest, G., Namey, E. & Chen, M. (2020). A simple method to assess and report thematic
    saturation in qualitative research. *PLOS ONE* 15(5), e0232076.

    Examples
    --------
    >>> rows = [[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0]]
    >>> import quidqual as qq
    >>> found = qq.saturation(rows, base=2, run=2)
    >>> found.curve[["position", "new", "cumulative", "run_new", "ratio"]]
       position  new  cumulative  run_new  ratio
    0         1    2           2     <NA>    NaN
    1         2    1           3        0    0.0
    2         3    0           3        0    0.0
    3         4    0           3     <NA>    NaN
    4         5    0           3     <NA>    NaN
    >>> found.summary["reached_at"].tolist()
    [2]
    """
    _check(base, run, threshold, orders, by)
    must_be_number(seed, field="seed", whole=True)
    if seed < 0:
        raise QuidqualError.of("seed must not be negative.", remedy="Use seed=0.", field="seed")
    incidence = read_incidence(source, unit=unit)
    if not incidence.units:
        raise QuidqualError.of(
            "There is no unit that was observed.",
            remedy="Give a table with at least one participant observed.",
        )
    parts = {"all": incidence}
    if by == "group":
        parts = {name: incidence.of_group(name) for name in sorted(set(incidence.groups))}
    curves, summaries = [], []
    for group, part in parts.items():
        curve, summary = _follow(part, base, run, threshold, orders, seed, unit)
        if by is not None:
            summary["statement"] = f"{group}: {summary['statement']}"
        curves.append(curve.assign(corpus=part.corpus))
        summaries.append({"group": group, **summary, "corpus": part.corpus})
        curves[-1].insert(0, "group", group)
    summary = pd.DataFrame(summaries)
    summary["reached_at"] = summary["reached_at"].astype("Int64")
    return Saturation(pd.concat(curves, ignore_index=True), summary)


def _check(base: int, run: int, threshold: float, orders: int, by: str | None) -> None:
    """Check the numbers."""
    for field, value in (("base", base), ("run", run), ("orders", orders)):
        must_be_number(value, field=field, whole=True)
    must_be_number(threshold, field="threshold")
    fits = all(1 <= number <= _MOST for number in (base, run, orders)) and 0 <= threshold < 1
    if not fits:
        raise QuidqualError.of(
            f"base, run and orders must be from 1 to {_MOST:,}, threshold from 0 to below 1.",
            remedy="Use base=4, run=2, threshold=0.05.",
        )
    if by is not None:
        one_of(by, ("group",), field="by")


def _follow(
    part: Incidence, base: int, run: int, threshold: float, orders: int, seed: int, unit: str
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Describe one group."""
    found = part.found
    n = len(found)
    cumulative = _cumulative(found)
    rng = np.random.default_rng(seed)
    many = np.stack([_cumulative(found[rng.permutation(n)]) for _ in range(orders)])
    reached = _reached(cumulative[None, :], base, run, threshold)[0]
    reached_many = _reached(many, base, run, threshold)
    low, median, high = np.quantile(many, _BAND, axis=0, method="nearest").astype(np.int64)
    run_new = np.full(n, np.nan)
    ahead = np.arange(base, n - run + 1)  # positions that have a full run after them
    run_new[ahead - 1] = cumulative[ahead + run - 1] - cumulative[ahead - 1]
    base_codes = int(cumulative[min(base, n) - 1])
    curve = pd.DataFrame(
        {
            "position": np.arange(1, n + 1),
            "unit": pd.array(part.units, dtype="str"),
            "new": np.diff(cumulative, prepend=0),
            "cumulative": cumulative,
            "low": low,
            "median": median,
            "high": high,
            "rarefied": accumulation(found.astype(int))["codes"].to_numpy(),
            "run_new": pd.array(run_new, dtype="Int64"),
            "ratio": run_new / max(base_codes, 1),
        }
    )
    estimate = richness(found.astype(int))
    hits = reached_many[reached_many > 0]
    spread = np.quantile(hits, _BAND, method="nearest") if len(hits) else [np.nan] * 3
    reached_of = dict(zip(("reached_low", "reached_median", "reached_high"), spread, strict=True))
    summary = {
        "units": n,
        "codes": int(cumulative[-1]),
        "base": base,
        "run": run,
        "threshold": threshold,
        "base_codes": base_codes,
        "reached_at": int(reached) if reached > 0 else None,
        "share_of_orders": len(hits) / orders,
        **reached_of,
        "chao2": estimate.chao2,
        "coverage": estimate.coverage,
    }
    return curve, {**summary, "statement": _statement(summary, curve, unit, orders)}


def _cumulative(found: np.ndarray) -> np.ndarray:
    """Count the codes found up to each unit."""
    first = np.where(found.any(axis=0), found.argmax(axis=0), len(found))
    return np.bincount(first, minlength=len(found) + 1)[: len(found)].cumsum()


def _reached(cumulative: np.ndarray, base: int, run: int, threshold: float) -> np.ndarray:
    """Find the first position after which a run adds no more than the threshold; 0 if none."""
    n = cumulative.shape[1]
    if n < base + run:
        return np.zeros(len(cumulative), dtype=np.int64)
    positions = np.arange(base, n - run + 1)
    added = cumulative[:, positions + run - 1] - cumulative[:, positions - 1]
    fits = added <= threshold * cumulative[:, [base - 1]] + 1e-12
    return np.where(fits.any(axis=1), positions[fits.argmax(axis=1)], 0)


def _statement(summary: dict[str, Any], curve: pd.DataFrame, unit: str, orders: int) -> str:
    """Say what was found, and no more than that."""
    n, base, run = summary["units"], summary["base"], summary["run"]
    words = f"{counted(summary['codes'], 'code')} in {counted(n, unit)}."
    if n < base + run:
        words += f" With a base of {base} and a run of {run} at least {base + run} are needed."
    elif summary["reached_at"] is None:
        words += (
            f" After a base of {base} no run of {run} stays within "
            f"{summary['threshold']:.0%} new codes."
        )
    else:
        at = summary["reached_at"]
        new = int(curve["run_new"].iloc[at - 1])
        words += (
            f" After {counted(at, unit)} the next {run} add {new} to a base of "
            f"{counted(summary['base_codes'], 'code')} (threshold {summary['threshold']:.0%}); the "
            f"threshold is reached in {summary['share_of_orders']:.0%} of {orders} orders."
        )
    return words + f" At least about {summary['chao2']:.1f} codes exist (Chao2, a lower bound)."
