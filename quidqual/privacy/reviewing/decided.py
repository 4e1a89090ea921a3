"""What a person decides of a queue, one step after the other; the Jupyter side only shows it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from quidqual.faces.html_face import plain_table
from quidqual.privacy.pseudonyms.key_file import check_place
from quidqual.privacy.pseudonyms.review_queue import (
    COLUMNS,
    DECISIONS,
    decisions_of,
    read_queue,
    write_queue,
)
from quidqual.study.arguments import must_be_table
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.files import as_path

STEPS = ("step", "row", "where", "start", "end", "decision", "replacement", "reason")


class Review:
    """A queue, its decisions so far, and every step that led to them.

    Parameters
    ----------
    queue : DataFrame or path
        The queue of `pseudonymise`. Of a path every step is written at once, into the table
        and behind it into ``NAME.log.jsonl``, both for their owner alone.
    """

    def __init__(self, queue: pd.DataFrame | str | Path) -> None:
        self.path: Path | None = None
        if not isinstance(queue, pd.DataFrame):
            self.path = as_path(queue, field="queue")
            if not self.path.is_file():
                raise QuidqualError.of(
                    "the review table is not there.",
                    remedy="Give the one that pseudonymise wrote, or its .queue.",
                    file=self.path.name,
                )
            check_place(self.path)
            queue = read_queue(self.path)
        must_be_table(queue, of="pseudonymise(...).queue")
        decisions_of(queue, file="queue")  # its columns and what is decided already
        self._table = queue.fillna("").reset_index(drop=True)[list(COLUMNS)].copy()
        self._steps: list[tuple[Any, ...]] = []
        self._before: list[list[tuple[int, dict[str, str]]]] = []

    @property
    def queue(self) -> pd.DataFrame:
        """The queue with what is decided; give it back to `pseudonymise` as ``review=``."""
        return self._table.copy()

    @property
    def steps(self) -> pd.DataFrame:
        """Every decision in the order it was made, those taken back too; no words of notes."""
        return pd.DataFrame(self._steps, columns=list(STEPS))

    @property
    def undecided(self) -> int:
        """How many rows have no decision."""
        return int((self._table["decision"] == "").sum())

    def decide(
        self,
        row: int,
        decision: str,
        *,
        replacement: str = "",
        reason: str = "",
        same: bool = False,
    ) -> list[int]:
        """Decide a row, or all undecided rows of the same words and kind with it.

        Returns
        -------
        list of int
            The rows that were decided.

        Raises
        ------
        QuidqualError
            If there is no such row or decision, or the replacement or the reason is missing.
        """
        if not isinstance(row, int) or isinstance(row, bool) or not 0 <= row < len(self._table):
            raise _wrong(
                "there is no such row.", f"Rows go from 0 to {len(self._table) - 1}.", "row"
            )
        if decision not in DECISIONS:
            raise _wrong("unknown decision.", f"Use one of: {listed(DECISIONS)}.", "decision")
        replacement, reason = str(replacement).strip(), str(reason).strip()
        if decision == "replace" and not replacement:
            raise _wrong("there is nothing to replace with.", "Write it, or accept.", "replacement")
        if decision == "ignore" and not reason:
            raise _wrong(
                "there is no reason to ignore this.", "Say why it identifies nobody.", "reason"
            )
        given = {
            "decision": decision,
            "replacement": replacement if decision == "replace" else "",
            "reason": reason,
        }
        rows = self._alike(row) if same else [row]
        self._set([(r, given) for r in rows], undo=False)
        return rows

    def undo(self) -> list[int]:
        """Take the last step back; the steps keep both."""
        if not self._before:
            return []
        back = self._before.pop()
        self._set(back, undo=True)
        return [row for row, _ in back]

    def _alike(self, row: int) -> list[int]:
        table = self._table
        one = table.loc[row]
        alike = (table["words"] == one["words"]) & (table["kind"] == one["kind"])
        undecided = alike & (table["decision"] == "")
        return sorted({row, *table.index[undecided].tolist()})

    def _set(self, rows: list[tuple[int, dict[str, str]]], *, undo: bool) -> None:
        fields = ["decision", "replacement", "reason"]
        before = [(row, dict(self._table.loc[row, fields])) for row, _ in rows]
        for row, given in rows:
            self._table.loc[row, fields] = [given[name] for name in fields]
            place = self._table.loc[row, ["where", "start", "end"]].tolist()
            told = [given["decision"] or "(taken back)", given["replacement"], given["reason"]]
            self._steps.append((len(self._steps) + 1, row, *place, *told))
        if not undo:
            self._before.append(before)
        if self.path is not None:
            write_queue(self.path, self._table)
            self._write_steps(len(rows))

    def _write_steps(self, n: int) -> None:
        assert self.path is not None
        log = self.path.with_name(f"{self.path.name}.log.jsonl")
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as stream:
            for step in self._steps[-n:]:
                row = {
                    k: v if isinstance(v, str) else int(v) for k, v in zip(STEPS, step, strict=True)
                }
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            stream.flush()
            os.fsync(stream.fileno())

    def answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a message of the browser: ``open``, ``decide`` or ``undo``.

        Words of the notes are in the answers alone: never in the state that a notebook saves.
        """
        try:
            if message.get("kind") == "open":
                return {"kind": "rows", "rows": self._shown(range(len(self._table)))}
            if message.get("kind") == "decide":
                rows = self.decide(
                    message.get("row", -1),
                    str(message.get("decision", "")),
                    replacement=str(message.get("replacement", "")),
                    reason=str(message.get("reason", "")),
                    same=bool(message.get("same")),
                )
            elif message.get("kind") == "undo":
                rows = self.undo()
            else:
                return {"kind": "problem", "text": "There is no such message."}
        except QuidqualError as problem:
            return {"kind": "problem", "text": str(problem)}
        return {"kind": "decided", "rows": self._shown(rows)}

    def _shown(self, rows: Any) -> list[dict[str, Any]]:
        shown = []
        for row in rows:
            cells = {name: str(value) for name, value in self._table.loc[row].items()}
            shown.append({**cells, "row": int(row)})
        return shown

    def static_html(self) -> str:
        """Tell how far the review is, without a kernel and without a word of a note."""
        table = self._table.assign(open=self._table["decision"] == "")
        counted = table.groupby("kind", sort=True).agg(rows=("kind", "size"), open=("open", "sum"))
        rows = [[str(kind), str(r.rows), str(r.rows - r.open), str(r.open)]
                for kind, r in counted.iterrows()]  # fmt: skip
        told = f"Review queue: {len(table) - self.undecided} of {len(table)} rows decided"
        head = ["kind", "rows", "decided", "open"]
        return f'<div class="qq-static"><p>{escape(told)}</p>{plain_table(head, rows)}</div>'


def _wrong(message: str, remedy: str, field: str) -> QuidqualError:
    return QuidqualError.of(message, remedy=remedy, field=field)
