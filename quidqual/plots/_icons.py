"""Icon arrays: everyone has one fixed place, so k of n is counted and persons are followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from quidqual.study.wording import joined, k_of_n

from .drawing import Drawing, chart
from .labels import UNNAMED, Names, lines_in, widest, width_of, wrap
from .palette import NEUTRAL, Cue, dot, group_cues
from .paper import Page, Painted, image
from .style import LINE, PALE, SMALL, SOFT, WHITE
from .tables import laid_out, needs, ordered, people, places, selected

ABSENT, PRESENT, UNSEEN, NOT_ASKED, VOLUNTEERED = range(5)
_MANY = 60  # above this the icons are squares of an image
_ABSENT, _UNSEEN = "#e2e2e2", "#9e9e9e"  # in an image


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
        cross of an interview that gave nothing; ``volunteered`` a small icon that belongs to no
        n, since nobody was asked), ``corpus``.
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
    parts = {group: _states(kept, who, chosen, rounds) for group, who in members.items()}
    if not by_round:
        parts, rounds = {group: _ever(part) for group, part in parts.items()}, [""]
    look = group_cues(people(presence))
    labels = [names(code) for code in chosen]
    paint = partial(_paint, parts, labels, rounds, look)
    return Drawing(paint, data=kept, alt=_alt(parts, labels, rounds))


def _states(kept: pd.DataFrame, who: list[str], codes: list[str], rounds: list[str]) -> np.ndarray:
    """Array of people x codes x rounds."""
    state = places(kept["state"], ["absent", "present", "not_observed"])
    if "reason" in kept.columns:
        unasked = (kept["reason"] == "not_asked").to_numpy(dtype=bool)
        state = np.where((state == UNSEEN) & unasked, NOT_ASKED, state)
        said = (kept["reason"] == "volunteered").to_numpy(dtype=bool)
        state = np.where((state == PRESENT) & said, VOLUNTEERED, state)
    return laid_out(kept, state, missing=UNSEEN, participant=who, code=codes, round=rounds)


def _ever(part: np.ndarray) -> np.ndarray:
    """Unite the rounds: present in any, absent if observed at all, else why not.

    What was said unasked counts in those who were asked at another time.
    """
    there = {state: (part == state).any(axis=2) for state in range(5)}
    there[PRESENT] |= there[VOLUNTEERED] & there[ABSENT]
    order = (PRESENT, ABSENT, VOLUNTEERED, NOT_ASKED)
    return np.select([there[state] for state in order], order, UNSEEN)[:, :, None]


@dataclass(frozen=True)
class _Cells:
    """How the block of one round is divided: slots of each group, then its k/n."""

    unit: float  # width of one slot in points
    lines: int  # lines of slots in a row
    starts: tuple[float, ...]  # left of each group
    slots: tuple[int, ...]  # slots on a line
    block: float


def _divide(sizes: Sequence[int], page: Page, room: float) -> _Cells:
    """Choose the size of a slot: all in one line if it can be, else in a few."""
    counts = [width_of(f"{n}/{n}", page.small) + 1.6 * page.size for n in sizes]
    free = room - page.size - sum(counts)
    least, best = (0.25 if sum(sizes) > _MANY else 0.95) * page.size, 1.35 * page.size
    lines = 1
    while free / sum(-(-n // lines) for n in sizes) < least and lines < max(sizes):
        lines += 1
    slots = tuple(-(-n // lines) for n in sizes)
    unit = min(max(free / sum(slots), 0.2 * page.size), best)
    wide = [slot * unit + count for slot, count in zip(slots, counts, strict=True)]
    return _Cells(unit, lines, (0.0, *np.cumsum(wide)[:-1]), slots, sum(wide) + page.size)


def _paint(
    parts: Mapping[str, np.ndarray],
    labels: list[str],
    rounds: list[str],
    look: Mapping[str, Cue],
    ax: Axes,
    page: Page,
) -> Painted:
    sizes = [len(part) for part in parts.values()]
    narrow = widest(page.wrapped(labels, page.width * 0.26), page.size)
    room = page.width - narrow - page.size
    across = len(rounds)
    cells = _divide(sizes, page, room / across)
    while across > 1 and (cells.lines > 1 or cells.block > room / across + 1):
        across -= 1  # rather a second band of rounds than a person's icons on two lines
        cells = _divide(sizes, page, room / across)
    across = -(-len(rounds) // -(-len(rounds) // across))
    cells = replace(cells, block=min(room / across, cells.block + 3 * page.size))
    # What the icons leave free is the labels', so that fewer are wrapped and nothing stays empty.
    left = page.width - across * cells.block
    wrapped = page.wrapped(labels, left - page.size)
    dense = sum(sizes) > _MANY
    heights = _heights(wrapped, cells, page, dense)
    y = 0.0
    for first in range(0, len(rounds), across):
        y += page.line(0.8) if first else 0
        shown = rounds[first : first + across]
        y = _headings(page, shown, list(parts), cells, left, y)
        middles = y + np.cumsum(heights) - heights / 2
        for middle, label in zip(middles, wrapped, strict=True):
            page.write(left - page.size, middle, label, "right")
        for step in range(len(shown)):
            for place, (group, part) in enumerate(parts.items()):
                x = left + step * cells.block + cells.starts[place]
                states, slots = part[:, :, first + step], cells.slots[place]
                if dense:
                    _image(ax, states, cells, slots, look[group].colour, (x, y), heights[0])
                else:
                    _icons(page, states, cells, slots, look[group], x, middles)
                for row, middle in enumerate(middles):
                    k, n = _counts(states[:, row])
                    beside = x + slots * cells.unit + 0.35 * page.size
                    page.write(beside, middle, f"{k}/{n}" if n else "–", small=True)
        y += float(heights.sum())
    return page.painted(y, keys=_keys(np.concatenate(list(parts.values())), look, dense))


def _headings(
    page: Page, rounds: list[str], groups: list[str], cells: _Cells, left: float, y: float
) -> float:
    """Write the names of rounds and groups; give where the icons begin."""
    lefts = left + cells.block * np.arange(len(rounds))
    if any(rounds):
        heads = page.wrapped(rounds, cells.block - 4, bold=True)
        lift = 0.25 * page.size
        y = page.write_heads(lefts, heads, y + lift, ha="left", gap=4 - lift, weight="bold")
    if groups == [""]:
        return y
    ends = (*cells.starts[1:], cells.block)
    texts = [
        wrap(group, end - start - 4, size=page.small)
        for group, start, end in zip(groups, cells.starts, ends, strict=True)
    ]
    for x in lefts:
        for text, start in zip(texts, cells.starts, strict=True):
            page.write(x + start, y, text, va="top", small=True, color=SOFT)
    return y + page.line(max(map(lines_in, texts))) * SMALL + 2


def _heights(wrapped: list[str], cells: _Cells, page: Page, image: bool) -> np.ndarray:
    """Height of each row; in an image all are alike and a whole number of slots."""
    text = np.array([page.line(lines_in(label)) + 2 for label in wrapped])
    if image:
        slots = max(-(-text.max() // cells.unit), cells.lines + 1 + 0.3 * page.size // cells.unit)
        return np.full(len(wrapped), slots * cells.unit)
    pitch = cells.unit if cells.lines > 1 else 1.55 * page.size
    return np.maximum(text, cells.lines * pitch + 0.45 * page.size)


def _icons(
    page: Page,
    states: np.ndarray,
    cells: _Cells,
    slots: int,
    cue: Cue,
    left: float,
    middles: np.ndarray,
) -> None:
    """Draw the icons of one group and round, a row a code."""
    line, slot = np.divmod(np.arange(len(states)), slots)
    y = middles[None, :] + (line - (cells.lines - 1) / 2)[:, None] * cells.unit
    x = np.broadcast_to((left + (slot + 0.5) * cells.unit)[:, None], y.shape)
    area = (0.78 * page.size) ** 2
    observed = {"s": area, "marker": cue.marker, "linewidths": 0.9, "edgecolors": cue.colour}
    drawn: dict[int, dict[str, Any]] = {
        ABSENT: {**observed, "facecolors": WHITE, "clip_on": False},
        PRESENT: {**observed, "facecolors": cue.colour, "clip_on": False},
        UNSEEN: {"s": area * 0.4, "marker": "x", "linewidths": 0.9, "color": LINE},
        NOT_ASKED: {"s": area * 0.12, "marker": "o", "linewidths": 0, "color": LINE},
        VOLUNTEERED: {**observed, "s": area * 0.3, "facecolors": cue.colour},
    }
    for state, style in drawn.items():
        here = states == state
        if here.any():
            page.ax.scatter(x[here], y[here], **style)


def _image(
    ax: Axes,
    states: np.ndarray,
    cells: _Cells,
    slots: int,
    colour: str,
    at: tuple[float, float],
    high: float,
) -> None:
    """Draw the icons of hundreds of people as one image, all codes in it."""
    n, n_codes = states.shape
    deep, nobody = round(high / cells.unit), 5
    lines = np.full((n_codes, cells.lines * slots), nobody)
    lines[:, :n] = states.T
    above = (deep - cells.lines) // 2
    picture = np.full((n_codes, deep, slots), nobody)
    picture[:, above : above + cells.lines] = lines.reshape(n_codes, cells.lines, slots)
    box = (at[0], at[0] + slots * cells.unit, at[1] + n_codes * high, at[1])
    image(ax, picture.reshape(-1, slots), [_ABSENT, colour, _UNSEEN, PALE, NEUTRAL, WHITE], box)


def _keys(grid: np.ndarray, look: Mapping[str, Cue], image: bool) -> list[Line2D]:
    marks = {group: "s" if image else cue.marker for group, cue in look.items()}
    keys = [
        dot(f"present ({group})" if len(look) > 1 else "present", marks[group], cue.colour)
        for group, cue in look.items()
    ]
    absent = (_ABSENT, _ABSENT) if image else (WHITE, NEUTRAL)
    keys.append(dot("absent", next(iter(marks.values())), *absent))
    if (grid == UNSEEN).any():
        keys.append(dot("not observed", "s" if image else "x", _UNSEEN, LINE, 4))
    if (grid == NOT_ASKED).any():
        style = ("s", PALE, LINE, 4) if image else ("o", LINE, LINE, 2.2)
        keys.append(dot("not asked", *style))
    if (grid == VOLUNTEERED).any():
        first = next(iter(look.values()))
        said = ("s", NEUTRAL, NEUTRAL, 4.0) if image else (first.marker, first.colour, None, 3.0)
        keys.append(dot("said unasked, in no n", *said))
    return keys


def _alt(parts: Mapping[str, np.ndarray], labels: list[str], rounds: list[str]) -> str:
    def counts(part: np.ndarray) -> str:
        told = [f"{name} {_told(part[:, at])}" for at, name in enumerate(rounds)]
        return ", ".join(one.strip() for one in told)

    told = []
    for row, label in enumerate(labels):
        groups = [f"{group} {counts(part[:, row])}".strip() for group, part in parts.items()]
        told.append(f"{label}: {'; '.join(groups)}")
    limit = max(60 // (len(parts) * len(rounds)), 1)
    return f"Icon arrays, one icon a participant. {joined(told, limit=limit)}."


def _counts(states: np.ndarray) -> tuple[int, int]:
    """Count in whom it is present, of those who were asked and observed."""
    return int((states == PRESENT).sum()), int((states <= PRESENT).sum())


def _told(states: np.ndarray) -> str:
    """Write the count; where nobody was asked, how many spoke of it all the same."""
    k, n = _counts(states)
    unasked = int((states == VOLUNTEERED).sum())
    return f"{unasked} volunteered" if unasked and not n else k_of_n(k, n)
