"""Evidence: which passages stand for a claim and which against it."""

import pytest

import quidqual as qq

from .conftest import make

COURSES = {"P1": {"c": "10"}, "P2": {"c": "01"}, "P3": {"c": "00"}}


def claim(**fields):
    return {"id": "C", "kind": "prevalence", "group": "g", "summary": "s", **fields}


def sides(study):
    return qq.evidence(study, "C")[["side", "code", "interview"]].values.tolist()


def test_evidence_points_to_the_words():
    check = {"measure": "prevalence", "codes": ["c"], "k": 2}
    study = make(COURSES, claims=[claim(check=check, against=["d"])])
    found = qq.evidence(study, "C")
    assert found[["side", "interview", "words"]].values.tolist() == [
        ["for", "P1-R1", "word"],
        ["for", "P2-R2", "word"],
    ]
    row = qq.ledger(study).iloc[0]
    assert row["codings_for"] == tuple(found["id"])
    assert row["who"] == ("P1", "P2")
    assert row["others"] == ("P3",)


def test_what_is_overcome_speaks_for_the_change_at_first_and_against_it_later():
    """Self-blame in the first interview is where a fading begins; in the second, a setback."""
    study = make(
        {"P1": {"c": "1110", "d": "0011"}},
        claims=[
            claim(
                check=[
                    {"measure": "prevalence", "codes": ["c"], "when": "fades", "k": 1, "n": 1},
                    {"measure": "prevalence", "codes": ["d"], "when": "rises", "k": 1, "n": 1},
                ],
                against=["c"],
            ),
        ],
    )
    assert sides(study) == [
        ["for", "c", "P1-R1"],
        ["for", "d", "P1-R3"],
        ["for", "d", "P1-R4"],
        ["against", "c", "P1-R2"],
        ["against", "c", "P1-R3"],
    ]


def test_the_first_interview_is_the_first_that_was_held():
    check = [{"measure": "prevalence", "codes": ["c"], "when": "fades", "k": 1, "n": 1}]
    study = make(
        {"P1": {"c": "0110"}}, missed=("P1-R1",), claims=[claim(check=check, against=["c"])]
    )
    assert sides(study) == [["for", "c", "P1-R2"], ["against", "c", "P1-R3"]]


def test_what_is_there_at_first_and_stays_speaks_for_the_claim_in_every_round():
    check = [{"measure": "prevalence", "codes": ["c"], "when": "first", "k": 1, "n": 1}]
    study = make({"P1": {"c": "11"}}, claims=[claim(check=check)])
    assert sides(study) == [["for", "c", "P1-R1"], ["for", "c", "P1-R2"]]
    overcome = claim(check=check, against=["c"])
    assert sides(make({"P1": {"c": "11"}}, claims=[overcome])) == [
        ["for", "c", "P1-R1"],
        ["against", "c", "P1-R2"],
    ]


def test_the_main_result_of_the_example_begins_with_self_blame(example):
    found = qq.evidence(example, "R11")
    blame = found[found["code"] == "self_blame"]
    assert set(blame.loc[blame["side"] == "for", "round"]) == {"R1"}
    assert "R1" not in set(blame.loc[blame["side"] == "against", "round"])


def test_unknown_claim(example):
    with pytest.raises(qq.QuidqualError, match="'R99' is no claim"):
        qq.evidence(example, "R99")
