"""claims.yaml: what it names must be there, and each problem says where it stands."""

import pytest

import quidqual as qq
from quidqual.study.errors import QuidqualError

CLAIMS = """\
report: {title: Small}
claims:
- {id: C1, kind: qualitative, summary: Work matters., not_checkable: a reading, for: [work]}
recommendations:
- {id: P1, summary: Give work., rests_on: [C1]}
- id: P2
  summary: Wait.
  rests_on: []
"""
TABLES = {
    "title": "Two talks",
    "corpus": "synthetic",
    "rounds": [{"round": "R1"}],
    "participants": [{"participant": "P1", "group": "all"}],
    "interviews": [{"interview": "P1-R1", "participant": "P1", "round": "R1"}],
    "notes": {"P1-R1": "I stay."},
}
CLAIM = {"id": "C1", "kind": "qualitative", "summary": "Stays.", "not_checkable": "a reading"}
ADVICE = {"id": "P1", "summary": "Stay.", "rests_on": ["C1"], "page": 3}


@pytest.mark.parametrize(
    ("old", "new", "row", "field", "words"),
    [
        ("rests_on: [C1]", "rests_on: [C1, C7]", 5, "P1.rests_on", "'C7' is not a claim"),
        ("rests_on: []", "rests_on:\n  - C1\n  - R99", 10, "P2.rests_on", "'R99' is not a claim"),
        ("id: P2", "id: P1", 6, "P1.id", "there twice"),
        ("for: [work]", "for: [play]", 3, "C1.for", "not a code"),
        ("for: [work]", "rounds: [R9]", 3, "C1.rounds", "not a round"),
        (
            "recommendations:",
            "- id: C1\n  kind: state\n  summary: s\nrecommendations:",
            4,
            "C1.id",
            "twice",
        ),
    ],
)
def test_what_is_not_there_is_said_with_its_row(small, old, new, row, field, words):
    assert old in CLAIMS
    path = small / "claims.yaml"
    path.write_text(CLAIMS, "utf-8")
    assert qq.validate(small).empty
    path.write_text(CLAIMS.replace(old, new), "utf-8")
    found = qq.validate(small).iloc[0]
    assert found[["level", "file", "row", "field"]].tolist() == ["error", "claims.yaml", row, field]
    assert words in found["message"]
    assert found["remedy"]
    with pytest.raises(QuidqualError):
        qq.open_study(small)


def test_report_and_recommendations_are_given_with_the_tables(tmp_path):
    study = qq.Study.from_tables(
        **TABLES, claims=[CLAIM], report={"title": "R"}, recommendations=[ADVICE]
    )
    again = qq.open_study(study.save(tmp_path / "s"))
    assert again == study
    assert (again.raw.report, again.raw.recommendations) == ({"title": "R"}, (ADVICE,))
    assert qq.ledger(again).recommendations["rests_on"].tolist() == [("C1",)]
    assert study != qq.Study.from_tables(**TABLES, claims=[CLAIM], report={"title": "R"})


def test_recommendations_are_kept_where_nothing_is_claimed(tmp_path):
    study = qq.Study.from_tables(**TABLES, recommendations=[{**ADVICE, "rests_on": []}])
    assert qq.open_study(study.save(tmp_path / "s")) == study


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"recommendations": [ADVICE]}, "'C1' is not a claim"),
        ({"recommendations": [{"id": "P1"}]}, "missing"),
        ({"recommendations": ADVICE}, "must be a list"),
        ({"claims": None}, "must be a list"),
        ({"claims": ["C1"]}, "type object"),
        ({"report": "R"}, "type object"),
        ({"report": {"author": "x"}}, "unknown: 'author'"),
    ],
)
def test_tables_are_held_to_the_same_rules(given, words):
    with pytest.raises(QuidqualError, match=words):
        qq.Study.from_tables(**TABLES, **given)


@pytest.mark.parametrize("folder", [None, 3, 2.5, ["a"], object()])
def test_what_is_no_path_is_refused_as_such(folder):
    study = qq.Study.from_tables(**TABLES)
    calls = [qq.validate, qq.new_study, study.save]
    for call in calls if folder is None else [*calls, qq.open_study]:
        with pytest.raises(QuidqualError, match="a path is wanted"):
            call(folder)
