"""Colours that the colour-blind and a black-and-white printer can tell apart.

Kinds (groups, themes, codes) take Okabe and Ito's colours, each with a marker and a line
style as its second cue, since those colours are not told apart in grey. Ordered states
take steps of one map, whose lightness alone carries the order.

References
----------
Okabe M, Ito K (2008). Color Universal Design: how to make figures and presentations that
are friendly to colorblind people. https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_hex, to_rgb
from matplotlib.legend_handler import HandlerPatch
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from .style import INK, LINE, WHITE


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


# Okabe and Ito's eight, strongest contrast first; yellow is left out (invisible on white).
BLUE, VERMILLION, GREEN = "#0072b2", "#d55e00", "#009e73"
PURPLE, SKY, ORANGE = "#cc79a7", "#56b4e9", "#e69f00"
KINDS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, INK)
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DASHES: tuple[tuple[int, tuple[float, ...]] | str, ...] = (
    "-",
    (0, (5, 1.5)),
    (0, (1.2, 1.2)),
    (0, (5, 1.2, 1.2, 1.2)),
)

NEUTRAL, BLACK = "#404040", "#000000"
NEW, NOT_AGAIN, KEPT = BLUE, VERMILLION, "#bdbdbd"


@dataclass(frozen=True)
class Cue:
    """How one kind looks everywhere: a colour, and what tells it apart without colour."""

    colour: str
    marker: str
    dash: tuple[int, tuple[float, ...]] | str


def cues(names: Iterable[str], *, colours: Mapping[str, str] | None = None) -> dict[str, Cue]:
    """Give each name its colour, marker and line style, by its place in the order.

    After the seventh name the colours start again with other marker and line pairs, so no
    two names look the same before the 28th; a colour set by the codebook is kept.

    Examples
    --------
    >>> cues(["survivor", "staff"])["staff"].colour
    '#d55e00'
    """
    given = colours or {}
    found: dict[str, Cue] = {}
    for place, name in enumerate(dict.fromkeys(names)):
        turn = place // len(KINDS)
        found[name] = Cue(
            colour=given.get(name) or KINDS[place % len(KINDS)],
            marker=MARKERS[(place + turn) % len(MARKERS)],
            dash=DASHES[(place + turn) % len(DASHES)],
        )
    return found


def apart(look: Mapping[str, Cue], names: Iterable[str]) -> dict[str, Cue]:
    """Choose the cues of a few names; where two would have one colour, the later takes a free one.

    A codebook has more codes than there are colours, and lines that cross must be told apart.

    Examples
    --------
    >>> look = apart(cues(f"code {i}" for i in range(9)), ["code 0", "code 7"])
    >>> look["code 0"].colour == BLUE, look["code 7"].colour == VERMILLION
    (True, True)
    """
    wanted = list(names)
    owner: dict[str, str] = {}
    for name in wanted:
        owner.setdefault(look[name].colour, name)
    free = [place for place, colour in enumerate(KINDS) if colour not in owner]
    found: dict[str, Cue] = {}
    for name in wanted:
        place = free.pop(0) if owner[look[name].colour] != name and free else None
        taken = None if place is None else Cue(KINDS[place], MARKERS[place], DASHES[place % 4])
        found[name] = taken or look[name]
    return found


def group_cues(groups: Iterable[str]) -> dict[str, Cue]:
    """Give groups their cues by the alphabet, so that a table's own order changes nothing.

    A frame with one group has nothing to tell apart: it is drawn in dark grey, and no colour
    can be taken for that of another group in another figure.

    Examples
    --------
    >>> group_cues(["survivor", "staff"])["staff"].colour == BLUE
    True
    """
    names = sorted(set(groups))
    if len(names) == 1:
        return {names[0]: Cue(NEUTRAL, MARKERS[0], DASHES[0])}
    return cues(names)


def steps(n: int) -> list[str]:
    """Pick n steps of one map, light to dark, at equal distances of lightness.

    Examples
    --------
    >>> steps(3)
    ['#f1faba', '#2094c0', '#13266f']
    """
    ramp = [to_hex(mpl.colormaps["YlGnBu"](place)) for place in np.linspace(0.1, 0.95, 120)]
    light = np.array([lightness(colour) for colour in ramp])
    wanted = np.linspace(light[0], light[-1], n) if n > 1 else [light.mean()]
    return [ramp[int(np.abs(light - one).argmin())] for one in wanted]


def lightness(colour: str) -> float:
    """CIE lightness, 0 black to 100 white: what is left of a colour in grey."""
    return 116 * float(np.cbrt(luminance(colour))) - 16


def shade(share: float) -> str:
    """Colour a share between 0 and 1 on the same map for every table of k of n."""
    return to_hex(mpl.colormaps["Blues"](0.04 + 0.84 * share))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2), 0 black to 1 white."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(colour: str) -> str:
    """White or ink, whichever stands out more on a colour; black where neither is enough.

    Examples
    --------
    >>> ink_on("#ffffff"), ink_on("#0072b2")
    ('#1a1a1a', '#ffffff')
    """
    ground = luminance(colour)
    on_white = (luminance(WHITE) + 0.05) / (ground + 0.05)
    on_ink = (ground + 0.05) / (luminance(INK) + 0.05)
    if max(on_white, on_ink) < 4.5:  # WCAG 2, AA
        return BLACK
    return WHITE if on_white > on_ink else INK
