"""Input as it comes: large designs, ragged rows, pairs, lists of codes, labelled rows."""

from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

import quidqual as qq


def test_too_many_sums_are_refused_soon():
    values = np.random.default_rng(0).random((30, 6))
    with pytest.raises(qq.QuidqualError, match="Too many different sums"):
        qq.exact.trend(values)


def test_many_people_with_few_values_are_counted():
    values = np.random.default_rng(0).integers(0, 2, (500, 6))
    assert 0 < qq.exact.trend(values).p_greater < 1


def test_too_many_arrangements_are_refused_soon():
    with pytest.raises(qq.QuidqualError, match="Too many arrangements"):
        qq.exact.cochran_q(np.random.default_rng(0).integers(0, 2, (500, 6)))


@pytest.mark.parametrize("seed", range(5))
def test_cochran_q_is_the_count_over_all_placements(seed):
    rows = np.random.default_rng(seed).integers(0, 2, (4, 4))
    places = [list(combinations(range(4), int(row.sum()))) for row in rows]
    spreads = []
    for placed in product(*places):
        totals = np.zeros(4, dtype=int)
        for one in placed:
            totals[list(one)] += 1
        spreads.append(int((totals**2).sum()))
    observed = int((rows.sum(axis=0) ** 2).sum())
    expected = Fraction(sum(s >= observed for s in spreads), len(spreads))
    assert qq.exact.cochran_q(rows).p_value == pytest.approx(float(expected), abs=1e-12)


def test_least_p_of_a_large_design_is_a_number():
    table = qq.exact.least_p((500, 6))
    assert table["least_p"].between(0, 1e-300).all()
    assert qq.exact.least_p((3, 200), test="friedman") >= 0
    assert qq.exact.least_p((4, 3), test="cochran_q") == 1 / 27


@pytest.mark.parametrize("test", [qq.exact.trend, qq.exact.cochran_q])
def test_rows_of_different_lengths_are_refused(test):
    with pytest.raises(qq.QuidqualError, match="None where a round was not observed"):
        test([[0, 1], [0, 1, 1]])


def test_richness_of_a_pair_and_of_lists_of_codes():
    matrix = pd.DataFrame([[1, 0, 1], [0, 1, 1], [1, 0, 0]], columns=list("abc"))
    codes = [["a", "c"], ["b", "c"], ["a"]]
    for given in ((3, [2, 1, 2]), codes, [set(c) for c in codes], dict(zip("PQR", codes))):  # noqa: B905
        assert repr(qq.richness(given)) == repr(qq.richness(matrix))
    assert qq.saturation(codes).curve["new"].tolist() == [2, 1, 0]
    assert qq.saturation([["a"], []]).curve["cumulative"].tolist() == [1, 1]


@pytest.mark.parametrize("given", [(3, [5, 1]), {"T": 3, "counts": [2, 1]}, "abc", [[1], [1, 0]]])
def test_what_is_no_incidence_is_refused(given):
    with pytest.raises(qq.QuidqualError):
        qq.richness(given)


def test_sequences_in_a_series_keep_their_names():
    found = qq.sequences.distances(pd.Series({"P": "LLM", "Q": "LMM"}))
    assert found.loc["P", "Q"] == 1
