"""The log of overrides: who let what through and why, each row sealed by the one before."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path

from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path

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
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8"))))
    before = _FIRST
    for number, row in enumerate(rows, 1):
        told = {name: row.get(name) or "" for name in COLUMNS}
        if told["number"] != str(number) or told["before"] != before or told["seal"] != _seal(told):
            raise QuidqualError.of(
                "the row does not fit the chain: the log was changed after it was written.",
                remedy="Restore it from version control.",
                file=target.name,
                row=number + 1,
            )
        before = told["seal"]
    return [{name: row.get(name) or "" for name in COLUMNS} for row in rows]


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
    rows = read_log(target)
    row = {
        "number": str(len(rows) + 1),
        "at": at,
        "name": name.strip(),
        "rule": rule,
        "place": place,
        "reason": reason.strip(),
        "content": content,
        "before": rows[-1]["seal"] if rows else _FIRST,
    }
    row["seal"] = _seal(row)
    lines = io.StringIO()
    writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
    if not rows:
        writer.writeheader()
    writer.writerow(row)
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "ab") as stream:
        stream.write(lines.getvalue().encode("utf-8"))


def overridden(rows: Sequence[dict[str, str]], rule: str, place: str, content: str) -> str:
    """Tell who let a finding through; "" if nobody did."""
    for row in rows:
        if (row["rule"], row["place"], row["content"]) == (rule, place, content):
            return row["name"]
    return ""


def _seal(row: dict[str, str]) -> str:
    told = {name: row[name] for name in COLUMNS if name != "seal"}
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
