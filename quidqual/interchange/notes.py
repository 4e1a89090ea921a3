"""Notes, transcripts and open answers, as files, into a study."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from quidqual.interchange.answers import ANSWERS, answer_texts
from quidqual.interchange.assemble import SPEECH, assemble, check_interviewers, check_wishes
from quidqual.interchange.document_text import DOCUMENTS, document_text
from quidqual.interchange.file_names import Told, rounds_of, told_by
from quidqual.interchange.languages import UNTOLD, folders_of_languages
from quidqual.interchange.names import stem
from quidqual.interchange.offsets import STANDARD
from quidqual.interchange.people import FILES
from quidqual.interchange.project import Account, ForeignProject, ForeignText, Imported
from quidqual.interchange.transcripts import (
    TRANSCRIPTS,
    Turn,
    caption_turns,
    named_turns,
    speaker_name,
    text_turns,
    without_metadata,
    written,
)
from quidqual.interchange.untrusted import check_text, decode_text, existing, read_capped, refuse
from quidqual.study.arguments import names_of, one_of
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.text import canonical
from quidqual.study.wording import counted, joined, natural_order

KINDS = (*DOCUMENTS, *TRANSCRIPTS, *ANSWERS)
CORPORA = ("real", "synthetic")
TURN_COLUMNS = ("interview", "turn", "speaker", "begins", "ends", "start", "end")


def import_notes(
    files: str | Path | Iterable[str | Path],
    *,
    title: str = "",
    rounds: str | Mapping[str, Any] | None = None,
    group: str | None = None,
    language: str | Mapping[str, str] = UNTOLD,
    encoding: str | None = None,
    corpus: str | None = None,
    speech: str | None = None,
    interviewers: str | Sequence[str] = (),
    answers: Mapping[str, Any] | Sequence[str] | None = None,
    on_error: str = "raise",
) -> Imported:
    r"""Make a study of notes and transcripts that lie in files. No word of them is altered.

    Parameters
    ----------
    files : path or paths
        Files, or a folder of them, or one of folders for rounds, people or languages
        (``Ronda 1/Ana.docx``, ``es/Ana R1.odt``): .txt, .md, .docx, .odt, .rtf, .pdf (its text
        layer), .html, .vtt, .srt, and .csv, .tsv, .xlsx of open answers.
    title : str, optional
    rounds : str or mapping, optional
        A pattern of file names with the groups ``participant`` and ``round``, a mapping of
        names to rounds, or the column of a table. Default: what names such as ``S1-R1``,
        ``Interview_P01_T2_final`` or ``Ana wave 1`` tell; a name that tells no round is said.
    group : str, optional
        Column of a table that tells the group; of files without a table, the group itself.
    language : str or mapping, default "und"
        Language of the notes (BCP 47), or of each: names of participants or files to
        languages. A column *language* of a table tells it too, and so does a folder that is
        called as a language (``es``).
    corpus : {"real", "synthetic"}, optional
        Whether people said it, or it was invented. Default: taken for real, and said so.
    encoding : str, optional
        Of plain text that is not UTF-8, such as ``"windows-1252"``: never guessed.
    speech : {"verbatim", "paraphrase"}, optional
        What the words outside of quotation marks are: a participant's own wherever no
        interviewer speaks, or the researcher's. Default: turns of speakers and tables of
        answers are verbatim, other notes paraphrase.
    interviewers : str or sequence of str
        Speakers who are not participants, beside those who are called *Interviewer* or so.
    answers : mapping or list of str, optional
        Columns of a table: ``participant``, ``round``, ``text`` (one or a list); a list
        names those with answers.
    on_error : {"raise", "report"}

    Returns
    -------
    Imported
        ``.study``, ``.report``, ``.understood`` (who was interviewed when) and ``.turns``:
        speaker turns with their times, which never become part of a note.

    Raises
    ------
    QuidqualError
        With all files that cannot be read, unless they are to be reported; for an interviewer
        who speaks nowhere.

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
    'Anna: I stay.'
    >>> imported.turns[["speaker", "begins"]].values.tolist()
    [['Anna', 1.0]]
    """
    if speech is not None:
        one_of(speech, SPEECH, field="speech")
    if corpus is not None:
        one_of(corpus, CORPORA, field="corpus")
    asking = names_of(interviewers, field="interviewers")
    if answers is not None and not isinstance(answers, Mapping):
        answers = {"text": list(names_of(answers, field="answers"))}
    check_wishes(rounds, language, group)
    paths, passed_over = _paths(files)
    account = Account(paths[0].name if len(paths) == 1 else "files", on_error=on_error)
    for room in passed_over:
        account.left_out(room, "folder", "files lie beside it; give the folder itself as well")
    project = ForeignProject(account.file, origin=FILES, title=title or paths[0].stem)
    if not title and len(paths) > 1:
        project.title = paths[0].parent.name or "Imported notes"
    reader = _Files(project, account, encoding, asking, answers)
    for path in paths:
        reader.read(path)
    reader.tell_languages_of_folders()
    if not project.texts and not account.problems:
        account.fault("", "files", "no text was found.", "Check the files.")
    reader.check_interviewers()
    project.speech = reader.speech(speech)
    if rounds is None:
        _tell_by_names(project, account, reader.folders)
    if corpus is None:
        why = 'taken for real and confidential; pass corpus="synthetic" if they are invented'
        account.changed("the notes", "corpus", why)
    imported = assemble(
        project, account, rounds=rounds, group=group, language=language, offsets=STANDARD,
        corpus=corpus or "real",
    )  # fmt: skip
    _check_headings(imported, account)
    return Imported(imported.study, account.frame, reader.turn_frame(imported))


def listed_paths(files: Any) -> list[Path]:
    """Take one path, or several, as the user gives them."""
    several = isinstance(files, Iterable) and not isinstance(files, str | Path)
    return [as_path(file) for file in (files if several else [files])]


def _paths(files: str | Path | Iterable[str | Path]) -> tuple[list[Path], list[str]]:
    """List the files, those of a folder by name; and folders that were passed over.

    A folder without files of its own gives those of the folders in it.
    """
    paths: list[Path] = []
    passed_over: list[str] = []
    for one in listed_paths(files):
        if not one.is_dir():
            paths.append(existing(one))
            continue
        own = _files_in(one)
        rooms = {p.name: _files_in(p) for p in sorted(one.iterdir())
                 if p.is_dir() and not p.name.startswith(".")}  # fmt: skip
        passed_over += [name for name, inside in rooms.items() if own and inside]
        paths += own or [path for inside in rooms.values() for path in inside]
    if not paths:
        raise QuidqualError.of("there is no file to import.", remedy=f"Give {', '.join(KINDS)}.")
    return paths, passed_over


def _files_in(folder: Path) -> list[Path]:
    inside = sorted(p for p in folder.iterdir() if p.suffix.casefold() in KINDS)
    return [p for p in inside if p.is_file() and not p.name.startswith((".", "~$"))]


class _Files:
    """Reads files one by one into a project."""

    def __init__(
        self,
        project: ForeignProject,
        account: Account,
        encoding: str | None,
        interviewers: tuple[str, ...],
        answers: Mapping[str, Any] | None,
    ) -> None:
        self.project = project
        self.account = account
        self.encoding = encoding
        self.interviewers = interviewers
        self.answers = answers
        self.turns: dict[str, list[tuple[Turn, tuple[int, int]]]] = {}
        self.n_answers = 0
        self.folders: dict[str, str] = {}

    def read(self, path: Path) -> None:
        """Read one file; what is wrong with it becomes a fault of the import."""
        before = len(self.project.texts)
        self._read(path)
        for text in self.project.texts[before:]:
            self.folders[text.key] = path.parent.name

    def tell_languages_of_folders(self) -> None:
        """Take the name of each file's folder for its language, if all are called so."""
        rooms = set(self.folders.values())
        if len(rooms) < 2 or not folders_of_languages(rooms):
            return
        for text in self.project.texts:
            text.variables.setdefault("language", self.folders[text.key])
        why = "the folders are called so"
        self.account.taken(joined(natural_order(rooms)), "language", why)

    def _read(self, path: Path) -> None:
        kind = path.suffix.casefold()
        try:
            if kind in ANSWERS:
                self._answers(path)
            elif kind in TRANSCRIPTS:
                data = read_capped(path)
                text = decode_text(data, file=path.name, encoding=self.encoding)
                check_text(text, path.name)
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
            path, self.account, columns=self.answers, encoding=self.encoding
        )
        self.project.texts += texts
        self.project.cases += cases
        self.n_answers += len(texts)
        self.account.taken(path.name, "answers", f"{counted(len(texts), 'row')}, a text each")

    def _document(self, path: Path) -> None:
        found = document_text(path, encoding=self.encoding)
        for kind, count in sorted(found.left_out.items()):
            if count:
                self.account.left_out(path.name, kind, f"{count} of them")
        text, n_lines = without_metadata(canonical(found.text))
        if n_lines:
            why = f"{counted(n_lines, 'line')} of metadata (keywords, speakers), which nobody said"
            self.account.left_out(path.name, "metadata", why)
        turns = text_turns(text)
        if turns is not None:
            self._transcript(path, turns)
            return
        named = named_turns(text, self.interviewers)
        if named is not None:
            self._add(path, text, *named)
            n = counted(len(named[0]), "turn")
            self.account.taken(path.name, "transcript", f"{n}: lines begin with a speaker")
            return
        self.project.texts.append(
            ForeignText(str(path), path.name, text if n_lines else found.text)
        )
        self.account.taken(path.name, "document")

    def _transcript(self, path: Path, turns: Sequence[Turn]) -> None:
        self._add(path, written(turns)[0], turns, written(turns)[1])
        n = counted(len(turns), "turn")
        why = f"{n}; speakers stand in the note, times in a table beside it"
        self.account.changed(path.name, "transcript", why)

    def _add(
        self, path: Path, text: str, turns: Sequence[Turn], places: Sequence[tuple[int, int]]
    ) -> None:
        named = any(turn.speaker for turn in turns)
        self.project.texts.append(ForeignText(str(path), path.name, text, speaker_turns=named))
        self.turns[str(path)] = list(zip(turns, places, strict=True))

    def check_interviewers(self) -> None:
        """Refuse an interviewer who speaks nowhere: most likely a slip of the pen."""
        speakers = {t.speaker for turns in self.turns.values() for t, _ in turns if t.speaker}
        check_interviewers([speaker_name(str(name)) for name in self.interviewers], speakers)

    def speech(self, wish: str | None) -> dict[str, Any]:
        """Say in study.toml whose words the texts hold."""
        texts = self.project.texts
        named = any(text.speaker_turns for text in texts)
        n_said = self.n_answers + len(self.turns)
        found: dict[str, Any] = {}
        if named:
            found["turns"] = wish != "paraphrase"
        if wish == "verbatim" or (wish is None and texts and n_said == len(texts)):
            found["transcripts"] = True
        elif wish is None and n_said:
            silent = sum(1 for turns in self.turns.values() if not any(t.speaker for t, _ in turns))
            if own := self.n_answers + silent:
                what = f"{counted(own, 'text')} without speakers"
                why = "beside notes, only what stands between quotation marks is their own words"
                self.account.changed(what, "speech", f'{why}; pass speech="verbatim" if all is')
        if self.interviewers:
            found["interviewers"] = [speaker_name(str(name)) for name in self.interviewers]
        return found

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


