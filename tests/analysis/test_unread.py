"""A note that nobody read tells nothing, and what nobody was asked is no silence."""

from __future__ import annotations

import pandas as pd
import pytest

import quidqual as qq
from quidqual.analysis.presence import unread_notes
from quidqual.study.model import Study


def four_people(**more):
    """Four people, one round each; A coded two of the four notes."""
    people = ["S1", "S2", "S3", "S4"]
    given = {
        "title": "Half coded",
        "corpus": "synthetic",
        "rounds": [{"round": "R1"}],
        "participants": [{"participant": p, "group": "surv"} for p in people],
        "interviews": [{"interview": p, "participant": p, "round": "R1"} for p in people],
        "notes": dict.fromkeys(people, "I trust nobody here."),
        "codebook": [{"id": "c"}, {"id": "d"}],
        "codings": [
            {"coder": "A", "interview": p, "start": 2, "end": 7, "code": "c"} for p in ("S1", "S2")
        ],
    }
    return Study.from_tables(**{**given, **more})


def label(study, code="c", **arguments):
    counted = qq.prevalence(qq.presence(study, **arguments))
    return counted.loc[counted["code"] == code, "label"].item()


def test_a_half_coded_study_counts_the_notes_that_were_read():
    study = four_people()
    table = qq.presence(study)
    assert label(study) == "2 of 2"  # not "2 of 4"
    assert set(table.loc[table["participant"].isin(["S3", "S4"]), "reason"]) == {"unread"}
    assert unread_notes(table) == "2 notes unread"


def test_a_study_may_say_that_all_was_read():
    study = four_people(settings={"uncoded": "absent"})
    assert label(study) == "2 of 4"
    assert unread_notes(qq.presence(study)) == ""
    assert label(study, uncoded="not_observed") == "2 of 2"
    assert label(four_people(), uncoded="absent") == "2 of 4"


def test_notes_that_a_coder_marked_are_read_and_no_others():
    study = four_people(settings={"coders": {"A": {"covers": ["S1", "S3"]}}})
    table = qq.presence(study).set_index(["participant", "code"])
    assert table.loc[("S3", "c"), "state"] == "absent"
    # S2 holds a coding but is not finished: the code is there, the silence of d says nothing
    assert table.loc[("S2", "c"), "state"] == "present"
    assert table.loc[("S2", "d"), ["state", "reason"]].tolist() == ["not_observed", "unread"]
    assert table.loc[("S4", "c"), "reason"] == "unread"


def test_each_coder_has_her_own_reading():
    codings = [
        {"coder": coder, "interview": p, "start": 2, "end": 7, "code": "c"}
        for coder, p in (("A", "S1"), ("B", "S2"))
    ]
    study = four_people(codings=codings)
    assert label(study, coder="A") == "1 of 1"
    assert label(study, coder=["A", "B"]) == "2 of 2"


def test_unread_notes_count_in_no_table_of_codes_together():
    study = four_people()
    together = qq.cooccurrence(study, within="interview")
    assert together.empty  # d was never coded
    assert qq.richness(study).units == 2


@pytest.fixture
def volunteered(study_of):
    """The workshop is asked about in R3 only; S1 speaks of it in R1."""
    return qq.presence(study_of(codings=[("A", "S1-R1", "workshop"), ("A", "S2-R3", "workshop")]))


def test_what_was_said_unasked_is_marked_and_in_no_denominator(volunteered):
    rows = volunteered[volunteered["code"] == "workshop"]
    first = rows[(rows["participant"] == "S1") & (rows["round"] == "R1")]
    assert first[["state", "reason"]].to_numpy().tolist() == [["present", "volunteered"]]
    counted = qq.prevalence(rows, by=("code", "round"))
    assert counted["label"].tolist() == ["1 volunteered", "not observed", "1 of 3"]
    assert counted["n_volunteered"].tolist() == [1, 0, 0]
    # over all rounds S1 was asked in R3, so S1 counts, and did say it
    assert qq.prevalence(rows, by="code")["label"].tolist() == ["2 of 3"]
    mentions = qq.prevalence(rows, by=("code", "round"), denominator="mentions")
    assert mentions["label"].tolist() == ["1 of 1", "not observed", "1 of 1"]


