"""Participant x code x round as tiles: present, absent, and not observed kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from quidqual.study.wording import counted, joined, k_of_n

from .canvas import Page, Painted, as_points
from .drawing import Drawing, chart
from .keys import NotObservedPatch
from .labels import UNNAMED, Names, lines_in, longest_word, shorten, width_of, wrap
from .palette import BLUE
from .rows import Rows, lay_rows
from .style import LINE, PALE, SOFT, WHITE
from .tables import TOLD_BEFORE, needs, ordered, people, places, selected, states_of

_STATES = ("absent", "present", "not_observed", TOLD_BEFORE)
_UNSEEN = "#b3b3b3"  # in an image there is no room for a stroke: grey between the two
_BEFORE = "#a9cce6"  # between present and absent: it was told and has not gone
_MANY = 40  # more people than this are drawn as one image
_BLOCK_GAP = 9.0


@chart
def tiles(
    presence: pd.DataFrame,
    *,
    codes: str | Sequence[str] | None = None,
    groups: str | Sequence[str] | None = None,
    names: Names = UNNAMED,
) -> Drawing:
    """Draw who spoke of what, and when: one tile a participant, code and round.

    Parameters
    ----------
    presence : DataFrame
        ``participant`` (str), ``group`` (str, optional), ``round`` and ``code`` (ordered
        Categorical), ``state`` (present, absent, not_observed), ``corpus``.
    codes, groups : str or sequence of str, optional
        Which to draw, in this order; else all, in the order of the codebook.
    title : str, optional
    width : float, optional
        Width of the figure in mm (180).
    ax : Axes, optional
        Draw here instead of on a figure of its own.

    Returns
    -------
    Figure
        Many codes are laid in several bands; above 40 people the tiles become an image.

    Raises
    ------
    QuidqualError
        If columns are missing, the frame is empty, or a code or group is not in it.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> seen = pd.DataFrame({"participant": ["P1", "P1"], "round": ["R1", "R2"],
    ...     "code": ["trust", "trust"], "state": ["absent", "present"], "corpus": "synthetic"})
    >>> qq.plot.tiles(seen).get_size_inches()[0].round(2)
    np.float64(7.09)
    """
    needs(presence, ("participant", "round", "code", "state"), chart="tiles")
    chosen = ordered(presence["code"], only=codes, field="codes")
    members = people(presence, groups=groups)
    rounds = ordered(presence["round"])
    grid = _grid(presence, [p for group in members.values() for p in group], chosen, rounds)
    kept = selected(presence, codes=chosen, groups=members)

    def paint(ax: Axes, page: Page) -> Painted:
        return _paint(ax, page, grid, members, [names(code) for code in chosen], rounds)

    return Drawing(
        paint,
        data=kept.reset_index(drop=True),
        alt=_alt(grid, chosen, names, rounds),
    )


def _grid(
    presence: pd.DataFrame, order: list[str], codes: list[str], rounds: list[str]
) -> np.ndarray:
    """Array of people x codes x rounds: index into _STATES; no row at all is not observed."""
    grid = np.full((len(order), len(codes), len(rounds)), 2, dtype=np.int8)
    at = [
        places(presence[column], names)
        for names, column in ((order, "participant"), (codes, "code"), (rounds, "round"))
    ]
    state = places(states_of(presence), _STATES)
    inside = (at[0] >= 0) & (at[1] >= 0) & (at[2] >= 0) & (state >= 0)
    grid[at[0][inside], at[1][inside], at[2][inside]] = state[inside]
    return grid


def _paint(
    ax: Axes,
    page: Page,
    grid: np.ndarray,
    members: Mapping[str, Sequence[str]],
    labels: list[str],
    rounds: list[str],
) -> Painted:
    rows = lay_rows(members, page)
    room = page.width - rows.gutter
    dense = len(rows.names) > _MANY
    word = min(longest_word(labels, page.size) + 3, 11 * page.size)
    least = 1.3 * page.size if dense else max(len(rounds) * 1.15 * page.size + _BLOCK_GAP, word)
    bands = -(-len(labels) // max(int(room // least), 1))
    across = -(-len(labels) // bands)
    block = min(room / across, 14 * page.size)
    y = 0.0
    for first in range(0, len(labels), across):
        part = grid[:, first : first + across]
        y = _headings(
            ax, page, labels[first : first + across], rounds, rows.gutter, y, block, dense
        )
        rows.write(ax, page, top=y, left=rows.gutter)
        if dense:
            _image(ax, part, rows, y, block)
        else:
            _squares(ax, part, rows, y, block, page.size)
        y += rows.whole + (page.line(1.2) if first + across < len(labels) else 0)
    as_points(ax, page, y)
    return Painted(y, keys=_keys(dense, told_before=bool((grid == 3).any())))


def _headings(
    ax: Axes,
    page: Page,
    labels: list[str],
    rounds: list[str],
    left: float,
    top: float,
    block: float,
    dense: bool,
) -> float:
    """Write code labels and round names over a band; give where its rows begin."""
    if dense and block < 6 * page.size:
        short = [shorten(label, 150, size=page.size) for label in labels]
        high = max(width_of(text, page.size) for text in short) + 4
        for place, text in enumerate(short):
            ax.text(
                left + (place + 0.5) * block,
                top + high - 4,
                text,
                rotation=90,
                ha="center",
                va="bottom",
                size=page.size,
            )
        return top + high
    wrapped = [wrap(label, block - 2.5, size=page.size) for label in labels]
    high = page.line(max(lines_in(text) for text in wrapped))
    for place, text in enumerate(wrapped):
        middle = left + place * block + (block - _BLOCK_GAP) / 2
        ax.text(middle, top + high, text, ha="center", va="bottom", size=page.size)
    one, inset = _tile(block, len(rounds), page.size)
    ticks = _ticks(rounds, one, page.small)
    for place in range(len(labels)):
        for step, tick in enumerate(ticks):
            x = left + place * block + inset + (step + 0.5) * one
            ax.text(
                x,
                top + high + page.line(0.9),
                tick,
                ha="center",
                va="bottom",
                size=page.small,
                color=SOFT,
            )
    return top + high + (page.line(0.9) + 2 if ticks else 3)


def _tile(block: float, n_rounds: int, size: float) -> tuple[float, float]:
    """Width of a tile and how far the first stands from the left of its block."""
    one = min((block - _BLOCK_GAP) / n_rounds, 3 * size)
    return one, (block - _BLOCK_GAP - one * n_rounds) / 2


def _ticks(rounds: list[str], room: float, size: float) -> list[str]:
    """Name rounds over narrow tiles: in full, else by their number, else not at all."""
    numbers = ["".join(ch for ch in name if ch.isdigit()) for name in rounds]
    for names in (rounds, numbers):
        distinct = all(names) and len(set(names)) == len(names)
        if distinct and max(width_of(name, size) for name in names) + 1.5 <= room:
            return names
    return []


def _squares(ax: Axes, part: np.ndarray, rows: Rows, top: float, block: float, size: float) -> None:
    """Draw every tile as its own shape, so that it stays sharp and can be edited."""
    one, inset = _tile(block, part.shape[2], size)
    wide, high = one - 1.6, rows.height - 1.8
    row, code, step = (index.ravel() for index in np.indices(part.shape))
    x = rows.gutter + code * block + inset + step * one + 0.8
    y = top + rows.centres[row] - high / 2
    state = part.ravel()
    corners = np.stack(
        [
            np.stack([x + dx * wide, y + dy * high], axis=-1)
            for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1))
        ],
        axis=1,
    )
    for value, face in enumerate((PALE, BLUE, WHITE, _BEFORE)):
        if value == 3 and not (state == value).any():
            continue
        ax.add_collection(
            PolyCollection(
                list(corners[state == value]),
                facecolors=face,
                edgecolors=LINE,
                linewidths=0.5,
                label=_STATES[value],
            ),
            autolim=False,
        )
    unseen = corners[state == 2]
    ax.add_collection(
        LineCollection(list(unseen[:, [0, 2]]), colors=LINE, linewidths=0.6), autolim=False
    )


def _image(ax: Axes, part: np.ndarray, rows: Rows, top: float, block: float) -> None:
    """Draw each group as one image: a hundred thousand shapes would take minutes."""
    gap = 1.0 if block < 30 else 3.0
    begin = 0
    for _, first, last in rows.groups:
        count = round((last - first) / rows.height)
        for code in range(part.shape[1]):
            x = rows.gutter + code * block
            ax.imshow(
                part[begin : begin + count, code],
                cmap=ListedColormap([PALE, BLUE, _UNSEEN, _BEFORE]),
                vmin=0,
                vmax=3,
                extent=(x, x + block - gap, top + last, top + first),
                aspect="auto",
                interpolation="nearest",
            )
        begin += count


def _keys(dense: bool, *, told_before: bool) -> list[Patch]:
    unseen = (
        Patch(facecolor=_UNSEEN, edgecolor=LINE, lw=0.5, label="not observed")
        if dense
        else NotObservedPatch(label="not observed")
    )
    before = Patch(facecolor=_BEFORE, edgecolor=LINE, lw=0.5, label="told before, not again")
    return [
        Patch(facecolor=BLUE, edgecolor=LINE, lw=0.5, label="present"),
        *([before] if told_before else []),
        Patch(facecolor=PALE, edgecolor=LINE, lw=0.5, label="absent"),
        unseen,
    ]


def _alt(grid: np.ndarray, codes: list[str], names: Names, rounds: list[str]) -> str:
    ever = (grid == 1).any(axis=2).sum(axis=0)
    seen = (grid != 2).any(axis=2).sum(axis=0)
    most = sorted(range(len(codes)), key=lambda at: (-ever[at], at))
    told = joined([f"{names(codes[at])} {k_of_n(ever[at], seen[at])}" for at in most], limit=8)
    unseen = int((grid == 2).all(axis=1).sum())
    return (
        f"Tiles of {counted(grid.shape[0], 'participant')} by {counted(len(codes), 'code')} by "
        f"{counted(len(rounds), 'round')}. "
        f"Participants who ever spoke of a code, of those observed: {told}. "
        f"{unseen} of {grid.shape[0] * len(rounds)} participant-rounds were not observed."
    )
