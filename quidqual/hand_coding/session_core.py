"""What a coding session rests on: the lock, the logs as they stand, steps, undo and redo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

import pandas as pd
from filelock import FileLock

from quidqual.hand_coding.carried import CODEBOOK_LOG, PENDING, append_lines, carry, finish
from quidqual.hand_coding.log_state import Line, LogState
from quidqual.hand_coding.memos import Memos
from quidqual.hand_coding.one_writer import OneWriter
from quidqual.hand_coding.step_stack import StepStack
from quidqual.study.anchor import by_words, find
from quidqual.study.arguments import must_be_text, one_of
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.files import writing
from quidqual.study.gate import identifier_of, safe_path
from quidqual.study.log import coding_frame, parse_log
from quidqual.study.log_append import append, log_lock, log_path
from quidqual.study.model import Study, open_study

if TYPE_CHECKING:
    from quidqual.hand_coding.codebook_verbs import CodebookVerbs

_OPEN: dict[Path, SessionCore] = {}
_PATIENCE = 2.0


class SessionCore:
    """A study that is held for coding in the name of one coder."""

    codes: CodebookVerbs
    """Verbs on the codebook."""

    def __init__(self, folder: Path, coder: str, *, blind: bool, clock: Callable[[], str]) -> None:
        self.folder, self.coder, self.blind = folder, coder, blind
        self.now = clock
        self.on_change: list[Callable[[], None]] = []
        self.mutex = RLock()  # Jupyter runs cells and answers widgets in different threads
        self._held = ExitStack()
        key = log_path(folder, coder).resolve()
        if key in _OPEN:
            raise QuidqualError.of(
                f"the log of {coder!r} is open in this program already.",
                remedy="Use that session, or close it first: session.close().",
                field="coder",
            )
        self.finish_cut_off_step()
        open_study(folder)  # a folder with errors, or none, is refused before anything is made
        writer = OneWriter(folder, coder)
        self._held.callback(writer.give_back)
        self._watched = (writer.path, folder / "codebook.yaml")
        try:
            self.memos = Memos(self)
            self._reload()
            self._stack = StepStack(self)
        except BaseException:
            self._held.close()
            raise
        _OPEN[key] = self
        self._held.callback(_OPEN.pop, key, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return (
            f"<coding session of {self.coder!r}: {len(self.state.standing)} codings, "
            f"{len(self.state.read)} notes read>"
        )

    def close(self) -> None:
        """Give the log free; nothing is left to be saved."""
        self._held.close()

    # -- what there is ---------------------------------------------------------------------

    @property
    def study(self) -> Study:
        """The study as it is on the disk at this moment."""
        with self.mutex:
            if _stamp(self.folder) != self._stamp:
                self._reload()
            return self._study

    @property
    def study_as_read(self) -> Study:
        """The study as it was read last: people, notes and codes, but not the newest codings."""
        return self._study

    @property
    def state(self) -> LogState:
        """The own log; read anew if another program wrote into it, or changed the codebook."""
        with self.mutex:
            if self._own() != self._known:
                self._reload()
            return self._states[self.coder]

    def _own(self) -> tuple[tuple[int, int], ...]:
        """What tells whether the own log or the codebook is another than a moment ago."""
        found = [p.stat() for p in self._watched if p.exists()]
        return tuple((about.st_size, about.st_mtime_ns) for about in found)

    def states(self) -> dict[str, LogState]:
        """The logs of all coders, read anew where a file changed; only the own one if blind."""
        return {self.coder: self.state} if self.blind else self.all_states()

    def all_states(self) -> dict[str, LogState]:
        """The logs of all coders, for a step of the codebook that carries them along."""
        self.study  # noqa: B018 reads anew what changed on the disk
        return self._states

    def seen(self, report: pd.DataFrame) -> pd.DataFrame:
        """The rows of a report on coders that this one may see: all, or her own if blind."""
        kept = report[report["coder"] == self.coder] if self.blind else report
        return kept.reset_index(drop=True)

    @property
    def seen_study(self) -> Study:
        """The study as this coder may see it: without the codings of others if blind."""
        if not self.blind:
            return self.study
        raw = self.study.raw
        own = raw.codings[raw.codings["coder"] == self.coder].reset_index(drop=True)
        return Study(replace(raw, codings=own, coding_places=None), folder=self.folder,
                     checked=True)  # fmt: skip

    @property
    def codings(self) -> pd.DataFrame:
        """The coder's own codings: the columns of the log, sorted by interview and place."""
        return coding_frame(self.state.standing.values())

    def text(self, interview: str) -> str:
        """Canonical text of a note."""
        return self._study.text(self.note(interview))

    def note(self, interview: str) -> str:
        """Find an interview that has a note: by its id, or as participant and round (``P1-R2``).

        Raises
        ------
        QuidqualError
            If there is none; the nearest id is named.
        """
        must_be_text(interview, field="interview")
        notes = self._study.raw.notes
        if interview not in notes:
            talks = self._study.raw.interviews
            named = zip(talks["participant"], talks["round"], talks["interview"], strict=True)
            for person, time, known in named:
                if known in notes and interview in (f"{person}-{time}", f"{person} {time}"):
                    return str(known)
            if interview in set(talks["interview"]):
                self._study.text(interview)  # says that it has no note
            one_of(interview, list(self._study.notes["interview"]), field="interview")
        return interview

    def _reload(self) -> None:
        """Read the folder; where words moved in a note, work with where they are now."""
        self.finish_cut_off_step()
        self._stamp, self._known = _stamp(self.folder), self._own()
        self._study = open_study(self.folder)
        self._states = {self.coder: LogState(self.coder)}
        for path in sorted((self.folder / "codings").glob("*.jsonl")):
            entries, _ = parse_log(path.read_bytes(), file=path.name)
            coder = next((e["coder"] for e in entries if "coder" in e), None)
            if coder is not None:
                self._states[coder] = LogState(coder, entries)
        notes = self._study.raw.notes
        for state in self._states.values():
            for coding in state.standing.values():
                start, end, text = coding["start"], coding["end"], notes.get(coding["interview"])
                if text is None or text[start:end] == coding["exact"]:
                    continue
                if start < 0:
                    coding |= by_words(coding, text)
                    continue
                place = find(text, coding["exact"], start, end, coding["prefix"], coding["suffix"])
                if place.status == "moved":
                    coding["start"], coding["end"] = place.start, place.end

    def finish_cut_off_step(self) -> bool:
        """Finish a step that a crash interrupted; True if there was one."""
        if not (self.folder / PENDING).is_file():
            return False
        with self._one_step(), ExitStack() as held:
            for path in sorted((self.folder / "codings").glob("*.jsonl")):
                held.enter_context(
                    log_lock(self.folder, identifier_of(path.stem), timeout=_PATIENCE)
                )
            return finish(self.folder)

    def _one_step(self) -> FileLock:
        """Lock under which a step that touches several files is written: one at a time."""
        place = self.folder / "codings" / ".several-files.lock"
        with writing(place):
            place.parent.mkdir(exist_ok=True)
        return FileLock(place, timeout=30, is_singleton=True)

    # -- steps -----------------------------------------------------------------------------

    def next_step(self) -> str:
        """Id of the step that comes next."""
        return self._stack.next_step()

    @property
    def stack(self) -> StepStack:
        """Steps that can be taken back or made again."""
        return self._stack

    def done(self, step: str, what: str, **marks: str) -> None:
        """Take in a step that was written, and tell those who show it."""
        self._stack.done(step, what, **marks)
        for tell in list(self.on_change):
            tell()

    def write(self, lines: Sequence[Mapping[str, Any]], what: str, **marks: str) -> str:
        """Write one step into the own log; it is on the disk when this returns."""
        if not lines:
            return ""
        with self.mutex:
            step, state = self._stack.next_step(), self.state
            head = {"at": self.now(), "coder": self.coder}
            told = {"step": step, "what": what, **marks}
            full = [{**head, **line, **told} for line in lines]
            append(self.folder, self.coder, full)
            for line in full:
                state.apply(line)
            self._known = self._own()
            self.done(step, what, **marks)
            return step

    def write_beside(
        self,
        log: str,
        records: Sequence[Mapping[str, Any]],
        what: str,
        *,
        step: str = "",
        **marks: str,
    ) -> str:
        """Write records of a step into a log beside the codings."""
        new = not step
        step = step or self._stack.next_step()
        head = {"at": self.now(), "coder": self.coder, "step": step}
        append_lines(
            safe_path(self.folder, log), [{**head, **record, **marks} for record in records]
        )
        if new:
            self.done(step, what, **marks)
        return step

    def carry(
        self,
        record: Mapping[str, Any],
        *,
        texts: Mapping[str, str],
        lines: Mapping[str, Sequence[Mapping[str, Any]]],
        log: str = CODEBOOK_LOG,
    ) -> dict[str, Any]:
        """Write a step that touches files or the logs of others, whole or not at all."""
        step, at = self._stack.next_step(), self.now()
        head = {"at": at, "coder": self.coder, "step": step}
        marks = {key: record[key] for key in ("undoes", "redoes") if key in record}
        with self.mutex, self._one_step(), ExitStack() as held:
            for coder in sorted(lines):
                held.enter_context(log_lock(self.folder, coder, timeout=_PATIENCE))
            if _stamp(self.folder) != self._stamp and self.all_states():
                raise QuidqualError.of(
                    "another program changed the study at this moment.",
                    remedy="Look at it and do the step again.",
                )
            full = {
                coder: [
                    {"at": at, **line, "coder": coder, "step": step, "carried": True, **marks}
                    for line in added
                ]
                for coder, added in lines.items()
            }
            written = carry(self.folder, {**head, **record}, texts=texts, lines=full, log=log)
        self._reload()
        self.done(step, record["op"], **marks)
        return written

    def coding(self, key: str) -> Line:
        """Look up an own coding by its id."""
        try:
            return self.state.standing[key]
        except (KeyError, TypeError):
            raise QuidqualError.of(
                f"{self.coder!r} has no coding with this id.",
                remedy="See session.codings for those that there are.",
                field="coding",
            ) from None

    def check_code(self, code: str) -> None:
        """Refuse a code that passages may not be coded with."""
        book = self._study.codebook
        if code not in book:
            from rapidfuzz.process import extractOne

            near = extractOne(str(code), book.ids, score_cutoff=60)
            raise QuidqualError.of(
                f"{code!r} is not a code of the codebook.",
                remedy=f"Did you mean {near[0]!r}?" if near else "Create it: session.codes.create.",
                field="code",
            )
        if not book[code].codable:
            raise QuidqualError.of(
                f"{code!r} is a heading (codable: false).",
                remedy=f"Use one of: {listed(book.descendants(code))}.",
                field="code",
            )
        if getattr(book[code], "retired", False):
            raise QuidqualError.of(
                f"{code!r} is retired.", remedy="Use another code, or undo that.", field="code"
            )


def open_session(folder: Path, coder: str) -> SessionCore | None:
    """Give the session that holds this log in this program, if there is one."""
    return _OPEN.get(log_path(folder, coder).resolve())


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Tell whether anything in the folder changed."""
    names = ("study.toml", "participants.csv", "interviews.csv", "codebook.yaml", "claims.yaml")
    paths = [folder / name for name in names]
    paths += [p for room in ("notes", "codings") for p in sorted((folder / room).glob("[!.]*"))]
    found = []
    for path in paths:
        try:
            about = path.stat()
        except OSError:
            continue
        found.append((path.name, about.st_size, about.st_mtime_ns))
    return tuple(found)
