"""A step that touches several files of a study, whole or not at all, whenever the power goes.

Renaming a code changes the codebook, the claims and the log of every coder. What is to be
written is first put down in one file, `unfinished-step.json`; from then on the step counts
as done, and whoever opens the folder next finishes it. Each part is written only if it is
not there yet, so finishing twice changes nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quidqual.hand_coding.text_patches import patch_between
from quidqual.study.files import write_atomic, write_inside, writing
from quidqual.study.gate import safe_path
from quidqual.study.log import parse_log
from quidqual.study.log_append import append, log_path

PENDING = "unfinished-step.json"
CODEBOOK_LOG = "codebook.log.jsonl"
NOTES_LOG = "notes.log.jsonl"


def carry(
    folder: Path,
    record: Mapping[str, Any],
    *,
    texts: Mapping[str, str],
    lines: Mapping[str, Sequence[Mapping[str, Any]]],
    log: str = CODEBOOK_LOG,
) -> dict[str, Any]:
    """Write a step: new texts of files, lines of logs, and a record of it.

    Parameters
    ----------
    folder : Path
        Study folder; the caller holds the locks of all logs in ``lines``.
    record : mapping
        ``step``, ``op``, ``coder``, ``at`` and what the step says of itself.
    texts : mapping of path to text
        Files as they will be; the record keeps what changed in them.
    lines : mapping of coder to lines
        What is added to the logs; each line carries the same ``step``.
    log : str
        Where the record goes.

    Returns
    -------
    dict
        The record as written, with ``patches`` and ``codings`` (ids by coder).
    """
    before = {name: _text(folder / name) for name in texts}
    full = {
        **record,
        "patches": {n: patch_between(before[n], t) for n, t in texts.items() if t != before[n]},
        "codings": {
            coder: sorted({line["id"] for line in added if "id" in line})
            for coder, added in lines.items() if added
        },
    }  # fmt: skip
    start = _opening(folder, record) if log == CODEBOOK_LOG else []
    pending = {
        "log": log, "records": [*start, full], "texts": dict(texts),
        "lines": {coder: [dict(line) for line in added] for coder, added in lines.items()},
    }  # fmt: skip
    write_atomic(folder / PENDING, json.dumps(pending, ensure_ascii=False))
    finish(folder)
    return full


def finish(folder: Path) -> bool:
    """Finish a step that was cut off; True if there was one."""
    path = folder / PENDING
    if not path.is_file():
        return False
    pending = json.loads(path.read_text("utf-8"))
    step = pending["records"][-1]["step"]
    for coder, lines in pending["lines"].items():
        if lines and step not in _steps_of(log_path(folder, coder)):
            append(folder, coder, lines)
    for name, text in pending["texts"].items():
        write_inside(folder, name, text)
    log = safe_path(folder, pending["log"])
    if all(record.get("step") != step for record in read_records(log)):
        append_lines(log, pending["records"])
    path.unlink()
    return True


def append_lines(path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    """Add lines to a log beside the codings, all of them or none, and wait for the disk."""
    block = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records).encode("utf-8")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _append_block(path, block)


def _append_block(path: Path, block: bytes) -> None:
    with open(path, "ab") as stream:
        size = stream.tell()
        try:
            if size and not path.read_bytes().endswith(b"\n"):
                block = b"\n" + block  # a line cut off by a power cut stays, on its own
            stream.write(block)
            stream.flush()
            os.fsync(stream.fileno())
        except OSError:
            os.truncate(path, size)
            raise


def read_records(path: Path) -> list[dict[str, Any]]:
    """Read the lines of such a log; a line that was cut off is passed over."""
    if not path.is_file():
        return []
    records = []
    for line in path.read_bytes().split(b"\n"):
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            records.append(record)
    return records


def _opening(folder: Path, record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the history needs first: the codebook it starts from, or an edit by hand."""
    from quidqual.hand_coding.codebook_versions import latest_text

    text = _text(folder / "codebook.yaml")
    known = latest_text(read_records(folder / CODEBOOK_LOG))
    if known is None:
        return [{"op": "base", "at": record["at"], "text": text}]
    if known != text:
        patch = {"codebook.yaml": patch_between(known, text)}
        return [{"op": "by hand", "at": record["at"], "patches": patch}]
    return []


def _steps_of(log: Path) -> set[str]:
    """Steps whose lines count in a coder's log."""
    if not log.is_file():
        return set()
    entries, _ = parse_log(log.read_bytes(), file=log.name)
    return {entry["step"] for entry in entries if "step" in entry}


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8") if path.is_file() else ""
