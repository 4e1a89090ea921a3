"""Saturation: how many new codes each further interview or participant brings."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.labels import plain, wrap
from quidqual.plots.palette import cues, group_cues
from quidqual.plots.paper import Page, Painted
from quidqual.plots.style import FAINT, LINE
from quidqual.plots.tables import needs, ordered
from quidqual.study.wording import counted, joined

_CURVE = ("position", "cumulative", "low", "high")
_REACHED: dict[str, Any] = {"color": LINE, "lw": 0.8, "ls": (0, (1.2, 1.2))}


@chart
def saturation(found: Any) -> Drawing:
    """Draw the number of codes found by each position, and the band over other orders.

    Parameters
    ----------
    found : Saturation or DataFrame
        As :func:`quidqual.saturation` gives it, or its ``curve``: ``position``, ``cumulative``,
        ``low``, ``high`` (and ``group``, ``unit``, ``corpus``). With the ``summary`` the position
        at which the threshold is first met is marked.

    Returns
    -------
    Figure

    Notes
    -----
    The mark says that few new codes came after it in this order, not that none are left: the
    word "saturated" is not printed.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> curve = pd.DataFrame({"position": [1, 2, 3], "cumulative": [4, 6, 6], "low": [3, 5, 6],
    ...     "high": [5, 6, 6], "corpus": "synthetic"})
    >>> figure = qq.plot.saturation(curve)
    """
    curve, summary = getattr(found, "curve", found), getattr(found, "summary", None)
    rows = ("group", "position") if "group" in curve else ("position",)
    needs(curve, _CURVE, chart="saturation", once=rows)
    groups = ordered(curve["group"]) if "group" in curve.columns else [""]
    parts = {g: curve[curve["group"].astype(str) == g] if g else curve for g in groups}
    told = [
        f"{group} {counted(int(part['cumulative'].iloc[-1]), 'code')} in {len(part)}, "
        f"half of them by position {_half(part)}".strip()
        for group, part in parts.items()
    ]
    alt = f"Curve of codes found with each further unit: {joined(told, limit=6)}."
    return Drawing(partial(_paint, parts, summary), data=curve, alt=alt)


def _half(part: pd.DataFrame) -> int:
    enough = part["cumulative"] >= part["cumulative"].iloc[-1] / 2
    return int(part.loc[enough, "position"].iloc[0])


def _paint(
    parts: dict[str, pd.DataFrame], summary: pd.DataFrame | None, ax: Axes, page: Page
) -> Painted:
    look = group_cues(parts) if len(parts) > 1 else cues(parts)
    keys: list[Artist] = []
    for group, part in parts.items():
        cue = look[group]
        x, found, low, high = (part[c].to_numpy(dtype=float) for c in _CURVE)
        ax.fill_between(x, low, high, color=FAINT, lw=0, zorder=0)
        style: dict[str, Any] = {
            "color": cue.colour,
            "ls": cue.dash,
            "marker": cue.marker if len(part) <= 40 else "",
        }
        ax.plot(x, found, lw=1.2, ms=0.5 * page.size, **style)
        keys.append(Line2D([], [], ms=4, label=group if len(parts) > 1 else "codes found", **style))
        _mark(page, group, part, summary, cue.colour)
    keys.append(Patch(facecolor=FAINT, label="95% of other orders"))
    if summary is not None and summary["reached_at"].notna().any():
        keys.append(Line2D([], [], **_REACHED, label=_meaning(summary)))
    last = max(float(part["position"].max()) for part in parts.values())
    most = max(float(part[["cumulative", "high"]].max().max()) for part in parts.values())
    ax.set(xlim=(min(0.5, last / 2), last + 0.5), ylim=(0, max(most, 1.0) * 1.06))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=10))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    below = wrap(_order(ax, parts), 0.7 * page.width, size=page.size)
    ax.set_xlabel(below, size=page.size)
    ax.set_ylabel("Codes found", size=page.size)
    ax.tick_params(labelsize=page.size)
    ax.spines[["top", "right"]].set_visible(False)
    return Painted(16 * page.size, keys=keys, framed=True)


def _order(ax: Axes, parts: dict[str, pd.DataFrame]) -> str:
    """Name the units below the axis if there is one curve of few, and say what the axis is."""
    (part, *others) = parts.values()
    if others or "unit" not in part.columns or len(part) > 12:
        return "Number of participants or interviews, in order"
    ax.set_xticks(part["position"], [plain(str(name)) for name in part["unit"]])
    return "In this order"


def _mark(
    page: Page, group: str, part: pd.DataFrame, summary: pd.DataFrame | None, colour: str
) -> None:
    """Draw where the threshold is first met."""
    if summary is None:
        return
    if group and "group" in summary:
        summary = summary[summary["group"].astype(str) == group]
    for reached in summary["reached_at"].head(1).dropna().astype(float):
        page.ax.axvline(reached, **_REACHED, zorder=0)
        height = float(np.interp(reached, part["position"], part["cumulative"]))
        page.ax.plot([reached], [height], marker="o", ms=0.9 * page.size, mfc="none", mec=colour)


def _meaning(summary: pd.DataFrame) -> str:
    first = summary.iloc[0]
    share = f"{float(first['threshold']):.0%}"
    run, base = int(first["run"]), int(first["base"])
    return f"from here {run} more bring at most {share} of the first {base}"
