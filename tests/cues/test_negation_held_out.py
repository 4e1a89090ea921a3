"""The cues, counted on sentences: how often each flag, or its absence, is right.

Three sets in `sets/` (README beside): what the page says of each at first sight was counted once,
before the rules were mended by it, and cannot be counted again; what they score now is. Three older
files in `negation/`: `development.csv`, `held_out.csv` (written before an earlier change of the
rules) and `notes.csv` (80 hits drawn from the synthetic notes); `spellings.tsv` and `kinds.tsv`
hold turns of phrase by the person who wrote the rules.
"""

import csv
import re

import pytest

from quidqual.coding.hits import KINDS
from quidqual.cues.flagger import Flagger, flagger

LEAST = 0.85  # of the sentences, in each language
SETS = ("negation_en_it", "negation_unseen_en_it", "negation_fresh_en_it")
COLUMNS = ("negated", "hypothetical", "past_only", "other_person")


def kinds(text, start, end, language):
    flags = flagger(language).flag(text, [(start, end)])[0]
    assert all(f.cue_end <= start or f.cue_start >= end or f.kind == "hypothetical" for f in flags)
    return {flag.kind for flag in flags}


def rows_of(root, name):
    file = root / "tests" / "cues" / "sets" / f"{name}.tsv"
    with open(file, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def scores(root):
    """Right answers and sentences by (set, language, column)."""
    right = {}
    for name in SETS:
        for row in rows_of(root, name):
            assert row["text"].count(row["target"]) == 1
            start = row["text"].index(row["target"])
            found = kinds(row["text"], start, start + len(row["target"]), row["language"])
            for column, kind in zip(COLUMNS, KINDS, strict=True):
                key = name, row["language"], column
                good, n = right.get(key, (0, 0))
                right[key] = good + ((kind in found) == (row[column] == "1")), n + 1
    return right


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("column", COLUMNS)
def test_each_flag_is_right_often_enough(scores, name, language, column):
    good, n = scores[name, language, column]
    assert n >= 60
    assert good >= LEAST * n


def test_the_page_tells_the_scores(root, scores):
    page = " ".join((root / "docs" / "tagging.md").read_text("utf-8").split())
    for column in COLUMNS:
        told = " | ".join(
            str(scores[name, language, column][0]) for name in SETS for language in ("en", "it")
        )
        assert f"| `{column}` | {told} |" in page, told


def test_the_page_tells_what_the_sentences_of_a_stranger_give(root):
    """Written without sight of the rules, and never used to mend them: it must stay so."""
    right, found = {}, {}
    for row in rows_of(root, "negation_stranger_en_it"):
        start = row["text"].index(row["target"])
        flags = kinds(row["text"], start, start + len(row["target"]), row["language"])
        for column, kind in zip(COLUMNS, KINDS, strict=True):
            key = column, row["language"]
            right[key] = right.get(key, 0) + ((kind in flags) == (row[column] == "1"))
            hits, n = found.get(key, (0, 0))
            found[key] = hits + (kind in flags and row[column] == "1"), n + (row[column] == "1")
    page = (root / "docs" / "tagging.md").read_text("utf-8")
    for column in COLUMNS:
        en, it = (column, "en"), (column, "it")
        told = [right[en], right[it], *(f"{k} of {n}" for k, n in (found[en], found[it]))]
        assert f"| `{column}` | {' | '.join(map(str, told))} |" in page, told


def marked(root, name):
    with open(root / "tests" / "cues" / "negation" / f"{name}.csv", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            start, end = row["sentence"].index("["), row["sentence"].index("]") - 1
            found = kinds(re.sub(r"[\[\]]", "", row["sentence"]), start, end, row["language"])
            yield "negation" in found, row["denied"] == "yes"


@pytest.mark.parametrize("name", ["development", "held_out", "notes"])
def test_the_page_tells_the_scores_of_the_older_sets(root, name):
    rows = list(marked(root, name))
    told = f"{sum(flag == denied for flag, denied in rows)} of {len(rows)}"
    page = (root / "docs" / "tagging.md").read_text("utf-8")
    assert re.search(rf"`{name}.csv`.*\| {told}", page), told


def test_turns_of_phrase_by_the_writer_of_the_rules(root):
    file = root / "tests" / "cues" / "negation" / "spellings.tsv"
    wrong, n = [], 0
    for line in file.read_text("utf-8").splitlines():
        language, text, target, told = line.split("|")
        start = text.index(target)
        found = kinds(text, start, start + len(target), language)
        n += 1
        if found != {kind for kind in KINDS if kind[0] in told}:
            wrong.append(text)
    assert n > 300
    assert len(wrong) <= 4, wrong


@pytest.mark.parametrize("language", ["en", "it"])
def test_kinds_of_construction_in_many_words(root, language):
    file = root / "tests" / "cues" / "negation" / "kinds.tsv"
    with open(file, encoding="utf-8", newline="") as lines:
        rows = [
            row
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["language"] == language
        ]
    wrong = []
    for row in rows:
        start = int(row["start"])
        found = kinds(row["text"], start, start + len(row["target"]), language)
        if found != {kind for kind in KINDS if kind[0] in row["flags"]}:
            wrong.append(row["text"])
    assert len(rows) > 300
    assert len(wrong) <= 12, wrong


def test_no_flag_removes_a_hit_and_own_cues_are_used_alone():
    from quidqual.coding.tag import tag
    from quidqual.cues.flagger import Cue

    text, book = "If her sister did not trust them once.", {"a": {"en": ["trust"]}}
    assert len(tag([text], book, language="en")) == 1
    own = tag([text], book, language="en", cues=[Cue("sister", "past_only")])
    assert own["past_only"].tolist() == [True]
    assert own["cues"].tolist() == ["past_only: sister"]
    assert not own[["negated", "hypothetical", "other_person"]].to_numpy().any()
    assert Flagger("xx").flag("Never trust.", [(6, 11)]) == [()]


def test_a_denial_reaches_over_a_line_end_inside_a_paragraph():
    from quidqual.coding.tag import tag

    wrapped = "She does not\ntrust people. She has no self\nconfidence."
    book = {"a": {"en": ["trust", "self confidence"]}}
    found = tag([wrapped], book, language="en")
    flat = tag([wrapped.replace("\n", " ")], book, language="en")
    columns = ["start", "end", "negated", "cue"]
    assert found[columns].to_dict() == flat[columns].to_dict()
    assert found["negated"].tolist() == [True, True]
    assert found["words"].tolist() == ["trust", "self\nconfidence"]
