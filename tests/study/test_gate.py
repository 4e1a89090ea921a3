"""One gate for names: thrown at every writer of the room, a name writes inside or is refused."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import quidqual as qq
from quidqual.study.errors import QuidqualError
from quidqual.study.gate import file_stem, identifier_of, note_names, safe_path
from quidqual.study.log_append import append

BAD = [
    "../x", "/tmp/x", "a/../../x", "..", ".", "", "C:/x", "C:x", "\\\\host\\x", "a\\b", "~/../x",
    "notes/../study.toml", "notes//x.md", "notes/NUL", "notes/con.md", "notes/COM¹.md", "aux",
    "notes/a.", "notes/a ", "notes/ a", "notes/a\nb.md", "notes/a\0b", "notes/\ud800.md",
    "notes/\u202egnp.md", "notes/" + "a" * 300 + ".md", "notes/" + "é" * 200 + ".md",
    "notes/" + "a/" * 900 + "x", "notes/a:b", "notes/a*", "notes/?", "notes/a|b", 'notes/"', "<x>",
]  # fmt: skip
GOOD = ["notes/P1-R1.md", "a", "notes/È stata.md", "notes/面接.md", "notes/.x", "a/b/c.d.e"]
NAMES = st.one_of(
    st.sampled_from(BAD + GOOD),
    st.text(max_size=40),
    st.text(alphabet="./\\:aA é\u0301\ud800\0*", max_size=12),
    st.text(alphabet="éü面", min_size=50, max_size=300),
)


@pytest.mark.parametrize("name", BAD)
def test_what_some_disk_does_not_take_is_refused(tmp_path, name):
    with pytest.raises(QuidqualError) as refused:
        safe_path(tmp_path, name, file="x.csv", row=3, field="note")
    assert refused.value.problems[0].row == 3
    str(refused.value).encode("utf-8")


@pytest.mark.parametrize("name", GOOD)
def test_what_every_disk_takes_passes(tmp_path, name):
    assert safe_path(tmp_path, name) == tmp_path / name


@pytest.mark.parametrize("name", [None, 3, b"a", ["a"], Path("a")])
def test_a_name_is_text(tmp_path, name):
    with pytest.raises(QuidqualError, match="is not text"):
        safe_path(tmp_path, name)


def test_no_link_leads_out(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (inside / "notes").symlink_to(outside)
    (inside / "ring").symlink_to(inside / "ring")
    (inside / "file").symlink_to(outside / "later")
    for name in ("notes/a.md", "ring", "ring/a", "file"):
        with pytest.raises(QuidqualError):
            safe_path(inside, name)
    (inside / "here").symlink_to(inside)
    assert safe_path(inside, "here/a.md") == inside / "here/a.md"


@given(st.text(max_size=60))
@example("Èva: 1")
@example("con.x")
@example("NUL")
def test_an_identifier_is_a_safe_file_name_and_comes_back_or_is_refused(name):
    try:
        stem = file_stem(name)
    except QuidqualError:
        return
    safe_path(Path("x"), f"codings/{stem}.jsonl")
    safe_path(Path("x"), f"codings/.{stem}.holder.json")
    assert identifier_of(stem) == (name or "\0")


@given(st.lists(st.text(alphabet="aAbéÉ/. \0面", max_size=90), unique=True, max_size=8))
def test_notes_are_told_apart_on_every_disk(interviews):
    names = note_names(interviews)
    assert list(names) == interviews
    folded = {unicodedata.normalize("NFC", n).casefold() for n in names.values()}
    assert len(folded) == len(interviews)
    for name in names.values():
        safe_path(Path("x"), name)


def files_under(folder):
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir()}


def study_of(*, note="", interview="I", coder="A", participant="P"):
    return qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R"],
        participants=[{"participant": participant, "group": "g"}],
        interviews=[
            {"interview": interview, "participant": participant, "round": "R", "note": note}
        ],
        notes={interview: "abc"}, codebook=["c"],
        codings=[{"interview": interview, "start": 0, "end": 1, "code": "c", "coder": coder}],
        reads=[{"coder": coder, "interview": interview}],
    )  # fmt: skip


@pytest.mark.parametrize("place", ["note", "interview", "coder", "append"])
@settings(max_examples=40)
@given(name=NAMES)
@example(name="codings/A.jsonl")
@example(name="study.toml")
@example(name="notes/../codings/A.jsonl")
def test_no_name_writes_outside_its_room(tmp_path_factory, place, name):
    top = tmp_path_factory.mktemp("gate")
    folder = top / "study"
    try:
        if place == "append":
            entry = {"op": "read", "id": "r", "at": "", "coder": name, "interview": "I"}
            append(folder, name, [entry])
        else:
            study = study_of(**{place: name})
            study.save(folder)
            assert qq.open_study(folder) == study
    except QuidqualError as refused:
        str(refused).encode("utf-8")
    written = files_under(top)
    allowed = ("study/notes/", "study/codings/")
    named = {"study.toml", "participants.csv", "interviews.csv", "codebook.yaml"}
    for file in written - {f"study/{n}" for n in named}:
        assert file.startswith(allowed), file
    assert not os.path.lexists("/tmp/x")


@pytest.mark.parametrize("note", ["study.toml", "codings/A.jsonl", "../x.md", "texts/x.md"])
def test_a_note_lives_under_notes(note):
    with pytest.raises(QuidqualError, match=r"interviews\.csv, row 2, field 'note'"):
        study_of(note=note)


def test_coders_that_differ_in_capitals_are_not_saved_as_one(tmp_path):
    study = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R"], participants=[{"participant": "P", "group": "g"}],
        interviews=[{"interview": "I", "participant": "P", "round": "R"}], notes={"I": "abc"}, codebook=["c"],
        codings=[{"interview": "I", "start": 0, "end": 1, "code": "c", "coder": c} for c in ("Anna", "anna")],
    )  # fmt: skip
    assert "one file on some disks" in study.problems["message"].iloc[0]
    with pytest.raises(QuidqualError, match="same file"):
        study.save(tmp_path / "s")
    assert not (tmp_path / "s").exists()
