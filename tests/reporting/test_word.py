"""The report as a DOCX."""

from __future__ import annotations

import io

import pytest

from quidqual.reporting import write_report
from tests.reporting.conftest import EVIL, SECRET, study_of

docx = pytest.importorskip("docx", reason="python-docx is not installed")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_report(study_of(), tmp_path_factory.mktemp("word") / "r.docx").read_bytes()


def text_of(data: bytes) -> str:
    paper = docx.Document(io.BytesIO(data))
    cells = [c.text for t in paper.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in paper.paragraphs), *cells])


def test_every_page_says_what_the_corpus_is(data):
    paper = docx.Document(io.BytesIO(data))
    assert paper.sections[0].header.paragraphs[0].text.startswith("Synthetic notes")
    assert "synthetic" in paper.core_properties.title


def test_it_says_what_the_page_says_in_the_same_voices(data):
    text = text_of(data)
    assert f"C 1. Both stay {EVIL}" in text
    assert "not observed: P2" in text
    assert "Speech: “I go home.” (P1, R2: Home; P1-R2" in text
    assert "Researcher’s words: He waited for her. (P2" in text
    assert "“He waited" not in text
    assert "no finding" in text


def test_pictures_have_alternative_text(data):
    paper = docx.Document(io.BytesIO(data))
    assert paper.inline_shapes
    for shape in paper.inline_shapes:
        assert len(shape._inline.docPr.get("descr")) > 20


def test_notes_are_never_in_it(data, tmp_path):
    assert SECRET not in text_of(data)
    bare = write_report(study_of("real"), tmp_path / "private/r.docx", quotes=0).read_bytes()
    assert "I go home" not in text_of(bare)
    assert "counted the days" not in text_of(bare)


def test_the_same_study_gives_the_same_bytes(data, tmp_path):
    assert write_report(study_of(), tmp_path / "again.docx").read_bytes() == data


def test_no_column_is_narrower_than_its_longest_word(data):
    """The grid carries the widths too: LibreOffice goes by it, and else breaks words."""
    from quidqual.reporting.docx import _long

    for table in docx.Document(io.BytesIO(data)).tables:
        assert sum(column.width.mm for column in table.columns) == pytest.approx(165, abs=1)
        for place, column in enumerate(table.columns):
            cells = [row.cells[place] for row in table.rows]
            assert {round(cell.width.mm, 1) for cell in cells} == {round(column.width.mm, 1)}
            points = cells[0].paragraphs[0].runs[0].font.size.pt
            longest = max((_long(w) for cell in cells for w in cell.text.split()), default=0)
            assert longest * points / 8.5 < column.width.mm
