"""The commands that bring studies in and take them out, as a person types them."""

import re
import zipfile

import pytest

import quidqual as qq
from quidqual.cli import main
from tests.cli.typed import run

NAMES = r"(?P<participant>\w+)_(?P<round>R\d)"


@pytest.fixture
def mine(tmp_path):
    assert main(["new", str(tmp_path / "mine"), "--title", "Mine"]) == 0
    return tmp_path / "mine"


@pytest.fixture
def copy(tmp_path):
    return qq.load_example().save(tmp_path / "copy")


def test_notes_are_brought_in_once(mine, tmp_path, capsys):
    note = tmp_path / "P1_R1.txt"
    note.write_text("Interviewer: Hello.\nP1: I like it here.\n", "utf-8")
    status, out, _ = run(capsys, "import", note, "--study", mine, "--rounds", NAMES)
    assert (status, "transcript: 1 taken" in out) == (0, True)
    study = qq.open_study(mine)
    assert study.interviews["interview"].tolist() == ["P1_R1"]
    assert "I like it here" in study.text("P1_R1")
    status, _, err = run(capsys, "import", note, "--study", mine, "--rounds", NAMES)
    assert status == 1
    assert "has a note for round 'R1' already" in err
    assert main(["validate", "--study", str(mine)]) == 0


def test_a_pattern_of_rounds_that_is_none_is_explained(mine, tmp_path, capsys):
    note = tmp_path / "P1_R1.txt"
    note.write_text("Hello.", "utf-8")
    status, _, err = run(capsys, "import", note, "--study", mine, "--rounds", r"R(\d)")
    assert status == 1
    assert "(?P<round>...)" in err


def test_there_and_back_is_the_same_study(copy, tmp_path, capsys):
    project, back = tmp_path / "out.qdpx", tmp_path / "back"
    status, out, _ = run(capsys, "convert", copy, project)
    assert (status, out.splitlines()[-1]) == (0, f"Wrote {project} (synthetic)")
    assert zipfile.is_zipfile(project)
    assert run(capsys, "convert", project, back)[0] == 0
    assert qq.open_study(back).hash == qq.open_study(copy).hash


@pytest.mark.parametrize("name", ["quotes.csv", "quotes.xlsx", "quotes.md", "book.qdc"])
def test_a_file_that_is_there_stays_unless_told(copy, tmp_path, capsys, name):
    target = tmp_path / name
    target.write_text("mine", "utf-8")
    status, _, err = run(capsys, "convert", copy, target)
    assert status == 1
    assert f"{name}: another file of this name is there" in err
    assert target.read_text("utf-8") == "mine"
    assert run(capsys, "convert", copy, target, "--replace")[0] == 0
    assert target.read_bytes() != b"mine"
    assert run(capsys, "convert", copy, target)[0] == 0  # the same bytes are no loss


def test_what_cannot_be_read_is_told(tmp_path, capsys):
    status, _, err = run(capsys, "convert", tmp_path / "nope.qdpx", tmp_path / "x")
    assert (status, "there is no such file" in err) == (1, True)
    (tmp_path / "bad.qdpx").write_bytes(b"no zip")
    status, _, err = run(capsys, "convert", tmp_path / "bad.qdpx", tmp_path / "x")
    assert (status, "bad.qdpx" in err) == (1, True)
    assert not (tmp_path / "x").exists()


def test_checklist_is_printed_as_markdown(mine, capsys):
    status, out, _ = run(capsys, "checklist", "coreq")
    assert status == 0
    assert out.startswith("# COREQ (synthetic)\n")
    assert len(re.findall(r"^\| \d+ \|", out, re.MULTILINE)) == 32
    assert run(capsys, "checklist", "srqr", "--study", mine)[1].startswith("# SRQR (real)\n")


def test_report_is_one_file_marked_with_its_corpus(mine, tmp_path, capsys):
    target = tmp_path / "private/report.html"  # the study is real
    status, out, _ = run(capsys, "report", target, "--study", mine)
    assert (status, out) == (0, f"Wrote {target} (real)\n")
    assert "<!doctype html>" in target.read_text("utf-8")[:40].lower()
    status, _, err = run(capsys, "report", tmp_path / "report.pdf", "--study", mine)
    assert (status, "is written as .html or .docx" in err) == (1, True)
    target.write_text("mine", "utf-8")
    assert run(capsys, "report", target, "--study", mine)[0] == 1
    assert target.read_text("utf-8") == "mine"
    assert run(capsys, "report", target, "--study", mine, "--replace")[0] == 0


def test_export_is_a_new_folder(mine, tmp_path, capsys):
    crate = tmp_path / "private/crate"  # the study is real
    status, out, err = run(capsys, "export", crate, "--study", mine)
    assert (status, "add --yes" in err, crate.exists()) == (1, True, False)
    listed = out.splitlines()
    status, out, _ = run(capsys, "export", crate, "--study", mine, "--yes")
    assert (status, out.splitlines()) == (0, [*listed, f"Wrote {crate} (real)"])
    assert "study/participants.csv: one row a participant, " in out
    assert {"ro-crate-metadata.json", "manifest-sha256.txt", "report.html"} <= {
        p.name for p in crate.iterdir()
    }
    status, _, err = run(capsys, "export", mine, "--study", mine)
    assert (status, "holds other content" in err) == (1, True)


def test_tables_are_not_written_over(tmp_path, capsys):
    table = tmp_path / "ledger.csv"
    table.write_text("mine", "utf-8")
    assert run(capsys, "ledger", "--csv", table)[0] == 1
    assert table.read_text("utf-8") == "mine"
    assert run(capsys, "ledger", "--csv", table, "--replace")[0] == 0
    assert table.read_text("utf-8").startswith("claim,")
