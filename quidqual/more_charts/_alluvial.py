"""Alluvial: how many went from which state to which, for studies too large for an index plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path

from quidqual.plots._states import colours_of, words_of
from quidqual.plots.canvas import Page, Painted, as_points
from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.keys import NotObservedPatch
from quidqual.plots.labels import lines_in, plain, widest, width_of, wrap
from quidqual.plots.palette import ink_on, lightness
from quidqual.plots.style import LINE, WHITE
from quidqual.plots.tables import NOT_OBSERVED, needs, ordered, people, places
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import counted, joined, k_of_n

FEWEST = 30
_GAP = 5.0


@chart
def alluvial(
    frame: pd.DataFrame,
    *,
    order: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    codebook: Any = None,
    language: str = "en",
    advise: bool = True,
) -> Drawing:
    """Draw the flow of participants between states from round to round.

    Parameters
    ----------
    frame : DataFrame
        ``participant``, ``round`` (ordered Categorical), ``state`` (ordered Categorical, with
        ``not_observed``), ``corpus``, as for :func:`quidqual.plot.states`.
    order : sequence of str, optional
        The states from lowest to highest, if the column is not an ordered Categorical.
    labels : mapping, optional
        Words for the states.
    codebook : Codebook, optional
        Gives the states of its constructs their words (and ``language`` which of them).
    advise : bool
        Below 30 participants print under the figure that ``states`` reads better.

    Returns
    -------
    Figure
        Not observed has a place of its own in every round, so the bars of all rounds are
        equally high and nobody appears or vanishes.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> seen = pd.DataFrame({"participant": ["P1", "P1"], "round": ["R1", "R2"],
    ...     "state": ["doubt", "settled"], "corpus": "synthetic"})
    >>> figure = qq.plot.alluvial(seen, order=["doubt", "settled"])
    """
    needs(frame, ("participant", "round", "state"), chart="alluvial")
    if frame.duplicated(["participant", "round"]).any():
        raise QuidqualError.of(
            "Some participants have more than one state in a round.",
            remedy="Draw one construct at a time: filter the frame.",
            field="frame",
        )
    found = [s for s in ordered(frame["state"], only=order, field="order") if s != NOT_OBSERVED]
    rounds = ordered(frame["round"])
    who = [name for group in people(frame).values() for name in group]
    words = words_of(frame, found, labels, codebook, language)
    grid = np.full((len(who), len(rounds)), len(found), dtype=np.int16)
    row, column = places(frame["participant"], who), places(frame["round"], rounds)
    state = places(frame["state"], found)
    grid[row, column] = np.where(state < 0, len(found), state)
    flows = _flows(grid, [*found, NOT_OBSERVED], rounds).assign(
        corpus=frame["corpus"].iloc[0] if "corpus" in frame.columns else ""
    )

    def paint(ax: Axes, page: Page) -> Painted:
        return _paint(ax, page, grid, rounds, found, words)

    few = f"With n = {len(who)}, the states chart reads better." if len(who) < FEWEST else ""
    return Drawing(
        paint,
        data=flows,
        alt=_alt(grid, rounds, words),
        advice=few if advise else "",
    )


def _flows(grid: np.ndarray, states: list[str], rounds: list[str]) -> pd.DataFrame:
    """Count the participants on each way from a round to the next."""
    rows = []
    for step in range(len(rounds) - 1):
        pairs, counts = np.unique(grid[:, step : step + 2], axis=0, return_counts=True)
        for (before, after), k in zip(pairs, counts, strict=True):
            n = int((grid[:, step] == before).sum())
            rows.append((rounds[step], rounds[step + 1], states[before], states[after], int(k), n))
    columns = ["from_round", "to_round", "from_state", "to_state", "k", "n"]
    return pd.DataFrame(rows, columns=columns)


def _paint(
    ax: Axes, page: Page, grid: np.ndarray, rounds: list[str], found: list[str], words: list[str]
) -> Painted:
    n, bar = len(grid), 2.6 * page.size
    names = [*words, "not observed"]
    seen = (grid < len(found)).sum(axis=0)
    share = page.width / len(rounds) - 0.8 * page.size
    heads = [
        f"{wrap(name, share, size=page.size)}\nn = {k}"
        for name, k in zip(rounds, seen, strict=True)
    ]
    head = widest(heads, page.size)
    left = max(width_of(plain(f"{name} {len(grid)}"), page.size) for name in names) + 6
    ways = max(len(rounds) - 1, 1)
    # Where the names beside the bars would leave no room for ribbons, the key tells them.
    named = (page.width - 2 * left - bar) / ways >= max(bar + 5 * page.size, head + page.size)
    left = left if named else max(head - bar, 0) / 2 + 1
    room = page.width - 2 * left - bar
    top = page.line(max(map(lines_in, heads))) + 4
    height = 22 * page.size
    unit = (height - _GAP * len(names)) / n
    xs = [
        left + (room * step / (len(rounds) - 1) if len(rounds) > 1 else 0)
        for step in range(len(rounds))
    ]
    colours = [*colours_of(found), WHITE]
    tops = _stacks(grid, len(names), unit, top)
    for step in range(len(rounds) - 1):
        _ribbons(
            ax,
            grid[:, step : step + 2],
            tops[step : step + 2],
            unit,
            (xs[step] + bar, xs[step + 1]),
            colours,
        )
    for step, x in enumerate(xs):
        ax.text(x + bar / 2, top - 4, heads[step], ha="center", va="bottom", size=page.size)
        for state, name in enumerate(names):
            k = int((grid[:, step] == state).sum())
            if not k:
                continue
            y, high = tops[step][state], k * unit
            ax.add_patch(
                Rectangle((x, y), bar, high, facecolor=colours[state], edgecolor=LINE, lw=0.5)
            )
            if state == len(found):
                ax.plot([x, x + bar], [y, y + high], color=LINE, lw=0.6)
            if high > page.size * 1.1 and state < len(found):
                ax.text(
                    x + bar / 2,
                    y + high / 2,
                    str(k),
                    ha="center",
                    va="center_baseline",
                    size=page.size,
                    color=ink_on(colours[state]),
                )
            outer = {0: (x - 5, "right"), len(xs) - 1: (x + bar + 5, "left")}.get(step)
            if named and outer and high > page.size * 1.1:
                told = f"{plain(name)} {k}" if state == len(found) else plain(name)
                ax.text(
                    outer[0], y + high / 2, told, ha=outer[1], va="center_baseline", size=page.size
                )
    as_points(ax, page, top + height)
    keys = [
        Patch(facecolor=c, edgecolor=LINE, lw=0.5, label=name)
        for c, name in zip(colours, words, strict=False)
    ]
    left_out = "not observed" if named else "not observed (the rest of each bar)"
    unseen = [NotObservedPatch(label=left_out)] if (grid == len(found)).any() else []
    return Painted(top + height, keys=[*keys, *unseen])


def _stacks(grid: np.ndarray, n_states: int, unit: float, top: float) -> list[list[float]]:
    """Top of each state's bar in each round, highest state on top."""
    stacks = []
    for step in range(grid.shape[1]):
        y, tops = top, [0.0] * n_states
        for state in [*range(n_states - 2, -1, -1), n_states - 1]:
            tops[state] = y
            k = int((grid[:, step] == state).sum())
            y += k * unit + (_GAP if k else 0)
        stacks.append(tops)
    return stacks


