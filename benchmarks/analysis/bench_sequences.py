"""Distances of 10,000 sequences of length 12 over 4 states, beside other programs.

    python benchmarks/analysis/bench_sequences.py [--peer]

With ``--peer`` run it in an environment that has sequenzo (not one of the project's
dependencies); it then times that program on the same sequences instead. Targets: Hamming
under 1 s, OM (substitution 2, indel 1) under 3 s. Figures others reported on a machine of
this kind: TraMineR 4.2 s and 16.3 s, sequenzo 13.6 s and 13.1 s.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

N, LENGTH, STATES = 10_000, 12, "ABCD"


def sequences() -> np.ndarray:
    """Give the sequences, all random: the hardest case, since hardly any two are equal."""
    rng = np.random.default_rng(0)
    return np.array(list(STATES))[rng.integers(0, len(STATES), (N, LENGTH))]


def timed(name: str, call: Callable[[], Any], repeats: int = 3) -> None:
    """Time a call and print the best of the repeats, and the least processor time."""
    wall, cpu = [], []
    for _ in range(repeats):
        begin, busy = time.perf_counter(), time.process_time()
        call()
        wall.append(time.perf_counter() - begin)
        cpu.append(time.process_time() - busy)
    print(f"{name:<34} best {min(wall):6.2f} s   least CPU {min(cpu):6.2f} s")


def ours() -> None:
    """Time this project."""
    from quidqual.analysis.sequence_distance import sequence_distances

    words = sequences()
    for name, arguments in {
        "quidqual Hamming": {"method": "hamming"},
        "quidqual OM (2, 1)": {"method": "om"},
        "quidqual OM (1.5, 1)": {"method": "om", "substitution": 1.5},
        "quidqual OM (transition rates)": {"method": "om", "substitution": "trate"},
    }.items():
        timed(name, lambda a=arguments: sequence_distances(words, **a))


def peer() -> None:
    """Time sequenzo."""
    import pandas as pd
    from sequenzo import SequenceData, get_distance_matrix

    times = [str(t) for t in range(1, LENGTH + 1)]
    frame = pd.DataFrame(sequences(), columns=times)
    frame.insert(0, "id", np.arange(N))
    data = SequenceData(frame, time=times, id_col="id", states=list(STATES))
    timed("sequenzo Hamming", lambda: get_distance_matrix(data, method="HAM", sm="CONSTANT"), 1)
    timed(
        "sequenzo OM (2, 1)",
        lambda: get_distance_matrix(data, method="OM", sm="CONSTANT", indel=1),
        1,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", action="store_true", help="time sequenzo instead")
    peer() if parser.parse_args().peer else ours()
