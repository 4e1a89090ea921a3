"""Hidden cells that can be worked out: from margins, or from another published table.

Over so few people brute force is instant: every way to fill the hidden cells that agrees with
all sums is tried, and a cell that has the same number in each is no longer hidden.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from quidqual.study.arguments import must_be_table
from quidqual.study.errors import QuidqualError

MARGINS = ("all", "total", "tutti", "tutte", "totale")
"""Words that a row of sums stands under."""

_MOST_TRIES = 300_000


@dataclass(frozen=True)
class _Cell:
    table: int
    row: Hashable
    low: int
    high: int


@dataclass(frozen=True)
class _Sum:
    """Hidden cells that together make a known number."""

    cells: tuple[int, ...]
    total: int


def recoverable_cells(
    tables: pd.DataFrame | Sequence[pd.DataFrame],
    *,
    additive: Sequence[str] = ("group", "role"),
    counts: str = "k",
) -> pd.DataFrame:
    """List the hidden cells of tables that are published together, and how well they are hidden.

    Parameters
    ----------
    tables : DataFrame or sequence of DataFrame
        One row a cell; the count in ``counts``, missing where it is hidden; ``n`` bounds it
        where it is there. A row of sums has ``all`` or ``total`` in the column summed over.
    additive : sequence of str
        Columns whose values part the participants: counts over them add up. Rounds and codes
        do not: one person is counted under several.
    counts : str
        Column of the counts.

    Returns
    -------
    DataFrame
        One row a hidden cell: ``table`` (int, from 0), ``row`` (its index), ``low, high``
        (int, the numbers it can have), ``recoverable`` (bool: low equals high).

    Raises
    ------
    QuidqualError
        If a table lacks the column, or the numbers cannot all be right.

    Examples
    --------
    >>> table = pd.DataFrame({"group": ["staff", "survivor", "all"], "code": "trust",
    ...     "k": [4, None, 6], "n": [5, 4, 9]})
    >>> recoverable_cells(table).to_dict("records")
    [{'table': 0, 'row': 1, 'low': 2, 'high': 2, 'recoverable': True}]
    """
    frames = [tables] if isinstance(tables, pd.DataFrame) else tables
    if not isinstance(frames, list | tuple) or not all(
        isinstance(one, pd.DataFrame) for one in frames
    ):
        raise QuidqualError.of(
            f"tables must be a list of tables, not {type(tables).__name__}.", field="tables"
        )
    frames = [tables] if isinstance(tables, pd.DataFrame) else list(tables)
    for frame in frames:
        must_be_table(frame, of="counts")
        if counts not in frame.columns:
            raise QuidqualError.of(
                f"a table has no column {counts!r}.", remedy="Name it with counts=.", field="tables"
            )
    cells, place = _hidden(frames, counts)
    sums = _sums(frames, place, tuple(additive), counts)
    rows = []
    for group in _connected(len(cells), sums):
        ranges = _possible([cells[i] for i in group], group, sums)
        for i, (low, high) in zip(group, ranges, strict=True):
            rows.append((cells[i].table, cells[i].row, low, high, low == high))
    frame = pd.DataFrame(rows, columns=["table", "row", "low", "high", "recoverable"])
    return frame.sort_values(["table", "row"], ignore_index=True, key=lambda c: c.astype(str))


def _hidden(
    frames: Sequence[pd.DataFrame], counts: str
) -> tuple[list[_Cell], dict[tuple[int, Hashable], int]]:
    cells: list[_Cell] = []
    place: dict[tuple[int, Hashable], int] = {}
    for number, frame in enumerate(frames):
        numbers = pd.to_numeric(frame[counts], errors="coerce")
        most = (
            pd.to_numeric(frame["n"], errors="coerce") if "n" in frame else numbers * float("nan")
        )
        for row in frame.index[numbers.isna()]:
            bound = most[row]
            place[number, row] = len(cells)
            cells.append(_Cell(number, row, 0, int(bound) if pd.notna(bound) else 20))
    return cells, place


def _keys(frame: pd.DataFrame, counts: str) -> list[str]:
    """Columns that say what a cell counts: those of words."""
    return [c for c in frame.columns if c != counts and not pd.api.types.is_numeric_dtype(frame[c])
            and c not in ("corpus", "label", "interval", "share")]  # fmt: skip


def _sums(
    frames: Sequence[pd.DataFrame],
    place: Mapping[tuple[int, Hashable], int],
    additive: tuple[str, ...],
    counts: str,
) -> list[_Sum]:
    """Find every sum that holds: rows of margins, and tables that are sums of others."""
    found: list[_Sum] = []
    rows = [
        (number, row, dict(zip(keys, values, strict=True)))
        for number, frame in enumerate(frames)
        for keys in [_keys(frame, counts)]
        for row, values in zip(
            frame.index, frame[keys].astype(str).itertuples(index=False, name=None), strict=True
        )
    ]
    for number, row, told in rows:
        over = {c for c in told if told[c].lower() in MARGINS and c in additive}
        fixed = {c: v for c, v in told.items() if c not in over}
        for other in range(len(frames)):
            columns = set(_keys(frames[other], counts))
            extra = columns - set(fixed)
            if not extra or not set(fixed) <= columns or not extra <= set(additive):
                continue
            parts = [
                (n, r)
                for n, r, t in rows
                if n == other
                and (n, r) != (number, row)
                and all(t[c] == v for c, v in fixed.items())
                and all(t[c].lower() not in MARGINS for c in extra)
            ]
            if len(parts) > 1 or (parts and not over):
                found += _sum(frames, place, (number, row), parts, counts)
    return found


def _sum(
    frames: Sequence[pd.DataFrame],
    place: Mapping[tuple[int, Hashable], int],
    whole: tuple[int, Hashable],
    parts: Sequence[tuple[int, Hashable]],
    counts: str,
) -> list[_Sum]:
    if whole in place:
        return []  # a hidden sum of hidden parts tells nothing that its parts do not
    left = int(frames[whole[0]].loc[whole[1], counts])
    hidden = []
    for part in parts:
        if part in place:
            hidden.append(place[part])
        else:
            left -= int(frames[part[0]].loc[part[1], counts])
    return [_Sum(tuple(sorted(hidden)), left)] if hidden else []


def _connected(number: int, sums: Sequence[_Sum]) -> list[list[int]]:
    """Group hidden cells that stand in a sum together."""
    group = list(range(number))

    def root(i: int) -> int:
        while group[i] != i:
            i = group[i]
        return i

    for one in sums:
        for i in one.cells[1:]:
            group[root(i)] = root(one.cells[0])
    found: dict[int, list[int]] = {}
    for i in range(number):
        found.setdefault(root(i), []).append(i)
    return list(found.values())


def _possible(
    cells: Sequence[_Cell], group: Sequence[int], sums: Sequence[_Sum]
) -> list[tuple[int, int]]:
    """Try every way to fill the cells; the least and greatest number each can have."""
    here = {i: at for at, i in enumerate(group)}
    own = [([here[i] for i in s.cells], s.total) for s in sums if s.cells[0] in here]
    least = [cell.high + 1 for cell in cells]
    most = [-1] * len(cells)
    values = [0] * len(cells)
    tries = 0

    def fits(upto: int) -> bool:
        for members, total in own:
            known = sum(values[m] for m in members if m < upto)
            room = sum(cells[m].high for m in members if m >= upto)
            if not known <= total <= known + room:
                return False
        return True

    def fill(at: int) -> bool:
        nonlocal tries
        tries += 1
        if tries > _MOST_TRIES:
            return False
        if at == len(cells):
            for i, value in enumerate(values):
                least[i], most[i] = min(least[i], value), max(most[i], value)
            return True
        for value in range(cells[at].low, cells[at].high + 1):
            values[at] = value
            if fits(at + 1) and not fill(at + 1):
                return False
        return True

    whole = fill(0)
    if not whole:
        return [(cell.low, cell.high) for cell in cells]
    if any(value < 0 for value in most):
        raise QuidqualError.of(
            "the numbers of the tables cannot all be right: their sums contradict each other.",
            remedy="Check the margins.",
            field="tables",
        )
    return list(zip(least, most, strict=True))
