"""The pattern language: what parses, and what is refused and where."""

import pytest

from quidqual.coding.patterns import MAX_VARIANTS, PatternError, glob_matches, parse
from quidqual.coding.tag import tag


def shape(source: str) -> list[list[tuple[int, tuple[str, ...]]]]:
    return [[(e.gap, tuple(w.text for w in e.words)) for e in v] for v in parse(source).variants]


def test_words_gaps_and_alternatives():
    assert shape("trust* ~3 nobody|none") == [[(0, ("trust*",)), (3, ("nobody", "none"))]]


def test_optional_words_give_variants_the_longest_first():
    assert shape("(very) sure") == [[(0, ("very",)), (0, ("sure",))], [(0, ("sure",))]]


def test_a_gap_next_to_an_optional_word_left_out_is_kept():
    assert shape("a ~2 (b) c")[1] == [(0, ("a",)), (2, ("c",))]


def test_alternatives_of_several_words_become_variants():
    assert shape("could_not|couldn't go") == [
        [(0, ("could",)), (0, ("not",)), (0, ("go",))],
        [(0, ("couldn't",)), (0, ("go",))],
    ]


def test_exclusion_lemma_and_constraint():
    assert parse("!sicuro che").exclude
    assert parse("<fidarsi>").variants[0][0].words[0].kind == "lemma"
    assert parse("solo[pos=ADJ|NOUN]").variants[0][0].words[0].where == (("pos", ("ADJ", "NOUN")),)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "holds no word"),
        ("!", "holds no word"),
        ("🙂", "no word"),
        ("a*", "large part of all words"),
        ("*", "without any word of its own"),
        ("* *", "without any word of its own"),
        ("(a)", "optional"),
        ("a ~", "needs a number"),
        ("a ~99 b", "gap of more than"),
        ("a ~2", "ends with a gap"),
        ("!~2 a", "begins or ends with a gap"),
        ("a (~2) b", "holds no word"),
        ("(a b", "not closed"),
        ("a) b", "closes nothing"),
        ("a|", "missing here"),
        ("|a", "missing here"),
        ("<fidarsi", "not closed"),
        ("x[pos=]", "constraint 'pos='"),
        ("x[shape=Xx]", "constraint 'shape=Xx'"),
        ("x[pos=ADJ", "not closed"),
        ("a !b", "only stand first"),
        ("end. start", "sentence ends"),
        (" ".join(f"({c})" for c in "abcdefgh") + " z", f"more than {MAX_VARIANTS}"),
        ("word " * 21, "more than 20 words"),
        ("w" * 501, "longer than"),
    ],
)
def test_what_cannot_be_used_is_refused(source, words):
    with pytest.raises(PatternError, match=words):
        parse(source)


def test_an_error_says_at_which_character():
    with pytest.raises(PatternError) as error:
        parse("  ab (cd")
    assert error.value.at == 6


def test_globs_with_many_stars_take_no_time():
    glob = "a" + "*a" * 60 + "*b"
    assert not glob_matches(glob, "a" * 5000)
    assert glob_matches("in*ib*le", "incredibile")
    assert not glob_matches("ab*ba", "aba")


@pytest.mark.parametrize("source", ["25%", "C++", "amic@", "a&b", "trust👍", "100€", "#home"])
def test_a_sign_is_refused_and_not_dropped(source):
    with pytest.raises(PatternError, match="is a sign"):
        parse(source)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("qu'elle", "Je sais qu'elle vient.", "qu'elle"),
        ("qu' elle", "Je sais qu’elle vient.", "qu’elle"),
        ("qu'ell*", "Je sais qu'elles.", "qu'elles"),
        ("lorsqu'il", "Lorsqu'il vient", "Lorsqu'il"),
        ("lorsqu'il", "lorsqu' il vient", "lorsqu' il"),
        ("jusqu'à demain", "Jusqu'à demain.", "Jusqu'à demain"),
        ("quelqu'un", "Il y a quelqu’un ici", "quelqu’un"),
        ("presqu'île", "La presqu'île", "presqu'île"),
        ("agafa'ls", "Agafa'ls ara", "Agafa'ls"),
        ("porta-me'n", "Porta-me'n dos", "Porta-me'n"),
        ("n'hi ha", "No n'hi ha prou", "n'hi ha"),
        ("col·lega", "Un col·lega", "col·lega"),
        ("perché no", "Perche' no?", "Perche' no"),
        ("perché no", "Perché no?", "Perché no"),
    ],
)
def test_an_elision_that_ends_in_a_vowel_is_found_too(pattern, text, found):
    """`qu'` ends as an accent typed with an apostrophe does, but its word follows at once."""
    hits = tag([text], {"c": {"fr": [pattern]}}, language="fr", cues=())
    assert [text[a:b] for a, b in zip(hits["start"], hits["end"], strict=True)] == [found]
