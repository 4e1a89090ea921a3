"""The engine gives exactly what the slow reference gives."""

import re
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quidqual.coding.engine import Engine, Hit
from quidqual.coding.lemmas import _forms, lemmatiser
from quidqual.coding.needles import ODD, SPACE, byte_of, haystack
from quidqual.coding.patterns import parse
from quidqual.coding.tag import tag
from quidqual.coding.tokens import LETTER, MARKS_AND_INVISIBLE, fold

_spec = spec_from_file_location("reference", Path(__file__).with_name("reference.py"))
_reference = module_from_spec(_spec)
_spec.loader.exec_module(_reference)
reference_match = _reference.reference_match

TEXT = re.split(
    r" ",
    "trust trusts Trust, nobody no one very sure sicuro che l'amica amica perche' perché fiducia "
    "fidarsi She's can't end. a (b) x.Y — trust👍 tru\u00adst 3.5 … una_parola“ \n \t  che\u200f "
    "qu'elle qu’ elle agafa'ls jusqu'à 'perche'",
)
PATTERNS = re.split(
    r"; ",
    "trust; trust*; nobody; no one; (very) sure; sicuro; !sicuro che; l'amica; perché; fid*; she; "
    "can't; end; a|b; (a) b ~2 trust; trust ~3 nobody; sure *; * sure ~1 x; x y|trust_no; "
    "trust ~2 trust ~2 trust; !trust ~1 nobody; t*u*t*; (no) one (very) sure; perche; 3 5; *cia; "
    "qu'elle; qu' el*; agafa'ls; jusqu'à; qu'elle trust; elle; perche' no",
)

texts = st.lists(st.sampled_from(TEXT), max_size=14).map(" ".join)
pattern_lists = st.lists(st.tuples(st.sampled_from(PATTERNS), st.sampled_from("AB")), max_size=7)


def parsed(pairs):
    return [parse(source).of(code=code, language="en") for source, code in pairs]


@settings(max_examples=600, deadline=None)
@given(pattern_lists, st.lists(texts, min_size=1, max_size=4), st.sampled_from(["longest", "all"]))
def test_engine_equals_reference(pairs, many, scope):
    patterns = parsed(pairs)
    expected = {
        i: hits for i, t in enumerate(many) if (hits := reference_match(patterns, t, scope=scope))
    }
    engine = Engine(patterns, scope=scope)
    assert dict(engine.scan(many)) == expected
    assert {i: h for i, t in enumerate(many) if (h := engine.match(t))} == expected


@settings(max_examples=200, deadline=None)
@given(pattern_lists, st.text(max_size=80))
def test_engine_equals_reference_on_any_text(pairs, text):
    patterns = parsed(pairs)
    expected = reference_match(patterns, text)
    assert Engine(patterns).match(text) == expected
    assert dict(Engine(patterns).scan(["", text])).get(1, []) == expected


# Written forms of a few keys in every disguise, for the sieve that looks at first letters.
LETTERS = (
    "tTｔ𝐭ţrRuùÙúUsSſşoOòō\u0301\u0300\u0323\u00ad\u200d\u200fﬁﬀfiìİıＩnNñeèéÈlLªº²₂3٣жЖйᄒ하ß"
)
SIGNS = "'’ʼ´`-,.!? \n_“”—…👍🏽🤗️🇮🇹"
DISGUISED = (
    "trust; trust*; non; no; (non) l'; l'uo*; perché; è; fi*; nonn*; uo* ~2 non; non ~3 sì|ſi; 3; "
    "жи*; йо; 하나*; ss*; stra*; !non è; s; can't; no* ~1 trust; fin ~1 fi*; ù ~4 l'"
)
disguises = st.lists(
    st.one_of(
        st.text(st.sampled_from(LETTERS + SIGNS), max_size=7),
        st.sampled_from(
            re.split(
                " ",
                "trust Trust's TRUSTED, l’uomo L'UOMO lʼuomo non Non, è È e' perché perche’ PERCHE\u0301 "
                "no nò n\u200don ﬁn fin ﬁne stra\u00adda stras\u00dfe can’t sì si' tru\u0323st "
                "trus\u0301t nonn\u0301o (non) 🤗non non👍🏽 “è жижа й 하나 하나 3² ²'s",
            )
        ),
    ),
    max_size=9,
).map(" ".join)


@settings(max_examples=800, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(re.split("; ", DISGUISED)), st.sampled_from("AB")),
        min_size=1,
        max_size=5,
    ),
    st.lists(disguises, min_size=1, max_size=5),
)
def test_no_disguise_of_a_word_is_lost_in_a_block(pairs, many):
    patterns = parsed(pairs)
    expected = {i: hits for i, t in enumerate(many) if (hits := reference_match(patterns, t))}
    engine = Engine(patterns)
    assert dict(engine.scan(many)) == expected


def test_no_letter_of_unicode_is_lost_among_the_bytes():
    """Each is written as the first letter of its key is, or makes its text odd."""
    every = "".join(chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000)
    letters = re.findall(LETTER, every)
    assert len(letters) > 100_000
    hay = haystack(letters)
    odd = set(hay.odd)
    wrong = [
        c
        for i, c in enumerate(letters)
        if i not in odd
        and (len(fold(c).rstrip("'")) != 1 or hay.signs[_at(hay, i)] not in _ways(c))
    ]
    assert wrong == []
    marks = re.findall(f"[{MARKS_AND_INVISIBLE}]", every)
    assert haystack(marks).odd == list(range(len(marks)))


