"""Tables as researchers have them in memory: any dtype, holes, names that are numbers."""

import numpy as np
import pandas as pd
import pytest

import quidqual as qq

INTERVIEWS = pd.DataFrame(
    {"interview": ["a", "b"], "participant": ["P", "P"], "round": ["R1", "R2"]}
)
CODING = {"interview": "a", "start": 2, "end": 6, "code": "home"}


def make(**changed):
    given = {
        "title": "t",
        "corpus": "synthetic",
        "rounds": ["R1", "R2"],
        "participants": [{"participant": "P", "group": "g"}],
        "interviews": INTERVIEWS,
        "notes": {"a": "I stay.", "b": "I go."},
        "codebook": ["home", "go"],
        "codings": [CODING],
    } | changed
    return qq.Study.from_tables(**given)


@pytest.mark.parametrize(
    "changed",
    [
        {"rounds": pd.DataFrame({"round": ["R1", "R2"], "label": ["One", np.nan]})},
        {"rounds": [{"round": "R1", "start": np.nan}, {"round": "R2", "start": pd.NaT}]},
        {"rounds": [1, 2], "interviews": INTERVIEWS.assign(round=[1, 2])},
        {"interviews": INTERVIEWS.astype("category")},
        {"interviews": INTERVIEWS.assign(minutes=pd.array([45, None], dtype="Int64"))},
        {"participants": [{"participant": "P", "group": "g", "about": " a\r\nb "}]},
        {"codings": [CODING | {"coder": 1, "at": pd.Timestamp("2021-01-01", tz="Europe/Rome")}]},
        {"codings": pd.DataFrame([CODING]).astype({"start": "Int64", "code": "category"})},
        {"codebook": pd.DataFrame({"id": ["home", "go"], "parent": [None, "home"]})},
        {"codebook": {"codes": [{"id": "home"}]}},
        {"codebook": make().codebook.frame},
    ],
)
def test_what_is_meant_is_taken_and_survives_saving(changed, tmp_path):
    study = make(**changed)
    assert study.codings[["code", "exact"]].values.tolist() == [["home", "stay"]]
    assert qq.open_study(study.save(tmp_path / "s")) == study


def test_names_in_another_unicode_form_are_the_same_names():
    decomposed = "e\u0301"
    study = make(
        interviews=INTERVIEWS.replace("a", decomposed),
        notes={decomposed: "I stay.", "b": "I go."},
        codings=[CODING | {"interview": "\xe9"}],
    )
    assert study.codings["exact"].tolist() == ["stay"]


def test_a_time_with_a_zone_is_written_in_utc():
    at = pd.Timestamp("2021-01-01 01:00", tz="Europe/Rome")
    assert make(codings=[CODING | {"at": at}]).codings["at"].tolist() == ["2021-01-01T00:00:00Z"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"codings": [CODING | {"start": 2.5}]}, "must be a whole number"),
        ({"codings": [CODING | {"start": "x"}]}, "must be a whole number"),
        ({"codings": [CODING | {"weight": "much"}]}, "must be a number"),
        ({"codings": [CODING | {"end": 600}]}, "reaches out of the note"),
        ({"codings": [CODING | {"interview": None}]}, "not an interview"),
        ({"codings": ["home"]}, "each row must be a mapping"),
        ({"participants": [{"participant": "P", "group": ["g"]}]}, "holds a list"),
        ({"notes": {"a": None}}, "not text"),
        ({"notes": {"a": "I stay \ud800"}}, "not text"),
        ({"notes": {"z": "I stay"}}, "not an interview"),
        ({"notes": ["I stay"]}, "must map"),
        ({"codebook": [{"label": "home"}]}, "no id"),
        ({"codebook": [5]}, "no id"),
        ({"claims": [{"id": "x"}]}, "missing"),
        ({"claims": [{"id": "x", "kind": "what", "summary": "s"}]}, "not allowed"),
    ],
)
def test_what_cannot_be_meant_is_refused(changed, words):
    with pytest.raises(qq.QuidqualError, match=words) as caught:
        make(**changed)
    assert "stay" not in str(caught.value)


def test_participants_who_look_alike_are_told():
    """A blank of no width, or a capital, makes two people of one."""
    people = ["P1", "p1", "P1\u200b", "P10"]
    made = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R1"],
        participants=[{"participant": p, "group": "g"} for p in people],
        interviews=[
            {"interview": f"i{n}", "participant": p, "round": "R1", "status": "missed"}
            for n, p in enumerate(people)
        ],
        notes={},
    )  # fmt: skip
    alike = made.problems[made.problems["message"].str.contains("look alike")]
    assert alike["row"].tolist() == [3, 4]


def test_a_round_of_another_name_is_one_problem_however_many_interviews():
    people = ("P1", "P2", "P3")
    with pytest.raises(qq.QuidqualError) as raised:
        qq.Study.from_tables(
            title="t", corpus="synthetic", rounds=["W1"],
            participants=[{"participant": p, "group": "g"} for p in people],
            interviews=[
                {"interview": p, "participant": p, "round": "R1", "status": "missed"}
                for p in people
            ],
            notes={},
        )  # fmt: skip
    rounds = [p for p in raised.value.problems if p.field == "round"]
    assert [(p.row, p.message) for p in rounds] == [(2, "'R1' is not a round (3 interviews).")]
