"""The coding log: one append-only JSON Lines file a coder, replayed into tables.

A line adds, edits or removes a coding, or says that the coder has read a note (``read``)
or has not after all (``unread``). The log is its own audit trail and undo history; two
coders' logs merge in git without conflict.

Lines that were written in one go are a batch and count all or not at all: each but the
last carries ``"more": true``. Where a batch breaks off, because the power went, its lines
count as not written; whoever writes next ends it with a line ``void``, so that nothing is
ever taken away from a log. `quidqual.study.log_append` writes.

A line may be written by hand: op, interview, exact and code say what a coding is. Its id, its
coder and the time are made or left empty; where the words stand is looked up in the note.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import pandas as pd

from quidqual.study.errors import Problem, QuidqualError, listed
from quidqual.study.gate import file_stem, identifier_of

NAMESPACE = uuid.UUID("6b1f7c52-6a0e-5d0c-9f0e-2f6d1c1f9a51")
"""Namespace of the ids of codings: uuid5 of what the coding says, so equal input, equal ids."""

COLUMNS = (
    "id", "at", "coder", "interview", "start", "end", "exact", "prefix", "suffix",
    "code", "source", "weight", "memo",
)  # fmt: skip
READ_COLUMNS = ("coder", "interview", "at")
OPS = ("add", "edit", "remove", "read", "unread")
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
    data = NAMESPACE.bytes + name.encode("utf-8", "surrogatepass")
    digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digest[16], 16) & 3]
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


def read_id(coder: str, interview: str) -> str:
    """Make the id of a line that says that a coder has read a note."""
    return coding_id(coder, interview, 0, 0, "", 0)


def log_file(coder: str) -> str:
    """Path of a coder's log inside the study folder.

    Raises
    ------
    QuidqualError
        If the coder has no name, or one that cannot be written.
    """
    stem = file_stem(coder)
    if not coder.strip() or "\0" in coder or coder != coder.strip():
        raise QuidqualError.of(
            "a coder needs a name, without blanks at its ends.",
            remedy="Give a short one, such as 'A'.",
            field="coder",
        )
    return f"codings/{stem}.jsonl"


def parse_log(data: bytes, *, file: str) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Read the lines of a log that count.

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
        Lines that say nothing known (errors); a last line or batch that broke off (a warning).
    """
    entries: list[dict[str, Any]] = []
    batch: list[dict[str, Any]] = []
    problems: list[Problem] = []
    broken: Problem | None = None  # the line before, forgiven if a void follows it
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for row, line in enumerate(lines, 1):
        if not line.strip():
            continue
        entry = _json_object(line)
        if entry is not None and entry.get("op") == "void":
            batch, broken = [], None
            continue
        if broken is not None:
            problems.append(broken)
            broken = None
        if entry is None and row == len(lines):
            problems.append(_broken_off(file, row))
            return entries, problems
        if entry is None:
            remedy = "Restore the line from version control, or delete it."
            broken = Problem(file, row, "", "the line is not a JSON object.", remedy)
            continue
        batch.append({**_by_hand(entry, file), **entry, "_row": row})
        if entry.get("more") is not True:
            entries += batch
            batch = []
    if broken is not None:
        problems.append(broken)
    if batch:
        problems.append(_broken_off(file, batch[0]["_row"]))
    return entries, problems


def _by_hand(entry: Mapping[str, Any], file: str) -> dict[str, Any]:
    """What a line that a person wrote need not say: its id, the coder and the time."""
    op, coder = entry.get("op"), identifier_of(PurePosixPath(file).stem)
    if op not in ("add", "read", "unread") or {"id", "at", "coder"} <= entry.keys():
        return {}
    if op == "add":
        key = str(uuid.uuid5(NAMESPACE, json.dumps(entry, sort_keys=True)))
    else:
        key = read_id(coder, str(entry.get("interview")))
    return {"id": key, "at": "", "coder": coder}


def _json_object(line: bytes) -> dict[str, Any] | None:
    """Read one line; None if it is not a JSON object, or holds what cannot be written again."""
    try:
        entry = json.loads(line.decode("utf-8"))  # of bytes, json takes halves of characters
        if b"\\ud" in line.lower():  # half of a character cannot be written again
            json.dumps(entry, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) else None


def _broken_off(file: str, row: int) -> Problem:
    message = "what was written last was cut off; from this line on nothing counts."
    remedy = "The rest was loaded. Do again what was done last, if it is missing."
    return Problem(file, row, "", message, remedy, "warning")


class Replayed(NamedTuple):
    """What stands at the end of a log, each with ``_row``, and what is wrong with its lines."""

    codings: list[dict[str, Any]]
    reads: list[dict[str, Any]]
    problems: list[Problem]


