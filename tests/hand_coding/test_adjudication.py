"""Two coders side by side, counted by hand; decisions make a third set with its reasons."""

from __future__ import annotations

import pytest

import quidqual as qq
from tests.hand_coding.session_study import NOTES, make_folder, session

MARKS = [
    ("A", "P1-R1", "She came early.", "work"),  # same
    ("B", "P1-R1", "She came early.", "work"),
    ("A", "P1-R1", "I trust nobody", "distrust"),  # other code
    ("B", "P1-R1", "I trust nobody 🙂", "trust"),
    ("A", "P1-R1", "Perché no?", "trust"),  # missed by B
    ("A", "P1-R2", "I trust one of them", "trust"),  # other bounds
    ("B", "P1-R2", "“I trust one of them.”", "trust"),
    ("B", "P1-R2", "It was late", "work"),  # missed by A
    ("A", "P2-R1", "Er sagt", "work"),  # not read by B: nothing to compare
]


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "study", marks=MARKS)


def test_kinds_of_agreement_and_disagreement(folder):
    with session(folder, coder="agreed") as c:
        table = c.compare("A", "B")
        told = table[["interview", "kind", "first_code", "second_code"]].values.tolist()
    assert told == [
        ["P1-R1", "same", "work", "work"],
        ["P1-R1", "other code", "distrust", "trust"],
        ["P1-R1", "missed", "trust", ""],
        ["P1-R2", "other bounds", "trust", "trust"],
        ["P1-R2", "missed", "", "work"],
    ]
    assert (table["decided"] == "").all()


def test_reading_a_note_makes_it_comparable(folder):
    with session(folder, coder="B") as c:
        c.read("P2-R1")
    with session(folder, coder="agreed") as c:
        table = c.compare("A", "B", interview="P2-R1")
        assert table[["kind", "first_code"]].values.tolist() == [["missed", "work"]]


def test_decisions_make_a_third_set_with_reasons(folder):
    with session(folder, coder="agreed") as c:
        cases = c.compare("A", "B")["case"].tolist()
        who = {"first": "A", "second": "B"}
        with pytest.raises(qq.QuidqualError, match="needs a reason"):
            c.decide(cases[1], take="first", **who)
        c.decide(cases[0], take="both", **who)
        c.decide(cases[1], take="second", reason="it is about trust", **who)
        c.decide(cases[2], take="neither", reason="a question only", **who)
        c.decide(cases[3], take="first", reason="the words suffice", **who)
        c.decide(cases[4], take="second", reason="seen by B only", **who)
        third = c.study.codings.query("coder == 'agreed'")
        assert third[["code", "exact", "memo"]].values.tolist() == [
            ["work", "She came early.", ""],
            ["trust", "I trust nobody 🙂", "it is about trust"],
            ["trust", "I trust one of them", "the words suffice"],
            ["work", "It was late", "seen by B only"],
        ]
        assert c.compare("A", "B")["decided"].tolist() == [
            "both",
            "second",
            "neither",
            "first",
            "second",
        ]
        assert c.study.codings.groupby("coder").size().to_dict() == {"A": 5, "B": 4, "agreed": 4}
        from quidqual.hand_coding.adjudication import decisions_of

        assert decisions_of(c)["reason"].tolist()[2] == "a question only"


def test_a_note_that_both_have_read_is_read_once_all_is_decided(tmp_path):
    folder = make_folder(tmp_path / "study", marks=MARKS[:-1])
    for coder in ("A", "B"):
        with session(folder, coder=coder) as c:
            c.read("P1-R1", "P2-R1")  # P2-R1: both found nothing; P1-R2: neither said so
    with session(folder, coder="agreed") as c:
        cases = c.compare("A", "B", interview="P1-R1")["case"].tolist()
        who = {"first": "A", "second": "B", "take": "first", "reason": "r"}
        c.decide(cases[:1], **who)
        assert c.state.read == {"P2-R1"}
        c.decide(cases[1:], **who)
        assert c.state.read == {"P1-R1", "P2-R1"}
        c.undo()
        assert c.state.read == {"P2-R1"}


def test_a_decision_can_be_changed_and_taken_back(folder):
    with session(folder, coder="agreed") as c:
        case = c.compare("A", "B")["case"].tolist()[1]
        who = {"first": "A", "second": "B"}
        c.decide(case, take="first", reason="one", **who)
        c.decide(case, take="both", reason="two", **who)
        assert sorted(c.codings["code"]) == ["distrust", "trust"]
        c.decide(case, take="neither", reason="three", **who)
        assert len(c.codings) == 0
        assert c.compare("A", "B").set_index("case").loc[case, "decided"] == "neither"
        c.undo()
        assert sorted(c.codings["code"]) == ["distrust", "trust"]
        assert c.compare("A", "B").set_index("case").loc[case, ["decided", "reason"]].tolist() == [
            "both",
            "two",
        ]
        c.undo(), c.undo()
        assert c.compare("A", "B").set_index("case").loc[case, "decided"] == ""
        assert len(c.codings) == 0
        c.redo()
        assert c.compare("A", "B").set_index("case").loc[case, "decided"] == "first"


def test_the_third_set_is_counted_like_any_other(folder):
    with session(folder, coder="agreed") as c:
        for case in c.compare("A", "B")["case"]:
            c.decide(case, take="first", reason="r", first="A", second="B")
        c.read(*[i for i in NOTES if i.startswith("P1")])
        table = qq.presence(c.study, coder="agreed", codes="trust", participants="P1")
    assert table["state"].tolist() == ["present", "present"]
