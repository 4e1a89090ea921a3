"""Commands about a study folder: new, validate, reanchor, reproduce."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from quidqual.cli.study_option import add_study, own_folder, study_folder


def add_commands(commands: Any) -> None:
    """Add the commands of this family."""
    new = commands.add_parser("new", help="make an empty study folder that validates")
    new.add_argument("folder", type=Path)
    new.add_argument("--title", default="")
    new.set_defaults(run=_new)

    validate = commands.add_parser("validate", help="list everything that is wrong with a study")
    add_study(validate)
    validate.add_argument("--strict", action="store_true", help="warnings count as errors")
    validate.set_defaults(run=_validate)

    anchor = commands.add_parser(
        "reanchor", help="write into the logs where codings moved to when notes were edited"
    )
    add_study(anchor, own=True)
    anchor.add_argument("--at", default="", help="time to write into the log, ISO 8601 (UTC)")
    anchor.set_defaults(run=_reanchor)

    again = commands.add_parser(
        "reproduce", help="rebuild tables, figures, ledger and notebooks of a study"
    )
    add_study(again)
    again.add_argument("--out", type=Path, help="folder for everything that is made")
    again.add_argument("--figures", type=Path, help="folder for the figures alone")
    again.add_argument(
        "--notebooks", type=Path, help="folder of notebooks to run in place; a new one gets them"
    )
    again.set_defaults(run=_reproduce)


def _new(chosen: argparse.Namespace) -> int:
    from quidqual.hand_coding.scaffold import new_study

    folder = new_study(chosen.folder, title=chosen.title)
    print(f"Made an empty study in {folder}. Its README.md says what to fill in.")
    return 0


def _validate(chosen: argparse.Namespace) -> int:
    import pandas as pd

    from quidqual.examples import example_folder
    from quidqual.study.validate import validate

    folder = study_folder(chosen) or example_folder()
    problems = validate(folder)
    for row in problems.itertuples():
        place = row.file if pd.isna(row.row) else f"{row.file}, row {row.row}"
        field = f", field {row.field}" if row.field else ""
        print(f"{row.level}: {place}{field}: {row.message} {row.remedy}".rstrip())
    errors = int((problems["level"] == "error").sum())
    warnings = len(problems) - errors
    print(f"{errors} errors, {warnings} warnings in {folder}")
    return 1 if errors or (chosen.strict and warnings) else 0


def _reanchor(chosen: argparse.Namespace) -> int:
    from quidqual.study.anchor import write_moves

    report = write_moves(own_folder(chosen), at=chosen.at)
    for row in report.itertuples():
        print(f"{row.anchor}: {row.coder}, {row.interview}, {row.code} ({row.id})")
    moved = int((report["anchor"] == "moved").sum())
    print(f"{moved} codings moved, {len(report) - moved} lost")
    return 0


def _reproduce(chosen: argparse.Namespace) -> int:
    from quidqual.reporting.reproduce import reproduce

    return reproduce(
        study_folder(chosen), out=chosen.out, figures=chosen.figures, notebooks=chosen.notebooks
    )
