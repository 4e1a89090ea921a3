"""Trajectories: the course of a code in each person as a line that rises and falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from quidqual.analysis.change import change
from quidqual.study.wording import counted, joined, k_of_n

from .canvas import Page, Painted, as_points
from .drawing import Drawing, chart
from .labels import UNNAMED, Names, lines_in, plain, width_of, wrap
from .palette import NEW, NOT_AGAIN
from .style import FAINT, INK, LINE, SOFT, WHITE
from .tables import LASTING, needs, ordered, people, selected

_SEPARATE = 40  # more people than this are drawn as the courses they share
_COURSES = 8
_SEEN = {"absent": 0, "present": 1}


@dataclass(frozen=True)
class _Lane:
    """One line of a panel: who (or how many), the states by round, the word for it."""

    who: str
    course: tuple[int, ...]  # 1 present, 0 absent, 2 told before and not again, -1 not observed
    word: str
    group: str = ""


@dataclass(frozen=True)
class _Marks:
    """What is to be drawn: lines by colour and style, dots by state."""

    lines: dict[tuple[str, str], list[np.ndarray]] = field(default_factory=dict)
    dots: dict[int, list[tuple[float, float]]] = field(
        default_factory=lambda: {1: [], 0: [], 2: [], -1: []}
    )


@chart
def trajectories(
    presence: pd.DataFrame,
    *,
    codes: str | Sequence[str] | None = None,
    groups: str | Sequence[str] | None = None,
    names: Names = UNNAMED,
) -> Drawing:
    """Draw the course of each code over the rounds: a lane a person, the kind of change beside it.

    Parameters
    ----------
    presence : DataFrame
        As :func:`quidqual.presence` gives it; or the courses already grouped, as
        :func:`quidqual.trajectories` gives them: then a lane is a course, with "k of n" who
        went it, and the rounds bear numbers.
    codes, groups : str or sequence of str, optional
        Which to draw, in this order; a panel a code.

    Returns
    -------
    Figure
        Up to 40 people each has a lane; above, the eight most frequent courses of each code
        have one, with the number of people who went that way.

    Notes
    -----
    A line crosses a round that was not observed as dots: what happened there is unknown.
    The word is ``simple`` of :func:`quidqual.change`; *seen once* where that is "not observed"
    of a person who was observed in one round.

    Examples
    --------
    >>> import quidqual as qq
    >>> figure = qq.plot.trajectories(qq.presence(qq.load_example("small")))
    """
    needs(presence, ("code",), chart="trajectories")
    if "trajectory" in presence.columns:
        return _grouped(presence, codes, names)
    needs(presence, ("participant", "round", "code", "state"), chart="trajectories")
    chosen = ordered(presence["code"], only=codes, field="codes")
    members = people(presence, groups=groups)
    rounds = ordered(presence["round"])
    courses = change(selected(presence, codes=chosen, groups=members))
    parts = {str(code): part for code, part in courses.groupby("code", observed=True)}
    panels = [(names(code), _lanes(parts[code], members)) for code in chosen]

    def paint(ax: Axes, page: Page) -> Painted:
        return _paint(ax, page, panels, rounds)

    return Drawing(
        paint,
        data=courses,
        alt=_alt(courses, chosen, names, rounds),
    )


def _grouped(table: pd.DataFrame, codes: str | Sequence[str] | None, names: Names) -> Drawing:
    """Draw courses that the analysis has grouped: a lane a course."""
    needs(table, ("code", "pattern", "label"), chart="trajectories")
    chosen = ordered(table["code"], only=codes, field="codes")
    own = table[table["code"].astype(str).isin(chosen)].reset_index(drop=True)
    panels, told = [], []
    for code in chosen:
        part = own[own["code"].astype(str) == code]
        lanes = [
            _Lane(str(label), _course(str(pattern)), "")
            for label, pattern in zip(part["label"], part["pattern"], strict=True)
        ]
        panels.append((names(code), lanes))
        told.append(
            f"{names(code)}: "
            + ", ".join(f"{p} {n}" for p, n in zip(part["pattern"], part["label"], strict=True))
        )
    rounds = [str(number + 1) for number in range(max(len(lane.course) for lane in panels[0][1]))]

    def paint(ax: Axes, page: Page) -> Painted:
        return _paint(ax, page, panels, rounds)

    what = f"Courses of {counted(len(chosen), 'code')} over {counted(len(rounds), 'round')}"
    alt = f"{what}. {joined(told, limit=12)}."
    return Drawing(paint, data=own, alt=alt)


def _course(pattern: str) -> tuple[int, ...]:
    return tuple(_SEEN.get(word, -1) for word in pattern.split(" > "))


def _told_before(course: tuple[int, ...]) -> tuple[int, ...]:
    """Mark the rounds in which an event or a background is not told again: it has not gone."""
    first = course.index(1) if 1 in course else len(course)
    return tuple(2 if state == 0 and at > first else state for at, state in enumerate(course))


def _word(simple: str, course: tuple[int, ...]) -> str:
    """Say of someone who was seen in one round that it is so: no course can be told."""
    seen = sum(state >= 0 for state in course)
    return "seen once" if simple == "not observed" and seen == 1 else simple


def _lanes(own: pd.DataFrame, members: dict[str, list[str]]) -> list[_Lane]:
    """Make the lanes of one code: people, or of many people the courses they share."""
    lasting = "code_kind" in own.columns and own["code_kind"].astype(str).isin(LASTING).any()
    steps = {
        pattern: _told_before(_course(pattern)) if lasting else _course(pattern)
        for pattern in own["pattern"].unique()
    }
    if sum(map(len, members.values())) > _SEPARATE:
        counts = own.groupby(["pattern", "simple"], observed=True).size().reset_index(name="n")
        counts = counts.sort_values(["n", "pattern"], ascending=[False, True])
        lanes = [
            _Lane(str(row.n), steps[row.pattern], _word(str(row.simple), steps[row.pattern]))
            for row in counts.head(_COURSES).itertuples()
        ]
        rest = counts["n"].iloc[_COURSES:]
        if len(rest):
            lanes.append(_Lane(str(rest.sum()), (), f"in {counted(len(rest), 'other course')}"))
        return lanes
    found = {
        str(name): (steps[pattern], _word(str(simple), steps[pattern]))
        for name, pattern, simple in zip(
            own["participant"], own["pattern"], own["simple"], strict=True
        )
    }
    return [_Lane(name, *found[name], group) for group, names in members.items() for name in names]


def _paint(
    ax: Axes, page: Page, panels: Sequence[tuple[str, list[_Lane]]], rounds: list[str]
) -> Painted:
    lanes = [lane for _, own in panels for lane in own]
    who = max(width_of(plain(lane.who), page.size) for lane in lanes) + 6
    word = max(width_of(lane.word, page.small) for lane in lanes if lane.course) + 8
    names = max(width_of(plain(name), page.small) for name in rounds) + 3
    step = max(1.6 * page.size, min(names, 4.5 * page.size))
    least = who + step * len(rounds) + word + 6
    across = max(min(int(page.width // least), len(panels)), 1)
    across = -(-len(panels) // -(-len(panels) // across))
    panel = min(page.width / across, least + 60)
    step = (panel - who - word - 6) / len(rounds)
    above = [wrap(name, step - 2, size=page.small) for name in rounds]
    deep = max(map(lines_in, above)) * page.small * 1.3
    marks = _Marks()
    y = 0.0
    for first in range(0, len(panels), across):
        bottoms = []
        shown = panels[first : first + across]
        heads = [wrap(label, panel - who - 8, size=page.size, bold=True) for label, _ in shown]
        top = y + page.line(max(map(lines_in, heads)))
        for place, (head, (_, own)) in enumerate(zip(heads, shown, strict=True)):
            ax.text(
                place * panel + who,
                top,
                head,
                ha="left",
                va="bottom",
                size=page.size,
                weight="bold",
            )
            x = place * panel + who + (np.arange(len(rounds)) + 0.5) * step
            for at, name in zip(x, above, strict=True):
                ax.text(
                    at, top + 2 + deep, name, ha="center", va="bottom", size=page.small, color=SOFT
                )
            bottoms.append(_panel(ax, page, own, x, top + deep + page.small * 0.9, marks))
        y = max(bottoms) + (page.line(0.8) if first + across < len(panels) else 0)
    _draw_marks(ax, page, marks)
    as_points(ax, page, y)
    across_gap = any(style == "dotted" for _, style in marks.lines)
    states = {state for lane in lanes for state in lane.course}
    moves = {colour for colour, _ in marks.lines} - {LINE}
    return Painted(y, keys=_keys(states, moves, across_gap))


def _panel(
    ax: Axes, page: Page, lanes: Sequence[_Lane], x: np.ndarray, y: float, marks: _Marks
) -> float:
    """Write the lanes of one code from ``y`` downwards, note their marks; give where they end."""
    high, rise = 1.75 * page.size, 0.85 * page.size
    half = (x[1] - x[0]) / 2 if len(x) > 1 else page.size
    group = lanes[0].group
    for lane in lanes:
        y += 0.6 * page.size if lane.group != group else 0
        group = lane.group
        middle = y + high / 2
        ax.text(
            x[0] - half - 4,
            middle,
            plain(lane.who),
            ha="right",
            va="center_baseline",
            size=page.size,
        )
        ax.text(
            x[-1] + half + 4 if lane.course else x[0] - half,
            middle,
            lane.word,
            ha="left",
            va="center_baseline",
            size=page.small,
            color=SOFT,
        )
        level = {1: middle - rise / 2, 0: middle + rise / 2, -1: middle}
        level[2] = level[1]
        before: int | None = None
        for at, state in enumerate(lane.course):
            marks.dots[state].append((x[at], level[state]))
            if state < 0:
                continue
            if before is not None:
                old = lane.course[before]
                same = old == state or 2 in (old, state)
                colour = LINE if same else NEW if state else NOT_AGAIN
                style = "solid" if at == before + 1 else "dotted"
                marks.lines.setdefault((colour, style), []).append(
                    np.array([(x[before], level[old]), (x[at], level[state])])
                )
            before = at
        y += high
    ax.plot([x[0] - half, x[-1] + half], [y + 1, y + 1], color=FAINT, lw=0.5)
    return y + 3


def _draw_marks(ax: Axes, page: Page, marks: _Marks) -> None:
    """Draw the lines and dots of all panels, each kind at once: far quicker than panel by panel."""
    for (colour, style), parts in marks.lines.items():
        wide = 0.9 if colour == LINE else 1.6
        ax.add_collection(
            LineCollection(parts, colors=colour, linestyles=style, linewidths=wide, zorder=1),
            autolim=False,
        )
    area = (0.6 * page.size) ** 2
    for state, places in marks.dots.items():
        px, py = np.array(places or [(np.nan, np.nan)]).T
        if state < 0:
            ax.scatter(
                px, py, marker="x", s=area * 0.5, color=LINE, linewidths=0.9, label="not_observed"
            )
        else:
            ax.scatter(
                px,
                py,
                s=area,
                facecolors=(WHITE, INK, LINE)[state],
                edgecolors=(INK, INK, LINE)[state],
                linewidths=0.8,
                zorder=2,
                label=("absent", "present", "told before")[state],
            )


def _keys(states: set[int], moves: set[str], across_gap: bool) -> list[Line2D]:
    def dot(label: str, marker: str, face: str, edge: str) -> Line2D:
        return Line2D([], [], ls="", marker=marker, mfc=face, mec=edge, ms=4.5, label=label)

    keys = [
        dot("present", "o", INK, INK),
        dot("absent", "o", WHITE, INK),
        *(
            Line2D([], [], color=colour, lw=1.6, label=word)
            for colour, word in ((NEW, "new"), (NOT_AGAIN, "not mentioned again"))
            if colour in moves
        ),
    ]
    if 2 in states:
        keys.insert(1, dot("told before, not again", "o", LINE, LINE))
    if -1 in states:
        keys.append(dot("not observed", "x", LINE, LINE))
    if across_gap:
        keys.append(Line2D([], [], color=SOFT, lw=1.2, ls="dotted", label="unknown in between"))
    return keys


def _alt(courses: pd.DataFrame, codes: list[str], names: Any, rounds: list[str]) -> str:
    told = []
    for code in codes:
        own = courses.loc[courses["code"].astype(str) == code, "simple"].astype(str)
        counts = own.value_counts()
        order = sorted(counts.index, key=lambda word: (-counts[word], word))
        words = ", ".join(f"{word} {k_of_n(counts[word], len(own))}" for word in order)
        told.append(f"{names(code)}: {words}")
    return (
        f"Courses of {counted(len(codes), 'code')} over {counted(len(rounds), 'round')} in "
        f"{counted(courses['participant'].nunique(), 'participant')}. {joined(told, limit=12)}."
    )