def test_no_direction_is_read_from_what_was_said_unasked(volunteered):
    changed = qq.change(volunteered).set_index(["participant", "code"])
    # R1 was not asked, so R3 alone speaks: nothing can be said about change
    assert changed.loc[("S1", "workshop"), "kind"] == "unknown"
    assert "workshop" not in set(qq.counter_movement(volunteered)["code"].astype(str))
    moved = qq.between_rounds(volunteered).set_index("code")
    assert moved.loc["workshop", ["not_again", "n", "n_left_out"]].tolist() == [0, 0, 3]
    both = qq.cross_sections(volunteered).set_index(["code", "round"])
    assert both.loc[("workshop", "R1"), "n"] == 0


def test_never_when_asked_but_said_unasked_is_not_never():
    frame = pd.DataFrame(
        [
            ("p", "R1", "present", "volunteered"),
            ("p", "R2", "absent", ""),
            ("p", "R3", "absent", ""),
        ],
        columns=["participant", "round", "state", "reason"],
    ).assign(code="x")
    assert qq.change(frame)[["kind", "simple"]].to_numpy().tolist() == [["unknown", "not observed"]]


def test_a_topic_that_was_not_asked_is_no_gap():
    rows = [("p", "R1", "present", ""), ("p", "R3", "present", "")]
    columns = ["participant", "round", "state", "reason"]
    for reason, simple in (("not_asked", "constant"), ("not_due", "constant"),
                           ("missed", "persisted"), ("unread", "persisted")):  # fmt: skip
        frame = pd.DataFrame([*rows, ("p", "R2", "not_observed", reason)], columns=columns)
        assert qq.change(frame.assign(code="x"))["simple"].tolist() == [simple], reason


def test_a_parent_is_present_where_a_child_is(study_of):
    book = [{"id": "th"}, {"id": "mid", "parent": "th"}, {"id": "leaf", "parent": "mid"}]
    study = study_of(
        codebook=book, codings=[("A", "S1-R1", "leaf", 0, 4), ("A", "S1-R1", "mid", 0, 4)]
    )
    table = qq.presence(study, participants="S1", rounds="R1").set_index("code")
    assert table["state"].tolist() == ["present"] * 3
    assert table["n_codings"].tolist() == [1, 1, 1]  # one passage, under both
    assert table["n_own"].tolist() == [0, 1, 1]
    shares = qq.prevalence(table.reset_index(), denominator="mentions")
    assert shares["label"].tolist() == ["1 of 2", "1 of 2", "1 of 2"]
    assert qq.prevalence(table.reset_index(), by=(), denominator="mentions")["k"].item() == 2
    assert qq.richness(qq.presence(study)).observed == 2  # th is a heading here, not one code more
    measured = qq.intensity(study, participants="S1", rounds="R1").set_index("code")
    assert measured.loc["th", "words"] == measured.loc["leaf", "words"] > 0


@pytest.mark.parametrize(
    ("language", "text", "reason"),
    [
        ("it", "Dice: «mi fido».", ""),
        ("de", "Sie sagt „ja“.", ""),
        ("en", "She says: “I trust”.", ""),
        ("en", "She trusts, I think.", "no_verbatim"),
    ],
)
def test_own_words_are_marked_as_in_the_language_of_the_note(language, text, reason):
    study = Study.from_tables(
        title="t", corpus="synthetic", rounds=[{"round": "R1"}],
        participants=[{"participant": "P", "group": "g", "language": language}],
        interviews=[{"interview": "P", "participant": "P", "round": "R1", "language": language}],
        notes={"P": text}, codebook=[{"id": "c"}], settings={"uncoded": "absent"},
    )  # fmt: skip
    assert qq.presence(study, speech="verbatim")["reason"].tolist() == [reason]
    if not reason:
        words = qq.keyness(
            {"a": text, "b": "x x x"}, target="a", least=1
        )  # all words; beside them only the spoken ones:
        from quidqual.word_use.words import words_of

        spoken = words_of(study, speech="verbatim")["form"].tolist()
        assert 0 < len(spoken) < len(words)
