"""Folders that nobody made by hand: bombs, rings of links, pipes, folders in place of files."""

import os
import time

import pytest

import quidqual as qq

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
)
LINE = (
    '{"op": "add", "id": "c9", "at": "2021-05-04T09:00:00Z", "coder": "A", "interview": "P1-R1",'
    ' "start": 10, "end": 18, "exact": "the work", "code": "work"%s}\n'
)


def refused(folder):
    """The problems, which opening the folder raises as well."""
    with pytest.raises(qq.QuidqualError):
        qq.open_study(folder)
    found = qq.validate(folder)
    return found[found["level"] == "error"]


@pytest.mark.parametrize("file", ["codebook.yaml", "claims.yaml"])
@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "a: &a [*a]\n",
        "[" * 3000 + "]" * 3000,
        "[" * 200 + "]" * 200,
        "{a: " * 99 + "}" * 99,
    ],
    ids=["laughs", "ring", "deep", "less deep", "mappings"],
)
def test_yaml_that_is_larger_than_it_looks(small, file, text):
    (small / file).write_text(text)
    assert file in set(refused(small)["file"])


@pytest.mark.parametrize("value", ["[" * 2000 + "]" * 2000, "9" * 5000])
def test_toml_that_cannot_be_held(small, value):
    path = small / "study.toml"
    path.write_text(f"extra = {value}\n" + path.read_text())
    assert "study.toml" in set(qq.validate(small)["file"])


@pytest.mark.parametrize(
    "more",
    [
        ', "memo": "\\ud800"',
        ', "weight": NaN',
        ', "weight": Infinity',
        ', "weight": ' + "9" * 400,
        ', "end": ' + "9" * 400,
    ],
)
def test_a_log_line_that_no_table_can_hold(small, more):
    log = small / "codings/A.jsonl"
    log.write_text(log.read_text() + LINE % more)
    assert refused(small)[["file", "row"]].values.tolist() == [["codings/A.jsonl", 3]]


@pytest.mark.parametrize("half", [b"\xed\xa0\x80", b"\xff", b"\xc3"])
def test_a_log_line_that_is_not_utf8(small, half):
    log = small / "codings/A.jsonl"
    log.write_bytes(
        log.read_bytes() + (LINE % ', "memo": "x"').encode().replace(b'"x"', b'"' + half + b'"')
    )
    assert refused(small)[["file", "row"]].values.tolist() == [["codings/A.jsonl", 3]]


@pytest.mark.parametrize(
    "file",
    ["participants.csv", "interviews.csv", "codebook.yaml", "claims.yaml", "codings/A.jsonl"],
)
@pytest.mark.parametrize("kind", ["folder", "pipe", "ring", "outside"])
def test_something_else_where_a_file_should_be(small, file, kind, tmp_path):
    path = small / file
    path.unlink(missing_ok=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "ring":
        path.symlink_to(path)
    else:
        (tmp_path / "elsewhere").write_text("a secret")
        path.symlink_to(tmp_path / "elsewhere")
    found = refused(small)
    assert file in set(found["file"])
    assert "secret" not in found.to_string()


@pytest.mark.parametrize("kind", ["pipe", "ring"])
def test_a_note_that_is_no_file(small, kind):
    path = small / "notes/P1-R1.md"
    path.unlink()
    os.mkfifo(path) if kind == "pipe" else path.symlink_to(path)
    assert "note" in set(refused(small)["field"])


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("interviews.csv", "minutes"),
        ("interviews.csv", "mode"),
        ("interviews.csv", "language"),
        ("participants.csv", "role"),
        ("participants.csv", "language"),
    ],
)
def test_an_optional_column_left_out_is_an_empty_one(small, file, column):
    path = small / file
    path.write_text(path.read_text().replace(column, "other", 1))
    study = qq.open_study(small)
    frame = getattr(study, path.stem)
    assert column in frame
    assert frame[column].isin(["", None]).all() | frame[column].isna().all()
    assert len(qq.presence(study)) == 8
    copy = study.save(small.parent / "copy")
    assert qq.open_study(copy) == study


@pytest.mark.parametrize("key", [".".join(["a"] * 100_000), " . ".join(['"a b"'] * 100_000)])
@pytest.mark.parametrize("form", ["{} = 1", "[{}]", "x = {{ {} = 1 }}"])
def test_a_key_of_very_many_dots_is_refused_at_once(small, key, form):
    """The parser of Python walks each of its parts anew: minutes."""
    path = small / "study.toml"
    path.write_text(path.read_text("utf-8") + "\n" + form.format(key) + "\n", "utf-8")
    before = time.process_time()
    with pytest.raises(qq.QuidqualError, match=r"study\.toml"):
        qq.open_study(small)
    assert time.process_time() - before < 20


def test_dots_in_a_long_memo_are_no_key(small):
    path = small / "study.toml"
    memo = "No. " * 500 + "a." * 500
    path.write_text(
        path.read_text("utf-8") + f'\n[[memos]]\nname = "x"\ntext = "{memo}"\n', "utf-8"
    )
    assert qq.open_study(small).settings["memos"][0]["text"] == memo


def test_a_header_of_very_many_columns_of_one_name_is_refused_at_once(small):
    (small / "participants.csv").write_text("participant,group" + ",a" * 200_000 + "\n", "utf-8")
    before = time.process_time()
    with pytest.raises(qq.QuidqualError, match="'a' stands twice"):
        qq.open_study(small)
    assert time.process_time() - before < 20
