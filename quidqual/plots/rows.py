"""Rows of participants, group under group: shared by every chart with a line for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from .canvas import Page
from .labels import plain, width_of
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
    groups : tuple of (label, top, bottom)
        Extent of each group.
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
    groups: tuple[tuple[str, float, float], ...]
    sideways: bool
    named: bool

    def write(self, ax: Axes, page: Page, *, top: float, left: float) -> None:
        """Write the names of participants and groups left of ``left``."""
        if self.named:
            for name, centre in zip(self.names, self.centres, strict=True):
                ax.text(
                    left - 5,
                    top + centre,
                    plain(name),
                    ha="right",
                    va="center_baseline",
                    size=page.size,
                )
        for label, first, last in self.groups:
            if not label:
                continue
            if self.sideways:
                x = left - self.gutter + page.size * 1.3
                ax.text(
                    x,
                    top + (first + last) / 2,
                    label,
                    rotation=90,
                    ha="center",
                    va="center",
                    size=page.size,
                    color=SOFT,
                )
                if not self.named:
                    ax.plot([left - 4, left - 4], [top + first, top + last], color=LINE, lw=0.6)
            else:
                ax.text(
                    left - self.gutter,
                    top + first - 3,
                    label,
                    ha="left",
                    va="bottom",
                    size=page.size,
                    color=SOFT,
                )


def lay_rows(
    groups: Mapping[str, Sequence[str]],
    page: Page,
    *,
    row: float = 1.45,
    names: Mapping[str, str] | None = None,
) -> Rows:
    """Place the rows: ``row`` times the type size each, less if there are very many."""
    n = sum(len(members) for members in groups.values())
    height = min(row * page.size, _TALLEST / max(n, 1))
    named = height >= page.size
    heads = {group: plain((names or {}).get(group, group)) for group in groups}
    counts = {group: f"n = {len(members)}" for group, members in groups.items()}
    fits = all(
        max(width_of(heads[group], page.size), width_of(counts[group], page.size))
        <= len(members) * height
        for group, members in groups.items()
    )
    labels = {
        group: (f"{heads[group]}\n{counts[group]}" if fits else f"{heads[group]} ({counts[group]})")
        if group
        else ""
        for group in groups
    }
    gap = _GROUP_GAP if height > 4 else 3.0
    order: list[str] = []
    centres: list[float] = []
    extents: list[tuple[str, float, float]] = []
    y = 0.0
    for place, (group, members) in enumerate(groups.items()):
        y += gap if place else 0.0
        if labels[group] and not fits:
            y += page.line(1.1) + 3
        first = y
        for member in members:
            order.append(member)
            centres.append(y + height / 2)
            y += height
        extents.append((labels[group], first, y))
    gutter = (
        5 + max((width_of(plain(name), page.size) for name in order), default=0) if named else 5
    )
    if any(labels.values()) and fits:
        gutter += page.size * 3.2
    if not fits:
        gutter = max(gutter, 12.0)
    return Rows(tuple(order), np.asarray(centres), height, y, gutter, tuple(extents), fits, named)
