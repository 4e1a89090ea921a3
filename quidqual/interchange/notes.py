"""Notes, transcripts and open answers, as files, into a study."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from quidqual.interchange.answers import ANSWERS, answer_texts
from quidqual.interchange.assemble import assemble, check_wishes
from quidqual.interchange.document_text import DOCUMENTS, document_text
from quidqual.interchange.names import stem
from quidqual.interchange.offsets import STANDARD
from quidqual.interchange.project import Account, ForeignProject, ForeignText, Imported
from quidqual.interchange.transcripts import (
    TRANSCRIPTS,
    Turn,
    caption_turns,
    text_turns,
    written,
)
from quidqual.interchange.untrusted import decode_text, existing, read_capped, refuse
from quidqual.study.arguments import names_of
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.text import canonical

KINDS = (*DOCUMENTS, *TRANSCRIPTS, *ANSWERS)
OWN_NAMES = r"^(?P<participant>.+?)[-_ ](?P<round>(?:R|T|W|[Rr]ound|[Ww]ave)[-_ ]?\d{1,3})$"
"""Pattern of names such as S1-R1, by which quidqual itself names notes."""

TURN_COLUMNS = ("interview", "turn", "speaker", "begins", "ends", "start", "end")
_SPEECH = ("quoted", "plain")


def import_notes(
    files: str | Path | Iterable[str | Path],
    *,
    title: str = "",
    rounds: str | Mapping[str, Any] | None = None,
    group: str | None = None,
    language: str = "und",
    encoding: str | None = None,
    speech: str = "quoted",
    interviewers: str | Sequence[str] = (),
    answers: Mapping[str, Any] | None = None,
    on_error: str = "raise",
) -> Imported:
    r"""Make a study of notes and transcripts that lie in files.

    Parameters
    ----------
    files : path or paths
        Files, or a folder of them: .txt, .md, .docx, .odt, .rtf, .pdf (its text layer),
        .html, .vtt, .srt, and .csv, .tsv, .xlsx of open answers.
    title : str, optional
    rounds : str or mapping, optional
        A pattern of file names with the groups ``participant`` and ``round``, a mapping of
        names to rounds, or the column of a table. Default: names such as S1-R1, if all
        files are called so; else each file is a participant of one round.
    group : str, optional
        Column of a table that tells the group.
    language : str, default "und"
        Language of the notes (BCP 47).
    encoding : str, optional
        Of plain text that is not UTF-8, such as ``"windows-1252"``: never guessed.
    speech : {"quoted", "plain"}
        Whether the words of transcripts and answers are put between “ and ”, by which a
        note marks speech; they may only then be quoted as the participant's own.
    interviewers : str or sequence of str
        Speakers who are not participants; their words stay without quotation marks.
    answers : mapping, optional
        Columns of a table: ``participant``, ``round``, ``text`` (one or a list).
    on_error : {"raise", "report"}

    Returns
    -------
    Imported
        ``.study``, ``.report`` and ``.turns``: speaker turns with their times, which never
        become part of a note.

    Raises
    ------
    QuidqualError
        With all files that cannot be read, unless they are to be reported.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "S1-R1.vtt")
    ...     _ = file.write_text(
    ...         "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>I stay.", encoding="utf-8"
    ...     )
    ...     imported = import_notes(file)
    >>> imported.study.text("S1-R1")
    'Anna: “I stay.”'
    >>> imported.turns[["speaker", "begins"]].values.tolist()
    [['Anna', 1.0]]
    """
    if speech not in _SPEECH:
        message = f"{speech!r} is no way to write speech."
        raise QuidqualError.of(message, remedy="Use 'quoted' or 'plain'.", field="speech")
    told_by = names_of(interviewers, field="interviewers")
    check_wishes(rounds, language, group)
    paths = _paths(files)
    account = Account(paths[0].name if len(paths) == 1 else "files", on_error=on_error)
    project = ForeignProject(account.file, origin="files", title=title or paths[0].stem)
    if not title and len(paths) > 1:
        project.title = paths[0].parent.name or "Imported notes"
    reader = _Files(project, account, encoding, speech == "quoted", told_by, answers)
    for path in paths:
        reader.read(path)
    if not project.texts:
        account.fault("", "files", "no text was found.", "Check the files.")
    told = rounds if rounds is not None else _own_names(project, account)
    imported = assemble(
        project, account, rounds=told, group=group, language=language, offsets=STANDARD
    )
    _check_headings(imported, account)
    return Imported(imported.study, account.frame, reader.turn_frame(imported))


def listed_paths(files: Any) -> list[Path]:
    """Take one path, or several, as the user gives them."""
    several = isinstance(files, Iterable) and not isinstance(files, str | Path)
    return [as_path(file) for file in (files if several else [files])]


def _paths(files: str | Path | Iterable[str | Path]) -> list[Path]:
    """List the files, those of a folder in the order of their names."""
    paths: list[Path] = []
    for one in listed_paths(files):
        if one.is_dir():
            inside = sorted(p for p in one.iterdir() if p.suffix.casefold() in KINDS)
            paths += [p for p in inside if p.is_file() and not p.name.startswith((".", "~$"))]
        else:
            paths.append(existing(one))
    if not paths:
        raise QuidqualError.of("there is no file to import.", remedy=f"Give {', '.join(KINDS)}.")
    return paths


class _Files:
    """Reads files one by one into a project."""

    def __init__(
        self,
        project: ForeignProject,
        account: Account,
        encoding: str | None,
        quoted: bool,
        interviewers: tuple[str, ...],
        answers: Mapping[str, Any] | None,
    ) -> None:
        self.project = project
        self.account = account
        self.encoding = encoding
        self.quoted = quoted
        self.interviewers = interviewers
        self.answers = answers
        self.turns: dict[str, list[tuple[Turn, tuple[int, int]]]] = {}

    def read(self, path: Path) -> None:
        """Read one file; what is wrong with it becomes a fault of the import."""
        kind = path.suffix.casefold()
        try:
            if kind in ANSWERS:
                self._answers(path)
            elif kind in TRANSCRIPTS:
                data = read_capped(path)
                text = decode_text(data, file=path.name, encoding=self.encoding)
                strict = self.account.on_error == "raise"
                turns = caption_turns(text, kind=kind, file=path.name, strict=strict)
                if not turns:
                    raise refuse(path.name, "it holds no captions.", "Check the file.")
                self._transcript(path, turns)
            else:
                self._document(path)
        except QuidqualError as error:
            for problem in error.problems:
                self.account.fault(path.name, problem.field, problem.message, problem.remedy)

    def _answers(self, path: Path) -> None:
        texts, cases = answer_texts(
            path, self.account, columns=self.answers, encoding=self.encoding, quoted=self.quoted
        )
        self.project.texts += texts
        self.project.cases += cases
        self.account.taken(path.name, "answers", f"{len(texts)} rows, a text each")

    def _document(self, path: Path) -> None:
        found = document_text(path, encoding=self.encoding)
        for kind, count in sorted(found.left_out.items()):
            if count:
                self.account.left_out(path.name, kind, f"{count} of them")
        turns = text_turns(canonical(found.text))
        if turns is not None:
            self._transcript(path, turns)
            return
        self.project.texts.append(ForeignText(str(path), path.name, found.text))
        self.account.taken(path.name, "document")

    def _transcript(self, path: Path, turns: Sequence[Turn]) -> None:
        text, places = written(turns, quoted=self.quoted, interviewers=self.interviewers)
        self.project.texts.append(
            ForeignText(str(path), path.name, text, speaker_turns=any(t.speaker for t in turns))
        )
        self.turns[str(path)] = list(zip(turns, places, strict=True))
        how = "their words between quotation marks, " if self.quoted else ""
        why = f"{len(turns)} turns, {how}their times in a table beside the note"
        self.account.changed(path.name, "transcript", why)

    def turn_frame(self, imported: Imported) -> pd.DataFrame:
        """Speaker turns with times and places: columns of `TURN_COLUMNS`."""
        names = _interview_of(imported, self.project)
        rows = [
            (names[key], number, turn.speaker, turn.begins, turn.ends, *place)
            for key, turns in self.turns.items()
            for number, (turn, place) in enumerate(turns, 1)
        ]
        frame = pd.DataFrame(rows, columns=list(TURN_COLUMNS))
        return frame.astype({"begins": "Float64", "ends": "Float64"})


def _interview_of(imported: Imported, project: ForeignProject) -> dict[str, str]:
    """Interview of each text: held interviews stand in the order of the texts."""
    held = imported.study.raw.interviews
    held = held.loc[held["status"] == "held", "interview"].tolist()
    return dict(zip((text.key for text in project.texts), held, strict=True))


def _own_names(project: ForeignProject, account: Account) -> str | None:
    """Use quidqual's own way of naming notes, if all files follow it and no table tells more."""
    names = [stem(text.name) for text in project.texts]
    told = any("round" in text.variables for text in project.texts)
    if told or not names or not all(re.search(OWN_NAMES, name) for name in names):
        return None
    account.taken("names of the files", "pattern", "they tell participant and round, as in S1-R1")
    return OWN_NAMES


def _check_headings(imported: Imported, account: Account) -> None:
    """Compare the participant and round of each name with the first line of its note."""
    study = imported.study
    talks = study.raw.interviews
    people = {person for person in talks["participant"] if len(person) <= 40}
    columns = ("interview", "participant", "round")
    for interview, person, when in zip(*(talks[c] for c in columns), strict=True):
        text = study.raw.notes.get(interview, "").lstrip()
        words = set(re.findall(r"[\w.-]*\w", text.partition("\n")[0][:200]))
        for kind, own, known in (
            ("participant", person, people),
            ("round", when, set(study.round_order)),
        ):
            others = sorted((words & known) - {own})
            if others and own not in words:
                why = f"by its name the {kind} is {own!r}, its heading names {others[0]!r}: check"
                account.changed(interview, kind, why)
