"""Who was interviewed when, how and in which language; and who was not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from quidqual.study.errors import QuidqualError
from quidqual.study.order import natural_key
from quidqual.study.wording import counted, joined, k_of_n

from .canvas import Page, Painted, as_points
from .drawing import Drawing, chart
from .labels import plain, width_of
from .palette import MARKERS, cues
from .rows import Rows, lay_rows
from .style import FAINT, INK, LINE, PALE, SOFT, WHITE
from .tables import needs, ordered, people


@chart
def interview_timeline(
    interviews: pd.DataFrame,
    *,
    participants: pd.DataFrame | None = None,
    groups: str | Sequence[str] | None = None,
) -> Drawing:
    """Draw every interview on its date: the shape tells the mode, the colour the language.

    Parameters
    ----------
    interviews : DataFrame
        ``participant`` (str), ``round`` (ordered Categorical), ``date``, ``language``,
        ``mode`` (str), ``status`` (held, missed, not_due), ``corpus``; ``group`` (optional).
    participants : DataFrame, optional
        ``participant`` and ``group``, if ``interviews`` has no group.
    groups : str or sequence of str, optional
        Groups to draw, in this order.

    Returns
    -------
    Figure
        Interviews that were missed or not due stand in the middle of their round. Participants
        too many to be named stand in the order of their first date.

    Raises
    ------
    QuidqualError
        If columns are missing or no interview has a date.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> held = pd.DataFrame({"participant": ["P1", "P1"], "round": ["R1", "R2"],
    ...     "date": ["2021-05-03", "2021-07-01"], "language": "it", "mode": "in person",
    ...     "status": "held", "corpus": "synthetic"})
    >>> figure = qq.plot.interview_timeline(held)
    """
    needs(
        interviews,
        ("participant", "round", "date", "language", "mode", "status"),
        chart="interview_timeline",
    )
    frame = interviews.copy()
    if "group" not in frame.columns and participants is not None:
        needs(participants, ("participant", "group"), chart="participants")
        frame["group"] = frame["participant"].map(participants.set_index("participant")["group"])
    frame["date"] = pd.to_datetime(frame["date"])
    for column in ("mode", "language"):
        told = frame[column].astype("string").fillna("").str.strip()
        frame[column] = told.where(told != "", f"{column} not stated").astype(str)
    if frame["date"].isna().all():
        raise QuidqualError.of(
            "No interview has a date.", remedy="Give the dates in interviews.csv.", field="date"
        )
    members = people(frame, groups=groups)
    frame = frame[frame["participant"].astype(str).isin([p for g in members.values() for p in g])]

    def paint(ax: Axes, page: Page) -> Painted:
        return _paint(ax, page, frame, members)

    return Drawing(
        paint,
        data=frame.reset_index(drop=True),
        alt=_alt(frame),
    )


@dataclass(frozen=True)
class _Days:
    """Where a day lies on the paper."""

    first: pd.Timestamp
    last: pd.Timestamp
    left: float
    right: float

    def __call__(self, dates: pd.Series) -> np.ndarray:
        span = max((self.last - self.first) / pd.Timedelta(days=1), 1.0)
        days = ((dates - self.first) / pd.Timedelta(days=1)).to_numpy(dtype=float)
        return self.left + days / span * (self.right - self.left)


def _paint(ax: Axes, page: Page, frame: pd.DataFrame, members: dict[str, list[str]]) -> Painted:
    rows = lay_rows(members, page, row=1.7)
    if not rows.named:  # too many to be named: in the order of their first date a course is seen
        rows = lay_rows(_by_first_date(frame, members), page, row=1.7)
    tallies = _tallies(frame, rows)
    margin = (
        max(map(lambda text: width_of(text, page.small), tallies), default=0) if rows.named else 0
    )
    days = _Days(
        frame["date"].min(),
        frame["date"].max(),
        rows.gutter + 0.9 * page.size,
        page.width - margin - 1.8 * page.size,
    )
    middles, top = _rounds(ax, page, frame, days, rows.whole)
    rows.write(ax, page, top=top, left=rows.gutter)
    if rows.named:
        for text, centre in zip(tallies, rows.centres, strict=True):
            ax.text(
                page.width,
                top + centre,
                text,
                ha="right",
                va="center_baseline",
                size=page.small,
                color=SOFT,
            )
        ax.hlines(top + rows.centres, days.left, days.right, color=FAINT, lw=0.5, zorder=1)
    keys = _marks(ax, page, frame, rows, days, middles, top)
    height = _months(ax, page, days, top + rows.whole + 3)
    as_points(ax, page, height)
    return Painted(height, keys=keys)


def _by_first_date(frame: pd.DataFrame, members: dict[str, list[str]]) -> dict[str, list[str]]:
    first = frame.groupby(frame["participant"].astype(str))["date"].min()
    late = pd.Timestamp.max
    return {
        group: sorted(
            names, key=lambda name: (first.fillna(late).get(name, late), natural_key(name))
        )
        for group, names in members.items()
    }


def _tallies(frame: pd.DataFrame, rows: Rows) -> list[str]:
    """Write the languages and the number held of each participant: the colour's second cue."""
    held = frame[frame["status"].astype(str) == "held"]
    texts = []
    for name in rows.names:
        own = held[held["participant"].astype(str) == name] if rows.named else held.iloc[:0]
        texts.append(f"{', '.join(sorted(own['language'].astype(str).unique()))} · {len(own)} held")
    return texts


