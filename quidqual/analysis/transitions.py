"""Transitions: from which state to which, between one round and the next."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from quidqual.analysis.courses import Courses, as_ordered, courses_of
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import k_of_n

__all__ = ["gains_and_losses", "transitions"]


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

    Examples
    --------
    >>> from quidqual.analysis.demo import tiny_study
    >>> from quidqual.analysis.presence import presence
    >>> steps = transitions(presence(tiny_study(), codes="trust"))
    >>> steps.loc[steps["k"] > 0, ["from_state", "to_state", "label", "participants"]]
      from_state      to_state   label participants
    2    present  not_observed  1 of 1           P2
    3     absent       present  1 of 1           P1
    """
    courses = courses_of(table)
    _need_two_rounds(courses)
    things = list(courses.keys[courses.of].cat.categories) if courses.of else [""]
    people = courses.keys["participant"].to_numpy(dtype=object)
    n_people = len(people) // max(len(things), 1)
    rows = []
    for number, thing in enumerate(things):
        part = slice(number * n_people, (number + 1) * n_people)
        state, who = courses.state[part], people[part]
        steps = [(t, t + 1) for t in range(len(courses.rounds) - 1)]
        for step in [steps] if pool_rounds else [[s] for s in steps]:
            start = np.concatenate([state[:, a] for a, _ in step])
            end = np.concatenate([state[:, b] for _, b in step])
            names = np.tile(who, len(step))
            label = () if pool_rounds else tuple(courses.rounds[t] for t in step[0])
            rows += [(thing, *label, *cell) for cell in _cells(start, end, names, courses)]
    columns = ["from_state", "to_state", "k", "n", "participants"]
    if not pool_rounds:
        columns = ["from_round", "to_round", *columns]
    found = pd.DataFrame(rows, columns=["thing", *columns])
    for column in ("from_state", "to_state"):
        found[column] = as_ordered(list(found[column]), courses.states)
    found.insert(
        found.columns.get_loc("n") + 1,
        "label",
        [k_of_n(k, n) for k, n in zip(found["k"], found["n"], strict=True)],
    )
    found.insert(found.columns.get_loc("label") + 1, "share", found["k"] / found["n"])
    return _named(found, courses, things)


def gains_and_losses(
    table: pd.DataFrame, *, from_round: str | None = None, to_round: str | None = None
) -> pd.DataFrame:
    """Count who gained, kept and lost each code between two rounds, of those seen in both.

    Parameters
    ----------
    table : DataFrame
        Of :func:`quidqual.presence`.
    from_round, to_round : str, optional
        By default the first and the last round of the table.

    Returns
    -------
    DataFrame
        One row per code: ``code``, ``from_round``, ``to_round``, ``gained``, ``kept``,
        ``lost``, ``neither`` (int), ``n`` (seen in both rounds), ``n_left_out``,
        ``who_gained``, ``who_lost``, ``who_left_out`` (str), ``corpus``.

    Raises
    ------
    QuidqualError
        If a round is not in the table.

    Examples
    --------
    >>> from quidqual.analysis.demo import tiny_study
    >>> from quidqual.analysis.presence import presence
    >>> table = gains_and_losses(presence(tiny_study(), codes="trust"))
    >>> table[["code", "gained", "lost", "n", "who_left_out"]]
        code  gained  lost  n who_left_out
    0  trust       1     0  1           P2
    """
    courses = courses_of(table)
    _need_two_rounds(courses)
    chosen = [from_round or courses.rounds[0], to_round or courses.rounds[-1]]
    unknown = [name for name in chosen if name not in courses.rounds]
    if unknown:
        raise QuidqualError.of(
            f"{unknown[0]!r} is not a round of the table.", remedy=f"It has {courses.rounds}."
        )
    before, after = (courses.state[:, courses.rounds.index(name)] for name in chosen)
    if "present" not in courses.states:
        raise QuidqualError.of(
            "The table holds no presence.", remedy="Use qq.transitions for constructs."
        )
    present, both = (
        courses.states.index("present"),
        (before != courses.missing) & (after != courses.missing),
    )
    was, now = before == present, after == present
    marks = courses.keys.assign(
        gained=both & ~was & now,
        kept=both & was & now,
        lost=both & was & ~now,
        neither=both & ~was & ~now,
        n=both,
        n_left_out=~both,
    )
    keys = [courses.of] if courses.of else []
    counts = ["gained", "kept", "lost", "neither", "n", "n_left_out"]
    rows = []
    for thing, part in marks.groupby(keys, observed=True) if keys else [((), marks)]:
        who = [
            ", ".join(part.loc[part[c], "participant"]) for c in ("gained", "lost", "n_left_out")
        ]
        rows.append((*thing, *chosen, *(int(part[c].sum()) for c in counts), *who))
    columns = [*keys, "from_round", "to_round", *counts, "who_gained", "who_lost", "who_left_out"]
    found = pd.DataFrame(rows, columns=columns)
    if keys:
        found[courses.of] = as_ordered(
            list(found[courses.of]), list(courses.keys[courses.of].cat.categories)
        )
    return found.assign(corpus=courses.corpus)


def _need_two_rounds(courses: Courses) -> None:
    if len(courses.rounds) < 2:
        raise QuidqualError.of(
            "A change needs two rounds, the table has "
            f"{'one' if len(courses.rounds) == 1 else 'none'}.",
            remedy="Give the presence of more rounds.",
        )


def _cells(
    start: np.ndarray, end: np.ndarray, who: np.ndarray, courses: Courses
) -> Iterable[tuple[str, str, int, int, str]]:
    """Give a row for each pair of states of which the first was reached by anyone."""
    for a in range(len(courses.states)):
        there = start == a
        n = int(there.sum())
        if n == 0:
            continue
        for b in range(len(courses.states)):
            moved = there & (end == b)
            names = ", ".join(dict.fromkeys(who[moved]))
            yield courses.states[a], courses.states[b], int(moved.sum()), n, names


def _named(found: pd.DataFrame, courses: Courses, things: list[str]) -> pd.DataFrame:
    """Give the first column its name, or drop it if the table is about one thing."""
    if courses.of:
        found["thing"] = as_ordered(list(found["thing"]), things)
        found = found.rename(columns={"thing": courses.of})
    else:
        found = found.drop(columns="thing")
    return found.assign(corpus=courses.corpus)
