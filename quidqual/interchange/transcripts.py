"""Transcripts with speakers and times: .vtt and .srt, and text as Otter, Teams and Zoom save it."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quidqual.interchange.names import one_line
from quidqual.interchange.untrusted import foreign_parser, need
from quidqual.study.speech import turns_of_researcher
from quidqual.study.text import canonical, pieces_of, turns_of

TRANSCRIPTS = (".vtt", ".srt")
_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_NAME = r"[^\W\d_][^:\n“”]{0,38}?"
_SAID = re.compile(rf"({_NAME}):[^\S\n]+(\S.*)", re.DOTALL)
_VOICE = re.compile(r"<v(?:\.[^ <>]{0,200})?[^\S\n]+([^<>]{0,200})>((?:(?!<v[ .]).)*)", re.DOTALL)
_TAG = re.compile(r"</?[^<>]{0,200}>")
_HEAD = re.compile(rf"^({_NAME})[^\S\n]+[\[(]?({_CLOCK})[\])]?:?[^\S\n]*$")
_STAMPED = re.compile(rf"^[\[(]?({_CLOCK})[\])]?[^\S\n]+(?:({_NAME}):[^\S\n]+)?(\S.*)$")
_LONGEST_NAME = 39
_PREAMBLE = 60
_METADATA = re.compile(r"\s*(SUMMARY\s+KEYWORDS|KEYWORDS|SPEAKERS)\b(?!.*[.:]$)")
_FOOTER = re.compile(r"\s*Transcribed by https?://otter\.ai\s*$")


@dataclass(frozen=True)
class Turn:
    """What one speaker says at one time; seconds, or None where no time is told."""

    speaker: str
    words: str
    begins: float | None = None
    ends: float | None = None


def seconds(clock: str) -> float | None:
    """Read a time such as ``01:02:03.400``, ``2:03`` or ``00:00:01,5`` as seconds.

    Examples
    --------
    >>> seconds("01:02:03.400"), seconds("2:03"), seconds("soon")
    (3723.4, 123.0, None)
    """
    if not re.fullmatch(_CLOCK, clock):
        return None
    total = 0.0
    for part in clock.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return round(total, 3)


def caption_turns(text: str, *, kind: str, file: str, strict: bool = True) -> list[Turn]:
    """Read captions (.vtt, .srt) as turns; captions of one speaker in a row are one turn.

    Parameters
    ----------
    text : str
    kind : {".vtt", ".srt"}
    file : str
    strict : bool, default True
        Refuse a broken caption; else it is left out.

    Raises
    ------
    QuidqualError
    """
    need("webvtt")
    import webvtt

    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    with foreign_parser(file, "captions"):
        read = webvtt.from_buffer(io.StringIO(lines), format=kind.lstrip("."), strict=strict)
        captions = read.captions
    turns: list[Turn] = []
    for caption in captions:
        begins, ends = seconds(caption.start), seconds(caption.end)
        for speaker, words in _voices(caption.raw_text):
            if words:
                turns.append(Turn(speaker, words, begins, ends))
    return joined(turns)


def _voices(raw: str) -> Iterable[tuple[str, str]]:
    """Split one caption into speakers and words, by voice tags or by ``Name:``."""
    voices = list(_VOICE.finditer(raw))
    if voices:
        before = _clean(raw[: voices[0].start()])
        return [("", before)] * bool(before) + [
            (speaker_name(html.unescape(v.group(1))), _clean(v.group(2))) for v in voices
        ]
    words = _clean(raw)
    said = _SAID.fullmatch(words)
    return [(speaker_name(said.group(1)), said.group(2))] if said else [("", words)]


def _clean(raw: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", raw)).split())


def speaker_name(name: str) -> str:
    """Bring a name into the form that a line of a transcript can begin with.

    Examples
    --------
    >>> speaker_name("Rossi: Anna "), speaker_name("1")
    ('Rossi Anna', 'Speaker 1')
    """
    clean = one_line(re.sub(r"[:“”]", " ", name))
    if clean and not (clean[0].isalpha()):
        clean = f"Speaker {clean}"
    return clean[:_LONGEST_NAME].rstrip()


def text_turns(text: str) -> list[Turn] | None:
    """Read plain text as a transcript, if it is one; None if it is not.

    Two forms: a line of name and time above the words (Otter, Teams), or a time at the
    begin of each line. One line alone of such a form is taken as words.
    """
    lines = text.split("\n")
    heads = [_HEAD.match(line.strip()) for line in lines]
    if sum(1 for head in heads if head) >= 2:
        return _headed(lines, heads)
    stamped = [_STAMPED.match(line.strip()) for line in lines]
    count = sum(1 for line in stamped if line)
    if count >= 2 and count * 2 >= sum(1 for line in lines if line.strip()):
        return _stamped(lines, stamped)
    return None


def _headed(lines: Sequence[str], heads: Sequence[re.Match[str] | None]) -> list[Turn]:
    turns: list[Turn] = []
    speaker, begins = "", None
    words: list[str] = []
    for line, head in zip(lines, heads, strict=True):
        if head is None:
            words.append(line)
            continue
        turns.append(Turn(speaker, _clean_lines(words), begins))
        speaker, begins, words = speaker_name(head.group(1)), seconds(head.group(2)), []
    turns.append(Turn(speaker, _clean_lines(words), begins))
    return [turn for turn in turns if turn.words]


def _clean_lines(lines: Iterable[str]) -> str:
    return " ".join(" ".join(lines).split())


def _stamped(lines: Sequence[str], stamps: Sequence[re.Match[str] | None]) -> list[Turn]:
    turns: list[Turn] = []
    for line, stamp in zip(lines, stamps, strict=True):
        if stamp is not None:
            name = speaker_name(stamp.group(2) or "")
            turns.append(Turn(name, _clean_lines([stamp.group(3)]), seconds(stamp.group(1))))
        elif line.strip():
            said = _SAID.fullmatch(line.strip())
            name, words = (said.group(1), said.group(2)) if said else ("", line)
            turns.append(Turn(speaker_name(name), _clean_lines([words])))
    return joined(turns)


def joined(turns: Sequence[Turn]) -> list[Turn]:
    """Join turns of the same named speaker that follow each other."""
    result: list[Turn] = []
    for turn in turns:
        last = result[-1] if result else None
        if last is not None and turn.speaker and turn.speaker == last.speaker:
            result[-1] = Turn(last.speaker, f"{last.words} {turn.words}", last.begins, turn.ends)
        else:
            result.append(turn)
    return result


def written(turns: Sequence[Turn]) -> tuple[str, list[tuple[int, int]]]:
    """Write turns as the lines of a note; times stay out of it, and no word is altered.

    Returns
    -------
    text : str
        Canonical; ``Name: words`` a line.
    places : list of (int, int)
        Offsets of the words of each turn, without its name.

    Examples
    --------
    >>> written([Turn("Anna", "I stay.")])
    ('Anna: I stay.', [(6, 13)])
    """
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    at = 0
    for turn in turns:
        words = canonical(turn.words)
        name = canonical(f"{turn.speaker}: ") if turn.speaker else ""
        places.append((at + len(name), at + len(name) + len(words)))
        parts.append(name + words)
        at += len(parts[-1]) + 1
    return "\n".join(parts), places


def named_turns(
    text: str, interviewers: Sequence[str] = ()
) -> tuple[list[Turn], list[tuple[int, int]]] | None:
    r"""Read a note whose lines begin with ``Name:``; None if it is no transcript.

    It is one if it reads like one by itself, or if a line begins with an interviewer who was
    declared or is called so, and another with someone else. The text stays as it is.

    Examples
    --------
    >>> turns, places = named_turns("Interviewer: Why?\nP1: I stay.")
    >>> [turn.speaker for turn in turns], places
    (['Interviewer', 'P1'], [(13, 17), (22, 29)])
    >>> named_turns("Mood: calm.\nPlace: the shop.") is None
    True
    """
    told = turns_of(text)
    if told is None:
        declared = turns_of(text, declared=True)
        asking = {speaker_name(name).casefold() for name in interviewers}
        names = list(declared.speakers) if declared else []
        asked = [n for n in names if n.casefold() in asking or turns_of_researcher(n)]
        if not asked or len(asked) == len(names):
            return None
    places: list[tuple[int, int]] = []
    speakers: list[str] = []
    for piece in pieces_of(text, turns=True):
        if speakers and piece.speaker == speakers[-1]:
            places[-1] = (places[-1][0], piece.end)
        elif piece.speaker:
            places.append((piece.start, piece.end))
            speakers.append(piece.speaker)
    turns = [Turn(who, text[a:b]) for who, (a, b) in zip(speakers, places, strict=True)]
    return turns, places


def without_metadata(text: str) -> tuple[str, int]:
    r"""Take away what Otter puts above and below a transcript, which nobody said.

    Returns
    -------
    text : str
    lines : int
        How many lines were taken away.

    Examples
    --------
    >>> without_metadata("Talk\n\nSUMMARY KEYWORDS\nhome\n\nSPEAKERS\nAnna\n\nAnna  0:01\nYes.")
    ('Anna  0:01\nYes.', 8)
    """
    lines = text.split("\n")
    marks = [n for n, line in enumerate(lines[:_PREAMBLE]) if _METADATA.match(line)]
    if not marks:
        return text, 0
    first = next((n for n in range(marks[-1] + 1, len(lines)) if _begins_turn(lines[n])), None)
    if first is None:  # no turn: the block ends at its blank line
        first = marks[-1] + 1
        while first < len(lines) and lines[first].strip():
            first += 1
    kept = [line for line in lines[first:] if not _FOOTER.match(line)]
    return "\n".join(kept).strip("\n"), len(lines) - len(kept)


def _begins_turn(line: str) -> bool:
    stripped = line.strip()
    return any(form.match(stripped) for form in (_HEAD, _STAMPED, _SAID))
