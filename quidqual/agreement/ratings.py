"""Read a table of ratings: units by coders, or one row a rating.

Whatever form the table has, it becomes one array of category numbers a coder, -1 where she
did not rate the unit. A missing rating (NaN, None, an empty cell) is never a category; the
empty set or 0 is one. White space around a word is no part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quidqual.study.arguments import is_ragged, names_of
from quidqual.study.errors import Problem, QuidqualError, listed

# Beyond this the table of weights would not fit; no coding scheme is that fine.
MAX_CATEGORIES = 2_000


@dataclass(frozen=True)
class Ratings:
    """Ratings as category numbers.

    Attributes
    ----------
    columns : list of numpy.ndarray
        One array a coder: the number of the category for each unit, -1 for missing.
    categories : list
        The categories, in their order.
    coders : list
    ordered : bool
        Whether somebody declared the order (a Categorical, or ``categories=``).
    clusters : numpy.ndarray or None
        The number of each unit's cluster.
    n_clusters : int
    """

    columns: list[np.ndarray]
    categories: list[Any]
    coders: list[Any]
    ordered: bool
    clusters: np.ndarray | None
    n_clusters: int

    @property
    def n_units(self) -> int:
        """How many units the table has, rated or not."""
        return len(self.columns[0]) if self.columns else 0


def _is_set(value: Any) -> bool:
    return isinstance(value, set | frozenset | list | tuple)


def _hashable(values: np.ndarray) -> np.ndarray:
    """Let sets and lists stand as frozensets, so that equal sets are one category."""
    out = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):
        out[i] = frozenset(value) if _is_set(value) else value
    return out


def _sorted(values: Iterable[Any]) -> list[Any]:
    """Sort categories, and fall back on their names where kinds are mixed."""
    found = list(values)
    if any(isinstance(v, frozenset) for v in found):
        return sorted(found, key=lambda v: (len(v), sorted(map(str, v))) if _is_set(v) else (0, []))
    try:
        return sorted(found)
    except TypeError:
        return sorted(found, key=lambda v: (type(v).__name__, str(v)))


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _categorical_codes(columns: list[Any]) -> tuple[list[np.ndarray], list[Any], bool]:
    """Take the numbers of Categorical columns; the declared order is kept."""
    first = columns[0].dtype
    if all(c.dtype is first or c.dtype == first for c in columns):
        return [c.codes for c in columns], list(first.categories), True
    if any(c.dtype.ordered for c in columns):
        raise QuidqualError.of(
            "The coders' columns are ordered Categoricals with different categories.",
            remedy="Give all columns the same pandas.CategoricalDtype.",
            field="ratings",
        )
    every = _sorted({name for c in columns for name in c.categories})
    place = {name: i for i, name in enumerate(every)}
    codes = []
    for column in columns:
        lookup = np.array([*(place[name] for name in column.categories), -1], dtype=np.int32)
        codes.append(lookup[column.codes])
    return codes, every, False


def _number_codes(values: np.ndarray) -> tuple[np.ndarray, list[Any]]:
    """Number the different values of a numeric array; NaN becomes -1."""
    if values.dtype == bool:
        return values.astype(np.int8), [False, True]
    if values.dtype.kind in "iu":
        missing = None
    else:
        missing = np.isnan(values)
        if np.isinf(values).any():
            raise QuidqualError.of(
                "The ratings hold an infinite value.",
                remedy="Use NaN for a rating that is missing.",
                field="ratings",
            )
    present = values if missing is None else values[~missing]
    if present.size == 0:
        return np.full(values.shape, -1, dtype=np.int8), []
    low, high = present.min(), present.max()
    whole = missing is None or bool((present == np.rint(present)).all())
    if whole and high - low < 4_096:
        # Small whole numbers need no sorting: their place is their value.
        filled = values if missing is None else np.where(missing, low, values)
        offset = (filled - low).astype(np.int16)
        seen = np.bincount(offset.ravel(), minlength=1) > 0
        if missing is not None:
            seen &= np.bincount(offset[~missing].ravel(), minlength=len(seen)) > 0
        place = (np.cumsum(seen) - 1).astype(np.int16)
        codes = place[offset]
        found = (np.flatnonzero(seen) + int(low)).tolist()
    else:
        unique, inverse = np.unique(present, return_inverse=True)
        codes = np.full(values.shape, -1, dtype=np.int32)
        codes[... if missing is None else ~missing] = inverse.reshape(
            values.shape if missing is None else -1
        )
        return codes, [float(v) for v in unique]
    if missing is not None:
        codes[missing] = -1
    return codes, found


def _object_codes(values: np.ndarray) -> tuple[np.ndarray, list[Any]]:
    """Number the different values of an array of words, sets or mixed things."""
    flat = values.ravel()
    if any(_is_set(v) for v in flat):
        flat = _hashable(flat)
        missing = np.array([not isinstance(v, frozenset) and bool(pd.isna(v)) for v in flat])
        seen = _sorted({v for v, gone in zip(flat, missing, strict=True) if not gone})
        place = {v: i for i, v in enumerate(seen)}
        codes = np.array([-1 if gone else place[v] for v, gone in zip(flat, missing, strict=True)])
        return codes.reshape(values.shape), seen
    try:
        codes, unique = pd.factorize(flat)
    except TypeError as cause:
        raise QuidqualError.of(
            "A rating is of a kind that cannot be compared (a dict or an array).",
            remedy="Use words, numbers, or sets of codes.",
            field="ratings",
        ) from cause
    found = [v.strip() if isinstance(v, str) else _plain(v) for v in unique]
    kinds = {type(_plain(v)) for v in flat[codes >= 0]}
    _must_be_of_one_kind({"text" if k is str else "truth" if k is bool else "" for k in kinds})
    order = _sorted({v for v in found if v != ""})
    place = {v: i for i, v in enumerate(order)}
    lookup = np.array([*(place.get(v, -1) for v in found), -1], dtype=np.int32)
    return lookup[codes].reshape(values.shape), order


def _must_be_of_one_kind(kinds: set[str]) -> None:
    """Refuse numbers (""), text and truth values beside each other."""
    if len(kinds) > 1:
        text = "text" in kinds
        beside = "text, which never agree (1 and '1')" if text else "true and false"
        raise QuidqualError.of(
            f"the ratings hold {'numbers' if '' in kinds else 'truth values'} beside {beside}.",
            remedy="Make all of them numbers, as with pandas.to_numeric, or all of them text.",
            field="ratings",
        )


def _codes_of(frame: pd.DataFrame) -> tuple[list[np.ndarray], list[Any], bool]:
    """Turn the coders' columns into category numbers."""
    columns = [column for _, column in frame.items()]
    dtypes = [column.dtype for column in columns]
    if all(isinstance(d, pd.CategoricalDtype) for d in dtypes):
        return _categorical_codes([column.array for column in columns])
    if all(getattr(d, "kind", "O") in "iufb" for d in dtypes):
        _must_be_of_one_kind({"truth" if d.kind == "b" else "" for d in dtypes})
    if all(isinstance(d, np.dtype) and d.kind in "iufb" for d in dtypes):
        codes, found = _number_codes(frame.to_numpy())
        if all(d.kind == "b" for d in dtypes):
            found = [False, True]
    elif all(getattr(d, "kind", "O") in "iufb" for d in dtypes):
        codes, found = _number_codes(frame.to_numpy(dtype=float, na_value=np.nan))
    else:
        codes, found = _object_codes(frame.to_numpy(dtype=object))
    return [codes[:, i] for i in range(codes.shape[1])], found, False


