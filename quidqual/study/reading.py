"""Reading a study folder into tables of strings: every file, every problem, no conclusion yet."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from quidqual.study.anchor import by_words
from quidqual.study.claims import Claim
from quidqual.study.codebook import Codebook
from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.files import read_inside
from quidqual.study.gate import identifier_of
from quidqual.study.log import COLUMNS, coding_frame, parse_log, read_frame, replay
from quidqual.study.read_table import read_text_table
from quidqual.study.schema import check_document, fields_of
from quidqual.study.text import decode
from quidqual.study.yaml_text import load_yaml


def _empty_codings() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS))


def _no_reads() -> pd.DataFrame:
    return read_frame([])


@dataclass
class RawStudy:
    """Tables of one study with the rows they came from.

    Attributes
    ----------
    settings : dict
        Content of ``study.toml``.
    participants, interviews : DataFrame
        Cells are strings, "" where missing.
    participant_rows, interview_rows : list of int
        Line of each row in its file.
    notes : dict of str to str
        Interview to canonical text.
    codebook : Codebook
    codings : DataFrame
        Columns of `quidqual.study.log.COLUMNS`.
    coding_places : list of (str, int) or None
        File and line of each coding; None if they did not come from logs.
    reads : DataFrame
        Columns of `quidqual.study.log.READ_COLUMNS`: which coder has read which note.
    claims : tuple of Claim
    claims_source : str
        Text of claims.yaml, from which the row of a problem is told; "" if there is no file.
    report : mapping
        What claims.yaml says of the report itself.
    recommendations : tuple of mapping
        Recommendations of the report and the findings they rest on.
    found : tuple of Problem
        What was wrong already before the tables were made (a place out of its note).
    read_from : RawStudy or None
        The whole study, if this is a reading of one that was saved.
    unusable : set of str
        Files of which nothing could be read: what refers to them is not checked.
    """

    settings: dict[str, Any] = field(default_factory=dict)
    participants: pd.DataFrame = field(default_factory=pd.DataFrame)
    interviews: pd.DataFrame = field(default_factory=pd.DataFrame)
    participant_rows: list[int] = field(default_factory=list)
    interview_rows: list[int] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    codebook: Codebook = field(default_factory=Codebook)
    codings: pd.DataFrame = field(default_factory=_empty_codings)
    coding_places: list[tuple[str, int]] | None = None
    reads: pd.DataFrame = field(default_factory=_no_reads)
    claims: tuple[Claim, ...] = ()
    claims_source: str = ""
    report: Mapping[str, Any] = field(default_factory=dict)
    recommendations: tuple[Mapping[str, Any], ...] = ()
    found: tuple[Problem, ...] = ()
    read_from: RawStudy | None = None
    unusable: set[str] = field(default_factory=set)

    def copy(self) -> RawStudy:
        """Give a copy that may be edited without changing this one."""
        frames = ("participants", "interviews", "codings", "reads")
        rows = ("participant_rows", "interview_rows", "coding_places")
        rest = (*rows, "claims", "recommendations", "unusable")
        return replace(
            self,
            settings=deepcopy(self.settings),
            notes=dict(self.notes),
            report=deepcopy(dict(self.report)),
            **{name: getattr(self, name).copy(deep=False) for name in frames},
            **{name: deepcopy(getattr(self, name)) for name in rest},
        )


def round_list(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """Rounds of ``study.toml`` that have a name, in order."""
    rounds = settings.get("rounds")
    if not isinstance(rounds, list):
        return []
    return [r for r in rounds if isinstance(r, dict) and isinstance(r.get("round"), str)]


def notes_read(
    raw: RawStudy, coders: Iterable[str] | None = None, *, uncoded: str | None = None
) -> frozenset[str]:
    """Interviews whose notes any of some coders has read; see `Study.notes_read`.

    ``uncoded`` reads the notes without a coding or a mark otherwise than ``study.toml`` says.
    """
    primary = raw.settings.get("primary_coder")
    asked = set(coders) if coders is not None else {primary} if primary else everyone(raw)
    known, found = frozenset(raw.notes), set[str]()
    all_unless_marked = (uncoded or raw.settings.get("uncoded")) == "absent"
    if all_unless_marked and not asked:
        return known
    for coder in asked:
        marked = {*_of(raw.reads, coder), *_declared(raw, coder)}
        coded = known if all_unless_marked else _of(raw.codings, coder)
        found |= marked or set(coded)
    return known & found


def everyone(raw: RawStudy) -> set[str]:
    """Coders who have coded, marked a note as read, or cover notes by ``study.toml``."""
    cover = {name for name, covers in covers_of(raw.settings).items() if covers}
    return {*raw.codings["coder"].unique(), *raw.reads["coder"].unique(), *cover}


def _of(frame: pd.DataFrame, coder: str) -> set[str]:
    return set(frame.loc[frame["coder"] == coder, "interview"].unique())


def _declared(raw: RawStudy, coder: str) -> set[str]:
    """Interviews that ``study.toml`` says a coder has covered."""
    covers = covers_of(raw.settings).get(coder, ())
    return set(raw.notes) if "all" in covers else set(covers)


def covers_of(settings: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Read which interviews each coder covers; what is not written so, the schema tells."""
    declared = settings.get("coders")
    found: dict[str, tuple[str, ...]] = {}
    for coder, about in declared.items() if isinstance(declared, Mapping) else ():
        covers = about.get("covers") if isinstance(about, Mapping) else None
        named = [covers] if isinstance(covers, str) else covers if isinstance(covers, list) else []
        found[coder] = tuple(name for name in named if isinstance(name, str))
    return found


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
            "study.toml is not there, so this folder is not a study.",
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
    raw.settings = read_settings(folder, problems)
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


