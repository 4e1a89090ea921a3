"""What must hold for any ratings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import quidqual as qq

_QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


_CODERS, _UNITS = st.integers(2, 5), st.integers(2, 14)


def tables(coders=_CODERS, units=_UNITS, categories=4):
    return st.tuples(units, coders).flatmap(
        lambda shape: hnp.arrays(np.int64, shape, elements=st.integers(-1, categories - 1))
    )


def _ratings(codes):
    return pd.DataFrame(np.where(codes < 0, np.nan, codes).astype(float))


def _values(frame):
    return frame.set_index("coefficient")["value"]


def _close(a, b, tolerance=1e-10):
    pd.testing.assert_series_equal(a, b, check_exact=False, atol=tolerance, rtol=tolerance)


@_QUICK
@given(tables(), st.randoms())
def test_permuting_coders_or_units_changes_nothing(codes, random):
    table = _ratings(codes)
    base = qq.agreement.coefficients(table)
    columns, rows = list(table.columns), list(table.index)
    random.shuffle(columns)
    random.shuffle(rows)
    other = qq.agreement.coefficients(table.loc[rows, columns].reset_index(drop=True))
    _close(base["value"], other["value"])
    _close(base["se"], other["se"], 1e-8)


@_QUICK
@given(tables(), st.permutations(["w", "x", "y", "z"]))
def test_relabelling_codes_changes_no_nominal_coefficient(codes, names):
    table = _ratings(codes)
    named = table.map(lambda v: None if np.isnan(v) else names[int(v)])
    _close(_values(qq.agreement.coefficients(table)), _values(qq.agreement.coefficients(named)))


@_QUICK
@given(tables())
def test_bounds_and_order_of_the_limits(codes):
    found = qq.agreement.coefficients(_ratings(codes))
    there = found.dropna(subset=["value"])
    assert (there["value"] <= 1 + 1e-12).all()
    assert (found.loc[found["coefficient"] == "percent", "value"].dropna() >= 0).all()
    limited = found.dropna(subset=["low"])
    assert (limited["low"] <= limited["value"] + 1e-12).all()
    assert (limited["high"] <= 1).all()


@_QUICK
@given(tables())
def test_perfect_agreement_is_one_wherever_it_is_defined(codes):
    first = np.abs(codes[:, :1])
    found = qq.agreement.coefficients(pd.DataFrame(np.repeat(first, codes.shape[1], axis=1)))
    values = found.loc[found["coefficient"] != "cohen", "value"]
    if len(np.unique(first)) > 1:
        assert np.allclose(values, 1.0)
    else:
        assert values.iloc[1:].isna().all()


@_QUICK
@given(tables(units=st.integers(3, 14)), st.integers(2, 4))
def test_alpha_of_repeated_data_differs_by_the_known_factor(codes, times):
    """1 - alpha is (N - 1) / N times a ratio that repeating leaves alone."""
    table = _ratings(codes)
    one = _values(qq.agreement.coefficients(table, coefficients="alpha"))["alpha"]
    many = _values(qq.agreement.coefficients(pd.concat([table] * times), coefficients="alpha"))[
        "alpha"
    ]
    per_unit = table.notna().sum(axis=1)
    n = per_unit[per_unit >= 2].sum()
    if np.isnan(one):
        assert np.isnan(many)
        return
    expected = 1 - (1 - one) * (times * n - 1) / (times * n) * n / (n - 1)
    np.testing.assert_allclose(many, expected, atol=1e-10)


@_QUICK
@given(tables())
def test_the_other_coefficients_do_not_change_when_data_are_repeated(codes):
    table = _ratings(codes)
    names = ["percent", "cohen", "conger", "fleiss", "brennan_prediger", "ac1"]
    one = _values(qq.agreement.coefficients(table, coefficients=names))
    three = _values(qq.agreement.coefficients(pd.concat([table] * 3), coefficients=names))
    _close(one, three)


@_QUICK
@given(tables())
def test_interval_alpha_is_quadratic_alpha(codes):
    """The squared difference is the quadratic weight, up to a factor that alpha cancels."""
    table = _ratings(codes)
    level = qq.agreement.coefficients(table, level="interval", coefficients="alpha")
    weights = qq.agreement.coefficients(table, weights="quadratic", coefficients="alpha")
    _close(_values(level), _values(weights))


def _alpha_by_definition(codes, distance):
    """Krippendorff's alpha from all pairs of values, in loops."""
    units = [[v for v in row if v >= 0] for row in codes]
    units = [u for u in units if len(u) >= 2]
    values = [v for u in units for v in u]
    n = len(values)
    if n < 2 or len(set(values)) < 2:
        return np.nan
    counts = np.bincount(values)
    delta = distance(counts)
    observed = sum(
        delta(u[i], u[j]) / (len(u) - 1)
        for u in units
        for i in range(len(u))
        for j in range(len(u))
        if i != j
    )
    expected = sum(
        delta(a, b) for i, a in enumerate(values) for j, b in enumerate(values) if i != j
    )
    return 1 - (n - 1) * observed / expected


def _nominal(counts):
    return lambda a, b: float(a != b)


def _interval(counts):
    return lambda a, b: float((a - b) ** 2)


def _ratio(counts):
    return lambda a, b: ((a - b) / (a + b)) ** 2 if a + b else 0.0


def _ordinal(counts):
    def delta(a, b):
        low, high = min(a, b), max(a, b)
        return (counts[low : high + 1].sum() - (counts[low] + counts[high]) / 2) ** 2 * (a != b)

    return delta


@_QUICK
@given(
    tables(units=st.integers(2, 8)),
    st.sampled_from(
        [("nominal", _nominal), ("ordinal", _ordinal), ("interval", _interval), ("ratio", _ratio)]
    ),
)
def test_alpha_is_its_definition(codes, metric):
    level, distance = metric
    found = _values(qq.agreement.coefficients(_ratings(codes), level=level, coefficients="alpha"))[
        "alpha"
    ]
    np.testing.assert_allclose(found, _alpha_by_definition(codes, distance), atol=1e-10)


def _share(column, q):
    return np.array([np.mean(column == k) for k in range(q)])


@_QUICK
@given(tables(coders=st.just(2), units=st.integers(3, 14)))
def test_two_complete_coders_by_definition(codes):
    codes = np.abs(codes)
    a, b = codes[:, 0], codes[:, 1]
    used = np.unique(codes)
    found = _values(qq.agreement.coefficients(pd.DataFrame(codes)))
    observed = np.mean(a == b)
    np.testing.assert_allclose(found["percent"], observed)
    if len(used) < 2:
        return
    pa, pb = _share(a, 4), _share(b, 4)
    mean, q = (pa + pb) / 2, len(used)

    def corrected(chance):
        return (observed - chance) / (1 - chance)

    np.testing.assert_allclose(found["cohen"], corrected(pa @ pb), atol=1e-12)
    np.testing.assert_allclose(found["fleiss"], corrected(mean @ mean), atol=1e-12)
    np.testing.assert_allclose(found["brennan_prediger"], corrected(1 / q), atol=1e-12)
    np.testing.assert_allclose(
        found["ac1"], corrected((mean * (1 - mean)).sum() / (q - 1)), atol=1e-12
    )
