"""The spaCy component gives the spans of the table."""

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy import displacy
from spacy.tokens import DocBin

from quidqual.coding.tag import tag
from quidqual.scale.component import displacy_options, hits_of, patterns_of
from quidqual.study.errors import QuidqualError

WORDS = [
    "trust",
    "non",
    "fido",
    "l'amica",
    "perche'",
    "can't",
    "self-blame",
    "end.",
    "🙂",
    "\n",
    "sicuro",
    "che",
    "not",
]
BOOK = {
    "trust": {"en": ["trust*", "<fidarsi>"], "it": ["<fidarsi>", "trust"]},
    "friend": {"en": ["amica", "blame"], "it": ["amic*"]},
    "safe": {"en": ["sicur*", "!sicuro che", "can't"], "it": ["sicur* ~2 che"]},
}
NESTED = BOOK | {"both": {"en": ["trust", "self"], "it": ["fido", "amica|self"]}}
COLUMNS = ["start", "end", "words", "code", "pattern", "negated", "cue_kind", "cue"]


def pipeline(language: str, patterns=BOOK, **config):
    nlp = spacy.blank(language)
    nlp.add_pipe("quidqual_themes", config={"patterns": patterns, **config})
    return nlp


PIPELINES = {language: pipeline(language, NESTED) for language in ("en", "it")}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join), st.sampled_from(["en", "it"]))
def test_component_and_table_give_the_same_spans(text, language):
    table = tag([text], NESTED, language=language)[COLUMNS]
    doc = PIPELINES[language](text)
    rows = hits_of(doc)
    assert rows.to_dict("records") == table.astype(
        rows.dtypes.to_dict() if len(rows) else object
    ).to_dict("records")
    for span in doc.spans["themes"]:
        assert doc.text[span._.start_offset : span._.end_offset] in span.text


def test_a_study_in_a_pipeline_gives_the_rows_of_tag(study):
    for language in ("en", "it"):
        nlp = pipeline(language, patterns_of(study))
        for note in study.notes[study.notes["language"] == language].itertuples():
            expected = tag(study).query("interview == @note.interview")
            rows = hits_of(nlp(note.text))
            assert rows["start"].tolist() == expected["start"].tolist()
            assert rows["words"].tolist() == expected["words"].tolist()


def test_attributes_of_document_and_token():
    doc = pipeline("en")("I do not trust the amica")
    assert doc._.themes == ["trust", "friend"]
    assert doc[3]._.themes == ["trust"]
    assert doc.spans["themes"][0]._.cue == "not"
    assert doc.spans["themes"][0].id_ == "trust*"


def test_two_codes_on_the_same_words_keep_their_own_attributes():
    book = {"trust": {"en": ["trust*", "trust|trusts"]}, "verb": {"en": ["trust"]}}
    doc = pipeline("en", book, scope="all")("I never trust/trust them")
    spans = [(s._.code, s._.pattern, s._.cue, s.label_) for s in doc.spans["themes"]]
    assert set(spans) == {
        ("trust", "trust*", "never", "trust"), ("trust", "trust|trusts", "never", "trust"),
        ("verb", "trust", "never", "verb"),
    }  # fmt: skip
    table = tag(["I never trust/trust them"], book, language="en", scope="all")[COLUMNS]
    assert hits_of(doc).values.tolist() == table.astype(object).values.tolist()
    assert doc[0:1]._.code is None


def test_it_serialises_to_disk_and_bytes(tmp_path):
    nlp = pipeline("it", spans_key="codes", scope="all")
    nlp.to_disk(tmp_path / "nlp")
    text = "Mi fido dell'amica"
    again = spacy.load(tmp_path / "nlp")
    assert hits_of(again(text), spans_key="codes").equals(hits_of(nlp(text), spans_key="codes"))
    third = spacy.blank("it")
    third.add_pipe("quidqual_themes")
    third.from_bytes(nlp.to_bytes())
    assert len(hits_of(third(text), spans_key="codes")) == 2
    docs = DocBin(store_user_data=True, docs=[nlp(text)]).to_bytes()
    kept = next(DocBin().from_bytes(docs).get_docs(nlp.vocab))
    assert [s.label_ for s in kept.spans["codes"]] == ["trust", "friend"]


def test_displacy_draws_it_in_the_codebooks_colours():
    doc = PIPELINES["en"]("trust me")
    page = displacy.render(doc, style="span", options=displacy_options(BOOK), jupyter=False)
    assert "trust" in page


def with_pos() -> spacy.Language:
    """Stand in for a trained pipeline: rules that set part of speech."""
    nlp = spacy.blank("it")
    ruler = nlp.add_pipe("attribute_ruler")
    ruler.add([[{"LOWER": "è"}, {"LOWER": "solo"}]], {"POS": "ADJ"}, index=1)
    ruler.add([[{"LOWER": "è"}]], {"POS": "AUX"})
    ruler.add([[{"LOWER": {"NOT_IN": ["è", "solo"]}}, {"LOWER": "solo"}]], {"POS": "ADV"}, index=1)
    return nlp


def test_constraints_come_alive_in_a_pipeline_that_annotates():
    book = {"alone": {"it": ["solo[pos=ADJ]"]}}
    nlp = with_pos()
    nlp.add_pipe("quidqual_themes", config={"patterns": book})
    assert hits_of(nlp("Lui è solo e vuole solo pane"))["start"].tolist() == [6]
    table = tag(["Lui è solo e vuole solo pane"], book, language="it", nlp=with_pos())
    assert table["start"].tolist() == [6]


def test_a_constraint_in_a_blank_pipeline_is_refused():
    with pytest.raises(QuidqualError, match="asks for pos"):
        pipeline("it", {"alone": {"it": ["solo[pos=ADJ]"]}})("solo")
    with pytest.raises(QuidqualError, match="not closed"):
        pipeline("it", {"a": {"it": ["(x"]}})