def _declared(
    columns: list[np.ndarray], found: list[Any], categories: Sequence[Any]
) -> tuple[list[np.ndarray], list[Any]]:
    """Bring the numbers into the order of the categories that the caller declared."""
    declared = [frozenset(c) if _is_set(c) else c for c in names_of(categories, field="categories")]
    if len(set(declared)) != len(declared):
        raise QuidqualError.of("categories= names a category twice.", field="categories")
    place = {c: i for i, c in enumerate(declared)}
    unknown = [c for c in found if c not in place]
    if unknown:
        raise QuidqualError.of(
            f"The ratings use {len(unknown)} categories that categories= does not name.",
            remedy=f"Add them, or correct the ratings; declared: {listed(declared)}.",
            field="categories",
        )
    lookup = np.array([*(place[c] for c in found), -1], dtype=np.int32)
    return [lookup[c] for c in columns], declared


def _cluster_codes(clusters: Any, index: pd.Index, n: int) -> tuple[np.ndarray, int]:
    """Number the clusters, one for each unit."""
    if (
        isinstance(clusters, pd.Series)
        and not clusters.index.equals(index)
        and clusters.index.is_unique
        and index.isin(clusters.index).all()
    ):
        clusters = clusters.reindex(index)
    values = (
        clusters
        if isinstance(clusters, pd.Series)
        else pd.Series(list(names_of(clusters, field="clusters")))
    )
    if len(values) != n:
        raise QuidqualError.of(
            f"clusters= has {len(values)} values for {n} units.",
            remedy="Give the cluster (interview, participant) of every unit.",
            field="clusters",
        )
    codes, names = pd.factorize(values)
    if (codes < 0).any():
        raise QuidqualError.of(
            f"{int((codes < 0).sum())} units have no cluster.",
            remedy="Every unit needs the name of its interview or participant.",
            field="clusters",
        )
    return codes, len(names)


