"""Intervals: what is resampled, that it is the right distribution, and that it repeats."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import quidqual as qq


def clustered(rng, n_clusters=27, size=20, spread=1.5, error=0.2):
    """Binary ratings of two coders in which an interview has its own prevalence and difficulty."""
    lean = rng.normal(0, spread, n_clusters).repeat(size)
    hard = np.clip(error * np.exp(rng.normal(0, 1.0, n_clusters)), 0, 0.5).repeat(size)
    truth = rng.random(n_clusters * size) < 1 / (1 + np.exp(-lean))
    coders = [np.where(rng.random(len(truth)) < hard, ~truth, truth) for _ in range(2)]
    table = pd.DataFrame({"a": coders[0], "b": coders[1]}).astype(int)
    return table.assign(interview=np.arange(n_clusters).repeat(size))


def test_the_interval_that_resamples_interviews_covers_and_the_other_does_not():
    rng = np.random.default_rng(11)
    truth = qq.agreement.coefficients(
        clustered(rng, n_clusters=20_000).drop(columns="interview"), coefficients="alpha"
    )["value"].iloc[0]
    held = {"clusters": 0, "units": 0}
    times = 120
    for _ in range(times):
        table = clustered(rng)
        by_cluster = qq.agreement.coefficients(
            table, clusters="interview", coefficients="alpha", resamples=300
        )
        by_unit = qq.agreement.coefficients(
            table.drop(columns="interview"), coefficients="alpha", resamples=300
        )
        for name, frame in (("clusters", by_cluster), ("units", by_unit)):
            row = frame.iloc[0]
            held[name] += row["low"] <= truth <= row["high"]
    assert held["clusters"] / times >= 0.87
    assert held["units"] / times <= 0.80


def test_rows_say_what_was_resampled(published):
    table = published.COHEN_1960
    plain = qq.agreement.coefficients(table)
    assert set(plain["method"]) == {"analytic"}
    units = qq.agreement.coefficients(table, resamples=50)
    assert set(units["method"]) == {"bootstrap (units)"}
    assert (units["n_clusters"] == 100).all()
    groups = qq.agreement.coefficients(table, clusters=np.arange(100) // 10)
    assert set(groups["method"]) == {"bootstrap (clusters)"}
    assert (groups["n_clusters"] == 10).all()
    # Gwet's stands beside the resampled one.
    pd.testing.assert_series_equal(groups["analytic_low"], plain["low"], check_names=False)


def test_few_clusters_are_named_and_one_gives_no_interval(published):
    table = published.COHEN_1960
    few = qq.agreement.coefficients(table, clusters=np.arange(100) // 25)
    assert few["note"].str.contains("4 clusters only").all()
    one = qq.agreement.coefficients(table, clusters=np.zeros(100))
    assert one["low"].isna().all()
    assert one["note"].str.contains("only one cluster").all()
    assert one["value"].notna().all()


def test_same_seed_same_interval_other_seed_another(published):
    table = published.KRIPPENDORFF_C
    first = qq.agreement.coefficients(table, resamples=500, seed=4)
    pd.testing.assert_frame_equal(first, qq.agreement.coefficients(table, resamples=500, seed=4))
    assert not first["low"].equals(qq.agreement.coefficients(table, resamples=500, seed=5)["low"])


def test_order_of_units_and_names_of_clusters_do_not_matter(published):
    table = published.COHEN_1960.assign(cluster=np.arange(100) // 10)
    base = qq.agreement.coefficients(table, clusters="cluster", resamples=200)
    renamed = qq.agreement.coefficients(
        table.assign(cluster=table["cluster"].map(lambda c: f"I{c}")), clusters="cluster",
        resamples=200,
    )  # fmt: skip
    pd.testing.assert_frame_equal(base, renamed)


def _naive(table, rng, resamples, rows_of):
    """Resample the long way: build each table and compute it."""
    found = []
    for _ in range(resamples):
        rows = rows_of(rng)
        found.append(qq.agreement.coefficients(table.iloc[rows])["value"].to_numpy())
    return np.array(found)


@pytest.mark.parametrize("clustered_by", [None, 10])
def test_counting_patterns_gives_the_distribution_of_drawing_units(clustered_by):
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 3, 120)
    table = pd.DataFrame(
        {c: np.where(rng.random(120) < 0.7, truth, rng.integers(0, 3, 120)) for c in "ab"}
    )
    if clustered_by:
        members = np.arange(120).reshape(clustered_by, -1)
        groups = np.arange(120) // (120 // clustered_by)
        fast = qq.agreement.coefficients(table, clusters=groups, resamples=4_000)
        slow = _naive(
            table, rng, 700, lambda r: members[r.integers(0, clustered_by, clustered_by)].ravel()
        )
    else:
        fast = qq.agreement.coefficients(table, resamples=4_000)
        slow = _naive(table, rng, 700, lambda r: r.integers(0, 120, 120))
    low, high = np.quantile(slow, [0.025, 0.975], axis=0)
    width = high - low
    assert np.all(np.abs(fast["low"] - low) < 0.12 * width)
    assert np.all(np.abs(fast["high"] - high) < 0.12 * width)
    below = (slow < 0.667).mean(axis=0)
    assert np.all(np.abs(fast["p_below_667"] - below) < 0.05)


def test_many_units_are_drawn_by_counts_with_the_right_spread():
    """Above three units a pattern the draw is multinomial: the spread is the analytic one."""
    rng = np.random.default_rng(8)
    truth = rng.integers(0, 2, 20_000)
    table = pd.DataFrame({c: np.where(rng.random(20_000) < 0.8, truth, 1 - truth) for c in "abc"})
    found = qq.agreement.coefficients(table, resamples=2_000).set_index("coefficient").drop("cohen")
    width = (found["high"] - found["low"]) / (found["analytic_high"] - found["analytic_low"])
    assert width.between(0.93, 1.07).all()


def test_ordinal_metric_is_made_anew_in_each_resample():
    rng = np.random.default_rng(9)
    truth = rng.integers(0, 5, 60)
    table = pd.DataFrame({c: np.clip(truth + rng.integers(-1, 2, 60), 0, 4) for c in "abc"})
    fast = qq.agreement.coefficients(table, level="ordinal", coefficients="alpha", resamples=4_000)
    slow = [
        qq.agreement.coefficients(
            table.iloc[rng.integers(0, 60, 60)], level="ordinal", coefficients="alpha"
        )["value"].iloc[0]
        for _ in range(500)
    ]
    low, high = np.quantile(slow, [0.025, 0.975])
    assert fast["low"].iloc[0] == pytest.approx(low, abs=0.15 * (high - low))
    assert fast["high"].iloc[0] == pytest.approx(high, abs=0.15 * (high - low))
    # The analytic interval, with the metric held fixed, is of the same width.
    width = fast["analytic_high"].iloc[0] - fast["analytic_low"].iloc[0]
    assert width == pytest.approx(high - low, rel=0.3)


def test_resamples_in_which_a_rare_code_is_lost_are_named():
    table = pd.DataFrame({"a": [1] + [0] * 29, "b": [1] + [0] * 29})
    found = qq.agreement.coefficients(table, resamples=400, coefficients="alpha").iloc[0]
    assert "of the resamples" in found["note"]
    assert found["value"] == 1.0


def test_probability_of_falling_below(published):
    table = pd.DataFrame({"a": [0, 1] * 50, "b": [0, 1] * 50})
    perfect = qq.agreement.coefficients(table)
    assert (perfect.loc[perfect["coefficient"] == "alpha", "p_below_800"] == 0).all()
    poor = qq.agreement.coefficients(published.COHEN_1960, coefficients="alpha").iloc[0]
    assert poor["p_below_667"] > 0.999
    # By the normal law: alpha .745 at n = 12, se .1455 -> P(below .667) = P(t11 < -.525)
    row = qq.agreement.coefficients(published.KRIPPENDORFF_C, coefficients="alpha").iloc[0]
    assert row["p_below_667"] == pytest.approx(0.305, abs=0.005)


def test_clusters_that_one_coder_read_are_not_counted_as_evidence():
    """Ten interviews read by both and forty by one: the interval rests on ten."""
    rng = np.random.default_rng(12)
    both = clustered(rng, n_clusters=10).astype(float)
    alone = clustered(rng, n_clusters=40).astype(float).assign(b=np.nan)
    alone["interview"] += 100
    found = qq.agreement.coefficients(
        pd.concat([both, alone]), clusters="interview", resamples=2_000
    )
    expected = qq.agreement.coefficients(both, clusters="interview", resamples=2_000)
    assert set(found["n_clusters"]) == {10}
    row, other = found.iloc[-1], expected.iloc[-1]
    assert row["coefficient"] == "alpha"
    assert row["value"] == pytest.approx(other["value"])
    width = other["high"] - other["low"]
    assert row["low"] == pytest.approx(other["low"], abs=0.1 * width)
    assert row["high"] == pytest.approx(other["high"], abs=0.1 * width)
    assert row["n_pairable"] == 200
    assert row["n_units"] == 1000


def test_an_interval_without_width_says_what_it_cannot_show():
    found = qq.agreement.coefficients([[0, 0], [1, 1]] * 20, clusters=np.arange(40) // 2)
    assert found["note"].str.contains("not seen").all()
