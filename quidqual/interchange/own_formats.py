"""Files that only their own program can read, and the way out of it."""

from __future__ import annotations

import re
from pathlib import Path

from quidqual.study.errors import QuidqualError

# Each ending as its program writes it, the year or version behind it where there is one.
_PROGRAMS = {
    r"\.(atlproj\d*|atlasti|hpr\d)": "ATLAS.ti",
    r"\.nvpx?": "NVivo",
    r"\.(mx\d\d|mex\d\d)": "MAXQDA",
}


def program_of(path: Path) -> str:
    """Name the program whose own format a file has, by its ending; "" if it is none.

    Examples
    --------
    >>> program_of(Path("study.atlproj23")), program_of(Path("study.qdpx"))
    ('ATLAS.ti', '')
    """
    kind = path.suffix.casefold()
    return next((name for ending, name in _PROGRAMS.items() if re.fullmatch(ending, kind)), "")


def check_exchangeable(path: Path) -> None:
    """Refuse a program's own project file, and say how its project is brought in.

    These formats are described nowhere, change with each version, and there is no file to
    check a reader against: offsets would be guessed, which is worse than not read.

    Raises
    ------
    QuidqualError
    """
    program = program_of(path)
    if program:
        raise QuidqualError.of(
            f"this is a file of {program}, which only {program} can read.",
            remedy=f"Open it in {program}, export it as a REFI-QDA project (.qdpx) and read that.",
            file=path.name,
        )
