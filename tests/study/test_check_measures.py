"""A check that cannot be computed is told when the study is validated, not when the ledger is made."""

import pytest

import quidqual as qq
from quidqual.findings.checks import MEASURES
from quidqual.study.check_measures import NEEDED, Known, check_measure

KNOWN = Known(frozenset({"c", "d"}), ("R1", "R2"), ("participant", "group", "role"), ("mode",))


def told(**check):
    return [(field, message) for field, message, _ in check_measure(check, KNOWN)]


def test_the_measures_are_those_that_can_be_computed():
    assert set(NEEDED) == set(MEASURES)


def test_the_checks_of_the_example_are_all_right():
    assert qq.validate(qq.load_example().folder).empty


@pytest.mark.parametrize(
    ("check", "field", "message"),
    [
        ({"measure": "magic"}, "measure", "'magic' is no measure."),
        ({"measure": "prevalence", "codes": ["c"]}, "k", "needs 'k'"),
        ({"measure": "prevalence", "codes": ["c"], "k": "two"}, "k", "'two' is no whole number"),
        ({"measure": "prevalence", "codes": ["x"], "k": 1}, "codes", "'x' is not a code"),
        ({"measure": "prevalence", "codes": "c", "k": 1}, "codes", "something else"),
        ({"measure": "prevalence", "k": 1}, "codes", "nothing says which codes"),
        ({"measure": "prevalence", "codes": ["c"], "k": 1, "when": "fade"}, "when", "no time"),
        ({"measure": "prevalence", "codes": ["c"], "k": 1, "op": "about"}, "op", "no comparison"),
        ({"measure": "prevalence", "codes": ["c"], "k": 1, "wen": "last"}, "wen", "knows no 'wen'"),
        ({"measure": "prevalence", "codes": ["c"], "k": 1, "rounds": ["R9"]}, "rounds", "no"),
        (
            {"measure": "prevalence", "where": [{"codes": ["c"], "when": "then"}], "k": 1},
            "when",
            "'then' is no time",
        ),
        ({"measure": "prevalence", "first": ["c"], "then": ["x"], "k": 1}, "then", "'x' is not a"),
        (
            {"measure": "prevalence", "codes": ["c"], "k": 1, "who": {"shoe": 1}},
            "who",
            "'shoe' is no column of participants.csv",
        ),
        ({"measure": "ranking", "codes": ["c"], "among": {"a": ["x"]}}, "among", "'x' is not a"),
        ({"measure": "ranking", "codes": ["c"], "among": ["d"]}, "among", "something else"),
        ({"measure": "ranking", "codes": ["c"], "among": {}, "by": "size"}, "by", "no way of"),
        (
            {"measure": "ranking", "codes": ["c"], "among": {}, "by": ["mentions", "size"]},
            "by",
            "'size' is no",
        ),
        (
            {"measure": "ranking", "codes": ["c"], "among": {}, "also": {"b": {}}},
            "also",
            "'b' is no factor",
        ),
        (
            {"measure": "ranking", "codes": ["c"], "among": {}, "also": {"it": ["c"]}},
            "also",
            "'it' has no named codes",
        ),
        (
            {"measure": "ranking", "codes": ["c"], "among": {}, "also": {"it": {"wide": ["x"]}}},
            "also",
            "'x' is not a code",
        ),
        (
            {"measure": "ranking", "codes": ["c"], "among": {}, "also": ["c"]},
            "also",
            "something else",
        ),
        ({"measure": "interviews", "where": {"x": 1}, "equals": 1}, "where", "interviews.csv"),
        ({"measure": "interviews", "op": "most", "equals": 1}, "op", "no comparison"),
        (
            {"measure": "levels", "of": "group", "includes": [], "within": "a"},
            "within",
            "something else",
        ),
        ({"measure": "levels", "of": "age", "includes": ["a"]}, "of", "'age' is no column"),
    ],
)
def test_what_is_wrong_is_named(check, field, message):
    found = told(**check)
    assert [place for place, _ in found] == [field]
    assert message in found[0][1]


def test_what_can_be_computed_passes():
    condition = {"codes": ["c"], "when": "fades", "match": "all", "rounds": ["R1"]}
    assert told(measure="prevalence", where=[condition, {"first": ["c"], "then": ["d"]}], k=1) == []
    assert told(measure="dates", first="2021-05", last="2021-10") == []
    assert told(measure="arithmetic", sum=[[1, 2]], equals=2) == []
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
    for words in ("'fade' is no time", "'limbooo' is not a code", "'survivorr' is no group"):
        assert words in messages
