"""Commands that bring notes and projects in and out: convert, import."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from quidqual.cli.study_option import REPLACE, add_study, own_folder


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
