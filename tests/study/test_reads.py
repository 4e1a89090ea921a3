"""Who has read what: recorded, never guessed; unread is not absent."""

from __future__ import annotations

import json

import pytest
from pandas.errors import Pandas4Warning

import quidqual as qq
from quidqual.study.log_append import append

ALL = frozenset({"P1-R1", "P1-R2", "P2-R1"})


def mark(folder, coder, *interviews, op="read", at="2021-08-01T09:00:00Z"):
    append(
        folder,
        coder,
        [{"op": op, "id": f"{coder}{i}", "at": at, "coder": coder, "interview": i}
         for i in interviews],
    )  # fmt: skip


def settings(folder, line):
    path = folder / "study.toml"
    path.write_text(path.read_text("utf-8").replace('uncoded = "absent"\n', line), "utf-8")


@pytest.mark.parametrize(
    ("line", "marks", "right"),
    [
        ("", [], {"P1-R1", "P1-R2"}),  # the two with a coding
        ('uncoded = "not_observed"\n', [], {"P1-R1", "P1-R2"}),
        ('uncoded = "absent"\n', [], ALL),
        ("", ["P2-R1"], {"P2-R1"}),  # marked: exactly those
        ('uncoded = "absent"\n', ["P2-R1", "P1-R1"], {"P2-R1", "P1-R1"}),
        ("", ["P2-R2", "P2-R1"], {"P2-R1"}),  # P2-R2 has no note
    ],
)
def test_which_notes_a_coder_has_read(small, line, marks, right):
    settings(small, line)
    if marks:
        mark(small, "A", *marks)
    study = qq.open_study(small)
    assert study.notes_read("A") == right
    assert study.notes_read() == right
    assert study.reads["interview"].tolist() == sorted(marks)
    again = qq.open_study(study.save(small.parent / "copy"))
    assert again == study
    assert again.hash == study.hash
    assert again.reads.equals(study.reads)


def test_a_coder_who_read_everything_and_found_nothing(small):
    settings(small, "")
    mark(small, "B", *sorted(ALL))
    study = qq.open_study(small)
    assert study.coders == ("A", "B")
    assert study.notes_read("B") == ALL
    assert study.notes_read("A") == {"P1-R1", "P1-R2"}
    assert study.notes_read() == study.notes_read(["A", "B"]) == ALL
    assert qq.validate(small).empty


def test_the_primary_coder_is_the_one_asked(small):
    settings(small, 'primary_coder = "A"\n')
    mark(small, "B", "P2-R1")
    assert qq.open_study(small).notes_read() == {"P1-R1", "P1-R2"}


def test_what_the_study_says_a_coder_covers_is_what_she_read(small):
    path = small / "study.toml"
    path.write_text(path.read_text("utf-8") + '\n[coders.A]\ncovers = ["P1-R2"]\n', "utf-8")
    assert qq.open_study(small).notes_read("A") == {"P1-R2"}
    path.write_text(path.read_text("utf-8").replace('["P1-R2"]', '"all"'), "utf-8")
    assert qq.open_study(small).notes_read("A") == ALL


def test_unread_takes_a_mark_back(small):
    mark(small, "A", "P2-R1", "P1-R1")
    mark(small, "A", "P2-R1", op="unread")
    assert qq.open_study(small).notes_read("A") == {"P1-R1"}
    mark(small, "A", "P2-R1")
    assert qq.open_study(small).notes_read("A") == {"P1-R1", "P2-R1"}


def test_validate_says_how_many_notes_nobody_has_read(small):
    settings(small, "")
    found = qq.validate(small)
    assert found[["level", "file", "field"]].values.tolist() == [
        ["warning", "study.toml", "uncoded"]
    ]
    assert "nobody has read 1 of 3 notes" in found["message"][0]
    assert qq.open_study(small).problems.equals(found)


def test_a_mark_on_no_interview_is_an_error(small):
    mark(small, "A", "P9-R9")
    found = qq.validate(small)
    assert found["level"].tolist() == ["error", "warning"]
    assert "not an interview" in found["message"][0]


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"op": "memo_on_code", "id": "m"}, "op"),
        ({"op": ["add"], "id": "m"}, "op"),
        ({"id": "m"}, "op"),
        ({"op": "read", "id": "m", "coder": "A", "at": ""}, "interview"),
        ({"op": "read", "id": "m", "coder": "A", "at": "", "interview": 3}, "interview"),
        ({"op": "read", "id": "m", "coder": "B", "at": "", "interview": "P1-R1"}, "coder"),
    ],
)
def test_a_line_of_tomorrow_or_of_nonsense_is_a_problem_with_a_remedy(small, entry, field):
    log = small / "codings/A.jsonl"
    log.write_text(log.read_text("utf-8") + json.dumps(entry) + "\n", "utf-8")
    found = qq.validate(small)
    assert found[["level", "file", "row", "field"]].values.tolist() == [
        ["error", "codings/A.jsonl", 3, field]
    ]
    assert found["remedy"][0]


def test_an_unknown_coder_is_refused(small):
    with pytest.raises(qq.QuidqualError, match=r"coder must be 'A', not 'Z'"):
        qq.open_study(small).notes_read("Z")


