"""A check that cannot be computed, or that no data could fail, is told when the study is validated."""

from typing import ClassVar

import pandas as pd
import pytest

import quidqual as qq
from quidqual.study.measure import Known, check_measure

from .conftest import make

PEOPLE = pd.DataFrame({"participant": ["P1", "P2", "P3", "P4"], "group": "g", "role": "r"})
KNOWN = Known(
    codes=frozenset({"c", "d", "told"}),
    rounds=("R1", "R2"),
    participants=PEOPLE,
    interviews=pd.DataFrame({"mode": ["video"]}),
    events=frozenset({"told"}),
)


def told(**check):
    return [(field, message) for field, message, _ in check_measure({"group": "g", **check}, KNOWN)]


def test_the_checks_of_the_example_are_all_right():
    assert qq.validate(qq.load_example().folder).empty


@pytest.mark.parametrize(
    ("check", "field", "message"),
    [
        ({"measure": "magic"}, "measure", "no measure 'magic'"),
        ({"measure": "prevalence", "codes": ["c"]}, "k", "needs 'k'"),
        (
            {"measure": "prevalence", "codes": ["c"], "k": "two"},
            "k",
            "must be a whole number, not 'two'",
        ),
        ({"measure": "prevalence", "codes": ["x"], "k": 1}, "codes", "'x' is not a code"),
        ({"measure": "prevalence", "codes": "c", "k": 1}, "codes", "not written in the form"),
        ({"measure": "prevalence", "k": 1}, "codes", "nothing says which codes"),
        (
            {"measure": "prevalence", "codes": ["c"], "k": 1, "when": "fade"},
            "when",
            "'fade' is not allowed",
        ),
        (
            {"measure": "prevalence", "codes": ["c"], "k": 1, "op": "about"},
            "op",
            "'about' is not allowed",
        ),
        (
            {"measure": "prevalence", "codes": ["c"], "k": 1, "wen": "last"},
            "wen",
            "does not take 'wen'",
        ),
        (
            {"measure": "prevalence", "codes": ["c"], "k": 1, "rounds": ["R9"]},
            "rounds",
            "not a round",
        ),
        (
            {"measure": "prevalence", "where": [{"codes": ["c"], "when": "then"}], "k": 1},
            "when",
            "'then' is not allowed",
        ),
        ({"measure": "prevalence", "first": ["c"], "then": ["x"], "k": 1}, "then", "'x' is not a"),
        (
            {"measure": "prevalence", "codes": ["c"], "k": 1, "who": {"shoe": 1}},
            "who",
            "participants.csv has no column 'shoe'",
        ),
        ({"measure": "ranking", "codes": ["c"], "among": {"a": ["x"]}}, "among", "'x' is not a"),
        (
            {"measure": "ranking", "codes": ["c"], "among": ["d"]},
            "among",
            "not written in the form",
        ),
        (
            {"measure": "ranking", "codes": ["c"], "among": {"a": ["d"]}, "by": "size"},
            "by",
            "not allowed",
        ),
        (
            {"measure": "interviews", "where": {"x": 1}, "equals": 1},
            "where",
            "interviews.csv has no column",
        ),
        ({"measure": "levels", "of": "age", "includes": ["a"]}, "of", "no column 'age'"),
    ],
)
def test_what_is_wrong_is_named(check, field, message):
    found = told(**check)
    assert [place for place, _ in found] == [field]
    assert message in found[0][1]


def test_what_can_be_computed_passes():
    condition = {"codes": ["c"], "when": "fades", "match": "all", "rounds": ["R1", "R2"]}
    assert told(measure="prevalence", where=[condition, {"first": ["c"], "then": ["d"]}], k=1) == []
    assert told(measure="dates", first="2021-05", last="2021-10") == []
    assert told(measure="arithmetic", sum=[[1, 2], [3, 1]], equals=5) == []
    assert told(measure="interviews", where={"mode": "video"}, equals=1) == []


