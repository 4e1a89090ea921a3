"""What a painter draws on: how wide it is, how large type is, how labels and shapes are set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import ListedColormap

from .labels import lines_in, plain, widest, wrap
from .style import LINE, SMALL, SOFT

LEADING = 1.3  # line height as a share of the type size


@dataclass(frozen=True)
class Painted:
    """What a painter gives back: the height of the axes in points, and the key's entries."""

    height: float
    keys: Sequence[Artist] = ()
    framed: bool = False  # real axes with ticks, whose margins have to be measured


@dataclass(frozen=True)
class Page:
    """What a painter draws on: the axes, their width and the size of type in points.

    What it writes goes into axes whose unit is a point of paper, from the top left.
    """

    width: float
    size: float
    ax: Axes

    @property
    def small(self) -> float:
        """Type size of second rank."""
        return self.size * SMALL

    def line(self, n: float = 1) -> float:
        """Height of n lines of text."""
        return n * self.size * LEADING

    def wrapped(
        self, texts: Iterable[str], width: float, *, small: bool = False, bold: bool = False
    ) -> list[str]:
        """Break labels into lines no wider than ``width`` points."""
        size = self.small if small else self.size
        return [wrap(text, width, size=size, bold=bold) for text in texts]

    def write(
        self,
        x: float,
        y: float,
        text: str,
        ha: str = "left",
        va: str | None = None,
        *,
        small: bool = False,
        **style: Any,
    ) -> None:
        """Write a text at a place; ``y`` is its middle if ``va`` says nothing else."""
        middle = "center_baseline" if lines_in(text) == 1 else "center"
        size = self.small if small else self.size
        self.ax.text(x, y, text, ha=ha, va=va or middle, size=size, **style)

    def write_heads(
        self,
        at: Iterable[float],
        texts: Sequence[str],
        y: float,
        *,
        ha: str = "center",
        gap: float = 3,
        small: bool = False,
        **style: Any,
    ) -> float:
        """Write wrapped headings side by side on one foot; give where what is below begins."""
        foot = y + self.line(max(map(lines_in, texts))) * (SMALL if small else 1)
        for x, text in zip(at, texts, strict=True):
            self.write(x, foot, text, ha, "bottom", small=small, **style)
        return foot + gap

    def write_note(self, y: float, text: str) -> float:
        """Write a remark in small type from ``y`` downwards; give where it ends."""
        note = wrap(text, self.width, size=self.small)
        self.write(0, y, note, va="top", small=True, color=SOFT)
        return y + self.line(lines_in(note)) * SMALL

    def painted(self, height: float, keys: Sequence[Artist] = ()) -> Painted:
        """Close a picture that is ``height`` points high, with the entries of its key."""
        as_points(self.ax, self, height)
        return Painted(height, keys)


def as_points(ax: Axes, page: Page, height: float) -> None:
    """Make one unit of the axes one point of paper, from the top left, without any frame."""
    ax.set_xlim(0, page.width)
    ax.set_ylim(height, 0)
    ax.set_axis_off()


def image(
    ax: Axes, cells: np.ndarray, colours: Sequence[str], box: tuple[float, float, float, float]
) -> None:
    """Draw cells as an image, a colour each number: for more people than shapes can be drawn."""
    ax.imshow(
        cells,
        cmap=ListedColormap(colours),
        vmin=0,
        vmax=len(colours) - 1,
        extent=box,
        aspect="auto",
        interpolation="nearest",
    )


def boxes(
    ax: Axes,
    places: Sequence[tuple[float, float, float, float]],
    *,
    faces: Sequence[str],
    edges: str | Sequence[str],
    line: float = 0.5,
) -> None:
    """Draw many boxes (left, top, width, height) as one collection: far quicker than patches."""
    corners = [[(x, y), (x + w, y), (x + w, y + h), (x, y + h)] for x, y, w, h in places]
    made = PolyCollection(corners, facecolors=faces, edgecolors=edges, linewidths=line)
    made.set_clip_on(False)  # the lowest line lies on the edge of the axes
    ax.add_collection(made, autolim=False)


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
