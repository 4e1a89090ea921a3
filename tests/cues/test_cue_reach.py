"""Reading only what a cue may bear on gives what reading everything gives, and cues are found alike."""

import csv
import random

import pytest

from quidqual.coding.engine import Engine
from quidqual.coding.patterns import parse
from quidqual.coding.tokens import words_in
from quidqual.cues.cue_finding import CueFinder
from quidqual.cues.flagger import CUES, Flagger, flagger

SETS = ("negation_en_it", "negation_unseen_en_it", "negation_fresh_en_it")


def sentences(root, language):
    """Texts of all sets, each with the place of its target."""
    for name in SETS:
        file = root / "tests" / "cues" / "sets" / f"{name}.tsv"
        with open(file, encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["language"] == language:
                    start = row["text"].index(row["target"])
                    yield row["text"], (start, start + len(row["target"]))


def passages(root, language):
    """The sentences alone, and three at a time in one text, all words of it hits."""
    own = list(sentences(root, language))
    texts, hits = [t for t, _ in own], [[h] for _, h in own]
    draw = random.Random(4)
    for _ in range(150):
        text = " ".join(t for t, _ in draw.sample(own, 3))
        words = words_in(text)
        texts.append(text)
        hits.append(list(zip(words.starts, words.ends, strict=True)))
    return texts, hits


def everything(made, texts, hits):
    """Flags when every text is read."""
    for i, text in enumerate(texts):
        words = words_in(text)
        reading = made._read(text, words, made._finder.find(words))
        rows = [reading.flags(start, end) for start, end in hits[i]]
        if any(rows):
            yield i, rows


@pytest.mark.parametrize("language", ["en", "it"])
def test_what_is_passed_over_has_no_flag(root, language):
    made = flagger(language)
    texts, hits = passages(root, language)
    full, quick = dict(everything(made, texts, hits)), dict(made.flag_many(texts, hits))
    assert len(full) > 200
    missed = [
        (texts[i][a:b], texts[i])
        for i, rows in full.items()
        for (a, b), row in zip(hits[i], rows, strict=True)
        if row and i not in quick
    ]
    assert not missed
    assert quick == full


@pytest.mark.parametrize("language", ["en", "it"])
def test_most_texts_without_a_cue_near_are_not_read(root, language):
    texts = [t for t, _ in sentences(root, language)]
    plain = [f"It was grey, and at the corner {i} the bus was late again." for i in range(50)]
    hits = [[(3, 6)] for _ in plain]
    assert not list(flagger("en")._reach.worth(plain, hits)) or language == "it"
    assert len(list(flagger(language)._reach.worth(texts, [[(0, 1)] for _ in texts]))) < len(texts)


@pytest.mark.parametrize("language", ["en", "it"])
def test_cues_are_found_as_the_engine_finds_them(root, language):
    texts, _ = passages(root, language)
    cues = [c for c in CUES[language] if not c.pattern.startswith("!")]
    barring = [c for c in CUES[language] if c.pattern.startswith("!")]
    patterns = [parse(c.pattern).of(code=c.kind, language=language) for c in (*cues, *barring)]
    engine = Engine(patterns, scope="all")
    finder = CueFinder(engine, [c.kind for c in (*cues, *barring)], len(patterns))
    known = dict(engine.scan(texts))
    for i, text in enumerate(texts):
        words = words_in(text)
        found = {(words.starts[a], words.ends[b], n) for n, a, b in finder.find(words)}
        assert found == {tuple(hit) for hit in known.get(i, ())}, text


def test_a_text_is_read_alike_alone_and_among_others(root):
    texts, hits = passages(root, "en")
    made = flagger("en")
    quick = dict(made.flag_many(texts, hits))
    for i in range(0, len(texts), 7):
        rows = made.flag(texts[i], hits[i])
        assert rows == quick.get(i, [()] * len(hits[i]))


def test_a_long_text_full_of_cues_and_hits_ends_soon():
    text = "She does not trust them, and never did, nobody would " * 4000
    starts = [i for i in range(0, len(text) - 60, 53)]
    hits = [[(at + 13, at + 18) for at in starts]]
    (_, rows), *others = Flagger("en").flag_many([text], hits)
    assert not others
    assert all(row and row[0].kind == "negation" for row in rows)
