"""State sequences: one row a person, one cell a round, the word in each cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from quidqual.study.arguments import names_of
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import counted, joined, k_of_n

from .drawing import Drawing, chart
from .labels import lines_in, longest_word, must_be_codebook, plain
from .palette import NotObservedPatch, ink_on, steps, tile
from .paper import Page, Painted, Rows, image, lay_rows
from .style import LINE, PALE, UNSEEN, WHITE
from .tables import NOT_OBSERVED, laid_out, needs, ordered, people, places

_MANY = 40


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
    must_be_one_a_round(frame, row)
    # The layout names its rows `participant`; the frame that is kept does not.
    lined = frame.assign(participant=frame[row].astype(str))
    members = people(lined, groups=groups)
    rounds = ordered(frame["round"])
    words = words_of(frame, found, labels, codebook, language)
    who = [name for group in members.values() for name in group]
    state = places(frame["state"], found)
    grid = laid_out(lined, state, missing=-1, participant=who, round=rounds)
    kept = frame[lined["participant"].isin(who)]
    told = states_told(grid, rounds, words, "" if row == "participant" else " lines")
    return Drawing(
        partial(_paint, grid, members, rounds, words),
        data=kept,
        alt=f"{_opening(kept, row, len(who), len(rounds))} {told}.",
    )


def must_be_one_a_round(frame: pd.DataFrame, row: str = "participant") -> None:
    """Refuse a frame that says of one line and round two things.

    Raises
    ------
    QuidqualError
    """
    if frame.duplicated([row, "round"]).any():
        lines = "participants" if row == "participant" else "lines"
        raise QuidqualError.of(
            f"Some {lines} have more than one state in a round.",
            remedy="Draw one construct at a time: filter the frame.",
            field="frame",
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


def states_told(grid: np.ndarray, rounds: list[str], words: list[str], unit: str = "") -> str:
    """Say round by round how many of those observed are in each state."""
    told = []
    for name, column in zip(rounds, grid.T, strict=True):
        counts = [int((column == state).sum()) for state in range(len(words))]
        seen = [
            f"{word} {k_of_n(k, sum(counts))}{unit}"
            for word, k in zip(words, counts, strict=True)
            if k
        ]
        told.append(f"{name}: {joined(seen, limit=6) or 'nobody observed'}")
    return "; ".join(told)


def _paint(
    grid: np.ndarray,
    members: Mapping[str, Sequence[str]],
    rounds: list[str],
    words: list[str],
    ax: Axes,
    page: Page,
) -> Painted:
    n_rounds, gap, dense = len(rounds), 5.0, len(grid) > _MANY
    room = (page.width - 8 * page.size) / n_rounds - gap - 6
    wrapped = page.wrapped(words, room)
    deep = max(map(lines_in, wrapped), default=1)
    # A word too long for its cell is told by the key alone rather than cut in pieces.
    inside = longest_word(words, page.size) <= room and not dense and deep <= 3
    rows = lay_rows(members, page, row=0.75 + 1.25 * (deep if inside else 1))
    cell = min((page.width - rows.gutter) / n_rounds, 22 * page.size) - gap
    lefts = rows.gutter + np.arange(n_rounds) * (cell + gap)
    top = page.write_heads(lefts + cell / 2, page.wrapped(rounds, cell), 0.0)
    rows.write(page, top=top, left=rows.gutter)
    colours = colours_of(words)
    if dense:
        _image(ax, grid, rows, top, lefts, cell, colours)
    else:
        high = rows.height - 2.5
        for (row, step), state in np.ndenumerate(grid):
            x, middle = float(lefts[step]), top + float(rows.centres[row])
            y = middle - high / 2
            face = colours[state] if state >= 0 else WHITE
            ax.add_patch(Rectangle((x, y), cell, high, facecolor=face, edgecolor=LINE, lw=0.5))
            if state < 0:
                ax.plot([x, x + cell], [y, y + high], color=LINE, lw=0.6)
            elif inside:
                va = "center_baseline" if deep == 1 else "center"
                page.write(x + cell / 2, middle, wrapped[state], "center", va, color=ink_on(face))
    height = top + rows.whole
    keys = [] if inside else [tile(plain(w), c) for c, w in zip(colours, words, strict=True)]
    if (grid < 0).any():
        label = "not observed"
        keys.append(tile(label, UNSEEN) if dense else NotObservedPatch(label=label))
    return page.painted(height, keys=keys)


def _image(
    ax: Axes,
    grid: np.ndarray,
    rows: Rows,
    top: float,
    lefts: np.ndarray,
    cell: float,
    colours: list[str],
) -> None:
    """Draw hundreds of people as one image a group, sorted by what they went through."""
    for _, first, last, own in rows.groups:
        part = grid[own]
        part = part[np.lexsort(part.T[::-1])]
        for x, column in zip(lefts, part.T, strict=True):
            box = (x, x + cell, top + last, top + first)
            image(ax, column[:, None] + 1, [UNSEEN, *colours], box)
            ax.add_patch(
                Rectangle((x, top + first), cell, last - first, fill=False, edgecolor=LINE, lw=0.5)
            )


def _opening(kept: pd.DataFrame, row: str, n: int, n_rounds: int) -> str:
    """Say what the lines are: participants, or lines of so many participants."""
    over = f"over {counted(n_rounds, 'round')}"
    if row == "participant":
        return f"States of {counted(n, 'participant')} {over}, one row a participant."
    of = ""
    if "participant" in kept.columns:
        of = f" of {counted(kept['participant'].nunique(), 'participant')}"
    return f"States in {counted(n, 'line')}{of} {over}."
