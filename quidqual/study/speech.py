"""Whose words they are: where a note gives a participant's own, by marks, dashes or turns.

Everything else in a note is the researcher's paraphrase, which may never be quoted as
speech. The marks are those of the note's language unless ``study.toml`` declares them; the
same rule holds for every note, whatever kind of file it came from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from quidqual.study.text import Piece, Turns, pieces_of, turns_of

_EVERYWHERE = ("“”", "„“", "«»", '""')
_BY_LANGUAGE = {  # what a language has beside them
    "en": ("‘’",), "de": ("»«",), "da": ("»«",), "sl": ("»«",), "hr": ("»«",), "cs": ("»«",),
    "pl": ("»«",), "hu": ("»«",), "sv": ("””", "»»"), "fi": ("””", "»»"), "nb": ("””",),
}  # fmt: skip
_DIALOGUE = dict.fromkeys(("es", "fr", "it", "pt", "ro", "ru", "uk", "tr"), "—") | {"pl": "—–"}
_OTHER_MARKS = re.compile(
    r"(?<!\w)(?:‚[^‚‘’]+[‘’]|‘[^‘’]*(?:(?<=\w)’(?=\w)[^‘’]*)*’|‹[^‹›]+›|›[^‹›]+‹|「[^「」]+」"
    r"|'[^\W\d_](?:[^']|(?<=\w)'(?=\w)){0,1000}')(?!\w)"
)
_TURNING = re.compile(r"(?<=\s)[–—]|[–—](?=[\s.,;:!?…])|^[–—]", re.MULTILINE)


@dataclass(frozen=True)
class SpeechRules:
    """How the notes of one language mark a participant's own words.

    Attributes
    ----------
    marks : tuple of str
        Pairs of an opening and a closing mark.
    dashes : str
        Dashes with which a paragraph of speech begins.
    turns : bool or None
        Whether lines begin with ``Name:`` and hold that speaker's words; None: as the
        note shows.
    interviewers : tuple of str
        Speakers whose words are the researcher's; beside the usual ones (I, Interviewer).
    transcripts : bool
        Whether notes hold what was said, word by word: all that no interviewer says is a
        participant's own, whatever marks stand in it.
    """

    marks: tuple[str, ...] = _EVERYWHERE
    dashes: str = ""
    turns: bool | None = None
    interviewers: tuple[str, ...] = ()
    transcripts: bool = False


def speech_rules(language: str = "", settings: Mapping[str, Any] | None = None) -> SpeechRules:
    """Give the rules for the notes of a language in a study.

    Parameters
    ----------
    language : str, optional
        BCP 47; left out: the marks that mean the same in every language.
    settings : mapping, optional
        Content of ``study.toml``. Its table ``speech`` may declare ``marks`` (pairs, such
        as ``["«»", "„“"]``), ``dashes``, ``turns`` (true or false), ``interviewers`` and
        ``transcripts`` (true: notes are what was said, word by word);
        ``notes.speaker_turns`` says that the notes have turns.

    Returns
    -------
    SpeechRules

    Examples
    --------
    >>> speech_rules("de").marks
    ('“”', '„“', '«»', '""', '»«')
    >>> speech_rules("it", {"speech": {"marks": ["«»"]}}).marks
    ('«»',)
    """
    known = (settings or {}).get("speech") or {}
    code = language.split("-")[0]
    turns = known.get("turns")
    if turns is None and ((settings or {}).get("notes") or {}).get("speaker_turns"):
        turns = True
    dashes = known.get("dashes")
    return SpeechRules(
        tuple(pair[0] + pair[-1] for pair in known["marks"])
        if known.get("marks") is not None
        else (*_EVERYWHERE, *_BY_LANGUAGE.get(code, ())),
        _DIALOGUE.get(code, "") if dashes is None else "–—" if dashes else "",
        turns,
        tuple(known.get("interviewers") or ()),
        bool(known.get("transcripts")),
    )


@dataclass(frozen=True)
class NoteSpeech:
    """What the rules found in one note.

    Attributes
    ----------
    pieces : tuple of Piece
        Paragraphs, items of a list and turns, in order.
    turns : Turns or None
        The turns, where the note is a transcript.
    spans : list of (int, int)
        The participants' own words with their marks, in order.
    marks : tuple of str
        The kinds that were taken: pairs, a dash, ``Name:``.
    unpaired : list of int
        Places of marks without a partner.
    not_read : tuple of str
        Pairs that may mark speech and are none of the note's; where it has no other.
    """

    text: str
    pieces: tuple[Piece, ...]
    turns: Turns | None
    spans: list[tuple[int, int]]
    marks: tuple[str, ...]
    unpaired: list[int]
    not_read: tuple[str, ...] = ()

    @cached_property
    def layout(self) -> str:
        """``turns``, ``list`` (half of the paragraphs or more are items) or ``prose``."""
        if self.turns is not None:
            return "turns"
        items = sum(piece.item for piece in self.pieces)
        return "list" if items and 2 * items >= len(self.pieces) else "prose"


def note_speech(text: str, rules: SpeechRules | None = None) -> NoteSpeech:
    """Read one note: its paragraphs, and which of its words are a participant's own.

    Parameters
    ----------
    text : str
        Canonical text.
    rules : SpeechRules, optional
        Default: the marks that mean the same in every language.

    Returns
    -------
    NoteSpeech

    Examples
    --------
    >>> note = note_speech("Sie sagt „ja“ und denkt „nein“.", speech_rules("de"))
    >>> [note.text[a:b] for a, b in note.spans]
    ['„ja“', '„nein“']
    """
    rules = rules or SpeechRules()
    turns = turns_of(text, declared=rules.turns)
    pieces = tuple(pieces_of(text, turns=turns is not None, dashes=rules.dashes))
    scan = _Scan(text, rules.marks)
    said: list[tuple[int, int]] = []
    taken: set[str] = set()
    whole = rules.transcripts and turns is None
    own = turns is not None and (rules.transcripts or not _turns_have_marks(text, pieces, rules))
    for piece in pieces:
        if whole and not text.startswith("#", piece.start):
            said.append((piece.start, piece.end))
            taken.add("transcript")
        elif own and piece.speaker and not turns_of_researcher(piece.speaker, rules.interviewers):
            said.append((piece.start, piece.end))
            taken.add("Name:")
        elif text[piece.start] in rules.dashes:
            said += _between_dashes(text, piece)
            taken.add(text[piece.start])
        elif not own or not piece.speaker:
            scan.read(piece)
    spans = _joined(sorted([*said, *scan.spans]))
    kinds = tuple(sorted({*taken, *scan.taken}))
    other = (
        () if any(len(kind) == 2 for kind in taken | scan.taken) or own or whole else rules.marks
    )
    not_read = tuple(sorted(_marks_of_others(text, pieces, other))) if other else ()
    return NoteSpeech(text, pieces, turns, spans, kinds, scan.unpaired, not_read)


def _marks_of_others(text: str, pieces: Sequence[Piece], marks: Sequence[str]) -> set[str]:
    """Find pairs of marks by which other languages, or a plain keyboard, set off speech."""
    known = {pair[0] for pair in marks}
    found = set()
    for piece in pieces:
        for match in _OTHER_MARKS.finditer(text, piece.start, piece.end):
            words = match.group()
            term = words[0] == "'" and len(words.split()) < 2  # one word so marked is a term
            if words[0] not in known and not term:
                found.add(match.group()[0] + match.group()[-1])
    return found


def mark_name(kind: str) -> str:
    """Write a kind of mark for people.

    Examples
    --------
    >>> mark_name("«»"), mark_name("Name:")
    ('«…»', 'Name:')
    """
    return f"{kind[0]}…{kind[1]}" if len(kind) == 2 else kind


def turns_of_researcher(speaker: str, interviewers: Sequence[str] = ()) -> bool:
    """Tell whether a speaker is the interviewer, by the usual names or the declared ones.

    Examples
    --------
    >>> turns_of_researcher("Interviewer"), turns_of_researcher("Anna")
    (True, False)
    """
    name = speaker.strip().casefold()
    return name in {i.casefold() for i in interviewers} or bool(_RESEARCHER.fullmatch(name))


_RESEARCHER = re.compile(
    r"(?:i|int|iv|interviewer(?:in)?|intervistat(?:ore|rice)|entrevistador[ae]?|enqu[êe]t(?:eur|rice)"
    r"|intervieweuse|researcher|ricercat(?:ore|rice)|investigador[a]?|chercheu(?:r|se)|forscher(?:in)?"
    r"|moderator(?:in|e)?|moderatrice|modérat(?:eur|rice)|facilitat(?:or|ore|rice)|onderzoek(?:er|ster)"
    r"|pesquisador[a]?|badacz(?:ka)?|ankieter(?:ka)?|prowadząc[ya]"
    r"|ερευν(?:ητής|ήτρια)|συνεντευκτής|συνεντεύκτρια)(?:\W?\d{1,2})?\.?"
)


def _turns_have_marks(text: str, pieces: Sequence[Piece], rules: SpeechRules) -> bool:
    """Tell whether the turns of a transcript set a participant's words between marks."""
    opening = {pair[0] for pair in rules.marks}
    spoken = [
        p for p in pieces if p.speaker and not turns_of_researcher(p.speaker, rules.interviewers)
    ]
    return bool(spoken) and 2 * sum(text[p.start] in opening for p in spoken) >= len(spoken)


