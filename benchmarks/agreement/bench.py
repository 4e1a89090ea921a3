"""Time agreement against its peers in one run and print the ratios.

    python benchmarks/agreement/bench.py > benchmarks/agreement/results.txt

The peers are installed once into ``.peers/`` beside this file (they pin old versions of
numpy and pandas), or taken from the python that the variable PEERS names. Every case runs in
a process of its own, ours and theirs in turn.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".peers"


def peers_python():
    """Give the interpreter of the peers, making their environment when it is not there."""
    if os.environ.get("PEERS"):
        return os.environ["PEERS"]
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        wanted = ["install", "--quiet", "-r", str(HERE / "peers.txt")]
        subprocess.run([str(python), "-m", "pip", *wanted], check=True, stdout=sys.stderr)
    return str(python)


def measured(python, *arguments):
    """Run one case and read what it measured."""
    done = subprocess.run(
        [python, *arguments], cwd=HERE, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def shown(seconds):
    if seconds is None:
        return "-"
    return f"{seconds * 1e3:.2f} ms" if seconds < 1 else f"{seconds:,.2f} s"


def line(label, ours, theirs, name):
    ratio = f"{theirs / ours:,.1f} times ours" if theirs is not None else ""
    print(f"  {label:<58}{shown(ours):>12}  {name} {shown(theirs):>12}  {ratio}")


def units(n, peer):
    ours = measured(sys.executable, "ours.py", str(n))
    other = measured(peer, "peers.py", "agreement", str(n))
    third = measured(peer, "peers.py", "krippendorff", str(n))
    for found in (other, third):
        assert abs(found["check"] - ours["check"]) < 1e-9, "the packages disagree on alpha"
    print(f"\n{n:,} units, 3 coders, 10 categories (a frame of Categoricals; alpha agrees)")
    line(
        "alpha, from the frame | from counts made before",
        ours["alpha"],
        other["alpha"],
        "agreement",
    )
    line("six coefficients, from the frame | from counts made before",
         ours["values"], other["values"], "agreement")  # fmt: skip
    line("six coefficients | with counting by numpy", ours["values"],
         other["values"] + other["counting"], "agreement")  # fmt: skip
    if "own_conversion" in other:
        line("six coefficients | with the package's own conversion", ours["values"],
             other["values"] + other["own_conversion"], "agreement")  # fmt: skip
    line("alpha, from the frame | from an array", ours["alpha"], third["alpha"], "krippendorff")
    print(f"  {'table with errors, intervals, counts and reasons':<58}{shown(ours['table']):>12}")
    line("six coefficients with 1,000 resamples | (some, scaled)", ours["bootstrap"],
         other["bootstrap"], "agreement")  # fmt: skip
    line("six coefficients | alpha with 1,000 resamples (some, scaled)", ours["bootstrap"],
         third["bootstrap"], "krippendorff")  # fmt: skip
    print(f"  memory grown by: ours, with resamples {ours['memory']:.0f} MB; "
          f"agreement, one estimate {other['memory']:.0f} MB; "
          f"krippendorff, one estimate {third['memory']:.0f} MB")  # fmt: skip
    if n <= 1_000:
        cac = measured(peer, "peers.py", "irrCAC", str(n))
        assert abs(cac["check"] - ours["check"]) < 1e-4, "irrCAC disagrees (it rounds)"
        line("table with errors and intervals", ours["table"], cac["table"], "irrCAC")


def spans(peer):
    ours = measured(sys.executable, "ours.py", "spans")
    other = measured(peer, "peers.py", "numpy", "spans")
    assert abs(ours["check"] - other["check"]) < 1e-6, "kappas differ"
    print("\n60 codes, 20,000 codings, 300 documents, by character (the kappas agree)")
    line("all coefficients, unitizing, 1,000 resamples of documents | kappa only",
         ours["everything"], other["everything"], "numpy")  # fmt: skip


def main():
    peer = peers_python()
    versions = "import numpy, pandas; print(numpy.__version__, pandas.__version__)"
    found = [
        subprocess.run([p, "-c", versions], capture_output=True, text=True).stdout.split()
        for p in (sys.executable, peer)
    ]
    wanted = (HERE / "peers.txt").read_text().split()[:3]
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores; best of several runs")
    print(f"load of the machine when started: {os.getloadavg()[0]:.1f}")
    print(f"ours: numpy {found[0][0]}, pandas {found[0][1]}")
    print(f"peers: {', '.join(wanted)} with numpy {found[1][0]}, pandas {found[1][1]}")
    for n in (1_000, 1_000_000):
        units(n, peer)
    spans(peer)


if __name__ == "__main__":
    main()
