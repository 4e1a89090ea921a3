"""Whether anybody could meet the conditions of a check: they are tried on every course there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from quidqual.findings.cases import PRESENT, Cases, together

_MOST = 14  # cells of a course, so that 16,384 courses at most are tried


def impossible(
    conditions: Sequence[Mapping[str, Any]], rounds: Sequence[str]
) -> tuple[Mapping[str, Any], ...] | None:
    """Find a condition, or two of them, that no course over the rounds could meet.

    Examples
    --------
    >>> gone, back = {"codes": ["a"], "when": "fades"}, {"codes": ["a"], "when": "last"}
    >>> len(impossible([gone, back], ["R1", "R2"])), impossible([gone], ["R1", "R2"])
    (2, None)
    """
    one = ((condition,) for condition in conditions)
    for tried in (*one, *combinations(conditions, 2)):
        codes = list(dict.fromkeys(code for c in tried for code in _codes(c)))
        cells = len(codes) * len(rounds)
        if not cells or cells > _MOST:
            continue  # too many to try; what is not known to be impossible is allowed
        if not (together([_every_course(codes, rounds).truth(c) for c in tried]) == PRESENT).any():
            return tried
    return None


def _codes(condition: Mapping[str, Any]) -> Iterator[str]:
    for key in ("codes", "first", "then"):
        yield from condition.get(key) or ()


def _every_course(codes: Sequence[str], rounds: Sequence[str]) -> Cases:
    """Arrange one person for each course of the codes over the rounds."""
    cells = len(codes) * len(rounds)
    ways = np.arange(2**cells)[:, None] >> np.arange(cells) & 1
    state = ways.reshape(-1, len(rounds), len(codes)).astype(np.int8)
    people = tuple(map(str, range(len(state))))
    counts = state * np.arange(1, len(rounds) + 1)[:, None]  # later more often, so that it may rise
    return Cases(people, tuple(rounds), tuple(codes), state, counts)
