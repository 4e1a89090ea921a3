import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quidqual.study.errors import QuidqualError
from quidqual.study.speech import speech_of, verbatim_spans
from quidqual.study.text import (
    canonical,
    decode,
    is_canonical,
    offset_map,
)

ODD = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from(
            [
                "\r",
                "\n",
                "\u0301",
                "\u0323",
                "e",
                "\u1100",
                "\u1161",
                "\u11a8",
                "\u0bd7",
                "\u0bc6",
                "🙂",
                "\ufeff",
            ]
        ),
    ),
    max_size=30,
)


@given(ODD)
def test_canonical_is_stable(text):
    once = canonical(text)
    assert "\r" not in once
    assert unicodedata.is_normalized("NFC", once)
    if not once.startswith("\ufeff"):
        assert is_canonical(once)
        assert canonical(once) == once


@given(ODD)
def test_offset_map_follows_the_text(text):
    places = offset_map(text)
    assert len(places) == len(text) + 1
    assert places[-1] == len(canonical(text))
    assert (places[1:] >= places[:-1]).all()


@given(ODD, ODD)
def test_offset_map_finds_what_stands_behind_a_letter(before, after):
    """Text behind a plain letter is the same text in canonical form."""
    text = f"{before}x{after}"
    at = offset_map(text)[len(before)]
    assert canonical(text)[at] == "x"


def test_known_offsets():
    # "é" decomposed (2 code points), CRLF, an astral letter: counted by hand
    assert offset_map("e\u0301a\r\n🙂b").tolist() == [0, 0, 1, 2, 2, 3, 4, 5]
    assert offset_map("\ufeffab").tolist() == [0, 0, 1, 2]


def test_wrong_encoding_is_refused_not_guessed():
    with pytest.raises(QuidqualError, match=r"notes/x.md, row 2: the file is not UTF-8") as caught:
        decode("prima\nperché".encode("cp1252"), file="notes/x.md")
    assert "perch" not in str(caught.value)


def test_speech():
    text = "She said “no” and “yes”."
    spans = verbatim_spans(text)
    assert [text[a:b] for a, b in spans] == ["“no”", "“yes”"]
    assert speech_of(9, 13, spans) == "verbatim"
    assert speech_of(10, 12, spans) == "verbatim"
    assert speech_of(0, 13, spans) == "mixed"
    assert speech_of(0, 8, spans) == "paraphrase"
    assert speech_of(13, 18, spans) == "paraphrase"


@pytest.mark.parametrize(
    "stacked",
    ["e" + "\u0301\u0316" * 40_000, "\u0f71\u0f72" * 40_000, "e" + "\u0345" * 40_000 + "\u0316" * 40_000],
    ids=["two classes", "Tibetan", "in falling order"],
)  # fmt: skip
def test_a_letter_with_80_000_marks_takes_no_time(stacked):
    start = time.process_time()
    made = canonical(stacked)
    offset_map(stacked)
    assert time.process_time() - start < 2  # seven to fifteen seconds by normalising alone
    assert len(made) == len(stacked) - made.startswith("é")
    assert sorted(made[1:], key=unicodedata.combining) == list(made[1:])


@given(st.text(st.characters(min_codepoint=0x2C0, max_codepoint=0x370) | st.sampled_from("eéάक़한\u1161\u11a8\u0f73\u0344\U0001d15e"), min_size=25))  # fmt: skip
def test_long_rows_of_marks_become_what_unicode_says(text):
    assert canonical(text) == unicodedata.normalize("NFC", text)
