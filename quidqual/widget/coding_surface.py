"""What the coding surface asks and is answered, without any screen: messages in, messages out.

The browser sends what a person did; the session writes it and answers with what changed. All
offsets are code points of the note; the browser converts from its own units.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from quidqual.hand_coding.carried import read_records
from quidqual.hand_coding.code_hits import log_decisions
from quidqual.hand_coding.session import CodingSession
from quidqual.hand_coding.session_core import SessionCore
from quidqual.study.errors import QuidqualError
from quidqual.study.gate import file_stem
from quidqual.widget.passage_lists import (
    found_by_words,
    mended_passages,
    passages_of_code,
    passages_to_reread,
)
from quidqual.widget.shown_codes import shown_codes
from quidqual.widget.shown_words import interface_words

Message = dict[str, Any]
_SENT = ("id", "start", "end", "code", "memo", "weight", "source", "coder")


class CodingSurface:
    """Answers the messages of the surface.

    Parameters
    ----------
    session : CodingSession
    suggestions : DataFrame, optional
        ``interview, start, end, code`` and, where known, ``probability, basis, source``:
        shown as faint marks. A blind session shows none.
    compare : (str, str), optional
        Two coders to be put side by side; decisions go into the session's own log.
    language : {"en", "it"}
        Of the interface.
    """

    def __init__(
        self,
        session: CodingSession,
        *,
        suggestions: pd.DataFrame | None = None,
        compare: tuple[str, str] | None = None,
        language: str = "en",
    ) -> None:
        if session.blind and (suggestions is not None or compare is not None):
            raise QuidqualError.of(
                "blind coding shows neither suggestions nor the codings of others.",
                remedy="Leave blind=True out once the independent coding is done.",
                field="blind",
            )
        self.session = session
        self.compare = compare
        self.words = interface_words(language)
        self.language = language
        self._suggested = _suggestions(suggestions)
        self._sent: dict[str, dict[str, Message]] = {}
        self._facts: tuple[Any, list[tuple[str, ...]]] = (None, [])
        verbs = (
            "open", "note", "add", "remove", "bounds", "code", "memo", "weigh", "split", "read",
            "undo", "redo", "create", "redefine", "rename", "move", "merge", "retire", "accept",
            "reject", "cases", "decide", "mend", "reread", "confirm", "passages", "split_code",
            "find", "code_hits",
        )  # fmt: skip
        self._verbs: dict[str, Callable[[Message], Message]] = {
            verb: getattr(self, f"_{verb}") for verb in verbs
        }

    def answer(self, message: Mapping[str, Any]) -> Message:
        """Do what a message asks; an error of the user is an answer, with its words."""
        verb = self._verbs.get(str(message.get("op")))
        if verb is None:
            return {"error": "this is not understood."}
        try:
            with self.session.mutex:
                return verb(dict(message))
        except QuidqualError as error:
            return {"error": str(error)}
        except OSError as error:
            return {"error": f"{error.strerror or error}: nothing was written."}

    # -- what is shown ---------------------------------------------------------------------

    def _open(self, message: Message) -> Message:
        study = self.session.study
        return {
            "kind": "open", "title": study.title, "corpus": study.corpus, "words": self.words,
            "language": self.language, "coder": self.session.coder, "blind": self.session.blind,
            "rounds": list(study.round_order), "interviews": self._interviews(),
            "codes": shown_codes(study.codebook, self._counts()), "compare": self.compare,
            "suggested": len(self._suggested), "study_memo": self.session.memos[""],
            "again": len(self.session.to_reread()), **self._steps(),
        }  # fmt: skip

    def _interviews(self) -> list[Message]:
        state, study = self.session.state, self.session.study_as_read
        numbers: dict[str, int] = {}
        for coding in state.standing.values():
            numbers[coding["interview"]] = numbers.get(coding["interview"], 0) + 1
        if self._facts[0] is not study:
            frame = study.notes[["interview", "participant", "round", "group"]].astype("str")
            self._facts = (study, list(frame.itertuples(index=False, name=None)))
        return [
            {"interview": i, "participant": p, "round": r, "group": g, "n": numbers.get(i, 0),
             "state": "read" if i in state.read else "begun" if i in numbers else "open"}
            for i, p, r, g in self._facts[1]
        ]  # fmt: skip

    def _note(self, message: Message) -> Message:
        interview = message["interview"]
        text = self.session.text(interview)
        self._sent[interview] = own = self._codings(interview)
        return {
            "kind": "note", "interview": interview, "text": text,
            "verbatim": self.session.study.verbatim(interview), "codings": list(own.values()),
            "others": self._others(interview), "suggestions": self._open_suggestions(interview),
            "memo": self.session.memos[interview], "read": interview in self.session.state.read,
        }  # fmt: skip

    def _codings(self, interview: str) -> dict[str, Message]:
        found = self.session.state.standing.values()
        return {c["id"]: {k: c[k] for k in _SENT} for c in found if c["interview"] == interview}

    def _others(self, interview: str) -> list[Message]:
        """Codings of the two coders that are compared; of nobody else, and never when blind."""
        states = self.session.states() if self.compare else {}
        return [
            {k: c[k] for k in _SENT}
            for coder in self.compare or () if coder in states
            for c in states[coder].standing.values() if c["interview"] == interview
        ]  # fmt: skip

    def _counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for coding in self.session.state.standing.values():
            counts[coding["code"]] = counts.get(coding["code"], 0) + 1
        return counts

    def _steps(self) -> Message:
        stack = self.session.stack
        return {"undo": stack.can_undo, "redo": stack.can_redo}

    def _changed(self, interview: str, **told: Any) -> Message:
        """What is different in a note since it was sent last, and the counts."""
        before, now = self._sent.get(interview, {}), self._codings(interview)
        self._sent[interview] = now
        return {
            "kind": "changed", "interview": interview,
            "put": [c for key, c in now.items() if before.get(key) != c],
            "gone": [key for key in before if key not in now],
            "counts": self._counts(), "interviews": self._interviews(),
            "suggestions": self._open_suggestions(interview),
            "memo": self.session.memos[interview] if interview else "",
            "study_memo": self.session.memos[""],
            "read": interview in self.session.state.read, **self._steps(), **told,
        }  # fmt: skip

    def _all_new(self, message: Message, **told: Any) -> Message:
        """After a step that reaches further than one note: everything again."""
        interview = message.get("interview")
        note = self._note(message) if interview in self.session.study.raw.notes else None
        return {**self._open(message), "kind": "all", "note": note, **told}

    # -- what a person does ----------------------------------------------------------------

    def _add(self, message: Message) -> Message:
        key = self.session.add(
            message["interview"], code=message["code"], start=message["start"],
            end=message["end"], memo=message.get("memo", ""),
        )  # fmt: skip
        return self._changed(message["interview"], id=key)

    def _remove(self, message: Message) -> Message:
        self.session.remove(message["coding"])
        return self._changed(message["interview"])

    def _bounds(self, message: Message) -> Message:
        key = message["coding"]
        self.session.change_bounds(key, start=message["start"], end=message["end"])
        return self._changed(message["interview"], id=key)

    def _code(self, message: Message) -> Message:
        self.session.change_code(message["coding"], message["code"])
        return self._changed(message["interview"], id=message["coding"])

    def _weigh(self, message: Message) -> Message:
        self.session.weigh(message["coding"], message["weight"])
        return self._changed(message["interview"], id=message["coding"])

    def _split(self, message: Message) -> Message:
        _, second = self.session.split(message["coding"], message["at"])
        return self._changed(message["interview"], id=second)

    def _memo(self, message: Message) -> Message:
        about = {k: message[k] for k in ("coding", "note", "code") if message.get(k)}
        self.session.memo(message["text"], **about)
        if "code" in about:
            return self._all_new(message)
        return self._changed(message["interview"], id=about.get("coding"))

    def _read(self, message: Message) -> Message:
        mark = self.session.read if message["read"] else self.session.unread
        mark(message["interview"])
        return self._changed(message["interview"])

    def _undo(self, message: Message) -> Message:
        return self._all_new(message, done=self.session.undo())

    def _redo(self, message: Message) -> Message:
        return self._all_new(message, done=self.session.redo())

    def _confirm(self, message: Message) -> Message:
        self.session.confirm(*message["codings"])
        return self._all_new(message)

    # -- lists of passages -----------------------------------------------------------------

    def _passages(self, message: Message) -> Message:
        return {"kind": "list", "rows": passages_of_code(self.session, message["code"])}

    def _reread(self, message: Message) -> Message:
        return {"kind": "list", "rows": passages_to_reread(self.session)}

    def _find(self, message: Message) -> Message:
        rows, n = found_by_words(self.session, message["query"])
        return {"kind": "list", "rows": rows, "n": n}

    def _code_hits(self, message: Message) -> Message:
        hits = pd.DataFrame(message["hits"], columns=["interview", "start", "end", "keep"])
        done = self.session.code_hits(hits, message["code"])["done"]
        return self._all_new(message, made=int((done == "coded").sum()))

    def _split_code(self, message: Message) -> Message:
        into = message["into"]
        given = {k: message[k] for k in ("label", "definition") if message.get(k)}
        fields = {} if into in self.session.study.codebook else {into: given}
        moved = self.session.codes.split(message["code"], {into: message["codings"]}, **fields)
        return self._all_new(message, moved=moved[into])

    # -- the codebook ----------------------------------------------------------------------

    def _create(self, message: Message) -> Message:
        fields = {k: message[k] for k in ("label", "definition") if message.get(k)}
        if message.get("heading"):
            fields["codable"] = False
        parent = message.get("parent") or None
        self.session.codes.create(message["code"], parent=parent, **fields)
        return self._all_new(message, made=message["code"])

    def _redefine(self, message: Message) -> Message:
        self.session.codes.redefine(message["code"], **message["fields"])
        again = self.session.to_reread()
        return self._all_new(message, again=int((again["code"] == message["code"]).sum()))

    def _rename(self, message: Message) -> Message:
        return self._all_new(
            message, moved=self.session.codes.rename(message["code"], message["into"])
        )

    def _move(self, message: Message) -> Message:
        self.session.codes.move(message["code"], parent=message.get("parent") or None)
        return self._all_new(message)

    def _merge(self, message: Message) -> Message:
        report = self.session.codes.merge(
            message["code"], into=message["into"], overlaps=message.get("overlaps", "join")
        )
        return self._all_new(message, report=report.to_dict("records"))

    def _retire(self, message: Message) -> Message:
        self.session.codes.retire(message["code"])
        return self._all_new(message)

    def _mend(self, message: Message) -> Message:
        interview = message["interview"]
        text = self.session.text(interview)
        old = text[message["start"] : message["end"]]
        nth = 1 + sum(text.startswith(old, i) for i in range(message["start"]))
        table = self.session.mend(interview, old, message["words"], nth=nth)
        return self._all_new(message, rows=mended_passages(self.session, interview, table))

    # -- suggestions and the second coder --------------------------------------------------

    def _open_suggestions(self, interview: str) -> list[Message]:
        """Those of a note that were not decided yet."""
        wanted = [s for s in self._suggested.values() if s["interview"] == interview]
        if not wanted:
            return []
        own = {(c["start"], c["end"], c["code"]) for c in self._codings(interview).values()}
        path = self.session.folder / "suggestions" / f"{file_stem(self.session.coder)}.jsonl"
        rejected = {_key(r) for r in read_records(path) if r.get("decision") == "reject"}
        return [
            s for s in wanted
            if (s["start"], s["end"], s["code"]) not in own and s["key"] not in rejected
        ]  # fmt: skip

    def _accept(self, message: Message) -> Message:
        found = self._suggestion(message)
        about = {k: found[k] for k in ("probability", "basis") if found.get(k) not in (None, "")}
        key = self.session.add(
            found["interview"], code=found["code"], start=found["start"], end=found["end"],
            source=found["source"], **about,
        )  # fmt: skip
        log_decisions(self.session, pd.DataFrame([{**found, "done": "coded"}]))
        return self._changed(found["interview"], id=key)

    def _reject(self, message: Message) -> Message:
        found = self._suggestion(message)
        log_decisions(self.session, pd.DataFrame([{**found, "done": "rejected"}]))
        return self._changed(found["interview"])

    def _suggestion(self, message: Message) -> Message:
        found = self._suggested.get(str(message.get("key")))
        if found is None:
            raise QuidqualError.of("there is no such suggestion.", remedy="Open the note again.")
        return found

    def _cases(self, message: Message) -> Message:
        if self.compare is None:
            return {"kind": "cases", "cases": []}
        table = self.session.compare(*self.compare, interview=message.get("interview"))
        rows = table.astype(object).where(table.notna(), None).to_dict("records")
        return {"kind": "cases", "cases": rows}

    def _decide(self, message: Message) -> Message:
        if self.compare is None:
            return {"error": "no two coders are compared."}
        first, second = self.compare
        cases = message.get("case")
        if cases is None:  # all that is the same, in all notes
            table = self.session.compare(first, second)
            open_ = (table["kind"] == "same") & (table["decided"] == "")
            cases = table.loc[open_, "case"].tolist()
        self.session.decide(
            cases, first=first, second=second, take=message["take"],
            reason=message.get("reason", ""),
        )  # fmt: skip
        return {**self._changed(message["interview"]), **self._cases_beside(message)}

    def _cases_beside(self, message: Message) -> Message:
        return {"cases": self._cases(message)["cases"]}


def session_of(found: SessionCore) -> CodingSession:
    """Take a session as the one that has the verbs."""
    assert isinstance(found, CodingSession)
    return found


def _suggestions(frame: pd.DataFrame | None) -> dict[str, Message]:
    if frame is None:
        return {}
    from quidqual.study.arguments import must_have

    must_have(frame, ("interview", "start", "end", "code"), of="qq.tag(study)", field="suggestions")
    found: dict[str, Message] = {}
    for row in frame.to_dict("records"):
        probability = row.get("probability")
        known = probability is not None and not pd.isna(probability)
        one: Message = {
            "interview": str(row["interview"]), "start": int(row["start"]), "end": int(row["end"]),
            "code": str(row["code"]), "probability": float(probability) if known else None,
            "basis": str(row.get("basis") or row.get("pattern") or ""),
            "source": str(row.get("source") or ("model" if known else "rule")),
        }  # fmt: skip
        one["key"] = _key(one)
        found.setdefault(one["key"], one)
    return found


def _key(row: Mapping[str, Any]) -> str:
    return f"{row['interview']}|{row['start']}|{row['end']}|{row['code']}"
