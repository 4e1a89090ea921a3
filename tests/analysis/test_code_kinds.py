"""Not every code can fade: events, backgrounds and what is prompted once."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import quidqual as qq
from quidqual.study.codebook import Code

from .test_change import courses


def of_kind(kind, *patterns):
    return courses(*patterns).assign(code_kind=kind)


@pytest.mark.parametrize(
    ("code_kind", "pattern", "kind", "simple"),
    [
        ("event", "PAA", "happened", "happened"),
        ("event", "P-A", "happened", "happened"),
        ("event", "APA", "emerged", "emerged"),
        ("event", "AAP", "emerged", "emerged"),
        ("event", "AAA", "never", "never"),
        ("event", "--P", "unknown", "not observed"),
        ("background", "PAA", "background", "background"),
        ("background", "AAP", "background", "background"),
        ("background", "--P", "background", "background"),
        ("background", "AAA", "never", "never"),
        ("state", "PAA", "ceased", "faded"),
        ("prompted_once", "PAA", "ceased", "faded"),  # asked again after all
    ],
)
def test_kinds_of_codes(code_kind, pattern, kind, simple):
    changed = qq.change(of_kind(code_kind, pattern))
    assert changed[["kind", "simple"]].to_numpy().tolist() == [[kind, simple]]
    assert changed["code_kind"].tolist() == [code_kind]
    assert changed["n_present"].tolist() == [pattern.count("P")]


def test_an_event_is_never_lost():
    moved = qq.between_rounds(of_kind("event", "PAA", "APA", "AAA", "P--"))
    assert moved[["new", "kept", "not_again", "neither", "n"]].to_numpy().tolist() == [
        [1, 1, 0, 1, 3]
    ]
    assert qq.between_rounds(of_kind("state", "PAA"))["not_again"].tolist() == [1]
    assert qq.between_rounds(of_kind("background", "AAP"))["new"].tolist() == [0]


def test_steps_and_courses_of_an_event_stay():
    steps = qq.transitions(of_kind("event", "PAA", "AAP"))
    gone = steps[(steps["from_state"] == "present") & (steps["to_state"] == "absent")]
    assert gone["k"].sum() == 0
    assert qq.trajectories(of_kind("event", "PAA", "PPP"))["label"].tolist() == ["2 of 2"]


def test_events_are_no_counter_movement_and_backgrounds_no_deviance():
    assert qq.counter_movement(of_kind("event", "AAP", "AAP", "PAA"))["n_against"].tolist() == [0]
    assert qq.counter_movement(of_kind("background", "PAA", "AAP")).empty
    assert qq.deviant_cases(of_kind("background", "PAA", "PPP", "AAA", "PAP")).empty
    deviant = qq.deviant_cases(of_kind("event", "AAP", "APA", "AAA", "AAP"))
    assert deviant[["rule", "label", "participant", "simple"]].to_numpy().tolist() == [
        ["emerged", "3 of 4", "p3", "never"]
    ]


def test_how_often_an_event_is_mentioned_is_no_intensity():
    frame = of_kind("event", "PPP").assign(n_codings=[1, 2, 4])
    assert qq.change(frame, intensity="n_codings")["kind"].tolist() == ["happened"]
    state = frame.assign(code_kind="state")
    assert qq.change(state, intensity="n_codings")["kind"].tolist() == ["cumulative"]


def test_what_cannot_fade_is_not_tested():
    table = pd.concat(
        [of_kind("event", "PAA", "AAP"), courses("PAA", "APA").assign(code="y", code_kind="state")]
    )
    found = qq.exact.change_tests(table).set_index("code")
    assert found.loc["x", ["p_value", "p_holm"]].isna().all()
    assert "event" in found.loc["x", "note"]
    assert found.loc["y", "p_holm"] == found.loc["y", "p_value"]


def test_the_kind_travels_from_the_codebook(study_of):
    if not hasattr(Code("x"), "kind"):
        pytest.skip("codes have no kind here")
    codes = [
        Code("trust"),
        replace(Code("hired"), kind="event"),
        replace(Code("hopes"), kind="prompted_once"),
    ]
    study = study_of(codebook=codes, codings=[("A", "S1-R1", "hired"), ("A", "S2-R3", "hopes")])
    table = qq.presence(study)
    assert table.drop_duplicates("code")["code_kind"].tolist() == [
        "state",
        "event",
        "prompted_once",
    ]
    changed = qq.change(table).set_index(["participant", "code"])
    assert changed.loc[("S1", "hired"), "kind"] == "happened"
    cells = table.set_index(["participant", "round", "code"])
    assert cells.loc[("S1", "R1", "hopes"), "state"] == "absent"
    assert cells.loc[("S1", "R2", "hopes"), "reason"] == "not_asked"
    assert cells.loc[("S2", "R3", "hopes"), "reason"] == "volunteered"


def test_what_is_prompted_once_is_asked_in_the_first_interview_that_was_read(study_of):
    if not hasattr(Code("x"), "kind"):
        pytest.skip("codes have no kind here")
    codes = [replace(Code("hopes"), kind="prompted_once")]
    study = study_of(codebook=codes, not_held={"S1-R1": "missed"})
    cells = qq.presence(study).set_index(["participant", "round"])
    assert cells.loc["S1", "reason"].tolist() == ["missed", "", "not_asked"]
