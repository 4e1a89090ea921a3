"""The concordance: context, order, verbatim told from paraphrase."""

import pytest

from quidqual.coding.kwic import concordance
from quidqual.coding.tag import tag
from quidqual.study.errors import QuidqualError


def test_context_comes_from_the_whole_note(study):
    frame = concordance(study, "nobody", words=4).frame
    row = frame.iloc[0]
    assert (row["left"], row["match"], row["right"]) == (
        "trust people. “I trust ",
        "nobody",
        " here.” The trainer is",
    )
    assert frame["speech"].tolist() == ["verbatim", "paraphrase"]


def test_order_by_either_side():
    texts = ["c a X d", "b a X b", "a b X a"]
    assert concordance(texts, "x", sort="right").frame["interview"].tolist() == ["2", "1", "0"]
    assert concordance(texts, "x", sort="left").frame["interview"].tolist() == ["1", "0", "2"]
    assert concordance(texts, "x").frame["interview"].tolist() == ["0", "1", "2"]


def test_one_step_from_the_tags(study):
    hits = tag(study, codes=["friends"])
    shown = concordance(study, hits)
    assert shown.frame["match"].tolist() == hits["words"].tolist()
    with pytest.raises(QuidqualError, match="other texts"):
        concordance(["x"], hits)


def test_it_shows_itself_in_a_terminal_and_in_jupyter(study):
    shown = concordance(study, "trust*", words=3)
    assert "A R1 “" in str(shown)
    page = shown._repr_html_()
    assert "verbatim</td>" in page  # in words: a shade is lost in the dark
    assert "synthetic notes" in page
    assert "<script>" not in concordance(["<script> trust"], "trust")._repr_html_()
    assert str(concordance(["a"], "zzz")) == "no match"


def test_a_notebook_prints_the_same_lines_whatever_terminal_started_it(study, monkeypatch):
    """Only a terminal bends the lines: a notebook's output is compared byte for byte."""
    shown = concordance(study, "nobody")
    monkeypatch.setenv("COLUMNS", "60")
    narrow = str(shown)
    monkeypatch.setenv("COLUMNS", "200")
    assert str(shown) == narrow
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert len(str(shown)) > len(narrow)


def test_bad_arguments():
    with pytest.raises(QuidqualError, match="'right' or 'match', not 'up'"):
        concordance(["a"], "a", sort="up")
    with pytest.raises(QuidqualError, match="-1"):
        concordance(["a"], "a", words=-1)
