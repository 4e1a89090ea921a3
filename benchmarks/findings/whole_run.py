"""What a large study costs, step by step, in seconds and megabytes.

    python benchmarks/findings/whole_run.py people|documents [--each]

The studies are those of `large_studies.py`. ``--each`` runs the notebooks one by one and prints the
time of each instead. On a machine that others use too, the processor time tells more than the clock.
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import matplotlib
from large_studies import of_documents, of_people

import quidqual as qq
from quidqual.findings.ledger import Ledger
from quidqual.reporting.notebooks import run_notebooks, shipped_notebooks
from quidqual.reporting.reproduce import reproduce, write_figures, write_tables

LIMITS = {"reproduce": 120, "suggest": 20, "robustness without claims": 1, "export": 60}


def _busy() -> float:
    """Processor time of this process and of the kernels that it has run."""
    return sum(os.times()[:4])


def timed(name: str, step: Callable[[], object]) -> None:
    """Run one step and print what it took."""
    start, busy = time.perf_counter(), _busy()
    with contextlib.redirect_stdout(io.StringIO()):
        step()
    took, used = time.perf_counter() - start, _busy() - busy
    limit = LIMITS.get(name)
    goal = f"  (limit {limit} s)" if limit else ""
    print(f"{name:40} {took:6.1f} s, processor {used:6.1f} s{goal}", flush=True)


def each_notebook(folder: Path, scratch: Path) -> None:
    """Run the notebooks one by one."""
    for path in sorted(shipped_notebooks().glob("*.ipynb")):
        one = scratch / "one"
        one.mkdir()
        shutil.copy(path, one)
        failed: dict[str, str] = {}
        timed(path.stem, lambda f=failed, o=one: f.update(
            run_notebooks(o, scratch / "ran", study=folder)))  # fmt: skip
        print("".join(f"    failed: {message}\n" for message in failed.values()), end="")
        shutil.rmtree(one)


def main() -> None:
    """Build the study that is asked for, then time each step."""
    matplotlib.use("agg")
    made, report = {"people": of_people, "documents": of_documents}[sys.argv[1]]()
    load = os.getloadavg()[0]
    print(f"{made!r}; load {load:.1f} on {os.cpu_count()} cores", flush=True)
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        folder = made.save(scratch / "study")
        if "--each" in sys.argv:
            each_notebook(folder, scratch)
            return
        timed("open", lambda: qq.open_study(folder))
        timed("validate", lambda: qq.validate(folder))
        study = qq.open_study(folder)
        book = qq.ledger(study)
        timed("ledger with evidence", lambda: book.table)
        timed("robustness", lambda: book.robustness_sentences())
        timed("robustness without claims", lambda: Ledger(study, (), book.presence).robustness())
        timed("rivals, courses, topics", lambda: (book.rivals(), book.courses(), [
            book.topic(name).sentences for name in book.topics["topic"]]))  # fmt: skip
        timed("passages and coverage", lambda: (book.passages(report), book.coverage(report)))
        timed("tables", lambda: write_tables(study, scratch / "tables"))
        timed("figures", lambda: write_figures(study, scratch / "figures"))
        for kind in ("html", "docx"):
            file = scratch / f"report.{kind}"
            timed(f"report {kind}", lambda f=file: qq.reporting.write_report(study, f))
            print(f"    {file.stat().st_size / 1e6:.1f} MB")
        timed("export", lambda: qq.reporting.export_crate(study, scratch / "crate"))
        timed("reproduce", lambda: reproduce(folder, out=scratch / "out"))
        timed("suggest", lambda: qq.suggestions.suggest(study))
    for whose, who in (("here", resource.RUSAGE_SELF), ("kernel", resource.RUSAGE_CHILDREN)):
        print(f"most memory {whose:28} {resource.getrusage(who).ru_maxrss / 1024:6.0f} MB")


if __name__ == "__main__":
    main()
