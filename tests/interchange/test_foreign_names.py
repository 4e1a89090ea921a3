"""A name from a foreign file never decides where something is written."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quidqual.interchange.convert import convert
from quidqual.interchange.qdpx_read import read_qdpx
from quidqual.interchange.qdpx_write import write_qdpx
from quidqual.interchange.supplement import SUPPLEMENT
from quidqual.study.errors import QuidqualError
from quidqual.study.gate import note_fault
from quidqual.study.model import open_study

NAMES = [
    "../outside.py", "/tmp/outside.py", "notes/../../outside.py", "C:\\outside.py", "notes\\..\\x.md",
    "codings/Anna.jsonl", "study.toml", "notes/a/../../../x.md", "notes/con.md", "notes/", "notes",
    "notes/" + "a" * 300 + ".md", "notes/a\x00.md", "notes/nul", "notes/x.md.", "NOTES/x.md",
]  # fmt: skip


def tampered(study, folder: Path, change) -> Path:
    """A project that quidqual wrote, with the note that it keeps in it changed by someone."""
    whole = write_qdpx(study, folder / "whole.qdpx", dialect="standard")
    path = folder / "tampered.qdpx"
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(path, "w") as made:
        for name in archive.namelist():
            data = archive.read(name)
            if SUPPLEMENT in name:
                known = json.loads(data)
                change(known)
                data = json.dumps(known).encode("ascii")
            made.writestr(name, data)
    return path


def with_note(name: str):
    def change(known) -> None:
        table = known["interviews"]
        at = 1 + table["columns"].index("note")
        table["rows"][0][at] = name

    return change


def everything(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*")}


@pytest.mark.parametrize("name", NAMES)
def test_the_file_of_a_note_is_one_inside_notes(study, tmp_path, name):
    path = tampered(study, tmp_path, with_note(name))
    target = tmp_path / "deep" / "inside" / "out"
    found = convert(path, target)
    written = everything(tmp_path / "deep")
    assert {w for w in written if w.endswith((".md", ".py"))} == {
        "inside/out/notes/P1-R1.md", "inside/out/notes/P1-R2.md", "inside/out/notes/P2-R1.md",
    }  # fmt: skip
    assert open_study(target).text("P1-R1") == study.text("P1-R1")
    assert "P1-R1" in found.report.query("kind == 'note'")["item"].tolist()
    assert not (tmp_path / "outside.py").exists()


def test_two_notes_never_share_a_file(study, tmp_path):
    imported = read_qdpx(tampered(study, tmp_path, with_note("notes/p2-r1.MD")))
    assert len(set(imported.study.notes["file"].str.casefold())) == 3


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(
    st.one_of(
        st.text(max_size=40),
        st.builds("notes/{}".format, st.text(max_size=20)),
        st.builds("{}{}.md".format, st.sampled_from(["../", "notes/", "/", "~/", "notes/../"]), st.text(max_size=9)),
    )
)  # fmt: skip
def test_no_name_leaves_the_target(study_maker, tmp_path_factory, name):
    base = tmp_path_factory.mktemp("names")
    path = tampered(study_maker(), base, with_note(name))
    try:
        convert(path, base / "deep" / "out")
    except QuidqualError:
        assert not (base / "deep").exists() or not list((base / "deep").rglob("*.py"))
        return
    allowed = ("out", "out/notes", "out/codings", "out/study.toml", "out/participants.csv",
               "out/interviews.csv", "out/codebook.yaml", "out/claims.yaml",
               "out/codings/Anna.jsonl", "out/codings/Bea.jsonl")  # fmt: skip
    for found in everything(base / "deep"):
        assert found in allowed or not note_fault(found.removeprefix("out/")), found
    assert everything(base) - {f"deep/{f}" for f in everything(base / "deep")} == {
        "deep", "whole.qdpx", "tampered.qdpx",
    }  # fmt: skip


@pytest.mark.parametrize("coder", ["../../x", "/etc/x", "a" * 300, "con", " ", "a\x00b", ".."])
def test_the_name_of_a_coder_never_leaves_the_logs(qdpx, tmp_path, coder):
    from xml.sax.saxutils import quoteattr

    users = f'<User guid="{qdpx.anna}" name={quoteattr(coder.replace(chr(0), "_"))}/>'
    path = qdpx.one("Hello", qdpx.selection(0, 5, qdpx.trust), users=users)
    convert(path, tmp_path / "deep" / "out")
    logs = [p for p in everything(tmp_path / "deep") if p.endswith(".jsonl")]
    assert len(logs) == 1
    assert Path(logs[0]).parent.as_posix() == "out/codings"
    assert len(open_study(tmp_path / "deep" / "out").codings) == 1


def test_a_name_brings_no_control_characters_into_a_report(qdpx):
    """What is printed on a terminal may not move its cursor or colour it."""
    names = ["\x9b31mred", "a\u202eb\x85c"]
    xml = "".join(f'<PictureSource guid="{qdpx.guid(n)}" name="{n}"/>' for n in names)
    path = qdpx.write(
        qdpx.source("Talk", qdpx.selection(0, 5, qdpx.trust)) + xml,
        files={f"sources/{qdpx.guid('Talk')}.txt": b"Hello"},
    )
    words = "".join(read_qdpx(path).report.to_numpy().ravel().tolist())
    assert "red" in words
    assert words.replace("\u202e", "").isprintable()
    assert "\u202e" not in words
