"""Notes, transcripts and open answers out of files."""

from __future__ import annotations

import io
import os
import random
import zipfile
from contextlib import suppress
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import quidqual as qq
from quidqual.interchange.document_text import document_text, docx_text, odt_text
from quidqual.interchange.notes import import_notes
from quidqual.interchange.transcripts import Turn, caption_turns, seconds, text_turns, written
from quidqual.interchange.untrusted import decode_text
from quidqual.study.errors import QuidqualError

THOROUGH = int(os.environ.get("QUIDQUAL_THOROUGH", "1"))

RTF = rb"{\rtf1\ansi\ansicpg1252 She said: citt\'e0 \u8220?I stay\u8221?.\par Second {\b line}.}"
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 44>>stream
BT /F1 12 Tf 20 100 Td (She stays here.) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R/Size 6>>
startxref
0
%%EOF
"""
ODT = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:t"><office:body><office:text>
<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>
<text:h>Talk</text:h><text:p>She<text:s text:c="2"/><text:span>stays</text:span><text:tab/>here<text:note><text:p>foot</text:p></text:note>.<text:line-break/>Yes</text:p>
<table:table><text:p>cell</text:p></table:table></office:text></office:body></office:document-content>"""


def word(path: Path) -> Path:
    document = docx.Document()
    document.add_heading("Talk", 1)
    document.add_paragraph("She stays\there.")
    document.add_table(rows=1, cols=2).rows[0].cells[1].text = "In a cell"
    document.add_paragraph("End.")
    document.save(path)
    return path


def odt(path: Path, content: str = ODT) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", content)
    return path


