"""From the number to work: hand-counted passages."""

from __future__ import annotations

import pandas as pd
import pytest

from quidqual.agreement import codes_to_review, confusions, disagreements
from quidqual.study.errors import QuidqualError
from tests.two_coders import two_coders

MARKS = [
    # alike
    ("A", "P1-R1", "She rests", "rest"), ("B", "P1-R1", "She rests", "rest"),
    # other bounds
    ("A", "P1-R1", "likes her work", "work"), ("B", "P1-R1", "She likes her work", "work"),
    # other code
    ("A", "P1-R1", "trusts nobody", "trust"), ("B", "P1-R1", "nobody yet", "rest"),
    # one coder only, though the other coded the place with a code that both share there
    ("A", "P1-R2", "The work goes on", "work"), ("B", "P1-R2", "The work goes on", "work"),
    ("A", "P1-R2", "work goes", "rest"),
    # one coder only
    ("B", "P1-R2", "It rains", "trust"),
]  # fmt: skip


@pytest.fixture(scope="module")
def study():
    return two_coders(marks=MARKS)


def test_each_kind_is_told_apart(study):
    found = disagreements(study)
    told = list(
        found[["code", "kind", "coder", "other_coder", "other_code"]].itertuples(
            index=False, name=None
        )
    )
    assert told == [
        ("work", "other bounds", "A", "B", "work"),
        ("trust", "other code", "A", "B", "rest"),
        ("rest", "other code", "B", "A", "trust"),
        ("rest", "one coder only", "A", "B", ""),
        ("trust", "one coder only", "B", "A", ""),
    ]
    assert list(found["kind"].cat.categories) == ["other bounds", "other code", "one coder only"]


def test_words_and_places_of_a_disagreement(study):
    found = disagreements(study)
    row = found.iloc[1]
    assert row["exact"] == "trusts nobody"
    assert study.text("P1-R1")[row["start"] : row["end"]] == "trusts nobody"
    assert study.text("P1-R1")[row["other_start"] : row["other_end"]] == "nobody yet"
    assert row["overlap"] == len("nobody")
    assert (row["participant"], row["round"], row["language"]) == ("P1", "R1", "en")
    assert pd.isna(found.iloc[3]["other_start"])
    assert str(found["other_start"].dtype) == "Int64"


def test_counts_by_code_coder_round_and_language(study):
    by_code = disagreements(study, by="code").set_index("code")
    assert by_code.loc["work"].drop("corpus").tolist() == [1, 1, 0, 0, 1]
    assert by_code.loc["rest"].drop("corpus").tolist() == [1, 0, 1, 1, 2]
    assert by_code.loc["trust"].drop("corpus").tolist() == [0, 0, 1, 1, 2]
    by_round = disagreements(study, by=["round", "coder"])
    assert by_round["n"].sum() == 5
    assert disagreements(study, by="language")["n"].tolist() == [5]
    with pytest.raises(QuidqualError, match="'round'"):
        disagreements(study, by="week")


def test_only_some_codes_still_see_the_rival(study):
    found = disagreements(study, codes="trust")
    assert found["kind"].tolist() == ["other code", "one coder only"]
    assert found["other_code"].iloc[0] == "rest"


def test_an_interview_the_other_did_not_read_is_no_disagreement():
    marks = [m for m in MARKS if m[:2] != ("B", "P1-R2")]
    found = disagreements(two_coders(marks=marks))
    assert set(found["interview"]) == {"P1-R1"}
    assert len(disagreements(two_coders(marks=marks), covered="all")) > len(found)


def test_confusions_count_each_pair_of_passages_once(study):
    found = confusions(study)
    assert found[["code", "other_code", "n", "n_interviews", "characters"]].values.tolist() == [
        ["trust", "rest", 1, 1, 6]
    ]
    # two passages of trust, four of rest
    assert found["share"].iloc[0] == pytest.approx(2 / 6)
    more = [*MARKS, ("A", "P1-R2", "She laughs", "work"), ("B", "P1-R2", "She laughs", "trust"),
            ("A", "P1-R2", "It rains", "rest")]  # fmt: skip
    pairs = confusions(two_coders(marks=more))
    assert pairs["n"].tolist() == [2, 1]
    assert confusions(two_coders(marks=more), codes="work")["n"].tolist() == [1]
    alike = [m for m in MARKS if m[3] == "work"]
    assert confusions(two_coders(marks=alike)).empty


def test_three_coders_are_compared_in_pairs():
    marks = [("A", "P1-R1", "She rests", "rest"), ("B", "P1-R1", "She rests", "rest"),
             ("C", "P1-R1", "The day is long", "work")]  # fmt: skip
    found = disagreements(two_coders(marks=marks))
    pairs = sorted(zip(found["coder"], found["other_coder"], strict=True))
    assert pairs == [("A", "C"), ("B", "C"), ("C", "A"), ("C", "B")]


def test_codes_that_need_work_come_first_with_a_next_step(study):
    found = codes_to_review(study, resamples=50).set_index("code")
    assert found.index[-1] == "work"
    assert found.loc["work", "verdict"] == "keep"
    assert found.loc["trust", "verdict"] == "rework"
    assert found.loc["trust", "confused_with"] == "rest"
    assert "'rest'" in found.loc["trust", "next_step"]
    assert found.loc["rest", "n_passages"] == 3
    lone = codes_to_review(two_coders(marks=[m for m in MARKS if m[3] == "rest"]), resamples=0)
    assert "include and exclude" in lone.iloc[0]["next_step"]


def test_next_step_where_the_bounds_differ():
    marks = [("A", "P1-R1", "work", "work"), ("B", "P1-R1", "likes her work. She trusts", "work"),
             ("A", "P1-R2", "work", "work"), ("B", "P1-R2", "goes on. She", "work")]  # fmt: skip
    found = codes_to_review(two_coders(marks=marks[:2]), unit="token", resamples=0)
    assert "how much to mark" in found.iloc[0]["next_step"]


def test_a_code_that_does_not_vary_cannot_be_judged():
    marks = [(c, i, w, "work") for c in "AB" for i, w in (("P1-R1", "work"), ("P1-R2", "work"))]
    found = codes_to_review(two_coders(marks=marks), unit="interview", resamples=0)
    assert found["verdict"].tolist() == ["cannot be judged"]


def test_a_reflexive_study_has_no_codes_to_repair():
    with pytest.raises(QuidqualError, match="compare_readings"):
        codes_to_review(two_coders(approach="reflexive"))
