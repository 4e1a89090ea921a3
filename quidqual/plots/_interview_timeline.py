"""Who was interviewed when, how and in which language; and who was not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from quidqual.study.errors import QuidqualError
from quidqual.study.wording import counted, joined, k_of_n, natural_key

from .drawing import Drawing, chart
from .labels import plain, widest, width_of
from .palette import MARKERS, cues, dot
from .paper import Page, Painted, Rows, lay_rows
from .style import FAINT, INK, LINE, PALE, SMALL, SOFT, WHITE
from .tables import needs, ordered, people, ranked


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
        once=("participant", "round"),
    )
    frame = interviews.copy()
    if "group" not in frame.columns and participants is not None:
        needs(participants, ("participant", "group"), chart="participants")
        frame["group"] = frame["participant"].map(participants.set_index("participant")["group"])
    frame["date"] = pd.to_datetime(frame["date"])
    for column in ("participant", "status"):
        frame[column] = frame[column].astype(str)
    for column in ("mode", "language"):
        told = frame[column].astype("string").fillna("").str.strip()
        frame[column] = told.where(told != "", f"{column} not stated").astype(str)
    if frame["date"].isna().all():
        raise QuidqualError.of(
            "No interview has a date.", remedy="Give the dates in interviews.csv.", field="date"
        )
    members = people(frame, groups=groups)
    frame = frame[frame["participant"].isin([p for g in members.values() for p in g])]
    return Drawing(partial(_paint, frame, members), data=frame, alt=_alt(frame))


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


def _paint(frame: pd.DataFrame, members: dict[str, list[str]], ax: Axes, page: Page) -> Painted:
    rows = lay_rows(members, page, row=1.7)
    if not rows.named:  # too many to be named: in the order of their first date a course is seen
        rows = lay_rows(_by_first_date(frame, members), page, row=1.7)
    tallies = _tallies(frame, rows) if rows.named else []
    margin = widest(tallies, page.small)
    left, right = rows.gutter + 0.9 * page.size, page.width - margin - 1.8 * page.size
    days = _Days(frame["date"].min(), frame["date"].max(), left, right)
    middles, top = _rounds(page, frame, days, rows.whole)
    rows.write(page, top=top, left=rows.gutter)
    for text, centre in zip(tallies, rows.centres, strict=False):
        page.write(page.width, top + centre, text, "right", small=True, color=SOFT)
    if rows.named:
        ax.hlines(top + rows.centres, left, right, color=FAINT, lw=0.5, zorder=1)
    keys = _marks(page, frame, rows, days, middles, top)
    height = _months(page, days, top + rows.whole + 3)
    return page.painted(height, keys=keys)


def _by_first_date(frame: pd.DataFrame, members: dict[str, list[str]]) -> dict[str, list[str]]:
    late = pd.Timestamp.max
    first = frame.groupby("participant")["date"].min().fillna(late)
    return {
        group: sorted(names, key=lambda name: (first.get(name, late), natural_key(name)))
        for group, names in members.items()
    }


def _tallies(frame: pd.DataFrame, rows: Rows) -> list[str]:
    """Write the languages and the number held of each participant: the colour's second cue."""
    held = frame[frame["status"] == "held"].groupby("participant")["language"]
    told = {name: f"{', '.join(sorted(set(own)))} · {len(own)} held" for name, own in held}
    return [told.get(name, " · 0 held") for name in rows.names]


def _rounds(
    page: Page, frame: pd.DataFrame, days: _Days, whole: float
) -> tuple[dict[str, float], float]:
    """Shade the span of each round and name it above; give their middles and the rows' top."""
    dates = frame.groupby(frame["round"].astype(str))["date"]
    dates_of = dates.agg(["min", "max"]).reindex(ordered(frame["round"])).dropna()
    firsts, lasts = (
        days(dates_of["min"]) - 0.75 * page.size,
        days(dates_of["max"]) + 0.75 * page.size,
    )
    middles = dict(zip(dates_of.index, (firsts + lasts) / 2, strict=True))
    ends: list[float] = []  # of the last name on each level
    places: list[tuple[float, int]] = []
    for name, wanted in middles.items():
        half = width_of(plain(name), page.size) / 2 + 3
        middle = min(max(wanted, half), page.width - half)
        level = next((i for i, end in enumerate(ends) if end <= middle - half), len(ends))
        ends[level : level + 1] = [middle + half]
        places.append((middle, level))
    top = page.line(len(ends)) + 2
    for name, (x, level), first, last in zip(middles, places, firsts, lasts, strict=True):
        span = Rectangle((first, top), last - first, whole + 3, facecolor=PALE, lw=0, zorder=0)
        page.ax.add_patch(span)
        page.write(x, top - 3 - page.line(level), plain(name), "center", "bottom")
    return middles, top