def _at(hay, text):
    return int(np.searchsorted(hay.places, hay.starts[text]))


def _ways(letter):
    return {byte_of(letter.lower()), byte_of(fold(letter)[0])}


def test_texts_stand_apart_and_signs_between_words_are_one_space():
    hay = haystack(["A, b — c", "d’e"])
    assert hay.signs == b" a b c \0 d'e "
    assert hay.signs[_at(hay, 1)] == ord("d")
    assert SPACE == ord(" ") != ODD


def spans(patterns: list[str], text: str, **options) -> list[str]:
    engine = Engine(parsed((p, "A") for p in patterns), **options)
    return [text[h.start : h.end] for h in engine.match(text)]


def test_whole_words_only():
    assert spans(["trust", "can"], "distrust trustful can't trust") == ["trust"]


def test_an_exclusion_removes_only_the_hits_it_overlaps():
    assert spans(["sicur*", "!sicuro che"], "sono sicuro che sia sicura") == ["sicura"]


def test_an_exclusion_is_for_its_own_code():
    engine = Engine([*parsed([("sure", "A"), ("!sure that", "A"), ("sure", "B")])])
    assert engine.match("sure that") == [Hit(0, 4, 2)]


def test_nested_hits_of_one_code_by_scope_and_of_two_codes_always():
    text = "a small circle"
    assert spans(["circle", "small circle"], text) == ["small circle"]
    assert spans(["circle", "small circle"], text, scope="all") == ["small circle", "circle"]
    engine = Engine(parsed([("circle", "A"), ("small circle", "B")]))
    assert len(engine.match(text)) == 2


def test_no_match_runs_over_a_sentence_or_a_blank_line():
    text = "I trust. Nobody came. Trust\n \nnobody. Trust, nobody. Trust\nnobody"
    assert spans(["trust nobody"], text) == ["Trust, nobody", "Trust\nnobody"]


def test_a_five_megabyte_line_and_a_costly_pattern_end_soon():
    engine = Engine(parsed([(" ~30 ".join(["a"] * 19) + " ~30 zz", "A")]))
    start = time.process_time()
    assert engine.match("zz " + "a " * 2_000) == []
    assert (
        Engine(parsed([("trust*", "A")])).match("x" * 5_000_000 + " trusted")[0].start == 5_000_001
    )
    assert time.process_time() - start < 20


def test_a_long_line_full_of_hits_takes_time_in_proportion():
    """Hits, exclusions, nested hits and cues on one line: no step looks at all pairs."""
    book = {"a": {"en": ["trust", "trust her", "!sure that", "sure"]}}
    line = "I do not trust her but she is sure that trust is gone, and sure of it. "
    start = time.process_time()
    hits = tag([line.replace(".", ",") * 5_000], book, language="en")
    assert len(hits) == 3 * 5_000
    assert hits["words"].tolist()[:3] == ["trust her", "trust", "sure"]
    assert time.process_time() - start < 20


ITALIAN = lemmatiser("it")
LEMMAS = [
    "<fidarsi>",
    "<essere>",
    "<dare>",
    "<amica>",
    "<sentire> ~1 <sicura>",
    "!<dire> che",
    "<be>",
]
WRITTEN = re.split(
    " ",
    "fido Fidarmi fidandosi fidàtevi È è e' E’ era perché sarà sara' dammi dà dia dillo detto che "
    "dell'amica AMICHE sentirsi senti sicure sicuro so non 👍 fi\u00addo ﬁdo sii stata sentendomelo",
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(LEMMAS), min_size=1, max_size=4),
    st.lists(st.lists(st.sampled_from(WRITTEN), max_size=7).map(" ".join), max_size=5),
)
def test_lemmas_are_found_by_the_starts_of_their_forms(sources, many):
    patterns = parsed((source, "A") for source in sources)
    engine = Engine(patterns, lemmatise=ITALIAN)
    expected = {
        i: hits
        for i, t in enumerate(many)
        if (hits := reference_match(patterns, t, lemmatise=ITALIAN))
    }
    assert dict(engine.scan(many)) == expected


@pytest.mark.parametrize(("language", "endings"), [
    ("it", ["", "mi", "glielo", "sene", "ti", "rono", "'"]),
    ("en", ["", "s", "ized", "cies", "tions", "ments", "erves", "'s", "n't", "'re"]),
])  # fmt: skip
def test_every_word_starts_as_a_form_of_its_lemma_is_said_to(language, endings):
    """Over simplemma's whole table, and over words that it cannot have."""
    lemma = lemmatiser(language)
    every = {fold(w).rstrip("'") for own in _forms(language).values() for w in own}
    wrong = []
    for word in sorted(filter(str.isalpha, every))[::97]:
        for ending in endings:
            starts, head = lemma.starts(lemma(word + ending)), (word + ending).split("'")[0]
            if not any(
                head == s.split("'")[0] or (not whole and head.startswith(s)) for s, whole in starts
            ):
                wrong.append(word + ending)
    assert not wrong
