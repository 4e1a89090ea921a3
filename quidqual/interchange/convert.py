"""`read` and `write` for every format; ``quidqual convert`` and ``quidqual import`` on top."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.interchange.notes import import_notes, listed_paths
from quidqual.interchange.project import COLUMNS, Imported, who_when
from quidqual.interchange.qdc import read_qdc, write_qdc
from quidqual.interchange.qdpx_read import read_qdpx
from quidqual.interchange.qdpx_write import write_qdpx
from quidqual.interchange.qualcoder import read_qualcoder
from quidqual.interchange.quote_report import REPORTS, write_quote_report
from quidqual.interchange.quote_table import code_matrix, quote_table
from quidqual.interchange.taguette import is_taguette_table, read_taguette
from quidqual.interchange.untrusted import refuse
from quidqual.study.arguments import one_of, takes_study
from quidqual.study.errors import Problem, QuidqualError, listed
from quidqual.study.files import as_path
from quidqual.study.write_table import TABLES, write_table

if TYPE_CHECKING:
    from quidqual.study.model import Study

CONTENTS = ("quotes", "documents", "participants")
"""What a table that is written holds: quotes, or codes by documents or participants."""


@dataclass(frozen=True)
class Conversion:
    """What was read and where it was written.

    Attributes
    ----------
    study : Study
    report : DataFrame
        As of `Imported`; empty for a study folder, which loses nothing.
    path : Path
    """

    study: Study
    report: pd.DataFrame
    path: Path

    @property
    def understood(self) -> pd.DataFrame:
        """Who was interviewed when, as in `Imported`."""
        return who_when(self.study)


READERS: dict[str, Callable[..., Imported]] = {
    ".qdpx": read_qdpx, ".qdc": read_qdc, ".qda": read_qualcoder,
    ".sqlite3": read_taguette, ".sqlite": read_taguette, ".db": read_taguette,
}  # fmt: skip
"""Readers by the ending of the file; any other file is read as notes."""


def add_reader(ending: str, reader: Callable[..., Imported]) -> None:
    """Let `read` take files of another ending.

    Parameters
    ----------
    ending : str
        With its dot, such as ``".xyz"``.
    reader : callable
        Takes the path and gives an `Imported`.

    Raises
    ------
    QuidqualError
        If the ending has a reader already, or is none.

    Examples
    --------
    >>> add_reader(".qdpx", read)
    Traceback (most recent call last):
        ...
    quidqual.study.errors.QuidqualError: files that end in '.qdpx' have a reader already. ...
    """
    if not isinstance(ending, str) or not ending.startswith(".") or not callable(reader):
        raise QuidqualError.of(
            "a reader is added with an ending such as '.xyz' and a function.", field="ending"
        )
    if READERS.setdefault(ending.casefold(), reader) is not reader:
        raise QuidqualError.of(
            f"files that end in {ending!r} have a reader already.", remedy="Choose another ending."
        )


def read(
    path: str | Path | Iterable[str | Path],
    *,
    rounds: str | Mapping[str, Any] | None = None,
    group: str | None = None,
    language: str | Mapping[str, str] | None = None,
    corpus: str | None = None,
    speech: str | None = None,
    interviewers: str | Sequence[str] | None = None,
    answers: Mapping[str, Any] | Sequence[str] | None = None,
    title: str | None = None,
    project: str | None = None,
    offsets: str | None = None,
    encoding: str | None = None,
    on_error: str | None = None,
) -> Imported:
    r"""Read what another program made, or files of notes, into a study.

    Parameters
    ----------
    path : path or paths
        A project (``.qdpx``, QualCoder's ``.qda``, Taguette's ``.sqlite3``), a codebook
        (``.qdc``, Taguette's ``.csv``), Taguette's highlights (``.csv``, ``.xlsx``), a study
        folder; or notes, transcripts and tables of answers: one file, several, or a folder.
    rounds : str or mapping, optional
        What tells the round: a variable or column, a pattern of names with the groups
        ``participant`` and ``round``, or a mapping of names to rounds. Default: a variable
        called round or wave, else the names of files such as ``P01_T2`` or ``Ana wave 1``.
    group : str, optional
        Variable or column that tells the group (default: one called group); of files that
        have none, the group itself.
    language : str or mapping, optional
        Language of the texts (BCP 47), where nothing in the file tells; of notes also one for
        each participant or file: ``{"Ana": "es", "Jonas": "de"}``.
    corpus : {"real", "synthetic"}, optional
        Of notes: whether people said it, or it was invented (default: taken for real).
    speech : {"verbatim", "paraphrase"}, optional
        What the words outside of quotation marks are: a participant's own wherever no
        interviewer speaks, or the researcher's. Default: of projects, speakers' turns and
        answers verbatim, of other notes paraphrase.
    interviewers : str or sequence of str, optional
        Speakers who are not participants.
    answers : mapping or list of str, optional
        Columns of a table of answers: ``participant``, ``round``, ``text`` (one or a list); a
        list names those with answers.
    title : str, optional
    project : str, optional
        Which project of a Taguette database.
    offsets : str, optional
        What offsets count, if the file leaves doubt, such as ``"utf-16"``.
    encoding : str, optional
        Of texts that are not UTF-8, such as ``"windows-1252"``; never guessed.
    on_error : {"raise", "report"}, optional
        Whether faults of the file end the import, or become lines of its report.

    Returns
    -------
    Imported
        ``.study``, ``.report`` (what was taken, changed and left out), ``.understood`` (who
        was interviewed when, as it was understood) and ``.turns``.

    Raises
    ------
    QuidqualError
        For a file that cannot be read, or an option that means nothing for it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("Ana wave 1.txt", "Ana wave 2.txt"):
    ...         _ = Path(folder, name).write_text("She stays.", encoding="utf-8")
    ...     print(read(folder).understood)
    round       wave 1      wave 2
    participant
    Ana          Ana_wave_1  Ana_wave_2
    """
    options = {
        "rounds": rounds, "group": group, "language": language, "corpus": corpus, "speech": speech,
        "interviewers": interviewers, "answers": answers, "title": title, "project": project,
        "offsets": offsets, "encoding": encoding, "on_error": on_error,
    }  # fmt: skip
    paths = listed_paths(path)
    if len(paths) != 1:
        return _read(import_notes, paths, options)
    place = paths[0]
    if place.is_dir() and (place / "study.toml").is_file():
        return _read(_study_folder, place, options)
    return _read(_reader(place), place, options)


def _study_folder(place: Path, *, on_error: str = "raise") -> Imported:
    """Open a study of our own, of which nothing is lost."""
    from quidqual.study.model import open_study

    return Imported(open_study(place), pd.DataFrame(columns=list(COLUMNS)))


def _reader(place: Path) -> Callable[..., Imported]:
    """Choose the reader of a file or folder by its name, and of a table by its header."""
    if (place / "data.qda").is_file():
        return read_qualcoder
    kind = place.suffix.casefold()
    if kind in (".csv", ".xlsx") and is_taguette_table(place):
        return read_taguette
    return READERS.get(kind, import_notes)


def _read(reader: Callable[..., Imported], source: Any, options: Mapping[str, Any]) -> Imported:
    """Call a reader with the options that were given, and name those that mean nothing to it."""
    given = {name: value for name, value in options.items() if value is not None}
    known = [name for name in signature(reader).parameters][1:]
    problems = [
        Problem(
            field=name,
            message=f"{name}= means nothing for this kind of file.",
            remedy=f"Leave it out; these do: {listed(known)}.",
        )
        for name in given
        if name not in known
    ]
    if problems:
        raise QuidqualError(problems)
    return reader(source, **given)


@takes_study
def write(
    study: Study,
    path: str | Path,
    *,
    content: str = "quotes",
    dialect: str | None = None,
    coder: str | None = None,
    language: str | None = None,
    replace: bool = False,
) -> Path:
    """Write a study in the form that the name of the file asks for.

    Parameters
    ----------
    study : Study
    path : str or Path
        ``.qdpx`` a project and ``.qdc`` a codebook for other programs; ``.csv``, ``.xlsx`` or
        ``.parquet`` a table; ``.md`` or ``.docx`` a report of quotes; no ending a study folder.
    content : {"quotes", "documents", "participants"}
        What a table holds: a row a quote, or codes counted by document or by participant.
    dialect : str, optional
        Program that is to read a ``.qdpx``, see `write_qdpx`.
    coder : str, optional
        Whose codings a table or a report of quotes holds (default: the primary coder's, else
        all).
    language : str, optional
        Of the labels of codes in a codebook, table or report.
    replace : bool, default False
        Whether a file of this name with other content may be replaced; a study never is.

    Returns
    -------
    Path
        The file, or the folder; the same study gives the same bytes.

    Raises
    ------
    QuidqualError
        For an ending that nothing is written as, or a file that would be replaced.

    Examples
    --------
    >>> import tempfile
    >>> from quidqual.examples import load_example
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(load_example(), f"{folder}/quotes.csv").name
    'quotes.csv'
    """
    place, kind = writable(path, content)
    if not kind:
        return study.save(place)
    if kind == ".qdpx":
        return write_qdpx(study, place, dialect=dialect, replace=replace)
    if kind == ".qdc":
        return write_qdc(study, place, language=language, replace=replace)
    if kind in REPORTS:
        return write_quote_report(study, place, coder=coder, language=language, replace=replace)
    if content == "quotes":
        table = quote_table(study, coder=coder, language=language)
    else:
        by = content.removesuffix("s")
        table = code_matrix(study, by=by, counts=True, coder=coder, language=language)
    return write_table(table, place, replace=replace, study=study)


def writable(path: str | Path, content: str = "quotes") -> tuple[Path, str]:
    """Tell where and as what something is to be written, before anything is read for it.

    Returns
    -------
    place : Path
    kind : str
        The ending in lower case; "" for a folder.

    Raises
    ------
    QuidqualError
        If nothing can be written as that.
    """
    one_of(content, CONTENTS, field="content")
    place = as_path(path)
    kind = "" if place.is_dir() else place.suffix.casefold()
    known = (".qdpx", ".qdc", *TABLES, *REPORTS)
    if kind and kind not in known:
        remedy = f"Use a folder (no ending), or one of: {', '.join(known)}."
        raise refuse(place.name, f"nothing is written as {kind}.", remedy)
    return place, kind


def convert(
    source: str | Path,
    target: str | Path,
    *,
    content: str = "quotes",
    dialect: str | None = None,
    replace: bool = False,
    **options: Any,
) -> Conversion:
    """Read one format and write another; the names decide which.

    Parameters
    ----------
    source : str or Path
        As in `read`.
    target : str or Path
        As in `write`.
    content, dialect, replace
        As in `write`.
    **options
        As in `read`, such as ``rounds=`` or ``on_error="report"``.

    Returns
    -------
    Conversion

    Raises
    ------
    QuidqualError
        For a file that cannot be read, a target of no known kind, or one that would be
        replaced.
    """
    place, _ = writable(target, content)
    imported = read(source, **options)
    write(imported.study, place, content=content, dialect=dialect, replace=replace)
    return Conversion(imported.study, imported.report, place)


def import_files(files: Iterable[str | Path], folder: str | Path, **options: Any) -> Conversion:
    """Bring files into a study folder, new or existing.

    Parameters
    ----------
    files : iterable of path
        One foreign project, or notes, transcripts and tables of answers.
    folder : str or Path
        A new folder; or a study, to which notes are added: its codebook and codings stay
        as they are, and no note is ever overwritten.
    **options
        Passed on to the reader.

    Returns
    -------
    Conversion

    Raises
    ------
    QuidqualError
    """
    place = as_path(folder)
    if not (place / "study.toml").is_file():
        imported = read(files, **options)
        imported.study.save(place)
        return Conversion(imported.study, imported.report, place)
    from quidqual.interchange.add_notes import add_notes, as_the_study_has_it

    paths = listed_paths(files)
    if len(paths) != 1 or _reader(paths[0]) is import_notes:
        options = as_the_study_has_it(place, options)
    imported = read(files, **options)
    return Conversion(add_notes(imported, place), imported.report, place)
