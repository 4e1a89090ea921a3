import pytest

import quidqual as qq

from .conftest import make


def claim(**fields):
    return {"id": "C", "kind": "change", "group": "g", "summary": "s", **fields}


def test_course_of_the_one_who_carries_it():
    check = {
        "measure": "prevalence",
        "where": [{"codes": ["c"], "when": "fades"}, {"codes": ["d"], "when": "last"}],
        "k": 1,
        "n": 2,
    }
    study = make(
        {"P1": {"c": "10", "d": "01"}, "P2": {"c": "11", "d": "00"}}, claims=[claim(check=check)]
    )
    course = qq.ledger(study).courses()
    assert course[["participant", "code", "state"]].astype(str).values.tolist() == [
        ["P1", "c", "present"], ["P1", "c", "absent"], ["P1", "d", "absent"], ["P1", "d", "present"],
    ]  # fmt: skip


def test_no_claims_no_courses():
    assert qq.ledger(make({"P1": {"c": "1"}})).courses().empty


def test_the_four_trajectories_of_the_example(example):
    course = qq.ledger(example).courses(["R26a", "R26b", "R26c", "R26d"])
    assert course.groupby("claim", sort=False)["participant"].unique().map(list).to_dict() == {
        "R26a": ["S1"], "R26b": ["S2"], "R26c": ["S3"], "R26d": ["S4"],
    }  # fmt: skip
    flat = course[(course["claim"] == "R26c") & (course["code"] == "insecurity")]
    assert flat["state"].tolist() == ["present"] * 4


def test_rivals_by_hand():
    check = {"measure": "ranking", "name": "ties", "codes": ["c"], "among": {"rest": ["d"]}}
    study = make(
        {"P1": {"c": "11", "d": "01"}, "P2": {"c": "00", "d": "10"}},
        claims=[claim(kind="ranking", check=check)],
    )
    table = qq.ledger(study).rivals("C")
    assert table[["factor", "mentions", "interviews", "participants", "n_participants"]].values.tolist() == [
        ["ties", 2, 2, 1, 2], ["rest", 2, 2, 2, 2],
    ]  # fmt: skip
    assert qq.ledger(study).table["verdict"].tolist() == ["contradicted"]


def test_rivals_of_a_claim_that_ranks_nothing(example):
    with pytest.raises(qq.QuidqualError, match="ranks nothing"):
        qq.ledger(example).rivals("R1")
