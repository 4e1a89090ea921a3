"""A study that states no claims still has a report: codebook, quotes and matrix."""

from __future__ import annotations

import re

import pytest

import quidqual as qq
from quidqual.reporting import write_report
from tests.reporting.conftest import Page, study_of


def bare(corpus="synthetic"):
    whole = study_of(corpus)
    return qq.Study.from_tables(
        title="No claims", corpus=corpus, rounds=whole.rounds, participants=whole.participants,
        interviews=whole.interviews, notes=whole.raw.notes, codebook=whole.codebook,
        codings=whole.codings, settings={"primary_coder": "A"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    return write_report(bare(), tmp_path_factory.mktemp("r") / "r.html").read_text("utf-8")


def test_codebook_quotes_and_matrix_are_there(html):
    page = Page(html)
    ids = {i for i in page.values("id") if i}
    assert {"codebook", "matrix", "quotes"} <= ids
    assert "findings" not in ids
    links = {name for name in page.values("href") if name.startswith("#")}
    assert {link[1:] for link in links} <= ids  # no link leads nowhere
    seen = " ".join(page.seen.split())
    assert "The study states no claims" in seen
    assert "Stays & waits" in seen
    assert "I go home." in page.inside("q")
    assert "R1 and R2: 5 passages" in seen  # P1: three of R1, two of R2
    assert re.search(r"P2\s*R1: 2 passages", seen)


def test_how_many_of_how_many_is_counted(html):
    rows = re.findall(
        r'<tr><th scope="row">– ([^<]+)</th>.*?<td>(\d of \d)</td><td>(\d)</td>', html
    )
    assert rows == [("Stays &amp; waits", "2 of 2", "5"), ("Home", "1 of 2", "2")]


def test_of_a_real_study_only_so_many_words_are_printed(tmp_path):
    page = write_report(bare("real"), tmp_path / "private/r.html", quotes=0).read_text("utf-8")
    assert "I go home" not in page
    assert "Passages by code" in page


def test_the_document_has_them_too(tmp_path):
    docx = pytest.importorskip("docx")
    path = write_report(bare(), tmp_path / "r.docx")
    text = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
    for words in ("Codebook", "Who speaks of what", "Passages by code", "I go home."):
        assert words in text


def test_an_empty_study_has_a_report(tmp_path):
    folder = qq.new_study(tmp_path / "mine")
    page = write_report(qq.open_study(folder), tmp_path / "private/r.html").read_text("utf-8")
    assert "The codebook is empty" in page or "Codebook" in page
