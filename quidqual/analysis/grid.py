"""From a table of states to an array and back: participants x things x rounds.

Users cut, sort and join tables, and may bring their own. The analyses of change therefore
take any frame with ``participant``, ``round`` and ``state``, and lay it out once, here. The
things are the codes of a table of presence, or the construct of a table of states. A row
that is not there is ``not_observed``; two rows for one cell are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from quidqual.study.arguments import must_have
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import natural_order

PRESENCE = ("present", "absent", "not_observed")
"""The three values of presence, in the order of the Categorical."""

PRESENT, ABSENT, NOT_OBSERVED = range(3)
MISSING = "not_observed"
_OF = "qq.presence(study) or qq.states(study)"


@dataclass(frozen=True)
class Grid:
    """States of participants x things x rounds.

    Attributes
    ----------
    of : str
        ``"code"``, ``"construct"``, or ``""`` if the table is about one thing only.
    participants, things, rounds : tuple
        What the axes stand for.
    states : tuple of str
        In order, ``not_observed`` last.
    state : ndarray of int8
        Positions in ``states``.
    due : ndarray of bool
        False where the interview was never planned, or the topic not raised in it.
    held : ndarray of bool
        True where the interview took place and was read, but the topic was not raised.
    volunteered : ndarray of bool
        True where a code is present although the protocol did not raise it.
    cell : ndarray of int
        Flat position of each row of the table.
    group_of, theme_of, kind_of : dict
        Group of each participant; theme and kind of each code ("" and "state" if the
        table does not say).
    corpus : str
    """

    of: str
    participants: tuple[str, ...]
    things: tuple[str, ...]
    rounds: tuple[str, ...]
    states: tuple[str, ...]
    state: np.ndarray
    due: np.ndarray
    held: np.ndarray
    volunteered: np.ndarray
    cell: np.ndarray
    group_of: dict[str, str]
    theme_of: dict[str, str]
    kind_of: dict[str, str]
    corpus: str

    @property
    def missing(self) -> int:
        """The number that stands for not observed."""
        return len(self.states) - 1

    @property
    def observed(self) -> np.ndarray:
        """Where something was observed."""
        return self.state != self.missing

    @property
    def present(self) -> np.ndarray:
        """Where the code is present."""
        return self.state == PRESENT

    def lay(self, values: pd.Series) -> np.ndarray:
        """Lay a numeric column of the same table out on the grid, NaN where there is none."""
        flat = np.full(self.state.size, np.nan)
        flat[self.cell] = pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan)
        return flat.reshape(self.state.shape)

    @cached_property
    def people(self) -> np.ndarray:
        """Names of the participants."""
        return np.array([str(name) for name in self.participants], dtype=object)

    def who(self, marked: np.ndarray) -> str:
        """Name the participants that are marked."""
        return ", ".join(self.people[marked])

    def table(self, rows: Iterable[tuple[object, ...]], columns: Iterable[str]) -> pd.DataFrame:
        """Make a table of rows that begin with their thing: a code, a construct or nothing."""
        made = pd.DataFrame(rows, columns=["thing", *columns]).assign(corpus=self.corpus)
        if not self.of:
            return made.drop(columns="thing")
        made["thing"] = as_ordered(made["thing"], self.things)
        return made.rename(columns={"thing": self.of})

    def of_kind(self, kind: str) -> np.ndarray:
        """Mark the things of one kind of code."""
        return np.array([self.kind_of[thing] == kind for thing in self.things], dtype=bool)

    def courses(self) -> np.ndarray:
        """Give the states as change is read from them.

        What somebody volunteered before it was asked tells nothing of a direction: the
        silence of the others then was no absence. It counts as not observed. An *event* has
        happened once it was said, whether or not it is mentioned again; a *background* that
        is said at all holds throughout.
        """
        if self.states[:2] != PRESENCE[:2]:
            return self.state
        event, background = self.of_kind("event"), self.of_kind("background")
        lasting = event | background
        if not lasting.any() and not self.volunteered.any():
            return self.state
        state = self.state.copy()
        state[self.volunteered & ~lasting[None, :, None]] = self.missing
        said = np.logical_or.accumulate(self.present, axis=2)
        said[:, background] = said[:, background, -1:] if said.shape[2] else False
        said &= lasting[None, :, None] & (self.observed | self.held)
        state[said] = PRESENT
        return state


def checked(
    frame: pd.DataFrame,
    *,
    needs: Iterable[str] = ("participant", "round", "code"),
    states: Iterable[str] | None = PRESENCE,
    once: bool = True,
) -> pd.DataFrame:
    """Check a table of states and bring its types in order.

    Parameters
    ----------
    frame : DataFrame
    needs : iterable of str
        The columns without which nothing can be said, beside ``state``.
    states : iterable of str, optional
        The states there may be; None for any.
    once : bool
        Whether two rows of one cell are looked for.

    Raises
    ------
    QuidqualError
        For missing columns, empty or unknown values, and for two rows of one cell.
    """
    needed = list(dict.fromkeys([*needs, "state"]))
    must_have(frame, needed, of=_OF)
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        raise QuidqualError.of(
            f"the table has more than one column {listed(twice.unique())}.",
            remedy="Keep one of them.",
            field="table",
        )
    empty = [name for name in needed if frame[name].isna().any()]
    if empty:
        raise QuidqualError.of(
            f"the table has rows without a value in {listed(empty)}.",
            remedy="Drop or complete these rows.",
            field="table",
        )
    added: dict[str, object] = {}
    if states is not None:
        known = list(states)
        unknown = set(frame["state"].unique()) - set(known)
        if unknown:
            raise QuidqualError.of(
                f"state must be one of {listed(known)}, not {listed(sorted(unknown, key=str))}.",
                remedy="Give a table of qq.presence(study).",
                field="state",
            )
        added["state"] = pd.Categorical(frame["state"], categories=known)
    if "round" in frame and not isinstance(frame["round"].dtype, pd.CategoricalDtype):
        added["round"] = pd.Categorical(
            frame["round"], categories=natural_order(frame["round"].unique()), ordered=True
        )
    if once:
        one_row_a_cell(frame)
    if "n_codings" not in frame and states is not None:
        added["n_codings"] = (frame["state"] == "present").astype("Int64")
    if "corpus" not in frame:
        added["corpus"] = ""
    return frame.assign(**added) if added else frame


def one_row_a_cell(frame: pd.DataFrame) -> None:
    """Refuse a table that says of one participant, round and code two things.

    Raises
    ------
    QuidqualError
        Naming the first such cell.
    """
    keys = [name for name in ("participant", "round", "code", "construct") if name in frame]
    twice = frame.duplicated(keys).to_numpy()
    if not twice.any():
        return
    place = ", ".join(f"{name} {frame[name].to_numpy()[twice][0]!s}" for name in keys)
    raise QuidqualError.of(
        f"the table has two rows for {place}.",
        remedy="Keep one row a cell: analyse each coder, level and reading by itself, or unite "
        "coders with qq.presence(study, coder=[...]).",
        field="table",
    )


def grid_of(table: pd.DataFrame, *, states: Iterable[str] | None = None) -> Grid:
    """Lay a table of presence or of construct states out as participants x things x rounds.

    Parameters
    ----------
    table : DataFrame
        ``participant``, ``round``, ``state`` and, if it holds several things, ``code`` or
        ``construct``. A cell without a row is not observed.
    states : iterable of str, optional
        The states there may be, for an analysis that needs presence.

    Raises
    ------
    QuidqualError
        As :func:`checked`.
    """
    of = next((name for name in ("code", "construct") if name in getattr(table, "columns", ())), "")
    if states is not None:
        of = "code"
    needs = ("participant", "round", *([of] if of else []))
    frame = checked(table, needs=needs, states=states, once=False)
    people = natural_order(frame["participant"].unique())
    things = _levels(frame[of]) if of else [""]
    rounds = _levels(frame["round"])
    names = _states(frame["state"])
    shape = (len(people), len(things), len(rounds))
    zero = np.zeros(len(frame), dtype=np.intp)
    place = (
        pd.Index(people).get_indexer(frame["participant"]),
        pd.Index(things).get_indexer(frame[of]) if of else zero,
        pd.Index(rounds).get_indexer(frame["round"]),
    )
    cell = np.ravel_multi_index(place, shape) if len(frame) else np.zeros(0, dtype=np.intp)
    size = int(np.prod(shape))
    if (np.bincount(cell, minlength=size) > 1).any():
        one_row_a_cell(frame)
    reason = frame["reason"] if "reason" in frame else pd.Series("", index=frame.index)

    def laid(values: Any, default: int, kind: Any = bool) -> np.ndarray:
        flat = np.full(size, default, dtype=kind)
        flat[cell] = values
        return flat.reshape(shape)

    number = pd.Index(names).get_indexer(frame["state"])
    return Grid(
        of=of,
        participants=tuple(people),
        things=tuple(things),
        rounds=tuple(rounds),
        states=tuple(names),
        state=laid(number, len(names) - 1, np.int8 if len(names) < 128 else np.int16),
        due=laid(~reason.isin(("not_due", "not_asked", "volunteered")), True),
        held=laid(reason.isin(("not_asked", "volunteered")), False),
        volunteered=laid(reason == "volunteered", False),
        cell=cell,
        group_of=_label_of(frame, people, place[0], "group"),
        theme_of=_label_of(frame, things, place[1], "theme" if of else ""),
        kind_of=_label_of(frame, things, place[1], "code_kind", "state"),
        corpus=corpus_of(frame),
    )


def corpus_of(frame: pd.DataFrame) -> str:
    """Give the mark of the corpus that a table carries, "" if none."""
    return str(frame["corpus"].iloc[0]) if "corpus" in frame and len(frame) else ""


def as_ordered(values: Iterable[str], categories: Iterable[str]) -> pd.Categorical:
    """Make an ordered Categorical of the given categories."""
    return pd.Categorical(list(values), categories=list(categories), ordered=True)


def _levels(column: pd.Series) -> list[str]:
    """Give the values that occur, in the order of their categories or in natural order."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return list(column.cat.remove_unused_categories().cat.categories)
    return natural_order(column.unique())


def _states(column: pd.Series) -> list[str]:
    """Give the states in order; those that nobody reached stay, as they are possible."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        found = [str(value) for value in column.cat.categories]
    else:
        found = natural_order(str(value) for value in column.unique())
        if set(found) <= set(PRESENCE):
            found = list(PRESENCE)
    return [state for state in found if state != MISSING] + [MISSING]


def _label_of(
    frame: pd.DataFrame, names: list[str], place: np.ndarray, label: str, default: str = ""
) -> dict[str, str]:
    """Map each name to its label, or the default where the table does not say."""
    if label not in frame or not len(frame):
        return dict.fromkeys(names, default)
    row = np.zeros(len(names), dtype=np.intp)
    row[place[::-1]] = np.arange(len(frame))[::-1]  # the first row of each
    return dict(zip(names, frame[label].iloc[row].astype("str"), strict=True))
