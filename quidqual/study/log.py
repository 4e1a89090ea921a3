"""The coding log: one append-only JSON Lines file a coder, replayed into a table.

Each line is ``add``, ``edit`` or ``remove``. The log is its own audit trail and undo
history; two coders' logs merge in git without conflict; a power cut costs at most the
line that was being written.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from quidqual.study.errors import Problem, QuidqualError, listed
from quidqual.study.files import file_stem, write_atomic

NAMESPACE = uuid.UUID("6b1f7c52-6a0e-5d0c-9f0e-2f6d1c1f9a51")
"""Namespace of the ids of codings: uuid5 of what the coding says, so equal input, equal ids."""

COLUMNS = (
    "id", "at", "coder", "interview", "start", "end", "exact", "prefix", "suffix",
    "code", "source", "weight", "memo",
)  # fmt: skip
SOURCES = ("hand", "rule", "model")
CONTEXT = 32
_LAST = 2**53  # beyond it a number of a JSON file is no longer exact
_REQUIRED = ("id", "at", "coder", "interview", "start", "end", "exact", "code")
_TEXT = ("id", "at", "coder", "interview", "exact", "prefix", "suffix", "code", "source", "memo")


def coding_id(coder: str, interview: str, start: int, end: int, code: str, nth: int = 0) -> str:
    """Make the id of a coding from what it says.

    Examples
    --------
    >>> coding_id("A", "S1-R1", 0, 5, "trust") == coding_id("A", "S1-R1", 0, 5, "trust")
    True
    """
    name = "\x1f".join([coder, interview, str(start), str(end), code, str(nth)])
    # uuid.uuid5 written out: a study of 200,000 codings makes as many ids
    digest = hashlib.sha1(NAMESPACE.bytes + name.encode("utf-8"), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digest[16], 16) & 3]
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


def log_file(coder: str) -> str:
    """Path of a coder's log inside the study folder."""
    return f"codings/{file_stem(coder)}.jsonl"


def parse_log(data: bytes, *, file: str) -> tuple[list[dict[str, Any]], list[Problem], bytes]:
    """Read the lines of a log.

    Parameters
    ----------
    data : bytes
        Content of the file.
    file : str
        Its name, for messages.

    Returns
    -------
    entries : list of dict
        The operations in order; each has the additional key ``_row``.
    problems : list of Problem
        Lines that are no operation (errors) and a truncated last line (a warning).
    fragment : bytes
        The truncated last line: kept aside, never replayed, never deleted.
    """
    entries: list[dict[str, Any]] = []
    problems: list[Problem] = []
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    last = lines.pop()
    complete = [
        *((i, line, True) for i, line in enumerate(lines, 1)),
        (len(lines) + 1, last, False),
    ]
    for row, line, ended in complete:
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            if not isinstance(entry, dict):
                raise ValueError
            if b"\\ud" in line.lower():  # half of a character cannot be written again
                json.dumps(entry, ensure_ascii=False).encode("utf-8")
        except (ValueError, RecursionError):
            if not ended:
                message = "the last line was cut off while it was written; it was kept aside."
                remedy = "The rest was loaded. Code that passage again if it is missing."
                problems.append(Problem(file, row, "", message, remedy, "warning"))
                return entries, problems, last
            remedy = "Restore the line from version control, or delete it."
            problems.append(Problem(file, row, "", "the line is not a JSON object.", remedy))
            continue
        entry["_row"] = row
        entries.append(entry)
    return entries, problems, b""