def _tell_by_names(project: ForeignProject, account: Account, folders: Mapping[str, str]) -> None:
    """Tell participant and round from the names of files, where no table tells more."""
    if any("round" in text.variables for text in project.texts):
        return
    owned = {key for case in project.cases for key in case.texts}
    files = [text for text in project.texts if text.key not in owned]
    told = {
        text.key: found
        for text in files
        if (found := told_by(stem(text.name)) or _told_by_folder(text, folders))
    }
    rounds = rounds_of(told.values())
    for text in files:
        if text.key in told:
            found = told[text.key]
            text.variables |= {"participant": found.participant, "round": rounds[found]}
            if found.day:
                text.variables.setdefault("date", found.day)
    if told:
        what = "the names of " + counted(len(told), "file")
        account.taken(what, "round", "they tell participant and round: see .understood")
        first = natural_order(set(rounds.values()))[0]
        for text in project.texts:
            text.variables.setdefault("round", first)
    silent = [text.name for text in files if text.key not in told]
    if silent and len(files) > 1:
        taken = f"taken for {first}" if told else "all of one round"
        why = f"tell no round: {joined(silent, limit=5)}; {taken}. Pass rounds= if that is wrong"
        account.changed("the names of " + counted(len(silent), "file"), "round", why)


def _told_by_folder(text: ForeignText, folders: Mapping[str, str]) -> Told | None:
    """Read round or person out of the folder, where there are several: ``Ronda 1/Ana.docx``."""
    several = len(set(folders.values())) > 1
    return told_by(f"{folders[text.key]} {stem(text.name)}") if several else None


def _check_headings(imported: Imported, account: Account) -> None:
    """Compare the participant and round of each name with the first line of its note."""
    study = imported.study
    talks, notes = study.raw.interviews, study.raw.notes
    people = {person for person in talks["participant"] if len(person) <= 40}
    columns = ("interview", "participant", "round")
    for interview, person, when in zip(*(talks[c] for c in columns), strict=True):
        text = notes.get(interview, "").lstrip()
        words = set(re.findall(r"[\w.-]*\w", text.partition("\n")[0][:200]))
        for kind, own, known in (
            ("participant", person, people),
            ("round", when, set(study.round_order)),
        ):
            others = sorted((words & known) - {own})
            if others and own not in words:
                why = f"by its name the {kind} is {own!r}, its heading names {others[0]!r}: check"
                account.changed(interview, kind, why)
