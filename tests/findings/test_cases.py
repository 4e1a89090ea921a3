import numpy as np
import pytest

import quidqual as qq
from quidqual.findings.cases import WHEN, Cases, together

from .conftest import make

# person: course of code c over three rounds
COURSES = {
    "P1": {"c": "100"},
    "P2": {"c": "011"},
    "P3": {"c": "111"},
    "P4": {"c": "000"},
    "P5": {"c": "001"},
}
BY_HAND = {
    "any": [True, True, True, False, True],
    "not_first": [False, True, False, True, True],
    "only_first": [True, False, False, False, False],
    "later": [False, True, True, False, True],
    "every": [False, False, True, False, False],
    "never": [False, False, False, True, False],
    "first": [True, False, True, False, False],
    "last": [False, True, True, False, True],
    "not_last": [True, False, False, True, False],
    "only_last": [False, False, False, False, True],
    "fades": [True, False, False, False, False],
    "rises": [False, True, False, False, True],
}


@pytest.mark.parametrize("when", WHEN)
def test_each_time_by_hand(when):
    cases = Cases.from_presence(qq.presence(make(COURSES)))
    assert cases.holds({"codes": ["c"], "when": when}) == BY_HAND[when]


def test_a_missed_round_is_unknown_not_absent():
    study = make({"P1": {"c": "01"}, "P2": {"c": "00"}}, missed=("P1-R2", "P2-R1", "P2-R2"))
    cases = Cases.from_presence(qq.presence(study))
    assert cases.holds({"codes": ["c"], "when": "any"}) == [False, None]
    assert cases.holds({"codes": ["c"], "when": "any", "rounds": ["R2"]}) == [None, None]
    # What was not there in the first round cannot fade, whatever the missed one held.
    assert cases.holds({"codes": ["c"], "when": "fades"}) == [False, None]


def test_a_topic_not_asked_is_unknown():
    study = make({"P1": {"c": "00"}, "P2": {"c": "10"}}, asked={"c": {"groups": ["other"]}})
    cases = Cases.from_presence(qq.presence(study))
    assert cases.holds({"codes": ["c"]}) == [None, True]


def test_match_all_and_sequences():
    study = make(
        {"P1": {"c": "10", "d": "01"}, "P2": {"c": "01", "d": "10"}, "P3": {"c": "11", "d": "11"}}
    )
    cases = Cases.from_presence(qq.presence(study))
    assert cases.holds({"codes": ["c", "d"], "match": "all"}) == [False, False, True]
    assert cases.holds({"first": ["c"], "then": ["d"]}) == [True, False, True]


def test_unknown_words_are_named():
    cases = Cases.from_presence(qq.presence(make(COURSES)))
    with pytest.raises(qq.QuidqualError, match="not 'sometimes'"):
        cases.holds({"codes": ["c"], "when": "sometimes"})
    with pytest.raises(qq.QuidqualError, match="'zz': not in the presence table"):
        cases.holds({"codes": ["zz"]})


def test_together():
    assert together([np.array([1]), np.array([-1])]).tolist() == [-1]
    assert together([np.array([0]), np.array([-1])]).tolist() == [0]


def test_all_of_two_codes_fails_where_one_is_absent_whatever_the_other():
    """The same is said by two conditions, of which one is false."""
    study = make({"P1": {"c": "0"}, "P2": {"c": "1"}}, asked={"d": {"groups": ["other"]}})
    cases = Cases.from_presence(qq.presence(study))
    assert cases.holds({"codes": ["c", "d"], "match": "all"}) == [False, None]


def test_one_code_before_another_holds_where_each_was_asked_in_its_round():
    study = make(
        {"P1": {"c": "10", "d": "01"}, "P2": {"c": "10", "d": "00"}, "P3": {"c": "00", "d": "01"}},
        asked={"c": {"rounds": ["R1"]}, "d": {"rounds": ["R2"]}},
    )
    cases = Cases.from_presence(qq.presence(study))
    assert cases.holds({"first": ["c"], "then": ["d"]}) == [True, False, False]


@pytest.mark.parametrize(
    ("course", "missed", "when", "holds"),
    [
        ("00", "R2", "fades", False),  # what was not there at first cannot fade
        ("10", "R2", "fades", None),
        ("01", "R1", "fades", False),  # nor what is there at last
        ("00", "R1", "rises", False),
        ("01", "R1", "only_last", None),  # it may have been there before
        ("01", "R1", "only_first", False),
        ("10", "R2", "only_first", None),
    ],
)
def test_who_was_seen_once_is_judged_for_every_way_to_fill_the_rest(course, missed, when, holds):
    study = make({"P1": {"c": course}}, missed=(f"P1-{missed}",))
    cases = Cases.from_presence(qq.presence(study))
    assert cases.holds({"codes": ["c"], "when": when}) == [holds]


def test_a_set_of_codes_is_unknown_while_one_of_them_could_be_there():
    """Where two coders differ on d there is no agreed absence of c or d."""
    cases = Cases.from_presence(qq.presence(make({"P1": {"c": "0", "d": "0"}})))
    cases.state[0, 0, 1] = -1
    assert cases.holds({"codes": ["c", "d"]}) == [None]
