"""k of n, with the denominator named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import quidqual as qq
from quidqual.analysis.prevalence import binomial_interval
from quidqual.study.errors import QuidqualError

CODINGS = [
    ("A", "S1-R1", "trust"),
    ("A", "S1-R2", "trust"),
    ("A", "S1-R2", "trust"),
    ("A", "S2-R1", "friends"),
]


@pytest.fixture
def table(study_of):
    """S1 speaks of trust in two rounds; S2's R2 is missed; T1 is never interviewed."""
    missed = {"S2-R2": "missed", "T1-R1": "missed", "T1-R2": "missed", "T1-R3": "missed"}
    return qq.presence(study_of(codings=CODINGS, not_held=missed))


def row(frame, **wished):
    found = frame
    for column, value in wished.items():
        found = found[found[column] == value]
    assert len(found) == 1
    return found.iloc[0]


def test_participants(table):
    counted = qq.prevalence(table)
    assert list(counted.columns) == [
        "code", "k", "n", "n_not_observed", "n_volunteered", "n_unread", "share", "low", "high", "label",
        "denominator", "interval", "corpus",
    ]  # fmt: skip
    trust = row(counted, code="trust")
    assert (trust["k"], trust["n"], trust["n_not_observed"], trust["label"]) == (1, 2, 1, "1 of 2")
    assert trust["share"] == 0.5
    assert counted["code"].tolist() == ["trust", "friends", "past", "workshop"]


def test_per_round_only_the_observed_count(table):
    counted = qq.prevalence(table, by=("code", "round"))
    second = row(counted, code="trust", round="R2")
    assert (second["label"], second["n_not_observed"]) == ("1 of 1", 2)
    assert row(counted, code="workshop", round="R1")["label"] == "not observed"
    assert np.isnan(row(counted, code="workshop", round="R1")["share"])


def test_interviews(table):
    trust = row(qq.prevalence(table, denominator="interviews"), code="trust")
    assert (trust["k"], trust["n"], trust["n_not_observed"]) == (2, 5, 4)


def test_mentions_have_no_interval(table):
    counted = qq.prevalence(table, denominator="mentions")
    trust = row(counted, code="trust")
    assert (trust["k"], trust["n"]) == (3, 4)
    assert np.isnan(trust["low"])
    assert trust["interval"] == "none"
    by_round = qq.prevalence(table, by=("code", "round"), denominator="mentions")
    assert row(by_round, code="trust", round="R1")["label"] == "1 of 2"


def test_by_group_theme_and_everything(table):
    by_theme = qq.prevalence(table, by=("group", "theme"))
    assert row(by_theme, group="survivor", theme="ties")["label"] == "2 of 2"
    assert row(by_theme, group="staff", theme="ties")["label"] == "not observed"
    everyone = qq.prevalence(table, by=())
    assert everyone["label"].tolist() == ["2 of 2"]


def test_a_plain_hand_made_table_will_do():
    frame = pd.DataFrame(
        [("a", 1, "x", "present"), ("b", 1, "x", "absent"), ("c", 1, "x", "not_observed")],
        columns=["participant", "round", "code", "state"],
    )
    assert qq.prevalence(frame)["label"].tolist() == ["1 of 2"]


@pytest.mark.parametrize(
    "arguments", [{"by": "age"}, {"denominator": "people"}, {"interval": "wald"}, {"level": 95}]
)
def test_bad_arguments(table, arguments):
    with pytest.raises(QuidqualError):
        qq.prevalence(table, **arguments)


@pytest.mark.parametrize("level", [0.9, 0.95])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("wilson", "wilson"), ("jeffreys", "jeffreys"), ("clopper_pearson", "beta")],
)
def test_intervals_are_those_of_statsmodels(ours, theirs, level):
    from statsmodels.stats.proportion import proportion_confint

    for k, n in [(0, 4), (3, 4), (4, 4), (0, 5), (2, 5), (1, 1), (13, 40), (40, 40)]:
        low, high = binomial_interval(k, n, method=ours, level=level)
        expected = proportion_confint(k, n, alpha=1 - level, method=theirs)
        np.testing.assert_allclose((float(low), float(high)), expected, atol=1e-12)


def test_intervals_by_hand():
    # Wilson for 0 of n ends at z^2 / (n + z^2); Clopper-Pearson at 1 - (a/2)^(1/n).
    z2 = 1.959963984540054**2
    assert float(binomial_interval(0, 4)[1]) == pytest.approx(z2 / (4 + z2))
    upper = float(binomial_interval(0, 4, method="clopper_pearson")[1])
    assert upper == pytest.approx(1 - 0.025**0.25)
    assert np.isnan(binomial_interval(0, 0)[0])
