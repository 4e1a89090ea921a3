"""The example study: synthetic notes on a social enterprise, and how they are loaded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quidqual.study.model import Study


def example_folder() -> Path:
    """Folder of the example study (package data; see its README for how it was made)."""
    return Path(__file__).resolve().parent / "quid"


def load_example() -> Study:
    """Open the example study: 27 synthetic interview notes, 9 participants, 4 rounds.

    Returns
    -------
    Study
        ``study.corpus`` is ``"synthetic"``: the notes were written for this project to
        fit the published facts, and no one may read them as a participant's words.

    Examples
    --------
    >>> import quidqual as qq
    >>> study = qq.load_example()
    >>> int((study.interviews["status"] == "held").sum())
    27
    """
    from quidqual.study.model import open_study

    return open_study(example_folder())
