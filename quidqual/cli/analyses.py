"""Commands that answer a question about a study: ledger, agree."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from quidqual.study.model import Study


REPLACE = "replace a file of this name (else it stays, and nothing is written)"


def add_commands(commands: Any) -> None:
    """Add the commands of this family."""
    book = commands.add_parser("ledger", help="check each claim of the report against the study")
    _study_argument(book)
    book.add_argument("--report", type=Path, help="text of the report: show each passage")
    book.add_argument("--claim", action="append", help="only this claim (may be repeated)")
    book.add_argument("--csv", type=Path, help="write the ledger as a table")
    book.add_argument("--replace", action="store_true", help=REPLACE)
    book.set_defaults(run=_ledger)

    agree = commands.add_parser("agree", help="agreement between coders")
    _study_argument(agree)
    agree.add_argument("--coders", help="two or more, separated by commas (default: all)")
    units = ("interview", "segment", "sentence", "paragraph", "token", "character")
    agree.add_argument("--unit", default="segment", choices=units)
    agree.add_argument("--coefficient", help="only this one, such as alpha (default: all)")
    agree.add_argument("--cluster", default="interview", choices=("interview", "participant"))
    agree.add_argument("--resamples", type=int, default=1000)
    agree.add_argument("--seed", type=int, default=0)
    agree.add_argument("--csv", type=Path, help="write the table")
    agree.add_argument("--replace", action="store_true", help=REPLACE)
    agree.set_defaults(run=_agree)


def _study_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "study", nargs="?", type=Path, help="study folder (default: the synthetic example)"
    )


def _open(folder: Path | None) -> Study:
    from quidqual.study.model import open_study

    study = open_study(folder)
    print(f"{study.title}: {study.corpus} notes")
    return study


def _write(frame: pd.DataFrame, path: Path, *, replace: bool) -> None:
    from quidqual.study.files import write_result

    write_result(path, frame.to_csv(index=False, lineterminator="\n"), replace=replace)
    print(f"Wrote {path}")


def _ledger(chosen: argparse.Namespace) -> int:
    from quidqual.findings.ledger import ledger
    from quidqual.findings.report_passages import is_that_report, passages

    study = _open(chosen.study)
    book = ledger(study, claims=chosen.claim)
    words = {}
    if chosen.report:
        found = passages(study, chosen.report)
        if not is_that_report(study, chosen.report):
            print(
                "This is not the text in which the claims have their places (another SHA-256): "
                "a passage is shown only where its own words agree."
            )
        words = dict(
            zip(found["claim"], found["passage"] + found["status"].map(_missing), strict=True)
        )
    for row in book.itertuples():
        sides = f"for {row.n_for}, against {row.n_against}"
        print(f"\n{row.claim:5} p. {row.page}  {row.verdict}  ({sides})")
        print(f"      {row.summary}")
        print(f"      stated {row.stated or '-'}; computed {row.computed or '-'}")
        if row.why:
            print(f"      {row.why}")
        if words:
            print(f"      report: {words[row.claim]}")
    counts = book["verdict"].value_counts(sort=False)
    print("\n" + ", ".join(f"{n} {verdict}" for verdict, n in counts.items()))
    if chosen.csv:
        _write(book, chosen.csv, replace=chosen.replace)
    return 0


def _missing(status: str) -> str:
    return "" if status == "found" else f"({status} at this place)"


def _agree(chosen: argparse.Namespace) -> int:
    from quidqual.agreement.study_agreement import printed, run

    study = _open(chosen.study)
    table = run(
        study,
        chosen.coders,
        chosen.unit,
        coefficient=chosen.coefficient,
        cluster=chosen.cluster,
        resamples=chosen.resamples,
        seed=chosen.seed,
    )
    print(printed(table))
    if chosen.csv:
        _write(table, chosen.csv, replace=chosen.replace)
    return 0
