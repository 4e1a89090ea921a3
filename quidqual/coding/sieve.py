"""Which texts may hold a hit at all: whole blocks of texts looked at as arrays of letters.

Every variant of a pattern has a word it cannot do without, its anchor. A text with no word
that starts like an anchor cannot hold a hit, and most texts are such. So a block of texts is
turned into one array of *letter classes* (``a`` to ``z`` without case or accent, any digit,
any other letter, no letter), the first four classes of every word are read as one number,
and a table says for each number whether an anchor starts so.

The sieve may let too much through and never too little: a character whose part in the key
is not that of one plain letter (a ligature, a combining or invisible mark) lets its word
through when it is among the first four.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TypeAlias

import numpy as np

from quidqual.coding.tokens import LETTER, MARKS_AND_INVISIBLE, fold

Start: TypeAlias = tuple[str, bool]

WIDTH = 4
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
    """Passes over texts that hold no anchor, or hold one without the word it goes with.

    Parameters
    ----------
    alone : iterable of (str, bool)
        Keys that let a text through by themselves, and whether it is the whole key (else:
        how it starts).
    together : iterable of (list of (str, bool), list of (str, bool))
        Keys of which a text needs one of each list.

    Examples
    --------
    >>> sieve = Sieve([("trust", False)], [([("no", True)], [("one", True)])])
    >>> sieve.candidates(["She trusts her.", "Nobody came.", "No!", "No one."])
    [0, 3]
    """

    def __init__(
        self, alone: Iterable[Start], together: Iterable[tuple[list[Start], list[Start]]] = ()
    ) -> None:
        self._alone = _table(bool)
        for axis in range(WIDTH):
            self._alone.swapaxes(0, axis)[ODD] = True
        for start in alone:
            self._alone[_first(*start)] = True
        self._sides = (_table(np.uint64), _table(np.uint64))
        self._sought = self._alone.copy()
        for number, pair in enumerate(together):
            bit = np.uint64(1 << number % 64)  # a pair that shares its bit lets too much through
            for side, starts in zip(self._sides, pair, strict=True):
                for start in starts:
                    side[_first(*start)] |= bit
                    self._sought[_first(*start)] = True

    def candidates(self, texts: Sequence[str]) -> list[int]:
        """Give the numbers of the texts that may hold a hit, in order."""
        if not texts:
            return []
        starts, code = _words("\n" + "\n".join(texts) + "\n" * WIDTH)
        sought = np.flatnonzero(self._sought.reshape(-1)[code])
        if not len(sought):
            return []
        ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
        owners, code = np.searchsorted(ends, starts[sought]), code[sought]
        first = np.flatnonzero(np.diff(owners, prepend=-1))
        passed = np.logical_or.reduceat(self._alone.reshape(-1)[code], first)
        left, right = (
            np.bitwise_or.reduceat(side.reshape(-1)[code], first) for side in self._sides
        )
        return owners[first[passed | ((left & right) != 0)]].tolist()


def _table(kind: type) -> np.ndarray:
    return np.zeros((32,) * WIDTH, dtype=kind)


def _first(key: str, whole: bool) -> tuple[int, ...]:
    """Where in a table the words stand that start like a key."""
    classes = [class_of(c) for c in key]
    while classes and not classes[0]:
        del classes[0]
    if 0 in classes:
        classes, whole = classes[: classes.index(0)], True
    blank = [0] * (WIDTH - len(classes)) if whole and classes else []
    return tuple(classes[:WIDTH] + blank)


def _words(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Where the words start, and the first classes of each as one number."""
    classes = _classes_of(text)
    word = classes != 0
    starts = np.flatnonzero(word[1:] & ~word[:-1]) + 1
    first = np.ndarray(len(classes) - 3, "<u4", classes, strides=(1,))[starts]
    # Nothing counts after the end of the word: keep what is below the lowest zero byte.
    zero = (first - np.uint32(0x01010101)) & ~first & np.uint32(0x80808080)
    first &= (zero & (~zero + np.uint32(1))) - np.uint32(1)
    pairs = ((first & _PACK) << np.uint32(5)) | ((first >> np.uint32(8)) & _PACK)
    return starts, ((pairs & np.uint32(0x3FF)) << np.uint32(10)) | (pairs >> np.uint32(16))


def _classes_of(text: str) -> np.ndarray:
    if text.isascii():
        return np.frombuffer(text.encode("ascii").translate(_ascii_classes()), np.uint8)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    beyond = codes >= _BEYOND
    if beyond.any():
        pictures = (codes >= _PICTURES[0]) & (codes < _PICTURES[1])
        codes = np.where(beyond, np.where(pictures, 0, _BEYOND), codes)
    return _classes()[codes]
