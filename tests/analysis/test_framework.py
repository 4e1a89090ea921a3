"""The framework matrix: summaries kept as text, stale when the codings beneath change."""

from __future__ import annotations

import zipfile

import pytest

import quidqual as qq
from quidqual.analysis.framework import framework_matrix, matrix_wide, read_summaries, write_summary
from quidqual.reporting.framework_out import write_framework
from quidqual.study.errors import QuidqualError
from tests.two_coders import two_coders


def cell(matrix, participant, round_, theme):
    found = matrix[
        (matrix["participant"] == participant)
        & (matrix["round"] == round_)
        & (matrix["theme"] == theme)
    ]
    assert len(found) == 1
    return found.iloc[0]


def test_cells_hold_the_quotes_with_their_places():
    matrix = framework_matrix(qq.load_example("small"))
    assert list(matrix.columns) == [
        "participant", "group", "round", "theme", "state", "reason", "n_codings", "summary",
        "status", "stale", "quotes", "places", "interview", "corpus",
    ]  # fmt: skip
    assert len(matrix) == 2 * 2 * 2
    row = cell(matrix, "P1", "R2", "ties")
    start = qq.load_example("small").text("P1-R2").index("I trust")
    assert (row["quotes"], row["places"]) == ("I trust one of them", f"P1-R2:{start}-{start + 19}")
    assert (row["summary"], row["status"], row["stale"]) == ("", "", False)
    assert cell(matrix, "P2", "R2", "ties")["reason"] == "missed"


def test_a_summary_is_current_until_the_codings_beneath_change(tmp_path):
    study = qq.load_example("small")
    path = write_summary(study, "P1-R2", "ties", "Trusts one of them.", folder=tmp_path)
    assert path == tmp_path / "summaries" / "P1-R2.md"
    row = cell(framework_matrix(study, folder=tmp_path), "P1", "R2", "ties")
    assert (row["summary"], row["status"], row["stale"]) == (
        "Trusts one of them.",
        "current",
        False,
    )
    fewer = study.codings[study.codings["code"] != "trust"]
    changed = _with_codings(study, fewer)
    row = cell(framework_matrix(changed, folder=tmp_path), "P1", "R2", "ties")
    assert (row["status"], row["stale"]) == ("stale", True)
    assert (
        "[stale] Trusts"
        in framework_matrix(changed, folder=tmp_path, wide=True).loc[("P1", "R2"), "ties"]
    )
    # a change elsewhere makes nothing stale
    elsewhere = study.codings[study.codings["interview"] != "P2-R1"]
    row = cell(
        framework_matrix(_with_codings(study, elsewhere), folder=tmp_path), "P1", "R2", "ties"
    )
    assert row["status"] == "current"


def _with_codings(study, codings):
    from quidqual.study.model import Study

    return Study.from_tables(
        title=study.title, corpus=study.corpus, rounds=study.rounds[["round", "label"]].astype("str"),
        participants=study.participants, interviews=study.raw.interviews,
        notes=study.raw.notes, codebook=study.codebook,
        codings=codings[["id", "coder", "interview", "start", "end", "code"]],
    )  # fmt: skip


def test_other_sections_stay_byte_for_byte(tmp_path):
    study = qq.load_example("small")
    path = tmp_path / "summaries" / "P1-R2.md"
    path.parent.mkdir()
    mine = "# P1-R2, my own heading\n\n## daily\nTyped by hand,\n  with   spaces.\n"
    path.write_text(mine, encoding="utf-8")
    write_summary(study, "P1-R2", "ties", "One.", folder=tmp_path)
    assert path.read_text(encoding="utf-8").startswith(mine)
    write_summary(study, "P1-R2", "ties", "Two — né più né meno.", folder=tmp_path)
    kept = read_summaries(tmp_path)
    assert kept["P1-R2", "ties"].text == "Two — né più né meno."
    assert kept["P1-R2", "daily"].text == "Typed by hand,\n  with   spaces."
    row = cell(framework_matrix(study, folder=tmp_path), "P1", "R2", "daily")
    assert (row["status"], row["stale"]) == ("unlinked", False)
    write_summary(study, "P1-R2", "ties", "", folder=tmp_path)
    assert path.read_text(encoding="utf-8").strip() == mine.strip()


@pytest.mark.parametrize(
    ("interview", "theme", "text"),
    [
        ("P9-R1", "ties", "x"),
        ("P2-R2", "ties", "x"),
        ("P1-R2", "nowhere", "x"),
        ("P1-R2", "ties", "x\n## daily"),
        ("P1-R2", "ties", "<!-- codings: abc -->"),
    ],
)
def test_summaries_that_would_break_the_file(tmp_path, interview, theme, text):
    with pytest.raises(QuidqualError):
        write_summary(qq.load_example("small"), interview, theme, text, folder=tmp_path)
    assert not (tmp_path / "summaries").exists()


def test_no_folder_and_no_utf8(tmp_path):
    with pytest.raises(QuidqualError, match="no folder"):
        write_summary(two_coders(), "P1-R2", "trust", "x")  # a study from tables
    (tmp_path / "summaries").mkdir()
    (tmp_path / "summaries" / "P1-R2.md").write_bytes("## ties\nperché".encode("latin-1"))
    with pytest.raises(QuidqualError, match="UTF-8"):
        framework_matrix(qq.load_example("small"), folder=tmp_path)


