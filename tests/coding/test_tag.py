"""`tag`: rows, languages, flags, and every bad input."""

import numpy as np
import pandas as pd
import pytest

from quidqual.coding.tag import tag
from quidqual.pattern_review.expand import expand
from quidqual.study.errors import QuidqualError

BOOK = {"trust": {"en": ["trust*"], "it": ["fiduci*", "<fidarsi>"]}}


def test_a_study_gives_one_row_a_match_with_its_place(study):
    hits = tag(study)
    assert hits.columns.tolist() == [
        "interview", "segment", "start", "end", "words", "code", "theme", "pattern", "language", "negated", "hypothetical", "past_only", "other_person",
        "cue_kind", "cue", "cues", "scope_start", "scope_end", "participant", "group", "round", "speech", "speaker", "corpus",
    ]  # fmt: skip
    texts = study.notes.set_index("interview")["text"]
    assert [
        texts[i][a:b] for i, a, b in hits[["interview", "start", "end"]].itertuples(index=False)
    ] == hits["words"].tolist()
    assert list(zip(hits["interview"], hits["words"], hits["code"], strict=True)) == [
        ("A-R1", "trust", "trust"),
        ("A-R1", "trust", "trust"),
        ("A-R2", "trusts her trainer", "trust"),
        ("A-R2", "friends", "friends"),
        ("B-R1", "fida", "trust"),
        ("B-R1", "amica", "friends"),
        ("B-R2", "fida", "trust"),
        ("B-R2", "amica", "friends"),
        ("B-R2", "sicura", "safety"),
        ("C-R1", "friends", "friends"),
        ("C-R1", "trusts the trainer", "trust"),
    ]
    assert hits["corpus"].unique().tolist() == ["synthetic"]
    assert hits["theme"].iloc[0] == "ties"
    assert isinstance(hits.index, pd.RangeIndex)


def test_speech_is_told_of_the_hit_itself(study):
    hits = tag(study, codes=["trust"]).query("interview == 'A-R1'")
    assert hits["speech"].tolist() == ["paraphrase", "verbatim"]


def test_negation_is_flagged_with_cue_and_scope_and_nothing_removed(study):
    hits = tag(study).set_index(["interview", "start"])
    text = study.text("A-R1")
    row = hits.loc[("A-R1", text.index("trust"))]
    assert (row["negated"], row["cue"], row["cue_kind"]) == (True, "not", "negation")
    assert text[row["scope_start"] : row["scope_end"]] == "trust people"
    assert hits.loc["B-R1"]["cue"].tolist() == ["Non", ""]
    assert hits.loc["C-R1"]["negated"].tolist() == [True, False]
    assert pd.isna(hits.loc["B-R2"]["scope_start"]).all()


@pytest.mark.parametrize(
    ("text", "language", "word", "kind"),
    [
        ("Non mi sento sicura.", "it", "sicura", "negation"),
        ("Ho smesso di aver paura.", "it", "paura", "negation"),
        ("È tutt'altro che sicura.", "it", "sicura", "negation"),
        ("She is no longer afraid.", "en", "afraid", "negation"),
        ("Her fear is gone.", "en", "fear", "negation"),
        ("Perhaps she is afraid.", "en", "afraid", "hypothetical"),
        ("Forse ha paura.", "it", "paura", "hypothetical"),
        ("Not only afraid, she was angry.", "en", "afraid", ""),
        ("Non solo ha paura.", "it", "paura", ""),
        ("She did not come but was afraid.", "en", "afraid", ""),
        ("She did not come. Afraid she was.", "en", "afraid", ""),
        ("She trusts nobody.", "en", "trusts nobody", ""),
    ],
)
def test_cues(text, language, word, kind):
    hits = tag([text], {"x": {language: [word]}}, language=language)
    assert hits["cue_kind"].tolist() == [kind]


def test_texts_in_every_shape_give_the_same_words():
    text = "I trust her. Ho fiducia."
    for source in (text, {"n": text}, [text], pd.Series([text]), pd.DataFrame({"words": [text]})):
        assert tag(source, {"t": ["trust*", "fiducia"]}, language="en")["words"].tolist() == [
            "trust",
            "fiducia",
        ]
        assert tag(source, {"trust": {"en": ["trust*"]}}, language="en")["start"].tolist() == [2]


def test_lemmas_of_mixed_texts_need_a_language():
    with pytest.raises(QuidqualError, match="lemma"):
        tag(["Ho fiducia"], BOOK, language="all")
    assert tag(["Mi fido di lei, fidarmi è bello"], BOOK, language="it")["words"].tolist() == [
        "fido",
        "fidarmi",
    ]