def replay(entries: Iterable[Mapping[str, Any]], *, file: str, coder: str) -> Replayed:
    """Replay one coder's log into the codings and read marks that stand at its end.

    A line that was added before and says the same is a batch that was tried again, and
    changes nothing.

    Returns
    -------
    Replayed
        ``codings``, one a coding, with the keys of `COLUMNS` (start and end None where a line
        gives the words alone); ``reads``, one a note that
        the coder has read, with those of `READ_COLUMNS`; ``problems``: missing or mistyped
        fields, an id added twice, an edit or removal of nothing, an unknown operation.
    """
    standing: dict[str, dict[str, Any]] = {}
    first: dict[str, dict[str, Any]] = {}
    gone: set[str] = set()
    read: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []

    def wrong(entry: Mapping[str, Any], field: str, message: str, remedy: str) -> None:
        problems.append(Problem(file, entry.get("_row"), field, message, remedy))

    def accepted(entry: Mapping[str, Any], found: list[tuple[str, str, str]]) -> bool:
        for each in found:
            wrong(entry, *each)
        return not found

    for entry in entries:
        op, key = entry.get("op"), entry.get("id")
        if not isinstance(op, str) or op not in OPS:
            said = repr(op) if isinstance(op, str) and len(op) < 30 else "something else"
            remedy = "Mend the line; if a newer quidqual wrote it, update this one."
            wrong(entry, "op", f"op must be one of {listed(OPS)}, not {said}.", remedy)
        elif not isinstance(key, str) or not key:
            wrong(entry, "id", "there is no id.", "Every line names the coding that it is about.")
        elif op in ("read", "unread"):
            if accepted(entry, _field_problems(entry, coder, ("at", "coder", "interview"))):
                read.pop(entry["interview"], None)
                if op == "read":
                    read[entry["interview"]] = {c: entry[c] for c in (*READ_COLUMNS, "_row")}
        elif op == "add":
            told = {k: v for k, v in entry.items() if k not in ("_row", "more")}
            if key in standing and first[key] == told:
                continue
            fine = accepted(entry, _entry_problems(entry, coder))
            if key in standing:
                wrong(entry, "id", "this id was added before.", "Give each coding its own id.")
            elif fine:
                standing[key] = {**dict.fromkeys(COLUMNS, ""), "source": "hand", **_kept(entry)}
                for number in ("start", "end", "weight"):
                    standing[key][number] = entry.get(number)
                first[key] = told
        elif key not in standing:
            if not (op == "remove" and key in gone):
                wrong(entry, "id", f"{op} of a coding that is not there.", "Check the id.")
        elif op == "edit":
            merged = {**standing[key], **_kept(entry), "at": standing[key]["at"]}
            if accepted(entry, _entry_problems(merged, coder)):
                standing[key] = merged
        else:
            del standing[key]
            gone.add(key)
    return Replayed(list(standing.values()), list(read.values()), problems)


def _kept(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: entry[key] for key in (*COLUMNS, "_row") if key in entry}


def _field_problems(
    entry: Mapping[str, Any], coder: str, required: Iterable[str]
) -> list[tuple[str, str, str]]:
    """What every line can have wrong: a field that is missing or no text, another coder."""
    found = [
        (field, "the field is missing.", "Write it, or restore the line.")
        for field in required
        if field not in entry
    ]
    found += [
        (field, "the value is not text.", "Put it in quotation marks.")
        for field in _TEXT
        if field in entry and not isinstance(entry[field], str)
    ]
    if entry.get("coder", coder) != coder:
        found.append(("coder", "the coder is not the one whose log this is.", f"Write {coder!r}."))
    return found


def _entry_problems(entry: Mapping[str, Any], coder: str) -> list[tuple[str, str, str]]:
    """What is wrong with the fields of an added or edited coding."""
    placed = [name for name in _REQUIRED if name not in ("start", "end")]
    found = _field_problems(entry, coder, placed)
    start, end = entry.get("start"), entry.get("end")
    whole = [isinstance(n, int) and not isinstance(n, bool) for n in (start, end)]
    if start is None and end is None:
        pass  # the words alone say where: they are looked up in the note
    elif not isinstance(start, int) or not isinstance(end, int) or not all(whole):
        found.append(("start", "start and end must be whole numbers.", "Count code points from 0."))
    elif start < 0 or end <= start or end > _LAST:
        found.append(
            ("end", "end must be greater than start, and start not negative.", "Mend the offsets.")
        )
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


def read_frame(reads: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Put read marks into a frame with the columns of `READ_COLUMNS`, sorted."""
    frame = pd.DataFrame(list(reads), columns=list(READ_COLUMNS), dtype=object)
    return frame.sort_values(["coder", "interview"], kind="stable", ignore_index=True)


def add_lines(codings: pd.DataFrame, reads: pd.DataFrame | None = None) -> str:
    """Write what stands as the lines of a log: codings in the order of time, then read marks."""
    ordered = codings.sort_values(
        ["at", "interview", "start", "end", "code", "id"], kind="stable", ignore_index=True
    )
    records = ordered[[c for c in COLUMNS if c in ordered]].to_dict("records")
    lines = [line_of({"op": "add", **record}) for record in records]
    for mark in [] if reads is None else reads.to_dict("records"):
        key = read_id(mark["coder"], mark["interview"])
        lines.append(line_of({"op": "read", "id": key, **mark}))
    return "".join(lines)


def line_of(entry: Mapping[str, Any]) -> str:
    """Write one operation as a line of a log, without empty fields that may be left out."""
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
