"""The studies that come with quidqual, and how they are loaded.

``quid`` is the example study: synthetic notes on a social enterprise. ``small`` and
``two_coders`` are invented and small enough to count by hand; the examples of the
documentation run on them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quidqual.study.model import Study

_STUDIES = ("quid", "small", "two_coders")


def example_folder(name: str = "quid") -> Path:
    """Folder of a study that comes with quidqual.

    Parameters
    ----------
    name : {"quid", "small", "two_coders"}

    Raises
    ------
    QuidqualError
        If there is no such study.

    Examples
    --------
    >>> example_folder("small").name
    'small'
    """
    from quidqual.study.arguments import one_of

    return Path(__file__).resolve().parent / one_of(name, _STUDIES, field="name")


def load_example(name: str = "quid") -> Study:
    """Open a study that comes with quidqual.

    Parameters
    ----------
    name : {"quid", "small", "two_coders"}
        ``"quid"``: 27 synthetic interview notes, 9 participants, 4 rounds. ``"small"``: two
        people and two rounds, one interview missed; ``P1`` speaks of trust only in the second
        round, ``P2`` in the first, and work is asked of survivors only. ``"two_coders"``: one
        person, two rounds, eight sentences; coders A and B mark the same two of them with
        work, and three each with trust, of which they share two.

    Returns
    -------
    Study
        ``study.corpus`` is ``"synthetic"``: the notes were written for this project, and no
        one may read them as a participant's words.

    Raises
    ------
    QuidqualError
        If there is no such study.

    Examples
    --------
    >>> import quidqual as qq
    >>> study = qq.load_example()
    >>> int((study.interviews["status"] == "held").sum())
    27
    >>> qq.load_example("small").participants["participant"].tolist()
    ['P1', 'P2']
    """
    from quidqual.study.model import open_study

    return open_study(example_folder(name))


def open_study(folder: str | Path | None = None) -> Study:
    """Open a study folder, or the study that is meant where none is named.

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
    >>> open_study(example_folder()).corpus
    'synthetic'
    """
    from quidqual.study.model import open_study as open_folder

    if folder is None:
        folder = os.environ.get("QUIDQUAL_STUDY") or example_folder()
    return open_folder(folder)
