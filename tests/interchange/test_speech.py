"""Whose words they are, whatever the file: no word is altered, the same turns read alike."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest

from quidqual.interchange.convert import import_files, read
from quidqual.study.errors import QuidqualError
from quidqual.study.model import open_study

LINES = [
    "Interviewer: What do you do?",
    "P1: „jeden Schritt“ allein.",
    "Interviewer: Why?",
    "P1: I stay.",
]
SPOKEN = "\n".join(LINES)


def as_vtt(path: Path) -> None:
    cues = [
        f"00:0{n}.000 --> 00:0{n}.900\n<v {line.split(': ')[0]}>{line.split(': ')[1]}</v>"
        for n, line in enumerate(LINES)
    ]
    path.write_text("WEBVTT\n\n" + "\n\n".join(cues) + "\n", encoding="utf-8")


def as_srt(path: Path) -> None:
    cues = [f"{n + 1}\n00:00:0{n},000 --> 00:00:0{n},900\n{line}" for n, line in enumerate(LINES)]
    path.write_text("\n\n".join(cues) + "\n", encoding="utf-8")


def as_txt(path: Path) -> None:
    path.write_text(SPOKEN, encoding="utf-8")


def as_docx(path: Path) -> None:
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    document.save(path)


def as_odt(path: Path) -> None:
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in LINES)
    xml = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
        f"{paragraphs}</office:text></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", xml)


def as_rtf(path: Path) -> None:
    words = "\\par\n".join(
        "".join(c if c.isascii() else f"\\u{ord(c)}?" for c in line) for line in LINES
    )
    path.write_text("{\\rtf1\\ansi\\uc1 " + words + "}", encoding="ascii")


def as_pdf(path: Path) -> None:
    """A page of one font in WinAnsi; „ and “ are 132 and 147 there."""
    shown = "".join(f"({line}) Tj T*\n" for line in LINES).encode("cp1252")
    stream = b"BT /F1 12 Tf 14 TL 20 150 Td\n" + shown + b"ET"
    path.write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length "
        + str(len(stream)).encode()
        + b">>\nstream\n"
        + stream
        + b"\nendstream endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj\n"
        b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n0\n%%EOF\n"
    )


FORMATS = {"vtt": as_vtt, "srt": as_srt, "txt": as_txt, "md": as_txt, "docx": as_docx, "odt": as_odt,
           "rtf": as_rtf, "pdf": as_pdf}  # fmt: skip


def speech(study) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in study.segments[["speaker", "words", "speech"]].to_numpy()]


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("interviewers", [(), ("Interviewer",)])
def test_the_same_turns_are_the_same_speech_in_every_format(tmp_path, kind, interviewers):
    path = tmp_path / f"P1-R1.{kind}"
    FORMATS[kind](path)
    imported = read(path, interviewers=interviewers, language="de")
    assert imported.study.text("P1-R1") == SPOKEN
    assert speech(imported.study) == [
        ("Interviewer", "What do you do?", "paraphrase"), ("P1", "„jeden Schritt“ allein.", "verbatim"),
        ("Interviewer", "Why?", "paraphrase"), ("P1", "I stay.", "verbatim"),
    ]  # fmt: skip
    assert imported.turns["speaker"].tolist() == ["Interviewer", "P1", "Interviewer", "P1"]
    text = imported.study.text("P1-R1")
    spoken = [text[a:b] for a, b in imported.turns[["start", "end"]].to_numpy()]
    assert spoken == [line.split(": ")[1] for line in LINES]
    again = open_study(imported.study.save(tmp_path / "study"))
    assert speech(again) == speech(imported.study)


def test_interviewer_and_interviewee(tmp_path):
    (tmp_path / "a.txt").write_text("Interviewer: Why?\nInterviewee: I stay.", encoding="utf-8")
    assert speech(read(tmp_path / "a.txt", language="en").study) == [
        ("Interviewer", "Why?", "paraphrase"),
        ("Interviewee", "I stay.", "verbatim"),
    ]


def test_a_declared_interviewer_by_name(tmp_path):
    (tmp_path / "a.txt").write_text("Rossi: Why?\nAnna: I stay.\n", encoding="utf-8")
    found = speech(read(tmp_path / "a.txt", language="en", interviewers="Rossi").study)
    assert [row[2] for row in found] == ["paraphrase", "verbatim"]


def test_a_misspelt_interviewer_is_refused_with_the_nearest(tmp_path):
    as_txt(tmp_path / "a.txt")
    with pytest.raises(
        QuidqualError, match=r"interviewers must be 'Interviewer' or 'P1', not 'Intervewer'"
    ):
        read(tmp_path / "a.txt", interviewers=["Intervewer"])
    (tmp_path / "b.txt").write_text("She stays at home.", encoding="utf-8")
    with pytest.raises(QuidqualError, match="no text has lines that begin with a speaker"):
        read(tmp_path / "b.txt", interviewers=["Interviewer"])


def test_a_note_with_headings_is_no_transcript(tmp_path):
    words = "Mood: calm.\nPlace: the shop.\nNext: ask again."
    (tmp_path / "a.txt").write_text(words, encoding="utf-8")
    study = read(tmp_path / "a.txt", language="en").study
    assert set(study.segments["speech"]) == {"paraphrase"}
    assert set(study.segments["speaker"]) == {""}


OTTER = """Talk with Anna
Mon, May 24, 2021 1:32PM • 45:12

