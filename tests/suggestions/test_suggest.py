"""Suggestions on a study where the words of each code are known."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import quidqual as qq
from quidqual.study.errors import QuidqualError
from quidqual.study.model import open_study
from quidqual.suggestions import classifier, one_fit
from quidqual.suggestions.classifier import (
    best_threshold,
    calibrated,
    default_pipeline,
    logit,
    platt,
)
from quidqual.suggestions.decisions import decide, decisions
from quidqual.suggestions.sampling import next_to_code
from quidqual.suggestions.suggest import suggest
from quidqual.suggestions.surroundings import around, beside, lines_of, marks, own_words
from quidqual.suggestions.topics import topics
from quidqual.suggestions.training import near_duplicates, training_of
from quidqual.suggestions.validation import Scorer, folds_of, held_out


def test_codes_of_fewer_than_three_participants_are_refused_by_name(made):
    assert made.refused[["code", "n_participants"]].values.tolist() == [["rare", 1]]
    assert made.scores["code"].tolist() == ["trust", "money"]
    assert "| rare |" in made.card


def test_scores_are_held_out_and_stand_beside_the_baselines(made):
    row = made.scores.set_index("code").loc["trust"]
    assert row["f1"] > 0.9
    assert row["f1_everything"] == pytest.approx(2 * row["base_rate"] / (1 + row["base_rate"]))
    assert row["f1_nothing"] == 0
    assert row["mean_probability"] == pytest.approx(row["base_rate"], abs=0.06)
    assert row["f1_low"] <= row["f1"] <= row["f1_high"]


def test_no_participant_stands_on_both_sides_of_a_fold(toy):
    people = training_of(toy).participants
    fold = folds_of(people)
    assert all(len(set(fold[people == p])) == 1 for p in set(people))
    assert len(set(fold)) == 4


def test_a_held_out_score_does_not_know_the_participants_own_words(build_toy):
    study = build_toy(5)
    training = training_of(study)
    held = held_out(training, Scorer(training, default_pipeline()))
    voice = np.array([["ownp1" in t.lower()] for t in training.texts])
    leaked = type(training)(training.segments, voice, ("voice",), training.refused, training.coders)
    assert held.raw.shape == (len(training.texts), 2)
    scorer = Scorer(leaked, default_pipeline(), counted=True)
    assert held_out(leaked, scorer).raw[voice[:, 0], 0].max() < 0.5


@pytest.mark.parametrize("large", [False, True])
def test_words_counted_once_give_the_scores_of_words_counted_for_each_fold(
    build_toy, large, monkeypatch
):
    monkeypatch.setattr(classifier, "LARGE", 0 if large else 4_000)
    monkeypatch.setattr(one_fit, "ENOUGH", 1e-4)
    training = training_of(build_toy(5))
    lines = replace(training, segments=training.segments.assign(words=training.lines))
    pipeline = default_pipeline(large=large).set_params(classifier__tol=1e-4)
    each = Scorer(lines, pipeline)
    once = Scorer(training, pipeline, counted=True)
    np.testing.assert_allclose(held_out(training, once).raw, held_out(lines, each).raw, atol=5e-4)
    told = [scorer.model([1, 0]).scores(training.lines) for scorer in (once, each)]
    np.testing.assert_allclose(*told, atol=5e-4)


def test_notes_in_which_no_word_comes_twice_are_learnt_from_by_what_else_is_known():
    """As words between spaces do not in Chinese notes: here a code has its pattern alone."""
    notes, codings = {}, []
    for i in range(4):
        said = [
            f"{chr(0x4E00 + 40 * i + 2 * j)}{chr(0x5E00 + 40 * i + 2 * j)}。" for j in range(12)
        ]
        notes[f"P{i}"] = "\n\n".join(said)
        codings += [{"interview": f"P{i}", "exact": words, "code": "money"} for words in said[::3]]
    study = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R"], notes=notes, codings=codings,
        participants=[{"participant": p, "group": "g"} for p in notes],
        interviews=[{"interview": p, "participant": p, "round": "R", "language": "zh"} for p in notes],
        codebook=[{"id": "money"}],
    )  # fmt: skip
    assert suggest(study).scores["code"].tolist() == ["money"]


def with_surroundings():
    """Three talks of two speakers; the codebook knows a word of each code but one."""
    turns = [("Interviewer", "How was it there?"), ("{p}", "It was cold and I left."),
             ("Interviewer", "Why so?"), ("{p}", "My wages were late.")]  # fmt: skip
    people = ["P1", "P2", "P3"]
    text = {p: "\n\n".join(f"{who.format(p=p)}: {said}" for who, said in turns) for p in people}
    return qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R"], notes=text,
        participants=[{"participant": p, "group": "g"} for p in people],
        interviews=[{"interview": p, "participant": p, "round": "R", "language": "en"} for p in people],
        codebook=[{"id": "cold", "patterns": {"en": ["cold"]}},
                  {"id": "money", "patterns": {"en": ["wage*"]}}, {"id": "leaving"}],
        codings=[{"interview": p, "exact": "I left", "code": "leaving"} for p in people],
        settings={"speech": {"turns": True}},
    )  # fmt: skip


def test_the_model_is_told_of_the_sentences_around_the_speaker_and_the_patterns():
    study = with_surroundings()
    line = lines_of(study, study.segments)[1]
    assert own_words(line) == "it was cold and i left."
    assert around(line)[:3] == ["alone", "<how", "<was"]
    assert ">why" in around(line)
    assert ">why so" in around(line)
    assert beside(line)[-2:] == [">why", ">so"]
    assert marks(line) == ["alone", "code cold", "participant"]
    assert marks(lines_of(study, study.segments)[0]) == ["alone", "speaker Interviewer"]
    first = lines_of(study, study.segments[study.segments["interview"] == "P2"])[0]
    assert not [
        token for token in around(first) if token.startswith("<")
    ]  # another note ends before


def test_patterns_that_cannot_be_used_are_told_and_left_out():
    study = with_surroundings()
    raw = study.raw
    raw.codebook = qq.Codebook([{"id": "leaving", "patterns": {"en": ["a*"]}}])
    with pytest.warns(UserWarning, match="learns without the codebook's patterns"):
        line = lines_of(qq.Study(raw), study.segments)[1]
    assert marks(line) == ["alone", "participant"]


def test_no_mark_hangs_on_a_coding():
    study = with_surroundings()
    raw = study.raw
    raw.codings, raw.coding_places = raw.codings.iloc[:0], []
    raw.settings["uncoded"] = "absent"
    assert lines_of(qq.Study(raw), study.segments) == lines_of(study, study.segments)


def test_a_pattern_of_the_codebook_finds_what_no_word_of_the_training_tells(build_toy):
    """A code that is said with another word by each person, and its pattern knows them all."""
    own, draw = ["alder", "birch", "cedar", "elder", "hazel"], np.random.default_rng(3)
    notes, codings = {}, []
    for i, word in enumerate(own):
        notes[f"P{i}"], coded = "", set(draw.choice(24, 6, replace=False))
        for j in range(24):
            other = "".join(draw.choice(list("bcdfgklmnprst"), 5))
            said, start = f"The {word if j in coded else other} stood there.", len(notes[f"P{i}"])
            if j in coded:
                codings.append({"interview": f"P{i}", "start": start, "end": start + len(said),
                                "code": "tree"})  # fmt: skip
            notes[f"P{i}"] += said + " "

    def study(patterns):
        return qq.Study.from_tables(
            title="t", corpus="synthetic", rounds=["R"], notes=notes, codings=codings,
            participants=[{"participant": p, "group": "g", "language": "en"} for p in notes],
            interviews=[{"interview": p, "participant": p, "round": "R", "language": "en"} for p in notes],
            codebook=[{"id": "tree", "patterns": {"en": patterns}}],
        )  # fmt: skip

    knowing, not_knowing = (suggest(study(p)) for p in (own, ["oak"]))
    assert knowing.scores["average_precision"][0] == pytest.approx(1)
    assert not_knowing.scores["average_precision"][0] < 0.7


def random_words(n_people: int, seed: int):
    """A code at random: nothing tells where it is."""
    from quidqual.study.model import Study

    rng = np.random.default_rng(seed)
    people = [f"P{i}" for i in range(n_people)]
    words = [f"word{chr(97 + i)}{chr(97 + j)}" for i in range(6) for j in range(6)]
    notes, codings = {}, []
    for person in people:
        at, note = 0, ""
        for _ in range(30):
            sentence = " ".join(rng.choice(words, 6)).capitalize() + ". "
            if rng.uniform() < 0.1:
                codings.append({"coder": "H", "interview": f"{person}-R1", "start": at,
                                "end": at + len(sentence) - 1, "code": "noise"})  # fmt: skip
            note, at = note + sentence, at + len(sentence)
        notes[f"{person}-R1"] = note.strip()
    return Study.from_tables(
        title="N", corpus="synthetic", rounds=[{"round": "R1"}],
        participants=[{"participant": p, "group": "g"} for p in people],
        interviews=[{"interview": f"{p}-R1", "participant": p, "round": "R1", "language": "en"}
                    for p in people],
        notes=notes, codebook=[{"id": "noise"}], codings=codings,
    )  # fmt: skip


def test_a_code_that_cannot_be_told_is_refused_with_its_reason():
    made = suggest(random_words(8, 1))
    assert made.frame.empty
    assert made.refused["code"].tolist() == ["noise"]
    assert made.refused["reason"].iloc[0]
    assert made.suggester.codes == ()
    assert made.suggester.probabilities(["Worda wordb."]).shape == (1, 0)


def test_the_precision_asked_for_is_kept_or_the_code_refused(toy):
    strict = suggest(toy, min_precision=0.99)
    for row in strict.scores.itertuples():
        assert row.precision >= 0.99 or row.code in set(strict.refused["code"])
    with pytest.raises(QuidqualError, match="between 0 and 1"):
        suggest(toy, min_precision=2)


def test_average_precision_is_within_folds_and_a_row_is_judged_without_its_person(toy, made):
    from sklearn.metrics import average_precision_score

    training = training_of(toy)
    held = held_out(
        training, Scorer(training, default_pipeline(), counted=True), least_precision=0.2
    )
    truth, total, weighed = training.labels[:, 0], 0, 0.0
    for n in set(held.fold):
        own = held.fold == n
        weighed += truth[own].sum() * average_precision_score(truth[own], held.raw[own, 0])
        total += truth[own].sum()
    assert made.scores["average_precision"].iloc[0] == pytest.approx(weighed / total)
    keys = training.segments[["interview", "segment"]].apply(tuple, axis=1).tolist()
    for row in made.frame[made.frame["basis"] == "held-out"].itertuples():
        at, k = keys.index((row.interview, row.segment)), training.codes.index(row.code)
        assert row.probability == held.probability[at, k]
        assert row.threshold == held.threshold[at, k]


def test_new_notes_are_suggested_for_and_no_suggestion_is_a_coding(toy, made):
    new = made.frame[made.frame["basis"] == "new"]
    assert set(new["participant"]) == {"P5"}
    assert {"trusting", "wages"} == {
        w for text in new["words"] for w in text.split() if w in ("trusting", "wages")
    }
    assert (made.frame["probability"] >= made.frame["threshold"]).all()
    coded = set(
        zip(
            toy.codings["interview"],
            toy.codings["start"],
            toy.codings["code"].astype(str),
            strict=True,
        )
    )
    assert not coded & set(
        zip(made.frame["interview"], made.frame["start"], made.frame["code"], strict=True)
    )
    assert set(made.frame["source"]) == {"model"}


def test_the_same_study_gives_the_same_suggestions(toy, made):
    pd.testing.assert_frame_equal(suggest(toy).frame, made.frame)


def test_an_estimator_can_be_swapped(toy):
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.pipeline import make_pipeline

    other = suggest(toy, pipeline=make_pipeline(CountVectorizer(), MultinomialNB()))
    assert other.scores["f1"].min() > 0.5
    with pytest.raises(QuidqualError, match="no scikit-learn Pipeline"):
        suggest(toy, pipeline=CountVectorizer())


def bag(texts: list[str]) -> np.ndarray:
    """Stand-in for a sentence model: which of a few words a text holds."""
    return np.array([[w in t.lower() for w in ("trust", "wages", "own", "coat")] for t in texts])


def test_any_function_from_texts_to_vectors_takes_the_place_of_words(toy):
    asked = []

    def embed(texts):
        asked.extend(texts)
        return bag(texts)

    other = suggest(toy, embed=embed)
    assert other.scores["f1"].min() > 0.9
    assert len(asked) == len(set(asked))  # each text once, whatever the folds
    assert "embed" in other.card
    assert " at 0x" not in other.card
    assert set(other.frame["basis"]) >= {"new"}
    pd.testing.assert_frame_equal(suggest(toy, embed=bag).frame, other.frame)
    assert "provenance and hash not stated" in other.card


@pytest.mark.parametrize(
    ("embed", "said"),
    [
        ("a model", "str and cannot be called"),
        (lambda texts: [len(t) for t in texts], r"shape \(\d+,\) for"),
        (lambda texts: bag(texts)[1:], "shape"),
        (lambda texts: bag(texts) * float("nan"), "not finite"),
        (lambda texts: texts, "no array of numbers"),
    ],
)
def test_what_gives_no_vectors_is_refused(toy, embed, said):
    with pytest.raises(QuidqualError, match=said):
        suggest(toy, embed=embed)


def test_embed_and_pipeline_are_not_given_together(toy):
    with pytest.raises(QuidqualError, match="both"):
        suggest(toy, embed=bag, pipeline=default_pipeline())


def test_calibration_is_the_optimum_that_a_general_optimiser_finds():
    from scipy.optimize import minimize

    rng = np.random.default_rng(3)
    for n, rate in ((915, 0.02), (60, 0.4), (200, 0.1)):
        truth = rng.uniform(size=n) < rate
        scores = np.clip(rng.beta(1, 20, n) + 0.1 * truth, 1e-4, 1)
        target = np.where(truth, (truth.sum() + 1) / (truth.sum() + 2), 1 / ((~truth).sum() + 2))

        x = logit(scores)

        def loss(ab, x=x, target=target):
            return np.mean(np.logaddexp(0, ab[0] * x + ab[1]) - target * (ab[0] * x + ab[1]))

        best = minimize(loss, [1, 0], bounds=[(0, 10), (-20, 20)], options={"ftol": 1e-14})
        assert loss(platt(scores, truth)) == pytest.approx(best.fun, abs=1e-6)


def test_near_duplicates_of_different_people_are_reported(build_toy):
    pairs = near_duplicates(training_of(build_toy(5, copies=True)))
    same = pairs[pairs["similarity"] == 1.0]
    assert len(same) == 10  # one sentence in five mouths
    assert (same["interview"] != same["other_interview"]).all()
    assert not (near_duplicates(training_of(build_toy(5)))["similarity"] == 1.0).any()


def test_accepting_and_rejecting_are_logged_and_only_accepting_codes(toy, made, tmp_path):
    toy.save(tmp_path / "s")
    study = open_study(tmp_path / "s")
    new = made.frame[made.frame["basis"] == "new"]
    decide(study, new.iloc[:2], accept=True, coder="H", at="2021-11-02T09:30:00Z")
    decide(study, new.iloc[2:3], accept=False, coder="H", at="2021-11-02T09:31:00Z")
    log = decisions(tmp_path / "s")
    assert log["decision"].tolist() == ["accept", "accept", "reject"]
    again = open_study(tmp_path / "s")
    gained = again.codings[again.codings["source"].astype(str) == "model"]
    assert sorted(gained["exact"]) == sorted(new["words"].iloc[:2])
    assert len(again.codings) == len(study.codings) + 2
    lines = (tmp_path / "s" / "suggestions" / "H.jsonl").read_text().splitlines()
    assert json.loads(lines[2])["decision"] == "reject"
    with pytest.raises(QuidqualError, match="no folder"):
        decide(toy, new, accept=True, coder="H", at="2021-11-02T09:30:00Z")
    with pytest.raises(QuidqualError, match="coder and a time"):
        decide(study, new, accept=True, coder="H", at="yesterday")


def test_what_to_code_next_is_varied_and_uncoded(toy):
    chosen = next_to_code(toy, n=5)
    assert set(chosen["participant"]) <= {"P1", "P2", "P3", "P4", "P5"}
    assert chosen["distance"].is_monotonic_decreasing
    assert chosen["words"].is_unique
    text = toy.codings
    assert not set(zip(chosen["interview"], chosen["start"], strict=True)) & set(
        zip(text["interview"], text["start"], strict=True)
    )
    with pytest.raises(QuidqualError, match="n is 0"):
        next_to_code(toy, n=0)


def test_too_little_is_refused(build_toy):
    with pytest.raises(QuidqualError, match="notes of 2 participants"):
        suggest(build_toy(2))
    with pytest.raises(QuidqualError, match="no hand coding"):
        suggest(build_toy(0))
    with pytest.raises(QuidqualError, match="'rare' are carried by fewer"):
        suggest(build_toy(4), codes=["rare"])


def test_topics_show_their_stability(toy):
    frame = topics(toy, n_topics=3, seeds=3)
    assert len(frame) == 3
    assert frame["stability"].between(0, 1).all()
    assert frame["share"].sum() == pytest.approx(1)
    with pytest.raises(QuidqualError, match="groups from"):
        topics(["a b"], n_topics=3)


def test_calibration_and_threshold_by_hand():
    truth = np.array([True, False, True, False])
    assert best_threshold(np.array([0.9, 0.8, 0.7, 0.1]), truth) == 0.7
    assert best_threshold(np.array([0.9, 0.1]), np.array([False, False])) == 1.0
    rng = np.random.default_rng(0)
    p = rng.uniform(0.05, 0.95, 4000)
    truth = rng.uniform(size=4000) < p
    inflated = p**0.3
    fixed = calibrated(inflated, platt(inflated, truth))
    assert abs(fixed.mean() - truth.mean()) < 0.01 < inflated.mean() - truth.mean()
    assert platt(1 - p, truth)[0] == 0


@pytest.mark.parametrize("similarity", [0.9, 0.6, 0.3])
def test_near_duplicates_are_those_of_every_pair_compared(build_toy, similarity):
    from sklearn.feature_extraction.text import TfidfVectorizer

    training = training_of(build_toy(5, copies=True))
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 4), use_idf=False)
    matrix = vectors.fit_transform(training.texts)
    near = (matrix @ matrix.T).toarray() >= similarity
    people = training.participants
    expected = np.triu(near & (people[:, None] != people[None, :])).sum()
    assert len(near_duplicates(training, similarity=similarity)) == expected > 0
