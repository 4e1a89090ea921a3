"""How many codes there may be beyond those found: lower bounds, and how they accumulate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.sample_size.incidence import has_code_lists, read_incidence
from quidqual.study.arguments import must_be_number, names_of
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import counted

if TYPE_CHECKING:
    from quidqual.study.model import Study

__all__ = ["Richness", "accumulation", "richness"]

_Z = 1.96
"""As iNEXT and SpadeR have it, so that the bounds agree to the last digit."""


@dataclass(frozen=True)
class Richness:
    """What the codes found in few units tell about codes not found yet.

    Every estimate is a **lower bound**: there are at least about so many codes.

    Attributes
    ----------
    observed, units : int
        Codes found; units (participants).
    q1, q2 : int
        Codes found in exactly one unit, and in exactly two.
    chao2, chao2_se, chao2_lo95, chao2_hi95 : float
        Chao's estimate with its standard error and log-normal 95% interval.
    chao2_bc : float
        The bias-corrected form, which needs no code found in exactly two units.
    ichao2 : float
        The improved form, from codes found in three and four units too; NaN for
        fewer than four units.
    coverage : float
        Estimated share of all incidences (weighted by how common codes are) that belong
        to codes already found.
    note : str
    """

    observed: int
    units: int
    q1: int
    q2: int
    chao2: float
    chao2_se: float
    chao2_lo95: float
    chao2_hi95: float
    chao2_bc: float
    ichao2: float
    coverage: float
    note: str


def richness(
    incidence: Study | pd.DataFrame | np.ndarray | Iterable[Any], *, units: int | None = None
) -> Richness:
    """Estimate how many codes there are at least, with the participant as sampling unit.

    Parameters
    ----------
    incidence : Study, DataFrame, array or list
        A study or table of presence; or units x codes of 0 and 1; or the number of
        units in which each code was found, with ``units`` (without ``units`` the first
        number is taken as the number of units, as iNEXT has it; a frame with the
        columns ``unit_total`` and ``freq`` and a pair (units, frequencies) are read so
        too); or the names of the codes found in each unit.
    units : int, optional
        How many units there are, if frequencies are given.

    Returns
    -------
    Richness

    Raises
    ------
    QuidqualError
        If there is no unit, or a frequency is not a whole number from 0 to ``units``.

    Notes
    -----
    With T units, S codes, Q_k codes found in exactly k units, A = (T - 1) / T:

    - Chao2 = S + A Q1^2 / (2 Q2), or S + A Q1 (Q1 - 1) / 2 if Q2 = 0;
    - bias-corrected: S + A Q1 (Q1 - 1) / (2 (Q2 + 1));
    - iChao2 = Chao2 + (T-3)/(4T) Q3/Q4 max(Q1 - (T-3)/(2(T-1)) Q2 Q3/Q4, 0);
    - coverage = 1 - Q1/U B, U the sum of all frequencies, with B = (T-1) Q1 / ((T-1) Q1 + 2 Q2),
      or (T-1)(Q1-1) / ((T-1)(Q1-1) + 2) if Q2 = 0; NaN for a single unit.

    They assume that units are drawn alike and that codes exist to be found; in
    interpretive work codes are made, and a second coder makes others. At T = 4 the
    numbers are hardly more than a reminder that rare things were found once.

    References
    ----------
    Chao, A. (1987). Estimating the population size for capture-recapture data with unequal
    catchability. *Biometrics* 43, 783-791. Chiu, C.-H., Wang, Y.-T., Walther, B. A. & Chao,
    A. (2014). *Biometrics* 70, 671-682 (iChao2). Chao, A. et al. (2014). Rarefaction and
    extrapolation with Hill numbers. *Ecological Monographs* 84, 45-67 (coverage).

    Examples
    --------
    >>> import quidqual as qq
    >>> found = qq.richness([[1, 1, 0], [1, 0, 1], [1, 0, 0]])
    >>> found.observed, found.units, found.q1, round(found.chao2, 3)
    (3, 3, 2, 3.667)
    """
    frequencies, total = _frequencies(incidence, units)
    y = frequencies[frequencies > 0]
    q = [0, *(int((y == k).sum()) for k in range(1, 5))]
    s, a = len(y), (total - 1) / total
    missing, variance = _missing(q, a, s)
    chao2 = s + missing
    spread = np.exp(_Z * np.sqrt(np.log1p(variance / missing**2))) if missing > 0 else 1.0
    return Richness(
        observed=s,
        units=total,
        q1=q[1],
        q2=q[2],
        chao2=chao2,
        chao2_se=float(np.sqrt(variance)),
        chao2_lo95=float(s + missing / spread),
        chao2_hi95=float(s + missing * spread),
        chao2_bc=s + a * q[1] * (q[1] - 1) / (2 * (q[2] + 1)),
        ichao2=_ichao2(chao2, q, total),
        coverage=_coverage(y, q, total),
        note=f"{counted(s, 'code')} in {counted(total, 'unit')}; at least about {chao2:.1f} exist "
        "(a lower bound).",
    )


def accumulation(
    incidence: Study | pd.DataFrame | np.ndarray | Iterable[Any],
    *,
    at: Iterable[int] | None = None,
    units: int | None = None,
) -> pd.DataFrame:
    """Give how many codes t units are expected to show, for any t.

    Parameters
    ----------
    incidence, units
        As for :func:`quidqual.richness`.
    at : iterable of int, optional
        Numbers of units; by default 1 to the number there are. More than there are is
        extrapolated: to twice as many at most is advised.

    Returns
    -------
    DataFrame
        ``t`` (int), ``codes`` (float), ``method`` (``rarefaction``, ``observed``,
        ``extrapolation``), sorted by ``t``.

    Raises
    ------
    QuidqualError
        As :func:`quidqual.richness`, or if ``at`` holds a number below 0.

    Notes
    -----
    Rarefaction is exact: the mean over all ways to choose t of the T units,
    ``sum_i 1 - C(T - y_i, t) / C(T, t)``. Extrapolation adds
    ``f0 (1 - (1 - Q1 / (T f0 + Q1))^(t - T))`` with f0 the part of Chao2 not found.

    References
    ----------
    Colwell, R. K. et al. (2012). Models and estimators linking individual-based and
    sample-based rarefaction, extrapolation and comparison of assemblages. *Journal of Plant
    Ecology* 5, 3-21.

    Examples
    --------
    >>> import quidqual as qq
    >>> qq.sample_size.accumulation([[1, 1, 0], [1, 0, 1], [1, 0, 0]])["codes"].round(3).tolist()
    [1.667, 2.333, 3.0]
    """
    from scipy.special import gammaln

    y, total = _frequencies(incidence, units)
    y = y[y > 0].astype(float)
    wished = sorted(range(1, total + 1) if at is None else _sizes(at))
    if wished and wished[0] < 0:
        raise QuidqualError.of("at must hold numbers of units from 0 on.", field="at")
    q = [0, int((y == 1).sum()), int((y == 2).sum())]
    missing, _ = _missing(q, (total - 1) / total, len(y))
    rows = []
    for t in wished:
        if t > total:
            step = 1 - q[1] / (total * missing + q[1]) if missing > 0 else 1.0
            rows.append((t, len(y) + missing * (1 - step ** (t - total)), "extrapolation"))
            continue
        room = total - y - t >= 0
        # C(T - y, t) / C(T, t), in logarithms since the binomials overflow
        log = gammaln(total - y[room] + 1) + gammaln(total - t + 1)
        log -= gammaln(total - y[room] - t + 1) + gammaln(total + 1)
        codes = float(len(y) - np.exp(log).sum())
        rows.append((t, codes, "observed" if t == total else "rarefaction"))
    return pd.DataFrame(rows, columns=["t", "codes", "method"])


def _missing(q: list[int], a: float, s: int) -> tuple[float, float]:
    """Estimate the number of codes not found, and the variance of Chao2."""
    if q[2] > 0:
        r = q[1] / q[2]
        return a * q[1] ** 2 / (2 * q[2]), q[2] * (a / 2 * r**2 + a**2 * r**3 + a**2 / 4 * r**4)
    missing = a * q[1] * (q[1] - 1) / 2
    if missing == 0:
        return 0.0, 0.0
    one = q[1]
    variance = a * one * (one - 1) / 2 + a**2 * one * (2 * one - 1) ** 2 / 4
    return missing, max(variance - a**2 * one**4 / (4 * (s + missing)), 0.0)


def _ichao2(chao2: float, q: list[int], total: int) -> float:
    if total < 4:
        return float("nan")
    q4 = max(q[4], 1)
    inner = q[1] - (total - 3) / (2 * (total - 1)) * q[2] * q[3] / q4
    return chao2 + (total - 3) / (4 * total) * q[3] / q4 * max(inner, 0.0)


def _coverage(y: np.ndarray, q: list[int], total: int) -> float:
    sum_y = float(y.sum())
    if sum_y == 0:
        return 0.0
    if total < 2:
        return float("nan")  # nothing was found or missed a second time
    if q[1] == 0:
        return 1.0
    once, below = ((total - 1) * q[1], 2 * q[2]) if q[2] else ((total - 1) * (q[1] - 1), 2)
    return 1 - q[1] / sum_y * once / (once + below)


def _ndim(value: Any) -> int:
    try:
        return int(np.ndim(value))
    except ValueError:  # rows of different lengths
        return -1


def _frequencies(incidence: Any, units: int | None) -> tuple[np.ndarray, int]:
    """Read the number of units in which each code was found, and the number of units."""
    given = units
    if isinstance(incidence, str | bytes) or (isinstance(incidence, Mapping) and not incidence):
        incidence = [float("nan")]  # a word is no list of frequencies
    if given is not None:
        must_be_number(given, field="units", whole=True)
    if isinstance(incidence, pd.DataFrame) and {"unit_total", "freq"} <= set(incidence):
        units = int(incidence["unit_total"].iloc[0]) if units is None else units
        incidence = incidence["freq"]
    if isinstance(incidence, tuple) and len(incidence) == 2 and units is None:
        first, second = incidence
        if _ndim(first) == 0 and _ndim(second) == 1:
            units, incidence = int(first), second
    if hasattr(incidence, "codings") or has_code_lists(incidence) or _ndim(incidence) == 2:
        found = read_incidence(incidence).found
        counted, total = found.sum(axis=0), len(found)
        if given is not None and given != total:
            raise QuidqualError.of(
                f"units={given} belongs to frequencies; here {total} units are given themselves.",
                remedy="Leave units= out.",
                field="units",
            )
    else:
        try:
            counted = np.asarray(list(incidence), dtype=float)
        except (TypeError, ValueError):
            counted = np.full(1, np.nan)
        if units is None:
            units, counted = (counted[0], counted[1:]) if len(counted) else (0, counted)
        total = int(units) if float(units).is_integer() else 0
    whole = np.isfinite(counted).all() and (counted % 1 == 0).all()
    if total < 1 or not whole or (counted < 0).any() or (counted > total).any():
        raise QuidqualError.of(
            "frequencies must be whole numbers from 0 to the number of units, and units 1 or more.",
            remedy="Give units x codes of 0 and 1, or frequencies and units=.",
            field="incidence",
        )
    return counted.astype(np.int64), total


def _sizes(at: Iterable[int]) -> set[int]:
    """Check the numbers of units that are asked for."""
    sizes = names_of(at, field="at")
    for size in sizes:
        must_be_number(size, field="at", whole=True)
    return {int(size) for size in sizes}
