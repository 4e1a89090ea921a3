"""`Study`: the noun that everything starts from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from quidqual.study import tables_given
from quidqual.study.arguments import some_of
from quidqual.study.check_tables import check
from quidqual.study.chosen_reading import read_whole
from quidqual.study.claims import Claim
from quidqual.study.codebook import Code, Codebook
from quidqual.study.errors import QuidqualError
from quidqual.study.faced import face_of
from quidqual.study.files import as_path
from quidqual.study.frames import StudyTables
from quidqual.study.reading import RawStudy, everyone, notes_read, read_folder
from quidqual.study.validate import problem_frame
from quidqual.study.wording import counted


class Study(StudyTables):
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
        The whole study, if this is a reading of one (see `reading`). Of a reading that was saved
        it holds only who was interviewed when: what the ledger asks of those left out.
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
        whole = raw.read_from
        self.read_from: Study | None = type(self)(whole, checked=True) if whole else None
        self.languages: tuple[str, ...] = tuple(raw.settings.get("languages") or ())
        self.primary_coder: str | None = raw.settings.get("primary_coder") or None
        self.codebook: Codebook = raw.codebook
        self._found = problem_frame(found)
        self._made: dict[str, pd.DataFrame] = {}
        self._read: dict[tuple[tuple[str, ...] | None, str | None], frozenset[str]] = {}

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
            ``interview, code``, the place (``start, end``) or the words (``exact``, with
            ``prefix`` or ``suffix`` where these stand several times) or both, and, where
            known, ``coder, id, at, source, weight, memo``. Where both disagree the words
            decide.
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
            f"<Study {self.title!r} ({self.corpus}): {counted(people, 'participant')}, "
            f"{counted(held, 'interview')} held, {counted(len(self._raw.codings), 'coding')}, "
            f"{counted(len(self._raw.claims), 'claim')}>"
        )

    def _repr_html_(self) -> str:
        return face_of(self) or ""

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
    def claims(self) -> tuple[Claim, ...]:
        """Content of ``claims.yaml``; a copy."""
        return deepcopy(self._raw.claims)

    @property
    def problems(self) -> pd.DataFrame:
        """Warnings found on opening, see `quidqual.validate`."""
        return self._found.copy(deep=False)

    @cached_property
    def coders(self) -> tuple[str, ...]:
        """Coders who have a coding, or have read notes by a mark or by ``study.toml``, sorted."""
        return tuple(sorted(everyone(self._raw)))

    def notes_read(
        self, coder: str | Iterable[str] | None = None, *, uncoded: str | None = None
    ) -> frozenset[str]:
        """Interviews whose note has been read: only there may a code be absent.

        Parameters
        ----------
        coder : str or list of str, optional
            Whose reading counts; several are united. Left out: the primary coder, else all.
        uncoded : {"absent", "not_observed"}, optional
            How notes with neither a coding nor a mark are read; default as ``study.toml`` says.

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
        asked = None if coder is None else tuple(some_of(coder, self.coders, field="coder"))
        key = (asked, uncoded)
        if key not in self._read:  # of 200,000 codings it takes as long as the presence itself
            self._read[key] = notes_read(self._raw, asked, uncoded=uncoded)
        return self._read[key]

    @cached_property
    def mark(self) -> str:
        """What each table carries as ``corpus``: the corpus, and the reading if one was chosen.

        Examples
        --------
        >>> import quidqual as qq
        >>> qq.load_example().reading(coder="B", rounds=["R1", "R2", "R3"]).mark
        'synthetic [reading: coder B; without R4]'
        """
        from quidqual.study.chosen_reading import words_of_reading

        chosen = words_of_reading(self)
        return f"{self.corpus} [reading: {chosen}]" if chosen else self.corpus

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the study's canonical files: the same study, the same hash, anywhere."""
        from quidqual.study.save import study_files

        digest = hashlib.sha256()
        for name, content in sorted(study_files(self).items()):
            digest.update(f"{name}\0{len(content.encode())}\0".encode() + content.encode())
        return digest.hexdigest()

    def reading(
        self,
        *,
        coder: str | Iterable[str] | None = None,
        participants: str | Iterable[str] | None = None,
        rounds: str | Iterable[str] | None = None,
        speech: str | Iterable[str] | None = None,
        drop_patterns: str | Iterable[str] | None = None,
    ) -> Study:
        """Choose once how a study is read; see `quidqual.study.chosen_reading.chosen_reading`."""
        from quidqual.study.chosen_reading import chosen_reading

        return chosen_reading(
            self,
            coder=coder,
            participants=participants,
            rounds=rounds,
            speech=speech,
            drop_patterns=drop_patterns,
        )

    def save(self, folder: str | Path, *, replace: bool = False) -> Path:
        """Write the study as a folder; see `quidqual.study.save.save_study`."""
        from quidqual.study.save import save_study

        return save_study(self, as_path(folder), replace=replace)


def open_study(folder: str | Path) -> Study:
    """Open a study folder.

    Parameters
    ----------
    folder : str or Path

    Returns
    -------
    Study

    Raises
    ------
    QuidqualError
        With all errors at once; warnings are in ``study.problems``.
    """
    path = as_path(folder)
    raw, problems = read_folder(path)
    raw.read_from = read_whole(path, problems)
    problems += check(raw)
    errors = [problem for problem in problems if problem.level == "error"]
    if errors:
        heading = f"The study {path.name!r} has {len(errors)} problems:" if len(errors) > 1 else ""
        raise QuidqualError(errors, heading=heading)
    study = Study(raw, folder=path, checked=True)
    study._found = problem_frame(problems)
    return study
