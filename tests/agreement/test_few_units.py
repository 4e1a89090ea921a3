"""Few units: limits that the coefficient can have, no dust, and a word where n cannot carry it."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

import quidqual as qq
from quidqual.agreement.coefficients import estimates
from quidqual.agreement.estimators import least_value
from quidqual.agreement.metrics import scale_of


@pytest.mark.parametrize("rows", [2, 3])
def test_no_limit_lies_outside_of_what_the_coefficient_can_be(rows):
    pairs = list(itertools.product([0, 1, 2], repeat=2))
    for table in itertools.combinations_with_replacement(pairs, rows):
        found = qq.agreement.coefficients(table, categories=[0, 1, 2]).set_index("coefficient")
        there = found.dropna(subset=["value"])
        assert (there["low"].fillna(0) <= there["value"]).all()
        assert (there["value"] <= there["high"].fillna(1)).all()
        assert (there["high"].fillna(1) <= 1).all()
        least = pd.Series({"percent": 0.0, "brennan_prediger": -0.5, "ac1": -0.5})
        least = least.reindex(there.index).fillna(-1.0)
        assert (there["value"] >= least - 1e-12).all(), table
        assert (there["low"].fillna(0) >= least - 1e-12).all(), table


def test_two_units_give_percent_no_limit_below_nought():
    found = qq.agreement.coefficients([[1, 1], [1, 2]]).set_index("coefficient")
    # one of two agrees: .5 -+ 12.7 x .5, cut at 0 and 1
    assert found.loc["percent", ["value", "low", "high"]].tolist() == [0.5, 0.0, 1.0]
    assert "2 units only" in found.loc["percent", "note"]
    assert "2 units only" in found.loc["alpha", "note"]


def test_weights_move_the_least_value():
    scale = scale_of([1, 2, 3, 4, 5], level="nominal", weights="quadratic", ordered=True)
    # all weights sum to 18.75 of 25: chance .75, and no agreement makes -.75 / .25
    assert least_value("brennan_prediger", scale) == pytest.approx(-3)
    found = qq.agreement.coefficients([[1, 5]] * 3 + [[5, 1]] * 3, categories=[1, 2, 3, 4, 5],
                            weights="quadratic").set_index("coefficient")  # fmt: skip
    assert found.loc["brennan_prediger", ["value", "low"]].tolist() == pytest.approx([-3, -3])


def test_nought_is_nought():
    """Shares of coder one times shares of coder two in every cell: kappa is 0, not 8e-17."""
    one, two = (6, 4, 7), (6, 6, 6)
    pairs = [(i, j) for i in range(3) for j in range(3) for _ in range(one[i] * two[j])]
    found = qq.agreement.coefficients(pairs).set_index("coefficient")["value"]
    assert found[["cohen", "conger"]].tolist() == [0.0, 0.0]
    assert estimates(pairs)["cohen"] == 0.0
    # three coders, two categories, half of all pairs alike: what chance brings
    halves = [[0, 1, 1], [0, 1, 1], [0, 0, 0], [1, 0, 1], [1, 1, 1], [1, 0, 0]]
    halves += [[1, 0, 0], [1, 1, 0], [1, 1, 1], [1, 0, 0], [0, 1, 1], [1, 1, 0]]
    for level in ("nominal", "interval"):
        found = qq.agreement.coefficients(halves, level=level).set_index("coefficient")["value"]
        assert found["brennan_prediger"] == 0.0
        assert found["alpha"] == 0.0


def test_perfect_agreement_of_few_says_what_its_interval_is_worth():
    found = (
        qq.agreement.coefficients([[1, 1], [2, 2], [1, 1]]).set_index("coefficient").loc["alpha"]
    )
    assert found[["value", "low", "high"]].tolist() == [1.0, 1.0, 1.0]
    assert "cannot widen the interval" in found["note"]


def test_ten_units_and_more_are_not_remarked(published):
    assert (
        not qq.agreement.coefficients(published.COHEN_1960)["note"].str.contains("units only").any()
    )


def test_below_ten_units_the_interval_holds_the_truth_too_rarely():
    """The reason for the remark: the table in docs/agreement.md, in small."""
    rng = np.random.default_rng(3)

    def draw(n):
        truth = rng.random(n) < 0.4
        return np.column_stack([truth ^ (rng.random(n) < 0.15) for _ in range(2)]).astype(int)

    real = qq.agreement.coefficients(draw(200_000), coefficients="alpha")["value"].iloc[0]
    held = {}
    for n in (5, 30):
        rows = [
            qq.agreement.coefficients(draw(n), coefficients="alpha").iloc[0] for _ in range(150)
        ]
        held[n] = np.mean([r["low"] <= real <= r["high"] for r in rows])
    assert held[5] < 0.75
    assert held[30] > 0.88