def test_validate_names_file_and_row_of_all_at_once(tmp_path):
    folder = qq.load_example().save(tmp_path / "copy")
    claims = folder / "claims.yaml"
    text = claims.read_text("utf-8")
    text = text.replace("when: fades", "when: fade", 1).replace("- limbo\n", "- limbooo\n", 1)
    text = text.replace("group: survivor\n", "group: survivorr\n", 1)
    claims.write_text(text, "utf-8")
    found = qq.validate(folder)
    assert set(found["file"]) == {"claims.yaml"}
    assert found["row"].notna().all()
    messages = " ".join(found["message"])
    for words in ("'fade' is not allowed", "'limbooo' is not a code", "'survivorr'"):
        assert words in messages


P = {"measure": "prevalence", "codes": ["c"]}


@pytest.mark.parametrize(
    ("check", "field"),
    [
        ({**P, "op": "ge", "k": 0}, "k"),
        ({**P, "op": "ge", "k": -1}, "k"),
        ({**P, "op": "le", "k": 4, "n": 4}, "k"),
        ({**P, "op": "le", "k": 4}, "k"),  # there are four of them
        ({**P, "op": "lt", "k": 5, "n": 4}, "k"),
        ({**P, "op": "lt", "k": 0, "n": 4}, "k"),
        ({**P, "k": 5, "n": 4}, "k"),
        ({**P, "k": 0, "n": 0}, "n"),
        ({"measure": "prevalence", "codes": [], "k": 1}, "codes"),
        ({"measure": "prevalence", "where": [], "k": 1}, "where"),
        ({"measure": "prevalence", "first": ["c"], "then": [], "k": 1}, "then"),
        ({"measure": "prevalence", "first": ["c"], "k": 1}, "then"),
        ({"measure": "prevalence", "codes": ["told"], "when": "fades", "k": 1}, "when"),
        ({"measure": "ranking", "codes": ["c"], "among": {"a": ["d"]}, "rank": 5}, "rank"),
        ({"measure": "ranking", "codes": ["c"], "among": {"a": ["d"]}, "rank": 2}, "rank"),
        ({"measure": "ranking", "codes": ["c"], "among": {"a": ["d"]}, "rank": 0}, "rank"),
        ({"measure": "ranking", "codes": ["c"], "among": {}}, "among"),
        ({"measure": "ranking", "codes": ["c"], "among": {"a": []}}, "among"),
        (
            {
                "measure": "ranking",
                "codes": ["c"],
                "among": {"a": ["d"]},
                "baskets": {"wide": {"b": ["d"]}},
            },
            "baskets",
        ),
        ({"measure": "levels", "of": "role", "includes": []}, "includes"),
        ({"measure": "levels", "of": "role", "within": []}, "within"),
        ({"measure": "levels", "of": "role"}, "includes"),
        ({"measure": "dates", "first": "", "last": "2021"}, "first"),
        ({"measure": "dates", "first": "2", "last": "2021"}, "first"),
        ({"measure": "arithmetic", "sum": [], "equals": 0}, "sum"),
        ({"measure": "arithmetic", "sum": [[9, 1]], "equals": 9}, "sum"),
        ({"measure": "participants", "by": "role", "equals": {}}, "equals"),
        ({"measure": "participants", "equals": -1}, "equals"),
        ({"measure": "per_person", "equals": {}}, "equals"),
        ({"measure": "prevalence", "codes": [["c"]], "k": 1}, "codes"),
        ({"measure": "ranking", "codes": ["c"], "among": {"a": [["d"]]}}, "among"),
        ({"measure": "levels", "of": ["role"], "includes": ["r"]}, "of"),
        ({**P, "k": 1, "who": ["role"]}, "who"),
        ({**P, "k": 1, "when": []}, "when"),
        ({**P, "k": 1, "when": ["first", "last"]}, "when"),
        ({"measure": "minutes", "at_least": 0, "longest_over": 60}, "at_least"),
    ],
)
def test_a_check_that_no_data_could_fail_or_meet_is_refused(check, field):
    assert field in [place for place, _ in told(**check)]


