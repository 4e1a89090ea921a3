r"""Paragraphs of a note: a blank line ends one, a single line break is a blank.

Text that was wrapped at the end of each line (mail, PDF) reads as if it were not. Only in a
list, a dialogue and a transcript of turns does a line stand for itself; each is recognised.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

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