def _rounds(
    ax: Axes, page: Page, frame: pd.DataFrame, days: _Days, whole: float
) -> tuple[dict[str, float], float]:
    """Shade the span of each round and name it above; give their middles and the rows' top."""
    spans: dict[str, tuple[float, float]] = {}
    for name in ordered(frame["round"]):
        dates = frame.loc[frame["round"].astype(str) == name, "date"].dropna()
        if len(dates):
            first, last = days(pd.Series([dates.min(), dates.max()]))
            spans[name] = (first - 0.75 * page.size, last + 0.75 * page.size)
    levels: list[float] = []
    placed: dict[str, tuple[float, int]] = {}
    for name, (first, last) in spans.items():
        half = width_of(plain(name), page.size) / 2 + 3
        middle = min(max((first + last) / 2, half), page.width - half)
        level = next((i for i, end in enumerate(levels) if end <= middle - half), len(levels))
        levels[level : level + 1] = [middle + half]
        placed[name] = (middle, level)
    top = page.line(len(levels)) + 2
    for name, (first, last) in spans.items():
        ax.add_patch(
            Rectangle((first, top), last - first, whole + 3, facecolor=PALE, lw=0, zorder=0)
        )
        ax.text(
            placed[name][0],
            top - 3 - page.line(placed[name][1]),
            plain(name),
            ha="center",
            va="bottom",
            size=page.size,
        )
    return {name: (first + last) / 2 for name, (first, last) in spans.items()}, top


def _marks(
    ax: Axes,
    page: Page,
    frame: pd.DataFrame,
    rows: Rows,
    days: _Days,
    middles: dict[str, float],
    top: float,
) -> list[Line2D]:
    status = frame["status"].astype(str).to_numpy()
    y = top + rows.centres[pd.Index(rows.names).get_indexer(frame["participant"].astype(str))]
    x = days(frame["date"])
    fallback = frame["round"].astype(str).map(middles).to_numpy(dtype=float)
    x = np.where(np.isnan(x), fallback, x)
    unit = min(0.85 * page.size, max(rows.height * 0.9, 2.4))
    languages = cues(sorted(frame.loc[status == "held", "language"].astype(str).unique()))
    modes = dict(zip(_modes(frame), MARKERS, strict=False))
    held = status == "held"
    for mode, marker in modes.items():
        here = held & (frame["mode"].astype(str) == mode).to_numpy(dtype=bool)
        colours = [languages[name].colour for name in frame.loc[here, "language"].astype(str)]
        ax.scatter(
            x[here],
            y[here],
            s=unit**2,
            marker=marker,
            c=colours,
            zorder=3,
            linewidths=0.5 if unit > 4 else 0,
            edgecolors=WHITE,
            label=f"mode {mode}",
        )
    for state, marker, share in (("missed", "x", 0.6), ("not_due", "o", 0.1)):
        here = (status == state) & ~np.isnan(x)
        ax.scatter(
            x[here],
            y[here],
            s=unit**2 * share,
            marker=marker,
            color=LINE if state != "missed" else INK,
            linewidths=1.0 if state == "missed" else 0,
            zorder=3,
            label=state,
        )
    return _keys(modes, {name: cue.colour for name, cue in languages.items()}, set(status))


