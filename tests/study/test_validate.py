"""Each kind of damage: one clear problem with its place, and never the words of a note."""

import pytest

import quidqual as qq

NOTE_WORDS = ("She likes", "I stay", "trusts one", "Perché no", "stanco", "the work")


def test_the_small_study_is_fine(small):
    assert len(qq.validate(small)) == 0
    assert repr(qq.open_study(small)).startswith(
        "<Study 'Small' (synthetic): 2 participants, 3 interviews held, 2 codings"
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "words"),
    [
        ("participants.csv", "P2,b", "P1,b", ("participants.csv", 3, "participant"), "used twice"),
        ("participants.csv", "P1,a,one", "P1,a,", ("participants.csv", 2, "group"), "empty"),
        (
            "participants.csv",
            "en,30s",
            "english!,30s",
            ("participants.csv", 2, "language"),
            "right form",
        ),
        (
            "participants.csv",
            "participant,role",
            "name,role",
            ("participants.csv", 1, "participant"),
            "missing",
        ),
        (
            "participants.csv",
            "P1,a,one,en,30s",
            "P1,a,one,en,30s,more",
            ("participants.csv", 2, ""),
            "6 cells, the header 5",
        ),
        ("participants.csv", "P1,a", 'P1,"a', ("participants.csv", 3, ""), "not valid CSV"),
        (
            "interviews.csv",
            "P1-R2,P1",
            "P1-R1,P1",
            ("interviews.csv", 3, "interview"),
            "used twice",
        ),
        (
            "interviews.csv",
            "P1-R2,P1,R2",
            "P1-R2,P1,R1",
            ("interviews.csv", 3, "round"),
            "has a row for round 'R1' already",
        ),
        (
            "interviews.csv",
            "P1-R2,P1,R2",
            "P1-R2,P1,R9",
            ("interviews.csv", 3, "round"),
            "'R9' is not a round",
        ),
        (
            "interviews.csv",
            "P2-R2,P2",
            "P2-R2,P9",
            ("interviews.csv", 5, "participant"),
            "'P9' is not a participant",
        ),
        ("interviews.csv", "2021-05-03", "2021-13-03", ("interviews.csv", 2, "date"), "not a date"),
        (
            "interviews.csv",
            "2021-05-03",
            "2021-06-03",
            ("interviews.csv", 2, "date"),
            "not in round 'R1'",
        ),
        ("interviews.csv", "45,held", "-3,held", ("interviews.csv", 2, "minutes"), "out of range"),
        (
            "interviews.csv",
            "45,held",
            "long,held",
            ("interviews.csv", 2, "minutes"),
            "whole number",
        ),
        ("interviews.csv", "missed", "absent", ("interviews.csv", 5, "status"), "not allowed"),
        (
            "interviews.csv",
            ",,missed,",
            ",30,missed,",
            ("interviews.csv", 5, "minutes"),
            "must be empty",
        ),
        (
            "interviews.csv",
            "en,video",
            "fr,video",
            ("interviews.csv", 3, "language"),
            "not a language of the study",
        ),
        (
            "interviews.csv",
            "notes/P1-R1.md",
            "notes/gone.md",
            ("interviews.csv", 2, "note"),
            "not there",
        ),
        (
            "interviews.csv",
            "notes/P1-R1.md",
            "../../etc/passwd",
            ("interviews.csv", 2, "note"),
            "leaves the study folder",
        ),
        (
            "interviews.csv",
            "notes/P1-R2.md",
            "notes/P1-R1.md",
            ("interviews.csv", 3, "note"),
            "note of row 2 as well",
        ),
        ("study.toml", "2021-07-01", "2021-05-20", ("study.toml", None, "rounds"), "overlap"),
        (
            "study.toml",
            "end = 2021-05-31",
            "end = 2021-04-01",
            ("study.toml", None, "rounds[1].end"),
            "ends before it starts",
        ),
        (
            "study.toml",
            'round = "R2"',
            'round = "R1"',
            ("study.toml", None, "rounds[2]"),
            "stands twice",
        ),
        ("study.toml", '"synthetic"', '"invented"', ("study.toml", None, "corpus"), "not allowed"),
        (
            "study.toml",
            'title = "Small"',
            "title = Small",
            ("study.toml", 1, ""),
            "not valid TOML at column 9",
        ),
        (
            "study.toml",
            'title = "Small"',
            'primary_coder = "Z"\ntitle = "Small"',
            ("study.toml", None, "primary_coder"),
            "has no log",
        ),
        ("codebook.yaml", "{id: work}", "{id: trust}", ("codebook.yaml", None, "id"), "used twice"),
        (
            "codebook.yaml",
            "parent: ties",
            "parent: knots",
            ("codebook.yaml", None, "parent"),
            "not there",
        ),
        (
            "codebook.yaml",
            "{id: work}",
            "{id: work, color: red}",
            ("codebook.yaml", 4, "codes.2"),
            "unknown: 'color'",
        ),
        (
            "codebook.yaml",
            "{id: work}",
            "{id: work, id: w}",
            ("codebook.yaml", 4, ""),
            "stands twice",
        ),
        ("codebook.yaml", "{id: work}", "{id: work", ("codebook.yaml", 5, ""), "not valid YAML"),
        (
            "codebook.yaml",
            "{id: work}",
            "{id: work, asked: {rounds: [R7]}}",
            ("codebook.yaml", None, "asked.rounds"),
            "not a round",
        ),
        (
            "codings/A.jsonl",
            '"code": "trust"',
            '"code": "faith"',
            ("codings/A.jsonl", 2, "code"),
            "'faith' is not a code",
        ),
        (
            "codings/A.jsonl",
            '"code": "trust"',
            '"code": "ties"',
            ("codings/A.jsonl", 2, "code"),
            "heading",
        ),
        (
            "codings/A.jsonl",
            '"interview": "P1-R2"',
            '"interview": "P9-R9"',
            ("codings/A.jsonl", 2, "interview"),
            "not an interview",
        ),
        (
            "codings/A.jsonl",
            '"interview": "P1-R2"',
            '"interview": "P2-R2"',
            ("codings/A.jsonl", 2, "interview"),
            "has no note",
        ),
        (
            "codings/A.jsonl",
            '"end": 24',
            '"end": 18',
            ("codings/A.jsonl", 2, "end"),
            "greater than start",
        ),
        (
            "codings/A.jsonl",
            '"id": "c2"',
            '"id": "c1"',
            ("codings/A.jsonl", 2, "id"),
            "added before",
        ),
    ],
)
def test_errors_name_file_row_and_field(small, damage, file, old, new, place, words):
    problems = damage(file, old, new)
    errors = problems[problems["level"] == "error"]
    hit = errors[errors["message"].str.contains(words, regex=False)]
    assert len(hit) >= 1, problems.to_string()
    row = hit.iloc[0]
    found = (row["file"], None if row["row"] is qq_na() else int(row["row"]), row["field"])
    assert found == place
    assert row["remedy"]
    shown = problems.to_string()
    assert not any(quote in shown for quote in NOTE_WORDS)
    with pytest.raises(qq.QuidqualError):
        qq.open_study(small)


