"""Memos on notes and on the study: one append-only log a coder, `memos/<coder>.jsonl`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from quidqual.hand_coding.carried import append_lines, read_records
from quidqual.study.gate import file_stem, safe_path

if TYPE_CHECKING:
    from quidqual.hand_coding.session_core import SessionCore


class Memos:
    """What one coder wrote about notes and about the study; the latest text counts."""

    def __init__(self, session: SessionCore) -> None:
        self._session = session
        name = f"memos/{file_stem(session.coder)}.jsonl"
        self._path: Path = safe_path(session.folder, name, field="coder")
        self.lines: list[dict[str, Any]] = read_records(self._path)
        self.texts: dict[str, str] = {}
        self.steps: dict[str, tuple[str, str]] = {}
        for line in self.lines:
            self._apply(line)

    def __getitem__(self, note: str) -> str:
        """Memo on a note; "" for none. The memo on the study is that of ``""``."""
        return self.texts.get(note, "")

    def write(self, text: str, *, note: str = "", **marks: str) -> str:
        """Write a memo on a note, or on the study; an empty text takes it away."""
        session = self._session
        step = session.next_step()
        line = {
            "op": "memo", "about": "note" if note else "study", "interview": note, "text": text,
            "at": session.now(), "coder": session.coder, "step": step, **marks,
        }  # fmt: skip
        append_lines(self._path, [line])
        self.lines.append(line)
        self._apply(line)
        session.done(step, "memo", **marks)
        return step

    def take_back(self, step: str, **marks: str) -> str:
        """Give a memo the text it had before a step."""
        note, before = self.steps[step]
        return self.write(before, note=note, **marks)

    def _apply(self, line: dict[str, Any]) -> None:
        note = line.get("interview", "")
        self.steps[line["step"]] = (note, self.texts.get(note, ""))
        self.texts[note] = line["text"]
