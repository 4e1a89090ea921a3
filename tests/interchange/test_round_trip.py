"""What is written comes back: the same study, the same files, the same bytes."""

from __future__ import annotations

import os
import string
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quidqual.examples import load_example
from quidqual.interchange.qdpx_read import read_qdpx
from quidqual.interchange.qdpx_write import write_qdpx
from quidqual.interchange.refi import guid_of
from quidqual.interchange.supplement import SUPPLEMENT
from quidqual.study.errors import QuidqualError
from quidqual.study.model import Study

THOROUGH = int(os.environ.get("QUIDQUAL_THOROUGH", "1"))


def again(study: Study) -> Study:
    with tempfile.TemporaryDirectory() as folder:
        return read_qdpx(
            write_qdpx(study, Path(folder) / "private/a.qdpx", dialect="standard")
        ).study


def test_a_study_comes_back_exactly(study):
    back = again(study)
    assert back == study
    assert back.hash == study.hash
    assert back.raw.codings["weight"].tolist()[-1] == 0.25
    assert back.codings.set_index(["coder", "code"]).loc[("Anna", "trust"), "memo"] == "a\x07 & <b>"
    assert back.text("P1-R1") == study.text("P1-R1")


def test_the_example_comes_back_exactly(tmp_path):
    study = load_example()
    first = write_qdpx(study, tmp_path / "a.qdpx", dialect="standard").read_bytes()
    back = read_qdpx(tmp_path / "a.qdpx").study
    assert back == study
    assert back.hash == study.hash
    assert write_qdpx(back, tmp_path / "b.qdpx", dialect="standard").read_bytes() == first


def test_equality_notices_each_difference(study, study_maker):
    text = {**study.raw.notes, "P2-R1": "È così: “perché no”!"}
    assert study_maker(notes=text, codings=[]) != study_maker(codings=[])
    assert study_maker(title="Other") != study


def test_the_same_study_gives_the_same_bytes(study, study_maker, tmp_path):
    one = write_qdpx(study, tmp_path / "a.qdpx", dialect="standard").read_bytes()
    other = write_qdpx(study_maker(), tmp_path / "b.qdpx", dialect="standard").read_bytes()
    assert one == other


def test_a_coding_whose_note_was_edited_is_kept(study_maker):
    codings = [
        {
            "interview": "P1-R1",
            "start": 0,
            "end": 4,
            "code": "home",
            "coder": "Anna",
            "exact": "gone",
        },
        {
            "interview": "P1-R1",
            "start": 0,
            "end": 4,
            "code": "home",
            "coder": "Anna",
            "exact": "left",
        },
    ]
    study = study_maker(codings=codings)
    assert len(study.lost) == 1
    back = again(study)
    assert back == study
    assert len(back.lost) == 1


def test_memos_of_the_project_and_description_come_back(study_maker):
    memos = [{"name": "Diary", "text": "First day.\n"}, {"name": "", "text": ""}]
    study = study_maker(settings={"description": "Why & how", "memos": memos})
    assert again(study) == study


def test_an_empty_study_comes_back():
    study = Study.from_tables(
        title="Nothing",
        corpus="real",
        rounds=[{"round": "R1"}],
        participants=[],
        interviews=[],
        notes={},
    )
    assert again(study) == study


def test_deep_trees_come_back_and_endless_ones_are_refused(study_maker, tmp_path):
    def chain(depth: int) -> Study:
        codes = [{"id": f"c{n}", "parent": f"c{n - 1}" if n else None} for n in range(depth)]
        return study_maker(codebook=codes, codings=[], claims=[])

    assert again(chain(200)) == chain(200)
    with pytest.raises(QuidqualError, match="deeper"):
        write_qdpx(chain(300), tmp_path / "a.qdpx")


def test_codes_in_any_order_come_back(study_maker):
    codes = [{"id": "b", "parent": "a"}, {"id": "c"}, {"id": "a"}, {"id": "home", "parent": "c"}]
    study = study_maker(codebook=codes, codings=[], claims=[])
    assert again(study).codebook.ids == ("b", "c", "a", "home")


def rewrite(path: Path, member: str, old: str, new: str) -> None:
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    changed = files[member].decode().replace(old, new)
    assert changed != files[member].decode()
    files[member] = changed.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('name="Home"', 'name="House"', lambda s: s.codebook["home"].name("en") == "House"),
        ("<TextValue>40s<", "<TextValue>50s<", lambda s: "50s" in s.participants["age band"].tolist()),
        ('color="#ff8000"', 'color="#0000ff"', lambda s: s.codebook["trust"].colour == "#0000FF"),
        (">In people.<", ">In all.<", lambda s: s.codebook["trust"].definition == "In all."),
        ('name="Integration &amp; work"', 'name="New"', lambda s: s.title == "New"),
    ],
)  # fmt: skip
def test_edits_of_another_program_win(study, tmp_path, old, new, told):
    path = write_qdpx(study, tmp_path / "a.qdpx", dialect="standard")
    rewrite(path, "project.qde", old, new)
    imported = read_qdpx(path)
    assert told(imported.study)
    assert "edited in another program" in " ".join(imported.report["why"])
    assert imported.study.codebook["trust"].patterns == {"en": ("trust*",)}  # the rest is restored


