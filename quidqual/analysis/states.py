"""States that are not codes: an ordered construct made of codes by a rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.analysis.grid import PRESENCE, PRESENT, Grid, as_ordered, grid_of
from quidqual.analysis.presence import presence
from quidqual.analysis.selection import as_tuple
from quidqual.study.arguments import must_be_study, must_have, some_of
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.codebook import Codebook, Construct
    from quidqual.study.model import Study

__all__ = ["states"]

_OWN_WORDS = ("none", "not_observed")


def states(
    source: Study | pd.DataFrame,
    construct: str | Construct | Iterable[Any] | None = None,
    **presence_arguments: Any,
) -> pd.DataFrame:
    """Give each participant's state of a construct in each round.

    Parameters
    ----------
    source : Study or DataFrame
        A study, or a table of presence on the level of codes.
    construct : str, Construct or mapping, optional
        The id of a construct of the codebook, or the construct itself, or a mapping
        ``{state: [codes]}`` in order. A study with one construct needs none named; a
        table of presence needs the construct itself or a mapping.
    **presence_arguments
        Passed to :func:`quidqual.presence` if a study is given (``coder=``, ``speech=``,
        ``participants=``, ``rounds=``, ...).

    Returns
    -------
    DataFrame
        One row per participant and round, sorted: ``construct``, ``participant``,
        ``group``, ``round`` (ordered Categorical), ``state`` (ordered Categorical: the
        construct's states in order, before them ``none`` if it occurs, at the end
        ``not_observed``), ``codes`` (str: the codes it rests on), ``reason`` (why it was not
        observed, as in presence, else ``""``), ``corpus``.

    Raises
    ------
    QuidqualError
        If the construct is not there, or names a code that the table does not have.

    Notes
    -----
    The rule: the latest state, in the construct's order, of which any code is present in
    the round is the state of the round. Where codes of two states are present, the later
    one wins, since each state includes having passed the earlier ones; ``codes`` shows
    them all. ``none``: observed, but no code of the construct is present, which is not
    the same as being in the first state. ``not_observed``: none of its codes was observed, or
    the latest was said unasked, where the silence of the others tells nothing. A code of an
    event, once said, stays.

    Examples
    --------
    >>> import quidqual as qq
    >>> table = qq.states(qq.load_example("small"), {"at work": ["work"], "in trust": ["trust"]})
    >>> table[["participant", "round", "state", "codes"]]
      participant round         state        codes
    0          P1    R1       at work         work
    1          P1    R2      in trust  work, trust
    2          P2    R1      in trust        trust
    3          P2    R2  not_observed
    """
    if not isinstance(source, pd.DataFrame):
        must_be_study(source, or_else=" or a table of presence")
    name, rule = _rule(source, construct)
    for state in sorted({*_OWN_WORDS} & {state for state, _ in rule}):
        raise QuidqualError.of(
            f"no state can be called {state!r}: that is said where no code of it is there.",
            remedy="Call it otherwise.",
            field="construct",
        )
    if not isinstance(source, pd.DataFrame):
        rule = [(state, _codes_of(source.codebook, codes)) for state, codes in rule]
    wanted = [code for _, codes in rule for code in codes]
    if isinstance(source, pd.DataFrame):
        for name in presence_arguments:
            raise QuidqualError.of(
                f"{name}= belongs to a study, not to a table of presence.",
                remedy="Leave it out, or give the study.",
                field=name,
            )
        must_have(source, ("code",), of="qq.presence(study)", field="source")
        some_of(wanted, source["code"].astype("str").unique(), field="codes")
        table = source[source["code"].isin(wanted)]
    else:
        table = presence(source, codes=wanted, **presence_arguments)
    return _apply(table, name, rule)


def _rule(
    source: Study | pd.DataFrame, construct: Any
) -> tuple[str, list[tuple[str, tuple[str, ...]]]]:
    """Read a construct, however it was given, as its name and (state, codes) in order."""
    if construct is None or isinstance(construct, str):
        if isinstance(source, pd.DataFrame):
            raise QuidqualError.of(
                "A table of presence does not know the codebook.",
                remedy="Give the construct itself: study.codebook.construct('...').",
                field="construct",
            )
        known = source.codebook.constructs
        if construct is None and len(known) != 1:
            raise QuidqualError.of(
                f"The codebook defines {len(known)} constructs.",
                remedy=f"Name one of {listed(c.id for c in known)}." if known else "Define one.",
                field="construct",
            )
        construct = known[0] if construct is None else source.codebook.construct(construct)
    if hasattr(construct, "states"):
        return construct.id, [(state.id, tuple(state.any_of)) for state in construct.states]
    if hasattr(construct, "items"):
        pairs = [(str(state), as_tuple(codes)) for state, codes in construct.items()]
        if pairs:
            return "construct", pairs
    raise QuidqualError.of(
        "construct must be the id of a construct, a construct, or a mapping {state: [codes]}.",
        field="construct",
    )


def _codes_of(book: Codebook, codes: Iterable[str]) -> tuple[str, ...]:
    """Put the codes beneath a heading in its place: no table counts the heading itself."""
    found: list[str] = []
    for code in codes:
        heading = code in book and not book[code].codable
        beneath = [c for c in book.descendants(code) if book[c].codable] if heading else []
        found += beneath or [code]
    return tuple(dict.fromkeys(found))


def _apply(table: pd.DataFrame, name: str, rule: list[tuple[str, tuple[str, ...]]]) -> pd.DataFrame:
    """Take in each round the latest state of which a code is present."""
    grid = grid_of(table, states=PRESENCE)
    held = grid.courses() == PRESENT  # an event that was told has happened
    unasked = np.zeros((len(grid.participants), len(grid.rounds)), dtype=np.int64)
    place = {code: position for position, code in enumerate(grid.things)}
    names = ["none", *(state for state, _ in rule), "not_observed"]
    here = np.zeros((len(grid.participants), len(grid.rounds)), dtype=np.int64)
    for number, (_, codes) in enumerate(rule, start=1):
        # Of a study without participants the grid has no codes.
        columns = [place[code] for code in codes if code in place]
        here[held[:, columns, :].any(axis=1)] = number
        unasked[grid.volunteered[:, columns, :].any(axis=1)] = number
    here[unasked > here] = len(rule) + 1  # what was said unasked gives no state, and shows no way
    here[~grid.observed.any(axis=1)] = len(rule) + 1
    used = [n for position, n in enumerate(names) if position > 0 or (here == 0).any()]
    person, time = (axis.ravel() for axis in np.indices(here.shape))
    order = [code for _, codes in rule for code in codes]
    rests_on = [
        ", ".join(c for c in dict.fromkeys(order) if grid.present[p, place[c], t])
        for p, t in zip(person, time, strict=True)
    ]
    people = [grid.participants[p] for p in person]
    return pd.DataFrame(
        {
            "construct": pd.array([name] * len(people), dtype="str"),
            "participant": pd.array(people, dtype="str"),
            "group": pd.array([grid.group_of[p] for p in people], dtype="str"),
            "round": as_ordered([grid.rounds[t] for t in time], grid.rounds),
            "state": as_ordered([names[v] for v in here.ravel()], used),
            "codes": pd.array(rests_on, dtype="str"),
            "reason": pd.array(_reasons(table, grid, here == len(rule) + 1), dtype="str"),
            "corpus": pd.array([grid.corpus] * len(people), dtype="str"),
        }
    )


def _reasons(table: pd.DataFrame, grid: Grid, unseen: np.ndarray) -> list[str]:
    """Say of each round that was not observed why, as the table says of its codes."""
    told: dict[tuple[str, str], str] = {}
    if "reason" in table:
        for person, time, reason in zip(
            table["participant"], table["round"], table["reason"], strict=True
        ):
            key = (str(person), str(time))
            told[key] = told.get(key) or str(reason)
    people, rounds = map(str, grid.participants), [str(name) for name in grid.rounds]
    return [
        told.get((person, time), "") if missing else ""
        for person, row in zip(people, unseen, strict=True)
        for time, missing in zip(rounds, row, strict=True)
    ]
