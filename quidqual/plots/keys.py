"""Entries of a key that matplotlib has no shape for."""

from __future__ import annotations

from typing import Any

from matplotlib.artist import Artist
from matplotlib.legend_handler import HandlerPatch
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from .style import LINE, WHITE


class NotObservedPatch(Patch):
    """A white tile with one stroke across: nobody could be seen or heard here."""

    def __init__(self, *, label: str) -> None:
        super().__init__(facecolor=WHITE, edgecolor=LINE, linewidth=0.5, label=label)


class _StrokeHandler(HandlerPatch):
    """Draws the tile and its stroke in a legend."""

    def create_artists(self, *args: Any) -> list[Artist]:
        """Build the two artists of the entry."""
        _, original, xdescent, ydescent, width, height, _, trans = args
        box = Rectangle((-xdescent, -ydescent), width, height)
        box.update_from(original)
        stroke = Line2D(
            [-xdescent, -xdescent + width],
            [-ydescent + height, -ydescent],
            color=LINE,
            linewidth=0.6,
        )
        for artist in (box, stroke):
            artist.set_transform(trans)
        return [box, stroke]


def dot(label: str, marker: str, face: str, edge: str | None = None, size: float = 6) -> Line2D:
    """Make the entry of a marker, without a line."""
    return Line2D([], [], ls="", marker=marker, mfc=face, mec=edge or face, ms=size, label=label)


def tile(label: str, face: str) -> Patch:
    """Make the entry of a filled tile with a thin edge."""
    return Patch(facecolor=face, edgecolor=LINE, lw=0.5, label=label)


HANDLERS = {NotObservedPatch: _StrokeHandler()}