def put(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_each_kind_of_document(tmp_path):
    assert document_text(put(tmp_path / "a.txt", "Uno\r\ndue")).text == "Uno\r\ndue"
    assert document_text(put(tmp_path / "a.md", "# Uno")).text == "# Uno"
    assert (
        document_text(word(tmp_path / "a.docx")).text == "Talk\nShe stays\there.\n\nIn a cell\nEnd."
    )
    assert document_text(odt(tmp_path / "a.odt")).text == "Talk\nShe  stays\there.\nYes\ncell"
    assert document_text(odt(tmp_path / "a.odt")).left_out == {"footnotes": 1, "deleted words": 1}
    assert (
        document_text(put(tmp_path / "a.rtf", RTF)).text
        == "She said: città “I stay”.\nSecond line."
    )
    assert document_text(put(tmp_path / "a.pdf", PDF)).text == "She stays here."
    assert document_text(put(tmp_path / "a.html", "<p>She <b>stays</b>")).text == "She stays"


def test_deleted_words_and_fields_of_a_docx_are_no_text():
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="urn:mc"'
    xml = (
        f"<w:document {w}><w:body><w:p><w:r><w:t>Now </w:t></w:r><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<mc:AlternateContent><mc:Choice><w:r><w:t>!</w:t></w:r></mc:Choice><mc:Fallback><w:r><w:t>!</w:t></w:r></mc:Fallback></mc:AlternateContent>"
        "<w:r><w:drawing/></w:r></w:p></w:body></w:document>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", xml)
    found = docx_text(stream.getvalue(), file="a.docx")
    assert found.text == "Now new!"
    assert found.left_out == {"pictures": 1}


@pytest.mark.parametrize(
    ("data", "encoding", "told"),
    [
        ("città".encode(), None, "città"), ("\ufeffcittà".encode(), None, "città"), ("città".encode("utf-16"), None, "città"),
        ("città".encode("cp1252"), "windows-1252", "città"), ("città".encode("utf-16"), "windows-1252", "città"),
    ],
)  # fmt: skip
def test_encodings(data, encoding, told):
    assert decode_text(data, file="a.txt", encoding=encoding) == told


@pytest.mark.parametrize(
    ("data", "encoding"),
    [(b"citt\xe0", None), (b"x", "ebcdic"), (b"\xff\xfe\x00", None), (b"\x81", "windows-1252")],
)
def test_no_encoding_is_guessed(data, encoding):
    with pytest.raises(QuidqualError, match=r"a\.txt"):
        decode_text(data, file="a.txt", encoding=encoding)


ZOOM = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nAnna Rossi: Hello &amp; welcome.\n\n2\n00:00:03.000 --> 00:00:04.000\nAnna Rossi: Sit down.\n\n3\n00:00:05.000 --> 00:00:06.000\nLucia: I “stay” here.\n"
TEAMS = "WEBVTT\n\nx/1-0\n00:00:01.000 --> 00:00:02.500\n<v Anna Rossi>Hello &amp; welcome.</v>\n\n00:00:03.000 --> 00:00:04.000\n<v Anna Rossi>Sit down.</v>\n\n00:00:05.000 --> 00:00:06.000\n<v Lucia>I “stay” here.</v>\n"
SRT = "1\n00:00:01,000 --> 00:00:02,500\nAnna Rossi: Hello & welcome.\n\n2\n00:00:03,000 --> 00:00:04,000\nAnna Rossi: Sit down.\n\n3\n00:00:05,000 --> 00:00:06,000\nLucia: I “stay” here.\n"
OTTER = "Anna Rossi  0:01\nHello & welcome.\nSit down.\n\nLucia  0:05\nI “stay” here.\n"
STAMPED = "[00:00:01] Anna Rossi: Hello & welcome.\n[00:00:03] Anna Rossi: Sit down.\n[00:00:05] Lucia: I “stay” here.\n"
SPOKEN = "Anna Rossi: Hello & welcome. Sit down.\nLucia: I “stay” here."


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("S1-R1.vtt", ZOOM),
        ("S1-R1.vtt", TEAMS),
        ("S1-R1.srt", SRT),
        ("S1-R1.txt", OTTER),
        ("S1-R1.txt", STAMPED),
        ("S1-R1.vtt", "\ufeff" + TEAMS.replace("\n", "\r\n")),
    ],
)
def test_transcripts(tmp_path, name, data):
    imported = import_notes(put(tmp_path / name, data), interviewers=["Anna Rossi"], language="en")
    study = imported.study
    assert study.text("S1-R1") == SPOKEN
    turns = imported.turns
    assert turns[["turn", "speaker", "begins"]].values.tolist() == [
        [1, "Anna Rossi", 1.0],
        [2, "Lucia", 5.0],
    ]
    spoken = [study.text(i)[a:b] for i, a, b in turns[["interview", "start", "end"]].values]
    assert spoken == ["Hello & welcome. Sit down.", "I “stay” here."]
    segments = study.segments
    assert segments[["speaker", "words", "speech"]].values.tolist() == [
        ["Anna Rossi", "Hello & welcome.", "paraphrase"], ["Anna Rossi", "Sit down.", "paraphrase"], ["Lucia", "I “stay” here.", "verbatim"],
    ]  # fmt: skip
    assert "00:0" not in study.text("S1-R1")
    assert study.interviews[["participant", "round"]].astype(str).values.tolist() == [["S1", "R1"]]


def test_speech_may_be_marked_only(tmp_path):
    study = import_notes(put(tmp_path / "a.vtt", ZOOM), speech="paraphrase").study
    assert study.text("a").endswith("Lucia: I “stay” here.")
    assert set(study.segments["speech"]) == {"paraphrase", "mixed"}


def test_a_time_in_prose_makes_no_transcript():
    assert text_turns("We met at\n10:30\nand talked.") is None
    assert text_turns("Anna Rossi 0:01\nHello.") is None


def test_parts_of_a_transcript():
    assert seconds("1:00:00.5") == 3600.5
    assert written([Turn("", "Hm.")]) == ("Hm.", [(0, 3)])
    turns = caption_turns(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>One <v B>two", kind=".vtt", file="a"
    )
    assert [(t.speaker, t.words) for t in turns] == [("A", "One"), ("B", "two")]
    broken = "WEBVTT\n\n00:01.000 --> 00:02.000\nfine\n\n00:xx --> 00:05\nbroken\n"
    with pytest.raises(QuidqualError):
        caption_turns(broken, kind=".vtt", file="a")
    assert [t.words for t in caption_turns(broken, kind=".vtt", file="a", strict=False)] == ["fine"]


