"""All the forms in which ratings come, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import quidqual as qq
from quidqual.study.errors import QuidqualError


@pytest.fixture
def table(published):
    return published.KRIPPENDORFF_C


def _same(found, expected):
    pd.testing.assert_series_equal(found["value"], expected["value"], rtol=1e-12)


def test_wide_long_array_and_lists_say_the_same(table):
    wide = qq.agreement.coefficients(table)
    long = table.rename_axis("unit").reset_index().melt("unit", var_name="coder")
    _same(qq.agreement.coefficients(long), wide)
    _same(qq.agreement.coefficients(long.dropna()), wide)
    _same(qq.agreement.coefficients(long.rename(columns={"value": "rating"})), wide)
    _same(qq.agreement.coefficients(long.sample(frac=1, random_state=3)), wide)
    _same(qq.agreement.coefficients(table.to_numpy()), wide)
    _same(qq.agreement.coefficients(table.to_numpy().tolist()), wide)
    named = table.assign(unit=[f"u{i}" for i in range(len(table))])
    _same(qq.agreement.coefficients(named), wide)


def test_long_form_of_whole_numbers_words_and_categories(published):
    wide = published.COHEN_1960
    long = wide.rename_axis("unit").reset_index().melt("unit", var_name="coder")
    expected = qq.agreement.coefficients(wide)
    gaps = long.drop(index=[3, 150])
    assert gaps["value"].dtype.kind == "i"
    assert qq.agreement.coefficients(gaps)["n_missing"].iloc[0] == 2
    _same(qq.agreement.coefficients(long), expected)
    _same(qq.agreement.coefficients(long.astype({"value": "category"})), expected)
    words = long.assign(value=long["value"].map({1: "a", 2: "b", 3: "c"}))
    _same(qq.agreement.coefficients(words), expected)


@pytest.mark.parametrize(
    "turn",
    [
        lambda t: t.map(lambda v: None if pd.isna(v) else f"code {v:.0f}"),
        lambda t: t.astype("Int64"),
        lambda t: t.map(lambda v: None if pd.isna(v) else f"code {v:.0f}").astype("category"),
        lambda t: t.map(lambda v: np.nan if pd.isna(v) else v / 7),
        lambda t: t + 1_000_000,
        lambda t: t.map(lambda v: None if pd.isna(v) else frozenset([v])),
        lambda t: t.map(lambda v: None if pd.isna(v) else {v}),
        lambda t: t.map(lambda v: None if pd.isna(v) else v == 3).map(lambda v: v),
    ],
    ids=["words", "Int64", "own categories", "fractions", "large", "frozensets", "sets", "bool"],
)
def test_kinds_of_categories_do_not_matter(table, turn, request):
    found = qq.agreement.coefficients(turn(table))
    base = (table == 3).where(table.notna()).astype(float) if "bool" in request.node.name else table
    _same(found, qq.agreement.coefficients(base))


def test_order_of_a_categorical_is_the_ordinal_order(table, value_of):
    words = {1: "not at all", 2: "a bit", 3: "quite", 4: "very", 5: "wholly"}
    kind = pd.CategoricalDtype(list(words.values()), ordered=True)
    named = table.map(lambda v: words.get(v, np.nan)).astype(kind)
    found = qq.agreement.coefficients(named, level="ordinal")
    assert value_of(found, "alpha") == pytest.approx(0.8153875037548814, abs=1e-12)
    backwards = qq.agreement.coefficients(
        named.astype(object).where(named.notna(), None),
        level="ordinal", categories=list(words.values())[::-1],
    )  # fmt: skip
    assert value_of(backwards, "alpha") == pytest.approx(0.8153875037548814, abs=1e-12)
    shuffled = pd.CategoricalDtype(["quite", "a bit", "wholly", "very", "not at all"])
    other = qq.agreement.coefficients(named.astype(object).astype(shuffled), level="ordinal")
    assert value_of(other, "alpha") != pytest.approx(0.8153875037548814, abs=1e-3)


def test_words_without_an_order_are_refused_where_an_order_counts(published):
    words = published.COHEN_1960.map({1: "high", 2: "low", 3: "middle"}.get)
    for asked in ({"level": "ordinal"}, {"weights": "linear"}):
        with pytest.raises(QuidqualError, match="Categorical"):
            qq.agreement.coefficients(words, **asked)
    with pytest.raises(QuidqualError, match="not numbers"):
        qq.agreement.coefficients(words, level="interval")


def test_categories_declared_but_never_used_count_for_even_chance(published, value_of):
    table = published.ARTSTEIN_POESIO
    found = qq.agreement.coefficients(table, categories=[1, 2, 3, 4])
    assert value_of(found, "brennan_prediger") == pytest.approx((0.7 - 0.25) / 0.75)
    assert "2 of 4 declared categories never used" in value_of(found, "alpha", "note")
    kind = pd.CategoricalDtype([1, 2, 3, 4])
    _same(qq.agreement.coefficients(table.astype(kind)), found)


def test_given_weights_are_put_into_the_order_of_the_categories(published, value_of):
    named = qq.agreement.coefficients(published.COHEN_1960, weights="linear")
    table = pd.DataFrame(
        [[1, 0.5, 0.5], [0.5, 1, 0], [0.5, 0, 1]], index=[2, 1, 3], columns=[2, 1, 3]
    )
    given = qq.agreement.coefficients(published.COHEN_1960, weights=table)
    _same(given, named)
    array = np.array([[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]])
    _same(qq.agreement.coefficients(published.COHEN_1960, weights=array), named)
    assert value_of(given, "ac2", "weights") == "given"


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        (np.eye(2), "shape"),
        ("cubic", "identity"),
        (np.array([[1, 0.2, 0], [0.5, 1, 0], [0, 0, 1]]), "symmetric"),
        (np.eye(3) * 2, "diagonal"),
        (pd.DataFrame(np.eye(3)), "named by the categories"),
        (np.array([[1, np.nan, 0], [np.nan, 1, 0], [0, 0, 1]]), "missing"),
        (np.array([[1, -1, 0], [-1, 1, 0], [0, 0, 1]]), "between 0"),
        ("nonsense", "Use one of"),
    ],
)
def test_weights_that_cannot_be_used_are_refused(published, weights, says):
    with pytest.raises(QuidqualError, match=says):
        qq.agreement.coefficients(published.COHEN_1960, weights=weights)


@pytest.mark.parametrize("weights", ["identity", "radical", "ratio", "circular", "bipolar"])
def test_named_weights_are_weights(published, weights, value_of):
    found = qq.agreement.coefficients(published.COHEN_1960, weights=weights)
    assert found["value"].between(-1, 1).all()
    name = "ac1" if weights == "identity" else "ac2"
    assert value_of(found, name, "weights") == weights


def test_weights_worked_by_hand():
    from quidqual.agreement.metrics import named_weights

    assert named_weights("ordinal", [1, 2, 3])[0].tolist() == pytest.approx([1, 2 / 3, 0])
    assert named_weights("radical", [1, 2, 5])[0].tolist() == pytest.approx([1, 0.5, 0])
    assert named_weights("ratio", [1, 3])[0].tolist() == [1, 0]
    # bipolar on 1, 2, 3: (1-2)^2 / ((3-2)(6-3)) = 1/3, (1-3)^2 / ((4-2)(6-4)) = 1
    assert named_weights("bipolar", [1, 2, 3])[0].tolist() == pytest.approx([1, 2 / 3, 0])
    # circular on 1..4: opposite categories are farthest, neighbours half as far
    assert named_weights("circular", [1, 2, 3, 4])[0].tolist() == pytest.approx([1, 0.5, 0, 0.5])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: qq.agreement.coefficients(pd.DataFrame()), "no ratings"),
        (lambda: qq.agreement.coefficients(pd.DataFrame({"a": [], "b": []})), "no ratings"),
        (lambda: qq.agreement.coefficients(5), "must be a table"),
        (
            lambda: qq.agreement.coefficients(pd.DataFrame({"a": [{}, {}], "b": [{}, {}]})),
            "compared",
        ),
        (
            lambda: qq.agreement.coefficients(pd.DataFrame({"a": [1.0, np.inf], "b": [1, 2]})),
            "infinite",
        ),
        (lambda: qq.agreement.coefficients([[1, 2], [2, 2]], level="cardinal"), "'nominal'"),
        (lambda: qq.agreement.coefficients([[-1, 2], [2, 2]], level="ratio"), "interval"),
        (lambda: qq.agreement.coefficients([["a", "b"], ["b", "b"]], level="masi"), "not sets"),
        (lambda: qq.agreement.coefficients([[1, 2], [2, 2]], coefficients=["kappa"]), "'cohen'"),
        (lambda: qq.agreement.coefficients([[1, 2], [2, 2]], clusters=[1]), "2 units"),
        (lambda: qq.agreement.coefficients([[1, 2], [2, 2]], clusters=[1, None]), "no cluster"),
        (lambda: qq.agreement.coefficients([[1, 2], [2, 2]], clusters="interview"), "not a column"),
        (lambda: qq.agreement.coefficients([[1, 2], [2, 2]], resamples=-1), "resamples"),
        (lambda: qq.agreement.coefficients([[1, 2], [2, 2]], seed=1.5), "seed"),
        (lambda: qq.agreement.coefficients([[1, 2], [2, 2]], confidence=95), "confidence"),
        (lambda: qq.agreement.coefficients([[1, 2], [2, 2]], categories=[1]), "does not name"),
        (lambda: qq.agreement.coefficients([[1, 2], [2, 2]], categories=[1, 1, 2]), "twice"),
        (
            lambda: qq.agreement.coefficients(pd.DataFrame(np.arange(6000.0).reshape(-1, 2) / 7)),
            "limit",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_remedy(call, says):
    with pytest.raises(QuidqualError, match=says):
        call()


def test_every_double_rating_is_listed_with_its_row():
    long = pd.DataFrame(
        {"unit": [1, 1, 1, 2, 2], "coder": ["A", "B", "A", "B", "B"], "value": [1, 1, 2, 1, 1]}
    )
    with pytest.raises(QuidqualError) as caught:
        qq.agreement.coefficients(long)
    assert [p.row for p in caught.value.problems] == [3, 5]


def test_the_input_is_left_as_it_was(table):
    before = table.copy(deep=True)
    qq.agreement.coefficients(table, level="ordinal", clusters=np.arange(12) // 3, resamples=20)
    pd.testing.assert_frame_equal(table, before)


def test_columns_and_types_of_the_result(table):
    found = qq.agreement.coefficients(table)
    assert list(found.columns[:14]) == [
        "code", "coefficient", "level", "value", "low", "high", "method", "n_units",
        "n_pairable", "n_coders", "n_missing", "n_clusters", "prevalence", "note",
    ]  # fmt: skip
    assert found["coefficient"].tolist() == [
        "percent", "cohen", "conger", "fleiss", "brennan_prediger", "ac1", "alpha",
    ]  # fmt: skip
    assert isinstance(found.index, pd.RangeIndex)
    for column in ("n_units", "n_pairable", "n_coders", "n_missing", "n_clusters"):
        assert found[column].dtype == "int64"
    for column in ("value", "low", "high", "prevalence", "p_below_667", "p_below_800"):
        assert found[column].dtype == "float64"


@pytest.mark.parametrize(
    "asked", [{}, {"level": "ordinal"}, {"weights": "linear"}, {"coefficients": ["alpha", "ac1"]}]
)
def test_bare_estimates_are_the_same_numbers(table, asked):
    from quidqual.agreement.coefficients import estimates

    found = qq.agreement.coefficients(table, **asked).set_index("coefficient")["value"].to_dict()
    bare = estimates(table, **asked)
    assert list(bare) == list(found)
    np.testing.assert_allclose(list(bare.values()), list(found.values()))


def test_a_column_of_clusters_in_the_long_form(published):
    wide = published.COHEN_1960.assign(interview=np.arange(100) // 10)
    long = wide.rename_axis("unit").reset_index().melt(["unit", "interview"], var_name="coder")
    expected = qq.agreement.coefficients(wide, clusters="interview", resamples=100)
    pd.testing.assert_frame_equal(
        qq.agreement.coefficients(long, clusters="interview", resamples=100), expected
    )
    named = pd.Series(wide["interview"].to_numpy(), index=[f"u{i}" for i in range(100)])
    table = published.COHEN_1960.set_axis(named.index)
    shuffled = named.sample(frac=1, random_state=1)
    found = qq.agreement.coefficients(table, clusters=shuffled, resamples=100)
    pd.testing.assert_series_equal(found["value"], expected["value"])
    assert (found["n_clusters"] == 10).all()
