"""The export: complete, checked, described, and without words where they are confidential."""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest

from quidqual.reporting.crate import CHECKSUMS, crate_contents, export_crate
from quidqual.study.errors import QuidqualError
from tests.reporting.conftest import NOTES, SECRET, study_of


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    folder = tmp_path_factory.mktemp("books")
    (folder / "01 a b.ipynb").write_text('{"cells": []}', "utf-8")
    return folder


@pytest.fixture(scope="module")
def crate(tmp_path_factory, books):
    return export_crate(study_of(), tmp_path_factory.mktemp("crate") / "out", notebooks=books)


def files_of(folder):
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def test_checksums_cover_every_file(crate):
    files = files_of(crate)
    listed = dict(line.split("  ")[::-1] for line in files.pop(CHECKSUMS).decode().splitlines())
    assert listed == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    assert {
        "report.html",
        "tables/ledger.csv",
        "notebooks/01 a b.ipynb",
        "study/notes/P1-R1.md",
    } <= set(files)
    assert any(name.startswith("figures/") and name.endswith(".svg") for name in files)


def test_the_description_names_every_file_and_what_made_it(crate):
    document = json.loads((crate / "ro-crate-metadata.json").read_text("utf-8"))
    graph = {entity["@id"]: entity for entity in document["@graph"]}
    assert graph["ro-crate-metadata.json"]["conformsTo"]["@id"] == "https://w3id.org/ro/crate/1.1"
    root = graph["./"]
    assert {"name", "description", "datePublished", "license", "hasPart"} <= set(root)
    assert "synthetic" in root["keywords"]
    assert root["datePublished"] >= "2021-07-01"
    assert graph["notebooks/01%20a%20b.ipynb"]["@type"] == "File"
    described = {e["name"] for e in graph.values() if e["@type"] == "File"}
    own = {"ro-crate-metadata.json", CHECKSUMS}
    assert described == set(files_of(crate)) - own
    links = [v["@id"] for e in graph.values() for v in e.get("hasPart", [])]
    assert set(links) <= set(graph)
    assert {p["@id"] for p in graph["#run"]["instrument"]} >= {"#quidqual", "#python"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_data_package_is_valid(crate):
    frictionless = pytest.importorskip("frictionless")
    found = frictionless.Package(str(crate / "datapackage.json")).validate()
    assert found.valid, found.flatten(["title", "fieldName", "message"])


def test_the_same_study_gives_the_same_bytes(crate, books, tmp_path):
    again = export_crate(study_of(), tmp_path / "again", notebooks=books)
    assert files_of(again) == files_of(crate)
    assert export_crate(study_of(), again, notebooks=books) == again


def test_of_a_real_study_no_words_leave(tmp_path, books):
    out = export_crate(study_of("real"), tmp_path / "private/out", notebooks=books)
    files = files_of(out)
    everything = b"\n".join(files.values()).decode("utf-8", "replace")
    for words in (
        SECRET,
        "I go home",
        "counted the days",
        "waited for her",
        "my memo",
        "Kept words",
    ):
        assert words not in everything
    assert not [name for name in files if name.startswith("study/notes") or name.endswith(".jsonl")]
    assert "shoe_size" not in everything
    assert "Left out for confidentiality" in files["README.md"].decode()
    assert files["study/codings.csv"].decode().count("\n") == 8
    asked = export_crate(
        study_of("real"), tmp_path / "private/asked", notebooks=books, include_notes=True
    )
    assert (asked / "study/notes/P1-R1.md").read_text("utf-8") == NOTES["P1-R1"]


def test_what_notebooks_printed_is_left_out_with_the_words(tmp_path):
    from quidqual.reporting.crate import _notebooks

    cell = {"cell_type": "code", "source": "note", "execution_count": 3, "outputs": [SECRET]}
    book = {"cells": [{"cell_type": "markdown", "source": "è"}, cell], "metadata": {"widgets": 1}}
    (tmp_path / "01.ipynb").write_text(json.dumps(book), "utf-8")
    study = study_of("real")
    kept = json.loads(_notebooks(study, tmp_path, words=True)["notebooks/01.ipynb"])
    assert kept["cells"][1]["outputs"] == [SECRET]
    bare = json.loads(_notebooks(study, tmp_path, words=False)["notebooks/01.ipynb"])
    assert bare["cells"][1] == cell | {"outputs": [], "execution_count": None}
    assert bare["metadata"] == {}
    (tmp_path / "02.ipynb").write_text("[1]", "utf-8")
    with pytest.raises(QuidqualError, match=r"02\.ipynb: this is no notebook"):
        _notebooks(study, tmp_path, words=False)


def test_notebooks_that_show_the_example_are_in_no_other_export():
    import quidqual as qq
    from quidqual.reporting.crate import _notebooks

    assert _notebooks(study_of("real"), None, words=True) == {}
    assert "notebooks/tool_study.ipynb" in _notebooks(qq.load_example(), None, words=True)


def test_an_occupied_folder_is_refused_before_the_work(tmp_path, monkeypatch):
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    monkeypatch.setattr("quidqual.reporting.crate._contents", lambda *a, **k: pytest.fail("worked"))
    with pytest.raises(QuidqualError, match="other content"):
        export_crate(study_of(), tmp_path)
    with pytest.raises(QuidqualError, match="is a file"):
        export_crate(study_of(), tmp_path / "mine.txt")


def test_nothing_is_overwritten(tmp_path, books):
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(QuidqualError, match=r"other content: mine\.txt"):
        export_crate(study_of(), tmp_path, notebooks=books)
    with pytest.raises(QuidqualError, match="notebooks is not there"):
        export_crate(study_of(), tmp_path / "x", notebooks=tmp_path / "none")


def test_an_earlier_export_that_differs_stays_as_it_is(crate, books, tmp_path):
    there = tmp_path / "crate"
    shutil.copytree(crate, there)
    (there / "report.html").write_text("mine", "utf-8")
    with pytest.raises(QuidqualError, match=r"other content: report\.html"):
        export_crate(study_of(), there, notebooks=books)
    assert (there / "report.html").read_text("utf-8") == "mine"


def detailed(corpus="real", title="Study"):
    """A study whose ids, title and columns ask for care."""
    import quidqual as qq

    return qq.Study.from_tables(
        title=title, corpus=corpus, rounds=[{"round": "R1", "start": "2021-05-01", "end": "2021-05-09"}],
        participants=[{"participant": "=P1", "group": "g", "role": "r"}],
        interviews=[{"interview": "=P1-R1", "participant": "=P1", "round": "R1", "date": "2021-05-03",
                     "interviewer": "Dr Nosy", "place": "Back room", "note": "notes/p.md"}],
        notes={"=P1-R1": "I stay."}, codebook=[{"id": "home"}],
        codings=[{"interview": "=P1-R1", "start": 2, "end": 6, "code": "home", "coder": "A",
                  "memo": "my doubt", "at": "2022-03-04T10:11:12Z"}],
        settings={"journals": [{"text": "Dear diary"}], "reporting": {"interviewer": "Dr Nosy"}},
        claims=[{"id": "=C1", "kind": "prevalence", "summary": "s",
                 "check": {"measure": "prevalence", "codes": ["home"], "k": 1, "n": 1}}],
    )  # fmt: skip


def test_of_a_real_study_no_details_leave_unless_asked(tmp_path):
    study = detailed()
    for words in (False, True):
        out = export_crate(study, tmp_path / f"private/out{words}", include_notes=words)
        everything = b"\n".join(files_of(out).values()).decode("utf-8", "replace")
        for kept_back in (
            "Nosy",
            "Back room",
            "my doubt",
            "Dear diary",
            "2021-05-03",
            "2022-03-04",
        ):
            assert kept_back not in everything, kept_back
        assert study.hash in everything
        assert "memos, dates of interviews" in (out / "README.md").read_text("utf-8")
    asked = export_crate(study, tmp_path / "private/asked", include_notes=True, details=True)
    everything = b"\n".join(files_of(asked).values()).decode("utf-8", "replace")
    assert all(word in everything for word in ("Nosy", "Back room", "my doubt", "Dear diary"))


def test_no_table_of_an_export_holds_a_formula(tmp_path):
    out = export_crate(detailed(), tmp_path / "private/out")
    tables = [*(out / "tables").glob("*.csv"), *(out / "study").glob("*.csv")]
    bare = [p for p in tables if p.name != "interviews.csv" or p.parent.name == "tables"]
    assert bare
    for path in bare:
        cells = path.read_text("utf-8").replace("\n", ",").split(",")
        assert not [cell for cell in cells if cell.startswith("=")], path.name
    assert "'=C1" in (out / "tables/ledger.csv").read_text("utf-8")


def test_an_export_that_was_interrupted_is_written_to_its_end(tmp_path, books, monkeypatch):
    import quidqual.study.release_gate as module
    from quidqual.study.files import part_beside

    whole, n = module.write_inside, 0

    def dies(folder, name, data, **how):
        nonlocal n
        n += 1
        if n == 6:
            part_beside(folder / name).write_bytes(b"half")
            raise KeyboardInterrupt
        return whole(folder, name, data, **how)

    monkeypatch.setattr(module, "write_inside", dies)
    with pytest.raises(KeyboardInterrupt):
        export_crate(study_of(), tmp_path / "out", notebooks=books)
    monkeypatch.setattr(module, "write_inside", whole)
    out = export_crate(study_of(), tmp_path / "out", notebooks=books)
    assert (out / "report.html").is_file()


def test_a_long_title_with_markup_fits_every_file(tmp_path):
    pytest.importorskip("docx")
    import quidqual as qq

    study = detailed(corpus="synthetic", title="# <img src=x> [a](b) " + "x" * 400)
    out = export_crate(study, tmp_path / "out")
    readme = (out / "README.md").read_text("utf-8")
    assert "<img" not in readme
    assert "\\[a\\](b)" in readme
    assert qq.reporting.write_report(study, tmp_path / "r.docx").is_file()


def test_what_is_listed_is_what_is_written_and_no_more(books, tmp_path):
    listed = crate_contents(study_of(), notebooks=books)
    assert list(listed.columns) == ["file", "holds", "bytes"]
    whole = export_crate(study_of(), tmp_path / "whole", notebooks=books)
    described = {"README.md", "ro-crate-metadata.json", CHECKSUMS}
    files = {p.relative_to(whole).as_posix(): p for p in whole.rglob("*") if p.is_file()}
    assert set(files) == {*listed["file"], *described}
    sizes = dict(zip(listed["file"], listed["bytes"], strict=True))
    assert all(files[name].stat().st_size == sizes[name] for name in sizes)
    tables = listed[listed["file"].isin(["tables/prevalence.csv", "report.html"])]
    few = export_crate(study_of(), tmp_path / "few", notebooks=books, contents=tables)
    found = {p.relative_to(few).as_posix() for p in few.rglob("*") if p.is_file()}
    assert found == {"tables/prevalence.csv", "report.html", "datapackage.json", *described}
    package = json.loads((few / "datapackage.json").read_text("utf-8"))
    assert [r["path"] for r in package["resources"]] == ["tables/prevalence.csv"]
    assert "study/" not in (few / "README.md").read_text("utf-8")
    with pytest.raises(QuidqualError, match=r"would not hold 'tables/none\.csv"):
        export_crate(study_of(), tmp_path / "x", notebooks=books, contents=["tables/none.csv"])
    with pytest.raises(QuidqualError, match="contents must be rows"):
        export_crate(study_of(), tmp_path / "x", notebooks=books, contents="report.html")


def test_the_list_says_what_of_people_is_in_a_file(books):
    held = dict(crate_contents(study_of("real"), notebooks=books)[["file", "holds"]].values)
    assert held["study/participants.csv"] == "one row a participant"
    assert held["tables/presence.csv"] == "a table that tells of single people"
    assert held["tables/prevalence.csv"] == "a table"
    assert not [name for name in held if name.startswith("study/notes/")]
    asked = dict(
        crate_contents(study_of("real"), notebooks=books, include_notes=True)[
            ["file", "holds"]
        ].values
    )
    assert {v for k, v in asked.items() if k.startswith("study/notes/")} == {"a whole note"}
    assert asked["tables/evidence.csv"] == "a table with words of notes"
