"""One row a rating: known by the names that such tables have, refused where one is lacking."""

from __future__ import annotations

import pandas as pd
import pytest

import quidqual as qq
from quidqual.study.errors import QuidqualError

# Three people rate four units; percent agreement by hand: 1, 1/3, 1/3, 1 of the pairs.
WIDE = pd.DataFrame({"A": list("xxyy"), "B": list("xxyy"), "C": list("xyxy")})
LONG = pd.DataFrame(
    [(f"u{i}", c, WIDE[c][i]) for i in range(4) for c in WIDE], columns=["unit", "coder", "value"]
)


@pytest.mark.parametrize(
    "names",
    [
        ("unit", "coder", "value"),
        ("item", "rater", "category"),
        ("subject", "rater", "rating"),
        ("Segment", "Annotator", "Label"),
        ("unit_id", "judge", "score"),
        ("item", "observer", "code"),
    ],
)
def test_the_names_of_other_places_are_understood(names):
    table = LONG.set_axis(list(names), axis=1)
    found = qq.agreement.coefficients(table[[names[2], names[0], names[1]]]).set_index(
        "coefficient"
    )
    assert found.loc["percent", "value"] == pytest.approx((1 + 1 / 3 + 1 / 3 + 1) / 4)
    assert (found["n_coders"] == 3).all()
    assert (found["n_units"] == 4).all()


@pytest.mark.parametrize("lacking", ["unit", "value"])
def test_a_column_of_coders_alone_is_not_read_as_a_coder(lacking):
    with pytest.raises(QuidqualError, match=f"'coder', but none of the name '{lacking}'"):
        qq.agreement.coefficients(LONG.rename(columns={lacking: "what"}))


def test_the_column_that_names_the_units_is_no_coder():
    expected = qq.agreement.coefficients(WIDE)
    for name in ("unit", "item", "Subject"):
        pd.testing.assert_frame_equal(
            qq.agreement.coefficients(WIDE.assign(**{name: list("1234")})), expected
        )


def test_clusters_are_neither_unit_nor_rating():
    table = LONG.rename(columns={"unit": "item"}).assign(segment=[i // 6 for i in range(12)])
    found = qq.agreement.coefficients(table, clusters="segment", resamples=20)
    assert (found["n_clusters"] == 2).all()
    assert (found["n_units"] == 4).all()


def test_columns_that_share_no_rating_are_asked_about():
    odd = LONG.set_axis(["what", "who", "how"], axis=1)
    assert qq.agreement.coefficients(odd)["note"].str.contains("if each row is one rating").all()
    assert not qq.agreement.coefficients(WIDE)["note"].str.contains("if each row").any()
