"""The cues of negation, counted on sentences apart from those they were written from.

Three files in `negation/`: `development.csv`, which the rules were mended by; `held_out.csv`,
written for this project before the rules were last changed and left alone since; `notes.csv`,
80 hits drawn at random from the synthetic notes and judged by reading, flags unseen. Each row:
the sentence with the hit in brackets, and whether the sentence denies it.
"""

import csv
import re

import pytest

from quidqual.coding.cues import Flagger


def flagged(marked: str, language: str) -> bool:
    start, end = marked.index("["), marked.index("]") - 1
    flag = Flagger(language).flag(re.sub(r"[\[\]]", "", marked), [(start, end)])[0]
    return flag is not None and flag.kind == "negation"


@pytest.fixture(scope="module")
def judged(root):
    """Rows of (file, language, flagged, denied)."""
    rows = []
    for file in sorted((root / "tests" / "coding" / "negation").glob("*.csv")):
        with open(file, encoding="utf-8", newline="") as lines:
            rows += [
                (file.stem, r["language"], flagged(r["sentence"], r["language"]), r["denied"] == "yes")
                for r in csv.DictReader(lines)
            ]  # fmt: skip
    return rows


def right(rows) -> str:
    return f"{sum(flag == denied for *_, flag, denied in rows)} of {len(rows)}"


def test_the_scores_are_those_that_the_page_tells(root, judged):
    page = " ".join((root / "docs" / "tagging.md").read_text("utf-8").split())
    for name in ("development", "held_out", "notes"):
        rows = [r for r in judged if r[0] == name]
        english, italian = ([r for r in rows if r[1] == x] for x in ("en", "it"))
        ignoring = sum(not denied for *_, denied in rows)
        told = (
            f"{right(rows)} ({right(english)} English, {right(italian)} Italian; "
            f"ignoring negation: {ignoring})"
        )
        assert told in page, told
    drawn = [r for r in judged if r[0] == "notes"]
    both = sum(flag and denied for *_, flag, denied in drawn)
    told = (
        f"{sum(d for *_, d in drawn)} of the 80 are denied and {sum(f for *_, f, _ in drawn)} are "
        f"flagged, {both} of them rightly"
    )
    assert told in page, told


def test_the_sets_are_apart_and_large_enough(root, judged):
    folder = root / "tests" / "coding" / "negation"
    sentences = {
        f.stem: {line.split(",", 1)[1] for line in f.read_text("utf-8").splitlines()[1:]}
        for f in folder.glob("*.csv")
    }
    assert not sentences["held_out"] & sentences["development"]
    assert sum(name == "held_out" for name, *_ in judged) == 64
