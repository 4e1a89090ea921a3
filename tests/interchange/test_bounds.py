"""What would cost a reader minutes or gigabytes is refused before it is parsed, or read in line time."""

from __future__ import annotations

import io
import random
import sqlite3
import time
import tracemalloc
import zipfile
from contextlib import suppress

import numpy as np
import pytest

from quidqual.interchange.convert import read
from quidqual.interchange.document_text import document_text
from quidqual.interchange.markup import MOST_NODES, check_size, parse_xml
from quidqual.interchange.names import slug
from quidqual.interchange.project import Account, Marks
from quidqual.interchange.stored_words import follow_words
from quidqual.interchange.transcripts import caption_turns, text_turns
from quidqual.interchange.untrusted import check_text
from quidqual.study.errors import QuidqualError

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SECONDS = 30.0  # a hang is minutes; this leaves room for a slow machine


@pytest.fixture(autouse=True)
def in_time():
    begin = time.process_time()
    yield
    assert time.process_time() - begin < SECONDS  # of computing, whatever else the machine does


def put(path, data: str | bytes):
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def docx_of(path, body: bytes):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        start = f"<w:document {W}><w:body>".encode()
        archive.writestr("word/document.xml", start + body + b"</w:body></w:document>")
    return path


def test_a_docx_of_empty_paragraphs_is_refused_before_a_tree_is_built(tmp_path):
    """24 MB of elements in half a megabyte, no zip bomb by its ratio: the tree would take 1 GB."""
    kinds = (b"<w:p/>", b"<w:r/>")
    body = b"".join(random.Random(1).choices(kinds, k=4_000_000))
    path = docx_of(tmp_path / "a.docx", body)
    assert path.stat().st_size < 2_000_000
    tracemalloc.start()
    with pytest.raises(QuidqualError, match=r"a\.docx.*elements and attributes"):
        document_text(path)
    assert tracemalloc.get_traced_memory()[1] < 300_000_000
    tracemalloc.stop()


def test_elements_and_attributes_are_counted():
    check_size(b"<a>" * MOST_NODES, "a.xml")
    for data in (b"<a>" * (MOST_NODES + 1), b"<a " + b"b='1' " * (MOST_NODES + 1)):
        with pytest.raises(QuidqualError, match="elements and attributes"):
            parse_xml(data, file="a.xml")


def test_a_real_long_document_is_read(tmp_path):
    path = docx_of(tmp_path / "a.docx", b"<w:p><w:r><w:t>She stays.</w:t></w:r></w:p>" * 30_000)
    assert document_text(path).text.count("She stays.") == 30_000


@pytest.mark.parametrize(
    "cue",
    ["<v a " * 40_000, "<v a>" * 40_000, "<v.a" * 40_000, "<" * 200_000, "&" * 200_000, "a: " * 40_000, ":" * 200_000],
)  # fmt: skip
def test_captions_in_line_time(cue):
    with suppress(QuidqualError):
        caption_turns(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{cue}\n", kind=".vtt", file="a.vtt")


@pytest.mark.parametrize(
    "text",
    ["Anna " + " " * 200_000 + "0:01", "a:" * 100_000, "Anna: x\n" * 30_000, "[0:01] " * 40_000, "(" * 200_000,
     "SPEAKERS\n" * 50_000, "“" * 20_000],
)  # fmt: skip
def test_texts_in_line_time(tmp_path, text):
    text_turns(text)
    with suppress(QuidqualError):
        read(put(tmp_path / "a.txt", text))


@pytest.mark.parametrize(
    "body",
    [r"{\field{\*\fldinst{HYPERLINK " * 40_000, r"{\field{\*\fldinst{" + 'HYPERLINK "' * 40_000,
     r"{\fonttbl" + r"{\f0 " * 40_000, r"{\fonttbl" + r"\f0\fcharset0 x" * 40_000, "{" * 300_000, r"\'e0" * 100_000,
     r"{\pict\bin" * 30_000, r"\u-10179?" * 50_000],
)  # fmt: skip
def test_rtf_in_line_time(tmp_path, body):
    with suppress(QuidqualError):
        document_text(put(tmp_path / "a.rtf", r"{\rtf1\ansi " + body))


@pytest.mark.parametrize(
    "emoji",
    [r"\u-10179?\u-8704?", r"\u55357?\u56832?", r"{\u-10179?}{\u-8704?}", r"\uc0\u-10179\u-8704 "],
)
def test_the_halves_of_an_emoji_in_rtf_are_joined(tmp_path, emoji):
    found = document_text(put(tmp_path / "a.rtf", rf"{{\rtf1\ansi She says {emoji}.}}"))
    assert found.text == "She says 😀."


@pytest.mark.parametrize("half", [r"\u-10179?", r"\u-8704?", r"\u-8704?\u-10179?"])
def test_half_an_emoji_is_replaced(tmp_path, half):
    text = document_text(put(tmp_path / "a.rtf", rf"{{\rtf1\ansi a{half}b}}")).text
    assert set(text) == {"a", "\ufffd", "b"}
    text.encode("utf-8")


def test_the_words_of_a_link_in_rtf_are_its_text(tmp_path):
    link = r'{\field{\*\fldinst{HYPERLINK "http://x.org/y"}}{\fldrslt{our page}}}'
    assert (
        document_text(put(tmp_path / "a.rtf", rf"{{\rtf1\ansi See {link}.}}")).text
        == "See our page."
    )


def test_fonts_of_rtf_still_tell_the_encoding(tmp_path):
    rtf = r"{\rtf1\ansi\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset238 Arial CE;}}\f0 \'e0 \f1 \'e8}"
    assert document_text(put(tmp_path / "a.rtf", rtf)).text.strip() == "à č"


@pytest.mark.parametrize("marks", ["\u0301\u0316" * 100_000, "\u0301" * 80_000 + "\u0316" * 80_000])
def test_accents_without_end_are_refused(tmp_path, marks):
    with pytest.raises(QuidqualError, match="accents stand on one letter"):
        document_text(put(tmp_path / "a.txt", "She e" + marks))


def test_scripts_beyond_latin_are_no_accents(tmp_path):
    text = "我们在工作中信任他人" * 2_000
    check_text(text, "a.txt")
    assert document_text(put(tmp_path / "a.txt", text)).text == text


def test_a_name_without_end_becomes_an_id_in_line_time():
    assert len(slug("é" * 2_000_000)) <= 48


def xlsx_of(path, sheet: str):
    import openpyxl

    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["xl/worksheets/sheet1.xml"] = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{sheet}</sheetData></worksheet>"
    ).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_sheet_of_far_cells_is_refused(tmp_path):
    rows = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 7_000))
    with pytest.raises(QuidqualError, match=r"a\.xlsx"):
        read(xlsx_of(tmp_path / "a.xlsx", rows))


