"""How counts and names are written, in every message, table and picture the same way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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


def k_of_n(k: int, n: int) -> str:
    """Write a count with its denominator; the denominator is never left out.

    Examples
    --------
    >>> k_of_n(3, 4), k_of_n(0, 0)
    ('3 of 4', 'not observed')
    """
    return f"{k} of {n}" if n else "not observed"


def counted(n: int, what: str) -> str:
    """Write a number with its noun, one or several.

    Examples
    --------
    >>> counted(1, "code"), counted(4, "participant"), counted(27_000, "segment")
    ('1 code', '4 participants', '27,000 segments')
    """
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"


def corpus_and_reading(mark: str) -> tuple[str, str]:
    """Take the mark of a table apart: the corpus, and the reading, "" if it is the study's own.

    Examples
    --------
    >>> corpus_and_reading("synthetic [reading: coder B]"), corpus_and_reading("real")
    (('synthetic', 'coder B'), ('real', ''))
    """
    corpus, _, reading = mark.partition(" [reading: ")
    return corpus, reading.removesuffix("]")


def joined(names: Sequence[object], *, last: str = "and", limit: int | None = None) -> str:
    """Join names as a sentence does.

    Examples
    --------
    >>> joined(["S1", "S2", "S3"]), joined(["a", "b"], last="or"), joined("abcd", limit=2)
    ('S1, S2 and S3', 'a or b', 'a, b and 2 more')
    """
    shown = [str(name) for name in names]
    if limit is not None and len(shown) > limit:
        return f"{', '.join(shown[:limit])} {last} {len(shown) - limit} more"
    return (
        f" {last} ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)
    )
