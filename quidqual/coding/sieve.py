"""Which texts may hold a hit at all: whole blocks of texts looked at as arrays of letters.

Every variant of a pattern has a word it cannot do without, its anchor. A text with no word
that starts like an anchor cannot hold a hit, and most texts are such. So a block of texts is
turned into one array of *letter classes* (``a`` to ``z`` without case or accent, any digit,
any other letter, no letter), the first classes of every word are read as one number, and
tables say for each number whether an anchor starts so.

The sieve may let too much through and never too little: a character whose part in the key
is not that of one plain letter (a ligature, a combining or invisible mark) lets its word
through when it is among the first eight.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TypeAlias

import numpy as np

from quidqual.coding.tokens import LETTER, MARKS_AND_INVISIBLE, fold

Start: TypeAlias = tuple[str, bool]

NEAR, WIDTH, SIDES = 4, 8, 3
_LAST = 2**64 - 1
_ONES, _HIGHS = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
_DIGIT, _OTHER, ODD = 27, 28, 31
_BEYOND = 0x10000
# Letters here that fold to one character never join with their neighbours (Hangul does).
_SIMPLE = (range(0x600), range(0x1E00, 0x2000))
# Pictures: no letter among them.
_PICTURES = (0x1F110, 0x1FBF0)
_PACK = np.uint32(0x001F001F)


def class_of(character: str) -> int:
    """Class of one character of a key: 1-26 for a letter with or without accent, 0 for none."""
    base = unicodedata.normalize("NFD", character)[:1]
    if "a" <= base <= "z":
        return ord(base) - 96
    if "0" <= base <= "9":
        return _DIGIT
    return _OTHER if base != "'" and re.fullmatch(LETTER, base) else 0


@cache
def _classes() -> np.ndarray:
    """Class of each character as written, by code point; one more for all beyond."""
    table = np.zeros(_BEYOND + 1, dtype=np.uint8)
    every = "".join(map(chr, range(_BEYOND)))
    for found in re.finditer(f"{LETTER}|[{MARKS_AND_INVISIBLE}]", every):
        table[found.start()] = ODD
    for code in (c for r in _SIMPLE for c in r if table[c]):
        table[code] = _written(chr(code))
    table[_BEYOND] = ODD
    table.flags.writeable = False
    return table


def _written(character: str) -> int:
    if re.fullmatch(f"[{MARKS_AND_INVISIBLE}]", character):
        return ODD
    key = fold(character)
    key = key[:-1] if key[1:] == "'" else key  # a final accent, as keys have it
    return (class_of(key) if len(key) == 1 else 0) or ODD


@cache
def _ascii_classes() -> bytes:
    return _classes()[:256].tobytes()


class Sieve:
    """Passes over texts that hold no anchor, or hold one without the words it goes with.

    Parameters
    ----------
    alone : iterable of (str, bool)
        Keys that let a text through by themselves, and whether it is the whole key (else:
        how it starts).
    together : iterable of sequences of (list of (str, bool))
        Each a row of places, of which only the first three are looked at: a text needs a
        key of every one.

    Notes
    -----
    Two looks: a table of the first four classes tells at once that most words are none of
    those sought; the few others are found by their first eight among sorted stretches of
    the alphabet, each with the keys that fill it. Bits say which rows of places a word
    belongs to, so all patterns are tried in the same few operations.

    Examples
    --------
    >>> sieve = Sieve([("trust", False)], [([("no", True)], [("one", True)])])
    >>> sieve.candidates(["She trusts her.", "Nobody came.", "No!", "No one."])
    [0, 3]
    """

    def __init__(
        self, alone: Iterable[Start], together: Iterable[Sequence[Sequence[Start]]] = ()
    ) -> None:
        rows = [places[:SIDES] for places in together]
        found = [(_stretch(*start), -1, 0) for start in alone]
        found += [
            (_stretch(*start), side, number)
            for number, places in enumerate(rows)
            for side, starts in enumerate(places)
            for start in starts
        ]
        self._sought = np.zeros((32,) * NEAR, dtype=bool)
        for axis in range(NEAR):
            self._sought.swapaxes(0, axis)[ODD] = True
        for (classes, _, _), _, _ in found:
            self._sought[classes] = True
        self._sought = self._sought.reshape(-1)
        edges = sorted(
            {0, *(low for (_, low, _), _, _ in found), *(h for (_, _, h), _, _ in found)}
        )
        edges = edges[:-1] if edges[-1] > _LAST else edges
        self._edges = np.array(edges, dtype=np.uint64)
        self._alone = np.zeros(len(edges), dtype=bool)
        self._sides = np.zeros((len(edges), SIDES, -(-len(rows) // 64)), dtype=np.uint64)
        self._without = np.zeros(self._sides.shape[1:], dtype=np.uint64)
        for (_, low, high), side, number in found:
            own = slice(bisect_left(edges, low), bisect_left(edges, high))
            if side < 0:
                self._alone[own] = True
            else:
                self._sides[own, side, number // 64] |= np.uint64(1 << number % 64)
        for number, places in enumerate(rows):
            self._without[len(places) :, number // 64] |= np.uint64(1 << number % 64)
        self._anchors = self._alone | self._sides[:, 0].any(axis=1)
        self._live = self._alone | self._sides.any(axis=(1, 2))

    def candidates(self, texts: Sequence[str]) -> list[int]:
        """Give the numbers of the texts that may hold a hit, in order."""
        if not texts:
            return []
        classes = _classes_of("\n" + "\n".join(texts) + "\n" * WIDTH)
        starts = _sought(classes, self._sought)
        key, odd = _keys(classes, starts)
        at = np.searchsorted(self._edges, key, side="right") - 1
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
        owners = np.searchsorted(ends, starts)
        anchored = np.zeros(len(texts), dtype=bool)
        anchored[owners[self._anchors[at] | odd]] = True
        kept = np.flatnonzero(anchored[owners] & (self._live[at] | odd))
        if not len(kept):
            return []
        at, owners = at[kept], owners[kept]
        first = np.flatnonzero(np.diff(owners, prepend=-1))
        passed = np.logical_or.reduceat(self._alone[at] | odd[kept], first)
        met = self._without | np.bitwise_or.reduceat(self._sides[at], first)
        passed |= np.bitwise_and.reduce(met, axis=1).any(axis=1)
        return owners[first[passed]].tolist()


def _stretch(key: str, whole: bool) -> tuple[tuple[int, ...], int, int]:
    """Where in the table the words stand that start like a key, and from where to where."""
    classes = [class_of(c) for c in key]
    while classes and not classes[0]:
        del classes[0]
    if 0 in classes:
        classes, whole = classes[: classes.index(0)], True
    if whole and classes:
        classes += [0] * (WIDTH - len(classes))
    shown = bytes(classes[:WIDTH])
    low = int.from_bytes(shown.ljust(WIDTH, b"\0"), "big")
    near = tuple(classes[:NEAR])
    return near, low, low + 256 ** (WIDTH - len(shown))


def _sought(classes: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Where the words start whose first four classes are in a table."""
    word = classes != 0
    starts = np.flatnonzero(word[1:] & ~word[:-1]) + 1
    first = np.ndarray(len(classes) - 3, "<u4", classes, strides=(1,))[starts]
    # Nothing counts after the end of the word: keep what is below the lowest zero byte.
    zero = (first - np.uint32(0x01010101)) & ~first & np.uint32(0x80808080)
    first &= (zero & (~zero + np.uint32(1))) - np.uint32(1)
    pairs = ((first & _PACK) << np.uint32(5)) | ((first >> np.uint32(8)) & _PACK)
    code = ((pairs & np.uint32(0x3FF)) << np.uint32(10)) | (pairs >> np.uint32(16))
    return starts[table[code]]


def _keys(classes: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First eight classes of some words as one number each, and whether one is odd."""
    key = np.ndarray(len(classes) - 7, "<u8", classes, strides=(1,))[starts]
    zero = (key - _ONES) & ~key & _HIGHS
    key &= (zero & (~zero + np.uint64(1))) - np.uint64(1)
    differs = key ^ (_ONES * np.uint64(ODD))
    odd = ((differs - _ONES) & ~differs & _HIGHS) != 0
    return key.byteswap(), odd


def _classes_of(text: str) -> np.ndarray:
    if text.isascii():
        return np.frombuffer(text.encode("ascii").translate(_ascii_classes()), np.uint8)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    beyond = codes >= _BEYOND
    if beyond.any():
        pictures = (codes >= _PICTURES[0]) & (codes < _PICTURES[1])
        codes = np.where(beyond, np.where(pictures, 0, _BEYOND), codes)
    return _classes()[codes]
