"""Participant x code x round as tiles: present, absent, and not observed kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Patch

from quidqual.study.wording import counted, joined, k_of_n

from .drawing import Drawing, chart
from .labels import UNNAMED, Names, lines_in, longest_word, shorten, widest, wrap
from .palette import BLUE, NotObservedPatch, tile
from .paper import Page, Painted, Rows, image, lay_rows
from .style import LINE, PALE, SOFT, UNSEEN, WHITE
from .tables import (
    TOLD_BEFORE,
    laid_out,
    needs,
    ordered,
    people,
    places,
    said_unasked,
    selected,
    states_of,
)

_STATES = ("absent", "present", "not_observed", TOLD_BEFORE)
_ABSENT, _PRESENT, _UNSEEN, _BEFORE = range(4)
_BEFORE_BLUE = "#a9cce6"  # between present and absent: it was told and has not gone
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
    state = places(states_of(presence), _STATES)
    who = [name for group in members.values() for name in group]
    axes = {"participant": who, "code": chosen, "round": rounds}
    grid = laid_out(presence, np.where(state < 0, _UNSEEN, state), missing=_UNSEEN, **axes)
    asked = (~said_unasked(presence)).astype(np.int16)
    labels = [names(code) for code in chosen]
    return Drawing(
        partial(_paint, grid, members, labels, rounds),
        data=selected(presence, codes=chosen, groups=members),
        alt=_alt(grid, laid_out(presence, asked, missing=0, **axes) > 0, labels, rounds),
    )


def _paint(
    grid: np.ndarray,
    members: Mapping[str, Sequence[str]],
    labels: list[str],
    rounds: list[str],
    ax: Axes,
    page: Page,
) -> Painted:
    rows = lay_rows(members, page)
    room = page.width - rows.gutter
    dense = len(rows.names) > _MANY
    word = min(longest_word(labels, page.size) + 3, 11 * page.size)
    least = 1.3 * page.size if dense else max(len(rounds) * 1.15 * page.size + _BLOCK_GAP, word)
    bands = -(-len(labels) // max(int(room // least), 1))
    across = -(-len(labels) // bands)
    block = min(room / across, 14 * page.size)
    upright, y = dense and block < 6 * page.size, 0.0
    for first in range(0, len(labels), across):
        y += page.line(1.2) if first else 0
        shown, part = labels[first : first + across], grid[:, first : first + across]
        lefts = rows.gutter + np.arange(len(shown)) * block
        if upright:
            y = _upright(page, shown, lefts + block / 2, y)
        else:
            y = _headings(page, shown, rounds, lefts, y, block)
        rows.write(page, top=y, left=rows.gutter)
        draw = _images if dense else _squares
        draw(ax, part, rows, lefts, y, block, page.size)
        y += rows.whole
    one, _ = _tile(block, len(rounds), page.size)
    if len(rounds) > 1 and (upright or not _ticks(rounds, one, page.small)):
        note = wrap(f"In each block, from left to right: {joined(rounds)}", room, size=page.small)
        page.write(rows.gutter, y + 4, note, "left", "top", small=True, color=SOFT)
        y += 4 + page.line(lines_in(note))
    return page.painted(y, keys=_keys(dense, told_before=bool((grid == _BEFORE).any())))


def _upright(page: Page, labels: list[str], middles: np.ndarray, y: float) -> float:
    """Write code labels upright over narrow columns; give where the rows begin."""
    short = [shorten(label, 150, size=page.size) for label in labels]
    y += widest(short, page.size) + 4
    for x, text in zip(middles, short, strict=True):
        page.write(x, y - 4, text, "center", "bottom", rotation=90)
    return y


def _headings(
    page: Page, labels: list[str], rounds: list[str], lefts: np.ndarray, y: float, block: float
) -> float:
    """Write code labels and round names over a band; give where its rows begin."""
    wrapped = page.wrapped(labels, block - 2.5)
    y = page.write_heads(lefts + (block - _BLOCK_GAP) / 2, wrapped, y, gap=0)
    one, inset = _tile(block, len(rounds), page.size)
    ticks = _ticks(rounds, one, page.small)
    for left in lefts + inset:
        for step, tick in enumerate(ticks):
            at = (left + (step + 0.5) * one, y + page.line(0.9))
            page.write(*at, tick, "center", "bottom", small=True, color=SOFT)
    return y + (page.line(0.9) + 2 if ticks else 3)


def _tile(block: float, n_rounds: int, size: float) -> tuple[float, float]:
    """Width of a tile and how far the first stands from the left of its block."""
    one = min((block - _BLOCK_GAP) / n_rounds, 3 * size)
    return one, (block - _BLOCK_GAP - one * n_rounds) / 2


def _ticks(rounds: list[str], room: float, size: float) -> list[str]:
    """Name rounds over narrow tiles: in full, else by their number, else not at all."""
    numbers = ["".join(ch for ch in name if ch.isdigit()) for name in rounds]
    for names in (rounds, numbers):
        distinct = all(names) and len(set(names)) == len(names)
        if distinct and widest(names, size) + 1.5 <= room:
            return names
    return []


def _squares(
    ax: Axes, part: np.ndarray, rows: Rows, lefts: np.ndarray, top: float, block: float, size: float
) -> None:
    """Draw every tile as its own shape, so that it stays sharp and can be edited."""
    one, inset = _tile(block, part.shape[2], size)
    wide, high = one - 1.6, rows.height - 1.8
    row, code, step = np.indices(part.shape)
    x = lefts[code] + inset + step * one + 0.8
    y = top + rows.centres[row] - high / 2
    corners = np.stack([x, y, x + wide, y, x + wide, y + high, x, y + high], axis=-1)
    corners = corners.reshape(*part.shape, 4, 2)
    for value, face in enumerate((PALE, BLUE, WHITE, _BEFORE_BLUE)):
        own = list(corners[part == value])
        if own or value != _BEFORE:
            made = PolyCollection(own, facecolors=face, edgecolors=LINE, linewidths=0.5)
            made.set_label(_STATES[value])
            ax.add_collection(made, autolim=False)
    strokes = corners[part == _UNSEEN][:, [0, 2]]
    ax.add_collection(LineCollection(list(strokes), colors=LINE, linewidths=0.6), autolim=False)


def _images(
    ax: Axes, part: np.ndarray, rows: Rows, lefts: np.ndarray, top: float, block: float, size: float
) -> None:
    """Draw each group as one image: a hundred thousand shapes would take minutes."""
    wide = block - (1.0 if block < 30 else 3.0)
    for _, first, last, own in rows.groups:
        for code, x in enumerate(lefts):
            box = (x, x + wide, top + last, top + first)
            image(ax, part[own, code], [PALE, BLUE, UNSEEN, _BEFORE_BLUE], box)


def _keys(dense: bool, *, told_before: bool) -> list[Patch]:
    unseen = "not observed"
    return [
        tile("present", BLUE),
        *([tile("told before, not again", _BEFORE_BLUE)] if told_before else []),
        tile("absent", PALE),
        tile(unseen, UNSEEN) if dense else NotObservedPatch(label=unseen),
    ]


def _alt(grid: np.ndarray, asked: np.ndarray, labels: list[str], rounds: list[str]) -> str:
    observed = ((grid != _UNSEEN) & asked).any(axis=2)
    ever = ((grid == _PRESENT).any(axis=2) & observed).sum(axis=0)
    seen = observed.sum(axis=0)
    most = np.argsort(-ever, kind="stable")
    told = joined([f"{labels[at]} {k_of_n(ever[at], seen[at])}" for at in most], limit=8)
    unseen = int((grid == _UNSEEN).all(axis=1).sum())
    return (
        f"Tiles of {counted(grid.shape[0], 'participant')} by {counted(len(labels), 'code')} by "
        f"{counted(len(rounds), 'round')}. "
        f"Participants who ever spoke of a code, of those observed: {told}. "
        f"{unseen} of {grid.shape[0] * len(rounds)} participant-rounds were not observed."
    )
