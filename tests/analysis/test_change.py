"""Each kind of change on courses short enough to read."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import quidqual as qq
from quidqual.analysis.kinds import KINDS, SIMPLE, kind_of
from quidqual.study.errors import QuidqualError

STATE = {"P": "present", "A": "absent", "-": "not_observed"}


def courses(*patterns, reason=None):
    """A presence table with one participant a pattern."""
    rows = [
        (f"p{number}", f"R{time}", "x", STATE[letter], (reason or {}).get((number, time), ""))
        for number, pattern in enumerate(patterns, start=1)
        for time, letter in enumerate(pattern, start=1)
    ]
    return pd.DataFrame(rows, columns=["participant", "round", "code", "state", "reason"])


@pytest.mark.parametrize(
    ("pattern", "kind", "simple"),
    [
        ("APP", "emerged", "emerged"),
        ("AAP", "emerged", "emerged"),
        ("A-P", "emerged", "emerged"),
        ("AP-", "emerged", "emerged"),
        ("AP-P", "emerged", "emerged"),
        ("P-PA", "ceased", "faded"),
        ("PAA", "ceased", "faded"),
        ("PPA", "ceased", "faded"),
        ("PAP", "recurred", "recurred"),
        ("APAP", "recurred", "recurred"),
        ("APA", "idiosyncratic", "faded"),
        ("PAPA", "idiosyncratic", "faded"),
        ("PPP", "constant", "constant"),
        ("P-P", "constant", "persisted"),
        ("AAA", "never", "never"),
        ("A--A", "never", "never"),
        ("P--", "unknown", "not observed"),
        ("--A", "unknown", "not observed"),
        ("---", "unknown", "not observed"),
    ],
)
def test_kinds_on_presence(pattern, kind, simple):
    changed = qq.change(courses(pattern)).iloc[0]
    assert (changed["kind"], changed["simple"]) == (kind, simple)
    assert changed["pattern"] == " > ".join(STATE[letter] for letter in pattern)
    assert changed["n_observed"] == sum(letter != "-" for letter in pattern)


def test_a_round_that_was_not_due_is_no_gap():
    not_due = qq.change(courses("P-P", reason={(1, 2): "not_due"}))
    missed = qq.change(courses("P-P", reason={(1, 2): "missed"}))
    assert not_due["simple"].tolist() == ["constant"]
    assert missed["simple"].tolist() == ["persisted"]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, 2, 4], "cumulative"),
        ([1, None, 2, 4], "cumulative"),
        ([1, 2], "increased"),
        ([1, 1, 3], "increased"),
        ([4, 2, 1], "decreased"),
        ([4, 4, 1], "decreased"),
        ([2, 2, 2], "constant"),
        ([1, 3, 1], "turning point"),
        ([3, 1, 1, 4], "turning point"),
        ([1, 3, 1, 3], "idiosyncratic"),
        ([0, 1, 2], "emerged"),
        ([3, 1, 0], "ceased"),
        ([3, 0, 1], "recurred"),
        ([0, 3, 0], "idiosyncratic"),
        ([0, 0], "never"),
        ([5, None], "unknown"),
        ([], "unknown"),
    ],
)
def test_kinds_on_intensity(values, kind):
    assert kind_of(values) == kind


def test_intensity_is_read_only_where_asked():
    frame = courses("PPP").assign(n_codings=[1, 5, 2])
    assert qq.change(frame)["kind"].tolist() == ["constant"]
    by_count = qq.change(frame, intensity="n_codings")
    assert by_count["kind"].tolist() == ["turning point"]
    assert by_count[["changed_from", "changed_in"]].to_numpy().tolist() == [["R2", "R3"]]


def test_the_rounds_it_rests_on():
    changed = qq.change(courses("A-PP", "PPAA", "PAAP", "PPPP", "----"))
    columns = ["first_present", "last_present", "changed_from", "changed_in"]
    rows = changed[columns].astype(object).where(changed[columns].notna(), None).to_numpy().tolist()
    assert rows == [
        ["R3", "R4", "R1", "R3"],
        ["R1", "R2", "R2", "R3"],
        ["R1", "R4", "R3", "R4"],
        ["R1", "R4", None, None],
        [None, None, None, None],
    ]


def test_from_a_study_with_the_quotes(study_of):
    study = study_of(
        codings=[("A", "S1-R2", "trust"), ("B", "S1-R2", "trust"), ("A", "S2-R1", "past")]
    )
    changed = qq.change(qq.presence(study))
    assert len(changed) == 3 * 4
    s1 = changed[(changed["participant"] == "S1") & (changed["code"] == "trust")]
    assert s1["kind"].tolist() == ["idiosyncratic"]
    assert s1["theme"].tolist() == ["ties"]
    evidence = qq_evidence(study, s1)
    assert evidence[["round", "coder", "kind"]].to_numpy().tolist() == [
        ["R2", "A", "idiosyncratic"], ["R2", "B", "idiosyncratic"],
    ]  # fmt: skip


def qq_evidence(study, rows):
    from quidqual.analysis.change import change_evidence

    return change_evidence(study, rows)


def test_every_kind_is_defined_and_every_course_has_one():
    seen, seen_simple = set(), set()
    for pattern, nature in itertools.product(
        itertools.product("PA-", repeat=4), ("state", "event", "background")
    ):
        changed = qq.change(courses("".join(pattern)).assign(code_kind=nature))
        seen.update(changed["kind"])
        seen_simple.update(changed["simple"])
    assert seen <= set(KINDS)
    assert seen_simple == set(SIMPLE)
    by_value = {kind_of(v) for v in itertools.product([None, 0, 1, 2, 3], repeat=4)}
    assert by_value == set(KINDS) - {"happened", "background"}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text("PA-", min_size=4, max_size=4), min_size=1, max_size=5), st.randoms())
def test_order_of_rows_changes_nothing(patterns, random):
    frame = courses(*patterns)
    shuffled = frame.sample(frac=1, random_state=random.randrange(1000))
    pd.testing.assert_frame_equal(qq.change(frame), qq.change(shuffled))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text("PA-", min_size=3, max_size=3), min_size=2, max_size=5))
def test_new_names_for_participants_change_nothing(patterns):
    frame = courses(*patterns)
    renamed = frame.assign(participant=frame["participant"].map(lambda name: f"x{name}"))
    before, after = qq.change(frame), qq.change(renamed)
    pd.testing.assert_frame_equal(
        before.drop(columns="participant"), after.drop(columns="participant")
    )


@settings(max_examples=25, deadline=None)
@given(st.text("PA-", min_size=2, max_size=6), st.data())
def test_taking_a_round_away_never_turns_not_observed_into_absent(pattern, data):
    gone = data.draw(st.integers(1, len(pattern)))
    frame = courses(pattern)
    frame = frame[frame["round"] != f"R{gone}"]
    left = qq.change(frame).iloc[0]
    expected = [STATE[letter] for time, letter in enumerate(pattern, start=1) if time != gone]
    assert left["pattern"].split(" > ") == expected


def test_a_row_that_is_not_there_is_not_observed():
    frame = courses("PAP", "PAP")
    cut = frame[~((frame["participant"] == "p2") & (frame["round"] == "R2"))]
    changed = qq.change(cut)
    assert changed["pattern"].tolist()[1] == "present > not_observed > present"
    assert changed["kind"].tolist() == ["recurred", "constant"]


@settings(max_examples=25, deadline=None)
@given(st.text("PA-", min_size=1, max_size=5), st.integers(0, 5))
def test_a_round_without_observation_changes_no_kind(pattern, place):
    longer = pattern[:place] + "-" + pattern[place:]
    assert qq.change(courses(pattern))["kind"].iloc[0] == qq.change(courses(longer))["kind"].iloc[0]


def test_more_rounds_than_fit_one_number():
    changed = qq.change(courses("A" * 25 + "P" * 25))
    assert changed["kind"].tolist() == ["emerged"]
    assert changed["changed_in"].tolist() == ["R26"]


@pytest.mark.parametrize(
    "frame",
    [
        "presence",
        pd.DataFrame({"participant": ["a"]}),
        courses("P").assign(state="there"),
        courses("P").assign(participant=None),
        pd.concat([courses("P"), courses("A")]),
    ],
)
def test_tables_that_cannot_be_read(frame):
    with pytest.raises(QuidqualError):
        qq.change(frame)


def test_an_intensity_that_is_not_there():
    with pytest.raises(QuidqualError, match="loudness"):
        qq.change(courses("PP"), intensity="loudness")


def test_an_empty_table():
    assert qq.change(courses("P").head(0)).empty
