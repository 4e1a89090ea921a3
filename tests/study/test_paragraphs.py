"""A blank line ends a paragraph; a single line break is a blank, except in lists and turns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quidqual.study.segments import segments_of
from quidqual.study.text import flowing, pieces_of, turns_of

WRAPPED = "She does not\ntrust people. She has no self\nconfidence.\n\nShe works."


def pieces(text, **more):
    return [text[p.start : p.end] for p in pieces_of(text, **more)]


def test_a_wrapped_paragraph_reads_as_one_on_one_line():
    flat = WRAPPED.replace("\nt", " t").replace("\nc", " c")
    assert flowing(WRAPPED) == flat
    wrapped, plain = (segments_of(text, language="en") for text in (WRAPPED, flat))
    assert [s[:3] for s in wrapped] == [s[:3] for s in plain]
    assert [s.words for s in wrapped] == [
        "She does not\ntrust people.",
        "She has no self\nconfidence.",
        "She works.",
    ]
    assert [s.paragraph for s in wrapped] == [1, 1, 2]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("a\n \t\nb", ["a", "b"]),
        ("a\nb\n\n\nc\n", ["a\nb", "c"]),
        ("Today:\n- one\n- two\n  more\n- three", ["Today:", "- one", "- two\n  more", "- three"]),
        ("1. one\n2. two", ["1. one", "2. two"]),
        ("(1) one\n(2) two", ["(1) one", "(2) two"]),
        ("she came on the\n12. May and\nstayed", ["she came on the\n12. May and\nstayed"]),
        ("he was\n- I think -\nill", ["he was\n- I think -\nill"]),
        ("# Work\nShe sews.", ["# Work", "She sews."]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_paragraphs_and_lists(text, right):
    assert pieces(text) == right


def test_lines_of_dialogue_stand_alone():
    assert pieces("— Sí.\n— No,\nno.", dashes="—") == ["— Sí.", "— No,\nno."]


def test_turns_go_on_over_lines_and_paragraphs():
    text = "Anna: one\ntwo\n\nthree\nLena: four"
    found = list(pieces_of(text, turns=True))
    assert [(text[p.start : p.end], p.speaker) for p in found] == [
        ("one\ntwo", "Anna"),
        ("three", "Anna"),
        ("four", "Lena"),
    ]


def test_what_is_a_transcript():
    assert turns_of("I: a\nP1: b\nI: c\nP1: d").speakers == {"I": 2, "P1": 2}
    assert turns_of("a: b\nc: d", declared=True).declared
    assert turns_of("I: a\nP1: b\nI: c\nP1: d", declared=False) is None
    assert turns_of("Work: a\nHome: b\nMoney: c\nHealth: d") is None
    assert turns_of("One day: she came.\n" + "She went on.\n" * 30) is None


@given(st.text(alphabet="ab.\n \t-–:A1#“”", max_size=80))
def test_offsets_stay_those_of_the_text(text):
    flat = flowing(text)
    assert len(flat) == len(text)
    assert flat.replace("\n", " ") == text.replace("\n", " ")
    for segment in segments_of(text, language="en"):
        assert text[segment.start : segment.end] == segment.words
        assert segment.words == segment.words.strip()
    ends = [s.end for s in segments_of(text, language="en")]
    assert ends == sorted(ends)


@given(st.text(alphabet="abcè🙂. \n", max_size=80))
def test_no_word_of_prose_is_lost(text):
    kept = "".join(s.words for s in segments_of(text, language="it"))
    assert "".join(kept.split()) == "".join(text.split())
