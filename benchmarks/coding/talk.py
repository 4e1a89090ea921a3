"""Tagging speed on talk-like text, beside other ways to find words; one run, ratios printed.

    python benchmarks/coding/talk.py [--segments 100000] [--text PATH] [--memory] [--short]

Text: sentences drawn word by word from which word follows which in the example's notes (or in the
plain text named by --text), so that words are as common, and stand together as often, as there.
Terms: 90 words and 60 phrases. *Dense*: all occur, and about half of the sentences hold one;
*some*: about one in seven does; *sparse*: about one in twenty, as most terms do not occur at all.
Each row: the median of CPU time of several runs, alternating, in one process. ``--short``: one
run of `qq.tag` with and without cues and of the peers, for a million.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from peers import by_aho_corasick, by_dictionary, by_flashtext, by_phrase_matcher

import quidqual as qq
from quidqual.coding.compile import as_codebook, parse_codebook
from quidqual.coding.tag import tag

Book = dict[str, dict[str, list[str]]]
DENSE, SOME, SPARSE = (0.45, 0.55), (0.12, 0.17), (0.03, 0.07)
_PEERS = (
    ("token dictionary, plain Python (words)", "dictionary"),
    ("Aho-Corasick in Rust with boundary check", "Aho-Corasick"),
)


def sentences_of(path: Path | None) -> list[list[str]]:
    """Sentences whose word statistics are followed, as rows of words with their signs."""
    if path is None:
        study = qq.load_example()
        own = study.segments[study.segments["language"] == "en"]["words"].tolist()
    else:
        own = re.split(r"(?<=[.!?])\s+", path.read_text("utf-8"))
    return [words for text in own if len(words := text.split()) > 2]


def talk(rows: Sequence[Sequence[str]], n: int, seed: int) -> list[str]:
    """Make n sentences: each word is one that follows the word before it somewhere."""
    follows: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        for a, b in zip(["", *row], [*row, ""], strict=True):
            follows[a].append(b)
    draw, texts = random.Random(seed), []
    for _ in range(n):
        word, words = draw.choice(follows[""]), []
        while word and len(words) < 40:
            words.append(word)
            word = draw.choice(follows[word])
        texts.append(" ".join(words))
    return texts


def terms(texts: Sequence[str], share: tuple[float, float], seed: int) -> list[str]:
    """90 words and 60 phrases of which some stands in about this share of the texts."""
    words: Counter[str] = Counter()
    phrases: Counter[str] = Counter()
    for text in texts[:5000]:
        own = re.findall(r"[a-z]+", text.lower())
        words.update(own)
        phrases.update(map(" ".join, pairwise(own)))
    draw = random.Random(seed)
    ranked = [w for w, _ in words.most_common() if len(w) > 2]
    paired = [p for p, k in phrases.most_common() if k > 1]
    if share == SPARSE:
        return _few_of(texts[:3000], ranked, paired, share, draw)
    low, high = 0, len(words)
    for _ in range(30):  # halve the range of ranks until the share is met
        top = (low + high) // 2
        chosen = draw.sample(ranked[top : top + 400], min(90, len(ranked[top : top + 400])))
        chosen += draw.sample(paired[top // 2 :][:2000], 60)
        met = _share(texts[:3000], chosen)
        if share[0] <= met <= share[1]:
            break
        low, high = (top, high) if met > share[1] else (low, top)
    return chosen


def _few_of(
    texts: Sequence[str],
    ranked: Sequence[str],
    paired: Sequence[str],
    share: tuple[float, float],
    draw: random.Random,
) -> list[str]:
    """Rare words and phrases until the share is met; the other terms do not occur at all."""
    rare = [*draw.sample(ranked[-400:], 90), *draw.sample(paired[-400:], 60)]
    draw.shuffle(rare)
    kept = 1
    while kept < len(rare) and _share(texts, rare[: kept + 1]) < sum(share) / 2:
        kept += 1
    return [*rare[:kept], *(f"{term}qqqq" for term in rare[kept:])]


def _share(texts: Sequence[str], chosen: Sequence[str]) -> float:
    found = re.compile(rf"\b(?:{'|'.join(chosen)})\b")
    return sum(bool(found.search(text.lower())) for text in texts) / len(texts)


def compare(
    texts: Sequence[str], work: dict[str, Callable[[list[str]], object]], runs: int
) -> None:
    """Time every way on the same texts, in turn; print speeds, and ratios to the peers."""
    took: dict[str, list[float]] = {name: [] for name in work}
    answers: dict[str, object] = {}
    for _ in range(runs):
        for name, run in work.items():
            start = time.process_time()
            answers[name] = run(list(texts))
            took[name].append(time.process_time() - start)
    speed = {name: len(texts) / statistics.median(own) for name, own in took.items()}
    for name, own in speed.items():
        ratios = "".join(f"  {own / speed[peer]:>5.2f} x {short}" for peer, short in _PEERS
                         if peer in speed)  # fmt: skip
        print(f"    {name:<44} {own:>10,.0f}/s {ratios}   ({answers[name]})", flush=True)


def book_of(chosen: Sequence[str], kind: str) -> Book:
    if kind == "globs":
        chosen = [f"{t[: max(4, len(t) - 2)]}*" if " " not in t else t for t in chosen]
    if kind == "lemmas":
        chosen = [f"<{t}>" if " " not in t and i % 9 == 0 else t for i, t in enumerate(chosen)]
    return {f"c{i}": {"en": [term]} for i, term in enumerate(chosen)}


def rows_for(texts: list[str], chosen: list[str], name: str, *, short: bool, runs: int) -> None:
    print(f"  {name}: {_share(texts[:3000], chosen):.0%} of sentences hold a term")
    plain = book_of(chosen, "plain")
    patterns = parse_codebook(as_codebook(plain))
    ways: dict[str, Callable[[list[str]], object]] = {
        "qq.tag, plain terms, evidence and cues": lambda t: len(tag(t, plain, language="en")),
        "qq.tag, without cues": lambda t: len(tag(t, plain, language="en", cues=())),
    }
    for kind in () if short else ("globs", "lemmas"):
        own = book_of(chosen, kind)
        tag(texts[:2000], own, language="en")  # tables are read once a process
        ways[f"qq.tag, {kind} among them, with cues"] = lambda t, own=own: len(
            tag(t, own, language="en")
        )
        ways[f"qq.tag, {kind} among them, without cues"] = lambda t, own=own: len(
            tag(t, own, language="en", cues=())
        )
    ways[_PEERS[0][0]] = by_dictionary(patterns)
    if (bare := by_aho_corasick(patterns)) is not None:
        ways[_PEERS[1][0]] = bare
    compare(texts, ways, 1 if short else runs)
    few = texts[:5000]
    slow: dict[str, Callable[[list[str]], object]] = {
        "spaCy PhraseMatcher": by_phrase_matcher(patterns),
    }
    if (flash := by_flashtext(patterns)) is not None:
        slow["flashtext (last released in 2018)"] = flash
    else:
        print("    flashtext (last released in 2018) is not installed: not measured")
    print(f"    the first {len(few):,} sentences:")
    compare(few, {**slow, _PEERS[0][0]: by_dictionary(patterns)}, 1 if short else 3)


def memory(texts: list[str], chosen: list[str], name: str) -> None:
    """Print what the process takes beyond the texts; the peak of all before counts too."""
    before = int(re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024
    n = len(tag(texts, book_of(chosen, "plain"), language="en"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  {name}: {len(texts):,} texts, {n:,} rows: process {before:,.0f} MB before, at most "
          f"{peak:,.0f} MB, so {peak - before:,.0f} MB more", flush=True)  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--segments", type=int, default=100_000)
    arguments.add_argument("--text", type=Path, help="a plain text whose statistics are followed")
    arguments.add_argument("--memory", action="store_true")
    arguments.add_argument("--short", action="store_true")
    arguments.add_argument("--runs", type=int, default=5)
    given = arguments.parse_args()
    texts = talk(sentences_of(given.text), given.segments, 1)
    words = sum(len(t.split()) for t in texts) / len(texts)
    print(f"{len(texts):,} sentences of {words:.1f} words; load {os.getloadavg()[0]:.1f}")
    levels = (("sparse", SPARSE), ("some", SOME), ("dense", DENSE))
    for name, share in levels if given.memory else levels[::-1]:
        chosen = terms(texts, share, 2)
        if given.memory:
            memory(texts, chosen, name)
        else:
            rows_for(texts, chosen, name, short=given.short, runs=given.runs)


if __name__ == "__main__":
    main()
