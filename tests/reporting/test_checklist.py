"""Reporting checklists: what data fill, what someone declared, what is missing, what does not apply."""

from __future__ import annotations

import pytest

import quidqual as qq
from quidqual.reporting.checklist import CHECKLISTS, checklist, checklist_markdown, load_checklist
from quidqual.reporting.checklist_answers import ANSWERS, FROM_LEDGER
from quidqual.study.errors import QuidqualError
from tests.reporting.conftest import study_of


def by_item(frame):
    return frame.set_index("item")


@pytest.mark.parametrize(("which", "n"), [("coreq", 32), ("srqr", 21), ("rtarg", 26)])
def test_every_item_is_there_once(which, n):
    frame = checklist(study_of(), which)
    assert frame["item"].tolist() == list(range(1, n + 1))
    assert set(frame["status"]) <= {"filled", "declared", "MISSING", "not applicable"}
    assert set(frame["corpus"]) == {"synthetic"}
    assert all(len(question.split()) < 16 for question in frame["question"])
    for row in frame.itertuples():
        assert row.source
        assert row.answer or row.status == "MISSING"


def test_every_rule_has_its_answer():
    for which in CHECKLISTS:
        for item in load_checklist(which)["items"]:
            assert item.get("fill", "coders") in {*ANSWERS, *FROM_LEDGER}
            assert "fill" in item or "declare" in item


def test_the_example_is_filled_from_its_tables():
    found = by_item(checklist(qq.load_example(), "coreq"))
    assert found.loc[12, "answer"] == "9 participants: 4 Survivors, 5 Staff."
    # held: S2 and S3 four times; S1, S4, T1, T2, T4 three times; T3 and W1 twice
    assert found.loc[18, "answer"] == (
        "4 rounds, 27 interviews: 2 participants 4 times, 5 participants 3 times, 2 participants twice."
    )
    assert found.loc[14, "answer"].startswith("Interviews: 24 in person, 3 video.")
    assert found.loc[21, "answer"].startswith("45 to 75 minutes")
    assert found.loc[4, "status"] == "MISSING"
    assert found.loc[4, "source"] == "to write: study.toml, [reporting] gender"


def test_what_data_answer_in_part_stays_missing_until_declared():
    before = by_item(checklist(study_of(), "coreq")).loc[13]
    assert before["status"] == "MISSING"
    assert "P2-R2" in before["answer"]
    after = by_item(checklist(study_of(reporting={"refusals": "Nobody declined."}), "coreq")).loc[
        13
    ]
    assert after["status"] == "filled"
    assert after["answer"].endswith("Nobody declined.")


def test_what_no_table_holds_can_be_declared_once():
    study = study_of(reporting={"gender": "Two women.", "funding": ["A fund", "No part in it"]})
    assert by_item(checklist(study, "coreq")).loc[4, ["answer", "status"]].tolist() == [
        "Two women.",
        "declared",
    ]
    assert by_item(checklist(study, "srqr")).loc[21, "answer"] == "A fund; No part in it"


def test_a_reflexive_study_is_told_why_saturation_and_kappa_do_not_apply():
    study = study_of(approach="reflexive", coders=("A", "B"))
    coreq, rtarg = by_item(checklist(study, "coreq")), by_item(checklist(study, "rtarg"))
    assert coreq.loc[22, "status"] == "not applicable"
    assert "saturation" in coreq.loc[22, "answer"].lower()
    assert rtarg.loc[15, "status"] == "not applicable"
    assert "kappa" in rtarg.loc[15, "answer"]
    assert rtarg.loc[6, "status"] == "MISSING"
    assert by_item(checklist(study_of(), "coreq")).loc[22, "status"] == "MISSING"
    assert by_item(checklist(study_of(), "rtarg")).loc[6, "status"] == "not applicable"


def test_saturation_is_described_and_its_discussion_left_to_write():
    study = qq.load_example()
    row = checklist(study, "coreq").set_index("item").loc[22]
    used = study.codings.query("coder == 'A'")["code"].nunique()
    assert row["answer"].startswith(
        f"{used} codes in 9 participants. After 5 participants the next 2"
    )
    assert row["status"] == "MISSING"


def test_as_markdown_no_cell_breaks_the_table():
    study = study_of(reporting={"gender": "a | b\nc \\"})
    lines = checklist_markdown(checklist(study, "coreq"), "coreq").splitlines()
    row = next(line for line in lines if line.startswith("| 4 |"))
    assert row.count(" | ") == 4
    assert "a \\| b c \\\\" in row
    assert "Division and numbering" in checklist_markdown(checklist(study, "rtarg"), "rtarg")


def test_another_name_is_refused():
    with pytest.raises(QuidqualError, match="not 'prisma'"):
        checklist(study_of(), "prisma")


def test_the_documentation_names_every_key_that_can_be_declared(root):
    keys = {i["declare"] for w in CHECKLISTS for i in load_checklist(w)["items"] if "declare" in i}
    text = (root / "docs" / "report.md").read_text("utf-8")
    told = text.split("Keys: `", 1)[1].split("`", 1)[0]
    assert {key.strip() for key in told.replace("\n", " ").split(",")} == keys


def test_what_is_not_recorded_is_told_and_not_left_out():
    """Four interviews: one missed, one without a note, one without mode and length; B found nothing."""
    people = ("P1", "P2", "P3", "P4")
    talks = [
        {"interview": p, "participant": p, "round": "R1", "mode": "video", "minutes": 40}
        for p in people
    ]
    talks[1] |= {"mode": "", "minutes": ""}
    talks[3] |= {"status": "missed", "mode": "", "minutes": ""}
    study = qq.Study.from_tables(
        title="t", corpus="real", rounds=["R1"],
        participants=[{"participant": p, "group": "g"} for p in people], interviews=talks,
        notes={"P1": "I stay.", "P2": "I stay."},
        codebook=[{"id": "c", "asked": {"rounds": ["R1"]}}],
        codings=[{"interview": "P1", "exact": "stay", "code": "c", "coder": "A"}],
        reads=[{"coder": "B", "interview": "P2"}], settings={"primary_coder": "A"},
    )  # fmt: skip
    answers = set(qq.reporting.checklist(study, "coreq")["answer"])
    answers |= set(qq.reporting.checklist(study, "srqr")["answer"])
    for right in (
        "2 notes (1 interview held without one).",
        "40 to 40 minutes, median 40 (2 of 3 interviews with a length noted).",
        "1 round, 3 interviews: 3 participants once, 1 participant never.",
        "Interviews: 2 video, 1 not recorded.",
        "2 coders (A: 1 coding in 1 interview; B: 0 codings in 0 interviews).",
        "The codebook says of 1 code where it was asked: in some rounds (R1) only.",
    ):
        assert right in answers, (right, sorted(answers))
    assert not any("was measured" in answer for answer in answers)
