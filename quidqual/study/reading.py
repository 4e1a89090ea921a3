"""Reading a study folder: every file, every problem, no conclusion yet."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from quidqual.study.claims import Claim
from quidqual.study.codebook import Codebook
from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.files import read_inside
from quidqual.study.gate import identifier_of
from quidqual.study.log import coding_frame, parse_log, read_frame, replay
from quidqual.study.raw import RawStudy, round_list
from quidqual.study.read_table import read_text_table
from quidqual.study.schema import check_document, fields_of
from quidqual.study.text import decode
from quidqual.study.yaml_text import load_yaml


def read_folder(folder: Path) -> tuple[RawStudy, list[Problem]]:
    """Read everything in a study folder.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    raw : RawStudy
        As much as could be read.
    problems : list of Problem

    Raises
    ------
    QuidqualError
        If the folder itself, or its ``study.toml``, is not there.
    """
    if not folder.is_dir():
        raise QuidqualError.of(
            "there is no such folder.",
            file=str(folder),
            remedy="Check the path, or make a study with: quidqual new FOLDER",
        )
    if not (folder / "study.toml").is_file():
        raise QuidqualError.of(
            "this folder is no study: study.toml is not there.",
            file=folder.name,
            remedy="Check the path, or make a study with: quidqual new FOLDER",
        )
    raw = RawStudy()
    problems: list[Problem] = []
    if (folder / ".saving").exists():
        message = "saving this study was broken off, so files of two states may stand here."
        remedy = (
            "Save it again with study.save(folder, replace=True); or restore it and delete this."
        )
        problems.append(Problem(".saving", None, "", message, remedy))
    if (folder / "unfinished-step.json").is_file():
        message = "a step that changes several files was cut off, and what is here is half of it."
        remedy = "Finish it with: quidqual codebook finish --study FOLDER"
        problems.append(Problem("unfinished-step.json", None, "", message, remedy))
    raw.settings = _read_settings(folder, problems)
    if not round_list(raw.settings):
        raw.unusable.add("study.toml")
    people, talks = (f"{table}.csv" for table in ("participants", "interviews"))
    raw.participants, raw.participant_rows = _read_csv(folder, people, raw, problems)
    raw.interviews, raw.interview_rows = _read_csv(folder, talks, raw, problems)
    raw.notes = _read_notes(folder, raw, problems)
    raw.codebook = _read_codebook(folder, raw, problems)
    _read_logs(folder, raw, problems)
    _read_claims(folder, raw, problems)
    return raw, problems


def _text(folder: Path, name: str, problems: list[Problem]) -> str | None:
    data = _bytes(folder, name, problems)
    if data is None:
        return None
    try:
        return decode(data, file=name)
    except QuidqualError as error:
        problems.extend(error.problems)
        return None


def _bytes(folder: Path, name: str, problems: list[Problem]) -> bytes | None:
    try:
        return read_inside(folder, name, file=name)
    except FileNotFoundError:
        problems.append(
            Problem(name, None, "", "the file is missing.", "Put it into the study folder.")
        )
    except IsADirectoryError:
        problems.append(Problem(name, None, "", "this is a folder, not a file.", "Move it away."))
    except PermissionError:
        problems.append(Problem(name, None, "", "the file may not be read.", "Allow reading it."))
    except OSError:
        problems.append(Problem(name, None, "", "the file cannot be read.", "Put it there anew."))
    except QuidqualError as error:
        problems.extend(error.problems)
    return None


def _read_settings(folder: Path, problems: list[Problem]) -> dict[str, Any]:
    text = _text(folder, "study.toml", problems)
    if text is None:
        return {}
    try:
        settings = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.append(_toml_slip(str(error), text))
        return {}
    except (ValueError, RecursionError):  # a number of thousands of digits; too many brackets
        problems.append(
            Problem("study.toml", None, "", "this cannot be read.", "Write it plainly.")
        )
        return {}
    problems.extend(check_document(settings, "study", file="study.toml"))
    return settings


def _toml_slip(said: str, text: str) -> Problem:
    """Name line and column of what is no TOML; Python says them at the end of its message."""
    place = re.search(r"\(at line (\d+), column (\d+)\)$", said)
    row, column = map(int, place.groups()) if place else (text.count("\n") + 1, 0)
    where = f"at column {column}" if column else "where it ends"
    remedy = 'Mend the line: name = "text", numbers and dates bare, lists in [ ].'
    return Problem("study.toml", row, "", f"this is not valid TOML {where}.", remedy)


def _read_csv(
    folder: Path, name: str, raw: RawStudy, problems: list[Problem]
) -> tuple[pd.DataFrame, list[int]]:
    data = _bytes(folder, name, problems)
    if data is None:
        raw.unusable.add(name)
        return pd.DataFrame(), []
    table = read_text_table(data, file=name, columns=fields_of(name.removesuffix(".csv")))
    problems.extend(table.problems)
    if any(problem.level == "error" for problem in table.problems):
        raw.unusable.add(name)
    return table.frame, table.rows


def _read_notes(folder: Path, raw: RawStudy, problems: list[Problem]) -> dict[str, str]:
    notes: dict[str, str] = {}
    if not {"interview", "note"} <= set(raw.interviews.columns):
        return notes
    named: dict[str, int] = {}
    for row, interview, name in zip(
        raw.interview_rows, raw.interviews["interview"], raw.interviews["note"], strict=True
    ):
        if not name:
            continue
        if name in named:
            message = f"{name!r} is the note of row {named[name]} as well."
            remedy = "Each interview has a note of its own."
            problems.append(Problem("interviews.csv", row, "note", message, remedy))
            continue
        named[name] = row
        try:
            data = read_inside(folder, name, file="interviews.csv", row=row, field="note")
            notes[interview] = decode(data, file=name)
        except OSError:
            message = f"the note {name!r} is not there."
            remedy = "Add the file or empty the cell."
            problems.append(Problem("interviews.csv", row, "note", message, remedy))
        except QuidqualError as error:
            problems.extend(error.problems)
    for path in sorted((folder / "notes").glob("*.md")):
        if f"notes/{path.name}" not in named:
            message = "no interview has this note."
            remedy = "Name it in interviews.csv, field 'note'."
            problems.append(Problem(f"notes/{path.name}", None, "", message, remedy, "warning"))
    return notes


def _read_document(
    folder: Path, name: str, problems: list[Problem]
) -> tuple[dict[str, Any] | None, str]:
    """Read and check codebook.yaml or claims.yaml: what it says, and its text.

    None and "" where it cannot be used.
    """
    file = f"{name}.yaml"
    text = _text(folder, file, problems)
    if text is None:
        return None, ""
    try:
        document = load_yaml(text, file=file)
    except QuidqualError as error:
        problems.extend(error.problems)
        return None, ""
    found = check_document(document, name, file=file, source=text)
    problems.extend(found)
    return (None, "") if found else (document, text)


def _read_codebook(folder: Path, raw: RawStudy, problems: list[Problem]) -> Codebook:
    document, _ = _read_document(folder, "codebook", problems)
    if document is not None:
        try:
            return Codebook(document["codes"] or (), constructs=document.get("constructs") or ())
        except QuidqualError as error:
            problems.extend(error.problems)
    raw.unusable.add("codebook.yaml")
    return Codebook()


def _read_logs(folder: Path, raw: RawStudy, problems: list[Problem]) -> None:
    standing: list[dict[str, Any]] = []
    marks: list[dict[str, Any]] = []
    places: dict[tuple[str, str], tuple[str, int]] = {}
    logs: dict[str, str] = {}
    for path in sorted((folder / "codings").glob("*.jsonl")):
        file = f"codings/{path.name}"
        coder = identifier_of(path.stem)
        if logs.setdefault(coder, file) != file:
            message = f"{logs[coder]} is a log of the coder {coder!r} as well."
            problems.append(Problem(file, None, "", message, "Put both into one file."))
            continue
        try:
            data = read_inside(folder, file, file=file)
        except QuidqualError as error:
            problems.extend(error.problems)
            continue
        except OSError:
            remedy = "Put the coder's log there, or move this away."
            problems.append(Problem(file, None, "", "this log cannot be read.", remedy))
            continue
        entries, found = parse_log(data, file=file)
        replayed = replay(entries, file=file, coder=coder)
        problems.extend([*found, *replayed.problems])
        standing.extend(replayed.codings)
        marks.extend(replayed.reads)
        places.update({(coder, c["id"]): (file, c["_row"]) for c in replayed.codings})
    raw.codings, raw.reads = coding_frame(standing), read_frame(marks)
    keys = zip(raw.codings["coder"], raw.codings["id"], strict=True)
    raw.coding_places = [places[key] for key in keys]


def _read_claims(folder: Path, raw: RawStudy, problems: list[Problem]) -> None:
    if not os.path.lexists(folder / "claims.yaml"):
        return
    document, raw.claims_source = _read_document(folder, "claims", problems)
    if document is None:
        return
    raw.claims = tuple(Claim.from_dict(claim) for claim in document.get("claims") or ())
    raw.report = document.get("report") or {}
    raw.recommendations = tuple(document.get("recommendations") or ())
