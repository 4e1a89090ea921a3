"""Rows of participants, group under group: shared by every chart with a line for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .labels import plain, widest
from .paper import Page
from .style import LINE, SOFT

_GROUP_GAP = 7.0
_TALLEST = 520.0  # points: a page, less the rest of the figure


@dataclass(frozen=True)
class Rows:
    """Where each participant's row lies, in points from the top of the rows.

    Attributes
    ----------
    names : tuple of str
        Participants from top to bottom.
    centres : ndarray
        Middle of each row.
    height, whole : float
        Height of one row and of all rows with their headings and gaps.
    gutter : float
        Width at the left that labels need.
    groups : tuple of (label, top, bottom, slice)
        Extent of each group, and which of the rows are its own.
    sideways : bool
        Group names stand upright at the left; otherwise each is a heading above its rows.
    named : bool
        Rows are high enough for the participants' names.
    """

    names: tuple[str, ...]
    centres: np.ndarray
    height: float
    whole: float
    gutter: float
    groups: tuple[tuple[str, float, float, slice], ...]
    sideways: bool
    named: bool

    def write(self, page: Page, *, top: float, left: float) -> None:
        """Write the names of participants and groups left of ``left``."""
        for name, centre in zip(self.names if self.named else (), self.centres, strict=False):
            page.write(left - 5, top + centre, plain(name), "right")
        x = left - self.gutter
        for label, first, last, _ in self.groups:
            if label and self.sideways:
                at = (x + page.size * 1.3, top + (first + last) / 2)
                page.write(*at, label, "center", "center", rotation=90, color=SOFT)
                if not self.named:
                    page.ax.plot(
                        [left - 4, left - 4], [top + first, top + last], color=LINE, lw=0.6
                    )
            elif label:
                page.write(x, top + first - 3, label, va="bottom", color=SOFT)


def lay_rows(groups: Mapping[str, Sequence[str]], page: Page, *, row: float = 1.45) -> Rows:
    """Place the rows: ``row`` times the type size each, less if there are very many."""
    names = [name for members in groups.values() for name in members]
    height = min(row * page.size, _TALLEST / max(len(names), 1))
    named = height >= page.size
    heads = {group: (plain(group), f"n = {len(members)}") for group, members in groups.items()}
    sideways = all(
        widest(heads[group], page.size) <= len(members) * height
        for group, members in groups.items()
    )
    gap = _GROUP_GAP if height > 4 else 3.0
    centres: list[float] = []
    extents: list[tuple[str, float, float, slice]] = []
    y = 0.0
    for group, members in groups.items():
        y += gap if extents else 0.0
        y += page.line(1.1) + 3 if group and not sideways else 0.0
        head, n = heads[group]
        label = f"{head}\n{n}" if sideways else f"{head} ({n})"
        edges = np.cumsum([y, *[height] * len(members)])
        own = slice(len(centres), len(centres) + len(members))
        y = float(edges[-1])
        extents.append((label if group else "", float(edges[0]), y, own))
        centres.extend(edges[:-1] + height / 2)
    gutter = 5 + (widest(map(plain, names), page.size) if named else 0.0)
    if not sideways:
        gutter = max(gutter, 12.0)
    elif any(groups):
        gutter += page.size * 3.2
    placed = np.asarray(centres)
    return Rows(tuple(names), placed, height, y, gutter, tuple(extents), sideways, named)
