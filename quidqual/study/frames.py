"""The tables of a study: made when first asked for, and handed out safe to edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, overload

import numpy as np
import pandas as pd

from quidqual.study.anchor import reanchor
from quidqual.study.codebook import Codebook
from quidqual.study.errors import QuidqualError
from quidqual.study.faced import faced
from quidqual.study.reading import RawStudy, round_list
from quidqual.study.segments import segments_of
from quidqual.study.speech import (
    NoteSpeech,
    SpeechRules,
    mark_name,
    note_speech,
    speech_of,
    speech_rules,
)


class _frame:
    """One table: computed once, handed out as a copy.

    A shallow copy shares the values until one of the two is changed (copy-on-write).
    """

    def __init__(self, make: Callable[[Any], pd.DataFrame]) -> None:
        self.make, self.name, self.__doc__ = make, make.__name__, make.__doc__

    @overload
    def __get__(self, study: None, owner: type | None = None) -> _frame: ...
    @overload
    def __get__(self, study: StudyTables, owner: type | None = None) -> pd.DataFrame: ...
    def __get__(
        self, study: StudyTables | None, owner: type | None = None
    ) -> _frame | pd.DataFrame:
        if study is None:
            return self
        if self.name not in study._made:
            study._made[self.name] = self.make(study)
        return study._made[self.name].copy(deep=False)


class StudyTables:
    """What a `Study` knows of its raw tables: the frames, the notes, whose words they are."""

    _raw: RawStudy
    _made: dict[str, pd.DataFrame]
    corpus: str
    codebook: Codebook

    @property
    def mark(self) -> str:
        """What each table carries as ``corpus``: the corpus, and the reading if one was chosen."""
        raise NotImplementedError  # a study knows the whole that it may be a reading of

    @cached_property
    def round_order(self) -> tuple[str, ...]:
        """Names of the rounds in order."""
        return tuple(entry["round"] for entry in round_list(self._raw.settings))

    @_frame
    def rounds(self) -> pd.DataFrame:
        """One row a round: ``round`` (ordered Categorical), ``label``, ``start``, ``end``."""
        entries = round_list(self._raw.settings)
        frame = pd.DataFrame(
            {
                "round": self._as_rounds([e["round"] for e in entries]),
                "label": [e.get("label") or e["round"] for e in entries],
                "start": pd.to_datetime([e.get("start") for e in entries]),
                "end": pd.to_datetime([e.get("end") for e in entries]),
            }
        )
        return frame.assign(corpus=self.mark)

    @_frame
    def participants(self) -> pd.DataFrame:
        """One row a participant: ``participant, role, group, language``, attributes, ``corpus``."""
        return self._raw.participants.reset_index(drop=True).assign(corpus=self.mark)

    @_frame
    def interviews(self) -> pd.DataFrame:
        """One row a participant and round, held or not.

        ``interview, participant, round`` (ordered Categorical), ``date`` (datetime64),
        ``language, mode, minutes`` (Int64), ``status`` (Categorical held, missed, not_due),
        ``note``, further columns, ``corpus``.
        """
        frame = self._raw.interviews.copy()
        frame["round"] = self._as_rounds(frame["round"])
        frame["date"] = pd.to_datetime(frame["date"].replace("", None), format="%Y-%m-%d")
        frame["minutes"] = pd.to_numeric(frame["minutes"].replace("", None)).astype("Int64")
        frame["status"] = pd.Categorical(frame["status"], categories=["held", "missed", "not_due"])
        order = {name: i for i, name in enumerate(self._raw.participants["participant"])}
        keys = pd.DataFrame(
            {"person": frame["participant"].map(order), "round": frame["round"].cat.codes}
        )
        frame = frame.loc[keys.sort_values(["person", "round"], kind="stable").index]
        return frame.reset_index(drop=True).assign(corpus=self.mark)

    @_frame
    def notes(self) -> pd.DataFrame:
        """One row a note.

        ``interview, participant, group, round, language, file, text, corpus``.
        """
        frame = self._interview_facts
        frame = frame[frame["interview"].isin(self._raw.notes)].rename(columns={"note": "file"})
        text = frame["interview"].map(self._raw.notes).astype("str")
        return frame.assign(text=text, corpus=self.mark).reset_index(drop=True)

    def text(self, interview: str) -> str:
        """Canonical text of the note of an interview."""
        try:
            return self._raw.notes[interview]
        except KeyError:
            raise QuidqualError.of(
                f"{interview!r} has no note.", remedy="See study.notes for those that have one."
            ) from None

    @_frame
    def segments(self) -> pd.DataFrame:
        """One row a sentence (or speaker turn's sentence) of a note.

        ``segment`` (int, from 1 within the interview), ``interview, participant, group,
        round, language, paragraph`` (int), ``start, end`` (int), ``words``, ``speech``
        (verbatim, paraphrase, mixed), ``speaker, corpus``.
        """
        columns = [
            "interview",
            "segment",
            "paragraph",
            "start",
            "end",
            "words",
            "speech",
            "speaker",
        ]
        rows = [
            (interview, number, *segment)
            for interview, language, text in self.notes[["interview", "language", "text"]].values
            for number, segment in enumerate(
                segments_of(text, language=language, rules=self._rules(language)), 1
            )
        ]
        frame = pd.DataFrame(rows, columns=columns)
        return self._with_facts(frame, first=["segment"]).assign(corpus=self.mark)

    @cached_property
    def _anchored(self) -> pd.DataFrame:
        frame = reanchor(self._raw.codings, self._raw.notes)
        return frame.assign(start=frame["start"].astype("int64"), end=frame["end"].astype("int64"))

    @_frame
    def codings(self) -> pd.DataFrame:
        """One row a coding that stands, all coders and sources.

        ``id, at, coder, interview, participant, group, round, language, start, end`` (int),
        ``exact, code, theme, source`` (hand, rule, model), ``weight`` (Float64), ``memo``,
        ``speech`` (verbatim, paraphrase, mixed), ``anchor`` (exact, moved), ``corpus``.
        Codings whose words are no longer in the note are in `lost`.
        """
        frame = self._anchored
        frame = frame[frame["anchor"] != "lost"].reset_index(drop=True)
        frame = frame.drop(columns=["prefix", "suffix"])
        themes = {code.id: self.codebook.theme_of(code.id) for code in self.codebook}
        frame.insert(8, "theme", frame["code"].map(themes).astype(object))
        frame["speech"] = self._speech(frame)
        first = ["id", "at", "coder", "interview"]
        frame = self._with_facts(frame, first=first).assign(corpus=self.mark)
        return faced(frame, "quotes")

    @_frame
    def lost(self) -> pd.DataFrame:
        """Codings whose words are no longer in the note: reported, in no analysis."""
        frame = self._anchored
        return frame[frame["anchor"] == "lost"].reset_index(drop=True).assign(corpus=self.mark)

    def verbatim(self, interview: str) -> list[tuple[int, int]]:
        """Spans of a note that are a participant's own words, in order.

        Raises
        ------
        QuidqualError
            If the interview has no note.
        """
        self.text(interview)
        return list(self._said[interview].spans)

    @cached_property
    def _said(self) -> dict[str, NoteSpeech]:
        languages = zip(
            self._raw.interviews["interview"], self._raw.interviews["language"], strict=True
        )
        texts = self._raw.notes
        return {i: note_speech(texts[i], self._rules(code)) for i, code in languages if i in texts}

    def _rules(self, language: str) -> SpeechRules:
        return speech_rules(language, self._raw.settings)

    @_frame
    def speech(self) -> pd.DataFrame:
        """One row a note: how it is laid out and where its speech was seen.

        ``interview, layout`` (prose, list, turns), ``marks`` (the kinds that were taken, such
        as ``“…”``, ``—`` or ``Name:``), ``passages`` (int), ``unpaired`` (int, marks without a
        partner), ``corpus``.
        """
        rows = [
            (
                i,
                said.layout,
                " ".join(map(mark_name, said.marks)),
                len(said.spans),
                len(said.unpaired),
            )
            for i, said in ((i, self._said[i]) for i in self.notes["interview"])
        ]
        columns = ["interview", "layout", "marks", "passages", "unpaired"]
        return pd.DataFrame(rows, columns=columns).assign(corpus=self.mark)

    def _speech(self, frame: pd.DataFrame) -> np.ndarray:
        cells = zip(*(frame[name].tolist() for name in ("interview", "start", "end")), strict=True)
        voices = [speech_of(start, end, self._said[i].spans) for i, start, end in cells]
        return np.array(voices, dtype=object)

    @cached_property
    def _interview_facts(self) -> pd.DataFrame:
        frame = self.interviews[["interview", "participant", "round", "language", "note"]].copy()
        groups = dict(
            zip(self.participants["participant"], self.participants["group"], strict=True)
        )
        frame.insert(2, "group", frame["participant"].map(groups))
        return frame

    def _with_facts(self, frame: pd.DataFrame, *, first: list[str]) -> pd.DataFrame:
        """Add participant, group, round, language of the interview behind the first columns."""
        facts = self._interview_facts
        place = pd.Index(facts["interview"]).get_indexer(frame["interview"])
        for column in ("participant", "group", "round", "language"):
            values = facts[column].array.take(place)
            frame[column] = values
        front = [*first, *(c for c in ("interview",) if c not in first)]
        front += ["participant", "group", "round", "language"]
        return frame[[*front, *(c for c in frame.columns if c not in front)]]

    def _as_rounds(self, values: Iterable[str]) -> pd.Categorical:
        return pd.Categorical(list(values), categories=list(self.round_order), ordered=True)

    @_frame
    def reads(self) -> pd.DataFrame:
        """One row a note that a coder has marked as read: ``coder, interview, at, corpus``."""
        return self._raw.reads.assign(corpus=self.mark)
