"""Prevalence: k of n as a point with its interval, the count printed beside it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import joined

from .canvas import Page, Painted, as_points
from .drawing import Drawing, chart
from .labels import UNNAMED, Names, lines_in, widest, width_of, wrap
from .palette import cues, group_cues
from .style import FAINT, INK, LINE, SOFT
from .tables import needs, ordered

_TICKS = ((0.0, "none"), (0.25, "¼"), (0.5, "half"), (0.75, "¾"), (1.0, "all"))


@chart
def prevalence(
    table: pd.DataFrame,
    *,
    rows: str = "code",
    hue: str | None = None,
    names: Names = UNNAMED,
) -> Drawing:
    """Draw k of n for each code, with the interval and the count in words.

    Parameters
    ----------
    table : DataFrame
        As :func:`quidqual.prevalence` gives it: ``rows`` (and ``hue``), ``k``, ``n``,
        ``share``, ``low``, ``high``, ``denominator``, ``interval``, ``corpus``.
    rows, hue : str
        The column that makes the rows, and the one told apart by colour and marker (by
        default the other column of the table's ``by``, if there is one).

    Returns
    -------
    Figure
        The axis speaks of none, half and all: below ten people a percentage promises a
        precision that is not there.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> table = pd.DataFrame({"code": ["trust"], "k": [3], "n": [4], "share": [0.75],
    ...     "low": [0.30], "high": [0.95], "corpus": "synthetic"})
    >>> figure = qq.plot.prevalence(table)
    """
    needs(table, (rows, "k", "n", "share", "low", "high"), chart="prevalence")
    others = [c for c in ("group", "round", "theme", "code") if c in table.columns and c != rows]
    hue = hue or next((c for c in others if c != "theme"), None)
    extra = [rows, hue] if hue else [rows]
    needs(table, extra, chart="prevalence")
    if table.duplicated(extra).any():
        raise QuidqualError.of(
            f"More than one row for some {' and '.join(extra)}.",
            remedy=f"Filter the table, or draw by {listed(others)}.",
            field="hue",
        )
    down = ordered(table[rows])
    kinds = ordered(table[hue]) if hue else [""]
    cells = {
        (str(getattr(row, rows)), str(getattr(row, hue)) if hue else ""): row
        for row in table.itertuples()
    }

    def paint(ax: Axes, page: Page) -> Painted:
        return _paint(
            ax, page, cells, [(r, names(r)) for r in down], kinds, hue, _axis_label(table)
        )

    told = [
        f"{names(r)} "
        + ", ".join(
            f"{kind} {cells[r, kind].k} of {cells[r, kind].n}".strip()
            for kind in kinds
            if (r, kind) in cells
        )
        for r in down
    ]
    return Drawing(
        paint,
        data=table.reset_index(drop=True),
        alt=f"{_axis_label(table)}. {joined(told, limit=20)}.",
    )


def _axis_label(table: pd.DataFrame) -> str:
    """Say what is counted and which interval is drawn."""
    what = str(table["denominator"].iloc[0]) if "denominator" in table.columns else "those observed"
    of = "participants observed" if what == "participants" else what
    kind = str(table["interval"].iloc[0]) if "interval" in table.columns else ""
    drawn = table["low"].notna().any()
    return f"Share of {of}" + (
        f", with 95% {kind.replace('_', '-').title()} interval" if kind and drawn else ""
    )


def _paint(
    ax: Axes,
    page: Page,
    cells: dict[tuple[str, str], Any],
    down: list[tuple[str, str]],
    kinds: list[str],
    hue: str | None,
    note: str,
) -> Painted:
    labels = [wrap(label, page.width * 0.34, size=page.size) for _, label in down]
    left = widest(labels, page.size) + 1.4 * page.size
    count = max(width_of(f"{c.k} of {c.n}", page.size) for c in cells.values())
    right = page.width - count - 1.4 * page.size
    look = group_cues(kinds) if hue == "group" else cues(kinds)
    pitch = 1.25 * page.size
    y = 2.0
    for (row, _), label in zip(down, labels, strict=True):
        own = [kind for kind in kinds if (row, kind) in cells]
        high = max(page.line(lines_in(label)), len(own) * pitch) + 0.7 * page.size
        ax.text(
            left - 0.9 * page.size, y + high / 2, label, ha="right", va="center", size=page.size
        )
        for place, kind in enumerate(own):
            at = y + high / 2 + (place - (len(own) - 1) / 2) * pitch
            _point(
                ax, page, cells[row, kind], look[kind].colour, look[kind].marker, at, left, right
            )
        y += high
        ax.plot([left, page.width], [y, y], color=FAINT, lw=0.4, zorder=0)
    _scale(ax, page, note, left, right, y)
    keys = [
        Line2D([], [], ls="", marker=look[k].marker, color=look[k].colour, ms=5.5, label=k)
        for k in kinds
        if k
    ]
    y += 5 + page.small * 1.3 + page.line(lines_in(wrap(note, page.width, size=page.small)))
    as_points(ax, page, y)
    return Painted(y, keys=keys)


def _point(
    ax: Axes, page: Page, cell: Any, colour: str, marker: str, y: float, left: float, right: float
) -> None:
    """Draw one share with its interval, and write k of n at the right."""
    span = right - left
    if cell.n:
        if pd.notna(cell.low):
            ax.plot([left + cell.low * span, left + cell.high * span], [y, y], color=colour, lw=1.2)
        ax.plot(
            [left + cell.share * span],
            [y],
            marker=marker,
            color=colour,
            ms=0.68 * page.size,
            mec="white",
            mew=0.5,
            zorder=3,
        )
    text = f"{cell.k} of {cell.n}" if cell.n else "n = 0"
    ax.text(
        page.width,
        y,
        text,
        ha="right",
        va="center_baseline",
        size=page.size,
        color=INK if cell.n else SOFT,
    )


def _scale(ax: Axes, page: Page, note: str, left: float, right: float, y: float) -> None:
    for share, word in _TICKS:
        x = left + share * (right - left)
        ax.plot([x, x], [0, y], color=LINE if share in (0, 1) else FAINT, lw=0.5, zorder=0)
        ax.text(x, y + 4, word, ha="center", va="top", size=page.small)
    text = wrap(note, page.width, size=page.small)
    half = widest([text], page.small) / 2
    middle = min(max((left + right) / 2, half), page.width - half)
    ax.text(
        middle, y + 5 + page.small * 1.3, text, ha="center", va="top", size=page.small, color=SOFT
    )