# What is rated, by whom, and the rating: what they are called where tables come from.
_NAMES: dict[str, tuple[str, ...]] = {
    "unit": (
        "unit",
        "units",
        "item",
        "items",
        "subject",
        "subjects",
        "segment",
        "unit_id",
        "item_id",
    ),
    "coder": ("coder", "coders", "rater", "raters", "annotator", "judge", "observer"),
    "value": ("value", "rating", "ratings", "category", "score", "label", "code"),
}


def _found(frame: pd.DataFrame, role: str) -> list[Any]:
    """Columns of a role, in the order in which its names are preferred."""
    lowered = {str(column).strip().lower(): column for column in reversed(list(frame.columns))}
    return [lowered[name] for name in _NAMES[role] if name in lowered]


def unit_column(frame: pd.DataFrame) -> list[Any]:
    """Give the column that names the units of a wide table, if there is one."""
    return _found(frame, "unit")[:1]


def long_columns(frame: pd.DataFrame, *, clusters: Any = None) -> tuple[Any, Any, Any] | None:
    """Find the columns of unit, coder and rating; None if the table is wide.

    Parameters
    ----------
    frame : pandas.DataFrame
    clusters : str, optional
        A column that says something else.

    Raises
    ------
    QuidqualError
        If there is a column of coders, and what they rated or how is not to be found: read
        as a wide table it would give agreement between columns that are no coders.

    Examples
    --------
    >>> long_columns(pd.DataFrame(columns=["Subject", "Rater", "Rating"]))
    ('Subject', 'Rater', 'Rating')
    >>> long_columns(pd.DataFrame(columns=["unit", "A", "B"])) is None
    True
    """
    rest = frame.drop(columns=[] if clusters is None else clusters)
    found = {role: _found(rest, role) for role in _NAMES}
    if not found["coder"]:
        return None
    missing = [role for role, columns in found.items() if not columns]
    if missing:
        raise QuidqualError.of(
            f"There is a column {found['coder'][0]!r}, but none of the name {listed(missing)}.",
            remedy="One row a rating: name the columns unit, coder, value. Units by coders: name "
            "each column by its coder.",
            field="ratings",
        )
    return found["unit"][0], found["coder"][0], found["value"][0]


