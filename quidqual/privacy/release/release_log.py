"""The log of overrides: who let what through and why, each row sealed by the one before."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path, writing
from quidqual.study.write_table import bare_cell, safe_cell

COLUMNS = ("number", "at", "name", "rule", "place", "reason", "content", "before", "seal")
_FIRST = "0" * 64


def read_log(path: str | Path) -> list[dict[str, str]]:
    """Read a log and check its chain.

    Raises
    ------
    QuidqualError
        If a row was changed, taken out or put in: it names the first that does not fit.
    """
    target = as_path(path, field="log")
    if not target.exists():
        return []
    rows = [
        {name: bare_cell(row.get(name) or "") for name in COLUMNS}
        for row in csv.DictReader(io.StringIO(target.read_text("utf-8")))
    ]
    before = _FIRST
    for number, told in enumerate(rows, 1):
        if told["number"] != str(number) or told["before"] != before or told["seal"] != _seal(told):
            raise QuidqualError.of(
                "the row does not fit the chain: the log was changed after it was written.",
                remedy="Restore it from version control.",
                file=target.name,
                row=number + 1,
            )
        before = told["seal"]
    return rows


def append_override(
    path: str | Path, *, name: str, reason: str, rule: str, place: str, content: str, at: str = ""
) -> None:
    """Append one override.

    Parameters
    ----------
    path : path
        ``release_log.csv``.
    name, reason : str
        Who takes the responsibility, and why it may be published.
    rule, place : str
        Of the finding that is let through.
    content : str
        SHA-256 of what was checked: of anything else the override says nothing.
    at : str
        Time, ISO 8601; no clock is read.

    Raises
    ------
    QuidqualError
        If the name or the reason is missing, or the log's chain is broken.
    """
    for field, value in (("name", name), ("reason", reason)):
        if not isinstance(value, str) or len(value.strip()) < 3:
            raise QuidqualError.of(
                f"an override needs a {field}.", remedy=f"Give {field}=.", field=field
            )
    target = as_path(path, field="log")
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        # Two people who let something through at once would both be row 3, and break the chain.
        with _alone(target):
            _append(target, {"at": at, "name": name.strip(), "rule": rule, "place": place,
                             "reason": reason.strip(), "content": content})  # fmt: skip


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    lock = FileLock(target.with_name(f".{target.name}.lock"), timeout=30)
    try:
        lock.acquire()
    except Timeout:
        raise QuidqualError.of(
            "another program is writing this log.", remedy="Try again.", file=target.name
        ) from None
    try:
        yield
    finally:
        lock.release()


def _append(target: Path, told: dict[str, str]) -> None:
    rows = read_log(target)
    row = {
        "number": str(len(rows) + 1),
        **told,
        "before": rows[-1]["seal"] if rows else _FIRST,
    }
    row["seal"] = _seal(row)
    lines = io.StringIO()
    writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
    if not rows:
        writer.writeheader()
    writer.writerow({name: safe_cell(cell) for name, cell in row.items()})
    with open(target, "ab") as stream:
        size = stream.tell()
        try:
            stream.write(lines.getvalue().encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
        except OSError:
            os.truncate(target, size)
            raise


def overridden(rows: Sequence[dict[str, str]], rule: str, place: str, content: str) -> str:
    """Tell who let a finding through; "" if nobody did."""
    for row in rows:
        if (row["rule"], row["place"], row["content"]) == (rule, place, content):
            return row["name"]
    return ""


def _seal(row: dict[str, str]) -> str:
    told = {name: row[name] for name in COLUMNS if name != "seal"}
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
