r"""Canonical text: what an offset counts, and where its paragraphs end.

Canonical text is UTF-8 without a byte-order mark, in Unicode normal form C, with line
ends ``\n``. Offsets count code points and the end is exclusive, as in the text-position
selector of the W3C Web Annotation Data Model (https://www.w3.org/TR/annotation-model/).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from typing import NamedTuple

import numpy as np

from quidqual.study.errors import QuidqualError

_BLOCK = re.compile(r"\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")
_LINE = re.compile(r"[^\n]+")
# A line may begin behind a form feed, an indent of any blank, or a sign without width.
_TURN = re.compile(
    r"(?:[^\S\n]|[\u200b-\u200f\u2060\ufeff])*([^\W\d_][^:\n“”„«»]{0,39}):(?:[^\S\n]+|$)"
)
_BULLET = re.compile(r"[^\S\n]*[-*•·▪◦‣–—][^\S\n]+\S")
_NUMBER = re.compile(r"[^\S\n]*\(?(\d{1,3})[.)][^\S\n]+\S")
_HEADING = re.compile(r"#{1,6}[^\S\n]+\S")
_ASIDE = re.compile(r"\[[^\]]*\]|\([^)]*\)")


class Piece(NamedTuple):
    """One paragraph, item of a list or turn, without white space at its ends."""

    start: int
    end: int
    speaker: str = ""
    item: bool = False


class Turns(NamedTuple):
    """Speakers of a transcript and how many turns each has."""

    speakers: dict[str, int]
    declared: bool


def turns_of(text: str, *, declared: bool | None = None) -> Turns | None:
    r"""Tell whether a note is a transcript: lines begin with the names of its speakers.

    Without a declaration it is one if at least four lines begin so, a quarter of all or
    more, with at most half as many names: headings, which each stand once, are none.

    Examples
    --------
    >>> turns_of("I: Why?\nAnna: I stay.\nI: Yes?\nAnna: Yes.").speakers
    {'I': 2, 'Anna': 2}
    >>> turns_of("Work: she sews.\nHome: a room.\nMoney: little.\nHealth: good.") is None
    True
    """
    if declared is False:
        return None
    lines = [line.group() for line in _LINE.finditer(text) if line.group().strip()]
    names = Counter(m.group(1).strip() for line in lines if (m := _TURN.match(line)))
    turns = names.total()
    recognised = (
        turns >= 4
        and 4 * turns >= len(lines)
        and 2 * len(names) <= turns
        and all(name[0].isupper() and len(name.split()) <= 4 for name in names)
    )
    return Turns(dict(names), bool(declared)) if (declared and names) or recognised else None


def pieces_of(text: str, *, turns: bool = False, dashes: str = "") -> Iterator[Piece]:
    """Cut a note into paragraphs, items of lists and turns.

    Parameters
    ----------
    text : str
        Canonical text.
    turns : bool, default False
        Lines that begin with ``Name:`` begin a turn, which may go on over several paragraphs.
    dashes : str, optional
        Dashes with which a line of dialogue begins.

    Yields
    ------
    Piece
    """
    speaker = ""
    for block in _BLOCK.finditer(text):
        lines = [(m.start(), m.group()) for m in _LINE.finditer(text, *block.span())]
        items = _items([line for _, line in lines], dashes)
        begins = [
            number == 0
            or number in items
            or line.lstrip()[:1] in (*dashes, "")
            or bool(_HEADING.match(line) or _HEADING.match(lines[number - 1][1]))
            or bool(turns and _TURN.match(line))
            for number, (_, line) in enumerate(lines)
        ]
        firsts = [number for number, begin in enumerate(begins) if begin]
        for number, after in zip(firsts, [*firsts[1:], len(lines)], strict=True):
            start, line = lines[number]
            end = lines[after - 1][0] + len(lines[after - 1][1])
            turn = _TURN.match(line) if turns else None
            if turn:
                start, speaker = start + turn.end(), turn.group(1).strip()
            start, end = trimmed(text, start, end)
            if start < end:
                aside = _ASIDE.fullmatch(text, start, end) is not None
                yield Piece(start, end, "" if aside else speaker, number in items)


def _items(lines: list[str], dashes: str) -> set[int]:
    """Lines of a block that are items: bullets, or numbers that count on."""
    bullets = [
        n for n, line in enumerate(lines) if _BULLET.match(line) and line.lstrip()[0] not in dashes
    ]
    counted = [(n, int(m.group(1))) for n, line in enumerate(lines) if (m := _NUMBER.match(line))]
    in_turn = [
        n
        for place, (n, number) in enumerate(counted)
        if (number, place) == (1, 0) or (place and number == counted[place - 1][1] + 1)
        or (place + 1 < len(counted) and counted[place + 1][1] == number + 1)
    ]  # fmt: skip
    listed = bullets if len(bullets) > 1 or bullets == [0] else []
    return {*listed, *(in_turn if len(in_turn) > 1 else [])}


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the white space at both ends of a span."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def flowing(text: str, *, turns: bool | None = None, dashes: str = "") -> str:
    r"""Write single line breaks inside paragraphs as blanks: the same length, the same offsets.

    What looks for phrases or for the reach of a negation looks in this text; line breaks
    that are left end a paragraph, an item or a turn.

    Examples
    --------
    >>> flowing("She does not\ntrust people.\n\nAt home:\n- a room\n- a lamp")
    'She does not trust people.\n\nAt home:\n- a room\n- a lamp'
    """
    found = turns_of(text, declared=turns)
    parts, at = [], 0
    for piece in pieces_of(text, turns=found is not None, dashes=dashes):
        parts += [text[at : piece.start], text[piece.start : piece.end].replace("\n", " ")]
        at = piece.end
    return "".join([*parts, text[at:]])


_SAVE_AS = {
    "txt": "Save it as UTF-8 (in Word: plain text, Unicode UTF-8; in an editor: encoding UTF-8).",
    "csv": "Save it as CSV UTF-8 (in Excel: file type 'CSV UTF-8'; in LibreOffice: character set "
    "Unicode UTF-8).",
}

_STACKED = re.compile("[\u0300-\U0010ffff]{30,}")
"""Where many marks may stand on one letter: no mark comes before U+0300."""


def canonical(text: str) -> str:
    r"""Bring a text into the one form that offsets are counted in.

    Examples
    --------
    >>> canonical("\ufeffperche\u0301\r\nno")
    'perché\nno'
    """
    if text.isascii() and "\r" not in text:
        return text
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", _STACKED.sub(_in_order, text))


def _in_order(stacked: re.Match[str]) -> str:
    """Put the marks of a long row into canonical order.

    Python's own normalisation inserts each mark into its place by walking back, so that a note
    with 80,000 marks on one letter would take minutes. A sort that keeps equal classes in their
    order gives the same text (Unicode Standard Annex 15, D109).
    """
    parts = "".join(unicodedata.normalize("NFD", char) for char in stacked[0])
    ordered: list[str] = []
    for marks, group in groupby(parts, key=lambda char: unicodedata.combining(char) > 0):
        row = list(group)
        ordered += sorted(row, key=unicodedata.combining) if marks else row
    return "".join(ordered)


def is_canonical(text: str) -> bool:
    """Tell whether a text is in canonical form already."""
    return (
        not text.startswith("\ufeff")
        and "\r" not in text
        and unicodedata.is_normalized("NFC", text)
    )


def decode(data: bytes, *, file: str) -> str:
    """Decode the bytes of a text file as UTF-8 and make them canonical.

    Raises
    ------
    QuidqualError
        If the bytes are not UTF-8: the encoding is never guessed, since a guess turns
        ``è`` into another letter without a word.
    """
    try:
        text = data.decode("utf-8")
        null = data.find(b"\0")
        if null >= 0:  # UTF-16 without its mark is UTF-8 to the letter, and none to a reader
            raise UnicodeDecodeError("utf-8", data, null, null + 1, "null")
        return canonical(text)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise QuidqualError.of(
            "the file is not UTF-8.",
            remedy=_SAVE_AS.get(file.rsplit(".", 1)[-1].lower(), _SAVE_AS["txt"]),
            file=file,
            row=row,
        ) from None


@cache
def _joining_starters() -> frozenset[str]:
    """Starters that can still compose with the letter before them (Unicode NFC_QC=Maybe)."""
    joining = {chr(c) for c in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    for number in range(0x110000):
        parts = unicodedata.decomposition(chr(number)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            second = chr(int(parts[1], 16))
            if unicodedata.combining(second) == 0:
                joining.add(second)
    return frozenset(joining)


def offset_map(original: str) -> np.ndarray:
    r"""Map each offset of a text to the offset in its canonical form.

    Returns
    -------
    ndarray of int64, shape (len(original) + 1,)
        Offsets inside a composed letter or inside ``\r\n`` map to its start.

    Examples
    --------
    >>> offset_map("e\u0301\r\nx").tolist()
    [0, 0, 1, 1, 2, 3]
    """
    if is_canonical(original):
        return np.arange(len(original) + 1)
    result = np.empty(len(original) + 1, dtype=np.int64)
    position = 0
    start = 0
    for end in _cluster_ends(original):
        chunk = original[start:end]
        result[start:end] = position
        if start == 0:
            chunk = chunk.removeprefix("\ufeff")
        position += len(canonical(chunk))
        start = end
    result[len(original)] = position
    return result


def _cluster_ends(text: str) -> list[int]:
    """Ends of the shortest pieces that normalise independently of each other."""
    joining = _joining_starters()
    ends = [
        i
        for i in range(1, len(text))
        if unicodedata.combining(text[i]) == 0
        and text[i] not in joining
        and not (text[i] == "\n" and text[i - 1] == "\r")
    ]
    return [*ends, len(text)] if text else []