def from_long(
    frame: pd.DataFrame, unit: str, coder: str, value: str
) -> tuple[pd.DataFrame, np.ndarray]:
    """Turn one row a rating into units by coders; also give the first row of each unit."""
    keys = frame[[unit, coder]]
    if keys.isna().any(axis=None):
        rows = np.flatnonzero(keys.isna().any(axis=1))
        raise QuidqualError(
            Problem("ratings", int(r) + 1, f"{unit}, {coder}", "the unit or the coder is missing")
            for r in rows
        )
    twice = keys.duplicated(keep="first").to_numpy()
    if twice.any():
        raise QuidqualError(
            Problem(
                "ratings",
                int(r) + 1,
                value,
                "this coder has already rated this unit",
                "Keep one rating for each unit and coder (or use sets of codes).",
            )
            for r in np.flatnonzero(twice)
        )
    unit_codes, units = pd.factorize(frame[unit], sort=False)
    coder_codes, coders = pd.factorize(frame[coder], sort=True)
    series = frame[value]
    place = np.full((len(units), len(coders)), -1, dtype=np.intp)
    place[unit_codes, coder_codes] = np.arange(len(frame))
    wide = {c: series.array.take(place[:, j], allow_fill=True) for j, c in enumerate(coders)}
    first = np.full(len(units), len(frame), dtype=np.intp)
    np.minimum.at(first, unit_codes, np.arange(len(frame)))
    return pd.DataFrame(wide, index=pd.Index(units, name="unit")), first


def read_ratings(ratings: Any, *, clusters: Any = None, categories: Any = None) -> Ratings:
    """Read ratings in the wide or the long form (recognised by the column names).

    Parameters
    ----------
    ratings : pandas.DataFrame or 2-d array
        Units by coders; or one row a rating, with the columns ``unit, coder, value`` or
        others of those names (see :func:`long_columns`). A wide frame may name its units in
        a column ``unit``.
    clusters : str, Series or sequence, optional
        A column of the table, or the cluster of each unit.
    categories : sequence, optional
        All categories of the scale in their order.

    Raises
    ------
    QuidqualError
        For a table without ratings, a coder who rates a unit twice, unknown categories.
    """
    frame = ratings if isinstance(ratings, pd.DataFrame) else _frame_of(ratings)
    column = clusters if isinstance(clusters, str) else None
    if column is not None and column not in frame.columns:
        raise QuidqualError.of(
            f"clusters={column!r} is not a column of the ratings.",
            remedy=f"Columns: {listed(frame.columns)}.",
            field="clusters",
        )
    long = long_columns(frame, clusters=column)
    if long is not None:
        wide, first = from_long(frame, *long)
        if column is not None:
            clusters = frame[column].iloc[first].set_axis(wide.index)
    else:
        wide = frame
        if column is not None:
            clusters = frame[column].reset_index(drop=True).set_axis(wide.index)
            wide = wide.drop(columns=column)
        wide = wide.drop(columns=unit_column(wide))
    if wide.shape[1] == 0 or len(wide) == 0:
        raise QuidqualError.of(
            "The table holds no ratings.",
            remedy="Give units by coders, or the columns unit, coder, value.",
            field="ratings",
        )
    columns, found, ordered = _codes_of(wide)
    if categories is not None:
        columns, found = _declared(columns, found, categories)
        ordered = True
    if len(found) > MAX_CATEGORIES:
        raise QuidqualError.of(
            f"The ratings have {len(found)} different values; {MAX_CATEGORIES} is the limit.",
            remedy="Round the numbers, or group the categories.",
            field="ratings",
        )
    numbers, n_clusters = (None, 0)
    if clusters is not None:
        numbers, n_clusters = _cluster_codes(clusters, wide.index, len(wide))
    return Ratings(columns, found, list(wide.columns), ordered, numbers, n_clusters)


def _frame_of(ratings: Any) -> pd.DataFrame:
    """Take an array or a list of rows as a wide table."""
    if is_ragged(ratings):
        raise QuidqualError.of(
            "The rows of the ratings have different lengths.",
            remedy="Give one rating a coder in each row; None where there is none.",
            field="ratings",
        )
    try:
        frame = pd.DataFrame(ratings)
    except (ValueError, TypeError) as cause:
        raise QuidqualError.of(
            "the ratings must be a table.",
            remedy="Give a DataFrame: units by coders, or unit, coder, value.",
            field="ratings",
        ) from cause
    return frame