def replay(
    entries: Iterable[Mapping[str, Any]], *, file: str, coder: str
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Replay one coder's log into the codings that stand at its end.

    Returns
    -------
    codings : list of dict
        One a coding, with the keys of `COLUMNS` and ``_row`` (its last line).
    problems : list of Problem
        Missing or mistyped fields, an id added twice, an edit or removal of nothing.
    """
    standing: dict[str, dict[str, Any]] = {}
    gone: set[str] = set()
    problems: list[Problem] = []

    def wrong(entry: Mapping[str, Any], field: str, message: str, remedy: str) -> None:
        problems.append(Problem(file, entry.get("_row"), field, message, remedy))

    for entry in entries:
        op, key = entry.get("op"), entry.get("id")
        if not isinstance(key, str) or not key:
            wrong(entry, "id", "there is no id.", "Every line names the coding that it is about.")
        elif op == "add":
            fields = _entry_problems(entry, coder)
            for field, message, remedy in fields:
                wrong(entry, field, message, remedy)
            if key in standing:
                wrong(entry, "id", "this id was added before.", "Give each coding its own id.")
            elif not fields:
                standing[key] = {**dict.fromkeys(COLUMNS, ""), "source": "hand", **_kept(entry)}
                standing[key]["weight"] = entry.get("weight")
        elif op in ("edit", "remove") and key not in standing:
            if not (op == "remove" and key in gone):
                wrong(entry, "id", f"{op} of a coding that is not there.", "Check the id.")
        elif op == "edit":
            merged = {**standing[key], **_kept(entry), "at": standing[key]["at"]}
            fields = _entry_problems(merged, coder)
            for field, message, remedy in fields:
                wrong(entry, field, message, remedy)
            if not fields:
                standing[key] = merged
        elif op == "remove":
            del standing[key]
            gone.add(key)
        else:
            wrong(entry, "op", f"{op!r} is no operation.", "Use one of: 'add', 'edit', 'remove'.")
    return list(standing.values()), problems


def _kept(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entry[key] for key in (*COLUMNS, "_row") if key in entry}


def _entry_problems(entry: Mapping[str, Any], coder: str) -> list[tuple[str, str, str]]:
    """What is wrong with the fields of an added or edited coding."""
    found = [
        (field, "the field is missing.", "Write it, or restore the line.")
        for field in _REQUIRED
        if field not in entry
    ]
    found += [
        (field, "the value is not text.", "Put it in quotation marks.")
        for field in _TEXT
        if field in entry and not isinstance(entry[field], str)
    ]
    start, end = entry.get("start"), entry.get("end")
    whole = [isinstance(n, int) and not isinstance(n, bool) for n in (start, end)]
    if not isinstance(start, int) or not isinstance(end, int) or not all(whole):
        found.append(("start", "start and end must be whole numbers.", "Count code points from 0."))
    elif start < 0 or end <= start or end > _LAST:
        found.append(
            ("end", "end must be greater than start, and start not negative.", "Mend the offsets.")
        )
    if entry.get("coder", coder) != coder:
        found.append(("coder", "the coder is not the one whose log this is.", f"Write {coder!r}."))
    if entry.get("source", "hand") not in SOURCES:
        found.append(("source", "unknown source.", f"Use one of: {listed(SOURCES)}."))
    weight = entry.get("weight")
    number = isinstance(weight, int | float) and not isinstance(weight, bool)
    if weight is not None and not (number and abs(weight) <= _LAST):
        found.append(("weight", "the weight is not a number.", "Write a number or null."))
    return found


def coding_frame(codings: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Put codings into a frame with the columns of `COLUMNS`, typed and sorted."""
    frame = pd.DataFrame(list(codings), columns=list(COLUMNS))
    for column in ("start", "end"):
        frame[column] = frame[column].astype("int64")
    frame["weight"] = frame["weight"].astype("Float64")
    return sort_codings(frame)


def sort_codings(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort codings by interview, place, code and coder, with a plain index."""
    return frame.sort_values(
        ["interview", "start", "end", "code", "coder", "id"], kind="stable", ignore_index=True
    )


def add_lines(frame: pd.DataFrame) -> str:
    """Write codings as the ``add`` lines of a log, in the order of time, then of place."""
    ordered = frame.sort_values(
        ["at", "interview", "start", "end", "code", "id"], kind="stable", ignore_index=True
    )
    records = ordered[[c for c in COLUMNS if c in ordered]].to_dict("records")
    return "".join(_line({"op": "add", **record}) for record in records)


def _line(entry: Mapping[str, Any]) -> str:
    clean: dict[str, Any] = {}
    for key, value in entry.items():
        if value is pd.NA or value is None or value == "":
            if key in ("op", *_REQUIRED):
                clean[key] = "" if value is None or value is pd.NA else value
            continue
        if key == "weight":
            value = int(value) if float(value).is_integer() else float(value)
        clean[key] = int(value) if key in ("start", "end") else value
    return json.dumps(clean, ensure_ascii=False) + "\n"


def append(folder: Path, coder: str, entries: Iterable[Mapping[str, Any]]) -> None:
    """Append operations to a coder's log: one write, fsync; a cut-off line is kept aside first.

    Raises
    ------
    QuidqualError
        If the log on disk has a broken line other than the last.
    """
    path = folder / log_file(coder)
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_bytes() if path.is_file() else b""
    if before and not before.endswith(b"\n"):
        before = _set_aside(path, before)
    block = "".join(_line(entry) for entry in entries).encode("utf-8")
    with open(path, "ab") as stream:
        stream.write(block)
        stream.flush()
        os.fsync(stream.fileno())


def _set_aside(path: Path, data: bytes) -> bytes:
    """Move a cut-off last line into a file beside the log, so that a new line starts clean."""
    _, problems, fragment = parse_log(data, file=path.name)
    errors = [p for p in problems if p.level == "error"]
    if errors:
        raise QuidqualError(errors)
    if not fragment:
        write_atomic(path, data + b"\n")
        return data + b"\n"
    aside = path.with_suffix(".aside")
    kept = aside.read_bytes() if aside.is_file() else b""
    write_atomic(aside, kept + fragment + b"\n")
    whole = data[: len(data) - len(fragment)]
    write_atomic(path, whole)
    return whole