def qq_na():
    import pandas as pd

    return pd.NA


def test_all_problems_at_once(small):
    (small / "participants.csv").write_text("participant,group\nP1,one\nP1,one\n", "utf-8")
    (small / "codebook.yaml").unlink()
    (small / "notes/P2-R1.md").write_bytes("perch\xe9".encode("latin-1"))
    with pytest.raises(qq.QuidqualError) as caught:
        qq.open_study(small)
    files = {p.file for p in caught.value.problems}
    assert {"participants.csv", "codebook.yaml", "notes/P2-R1.md", "interviews.csv"} <= files
    assert len(caught.value.problems) >= 4


@pytest.mark.parametrize(
    "name", ["study.toml", "participants.csv", "interviews.csv", "codebook.yaml"]
)
def test_a_missing_file_is_named(small, name):
    (small / name).unlink()
    with pytest.raises(qq.QuidqualError, match=name):
        qq.open_study(small)


def test_warnings_do_not_stop_work(small):
    (small / "notes/P1-R1.md").write_text("She said “ no.\n", "utf-8")
    (small / "notes/P2-R1.md").write_text("\n", "utf-8")
    (small / "notes/loose.md").write_text("Nobody's.\n", "utf-8")
    problems = qq.validate(small)
    assert set(problems["level"]) == {"warning"}
    text = " ".join(problems["message"])
    for words in (
        "has no partner",
        "the note is empty",
        "no interview has this note",
        "it is lost",
    ):
        assert words in text
    assert qq.open_study(small).participants["participant"].tolist() == ["P1", "P2"]


def test_every_participant_has_a_row_in_every_round(small):
    path = small / "interviews.csv"
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:-1]) + "\n", "utf-8")
    problems = qq.validate(small)
    assert problems["message"].tolist() == ["'P2' has no row in interviews.csv for: 'R2'."]
    assert "missed or not_due" in problems["remedy"].iloc[0]


def test_no_folder_and_no_study(tmp_path):
    with pytest.raises(qq.QuidqualError, match="no such folder"):
        qq.open_study(tmp_path / "nowhere")
    with pytest.raises(qq.QuidqualError, match="is not a study"):
        qq.open_study(tmp_path)
    assert len(qq.validate(tmp_path)) == 1