def claim(stated, check, **more):
    return {
        "id": "C", "kind": "prevalence", "group": "g", "summary": "s",
        "stated": stated, "check": check, **more,
    }  # fmt: skip


COURSES = {f"P{i}": {"c": "10"} for i in (1, 2, 3, 4)}


def problems(one):
    """Level and field of what is wrong with a study that states this."""
    try:
        return make(COURSES, claims=[one]).problems[["level", "field"]].values.tolist()
    except qq.QuidqualError as error:
        return [[problem.level, problem.field] for problem in error.problems]


@pytest.mark.parametrize(
    ("stated", "check", "found"),
    [
        ({"k": 3, "n": 4}, {**P, "k": 2, "n": 4}, [["error", "C.stated"]]),
        ({"k": 3, "n": 4}, {**P, "k": 3}, [["error", "C.stated"]]),
        ({"k": 3, "n": 4}, {**P, "op": "ge", "k": 3, "n": 4}, [["error", "C.stated"]]),
        ({"k": 3, "n": 4}, {"measure": "protocol"}, [["error", "C.stated"]]),
        ({"text": "3 of 4; 1 of 4"}, {**P, "k": 3, "n": 4}, [["error", "C.stated.text"]]),
        ({"text": "27 talks"}, {"measure": "interviews", "equals": 8}, [["warning", "C.stated.text"]]),
        ({"k": 3, "n": 4}, {**P, "k": 3, "n": 4}, []),
        ({"k": 3, "n": 4, "op": "ge"}, {**P, "op": "ge", "k": 3, "n": 4}, []),
        ({"k": 3, "n": 4}, [{**P, "k": 3, "n": 4}, {**P, "when": "last", "k": 1, "n": 4}], []),
        ({"text": "2021-05 to 2021-10"}, {"measure": "dates", "first": "2021-05", "last": "2021-10"}, []),
        ({"text": "8 talks"}, {"measure": "interviews", "equals": 8}, []),
    ],
)  # fmt: skip
def test_what_is_stated_is_what_the_check_must_reach(stated, check, found):
    assert problems(claim(stated, check)) == found


def test_rounds_of_the_check_lie_within_those_of_the_claim():
    inside = claim({"k": 4}, {**P, "k": 4, "rounds": ["R1"]}, rounds=["R1"])
    assert problems(inside) == []
    beyond = claim({"k": 4}, {**P, "k": 4, "rounds": ["R2"]}, rounds=["R1"])
    assert problems(beyond) == [["error", "C.check.rounds"]]


class NoteWords(qq.measures.Measure):
    """A measure from outside the package: the notes have so many words at least."""

    name = "toy_note_words"
    fields: ClassVar = {"at_least": qq.measures.Field("number", needed=True)}

    def run(self, check, study, cases):
        n = sum(len(text.split()) for text in study.notes["text"])
        return qq.measures.Result(n >= check["at_least"], f"{n} words")

    def words(self, check, study):
        return "Words of all notes", f"{check['at_least']} or more"


