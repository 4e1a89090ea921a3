"""What a model is told of a segment beside its words: the sentences around, speaker, patterns.

All of it goes to the model as one line of text, its parts behind separators, so that any text is a
line too: one that stands alone.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    from quidqual.study.model import Study

_NEXT_PART = "\x1e"
_NEXT_MARK = "\x1f"
_WORD = re.compile(r"(?u)\b[^\W_]+\b")
ALONE = "alone"
"""A mark of every line: without any, a study without patterns would have no such features."""


def lines_of(study: Study, segments: pd.DataFrame) -> list[str]:
    """Write segments of a study as lines: words, sentence before, sentence after, marks.

    Marks are the codes whose patterns match and, in a transcript, the speaker if the same
    name speaks in the notes of several participants ("Interviewer"), else that it is a
    participant. None of them hangs on a coding.

    Examples
    --------
    >>> import quidqual as qq
    >>> study = qq.load_example("small")
    >>> own_words(lines_of(study, study.segments)[0]) == study.segments["words"][0].lower()
    True
    """
    keys = ["interview", "segment"]
    every = study.segments
    frame = every[keys].assign(
        before=every.groupby("interview", sort=False)["words"].shift(1).fillna(""),
        after=every.groupby("interview", sort=False)["words"].shift(-1).fillna(""),
        marks=_marks(study, every),
    )
    told = segments[[*keys, "words"]].merge(frame, how="left", on=keys)
    columns = (told[name].fillna("").tolist() for name in ("words", "before", "after", "marks"))
    return [_NEXT_PART.join(_plain(cell) for cell in row) for row in zip(*columns, strict=True)]


def _plain(cell: str) -> str:
    return cell.replace(_NEXT_PART, " ")


def _marks(study: Study, segments: pd.DataFrame) -> list[str]:
    hits = _hits(study)
    shared = segments.groupby("speaker")["participant"].nunique()
    known = set(shared[shared > 1].index) - {""}
    told = []
    rows = segments[["interview", "segment", "speaker"]].itertuples(index=False, name=None)
    for interview, segment, speaker in rows:
        own = [f"code {code}" for code in hits.get((interview, segment), ())]
        if speaker:
            own.append(f"speaker {speaker}" if speaker in known else "participant")
        told.append(_NEXT_MARK.join(own))
    return told


def _hits(study: Study) -> dict[tuple[str, int], list[str]]:
    """Codes whose patterns match, by segment."""
    from quidqual.coding.tag import tag

    if not any(code.patterns for code in study.codebook):
        return {}
    try:
        found = tag(study, cues=())
    except QuidqualError as error:
        warnings.warn(
            f"The model learns without the codebook's patterns: {error.problems[0].message}",
            stacklevel=4,
        )
        return {}
    told: dict[tuple[str, int], list[str]] = {}
    rows = found[["interview", "segment", "code"]].itertuples(index=False, name=None)
    for interview, segment, code in sorted(set(rows)):
        told.setdefault((interview, segment), []).append(str(code))
    return told


def own_words(line: str) -> str:
    """Words of the segment itself, in small letters.

    Examples
    --------
    >>> own_words("I stay.")
    'i stay.'
    """
    return line.partition(_NEXT_PART)[0].lower()


def beside(line: str) -> list[str]:
    """Words of the sentences beside the segment, and on which side.

    Examples
    --------
    >>> beside("I stay.")
    ['alone']
    """
    return [ALONE, *(f"{side}{word}" for side, words in _sides(line) for word in words)]


def around(line: str) -> list[str]:
    """Words and pairs of words of the sentences beside the segment, and on which side.

    Examples
    --------
    >>> around("I stay.")
    ['alone']
    """
    pairs = (f"{side}{a} {b}" for side, words in _sides(line) for a, b in pairwise(words))
    return [*beside(line), *pairs]


def _sides(line: str) -> Iterator[tuple[str, list[str]]]:
    _, *parts = line.split(_NEXT_PART)
    for side, part in zip("<>", parts, strict=False):
        yield side, _WORD.findall(part.lower())


def marks(line: str) -> list[str]:
    """Marks of a line.

    Examples
    --------
    >>> marks("I stay.")
    ['alone']
    """
    parts = line.split(_NEXT_PART)
    return [ALONE, *_present(parts[3].split(_NEXT_MARK) if len(parts) > 3 else ())]


def _present(cells: Iterable[str]) -> list[str]:
    return [cell for cell in cells if cell]
