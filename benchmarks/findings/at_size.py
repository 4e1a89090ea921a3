"""The findings of 500 people in 6 rounds with 40 codes, 27,000 codings and 20 claims.

    python benchmarks/findings/at_size.py

Prints how long the study, its ledger, the robustness of its claims, its tables and figures, its
report and its export take. Invented words only.
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

import matplotlib

import quidqual as qq
from quidqual.cli.reproduce import write_figures, write_tables

PEOPLE, ROUNDS, CODES, EACH = 500, 6, 40, 9
WHEN = ("any", "first", "fades", "rises")


def study() -> qq.Study:
    """Build the study, the same each time."""
    rng = random.Random(1)
    people, talks, notes, codings = [], [], {}, []
    for i in range(PEOPLE):
        people.append({"participant": f"P{i}", "group": "ab"[i % 2], "role": "r"})
        for r in range(ROUNDS):
            name = f"P{i}-R{r}"
            talks.append(
                {"interview": name, "participant": f"P{i}", "round": f"R{r}",
                 "date": f"2021-0{r + 1}-{1 + i % 28:02d}"}
            )  # fmt: skip
            notes[name] = " ".join(f"word{k}" for k in range(120)) + "."
            for code in rng.sample(range(CODES), EACH):
                start = rng.randrange(80) * 5
                codings.append(
                    {"interview": name, "start": start, "end": start + 20, "code": f"c{code}",
                     "coder": "A"}
                )  # fmt: skip
    book = [{"id": f"t{j}", "codable": False} for j in range(5)]
    book += [{"id": f"c{j}", "parent": f"t{j % 5}"} for j in range(CODES)]
    check = {"measure": "prevalence", "op": "ge", "k": 100}
    claims = [
        {"id": f"C{j}", "kind": "prevalence", "group": "a", "summary": "A claim.",
         "check": {**check, "codes": [f"c{j}"], "when": WHEN[j % 4]}}
        for j in range(20)
    ]  # fmt: skip
    return qq.Study.from_tables(
        title="At size", corpus="synthetic", rounds=[{"round": f"R{r}"} for r in range(ROUNDS)],
        participants=people, interviews=talks, notes=notes, codebook=book, codings=codings,
        claims=claims, settings={"primary_coder": "A", "uncoded": "absent"},
    )  # fmt: skip


def main() -> None:
    """Time each step."""
    matplotlib.use("agg")
    made = study()
    book = qq.ledger(made)
    steps = {
        "ledger": lambda folder: book.table,
        "robustness": lambda folder: book.robustness(),
        "tables": lambda folder: write_tables(made, folder / "tables"),
        "figures": lambda folder: write_figures(made, folder / "figures"),
        "report": lambda folder: qq.reporting.write_report(made, folder / "report.html"),
        "export": lambda folder: qq.reporting.export_crate(made, folder / "crate"),
    }
    with tempfile.TemporaryDirectory() as scratch:
        for name, step in steps.items():
            start = time.perf_counter()
            step(Path(scratch))
            print(f"{name:12} {time.perf_counter() - start:6.1f} s", flush=True)


if __name__ == "__main__":
    main()