def _modes(frame: pd.DataFrame) -> list[str]:
    """List the modes, most frequent first: it gets the plainest shape."""
    held = frame.loc[frame["status"].astype(str) == "held", "mode"].astype(str)
    counts = held.value_counts()
    return sorted(counts.index, key=lambda mode: (-counts[mode], mode))


def _keys(modes: dict[str, str], languages: dict[str, str], states: set[str]) -> list[Line2D]:
    def key(label: str, marker: str, colour: str, size: float = 6) -> Line2D:
        return Line2D([], [], ls="", marker=marker, color=colour, mec=colour, ms=size, label=label)

    keys = [key(mode.replace("_", " "), marker, SOFT) for mode, marker in modes.items()]
    keys += [
        key(name if " " in name else f"language {name}", "_", colour, 9)
        for name, colour in languages.items()
    ]
    for one in keys[len(modes) :]:
        one.set_markeredgewidth(3)
    if "missed" in states:
        keys.append(key("missed", "x", INK, 5))
    if "not_due" in states:
        keys.append(key("not due", "o", LINE, 2.2))
    return keys


def _months(ax: Axes, page: Page, days: _Days, y: float) -> float:
    """Write the months below, as many as fit; the form 2021-05 is read in any language."""
    ax.plot([days.left, days.right], [y, y], color=INK, lw=0.6)
    starts = pd.date_range(days.first.normalize().replace(day=1), days.last, freq="MS")
    starts = starts[starts >= days.first.normalize()]
    if not len(starts):
        starts = pd.DatetimeIndex([days.first.normalize()])
    room = (days.right - days.left) / (width_of("2021-05", page.small) + 8)
    step = next(n for n in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(starts) / n <= max(room, 1))
    for at, day in zip(days(starts.to_series()), starts, strict=True):
        if (day.month - 1 + 12 * day.year) % step == 0 or len(starts) == 1:
            ax.plot([at, at], [y, y + 3], color=INK, lw=0.6)
            ax.text(
                at,
                y + 5,
                f"{day:%Y-%m}" if len(starts) > 1 else f"{day:%Y-%m-%d}",
                ha="center",
                va="top",
                size=page.small,
            )
    return y + 5 + page.small * 1.3


def _alt(frame: pd.DataFrame) -> str:
    status = frame["status"].astype(str)
    held = frame[status == "held"]
    per_round = [
        f"{name} {int((held['round'].astype(str) == name).sum())}"
        for name in ordered(frame["round"])
    ]
    modes = [
        f"{mode.replace('_', ' ')} {int((held['mode'].astype(str) == mode).sum())}"
        for mode in _modes(frame)
    ]
    tongues = [
        f"{name} {n}"
        for name, n in held["language"].astype(str).value_counts().sort_index().items()
    ]
    missed = sorted(
        {
            f"{p} in {r}"
            for p, r in zip(
                frame["participant"].astype(str), frame["round"].astype(str), strict=True
            )
        }
        & {
            f"{p} in {r}"
            for p, r, s in zip(
                frame["participant"].astype(str), frame["round"].astype(str), status, strict=True
            )
            if s == "missed"
        },
        key=natural_key,
    )
    days = held["date"].dropna()
    span = f"from {days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}" if len(days) else "without dates"
    return (
        f"Timeline of {counted(len(held), 'interview')} with "
        f"{counted(held['participant'].nunique(), 'participant')}, "
        f"{span}. Held in each round: {joined(per_round, limit=6)}. "
        f"Mode: {joined(modes, limit=6)}. "
        f"Language: {joined(tongues, limit=6)}. "
        f"Missed: {k_of_n(len(missed), len(held) + len(missed))} arranged"
        + (f" ({joined(missed, limit=6)})." if missed else ".")
    )
