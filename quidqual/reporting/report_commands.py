"""Commands that write for a reader: report, checklist, export."""

from __future__ import annotations

import argparse
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quidqual.cli.study_option import REPLACE, add_study, opened
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    import pandas as pd

    from quidqual.study.model import Study

NOTES = "with the notes, also those of real interviews"


def add_commands(commands: Any) -> None:
    """Add the commands of this family."""
    report = commands.add_parser("report", help="one self-contained HTML page (or .docx)")
    report.add_argument("path", type=Path, help="ends in .html or .docx")
    add_study(report)
    report.add_argument("--include-notes", action="store_true", default=None, help=NOTES)
    report.add_argument("--quotes", type=int, help="passages a side and finding; 0 for none")
    report.add_argument("--replace", action="store_true", help=REPLACE)
    report.set_defaults(run=_report)

    check = commands.add_parser("checklist", help="a reporting checklist, filled from data")
    check.add_argument("which", choices=("coreq", "srqr", "rtarg"))
    add_study(check)
    check.set_defaults(run=_checklist)

    export = commands.add_parser("export", help="an RO-Crate of study, results and checksums")
    export.add_argument("folder", type=Path, help="new or empty")
    add_study(export)
    export.add_argument("--include-notes", action="store_true", default=None, help=NOTES)
    export.add_argument(
        "--details",
        action="store_true",
        default=None,
        help="with memos, dates, times and all columns, also of a real study",
    )
    export.add_argument("--notebooks", type=Path, help="folder of notebooks run on this study")
    export.add_argument(
        "--only", action="append", metavar="PATTERN",
        help="only files of this name, such as 'tables/*' (may be repeated)",
    )  # fmt: skip
    export.add_argument(
        "--yes", action="store_true", help="write what is listed; a real study asks without it"
    )
    export.set_defaults(run=_export)


def _report(chosen: argparse.Namespace) -> int:
    from quidqual.reporting import write_report

    study = opened(chosen)
    path = write_report(
        study,
        chosen.path,
        agreement=_measured_agreement(study),
        include_notes=chosen.include_notes,
        quotes=chosen.quotes,
        replace=chosen.replace,
    )
    print(f"Wrote {path} ({study.corpus})")
    return 0


def _checklist(chosen: argparse.Namespace) -> int:
    from quidqual.reporting.checklist import checklist, checklist_markdown

    print(checklist_markdown(checklist(opened(chosen), chosen.which), chosen.which))
    return 0


def _export(chosen: argparse.Namespace) -> int:
    from quidqual.reporting.crate import check_free, planned
    from quidqual.reporting.crate_contents import contents_frame

    study = opened(chosen)
    check_free(chosen.folder)
    crate = planned(
        study,
        include_notes=chosen.include_notes,
        details=chosen.details,
        notebooks=chosen.notebooks,
        agreement=_measured_agreement(study),
    )
    listed = contents_frame(crate.files)
    if chosen.only:
        wanted = [any(fnmatch(f, pattern) for pattern in chosen.only) for f in listed["file"]]
        listed = listed[wanted]
    for row in listed.itertuples():
        print(f"{row.file}: {row.holds}, {row.bytes:,} bytes")
    if study.corpus == "real" and not chosen.yes and not _agreed(len(listed)):
        return 1
    folder = crate.write(chosen.folder, listed)
    print(f"Wrote {folder} ({study.corpus})")
    return 0


def _agreed(n: int) -> bool:
    """Ask whether what was listed is to be written; where there is nobody to ask, it is not."""
    if not sys.stdin.isatty():
        raise QuidqualError.of(
            f"the study is real, and nobody said that these {n} files are to be written.",
            remedy="Read the list, choose with --only, and add --yes.",
            field="--yes",
        )
    return input(f"Write these {n} files? [y/N] ").strip().lower() in ("y", "yes")


def _measured_agreement(study: Study) -> pd.DataFrame | None:
    """Measure agreement as a report states it; None where no coefficient applies.

    A study with one coder has nothing to compare, and a reflexive study asks for no
    coefficient: different readings are no error there.
    """
    if study.approach == "reflexive" or len(study.coders) < 2:
        return None
    from quidqual.agreement import agreement

    return agreement(study, unit="segment", coefficients=["alpha"], resamples=200, pooled=True)
