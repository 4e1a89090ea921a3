"""Cutting notes into segments: the sentences of each paragraph, or speaker turns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from quidqual.study.text import speech_of, verbatim_spans

_TURN = re.compile(r"^([^\W\d_][^:\n“”]{0,39}):[ \t]+")


class Segment(NamedTuple):
    """One segment of a note: place, words and who speaks in which voice."""

    paragraph: int
    start: int
    end: int
    words: str
    speech: str
    speaker: str


@cache
def _sentencizer(language: str) -> Callable[[str], Any]:
    """Rule-based sentence splitter of spaCy: no model, nothing downloaded."""
    import spacy

    try:
        nlp = spacy.blank(language.split("-")[0])
    except ImportError:
        nlp = spacy.blank("xx")
    nlp.add_pipe("sentencizer")
    nlp.max_length = 10**9
    return nlp


def segments_of(text: str, *, language: str, speaker_turns: bool = False) -> list[Segment]:
    """Cut one note into segments.

    Parameters
    ----------
    text : str
        Canonical text.
    language : str
        Language of the note; decides the tokenisation.
    speaker_turns : bool, default False
        Lines begin with ``Name:``; the name is the speaker and not part of a segment.

    Returns
    -------
    list of Segment
        In order; white space around a segment belongs to none.

    Examples
    --------
    >>> [s.words for s in segments_of("She came. “I stay.”", language="en")]
    ['She came.', '“I stay.”']
    """
    spans = verbatim_spans(text)
    nlp = _sentencizer(language)
    found: list[Segment] = []
    for number, line in enumerate(re.finditer(r"[^\n]*\S[^\n]*", text), 1):
        begin, speaker = line.start(), ""
        turn = _TURN.match(line.group()) if speaker_turns else None
        if turn:
            begin, speaker = begin + turn.end(), turn.group(1).strip()
        cuts = [begin + sentence.start_char for sentence in nlp(text[begin : line.end()]).sents]
        for start, end in _trimmed(text, cuts, line.end()):
            voice = speech_of(start, end, spans)
            found.append(Segment(number, start, end, text[start:end], voice, speaker))
    return found


def _trimmed(text: str, cuts: list[int], stop: int) -> Iterator[tuple[int, int]]:
    """Sentences between cuts, without white space at their ends.

    The splitter leaves an opening mark with the sentence before it; it belongs to the next.
    """
    for i, cut in enumerate(cuts):
        while i and cut > cuts[i - 1] and (text[cut - 1].isspace() or text[cut - 1] in "“«‘(["):
            cut -= 1
        cuts[i] = cut
    for start, end in zip(cuts, [*cuts[1:], stop], strict=True):
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            yield start, end
