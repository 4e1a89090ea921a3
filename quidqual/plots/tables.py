"""What charts ask of a frame before they draw: its columns, and the order of what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from quidqual.analysis.grid import one_row_a_cell
from quidqual.study.arguments import names_of
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import counted, k_of_n, natural_key

NOT_OBSERVED = "not_observed"
TOLD_BEFORE = "told before"
"""State of an event or a background that was told and is not told again: it has not gone."""
LASTING = ("event", "background")


def needs(
    frame: pd.DataFrame, columns: Iterable[str], *, chart: str, once: Sequence[str] = ()
) -> None:
    """Check that a frame is one, has the columns of a chart, rows, and no cell twice.

    ``once`` names the columns that make a cell of the picture: of two rows one would be lost.
    """
    columns = tuple(columns)
    if not isinstance(frame, pd.DataFrame):
        raise QuidqualError.of(
            f"{chart} wants a table, not {type(frame).__name__}.",
            remedy="Give a DataFrame"
            + (f" with the columns {listed(columns)}." if columns else "."),
            field="frame",
        )
    known = list(frame.columns)  # a list: what cannot be a name is not in it either
    lacking = [name for name in columns if name not in known]
    if lacking:
        raise QuidqualError.of(
            f"{chart} needs the columns {listed(columns)}; the frame lacks {listed(lacking)}.",
            remedy=f"It has {listed(known)}.",
            field="frame",
        )
    if frame.empty:
        raise QuidqualError.of(
            f"{chart} was given a frame without rows.",
            remedy="Check the filter before it.",
            field="frame",
        )
    if {"participant", "round", "state"} <= set(columns):
        one_row_a_cell(frame)
    if not once or not set(once) <= set(known):
        return
    twice = frame.duplicated(list(once)).to_numpy()
    if twice.any():
        place = ", ".join(f"{name} {frame[name].to_numpy()[twice][0]!s}" for name in once)
        raise QuidqualError.of(
            f"the table has two rows for {place}; {chart} draws one.",
            remedy="Filter the table: one coder, group or reading in each figure.",
            field="frame",
        )


def ordered(
    column: pd.Series, *, only: str | Sequence[str] | None = None, field: str = ""
) -> list[str]:
    """List the values of a column in their own order: categories, or first appearance.

    ``only`` chooses some of them, in the order given; one name may be given as a word.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        used = sorted(set(column.cat.codes.unique()) - {-1})
        values = [str(value) for value in column.cat.categories[used]]
    else:
        values = [str(value) for value in column.dropna().unique()]
    if only is None:
        return values
    wanted = list(dict.fromkeys(names_of(only, field=field)))
    unknown = [name for name in wanted if str(name) not in values]
    if unknown or not wanted:
        are = "is" if len(unknown) == 1 else "are"
        raise QuidqualError.of(
            f"{listed(unknown)} {are} not in the frame." if wanted else "Nothing was chosen.",
            remedy=f"Use {listed(values)}.",
            field=field,
        )
    return [str(name) for name in wanted]


def ranked(column: pd.Series) -> list[tuple[str, int]]:
    """Count the values of a column, the most frequent first, then by the alphabet."""
    counts = column.astype(str).value_counts()
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def counts_of(
    table: pd.DataFrame, rows: str, columns: str
) -> dict[tuple[str, str], tuple[int, int]]:
    """Read k and n of each cell of a table of counts."""
    keys = zip(table[rows].astype(str), table[columns].astype(str), strict=True)
    counts = zip(table["k"].astype(int), table["n"].astype(int), strict=True)
    return dict(zip(keys, counts, strict=True))


def label_of(row: Any) -> str:
    """Write the count of a row of a table of counts; nobody observed is no count of 0."""
    unasked = int(getattr(row, "n_volunteered", 0))
    return f"{unasked} volunteered" if unasked and not row.n else k_of_n(int(row.k), int(row.n))


