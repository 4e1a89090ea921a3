"""Loading a .qdpx: quidqual, a bare lxml and pandas pass, and the peers, in one run.

    python benchmarks/interchange/load.py [--peers PYTHON] [--tenfold]

Makes its own file (300 documents, 600,000 words, 60 codes, 20,000 codings). The peers,
qdapy and pyrefiqda, run in an environment of their own: ``--peers`` names its python;
left out, one is made with uv in a temporary folder.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from lxml import etree

sys.path.insert(0, str(Path(__file__).parent))
from make_project import make_project

from quidqual.interchange.qdpx_read import read_qdpx

PEERS = ("qdapy==0.1.0", "pyrefiqda==0.3.1")
NS = "{urn:QDA-XML:project:1.0}"
TARGET = 0.6
PEER = """
import sys, tempfile, time, warnings
warnings.simplefilter("ignore")
path, name = sys.argv[1:]
if name == "qdapy":
    import qdapy
    load = lambda folder: len(qdapy.read_qdpx(path, warn=False).fragments)
else:
    from pyrefiqda.refiproject import RefiProject
    def load(folder):
        project = RefiProject.load(path, folder)
        texts = project.sources.text_source
        return sum(len(s.coding) for t in texts for s in t.plain_text_selection)
best = 1e9
for _ in range(2):
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        count = load(folder)
        best = min(best, time.perf_counter() - begin)
print(best, count)
"""


def bare(path: Path) -> int:
    """The least that any reader does: parse, decode, one row a coding."""
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("project.qde"))
        texts = {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name != "project.qde"
        }
    rows = []
    for source in root.iter(NS + "TextSource"):
        text = texts["sources/" + source.get("plainTextPath").removeprefix("internal://")]
        for selection in source.iterchildren(NS + "PlainTextSelection"):
            start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
            for coding in selection.iterchildren(NS + "Coding"):
                rows.append(
                    (coding.get("guid"), coding.get("creatingUser"), coding.get("creationDateTime"),
                     source.get("name"), start, end, text[start:end], coding[0].get("targetGUID"))
                )  # fmt: skip
    return len(pd.DataFrame(rows))


def best_of(
    load: Callable[[Path], int],
    path: Path,
    runs: int,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[float, int]:
    best, count = float("inf"), 0
    for _ in range(runs):
        begin = clock()
        count = load(path)
        best = min(best, clock() - begin)
    return best, count


def peers_python(folder: Path) -> str:
    target = folder / "peers"
    subprocess.run(["uv", "venv", "--quiet", target], check=True)
    python = str(target / "bin" / "python")
    subprocess.run(["uv", "pip", "install", "--quiet", "--python", python, *PEERS], check=True)
    return python


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", help="python of an environment with qdapy and pyrefiqda")
    parser.add_argument("--tenfold", action="store_true", help="ten times the size as well")
    arguments = parser.parse_args()
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} when started; best of several runs"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = make_project(Path(folder) / "one.qdpx")
        times = {
            "quidqual": best_of(lambda p: len(read_qdpx(p).study.raw.codings), path, 10),
            "bare lxml + pandas": best_of(bare, path, 10),
        }
        python = arguments.peers or peers_python(Path(folder))
        for name in ("qdapy", "pyrefiqda"):
            run = subprocess.run(
                [python, "-c", PEER, path, name], capture_output=True, text=True, check=True
            )
            seconds, count = run.stdout.split()
            times[name] = (float(seconds), int(count))
        ours = times["quidqual"][0]
        for name, (seconds, count) in times.items():
            print(
                f"{name:20} {seconds:7.3f} s  {count:7} codings  {seconds / ours:6.2f} x quidqual"
            )
        print(f"target {TARGET} s: {'met' if ours <= TARGET else 'missed'}")
        if arguments.tenfold:
            tenfold = make_project(
                Path(folder) / "ten.qdpx",
                documents=3000,
                words=6_000_000,
                codes=60,
                codings=200_000,
            )
            one, ten = (
                best_of(lambda p: len(read_qdpx(p).study.raw.codings), p, 3, time.process_time)[0]
                for p in (path, tenfold)
            )
            print(
                f"ten times the size, processor time: {ten:.2f} s, {ten / one:.1f} x (linear is 10)"
            )


if __name__ == "__main__":
    main()
