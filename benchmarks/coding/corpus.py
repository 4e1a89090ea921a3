"""A folder of files tagged by one process, by two, and by two Dask workers: wall and memory.

    python benchmarks/coding/corpus.py [--segments 400000] [--files 8] [--one-file]

Sentences are those of `talk.py`, evidence and all cues. Medians of several runs of each way, in
turn, each in a fresh interpreter; the machine's load stands beside, as two processes gain less
where other programs keep the cores busy. CPU counts the start of workers too. `--one-file`: the
same rows in one file, which one process reads in batches.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
from talk import DENSE, SPARSE, book_of, sentences_of, talk, terms

_NAMES = {"1": "one process", "2": "processes=2", "dask": "two Dask workers"}
WORK = """
import json, resource, sys, time
import quidqual as qq
if __name__ == "__main__":
    corpus, out, book, way = sys.argv[1:]
    book = json.loads(book)
    start = time.perf_counter()
    if way == "dask":
        from distributed import LocalCluster
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            started = time.perf_counter() - start
            rows = qq.scale.tag_corpus(corpus, out, book, language="en",
                                       scheduler=cluster.scheduler_address)
            took = time.perf_counter() - start - started
    else:
        started = 0.0
        rows = qq.scale.tag_corpus(corpus, out, book, language="en", processes=int(way))
        took = time.perf_counter() - start
    own = resource.getrusage(resource.RUSAGE_SELF)
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = sum(x.ru_utime + x.ru_stime for x in (own, child))
    print(json.dumps([took, started, int(rows["n_tags"].sum()), own.ru_maxrss / 1024,
                      child.ru_maxrss / 1024, cpu]))
"""


def run(corpus: Path, out: Path, book: object, way: str) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(corpus), str(out), json.dumps(book), way],
        capture_output=True, text=True, check=True, timeout=1800,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--segments", type=int, default=400_000)
    arguments.add_argument("--files", type=int, default=8)
    arguments.add_argument("--one-file", action="store_true")
    arguments.add_argument("--runs", type=int, default=5, help="of each way, in turn")
    arguments.add_argument("--sparse", action="store_true")
    given = arguments.parse_args()
    texts = talk(sentences_of(None), given.segments, 1)
    book = book_of(terms(texts, SPARSE if given.sparse else DENSE, 2), "plain")
    files = 1 if given.one_file else given.files
    print(f"{len(texts):,} sentences in {files} files; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        size = -(-len(texts) // files)
        for i in range(files):
            own = texts[i * size : (i + 1) * size]
            pd.DataFrame({"words": own}).to_parquet(corpus / f"{i}.parquet")
        del texts
        ways = ("1",) if given.one_file else ("1", "2", "dask")
        rows: dict[str, list[list[float]]] = {way: [] for way in ways}
        for number in range(given.runs):
            for way in ways:
                rows[way].append(run(corpus, Path(folder) / f"{way}-{number}", book, way))
        for way in ways:
            took, started, tags, own_mb, child_mb, cpu = map(
                statistics.median, zip(*rows[way], strict=True)
            )
            gain = statistics.median(a[0] / b[0] for a, b in zip(rows["1"], rows[way], strict=True))
            print(f"  {_NAMES[way]:<18} {took:6.1f} s by the clock (and {started:4.1f} s to start a "
                  f"cluster), {gain:4.2f} x; CPU {cpu:5.1f} s; {tags:,.0f} tags; at most "
                  f"{own_mb:,.0f} MB, a child {child_mb:,.0f} MB")  # fmt: skip
    print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
