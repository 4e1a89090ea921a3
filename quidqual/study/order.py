"""The order in which names stand: numbers within them count as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_DIGITS = re.compile(r"([0-9]+)")


def natural_key(name: Any) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """Give the sort key by which P2 stands before P10, whatever else a name holds.

    Examples
    --------
    >>> sorted(["P10", "P2", "P1²", "P1"], key=natural_key)
    ['P1', 'P1²', 'P2', 'P10']
    """
    text = str(name)
    # By length and digits, not int(): a name may hold more digits than Python converts.
    pieces = [piece for piece in _DIGITS.split(text) if piece]
    key = tuple(
        (0, len(piece.lstrip("0")), piece.lstrip("0"))
        if piece[0] in "0123456789"
        else (1, 0, piece)
        for piece in pieces
    )
    return key, text


def natural_order(names: Iterable[Any]) -> list[Any]:
    """Sort names so that numbers within them count as numbers.

    Examples
    --------
    >>> natural_order(["S10", "S2", "T1"])
    ['S2', 'S10', 'T1']
    """
    return sorted(names, key=natural_key)
