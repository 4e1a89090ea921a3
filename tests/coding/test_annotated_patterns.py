"""Constraints and lemmas by a pipeline's annotation, against brute force over its tokens.

The pipeline gives what is written into it by hand, so the right answer is known without a model.
"""

from itertools import product

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from quidqual.coding.patterns import PatternError, parse
from quidqual.coding.tag import tag
from quidqual.scale.component import hits_of
from quidqual.study.errors import QuidqualError

# word/lemma/part of speech/morphology/kind of name
SENTENCES = [
    "She/she/PRON/Number=Sing/- left/leave/VERB/Tense=Past/- Verona/Verona/PROPN/Number=Sing/GPE",
    "The/the/DET/_/- left/left/ADJ/Degree=Pos/- bags/bag/NOUN/Number=Plur/- remain/remain/VERB/_/-",
    "Leaves/leaf/NOUN/Number=Plur/- fall/fall/VERB/_/- when/when/SCONJ/_/- Anna/Anna/PROPN/_/PERSON"
    " leaves/leave/VERB/Number=Sing|Person=3/-",
    "Bags/bag/NOUN/Number=Plur/- left/leave/VERB/Tense=Past/- by/by/ADP/_/- Anna/Anna/PROPN/_/PERSON",
]
ROWS = {
    " ".join(w.split("/")[0] for w in s.split()): [w.split("/") for w in s.split()]
    for s in SENTENCES
}
LEMMA, POS, MORPH, ENTITY = range(1, 5)


@Language.component("by_hand", assigns=["token.lemma", "token.pos", "token.morph", "doc.ents"])
def by_hand(doc: Doc) -> Doc:
    ents = []
    for token, row in zip(doc, ROWS[doc.text], strict=True):
        token.lemma_, token.pos_ = row[LEMMA], row[POS]
        token.set_morph(row[MORPH])
        if row[ENTITY] != "-":
            ents.append(Span(doc, token.i, token.i + 1, label=row[ENTITY]))
    doc.set_ents(ents, default="outside")
    return doc


@pytest.fixture(scope="module")
def nlp():
    made = spacy.blank("en")
    made.add_pipe("by_hand")
    return made


def found(pattern, nlp):
    hits = tag(list(ROWS), {"a": {"en": [pattern]}}, language="en", nlp=nlp)
    return [(int(i), w) for i, w in zip(hits["interview"], hits["words"], strict=True)]


def brute(test):
    """Every single word for which the test holds."""
    return [(i, row[0]) for i, rows in enumerate(ROWS.values()) for row in rows if test(row)]


def test_a_lemma_is_that_of_the_pipeline_and_not_of_the_table(nlp):
    assert found("<leave>", nlp) == brute(lambda row: row[LEMMA] == "leave")
    assert found("<leave>", nlp) == [(0, "left"), (2, "leaves"), (3, "left")]
    plain = tag(list(ROWS), {"a": {"en": ["<leave>"]}}, language="en")
    assert "left" in plain[plain["interview"] == "1"]["words"].tolist()  # the adjective
    given = tag(
        list(ROWS), {"a": {"en": ["<leave>"]}}, language="en", nlp=nlp,
        lemmas={"en": {"bags": "leave"}},
    )  # fmt: skip
    assert "bags" in given["words"].tolist()  # a table that someone gives is used


@pytest.mark.parametrize("word", ["left", "leaves", "bags", "*"])
@pytest.mark.parametrize(
    ("constraint", "column", "values"),
    [
        ("lemma=leave", LEMMA, {"leave"}),
        ("lemma=leaf|bag", LEMMA, {"leaf", "bag"}),
        ("ent_type=PERSON", ENTITY, {"PERSON"}),
        ("ent_type=GPE|PERSON", ENTITY, {"GPE", "PERSON"}),
        ("morph=Number=Sing", MORPH, {"Number=Sing"}),
        ("morph=Number=Plur|Tense=Past", MORPH, {"Number=Plur", "Tense=Past"}),
        ("pos=VERB", POS, {"VERB"}),
    ],
)
def test_each_constraint_equals_brute_force(nlp, word, constraint, column, values):
    def test(row):
        return word in ("*", row[0].lower()) and not values.isdisjoint(row[column].split("|"))

    pattern = f"{word}[{constraint}]"
    if word == "*" and not constraint.startswith(("lemma", "ent_type")):
        with pytest.raises(QuidqualError, match="without any word of its own"):
            found(pattern, nlp)
    else:
        assert found(pattern, nlp) == brute(test)


def test_two_constraints_and_a_gap_equal_brute_force(nlp):
    rows = list(ROWS.values())
    expected = [
        (i, " ".join(r[0] for r in own[a : b + 1]))
        for i, own in enumerate(rows)
        for a, b in product(range(len(own)), repeat=2)
        if a < b <= a + 2 and own[a][LEMMA] == "leave" and own[a][POS] == "VERB"
        and own[b][ENTITY] == "PERSON"
    ]  # fmt: skip
    assert found("*[lemma=leave, pos=VERB] ~1 *[ent_type=PERSON]", nlp) == expected
    assert expected == [(3, "left by Anna")]
    assert found("left[pos=VERB, morph=Degree=Pos]", nlp) == []


def test_the_component_finds_the_same(nlp):
    book = {"a": {"en": ["<leave>", "bags[morph=Number=Plur]", "*[ent_type=GPE]"]}}
    made = spacy.blank("en")
    made.add_pipe("by_hand")
    made.add_pipe("quidqual_themes", config={"patterns": book})
    table = tag(list(ROWS), book, language="en", nlp=nlp)
    for number, text in enumerate(ROWS):
        own = table[table["interview"] == str(number)]
        rows = hits_of(made(text))
        assert rows[["start", "end", "words"]].values.tolist() == (
            own[["start", "end", "words"]].values.tolist()
        )


def test_what_a_pipeline_does_not_give_is_said():
    with pytest.raises(QuidqualError, match="asks for morph, which this pipeline does not give"):
        found("bags[morph=Number=Plur]", spacy.blank("en"))
    with pytest.raises(PatternError, match="names no feature with its value"):
        parse("bags[morph=Plur]")
