"""Exact tests against published and hand-counted values."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quidqual.analysis.presence import presence
from quidqual.exact import counted_sums
from quidqual.exact.cochran import cochran_q
from quidqual.exact.design import least_p, measurements
from quidqual.exact.exact_trend import trend
from quidqual.exact.many_codes import change_tests, holm
from quidqual.exact.marginal import marginal_homogeneity, mcnemar, refuse_below
from quidqual.study.errors import QuidqualError

TREND = [[0, 1, 2], [0, 0, 1], [1, 1, 2], [0, None, 2]]
# Conover, Practical Nonparametric Statistics (3rd ed., 1999): 12 people x 3 games.
CONOVER = [
    [1, 1, 0], [1, 1, 0], [0, 1, 0], [1, 1, 0], [0, 0, 0], [1, 1, 1],
    [1, 1, 1], [1, 1, 0], [0, 0, 1], [0, 1, 0], [1, 1, 1], [1, 1, 1],
]  # fmt: skip


@pytest.fixture(scope="module")
def reference(shared):
    return json.loads((shared / "data" / "smalln_reference.json").read_text())


def test_trend_with_a_missing_round():
    result = trend(TREND)
    assert result.statistic == 26
    # 6 x 3 x 3 x 2 orders, of which only the observed one is as high, and one as low.
    assert result.p_greater == pytest.approx(1 / 108, abs=1e-15)
    assert result.p_two_sided == pytest.approx(2 / 108, abs=1e-15)
    assert result.p_value == result.p_two_sided
    assert result.least_p == pytest.approx(1 / 108)
    assert (result.n, result.n_informative) == (4, 4)
    assert "least p this design can reach is 0.00926" in result.note


def test_page_with_ties_is_counted_not_approximated(reference):
    page = reference["page_scipy_doc"]
    result = trend(page["data"], ranks=True)
    assert result.statistic == page["L"]
    assert result.p_greater == pytest.approx(page["true_exact_p_with_ties"], rel=1e-12)
    assert result.p_greater != pytest.approx(page["scipy_exact_p"], rel=0.5)


def test_page_without_ties_is_scipys():
    from scipy.stats import page_trend_test

    data = [[3, 1, 2, 4], [1, 2, 3, 4], [2, 1, 4, 3], [1, 3, 2, 4]]
    assert trend(data).p_greater == pytest.approx(page_trend_test(data, method="exact").pvalue)


def brute_trend(rows):
    parts = [[(x, c) for c, x in enumerate(row, start=1) if x is not None] for row in rows]
    parts = [part for part in parts if len(part) > 1]
    observed = sum(x * c for part in parts for x, c in part)
    sums = [
        sum(
            x * c
            for part, order in zip(parts, orders, strict=True)
            for x, (_, c) in zip(order, part, strict=True)
        )
        for orders in itertools.product(*(itertools.permutations([x for x, _ in p]) for p in parts))
    ]
    mean = sum(sums) / len(sums)
    far = abs(observed - mean)
    return (
        sum(s >= observed for s in sums) / len(sums),
        sum(s <= observed for s in sums) / len(sums),
        sum(abs(s - mean) >= far - 1e-9 for s in sums) / len(sums),
    )


cell = st.one_of(st.none(), st.integers(0, 3))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(cell, min_size=3, max_size=3), min_size=1, max_size=4))
def test_trend_equals_counting_all_orders(rows):
    result = trend(rows)
    got = (result.p_greater, result.p_less, result.p_two_sided)
    assert got == pytest.approx(brute_trend(rows))


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(4)))
def test_trend_does_not_know_the_order_of_people(order):
    assert trend([TREND[i] for i in order]).p_greater == trend(TREND).p_greater


def test_trend_with_spacing_and_decimal_values():
    days = trend(TREND, scores=[0, 30, 120])
    assert days.statistic == 0 + 30 + 240 + 120 + 30 + 240 + 240
    tenths = trend([[0.1, 0.2, 0.3], [0.3, 0.1, 0.2]])
    whole = trend([[1, 2, 3], [3, 1, 2]])
    assert tenths.p_greater == whole.p_greater


def test_nobody_changes_nothing_to_test():
    result = trend([[1, 1, 1], [0, None, 0], [2, None, None]])
    assert (result.p_two_sided, result.least_p, result.n, result.n_informative) == (1, 1, 2, 0)
    assert "no trend to test" in result.note


@pytest.mark.parametrize(
    ("frame", "arguments"),
    [
        ([["a", "b"]], {}),
        ([[1], [2]], {}),
        ([[1, np.inf]], {}),
        ([[1, 2, 3]], {"scores": [1, 1, 2]}),
        ([[1, 2, 3]], {"scores": [1, 2]}),
        ([list(range(12))], {}),
    ],
)
def test_trend_refuses_what_it_cannot_read(frame, arguments):
    with pytest.raises(QuidqualError):
        trend(frame, **arguments)


def test_cochran_q_on_conovers_data(reference):
    expected = reference["cochran_conover"]
    assert expected["data"] == CONOVER
    result = cochran_q(CONOVER)
    assert result.statistic == pytest.approx(expected["Q"], rel=1e-12)
    assert result.p_value == pytest.approx(expected["p_exact"], rel=1e-12)
    assert result.p_asymptotic == pytest.approx(expected["p_asym"], rel=1e-12)
    assert result.n_arrangements == expected["n_perm"]
    assert (result.n, result.n_informative, result.df) == (12, 7, 2)


def test_cochran_q_below_ten_people_gives_no_large_sample_p():
    result = cochran_q(CONOVER[:9])
    assert math.isnan(result.p_asymptotic)
    assert "No large-sample p below n = 10" in result.note


def test_cochran_q_leaves_incomplete_people_out_and_says_so():
    result = cochran_q([*CONOVER, [1, None, 0]])
    assert (result.n, result.n_left_out) == (12, 1)
    assert result.p_value == cochran_q(CONOVER).p_value
    assert "1 with a round not observed" in result.note


def test_cochran_q_with_nothing_to_test_and_with_counts():
    assert cochran_q([[1, 1, 1], [0, 0, 0]]).p_value == 1
    with pytest.raises(QuidqualError):
        cochran_q([[0, 2, 1]])


@pytest.mark.parametrize("n", [4, 5, 9])
def test_least_p_of_the_usual_tests(reference, n):
    expected = reference["min_p"][str(n)]
    assert least_p((n, 2), test="mcnemar") == expected["mcnemar"]
    table = least_p((n, 3)).set_index("test")["least_p"]
    for name, key in (
        ("cochran_q", "cochran_q_k3"),
        ("friedman", "friedman_k3"),
        ("page", "page_k3"),
    ):
        assert table[name] == pytest.approx(expected[key], rel=1e-12)


def test_least_p_is_what_the_tests_reach_at_their_best():
    assert mcnemar([[0, 1]] * 4).p_value == least_p((4, 2), test="mcnemar") == 0.125
    assert cochran_q([[0, 0, 1]] * 4).p_value == pytest.approx(least_p((4, 3), test="cochran_q"))
    assert trend([[1, 2, 3]] * 4).p_greater == pytest.approx(least_p((4, 3), test="page"))
    uneven = [[1, 2, 3], [1, 2, None], [1, None, 2], [None, None, 1]]
    assert trend(uneven).p_greater == pytest.approx(least_p(uneven, test="page"))


def test_least_p_reads_a_design_in_many_ways():
    ways = [
        least_p({"n": 4, "rounds": 3}), least_p({"n": 4, "k": 3}), least_p((4, 3)),
        least_p([3, 3, 3, 3]), least_p(4, rounds=3), least_p(pd.DataFrame(np.zeros((4, 3)))),
    ]  # fmt: skip
    for way in ways[1:]:
        pd.testing.assert_frame_equal(ways[0], way)
    assert least_p("mcnemar", n=4) == least_p({"test": "mcnemar", "n": 4}) == 0.125
    assert "never fall below .05" in least_p((4, 2))["reading"].iloc[0]
    for wrong in ({"n": 0, "rounds": 3}, {"n": 4}, "anova", (4, 1)):
        with pytest.raises(QuidqualError):
            least_p(wrong)
    with pytest.raises(QuidqualError):
        least_p((4, 3), test="mcnemar")


def test_mcnemar_exact(reference):
    expected = reference["mcnemar_agresti"]
    result = mcnemar(expected["table"])
    assert result.statistic == pytest.approx(expected["chi2"])
    assert result.p_value == pytest.approx(expected["exact_p"], rel=1e-9)
    assert (result.lost, result.gained, result.n) == (86, 150, 1600)


def test_mcnemar_with_four_people_can_never_go_below_an_eighth():
    result = mcnemar([[0, 1], [0, 1], [0, 1], [0, 1], [None, 1]])
    assert (result.p_value, result.least_p, result.n, result.n_left_out) == (0.125, 0.125, 4, 1)
    assert "never fall below .05" in result.note
    assert math.isnan(result.statistic)
    assert mcnemar([[1, 1], [0, 0]]).p_value == 1
    with pytest.raises(QuidqualError):
        mcnemar([[0, 1, 1]])


@pytest.mark.parametrize("method", ["bowker", "stuart_maxwell", "bhapkar"])
def test_marginal_homogeneity_of_stuarts_vision_data(reference, method):
    vision = reference["stuart_vision"]
    result = marginal_homogeneity(vision["table"], method=method)
    assert (result.statistic, result.df, result.p_value) == pytest.approx(vision[method], rel=1e-9)


def test_large_sample_tests_are_refused_below_ten():
    with pytest.raises(QuidqualError, match=r"large sample; n = 4 is below 10"):
        marginal_homogeneity([[1, 1], [1, 1]])
    with pytest.raises(QuidqualError, match="A mixed model"):
        refuse_below(9, test="A mixed model")
    refuse_below(10, test="A mixed model")


def test_holm_is_statsmodels():
    from statsmodels.stats.multitest import multipletests

    p = [0.04, 0.001, 0.03, 0.5, 0.001]
    np.testing.assert_allclose(holm(p), multipletests(p, method="holm")[1])
    assert np.isnan(holm([0.01, np.nan])[1])
    assert holm([0.01, np.nan])[0] == 0.01


def test_many_codes_at_once(study_of):
    codings = [("A", f"{p}-R{r}", "trust") for p in ("S1", "S2") for r in (2, 3)]
    table = change_tests(presence(study_of(codings=codings)))
    trust = table[table["code"] == "trust"].iloc[0]
    assert trust["n_informative"] == 2
    assert trust["p_value"] == pytest.approx(2 / 9)  # 3 x 3 orders, one as high, one as low
    assert trust["p_holm"] == pytest.approx(4 * 2 / 9)
    assert not trust["can_reach_05"]


def test_measurements_keep_not_observed_apart(study_of):
    study = study_of(codings=[("A", "S1-R2", "trust")], not_held={"S1-R3": "missed"})
    wide = measurements(presence(study), of="trust")
    assert wide.loc["S1"].tolist()[:2] == [0, 1]
    assert np.isnan(wide.loc["S1", "R3"])
    with pytest.raises(QuidqualError):
        measurements(presence(study))


WAYS = {"whole": {}, "shares": {"_EXACT": 1}, "list": {"_MOST_PLACES": -1}, "both": {
    "_EXACT": 1, "_MOST_PLACES": -1,
}}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scale", [1, 0.1, 1 / 3, math.pi])
def test_every_way_of_counting_counts_all_orders(way, scale, monkeypatch):
    rows = [[0, 1, 2, 1], [3, 0, None, 3], [1, 1, 2, None], [2, 2, 0, 1]]
    expected = brute_trend(rows)
    for name, value in WAYS[way].items():
        monkeypatch.setattr(counted_sums, name, value)
    scaled = [[x if x is None else x * scale + 7 for x in row] for row in rows]
    result = trend(scaled)
    got = (result.p_greater, result.p_less, result.p_two_sided)
    assert got == pytest.approx(expected, rel=1e-12)
    assert result.n_arrangements == 12 * 3 * 3 * 12


def test_values_without_a_common_step_are_counted_too():
    rows = [[0.0, math.sqrt(2), math.pi], [math.e, 0.1, 1.0], [0.5, math.sqrt(3), 0.25]]
    assert trend(rows).p_greater == pytest.approx(brute_trend(rows)[0], rel=1e-12)


def test_five_hundred_people_are_counted_and_not_sampled():
    """Two rounds, one of them higher: L is binomial, so scipy knows the answer."""
    from scipy.stats import binom

    rows = [[0, 1]] * 270 + [[1, 0]] * 230
    result = trend(rows)
    assert result.p_greater == pytest.approx(binom.sf(269, 500, 0.5), rel=1e-11)
    assert result.p_two_sided == pytest.approx(2 * binom.sf(269, 500, 0.5), rel=1e-11)
    assert result.n_arrangements == 2**500
    assert result.least_p == 2.0**-500
    far = trend([[0, 1]] * 500)
    assert far.p_greater == pytest.approx(2.0**-500, rel=1e-11)
    assert "1e-452 one-sided" in trend([[0, 1]] * 1500).note  # 2 ** -1500 is 2.9e-452


def test_nine_rounds_of_different_values_are_all_counted():
    result = trend([[1, 2, 3, 4, 5, 6, 7, 8, 9]])
    assert result.n_arrangements == math.factorial(9)
    assert result.p_greater == 1 / math.factorial(9)


@pytest.mark.parametrize(
    ("table", "method", "statistic", "df", "p"),
    [
        # (9 - 2)^2 / 11: the state that nobody was in is no part of it
        ([[20, 9, 0], [2, 14, 0], [0, 0, 0]], "bowker", 49 / 11, 1, 0.0348),
        ([[20, 9, 0], [2, 14, 0], [0, 0, 0]], "stuart_maxwell", 49 / 11, 1, 0.0348),
        # nobody entered or left the third state: (4 - 1)^2 / 5
        ([[10, 4, 0], [1, 10, 0], [0, 0, 5]], "bowker", 9 / 5, 1, 0.1797),
        ([[10, 4, 0], [1, 10, 0], [0, 0, 5]], "stuart_maxwell", 9 / 5, 1, 0.1797),
        ([[10, 4, 0], [1, 10, 0], [0, 0, 5]], "bhapkar", 1.8 / (1 - 1.8 / 30), 1, 0.1664),
        ([[10, 0], [0, 10]], "stuart_maxwell", 0.0, 0, 1.0),
        ([[10, 0], [0, 10]], "bowker", 0.0, 0, 1.0),
        ([[10, 0], [0, 10]], "bhapkar", 0.0, 0, 1.0),
        # two pairs of states that never mix: (5 - 1)^2 / 6 + (4 - 2)^2 / 6, a degree each
        (
            [[9, 5, 0, 0], [1, 9, 0, 0], [0, 0, 9, 4], [0, 0, 2, 9]],
            "stuart_maxwell", 16 / 6 + 4 / 6, 2, 0.1889,
        ),
        ([[0, 12], [0, 0]], "stuart_maxwell", 12.0, 1, 0.000532),
        ([[0, 12], [0, 0]], "bhapkar", np.inf, 1, 0.0),
    ],
)  # fmt: skip
def test_states_that_nobody_moved_through_are_no_part_of_the_test(table, method, statistic, df, p):
    result = marginal_homogeneity(table, method=method)
    assert result.statistic == pytest.approx(statistic)
    assert result.df == df
    assert result.p_value == pytest.approx(p, abs=5e-5)


def test_what_could_not_count_is_said():
    assert marginal_homogeneity([[10, 0], [0, 10]]).note == "Nobody changed."
    states = ["a", "b", "c"]
    table = pd.DataFrame([[10, 4, 0], [1, 10, 0], [0, 0, 5]], index=states, columns=states)
    result = marginal_homogeneity(table)
    assert "'c'" in result.note
    shuffled = marginal_homogeneity(table[["c", "a", "b"]])
    assert (shuffled.statistic, shuffled.df) == (result.statistic, result.df)
    with pytest.raises(QuidqualError, match="same states"):
        marginal_homogeneity(table.rename(columns={"c": "d"}))
    with pytest.raises(QuidqualError, match="whole counts"):
        marginal_homogeneity([[10.5, 4], [1, 10]])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("method", ["bowker", "stuart_maxwell", "bhapkar"])
def test_full_tables_agree_with_statsmodels(seed, method):
    from statsmodels.stats.contingency_tables import SquareTable

    table = np.random.default_rng(seed).integers(1, 30, (3 + seed % 3,) * 2)
    square = SquareTable(table, shift_zeros=False)
    theirs = square.symmetry() if method == "bowker" else square.homogeneity(method=method)
    ours = marginal_homogeneity(table, method=method)
    assert ours.statistic == pytest.approx(theirs.statistic)
    assert ours.df == theirs.df
    assert ours.p_value == pytest.approx(theirs.pvalue)
