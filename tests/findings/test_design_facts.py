"""Measures of the design: whom a claim is about holds for them too; what is blank may be any."""

import pandas as pd
import pytest

import quidqual as qq

from .conftest import make


def study_of(check, *, missed=(), values=None, **claim):
    """Four of group g and two of group h, two rounds; ``values`` of an attribute of the four."""
    people = [*(f"S{i}" for i in range(1, 5)), "T1", "T2"]
    made = make({p: {"c": "10", "d": "00"} for p in people}, missed=missed).raw
    table = made.participants.assign(group=["g"] * 4 + ["h"] * 2)
    if values is not None:
        table = table.assign(sex=[*values, "", ""])
    one = {"id": "C", "kind": "design", "group": "g", "summary": "s", "check": check, **claim}
    return qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R1", "R2"], participants=table,
        interviews=made.interviews, notes=made.notes, codebook=made.codebook,
        codings=made.codings, claims=[one], settings={"uncoded": "absent"},
    )  # fmt: skip


def row_of(*arguments, **more):
    row = qq.ledger(study_of(*arguments, **more)).table.iloc[0]
    return row["verdict"].removesuffix(" (synthetic)"), row["computed"], row["why"]


@pytest.mark.parametrize(
    ("check", "right"),
    [
        ({"measure": "interviews", "equals": 8}, "8"),
        ({"measure": "participants", "equals": 4}, "4"),
        ({"measure": "per_person", "equals": {2: 4}}, "4 x 2 = 8 interviews"),
    ],
)
def test_the_group_of_a_claim_limits_every_measure(check, right):
    assert row_of(check)[:2] == ("reproduced", right)
    everyone = row_of(check, group="all")
    assert everyone[0] == "contradicted"


def test_the_rounds_of_a_claim_limit_the_count_of_interviews():
    assert row_of({"measure": "interviews", "equals": 4}, rounds=["R1"])[0] == "reproduced"
    once = {"measure": "per_person", "equals": {1: 4}}
    assert row_of(once, rounds=["R1"])[:2] == ("reproduced", "4 x 1 = 4 interviews")


@pytest.mark.parametrize(
    "check", [{"measure": "participants", "equals": 4}, {"measure": "levels", "of": "role", "within": ["r"]}]
)  # fmt: skip
def test_a_measure_that_cannot_look_at_rounds_is_refused_beside_them(check):
    with pytest.raises(qq.QuidqualError, match="does not look at rounds"):
        study_of(check, rounds=["R1"])


def test_who_was_never_interviewed_is_counted_where_the_claim_says_so():
    gone = ("S4-R1", "S4-R2")
    never = {"measure": "per_person", "equals": {2: 3, 0: 1}}
    assert row_of(never, missed=gone)[:2] == ("reproduced", "3 x 2, 1 x 0 = 6 interviews")
    assert row_of({"measure": "per_person", "equals": {2: 3}}, missed=gone)[0] == "reproduced"


def test_values_are_compared_as_the_table_writes_them():
    """YAML makes 2 a number and true a truth; a CSV file holds neither."""
    by = {"measure": "participants", "by": "sex", "equals": {0: 1, 1: 2, 2: 1}}
    assert row_of(by, values="0112")[:2] == ("reproduced", "0: 1, 1: 2, 2: 1")
    yes = {"measure": "participants", "where": {"sex": True}, "equals": 2}
    assert row_of(yes, values=["true", "true", "false", "false"])[0] == "reproduced"


def test_a_value_that_nobody_stated_is_shown():
    by = {"measure": "participants", "by": "sex", "equals": {"f": 2, "m": 1}}
    assert row_of(by, values="ffxm")[:2] == ("contradicted", "f: 2, m: 1, x: 1")


@pytest.mark.parametrize(
    ("check", "word"),
    [
        ({"measure": "participants", "by": "sex", "equals": {"f": 3, "m": 1}}, "not decided"),
        ({"measure": "participants", "by": "sex", "equals": {"f": 2, "m": 1}}, "contradicted"),
        ({"measure": "participants", "where": {"sex": "f"}, "equals": 3}, "not decided"),
        ({"measure": "participants", "where": {"sex": "f"}, "equals": 4}, "contradicted"),
        ({"measure": "prevalence", "codes": ["c"], "who": {"group": "g", "sex": "f"}, "k": 2, "n": 2}, "not decided"),
        ({"measure": "prevalence", "codes": ["c"], "who": {"group": "g", "sex": "f"}, "k": 2, "op": "ge"}, "reproduced"),
        ({"measure": "prevalence", "codes": ["c"], "who": {"group": "g", "sex": "f"}, "k": 0}, "contradicted"),
    ],
)  # fmt: skip
def test_who_has_no_value_recorded_may_have_any(check, word):
    """S1 and S2 are f, S4 is m, of S3 it is not recorded; all of them carry c."""
    found = row_of(check, values=["f", "f", "", "m"])
    assert found[0] == word
    assert "sex of S3 is not recorded" in found[2]


def test_nobody_with_a_value_is_an_error_and_no_missing_interview():
    with pytest.raises(qq.QuidqualError, match="no participant has role 'zz'"):
        study_of({"measure": "prevalence", "codes": ["c"], "who": {"role": "zz"}, "k": 0})


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ({"measure": "interviews", "op": "le", "equals": 8}, "could fail at most 8"),
        ({"measure": "interviews", "op": "lt", "equals": 9}, "could fail fewer than 9"),
        ({"measure": "dates", "first": "2022", "last": "2021"}, "last day before the first"),
        ({"measure": "dates", "first": "2021-13", "last": "2021-14"}, "must be a date"),
        ({"measure": "per_person", "equals": {"often": 1}}, "how many times must be a number"),
        ({"measure": "arithmetic", "sum": [[float("nan"), 3]], "equals": 0}, "pairs of numbers"),
        ({"measure": "ranking", "codes": ["c"], "among": {"it": ["d"]}}, "both called 'it'"),
    ],
)
def test_what_no_data_could_fail_or_meet_is_refused(check, words):
    with pytest.raises(qq.QuidqualError, match=words):
        study_of(check)


def test_sums_are_exact():
    tenths = {"measure": "arithmetic", "sum": [[0.1, 1], [0.2, 1]], "equals": 0.3}
    assert row_of(tenths)[:2] == ("arithmetic", "0.1 + 0.2 = 0.3")


def test_the_participants_themselves_are_levels_too():
    check = {"measure": "levels", "of": "participant", "includes": ["S1"]}
    assert row_of(check)[:2] == ("reproduced", "S1, S2, S3, S4")


def test_a_table_of_presence_that_says_two_things_is_refused():
    study = study_of({"measure": "prevalence", "codes": ["c"], "k": 4, "n": 4})
    table = qq.presence(study)
    with pytest.raises(qq.QuidqualError, match="two rows for participant S1, round R1, code c"):
        qq.ledger(study, presence=pd.concat([table, table]))
