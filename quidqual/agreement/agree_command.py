"""`quidqual agree`: agreement between coders; and what of it a report states."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quidqual.cli.study_option import REPLACE, add_study, opened, write_rows

if TYPE_CHECKING:
    pass


def add_commands(commands: Any) -> None:
    """Add the command."""
    agree = commands.add_parser("agree", help="agreement between coders")
    add_study(agree)
    agree.add_argument("--coders", help="two or more, separated by commas (default: all)")
    units = ("interview", "segment", "sentence", "paragraph", "token", "character")
    agree.add_argument("--unit", default="segment", choices=units)
    agree.add_argument(
        "--coefficient", help="only this one, such as alpha, or all (default: alpha is printed)"
    )
    agree.add_argument("--cluster", default="interview", choices=("interview", "participant"))
    agree.add_argument("--resamples", type=int, default=1000)
    agree.add_argument("--seed", type=int, default=0)
    agree.add_argument("--csv", type=Path, help="write the whole table")
    agree.add_argument("--replace", action="store_true", help=REPLACE)
    agree.set_defaults(run=_agree)


def _agree(chosen: argparse.Namespace) -> int:
    from quidqual.agreement.study_agreement import printed, run

    study = opened(chosen)
    named = chosen.coefficient if chosen.coefficient != "all" else None
    table = run(
        study,
        chosen.coders,
        chosen.unit,
        coefficient=named,
        cluster=chosen.cluster,
        resamples=chosen.resamples,
        seed=chosen.seed,
    )
    print(printed(table))
    if chosen.csv:
        write_rows(table, chosen.csv, study=study, replace=chosen.replace)
    return 0