def said_unasked(presence: pd.DataFrame) -> np.ndarray:
    """Mark what was said although nobody asked: it shows no n."""
    if "reason" not in presence.columns:
        return np.zeros(len(presence), dtype=bool)
    return (presence["reason"].astype(str) == "volunteered").to_numpy(dtype=bool)


def unread_in(table: Any) -> str:
    """Say how many notes behind a table were not read: the line beneath its figure."""
    if not isinstance(table, pd.DataFrame):
        return ""
    columns = list(table.columns)
    if "n_unread" in columns and "k" in columns:
        cells = [name for name in columns[: columns.index("k")] if name not in ("code", "theme")]
        most = table.groupby(cells, observed=True)["n_unread"].max() if cells else table["n_unread"]
        n = int(most.sum() if cells else most.max()) if len(table) else 0
    elif {"participant", "round", "reason"} <= set(columns):
        rows = table[table["reason"].astype(str) == "unread"]
        n = len(rows[["participant", "round"]].drop_duplicates())
    else:
        return ""
    return f"{counted(n, 'note')} unread" if n else ""


def places(column: pd.Series, names: Sequence[str]) -> np.ndarray:
    """Give the place of every value among ``names``, -1 where it is none of them."""
    index = pd.Index(list(names), dtype=object)
    if isinstance(column.dtype, pd.CategoricalDtype):
        of_category = index.get_indexer(column.cat.categories.astype(str).astype(object))
        return np.append(of_category, -1)[column.cat.codes.to_numpy()]
    codes, values = pd.factorize(column)
    return np.append(index.get_indexer(pd.Index(values).astype(str).astype(object)), -1)[codes]


def laid_out(
    frame: pd.DataFrame, values: np.ndarray, *, missing: int, **axes: Sequence[str]
) -> np.ndarray:
    """Lay values, one a row, out over the names of some columns; ``missing`` where no row is."""
    found = np.full([len(names) for names in axes.values()], missing, dtype=np.int16)
    at = np.array([places(frame[column], names) for column, names in axes.items()])
    inside = (at >= 0).all(axis=0)
    found[tuple(at[:, inside])] = values[inside]
    return found


def people(
    frame: pd.DataFrame, *, groups: str | Sequence[str] | None = None
) -> dict[str, list[str]]:
    """List the participants of each group, in natural order; one group "" if there is none."""
    if "group" not in frame.columns:
        if groups is not None:
            raise QuidqualError.of(
                f"The frame has no column 'group', so {groups!r} cannot be chosen.",
                remedy=f"It has {listed(frame.columns)}.",
                field="groups",
            )
        return {"": sorted(frame["participant"].astype(str).unique(), key=natural_key)}
    pairs = frame[["group", "participant"]].drop_duplicates().astype(str)
    return {
        group: sorted(pairs.loc[pairs["group"] == group, "participant"], key=natural_key)
        for group in ordered(frame["group"], only=groups, field="groups")
    }


def selected(
    frame: pd.DataFrame, *, codes: Sequence[str], groups: Iterable[str] = ("",)
) -> pd.DataFrame:
    """Keep the rows of some codes and groups."""
    inside = places(frame["code"], codes) >= 0
    if "group" in frame.columns:
        inside &= places(frame["group"], list(groups)) >= 0
    return frame[inside]


def states_of(presence: pd.DataFrame) -> pd.Series:
    """Give the states, with what is lasting and not told again as `TOLD_BEFORE`, not as absent."""
    state = presence["state"].astype(str)
    if "code_kind" not in presence.columns:
        return state
    lasting = presence["code_kind"].astype(str).isin(LASTING)
    order = {name: place for place, name in enumerate(ordered(presence["round"]))}
    rows = presence.loc[lasting, ["participant", "code", "round"]].astype(str)
    rows = rows.assign(at=rows["round"].map(order), told=state[lasting] == "present")
    rows = rows.sort_values("at", kind="stable")
    before = rows.groupby(["participant", "code"], sort=False)["told"].cummax()
    again = before.reindex(presence.index, fill_value=False).to_numpy(dtype=bool)
    return state.mask(again & (state == "absent").to_numpy(), TOLD_BEFORE)
