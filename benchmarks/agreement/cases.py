"""The data of the benchmark and how a call is timed; runs with any numpy."""

from __future__ import annotations

import json
import os
import resource
import sys
import time

import numpy as np

CODERS, CATEGORIES, RESAMPLES = 3, 10, 1_000


def ratings(n):
    """Category numbers of n units by three coders who agree seven times in ten."""
    rng = np.random.default_rng(1)
    truth = rng.choice(CATEGORIES, n, p=rng.dirichlet(np.ones(CATEGORIES)))
    guess = rng.integers(0, CATEGORIES, (n, CODERS))
    return np.where(rng.random((n, CODERS)) < 0.7, truth[:, None], guess).astype(np.int8)


def codings(codes=60, n=20_000, documents=300, length=10_000):
    """Spans of two coders: document, coder, start, end, code (numbers)."""
    rng = np.random.default_rng(0)
    start = rng.integers(0, length - 400, n)
    return (
        rng.integers(0, documents, n),
        rng.integers(0, 2, n),
        start,
        start + rng.integers(20, 300, n),
        rng.integers(0, codes, n),
        np.full(documents, length),
    )


def best(call, times):
    """Shortest of some runs, in seconds."""
    found = float("inf")
    for _ in range(times):
        begin = time.perf_counter()
        call()
        found = min(found, time.perf_counter() - begin)
    return found


def peak(call):
    """Megabytes by which the process grows while a call runs."""
    with open("/proc/self/statm") as file:
        before = int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    call()
    return max(0.0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before) / 1e6


def report(name, **figures):
    """Hand a measurement to the process that prints the table."""
    json.dump({"name": name, **figures}, sys.stdout)
    sys.stdout.write("\n")
    sys.stdout.flush()