def test_patterns_without_language_hold_in_all(study):
    hits = tag(study, {"who": ["nobody", "nessuno"]})
    assert hits["words"].tolist() == ["nobody", "nessuno", "Nobody"]
    assert hits["language"].tolist() == ["en", "it", "en"]


def test_one_language_of_a_study_and_all_patterns_on_every_text(study):
    assert set(tag(study, language="it")["interview"]) == {"B-R1", "B-R2"}
    assert len(tag(study, language="all")) >= len(tag(study))


def test_an_edited_expansion_is_obeyed(study):
    table = expand(study)
    assert set(table.loc[table["word"] == "fid*", "form"]) == {"fida"}
    assert table.loc[table["word"] == "safe*", "form"].tolist() == [""]
    table.loc[table["form"] == "friends", "kept"] = False
    assert "friends" not in tag(study, expansion=table)["words"].tolist()
    assert "amica" in tag(study, expansion=table)["words"].tolist()


def test_the_lemma_table_can_be_mended():
    assert tag(["Lei si confida"], BOOK, language="it").empty
    mended = tag(["Lei si confida"], BOOK, language="it", lemmas={"it": {"confida": "fidarsi"}})
    assert mended["words"].tolist() == ["confida"]


@pytest.mark.parametrize("texts", [[], [""], ["", "  \n "], "", {}, pd.DataFrame({"words": []})])
def test_no_text_gives_no_rows_and_all_columns(texts):
    hits = tag(texts, BOOK, language="it")
    assert hits.empty
    assert {"words", "code", "negated"} <= set(hits.columns)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: tag(["x"], {"a": {"en": ["(x", "a*"]}}, language="en"),
            "(?s)a.patterns.en.*not closed.*large part",
        ),
        (lambda: tag(["x"], {"a": {"en": ["x", "!X"]}}, language="en"), "removes every hit"),
        (lambda: tag(["x"], {"a": {"en": [False]}}, language="en"), "'False': it must be a text"),
        (lambda: tag(["x"], {"a": {"en": [None]}}, language="en"), "'None': it must be a text"),
        (lambda: tag(["x"], {"a": {"en": ["x[pos=VRB]"]}}, language="en"), "part of speech 'VRB'"),
        (lambda: tag(["x"], BOOK, language=3), "the language is int"),
        (lambda: tag(["x"], BOOK, codes=[], language="en"), "the codes chosen, have none"),
        (lambda: tag(["x"], BOOK), "no stated language"),
        (lambda: tag(["x"], BOOK, language="de"), "no patterns in the language 'de'"),
        (lambda: tag(["x"], {"a": {}}, language="en"), "no patterns"),
        (lambda: tag(["x"], BOOK, codes=["trusst"], language="en"), "Did you mean 'trust'"),
        (lambda: tag(["x"], BOOK, scope="most", language="en"), "'longest' or 'all', not 'most'"),
        (lambda: tag(["x", None, 3], BOOK, language="en"), "(?s)row 1.*missing.*row 2.*no text"),
        (lambda: tag(np.nan, BOOK, language="en"), "cannot read texts"),
        (lambda: tag(["x"], 3, language="en"), "cannot read a codebook"),
        (lambda: tag(["x"]), "no codebook"),
        (lambda: tag(pd.DataFrame({"a": [1]}), BOOK, language="en"), "no column with text"),
        (
            lambda: tag(["x"], {"a": {"en": ["x[pos=ADJ]"]}}, language="en"),
            "trained spaCy pipeline",
        ),
    ],
)
def test_bad_input_is_told_in_the_users_words(call, message):
    with pytest.raises(QuidqualError, match=message):
        call()


def test_a_glob_that_takes_in_half_the_vocabulary_is_refused():
    texts = [f"un{i}{'abcdefgh'[i % 8]}x other{i}" for i in range(60)]
    with pytest.raises(QuidqualError, match=r"'un\*' takes in 50%"):
        tag(texts, {"a": {"en": ["un*"]}}, language="en")


def test_texts_in_a_language_without_patterns_are_not_passed_over_in_silence(study):
    with pytest.raises(QuidqualError, match="'it', for which the codebook has no patterns"):
        tag(study, {"trust": {"en": ["trust"]}})


def test_the_same_input_gives_the_same_rows(study):
    pd.testing.assert_frame_equal(tag(study), tag(study))
