"""Words of thousands of texts at once: the same as those of each text alone."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quidqual.coding.tokens import words_in
from quidqual.cues import word_table
from quidqual.cues.word_forms import ASKED, COMMA, HARD, SIGN, bits_for
from quidqual.cues.word_table import Lexicon, WordTable

PIECES = st.sampled_from([
    "trust", "L'amica", "dell’", "azienda", "perche'", "perché", "PERCHÉ", "can't", "she's", "po'",
    "'s", "_a_", "x_y", "a²", "ﬁducia", "straße", "tru\u00adst", "e\u0301", "😀", "𝔘b", "ʼn", "3.5",
    ",", ".", "?", "!", "...", "?!", ";", "(", ")", "—", "-", " - ", "\n", "\n\n", "\r\n", "\t", " ",
    " ", "  ", "'", "’", "‘", "`", '"', "“", "”", "\u00a0", "\u2028", "A", "b.C", "Ελλάδα", "漢字", "。",
])  # fmt: skip
TEXTS = st.lists(st.lists(PIECES, max_size=12).map("".join), min_size=1, max_size=4)
BOUNDARY = re.compile(r"[;:()—–…]|\s-\s")


def rows(table, i):
    own = np.arange(table.first[i], table.behind[i])
    starts, ends = table.places(own)
    lexicon, forms = table.lexicon, table.form[own].tolist()
    seconds = {k: lexicon.seconds[f] for k, f in enumerate(forms) if lexicon.seconds[f]}
    runs = table.run[own]
    return (
        starts.tolist(), ends.tolist(), [lexicon.names[f] for f in forms],
        (runs - runs[:1]).tolist(), seconds,
    )  # fmt: skip


LEXICON = Lexicon(bits_for("it"))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_the_words_are_those_of_each_text_alone(texts):
    table = WordTable(texts, LEXICON)
    for i, text in enumerate(texts):
        words = words_in(text)
        runs = [run - words.runs[0] for run in words.runs]
        assert rows(table, i) == (words.starts, words.ends, words.keys, runs, words.second)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_the_sign_before_a_word_is_told_by_its_bits(texts):
    table = WordTable(texts, LEXICON)
    for i, text in enumerate(texts):
        words, first = words_in(text), table.first[i]
        ends = [*words.starts[1:], len(text)]
        for k, end in enumerate(words.ends):
            behind = text[end : ends[k]]
            bits = int(table.bits[first + k])
            assert bool(bits & ASKED) == ("?" in behind)
            if not k:
                assert bits & HARD
                continue
            gap = text[words.ends[k - 1] : words.starts[k]]
            new = words.runs[k] != words.runs[k - 1]
            assert bool(bits & HARD) == (new or BOUNDARY.search(gap) is not None)
            assert bool(bits & COMMA) == ("," in gap)
            assert bool(bits & (SIGN | COMMA | HARD)) == (gap not in ("", " ") or bool(bits & HARD))


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.data())
def test_a_place_gives_the_words_it_touches(texts, data):
    table = WordTable(texts, LEXICON)
    i = data.draw(st.integers(0, len(texts) - 1))
    words = words_in(texts[i])
    if not words.keys:
        return
    a = data.draw(st.integers(0, len(words.keys) - 1))
    b = data.draw(st.integers(a, len(words.keys) - 1))
    place = np.array([words.starts[a]]), np.array([words.ends[b]])
    found = table.words_of(*place, np.array([i])) - table.first[i]
    assert found.ravel().tolist() == [a, b]


def test_empty_rows_stand_between_texts():
    table = WordTable(["One, two", "", "three?"], Lexicon(bits_for("en")))
    keys = [table.lexicon.names[form] for form in table.form]
    assert keys == [*[""] * 4, "one", "two", *[""] * 8, "three", *[""] * 4]
    assert table.begun[5] == 4
    assert table.end[4] == 5
    assert len(set(table.run[[4, 14]])) == 2


def test_a_lexicon_that_is_full_begins_anew(monkeypatch):
    from quidqual.cues.flagger import Flagger

    monkeypatch.setattr(word_table, "MAX_FORMS", 3)
    made = Flagger("en")
    for text in (
        "She does not trust them.",
        "He never trusts anyone at all.",
        "I don't trust you.",
    ):
        at = text.index("trust")
        for _ in range(2):
            ((flag,),) = made.flag(text, [(at, at + 5)])
            assert flag.kind == "negation"
        assert len(made._lexicon) < 20


@pytest.mark.parametrize("text", ["", " ", "…", "\n\n"])
def test_texts_without_words(text):
    table = WordTable([text], Lexicon(bits_for("en")))
    assert table.first[0] == table.behind[0]
