"""Words: elisions, accents, invisible marks, sentence ends."""

import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quidqual.coding.tokens import fold, tokenise


def words(text: str) -> list[str]:
    return [text[t.start : t.end] for t in tokenise(text)]


def test_an_elided_article_is_a_word_of_its_own():
    assert words("L'amica dell’azienda, un'altra") == [
        "L'",
        "amica",
        "dell’",
        "azienda",
        "un'",
        "altra",
    ]


def test_english_clitics_are_cut_and_contracted_not_is_kept():
    assert words("She's here, they'll go, I can't.") == [
        "She",
        "'s",
        "here",
        "they",
        "'ll",
        "go",
        "I",
        "can't",
    ]


def test_an_accent_may_be_typed_as_an_apostrophe():
    written = ["perché", "perchè", "perche'", "PERCHE’", unicodedata.normalize("NFD", "perché")]
    assert {fold(w) for w in written} == {"perche'"}
    assert fold("perche") != fold("perché")


def test_a_last_apostrophe_may_also_close_a_quotation():
    assert tokenise("me' x")[0].keys == ("me'", "me")
    assert tokenise("e' x")[0].keys == ("e'",)


def test_invisible_marks_and_ligatures_do_not_hide_a_word():
    assert fold("tru\u00adst") == "trust"
    assert fold("ﬁducia") == "fiducia"
    assert words("\u200ftrust\u200e") == ["trust"]


def test_emoji_are_no_words_and_no_part_of_one():
    assert words("trust👍🏽 ❤️x") == ["trust", "x"]


def test_sentence_and_line_ends_part_runs_but_an_ellipsis_does_not():
    assert [t.run for t in tokenise("One. Two! Three\nfour\n\nfive")] == [0, 1, 2, 2, 3]
    assert [t.run for t in tokenise("one... two, three; 3.5")] == [0] * 5


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_places_lie_in_order_inside_the_text(text):
    tokens = tokenise(text)
    for token in tokens:
        assert 0 <= token.start < token.end <= len(text)
    assert all(a.end <= b.start and a.run <= b.run for a, b in pairwise(tokens))


@given(st.text(alphabet="aeè' .\n’", max_size=30), st.text(alphabet="aeè' .\n’", max_size=30))
def test_white_space_parts_texts_that_do_not_see_each_other(left, right):
    together = [t.keys for t in tokenise(f"{left} {right}")]
    assert together == [t.keys for t in tokenise(left)] + [t.keys for t in tokenise(right)]


def test_an_article_at_the_end_of_a_pattern_and_one_written_apart():
    from quidqual.coding.tag import tag

    for pattern in ("dell'", "dell'|della azienda", "dell' azienda"):
        found = tag(["Parla dell'azienda."], {"a": {"it": [pattern]}}, language="it")
        assert len(found) == 1, pattern
    assert tag(["Parla dell' azienda."], {"a": ["dell' azienda"]}, language="it").end.tolist() == [
        19
    ]
    far = tag(["Lontana dall'essere sicura."], {"a": {"it": ["sicura"]}}, language="it")
    assert far["negated"].tolist() == [True]
    assert far["cue"].tolist() == ["Lontana dall'"]


def test_a_closing_quotation_mark_belongs_to_no_word():
    from quidqual.coding.tag import tag

    for text in ("Dice ‘fiducia’ e basta.", "Dice 'fiducia' e basta."):
        for pattern in ("fiducia", "fiduci*"):
            found = tag([text], {"a": {"it": [pattern]}}, language="it")
            assert found["words"].tolist() == ["fiducia"]
    assert tag(["Non so perche' sia qui."], {"a": ["perche'"]}, language="it")[
        "words"
    ].tolist() == ["perche'"]