SUMMARY KEYWORDS
home, people, work, trust

SPEAKERS
Rossi, Anna

Rossi  00:01
How is home?

Anna  00:05
I stay, and I like it.

Transcribed by https://otter.ai
"""


def test_metadata_of_otter_are_nobodys_speech(tmp_path):
    (tmp_path / "a.txt").write_text(OTTER, encoding="utf-8")
    imported = read(tmp_path / "a.txt", language="en", interviewers="Rossi")
    assert imported.study.text("a") == "Rossi: How is home?\nAnna: I stay, and I like it."
    assert "10 lines of metadata" in " ".join(imported.report["why"])


@pytest.mark.parametrize(
    "answer", ["„jeden Schritt“ allein", "“yes” and ‘no’", "«sì»", '"so"', "– si"]
)
def test_answers_are_verbatim_and_unaltered(tmp_path, answer):
    quoted = answer.replace('"', '""')
    (tmp_path / "a.csv").write_text(f'participant,text\nA,"{quoted}"\n', encoding="utf-8")
    study = read(tmp_path / "a.csv", language="de").study
    assert study.text("A") == answer
    assert set(study.segments["speech"]) == {"verbatim"}


def test_an_imported_project_is_transcripts_unless_said_otherwise(qdpx):
    path = qdpx.one("I stay here. She says “yes” too.", qdpx.selection(0, 11, qdpx.trust))
    assert read(path).study.codings["speech"].tolist() == ["verbatim"]
    assert read(path, speech="paraphrase").study.codings["speech"].tolist() == ["paraphrase"]
    with pytest.raises(QuidqualError, match="speech must be"):
        read(path, speech="quoted")


def test_turns_in_a_project_keep_the_interviewer_apart(qdpx):
    inner = "".join(
        qdpx.selection(SPOKEN.index(w), SPOKEN.index(w) + len(w), qdpx.trust)
        for w in ("do you do", "I stay")
    )
    path = qdpx.one(SPOKEN, inner)
    assert read(path).study.codings["speech"].tolist() == ["paraphrase", "verbatim"]
    with pytest.raises(QuidqualError, match="interviewers must be"):
        read(path, interviewers="Rosi")


def test_what_imported_documents_do_not_say_is_not_absent(qdpx):
    xml = qdpx.source("A", qdpx.selection(0, 5, qdpx.trust)) + qdpx.source("B")
    files = {f"sources/{qdpx.guid(name)}.txt": b"Hello" for name in "AB"}
    study = read(qdpx.write(xml, files=files)).study
    assert study.notes_read() == {"A"}


# Into a study that is there


def existing(folder: Path) -> Path:
    (folder / "P1-R1.txt").write_text("She stays.", encoding="utf-8")
    (folder / "P1-R2.txt").write_text("She left.", encoding="utf-8")
    study = read([folder / "P1-R1.txt", folder / "P1-R2.txt"], language="en").study
    place = study.save(folder / "study")
    settings = place / "study.toml"
    settings.write_text("# Our own words on it\n" + settings.read_text("utf-8"), encoding="utf-8")
    return place


def test_language_and_turns_reach_a_study_that_is_there(tmp_path):
    folder = existing(tmp_path)
    (tmp_path / "P4_R1.txt").write_text("Rossi: Warum?\nP4: Ich bleibe.", encoding="utf-8")
    found = import_files(tmp_path / "P4_R1.txt", folder, language="de", interviewers="Rossi")
    study = open_study(folder)
    talks = study.interviews.set_index("interview")
    assert talks.loc["P4_R1", "language"] == "de"
    assert talks.loc["P1-R1", "language"] == "en"
    assert set(study.languages) == {"en", "de"}
    rows = study.segments.query("interview == 'P4_R1'")[["speaker", "speech"]].to_numpy().tolist()
    assert rows == [["Rossi", "paraphrase"], ["P4", "verbatim"]]
    assert "# Our own words on it" in (folder / "study.toml").read_text("utf-8")
    assert found.understood.loc["P4", "R1"] == "P4_R1"


def test_rounds_that_a_study_calls_otherwise(tmp_path):
    folder = existing(tmp_path)
    (tmp_path / "Ana wave 2.txt").write_text("She came.", encoding="utf-8")
    import_files(tmp_path / "Ana wave 2.txt", folder)
    assert open_study(folder).interviews.query("participant == 'Ana' and status == 'held'")[
        "round"
    ].tolist() == ["R2"]


# Tables of answers: text stays text


def test_answers_stay_the_text_that_they_are(tmp_path):
    """Semicolons, ids that look like numbers, words that look like nothing, one empty cell."""
    rows = "id;answer\n007;NA\nNA;None\n1e5;N/A\nB;\nC;7.50\n"
    (tmp_path / "a.csv").write_text(rows, encoding="utf-8")
    imported = read(tmp_path / "a.csv")
    texts = dict(imported.study.notes[["participant", "text"]].to_numpy().tolist())
    assert texts == {"007": "NA", "NA": "None", "1e5": "N/A", "C": "7.50"}
    told = imported.report.set_index("item")["why"].to_dict()
    assert told["1 row"] == "they hold no answer"
    assert "semicolons" in " ".join(imported.report["why"])


@pytest.mark.parametrize("kind", ["csv", "tsv"])
def test_a_table_that_cannot_be_read_is_one_problem_with_its_line(tmp_path, kind):
    mark = "," if kind == "csv" else "\t"
    (tmp_path / f"a.{kind}").write_text(
        f'id{mark}text\nA{mark}one\nB{mark}"two\n', encoding="utf-8"
    )
    with pytest.raises(QuidqualError, match=rf"a\.{kind}") as caught:
        read(tmp_path / f"a.{kind}")
    assert len(caught.value.problems) == 1


def test_an_imported_project_opens_without_a_warning_about_speech(qdpx, tmp_path):
    path = qdpx.one("I stay here. “Yes” „no", qdpx.selection(0, 11, qdpx.trust))
    study = open_study(read(path).study.save(tmp_path / "study"))
    assert study.codings["speech"].tolist() == ["verbatim"]
    assert "speech" not in study.problems["field"].tolist()


@pytest.mark.parametrize("before", ["\x0c", "\u00a0", "\u200b", "\ufeff", "\x0b", "\u3000", "\t"])
@pytest.mark.parametrize("behind", [" ", "\u00a0", "\t", "\u202f"])
def test_what_cannot_be_seen_hides_no_turn(tmp_path, before, behind):
    """A page break (form feed), a hard blank before or after the colon, a sign without width."""
    file = tmp_path / "S1-R1.txt"
    text = f"Interviewer:{behind}Why?\n{before}Interviewee:{behind}I stay home.\n"
    file.write_text(text, encoding="utf-8")
    imported = read(file)
    assert imported.turns["speaker"].tolist() == ["Interviewer", "Interviewee"]
    segments = imported.study.segments
    own = segments[segments["speech"] == "verbatim"]["words"].tolist()
    assert own == ["I stay home."]


@pytest.mark.parametrize("head", ["Anna (00:05)", "Anna (0:00:05):", "Anna\u00a0 [00:05]"])
def test_a_time_behind_the_name_in_any_brackets(tmp_path, head):
    file = tmp_path / "S1-R1.txt"
    other = head.replace("Anna", "Speaker 1").replace("05", "01")
    file.write_text(f"{other}\nWhy?\n\n{head}\nI stay.\n", encoding="utf-8")
    turns = read(file).turns
    assert turns[["speaker", "begins"]].values.tolist() == [["Speaker 1", 1.0], ["Anna", 5.0]]
