"""Ratings with one row a rating: known by the names of their columns, and laid out wide."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from quidqual.study.errors import Problem, QuidqualError, listed

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
