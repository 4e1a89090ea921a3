"""Alluvial: how many went from which state to which, for studies too large for an index plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from quidqual.plots._states import colours_of, must_be_one_a_round, states_told, words_of
from quidqual.plots.canvas import corpus_of
from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.labels import plain, widest
from quidqual.plots.palette import NotObservedPatch, ink_on, lightness, tile
from quidqual.plots.paper import Page, Painted
from quidqual.plots.style import LINE, WHITE
from quidqual.plots.tables import NOT_OBSERVED, laid_out, needs, ordered, people, places
from quidqual.study.wording import counted

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
    must_be_one_a_round(frame)
    found = [s for s in ordered(frame["state"], only=order, field="order") if s != NOT_OBSERVED]
    rounds = ordered(frame["round"])
    who = [name for group in people(frame).values() for name in group]
    words = words_of(frame, found, labels, codebook, language)
    state = places(frame["state"], found)
    state = np.where(state < 0, len(found), state)
    grid = laid_out(frame, state, missing=len(found), participant=who, round=rounds)
    flows = _flows(grid, [*found, NOT_OBSERVED], rounds).assign(corpus=corpus_of(frame))
    few = f"With n = {len(who)}, the states chart reads better." if len(who) < FEWEST else ""
    what = f"{counted(len(who), 'participant')} between {counted(len(words), 'state')}"
    return Drawing(
        partial(_paint, grid, rounds, found, words),
        data=flows,
        alt=f"Flows of {what}. {states_told(grid, rounds, words)}.",
        advice=few if advise else "",
    )


def _flows(grid: np.ndarray, states: list[str], rounds: list[str]) -> pd.DataFrame:
    """Count the participants on each way from a round to the next."""
    rows = []
    for step, (start, end) in enumerate(pairwise(rounds)):
        pairs, counts = np.unique(grid[:, step : step + 2], axis=0, return_counts=True)
        for (before, after), k in zip(pairs, counts, strict=True):
            n = int((grid[:, step] == before).sum())
            rows.append((start, end, states[before], states[after], int(k), n))
    columns = ["from_round", "to_round", "from_state", "to_state", "k", "n"]
    return pd.DataFrame(rows, columns=columns)


def _paint(
    grid: np.ndarray, rounds: list[str], found: list[str], words: list[str], ax: Axes, page: Page
) -> Painted:
    n, bar, unseen = len(grid), 2.6 * page.size, len(found)
    names = [*map(plain, words), "not observed"]
    share = page.width / len(rounds) - 0.8 * page.size
    seen = (grid < unseen).sum(axis=0)
    wrapped = zip(page.wrapped(rounds, share), seen, strict=True)
    heads = [f"{name}\nn = {k}" for name, k in wrapped]
    head = widest(heads, page.size)
    left = widest([f"{name} {n}" for name in names], page.size) + 6
    # Where the names beside the bars would leave no room for ribbons, the key tells them.
    way = (page.width - 2 * left - bar) / max(len(rounds) - 1, 1)
    named = way >= max(bar + 5 * page.size, head + page.size)
    left = left if named else max(head - bar, 0) / 2 + 1
    xs = np.linspace(left, page.width - left - bar, len(rounds))
    top = page.write_heads(xs + bar / 2, heads, 0.0, gap=4)
    height = 22 * page.size
    unit = (height - _GAP * len(names)) / n
    colours = [*colours_of(found), WHITE]
    counts = np.array(
        [[(column == state).sum() for state in range(len(names))] for column in grid.T]
    )
    tops = np.array([_stack(k, unit, top) for k in counts])
    for step in range(len(rounds) - 1):
        sides = (xs[step] + bar, xs[step + 1])
        _ribbons(ax, grid[:, step : step + 2], tops[step : step + 2], unit, sides, colours)
    outside = {0: (xs[0] - 5, "right"), len(xs) - 1: (xs[-1] + bar + 5, "left")}
    for (step, state), k in np.ndenumerate(counts):
        if not k:
            continue
        x, y, high = float(xs[step]), float(tops[step, state]), k * unit
        face, told = colours[state], names[state] if state < unseen else f"{names[state]} {k}"
        ax.add_patch(Rectangle((x, y), bar, high, facecolor=face, edgecolor=LINE, lw=0.5))
        if state == unseen:
            ax.plot([x, x + bar], [y, y + high], color=LINE, lw=0.6)
        if high > page.size * 1.1:
            if state < unseen:
                page.write(x + bar / 2, y + high / 2, str(k), "center", color=ink_on(face))
            if named and step in outside:
                at, ha = outside[step]
                page.write(at, y + high / 2, told, ha)
    keys = [tile(word, colour) for colour, word in zip(colours, words, strict=False)]
    if (grid == unseen).any():
        rest = "not observed" if named else "not observed (the rest of each bar)"
        keys.append(NotObservedPatch(label=rest))
    return page.painted(top + height, keys=keys)


def _downwards(n_states: int) -> list[int]:
    """Order the states from the top: the highest first, not observed last."""
    return [*range(n_states - 2, -1, -1), n_states - 1]


def _stack(counts: np.ndarray, unit: float, y: float) -> np.ndarray:
    """Top of each state's bar in a round."""
    tops = np.zeros(len(counts))
    for state in _downwards(len(counts)):
        tops[state] = y
        y += counts[state] * unit + (_GAP if counts[state] else 0)
    return tops


def _ribbons(
    ax: Axes,
    pair: np.ndarray,
    tops: np.ndarray,
    unit: float,
    x: tuple[float, float],
    colours: list[str],
) -> None:
    """Draw one ribbon for each way taken, the widest beneath; no transparency (EPS has none)."""
    place = np.argsort(_downwards(len(colours)))
    ways, counts = np.unique(pair, axis=0, return_counts=True)
    order = np.lexsort((place[ways[:, 1]], place[ways[:, 0]]))
    ways, heights = ways[order], counts[order] * unit
    # They leave in the order of where they go, and arrive in the order of where they come from.
    begin, starts = tops.copy(), np.zeros((len(ways), 2))
    for way in range(len(ways)):
        starts[way, 0] = begin[0, ways[way, 0]]
        begin[0, ways[way, 0]] += heights[way]
    for way in np.argsort(place[ways[:, 1]], kind="stable"):
        starts[way, 1] = begin[1, ways[way, 1]]
        begin[1, ways[way, 1]] += heights[way]
    middle = (x[0] + x[1]) / 2
    curve = [Path.CURVE4] * 3
    codes = [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY]
    for way in np.argsort(-heights, kind="stable"):
        (y0, y1), high = starts[way], heights[way]
        there = [(x[0], y0), (middle, y0), (middle, y1), (x[1], y1)]
        back = [(at, y + high) for at, y in reversed(there)]
        unseen = len(colours) - 1 in ways[way]
        # White with an outline, as the box of who was not observed: told apart in grey too.
        face, edge = (WHITE, LINE) if unseen else (ribbon_of(colours[ways[way, 0]]), WHITE)
        path = Path([*there, *back, there[0]], codes)
        ax.add_patch(PathPatch(path, facecolor=face, edgecolor=edge, lw=0.5))


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
