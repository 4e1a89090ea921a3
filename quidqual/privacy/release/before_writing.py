"""What the core asks before it writes an output of real notes (`quidqual.study.release_gate`).

Under the private folder everything may be written: it is as confidential as the notes and
never published from there without a check. Outside it an output is written only if the
release check blocks nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from quidqual.privacy.release.check_release import release_check
from quidqual.privacy.release.rules import BLOCK
from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.release_gate import PRIVATE
from quidqual.study.wording import counted

if TYPE_CHECKING:
    from quidqual.study.model import Study


def is_private(target: Path, study: Study | None) -> bool:
    """Tell whether a place is under the private folder, or in the study folder itself."""
    place = target.resolve()
    inside = [place, *place.parents]
    if study is not None and study.folder is not None and study.folder.resolve() in inside:
        return True
    return any(folder.name == PRIVATE for folder in inside)


def refuse_blocked(files: Mapping[str, bytes | str], *, target: Path, study: Study | None) -> None:
    """Refuse an output that goes to a public place and that the release check blocks.

    Raises
    ------
    QuidqualError
        With the rules, their places and remedies; never with words.
    """
    if is_private(target, study):
        return
    data = {name: c.encode("utf-8") if isinstance(c, str) else c for name, c in files.items()}
    check = release_check(data, study=study)
    blocked = check.findings[check.findings["result"] == BLOCK]
    if not len(blocked):
        return
    first = blocked.drop_duplicates("rule")
    problems = [
        Problem(file=row.place, message=f"{row.rule}: {row.what}.", remedy=row.remedy)
        for row in first.itertuples()
    ]
    heading = (
        f"Nothing was written: the notes are real, the place is public, and the release check "
        f"blocks {counted(len(blocked), 'place')}. Write it under a folder named {PRIVATE!r}, "
        f"mend it there, and run `quidqual release-check`."
    )
    raise QuidqualError(problems, heading=heading)


def refuse_public(target: Path, *, study: Study) -> None:
    """Refuse a public place for results that follow single persons.

    Raises
    ------
    QuidqualError
        If the place is not private.
    """
    if not is_private(target, study):
        raise QuidqualError.of(
            "the notes are real, and these results follow single persons.",
            remedy=f"Write them under a folder named {PRIVATE!r}, such as {PRIVATE}/results.",
            field="--out",
        )
