"""`reproduce` with every notebook, `suggest` and `export` on two large studies, in seconds.

    python benchmarks/findings/whole_run.py people|documents [--each]

*people*: 500 people in 6 rounds, 40 codes, 27,000 codings and a second coder on a tenth of the
notes. *documents*: 30 long documents, 230 codes, 753 codings, as an imported project has them. The
sentences follow the word statistics of the example's English notes. ``--each`` runs the notebooks
one by one and prints the time of each instead. On a machine that others use too, the processor time
tells more than the clock.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import quidqual as qq
from quidqual.cli.notebooks import run_notebooks, shipped_notebooks
from quidqual.cli.reproduce import reproduce

LIMITS = {"reproduce": 120, "suggest": 20, "export": 60}


def sentences(n: int, seed: int) -> list[str]:
    """Sentences in which each word is one that follows the word before it in the example."""
    segments = qq.load_example().segments
    follows: dict[str, list[str]] = defaultdict(list)
    for text in segments.loc[segments["language"] == "en", "words"]:
        words = text.strip("“”").split()
        for a, b in zip(["", *words], [*words, ""], strict=True):
            follows[a].append(b)
    draw, made = random.Random(seed), []
    while len(made) < n:
        word, words = draw.choice(follows[""]), []
        while word and len(words) < 30:
            words.append(word.strip(".!?“”"))
            word = draw.choice(follows[word])
        if len(words) > 3:
            made.append(" ".join(words) + ".")
    return made


def _book(n: int, said: list[str], draw: random.Random) -> list[dict]:
    """Give each code a theme and two words of the talk as its patterns."""
    themes = [{"id": f"t{j}", "label": f"Theme {j}", "codable": False} for j in range(n // 8)]
    counts = Counter(word.lower() for text in said for word in text.strip(".").split())
    words = [w for w, k in counts.most_common(60 + 3 * n)[60:] if w.isalpha()]
    draw.shuffle(words)
    return themes + [
        {"id": f"c{j}", "label": f"Code {j}", "parent": f"t{j % len(themes)}",
         "definition": f"About matter {j}.", "patterns": {"en": words[2 * j : 2 * j + 2]}}
        for j in range(n)
    ]  # fmt: skip


def _coded(name: str, text: str, code: dict, draw: random.Random, coder: str) -> dict:
    """Code one of the sentences of a note: one with a word of the code, if there is one."""
    ends = [i + 1 for i, letter in enumerate(text) if letter == "."]
    spans = list(zip([0, *(end + 1 for end in ends)], ends, strict=False))
    own = set(code["patterns"]["en"])
    telling = [(a, b) for a, b in spans if own & set(text[a : b - 1].lower().split())]
    start, end = draw.choice(telling or spans)
    return {"interview": name, "start": start, "end": end, "code": code["id"], "coder": coder}


def of_people() -> qq.Study:
    """500 people x 6 rounds x 40 codes, 27,000 codings by A and 2,700 by B."""
    draw = random.Random(1)
    said = sentences(30_000, 1)
    book = _book(40, said, draw)
    codes = [code for code in book if "patterns" in code]
    talks, notes, codings = [], {}, []
    for i in range(3000):
        person, round_ = divmod(i, 6)
        name = f"P{person}-R{round_}"
        talks.append(
            {"interview": name, "participant": f"P{person}", "round": f"R{round_}",
             "language": "en", "mode": "in person", "minutes": draw.randrange(20, 90),
             "date": f"2021-0{round_ + 1}-{1 + person % 28:02d}"}
        )  # fmt: skip
        notes[name] = " ".join(said[10 * i : 10 * i + 10])
        for coder in "AB" if i % 10 == 0 else "A":
            for code in draw.sample(codes, 9):
                codings.append(_coded(name, notes[name], code, draw, coder))
    people = [
        {"participant": f"P{i}", "group": "ab"[i % 2], "role": "r", "language": "en"}
        for i in range(500)
    ]
    return qq.Study.from_tables(
        title="500 people", corpus="synthetic", rounds=[{"round": f"R{r}"} for r in range(6)],
        participants=people, interviews=talks, notes=notes, codebook=book,
        codings=codings,
        settings={"primary_coder": "A", "uncoded": "absent", "coders": {"B": {"covers": [
            talk["interview"] for talk in talks[::10]]}}},
    )  # fmt: skip


def of_documents() -> qq.Study:
    """30 documents of 150 sentences, each a participant, 230 codes and 753 codings."""
    draw = random.Random(2)
    said = sentences(4500, 2)
    book = _book(230, said, draw)
    codes = [code for code in book if "patterns" in code]
    names = [f"D{i}" for i in range(30)]
    notes = {d: " ".join(said[150 * i : 150 * i + 150]) for i, d in enumerate(names)}
    common = [round(min(229, draw.expovariate(1 / 40))) for _ in range(753)]
    codings = [
        _coded(d, notes[d], codes[code], draw, "A")
        for code in common
        for d in draw.sample(names, 1)
    ]  # fmt: skip
    return qq.Study.from_tables(
        title="30 documents", corpus="synthetic", rounds=[{"round": "R1"}],
        participants=[{"participant": d, "group": "documents", "language": "en"} for d in names],
        interviews=[{"interview": d, "participant": d, "round": "R1", "language": "en"}
                    for d in names],
        notes=notes, codebook=book, codings=codings,
        settings={"primary_coder": "A"},
    )  # fmt: skip


def _busy() -> float:
    """Processor time of this process and of the kernels that it has run."""
    return sum(os.times()[:4])


def _timed(name: str, step: Callable[[], object]) -> None:
    start, busy = time.perf_counter(), _busy()
    step()
    took, used = time.perf_counter() - start, _busy() - busy
    limit = LIMITS.get(name)
    goal = f"  (goal {limit} s)" if limit else ""
    print(f"{name:40} {took:6.1f} s, processor {used:6.1f} s{goal}", flush=True)


def main() -> None:
    """Build the study that is asked for, then time each step."""
    made = {"people": of_people, "documents": of_documents}[sys.argv[1]]()
    print(f"{made!r}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = made.save(Path(scratch) / "study")
        study = qq.open_study(folder)
        if "--each" in sys.argv:
            for path in sorted(shipped_notebooks().glob("*.ipynb")):
                one = Path(scratch) / "one"
                one.mkdir()
                shutil.copy(path, one)
                failed: dict[str, str] = {}
                _timed(path.stem, lambda f=failed, o=one: f.update(
                    run_notebooks(o, Path(scratch) / "ran", study=folder)))  # fmt: skip
                print("\n".join(f"    failed: {m}" for m in failed.values()), end="")
                shutil.rmtree(one)
            return
        _timed("reproduce", lambda: reproduce(folder, out=Path(scratch) / "out"))
        _timed("suggest", lambda: qq.suggestions.suggest(study))
        _timed("export", lambda: qq.reporting.export_crate(study, Path(scratch) / "crate"))


if __name__ == "__main__":
    main()