def _between_dashes(text: str, piece: Piece) -> list[tuple[int, int]]:
    """Speech of a paragraph that begins with a dash; further dashes turn to the narrator and back.

    Where a dash is a pause in what is said, less is taken for speech, never more.
    """
    places = [m.start() for m in _TURNING.finditer(text, piece.start, piece.end)]
    places = [piece.start, *(p for p in places if p > piece.start), piece.end]
    spans = []
    for nth in range(0, len(places) - 1, 2):
        end = places[nth + 1]
        while text[end - 1].isspace():
            end -= 1
        spans.append((places[nth], end))
    return spans


class _Scan:
    """One walk through the marks of a note; a pair never reaches over a paragraph's end."""

    def __init__(self, text: str, pairs: Sequence[str]) -> None:
        openers: dict[str, str] = {}
        for pair in pairs:
            opener, closer = pair[0], pair[1]
            openers[opener] = openers.get(opener, "") + closer
            if opener == "„":  # closed by either, as the keyboard had it
                openers[opener] += "“”"
        if "„" in openers and "„" in text and "“" in openers:
            del openers["“"]  # where „ opens, “ closes
        if "‘" in openers and ("“" in text or "„" in text):
            del openers["‘"]  # they stand within speech then, or make a term stand out
        if {"«", "»"} <= openers.keys():
            at = {mark: text.find(mark) for mark in "«»"}
            if min(at.values()) >= 0:  # the one that comes first opens
                del openers["«" if at["»"] < at["«"] else "»"]
        self.text, self.openers = text, openers
        marks = "".join(openers) + "".join(openers.values())
        self.pattern = re.compile(f"[{re.escape(marks)}]") if marks else re.compile(r"(?!)")
        self.spans: list[tuple[int, int]] = []
        self.taken: set[str] = set()
        self.unpaired: list[int] = []

    def read(self, piece: Piece) -> None:
        """Find the pairs of one paragraph."""
        opened = -1
        for match in self.pattern.finditer(self.text, piece.start, piece.end):
            at, mark = match.start(), match.group()
            if opened >= 0 and mark in self.openers[self.text[opened]] and self._closes(at):
                self.spans.append((opened, at + 1))
                self.taken.add(self.text[opened] + mark)
                opened = -1
            elif mark in self.openers and self._opens(at):
                if opened < 0 or mark == self.text[opened]:
                    if opened >= 0:
                        self.unpaired.append(opened)
                    opened = at
            elif opened < 0 and mark not in "’‘'":
                self.unpaired.append(at)
        if opened >= 0 and self.text[opened] not in "‘'":
            self.unpaired.append(opened)

    def _opens(self, at: int) -> bool:
        if self.text[at] not in "\"‘”'":
            return True
        before, after = self.text[at - 1 : at], self.text[at + 1 : at + 2]
        free = not before or not (before.isalnum() or before in ".,;!?…%")
        return free and bool(after) and not after.isspace() and not after.isdigit()

    def _closes(self, at: int) -> bool:
        before, after = self.text[at - 1 : at], self.text[at + 1 : at + 2]
        if self.text[at] in "’'":
            return not after.isalnum()
        return self.text[at] not in '"”' or not before.isspace() or not after.strip()


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, none reaching into another."""
    result: list[tuple[int, int]] = []
    for start, end in spans:
        if result and start < result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def verbatim_spans(text: str, rules: SpeechRules | None = None) -> list[tuple[int, int]]:
    """Find the spans of a participant's own words, their marks included.

    Examples
    --------
    >>> verbatim_spans("She said: “I stay.” She meant it.")
    [(10, 19)]
    """
    return note_speech(text, rules).spans


def speech_of(start: int, end: int, spans: Sequence[tuple[int, int]]) -> str:
    """Tell whether a span is verbatim, paraphrase or a mixture of the two.

    Parameters
    ----------
    start, end : int
    spans : sequence of (int, int)
        As `verbatim_spans` gives them: in order, none reaching into another.

    Examples
    --------
    >>> speech_of(0, 5, [(3, 9)])
    'mixed'
    """
    place = bisect_right(spans, start, key=lambda span: span[1])
    if place == len(spans) or spans[place][0] >= end:
        return "paraphrase"
    return "verbatim" if spans[place][0] <= start and end <= spans[place][1] else "mixed"
