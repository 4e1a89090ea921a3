"""Constraints on part of speech and dependency in a pipeline that was trained, here and now.

No model can be downloaded, so a tagger, a morphologiser and a parser are trained on a handful
of sentences made for it until they know them by heart: real trained components, small ones.
"""

import warnings

import pytest
import spacy
from spacy import displacy
from spacy.training import Example

from quidqual.coding.tag import tag
from quidqual.scale.component import displacy_options, hits_of
from quidqual.study.errors import QuidqualError

# word/tag/part of speech/dependency/head
SENTENCES = [
    "He/PRP/PRON/nsubj/2 is/VBZ/AUX/ROOT/2 safe/JJ/ADJ/acomp/2",
    "The/DT/DET/det/2 safe/NN/NOUN/nsubj/3 is/VBZ/AUX/ROOT/3 old/JJ/ADJ/acomp/3",
    "They/PRP/PRON/nsubj/2 trust/VBP/VERB/ROOT/2 her/PRP/PRON/dobj/2",
    "Her/PRP$/PRON/poss/2 trust/NN/NOUN/nsubj/3 is/VBZ/AUX/ROOT/3 old/JJ/ADJ/acomp/3",
    "They/PRP/PRON/nsubj/2 saw/VBD/VERB/ROOT/2 her/PRP/PRON/dobj/2",
]
BOOK = {
    "safety": {"en": ["safe[pos=ADJ]"]},
    "trusting": {"en": ["trust[pos=VERB, tag=VBP]"]},
    "her_deed": {"en": ["trust[dep=nsubj] ~2 old", "her[dep=dobj]"]},
    "any_trust": {"en": ["trust*"]},
}
FOUND = [
    ("He is safe", [("safety", "safe")]),
    ("The safe is old", []),
    ("They trust her", [("trusting", "trust"), ("any_trust", "trust"), ("her_deed", "her")]),
    ("Her trust is old", [("any_trust", "trust"), ("her_deed", "trust is old")]),
    ("They saw her", [("her_deed", "her")]),
]


@pytest.fixture(scope="module")
def trained() -> spacy.Language:
    nlp = spacy.blank("en")
    rows = [[word.split("/") for word in sentence.split()] for sentence in SENTENCES]
    examples = [
        Example.from_dict(
            nlp.make_doc(" ".join(r[0] for r in row)),
            {
                "words": [r[0] for r in row],
                "tags": [r[1] for r in row],
                "pos": [r[2] for r in row],
                "deps": [r[3] for r in row],
                "heads": [int(r[4]) - 1 for r in row],
            },
        )
        for row in rows
    ]
    nlp.add_pipe("tagger")
    nlp.add_pipe("morphologizer")
    nlp.add_pipe("parser", config={"min_action_freq": 1})  # five sentences have no frequent ones
    spacy.util.fix_random_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        optimiser = nlp.initialize(lambda: examples)
        for _ in range(60):
            nlp.update(examples, sgd=optimiser)
    return nlp


def test_table_and_component_find_the_same_by_the_trained_annotation(trained):
    nlp = spacy.blank("en")
    for name in trained.pipe_names:
        nlp.add_pipe(name, source=trained)
    nlp.add_pipe("quidqual_themes", config={"patterns": BOOK})
    texts = [text for text, _ in FOUND]
    table = tag(texts, BOOK, language="en", nlp=trained)
    for number, (text, expected) in enumerate(FOUND):
        own = table[table["interview"] == str(number)]
        assert sorted(zip(own["code"].astype(str), own["words"], strict=True)) == sorted(expected)
        rows = hits_of(nlp(text))
        columns = ["start", "end", "words", "code", "pattern", "negated"]
        assert rows[columns].values.tolist() == own[columns].values.tolist()


def test_a_trained_pipeline_with_the_component_survives_the_disk(trained, tmp_path):
    nlp = spacy.blank("en")
    for name in trained.pipe_names:
        nlp.add_pipe(name, source=trained)
    nlp.add_pipe("quidqual_themes", config={"patterns": BOOK})
    nlp.to_disk(tmp_path / "nlp")
    again = spacy.load(tmp_path / "nlp")
    for text, expected in FOUND:
        doc = again(text)
        rows = hits_of(doc)
        assert sorted(zip(rows["code"], rows["words"], strict=True)) == sorted(expected)
        if expected:
            page = displacy.render(doc, style="span", options=displacy_options(BOOK), jupyter=False)
            assert all(code in page for code, _ in expected)


def test_the_component_before_the_parser_is_refused(trained):
    nlp = spacy.blank("en")
    nlp.add_pipe("quidqual_themes", config={"patterns": BOOK})
    for name in trained.pipe_names:
        nlp.add_pipe(name, source=trained)
    with pytest.raises(QuidqualError, match="asks for pos, which this pipeline does not give"):
        nlp("He is safe")
