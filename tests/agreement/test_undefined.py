"""Where a coefficient does not exist, none is made up, and the reason is given."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import quidqual as qq

nan = np.nan


@pytest.mark.parametrize("extra", [{}, {"categories": [0, 1]}, {"resamples": 50}])
def test_one_category_is_never_perfect_agreement(extra, value_of):
    found = qq.agreement.coefficients(pd.DataFrame({"a": [0] * 9, "b": [0] * 9}), **extra)
    chance = found[found["coefficient"] != "percent"]
    assert chance["value"].isna().all()
    assert chance["low"].isna().all()
    assert chance["note"].str.contains("only one category").all()
    assert (chance["method"] == "none").all()
    # Percent is what was seen; it says itself that it means nothing.
    assert value_of(found, "percent") == 1.0
    assert "says nothing" in value_of(found, "percent", "note")


def test_one_category_among_the_pairable_units(value_of):
    found = qq.agreement.coefficients(pd.DataFrame({"a": [0, 0, 1], "b": [0, 0, nan]}))
    assert np.isnan(value_of(found, "alpha"))
    assert np.isnan(value_of(found, "cohen"))
    assert "two coders rated" in value_of(found, "alpha", "note")


def test_nothing_pairable_one_coder_and_nothing_at_all():
    apart = qq.agreement.coefficients(pd.DataFrame({"a": [0, 1, nan], "b": [nan, nan, 1]}))
    assert apart["value"].isna().all()
    assert apart["note"].str.contains("no unit was rated by two").all()
    assert apart["n_units"].iloc[0] == 3
    assert apart["n_pairable"].iloc[0] == 0
    alone = qq.agreement.coefficients(pd.DataFrame({"a": [0, 1]}))
    assert alone["value"].isna().all()
    assert alone["note"].str.contains("fewer than two coders").all()
    empty = qq.agreement.coefficients(
        pd.DataFrame({"a": [nan, nan], "b": [nan, nan]}), resamples=20
    )
    assert empty["value"].isna().all()
    assert empty["n_missing"].iloc[0] == 4
    assert np.isnan(empty["prevalence"].iloc[0])


def test_single_and_bare_units_are_counted_and_explained(value_of):
    table = pd.DataFrame(
        {"a": [0, 1, 0, 1, nan], "b": [0, 1, 1, nan, nan], "c": [nan] * 5}, dtype=float
    )
    found = qq.agreement.coefficients(table)
    row = found.iloc[-1]
    assert (row["n_units"], row["n_pairable"], row["n_coders"], row["n_missing"]) == (5, 3, 2, 8)
    assert "1 units that nobody rated" in row["note"]
    assert "1 coders rated nothing" in row["note"]
    assert value_of(found, "alpha") == pytest.approx(
        value_of(qq.agreement.coefficients(table[["a", "b"]].iloc[:3]), "alpha")
    )


def test_a_bare_unit_changes_nothing_but_its_count():
    table = pd.DataFrame({"a": [0, 1, 0, 1, 1, 0], "b": [0, 1, 1, 1, 0, 0]}, dtype=float)
    more = pd.concat([table, pd.DataFrame({"a": [nan], "b": [nan]})], ignore_index=True)
    plain, bare = (
        qq.agreement.coefficients(table, resamples=99),
        qq.agreement.coefficients(more, resamples=99),
    )
    for column in ("value", "low", "high", "se", "analytic_low", "p_below_667"):
        pd.testing.assert_series_equal(plain[column], bare[column])


def test_cohen_of_three_coders_says_where_to_look():
    found = qq.agreement.coefficients([[0, 0, 1], [1, 1, 1], [0, 1, 0]]).set_index("coefficient")
    assert np.isnan(found.loc["cohen", "value"])
    assert "conger" in found.loc["cohen", "note"]
    assert not np.isnan(found.loc["conger", "value"])


def test_a_unit_of_one_gives_no_standard_error():
    found = qq.agreement.coefficients([[0, 1]])
    assert found["se"].isna().all()
    assert found["low"].isna().all()


def test_missing_is_not_no_code(value_of):
    """A coder who did not rate a unit is not one who found nothing there."""
    coded = pd.DataFrame({"a": [1, 0, 1, 0], "b": [1, 0, 0, 0]}, dtype=float)
    missing = coded.copy()
    missing.loc[2, "b"] = nan
    assert value_of(qq.agreement.coefficients(missing), "percent") == 1.0
    assert value_of(qq.agreement.coefficients(coded), "percent") == 0.75


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio", "jaccard", "masi"])
def test_a_table_of_missing_ratings_at_every_level(level):
    found = qq.agreement.coefficients(pd.DataFrame({"a": [nan, nan], "b": [nan, nan]}), level=level)
    assert found["value"].isna().all()
    assert (found["note"] != "").all()
    assert found["prevalence_of"].tolist() == [""] * len(found)
