"""Tagging speed beside other ways to do it, and its growth; all in one run, ratios printed.

    python benchmarks/coding/tagging.py [--segments 1000000] [--growth]

Text: 14-word segments. 49 in 50 words are drawn from 60,000 invented words with Zipf
frequencies and one in 50 (or one in ten) from the words of the example's codebook patterns.
Beside it the example's own segments over and over, whose words are common ones. 200 patterns:
100 English and 100 Italian of the example's codebook, all 200 tried on every segment.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import time
import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

import quidqual as qq
from quidqual.coding.compile import parse_codebook
from quidqual.coding.engine import Engine
from quidqual.coding.patterns import Pattern, words_of
from quidqual.coding.tag import tag
from quidqual.coding.tokens import tokenise

BLOCK = 200_000


def patterns_200() -> list[Pattern]:
    every = [p for p in parse_codebook(qq.load_example().codebook) if not p.exclude]
    chosen = random.Random(0)
    return [
        p for x in ("en", "it") for p in chosen.sample([q for q in every if q.language == x], 100)
    ]


def corpus(patterns: list[Pattern], *, share: float) -> Callable[[int, int], list[str]]:
    """A function from (number of segments, seed) to segments."""
    rng = random.Random(1)
    letters = "aeioubcdfglmnprstv"
    vocabulary = ["".join(rng.choices(letters, k=rng.randint(2, 10))) for _ in range(60_000)]
    weights = 1 / np.arange(1, len(vocabulary) + 1)
    sought = [w.text.replace("*", "") for w in words_of(patterns) if w.kind != "any"]
    words = np.array(vocabulary + sought, dtype=object)
    p = np.concatenate([
        weights / weights.sum() * (1 - share), np.full(len(sought), share / len(sought))
    ])  # fmt: skip

    def make(n: int, seed: int) -> list[str]:
        rows = words[np.random.default_rng(seed).choice(len(words), size=(n, 14), p=p)]
        return [" ".join(row).capitalize() + "." for row in rows.tolist()]

    return make


def disguised(texts: list[str]) -> list[str]:
    """The same texts with curly quotation marks, elisions, accents and a picture now and then."""
    return [
        "“" + t.replace(" a", " l’a").replace("e ", "è ").replace(".", "”." if i % 50 else " 👍🏽")
        for i, t in enumerate(texts)
    ]


def notes(n: int) -> list[str]:
    """Segments of the synthetic example, English and Italian, again and again."""
    own = qq.load_example().segments["words"].tolist()
    return (own * (n // len(own) + 1))[:n]


def timed(name: str, texts: list[str], work: Callable[[list[str]], object]) -> tuple[str, float]:
    start, wall = time.process_time(), time.perf_counter()
    answer = work(texts)
    took, wall = time.process_time() - start, time.perf_counter() - wall
    print(f"  {name:<44} {len(texts) / took:>12,.0f} {len(texts) / wall:>12,.0f}   ({answer})",
          flush=True)  # fmt: skip
    return name, len(texts) / took


def by_contains(patterns: list[Pattern]) -> Callable[[list[str]], object]:
    sources = [
        rf"\b(?:{'|'.join(w.text.replace('*', chr(92) + 'w*') for w in p.variants[0][0].words)})\b"
        for p in patterns
    ]

    def work(texts: list[str]) -> object:
        column = pd.Series(texts, dtype="object")
        return sum(int(column.str.contains(s, case=False, regex=True).sum()) for s in sources)

    return work


def by_phrase_matcher(patterns: list[Pattern]) -> Callable[[list[str]], object]:
    import spacy
    from spacy.matcher import PhraseMatcher

    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    for i, p in enumerate(patterns):
        matcher.add(str(i), [nlp.make_doc(" ".join(e.words[0].text for e in p.variants[0]))])
    return lambda texts: sum(len(matcher(doc)) for doc in nlp.pipe(texts))


def by_matcher(patterns: list[Pattern]) -> Callable[[list[str]], object]:
    import spacy
    from spacy.matcher import Matcher

    nlp = spacy.blank("en")
    matcher = Matcher(nlp.vocab)
    for i, p in enumerate(patterns):
        row = []
        for e in p.variants[0]:
            either = "|".join(re.escape(w.text).replace(r"\*", ".*") for w in e.words)
            row += [{"OP": "?"}] * e.gap + [{"LOWER": {"REGEX": f"^(?:{either})$"}}]
        matcher.add(str(i), [row])
    return lambda texts: sum(len(matcher(doc)) for doc in nlp.pipe(texts))


def by_dictionary(patterns: list[Pattern]) -> Callable[[list[str]], object]:
    """Exact single words alone: what a dictionary lookup in plain Python can do."""
    words = {w.text for p in patterns for v in p.variants for e in v for w in e.words}
    token = re.compile(r"\w+")
    return lambda texts: sum(w in words for t in texts for w in token.findall(t.lower()))


def by_engine(patterns: list[Pattern]) -> Callable[[list[str]], object]:
    engine = Engine(patterns)

    def work(texts: list[str]) -> object:
        engine.tune(texts[:2000])
        return sum(len(hits) for _, hits in engine.scan(texts))

    return work


def book_of(patterns: list[Pattern]) -> dict[str, dict[str, list[str]]]:
    book: dict[str, dict[str, list[str]]] = {}
    for p in patterns:
        book.setdefault(p.code, {}).setdefault("xx", []).append(p.source)
    return book


def side_by_side(make: Callable[[int, int], list[str]], patterns: list[Pattern], n: int) -> None:
    texts = make(n, 2)
    print(f"{n:,} segments, 200 patterns, one process; segments a second")
    print(f"  {'':<44} {'CPU time':>12} {'wall time':>12}   (rows or hits)")
    book = book_of(patterns)
    few = texts[:2000]
    speeds = dict([timed("qq.tag: rows with evidence and cues", texts,
                         lambda t: len(tag(t, book, language="en")))])  # fmt: skip
    tracemalloc.start()
    tag(texts, book, language="en")
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    print(f"  peak memory of qq.tag beyond the texts (tracemalloc): {peak:,.0f} MB")
    own = next(iter(speeds.values()))
    speeds |= dict([
        timed("qq.tag: accents and signs in every text", disguised(texts),
              lambda t: len(tag(t, book, language="en"))),
        timed("qq.tag: one word in ten from the patterns", corpus(patterns, share=0.1)(n, 3),
              lambda t: len(tag(t, book, language="en"))),
        timed("qq.tag: the example's segments, repeated", notes(n),
              lambda t: len(tag(t, book, language="en"))),
        timed("quidqual engine alone", texts, by_engine(patterns)),
        timed("pandas str.contains (first words only)", few, by_contains(patterns)),
        timed("spaCy Matcher", few, by_matcher(patterns)),
        timed("spaCy PhraseMatcher (phrases only)", texts[:20_000], by_phrase_matcher(patterns)),
        timed("token dictionary, plain Python (words)", texts[:100_000], by_dictionary(patterns)),
        timed("str.lower() alone", texts, lambda t: len([x.lower() for x in t])),
    ])  # fmt: skip
    for peer, speed in speeds.items():
        print(f"  qq.tag is {own / speed:>8.2f} x {peer}")


def blocks(make: Callable[[int, int], list[str]], n: int) -> Iterator[list[str]]:
    for seed, start in enumerate(range(0, n, BLOCK)):
        yield make(min(BLOCK, n - start), seed)


def growth(make: Callable[[int, int], list[str]], patterns: list[Pattern]) -> None:
    print("growth: qq.tag block by block, bounded memory")
    book = book_of(patterns)
    for n in (10_000, 100_000, 1_000_000, 10_000_000):
        took, wall, rows = 0.0, 0.0, 0
        for texts in blocks(make, n):
            start, now = time.process_time(), time.perf_counter()
            rows += len(tag(texts, book, language="en"))
            took += time.process_time() - start
            wall += time.perf_counter() - now
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  {n:>12,} segments: {took:6.1f} s of CPU time, {wall:6.1f} s by the clock, "
              f"{n / took:>9,.0f} segments/s, {rows:>9,} rows, process at most {peak:,.0f} MB",
              flush=True)  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--segments", type=int, default=1_000_000)
    arguments.add_argument("--share", type=float, default=0.02, help="share of sought words")
    arguments.add_argument("--growth", action="store_true")
    given = arguments.parse_args()
    patterns = patterns_200()
    make = corpus(patterns, share=given.share)
    sample = make(200, 9)
    print(f"words a segment: {np.mean([len(tokenise(t)) for t in sample]):.1f}")
    if given.growth:
        growth(make, patterns)
    else:
        side_by_side(make, patterns, given.segments)


if __name__ == "__main__":
    main()
