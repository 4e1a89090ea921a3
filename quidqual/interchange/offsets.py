r"""What another program's offsets count, and where they lead in canonical text.

The REFI-QDA standard counts Unicode code points; NVivo counts UTF-16 units, Taguette
UTF-8 bytes, and programs differ on whether ``\r\n`` is one or two. Read by the wrong
convention most codings land a few letters off, which nobody sees.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np

from quidqual.study.text import canonical, offset_map

UNITS = ("code points", "UTF-16 units", "UTF-8 bytes")


@dataclass(frozen=True)
class Convention:
    r"""One way of counting: the unit, and whether ``\r\n`` counts as one.

    Examples
    --------
    >>> str(Convention("UTF-16 units"))
    'UTF-16 units, a line end of two characters counted as two'
    """

    unit: str = "code points"
    one_line_end: bool = False

    def __str__(self) -> str:
        count = "one" if self.one_line_end else "two"
        return f"{self.unit}, a line end of two characters counted as {count}"


STANDARD = Convention()


class Ruler:
    """Leads offsets of one text, as a program counts them, to offsets of canonical text.

    Parameters
    ----------
    text : str
        As the program has it, without byte-order mark.

    Attributes
    ----------
    canonical : str
        The text in the one form that a study counts in.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.has_crlf = "\r\n" in text
        points = np.frombuffer(b"" if text.isascii() else text.encode("utf-32-le"), dtype=np.uint32)
        self.has_astral = bool(points.size) and bool(points.max() > 0xFFFF)
        self._composed = _surely_composed(points) or unicodedata.is_normalized("NFC", text)
        self._plain = "\r" not in text and self._composed and not text.startswith("\ufeff")
        self.canonical = text if self._plain else canonical(text)
        self._places: np.ndarray | None = None
        self._maps: dict[Convention, np.ndarray] = {}

    def map(self, starts: np.ndarray, ends: np.ndarray, convention: Convention) -> np.ndarray:
        """Map offsets, giving -1 to those outside the text or inside a character.

        Parameters
        ----------
        starts, ends : ndarray of int64
        convention : Convention

        Returns
        -------
        ndarray of int64, shape (2, n)
        """
        both = np.stack([starts, ends])
        if self._same(convention):
            both[(both < 0) | (both > len(self.canonical))] = -1
            return both
        table = self._table(convention)
        inside = (both >= 0) & (both < len(table))
        mapped = np.where(inside, table[np.where(inside, both, 0)], -1)
        return self._widened(both, mapped, table)

    def _same(self, convention: Convention) -> bool:
        """Tell whether this text counts alike in the convention and in canonical form."""
        if not self._plain:
            return False
        if convention.unit == "code points":
            return True
        return self.text.isascii() or (convention.unit == "UTF-16 units" and not self.has_astral)

    def _widened(self, both: np.ndarray, mapped: np.ndarray, table: np.ndarray) -> np.ndarray:
        """Widen a selection inside one composed letter to that letter."""
        empty = (mapped[0] == mapped[1]) & (mapped[0] >= 0) & (both[0] < both[1])
        for i in np.flatnonzero(empty):
            later = table[int(both[1, i]) :]
            further = later[later > mapped[1, i]]
            if further.size and further[0] == mapped[1, i] + 1:
                mapped[1, i] = further[0]
        return mapped

    def _table(self, convention: Convention) -> np.ndarray:
        if convention in self._maps:
            return self._maps[convention]
        points = np.frombuffer(self.text.encode("utf-32-le"), dtype=np.uint32)
        if convention.unit == "UTF-16 units":
            width = 1 + (points > 0xFFFF).astype(np.int64)
        elif convention.unit == "UTF-8 bytes":
            width = np.ones(len(points), dtype=np.int64)
            for top in (0x7F, 0x7FF, 0xFFFF):
                width += points > top
        else:
            width = np.ones(len(points), dtype=np.int64)
        if convention.one_line_end:
            width[:-1][(points[:-1] == 13) & (points[1:] == 10)] = 0
        at = np.concatenate([[0], np.cumsum(width)])
        table = np.full(int(at[-1]) + 1, -1, dtype=np.int64)
        table[at] = self._canonical_places(points)
        self._maps[convention] = table
        return table

    def _canonical_places(self, points: np.ndarray) -> np.ndarray:
        """Offset in canonical text of each code point, and of the end."""
        if self._places is None:
            if self._plain:
                self._places = np.arange(len(points) + 1)
            elif self._composed and not self.text.startswith("\ufeff"):
                dropped = np.zeros(len(points) + 1, dtype=np.int64)
                dropped[1:-1] = (points[:-1] == 13) & (points[1:] == 10)
                self._places = np.arange(len(points) + 1) - np.cumsum(dropped)
            else:
                self._places = np.asarray(offset_map(self.text), dtype=np.int64)
        return self._places


def _surely_composed(points: np.ndarray) -> bool:
    """Tell at a glance that a text is in normal form C: Latin letters, quotes, emoji only.

    The full check looks each character up, which costs more than all else of a long text.
    """
    other = points[points >= 0x300]
    quotes = (other >= 0x2010) & (other <= 0x2027)
    emoji = (other >= 0x1F300) & (other <= 0x1FAFF)
    return bool((quotes | emoji).all())