def _ribbons(
    ax: Axes,
    pair: np.ndarray,
    tops: list[list[float]],
    unit: float,
    x: tuple[float, float],
    colours: list[str],
) -> None:
    """Draw one ribbon for each way taken, the widest beneath; no transparency (EPS has none)."""
    ways, counts = np.unique(pair, axis=0, return_counts=True)
    place = {
        state: rank
        for rank, state in enumerate([*range(len(colours) - 2, -1, -1), len(colours) - 1])
    }
    order = sorted(range(len(ways)), key=lambda i: (place[ways[i][0]], place[ways[i][1]]))
    begin = [dict(enumerate(side)) for side in tops]
    shapes = []
    spans: dict[int, list[float]] = {}
    for i in order:  # leave in the order of where they go
        before = int(ways[i][0])
        spans[i] = [begin[0][before]]
        begin[0][before] += counts[i] * unit
    for i in sorted(order, key=lambda i: (place[ways[i][1]], place[ways[i][0]])):
        after = int(ways[i][1])
        spans[i].append(begin[1][after])
        begin[1][after] += counts[i] * unit
    middle = (x[0] + x[1]) / 2
    for i in order:
        (y0, y1), high = spans[i], counts[i] * unit
        verts = [
            (x[0], y0),
            (middle, y0),
            (middle, y1),
            (x[1], y1),
            (x[1], y1 + high),
            (middle, y1 + high),
            (middle, y0 + high),
            (x[0], y0 + high),
            (x[0], y0),
        ]
        codes = [
            Path.MOVETO,
            Path.CURVE4,
            Path.CURVE4,
            Path.CURVE4,
            Path.LINETO,
            Path.CURVE4,
            Path.CURVE4,
            Path.CURVE4,
            Path.CLOSEPOLY,
        ]
        unseen = len(colours) - 1 in (int(ways[i][0]), int(ways[i][1]))
        # White with an outline, as the box of who was not observed: told apart in grey too.
        face, edge = (WHITE, LINE) if unseen else (ribbon_of(colours[int(ways[i][0])]), WHITE)
        made = PathPatch(Path(verts, codes), facecolor=face, edgecolor=edge, lw=0.5)
        shapes.append((high, made))
    for _, shape in sorted(shapes, key=lambda one: -one[0]):
        ax.add_patch(shape)


@lru_cache
def ribbon_of(colour: str) -> str:
    """Tint the colour of a state for the ribbons that leave it.

    The tints keep the order of the states in grey, and none comes near the white of paper.

    Examples
    --------
    >>> lightness(ribbon_of("#13266f")) < 60 < 85 < lightness(ribbon_of("#f1faba")) < 90
    True
    """
    own = np.array(to_rgb(colour))
    darker = [own * part for part in np.linspace(0.5, 1, 50)]
    paler = [own + (1 - own) * part for part in np.linspace(0, 0.9, 90)]
    tints = [to_hex((r, g, b)) for r, g, b in [*darker, *paler]]
    wanted = 50 + 0.4 * lightness(colour)
    return min(tints, key=lambda tint: abs(lightness(tint) - wanted))


def _alt(grid: np.ndarray, rounds: list[str], words: list[str]) -> str:
    told = []
    for step, name in enumerate(rounds):
        seen = int((grid[:, step] < len(words)).sum())
        counts = [
            f"{word} {k_of_n(int((grid[:, step] == s).sum()), seen)}"
            for s, word in enumerate(words)
            if (grid[:, step] == s).any()
        ]
        told.append(f"{name}: {joined(counts, limit=6) or 'nobody observed'}")
    return (
        f"Flows of {counted(len(grid), 'participant')} between {counted(len(words), 'state')}. "
        + "; ".join(told)
        + "."
    )
