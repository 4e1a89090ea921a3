"""Commands that bring studies in and take them out: convert, import, tag, report, export."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from quidqual.cli.analyses import REPLACE
from quidqual.cli.tagging import add_tag

STUDY = "study folder (default: the synthetic example)"
NOTES = "with the notes, also those of real interviews"


def add_commands(commands: Any) -> None:
    """Add the commands of this family."""
    convert = commands.add_parser("convert", help="from one program's format to another's")
    convert.add_argument(
        "source", type=Path, help="study folder, .qdpx, .qdc, .qda, .sqlite3, or notes"
    )
    convert.add_argument(
        "target",
        type=Path,
        help="folder for a study, .qdpx, .qdc, table (.csv, .xlsx, .parquet), quotes (.md, .docx)",
    )
    convert.add_argument(
        "--content",
        default="quotes",
        choices=("quotes", "documents", "participants"),
        help="what a table holds: one row a quote, or codes counted by document or participant",
    )
    _import_options(convert)
    convert.add_argument("--replace", action="store_true", help=REPLACE)
    convert.set_defaults(run=_convert)

    bring = commands.add_parser("import", help="bring notes and transcripts into a study")
    bring.add_argument("files", nargs="+", type=Path, help="notes, transcripts, tables of answers")
    bring.add_argument("--study", required=True, type=Path, help="folder they are added to")
    _import_options(bring)
    bring.set_defaults(run=_import)

    add_tag(commands)

    report = commands.add_parser("report", help="one self-contained HTML page (or .docx)")
    report.add_argument("path", type=Path, help="ends in .html or .docx")
    report.add_argument("--study", type=Path, help=STUDY)
    report.add_argument("--include-notes", action="store_true", default=None, help=NOTES)
    report.add_argument("--quotes", type=int, help="passages a side and finding; 0 for none")
    report.add_argument("--replace", action="store_true", help=REPLACE)
    report.set_defaults(run=_report)

    check = commands.add_parser("checklist", help="a reporting checklist, filled from data")
    check.add_argument("which", choices=("coreq", "srqr", "rtarg"))
    check.add_argument("--study", type=Path, help=STUDY)
    check.set_defaults(run=_checklist)

    export = commands.add_parser("export", help="an RO-Crate of study, results and checksums")
    export.add_argument("folder", type=Path, help="new or empty")
    export.add_argument("--study", type=Path, help=STUDY)
    export.add_argument("--include-notes", action="store_true", default=None, help=NOTES)
    export.add_argument("--notebooks", type=Path, help="folder of notebooks run on this study")
    export.set_defaults(run=_export)


def _import_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", help="pattern of source names that tells the round")
    parser.add_argument("--language", help="of the notes, such as en or it")
    parser.add_argument("--offsets", help="convention of the offsets, where the file leaves doubt")
    parser.add_argument("--encoding", help="of text files that are not UTF-8, such as cp1252")
    parser.add_argument(
        "--on-error", choices=("raise", "report"), help="stop at problems, or leave out and report"
    )


def _options(chosen: argparse.Namespace) -> dict[str, Any]:
    names = ("rounds", "language", "offsets", "encoding", "on_error")
    return {name: getattr(chosen, name) for name in names if getattr(chosen, name) is not None}


def _print_report(found: Any) -> None:
    counts = found.report.groupby(["kind", "action"], sort=False).size()
    for (kind, action), number in counts.items():
        print(f"{kind}: {number} {action}")
    for row in found.report[found.report["action"] != "taken"].itertuples():
        print(f"  {row.item}: {row.action}: {row.why}")


def _convert(chosen: argparse.Namespace) -> int:
    from quidqual.interchange.convert import convert

    found = convert(
        chosen.source,
        chosen.target,
        content=chosen.content,
        replace=chosen.replace,
        **_options(chosen),
    )
    _print_report(found)
    print(f"Wrote {chosen.target} ({found.study.corpus})")
    return 0


def _import(chosen: argparse.Namespace) -> int:
    from quidqual.interchange.convert import import_files

    found = import_files(chosen.files, chosen.study, **_options(chosen))
    _print_report(found)
    return 0


def _report(chosen: argparse.Namespace) -> int:
    from quidqual.findings.report import write_report
    from quidqual.study.model import open_study

    study = open_study(chosen.study)
    path = write_report(
        study,
        chosen.path,
        include_notes=chosen.include_notes,
        quotes=chosen.quotes,
        replace=chosen.replace,
    )
    print(f"Wrote {path} ({study.corpus})")
    return 0


def _checklist(chosen: argparse.Namespace) -> int:
    from quidqual.findings.checklist import checklist, checklist_markdown
    from quidqual.study.model import open_study

    print(checklist_markdown(checklist(open_study(chosen.study), chosen.which), chosen.which))
    return 0


def _export(chosen: argparse.Namespace) -> int:
    from quidqual.findings.crate import export_crate
    from quidqual.study.model import open_study

    study = open_study(chosen.study)
    folder = export_crate(
        study, chosen.folder, include_notes=chosen.include_notes, notebooks=chosen.notebooks
    )
    print(f"Wrote {folder} ({study.corpus})")
    return 0
