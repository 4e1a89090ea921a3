"""Transitions: from which state to which, between one round and the next."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from quidqual.analysis.grid import Grid, as_ordered, grid_of
from quidqual.study.arguments import one_of
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import k_of_n

__all__ = ["between_rounds", "transitions"]


def transitions(table: pd.DataFrame, *, pool_rounds: bool = False) -> pd.DataFrame:
    """Count the steps from state to state, with their denominators.

    Parameters
    ----------
    table : DataFrame
        Of :func:`quidqual.presence` or :func:`quidqual.states`.
    pool_rounds : bool
        Count all steps together instead of each pair of neighbouring rounds by itself.

    Returns
    -------
    DataFrame
        One row per code (or construct), step and pair of states, for each state that
        anyone was in: ``code`` or ``construct``; ``from_round``, ``to_round`` (str; not
        with ``pool_rounds``); ``from_state``, ``to_state`` (ordered Categorical); ``k``
        (participants, or steps if pooled, that went this way); ``n`` (those that were in
        ``from_state``); ``label`` ("2 of 3"); ``share``; ``participants`` (str: who);
        ``corpus``.

    Raises
    ------
    QuidqualError
        If the table has no states, or only one round.

    Notes
    -----
    ``not_observed`` is a state of its own, on both sides: of those absent in the first
    round, some were not seen again, and a rate that leaves them out is a rate among those
    who stayed. Filter ``to_state`` to leave them out; ``n`` then no longer fits.

    An event, once said, stays present; what was said unasked counts as not observed, since
    the silence of the others was no absence (see :func:`quidqual.change`).

    Examples
    --------
    >>> import quidqual as qq
    >>> steps = qq.transitions(qq.presence(qq.load_example("small"), codes="trust"))
    >>> steps.loc[steps["k"] > 0, ["from_state", "to_state", "label", "participants"]]
      from_state      to_state   label participants
    2    present  not_observed  1 of 1           P2
    3     absent       present  1 of 1           P1
    """
    one_of(pool_rounds, (True, False), field="pool_rounds")
    grid = grid_of(table)
    _need_two_rounds(grid)
    courses = grid.courses()
    steps = [(t, t + 1) for t in range(len(grid.rounds) - 1)]
    rows = []
    for number, thing in enumerate(grid.things):
        state = courses[:, number]
        for step in [steps] if pool_rounds else [[s] for s in steps]:
            start = np.concatenate([state[:, a] for a, _ in step])
            end = np.concatenate([state[:, b] for _, b in step])
            who = np.tile(grid.people, len(step))
            label = () if pool_rounds else tuple(str(grid.rounds[t]) for t in step[0])
            rows += [(thing, *label, *cell) for cell in _cells(start, end, who, grid)]
    columns = [] if pool_rounds else ["from_round", "to_round"]
    columns += ["from_state", "to_state", "k", "n", "label", "share", "participants"]
    found = grid.table(rows, columns)
    for column in ("from_state", "to_state"):
        found[column] = as_ordered(found[column], grid.states)
    return found


def between_rounds(
    table: pd.DataFrame, *, from_round: str | None = None, to_round: str | None = None
) -> pd.DataFrame:
    """Count for whom each code is new, kept and not mentioned again, of those seen in both rounds.

    Parameters
    ----------
    table : DataFrame
        Of :func:`quidqual.presence`.
    from_round, to_round : str, optional
        By default the first and the last round of the table; ``from_round`` is the earlier.

    Returns
    -------
    DataFrame
        One row per code: ``code``, ``from_round``, ``to_round``, ``new``, ``kept``,
        ``not_again``, ``neither`` (int), ``n`` (seen in both rounds), ``n_left_out``,
        ``who_new``, ``who_not_again``, ``who_left_out`` (str), ``code_kind`` (str), ``corpus``.

    Raises
    ------
    QuidqualError
        If a round is not in the table, or they are not in order.

    Notes
    -----
    Not again means: present, then absent where the topic was raised. What is not mentioned again
    need not be lost, and what is new to the interviews need not be new to her. An event that is
    not mentioned again is kept, since it has happened, and a background is kept throughout. What
    was said unasked is left out: the silence of the others was no absence.

    Examples
    --------
    >>> import quidqual as qq
    >>> table = qq.between_rounds(qq.presence(qq.load_example("small"), codes="trust"))
    >>> table[["code", "new", "not_again", "n", "who_left_out"]]
        code  new  not_again  n who_left_out
    0  trust    1          0  1           P2
    """
    grid = grid_of(table)
    _need_two_rounds(grid)
    if "present" not in grid.states:
        raise QuidqualError.of(
            "the table holds no presence.", remedy="Use qq.transitions for constructs."
        )
    rounds = [str(name) for name in grid.rounds]
    start = rounds[0] if from_round is None else one_of(from_round, rounds, field="from_round")
    end = rounds[-1] if to_round is None else one_of(to_round, rounds, field="to_round")
    if rounds.index(start) >= rounds.index(end):
        raise QuidqualError.of(
            f"from_round must be earlier than to_round; {start!r} is not earlier than {end!r}.",
            remedy=f"The rounds in order: {', '.join(rounds)}.",
            field="from_round",
        )
    courses, present = grid.courses(), grid.states.index("present")
    rows = []
    for number, thing in enumerate(grid.things):
        before, after = (courses[:, number, rounds.index(name)] for name in (start, end))
        both = (before != grid.missing) & (after != grid.missing)
        was, now = before == present, after == present
        new, gone = both & ~was & now, both & was & ~now
        marks = (new, both & was & now, gone, both & ~was & ~now, both, ~both)
        who = [grid.who(mark) for mark in (new, gone, ~both)]
        kind = grid.kind_of[thing]
        rows.append((thing, start, end, *(int(m.sum()) for m in marks), *who, kind))
    counts = ["new", "kept", "not_again", "neither", "n", "n_left_out"]
    columns = ["from_round", "to_round", *counts]
    return grid.table(rows, [*columns, "who_new", "who_not_again", "who_left_out", "code_kind"])


def _need_two_rounds(grid: Grid) -> None:
    if len(grid.rounds) < 2:
        has = "one" if grid.rounds else "none"
        raise QuidqualError.of(
            f"A change needs two rounds, the table has {has}.",
            remedy="Give the presence of more rounds.",
        )


def _cells(
    start: np.ndarray, end: np.ndarray, who: np.ndarray, grid: Grid
) -> Iterable[tuple[str, str, int, int, str, float, str]]:
    """Give a row for each pair of states of which the first was reached by anyone."""
    for a, before in enumerate(grid.states):
        there = start == a
        n = int(there.sum())
        if n == 0:
            continue
        for b, after in enumerate(grid.states):
            moved = there & (end == b)
            k, names = int(moved.sum()), ", ".join(dict.fromkeys(who[moved]))
            yield before, after, k, n, k_of_n(k, n), k / n, names
