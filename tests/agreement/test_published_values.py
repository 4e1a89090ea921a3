"""Every published and exact value, reproduced."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import quidqual as qq

NAMES = {
    "percent_agreement": "percent",
    "fleiss_kappa": "fleiss",
    "scott_pi": "fleiss",
    "cohen_kappa": "cohen",
    "brennan_prediger": "brennan_prediger",
    "conger_kappa": "conger",
    "alpha_gwet_form": "alpha",
    "alpha": "alpha",
}


def _name(coefficient, weights="unweighted"):
    if coefficient == "gwet_ac":
        return "ac1" if weights == "unweighted" else "ac2"
    return NAMES[coefficient]


def test_every_published_value_to_the_printed_precision(reference, value_of):
    rows = reference("expected_published")
    assert len(rows) >= 13
    for row in rows.itertuples():
        found = qq.agreement.coefficients(reference(row.dataset), level=row.level)
        value = value_of(found, _name(row.coefficient))
        # .0085 printed as .009 and .008 are both right to the last figure printed
        assert value == pytest.approx(row.value, abs=0.55 * 10.0**-row.decimals) or round(
            value, row.decimals
        ) == pytest.approx(row.value, abs=10.0**-row.decimals / 2), row


def test_alpha_at_every_level_exactly(reference, value_of):
    rows = reference("expected_alpha")
    assert len(rows) >= 25
    for row in rows.itertuples():
        found = qq.agreement.coefficients(
            reference(row.dataset), level=row.level, coefficients="alpha"
        )
        assert value_of(found, "alpha") == pytest.approx(row.alpha, abs=1e-8), row
        assert value_of(found, "alpha", "level") == row.level


@pytest.mark.parametrize("weights", ["unweighted", "linear", "quadratic", "ordinal"])
def test_values_errors_and_limits_of_r_irrcac(reference, value_of, weights):
    rows = reference("expected_irrcac_r")
    rows = rows[rows["weights"] == weights]
    assert len(rows) >= 30
    for dataset, group in rows.groupby("dataset"):
        found = qq.agreement.coefficients(
            reference(dataset), weights="identity" if weights == "unweighted" else weights
        )
        for row in group.itertuples():
            name = _name(row.coef, weights)
            if dataset == "wikipedia_15x3" and np.isnan(row.value):
                continue  # R lets the unit that nobody rated spoil AC1 and Fleiss
            assert value_of(found, name) == pytest.approx(row.value, abs=1e-8), row
            if dataset == "wikipedia_15x3":
                continue  # R counts an all-missing unit there
            assert value_of(found, name, "se") == pytest.approx(row.se, abs=1e-8), row
            assert value_of(found, name, "low") == pytest.approx(row.lo, abs=1e-8), row
            assert value_of(found, name, "analytic_low") == pytest.approx(row.lo, abs=1e-8), row
            assert value_of(found, name, "method") == "analytic"


@pytest.mark.parametrize(
    ("level", "printed"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_krippendorff_2011_example_c(published, value_of, level, printed):
    found = qq.agreement.coefficients(published.KRIPPENDORFF_C, level=level)
    assert round(value_of(found, "alpha"), 3) == printed
    assert value_of(found, "alpha", "n_units") == 12
    assert value_of(found, "alpha", "n_pairable") == 11
    assert value_of(found, "alpha", "n_missing") == 7
    assert value_of(found, "alpha", "n_coders") == 4


def test_artstein_and_poesio_2008(published, value_of):
    found = qq.agreement.coefficients(published.ARTSTEIN_POESIO)
    assert value_of(found, "brennan_prediger") == pytest.approx(0.4)
    assert round(value_of(found, "fleiss"), 3) == 0.341  # Scott's pi
    assert round(value_of(found, "cohen"), 3) == 0.348


def test_fleiss_1971_and_the_kappa_of_each_diagnosis(published, value_of):
    found = qq.agreement.coefficients(published.fleiss_table(), coefficients="fleiss", each=True)
    assert round(value_of(found, "fleiss", code=""), 3) == 0.430
    # Fleiss rounded on the way (.248 .248 .517 .470 .565); R's irr prints, from the same counts:
    exact = [0.245, 0.245, 0.520, 0.471, 0.566]
    each = [round(value_of(found, "fleiss", code=str(k)), 3) for k in range(1, 6)]
    assert each == exact


def test_sets_of_codes(reference, value_of):
    table = reference("multilabel_dkpro_9x2").drop(columns="unit")
    table = table.map(lambda x: frozenset(x.split("|")) if isinstance(x, str) else frozenset())
    expected = reference("expected_multilabel").set_index("distance")["alpha"]
    jaccard = qq.agreement.coefficients(table, level="jaccard")
    masi = qq.agreement.coefficients(table, level="masi")
    assert value_of(jaccard, "alpha") == pytest.approx(expected["jaccard"], abs=1e-12)
    assert value_of(masi, "alpha") == pytest.approx(expected["masi_passonneau2006"], abs=1e-12)
    assert value_of(masi, "alpha") != pytest.approx(expected["masi_dkpro_nonstandard"], abs=1e-3)


def test_krippendorffs_ordinal_metric_is_not_gwets_ordinal_weights(published, value_of):
    metric = qq.agreement.coefficients(published.COHEN_1960, level="ordinal")
    weights = qq.agreement.coefficients(published.COHEN_1960, weights="ordinal")
    assert value_of(metric, "alpha") == pytest.approx(0.15937575757575762, abs=1e-12)
    assert value_of(weights, "alpha") == pytest.approx(0.08223744292, abs=1e-10)
    assert value_of(metric, "alpha", "level") == "ordinal"
    assert value_of(weights, "alpha", "level") == "weighted"
    assert value_of(weights, "ac2", "weights") == "ordinal"
    # With the level given, alpha keeps its metric and the kappas take Gwet's weights.
    both = qq.agreement.coefficients(published.COHEN_1960, level="ordinal", weights="linear")
    assert value_of(both, "alpha") == value_of(metric, "alpha")
    assert value_of(both, "fleiss") == pytest.approx(0.01149425287, abs=1e-10)


def test_cohen_equals_conger_for_two_complete_coders_and_not_with_missing(published, value_of):
    table = published.COHEN_1960.astype(float)
    found = qq.agreement.coefficients(table)
    assert value_of(found, "cohen") == pytest.approx(value_of(found, "conger"), abs=1e-15)
    table.loc[:40, "coder2"] = np.nan
    found = qq.agreement.coefficients(table)
    complete = qq.agreement.coefficients(table.dropna())
    assert value_of(found, "cohen") == pytest.approx(value_of(complete, "cohen"), abs=1e-12)
    assert value_of(found, "cohen", "se") == pytest.approx(
        value_of(complete, "cohen", "se"), abs=1e-12
    )
    assert value_of(found, "conger") != pytest.approx(value_of(complete, "conger"), abs=1e-3)


def test_specific_agreement_of_two_coders():
    # a = 40, b = 10, c = 20, d = 30: 2a / (2a + b + c) and 2d / (2d + b + c)
    table = pd.DataFrame({"x": [1] * 50 + [0] * 50, "y": [1] * 40 + [0] * 10 + [1] * 20 + [0] * 30})
    row = qq.agreement.coefficients(table).iloc[0]
    assert row["positive_agreement"] == pytest.approx(80 / 110)
    assert row["negative_agreement"] == pytest.approx(60 / 90)
    assert row["prevalence"] == pytest.approx(110 / 200)
    assert row["prevalence_of"] == "1"
