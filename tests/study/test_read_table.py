"""Text stays text; commas, semicolons and tabs are told apart; one slip is one problem."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import quidqual as qq
from quidqual.study.read_table import read_text_table


@pytest.mark.parametrize(
    "word", ["NA", "N/A", "None", "nan", "null", "007", "1e5", "TRUE", "1.0", "-", "=1+1"]
)
def test_text_stays_text(word):
    table = read_text_table(f"interview,answer\n{word},{word}\nx,\n")
    assert table.frame.values.tolist() == [[word, word], ["x", ""]]
    assert table.rows == [2, 3]
    assert table.problems == ()


@pytest.mark.parametrize(
    ("text", "separator", "said"),
    [
        ("a,b\n1,2\n", ",", 0),
        ("a;b\n1;2\n", ";", 1),
        ("a\tb\n1\t2\n", "\t", 1),
        ("a|b\n1|2\n", "|", 1),
        ("sep=;\na;b\n1;2\n", ";", 1),
        ('"a";"b, c"\n1;2\n', ";", 1),
        ("a\n1\n", ",", 0),
        ("participant;role, or what;group\n1;2;3", ";", 1),
    ],
)
def test_separators(text, separator, said):
    table = read_text_table(text, file="x.csv", columns=["participant", "group"])
    assert table.separator == separator
    assert len(table.problems) == said
    assert {p.level for p in table.problems} <= {"warning"}
    assert table.frame.iloc[0].tolist()[0] == "1"
    assert table.rows == [text.rstrip().count("\n") + 1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are(encoding, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("città;sì\r\nperché;no\r\n".encode(encoding))
    assert read_text_table(path).frame.to_dict("records") == [{"città": "perché", "sì": "no"}]


@pytest.mark.parametrize(
    ("data", "row", "message", "remedy"),
    [
        ("a,b\nperché,1\n".encode("cp1252"), 2, "not UTF-8", "Excel"),
        (b'a,b\n"1,2\n3,4\n', 3, "not valid CSV", "quotation marks"),
        (b"a,b\n1\n2\n3\n4\n5\n", 2, "5 rows from here on", "cells"),
        (b"a,a\n1,2\n", 1, "stands twice", "own name"),
        (b"\xff\xfea", 1, "not UTF-8", "Excel"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem(data, row, message, remedy):
    table = read_text_table(data, file="x.csv")
    [problem] = table.problems
    assert (problem.file, problem.row, problem.level) == ("x.csv", row, "error")
    assert message in problem.message
    assert remedy in problem.remedy
    with pytest.raises(qq.QuidqualError):
        table.must_be_sound()


def test_what_excel_leaves_behind():
    table = read_text_table("a,b,,\n1,2,,\n,,,\n3,4,,\n")
    assert table.frame.to_dict("list") == {"a": ["1", "3"], "b": ["2", "4"]}
    assert table.rows == [2, 4]
    assert table.problems == ()


def test_a_missing_file_and_blanks(tmp_path):
    with pytest.raises(qq.QuidqualError, match=r"no\.csv: the file was not read"):
        read_text_table(tmp_path / "no.csv").must_be_sound()
    assert read_text_table("a\n x \n", strip=False).frame["a"].tolist() == [" x "]
    assert read_text_table(b"").frame.empty


@given(st.binary(max_size=80) | st.text(alphabet='a,;\t"\n\r|\0', max_size=40).map(str.encode))
def test_any_bytes_give_a_table_or_problems(data):
    table = read_text_table(data, file="x.csv")
    assert len(table.frame) == len(table.rows) or not table.frame.columns.size
    for problem in table.problems:
        assert problem.file == "x.csv"


def errors(folder):
    found = qq.validate(folder)
    return found[found["level"] == "error"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("codebook.yaml", "codes:", "codes: ["),
        ("codebook.yaml", "- {id: work}", "- {id: work, colour: red}"),
        ("study.toml", "title =", "title"),
        ("participants.csv", "P2,b", 'P2,"b'),
        ("interviews.csv", "P2-R1,P2", 'P2-R1,"P2'),
    ],
)
def test_one_slip_is_one_problem(damage, small, file, old, new):
    damage(file, old, new)
    assert errors(small)["file"].tolist() == [file]
    assert errors(small)["row"].notna().all()


@pytest.mark.parametrize(
    "file", ["participants.csv", "interviews.csv", "codebook.yaml", "study.toml"]
)
def test_a_file_in_another_encoding_is_one_problem(small, file):
    path = small / file
    path.write_bytes(path.read_bytes() + "\n# perché".encode("cp1252"))
    assert errors(small)["file"].tolist() == [file]


def test_a_study_from_a_country_of_semicolons(small):
    before = qq.open_study(small)
    for name in ("participants.csv", "interviews.csv"):
        path = small / name
        path.write_text("\ufeff" + path.read_text("utf-8").replace(",", ";"), "utf-8")
    study = qq.open_study(small)
    assert study == before
    assert study.problems["message"].str.contains("semicolons").tolist() == [True, True]


def test_the_nearest_name_is_suggested(damage):
    found = damage("codings/A.jsonl", '"code": "trust"', '"code": "trsut"')
    assert found["remedy"][0].endswith("Did you mean 'trust'?")
    found = damage("participants.csv", "participant,", "id,")
    assert "Did you mean 'id'?" in found["remedy"][0]
    with pytest.raises(qq.QuidqualError, match="Did you mean 'c17'"):
        qq.Codebook([{"id": f"c{n}"} for n in range(10, 60)])["c17x"]


def test_a_wrong_header_is_one_problem_however_many_rows(small):
    """What refers to participants.csv is checked once its header is mended."""
    path = small / "participants.csv"
    head, rest = path.read_text("utf-8").split("\n", 1)
    path.write_text(head.replace("participant", "Participant", 1) + "\n" + rest, "utf-8")
    found = errors(small).to_dict("records")
    assert [(p["file"], p["row"], p["field"]) for p in found] == [
        ("participants.csv", 1, "participant")
    ]


def test_a_code_that_is_gone_is_one_problem_however_many_codings():
    codings = [{"interview": "i", "exact": word, "code": "gone"} for word in ("a", "b", "c")]
    with pytest.raises(qq.QuidqualError) as raised:
        qq.Study.from_tables(
            title="t", corpus="synthetic", rounds=["R1"],
            participants=[{"participant": "P1", "group": "g"}],
            interviews=[{"interview": "i", "participant": "P1", "round": "R1"}],
            notes={"i": "a b c"}, codebook=["going"], codings=codings,
        )  # fmt: skip
    (problem,) = raised.value.problems
    assert problem.row == 1
    assert problem.message == "'gone' is not a code of the codebook (3 codings)."


def test_utf_16_without_its_mark_is_told_as_an_encoding():
    table = read_text_table("participant,group\nP1,g\n".encode("utf-16-le"), file="p.csv")
    assert [problem.message for problem in table.problems] == ["the file is not UTF-8."]


def test_rows_are_counted_where_they_begin():
    table = read_text_table('a,b\n1,"x\ny"\n\n2,z\n')
    assert table.rows == [2, 5]
