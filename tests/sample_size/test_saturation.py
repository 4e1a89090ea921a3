"""Richness against iNEXT and SpadeR; saturation on a table one can count."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quidqual.analysis.presence import presence
from quidqual.sample_size.richness import accumulation, richness
from quidqual.sample_size.saturation import saturation
from quidqual.study.errors import QuidqualError

ROWS = [
    [1, 1, 0, 0, 0],
    [1, 0, 1, 0, 0],
    [1, 0, 0, 0, 0],
    [0, 1, 0, 0, 0],
    [1, 0, 0, 1, 0],
    [1, 0, 0, 0, 0],
]


def test_richness_of_the_ants_of_inext(shared):
    folder = shared / "data" / "saturation"
    given_ = pd.read_csv(folder / "inext_ant_h50m_incidence_freq.csv")
    expected = pd.read_csv(folder / "expected_inext_ant_h50m.csv").set_index("quantity")
    found = richness(given_)
    for name in (
        "observed",
        "chao2",
        "chao2_se",
        "chao2_lo95",
        "chao2_hi95",
        "chao2_bc",
        "ichao2",
        "coverage",
    ):
        assert getattr(found, name) == pytest.approx(expected.loc[name, "value"], rel=1e-9), name
    curves = expected[expected.index.str.match("rarefy|extrap")]
    got = accumulation(given_, at=curves["t"]).set_index("t")["codes"]
    for t, value in zip(curves["t"], curves["value"], strict=True):
        assert got[t] == pytest.approx(value, rel=1e-8)
    assert richness([599, *given_["freq"]]) == found
    assert richness(given_["freq"], units=599) == found
    assert "lower bound" in found.note


def test_richness_by_hand():
    found = richness(ROWS)  # codes in 5, 2, 1, 1, 0 of 6 people
    assert (found.observed, found.units, found.q1, found.q2) == (4, 6, 2, 1)
    assert found.chao2 == pytest.approx(4 + 5 / 6 * 4 / 2)
    assert found.chao2_bc == pytest.approx(4 + 5 / 6 * 2 / 4)
    assert found.coverage == pytest.approx(1 - 2 / 9 * (10 / 12))


def test_richness_at_its_ends():
    whole = richness([[1, 1], [1, 1]])
    assert (whole.chao2, whole.chao2_se, whole.coverage) == (2, 0, 1)
    assert np.isnan(whole.ichao2)
    assert richness([[0, 0], [0, 0]]).observed == 0
    one = richness([[1, 1, 0]])
    assert (one.units, one.chao2) == (1, 2)
    for wrong in ([3, 4], [], [[0, 2]], [2.5, 1]):
        with pytest.raises(QuidqualError):
            richness(wrong)
    with pytest.raises(QuidqualError):
        richness([1, 2], units=0)


def test_rarefaction_is_the_mean_over_all_choices():
    from itertools import combinations

    table = accumulation(ROWS).set_index("t")["codes"]
    found = np.array(ROWS, dtype=bool)
    for t in range(1, 7):
        sizes = [found[list(c)].any(axis=0).sum() for c in combinations(range(6), t)]
        assert table[t] == pytest.approx(np.mean(sizes))


def test_guest_and_colleagues_by_hand():
    found = saturation(ROWS, base=2, run=2, threshold=0.05)
    assert found.curve["new"].tolist() == [2, 1, 0, 0, 1, 0]
    assert found.curve["cumulative"].tolist() == [2, 3, 3, 3, 4, 4]
    assert found.curve["run_new"].astype(object).where(found.curve["run_new"].notna(), None).tolist() == [
        None, 0, 1, 1, None, None,
    ]  # fmt: skip
    row = found.summary.iloc[0]
    assert (row["base_codes"], row["reached_at"], row["codes"], row["units"]) == (3, 2, 4, 6)
    # with a base of 3 the run 4-5 brings 1 of 3, and so does 5-6: never within 5%
    assert saturation(ROWS, base=3).summary["reached_at"].isna().all()
    assert saturation(ROWS, base=3, threshold=0.34).summary["reached_at"].tolist() == [3]


def test_never_a_verdict():
    for base in (2, 3, 6):
        words = saturation(ROWS, base=base).statement.lower()
        assert "saturat" not in words
        assert "lower bound" in words
    assert "at least 8 are needed" in saturation(ROWS, base=6).statement


def test_the_band_holds_the_mean_and_comes_again():
    one, two = saturation(ROWS, base=2, orders=300), saturation(ROWS, base=2, orders=300)
    pd.testing.assert_frame_equal(one.curve, two.curve)
    curve = one.curve
    assert (curve["low"] <= curve["rarefied"]).all()
    assert (curve["rarefied"] <= curve["high"]).all()
    assert curve["rarefied"].tolist() == pytest.approx(accumulation(ROWS)["codes"].tolist())


def test_the_participant_is_the_unit_and_groups_stand_apart(study_of):
    codings = [("A", "S1-R1", "trust"), ("A", "S1-R2", "trust"), ("A", "T1-R1", "friends")]
    table = presence(study_of(codings=codings))
    people = saturation(table, base=1, run=1)
    assert people.curve["unit"].tolist() == ["S1", "S2", "T1"]
    talks = saturation(table, base=1, run=1, unit="interview")
    assert len(talks.curve) == 9
    groups = saturation(table, base=1, run=1, by="group")
    assert "staff: 1 code in 1 participant" in groups.statement
    assert groups.summary["group"].tolist() == ["staff", "survivor"]
    assert groups.summary["units"].tolist() == [1, 2]
    assert richness(table).units == 3


def test_someone_never_observed_is_no_unit(study_of):
    gone = {f"S2-R{r}": "missed" for r in (1, 2, 3)}
    table = presence(study_of(codings=[("A", "S1-R1", "trust")], not_held=gone))
    assert richness(table).units == 2


@pytest.mark.parametrize("by", [None, "group"])
def test_where_nobody_was_observed_there_is_nothing_to_follow(study_of, by):
    table = presence(study_of()).assign(state="not_observed")
    with pytest.raises(QuidqualError, match="no unit that was observed"):
        saturation(table, by=by)


@pytest.mark.parametrize(
    "arguments",
    [{"base": 0}, {"run": 0}, {"threshold": 1}, {"by": "age"}, {"unit": "word"}, {"orders": 0}],
)
def test_bad_arguments(study_of, arguments):
    with pytest.raises(QuidqualError):
        saturation(presence(study_of()), **arguments)


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(6)), st.permutations(range(5)))
def test_the_order_of_people_and_codes_changes_no_estimate(people, codes):
    mixed = np.array(ROWS)[people][:, codes]
    assert richness(mixed) == richness(ROWS)


@pytest.mark.parametrize(
    ("rows", "coverage"),
    [
        # iNEXT with Q2 = 0: 1 - Q1/U (T-1)(Q1-1) / ((T-1)(Q1-1) + 2)
        ([[1, 1], [1, 0], [1, 0]], 1.0),  # Q1 = 1
        ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], 1 - 3 / 3 * (2 * 2) / (2 * 2 + 2)),  # .333
        ([[1, 1, 1], [1, 0, 0], [1, 0, 0]], 1 - 2 / 5 * (2 * 1) / (2 * 1 + 2)),  # .8
        ([[1, 1], [1, 1]], 1.0),  # Q1 = 0
    ],
)
def test_coverage_where_no_code_was_found_twice(rows, coverage):
    assert richness(rows).coverage == pytest.approx(coverage)


def test_coverage_of_one_unit_is_not_known():
    assert np.isnan(richness([[1, 1, 0]]).coverage)
