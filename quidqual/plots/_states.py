"""State sequences: one row a person, one cell a round, the word in each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch, Rectangle

from quidqual.study.arguments import names_of
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import counted, joined, k_of_n

from .canvas import Page, Painted, as_points
from .drawing import Drawing, chart
from .keys import NotObservedPatch
from .labels import lines_in, longest_word, must_be_codebook, plain, wrap
from .palette import ink_on, steps
from .rows import lay_rows
from .style import LINE, PALE, WHITE
from .tables import NOT_OBSERVED, needs, ordered, people, places

_MANY = 40
_UNITS = {"participant": "participants"}  # what the lines are; else they are called lines


@chart
def states(
    frame: pd.DataFrame,
    *,
    row: str = "participant",
    order: Sequence[str] | None = None,
    groups: str | Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    codebook: Any = None,
    language: str = "en",
) -> Drawing:
    """Draw each person's sequence of states over the rounds (an index plot).

    Parameters
    ----------
    frame : DataFrame
        ``participant`` (str), ``group`` (str, optional), ``round`` (ordered Categorical),
        ``state`` (ordered Categorical, lowest first; ``not_observed`` may be one of its
        values), ``corpus``. One row a participant and round.
    row : str
        The column whose values get a line each. Where a line is not a person (one code of one
        person, say), name a column of your own and leave ``participant`` as it is: the
        alternative text then counts lines, and says of how many participants they are.
    order : sequence of str, optional
        The states from lowest to highest, if the column is not an ordered Categorical.
    groups : str or sequence of str, optional
        Groups to draw, in this order.
    labels : mapping, optional
        Words for the states.
    codebook : Codebook, optional
        Gives the states of its constructs their words (and ``language`` which of them).

    Returns
    -------
    Figure

    Notes
    -----
    States are steps of one map, light to dark, so their order is read without a key and
    also in grey. A round that was not held is a white cell with a stroke, never a state.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> seen = pd.DataFrame({"participant": ["P1", "P1"], "round": ["R1", "R2"],
    ...     "state": ["doubt", "settled"], "corpus": "synthetic"})
    >>> figure = qq.plot.states(seen, order=["doubt", "settled"])
    """
    needs(frame, (row, "round", "state"), chart="states")
    found = [state for state in ordered(frame["state"]) if state != NOT_OBSERVED]
    if order is not None:
        wanted = names_of(order, field="order")
        lacking = [state for state in found if state not in wanted]
        if lacking:  # they would be drawn as not observed
            raise QuidqualError.of(
                f"order lacks {listed(lacking)}.",
                remedy="Name every state of the frame, from lowest to highest.",
                field="order",
            )
        found = [state for state in wanted if state in found]
    elif isinstance(frame["state"].dtype, pd.CategoricalDtype):
        # Steps of the whole scale, so that a state keeps its colour where another is not reached.
        found = [str(s) for s in frame["state"].cat.categories if str(s) != NOT_OBSERVED]
    if frame.duplicated([row, "round"]).any():
        raise QuidqualError.of(
            f"Some {_UNITS.get(row, 'lines')} have more than one state in a round.",
            remedy="Draw one construct at a time: filter the frame.",
            field="frame",
        )
    # The layout names its rows `participant`; the frame that is kept does not.
    lined = frame.assign(participant=frame[row].astype(str))
    members = people(lined, groups=groups)
    rounds = ordered(frame["round"])
    words = dict(zip(found, words_of(frame, found, labels, codebook, language), strict=True))
    who = [name for group in members.values() for name in group]
    grid = _grid(lined, who, rounds, found)

    def paint(ax: Axes, page: Page) -> Painted:
        return _paint(ax, page, grid, members, rounds, [words[s] for s in found])

    kept = frame[lined["participant"].isin(who)].reset_index(drop=True)
    opening = _opening(kept, row, len(who), len(rounds))
    return Drawing(
        paint,
        data=kept,
        alt=_alt(grid, opening, rounds, [words[s] for s in found], row),
    )


def words_of(
    frame: pd.DataFrame,
    states: Sequence[str],
    labels: Mapping[str, str] | None,
    codebook: Any,
    language: str,
) -> list[str]:
    """Give each state its word: as told, else as the codebook has it, else its own name."""
    if codebook is not None:
        must_be_codebook(codebook)
    if labels is not None and not isinstance(labels, Mapping):
        raise QuidqualError.of(f"labels must be a mapping of state to word, not {labels!r}.")
    told = dict(labels or {})
    own = set(frame["construct"].astype(str)) if "construct" in frame.columns else set()
    for construct in getattr(codebook, "constructs", ()):
        if construct.id in own:
            for state in construct.states:
                given = state.label.get(language) or next(iter(state.label.values()), "")
                told.setdefault(state.id, given)
    return [told.get(state) or state.replace("_", " ") for state in states]


def colours_of(states: Sequence[str]) -> list[str]:
    """Give the states steps of one map; ``none`` is no step of the scale but stands before it."""
    scale = iter(steps(sum(state != "none" for state in states)))
    return [PALE if state == "none" else next(scale) for state in states]


def _grid(frame: pd.DataFrame, who: list[str], rounds: list[str], found: list[str]) -> np.ndarray:
    """Array of people x rounds: place of the state in its order, -1 where not observed."""
    grid = np.full((len(who), len(rounds)), -1, dtype=np.int16)
    row, column = places(frame["participant"], who), places(frame["round"], rounds)
    state = places(frame["state"], found)
    inside = (row >= 0) & (column >= 0)
    grid[row[inside], column[inside]] = state[inside]
    return grid


def _paint(
    ax: Axes,
    page: Page,
    grid: np.ndarray,
    members: Mapping[str, Sequence[str]],
    rounds: list[str],
    words: list[str],
) -> Painted:
    n_rounds = len(rounds)
    gap = 5.0
    guess = (page.width - 8 * page.size) / n_rounds - gap
    wrapped = [wrap(word, guess - 6, size=page.size) for word in words]
    # A word too long for its cell is told by the key alone rather than cut in pieces.
    inside = longest_word(words, page.size) <= guess - 6 and len(grid) <= _MANY
    deep = max(map(lines_in, wrapped), default=1) if inside else 1
    inside, deep = (inside, deep) if deep <= 3 else (False, 1)
    rows = lay_rows(members, page, row=0.75 + 1.25 * deep)
    cell = min((page.width - rows.gutter) / n_rounds, 22 * page.size) - gap
    head = [wrap(name, cell, size=page.size) for name in rounds]
    top = page.line(max(map(lines_in, head))) + 3
    for step, name in enumerate(head):
        x = rows.gutter + step * (cell + gap) + cell / 2
        ax.text(x, top - 3, name, ha="center", va="bottom", size=page.size)
    rows.write(ax, page, top=top, left=rows.gutter)
    colours = colours_of(words)
    if len(grid) > _MANY:
        _image(ax, grid, rows.groups, rows.height, (rows.gutter, top, cell, gap), colours)
    else:
        high = rows.height - 2.5
        for (row, step), state in np.ndenumerate(grid):
            x, y = rows.gutter + step * (cell + gap), top + float(rows.centres[row]) - high / 2
            face = colours[state] if state >= 0 else WHITE
            ax.add_patch(Rectangle((x, y), cell, high, facecolor=face, edgecolor=LINE, lw=0.5))
            if state < 0:
                ax.plot([x, x + cell], [y, y + high], color=LINE, lw=0.6)
            elif inside:
                ax.text(
                    x + cell / 2,
                    y + high / 2,
                    wrapped[state],
                    ha="center",
                    va="center_baseline" if deep == 1 else "center",
                    size=page.size,
                    color=ink_on(face),
                )
    height = top + rows.whole
    as_points(ax, page, height)
    keys = [
        Patch(facecolor=c, edgecolor=LINE, lw=0.5, label=plain(w))
        for c, w in zip(colours, words, strict=True)
    ]
    keys = [] if inside else keys
    unseen = (
        Patch(facecolor=WHITE, edgecolor=LINE, lw=0.5, label="not observed")
        if len(grid) > _MANY
        else NotObservedPatch(label="not observed")
    )
    return Painted(height, keys=[*keys, unseen] if (grid < 0).any() else keys)


def _image(
    ax: Axes,
    grid: np.ndarray,
    groups: Sequence[tuple[str, float, float]],
    row: float,
    place: tuple[float, float, float, float],
    colours: list[str],
) -> None:
    """Draw hundreds of people as one image a group, sorted by what they went through."""
    left, top, cell, gap = place
    colormap = ListedColormap([WHITE, *colours])
    begin = 0
    for _, first, last in groups:
        part = grid[begin : begin + round((last - first) / row)]
        part = part[np.lexsort(part.T[::-1])]
        for step in range(grid.shape[1]):
            x = left + step * (cell + gap)
            ax.imshow(
                part[:, [step]] + 1,
                cmap=colormap,
                vmin=0,
                vmax=len(colours),
                aspect="auto",
                extent=(x, x + cell, top + last, top + first),
                interpolation="nearest",
            )
            ax.add_patch(
                Rectangle((x, top + first), cell, last - first, fill=False, edgecolor=LINE, lw=0.5)
            )
        begin += len(part)


def _opening(kept: pd.DataFrame, row: str, n: int, n_rounds: int) -> str:
    """Say what the lines are: participants, or lines of so many participants."""
    over = f"over {counted(n_rounds, 'round')}"
    if row == "participant":
        return f"States of {counted(n, 'participant')} {over}, one row a participant."
    of = ""
    if "participant" in kept.columns:
        of = f" of {counted(kept['participant'].nunique(), 'participant')}"
    return f"States in {counted(n, 'line')}{of} {over}."


def _alt(grid: np.ndarray, opening: str, rounds: list[str], words: list[str], row: str) -> str:
    told = []
    unit = "" if row == "participant" else " lines"
    for step, name in enumerate(rounds):
        seen = int((grid[:, step] >= 0).sum())
        counts = [
            f"{word} {k_of_n(int((grid[:, step] == s).sum()), seen)}{unit}"
            for s, word in enumerate(words)
            if (grid[:, step] == s).any()
        ]
        told.append(f"{name}: {joined(counts, limit=6) or 'nobody observed'}")
    return f"{opening} {'; '.join(told)}."
