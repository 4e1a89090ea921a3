"""`quidqual ledger`: each claim of a report checked against the study."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quidqual.cli.study_option import REPLACE, add_study, opened, write_rows

if TYPE_CHECKING:
    from quidqual.findings.ledger import Ledger
    from quidqual.reporting.report_passages import Report


def add_commands(commands: Any) -> None:
    """Add the command."""
    book = commands.add_parser("ledger", help="check each claim of the report against the study")
    add_study(book)
    book.add_argument("--report", type=Path, help="the report (text, PDF, DOCX): show each passage")
    book.add_argument(
        "--coverage", action="store_true", help="how much of the report's findings has a claim"
    )
    book.add_argument("--claim", action="append", help="only this claim (may be repeated)")
    book.add_argument("--csv", type=Path, help="write the ledger as a table")
    book.add_argument("--replace", action="store_true", help=REPLACE)
    book.set_defaults(run=_ledger)


def _ledger(chosen: argparse.Namespace) -> int:
    from quidqual.findings.ledger import ledger
    from quidqual.study.errors import QuidqualError

    if chosen.coverage and not chosen.report:
        raise QuidqualError.of(
            "coverage is measured in a report.", remedy="Add --report FILE.", field="--coverage"
        )
    study = opened(chosen)
    book = ledger(study, claims=chosen.claim)
    report = _report(chosen.report) if chosen.report else None
    if report is not None and chosen.coverage:
        _print_coverage(book, report)
    else:
        _print_claims(book, report)
    if chosen.csv:
        write_rows(book.table, chosen.csv, study=study, replace=chosen.replace)
    return 0


def _report(path: Path) -> Report:
    """Read a report in whatever form it is held, with its pages; only here a wing is asked."""
    from quidqual.reporting.report_passages import Report

    if path.suffix.casefold() in (".txt", ".md", ""):
        return Report.of(path)
    from quidqual.interchange.document_text import document_text

    found = document_text(path)
    return Report.of_pages(found.pages) if found.pages else Report(found.text)


def _print_claims(book: Ledger, report: Report | None) -> None:
    words: dict[str, str] = {}
    if report is not None:
        found = book.passages(report)
        words = {
            row.claim: f"p. {row.page}: {row.passage}" if row.status == "found" else row.status
            for row in found.itertuples()
        }
        if len(found) and not found["status"].eq("found").any():
            print("No passage is found: this is not the report that the claims are about.")
    for row in book.table.itertuples():
        sides = f"for {row.n_for}, against {row.n_against}"
        print(f"\n{row.claim:5} {f'p. {row.page}  ' if row.page else ''}{row.verdict}  ({sides})")
        print(f"      {row.summary}")
        print(f"      stated {row.stated or '-'}; computed {row.computed or '-'}")
        if row.why:
            print(f"      {row.why}")
        if words:
            print(f"      report: {words[row.claim]}")
    print(f"\n{str(book).strip('<>')}")


def _print_coverage(book: Ledger, report: Report) -> None:
    from quidqual.reporting.report_passages import share_covered

    table = book.coverage(report)
    for section, part in table.groupby("section", sort=False):
        print(f"{section}: {share_covered(part):.1%} under a claim")
    bare = table[~table["covered"]]
    for row in bare.itertuples():
        place = f"p. {row.page}" if row.page else row.section
        print(f"\n{place}, {row.characters} letters under no claim:\n      {row.passage}")
    total = int(table["characters"].sum())
    covered = total - int(bare["characters"].sum())
    print(
        f"\n{share_covered(table):.1%} of the findings ({covered} of {total} letters) have a claim"
    )
