"""The one door by which what is made from a study leaves the house.

Every writer of an output (a table, a figure, a report, a project for another program, a saved
model, a crate) hands its bytes to `write_outputs` or `write_result` and says what they were made
from. Outputs of real notes are checked there before anything is written.

The core never imports a wing. It calls one here, by name and only for real notes: what may be
published is the business of `quidqual.privacy`, but an output of the core must not be able to
go round it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from quidqual.study.errors import QuidqualError
from quidqual.study.files import (
    must_be_writable,
    private_temporary,
    sync_folder,
    write_inside,
)
from quidqual.study.first_use import wing
from quidqual.study.wording import corpus_and_reading

if TYPE_CHECKING:
    import pandas as pd

    from quidqual.study.model import Study

PRIVATE = "private"
"""Name of the folder under which outputs of real notes are written."""

_CHECK = "privacy.release.before_writing"

Files: TypeAlias = Mapping[str, bytes | str]


def write_outputs(
    folder: Path,
    files: Files,
    *,
    of: Study | pd.DataFrame | str,
    checked_as: Callable[[], Files] | None = None,
) -> None:
    """Check an output, and write it, the files in the order given.

    Parameters
    ----------
    folder : Path
        Where they go; missing folders are made.
    files : mapping of str to bytes or str
        Content of every file by its name under ``folder``. Files that hold these bytes already
        are not touched; whether others may be replaced is for the caller to ask before.
    of : Study, DataFrame or str
        What they were made from: a study, a table that tells its corpus in a column, or the
        corpus itself.
    checked_as : function, optional
        Gives the same content in a form that the check reads better, such as a table as text.

    Raises
    ------
    QuidqualError
        If they hold real notes, would lie outside the private folder, and the release check
        blocks it. Then nothing was written.
    """
    check_before_writing(checked_as or files, target=folder, of=of)
    written = [
        (folder / name).parent
        for name, data in files.items()
        if write_inside(folder, name, data, sync=False)
    ]
    for each in dict.fromkeys(written):
        sync_folder(each)


def write_result(
    path: Path,
    content: bytes | str | Callable[[], bytes],
    *,
    replace: bool,
    of: Study | pd.DataFrame | str,
    checked_as: Callable[[], Files] | None = None,
) -> bool:
    """Write a file that someone asked for by name; another that is there stays unless told.

    Parameters
    ----------
    path, content
        The file and what it holds; text is written as UTF-8. A function is called only when
        the check let ``checked_as`` through: what it makes may pass over the disk. Without
        ``checked_as`` its bytes are checked before they are written.
    replace : bool
        Whether a file with other content may be replaced.
    of, checked_as
        As in `write_outputs`.

    Returns
    -------
    bool
        True if the file was written, False if it already held these bytes.

    Raises
    ------
    QuidqualError
        If a file with other content, or a folder, is there, the release check blocks it, or
        some disk does not take the name.
    """
    must_be_writable(path)
    if path.is_dir():
        raise QuidqualError.of(f"{path.name!r} is a folder.", remedy="Name a file.", field="path")
    if callable(content):
        if checked_as is not None:
            check_before_writing(checked_as, target=path.parent, of=of)
            of = ""  # it was checked
        with private_temporary(path.parent):
            content = content()
    data = content.encode("utf-8") if isinstance(content, str) else content
    same = path.is_file() and path.read_bytes() == data
    if not replace and path.is_file() and not same:
        raise QuidqualError.of(
            "another file of this name is there, and nothing was written.",
            remedy="Choose another name, or allow it with replace=True (--replace).",
            file=path.name,
        )
    write_outputs(path.parent, {path.name: data}, of=of, checked_as=checked_as)
    return not same


def check_before_writing(
    files: Files | Callable[[], Files], *, target: Path, of: Study | pd.DataFrame | str
) -> None:
    """Let an output pass, or refuse it before anything of it is written.

    Parameters
    ----------
    files : mapping of str to bytes or str, or function that gives one
        Content of every file by its name under ``target``.
    target : Path
        The folder they go to.
    of : Study, DataFrame or str
        What they were made from.

    Raises
    ------
    QuidqualError
        If it holds real notes, would lie outside the private folder, and the release check
        blocks it.
    """
    if any(corpus_and_reading(mark)[0] == "real" for mark in kind_of_notes(of).split(" and ")):
        study = None if isinstance(of, str) or hasattr(of, "columns") else of
        given = files() if callable(files) else files
        wing(_CHECK).refuse_blocked(given, target=target, study=study)


def check_private(target: Path, *, study: Study) -> None:
    """Refuse a place outside the private folder for results that follow single persons.

    Raises
    ------
    QuidqualError
        If the study is real and the place is not private.
    """
    if study.corpus == "real":
        wing(_CHECK).refuse_public(target, study=study)


def kind_of_notes(made_from: Any) -> str:
    """Tell what notes an output was made from; "" where nothing tells.

    Examples
    --------
    >>> import pandas as pd
    >>> kind_of_notes(pd.DataFrame({"k": [1, 2], "corpus": ["real", "synthetic"]}))
    'real and synthetic'
    """
    if isinstance(made_from, str):
        return made_from
    if not hasattr(made_from, "columns"):
        return str(made_from.corpus)
    if "corpus" not in made_from.columns:
        return str(made_from.attrs.get("corpus", ""))
    return " and ".join(sorted({str(value) for value in made_from["corpus"].dropna()}))