def test_spreadsheet_is_the_same_bytes_and_no_formula(tmp_path):
    from openpyxl import load_workbook

    write_summary(qq.load_example("small"), "P1-R2", "ties", "=1+1", folder=tmp_path)
    matrix = framework_matrix(qq.load_example("small"), folder=tmp_path)
    first = write_framework(matrix, tmp_path / "one.xlsx").read_bytes()
    assert first == write_framework(matrix, tmp_path / "two.xlsx").read_bytes()
    sheet = load_workbook(tmp_path / "one.xlsx").active
    assert "synthetic" in sheet["A1"].value
    assert [c.value for c in sheet[2]] == ["participant", "round", "ties", "daily"]
    assert sheet["C4"].value == "=1+1\n\nI trust one of them"
    assert sheet["C4"].data_type == "s"
    assert sheet["C6"].value == "not observed (missed)"
    with zipfile.ZipFile(tmp_path / "one.xlsx") as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}


def test_page_escapes_what_it_shows(tmp_path):
    write_summary(
        qq.load_example("small"), "P1-R2", "ties", "<script>alert(1)</script>", folder=tmp_path
    )
    matrix = framework_matrix(qq.load_example("small"), folder=tmp_path)
    page = write_framework(matrix, tmp_path / "m.html", title="A & B").read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "A &amp; B" in page
    assert 'class="not_observed"' in page
    with pytest.raises(QuidqualError):
        write_framework(matrix, tmp_path / "m.pdf")
    with pytest.raises(QuidqualError):
        write_framework(matrix[["participant"]], tmp_path / "m.html")


def test_level_of_codes_and_parts_of_the_study():
    matrix = framework_matrix(
        qq.load_example("small"), level="code", participants="P1", rounds="R2"
    )
    assert matrix["theme"].tolist() == ["trust", "work"]
    assert matrix["quotes"].tolist() == ["I trust one of them", "The work goes on"]


def test_a_passage_is_shown_once_however_often_it_was_coded(study_of, tmp_path):
    text = "One. Two.\nThree. Four."
    spans = [(0, 4, "trust"), (0, 4, "friends"), (0, 4, "trust"), (5, 16, "trust"), (0, 9, "trust")]
    codings = [("A", "S1-R1", code, a, b) for a, b, code in spans]
    study = study_of(codings=codings, texts={"S1-R1": text})
    study.codings = study.codings.assign(
        exact=[text[a:b] for a, b in study.codings[["start", "end"]].to_numpy().tolist()]
    )
    matrix = framework_matrix(study, folder=tmp_path)
    row = cell(matrix, "S1", "R1", "ties")
    assert row["n_codings"] == 3  # three places
    assert row["quotes"].split("\n") == ["One.", "One. Two.", "Two. Three."]
    assert row["places"].split("\n") == ["S1-R1:0-4", "S1-R1:0-9", "S1-R1:5-16"]
    assert (matrix.loc[matrix["state"] != "present", "quotes"] == "").all()
    assert framework_matrix(study_of(codings=[]), folder=tmp_path)["quotes"].eq("").all()


@pytest.mark.parametrize("name", ["m.html", "m.xlsx"])
def test_a_file_that_is_there_is_replaced_only_when_told(name, tmp_path):
    matrix = framework_matrix(qq.load_example("small"))
    (tmp_path / name).write_text("mine", "utf-8")
    with pytest.raises(QuidqualError, match="replace=True"):
        write_framework(matrix, tmp_path / name)
    assert (tmp_path / name).read_text("utf-8") == "mine"
    path = write_framework(matrix, tmp_path / name, replace=True)
    assert write_framework(matrix, tmp_path / name) == path  # the same again is no loss


@pytest.mark.parametrize(
    ("given", "more", "said"),
    [
        (
            framework_matrix(qq.load_example("small")).drop(columns="places"),
            {},
            "no column 'places'",
        ),
        (framework_matrix(qq.load_example("small"), wide=True), {}, "needs 'participant', 'round'"),
        (None, {}, "not NoneType"),
        (framework_matrix(qq.load_example("small")), {"title": 3}, "'title'.*text.*int"),
    ],
)
def test_what_is_no_matrix_is_not_written(given, more, said, tmp_path):
    with pytest.raises(QuidqualError, match=said):
        write_framework(given, tmp_path / "m.html", **more)


def test_a_study_without_participants_has_an_empty_matrix(tmp_path):
    empty = qq.open_study(qq.new_study(tmp_path / "new"))
    wide = qq.framework_matrix(empty, wide=True)
    assert wide.shape == (0, 0)
    assert wide.index.names == ["participant", "round"]
    some = framework_matrix(qq.load_example("small")).head(0)
    assert list(matrix_wide(some).columns) == ["ties", "daily"]
    write_framework(qq.framework_matrix(empty), tmp_path / "m.html")


def test_states_of_a_study_without_participants_are_none(tmp_path):
    full = qq.load_example()
    empty = qq.Study.from_tables(
        title="Empty", corpus="synthetic", rounds=full.rounds, participants=[],
        interviews=[], notes={}, codebook=full.codebook,
    )  # fmt: skip
    assert qq.states(empty).empty
    with pytest.raises(QuidqualError, match=r"participants= names nothing.*Use one of 'S1'"):
        qq.states(full, participants=[])
