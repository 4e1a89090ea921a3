"""Quote tables, matrices and reports; conversion between formats."""

from __future__ import annotations

import csv
import shutil

import docx
import openpyxl
import pandas as pd
import pytest

from quidqual.examples import load_example
from quidqual.interchange.convert import convert, import_files, read
from quidqual.interchange.quote_report import write_quote_report
from quidqual.interchange.quote_table import code_matrix, quote_table
from quidqual.study.errors import QuidqualError
from quidqual.study.model import open_study
from quidqual.study.write_table import safe_cell, write_table


def test_the_quote_table(study):
    quotes = quote_table(study)
    assert quotes[
        ["participant", "round", "code", "label", "words", "speech", "coder"]
    ].values.tolist() == [
        ["P1", "R1", "trust", "Trust", "I stay", "verbatim", "Anna"],
        ["P1", "R1", "home", "Home", "I stay", "verbatim", "Bea"],
        ["P2", "R1", "home", "Home", "perché no", "verbatim", "Anna"],
    ]
    assert quotes["before"].tolist()[0] == "She said: “"
    assert quotes["after"].tolist()[0].startswith(" 😀 here.”")
    assert quotes["weight"].isna().tolist() == [True, True, False]
    assert quote_table(study, coder="Bea")["words"].tolist() == ["I stay"]
    assert quote_table(study, codes=["trust"])["code"].tolist() == ["trust"]
    for wrong in ({"coder": "Eve"}, {"codes": ["nothing"]}):
        with pytest.raises(QuidqualError):
            quote_table(study, **wrong)


def test_matrices_keep_absent_apart_from_not_observed(study):
    table = code_matrix(study).set_index("code")
    assert list(table.index) == ["trust", "home"]
    assert table.loc["home", ["P1-R1", "P2-R1"]].tolist() == [1, 1]
    assert table["P1-R2"].isna().all()  # nobody has read it
    # trust is asked of survivors in R1 only: elsewhere nobody looked for it
    assert table.loc["trust", "P1-R1"] == 1
    assert table.loc["trust", ["P1-R2", "P2-R1"]].isna().all()
    people = code_matrix(study, by="participant", counts=True).set_index("code")
    assert people.loc["home", ["P1", "P2"]].tolist() == [1, 1]
    assert people["P1"].dtype == "Int64"
    assert pd.isna(people.loc["trust", "P2"])
    with pytest.raises(QuidqualError, match="document"):
        code_matrix(study, by="round")


def test_counts_and_zero_or_one(study_maker):
    codings = [
        {"interview": "P1-R1", "start": n, "end": n + 2, "code": "home", "coder": "Anna"}
        for n in range(3)
    ]
    study = study_maker(codings=codings)
    assert code_matrix(study, counts=True).set_index("code").loc["home", "P1-R1"] == 3
    assert code_matrix(study).set_index("code").loc["home", "P1-R1"] == 1


NASTY = ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "'=1", "fine", "=cmd|' /C calc'!A0", "＝1"]


@pytest.mark.parametrize("kind", [".csv", ".xlsx", ".parquet"])
def test_no_cell_becomes_a_formula(tmp_path, kind):
    frame = pd.DataFrame({"=name": NASTY, "n": range(-5, 5)})
    path = write_table(frame, tmp_path / f"a{kind}")
    assert write_table(frame, tmp_path / f"b{kind}").read_bytes() == path.read_bytes()
    if kind == ".csv":
        with open(path, newline="", encoding="utf-8") as stream:
            rows = list(csv.reader(stream))
        assert all(row[0][0] not in "=+-@\t\r＝" for row in rows)
        assert [row[1] for row in rows[1:3]] == ["-5", "-4"]
    elif kind == ".xlsx":
        sheet = openpyxl.load_workbook(path).active
        assert {cell.data_type for cell in sheet["A"]} == {"s"}
        assert [cell.value for cell in sheet["A"]][1:3] == ["=1+1", "+1"]
        assert sheet["B2"].value == -5
    else:
        assert pd.read_parquet(path)["=name"].tolist() == NASTY
    assert safe_cell("=") == "'="


