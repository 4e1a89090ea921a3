"""The words beside a coding decide over its offsets, in every importer."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from quidqual.interchange.project import Account, Marks
from quidqual.interchange.qdpx_read import read_qdpx
from quidqual.interchange.qualcoder import read_qualcoder
from quidqual.interchange.stored_words import follow_words, same_words
from quidqual.study.model import open_study

from .test_databases import QUALCODER, database

CODING = "INSERT INTO code_text (ctid, cid, fid, seltext, pos0, pos1, owner) VALUES (?, 1, 9, ?, ?, ?, 'A')"


def qualcoder(folder: Path, text: str, *codings: tuple[str, int, int]):
    rows = [(CODING, (n, *coding)) for n, coding in enumerate(codings, 20)]
    source = ("INSERT INTO source (id, name, fulltext) VALUES (9, 'S9', ?)", (text,))
    return read_qualcoder(database(folder / "data.qda", QUALCODER, source, *rows))


def exact(imported, interview: str = "S9") -> list[str]:
    frame = imported.study.codings
    return frame[frame["interview"] == interview]["exact"].tolist()


def whys(imported) -> str:
    return " | ".join(imported.report["why"])


@pytest.mark.parametrize("counted", [0, 1])
def test_a_byte_order_mark_at_the_beginning(tmp_path, counted):
    """QualCoder stores the mark with the text and counts it; if it did not, the words tell."""
    text = "Parola uno. Parola due."
    places = [
        (w, text.index(w) + counted, text.index(w) + counted + len(w)) for w in ("uno", "due")
    ]
    imported = qualcoder(tmp_path, "\ufeff" + text, *places)
    assert exact(imported) == ["uno", "due"]
    assert imported.study.text("S9") == text
    assert ("moved" in " ".join(imported.report["kind"])) is (counted == 0)


def test_a_text_that_was_edited_after_coding(tmp_path):
    """Words that are there once are found, the others follow their neighbours."""
    old = "I go home. I trust her. I go home again, by bus."
    new = "Well: " + old
    places = [(w, at, at + len(w)) for w, at in
              (("home", 5), ("trust her", 13), ("home", 29), ("bus", 44))]  # fmt: skip
    imported = qualcoder(tmp_path, new, *places)
    starts = imported.study.codings.query("interview == 'S9'")["start"].tolist()
    assert exact(imported) == ["home", "trust her", "home", "bus"]
    assert starts == [11, 19, 35, 50]
    assert "4 codings: its offsets led to other words" in whys(imported)


def test_words_that_are_gone_are_lost_and_never_put_on_others(tmp_path):
    imported = qualcoder(tmp_path, "Nothing of it is left here.", ("a lovely day", 3, 15))
    assert exact(imported) == []
    assert imported.study.lost["exact"].tolist() == ["a lovely day"]
    assert "kept as lost" in whys(imported)
    again = open_study(imported.study.save(tmp_path / "study"))
    assert again.lost["exact"].tolist() == ["a lovely day"]


def test_words_in_several_places_are_not_guessed(tmp_path):
    imported = qualcoder(tmp_path, "no no no no no no and yes", ("no", 20, 22))
    assert exact(imported) == []
    assert imported.study.lost["exact"].tolist() == ["no"]


def test_words_past_the_end_are_found(tmp_path):
    imported = qualcoder(tmp_path, "Short text with bus.", ("bus", 25, 28))
    assert exact(imported) == ["bus"]


def test_white_space_between_words_does_not_matter():
    assert same_words("one\ntwo", "one two", whole=True)
    assert same_words("one two", "one\u2029two", whole=True)
    assert not same_words("one two three four", "one two three", whole=True)
    assert same_words("one two three four", "one two three")
    assert same_words("perché", "perche\u0301", whole=True)


@pytest.mark.parametrize("start", [9, 10, 11, 12])
def test_the_name_of_a_refi_selection(qdpx, start):
    text = "Dice che Parola detta vale."
    at = text.index("Parola")
    inner = qdpx.selection(start, start + 6, qdpx.trust, name="Parola")
    imported = read_qdpx(qdpx.one(text, inner))
    assert exact(imported, "Talk") == ["Parola"]
    assert ("by" in whys(imported) and "moved" in whys(imported)) is (start != at)


def test_a_name_that_is_a_mere_label_moves_nothing(qdpx):
    """Names such as that of the code or a number are no words of the text, or not these."""
    text = "She is at home with all of her friends, and trusts them."
    at = text.index("all of her friends")
    for name in ("home", "Selection 3", "trust", ""):
        inner = qdpx.selection(at, at + 18, qdpx.trust, name=name)
        imported = read_qdpx(qdpx.one(text, inner))
        assert exact(imported, "Talk") == ["all of her friends"]
        assert "coding moved" not in imported.report["kind"].tolist()


def test_a_name_that_is_cut_short_keeps_the_length(qdpx):
    text = "One. She stayed at home for a year and then left it."
    words = "stayed at home for a year"
    at = text.index(words)
    inner = qdpx.selection(at + 2, at + 2 + len(words), qdpx.trust, name="stayed at home...")
    assert exact(read_qdpx(qdpx.one(text, inner)), "Talk") == [words]


def test_codings_without_words_follow_those_that_have(qdpx):
    text = "Alpha beta gamma delta epsilon."
    inner = "".join(
        qdpx.selection(text.index(w) + 1, text.index(w) + 1 + len(w), qdpx.trust, name=name)
        for w, name in (("Alpha", "Alpha"), ("beta", ""), ("delta", "delta"))
    )
    imported = read_qdpx(qdpx.one(text, inner))
    assert exact(imported, "Talk") == ["Alpha", "beta", "delta"]
    assert "moved as all others of this text" in whys(imported)


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("named", [True, False])
def test_a_docx_whose_line_ends_were_counted_as_two(qdpx, size, named):
    document = docx.Document()
    lines = ["First line here", "Second line here", "Third one"]
    for line in lines:
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    counted = ("\r\n" if size == 2 else "\n").join(lines)
    inner = "".join(
        qdpx.selection(
            counted.index(w), counted.index(w) + len(w), qdpx.trust, name=w if named else ""
        )
        for w in ("Second", "Third")
    )
    source = f'<TextSource guid="{qdpx.guid("T")}" name="T" richTextPath="internal://t.docx">{inner}</TextSource>'
    imported = read_qdpx(qdpx.write(source, files={"sources/t.docx": stream.getvalue()}))
    assert exact(imported, "T") == ["Second", "Third"]
    assert imported.study.text("T") == "\n".join(lines)


def test_taguette_counts_bytes_and_its_words_decide(tmp_path):
    import numpy as np

    marks = Marks(text=[0], start=[7], end=[10], code=["c"], coder=[""], at=[""], memo=[""],
                  id=["1"], quote=["two"])  # fmt: skip
    places = np.array([[7], [10]])
    account = Account("x")
    lost = follow_words(["one\ntwo\nthree"], ["T"], marks, places, account, certain=True)
    assert (lost, places.ravel().tolist()) == ({}, [4, 7])
    assert account.frame["kind"].tolist() == ["coding moved"]
