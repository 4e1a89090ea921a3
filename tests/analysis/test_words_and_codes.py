"""Words that tell groups apart, words and codes that come together, codes by attribute."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import quidqual as qq
from quidqual.analysis.cooccurrence import cooccurrence
from quidqual.analysis.presence import presence
from quidqual.more_analyses.crosstab import crosstab
from quidqual.study.errors import QuidqualError
from quidqual.word_use.keyness import collocations, keyness

TWO = {"a": "work work work home", "b": "home home rest work"}


def test_keyness_by_hand():
    table = keyness(TWO, least=1).set_index("word")
    work = table.loc["work"]
    assert work[["k_target", "n_target", "k_reference", "n_reference"]].tolist() == [3, 4, 1, 4]
    # expected 2 and 2: 2 (3 ln 3/2 + 1 ln 1/2)
    assert work["g2"] == pytest.approx(2 * (3 * math.log(1.5) + math.log(0.5)))
    assert table.loc["rest", "g2"] == pytest.approx(-2 * math.log(2))
    assert work["per_1000_target"] == 750
    # prior 500 spread as 4, 3 and 1 of 8
    alpha = 250
    odds = math.log((3 + alpha) / (4 + 500 - 3 - alpha)) - math.log(
        (1 + alpha) / (4 + 500 - 1 - alpha)
    )
    assert work["log_odds"] == pytest.approx(odds)
    assert work["z"] == pytest.approx(odds / math.sqrt(1 / 253 + 1 / 251))


def test_keyness_is_the_other_way_round_for_the_other_side():
    one = keyness(TWO, target="a", least=1).set_index("word")["g2"]
    two = keyness(TWO, target="b", least=1).set_index("word")["g2"]
    pd.testing.assert_series_equal(one.sort_index(), -two.sort_index())


def test_keyness_of_a_study_keeps_languages_apart_and_shows_dispersion(study_of):
    texts = {
        "S1-R1": "trust trust trust home", "S1-R2": "home home home home",
        "S2-R1": "casa casa", "T1-R1": "home trust work work",
    }  # fmt: skip
    study = study_of(texts=texts, rounds=("R1", "R2"))
    study.notes = study.notes[study.notes["interview"].isin(texts)].reset_index(drop=True)
    study.notes.loc[study.notes["interview"] == "S2-R1", "language"] = "it"
    table = keyness(study, target="survivor", reference="staff", least=1)
    assert set(table["language"]) == {"en"}  # staff have no Italian note to compare with
    trust = table.set_index("word").loc["trust"]
    assert trust[["k_target", "k_reference", "notes", "participants"]].tolist() == [3, 1, 1, 1]
    # all three in the first of two notes of equal length: DP = (|1 - .5| + |0 - .5|) / 2
    assert trust["dispersion"] == pytest.approx(0.5)


def test_keyness_of_verbatim_words_and_of_coded_words():
    study = qq.load_example("small")
    wish = {"by": "interview", "target": "P1-R2", "least": 1, "stop_words": ()}
    assert set(keyness(study, **wish, speech="all")["word"]) >= {"trust", "goes"}
    spoken = keyness(study, **wish, speech="all", codes="trust")
    assert set(spoken["word"]) == {"i", "trust", "one", "of", "them", "build"}
    with pytest.raises(QuidqualError):
        keyness(study, speech="verbatim")


def told_twice():
    """Two people; each says a few words, and the researcher tells more."""
    texts = {
        "S1-R1": "She said that she trusts us. “I don't trust the others; we trust her.”",
        "T1-R1": "He said that it is late. “The work is the work, isn't it? She's the work.”",
    }
    participants = [{"participant": p, "group": g} for p, g in (("S1", "s"), ("T1", "t"))]
    return qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=[{"round": "R1"}], languages=["en"],
        participants=participants, notes=texts, codebook=[{"id": "c"}],
        interviews=[
            {"interview": f"{p}-R1", "participant": p, "round": "R1", "language": "en"}
            for p in ("S1", "T1")
        ],
    )  # fmt: skip


def test_what_was_said_is_compared_where_notes_mark_it_and_function_words_are_left_out():
    table = keyness(told_twice(), target="s", least=1)
    assert set(table["word"]) == {"trust", "work"}  # not: said, that, don't, isn't, 's
    assert set(table["speech"]) == {"verbatim"}
    assert set(table["stop_words"]) == {"spaCy's list for en, 326 words, and 2 more"}
    trust = table.set_index("word").loc["trust"]
    assert trust[["k_target", "n_target", "k_reference", "n_reference"]].tolist() == [2, 8, 0, 11]
    retold = keyness(told_twice(), target="s", least=1, speech="all", stop_words=())
    assert "said" in set(retold["word"])


def test_the_list_of_function_words_can_be_ones_own():
    study = told_twice()
    everything = keyness(study, target="s", least=1, stop_words=())
    assert {"the", "don't", "trust", "work"} <= set(everything["word"])
    assert set(everything["stop_words"]) == {"none"}
    for own in (["Work"], {"en": ["Work"], "it": ["lavoro"]}):
        table = keyness(study, target="s", least=1, stop_words=own)
        assert set(everything["word"]) - set(table["word"]) == {"work"}
        assert set(table["stop_words"]) == {"a list given, 1 word"}
    pairs = qq.word_use.collocations(study, "trust", least=1)
    assert pairs.empty  # nothing but function words stands near it
    assert "the" in set(qq.word_use.collocations(study, "trust", least=1, stop_words=())["b"])
    assert "trust" in set(qq.word_use.collocations(study, "the", least=1)["b"])


def test_notes_without_marks_are_compared_whole_and_say_so():
    table = keyness(TWO, least=1)
    assert set(table["speech"]) == {"all"}
    assert set(table["stop_words"]) == {"none"}  # of a text without a language no list is known


def test_the_chart_says_whose_words_it_shows():
    figure = qq.plot.keyness(keyness(told_twice(), target="s", least=1))
    (chart,) = qq.plot.drawn(figure)
    said = "The participants’ own words; function words left out: spaCy's list for en"
    assert said in chart.alt
    shown = " ".join(text.get_text() for text in figure.axes[0].texts)
    assert said in " ".join(shown.split())


@pytest.mark.parametrize(
    "arguments",
    [
        {"by": "age"},
        {"target": "z"},
        {"reference": "z"},
        {"least": 0},
        {"language": "xx"},
        {"speech": "sung"},
    ],
)
def test_keyness_refuses(arguments):
    with pytest.raises(QuidqualError):
        keyness(qq.load_example("small"), **{"target": "staff", **arguments})


def test_collocations_by_hand():
    text = "New skills help. She learns new skills. Old habits stay. He has new skills."
    row = collocations({"note": text}, "new", window=1, least=2).iloc[0]
    # neighbours within sentences: 2 + 3 + 2 + 3 pairs; new in 5 of them, skills in 4
    assert row[["a", "b", "together", "n_a", "n_b", "n"]].tolist() == ["new", "skills", 3, 5, 4, 10]
    assert row["npmi"] == pytest.approx(math.log(3 * 10 / 20) / -math.log(0.3))
    cells = [(3, 2.0), (2, 3.0), (1, 2.0), (4, 3.0)]
    assert row["g2"] == pytest.approx(2 * sum(k * math.log(k / e) for k, e in cells))
    with pytest.raises(QuidqualError):
        collocations({"note": text}, "nowhere")
    assert collocations({"note": "One."}, least=1).empty


SPANS = [
    ("A", "S1-R1", "trust", 0, 10),
    ("A", "S1-R1", "friends", 5, 15),
    ("A", "S1-R1", "friends", 8, 12),
    ("A", "S1-R2", "trust", 0, 4),
    ("A", "S1-R2", "friends", 30, 40),
    ("A", "S2-R1", "trust", 0, 4),
]


def test_codes_that_overlap(study_of):
    row = cooccurrence(study_of(codings=SPANS)).iloc[0]
    assert row[["a", "b", "together", "n_a", "n_b", "n", "participants"]].tolist() == [
        "trust", "friends", 2, 3, 3, 6, 1,
    ]  # fmt: skip
    assert row["c"] == pytest.approx(2 / (3 + 3 - 2))
    # one passage of trust meets two of friends: one meeting
    assert row["jaccard"] == pytest.approx(1 / 5)
    assert row["lift"] == pytest.approx(1 * 6 / 9)


def test_codes_in_one_interview(study_of):
    table = cooccurrence(study_of(codings=SPANS, not_held={"T1-R3": "missed"}), within="interview")
    row = table.iloc[0]
    assert row[["together", "n_a", "n_b", "n"]].tolist() == [2, 3, 2, 8]
    assert row["jaccard"] == row["c"] == pytest.approx(2 / 3)
    assert row["npmi"] == pytest.approx(math.log(2 * 8 / 6) / -math.log(2 / 8))
    assert not row["unequal"]


def test_codes_within_n_words_and_in_order(study_of):
    text = "one two three four five six seven eight nine ten"
    codings = [("A", "S1-R1", "trust", 0, 3), ("A", "S1-R1", "friends", 14, 18)]  # one .. four
    study = study_of(codings=codings, texts={"S1-R1": text})
    assert len(cooccurrence(study, within="words", words=2)) == 1
    assert cooccurrence(study, within="words", words=1).empty
    ordered = cooccurrence(study, within="words", words=2, ordered=True)
    assert ordered[["a", "b"]].to_numpy().tolist() == [["trust", "friends"]]
    turned = [("A", "S1-R1", "friends", 0, 3), ("A", "S1-R1", "trust", 14, 18)]
    ordered = cooccurrence(
        study_of(codings=turned, texts={"S1-R1": text}), within="words", words=2, ordered=True
    )
    assert ordered[["a", "b"]].to_numpy().tolist() == [["friends", "trust"]]


def test_codes_in_one_segment():
    study = qq.load_example("small")
    assert cooccurrence(study, within="segment").empty
    assert len(cooccurrence(study, within="interview")) == 1


def test_unequal_frequencies_are_flagged(study_of):
    codings = [("A", f"{p}-R{r}", "trust", 0, 5) for p in ("S1", "S2") for r in (1, 2, 3)]
    study = study_of(codings=[*codings, ("A", "S1-R1", "friends", 0, 5)])
    assert cooccurrence(study)["unequal"].tolist() == [True]


def test_the_same_passage_twice_changes_nothing(study_of):
    twice = [*SPANS, ("B", "S1-R1", "trust", 0, 10), *SPANS[:2]]
    pd.testing.assert_frame_equal(
        cooccurrence(study_of(codings=twice)), cooccurrence(study_of(codings=SPANS))
    )


@pytest.mark.parametrize(
    "arguments", [{"within": "page"}, {"ordered": True, "within": "interview"}, {"codes": "x"}]
)
def test_cooccurrence_refuses(study_of, arguments):
    with pytest.raises(QuidqualError):
        cooccurrence(study_of(codings=SPANS), **arguments)


def test_crosstab_by_any_attribute(study_of):
    study = study_of(codings=SPANS)
    table = crosstab(presence(study), "role", study=study)
    row = table[(table["code"] == "trust") & (table["role"] == "survivor")].iloc[0]
    assert (row["label"], row["fewest"]) == ("2 of 2", 1)
    assert row["guard"] == "n below 10: name the participants"
    ages = pd.Series({"S1": "young", "S2": "old"}, name="age")
    wide = crosstab(presence(study), ages, wide=True)
    assert wide.loc["friends"].to_dict() == {
        "old": "0 of 1",
        "unknown": "0 of 1",
        "young": "1 of 1",
    }
    with pytest.raises(QuidqualError, match="shoe"):
        crosstab(presence(study), "shoe")


def test_crosstab_is_quiet_where_n_is_enough(study_of):
    people = [(f"S{i}", "survivor", "survivor") for i in range(12)]
    table = crosstab(presence(study_of(people=people)), "group")
    assert table.loc[table["code"] == "trust", "guard"].tolist() == [""]


def test_words_that_avoid_each_other_do_not_come_first():
    text = "one two. " * 6 + "one three. " * 6 + "two three. " * 2 + "one one. " * 3
    table = collocations({"note": text}, window=1, least=1).set_index(["a", "b"])
    avoid = table.loc[("three", "two")]
    assert avoid["npmi"] < 0
    assert avoid["g2"] < 0
    assert table["g2"].is_monotonic_decreasing


def test_crosstab_by_a_property_of_interviews_that_were_not_held_has_no_empty_column(study_of):
    study = study_of(codings=SPANS, not_held={"S1-R3": "missed"})
    mode = ["" if status == "missed" else "video" for status in study.interviews["status"]]
    study.interviews = study.interviews.assign(mode=mode)
    assert list(crosstab(presence(study), "mode", study=study, wide=True).columns) == ["video"]


@pytest.mark.parametrize("within", ["overlap", "segment", "interview", "words"])
def test_no_pair_at_all_has_columns_of_the_same_types(within):
    small = qq.load_example("small")
    none = cooccurrence(small, codes=["trust"], within=within)
    some = cooccurrence(small, within="interview")
    assert none.empty
    assert none.dtypes.to_dict() == some.dtypes.to_dict()
