"""A language that is not there, and what is no table or no name, is said and not passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

import quidqual as qq

BOOK = [
    {"id": "trust", "label": {"en": "Trust", "it": "Fiducia"}},
    {"id": "work", "label": {"de": "Arbeit"}},
]


def test_a_language_that_nobody_has_is_refused(tmp_path: Path) -> None:
    study = qq.load_example()
    for language in ("nosuch", 3, ""):
        wanted = f"language must be 'en' or 'it', not {language!r}"
        for call in (qq.interchange.code_matrix, qq.interchange.quote_table):
            with pytest.raises(qq.QuidqualError, match=wanted):
                call(study, language=language)
        for call in (qq.interchange.write_qdc, qq.interchange.write_quote_report):
            with pytest.raises(qq.QuidqualError, match=wanted):
                call(study, tmp_path / "a.md", language=language)
    with pytest.raises(qq.QuidqualError, match="language must be 'en', 'it' or 'de', not 'nosuch'"):
        qq.interchange.write_qdc(qq.Codebook(BOOK), tmp_path / "a.qdc", language="nosuch")
    assert not list(tmp_path.iterdir())


def test_a_language_that_study_or_codebook_has_is_taken(tmp_path: Path) -> None:
    study = qq.load_example()
    trust = {
        "it": qq.interchange.code_matrix(study, language="it"),
        None: qq.interchange.code_matrix(study),
    }
    assert list(trust["it"]["label"]) != list(trust[None]["label"])
    text = qq.interchange.write_qdc(qq.Codebook(BOOK), tmp_path / "a.qdc", language="it").read_text(
        "utf-8"
    )
    assert "Fiducia" in text
    assert "Arbeit" in text  # a code without that label keeps the one it has


@pytest.mark.parametrize(
    ("wish", "match"),
    [({"rounds": 3}, "rounds must be a name, a pattern or a mapping, not int"), ({"interviewers": None}, "interviewers must be a name"),
     ({"interviewers": 3}, "a list of names, not 3"), ({"group": 3}, "'group': a text is wanted, not int"),
     ({"language": None}, "'language': a text is wanted, not NoneType")],
)  # fmt: skip
def test_wrong_wishes_of_an_import(wish: dict[str, object], match: str, tmp_path: Path) -> None:
    note = tmp_path / "S1-R1.txt"
    note.write_text("Anna: I stay.", "utf-8")
    with pytest.raises(qq.QuidqualError, match=match):
        qq.interchange.import_notes(note, **wish)


def test_one_interviewer_may_be_a_word(tmp_path: Path) -> None:
    note = tmp_path / "S1-R1.vtt"
    note.write_text(
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ida>Why?\n\n"
        "00:02.000 --> 00:03.000\n<v Anna>I stay.", "utf-8"
    )  # fmt: skip
    told = [
        qq.interchange.import_notes(note, interviewers=who).study.segments["speech"].tolist()
        for who in ("Ida", ["Ida"], ())
    ]
    assert told == [["paraphrase", "verbatim"]] * 2 + [["verbatim", "verbatim"]]


@pytest.mark.parametrize("given", [None, 3, "a.csv", [1]])
def test_what_is_no_table_is_neither_written_nor_shown(given: object, tmp_path: Path) -> None:
    with pytest.raises(qq.QuidqualError, match="A table is wanted"):
        qq.write_table(given, tmp_path / "a.csv")
    with pytest.raises(qq.QuidqualError, match="A table is wanted"):
        qq.show(given)
    assert not list(tmp_path.iterdir())
