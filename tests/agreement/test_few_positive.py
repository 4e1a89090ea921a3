"""Few positive ratings, few passages, and ratings that only look different."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import quidqual as qq
from quidqual.study.errors import QuidqualError

NAMES = ["percent", "cohen", "ac1", "alpha"]


def table(n, positive, apart=1):
    """Rate n units by two coders, both positive on some, apart on some more."""
    a = np.zeros(n, dtype=int)
    a[:positive] = 1
    b = a.copy()
    b[positive : positive + apart] = 1
    return pd.DataFrame({"a": a, "b": b})


def notes(ratings):
    found = qq.agreement.coefficients(ratings, coefficients=NAMES)
    return found.set_index("coefficient")["note"]


def test_the_note_depends_on_the_positive_ratings_too():
    few = notes(table(30, 1))  # 3 of 60 ratings: a prevalence of 5%
    for name in ("cohen", "alpha"):
        assert "3 ratings in the rarer category" in few[name]
    for name in ("percent", "ac1"):
        assert "rarer" not in few[name]
    assert "rarer" not in notes(table(200, 10))["alpha"]  # 21 of 400
    assert "19 ratings" in notes(table(200, 9))["alpha"]  # as few as in a small table
    turned = 1 - table(30, 1)  # the rarer category is the other one
    assert "3 ratings in the rarer category" in notes(turned)["alpha"]


def test_resampled_intervals_say_it_too():
    found = qq.agreement.coefficients(
        table(40, 2), clusters=list(range(20)) * 2, resamples=100, coefficients="alpha"
    )
    assert "5 ratings in the rarer category" in found["note"].item()


def one_code(n_passages):
    """Two coders mark the first words of as many sentences, B one word fewer in the first."""
    text = "One two three. " * 100
    rows = []
    for i in range(n_passages):
        rows += [
            ("d", "A", 15 * i, 15 * i + 13, "c"),
            ("d", "B", 15 * i + 4 * (i == 0), 15 * i + 13, "c"),
        ]
    columns = ["document", "coder", "start", "end", "code"]
    return pd.DataFrame(rows, columns=columns), text


@pytest.mark.parametrize(("n_passages", "has_interval"), [(2, False), (3, False), (4, True)])
def test_two_or_three_passages_have_no_interval(n_passages, has_interval):
    spans, text = one_code(n_passages)
    notes = {"P1-R1": text, "P1-R2": text}
    codings = [
        {"coder": c, "interview": i, "start": s, "end": e, "code": "c"}
        for i in notes
        for _, c, s, e, _ in spans.itertuples(index=False, name=None)
        if i == "P1-R1"
    ]
    study = qq.Study.from_tables(
        title="t", corpus="synthetic", approach="coding_reliability",
        rounds=[{"round": "R1"}, {"round": "R2"}],
        participants=[{"participant": "P1", "group": "g", "language": "en"}],
        interviews=[
            {"interview": i, "participant": "P1", "round": i[-2:], "language": "en"} for i in notes
        ],
        notes=notes, codebook=[{"id": "c"}], codings=codings, settings={"uncoded": "absent"},
    )  # fmt: skip
    found = qq.agreement.agreement(study, unit="token", coefficients="alpha", resamples=200)
    assert found["value"].item() > 0.8
    assert found["low"].notna().item() is has_interval
    assert (f"no interval: {n_passages} passages only" in found["note"].item()) is not has_interval


def test_a_code_that_only_one_reader_could_have_marked_counts_no_passage():
    rows = [("d", "A", 0, 5, "c"), ("d", "B", 0, 5, "c"), ("e", "A", 0, 5, "c")]
    rows += [("e", "A", 10 * i, 10 * i + 5, "c") for i in range(1, 5)]
    spans = pd.DataFrame(rows, columns=["document", "coder", "start", "end", "code"])
    found = qq.agreement.spans(spans, {"d": 100, "e": 100}, coefficients="alpha", unitizing=False)
    assert "no interval: 1 passage only" in found["note"].item()


def test_numbers_beside_text_are_refused_with_the_cause():
    with pytest.raises(QuidqualError, match="numbers beside text"):
        qq.agreement.coefficients(pd.DataFrame({"a": [1, 0, 1, 1], "b": ["1", "0", "1", "1"]}))
    with pytest.raises(QuidqualError, match="numbers beside text"):
        qq.agreement.coefficients(pd.DataFrame({"a": ["x", 2, "x"], "b": ["x", "x", "x"]}))
    text = pd.DataFrame({"a": ["1", "0", "1", "1"], "b": ["1", "0", "1", "1"]})
    found = qq.agreement.coefficients(text, coefficients="percent")
    assert found["value"].item() == 1.0


def test_blank_ratings_are_missing_and_blanks_around_a_word_are_no_part_of_it():
    ratings = pd.DataFrame({"a": ["x", "", "y", "x", " "], "b": [" x", "", "y", "y", "y"]})
    found = qq.agreement.coefficients(ratings).set_index("coefficient")
    # pairable: x-x, y-y, x-y; the two blanks do not agree, they are not there
    assert found.loc["percent", "value"] == pytest.approx(2 / 3)
    assert found.loc["percent", ["n_pairable", "n_missing"]].tolist() == [3, 3]
    assert found.loc["percent", "n_categories"] == 2


@pytest.mark.parametrize(
    "rows", [[[1, True], [0, False]], [[True, 2], [False, 1]], [[True, None], [False, 3]]]
)
def test_numbers_beside_truth_values_are_refused_in_words(rows):
    with pytest.raises(QuidqualError, match="numbers beside true and false"):
        qq.agreement.coefficients(pd.DataFrame(rows, columns=["A", "B"]))


def test_truth_values_beside_text_are_refused_in_words():
    with pytest.raises(QuidqualError, match="truth values beside text"):
        qq.agreement.coefficients(pd.DataFrame([["a", True], ["b", False]], columns=["A", "B"]))


def test_truth_values_with_a_gap_are_compared():
    ratings = pd.DataFrame({"A": [True, None, False], "B": [True, True, False]})
    found = qq.agreement.coefficients(ratings, coefficients="percent")
    assert found[["value", "n_pairable"]].values.tolist() == [[1.0, 2]]