def test_tables_hold_any_words(study, tmp_path):
    frame = quote_table(study).assign(words=["a\x07b", "x" * 40_000, "😀"])
    for kind in (".csv", ".parquet"):
        write_table(frame, tmp_path / f"a{kind}")
    with pytest.warns(UserWarning, match="1 cell longer"):
        write_table(frame, tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").active["H2"].value == "a\ufffdb"
    with pytest.raises(QuidqualError, match="parquet"):
        write_table(frame, tmp_path / "a.ods")


def test_reports_of_quotes(study, tmp_path):
    text = write_quote_report(study, tmp_path / "a.md").read_text("utf-8")
    assert "The notes are synthetic" in text
    assert text.index("## Ties") < text.index("### Trust") < text.index("## Home")
    assert "2 passages of 2 participants." in text
    assert "> perché no" in text
    assert "P1, R1 (P1-R1), speech, coded by Anna" in text
    write_quote_report(study, tmp_path / "a.docx")
    words = [p.text for p in docx.Document(tmp_path / "a.docx").paragraphs]
    assert words[0] == study.title
    assert "perché no" in words
    one = (tmp_path / "a.docx").read_bytes()
    assert write_quote_report(study, tmp_path / "b.docx").read_bytes() == one
    with pytest.raises(QuidqualError, match="docx"):
        write_quote_report(study, tmp_path / "a.pdf")


def test_paraphrase_is_never_shown_as_speech_and_marks_are_escaped(study_maker, tmp_path):
    notes = {"P1-R1": "# <b>she</b> *left*\n1. one", "P1-R2": "", "P2-R1": "x"}
    codings = [{"interview": "P1-R1", "start": 0, "end": 26, "code": "home", "coder": "Anna"}]
    study = study_maker(notes=notes, codings=codings, claims=[])
    text = write_quote_report(study, tmp_path / "a.md").read_text("utf-8")
    assert r"> \# \<b\>she\</b\> \*left\*" in text
    assert "> 1\\. one" in text
    assert "paraphrase, coded by Anna" in text


@pytest.mark.parametrize(
    "target", ["out", "a.qdpx", "a.qdc", "a.csv", "a.xlsx", "a.parquet", "a.md", "a.docx"]
)
def test_convert_writes_every_kind(study, tmp_path, target):
    source = study.save(tmp_path / "study")
    done = convert(source, tmp_path / target, dialect="standard")
    assert done.path.exists()
    assert done.study == study
    assert len(done.report) == 0
    if target in ("out", "a.qdpx"):
        assert read(done.path).study == study


def test_convert_says_what_it_cannot_do(study, tmp_path):
    source = study.save(tmp_path / "study")
    for target, options in (
        ("a.exe", {}),
        ("a.csv", {"content": "all"}),
        ("a.csv", {"answers": {"text": "Q1"}}),
    ):
        kwargs = {**options}
        if "answers" in options:
            convert(source, tmp_path / "b.qdpx", dialect="standard")
            with pytest.raises(QuidqualError, match="nothing"):
                convert(tmp_path / "b.qdpx", tmp_path / target, **kwargs)
        else:
            with pytest.raises(QuidqualError):
                convert(source, tmp_path / target, **kwargs)
    assert (
        convert(source, tmp_path / "m.csv", content="participants")
        .path.read_text("utf-8")
        .startswith("code,theme,label,P1,P2")
    )


def test_a_foreign_project_becomes_a_folder_and_a_project_again(qdpx, tmp_path):
    path = qdpx.one("Hello you", qdpx.selection(0, 5, qdpx.trust))
    folder = import_files([path], tmp_path / "study").path
    study = open_study(folder)
    assert study.codings["exact"].tolist() == ["Hello"]
    assert convert(folder, tmp_path / "back.qdpx").study == study
    assert read(tmp_path / "back.qdpx").study == study


def test_notes_are_added_to_a_study_and_nothing_is_overwritten(study, tmp_path):
    folder = study.save(tmp_path / "study")
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    (tmp_path / "P3-R1.txt").write_text("New.", encoding="utf-8")
    (tmp_path / "P2-R2.txt").write_text("Held after all.", encoding="utf-8")
    files = [tmp_path / "P3-R1.txt", tmp_path / "P2-R2.txt"]
    made = import_files(files, folder).study
    assert made.text("P3-R1") == "New."
    assert made.text("P2-R2") == "Held after all."
    assert made.interviews.set_index("interview").loc["P3-R2", "status"] == "not_due"
    assert made.codings.shape == study.codings.shape
    changed = {p.name for p in before if p.read_bytes() != before[p]}
    assert changed == {"participants.csv", "interviews.csv", "study.toml"}
    was = before[folder / "study.toml"].decode()
    now = (folder / "study.toml").read_text("utf-8")  # of the new notes the language is not known
    assert now == was.replace('languages = ["en", "it"]', 'languages = ["en", "it", "und"]')
    with pytest.raises(QuidqualError, match="has a note for round"):
        import_files(files, folder)
    (tmp_path / "P3-R9.txt").write_text("x", encoding="utf-8")
    with pytest.raises(QuidqualError, match=r"study\.toml"):
        import_files([tmp_path / "P3-R9.txt"], folder)


def test_the_example_converts_to_everything(tmp_path):
    study = load_example()
    shutil.rmtree(tmp_path / "x", ignore_errors=True)
    table = quote_table(study)
    assert len(table) == len(study.codings) or study.primary_coder is not None
    for name in ("q.csv", "q.xlsx", "q.parquet"):
        write_table(table, tmp_path / name)
    write_table(code_matrix(study, by="participant"), tmp_path / "m.csv")
    write_quote_report(study, tmp_path / "r.md")


def test_a_missing_library_names_the_install_line(monkeypatch, study, tmp_path):
    from quidqual.interchange import untrusted
    from quidqual.study import write_table as table_writer

    untrusted.need.cache_clear()
    monkeypatch.setattr(untrusted, "find_spec", lambda module: None)
    monkeypatch.setattr(table_writer, "find_spec", lambda module: None)
    for work in (
        lambda: convert(study.save(tmp_path / "s"), tmp_path / "a.qdpx"),
        lambda: write_table(quote_table(study), tmp_path / "a.xlsx"),
        lambda: write_table(quote_table(study), tmp_path / "a.parquet"),
        lambda: write_quote_report(study, tmp_path / "a.docx"),
    ):
        with pytest.raises(QuidqualError, match=r"pip install .quidqual\[interchange\]"):
            work()
    untrusted.need.cache_clear()


def test_no_words_stay_in_the_temporary_folder(study, tmp_path, monkeypatch):
    """Also after an error half way: openpyxl keeps each sheet in a file of its own.

    Nor are they there for a moment: such files lie beside the target, for the user alone.
    """
    import os
    import stat
    import tempfile

    common = tmp_path / "common"
    common.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(common))
    seen = []

    class Stops:
        def __str__(self) -> str:
            assert not list(common.iterdir())
            inside = [p for p in tmp_path.glob(".quidqual*")]
            seen.extend(stat.S_IMODE(os.stat(p).st_mode) for p in inside)
            raise RuntimeError("stop")

    write_table(quote_table(study), tmp_path / "a.xlsx")
    assert list(common.iterdir()) == []
    frame = quote_table(study).astype(object)
    frame.columns = [*frame.columns[:-1], Stops()]
    with pytest.raises(RuntimeError, match="stop"):
        write_table(frame, tmp_path / "b.xlsx")
    assert seen == [0o700]
    assert list(common.iterdir()) == []
    assert not list(tmp_path.glob(".*"))
    assert tempfile.tempdir == str(common)


