"""Rules about words of notes: consent, speech or paraphrase, portraits made of many quotes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quidqual.privacy.identifiers.gazetteers import rows_of
from quidqual.privacy.identifiers.marks import DIRECT
from quidqual.privacy.release.contents import Piece
from quidqual.privacy.release.rules import Finding, Settings
from quidqual.privacy.release.word_rules import _marks, language_told
from quidqual.study.speech import speech_of

if TYPE_CHECKING:
    from quidqual.study.model import Study

_RUN = 5  # words in a row that are taken for words of a note
_WORD = re.compile(r"[^\W_]+")
_QUOTES = re.compile(r"[“«\"](?P<words>[^”»\"]{3,})[”»\"]")
_YES = ("yes", "y", "true", "1", "si", "sì")
CONSENT = "quote_consent"
_QUASI = ("place", "date", "age", "nationality", "organisation", "person", "name")


@dataclass(frozen=True)
class Passage:
    """Words of a note that stand in an output."""

    place: str
    interview: str
    participant: str
    round: str
    start: int
    end: int
    quoted: bool


class NoteWords:
    """The notes of a study, to be found again in what is published by five words in a row."""

    def __init__(self, study: Study) -> None:
        self.study = study
        facts = study.notes[["interview", "participant", "round", "text"]]
        self._facts = {r.interview: (str(r.participant), str(r.round)) for r in facts.itertuples()}
        self._words = {
            r.interview: [(m.group().lower(), m.start(), m.end()) for m in _WORD.finditer(r.text)]
            for r in facts.itertuples()
        }
        self._runs: dict[tuple[str, ...], tuple[str, int]] = {}
        for interview, words in self._words.items():
            for i in range(len(words) - _RUN + 1):
                self._runs.setdefault(tuple(w for w, _, _ in words[i : i + _RUN]), (interview, i))

    def passages(self, piece: Piece) -> Iterator[Passage]:
        """Find the words of notes in a piece of an output."""
        here = [(m.group().lower(), m.start(), m.end()) for m in _WORD.finditer(piece.text)]
        spans = [m.span() for m in _QUOTES.finditer(piece.text)]
        i = 0
        while i + _RUN <= len(here):
            hit = self._runs.get(tuple(w for w, _, _ in here[i : i + _RUN]))
            if hit is None:
                i += 1
                continue
            interview, at = hit
            note = self._words[interview]
            length = _RUN
            while (
                i + length < len(here)
                and at + length < len(note)
                and here[i + length][0] == note[at + length][0]
            ):
                length += 1
            quoted = any(
                start <= here[i][1] and here[i + length - 1][2] <= end for start, end in spans
            )
            participant, round_ = self._facts[interview]
            yield Passage(
                f"{piece.place}, characters {here[i][1]}-{here[i + length - 1][2]}",
                interview, participant, round_, note[at][1], note[at + length - 1][2], quoted,
            )  # fmt: skip
            i += length

    def words_of(self, passage: Passage) -> str:
        """Give the words of a passage as they stand in the note."""
        return self.study.text(passage.interview)[passage.start : passage.end]

    def used_by(self) -> dict[str, set[str]]:
        """Tell for each word which participants use it."""
        users: dict[str, set[str]] = defaultdict(set)
        for interview, words in self._words.items():
            for word, _, _ in words:
                users[word].add(self._facts[interview][0])
        return users

    def notes_with(self) -> dict[str, int]:
        """Tell for each word in how many notes it is."""
        number: dict[str, int] = defaultdict(int)
        for words in self._words.values():
            for word in {w for w, _, _ in words}:
                number[word] += 1
        return number


def quote_findings(pieces: Iterable[Piece], study: Study, settings: Settings) -> Iterator[Finding]:
    """Check every passage of the notes that stands in an output."""
    index = NoteWords(study)
    users, number = index.used_by(), index.notes_with()
    agreed = _agreed(study)
    by_person: dict[str, list[Passage]] = defaultdict(list)
    for piece in pieces:
        if piece.role == "unread":
            continue
        for passage in index.passages(piece):
            words = index.words_of(passage)
            by_person[passage.participant].append(passage)
            voice = speech_of(passage.start, passage.end, study.verbatim(passage.interview))
            if study.corpus != "synthetic" and not agreed.get(passage.interview, False):
                yield settings.finding("quote_consent", passage.place, "words of a note")
            if voice != "verbatim":
                rule = "paraphrase_as_speech" if passage.quoted else "words_of_notes"
                yield settings.finding(rule, passage.place, f"{voice} of a note")
            own = [
                w for w in {m.group().lower() for m in _WORD.finditer(words)}
                if len(w) > 4 and len(users[w]) == 1 and number[w] > 1
            ]  # fmt: skip
            if own:
                yield settings.finding(
                    "rare_words", passage.place, f"{len(own)} words of one person"
                )
            if _sensitive(words):
                yield settings.finding("sensitive", passage.place, "a sensitive word")
    yield from _mosaics(by_person, index, settings)


def _mosaics(
    by_person: dict[str, list[Passage]], index: NoteWords, settings: Settings
) -> Iterator[Finding]:
    """Read all quotes of one person together: many of them, or three kinds of clues."""
    for participant, passages in sorted(by_person.items()):
        distinct = {(p.interview, p.start, p.end) for p in passages}
        kinds = set()
        for passage in passages:
            words = index.words_of(passage)
            kinds |= {
                m.kind for m in _marks(words, language_told(words)) if m.kind in (*_QUASI, *DIRECT)
            }
        if len(distinct) > settings.quotes or len(kinds) >= 3:
            what = f"{len(distinct)} passages, {len(kinds)} kinds of clues"
            yield settings.finding("mosaic", f"all passages of {participant}", what)


def _agreed(study: Study) -> dict[str, bool]:
    """Tell for each interview whether its participant agreed to be quoted."""
    frame = study.interviews
    if CONSENT not in frame.columns:
        return {}
    return {
        interview: str(cell).strip().lower() in _YES
        for interview, cell in zip(frame["interview"], frame[CONSENT], strict=True)
    }


def _sensitive(words: str) -> bool:
    low = words.lower()
    stems = [w for _, text in rows_of("sensitive_words.tsv") for w in text.split()]
    return re.search(rf"\b(?:{'|'.join(map(re.escape, stems))})", low) is not None
