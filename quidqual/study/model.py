"""`Study`: the noun that everything starts from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np
import pandas as pd

from quidqual.study import tables_given
from quidqual.study.anchor import reanchor
from quidqual.study.arguments import some_of
from quidqual.study.check_tables import check
from quidqual.study.claims import Claim
from quidqual.study.codebook import Code, Codebook
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.html_face import HtmlFace
from quidqual.study.raw import RawStudy, notes_read, round_list
from quidqual.study.reading import read_folder
from quidqual.study.segments import segments_of
from quidqual.study.speech import (
    NoteSpeech,
    SpeechRules,
    mark_name,
    note_speech,
    speech_of,
    speech_rules,
)
from quidqual.study.validate import problem_frame


class _frame:
    """A table of a study: made when first asked for, and handed out safe to edit.

    A shallow copy shares the values until one of the two is changed (copy-on-write).
    """

    def __init__(self, make: Callable[[Any], pd.DataFrame]) -> None:
        self.make, self.name, self.__doc__ = make, make.__name__, make.__doc__

    @overload
    def __get__(self, study: None, owner: type | None = None) -> _frame: ...
    @overload
    def __get__(self, study: Study, owner: type | None = None) -> pd.DataFrame: ...
    def __get__(self, study: Study | None, owner: type | None = None) -> _frame | pd.DataFrame:
        if study is None:
            return self
        if self.name not in study._made:
            study._made[self.name] = self.make(study)
        return study._made[self.name].copy(deep=False)


class Study(HtmlFace):
    """An interview study: who was asked when, the notes, the codebook, the codings, the claims.

    Made by `open_study`, `load_example` or `Study.from_tables`. A study does not change
    after it was made; its tables are computed when first used, and each carries the
    column ``corpus`` (``synthetic`` or ``real``) into whatever is made of it.

    Attributes
    ----------
    title, approach, corpus : str
    languages : tuple of str
    primary_coder : str or None
        Whose codings the analyses use; None for all coders united.
    codebook : Codebook
    claims : tuple of Claim
    settings : dict
        Content of ``study.toml``.
    problems : DataFrame
        Warnings found on opening, see `quidqual.validate`.
    folder : Path or None
        Where the study was read from.
    read_from : Study or None
        The whole study, if this is a reading of one (see `reading`).
    """

    def __init__(self, raw: RawStudy, *, folder: Path | None = None, checked: bool = False) -> None:
        found = [] if checked else check(raw)
        errors = [problem for problem in found if problem.level == "error"]
        if errors:
            raise QuidqualError(errors)
        self._raw = raw = tables_given.with_all_columns(raw)
        self.folder = folder
        self.title: str = raw.settings.get("title", "")
        self.approach: str = raw.settings.get("approach", "codebook")
        self.corpus: str = raw.settings.get("corpus", "real")
        self.languages: tuple[str, ...] = tuple(raw.settings.get("languages") or ())
        self.primary_coder: str | None = raw.settings.get("primary_coder") or None
        self.codebook: Codebook = raw.codebook
        self.claims: tuple[Claim, ...] = raw.claims
        self._found = problem_frame(found)
        self._made: dict[str, pd.DataFrame] = {}
        self.read_from: Study | None = None

    @classmethod
    def from_tables(
        cls,
        *,
        title: str,
        corpus: str,
        rounds: pd.DataFrame | Iterable[Mapping[str, Any]],
        participants: pd.DataFrame | Iterable[Mapping[str, Any]],
        interviews: pd.DataFrame | Iterable[Mapping[str, Any]],
        notes: Mapping[str, str],
        codebook: Codebook | Iterable[Code | Mapping[str, Any]] = (),
        codings: pd.DataFrame | Iterable[Mapping[str, Any]] | None = None,
        reads: pd.DataFrame | Iterable[Mapping[str, Any]] | None = None,
        claims: Iterable[Claim | Mapping[str, Any]] = (),
        report: Mapping[str, Any] | None = None,
        recommendations: Iterable[Mapping[str, Any]] = (),
        approach: str = "codebook",
        languages: Sequence[str] = (),
        settings: Mapping[str, Any] | None = None,
        folder: Path | None = None,
    ) -> Study:
        """Build a study in memory, with the same checks as one that is opened.

        Parameters
        ----------
        title : str
        corpus : {"synthetic", "real"}
        rounds : frame or dicts
            ``round`` and, where known, ``label``, ``start``, ``end``.
        participants : frame or dicts
            ``participant``, ``group`` and, where known, ``role``, ``language``, attributes.
        interviews : frame or dicts
            ``interview``, ``participant``, ``round``, ``status`` (default held) and, where
            known, ``date``, ``language``, ``mode``, ``minutes``, ``note`` (default
            ``notes/<interview>.md`` for an interview that has a text).
        notes : mapping of str to str
            Interview to text; made canonical.
        codebook : Codebook, codes, ids or frame
        codings : frame or dicts, optional
            ``interview, start, end, code`` and, where known, ``coder, exact, id, at,
            source, weight, memo``.
        reads : frame or dicts, optional
            ``coder, interview`` and, where known, ``at``: which notes a coder has read.
        claims : Claim or dicts
        report : mapping, optional
            The report whose claims these are: ``title``, ``sha256``, ``characters``.
        recommendations : dicts
            ``id``, ``summary``, ``rests_on`` (ids of claims) and, where known, ``page``, ``note``.
        approach : {"codebook", "reflexive", "coding_reliability"}
        languages : sequence of str
            Default: those of the interviews, else ``und``.
        settings : mapping, optional
            Further content of ``study.toml``.
        folder : Path, optional
            Folder that the study belongs to.

        Raises
        ------
        QuidqualError
            With everything that is wrong.

        Examples
        --------
        >>> study = Study.from_tables(
        ...     title="Two talks", corpus="synthetic", rounds=[{"round": "R1"}],
        ...     participants=[{"participant": "P1", "group": "all"}],
        ...     interviews=[{"interview": "P1-R1", "participant": "P1", "round": "R1"}],
        ...     notes={"P1-R1": "I stay."}, codebook=[{"id": "home"}],
        ...     codings=[{"interview": "P1-R1", "start": 2, "end": 6, "code": "home"}],
        ... )
        >>> study.codings["exact"].tolist()
        ['stay']
        """
        given = deepcopy(dict(settings or {}))
        head = {"title": title, "approach": approach, "corpus": corpus}
        raw = tables_given.raw_study(
            {**{key: value for key, value in head.items() if key not in given}, **given},
            rounds=rounds,
            participants=participants,
            interviews=interviews,
            notes=notes,
            codebook=codebook,
            codings=codings,
            reads=reads,
            claims=claims,
            report=report,
            recommendations=recommendations,
            languages=languages,
        )
        return cls(raw, folder=folder)

    def __repr__(self) -> str:
        talks, people = self._raw.interviews, len(self._raw.participants)
        held = int((talks["status"] == "held").sum()) if len(talks) else 0
        return (
            f"<Study {self.title!r} ({self.corpus}): {people} participants, {held} interviews "
            f"held, {len(self._raw.codings)} codings, {len(self.claims)} claims>"
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Study) and tables_given.same(self._raw, other._raw)

    __hash__ = None  # type: ignore[assignment]

    @property
    def raw(self) -> RawStudy:
        """The study as it was read: tables of strings, settings, notes; a copy."""
        return self._raw.copy()

    @property
    def settings(self) -> dict[str, Any]:
        """Content of ``study.toml``; a copy."""
        return deepcopy(self._raw.settings)

    @property
    def problems(self) -> pd.DataFrame:
        """Warnings found on opening, see `quidqual.validate`."""
        return self._found.copy(deep=False)

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
        return frame.assign(corpus=self.corpus)

    @_frame
    def participants(self) -> pd.DataFrame:
        """One row a participant: ``participant, role, group, language``, attributes, ``corpus``."""
        return self._raw.participants.reset_index(drop=True).assign(corpus=self.corpus)

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
        return frame.reset_index(drop=True).assign(corpus=self.corpus)

    @_frame
    def notes(self) -> pd.DataFrame:
        """One row a note.

        ``interview, participant, group, round, language, file, text, corpus``.
        """
        frame = self._interview_facts
        frame = frame[frame["interview"].isin(self._raw.notes)].rename(columns={"note": "file"})
        text = frame["interview"].map(self._raw.notes).astype("str")
        return frame.assign(text=text, corpus=self.corpus).reset_index(drop=True)

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
        return self._with_facts(frame, first=["segment"]).assign(corpus=self.corpus)

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
        return self._with_facts(frame, first=first).assign(corpus=self.corpus)

    @_frame
    def lost(self) -> pd.DataFrame:
        """Codings whose words are no longer in the note: reported, in no analysis."""
        frame = self._anchored
        return frame[frame["anchor"] == "lost"].reset_index(drop=True).assign(corpus=self.corpus)

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
        return pd.DataFrame(rows, columns=columns).assign(corpus=self.corpus)

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

    @cached_property
    def coders(self) -> tuple[str, ...]:
        """Coders who have a coding or have marked a note as read, sorted."""
        return tuple(sorted({*self._raw.codings["coder"], *self._raw.reads["coder"]}))

    @_frame
    def reads(self) -> pd.DataFrame:
        """One row a note that a coder has marked as read: ``coder, interview, at, corpus``."""
        return self._raw.reads.assign(corpus=self.corpus)

    def notes_read(self, coder: str | Iterable[str] | None = None) -> frozenset[str]:
        """Interviews whose note has been read: only there may a code be absent.

        Parameters
        ----------
        coder : str or list of str, optional
            Whose reading counts; several are united. Left out: the primary coder, else all.

        Returns
        -------
        frozenset of str
            For a coder who has marked a note as read, or of whom ``study.toml`` says what
            she covers: exactly those. For one who has not: the notes with a coding of hers,
            or, where ``study.toml`` says ``uncoded = "absent"``, all notes.

        Raises
        ------
        QuidqualError
            If the study knows no such coder.

        Examples
        --------
        >>> import quidqual as qq
        >>> study = Study.from_tables(
        ...     title="A talk", corpus="synthetic", rounds=[{"round": "R1"}],
        ...     participants=[{"participant": "P1", "group": "all"}],
        ...     interviews=[{"interview": "P1-R1", "participant": "P1", "round": "R1"}],
        ...     notes={"P1-R1": "I stay."}, reads=[{"coder": "A", "interview": "P1-R1"}],
        ... )
        >>> sorted(study.notes_read("A"))
        ['P1-R1']
        """
        if coder is None:
            return notes_read(self._raw)
        return notes_read(self._raw, some_of(coder, self.coders, field="coder"))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the study's canonical files: the same study, the same hash, anywhere."""
        from quidqual.study.save import study_files

        digest = hashlib.sha256()
        for name, content in sorted(study_files(self).items()):
            digest.update(f"{name}\0{len(content.encode())}\0".encode() + content.encode())
        return digest.hexdigest()

    def save(self, folder: str | Path) -> Path:
        """Write the study as a folder; see `quidqual.study.save.save_study`."""
        from quidqual.study.save import save_study

        return save_study(self, as_path(folder))


def open_study(folder: str | Path | None = None) -> Study:
    """Open a study folder.

    Parameters
    ----------
    folder : str or Path, optional
        Left out: the folder that the environment variable ``QUIDQUAL_STUDY`` names (so the
        same notebooks run on any study), else the synthetic example.

    Returns
    -------
    Study

    Raises
    ------
    QuidqualError
        With all errors at once; warnings are in ``study.problems``.

    Examples
    --------
    >>> from quidqual.examples import example_folder
    >>> open_study(example_folder()).corpus
    'synthetic'
    """
    if folder is None:
        import os

        from quidqual.examples import example_folder

        folder = os.environ.get("QUIDQUAL_STUDY") or example_folder()
    path = as_path(folder)
    raw, problems = read_folder(path)
    problems += check(raw)
    errors = [problem for problem in problems if problem.level == "error"]
    if errors:
        heading = f"The study {path.name!r} has {len(errors)} problems:" if len(errors) > 1 else ""
        raise QuidqualError(errors, heading=heading)
    study = Study(raw, folder=path, checked=True)
    study._found = problem_frame(problems)
    return study
