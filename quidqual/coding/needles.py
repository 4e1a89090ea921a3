"""Many texts as one row of bytes, and patterns as needles that Aho-Corasick finds in it.

A block of texts is written in one byte a character: letters without case, an apostrophe,
and one space for whatever else stands between two words. Where each byte stood in the text is
kept. A *needle* is a word or phrase in the same writing, with a space on either side, so that
what is found is whole words; most hits are read off it without a look at the text.

What one byte cannot say is said by a flag: a needle beside an apostrophe, or one with a letter
that shares its byte with others, is not *sure* and only makes its pattern worth trying. A text
with a character that changes its neighbours (a ligature, a combining or invisible mark) is
*odd*: all patterns are tried on it, token by token.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from quidqual.coding.tokens import BREAK_SIGNS, LETTER, MARKS_AND_INVISIBLE

SPACE, APOSTROPHE, BETWEEN, ODD = 32, 39, 0, 1
_BEYOND = 0x10000
# Letters here that fold to one character never join with their neighbours (Hangul does).
_SIMPLE = (range(0x600), range(0x1E00, 0x2000))
_PICTURES = (0x1F110, 0x1FBF0)  # no letter among them
_SHARED, _N_SHARED = 0x80, 0x20
_ACCENTED = {"a": "àá", "e": "èé", "i": "ìí", "o": "òó", "u": "ùú"}
_APART = " \n "


class Needle(NamedTuple):
    """What is looked for, and what finding it means.

    Attributes
    ----------
    body : bytes
        With its first sign (space or apostrophe) and, unless it is a start, its last one.
    sure : bool
        Whether it is a hit, if no sentence ends inside.
    start : bool
        Whether it is how the last word starts.
    """

    body: bytes
    sure: bool
    start: bool


class Haystack(NamedTuple):
    """Texts as bytes: where each byte and each text stood, breaks, and texts that are odd."""

    signs: bytes
    places: np.ndarray
    starts: np.ndarray
    breaks: np.ndarray
    odd: list[int]


def byte_of(character: str) -> int:
    """How one character of a key is written."""
    code = ord(character)
    if code < 0x80 or 0xC0 <= code < 0x100:
        return code
    return _SHARED + code % _N_SHARED


def _written(character: str) -> int:
    key = unicodedata.normalize("NFKC", character).casefold()
    key = unicodedata.normalize("NFC", key)
    return byte_of(key) if len(key) == 1 and re.fullmatch(LETTER, key) else ODD


@cache
def _table() -> np.ndarray:
    """How each character of a text is written, by code point; one more for all beyond."""
    table = np.full(_BEYOND + 1, SPACE, dtype=np.uint8)
    every = "".join(map(chr, range(_BEYOND)))
    for found in re.finditer(LETTER, every):
        table[found.start()] = ODD
    for code in (c for r in _SIMPLE for c in r if table[c] == ODD):
        table[code] = _written(chr(code))
    for mark in re.finditer(f"[{MARKS_AND_INVISIBLE}]", every):
        table[mark.start()] = ODD
    for sign in "'’‘´`′":  # ʼ is a letter to Unicode: its text is odd
        table[ord(sign)] = APOSTROPHE
    table[[0x2BC, _BEYOND]] = ODD
    table.flags.writeable = False
    return table


@cache
def _ends() -> np.ndarray:
    table = np.zeros(_BEYOND + 1, dtype=bool)
    table[[ord(c) for c in BREAK_SIGNS]] = True
    table.flags.writeable = False
    return table


def written(texts: Sequence[str]) -> tuple[str, np.ndarray, np.ndarray, np.ndarray]:
    """Write texts in a row: the text, one byte a character, the characters, where each starts."""
    joined = f" {_APART.join(texts)} "
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + len(_APART)
    starts = np.cumsum(lengths) - lengths + 1
    if joined.isascii():
        codes: np.ndarray = np.frombuffer(joined.encode("ascii"), np.uint8)
    elif len(two := joined.encode("utf-16-le", "surrogatepass")) == 2 * len(joined):
        codes = np.frombuffer(two, "<u2")  # half as much to look up as below
    else:
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")
        beyond = codes >= _BEYOND
        if beyond.any():
            picture = (codes >= _PICTURES[0]) & (codes < _PICTURES[1])
            codes = np.where(beyond, np.where(picture, ord("*"), _BEYOND), codes)
    return joined, _table()[codes], codes, starts


def haystack(texts: Sequence[str]) -> Haystack:
    """Write texts as bytes."""
    _, signs, codes, starts = written(texts)
    signs[starts[1:] - 2] = BETWEEN
    odd = np.flatnonzero(signs == ODD)
    owners = np.unique(np.searchsorted(starts, odd, "right") - 1).tolist() if len(odd) else []
    blank = signs == SPACE
    apart = np.flatnonzero(blank)  # whatever ends a sentence is no letter
    breaks = apart[_ends()[codes[apart]]]
    blank[1:] &= blank[:-1]
    blank[0] = False
    places = np.flatnonzero(~blank)
    return Haystack(signs[places].tobytes(), places, starts, breaks, owners)


class Needles:
    """All needles of an engine, found at once.

    Parameters
    ----------
    needles : iterable of (Needle, int, int)
        Each with the number of its pattern and the rank of its variant.
    """

    def __init__(self, needles: Iterable[tuple[Needle, int, int]]) -> None:
        rows = list(dict.fromkeys(needles))
        self.pattern = np.array([p for _, p, _ in rows], dtype=np.int64)
        self.rank = np.array([r for _, _, r in rows], dtype=np.int64)
        self._sure = np.array([n.sure for n, _, _ in rows], dtype=bool)
        self._start = np.array([n.start for n, _, _ in rows], dtype=bool)
        self._last = np.array([0 if n.start else 1 for n, _, _ in rows], dtype=np.int64)
        self._found = (
            BytesAhoCorasick(
                [n.body for n, _, _ in rows],
                matchkind=MatchKind.Standard,
                implementation=Implementation.DFA if len(rows) < 5000 else None,
            )
            if rows
            else None
        )

    def find(self, hay: Haystack) -> tuple[np.ndarray, ...]:
        """Give of each find: text, start, end (in the text), pattern, rank, whether sure."""
        found = (
            self._found.find_matches_as_indexes(hay.signs, overlapping=True) if self._found else ()
        )
        flat = np.fromiter(chain.from_iterable(found), np.int64, 3 * len(found))
        needle, first, last = flat.reshape(-1, 3).T
        signs = np.frombuffer(hay.signs, np.uint8)
        sure, first = self._sure[needle], first + 1
        last = last - self._last[needle]
        start = self._start[needle]
        if start.any():
            edges = np.flatnonzero((signs == SPACE) | (signs == APOSTROPHE) | (signs == BETWEEN))
            last[start] = edges[np.searchsorted(edges, last[start])]
            sure &= ~start | (signs[last] == SPACE)
        begin, end = hay.places[first], hay.places[last - 1] + 1
        within = np.searchsorted(hay.breaks, begin) == np.searchsorted(hay.breaks, end)
        text = np.searchsorted(hay.starts, begin, "right") - 1
        base = hay.starts[text]
        return (
            text,
            begin - base,
            end - base,
            self.pattern[needle],
            self.rank[needle],
            sure & within,
        )


def needles_of(keys: Sequence[str], *, start: bool = False, sure: bool = True) -> Iterator[Needle]:
    """Write keys in a row as needles; ``start``: the last is only how a word starts."""
    head = keys[:-1]
    for before in _spellings(head):
        spelt = not any(map(beside_apostrophe, head)) and not any(w[-1] == "'" for w in before)
        for last, whole, plain in _shapes(keys[-1], start):
            for phrase in _in_a_row([*before, last]):
                body = bytes(map(byte_of, phrase))
                known = (
                    sure
                    and spelt
                    and plain
                    and not any(_SHARED <= b < _SHARED + _N_SHARED for b in body)
                )
                for first in (b" ", b"'"):
                    ends = ((b" ", True), (b"'", False)) if whole else ((b"", True),)
                    for after, certain in ends:
                        yield Needle(
                            first + body + after, known and certain and first == b" ", not whole
                        )


def _in_a_row(words: Sequence[str]) -> list[str]:
    """Words as a text has them: behind an apostrophe the next may follow without a space.

    Examples
    --------
    >>> _in_a_row(["qu'", "elle", "vient"])
    ["qu'elle vient", "qu' elle vient"]
    """
    rows = [words[0]]
    for word in words[1:]:
        rows = [
            row + between + word
            for row in rows
            for between in (("", " ") if row.endswith("'") else (" ",))
        ]
    return rows


def accented(key: str) -> list[str]:
    """A key, and the same with an accent on any one of its vowels."""
    found = [key]
    for at, letter in enumerate(key):
        found += [f"{key[:at]}{vowel}{key[at + 1 :]}" for vowel in _ACCENTED.get(letter, "")]
    return found


def needles_inside(part: str) -> Iterator[Needle]:
    """Letters anywhere in a word, as a glob without a start asks for; never sure."""
    letters = part[:-2] if part[-1:] == "'" and part[-2:-1] in _ACCENTED else part
    yield Needle(bytes(map(byte_of, letters)) or b" ", False, True)


def beside_apostrophe(key: str) -> bool:
    """Whether a word is one only because of an apostrophe: ``l'``, ``'s``, not ``can't``."""
    accent = key[-1:] == "'" and key[-2:-1] in _ACCENTED
    return "'" in (key[:-1] if accent else key) and not key.endswith("n't")


def _spellings(keys: Sequence[str]) -> Iterator[list[str]]:
    """Ways to write the words before the last; an accent at the end has several."""
    if not keys:
        yield []
        return
    for rest in _spellings(keys[1:]):
        for word, _, _ in _shapes(keys[0], start=False):
            yield [word, *rest]


def _shapes(key: str, start: bool) -> Iterator[tuple[str, bool, bool]]:
    """Spellings of a key: the letters, whether they are the whole word, whether it is plain."""
    accents = _ACCENTED.get(key[-2:-1], "") if key[-1:] == "'" else ""
    if accents:
        for vowel in accents:
            yield key[:-2] + vowel, True, True
        yield key, False, False
        return
    apart = beside_apostrophe(key)
    accented = start and key[-1:] in "".join(_ACCENTED.values())
    yield key.lstrip("'"), not (start or key[-1:] == "'"), not (apart or accented)
    if start and not apart:
        for vowel in _ACCENTED.get(key[-1:], ""):
            yield key[:-1] + vowel, True, True
