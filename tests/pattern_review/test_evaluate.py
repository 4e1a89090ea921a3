"""Tags against hand codings, counted by hand on the small study."""

import pandas as pd
import pytest

from quidqual import Study
from quidqual.coding.tag import tag
from quidqual.pattern_review.evaluate import evaluate_tags, missed, pattern_evidence
from quidqual.study.errors import QuidqualError


def counts(frame: pd.DataFrame, key: str) -> dict[str, tuple[int, int, int]]:
    rows = zip(frame[key].astype(str), frame["tp"], frame["fp"], frame["fn"], strict=True)
    return {k: (tp, fp, fn) for k, tp, fp, fn in rows}


def test_by_code(study):
    # trust: found in A-R1 (2nd sentence), A-R2, B-R1, C-R1; too much: A-R1 (1st), B-R2.
    # friends: found A-R2; too much: B-R1, B-R2, C-R1. safety: both missed and excluded: B-R2.
    assert counts(evaluate_tags(study), "code") == {
        "trust": (4, 2, 0),
        "friends": (1, 3, 0),
        "safety": (1, 0, 0),
    }
    row = evaluate_tags(study).iloc[0]
    assert (row["precision_label"], row["recall_label"]) == ("4 of 6", "4 of 4")
    assert row["f1"] == pytest.approx(2 * (4 / 6) / (4 / 6 + 1))
    assert row["corpus"] == "synthetic"


def test_by_participant_language_and_over_all(study):
    assert counts(evaluate_tags(study, by=("participant",)), "participant") == {
        "A": (3, 1, 0), "B": (2, 3, 0), "C": (1, 1, 0),
    }  # fmt: skip
    assert counts(evaluate_tags(study, by=("language",)), "language") == {
        "en": (4, 2, 0),
        "it": (2, 3, 0),
    }
    total = evaluate_tags(study, by=()).iloc[0]
    assert (total["tp"], total["fp"], total["fn"]) == (6, 5, 0)


def test_dropping_negated_hits_is_a_choice_that_can_be_measured(study):
    dropped = evaluate_tags(study, by=(), negated="drop").iloc[0]
    # Non si fida (coded) is lost; "does not trust" and "no friends" are rightly gone.
    assert (dropped["tp"], dropped["fp"], dropped["fn"]) == (5, 3, 1)


def test_one_coder_and_given_gold(study):
    assert evaluate_tags(study, by=(), coder="K").iloc[0]["n_gold"] == 1
    gold = pd.DataFrame({"interview": ["A-R1"], "start": [0], "end": [5], "code": ["safety"]})
    row = evaluate_tags(study, gold, by=()).iloc[0]
    assert (row["tp"], row["fp"], row["fn"], row["recall"]) == (0, 2, 1, 0.0)


def test_every_pattern_with_its_confirmed_rate(study):
    table = pattern_evidence(study).set_index(["code", "language", "pattern"])
    row = table.loc[("trust", "en", "trust*")]
    assert (row["n_hits"], row["confirmed"], row["alone"], row["advice"]) == (4, 3, 1, "keep")
    assert table.loc[("trust", "en", "trust* ~2 trainer"), "alone"] == 0
    friends = table.loc[("friends", "it", "amic*")]
    assert (friends["label"], friends["advice"]) == ("0 of 2", "too few hits")
    assert table.loc[("safety", "en", "safe*"), "advice"] == "no hit"
    assert not any(p.startswith("!") for _, _, p in table.index)


def test_what_was_missed_and_why(study):
    text = study.text("B-R2")
    gold = pd.DataFrame(
        [
            ("B-R2", text.index("È sicura"), text.index("È sicura") + 5, "safety"),
            ("C-R1", 0, 6, "trust"),
            ("A-R1", 0, 6, "friends"),
            ("A-R1", 0, 6, "ties"),
        ],
        columns=["interview", "start", "end", "code"],
    )
    why = missed(study, gold).set_index(["interview", "code"])["why"].to_dict()
    assert why == {
        ("A-R1", "ties"): "no pattern in this language",
        ("A-R1", "friends"): "tagged with another code",
        ("B-R2", "safety"): "excluded",
        ("C-R1", "trust"): "no pattern matches",
    }


def test_bad_arguments(study):
    with pytest.raises(QuidqualError, match="cannot break down"):
        evaluate_tags(study, by=("shoe",))
    with pytest.raises(QuidqualError, match="coded nothing"):
        evaluate_tags(study, coder="Z")
    with pytest.raises(QuidqualError, match="no hand coding"):
        evaluate_tags(study, study.codings.iloc[:0])
    with pytest.raises(QuidqualError, match="has no column"):
        evaluate_tags(study, pd.DataFrame({"code": []}))
    with pytest.raises(QuidqualError, match="negated must be 'keep' or 'drop', not 'maybe'"):
        evaluate_tags(study, negated="maybe")


def test_scores_of_given_tags(study):
    none = tag(study).iloc[:0]
    row = evaluate_tags(study, by=(), tags=none).iloc[0]
    assert (row["tp"], row["fn"], row["recall"]) == (0, 6, 0.0)
    assert pd.isna(row["precision"])


def test_no_pattern_is_advised_against_on_one_or_two_hits():
    """Three hits of which none is confirmed are a ground; "0 of 1" is none."""
    for n, advice in ((1, "too few hits"), (2, "too few hits"), (3, "drop"), (9, "drop")):
        words = " ".join(["The amber is here."] * n)
        made = Study.from_tables(
            title="t", corpus="synthetic", rounds=[{"round": "R1"}], languages=["en"],
            participants=[{"participant": "P1", "group": "g", "language": "en"}],
            interviews=[{"interview": "i", "participant": "P1", "round": "R1", "language": "en"}],
            notes={"i": f"Nothing. {words}"}, codebook=[{"id": "c", "patterns": {"en": ["amber"]}}],
            codings=[{"interview": "i", "start": 0, "end": 8, "code": "c", "coder": "A"}],
        )  # fmt: skip
        row = pattern_evidence(made).iloc[0]
        assert (row["label"], row["advice"]) == (f"0 of {n}", advice)
