"""Passages as they may be printed: speech as speech, the researcher's words as hers.

Words between “ and ” in a note were said; all other words are the researcher's and never
stand in quotation marks. A coded passage can hold both, so it is printed in pieces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.study.speech import verbatim_spans

if TYPE_CHECKING:
    from quidqual.study.model import Study

VOICES = {
    "verbatim": "Speech",
    "paraphrase": "Researcher’s words",
    "mixed": "Speech and researcher’s words",
}
SHOWN = 3  # passages a side that stand open, where all may be printed
_RANK = {"verbatim": 0, "mixed": 1, "paraphrase": 2}


@dataclass(frozen=True)
class Piece:
    """A run of words in one voice; ``text`` of speech has no quotation marks of its own."""

    text: str
    speech: bool


@dataclass(frozen=True)
class Passage:
    """A coded passage as evidence for or against a claim; ``both`` if it is named on both sides."""

    id: str
    side: str
    coder: str
    code: str
    label: str
    participant: str
    round: str
    interview: str
    language: str
    start: int
    end: int
    speech: str
    pieces: tuple[Piece, ...]
    both: bool = False

    @property
    def voice(self) -> str:
        """Whose words these are."""
        return VOICES[self.speech]

    @property
    def place(self) -> str:
        """Where the passage stands."""
        return f"{self.interview}, characters {self.start} to {self.end}"


_MARKS = '“”„«»‹›"–— \n\u00a0\u202f'


def pieces_of(
    text: str, start: int, end: int, spoken: Sequence[tuple[int, int]] | None = None
) -> tuple[Piece, ...]:
    """Cut a span of a note into speech and the researcher's words.

    ``spoken`` are the spans of speech in the note (`Study.verbatim`); left out: those
    between marks that mean the same in every language.

    Examples
    --------
    >>> pieces_of("She said: “I stay.” Firmly.", 0, 27)
    (Piece(text='She said:', speech=False), Piece(text='I stay.', speech=True), Piece(text='Firmly.', speech=False))
    """  # noqa: E501
    found: list[Piece] = []
    at = start
    for left, right in verbatim_spans(text) if spoken is None else spoken:
        if right <= start or left >= end:
            continue
        found.append(Piece(text[at : max(at, left)].strip(), False))
        found.append(Piece(text[max(left, start) : min(right, end)].strip(_MARKS), True))
        at = min(right, end)
    found.append(Piece(text[at:end].strip(), False))
    return tuple(piece for piece in found if piece.text)


def passages_of(study: Study, evidence: pd.DataFrame) -> list[Passage]:
    """Turn rows of `Ledger.evidence` into passages.

    Parameters
    ----------
    study : Study
    evidence : DataFrame
        Of one claim.
    """
    languages = dict(zip(study.interviews["interview"], study.interviews["language"], strict=True))
    columns = ["id", "side", "coder", "code", "participant", "round", "interview"]
    columns += ["start", "end", "speech"]
    passages = []
    for row in evidence[columns].itertuples(index=False):
        start, end = int(row.start), int(row.end)
        text, spoken = study.text(row.interview), study.verbatim(row.interview)
        pieces = pieces_of(text, start, end, spoken)
        passages.append(
            Passage(
                id=row.id,
                side=row.side,
                coder=row.coder,
                code=row.code,
                label=study.codebook[row.code].name(),
                participant=row.participant,
                round=str(row.round),
                interview=row.interview,
                language=languages.get(row.interview) or "und",
                start=start,
                end=end,
                speech=row.speech,
                pieces=pieces,
            )
        )
    return passages


@dataclass(frozen=True)
class Side:
    """Passages on one side: those shown first, the others, and how many there are."""

    shown: tuple[Passage, ...]
    further: tuple[Passage, ...]

    @property
    def n(self) -> int:
        """Number of passages."""
        return len(self.shown) + len(self.further)


def side_of(passages: list[Passage], quotes: int | None) -> Side:
    """Choose what is shown first; what may not be printed loses its words here, not later."""
    shown, further = choose(passages, SHOWN if quotes is None else quotes)
    if quotes is not None:
        further = [replace(passage, pieces=()) for passage in further]
    return Side(tuple(shown), tuple(further))


def choose(passages: list[Passage], limit: int) -> tuple[list[Passage], list[Passage]]:
    """Choose the passages that are shown first, and the others, each in the order of the notes.

    Codes and participants not shown yet come first, speech before paraphrase. The rule is
    fixed: nobody picks the passages that suit.
    """
    left = list(passages)
    codes: Counter[str] = Counter()
    people: Counter[str] = Counter()
    chosen: list[Passage] = []
    while left and len(chosen) < limit:
        best = min(left, key=lambda p: (codes[p.code], people[p.participant], _RANK[p.speech]))
        left.remove(best)
        chosen.append(best)
        codes[best.code] += 1
        people[best.participant] += 1
    shown = {id(passage) for passage in chosen}
    return [p for p in passages if id(p) in shown], [p for p in passages if id(p) not in shown]