def test_a_note_that_nobody_has_read_is_empty_in_a_matrix(study_maker):
    codings = [{"interview": "P1-R1", "start": 11, "end": 17, "code": "home", "coder": "Anna"}]
    table = code_matrix(study_maker(codings=codings, claims=[]), counts=True).set_index("code")
    assert table.loc["home", "P1-R1"] == 1
    assert table["P2-R1"].isna().all()
    reads = [{"coder": "Anna", "interview": "P2-R1"}, {"coder": "Anna", "interview": "P1-R1"}]
    study = study_maker(codings=codings, claims=[], reads=reads)
    assert code_matrix(study, counts=True).set_index("code").loc["home", "P2-R1"] == 0


def test_the_tables_of_taguette_convert(tmp_path):
    (tmp_path / "all_tags.csv").write_text(
        "id,document,tag,content\r\n1,Talk,trust,I trust\r\n", encoding="utf-8"
    )
    (tmp_path / "codebook.csv").write_text(
        "tag,description,n\r\na,x,3\r\na.b,,1\r\n", encoding="utf-8"
    )
    assert convert(tmp_path / "all_tags.csv", tmp_path / "a.qdpx").path.exists()
    assert (
        read(convert(tmp_path / "codebook.csv", tmp_path / "b.qdc").path).codebook["b"].parent
        == "a"
    )
