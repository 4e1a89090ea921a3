"""Agreement by code: each coefficient with its interval, and what it rests on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.labels import UNNAMED, Names, lines_in, widest, width_of, wrap
from quidqual.plots.paper import Page, Painted, as_points
from quidqual.plots.style import FAINT, INK, LINE, SOFT
from quidqual.plots.tables import needs, ordered
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import joined

TENTATIVE, RELIABLE = 0.667, 0.800
_NEEDED = ("code", "coefficient", "value", "low", "high", "method", "n_pairable", "n_clusters")
_NAMES = {
    "percent": "Percent agreement",
    "cohen": "Cohen’s kappa",
    "conger": "Conger’s kappa",
    "fleiss": "Fleiss’ kappa",
    "brennan_prediger": "Brennan–Prediger",
    "ac1": "Gwet’s AC1",
    "ac2": "Gwet’s AC2",
    "alpha": "Krippendorff’s alpha",
    "binary_u_alpha": "Krippendorff’s unitizing alpha (marked or not)",
}
_PREFERRED = ("alpha", "ac1", "conger", "cohen", "fleiss")


@chart
def agreement_forest(
    frame: pd.DataFrame,
    *,
    coefficient: str | None = None,
    names: Names = UNNAMED,
) -> Drawing:
    """Draw the agreement of every code with its interval, and the number of units beside it.

    Parameters
    ----------
    frame : DataFrame
        As :func:`quidqual.agreement` gives it: ``code, coefficient, value, low, high, method,
        n_pairable, n_clusters`` (and ``unit``, ``corpus``).
    coefficient : str, optional
        Which one; left out: alpha, or the one the frame holds.

    Returns
    -------
    Figure
        Lines at .667 (below it no conclusion) and .800 (reliable), after Krippendorff. A
        code whose coefficient is not defined keeps its row, without a point.

    Raises
    ------
    QuidqualError
        If the frame holds no coefficient, as that of a reflexive study.

    Examples
    --------
    >>> import quidqual as qq
    >>> table = qq.agreement.agreement(qq.load_example("two_coders"), resamples=200)
    >>> figure = qq.plot.agreement_forest(table)
    """
    needs(frame, _NEEDED, chart="agreement_forest")
    name = _chosen(frame, coefficient)
    table = frame[frame["coefficient"] == name].reset_index(drop=True)
    if table["code"].duplicated().any():
        raise QuidqualError.of(
            "More than one row for some code.",
            remedy="Filter the frame to one round and one level.",
            field="frame",
        )
    labels = {code: names(code) if code else "(whole table)" for code in ordered(table["code"])}
    cells = {str(row.code): row for row in table.itertuples()}
    note = _axis_label(table, name)

    def paint(ax: Axes, page: Page) -> Painted:
        return _paint(ax, page, [(cells[code], label) for code, label in labels.items()], note)

    told = [f"{label} {_number(cells[code])}" for code, label in labels.items()]
    return Drawing(
        paint,
        data=table,
        alt=f"{note}. {joined(told, limit=20)}.",
    )


# The name that the chart has inside its own room.
forest = agreement_forest


def _chosen(frame: pd.DataFrame, coefficient: str | None) -> str:
    """Choose the coefficient to draw."""
    held = [c for c in ordered(frame["coefficient"]) if c != "none"]
    if not held:
        raise QuidqualError.of(
            "The frame holds no coefficient: a reflexive study has none.",
            remedy="See qq.compare_readings.",
            field="frame",
        )
    if coefficient is None:
        return next((c for c in _PREFERRED if c in held), held[0])
    if coefficient not in held:
        raise QuidqualError.of(
            f"coefficient={coefficient!r} is not in the frame.",
            remedy=f"Use one of {listed(held)}.",
            field="coefficient",
        )
    return coefficient


def _axis_label(table: pd.DataFrame, name: str) -> str:
    """Say which coefficient is drawn, of which units, and how the interval was made."""
    label = _NAMES.get(name, name)
    if "unit" in table.columns and len(ordered(table["unit"])) == 1:
        label += f" by {table['unit'].iloc[0]} (n)"
    methods = [m for m in ordered(table["method"]) if m != "none"]
    if not methods or not table["low"].notna().any():
        return label
    made = methods[0].removeprefix("bootstrap (").removesuffix(")")
    alike = " ([–]: all resamples alike)" if (table["low"] == table["high"]).any() else ""
    if made == methods[0]:
        return f"{label}, {made} interval{alike}"
    return f"{label}; interval from {int(table['n_clusters'].max()):,} resampled {made}{alike}"


def _number(row: Any) -> str:
    """Write the estimate with its interval."""
    if pd.isna(row.value):
        return "not defined"
    if pd.isna(row.low):
        return _decimals(row.value)
    if row.low == row.high:  # all resamples alike: no interval, rather than one of no width
        return f"{_decimals(row.value)} [–]"
    return f"{_decimals(row.value)} [{_decimals(row.low)}, {_decimals(row.high)}]"


def _decimals(value: float) -> str:
    """Print two decimals, and no minus before nothing.

    Examples
    --------
    >>> _decimals(-0.001), _decimals(-0.5)
    ('0.00', '−0.50')
    """
    return f"{value:z.2f}".replace("-", "−")


def _paint(ax: Axes, page: Page, rows: list[tuple[Any, str]], note: str) -> Painted:
    labels = [wrap(label, page.width * 0.3, size=page.size) for _, label in rows]
    counts = [f"n = {int(row.n_pairable):,}" for row, _ in rows]
    numbers = [_number(row) for row, _ in rows]
    left = widest(labels, page.size) + 1.4 * page.size
    last = max(width_of(c, page.size) for c in counts)
    before = max(width_of(n, page.size) for n in numbers)
    right = page.width - last - before - 3.0 * page.size
    stacked = right - left < 0.3 * page.width  # a narrow column: n goes under the interval
    if stacked:
        right = page.width - max(last, before) - 1.6 * page.size
    values = [v for row, _ in rows for v in (row.value, row.low) if pd.notna(v)]
    floor = min(0.0, float(np.floor(min(values, default=0.0) * 5) / 5))
    floor = max(floor, -1.0)

    def at(value: float) -> float:
        return left + (max(value, floor) - floor) / (1.0 - floor) * (right - left)

    y = 2.0
    for (row, _), label, count, number in zip(rows, labels, counts, numbers, strict=True):
        high = page.line(max(lines_in(label), 1 + stacked)) + 0.7 * page.size
        middle = y + high / 2
        ax.text(left - 0.9 * page.size, middle, label, ha="right", va="center", size=page.size)
        if pd.notna(row.low):
            ax.plot([at(row.low), at(row.high)], [middle, middle], color=INK, lw=1.2)
        if pd.notna(row.value):
            ax.plot(
                [at(row.value)], [middle], marker="o", color=INK, ms=0.68 * page.size,
                mec="white", mew=0.5, zorder=3, gid="estimate",
            )  # fmt: skip
        defined = pd.notna(row.value)
        step = page.line(0.5) if stacked else 0.0
        beside = page.width if stacked else page.width - last - 1.2 * page.size
        for text, x, lift in ((number, beside, -step), (count, page.width, step)):
            ax.text(
                x, middle + lift, text, ha="right", va="center_baseline", size=page.size,
                color=INK if defined else SOFT,
            )  # fmt: skip
        y += high
        ax.plot([left, page.width], [y, y], color=FAINT, lw=0.4, zorder=0)
    ticks = [floor, *([0.0] if floor < 0 else []), TENTATIVE, RELIABLE, 1.0]
    for value in ticks:
        mark = value in (TENTATIVE, RELIABLE)
        x = at(value)
        ax.plot(
            [x, x], [0, y], color=SOFT if mark else LINE, lw=0.7 if mark else 0.4,
            ls=(0, (3, 2)) if mark else "-", zorder=0, gid=f"line {value:.3f}",
        )  # fmt: skip
    _ticks(ax, page, ticks, at, y)
    text = wrap(note, page.width, size=page.small)
    half = widest([text], page.small) / 2
    middle = min(max((left + right) / 2, half), page.width - half)
    ax.text(
        middle, y + 5 + page.small * 2.6, text, ha="center", va="top", size=page.small, color=SOFT
    )
    y += 5 + page.small * 2.6 + page.line(lines_in(text))
    as_points(ax, page, y)
    return Painted(y)


def _ticks(ax: Axes, page: Page, ticks: list[float], at: Any, y: float) -> None:
    """Write the scale; a number that would touch its neighbour goes one line lower."""
    edges = [-np.inf, -np.inf]
    for value in ticks:
        text = f"{value:.3f}" if value in (TENTATIVE, RELIABLE) else f"{value:.1f}"
        text = text.replace("-", "−")
        half = width_of(text, page.small) / 2
        lines = [i for i, edge in enumerate(edges) if at(value) - half > edge + 4]
        if not lines:
            continue  # no room for this number on either line; the line itself is drawn
        edges[lines[0]] = at(value) + half
        drop = lines[0] * page.small * 1.2
        ax.text(at(value), y + 4 + drop, text, ha="center", va="top", size=page.small)
