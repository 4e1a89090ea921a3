"""Undo and redo without limit, across codings, memos, notes and the codebook.

The logs are the history: nothing is ever taken out of them. Undo writes what takes a step
back, as a new step that names the one it undoes; so both reach back before this session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from quidqual.hand_coding.carried import CODEBOOK_LOG, NOTES_LOG, read_records
from quidqual.hand_coding.text_patches import apply_patch, reversed_patch
from quidqual.study.errors import QuidqualError
from quidqual.study.gate import file_stem

if TYPE_CHECKING:
    from quidqual.hand_coding.session_core import SessionCore


class Done(NamedTuple):
    """A step that can be taken back: its id, the first step it repeats, and what it was."""

    step: str
    origin: str
    what: str


class StepStack:
    """Steps of one coder that can be taken back, and those that can be made again."""

    def __init__(self, session: SessionCore) -> None:
        self._session = session
        self._undo: list[Done] = []
        self._redo: list[Done] = []
        self._last = 0
        self.decisions_log = f"decisions/{file_stem(session.coder)}.jsonl"
        for step, what, undoes, redoes in self._logged():
            self.done(step, what, undoes=undoes, redoes=redoes)

    def _logged(self) -> list[tuple[str, str, str, str]]:
        """Every step of this coder in the logs, in the order in which they were made."""
        session = self._session
        found: dict[str, tuple[str, str, str]] = {
            step: (marks.get("what", ""), marks.get("undoes", ""), marks.get("redoes", ""))
            for step, marks in session.state.marks.items()
        }
        lines = list(session.memos.lines)
        for log in (CODEBOOK_LOG, NOTES_LOG, self.decisions_log):
            lines += read_records(session.folder / log)
        for line in lines:
            if line.get("step") and line.get("coder") == session.coder:
                marks = (line.get("undoes", ""), line.get("redoes", ""))
                found[line["step"]] = (line["op"], *marks)
        own = [(step, *rest) for step, rest in found.items() if _owner(step) == session.coder]
        return sorted(own, key=lambda row: _number(row[0]))

    def next_step(self) -> str:
        """Id of the step that comes next."""
        return f"{self._session.coder}:{self._last + 1}"

    def done(self, step: str, what: str, *, undoes: str = "", redoes: str = "") -> None:
        """Take in a step that was written."""
        self._last = max(self._last, _number(step))
        if undoes:
            gone = self._undo.pop() if self._undo else Done(undoes, undoes, what)
            self._redo.append(Done(step, gone.origin, gone.what))
        elif redoes:
            again = self._redo.pop() if self._redo else Done(redoes, redoes, what)
            self._undo.append(Done(step, again.origin, again.what))
        else:
            self._undo.append(Done(step, step, what))
            self._redo.clear()

    def in_effect(self, step: str) -> bool:
        """Tell whether a step was not taken back, or was made again."""
        return any(done.origin == step for done in self._undo)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to make again."""
        return bool(self._redo)

    def undo(self) -> str:
        """Take the last step back."""
        if not self._undo:
            return ""
        last = self._undo[-1]
        self._take_back(last, "undo", undoes=last.step)
        return last.what

    def redo(self) -> str:
        """Make the step again that was taken back last."""
        if not self._redo:
            return ""
        last = self._redo[-1]
        self._take_back(last, "redo", redoes=last.step)
        return last.what

    def _take_back(self, done: Done, op: str, **marks: str) -> None:
        """Write the opposite of a step, wherever that step left something."""
        session = self._session
        if done.step in session.memos.steps:
            session.memos.take_back(done.step, **marks)
            return
        for log in (CODEBOOK_LOG, NOTES_LOG):
            records = read_records(session.folder / log)
            record = next((r for r in records if r.get("step") == done.step), None)
            if record is not None:
                self._carry_back(record, op, done, log, **marks)
                return
        lines = session.state.undoing(done.step)
        self._check_codes(lines)
        if lines:
            session.write(lines, done.what, **marks)
        else:  # a decision that took nothing in, or what later changes made pointless
            session.write_beside(self.decisions_log, [{"op": done.what}], done.what, **marks)

    def _carry_back(
        self, record: dict[str, Any], op: str, done: Done, log: str, **marks: str
    ) -> None:
        session = self._session
        states = session.all_states()
        texts = {}
        for name, patch in record["patches"].items():
            path = session.folder / name
            text = path.read_bytes().decode("utf-8") if path.is_file() else ""
            texts[name] = apply_patch(text, reversed_patch(patch), file=name)
        lines = {c: state.undoing(done.step) for c, state in states.items()}
        lines = {c: added for c, added in lines.items() if added}
        if log == CODEBOOK_LOG and "codebook.yaml" in texts:
            lines = session.codes.carried_along(record, texts["codebook.yaml"], lines)
        told = {"op": op, "origin": done.origin, "code": record.get("code", ""), **marks}
        session.carry(told, texts=texts, lines=lines, log=log)

    def _check_codes(self, lines: list[dict[str, Any]]) -> None:
        book = self._session.study.codebook
        gone = sorted({line["code"] for line in lines if line.get("code", "") and
                       line["code"] not in book})  # fmt: skip
        if gone:
            raise QuidqualError.of(
                f"this step cannot be taken back: {gone[0]!r} is no longer in the codebook.",
                remedy="Take the change of the codebook back first.",
                field="code",
            )


def _owner(step: str) -> str:
    return step.rpartition(":")[0]


def _number(step: str) -> int:
    tail = step.rpartition(":")[2]
    return int(tail) if tail.isdigit() else 0