def test_people_and_rounds_by_name_pattern_mapping(tmp_path):
    for name in ("S1-R1.txt", "S1-R2.txt", "S2-R1.txt"):
        put(tmp_path / name, f"Note {name}")
    study = import_notes(tmp_path, title="Work").study
    assert study.interviews[["interview", "participant", "round", "status"]].astype(str).values.tolist() == [
        ["S1-R1", "S1", "R1", "held"], ["S1-R2", "S1", "R2", "held"], ["S2-R1", "S2", "R1", "held"], ["S2-R2", "S2", "R2", "not_due"],
    ]  # fmt: skip
    alone = import_notes([tmp_path / "S1-R1.txt"], rounds=r"(?P<round>\d)$").study
    assert alone.round_order == ("1",)
    with pytest.raises(QuidqualError, match="neither a variable"):
        import_notes(tmp_path, rounds="(?P<round")
    mapped = import_notes(
        tmp_path, rounds={"S1-R1": "before", "S1-R2.txt": "after", "S2-R1": "before"}
    ).study
    assert mapped.round_order == ("before", "after")


def test_two_sources_in_one_round_are_two_participants(tmp_path):
    put(tmp_path / "S1 a R1.txt", "x")
    put(tmp_path / "S1 b R1.txt", "y")
    imported = import_notes(tmp_path, rounds=r"^(?P<participant>S\d).*(?P<round>R\d)$")
    assert sorted(imported.study.participants["participant"]) == ["S1_a_R1", "S1_b_R1"]
    assert "each is a participant" in " ".join(imported.report["why"])


def test_a_heading_that_names_someone_else_is_told(tmp_path):
    put(tmp_path / "S1-R1.txt", "Interview S1, R1\nx")
    put(tmp_path / "S2-R1.txt", "# S1 in R2\nx")
    put(tmp_path / "S2-R2.txt", "x")
    report = import_notes(tmp_path).report.query("why.str.contains('check')", engine="python")
    assert report[["item", "kind"]].values.tolist() == [
        ["S2-R1", "participant"],
        ["S2-R1", "round"],
    ]


def test_open_answers(tmp_path):
    table = 'id;wave;group;answer\r\nA;1;staff;=Home is “here”\r\nA;2;staff;Later\r\nB;1;other;\r\nB;2;other;"Two\nlines"\r\n'
    imported = import_notes(put(tmp_path / "a.csv", table))
    study = imported.study
    assert dict(study.notes[["interview", "text"]].values) == {
        "A-1": "=Home is “here”",
        "A-2": "Later",
        "B-2": "Two\nlines",
    }
    assert study.participants[["participant", "group"]].values.tolist() == [
        ["A", "staff"],
        ["B", "other"],
    ]
    assert study.round_order == ("1", "2")
    assert set(study.segments["speech"]) == {"verbatim"}
    assert "1 row" in imported.report["item"].tolist()


def test_columns_of_answers(tmp_path):
    book = openpyxl.Workbook()
    for row in (["who", "Q1", "Q2", "age"], ["A", "yes", None, 40], ["B", "no", "why", 50]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(QuidqualError, match="Q1"):
        import_notes(tmp_path / "a.xlsx")
    study = import_notes(
        tmp_path / "a.xlsx", answers={"participant": "who", "text": ["Q1", "Q2"]}
    ).study
    assert study.text("B") == "Q1\nno\n\nQ2\nwhy"
    assert study.participants["age"].tolist() == ["40", "50"]
    assert import_notes(tmp_path / "a.xlsx", answers=["Q2"]).study.raw.notes == {"a-3": "why"}
    with pytest.raises(QuidqualError, match="answers must be"):
        import_notes(tmp_path / "a.xlsx", answers={"text": "Q9"})


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.docx", b"x"), ("a.odt", b""), ("a.rtf", b"x"), ("a.pdf", b"x"), ("a.pdf", b"%PDF-1.4"), ("a.vtt", b"x"), ("a.srt", b"x"), ("a.srt", b""),
     ("a.xlsx", b"x"), ("a.csv", b""), ("a.csv", b'text\n"x'), ("a.txt", b" \n"), ("a.html", b""), ("a.exe", b"x"), ("a.txt", b"\xe0")],
)  # fmt: skip
def test_broken_files_are_named_and_the_rest_taken_on_demand(tmp_path, name, data):
    put(tmp_path / name, data)
    with pytest.raises(QuidqualError, match=name.replace(".", r"\.")):
        import_notes(tmp_path / name)
    put(tmp_path / "fine.txt", "Fine.")
    imported = import_notes([tmp_path / name, tmp_path / "fine.txt"], on_error="report")
    assert list(imported.study.raw.notes) == ["fine"]


