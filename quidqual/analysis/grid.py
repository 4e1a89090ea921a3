"""From a presence-like table to arrays and back.

Users cut, sort and join tables, and may bring their own. The analyses of change therefore
take any frame with ``participant``, ``round``, ``code`` and ``state``, and lay it out once,
here, as participants x codes x rounds. A row that is not there is ``not_observed``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from quidqual.analysis.observation import NOT_OBSERVED, PRESENT, STATES
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.order import natural_order


@dataclass(frozen=True)
class Grid:
    """Participants x codes x rounds.

    Attributes
    ----------
    participants, codes, rounds : tuple
        What the axes stand for.
    state : ndarray of int8
        0 present, 1 absent, 2 not observed.
    due : ndarray of bool
        False where the interview was never planned (``reason`` is ``not_due``).
    cell : ndarray of int
        Flat position of each row of the table.
    group_of, theme_of : dict
        Group of each participant, theme of each code ("" if the table names none).
    corpus : str
    """

    participants: tuple[str, ...]
    codes: tuple[str, ...]
    rounds: tuple[str, ...]
    state: np.ndarray
    due: np.ndarray
    cell: np.ndarray
    group_of: dict[str, str]
    theme_of: dict[str, str]
    corpus: str

    @property
    def observed(self) -> np.ndarray:
        """Where something was observed."""
        return self.state != NOT_OBSERVED

    @property
    def present(self) -> np.ndarray:
        """Where the code is present."""
        return self.state == PRESENT

    def lay(self, values: pd.Series) -> np.ndarray:
        """Lay a numeric column of the same table out on the grid, NaN where there is none."""
        flat = np.full(self.state.size, np.nan)
        flat[self.cell] = pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan)
        return flat.reshape(self.state.shape)


def checked(
    frame: pd.DataFrame, *, needs: Iterable[str] = ("participant", "round", "code")
) -> pd.DataFrame:
    """Check a presence-like table and bring its types in order.

    Raises
    ------
    QuidqualError
        For all missing columns and unknown states at once.
    """
    if not isinstance(frame, pd.DataFrame):
        raise QuidqualError.of(
            f"Expected a table of presence, not {type(frame).__name__}.",
            remedy="Call qq.presence(study) first.",
        )
    missing = [name for name in dict.fromkeys([*needs, "state"]) if name not in frame]
    if missing:
        raise QuidqualError.of(
            f"The table has no column {listed(missing)}.",
            remedy=f"It has {listed(frame.columns)}.",
        )
    unknown = set(frame["state"].dropna().unique()) - set(STATES)
    if unknown or frame["state"].isna().any():
        raise QuidqualError.of(
            f"Unknown states: {listed(sorted(unknown, key=str)) or 'missing values'}.",
            remedy=f"Each state is one of {listed(STATES)}.",
            field="state",
        )
    empty = [name for name in dict.fromkeys(needs) if frame[name].isna().any()]
    if empty:
        raise QuidqualError.of(
            f"Rows without a value in {listed(empty)}.", remedy="Drop or complete these rows."
        )
    added: dict[str, object] = {
        "state": pd.Categorical(frame["state"], categories=list(STATES)),
    }
    if "round" in frame and not isinstance(frame["round"].dtype, pd.CategoricalDtype):
        added["round"] = pd.Categorical(
            frame["round"], categories=natural_order(frame["round"].unique()), ordered=True
        )
    if "n_codings" not in frame:
        added["n_codings"] = (frame["state"] == "present").astype("Int64")
    if "corpus" not in frame:
        added["corpus"] = ""
    return frame.assign(**added)


def grid_of(presence: pd.DataFrame) -> Grid:
    """Lay a presence table out as participants x codes x rounds.

    Raises
    ------
    QuidqualError
        If the table says two different things of one cell.
    """
    frame = checked(presence)
    people = natural_order(frame["participant"].unique())
    codes = _levels(frame["code"])
    rounds = _levels(frame["round"])
    shape = (len(people), len(codes), len(rounds))
    cell = np.ravel_multi_index(
        (
            pd.Index(people).get_indexer(frame["participant"]),
            pd.Index(codes).get_indexer(frame["code"]),
            pd.Index(rounds).get_indexer(frame["round"]),
        ),
        shape,
    ) if len(frame) else np.zeros(0, dtype=np.intp)  # fmt: skip
    here = frame["state"].cat.codes.to_numpy()
    state = np.full(int(np.prod(shape)), NOT_OBSERVED, dtype=np.int8)
    state[cell] = here
    if (state[cell] != here).any():
        raise QuidqualError.of(
            "The table gives two different states for one participant, code and round.",
            remedy="Keep one row for each; do not join codes and themes in one table.",
            field="state",
        )
    due = np.ones(state.size, dtype=bool)
    if "reason" in frame:
        due[cell] = (frame["reason"] != "not_due").to_numpy(dtype=bool)
    return Grid(
        participants=tuple(people),
        codes=tuple(codes),
        rounds=tuple(rounds),
        state=state.reshape(shape),
        due=due.reshape(shape),
        cell=cell,
        group_of=_label_of(frame, "participant", "group"),
        theme_of=_label_of(frame, "code", "theme"),
        corpus=str(frame["corpus"].iloc[0]) if len(frame) else "",
    )


def _levels(column: pd.Series) -> list[str]:
    """Give the values that occur, in the order of their categories or in natural order."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return list(column.cat.remove_unused_categories().cat.categories)
    return natural_order(column.unique())


def _label_of(frame: pd.DataFrame, key: str, label: str) -> dict[str, str]:
    """Map each key to its label, "" where the table does not say."""
    if label not in frame:
        return dict.fromkeys(frame[key].unique(), "")
    pairs = frame[[key, label]].drop_duplicates(key)
    return {k: str(v) for k, v in zip(pairs[key], pairs[label], strict=True)}
