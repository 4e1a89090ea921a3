"""Commands that bring studies in and take them out: convert, import, tag, report, export."""

from __future__ import annotations

import argparse
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from quidqual.cli.analyses import measured_agreement
from quidqual.cli.study_option import REPLACE, add_study, opened, own_folder
from quidqual.cli.tagging import add_tag
from quidqual.study.errors import QuidqualError

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
    convert.add_argument("--dialect", help="program that is to read a .qdpx, such as nvivo")
    _import_options(convert)
    convert.add_argument("--replace", action="store_true", help=REPLACE)
    convert.set_defaults(run=_convert)

    bring = commands.add_parser("import", help="bring notes and transcripts into a study")
    bring.add_argument("files", nargs="+", type=Path, help="notes, transcripts, tables of answers")
    add_study(bring, own=True)
    bring.add_argument("--interviewers", help="names of who asks, separated by commas")
    bring.add_argument(
        "--speech", choices=("verbatim", "paraphrase"), help="what the words outside of marks are"
    )
    bring.add_argument("--answers", help="columns of a table that hold answers, with commas")
    bring.add_argument("--group", help="column that tells the group; without a table the group")
    bring.add_argument("--title", help="of a study that is made")
    _import_options(bring)
    bring.set_defaults(run=_import)

    add_tag(commands)

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


def _import_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", help="pattern of source names that tells the round")
    parser.add_argument("--language", help="of the notes: es, or of each: Ana=es,Jonas=de")
    parser.add_argument("--corpus", choices=("real", "synthetic"), help="invented notes, or real")
    parser.add_argument("--offsets", help="convention of the offsets, where the file leaves doubt")
    parser.add_argument("--encoding", help="of text files that are not UTF-8, such as cp1252")
    parser.add_argument(
        "--on-error", choices=("raise", "report"), help="stop at problems, or leave out and report"
    )


def _options(chosen: argparse.Namespace) -> dict[str, Any]:
    from quidqual.interchange.languages import languages_from

    names = ("rounds", "language", "corpus", "offsets", "encoding", "on_error")
    given = {name: getattr(chosen, name) for name in names if getattr(chosen, name) is not None}
    if "language" in given:
        given["language"] = languages_from(given["language"])
    return given


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
        dialect=chosen.dialect,
        replace=chosen.replace,
        **_options(chosen),
    )
    _print_report(found)
    print(f"Wrote {chosen.target} ({found.study.corpus})")
    return 0


def _import(chosen: argparse.Namespace) -> int:
    from quidqual.interchange.convert import import_files

    further = {
        name: value.split(",") if name in ("interviewers", "answers") else value
        for name in ("interviewers", "speech", "answers", "group", "title")
        if (value := getattr(chosen, name)) is not None
    }
    found = import_files(chosen.files, own_folder(chosen), **_options(chosen), **further)
    _print_report(found)
    print(found.understood.to_string())
    return 0


def _report(chosen: argparse.Namespace) -> int:
    from quidqual.reporting import write_report

    study = opened(chosen)
    path = write_report(
        study,
        chosen.path,
        agreement=measured_agreement(study),
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
        agreement=measured_agreement(study),
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
