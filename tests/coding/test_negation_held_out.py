"""The cues, counted on sentences: how often each flag, or its absence, is right.

`sets/negation_en_it.tsv` was written by someone who had not read the rules, and committed before
they were changed (README beside). Three older files in `negation/`: `development.csv`,
`held_out.csv` (written before an earlier change of the rules) and `notes.csv` (80 hits drawn from
the synthetic notes); `spellings.tsv` holds turns of phrase by the person who wrote the rules.
"""

import csv
import re

import pytest

from quidqual.coding.cues import KINDS, Flagger, flagger

LEAST = 85  # of 100 sentences, in each language


def kinds(text, start, end, language):
    flags = flagger(language).flag(text, [(start, end)])[0]
    assert all(f.cue_end <= start or f.cue_start >= end or f.kind == "hypothetical" for f in flags)
    return {flag.kind for flag in flags}


@pytest.fixture(scope="module")
def sentences(root):
    file = root / "tests" / "coding" / "sets" / "negation_en_it.tsv"
    with open(file, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.fixture(scope="module")
def scores(sentences):
    """Right answers of 100 by (language, column)."""
    right = {}
    for row in sentences:
        start = row["text"].index(row["target"])
        found = kinds(row["text"], start, start + len(row["target"]), row["language"])
        for column, kind in zip(
            ("negated", "hypothetical", "past_only", "other_person"), KINDS, strict=True
        ):
            key = row["language"], column
            right[key] = right.get(key, 0) + ((kind in found) == (row[column] == "1"))
    return right


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("column", ["negated", "hypothetical", "past_only", "other_person"])
def test_each_flag_is_right_often_enough(scores, language, column):
    assert scores[language, column] >= LEAST


def test_the_page_tells_the_scores(root, scores):
    page = " ".join((root / "docs" / "tagging.md").read_text("utf-8").split())
    for column in ("negated", "hypothetical", "past_only", "other_person"):
        assert f"| `{column}` | {scores['en', column]} | {scores['it', column]} |" in page


def marked(root, name):
    with open(root / "tests" / "coding" / "negation" / f"{name}.csv", encoding="utf-8") as lines:
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
    file = root / "tests" / "coding" / "negation" / "spellings.tsv"
    wrong, n = [], 0
    for line in file.read_text("utf-8").splitlines():
        language, text, target, told = line.split("|")
        start = text.index(target)
        found = kinds(text, start, start + len(target), language)
        n += 1
        if found != {kind for kind in KINDS if kind[0] in told}:
            wrong.append(text)
    assert n > 300
    assert len(wrong) <= 9, wrong


def test_no_flag_removes_a_hit_and_own_cues_are_used_alone():
    from quidqual.coding.cues import Cue
    from quidqual.coding.tag import tag

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
