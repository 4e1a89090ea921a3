"""Prevalence: k of n as a point with its interval, the count printed beside it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import joined

from .drawing import Drawing, chart
from .labels import UNNAMED, Names, lines_in, widest, width_of, wrap
from .palette import Cue, cues, dot, group_cues
from .paper import Page, Painted
from .style import FAINT, INK, LINE, SOFT
from .tables import label_of, needs, ordered

_TICKS = ((0.0, "none"), (0.25, "¼"), (0.5, "half"), (0.75, "¾"), (1.0, "all"))


@chart
def prevalence(
    table: pd.DataFrame, *, rows: str = "code", hue: str | None = None, names: Names = UNNAMED
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
    told = [
        f"{names(r)} "
        + ", ".join(
            f"{kind} {label_of(cells[r, kind])}".strip() for kind in kinds if (r, kind) in cells
        )
        for r in down
    ]
    note = _axis_label(table)
    labels = {row: names(row) for row in down}
    look = group_cues(kinds) if hue == "group" else cues(kinds)
    return Drawing(
        partial(_paint, cells, labels, look, note),
        data=table,
        alt=f"{note}. {joined(told, limit=20)}.",
    )


def _axis_label(table: pd.DataFrame) -> str:
    """Say what is counted and which interval is drawn."""
    what = str(table["denominator"].iloc[0]) if "denominator" in table.columns else "those observed"
    of = "participants observed" if what == "participants" else what
    kind = str(table["interval"].iloc[0]) if "interval" in table.columns else ""
    drawn = kind and table["low"].notna().any()
    interval = f", with 95% {kind.replace('_', '-').title()} interval" if drawn else ""
    return f"Share of {of}{interval}"


def _paint(
    cells: Mapping[tuple[str, str], Any],
    labels: Mapping[str, str],
    look: Mapping[str, Cue],
    note: str,
    ax: Axes,
    page: Page,
) -> Painted:
    wrapped = page.wrapped(labels.values(), page.width * 0.34)
    left = widest(wrapped, page.size) + 1.4 * page.size
    count = max(width_of(f"{c.k} of {c.n}", page.size) for c in cells.values())
    ends = (left, page.width - count - 1.4 * page.size)
    pitch = 1.25 * page.size
    y = 2.0
    for row, label in zip(labels, wrapped, strict=True):
        own = [kind for kind in look if (row, kind) in cells]
        high = max(page.line(lines_in(label)), len(own) * pitch) + 0.7 * page.size
        page.write(left - 0.9 * page.size, y + high / 2, label, "right", "center")
        for place, kind in enumerate(own):
            at = y + high / 2 + (place - (len(own) - 1) / 2) * pitch
            _point(page, cells[row, kind], look[kind], at, ends)
        y += high
        ax.plot([left, page.width], [y, y], color=FAINT, lw=0.4, zorder=0)
    y = _scale(page, note, ends, y)
    return page.painted(
        y, keys=[dot(k, cue.marker, cue.colour, size=5.5) for k, cue in look.items() if k]
    )


def _point(page: Page, cell: Any, cue: Cue, y: float, ends: tuple[float, float]) -> None:
    """Draw one share with its interval, and write k of n at the right."""
    if not cell.n:
        page.write(page.width, y, "n = 0", "right", color=SOFT)
        return
    low, share, high = (
        ends[0] + s * (ends[1] - ends[0]) for s in (cell.low, cell.share, cell.high)
    )
    if pd.notna(cell.low):
        page.ax.plot([low, high], [y, y], color=cue.colour, lw=1.2)
    size = 0.68 * page.size
    page.ax.plot(share, y, cue.marker, color=cue.colour, ms=size, mec="white", mew=0.5, zorder=3)
    page.write(page.width, y, f"{cell.k} of {cell.n}", "right", color=INK)


def _scale(page: Page, note: str, ends: tuple[float, float], y: float) -> float:
    """Write the shares below in words, and what is counted; give where that ends."""
    for share, word in _TICKS:
        x = ends[0] + share * (ends[1] - ends[0])
        page.ax.plot([x, x], [0, y], color=LINE if share in (0, 1) else FAINT, lw=0.5, zorder=0)
        page.write(x, y + 4, word, "center", "top", small=True)
    text = wrap(note, page.width, size=page.small)
    half = widest([text], page.small) / 2
    middle = min(max(sum(ends) / 2, half), page.width - half)
    below = y + 5 + page.small * 1.3
    page.write(middle, below, text, "center", "top", small=True, color=SOFT)
    return below + page.line(lines_in(text))
