"""Labels are text: measured, wrapped, and never read as mathematics or lost as boxes.

Widths come from the font itself, so a label can be wrapped before anything is drawn.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags

from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import joined

from .style import families

_JOINERS = "\u200d\ufe0e\ufe0f"  # parts of an emoji that mean nothing without its picture
_COUNTS, _KEPT = re.compile(r"(\d+) of (\d+)"), "\\1\u00a0of\u00a0\\2"  # never broken
CUT = "\u2010"
"""The hyphen of a cut inside an id or a number; `check_figure` tells of it: P-0-00 reads wrong."""
_ID = re.compile(r"\W*[^\W\d_]{0,3}[-_.]?\d")  # P-001, S1-R1, 12,500, 100%
_PIECES = re.compile(r"[^\s_/\-–]+[_/\-–]*|[_/\-–]+")


@lru_cache(maxsize=16)
def _font(family: str, bold: bool) -> Any:
    return get_font(findfont(FontProperties(family=family, weight="bold" if bold else "normal")))


@lru_cache(maxsize=4096)
def font_with(character: str, family: tuple[str, ...]) -> str | None:
    """Name the first font that has a letter."""
    return next((f for f in family if _font(f, False).get_char_index(ord(character))), None)


def plain(text: str) -> str:
    r"""Make a label that the fonts in force can write in full.

    An emoji that they lack is written by its name in brackets, so that it is seen to
    have been there; line breaks become blanks.

    Raises
    ------
    QuidqualError
        If letters are missing from the fonts: a word cannot be shown half.

    Examples
    --------
    >>> plain("costs < $5 & \U0001f331")
    'costs < $5 & [seedling]'
    """
    return _plain(text, families())


@lru_cache(maxsize=8192)
def _plain(text: str, family: tuple[str, ...]) -> str:
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    if text.isascii():
        return text
    letters: list[str] = []
    lacking: list[str] = []
    for character in text:
        if character in _JOINERS:
            continue
        if character.isspace() or font_with(character, family):
            letters.append(character)
        elif unicodedata.category(character) in ("So", "Sk", "Sm", "Co", "Cn", "Cf"):
            name = unicodedata.name(character, f"u+{ord(character):04x}").lower()
            letters.append(f"[{name}]")
        else:
            lacking.append(character)
    if lacking:
        raise QuidqualError.of(
            f"{joined(family)} {'lack' if len(family) > 1 else 'lacks'} the letters "
            f"{listed(dict.fromkeys(lacking))}.",
            remedy="Name an installed font that has them, such as font='Noto Sans CJK JP', or "
            "give the label in other letters.",
            field="label",
        )
    return "".join(letters)


@lru_cache(maxsize=8192)
def _advance(character: str, bold: bool, family: tuple[str, ...]) -> float:
    font = _font(font_with(character, family) or family[0], bold)
    font.set_size(100, 72)
    glyph = font.load_char(ord(character), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 65536


def width_of(text: str, size: float, bold: bool = False) -> float:
    """Width of one line in points (without kerning, so never less than what is drawn)."""
    family = families()
    return sum(_advance(character, bold, family) for character in text) * size / 100


def wrap(text: str, width: float, *, size: float, bold: bool = False) -> str:
    r"""Break a label into lines no wider than ``width`` points.

    Breaks fall at blanks, then after ``_ / -``, and only then inside a word (with a hyphen).

    Examples
    --------
    >>> wrap("Sfiducia verso le istituzioni", 60, size=8)
    'Sfiducia verso\nle istituzioni'
    """
    lines: list[str] = []
    for word in _COUNTS.sub(_KEPT, plain(text)).split(" "):
        for place, piece in enumerate(_fitting(word, width, size, bold)):
            glue = " " if place == 0 else ""
            if lines and width_of(lines[-1] + glue + piece, size, bold) <= width:
                lines[-1] += glue + piece
            else:
                lines.append(piece)
    return "\n".join(lines).replace("\u00a0", " ")


def _fitting(word: str, width: float, size: float, bold: bool) -> list[str]:
    """Cut a word into pieces that fit on a line, as few as can be."""
    if width_of(word, size, bold) <= width:
        return [word]
    mark = CUT if _ID.match(word) else "-"
    pieces: list[str] = []
    for piece in _PIECES.findall(word) or [word]:
        while width_of(piece, size, bold) > width and len(piece) > 2:
            keep = _fitting_letters(piece[:-1], width, mark, size, bold)
            keep = min(keep, max(len(piece) - 3, 1))  # no lonely letter on the next line
            pieces.append(piece[:keep] + mark)
            piece = piece[keep:]
        pieces.append(piece)
    return pieces


def shorten(text: str, width: float, *, size: float) -> str:
    """Cut a label that has but one line, and show by an ellipsis that it was cut."""
    text = plain(text)
    if width_of(text, size) <= width:
        return text
    return text[: _fitting_letters(text, width, "…", size)].rstrip() + "…"


def _fitting_letters(text: str, width: float, mark: str, size: float, bold: bool = False) -> int:
    """Count the letters, at least one, that fit before the mark of a cut."""
    fits = (n for n in range(len(text), 1, -1) if width_of(text[:n] + mark, size, bold) <= width)
    return next(fits, 1)


def lines_in(text: str) -> int:
    """Count the lines of a wrapped label."""
    return text.count("\n") + 1


def longest_word(texts: Iterable[str], size: float, bold: bool = False) -> float:
    """Width in points of the longest word of several labels."""
    return max(
        (width_of(word, size, bold) for text in texts for word in plain(text).split()), default=0.0
    )


def widest(texts: Iterable[str], size: float, bold: bool = False) -> float:
    """Width in points of the widest line of several wrapped labels."""
    lines = (line for text in texts for line in text.split("\n"))
    return max((width_of(line, size, bold) for line in lines), default=0.0)


@dataclass(frozen=True)
class Names:
    """What codes and themes are called in a figure, and the colours the codebook gives them."""

    labels: Mapping[str, str] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    def __call__(self, name: object) -> str:
        """Return the label of a code; a code without one is shown by its id."""
        return self.labels.get(str(name)) or str(name)


UNNAMED = Names()
"""Codes shown by their ids: the default of every chart that takes labels."""


def names_of(codebook: Any, language: str = "en") -> Names:
    """Read labels and colours from a codebook, or from a mapping of id to label."""
    if codebook is None:
        return UNNAMED
    if isinstance(codebook, Mapping):
        return Names({str(key): str(value) for key, value in codebook.items()})
    must_be_codebook(codebook)
    labels: dict[str, str] = {}
    colours: dict[str, str] = {}
    for code in codebook:
        given = {tongue: text for tongue, text in dict(code.label).items() if text}
        labels[code.id] = given.get(language) or next(iter(given.values()), code.id)
        if code.colour:
            colours[code.id] = code.colour
    return Names(_told_apart(labels, codebook), colours, tuple(labels))


def _told_apart(labels: Mapping[str, str], codebook: Any) -> dict[str, str]:
    """Add its theme to a label that two codes share, and its id where that does not help."""
    parent = {code.id: code.parent for code in codebook}
    often = Counter(labels.values())
    told = dict(labels)
    for code, label in labels.items():
        if often[label] > 1:
            theme = parent[code]
            told[code] = f"{label} ({labels.get(theme, theme)})" if theme else ""
    still = Counter(told.values())
    return {
        code: text if text and still[text] == 1 else f"{labels[code]} ({code})"
        for code, text in told.items()
    }


def must_be_codebook(codebook: Any) -> None:
    """Refuse what is neither a codebook nor a mapping of id to label.

    Raises
    ------
    QuidqualError
    """
    if not isinstance(codebook, Mapping) and not hasattr(codebook, "constructs"):
        raise QuidqualError.of(
            f"A codebook is wanted, not {type(codebook).__name__}.",
            remedy="Give study.codebook, or a mapping of id to label.",
            field="codebook",
        )


def spread(wanted: list[float], heights: list[float], low: float, high: float) -> list[float]:
    """Move the middles of labels as little as needed so that none lies on another.

    ``wanted`` is sorted; the labels stay between ``low`` and ``high`` if they fit there.

    Examples
    --------
    >>> spread([10.0, 10.0, 50.0], [8.0, 8.0, 8.0], 0, 60)
    [6.0, 14.0, 50.0]
    """
    blocks: list[tuple[float, list[float]]] = []  # (top, heights of the labels in it)
    for middle, height in zip(wanted, heights, strict=True):
        blocks.append((min(max(middle - height / 2, low), max(high - height, low)), [height]))
        while len(blocks) > 1 and blocks[-2][0] + sum(blocks[-2][1]) > blocks[-1][0]:
            (one, above), (other, below) = blocks[-2], blocks[-1]
            size = sum(above) + sum(below)
            # The joint block stands where the mean of its labels' wishes is.
            centre = (
                sum(above) * (one + sum(above) / 2) + sum(below) * (other + sum(below) / 2)
            ) / size
            top = min(max(centre - size / 2, low), max(high - size, low))
            blocks[-2:] = [(top, [*above, *below])]
    return [top + sum(own[:at]) + own[at] / 2 for top, own in blocks for at in range(len(own))]