_DOTTED = re.compile(
    r"""(?:^[\[ \t]*|[{,][ \t]*)(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){64}""",
    re.MULTILINE,
)


def load_toml(text: str) -> dict[str, Any]:
    """Read TOML; a key of very many dots, over which the parser sits for minutes, is refused.

    Raises
    ------
    ValueError, RecursionError
        Also `tomllib.TOMLDecodeError`, which is a ValueError.
    """
    if _DOTTED.search(text):
        raise ValueError("a key of too many parts")
    return tomllib.loads(text)


def read_settings(folder: Path, problems: list[Problem]) -> dict[str, Any]:
    """Read ``study.toml`` of a folder; empty where it cannot be read."""
    text = _text(folder, "study.toml", problems)
    if text is None:
        return {}
    try:
        settings = load_toml(text)
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
    """Name line and column of a slip in TOML; Python says them at the end of its message."""
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
    standing = _placed(standing, places, raw.notes, problems)
    raw.codings, raw.reads = coding_frame(standing), read_frame(marks)
    keys = zip(raw.codings["coder"], raw.codings["id"], strict=True)
    raw.coding_places = [places[key] for key in keys]


def _placed(
    standing: list[dict[str, Any]],
    places: Mapping[tuple[str, str], tuple[str, int]],
    notes: Mapping[str, str],
    problems: list[Problem],
) -> list[dict[str, Any]]:
    """Look up codings that were written by their words alone, by hand or by another program."""
    kept = []
    for coding in standing:
        if coding["start"] is None:
            try:
                coding = {**coding, **by_words(coding, notes.get(coding["interview"]))}
            except QuidqualError as error:
                file, row = places[coding["coder"], coding["id"]]
                problems += [replace(p, file=file, row=row) for p in error.problems]
                continue
        kept.append(coding)
    return kept


def _read_claims(folder: Path, raw: RawStudy, problems: list[Problem]) -> None:
    if not os.path.lexists(folder / "claims.yaml"):
        return
    document, raw.claims_source = _read_document(folder, "claims", problems)
    if document is None:
        return
    raw.claims = tuple(Claim.from_dict(claim) for claim in document.get("claims") or ())
    raw.report = document.get("report") or {}
    raw.recommendations = tuple(document.get("recommendations") or ())