def test_marks_from_tables(small):
    study = qq.open_study(small)
    again = qq.Study.from_tables(
        title="x", corpus="synthetic", rounds=study.rounds, participants=study.participants,
        interviews=study.interviews, notes=study.raw.notes, codebook=study.codebook,
        reads=[{"coder": "C", "interview": "P1-R1"}] * 2,
    )  # fmt: skip
    assert again.reads[["coder", "interview", "at"]].values.tolist() == [["C", "P1-R1", ""]]
    with pytest.raises(qq.QuidqualError, match="field 'interview': the column is missing"):
        qq.Study.from_tables(
            title="x", corpus="real", rounds=["R"], participants=[], interviews=[], notes={},
            reads=[{"coder": "C"}],
        )  # fmt: skip


def test_a_study_does_not_change(small):
    study = qq.open_study(small)
    mark(small, "A", "P1-R1")
    study = qq.open_study(small)
    before, first = study.hash, qq.presence(study)
    frames = (
        "participants",
        "interviews",
        "notes",
        "segments",
        "codings",
        "lost",
        "rounds",
        "reads",
    )
    for name in frames:
        frame = getattr(study, name)
        whole = frame.copy(deep=True)
        for column in frame.columns:
            frame[column] = None
        frame.loc[0, "more"] = 1
        frame = getattr(study, name)
        with pytest.warns(Pandas4Warning):
            frame.drop(frame.index, inplace=True)  # noqa: PD002
        frame = getattr(study, name)
        frame.columns = range(whole.shape[1])
        assert getattr(study, name).equals(whole), name
    codes, problems = study.codebook.frame, study.problems
    codes["id"] = problems["level"] = "x"
    study.settings["rounds"].clear()
    raw = study.raw
    raw.settings["title"] = raw.settings["languages"][0] = raw.notes["P1-R1"] = "x"
    raw.notes.clear()
    raw.participants["group"] = raw.codings["code"] = raw.interviews["round"] = "x"
    raw.reads["interview"] = "x"
    assert "x" not in set(study.codebook.frame["id"])
    again = qq.open_study(small)
    assert study == again
    del study.__dict__["hash"]
    assert study.hash == before == again.hash
    assert qq.presence(study).equals(first)


def test_a_note_marked_as_read_is_read_also_under_the_careful_reading():
    """The study says that all were read; asked not to suppose it, what was marked still is."""
    study = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R1"],
        participants=[{"participant": p, "group": "g"} for p in ("P1", "P2", "P3")],
        interviews=[
            {"interview": p, "participant": p, "round": "R1"} for p in ("P1", "P2", "P3")
        ],
        notes=dict.fromkeys(("P1", "P2", "P3"), "I stay."), codebook=["c"],
        codings=[{"interview": "P1", "exact": "stay", "code": "c", "coder": "A"}],
        reads=[{"coder": "B", "interview": "P2"}], settings={"uncoded": "absent"},
    )  # fmt: skip
    assert qq.presence(study, uncoded="not_observed")["reason"].tolist() == ["", "", "unread"]


def test_it_is_the_primary_coder_who_has_not_read():
    study = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R1"],
        participants=[{"participant": p, "group": "g"} for p in ("P1", "P2")],
        interviews=[{"interview": p, "participant": p, "round": "R1"} for p in ("P1", "P2")],
        notes=dict.fromkeys(("P1", "P2"), "I stay."), codebook=["c"],
        codings=[{"interview": "P1", "exact": "stay", "code": "c", "coder": "A"}],
        reads=[{"coder": "B", "interview": "P2"}], settings={"primary_coder": "A"},
    )  # fmt: skip
    (message,) = study.problems["message"]
    assert message.startswith("the primary coder 'A' has not read 1 of 2 notes")


def test_a_coder_who_covers_all_and_found_nothing_is_a_coder():
    """B is declared in study.toml only: she read both notes, so c is absent in both."""
    study = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R1"],
        participants=[{"participant": p, "group": "g"} for p in ("P1", "P2")],
        interviews=[{"interview": p, "participant": p, "round": "R1"} for p in ("P1", "P2")],
        notes=dict.fromkeys(("P1", "P2"), "I stay."), codebook=["c"],
        codings=[{"interview": "P1", "exact": "stay", "code": "c", "coder": "A"}],
        settings={"coders": {"B": {"covers": "all"}}, "primary_coder": "A"},
    )  # fmt: skip
    assert study.coders == ("A", "B")
    assert qq.prevalence(qq.presence(study, coder="B"))["label"].tolist() == ["0 of 2"]
    found = qq.agreement.agreement(study, unit="interview", coefficients=["percent"])
    assert found["n_units"].tolist() == [2]


def test_what_is_covered_must_be_there():
    study = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R1"],
        participants=[{"participant": "P1", "group": "g"}],
        interviews=[{"interview": "P1", "participant": "P1", "round": "R1"}],
        notes={"P1": "I stay."}, codebook=["c"], settings={"coders": {"B": {"covers": ["zz"]}}},
    )  # fmt: skip
    assert "'B' covers 'zz', which is not an interview." in study.problems["message"].tolist()


@pytest.mark.parametrize("wrong", ["x", ["x"], {"A": "x"}, {"A": {"covers": 3}}])
def test_coders_of_another_form_are_one_problem(wrong):
    with pytest.raises(qq.QuidqualError, match="it must be of type"):
        qq.Study.from_tables(
            title="t", corpus="synthetic", rounds=["R1"],
            participants=[{"participant": "P1", "group": "g"}],
            interviews=[{"interview": "P1", "participant": "P1", "round": "R1"}],
            notes={"P1": "I stay."}, settings={"coders": wrong},
        )  # fmt: skip
