"""States of a construct, steps between them, courses that are alike, and those that are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import quidqual as qq
from quidqual.analysis.change import change
from quidqual.analysis.presence import presence
from quidqual.analysis.states import states
from quidqual.analysis.transitions import between_rounds, trajectories, transitions
from quidqual.more_analyses.cross_sections import counter_movement, cross_sections, deviant_cases
from quidqual.more_analyses.intensity import intensity
from quidqual.study.errors import QuidqualError

from .test_change import courses

BOOK = [
    {"id": "self"},
    {"id": "past", "parent": "self"},
    {"id": "between", "parent": "self"},
    {"id": "future", "parent": "self", "asked": {"rounds": ["R1", "R3"]}},
]
SELF_VIEW = {
    "id": "self_view",
    "states": [
        {"id": "past", "any_of": ["past"]},
        {"id": "in_between", "any_of": ["between"]},
        {"id": "future", "any_of": ["future"]},
    ],
}
CODINGS = [
    ("A", "S1-R1", "past"),
    ("A", "S1-R2", "past"),
    ("A", "S1-R2", "between"),
    ("A", "S1-R3", "future"),
    ("A", "S2-R1", "past"),
]


@pytest.fixture
def study(study_of):
    return study_of(
        codebook=BOOK, constructs=[SELF_VIEW], codings=CODINGS, not_held={"S2-R3": "missed"}
    )


def test_the_latest_state_present_wins(study):
    table = states(study, "self_view")
    assert list(table["state"].cat.categories) == [
        "none",
        "past",
        "in_between",
        "future",
        "not_observed",
    ]
    assert table["state"].cat.ordered
    s1 = table[table["participant"] == "S1"]
    assert s1["state"].tolist() == ["past", "in_between", "future"]
    assert s1["codes"].tolist() == ["past", "past, between", "future"]
    # S2 says nothing of it in R2, which is not being in the past; R3 was missed.
    assert table[table["participant"] == "S2"]["state"].tolist() == ["past", "none", "not_observed"]
    assert table["construct"].unique().tolist() == ["self_view"]


def test_states_from_a_table_of_presence_and_a_mapping(study):
    construct = study.codebook.construct("self_view")
    pd.testing.assert_frame_equal(states(presence(study), construct), states(study))
    rule = {"past": "past", "in_between": ["between"], "future": ["future"]}
    assert states(study, rule)["state"].tolist() == states(study)["state"].tolist()


@pytest.mark.parametrize("construct", ["nowhere", {}, 3])
def test_constructs_that_are_none(study, construct):
    with pytest.raises(QuidqualError):
        states(study, construct)


def test_a_table_without_the_codes(study):
    with pytest.raises(QuidqualError, match="between"):
        states(presence(study, codes=["past", "future"]), study.codebook.construct("self_view"))
    with pytest.raises(QuidqualError, match="codebook"):
        states(presence(study), "self_view")


def test_transitions_count_with_their_denominators(study):
    steps = transitions(states(study))
    past = steps[(steps["from_round"] == "R1") & (steps["from_state"] == "past")]
    past = past.set_index("to_state")
    assert past.loc["in_between", ["k", "n", "label", "participants"]].tolist() == [
        1,
        2,
        "1 of 2",
        "S1",
    ]
    assert past.loc["none", "k"] == 1
    gone = steps[(steps["to_state"] == "not_observed") & (steps["k"] > 0)]
    assert gone[["from_round", "from_state", "participants"]].to_numpy().tolist() == [
        ["R2", "none", "S2"]
    ]
    assert (steps.groupby(["from_round", "from_state"], observed=True)["k"].sum()
            == steps.groupby(["from_round", "from_state"], observed=True)["n"].first()).all()  # fmt: skip


def test_transitions_pooled():
    steps = transitions(courses("APP", "AAP", "P-P"), pool_rounds=True)
    rises = steps[(steps["from_state"] == "absent") & (steps["to_state"] == "present")].iloc[0]
    assert (rises["k"], rises["n"], rises["participants"]) == (2, 3, "p1, p2")
    assert "from_round" not in steps


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text("PA-", min_size=3, max_size=3), min_size=1, max_size=6))
def test_every_step_of_everyone_is_counted_once(patterns):
    steps = transitions(courses(*patterns))
    assert steps["k"].sum() == 2 * len(patterns)


def test_gained_and_lost_only_among_those_seen_twice():
    table = between_rounds(courses("A-P", "PAA", "PAP", "AAA", "P--"))
    row = table.iloc[0]
    assert row[["new", "kept", "not_again", "neither", "n", "n_left_out"]].tolist() == [
        1,
        1,
        1,
        1,
        4,
        1,
    ]
    assert row[["who_new", "who_not_again", "who_left_out"]].tolist() == ["p1", "p2", "p5"]
    unseen = between_rounds(courses("-P", "P-", "AP")).iloc[0]
    assert unseen[["new", "not_again", "n", "who_left_out"]].tolist() == [1, 0, 1, "p1, p2"]
    with pytest.raises(QuidqualError):
        between_rounds(courses("AP"), to_round="R9")


def test_one_round_has_no_change():
    with pytest.raises(QuidqualError, match="two rounds"):
        transitions(courses("P", "A"))


def test_trajectories_put_equal_courses_together():
    found = trajectories(courses("AAP", "APP", "AAP", "---", "A-P"))
    assert found["participants"].tolist() == ["p1, p3", "p2", "p5", "p4"]
    assert found["label"].tolist() == ["2 of 4", "1 of 4", "1 of 4", "not observed"]
    assert found["pattern"].iloc[0] == "absent > absent > present"
    assert found["k"].tolist() == [2, 1, 1, 1]


def test_groups_by_distance():
    frame = courses("AAAA", "AAAP", "PPPP", "PPPA", "PPPP")
    found = qq.sequences.groups(frame, method="hamming", number=2)
    assert found["participants"].tolist() == ["p3, p4, p5", "p1, p2"]
    assert found["pattern"].tolist() == [
        "present > present > present > present", "absent > absent > absent > absent",
    ]  # fmt: skip
    assert found["cohesion"].tolist() == pytest.approx([1 / 3, 0.5])
    assert qq.sequences.groups(frame, method="om")["k"].sum() == 5
    with pytest.raises(QuidqualError, match="from 1 to 4"):
        qq.sequences.groups(frame, method="hamming", number=9)
    with pytest.raises(QuidqualError, match="'hamming', 'om' or 'lcs', not 'guess'"):
        qq.sequences.groups(frame, method="guess")


def test_both_readings_side_by_side():
    table = cross_sections(courses("AP", "AP", "P-")).set_index("round")
    assert table.loc["R1", ["label", "who"]].tolist() == ["1 of 3", "p1, p2, p3"]
    assert table.loc["R1", ["label_same", "who_same"]].tolist() == ["0 of 2", "p1, p2"]
    assert table.loc["R2", ["label", "label_same"]].tolist() == ["2 of 2", "2 of 2"]
    wider = cross_sections(courses("AP", "AP", "P-"), rounds=["R1"]).set_index("round")
    assert wider.loc["R1", "label_same"] == "1 of 3"
    with pytest.raises(QuidqualError):
        cross_sections(courses("AP"), rounds=["R9"])


def test_counter_movement_names_who_goes_the_other_way():
    frame = courses("AP", "AP", "PA", "PP", "A-", "AA")
    row = counter_movement(frame).iloc[0]
    assert row["direction"] == "up"
    assert row[["n_with", "n_against", "n_level", "n_unclear", "n_unknown", "n"]].tolist() == [
        2,
        1,
        2,
        0,
        1,
        5,
    ]
    assert row[["who_with", "who_against", "label"]].tolist() == ["p1, p2", "p3", "1 of 5"]
    assert counter_movement(courses("AP", "PA"))["direction"].tolist() == ["divided"]
    assert counter_movement(courses("AA", "PP")).empty
    pd.testing.assert_frame_equal(counter_movement(change(frame)), counter_movement(frame))


def test_deviant_cases_within_the_group():
    frame = courses("AP", "AP", "AP", "AA", "P-")
    found = deviant_cases(frame)
    assert found[["rule", "label", "participant", "simple"]].to_numpy().tolist() == [
        ["emerged", "3 of 4", "p4", "never"]
    ]
    assert deviant_cases(courses("AP", "PA")).empty  # one of two is no majority
    # constant and persisted differ only in a missed interview
    assert deviant_cases(courses("PPP", "PPP", "P-P")).empty
    with pytest.raises(QuidqualError):
        deviant_cases(frame, majority=0.2)
    with pytest.raises(QuidqualError):
        deviant_cases(pd.DataFrame({"a": [1]}))


def test_intensity_counts_words_once_and_keeps_weights(study_of):
    text = "One two three four five six seven eight nine ten."
    codings = [
        ("A", "S1-R1", "trust", 0, 13, "hand", "paraphrase", 2.0),
        ("A", "S1-R1", "trust", 4, 18, "hand", "paraphrase", 3.0),
    ]
    study = study_of(codings=codings, texts={"S1-R1": text}, not_held={"S1-R2": "missed"})
    table = intensity(study, codes="trust", participants="S1").set_index("round")
    assert table.loc["R1", "n_codings"] == 2
    assert table.loc["R1", "words"] == 4  # One two three four
    assert table.loc["R1", "share"] == pytest.approx(0.4)
    assert table.loc["R1", "weight"] == 2.5
    assert table.loc["R2", "words"] is pd.NA
    assert np.isnan(table.loc["R2", "share"])
    assert table.loc["R3", ["words", "share", "weight"]].tolist() == [0, 0, 0]
    assert list(table.columns)[-1] == "corpus"
