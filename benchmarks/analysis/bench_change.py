"""Presence, change and framework matrix of a large study: 500 people, 6 rounds, 60 codes.

    python benchmarks/analysis/bench_change.py

Also an exact trend test of 500 people and 6 rounds. Prints the best and the median of the
repeats, and the least processor time (on a machine that others use too, the wall clock tells
about them). Targets: presence and change together under 0.5 s, framework matrix under 1 s.
Building the study is not timed with them; the first touch of ``study.codings`` (anchoring and
speech of 200,000 codings) is shown by itself.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

import quidqual as qq
from quidqual.analysis.framework import framework_matrix

PEOPLE, ROUNDS, CODES, CODINGS = 500, 6, 60, 200_000
REPEATS = 5


def large_study() -> Any:
    """Build the study, a tenth of the interviews missed, from seeded random numbers."""
    rng = np.random.default_rng(1)
    people = [f"P{i}" for i in range(PEOPLE)]
    rounds = [f"R{i}" for i in range(1, ROUNDS + 1)]
    missed = rng.random((PEOPLE, ROUNDS)) < 0.1
    interviews = [
        {
            "interview": f"{p}-{r}",
            "participant": p,
            "round": r,
            "status": "missed" if missed[i, j] else "held",
        }
        for i, p in enumerate(people)
        for j, r in enumerate(rounds)
    ]
    held = [row["interview"] for row in interviews if row["status"] == "held"]
    sentence = "She speaks of her work and of the people she trusts. “It grows.” "
    text = sentence * 40
    start = rng.integers(0, len(text) - 30, CODINGS)
    codings = {
        "coder": "A",
        "interview": np.array(held, dtype=object)[rng.integers(0, len(held), CODINGS)],
        "start": start,
        "end": start + 25,
        "code": np.array([f"c{k}" for k in range(CODES)], dtype=object)[
            rng.integers(0, CODES, CODINGS)
        ],
    }
    themes = [{"id": f"t{i}", "codable": False} for i in range(6)]
    return qq.Study.from_tables(
        title="Large",
        corpus="synthetic",
        rounds=[{"round": r} for r in rounds],
        participants=[
            {"participant": p, "group": "survivor" if i % 2 else "staff"}
            for i, p in enumerate(people)
        ],
        interviews=interviews,
        notes=dict.fromkeys(held, text),
        codebook=[*themes, *({"id": f"c{k}", "parent": f"t{k % 6}"} for k in range(CODES))],
        codings=pd.DataFrame(codings),
    )


def timed(name: str, call: Callable[[], Any]) -> Any:
    """Time a call several times and print it."""
    seconds, cpu = [], []
    for _ in range(REPEATS):
        begin, busy = time.perf_counter(), time.process_time()
        result = call()
        seconds.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - busy)
    print(
        f"{name:<28} best {min(seconds):6.3f} s   median {statistics.median(seconds):6.3f} s   "
        f"least CPU {min(cpu):6.3f} s"
    )
    return result


def main() -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} when started")
    begin = time.perf_counter()
    study = large_study()
    print(f"{'Study.from_tables':<28} once {time.perf_counter() - begin:6.3f} s")
    begin = time.perf_counter()
    rows = len(study.codings)
    print(f"{'study.codings':<28} once {time.perf_counter() - begin:6.3f} s   ({rows} codings)")
    present = timed("presence", lambda: qq.presence(study))
    changed = timed("change", lambda: qq.change(present))
    timed("prevalence by code, round", lambda: qq.prevalence(present, by=("code", "round")))
    timed("framework_matrix, 6 themes", lambda: framework_matrix(study))
    matrix = timed("framework_matrix, 60 codes", lambda: framework_matrix(study, level="code"))
    timed("the same, wide", lambda: framework_matrix(study, level="code", wide=True))
    graded = np.random.default_rng(0).integers(0, 4, (PEOPLE, ROUNDS))
    timed("exact_trend, values 0 to 3", lambda: qq.exact.trend(graded))
    print(len(present), len(changed), len(matrix), "rows")


if __name__ == "__main__":
    main()
