"""Courses: from which state to which between two rounds, and the whole way of each person."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from quidqual.analysis.grid import Grid, as_ordered, grid_of
from quidqual.study.arguments import one_of
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import k_of_n

__all__ = ["between_rounds", "trajectories", "transitions"]


Group = tuple[np.ndarray, int, float]
"""Members, the position of the central one, and the mean distance to it."""


def trajectories(table: pd.DataFrame) -> pd.DataFrame:
    """Group the participants whose course over the rounds is the same.

    Parameters
    ----------
    table : DataFrame
        Of :func:`quidqual.presence` or :func:`quidqual.states`.

    Returns
    -------
    DataFrame
        One row per code (or construct) and trajectory, the most frequent first: ``code``
        or ``construct``; ``trajectory`` (int, from 1); ``pattern`` (str: the course); ``k``
        (participants on it); ``n`` (participants observed at least once); ``label`` ("2 of
        4"); ``participants`` (str: who); ``cohesion`` (float: mean distance to the central
        course, here 0); ``corpus``.

    Raises
    ------
    QuidqualError
        If the table has no states, or two rows for one cell.

    Notes
    -----
    A course with a round not observed is another course than the same one without: what
    happened in the gap is not known. Participants who were never observed stand in a row of
    their own, at the end, outside of n. An event, once said, stays present; what was said
    unasked counts as not observed (see :func:`quidqual.change`).

    With many participants hardly any two courses are equal: ``qq.sequences.groups`` puts
    together those that are alike.

    Examples
    --------
    >>> import quidqual as qq
    >>> study = qq.load_example("small")
    >>> found = qq.trajectories(qq.presence(study, codes="trust"))
    >>> found[["trajectory", "pattern", "label", "participants"]]
       trajectory                 pattern   label participants
    0           1  present > not_observed  1 of 2           P2
    1           2        absent > present  1 of 2           P1
    """
    return grouped(grid_of(table), _equal)


def grouped(grid: Grid, group: Callable[[np.ndarray], list[Group]]) -> pd.DataFrame:
    """Describe, thing by thing, the groups into which the observed courses fall.

    Parameters
    ----------
    grid : Grid
    group : callable
        Courses, a row each, to groups.
    """
    courses = grid.courses()
    rows: list[tuple[object, ...]] = []
    for code, thing in enumerate(grid.things):
        state = courses[:, code]
        unseen = (state == grid.missing).all(axis=1)
        known, who, n = state[~unseen], grid.people[~unseen], int((~unseen).sum())
        # The largest group first, then by the order of the states.
        found = sorted(group(known), key=lambda g: (-len(g[0]), tuple(known[g[1]]), int(g[0][0])))
        for number, (members, centre, cohesion) in enumerate(found, start=1):
            k, names = len(members), ", ".join(who[members])
            words = _words(known[centre], grid)
            rows.append((thing, number, words, k, n, k_of_n(k, n), names, cohesion))
        if unseen.any():
            words, k = _words(state[unseen][0], grid), int(unseen.sum())
            row = (len(found) + 1, words, k, n, "not observed", grid.who(unseen), np.nan)
            rows.append((thing, *row))
    columns = ["trajectory", "pattern", "k", "n", "label", "participants", "cohesion"]
    return grid.table(rows, columns)


def _equal(state: np.ndarray) -> list[Group]:
    """Put equal courses together."""
    if len(state) == 0:
        return []
    _, which = np.unique(state, axis=0, return_inverse=True)
    members = [np.flatnonzero(which == number) for number in range(which.max() + 1)]
    return [(m, int(m[0]), 0.0) for m in members]


def _words(row: np.ndarray, grid: Grid) -> str:
    return " > ".join(grid.states[value] for value in row)


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
