"""In how many units each code was found: the raw material of richness and saturation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.analysis.grid import PRESENCE, checked, grid_of
from quidqual.analysis.presence import presence
from quidqual.study.arguments import is_ragged, one_of
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    from quidqual.study.model import Study


@dataclass(frozen=True)
class Incidence:
    """Units (participants or interviews) x codes.

    Attributes
    ----------
    units, codes : tuple of str
    groups : tuple of str
        Group of each unit.
    found : ndarray of bool, units x codes
    corpus : str
    """

    units: tuple[str, ...]
    codes: tuple[str, ...]
    groups: tuple[str, ...]
    found: np.ndarray
    corpus: str

    def of_group(self, group: str) -> Incidence:
        """Keep the units of one group."""
        mine = [at for at, name in enumerate(self.groups) if name == group]
        units = tuple(self.units[at] for at in mine)
        return Incidence(units, self.codes, (group,) * len(units), self.found[mine], self.corpus)


def read_incidence(source: Study | pd.DataFrame | Any, *, unit: str = "participant") -> Incidence:
    """Read units x codes from a study, a table of presence, or a matrix of 0 and 1.

    Units are in the order of observation: by date for a study, as the rows stand for a
    matrix; a table of presence knows no dates and gives the natural order of the names.

    Raises
    ------
    QuidqualError
        If it cannot be read, or the unit is neither participant nor interview.
    """
    one_of(unit, ("participant", "interview"), field="unit")
    if hasattr(source, "codings"):
        held = source.interviews[source.interviews["status"] == "held"]
        order = held.sort_values(["date", "interview"])[unit].drop_duplicates().tolist()
        return _of_presence(presence(source), unit, order)
    if isinstance(source, pd.DataFrame) and "state" in source:
        return _of_presence(source, unit, None)
    return _of_matrix(source)


def _of_presence(table: pd.DataFrame, unit: str, order: list[str] | None) -> Incidence:
    """Unite the rounds of each unit; units in which nothing was observed fall out.

    A parent that was never applied itself is a heading, not one code more.
    """
    frame = checked(table)
    if unit == "interview":
        names = frame["participant"].astype("str") + "-" + frame["round"].astype("str")
        frame = frame.assign(participant=frame.get("interview", names))
        frame = frame[frame["participant"] != ""]
    grid = grid_of(frame, states=PRESENCE)
    seen = np.asarray(grid.observed.any(axis=(1, 2)))
    here = grid.present
    if "n_own" in frame:
        here = here & (np.nan_to_num(grid.lay(frame["n_own"])) > 0)
    found = np.asarray(here.any(axis=2))
    place = {str(name): n for n, name in enumerate(grid.participants) if seen[n]}
    units = tuple(name for name in (place if order is None else order) if name in place)
    return Incidence(
        units,
        tuple(str(code) for code in grid.things),
        tuple(grid.group_of[name] for name in units),
        found[[place[name] for name in units]],
        grid.corpus,
    )


def has_code_lists(source: Any) -> bool:
    """Tell whether a source lists the codes found in each unit, by name."""
    rows = list(source.values()) if isinstance(source, Mapping) else source
    return (
        isinstance(rows, list | tuple)
        and bool(rows)
        and all(
            isinstance(row, set | frozenset | list | tuple) and all(isinstance(c, str) for c in row)
            for row in rows
        )
    )


def _of_matrix(source: Any) -> Incidence:
    """Read rows of units and columns of codes."""
    if has_code_lists(source):
        named = source if isinstance(source, Mapping) else dict(enumerate(source))
        codes = sorted({code for row in named.values() for code in row})
        found = [[float(code in row) for code in codes] for row in named.values()]
        source = pd.DataFrame(found, index=list(named), columns=codes)
    try:
        if is_ragged(source):
            raise ValueError
        frame = pd.DataFrame(source)
    except (TypeError, ValueError):
        raise QuidqualError.of(
            "a source must be a study, a table of presence, units x codes of 0 and 1, or the codes "
            "found in each unit."
        ) from None
    try:
        values = frame.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError):
        values = np.full((1, 1), -1.0)
    if np.isnan(values).any():
        raise QuidqualError.of(
            "units x codes must hold 0 or 1; a value is missing.",
            remedy="Not observed is not 0: leave the unit out, or give the table of presence.",
        )
    if values.size == 0 or not np.isin(values, (0, 1)).all():
        raise QuidqualError.of(
            "units x codes must hold 0 and 1.",
            remedy="For frequencies give one list and units=, the number of units.",
        )
    if not frame.index.is_unique or not frame.columns.is_unique:
        raise QuidqualError.of("units x codes must name each unit and each code once.")
    return Incidence(
        tuple(str(name) for name in frame.index),
        tuple(str(name) for name in frame.columns),
        ("",) * len(values),
        values.astype(bool),
        "",
    )