def test_a_schema_that_makes_long_cells_is_refused(tmp_path):
    """A column that is computed needs no room in the file."""
    connection = sqlite3.connect(tmp_path / "data.qda")
    long = "||".join(["fulltext"] * 60)
    connection.executescript(
        "CREATE TABLE code_name (cid integer, name text); CREATE TABLE code_text (ctid integer, cid integer, fid integer,"
        f" seltext text, pos0 integer, pos1 integer); CREATE TABLE source (id integer, fulltext text, name text AS ({long}));"
        "CREATE TABLE project (memo text);"
    )
    connection.executemany(
        "INSERT INTO source (id, fulltext) VALUES (?, ?)", [(n, "x" * 200_000) for n in range(60)]
    )
    connection.commit()
    connection.close()
    with pytest.raises(QuidqualError, match="not a QualCoder project"):
        read(tmp_path / "data.qda")


def test_spaces_of_an_odt_are_bounded(tmp_path):
    xml = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:p>'
        + '<text:s text:c="99999999"/>' * 200_000
        + "x</text:p></office:text></office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "a.odt", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", xml)
    with pytest.raises(QuidqualError, match=r"a\.odt"):
        document_text(tmp_path / "a.odt")


def pdf_of(path, *pages: list[str]):
    """A PDF of pages with lines in WinAnsi."""
    stream = io.BytesIO(b"")
    stream.write(b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n")
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    stream.write(f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>endobj\n".encode())
    stream.write(
        b"3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj\n"
    )
    for n, lines in enumerate(pages):
        body = (
            b"BT /F1 12 Tf 14 TL 20 150 Td\n"
            + "".join(f"({line}) Tj T*\n" for line in lines).encode("cp1252")
            + b"ET"
        )
        stream.write(
            f"{4 + 2 * n} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents {5 + 2 * n} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>endobj\n".encode()
        )
        stream.write(
            f"{5 + 2 * n} 0 obj<</Length {len(body)}>>\nstream\n".encode()
            + body
            + b"\nendstream endobj\n"
        )
    stream.write(b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n")
    return put(path, stream.getvalue())


@pytest.mark.parametrize("mark", ["{n}/3", "Page {n} of 3", "- {n} -", "{n}", "Pagina {n} di 3"])
@pytest.mark.parametrize("first", [True, False])
def test_page_marks_of_a_pdf_are_no_words(tmp_path, mark, first):
    words = [["She stays at home", "and trusts"], ["her friends."], ["Then she left."]]
    pages = [
        [mark.format(n=n), *lines] if first else [*lines, mark.format(n=n)]
        for n, lines in enumerate(words, 1)
    ]
    found = document_text(pdf_of(tmp_path / "a.pdf", *pages))
    assert found.text == "She stays at home\nand trusts\nher friends.\n\nThen she left."
    assert found.left_out["page marks"] == 3


def test_numbers_that_count_nothing_stay(tmp_path):
    found = document_text(pdf_of(tmp_path / "a.pdf", ["7", "She stays."], ["12", "She left."]))
    assert "7\nShe stays." in found.text
    assert found.left_out["page marks"] == 0


def test_tabs_between_all_words_of_a_pdf_are_spaces(tmp_path):
    found = document_text(pdf_of(tmp_path / "a.pdf", ["She\\tstays\\tat\\thome\\tand\\trests."]))
    assert found.text == "She stays at home and rests."


@pytest.mark.parametrize("inner", ["[]," * 2_000_000 + "[]", "[" * 100_000, '{"a":' * 50_000])
def test_the_note_that_quidqual_keeps_in_a_project_is_bounded_too(inner):
    from quidqual.interchange.supplement import load

    with pytest.raises((ValueError, RecursionError)):
        load('{"format":1,"x":[' + inner)


def twins(element: str, count: int = 20_000) -> str:
    return "".join(element.format(n) for n in range(count))


@pytest.mark.parametrize(
    ("parts", "left"),
    [
        ({"users": twins('<User guid="u{}" name="Anna"/>')}, lambda s: len(s.settings["coders"])),
        ({"codes": twins('<Code guid="c{}" name="a" isCodable="true"/>')}, lambda s: len(s.codebook)),
        (
            {"before": "<Cases>" + twins('<Case guid="k{}" name="Anna"/>') + "</Cases>"},
            lambda s: len(s.raw.participants),
        ),
        (
            {"sources": twins('<TextSource guid="s{}" name="a"><PlainTextContent>x</PlainTextContent>'
                              "</TextSource>")},
            lambda s: len(s.raw.interviews),
        ),
    ],
    ids=["users", "codes", "cases", "sources"],
)  # fmt: skip
def test_thousands_of_one_name_in_line_time(qdpx, parts, left):
    """Each was told from the others by counting from 2 again: minutes for twenty thousand."""
    assert left(read(qdpx.write(**parts)).study) == 20_000


def test_thousands_of_variables_of_one_name_in_line_time(qdpx):
    made = twins('<Variable guid="v{}" name="v" typeOfVariable="Text"/>')
    assert len(read(qdpx.write(before=f"<Variables>{made}</Variables>")).study.codebook) == 2


def test_words_that_stand_nowhere_are_looked_for_in_line_time(tmp_path):
    """A pattern with blanks between a hundred words, tried at each word of a long text."""
    marks = Marks(
        text=[0] * 3_000, start=list(range(3_000)), end=[n + 300 for n in range(3_000)],
        code=["c"] * 3_000, coder=["A"] * 3_000, at=[""] * 3_000, memo=[""] * 3_000,
        id=[str(n) for n in range(3_000)], quote=["ab " * 100 + f"x{n}" for n in range(3_000)],
    )  # fmt: skip
    places = np.array([marks.start, marks.end], dtype=np.int64)
    lost = follow_words(["ab " * 100_000], ["t"], marks, places, Account("x"), certain=True)
    assert len(lost) == 3_000


def test_words_without_their_blanks_are_found_where_they_stand():
    text = "I stay\tat \u00a0home. Istay at home. I stay\nat home."
    marks = Marks(
        text=[0], start=[30], end=[44], code=["c"], coder=["A"], at=[""], memo=[""], id=["1"],
        quote=["at home. Istay"],
    )  # fmt: skip
    places = np.array([[0], [4]], dtype=np.int64)
    assert follow_words([text], ["t"], marks, places, Account("x"), certain=True) == {}
    assert text[places[0, 0] : places[1, 0]] == "at \u00a0home. Istay"


def test_codings_that_would_fill_the_memory_are_refused(qdpx):
    """A thousand codings of a text of a megabyte: each keeps its words."""
    inner = "".join(qdpx.selection(n, 1_000_000, qdpx.home, guid=f"s{n}") for n in range(300))
    with pytest.raises(QuidqualError, match=r"its codings hold 299,\d{3},\d{3} characters"):
        read(qdpx.one("ab cd " * 170_000, inner))


def test_thousands_of_columns_of_one_name_in_line_time(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["text", *["a"] * 9_000])
    book.active.append(["x"] * 9_001)
    book.save(tmp_path / "a.xlsx")
    assert len(read(tmp_path / "a.xlsx").study.raw.notes) == 1


def test_a_sheet_of_endless_styles_is_refused(tmp_path):
    """No word is in them, and each becomes an object: minutes."""
    from openpyxl import Workbook

    book, stream = Workbook(), io.BytesIO()
    book.active.append(["text"])
    book.save(stream)
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    styles = f'<styleSheet xmlns="{name}"><cellXfs>{"<xf/>" * 200_000}</cellXfs></styleSheet>'
    with (
        zipfile.ZipFile(stream) as old,
        zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            new.writestr(member, styles if member.endswith("styles.xml") else old.read(member))
    with pytest.raises(QuidqualError, match="elements and attributes, more than is read"):
        read(tmp_path / "a.xlsx")