def test_hostile_office_files(tmp_path):
    with pytest.raises(QuidqualError, match="DOCTYPE"):
        odt_text(
            odt(tmp_path / "a.odt", "<!DOCTYPE a [<!ENTITY b 'c'>]>" + ODT).read_bytes(),
            file="a.odt",
        )
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<!DOCTYPE a><a/>")
    with pytest.raises(QuidqualError, match="DOCTYPE"):
        import_notes(tmp_path / "b.xlsx", on_error="raise")
    with zipfile.ZipFile(tmp_path / "c.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * (64 << 20))
    with pytest.raises(QuidqualError, match="larger"):
        import_notes(tmp_path / "c.docx")


def test_names_become_safe_ids(tmp_path):
    put(tmp_path / "con.txt", "a")
    put(tmp_path / ("long name è " * 15 + ".txt"), "b")
    put(tmp_path / "=1+1.md", "c")
    study = import_notes(tmp_path).study
    folder = study.save(tmp_path / "study")
    assert len(list((folder / "notes").iterdir())) == 3
    from quidqual.study.model import open_study

    assert open_study(folder) == study


@pytest.mark.parametrize(
    ("name", "program"),
    [
        ("a.atlproj", "ATLAS.ti"),
        ("a.atlproj23", "ATLAS.ti"),
        ("a.ATLASTI", "ATLAS.ti"),
        ("a.nvpx", "NVivo"),
        ("a.nvp", "NVivo"),
        ("a.mx24", "MAXQDA"),
    ],
)
def test_the_own_file_of_a_program_is_sent_back_to_it(tmp_path, name, program):
    put(tmp_path / name, "PK")
    for read in (
        import_notes,
        qq.interchange.read_qdpx,
        lambda p: qq.interchange.convert(p, tmp_path / "out"),
    ):
        with pytest.raises(QuidqualError, match="only " + program) as error:
            read(tmp_path / name)
        assert "REFI-QDA project (.qdpx)" in error.value.problems[0].remedy
    with pytest.raises(QuidqualError, match="no such file"):
        qq.interchange.read_qdpx(tmp_path / (f"missing-{name}"))


@pytest.fixture(scope="module")
def seeds(tmp_path_factory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("seeds")
    book = openpyxl.Workbook()
    book.active.append(["id", "text"])
    book.active.append(["A", "yes"])
    book.save(folder / "a.xlsx")
    return {".docx": word(folder / "a.docx").read_bytes(), ".odt": odt(folder / "a.odt").read_bytes(), ".rtf": RTF, ".pdf": PDF,
            ".xlsx": (folder / "a.xlsx").read_bytes(), ".vtt": TEAMS.encode(), ".srt": SRT.encode(), ".txt": OTTER.encode(),
            ".html": b"<p>a<b>b</p><table><tr><td>c", ".csv": b"id;text\nA;b\n"}  # fmt: skip


@settings(
    max_examples=250 * THOROUGH,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(
    st.integers(0, 2**32),
    st.sampled_from(
        [".docx", ".odt", ".rtf", ".pdf", ".xlsx", ".vtt", ".srt", ".txt", ".html", ".csv"]
    ),
)
def test_mutated_documents(seeds, tmp_path_factory, seed, kind):
    rng = random.Random(seed)
    made = bytearray(seeds[kind])
    for _ in range(rng.choice([1, 2, 6])):
        at = rng.randrange(len(made))
        made[at : at + rng.choice([0, 1, 9, 80])] = rng.choice(
            [b"", b"\x00", b"<", b"\\'", b"{\\", b"-->", b"\xff", rng.randbytes(3)]
        )
        made = made or bytearray(b" ")
    path = tmp_path_factory.getbasetemp() / f"m{kind}"
    path.write_bytes(bytes(made))
    with suppress(QuidqualError):
        import_notes(path, on_error=rng.choice(["raise", "report"]))


def words_in(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_", " ")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(f"{path.name}.txt").write_text(text, encoding="utf-8")
    return folder


SPANISH = "La vi tranquila. «No me fío de nadie», dijo."
GERMAN = "Er sagte: »Ich traue keinem.«"


def spoken(study) -> dict[str, list[str]]:
    return {i: [study.text(i)[a:b] for a, b in study.verbatim(i)] for i in study.notes["interview"]}


@pytest.mark.parametrize(
    "language",
    [
        {"Ana": "es", "Jonas": "de"},
        {"Ana R1": "es", "Jonas R1.txt": "de"},
        {"Ana_R1": "es", "Jonas": "de"},
    ],
)
def test_each_note_may_be_in_a_language_of_its_own(tmp_path, language):
    folder = words_in(tmp_path, Ana_R1=SPANISH, Jonas_R1=GERMAN)
    study = import_notes(folder, language=language).study
    assert dict(zip(study.notes["participant"], study.notes["language"], strict=True)) == {
        "Ana": "es", "Jonas": "de",
    }  # fmt: skip
    assert dict(study.participants[["participant", "language"]].itertuples(index=False)) == {
        "Ana": "es", "Jonas": "de",
    }  # fmt: skip
    assert set(study.languages) == {"es", "de"}
    # marks that stand the other way round are German, and in no other language here
    assert spoken(study)["Jonas_R1"] == ["»Ich traue keinem.«"]
    with pytest.raises(QuidqualError, match=r"language must be .*'Jona'"):
        import_notes(folder, language={"Jona": "de"})
    with pytest.raises(QuidqualError, match="'Spanish' is not the code of a language"):
        import_notes(folder, language="Spanish")


def test_languages_and_rounds_are_told_by_folders(tmp_path):
    folder = words_in(tmp_path / "a", es__Ana_R1=SPANISH, de__Jonas_R1=GERMAN)
    study = import_notes(folder).study
    assert study.notes["language"].tolist() == ["de", "es"]
    rounds = words_in(tmp_path / "b", Ronda_1__Ana="Uno.", Ronda_2__Ana="Dos.", Ronda_2__Eva="Dos.")
    found = import_notes(rounds, language="es")
    assert found.understood.index.tolist() == ["Ana", "Eva"]
    assert found.study.round_order == ("Ronda 1", "Ronda 2")
    people = words_in(tmp_path / "c", Ana__R1="Uno.", Ana__R2="Dos.", Eva__R1="Dos.")
    assert import_notes(people).understood.shape == (2, 2)
    words_in(tmp_path / "d", Ana_R1="Uno.", old__Ana_R1="Uno viejo.")
    report = import_notes(tmp_path / "d").report
    assert report.loc[report["kind"] == "folder", "item"].tolist() == ["old"]


def test_notes_are_synthetic_if_it_is_said_and_what_was_taken_for_granted_is_told(tmp_path):
    folder = words_in(tmp_path, Ana_R1="Uno.")
    found = import_notes(folder, corpus="synthetic", language="es")
    assert found.study.corpus == "synthetic"
    assert not found.report["kind"].isin(["corpus", "language"]).any()
    found = import_notes(folder)
    assert found.study.corpus == "real"
    told = found.report[found.report["kind"].isin(["corpus", "language"])]
    assert sorted(told["kind"]) == ["corpus", "language"]
    assert 'corpus="synthetic"' in told.set_index("kind").loc["corpus", "why"]
    with pytest.raises(QuidqualError, match="corpus must be"):
        import_notes(folder, corpus="invented")


def test_more_notes_of_another_language_and_never_of_another_corpus(tmp_path):
    first = words_in(tmp_path / "a", Ana_R1=SPANISH)
    place = tmp_path / "study"
    qq.interchange.import_files([first], place, corpus="synthetic", language="es")
    second = words_in(tmp_path / "b", Jonas_R1=GERMAN)
    with pytest.raises(QuidqualError, match="the study is synthetic"):
        qq.interchange.import_files([second], place, corpus="real", language="de")
    made = qq.interchange.import_files([second], place, language={"Jonas": "de"})
    assert made.study.corpus == "synthetic"
    assert not made.report["kind"].eq("corpus").any()  # the study says it
    assert set(made.study.languages) == {"es", "de"}
    assert spoken(made.study)["Jonas_R1"] == ["»Ich traue keinem.«"]
