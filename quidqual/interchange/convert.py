"""``quidqual convert IN OUT`` and ``quidqual import FILES --study FOLDER``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.interchange.notes import import_notes, listed_paths
from quidqual.interchange.project import COLUMNS, Imported
from quidqual.interchange.qdc import read_qdc, write_qdc
from quidqual.interchange.qdpx_read import read_qdpx
from quidqual.interchange.qdpx_write import write_qdpx
from quidqual.interchange.qualcoder import read_qualcoder
from quidqual.interchange.quote_report import REPORTS, write_quote_report
from quidqual.interchange.quote_table import code_matrix, quote_table
from quidqual.interchange.taguette import read_taguette
from quidqual.interchange.untrusted import refuse
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


def read_any(path: str | Path, **options: Any) -> Imported:
    """Read whatever a file or folder is: a study folder, a foreign project, or notes.

    Parameters
    ----------
    path : str or Path
    **options
        Passed on to the reader.

    Returns
    -------
    Imported

    Raises
    ------
    QuidqualError
    """
    place = as_path(path)
    kind = place.suffix.casefold()
    if place.is_dir() and (place / "study.toml").is_file():
        from quidqual.study.model import open_study

        return Imported(open_study(place), pd.DataFrame(columns=list(COLUMNS)))
    readers = {".qdpx": read_qdpx, ".qdc": read_qdc, ".qda": read_qualcoder}
    readers |= dict.fromkeys((".sqlite3", ".sqlite", ".db"), read_taguette)
    reader = readers.get(kind, import_notes)
    if (place / "data.qda").is_file():
        reader = read_qualcoder
    return _read(reader, place, options)


def _read(reader: Callable[..., Imported], source: Any, options: Mapping[str, Any]) -> Imported:
    """Call a reader with the options that were given, and name those that it does not know."""
    given = {name: value for name, value in options.items() if value is not None}
    known = [name for name in signature(reader).parameters][1:]
    problems = [
        Problem(field=name, message=f"this is no option of {reader.__name__}.",
                remedy=f"It knows: {listed(known)}.")
        for name in given
        if name not in known
    ]  # fmt: skip
    if problems:
        raise QuidqualError(problems)
    return reader(source, **given)


def convert(
    source: str | Path,
    target: str | Path,
    *,
    content: str = "quotes",
    replace: bool = False,
    **options: Any,
) -> Conversion:
    """Read one format and write another; the names decide which.

    Parameters
    ----------
    source : str or Path
        A study folder, .qdpx, .qdc, QualCoder folder, Taguette .sqlite3, or notes.
    target : str or Path
        A folder (no ending) for a study; .qdpx or .qdc; .csv, .xlsx or .parquet for a
        table; .md or .docx for a report of quotes.
    content : {"quotes", "documents", "participants"}
        What a table holds.
    replace : bool, default False
        Whether a file of this name with other content may be replaced; a study never is.
    **options
        Passed on to the reader, such as ``rounds=`` or ``on_error="report"``.

    Returns
    -------
    Conversion

    Raises
    ------
    QuidqualError
        For a file that cannot be read, a target of no known kind, or one that would be
        replaced.
    """
    if content not in CONTENTS:
        message = f"{content!r} is no content of a table."
        raise QuidqualError.of(message, remedy=f"Use one of: {listed(CONTENTS)}.", field="content")
    place = as_path(target)
    kind = place.suffix.casefold()
    known = (".qdpx", ".qdc", *TABLES, *REPORTS)
    if kind and kind not in known and not place.is_dir():
        remedy = f"Use a folder, or one of: {', '.join(known)}."
        raise refuse(place.name, f"nothing can be written as {kind}.", remedy)
    imported = read_any(source, **options)
    study = imported.study
    if not kind or place.is_dir():
        study.save(place)
    elif kind == ".qdpx":
        write_qdpx(study, place, replace=replace)
    elif kind == ".qdc":
        write_qdc(study, place, replace=replace)
    elif kind in TABLES:
        write_table(_table(study, content), place, replace=replace)
    else:
        write_quote_report(study, place, replace=replace)
    return Conversion(study, imported.report, place)


def _table(study: Study, content: str) -> pd.DataFrame:
    if content == "quotes":
        return quote_table(study)
    return code_matrix(study, by=content.removesuffix("s"), counts=True)


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
    paths = listed_paths(files)
    place = as_path(folder)
    if len(paths) == 1:
        imported = read_any(paths[0], **options)
    else:
        imported = _read(import_notes, paths, options)
    if (place / "study.toml").is_file():
        from quidqual.interchange.add_notes import add_notes

        return Conversion(add_notes(imported, place), imported.report, place)
    imported.study.save(place)
    return Conversion(imported.study, imported.report, place)