def _marks(
    page: Page, frame: pd.DataFrame, rows: Rows, days: _Days, middles: dict[str, float], top: float
) -> list[Line2D]:
    """Draw a mark an interview; give the entries of the key."""
    y = top + rows.centres[pd.Index(rows.names).get_indexer(frame["participant"])]
    x = days(frame["date"])
    x = np.where(np.isnan(x), frame["round"].astype(str).map(middles).to_numpy(dtype=float), x)
    unit = min(0.85 * page.size, max(rows.height * 0.9, 2.4))
    held = frame[frame["status"] == "held"]
    languages = cues(sorted(held["language"].unique()))
    # The most frequent mode gets the plainest shape.
    modes = dict(zip([mode for mode, _ in ranked(held["mode"])], MARKERS, strict=False))
    for mode, marker in modes.items():
        here = ((frame["status"] == "held") & (frame["mode"] == mode)).to_numpy(dtype=bool)
        page.ax.scatter(
            x[here],
            y[here],
            s=unit**2,
            marker=marker,
            c=[languages[name].colour for name in frame.loc[here, "language"]],
            zorder=3,
            linewidths=0.5 if unit > 4 else 0,
            edgecolors=WHITE,
            label=f"mode {mode}",
        )
    for status, marker, share, colour, line in (
        ("missed", "x", 0.6, INK, 1.0),
        ("not_due", "o", 0.1, LINE, 0),
    ):
        here = (frame["status"] == status).to_numpy(dtype=bool) & ~np.isnan(x)
        style: dict[str, Any] = {
            "marker": marker,
            "color": colour,
            "linewidths": line,
            "label": status,
        }
        page.ax.scatter(x[here], y[here], s=unit**2 * share, zorder=3, **style)
    return _keys(modes, {name: cue.colour for name, cue in languages.items()}, set(frame["status"]))


def _keys(modes: dict[str, str], languages: dict[str, str], states: set[str]) -> list[Line2D]:
    keys = [dot(mode.replace("_", " "), marker, SOFT) for mode, marker in modes.items()]
    for name, colour in languages.items():
        keys.append(dot(name if " " in name else f"language {name}", "_", colour, size=9))
        keys[-1].set_markeredgewidth(3)
    if "missed" in states:
        keys.append(dot("missed", "x", INK, size=5))
    if "not_due" in states:
        keys.append(dot("not due", "o", LINE, size=2.2))
    return keys


def _months(page: Page, days: _Days, y: float) -> float:
    """Write the months below, as many as fit; the form 2021-05 is read in any language."""
    page.ax.plot([days.left, days.right], [y, y], color=INK, lw=0.6)
    begin = days.first.normalize()
    starts = pd.date_range(begin, days.last, freq="MS")
    form = "%Y-%m" if len(starts) > 1 else "%Y-%m-%d"
    starts = starts if len(starts) else pd.DatetimeIndex([begin])
    room = (days.right - days.left) / (width_of("2021-05", page.small) + 8)
    step = next(n for n in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(starts) / n <= max(room, 1))
    for at, day in zip(days(starts.to_series()), starts, strict=True):
        if (day.month - 1 + 12 * day.year) % step == 0 or len(starts) == 1:
            page.ax.plot([at, at], [y, y + 3], color=INK, lw=0.6)
            page.write(at, y + 5, day.strftime(form), "center", "top", small=True)
    return y + 5 + page.line() * SMALL


def _alt(frame: pd.DataFrame) -> str:
    held = frame[frame["status"] == "held"]
    rounds = held["round"].astype(str).value_counts()
    per_round = [f"{name} {rounds.get(name, 0)}" for name in ordered(frame["round"])]
    modes = [f"{mode.replace('_', ' ')} {n}" for mode, n in ranked(held["mode"])]
    tongues = [f"{name} {n}" for name, n in held["language"].value_counts().sort_index().items()]
    gone = frame[frame["status"] == "missed"]
    missed = sorted(set(gone["participant"] + " in " + gone["round"].astype(str)), key=natural_key)
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
