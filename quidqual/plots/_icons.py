"""Icon arrays: everyone has one fixed place, so k of n is counted and persons are followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.lines import Line2D

from quidqual.study.wording import joined, k_of_n

from .canvas import Page, Painted, as_points
from .drawing import Drawing, chart
from .labels import UNNAMED, Names, lines_in, widest, width_of, wrap
from .palette import NEUTRAL, Cue, group_cues
from .style import LINE, PALE, SOFT, WHITE
from .tables import needs, ordered, people, places, selected

ABSENT, PRESENT, UNSEEN, NOT_ASKED = range(4)
_MANY = 60  # above this the icons are squares of an image


@chart
def icons(
    presence: pd.DataFrame,
    *,
    codes: str | Sequence[str] | None = None,
    groups: str | Sequence[str] | None = None,
    by_round: bool = True,
    names: Names = UNNAMED,
) -> Drawing:
    """Draw k of n as icons: one a participant, always in the same place.

    Parameters
    ----------
    presence : DataFrame
        ``participant``, ``group`` (optional), ``round``, ``code``, ``state`` (present,
        absent, not_observed), ``reason`` (optional: ``not_asked`` gets a dot instead of the
        cross of an interview that gave nothing), ``corpus``.
    codes, groups : str or sequence of str, optional
        Which to draw, in this order.
    by_round : bool
        One block a round; else one in all (present if present in any round observed).

    Returns
    -------
    Figure
        k/n stands beside each row of icons; n counts those observed.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> seen = pd.DataFrame({"participant": ["P1", "P2"], "round": ["R1", "R1"],
    ...     "code": ["trust", "trust"], "state": ["absent", "present"], "corpus": "synthetic"})
    >>> figure = qq.plot.icons(seen)
    """
    needs(presence, ("participant", "round", "code", "state"), chart="icons")
    chosen = ordered(presence["code"], only=codes, field="codes")
    members = people(presence, groups=groups)
    rounds = ordered(presence["round"])
    kept = selected(presence, codes=chosen, groups=members)
    grid = _grid(kept, [name for group in members.values() for name in group], chosen, rounds)
    if not by_round:
        grid, rounds = _ever(grid), [""]
    look = group_cues(people(presence))
    labels = [names(code) for code in chosen]

    def paint(ax: Axes, page: Page) -> Painted:
        return _paint(ax, page, grid, members, labels, rounds, look)

    return Drawing(
        paint,
        data=kept.reset_index(drop=True),
        alt=_alt(grid, members, labels, rounds),
    )


def _grid(kept: pd.DataFrame, who: list[str], codes: list[str], rounds: list[str]) -> np.ndarray:
    grid = np.full((len(who), len(codes), len(rounds)), UNSEEN, dtype=np.int8)
    at = tuple(
        places(kept[column], names)
        for names, column in ((who, "participant"), (codes, "code"), (rounds, "round"))
    )
    state = places(kept["state"], ["absent", "present", "not_observed"])
    if "reason" in kept.columns:
        unasked = (kept["reason"] == "not_asked").to_numpy(dtype=bool)
        state = np.where((state == UNSEEN) & unasked, NOT_ASKED, state)
    grid[at] = state
    return grid


def _ever(grid: np.ndarray) -> np.ndarray:
    """Unite the rounds: present in any, absent if observed at all, else why not."""
    seen = (grid <= PRESENT).any(axis=2)
    unasked = (grid == NOT_ASKED).any(axis=2)
    state = np.where(seen, ABSENT, np.where(unasked, NOT_ASKED, UNSEEN))
    return np.where((grid == PRESENT).any(axis=2), PRESENT, state)[:, :, None].astype(np.int8)


@dataclass(frozen=True)
class _Cells:
    """How the block of one round is divided: slots of each group, then its k/n."""

    unit: float  # width of one slot in points
    lines: int  # lines of slots in a row
    starts: tuple[float, ...]  # left of each group
    slots: tuple[int, ...]  # slots on a line
    block: float


def _divide(members: Mapping[str, Sequence[str]], page: Page, room: float, n_rounds: int) -> _Cells:
    """Choose the size of a slot: all in one line if it can be, else in a few."""
    sizes = [len(group) for group in members.values()]
    counts = [width_of(f"{n}/{n}", page.small) + 1.6 * page.size for n in sizes]
    free = room / n_rounds - page.size - sum(counts)
    least, best = (0.25 if sum(sizes) > _MANY else 0.95) * page.size, 1.35 * page.size
    lines = 1
    while free / sum(-(-n // lines) for n in sizes) < least and lines < max(sizes):
        lines += 1
    slots = tuple(-(-n // lines) for n in sizes)
    unit = min(max(free / sum(slots), 0.2 * page.size), best)
    starts, x = [], 0.0
    for slot, count in zip(slots, counts, strict=True):
        starts.append(x)
        x += slot * unit + count
    return _Cells(unit, lines, tuple(starts), slots, x + page.size)


def _paint(
    ax: Axes,
    page: Page,
    grid: np.ndarray,
    members: Mapping[str, Sequence[str]],
    labels: list[str],
    rounds: list[str],
    look: Mapping[str, Cue],
) -> Painted:
    narrow = widest([wrap(label, page.width * 0.26, size=page.size) for label in labels], page.size)
    room = page.width - narrow - page.size
    across = len(rounds)
    cells = _divide(members, page, room, across)
    while across > 1 and (cells.lines > 1 or cells.block > room / across + 1):
        across -= 1  # rather a second band of rounds than a person's icons on two lines
        cells = _divide(members, page, room, across)
    across = -(-len(rounds) // -(-len(rounds) // across))
    cells = replace(cells, block=min(room / across, cells.block + 3 * page.size))
    # What the icons leave free is the labels', so that fewer are wrapped and nothing stays empty.
    left = page.width - across * cells.block
    wrapped = [wrap(label, left - page.size, size=page.size) for label in labels]
    image = len(grid) > _MANY
    y = 0.0
    for first in range(0, len(rounds), across):
        shown = range(first, min(first + across, len(rounds)))
        y = _headings(ax, page, [rounds[r] for r in shown], members, cells, left, y)
        heights = _heights(wrapped, cells, page, image)
        middles = y + np.cumsum(heights) - heights / 2
        for middle, label in zip(middles, wrapped, strict=True):
            ax.text(
                left - page.size,
                middle,
                label,
                ha="right",
                va="center_baseline" if lines_in(label) == 1 else "center",
                size=page.size,
            )
        for place, step in enumerate(shown):
            part = grid[:, :, step]
            x = left + place * cells.block
            if image:
                _blocks(ax, part, members, cells, look, (x, y), float(heights[0]))
            _rows(ax, page, part, members, cells, look, x, middles, image)
        y += float(heights.sum())
        y += page.line(0.8) if first + across < len(rounds) else 0
    as_points(ax, page, y)
    return Painted(y, keys=_keys(grid, look, image))


def _headings(
    ax: Axes,
    page: Page,
    rounds: list[str],
    members: Mapping[str, Sequence[str]],
    cells: _Cells,
    left: float,
    y: float,
) -> float:
    if any(rounds):
        heads = [wrap(name, cells.block - 4, size=page.size, bold=True) for name in rounds]
        y += page.line(max(map(lines_in, heads)))
        for place, head in enumerate(heads):
            ax.text(
                left + place * cells.block,
                y + 0.25 * page.size,
                head,
                ha="left",
                va="bottom",
                size=page.size,
                weight="bold",
            )
        y += 4
    if list(members) == [""]:
        return y
    ends = (*cells.starts[1:], cells.block)
    texts = [
        wrap(group, end - start - 4, size=page.small)
        for group, start, end in zip(members, cells.starts, ends, strict=True)
    ]
    deep = max(map(lines_in, texts)) * page.small * 1.3
    for place in range(len(rounds)):
        for text, start in zip(texts, cells.starts, strict=True):
            ax.text(
                left + place * cells.block + start,
                y,
                text,
                ha="left",
                va="top",
                size=page.small,
                color=SOFT,
            )
    return y + deep + 2


def _heights(wrapped: list[str], cells: _Cells, page: Page, image: bool) -> np.ndarray:
    """Height of each row; in an image all are alike and a whole number of slots."""
    text = np.array([page.line(lines_in(label)) + 2 for label in wrapped])
    if image:
        slots = max(-(-text.max() // cells.unit), cells.lines + 1 + 0.3 * page.size // cells.unit)
        return np.full(len(wrapped), slots * cells.unit)
    pitch = cells.unit if cells.lines > 1 else 1.55 * page.size
    return np.maximum(text, cells.lines * pitch + 0.45 * page.size)


def _rows(
    ax: Axes,
    page: Page,
    states: np.ndarray,
    members: Mapping[str, Sequence[str]],
    cells: _Cells,
    look: Mapping[str, Cue],
    left: float,
    middles: np.ndarray,
    image: bool,
) -> None:
    """Draw the icons of one round, and k/n beside each group of them."""
    begin = 0
    for group, start, slots in zip(members, cells.starts, cells.slots, strict=True):
        part = states[begin : begin + len(members[group])]
        begin += len(part)
        x = left + start
        if not image:
            line, slot = np.divmod(np.arange(len(part)), slots)
            y = middles[None, :] + (line - (cells.lines - 1) / 2)[:, None] * cells.unit
            across = np.broadcast_to((x + (slot + 0.5) * cells.unit)[:, None], y.shape)
            _marks(ax, page, part, look[group], across, y)
        for row, middle in enumerate(middles):
            k, n = int((part[:, row] == PRESENT).sum()), int((part[:, row] <= PRESENT).sum())
            ax.text(
                x + slots * cells.unit + 0.35 * page.size,
                middle,
                f"{k}/{n}" if n else "–",
                ha="left",
                va="center_baseline",
                size=page.small,
            )


def _marks(ax: Axes, page: Page, part: np.ndarray, cue: Cue, x: np.ndarray, y: np.ndarray) -> None:
    area = (0.78 * page.size) ** 2
    for state in (ABSENT, PRESENT, UNSEEN, NOT_ASKED):
        here = part == state
        if not here.any():
            continue
        if state in (ABSENT, PRESENT):
            ax.scatter(
                x[here],
                y[here],
                s=area,
                marker=cue.marker,
                linewidths=0.9,
                clip_on=False,
                facecolors=cue.colour if state == PRESENT else WHITE,
                edgecolors=cue.colour,
            )
        elif state == UNSEEN:
            ax.scatter(x[here], y[here], s=area * 0.4, marker="x", linewidths=0.9, color=LINE)
        else:
            ax.scatter(x[here], y[here], s=area * 0.12, marker="o", color=LINE, linewidths=0)


def _blocks(
    ax: Axes,
    states: np.ndarray,
    members: Mapping[str, Sequence[str]],
    cells: _Cells,
    look: Mapping[str, Cue],
    at: tuple[float, float],
    high: float,
) -> None:
    """Draw the icons of hundreds of people as one image a group, all codes in it."""
    n_codes, deep = states.shape[1], round(high / cells.unit)
    begin = 0
    for group, start, slots in zip(members, cells.starts, cells.slots, strict=True):
        n = len(members[group])
        square = np.full((n_codes, cells.lines * slots), 4, dtype=np.int8)
        square[:, :n] = states[begin : begin + n].T
        begin += n
        picture = np.full((n_codes, deep, slots), 4, dtype=np.int8)
        above = (deep - cells.lines) // 2
        picture[:, above : above + cells.lines] = square.reshape(n_codes, cells.lines, slots)
        x = at[0] + start
        ax.imshow(
            picture.reshape(-1, slots),
            vmin=0,
            vmax=4,
            interpolation="nearest",
            aspect="auto",
            cmap=ListedColormap(["#e2e2e2", look[group].colour, "#9e9e9e", PALE, WHITE]),
            extent=(x, x + slots * cells.unit, at[1] + n_codes * high, at[1]),
        )


def _keys(grid: np.ndarray, look: Mapping[str, Cue], image: bool) -> list[Line2D]:
    def key(label: str, marker: str, face: str, edge: str, size: float = 6) -> Line2D:
        return Line2D([], [], ls="", marker=marker, mfc=face, mec=edge, ms=size, label=label)

    marker = "s" if image else next(iter(look.values())).marker
    keys = [key("present", marker, NEUTRAL, NEUTRAL)]
    if len(look) > 1:
        keys = [
            key(f"present ({group})", "s" if image else cue.marker, cue.colour, cue.colour)
            for group, cue in look.items()
        ]
    keys.append(
        key("absent", marker, "#e2e2e2" if image else WHITE, "#e2e2e2" if image else NEUTRAL)
    )
    if (grid == UNSEEN).any():
        keys.append(key("not observed", "s" if image else "x", "#9e9e9e", LINE, 4))
    if (grid == NOT_ASKED).any():
        keys.append(
            key(
                "not asked",
                "s" if image else "o",
                PALE if image else LINE,
                LINE,
                4 if image else 2.2,
            )
        )
    return keys


def _alt(
    grid: np.ndarray, members: Mapping[str, Sequence[str]], labels: list[str], rounds: list[str]
) -> str:
    told = []
    for row, label in enumerate(labels):
        begin, parts = 0, []
        for group, names in members.items():
            part = grid[begin : begin + len(names), row]
            begin += len(names)
            counts = ", ".join(
                f"{name} {_count(part[:, step])}".strip() for step, name in enumerate(rounds)
            )
            parts.append(f"{group} {counts}".strip())
        told.append(f"{label}: {'; '.join(parts)}")
    limit = max(60 // (len(members) * len(rounds)), 1)
    return f"Icon arrays, one icon a participant. {joined(told, limit=limit)}."


def _count(states: np.ndarray) -> str:
    return k_of_n(int((states == PRESENT).sum()), int((states <= PRESENT).sum()))
