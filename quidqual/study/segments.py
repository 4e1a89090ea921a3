"""Cutting notes into segments: the sentences of each paragraph, item or turn."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from quidqual.study.paragraphs import trimmed
from quidqual.study.sentences import sentence_starts
from quidqual.study.speech import SpeechRules, note_speech, speech_of, speech_rules


class Segment(NamedTuple):
    """One segment of a note: place, words and who speaks in which voice."""

    paragraph: int
    start: int
    end: int
    words: str
    speech: str
    speaker: str


def segments_of(text: str, *, language: str, rules: SpeechRules | None = None) -> list[Segment]:
    r"""Cut one note into segments.

    Parameters
    ----------
    text : str
        Canonical text.
    language : str
        Language of the note; decides where sentences end.
    rules : SpeechRules, optional
        How speech is marked; default: as in that language.

    Returns
    -------
    list of Segment
        In order; white space around a segment, and the name before a turn, belong to none.

    Examples
    --------
    >>> [s.words for s in segments_of("She came. “I stay.”", language="en")]
    ['She came.', '“I stay.”']
    >>> [s.words for s in segments_of("She does not\ntrust people.", language="en")]
    ['She does not\ntrust people.']
    """
    note = note_speech(text, rules or speech_rules(language))
    found: list[Segment] = []
    for number, piece in enumerate(note.pieces, 1):
        inner = sentence_starts(text[piece.start : piece.end], language)
        cuts = [*(piece.start + cut for cut in inner), piece.end]
        for start, end in pairwise(cuts):
            start, end = trimmed(text, start, end)
            if start < end:
                voice = speech_of(start, end, note.spans)
                found.append(Segment(number, start, end, text[start:end], voice, piece.speaker))
    return found
