"""The one door by which outputs of real notes are checked before they are written.

The core never imports a wing. It calls one here, by name and only for real notes: what may be
published is the business of `quidqual.privacy`, but an output of the core must not be able to
go round it. Whoever writes an output of a study (a figure, a report, a crate) asks here first,
with the very bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from quidqual.study.wording import corpus_and_reading

if TYPE_CHECKING:
    from quidqual.study.model import Study

PRIVATE = "private"
"""Name of the folder under which outputs of real notes are written."""

_CHECK = "quidqual.privacy.release.before_writing"


def check_before_writing(
    files: Mapping[str, bytes | str], *, target: Path, corpus: str, study: Study | None = None
) -> None:
    """Let an output pass, or refuse it before anything of it is written.

    Parameters
    ----------
    files : mapping of str to bytes or str
        Content of every file by its name under ``target``.
    target : Path
        The folder they go to.
    corpus : str
        Of the output; only one that holds real notes is checked.
    study : Study, optional
        What it was made from.

    Raises
    ------
    QuidqualError
        If it holds real notes, would lie outside the private folder, and the release check
        blocks it.
    """
    if any(corpus_and_reading(each)[0] == "real" for each in corpus.split(" and ")):
        import_module(_CHECK).refuse_blocked(files, target=target, study=study)


def check_private(target: Path, *, study: Study) -> None:
    """Refuse a place outside the private folder for results that follow single persons.

    Raises
    ------
    QuidqualError
        If the study is real and the place is not private.
    """
    if study.corpus == "real":
        import_module(_CHECK).refuse_public(target, study=study)
