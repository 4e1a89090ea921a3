"""Agreement in a study: units, coverage, clusters, and the reflexive study."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import quidqual as qq
from quidqual.agreement import by_round, compare_readings
from quidqual.agreement.study_agreement import run
from quidqual.study.errors import QuidqualError
from quidqual.study.log_append import append
from tests.two_coders import two_coders

# Two people, two rounds; the sentences carry accents, an emoji and a word with an apostrophe.
NOTES = {
    "P1-R1": "Così è. She can’t sleep 😊. Work is good.\n\nShe rests at home.\n",
    "P1-R2": "She sleeps. Work is hard.\n",
    "P2-R1": "He works. He laughs.\n",
    "P2-R2": "He rests. He works again.\n",
}


def study_of(marks, *, approach="coding_reliability", settings=None, codes=("work", "rest", "joy")):
    """Build a study from (coder, interview, words, code)."""
    codings = [
        {
            "coder": coder, "interview": i, "code": code,
            "start": NOTES[i].index(words), "end": NOTES[i].index(words) + len(words),
        }
        for coder, i, words, code in marks
    ]  # fmt: skip
    return qq.Study.from_tables(
        title="Trial", corpus="synthetic", approach=approach, settings=settings,
        rounds=[{"round": "R1"}, {"round": "R2"}],
        participants=[{"participant": p, "group": "all", "language": "en"} for p in ("P1", "P2")],
        interviews=[
            {"interview": i, "participant": i[:2], "round": i[-2:], "language": "en"} for i in NOTES
        ],
        notes=NOTES, codebook=[{"id": c} for c in codes], codings=codings,
    )  # fmt: skip


MARKS = [
    ("A", "P1-R1", "Work is good", "work"), ("B", "P1-R1", "good", "work"),
    ("A", "P1-R1", "She rests at home.", "rest"), ("B", "P1-R1", "can’t sleep 😊", "rest"),
    ("A", "P1-R2", "Work is hard", "work"), ("B", "P1-R2", "Work is hard", "work"),
    ("A", "P2-R1", "He works", "work"), ("B", "P2-R1", "He laughs", "work"),
]  # fmt: skip


def _rating(study, unit, code):
    found = qq.agreement.agreement(study, unit=unit, resamples=0)
    return found[found["code"] == code].set_index("coefficient")


def test_units_are_counted_as_they_are():
    study = study_of(MARKS)
    # P2-R2 was read by nobody: it is in no count.
    assert _rating(study, "interview", "work").loc["alpha", "n_units"] == 3
    assert _rating(study, "sentence", "work").loc["alpha", "n_units"] == 4 + 2 + 2
    assert _rating(study, "segment", "work").loc["alpha", "n_units"] == 8
    assert _rating(study, "paragraph", "work").loc["alpha", "n_units"] == 2 + 1 + 1
    assert _rating(study, "token", "work").loc["alpha", "n_units"] == (2 + 3 + 3 + 4) + 5 + 4
    characters = sum(len(NOTES[i]) for i in ("P1-R1", "P1-R2", "P2-R1"))
    assert _rating(study, "character", "work").loc["alpha", "n_units"] == characters


def test_sentences_by_hand():
    # work: A 3rd of P1-R1, 2nd of P1-R2, 1st of P2-R1; B the first two and 2nd of P2-R1.
    table = pd.DataFrame({"A": [0, 0, 1, 0, 0, 1, 1, 0], "B": [0, 0, 1, 0, 0, 1, 0, 1]})
    expected = qq.agreement.coefficients(table).set_index("coefficient")
    found = _rating(study_of(MARKS), "sentence", "work")
    for column in ("value", "se", "analytic_low", "prevalence", "positive_agreement"):
        np.testing.assert_allclose(found[column], expected[column], atol=1e-12)


def test_tokens_by_hand():
    # 21 words; work: A 3 + 3 + 2, B 1 + 3 + 2, shared 1 + 3.
    found = _rating(study_of(MARKS), "token", "work")
    assert found.loc["percent", "value"] == pytest.approx((21 - 2 - 2 - 2) / 21)
    assert found.loc["alpha", "prevalence"] == pytest.approx((8 + 6) / 42)
    assert np.isnan(found.loc["alpha", "se"])


def test_characters_are_code_points_and_equal_span_agreement():
    study = study_of(MARKS)
    found = qq.agreement.agreement(study, unit="character", unitizing=True, resamples=50)
    spans = study.codings.rename(columns={"interview": "document"})
    direct = qq.agreement.spans(
        spans[["document", "coder", "start", "end", "code"]],
        {i: len(NOTES[i]) for i in NOTES}, resamples=50,
    )  # fmt: skip
    left = found.sort_values(["code", "coefficient"])["value"].to_numpy()
    right = direct.sort_values(["code", "coefficient"])["value"].to_numpy()
    np.testing.assert_allclose(left, right)


def test_interviews_are_present_or_not():
    found = _rating(study_of(MARKS), "interview", "rest")
    assert found.loc["percent", "value"] == 1.0
    assert found.loc["cohen", "value"] == 1.0
    assert found.loc["cohen", "prevalence"] == pytest.approx(1 / 3)


def test_an_interview_a_coder_did_not_code_is_missing():
    marks = [m for m in MARKS if m[:2] != ("B", "P2-R1")]
    found = _rating(study_of(marks), "sentence", "work")
    assert found.loc["cohen", "value"] == 1.0
    assert found.loc["cohen", "n_missing"] == 2
    assert found.loc["cohen", "n_pairable"] == 6
    assert "marked as read, or else coded" in found.loc["cohen", "note"]
    for covered in ("all", {"A": "all", "B": list(NOTES)}):
        read = qq.agreement.agreement(
            study_of(marks), unit="sentence", covered=covered, resamples=0
        )
        row = read[(read["code"] == "work") & (read["coefficient"] == "cohen")].iloc[0]
        assert row["value"] < 1.0
        assert row["n_missing"] == 0
        assert row["n_units"] == 10


def test_coverage_declared_in_the_settings():
    marks = [m for m in MARKS if m[:2] != ("B", "P2-R1")]
    covers = {"A": {"covers": "all"}, "B": {"covers": ["P1-R1", "P1-R2", "P2-R1"]}}
    study = study_of(marks, settings={"coders": covers})
    row = _rating(study, "sentence", "work").loc["cohen"]
    assert row["n_missing"] == 2  # P2-R2, which A alone covers
    assert row["value"] < 1.0


def test_a_coder_who_read_all_and_found_nothing_counts():
    only_a = [m for m in MARKS if m[0] == "A"]
    told = qq.agreement.agreement(
        study_of(only_a), unit="sentence", covered={"A": "all", "B": "all"}, resamples=0
    )
    recorded = qq.agreement.agreement(
        study_of(only_a, settings={"coders": {c: {"covers": "all"} for c in "AB"}}),
        unit="sentence", resamples=0,
    )  # fmt: skip
    for found in (told, recorded):
        work = found[found["code"] == "work"].set_index("coefficient")
        # ten sentences, three coded by A alone: they agree on seven, and as chance would
        assert work.loc["percent", "value"] == 0.7
        assert work.loc["cohen", "value"] == 0.0
        assert work.loc["percent", ["n_coders", "n_missing"]].tolist() == [2, 0]


def test_a_coder_who_marked_her_notes_as_read_counts(tmp_path):
    study_of([m for m in MARKS if m[0] == "A"]).save(tmp_path / "study")
    study = qq.open_study(tmp_path / "study")
    with pytest.raises(QuidqualError, match=r"second person.*marks them as read"):
        qq.agreement.agreement(study)
    marks = [
        {"op": "read", "id": f"B{i}", "at": "2021-08-01T09:00:00Z", "coder": "B", "interview": i}
        for i in NOTES
    ]
    append(tmp_path / "study", "B", marks)
    found = qq.agreement.agreement(
        qq.open_study(tmp_path / "study"), unit="interview", coefficients="percent", resamples=0
    )
    assert found.set_index("code").loc["work", "n_coders"] == 2
    # four interviews: A found work in three of them, B in none; of the three that A read
    assert found.set_index("code").loc["work", "value"] == 0.0


def test_clusters_are_interviews_or_participants():
    study = study_of(MARKS)
    by_interview = qq.agreement.agreement(study, resamples=30)
    assert set(by_interview["n_clusters"]) == {3}
    assert set(by_interview.loc[by_interview["code"] == "work", "method"]) == {
        "bootstrap (interviews)"
    }
    # rest stands in two passages: no interval is made of them
    assert set(by_interview.loc[by_interview["code"] == "rest", "method"]) == {"none"}
    people = qq.agreement.agreement(study, cluster="participant", resamples=30)
    assert set(people["n_clusters"]) == {2}
    assert people["note"].str.contains("2 participants only").all()


def test_pooled_counts_every_decision_once():
    study = study_of(MARKS)
    found = qq.agreement.agreement(study, unit="sentence", pooled=True, resamples=40)
    pooled = found[found["code"] == "(all codes)"].set_index("coefficient")
    assert pooled.loc["alpha", "n_units"] == 16
    work, rest = [0, 0, 1, 0, 0, 1, 1, 0], [0, 0, 0, 1, 0, 0, 0, 0]
    work_b, rest_b = [0, 0, 1, 0, 0, 1, 0, 1], [0, 1, 0, 0, 0, 0, 0, 0]
    table = pd.DataFrame({"A": work + rest, "B": work_b + rest_b})
    expected = qq.agreement.coefficients(table).set_index("coefficient")["value"]
    np.testing.assert_allclose(pooled["value"], expected)
    assert set(pooled["n_clusters"]) == {3}
    assert found["code"].tolist()[-1] == "(all codes)"


def test_sets_of_codes_of_each_sentence():
    marks = [
        ("A", "P2-R1", "He works", "work"), ("A", "P2-R1", "He works", "joy"),
        ("B", "P2-R1", "He works", "work"), ("A", "P2-R2", "He rests", "rest"),
        ("B", "P2-R2", "He rests", "rest"),
    ]  # fmt: skip
    found = qq.agreement.agreement(study_of(marks), level="masi", unit="sentence", resamples=20)
    sets = [frozenset(x.split()) for x in ("work joy", "", "rest", "")]
    other = [frozenset(x.split()) for x in ("work", "", "rest", "")]
    table = pd.DataFrame({"A": sets, "B": other})
    expected = qq.agreement.coefficients(table, level="masi").set_index("coefficient")["value"]
    assert set(found["code"]) == {"(all codes)"}
    np.testing.assert_allclose(
        found.set_index("coefficient")["value"], expected[found["coefficient"]]
    )


def test_codes_in_the_codebooks_order_and_those_asked_for():
    study = study_of(MARKS)
    assert list(dict.fromkeys(qq.agreement.agreement(study, resamples=0)["code"])) == [
        "work",
        "rest",
    ]
    unused = qq.agreement.agreement(study, codes=["joy"], resamples=0)
    assert unused["note"].str.contains("only one category").all()
    with pytest.raises(QuidqualError, match="'work'"):
        qq.agreement.agreement(study, codes=["wrok"])


def test_themes():
    study = study_of(MARKS)
    found = qq.agreement.agreement(study, of="theme", resamples=0)
    assert set(found["code"]) == {"work", "rest"}


def test_coders_by_name_or_by_comma():
    study = study_of([*MARKS, ("C", "P1-R1", "Work is good", "work")])
    assert set(qq.agreement.agreement(study, resamples=0)["n_coders"]) == {3}
    two = qq.agreement.agreement(study, coders="A,B", resamples=0)
    pd.testing.assert_frame_equal(
        two, qq.agreement.agreement(study, coders=["A", "B"], resamples=0)
    )
    assert set(two["n_coders"]) == {2}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"coders": ["A"]}, "needs two coders"),
        ({"coders": ["A", "Z"]}, "'A' or 'B', not 'Z'"),
        ({"unit": "page"}, "'sentence'"),
        ({"cluster": "round"}, "'participant'"),
        ({"level": "ordinal"}, "'nominal', 'jaccard' or 'masi'"),
        ({"of": "group"}, "'theme'"),
        ({"covered": {"A": []}}, "says nothing of 'B'"),
        ({"level": "jaccard", "unit": "character", "_big": True}, "sentence"),
    ],
)
def test_what_cannot_be_used_is_refused(arguments, says, monkeypatch):
    if arguments.pop("_big", False):
        monkeypatch.setattr("quidqual.agreement.study_agreement._MAX_CELLS", 10)
    with pytest.raises(QuidqualError, match=says):
        qq.agreement.agreement(study_of(MARKS), **arguments)


def test_a_study_of_one_coder_is_told_what_to_do():
    with pytest.raises(QuidqualError, match="second person"):
        qq.agreement.agreement(study_of([m for m in MARKS if m[0] == "A"]))
    with pytest.raises(QuidqualError, match="nobody"):
        qq.agreement.agreement(study_of([]))


def test_a_reflexive_study_gets_no_coefficient_but_the_comparison():
    study = study_of(MARKS, approach="reflexive")
    found = qq.agreement.agreement(study)
    assert found["value"].isna().all()
    assert set(found["coefficient"]) == {"none"}
    assert found["note"].str.contains("reflexive").all()
    work = found.set_index("code").loc["work"]
    assert (work["n_passages"], work["n_shared"], work["n_apart"]) == (6, 4, 2)
    with pytest.raises(QuidqualError, match="compare_readings"):
        by_round(study)


def test_readings_show_where_they_meet_and_part():
    found = compare_readings(study_of(MARKS, approach="reflexive"))
    table = found.set_index(["code", "interview"])
    assert table.loc[("work", "P1-R1"), "parting"] == "met"
    assert table.loc[("work", "P2-R1"), "parting"] == "apart"
    assert table.loc[("rest", "P1-R1"), "n_apart"] == 2
    assert (found["reason"] != "").all()
    assert found["round"].cat.ordered
    lone = [*MARKS, ("A", "P1-R2", "She sleeps", "joy")]
    found = compare_readings(study_of(lone))
    row = found[found["code"] == "joy"].iloc[0]
    assert (row["parting"], row["read_by"], row["not_read_by"]) == ("one reading only", "A", "B")
    assert (found["reason"] == "").all()


def test_rounds_show_drift():
    study = study_of(MARKS)
    found = by_round(study, resamples=0, coefficients=["percent", "cohen"])
    assert found["round"].tolist() == ["R1", "R2", "R1", "R2"]
    percent = found[found["coefficient"] == "percent"]
    assert percent["value"].tolist() == pytest.approx([8 / 12, 1.0])
    assert percent["since_first"].tolist() == pytest.approx([0.0, 1 / 3])
    assert percent["n_interviews"].tolist() == [2, 1]
    each = by_round(study, resamples=0, each_code=True)
    assert set(each["code"]) == {"work", "rest", "(all codes)"}


def test_what_the_command_line_prints():
    found = run(two_coders(), "A,B", "sentence", resamples=50)
    assert list(dict.fromkeys(found["coefficient"])) == ["percent", "cohen", "ac1", "alpha"]
    assert list(dict.fromkeys(found["code"])) == ["trust", "work", "(all codes)"]
    three = run(study_of([*MARKS, ("C", "P1-R1", "Così", "work")]), resamples=20)
    assert "conger" in set(three["coefficient"])


def test_corpus_and_unit_travel():
    found = qq.agreement.agreement(study_of(MARKS), unit="token", resamples=0)
    assert set(found["corpus"]) == {"synthetic"}
    assert set(found["unit"]) == {"token"}
    assert found.columns[-1] == "corpus"


def test_the_note_counts_interviews_and_not_interviews_times_codes():
    study = two_coders()
    found = qq.agreement.agreement(
        study, pooled=True, covered={"A": "all", "B": ["P1-R1"]}, resamples=0
    ).set_index("code")
    for code in ("trust", "(all codes)"):
        assert found.loc[code, "note"].str.contains("(1 read by one coder only)", regex=False).all()
    alone = qq.agreement.agreement(
        study, pooled=True, covered={key: ["P1-R1"] for key in "AB"}, resamples=0
    )
    assert alone["note"].str.contains("; 1 document that nobody covers is not counted").all()
