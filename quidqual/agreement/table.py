"""From tallies to the table of results: one row an estimate, with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from quidqual.agreement.estimators import (
    GIVEN,
    NAMES,
    PAIRED,
    RATED,
    SPOT,
    Design,
    evaluate,
    features,
    least_value,
    settled,
    specific_agreement,
)
from quidqual.agreement.intervals import Interval, analytic, bootstrap, informative, standard_errors
from quidqual.agreement.rating_patterns import Tally
from quidqual.study.arguments import must_be_number, names_of, some_of
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import counted

COLUMNS = (
    "code", "coefficient", "level", "value", "low", "high", "method",
    "n_units", "n_pairable", "n_coders", "n_missing", "n_clusters", "prevalence", "note",
    "positive_agreement", "negative_agreement", "p_below_667", "p_below_800",
    "se", "analytic_low", "analytic_high", "weights", "n_categories", "prevalence_of",
)  # fmt: skip
PUBLIC_NAMES = ("percent", "cohen", "conger", "fleiss", "brennan_prediger", "ac1", "ac2", "alpha")
_FEW_CLUSTERS = 10
_FEW_UNITS = 10  # below it a 95% interval held the true value in 36 to 92 of 100 simulations
_FEW_RARE = 20  # ratings in the rarer category; below it in 37 (with 3) to 91 of 100, see tests
FEWEST = 4  # passages: two or three in many sentences would make an interval of width .01
_NARROW = 1e-9
_MOST_RESAMPLES = 1_000_000
_BY_CHANCE = ("cohen", "conger", "fleiss", "alpha")  # AC1 held it in 90 of 100 there


@dataclass(frozen=True)
class Options:
    """How the intervals are made, and what the rows are called."""

    names: tuple[str, ...] = NAMES
    resamples: int = 1_000
    seed: int = 0
    confidence: float = 0.95
    independent: bool = True
    cluster: str = "cluster"
    unit: str = "unit"


def chosen(coefficients: Any) -> tuple[str, ...]:
    """Check the names of coefficients that the caller asks for.

    Examples
    --------
    >>> chosen(["alpha", "ac1"])
    ('ac', 'alpha')
    """
    if coefficients is None:
        return NAMES
    asked = list(names_of(coefficients, field="coefficients"))
    some_of(asked, PUBLIC_NAMES, field="coefficients")
    inner = {"ac" if name in ("ac1", "ac2") else name for name in asked}
    return tuple(name for name in NAMES if name in inner)


def check_resampling(resamples: Any, seed: Any, confidence: Any) -> None:
    """Refuse numbers with which no interval can be made."""
    for field, value, most in (("resamples", resamples, _MOST_RESAMPLES), ("seed", seed, None)):
        must_be_number(value, field=field, whole=True)
        if value < 0 or (most is not None and value > most):
            raise QuidqualError.of(
                f"{field} must be a whole number from 0"
                + (f" (no resampling) to {most:,}" if most else "")
                + f", not {value}.",
                field=field,
            )
    must_be_number(confidence, field="confidence")
    if not 0 < confidence < 1:
        raise QuidqualError.of(
            f"confidence must be between 0 and 1, such as 0.95, not {confidence!r}.",
            field="confidence",
        )


def _reason(name: str, i: int, facts: dict[str, np.ndarray], n_coders: int) -> str:
    """Say why a coefficient is not defined."""
    if n_coders < 2:
        return "undefined: fewer than two coders rated anything"
    if facts["n_pairable"][i] == 0:
        return "undefined: no unit was rated by two coders"
    if facts["n_used"][i] < 2:
        return "undefined: only one category was used, so chance explains all agreement"
    if name == "cohen" and facts["cohen_of"][0] != 2:
        return "undefined: Cohen's kappa is for two coders; see conger or fleiss"
    if facts["n_used_pairs"][i] < 2:
        return "undefined: only one category was used in the units that two coders rated"
    return "undefined: chance alone would explain all agreement"


def _facts(
    tally: Tally, feats: np.ndarray, totals: np.ndarray, sums: np.ndarray, design: Design
) -> dict[str, np.ndarray]:
    """Count units, ratings and categories for each code."""
    shares, pairable, *_ = design.blocks
    n_units = totals.sum(axis=1)
    given = sums[:, GIVEN]
    positive, negative = specific_agreement(sums, design)
    return {
        "n_units": n_units,
        "n_pairable": sums[:, PAIRED],
        "n_missing": n_units * design.n_coders - given,
        "n_rare": np.minimum(sums[:, SPOT], given - sums[:, SPOT]),
        "prevalence": np.where(given > 0, sums[:, SPOT] / np.where(given > 0, given, 1), np.nan),
        "positive_agreement": positive,
        "negative_agreement": negative,
        "n_used": (sums[:, shares] > 0).sum(axis=1),
        "n_used_pairs": (sums[:, pairable] > 0).sum(axis=1),
        "n_clusters": _clusters_rated(tally, feats, sums),
        "cohen_of": np.array([design.n_coders]),
    }


def _clusters_rated(tally: Tally, feats: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """Count what the interval rests on: clusters that two coders rated, or units rated."""
    if not tally.clustered:
        return sums[:, RATED]
    both = informative(tally.sums(feats[:, : PAIRED + 1]))
    return np.full(tally.n_codes, float(both.sum()))


def _beside(
    feats: np.ndarray,
    totals: np.ndarray,
    design: Design,
    values: dict[str, np.ndarray],
    options: Options,
) -> tuple[dict[str, np.ndarray], dict[str, Interval]]:
    """Give the analytic standard errors and intervals, for independent units."""
    names = options.names
    with np.errstate(divide="ignore", invalid="ignore"):
        errors, sizes = standard_errors(feats, totals, design, names)
    value = np.array([values[n] for n in names])
    error = np.where(np.isnan(value), np.nan, np.array([errors[n] for n in names]))
    # All at once: the quantile of Student's law costs more than an estimate.
    least = np.array([[least_value(n, design.scale)] for n in names])
    found = analytic(value, error, np.array([sizes[n] for n in names]), options.confidence, least)
    plain = {
        n: Interval(found.low[j], found.high[j], tuple(b[j] for b in found.below), found.defined[j])
        for j, n in enumerate(names)
    }
    return {n: error[j] for j, n in enumerate(names)}, plain


def _analytic_notes(n: int, width: float) -> list[str]:
    """Say where an interval that rests on many units rests on few, or on units all alike."""
    parts = []
    if n < _FEW_UNITS:
        parts.append(f"{n} units only: too few for the approximation behind the interval")
    if width < _NARROW:
        parts.append("all units agree alike: what was not seen cannot widen the interval")
    return parts


def _rare_notes(name: str, n: int) -> list[str]:
    """Say where chance is guessed from a handful of ratings, however many units there are."""
    if name not in _BY_CHANCE or n >= _FEW_RARE:
        return []
    return [f"{counted(n, 'rating')} in the rarer category: the interval is likely too narrow"]


def no_interval(n: int) -> str:
    """Say why an estimate of very few passages has no interval."""
    return f"no interval: {counted(n, 'passage')} only"


def _notes(
    name: str,
    values: np.ndarray,
    boot: Interval | None,
    plain: Interval | None,
    facts: dict[str, np.ndarray],
    n_coders: int,
    extra: list[str],
    options: Options,
    clustered: bool,
) -> list[str]:
    """Put together the note of each row of one coefficient."""
    notes = []
    for i, value in enumerate(values):
        parts = []
        if np.isnan(value):
            parts.append(_reason(name, i, facts, n_coders))
        elif facts["n_used"][i] < 2:
            parts.append("only one category was used: agreement that says nothing of reliability")
        if clustered and not np.isnan(value) and options.resamples:
            n = int(facts["n_clusters"][i])
            if n < 2:
                parts.append(f"no interval: only one {options.cluster}")
            elif n < _FEW_CLUSTERS:
                parts.append(f"{n} {options.cluster}s only: the interval is likely too narrow")
        made = None if facts["too_few"][i] else boot
        if made is not None and not np.isnan(value) and made.defined[i] < 0.9995:
            share = 1.0 - made.defined[i]
            parts.append(f"undefined in {share:.1%} of the resamples, which are left out")
        if made is not None and made.high[i] - made.low[i] < _NARROW:
            parts.append("all resamples agree: what was not seen cannot widen the interval")
        if plain is not None and not np.isnan(value) and not np.isnan(plain.low[i]):
            parts += _analytic_notes(int(facts["n_pairable"][i]), plain.high[i] - plain.low[i])
        made = boot if boot is not None else plain
        if made is not None and not np.isnan(value) and not np.isnan(made.low[i]):
            parts += _rare_notes(name, int(facts["n_rare"][i]))
        elif facts["too_few"][i] and not np.isnan(value):
            parts.append(no_interval(int(facts["n_found"][i])))
        if extra[i]:
            parts.append(extra[i])
        notes.append("; ".join(parts))
    return notes


def build(
    tally: Tally,
    design: Design,
    *,
    codes: list[Any],
    options: Options,
    n_rating: int,
    extra: list[str] | None = None,
    prevalence_of: list[Any] | None = None,
    n_found: np.ndarray | None = None,
) -> pd.DataFrame:
    """Compute the coefficients of every code of a tally as a table.

    Parameters
    ----------
    tally : Tally
    design : Design
    codes : list
        The name of each code of the tally.
    options : Options
    n_rating : int
        How many coders rated anything.
    extra : list of str, optional
        Something to add to each code's notes.
    prevalence_of : list, optional
        The category whose prevalence is shown, for each code.
    n_found : ndarray of int, optional
        How many passages each code rests on, if there are passages.
    """
    names, k = options.names, len(codes)
    extra = extra or [""] * k
    feats = features(tally.patterns, design)
    totals = tally.totals()
    sums = totals @ feats
    facts = _facts(tally, feats, totals, sums, design)
    values = evaluate(sums, design, names)
    facts["n_found"] = np.full(k, FEWEST) if n_found is None else n_found
    facts["too_few"] = facts["n_found"] < FEWEST
    boots: dict[str, Interval] = {}
    enough = not tally.clustered or bool((facts["n_clusters"] > 1).any())
    resampled = options.resamples > 0 and enough
    if resampled:
        boots = bootstrap(
            tally, design, names,
            resamples=options.resamples, seed=options.seed, confidence=options.confidence,
        )  # fmt: skip
    plain: dict[str, Interval] = {}
    errors: dict[str, np.ndarray] = {}
    if options.independent:
        errors, plain = _beside(feats, totals, design, values, options)
    boots, plain = ({n: _without(i, facts["too_few"]) for n, i in found.items()}
                    for found in (boots, plain))  # fmt: skip
    nothing = Interval(*(np.full(k, np.nan),) * 2, (np.full(k, np.nan),) * 2, np.ones(k))
    one = None if tally.clustered else plain
    shown = [boots.get(n) or (one or {}).get(n) or nothing for n in names]
    beside = [plain.get(n, nothing) for n in names]
    method = _method(tally, options, resampled)
    m = len(names)
    blank = np.full(k, np.nan)
    shown_plain = {} if tally.clustered or boots else plain
    notes = [
        _notes(
            n, values[n], boots.get(n), shown_plain.get(n), facts, n_rating, extra, options,
            tally.clustered,
        )
        for n in names
    ]  # fmt: skip
    ac = "ac1" if design.scale.weights is None else "ac2"
    # Rows are written code by code: element [i, j] is coefficient j of code i.
    flat = _Flat(k, m)
    value = settled(flat.rows([values[n] for n in names]))
    defined = ~np.isnan(value)
    return pd.DataFrame(
        {
            "code": _words(flat.by_code(codes)),
            "coefficient": _words([ac if n == "ac" else n for n in names] * k),
            "level": _words(flat.same(design.scale.level)),
            "value": value,
            "low": np.where(defined, settled(flat.rows([s.low for s in shown])), np.nan),
            "high": np.where(defined, settled(flat.rows([s.high for s in shown])), np.nan),
            "method": _words(
                [method if there else "none" for there in defined & ~np.repeat(facts["too_few"], m)]
            ),
            "n_units": flat.whole(facts["n_units"]),
            "n_pairable": flat.whole(facts["n_pairable"]),
            "n_coders": np.full(k * m, n_rating, dtype=np.int64),
            "n_missing": flat.whole(facts["n_missing"]),
            "n_clusters": flat.whole(facts["n_clusters"]),
            "prevalence": np.repeat(facts["prevalence"], m),
            "note": _words([notes[j][i] for i in range(k) for j in range(m)]),
            "positive_agreement": np.repeat(facts["positive_agreement"], m),
            "negative_agreement": np.repeat(facts["negative_agreement"], m),
            "p_below_667": np.where(defined, flat.rows([s.below[0] for s in shown]), np.nan),
            "p_below_800": np.where(defined, flat.rows([s.below[1] for s in shown]), np.nan),
            "se": settled(flat.rows([errors.get(n, blank) for n in names])),
            "analytic_low": settled(flat.rows([s.low for s in beside])),
            "analytic_high": settled(flat.rows([s.high for s in beside])),
            "weights": _words(flat.same(design.scale.weights_name)),
            "n_categories": np.full(k * m, design.scale.n_categories, dtype=np.int64),
            "prevalence_of": _words(flat.by_code(prevalence_of or ["present"] * k)),
        }
    )


def _without(interval: Interval, gone: np.ndarray) -> Interval:
    """Take the interval away where it would rest on two or three passages."""
    if not gone.any():
        return interval
    low, high, *below = (
        np.where(gone, np.nan, part) for part in (interval.low, interval.high, *interval.below)
    )
    return Interval(low, high, tuple(below), interval.defined)


@lru_cache(maxsize=256)
def _kept_words(values: tuple[str, ...]) -> Any:
    return pd.array(list(values), dtype="str")


def _words(values: list[Any]) -> Any:
    """Make a column of words; making one costs more than an estimate, so short ones are kept."""
    if len(values) > 64 or not all(isinstance(v, str) for v in values):
        return values
    return _kept_words(tuple(values))


def _method(tally: Tally, options: Options, resampled: bool) -> str:
    if resampled and tally.clustered:
        return f"bootstrap ({options.cluster}s)"
    if resampled:
        return f"bootstrap ({options.unit}s)"
    if options.independent and not tally.clustered:
        return "analytic"
    return "none"


@dataclass(frozen=True)
class _Flat:
    """Lay codes by coefficients out as rows."""

    k: int
    m: int

    def rows(self, columns: list[np.ndarray]) -> np.ndarray:
        return np.column_stack(columns).ravel() if columns else np.empty(0)

    def by_code(self, values: list[Any]) -> list[Any]:
        return [value for value in values for _ in range(self.m)]

    def same(self, value: Any) -> list[Any]:
        return [value] * (self.k * self.m)

    def whole(self, values: np.ndarray) -> np.ndarray:
        return np.repeat(np.rint(values).astype(np.int64), self.m)
