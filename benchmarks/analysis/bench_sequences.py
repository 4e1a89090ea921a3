"""Distances of 10,000 sequences of length 12 over 4 states, beside sequenzo and numpy in one run.

    python benchmarks/analysis/bench_sequences.py [--peers PYTHON]

``--peers`` names the python of an environment with sequenzo (0.1.42; not one of the project's
dependencies); left out, only the numpy pass runs beside ours. Targets: Hamming under 1 s, OM
(substitution 2, indel 1) under 3 s. TraMineR was not at hand; on a machine of this kind it
was measured at 4.2 s and 16.3 s.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from collections.abc import Callable
from typing import Any

import numpy as np

N, LENGTH, STATES = 10_000, 12, "ABCD"


def sequences() -> np.ndarray:
    """Give the sequences, all random: the hardest case, since hardly any two are equal."""
    rng = np.random.default_rng(0)
    return np.array(list(STATES))[rng.integers(0, len(STATES), (N, LENGTH))]


def timed(call: Callable[[], Any], repeats: int = 3) -> float:
    """Give the best of some runs in seconds."""
    best = float("inf")
    for _ in range(repeats):
        begin = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - begin)
    return best


def plain_hamming() -> np.ndarray:
    """Compare in numpy, one round after the other: the least that any program does."""
    code = np.searchsorted(list(STATES), sequences()).astype(np.int8)
    total = np.zeros((N, N), dtype=np.float32)
    for column in code.T:
        total += column[:, None] != column[None, :]
    return total


def ours() -> dict[str, float]:
    """Time this project."""
    from quidqual.sequences.distance import distances

    words = sequences()
    kinds = {
        "Hamming": {"method": "hamming"},
        "OM (2, 1)": {"method": "om"},
        "OM (1.5, 1)": {"method": "om", "substitution": 1.5},
        "OM (transition rates)": {"method": "om", "substitution": "trate"},
    }
    return {n: timed(lambda a=a: distances(words, **a)) for n, a in kinds.items()}


def peer() -> dict[str, float]:
    """Time sequenzo."""
    import contextlib
    import sys

    import pandas as pd

    with contextlib.redirect_stdout(sys.stderr):
        from sequenzo import SequenceData, get_distance_matrix

        times = [str(t) for t in range(1, LENGTH + 1)]
        frame = pd.DataFrame(sequences(), columns=times)
        frame.insert(0, "id", np.arange(N))
        data = SequenceData(frame, time=times, id_col="id", states=list(STATES))
        kinds = {"Hamming": {"method": "HAM"}, "OM (2, 1)": {"method": "OM", "indel": 1}}
        return {
            n: timed(lambda a=a: get_distance_matrix(data, sm="CONSTANT", **a), 2)
            for n, a in kinds.items()
        }


def main(python: str | None) -> None:
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} when started; best of several runs"
    )
    mine = ours()
    others = {"numpy": {"Hamming": timed(plain_hamming)}}
    if python:
        run = subprocess.run(
            [python, __file__, "--peer"], capture_output=True, text=True, check=True
        )
        others["sequenzo"] = json.loads(run.stdout.splitlines()[-1])
    for kind, seconds in mine.items():
        line = f"{kind:<24} quidqual {seconds:6.2f} s"
        for name, times in others.items():
            if kind in times:
                line += f"   {name} {times[kind]:6.2f} s ({times[kind] / seconds:.1f} x)"
        print(line)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", help="python of an environment with sequenzo")
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        print(json.dumps(peer()))
    else:
        main(arguments.peers)
