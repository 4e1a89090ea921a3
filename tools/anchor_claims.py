"""Write the anchors of a claims.yaml anew from the text of the report that it is about.

A passage is told either by offsets in that very text (`{start, end, sha256}`, as they are noted
while reading it) or by its letters already; both become `{at, letters, sha256}`, which finds the
passage in any form of the report. Sections that hold findings are named by their headings:

    python tools/anchor_claims.py --report report.txt --claims claims.yaml \
        --section Results "Lesson learned"

names a section "Results" that begins after the line "Results" and ends before the line
"Lesson learned". The file is rewritten in place; nothing but anchors and sections changes.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from pathlib import Path

from quidqual.reporting.report_passages import Report
from quidqual.study.claims import Anchor
from quidqual.study.files import write_atomic

NOTED = re.compile(
    r"anchor:\s*\{\s*start:\s*(\d+),\s*end:\s*(\d+),\s*sha256:\s*([0-9a-f]{64})\s*\}"
    r"|anchor:\n\s+start:\s*(\d+)\n\s+end:\s*(\d+)\n\s+sha256:\s*([0-9a-f]{64})"
)
EDGE = 60  # letters by which a section's beginning and end are told


def written(anchor: Anchor) -> str:
    """Write an anchor in one line."""
    return f"{{at: {anchor.at}, letters: {anchor.letters}, sha256: {anchor.sha256}}}"


def converted(claims: str, report: Report) -> tuple[str, list[str]]:
    """Rewrite all anchors; those whose passage is another now are named and left as they are."""
    wrong: list[str] = []

    def anew(match: re.Match[str]) -> str:
        start, end, digest = (match[i] or match[i + 3] for i in (1, 2, 3))
        words = report.text[int(start) : int(end)]
        if hashlib.sha256(words.encode("utf-8")).hexdigest() != digest:
            wrong.append(f"{start} to {end}")
            return match[0]
        return f"anchor: {written(report.anchor(int(start), int(end)))}"

    return NOTED.sub(anew, claims), wrong


def sections(report: Report, headings: list[list[str]]) -> str:
    """Write the sections between pairs of headings."""
    lines = ["  sections:"]
    for title, following in headings:
        first, last = (
            re.search(rf"(?m)^{re.escape(name)}\s*$", report.text) for name in (title, following)
        )
        if first is None or last is None:
            sys.exit(f"There is no line {title if first is None else following!r}.")
        letters = report.anchor(first.end(), last.start())
        edges = [
            report.anchor(report.find_letter(at), report.find_letter(at + EDGE - 1) + 1)
            for at in (letters.at, letters.at + letters.letters - EDGE)
        ]
        lines.append(f"  - title: {title}")
        for name, edge in zip(("begins", "ends"), edges, strict=True):
            lines.append(f"    {name}: {written(edge)}")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Convert one file."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--claims", type=Path, required=True)
    parser.add_argument("--section", nargs=2, action="append", default=[])
    chosen = parser.parse_args()
    report = Report.of(chosen.report)
    text, wrong = converted(chosen.claims.read_text("utf-8"), report)
    if chosen.section:
        text = re.sub(r"(?m)^  sections:\n(?:  - .*\n(?:    .*\n)*)*", "", text)
        text = text.replace("\nclaims:", f"\n{sections(report, chosen.section)}claims:", 1)
    write_atomic(chosen.claims, text)
    for place in wrong:
        print(f"Other words stand at {place}: its anchor is left as it was.")
    print(f"{text.count('letters:')} anchors by letters, {len(wrong)} left.")


if __name__ == "__main__":
    main()
