"""What one coder's log says at this moment, and how each of its steps is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from quidqual.study.log import COLUMNS, read_id

Line = dict[str, Any]
OWN = ("op", "id", "at", "coder", "step", "undoes", "redoes", "carried", "more", "_row")


class LogState:
    """One coder's log, replayed line by line.

    Attributes
    ----------
    coder : str
    standing : dict of str to dict
        Coding by id, with the keys of `quidqual.study.log.COLUMNS`.
    read : set of str
        Interviews that the coder has read.
    steps : dict of str to list of lines
        For each step what takes it back, the last change first.
    touched : dict of str to str
        When the coder last set code or bounds of a coding, or said that it still holds.
    decides : dict of str to list of str
        Codings of a third set: the codings of the two coders that each decides on.
    """

    def __init__(self, coder: str, entries: Iterable[Mapping[str, Any]] = ()) -> None:
        self.coder = coder
        self.standing: dict[str, Line] = {}
        self.read: set[str] = set()
        self.steps: dict[str, list[Line]] = {}
        self.marks: dict[str, Line] = {}
        self.touched: dict[str, str] = {}
        self.decides: dict[str, list[str]] = {}
        self._touched_before: dict[str, dict[str, str]] = {}
        for entry in entries:
            self.apply(entry)

    def apply(self, line: Mapping[str, Any]) -> None:
        """Take in one line of the log."""
        back = self._backwards(line)
        op, key = line["op"], line["id"]
        if op == "add":
            empty = {**dict.fromkeys(COLUMNS, ""), "source": "hand", "weight": None}
            told = {k: line[k] for k in COLUMNS if k in line}
            if told.get("start") is None:  # words alone: whoever has the note looks them up
                told |= {"start": -1, "end": -1}
            self.standing[key] = {**empty, **told}
        elif op == "edit" and key in self.standing:
            changed = {k: line[k] for k in COLUMNS if k in line and k != "at"}
            self.standing[key] = {**self.standing[key], **changed}
        elif op == "remove":
            self.standing.pop(key, None)
        elif op == "read":
            self.read.add(line["interview"])
        elif op == "unread":
            self.read.discard(line["interview"])
        if op == "add" and "decides" in line:
            self.decides[key] = list(line["decides"])
        if op in ("add", "edit", "remove") and not line.get("carried"):
            self._touch(line)
        step = line.get("step")
        if step:
            self.steps[step] = [*back, *self.steps.get(step, [])]
            self.marks[step] = {k: line[k] for k in ("what", "undoes", "redoes") if k in line}

    def _touch(self, line: Mapping[str, Any]) -> None:
        """Note when a coding was set; a step taken back gives it the time it had before."""
        key, was = line["id"], self.touched.get(line["id"], "")
        undone = line.get("undoes") or line.get("redoes")
        back = self._touched_before.get(undone, {}) if undone else {}
        if line.get("step"):
            self._touched_before.setdefault(line["step"], {}).setdefault(key, was)
        if line["op"] != "remove":
            self.touched[key] = back.get(key, line.get("at", ""))

    def _backwards(self, line: Mapping[str, Any]) -> list[Line]:
        """Lines that undo a line, told before it is applied."""
        op, key = line["op"], line["id"]
        before = self.standing.get(key)
        if op == "add" and before is None:
            return [{"op": "remove", "id": key}]
        if op == "remove" and before is not None:
            return [{"op": "add", **before}]
        if op == "edit" and before is not None:
            return edit_lines(before, {k: before[k] for k in COLUMNS if k in line and k != "at"})
        if op in ("read", "unread"):
            was = line["interview"] in self.read
            return [read_line(self.coder, line["interview"], read=was)]
        return []

    def undoing(self, step: str) -> list[Line]:
        """Lines that take a step back, without what later changes made pointless."""
        standing = set(self.standing)
        kept: list[Line] = []
        for line in self.steps.get(step, []):
            there = line["id"] in standing
            if (line["op"] in ("edit", "remove") and not there) or (line["op"] == "add" and there):
                continue
            if line["op"] == "add":
                standing.add(line["id"])
            elif line["op"] == "remove":
                standing.discard(line["id"])
            kept.append(dict(line))
        return kept


def edit_lines(coding: Mapping[str, Any], changes: Mapping[str, Any]) -> list[Line]:
    """Lines that give a coding other values.

    An ``edit`` leaves empty fields out, so a field that becomes empty is written by removing
    the coding and adding it anew under its id, in one batch.
    """
    if all(value not in ("", None) for value in changes.values()):
        return [{"op": "edit", "id": coding["id"], **changes}]
    return [{"op": "remove", "id": coding["id"]}, {"op": "add", **coding, **changes}]


def read_line(coder: str, interview: str, *, read: bool) -> Line:
    """Line that says that a coder has read a note, or has not."""
    op = "read" if read else "unread"
    return {"op": op, "id": read_id(coder, interview), "interview": interview}