def test_a_coding_added_elsewhere_is_taken(study, tmp_path, qdpx):
    path = write_qdpx(study, tmp_path / "a.qdpx", dialect="standard")
    code = guid_of("code", "home")
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("project.qde").decode()
    start = xml[xml.index("<TextSource") :].partition("<PlainTextSelection")[0]
    rewrite(path, "project.qde", start, start + qdpx.selection(0, 3, code, user=""))
    back = read_qdpx(path).study
    added = back.codings[~back.codings["id"].isin(study.codings["id"])]
    assert added[["interview", "exact", "code", "coder"]].values.tolist() == [
        ["P1-R1", "She", "home", "unknown"]
    ]
    assert len(back.codings) == len(study.codings) + 1


def test_a_source_added_elsewhere_makes_people_and_rounds_be_told_anew(study, tmp_path, qdpx):
    path = write_qdpx(study, tmp_path / "a.qdpx", dialect="standard")
    rewrite(
        path,
        "project.qde",
        "</Sources>",
        qdpx.source("New", "<PlainTextContent>x</PlainTextContent>", path="") + "</Sources>",
    )
    imported = read_qdpx(path, rounds={"P1-R1": "R1", "P1-R2": "R2", "P2-R1": "R1", "New": "R1"})
    assert set(imported.study.raw.notes) == {"P1-R1", "P1-R2", "P2-R1", "New"}
    assert len(imported.study.codings) == 3
    assert "told anew" in " ".join(imported.report["why"])


@pytest.mark.parametrize(
    "note", ["", "null", "[]", '{"format":1}', '{"format":2}', "[" * 5000, "{"]
)
def test_a_broken_note_of_ours_is_no_reason_to_fail(study, tmp_path, note):
    path = write_qdpx(study, tmp_path / "a.qdpx", dialect="standard")
    with zipfile.ZipFile(path) as archive:
        whole = archive.read(f"sources/{SUPPLEMENT}.txt").decode()
    rewrite(path, f"sources/{SUPPLEMENT}.txt", whole, note)
    imported = read_qdpx(path)
    assert len(imported.study.codings) == 3
    assert imported.study.text("P1-R1") == study.text("P1-R1")
    assert "told anew" in " ".join(imported.report["why"])
    assert imported.study.round_order == ("R1", "R2")


letters = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)
words = (
    st.text(st.sampled_from(string.ascii_letters + "èÀßñ😀-. "), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)


@st.composite
def studies(draw):
    people = draw(st.lists(words, min_size=1, max_size=3, unique=True))
    rounds = draw(st.lists(words, min_size=1, max_size=2, unique=True))
    talks, notes = [], {}
    for n, person in enumerate(people):
        for m, when in enumerate(rounds):
            row = {"interview": f"I{n}-{m}", "participant": person, "round": when}
            row["status"] = draw(st.sampled_from(["held", "missed", "not_due"]))
            if row["status"] == "held" and draw(st.booleans()):
                notes[row["interview"]] = draw(letters)
            talks.append(row)
    attributes = draw(
        st.lists(
            words.filter(lambda w: w not in ("participant", "role", "group", "language", "corpus")),
            max_size=2,
            unique=True,
        )
    )
    rows = [
        {"participant": p, "group": draw(words), **{a: draw(letters) for a in attributes}}
        for p in people
    ]
    ids = draw(st.lists(words, min_size=1, max_size=4, unique=True))
    codes = [
        {"id": c, "label": {"en": draw(words)}, "definition": draw(letters), "include": draw(letters), "memo": draw(letters),
         "parent": draw(st.sampled_from([None, *ids[:n]])), "examples": [draw(letters)]}
        for n, c in enumerate(ids)
    ]  # fmt: skip
    codings = []
    for interview, text in notes.items():
        from quidqual.study.text import canonical

        text = notes[interview] = canonical(text)
        for _ in range(draw(st.integers(0, 3))) if text else ():
            start = draw(st.integers(0, len(text) - 1))
            end = draw(st.integers(start + 1, len(text)))
            codings.append({
                "interview": interview, "start": start, "end": end, "code": draw(st.sampled_from(ids)), "coder": draw(words),
                "memo": draw(letters), "at": draw(st.sampled_from(["", "2021-06-01T10:00:00Z", "yesterday", "2021-06-01"])),
                "weight": draw(st.one_of(st.none(), st.floats(0, 1))), "source": draw(st.sampled_from(["hand", "rule", "model"])),
            })  # fmt: skip
    return Study.from_tables(
        title=draw(words), corpus=draw(st.sampled_from(["real", "synthetic"])), rounds=[{"round": r} for r in rounds],
        participants=rows, interviews=talks, notes=notes, codebook=codes, codings=codings, languages=["en"],
    )  # fmt: skip


@settings(
    max_examples=80 * THOROUGH,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(studies())
def test_any_study_comes_back_exactly(study):
    assert again(study) == study