def test_a_measure_of_ones_own_is_one_class_and_one_line(tmp_path):
    qq.measures.add(NoteWords())
    one = claim({"text": "16 words"}, {"measure": "toy_note_words", "at_least": 16})
    study = make(COURSES, claims=[one])
    row = qq.ledger(study).table.iloc[0]
    assert (row["computed"], row["verdict"]) == ("16 words", "reproduced (synthetic)")
    page = qq.reporting.write_report(study, tmp_path / "report.html").read_text("utf-8")
    assert "Words of all notes (expected: 16 or more)" in page
    with pytest.raises(qq.QuidqualError, match="needs 'at_least'"):
        make(COURSES, claims=[claim({}, {"measure": "toy_note_words"})])
    assert len(qq.ledger(study).robustness()) == 0  # no reading of the codings can change it
    with pytest.raises(qq.QuidqualError, match="there is a measure 'prevalence' already"):
        qq.measures.add(type("Mine", (qq.measures.Measure,), {"name": "prevalence"})())


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ({"codes": ["c"], "where": [{"codes": ["d"]}]}, "'codes' beside 'where'"),
        ({"when": "never", "where": [{"codes": ["d"]}]}, "'when' beside 'where'"),
        ({"first": ["c"], "then": ["d"], "when": "never"}, "codes, or first and then"),
        ({"where": [{"codes": ["c"], "rounds": []}]}, "no round is named"),
        (
            {"where": [{"codes": ["c"], "when": "every"}, {"codes": ["c"], "when": "never"}]},
            "nobody could meet both",
        ),
        (
            {"where": [{"codes": ["c"], "when": "fades"}, {"codes": ["c", "d"], "when": "never"}]},
            "nobody could meet both",
        ),
        ({"codes": ["c"], "when": "fades", "rounds": ["R1"]}, "nobody could meet the condition"),
    ],
)
def test_a_condition_that_is_not_looked_at_or_cannot_be_met_is_refused(check, words):
    messages = [message for _, message in told(measure="prevalence", k=0, n=2, **check)]
    assert any(words in message for message in messages), messages


def test_conditions_that_belong_together_pass():
    rising = [{"codes": ["c"], "when": "rises"}, {"codes": ["c"], "when": "first"}]
    assert told(measure="prevalence", where=rising, k=1, n=2) == []
    moved = [{"codes": ["c"], "when": "fades"}, {"codes": ["d"], "when": "only_last"}]
    assert told(measure="prevalence", where=moved, k=1, n=2) == []


@pytest.mark.parametrize(
    ("stated", "level"),
    [
        ({"text": "two of two"}, "error"),
        ({"text": "75%"}, "error"),
        ({"n": 5}, "error"),
        ({"percent": 75}, "error"),
        ({"k": 1, "n": 2, "text": "two of two"}, "error"),
        ({"text": "1 of 2"}, None),
        ({"text": "half"}, None),
    ],
)
def test_what_is_stated_in_words_is_compared_too(stated, level):
    found = problems(claim(stated, {"measure": "prevalence", "codes": ["c"], "k": 1, "n": 2}))
    assert [each[0] for each in found] == ([level] if level else [])


def test_a_count_in_the_summary_is_checked_or_told():
    check = {"measure": "prevalence", "codes": ["c"], "k": 1, "n": 2}
    found = problems(claim({"k": 1, "n": 2}, check, summary="Two of two stay."))
    assert [each[0] for each in found] == ["warning"]


def test_a_digit_in_the_name_of_a_round_is_no_figure():
    """That R2 is looked at does not check that two people are meant."""
    check = {"measure": "prevalence", "codes": ["c"], "rounds": ["R2"], "k": 1, "n": 4}
    found = problems(claim({"text": "2 people"}, check))
    assert [each[0] for each in found] == ["warning"]


def test_checks_and_reasons_that_are_at_odds_are_refused():
    three = {**P, "k": 3, "n": 4}
    assert problems(claim({}, [three, {**P, "k": 2, "n": 4}])) == [["error", "C.check"]]
    few = [{**P, "op": "ge", "k": 3, "n": 4}, {**P, "op": "le", "k": 2, "n": 4}]
    assert problems(claim({}, few)) == [["error", "C.check"]]
    some = [{**P, "op": "ge", "k": 1, "n": 4}, {**P, "op": "le", "k": 3, "n": 4}]
    assert problems(claim({}, some)) == []
    last = {**P, "when": "last", "k": 2, "n": 4}
    assert problems(claim({}, [three, last])) == []
    why = claim({}, three, not_checkable="a reading")
    assert problems(why) == [["error", "C.not_checkable"]]
    assert problems(claim({"k": 3, "n": 4, "op": "gt"}, three)) == [["error", "C.stated.op"]]
    assert problems(claim({"text": None}, three)) == []
