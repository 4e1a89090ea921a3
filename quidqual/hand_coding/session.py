"""`coding_session`: everything a coder does, as verbs; each is on the disk when it returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.hand_coding.adjudication import compare_coders, decide
from quidqual.hand_coding.code_hits import code_hits, find_hits
from quidqual.hand_coding.codebook_verbs import CodebookVerbs
from quidqual.hand_coding.codebook_versions import own_to_reread
from quidqual.hand_coding.log_state import Line, edit_lines, read_line
from quidqual.hand_coding.note_mending import mend_note
from quidqual.hand_coding.passages import place_of, without_blanks
from quidqual.hand_coding.session_core import SessionCore
from quidqual.study.arguments import must_be_number, must_be_text
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.log import CONTEXT, coding_id
from quidqual.study.model import Study

if TYPE_CHECKING:
    from quidqual.queries.query import Query


def coding_session(
    folder: str | Path | Study,
    *,
    coder: str,
    blind: bool = False,
    clock: Callable[[], str] | None = None,
) -> CodingSession:
    """Open a study for coding, in the name of one coder.

    Parameters
    ----------
    folder : str, Path or Study
        Study folder, or a study that was opened from one.
    coder : str
        Whose log is written.
    blind : bool, default False
        Show nothing of what other coders coded, for a first independent coding.
    clock : callable, optional
        Gives the time written into the log, ISO 8601 in UTC; default: the clock.

    Returns
    -------
    CodingSession
        To be used with ``with``, or closed with ``close()``: until then it holds the
        coder's log, and a second writer is told who does.

    Raises
    ------
    QuidqualError
        If the study has errors (all at once), or another program writes this log.

    Examples
    --------
    >>> import tempfile, quidqual as qq
    >>> with tempfile.TemporaryDirectory() as place:
    ...     folder = qq.load_example().save(f"{place}/study")
    ...     with coding_session(folder, coder="C") as c:
    ...         key = c.add("S1-R1", words="My leg was shaking", code="fear_on_arrival")
    ...         c.undo(), len(c.codings)
    ('add', 0)
    """
    if isinstance(folder, Study):
        if folder.folder is None:
            raise QuidqualError.of(
                "the study has no folder to log in.",
                remedy="Save it with study.save(folder), and open that folder.",
                field="folder",
            )
        folder = folder.folder
    must_be_text(coder, field="coder")
    return CodingSession(as_path(folder), coder, blind=blind, clock=clock or _utc_now)


def _utc_now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class CodingSession(SessionCore):
    """A study that is being coded; made by `coding_session`.

    Attributes
    ----------
    folder : Path
    coder : str
    blind : bool
    codes : CodebookVerbs
        The codebook as it grows: create, rename, redefine, move, merge, split, retire.
    memos : Memos
        Memos on notes and on the study.
    """

    def __init__(self, folder: Path, coder: str, *, blind: bool, clock: Callable[[], str]) -> None:
        super().__init__(folder, coder, blind=blind, clock=clock)
        self.codes = CodebookVerbs(self)

    def add(
        self,
        interview: str,
        *,
        code: str,
        words: str | None = None,
        nth: int | None = None,
        start: int | None = None,
        end: int | None = None,
        memo: str = "",
        weight: float | None = None,
        source: str = "hand",
        **told: Any,
    ) -> str:
        """Code a passage, given by its words or by its place.

        Parameters
        ----------
        interview : str
            Its id, or participant and round as ``P1-R2``.
        code : str
        words : str, optional
            The passage; where it stands in the note several times, say which with ``nth``.
        nth : int, optional
            1 for the first place at which the words stand, and so on.
        start, end : int, optional
            In place of words: code points of the note, the end exclusive.
        memo : str
        weight : float, optional
        source : {"hand", "rule", "model"}
            What proposed the passage.
        **told
            Further fields of the line, such as the probability of a suggestion.

        Returns
        -------
        str
            Id of the coding.

        Raises
        ------
        QuidqualError
            If the words are not in the note or stand there more than once, if the code is not
            to be used, or the same passage has it already.
        """
        line = self.add_line(
            interview, code=code, words=words, nth=nth, start=start, end=end, memo=memo,
            weight=weight, source=source,
        )  # fmt: skip
        self.write([{**line, **told}], "add")
        return str(line["id"])

    def add_line(
        self,
        interview: str,
        *,
        code: str,
        words: str | None = None,
        nth: int | None = None,
        start: int | None = None,
        end: int | None = None,
        memo: str = "",
        weight: float | None = None,
        source: str = "hand",
        taken: Iterable[str] = (),
    ) -> Line:
        """Make the line of a coding, checked but not written; ``taken`` are ids of the batch."""
        interview = self.note(interview)
        text = self.text(interview)
        start, end = place_of(text, interview, words=words, nth=nth, start=start, end=end)
        self.check_code(code)
        standing = self.state.standing
        used = {*standing, *taken}
        place = (interview, start, end, code)
        for at in standing.values():
            if (at["interview"], at["start"], at["end"], at["code"]) == place:
                raise QuidqualError.of(
                    f"this passage of {interview!r} has the code {code!r} already.",
                    remedy="Give another code, or other bounds.",
                    field="code",
                )
        nth_id = 0
        while (key := coding_id(self.coder, interview, start, end, code, nth_id)) in used:
            nth_id += 1
        return {
            "op": "add", "id": key, "interview": interview, **_selector(text, start, end),
            "code": code, "source": source, "weight": weight, "memo": memo,
        }  # fmt: skip

    def remove(self, *codings: str) -> None:
        """Remove codings; the log keeps that they were there."""
        self.write([{"op": "remove", "id": self.coding(key)["id"]} for key in codings], "remove")

    def change_bounds(
        self,
        coding: str,
        *,
        start: int | None = None,
        end: int | None = None,
        words: str | None = None,
        nth: int | None = None,
    ) -> None:
        """Give a coding other bounds; one of start and end may be left as it is."""
        now = self.coding(coding)
        text = self.text(now["interview"])
        if words is None:
            start = now["start"] if start is None else start
            end = now["end"] if end is None else end
        place = place_of(text, now["interview"], words=words, nth=nth, start=start, end=end)
        self.write(edit_lines(now, _selector(text, *place)), "bounds")

    def split(self, coding: str, at: int) -> tuple[str, str]:
        """Cut a coding in two at a place of the note; both parts keep code, memo and weight."""
        now = self.coding(coding)
        text = self.text(now["interview"])
        if not now["start"] < at < now["end"]:
            raise QuidqualError.of(
                "the place is not inside the coding.",
                remedy=f"Use one between {now['start']} and {now['end']}.",
                field="at",
            )
        first = without_blanks(text, now["start"], at)
        second = without_blanks(text, at, now["end"])
        line = self.add_line(
            now["interview"], code=now["code"], start=second[0], end=second[1], memo=now["memo"],
            weight=now["weight"], source=now["source"],
        )  # fmt: skip
        self.write([*edit_lines(now, _selector(text, *first)), line], "split")
        return coding, str(line["id"])

    def change_code(self, coding: str, code: str) -> None:
        """Give a coding another code."""
        now = self.coding(coding)
        self.check_code(code)
        self.write(edit_lines(now, {"code": code}), "code")

    def weigh(self, coding: str, weight: float | None) -> None:
        """Give a coding a weight; None takes it away."""
        if weight is not None:
            must_be_number(weight, field="weight")
        self.write(edit_lines(self.coding(coding), {"weight": weight}), "weight")

    def confirm(self, *codings: str) -> None:
        """Say that codings still hold after their code was redefined."""
        found = [self.coding(key) for key in codings]
        self.write([{"op": "edit", "id": c["id"], "code": c["code"]} for c in found], "confirm")

    def memo(
        self,
        text: str,
        *,
        coding: str | None = None,
        note: str | None = None,
        code: str | None = None,
    ) -> None:
        """Write a memo on a coding, a note or a code; on the study if none is named.

        An empty text takes the memo away. Memos on codes stand in the codebook, those on
        notes and on the study in ``memos/<coder>.jsonl``.
        """
        must_be_text(text, field="text")
        if sum(about is not None for about in (coding, note, code)) > 1:
            raise QuidqualError.of(
                "a memo is about one thing.", remedy="Give one of coding=, note=, code=."
            )
        if coding is not None:
            self.write(edit_lines(self.coding(coding), {"memo": text}), "memo")
        elif code is not None:
            self.codes.redefine(code, memo=text or None)
        else:
            self.memos.write(text, note=self.note(note) if note is not None else "")

    def read(self, *interviews: str) -> None:
        """Say that the coder has read notes to their end: no coding there means absent."""
        self._mark(interviews, read=True)

    def unread(self, *interviews: str) -> None:
        """Take the mark of a note away: what is not coded there is not observed."""
        self._mark(interviews, read=False)

    def _mark(self, interviews: Sequence[str], *, read: bool) -> None:
        known = dict.fromkeys(self.note(interview) for interview in interviews)
        wanted = [i for i in known if (i in self.state.read) is not read]
        lines = [read_line(self.coder, interview, read=read) for interview in wanted]
        self.write(lines, "read" if read else "unread")

    # -- many at once, others' codings, notes ----------------------------------------------

    def find(self, query: Query | str, *, context: int = 8) -> pd.DataFrame:
        """Find what might be coded; see `quidqual.hand_coding.code_hits.find_hits`."""
        return find_hits(self, query, context=context)

    def code_hits(self, hits: pd.DataFrame, code: str, **told: Any) -> pd.DataFrame:
        """Code the hits that are kept; see `quidqual.hand_coding.code_hits.code_hits`."""
        return code_hits(self, hits, code, **told)

    def mend(self, interview: str, old: str, new: str, *, nth: int | None = None) -> pd.DataFrame:
        """Mend a slip in a note; see `quidqual.hand_coding.note_mending.mend_note`."""
        return mend_note(self, interview, old, new, nth=nth)

    def compare(self, first: str, second: str, *, interview: str | None = None) -> pd.DataFrame:
        """Put two coders side by side; see `quidqual.hand_coding.adjudication.compare_coders`."""
        return compare_coders(self, first, second, interview=interview)

    def decide(self, cases: str | Iterable[str], **told: Any) -> list[str]:
        """Decide where they part; see `quidqual.hand_coding.adjudication.decide`."""
        return decide(self, cases, **told)

    def to_reread(self) -> pd.DataFrame:
        """Own codings that were made before the meaning of their code changed."""
        return own_to_reread(self.folder, self.state)

    # -- back and forth --------------------------------------------------------------------

    def undo(self) -> str:
        """Take the last step back, of codings, memos and codebook alike; what it was, or ""."""
        return self._stack.undo()

    def redo(self) -> str:
        """Make the step again that was taken back last; what it was, or ""."""
        return self._stack.redo()


def _selector(text: str, start: int, end: int) -> dict[str, Any]:
    return {
        "start": start, "end": end, "exact": text[start:end],
        "prefix": text[max(0, start - CONTEXT) : start], "suffix": text[end : end + CONTEXT],
    }  # fmt: skip
