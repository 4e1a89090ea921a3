"""Three values, and never one taken for another."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import quidqual as qq
from quidqual.study.errors import QuidqualError
from tests.conftest import make_study

CODINGS = [
    ("A", "S1-R1", "trust"),
    ("A", "S1-R2", "trust"),
    ("A", "S1-R2", "friends"),
    ("A", "S2-R1", "past"),
    ("A", "T1-R1", "past"),
    ("A", "T1-R3", "workshop"),
]


def cell(table, participant, round_, code, column="state"):
    row = table[
        (table["participant"] == participant) & (table["round"] == round_) & (table["code"] == code)
    ]
    assert len(row) == 1
    return row[column].iloc[0]


def test_one_row_a_cell_with_the_documented_columns(study_of):
    table = qq.presence(study_of(codings=CODINGS))
    assert list(table.columns) == [
        "participant", "group", "round", "code", "theme", "code_kind", "state", "n_codings",
        "n_own", "reason",
        "interview", "corpus",
    ]  # fmt: skip
    assert len(table) == 3 * 3 * 4
    assert list(table["code"].cat.categories) == ["trust", "friends", "past", "workshop"]
    assert table["code"].cat.ordered
    assert table["round"].cat.ordered
    assert list(table["state"].cat.categories) == ["present", "absent", "not_observed"]
    assert table["n_codings"].dtype == "Int64"
    assert isinstance(table.index, pd.RangeIndex)
    assert (table["corpus"] == "synthetic").all()
    assert table[["participant", "round", "code"]].equals(
        table[["participant", "round", "code"]].sort_values(["participant", "round", "code"])
    )


def test_the_three_states_and_their_reasons(study_of):
    table = qq.presence(study_of(codings=CODINGS, not_held={"S2-R2": "missed", "S2-R3": "not_due"}))
    assert cell(table, "S1", "R1", "trust") == "present"
    assert cell(table, "S1", "R3", "trust") == "absent"
    assert cell(table, "S1", "R3", "trust", "n_codings") == 0
    for round_, reason in (("R2", "missed"), ("R3", "not_due")):
        assert cell(table, "S2", round_, "trust") == "not_observed"
        assert cell(table, "S2", round_, "trust", "reason") == reason
        assert cell(table, "S2", round_, "trust", "n_codings") is pd.NA
    # past is asked of survivors only; T1 raised it unasked in R1, and only there.
    assert cell(table, "T1", "R1", "past") == "present"
    assert cell(table, "T1", "R2", "past") == "not_observed"
    assert cell(table, "T1", "R2", "past", "reason") == "not_asked"
    assert cell(table, "S1", "R2", "past") == "absent"
    # the workshop is asked about in R3 only
    assert cell(table, "S1", "R2", "workshop", "reason") == "not_asked"
    assert cell(table, "S1", "R3", "workshop") == "absent"


def test_a_held_interview_without_a_note_is_not_absence(study_of):
    table = qq.presence(study_of(codings=CODINGS, texts={"S2-R2": " \n "}))
    assert cell(table, "S2", "R2", "trust") == "not_observed"
    assert cell(table, "S2", "R2", "trust", "reason") == "no_note"


def test_notes_that_a_coder_did_not_read_are_not_observed_by_that_coder(study_of):
    study = study_of(codings=[*CODINGS, ("B", "S1-R1", "friends")], primary="A")
    second = qq.presence(study, coder="B")
    assert cell(second, "S1", "R1", "trust") == "absent"
    assert cell(second, "S1", "R2", "trust") == "not_observed"
    assert cell(second, "S1", "R2", "trust", "reason") == "unread"
    assert cell(qq.presence(study), "S1", "R1", "friends") == "absent"  # A is the primary coder
    assert cell(qq.presence(study, coder=["A", "B"]), "S1", "R1", "friends") == "present"


def test_uncoded_notes_can_be_read_as_not_observed(study_of):
    study = study_of(codings=CODINGS, settings={"uncoded": "absent"})
    assert cell(qq.presence(study), "S2", "R3", "trust") == "absent"
    careful = qq.presence(study, uncoded="not_observed")
    assert cell(careful, "S2", "R3", "trust", "reason") == "unread"
    assert cell(careful, "S1", "R2", "past") == "absent"


def test_theme_level(study_of):
    table = qq.presence(study_of(codings=CODINGS), level="theme")
    assert list(table["code"].cat.categories) == ["ties", "self"]
    assert cell(table, "S1", "R2", "ties") == "present"
    assert cell(table, "S1", "R2", "ties", "n_codings") == 2
    assert cell(table, "S2", "R2", "ties") == "absent"
    # nothing of 'self' is asked of T1 in R2, so the theme is not observed there
    assert cell(table, "T1", "R2", "self", "reason") == "not_asked"
    assert cell(table, "T1", "R3", "self") == "present"


def test_the_same_passage_coded_twice_counts_once(study_of):
    twice = [
        ("A", "S1-R1", "trust", 5, 9),
        ("A", "S1-R1", "trust", 5, 9),
        ("B", "S1-R1", "trust", 5, 9),
    ]
    assert cell(qq.presence(study_of(codings=twice)), "S1", "R1", "trust", "n_codings") == 1


def test_lost_codings_carry_nothing(study_of):
    lost = [("A", "S1-R1", "trust", 5, 9, "hand", "paraphrase", None, "lost")]
    assert cell(qq.presence(study_of(codings=lost)), "S1", "R1", "trust") == "absent"


def test_only_verbatim_speech(study_of):
    codings = [
        ("A", "S1-R1", "trust", 5, 9, "hand", "verbatim"),
        ("A", "S1-R2", "trust", 5, 9, "hand", "paraphrase"),
    ]
    study = study_of(codings=codings, texts={"S1-R3": "No word of hers is kept.\n"})
    table = qq.presence(study, speech="verbatim")
    assert cell(table, "S1", "R1", "trust") == "present"
    assert cell(table, "S1", "R2", "trust") == "absent"
    assert cell(table, "S1", "R3", "trust", "reason") == "no_verbatim"


def test_only_one_source(study_of):
    codings = [("A", "S1-R1", "trust", 5, 9, "hand"), ("rules", "S1-R2", "trust", 5, 9, "rule")]
    assert (
        cell(qq.presence(study_of(codings=codings), source="hand"), "S1", "R2", "trust") == "absent"
    )
    assert cell(qq.presence(study_of(codings=codings)), "S1", "R2", "trust") == "present"


def test_merging_a_code_with_its_sibling(study_of):
    table = qq.presence(study_of(codings=CODINGS), merge={"friends": "trust"})
    assert "friends" not in set(table["code"])
    assert cell(table, "S1", "R2", "trust", "n_codings") == 2
    # merged with a code asked of everyone, past is asked of everyone too
    merged = qq.presence(study_of(codings=CODINGS), merge={"past": "trust"})
    assert cell(merged, "S2", "R1", "trust") == "present"
    assert cell(merged, "T1", "R2", "trust") == "absent"


def test_part_of_the_study(study_of):
    study = study_of(codings=CODINGS)
    part = qq.presence(study, participants=["S2", "S1"], rounds=["R3", "R1"], codes="ties")
    assert part["participant"].unique().tolist() == ["S1", "S2"]
    assert list(part["round"].cat.categories) == ["R1", "R3"]
    assert set(part["code"]) == {"trust", "friends"}


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"codes": "nowhere"}, "nowhere"),
        ({"coder": "Z"}, "Z"),
        ({"participants": ["S9"]}, "S9"),
        ({"rounds": ["R9"]}, "R9"),
        ({"level": "page"}, "page"),
        ({"uncoded": "maybe"}, "maybe"),
        ({"merge": {"trust": "nowhere"}}, "nowhere"),
        ({"merge": {"trust": "friends", "friends": "trust"}}, "leads back"),
    ],
)
def test_what_is_not_in_the_study_is_named(study_of, arguments, word):
    with pytest.raises(QuidqualError, match=word):
        qq.presence(study_of(codings=CODINGS), **arguments)


def test_no_codings_and_one_person_and_one_round(study_of):
    table = qq.presence(study_of(people=[("S1", "survivor", "survivor")], rounds=("R1",)))
    assert table["state"].tolist() == ["absent", "absent", "absent", "not_observed"]


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(len(CODINGS))), st.lists(st.sampled_from(CODINGS), max_size=4))
def test_order_and_repetition_of_codings_change_nothing(order, repeated):
    fixed = [(*coding, n, n + 1) for n, coding in enumerate(CODINGS)]
    again = [fixed[CODINGS.index(coding)] for coding in repeated]
    plain = qq.presence(make_study(codings=fixed))
    mixed = qq.presence(make_study(codings=[fixed[i] for i in order] + again))
    pd.testing.assert_frame_equal(plain, mixed)


@settings(max_examples=15, deadline=None)
@given(st.sets(st.sampled_from(["R1", "R2", "R3"]), min_size=1), st.sets(st.sampled_from(CODINGS)))
def test_a_part_of_the_rounds_is_read_as_in_the_whole(rounds, codings):
    study = make_study(codings=sorted(codings), not_held={"S2-R2": "missed", "T1-R1": "not_due"})
    whole, part = qq.presence(study), qq.presence(study, rounds=rounds)
    same = whole[whole["round"].isin(rounds)].reset_index(drop=True)
    assert part["state"].tolist() == same["state"].tolist()
    assert part["reason"].tolist() == same["reason"].tolist()


@settings(max_examples=10, deadline=None)
@given(st.permutations(["S1", "S2", "T1"]))
def test_new_names_for_participants_change_no_count(names):
    new = dict(zip(["S1", "S2", "T1"], names, strict=True))
    people = [
        ("S1", "survivor", "survivor"),
        ("S2", "survivor", "survivor"),
        ("T1", "staff", "trainer"),
    ]
    renamed = [(new[p], g, r) for p, g, r in people]
    codings = [(c, new[i[:2]] + i[2:], code) for c, i, code in CODINGS]
    one = qq.prevalence(qq.presence(make_study(codings=CODINGS)), by=("group", "code", "round"))
    two = qq.prevalence(
        qq.presence(make_study(people=renamed, codings=codings)), by=("group", "code", "round")
    )
    pd.testing.assert_frame_equal(one, two)
