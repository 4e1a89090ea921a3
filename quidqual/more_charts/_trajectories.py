"""Trajectories: the course of a code in each person as a line that rises and falls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from quidqual.analysis.change import change
from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.labels import UNNAMED, Names, lines_in, plain, widest
from quidqual.plots.palette import NEW, NOT_AGAIN, dot
from quidqual.plots.paper import Page, Painted
from quidqual.plots.style import FAINT, INK, LINE, SOFT, WHITE
from quidqual.plots.tables import LASTING, needs, ordered, people, ranked, selected
from quidqual.study.wording import counted, joined, k_of_n

_SEPARATE = 40  # more people than this are drawn as the courses they share
_COURSES = 8
_SEEN = {"absent": 0, "present": 1}
_LOOKS = {  # label, marker, face and edge of each state
    1: ("present", "o", INK, INK),
    0: ("absent", "o", WHITE, INK),
    2: ("told before", "o", LINE, LINE),
    -1: ("not_observed", "x", LINE, LINE),
}


@dataclass(frozen=True)
class _Lane:
    """One line of a panel: who (or how many), the states by round, the word for it."""

    who: str
    course: tuple[int, ...]  # 1 present, 0 absent, 2 told before and not again, -1 not observed
    word: str
    group: str = ""


_Panels = Sequence[tuple[str, list[_Lane]]]


@dataclass(frozen=True)
class _Marks:
    """What is to be drawn: lines by colour and style, dots by state."""

    lines: dict[tuple[str, str], list[Any]] = field(default_factory=lambda: defaultdict(list))
    dots: dict[int, list[Any]] = field(default_factory=lambda: {1: [], 0: [], 2: [], -1: []})


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
    told = []
    for code in chosen:
        words = ranked(parts[code]["simple"])
        counts = ", ".join(f"{word} {k_of_n(k, len(parts[code]))}" for word, k in words)
        told.append(f"{names(code)}: {counts}")
    n = courses["participant"].nunique()
    return _drawing(courses, panels, rounds, told, f" in {counted(n, 'participant')}")


def _grouped(table: pd.DataFrame, codes: str | Sequence[str] | None, names: Names) -> Drawing:
    """Draw courses that the analysis has grouped: a lane a course."""
    needs(table, ("code", "pattern", "label"), chart="trajectories")
    chosen = ordered(table["code"], only=codes, field="codes")
    own = table[table["code"].astype(str).isin(chosen)].reset_index(drop=True)
    panels, told = [], []
    for code in chosen:
        part = own[own["code"].astype(str) == code]
        pairs = list(zip(part["pattern"].astype(str), part["label"].astype(str), strict=True))
        panels.append((names(code), [_Lane(n, _course(pattern), "") for pattern, n in pairs]))
        told.append(f"{names(code)}: " + ", ".join(f"{pattern} {n}" for pattern, n in pairs))
    rounds = [str(number + 1) for number in range(max(len(lane.course) for lane in panels[0][1]))]
    return _drawing(own, panels, rounds, told)


def _drawing(
    data: pd.DataFrame, panels: _Panels, rounds: list[str], told: list[str], of: str = ""
) -> Drawing:
    what = f"Courses of {counted(len(panels), 'code')} over {counted(len(rounds), 'round')}{of}"
    alt = f"{what}. {joined(told, limit=12)}."
    return Drawing(partial(_paint, panels, rounds), data=data, alt=alt)


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


def _paint(panels: _Panels, rounds: list[str], ax: Axes, page: Page) -> Painted:
    lanes = [lane for _, own in panels for lane in own]
    who = widest([plain(lane.who) for lane in lanes], page.size) + 6
    word = widest([lane.word for lane in lanes if lane.course], page.small) + 8
    names = widest(map(plain, rounds), page.small) + 3
    step = max(1.6 * page.size, min(names, 4.5 * page.size))
    least = who + step * len(rounds) + word + 6
    across = max(min(int(page.width // least), len(panels)), 1)
    across = -(-len(panels) // -(-len(panels) // across))
    panel = min(page.width / across, least + 60)
    step = (panel - who - word - 6) / len(rounds)
    above = page.wrapped(rounds, step - 2, small=True)
    marks = _Marks()
    y = 0.0
    for first in range(0, len(panels), across):
        y += page.line(0.8) if first else 0
        shown = panels[first : first + across]
        lefts = np.arange(len(shown)) * panel + who
        heads = page.wrapped([label for label, _ in shown], panel - who - 8, bold=True)
        top = y + page.line(max(map(lines_in, heads)))
        bottoms = []
        for left, head, (_, own) in zip(lefts, heads, shown, strict=True):
            page.write(left, top, head, "left", "bottom", weight="bold")
            x = left + (np.arange(len(rounds)) + 0.5) * step
            gap = page.small * 0.9 - 2
            begin = page.write_heads(x, above, top + 2, gap=gap, small=True, color=SOFT)
            bottoms.append(_panel(page, own, x, begin, marks))
        y = max(bottoms)
    _draw_marks(page, marks)
    return page.painted(y, keys=_keys({state for lane in lanes for state in lane.course}, marks))


def _panel(page: Page, lanes: Sequence[_Lane], x: np.ndarray, y: float, marks: _Marks) -> float:
    """Write the lanes of one code from ``y`` downwards, note their marks; give where they end."""
    high, rise = 1.75 * page.size, 0.85 * page.size
    half = (x[1] - x[0]) / 2 if len(x) > 1 else page.size
    left, right = x[0] - half, x[-1] + half
    group = lanes[0].group
    for lane in lanes:
        y += 0.6 * page.size if lane.group != group else 0
        group = lane.group
        middle = y + high / 2
        page.write(left - 4, middle, plain(lane.who), "right")
        page.write(right + 4 if lane.course else left, middle, lane.word, small=True, color=SOFT)
        up, down = middle - rise / 2, middle + rise / 2
        level = {1: up, 2: up, 0: down, -1: middle}
        points = [(at, level[state]) for at, state in zip(x, lane.course, strict=False)]
        for point, state in zip(points, lane.course, strict=True):
            marks.dots[state].append(point)
        seen = [at for at, state in enumerate(lane.course) if state >= 0]
        for before, at in pairwise(seen):
            old, state = lane.course[before], lane.course[at]
            same = old == state or 2 in (old, state)
            colour = LINE if same else NEW if state else NOT_AGAIN
            style = "solid" if at == before + 1 else "dotted"
            marks.lines[colour, style].append((points[before], points[at]))
        y += high
    page.ax.plot([left, right], [y + 1, y + 1], color=FAINT, lw=0.5)
    return y + 3


def _draw_marks(page: Page, marks: _Marks) -> None:
    """Draw the lines and dots of all panels, each kind at once: far quicker than panel by panel."""
    for (colour, style), parts in marks.lines.items():
        wide = 0.9 if colour == LINE else 1.6
        drawn = LineCollection(parts, colors=colour, linestyles=style, linewidths=wide, zorder=1)
        page.ax.add_collection(drawn, autolim=False)
    area = (0.6 * page.size) ** 2
    for state, places in marks.dots.items():
        label, marker, face, edge = _LOOKS[state]
        look: dict[str, Any] = {
            "facecolors": face,
            "edgecolors": edge,
            "linewidths": 0.8,
            "zorder": 2,
            "s": area,
        }
        if state < 0:
            look = {"color": edge, "linewidths": 0.9, "s": area * 0.5}
        px, py = np.array(places or [(np.nan, np.nan)]).T
        page.ax.scatter(px, py, marker=marker, label=label, **look)


def _keys(states: set[int], marks: _Marks) -> list[Line2D]:
    def entry(state: int, label: str) -> Line2D:
        return dot(label, *_LOOKS[state][1:], size=4.5)

    def line(label: str, colour: str, wide: float = 1.6, style: str = "-") -> Line2D:
        return Line2D([], [], color=colour, lw=wide, ls=style, label=label)

    drawn = {colour for colour, _ in marks.lines}
    keys = [entry(1, "present")]
    keys += [entry(2, "told before, not again")] if 2 in states else []
    keys += [entry(0, "absent")]
    keys += [
        line(word, c)
        for c, word in ((NEW, "new"), (NOT_AGAIN, "not mentioned again"))
        if c in drawn
    ]
    keys += [entry(-1, "not observed")] if -1 in states else []
    if any(style == "dotted" for _, style in marks.lines):
        keys.append(line("unknown in between", SOFT, 1.2, "dotted"))
    return keys
