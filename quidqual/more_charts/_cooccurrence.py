"""Code co-occurrence: a triangle of counts, and for many codes a network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path

from quidqual.plots.canvas import Page, Painted, as_points, boxes
from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.labels import (
    UNNAMED,
    Names,
    lines_in,
    longest_word,
    plain,
    shorten,
    spread,
    widest,
    width_of,
    wrap,
)
from quidqual.plots.palette import BLUE, ink_on, shade
from quidqual.plots.style import LINE, SOFT, WHITE
from quidqual.plots.tables import needs
from quidqual.study.arguments import must_be_number
from quidqual.study.wording import counted, joined

_WORDS = {"jaccard": "the Jaccard index", "c": "the c-coefficient"}
FEWEST = 12  # codes below which the matrix shows all that a network can


@chart
def cooccurrence_matrix(
    table: pd.DataFrame,
    *,
    value: str = "jaccard",
    names: Names = UNNAMED,
) -> Drawing:
    """Draw how often two codes come together: the count in the cell, darker for a larger share.

    Parameters
    ----------
    table : DataFrame
        As :func:`quidqual.cooccurrence` gives it: ``a``, ``b`` (str), ``together``, ``n_a``,
        ``n_b`` (int), ``corpus``, and ``value``.
    value : str
        Column between 0 and 1 that shades the cells.

    Returns
    -------
    Figure
        On the diagonal how often each code occurs; an empty cell: never together.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> table = pd.DataFrame({"a": ["trust"], "b": ["work"], "together": [2], "n_a": [3],
    ...     "n_b": [4], "n": [9], "jaccard": [0.4], "corpus": "synthetic"})
    >>> figure = qq.plot.cooccurrence_matrix(table)
    """
    needs(table, ("a", "b", "together", "n_a", "n_b", value), chart="cooccurrence_matrix")
    codes, sizes = _codes(table, names)
    at = {code: place for place, code in enumerate(codes)}
    cells: dict[tuple[int, int], tuple[int, float]] = {}
    for row in table.itertuples():
        pair = sorted((at[str(row.a)], at[str(row.b)]))
        cells[pair[1], pair[0]] = (int(row.together), float(getattr(row, value)))

    def paint(ax: Axes, page: Page) -> Painted:
        return _matrix(ax, page, codes, names, sizes, cells, value)

    return Drawing(
        paint,
        data=table.reset_index(drop=True),
        alt=_alt(table, names, len(codes)),
    )


def _codes(table: pd.DataFrame, names: Names) -> tuple[list[str], dict[str, int]]:
    """List the codes in the order of the codebook, then of the alphabet, and their frequency."""
    sizes = {
        str(c): int(n)
        for side in ("a", "b")
        for c, n in zip(table[side], table[f"n_{side}"], strict=True)
    }
    rank = {code: place for place, code in enumerate(names.order or names.labels)}
    return sorted(sizes, key=lambda code: (rank.get(code, len(rank)), code)), sizes


def _matrix(
    ax: Axes,
    page: Page,
    codes: list[str],
    names: Names,
    sizes: dict[str, int],
    cells: dict[tuple[int, int], tuple[int, float]],
    value: str,
) -> Painted:
    labels = [wrap(names(code), page.width * 0.3, size=page.size) for code in codes]
    left = widest(labels, page.size) + 6
    ends = [width_of(plain(names(code)), page.small) + 5 for code in codes]  # beside the diagonal
    cell = min((page.width - left) / (len(codes) + 1), 4.5 * page.size)
    fits = [(page.width - left - end) / (place + 1) for place, end in enumerate(ends)]
    least = max(width_of(str(n), page.size) for n in sizes.values()) + 2
    cell = max(min(cell, *fits), min(cell, least))
    written = cell > max(width_of(str(n), page.size) for n in sizes.values()) + 1
    y = 0.0
    places: list[tuple[float, float, float, float]] = []
    faces: list[str] = []
    for row, (code, label) in enumerate(zip(codes, labels, strict=True)):
        high = max(min(cell, 2 * page.size), page.line(lines_in(label)) + 2)
        ax.text(left - 6, y + high / 2, label, ha="right", va="center", size=page.size)
        for column in range(row + 1):
            x = left + column * cell
            k, share = (
                (sizes[code], np.nan) if column == row else cells.get((row, column), (0, 0.0))
            )
            face = WHITE if column == row or not k else shade(min(share, 1.0))
            places.append((x, y, cell, high))
            faces.append(face)
            if written and k:
                ax.text(
                    x + cell / 2,
                    y + high / 2,
                    str(k),
                    ha="center",
                    va="center_baseline",
                    size=page.size,
                    color=SOFT if column == row else ink_on(face),
                    style="italic" if column == row else "normal",
                )
        free = page.width - left - (row + 1) * cell - 4
        above = shorten(names(code), free, size=page.small) if free > 3 * page.small else ""
        ax.text(
            left + (row + 1) * cell + 4,
            y + high / 2,
            above,
            ha="left",
            va="center_baseline",
            size=page.small,
            color=SOFT,
        )
        y += high
    boxes(ax, places, faces=faces, edges=LINE)
    note = wrap(
        f"Cells: times together, shaded by {_WORDS.get(value, value)}. "
        "Diagonal (italic): times of the code.",
        page.width,
        size=page.small,
    )
    ax.text(0, y + 5, note, ha="left", va="top", size=page.small, color=SOFT)
    y += 6 + lines_in(note) * page.small * 1.3
    as_points(ax, page, y)
    return Painted(y)


@chart
def cooccurrence_network(
    table: pd.DataFrame,
    *,
    least: int = 2,
    names: Names = UNNAMED,
    advise: bool = True,
) -> Drawing:
    """Draw codes on a circle, joined where they come together.

    Parameters
    ----------
    table : DataFrame
        As for :func:`quidqual.plot.cooccurrence_matrix`.
    least : int
        Fewest times together that are drawn.
    advise : bool
        Below 12 codes print under the figure that ``cooccurrence_matrix`` reads better.

    Returns
    -------
    Figure
        The circle follows the codebook, so the same code stands in the same place in every
        figure; distances mean nothing, as they do in no network drawing.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> table = pd.DataFrame({"a": ["trust"], "b": ["work"], "together": [2], "n_a": [3],
    ...     "n_b": [4], "n": [9], "corpus": "synthetic"})
    >>> figure = qq.plot.cooccurrence_network(table)
    """
    needs(table, ("a", "b", "together", "n_a", "n_b"), chart="cooccurrence_network")
    codes, sizes = _codes(table, names)
    must_be_number(least, field="least", whole=True)
    edges = table[table["together"] >= least]

    def paint(ax: Axes, page: Page) -> Painted:
        return _network(ax, page, codes, names, sizes, edges, least)

    few = f"With {len(codes)} codes, the co-occurrence matrix reads better."
    return Drawing(
        paint,
        data=table.reset_index(drop=True),
        alt=_alt(table, names, len(codes)),
        advice=few if advise and len(codes) < FEWEST else "",
    )


def _network(
    ax: Axes,
    page: Page,
    codes: list[str],
    names: Names,
    sizes: dict[str, int],
    edges: pd.DataFrame,
    least: int,
) -> Painted:
    n = len(codes)
    word = longest_word([names(code) for code in codes], page.size) + 1
    beside = 2.2 * page.size + 8
    radius = min(page.width * 0.22, 16 * page.size, page.width / 2 - beside - word)
    radius = max(radius, page.width * 0.14)
    room = page.width / 2 - radius - beside
    texts = [wrap(names(code), room, size=page.size) for code in codes]
    halves = (texts[: -(-n // 2)], texts[n // 2 :])
    deep = max(sum(page.line(lines_in(text)) for text in half) for half in halves)
    half_height = max(radius, deep / 2 - page.line())
    middle = (page.width / 2, half_height + page.line())
    # Right side from top to bottom, then left side from bottom to top: labels in two columns.
    angle = np.pi / 2 - (np.arange(n) + 0.5) * 2 * np.pi / n
    x, y = middle[0] + radius * np.cos(angle), middle[1] - radius * np.sin(angle)
    place = {code: number for number, code in enumerate(codes)}
    strongest = max(int(edges["together"].max()) if len(edges) else 1, 1)
    ways, shades, widths = [], [], []
    for row in edges.sort_values(["together", "a", "b"]).itertuples():
        one, other = place[str(row.a)], place[str(row.b)]
        weight = int(row.together) / strongest
        ends = [(x[one], y[one]), middle, (x[other], y[other])]
        ways.append(Path(ends, [Path.MOVETO, Path.CURVE3, Path.CURVE3]))
        shades.append(shade(0.25 + 0.75 * weight))
        widths.append(0.5 + 3.5 * weight)
    made = PathCollection(ways, facecolors="none", edgecolors=shades, linewidths=widths, zorder=1)
    ax.add_collection(made, autolim=False)
    biggest = max(sizes.values())
    area = [(0.45 + 0.75 * (sizes[code] / biggest) ** 0.5) ** 2 * page.size**2 for code in codes]
    ax.scatter(x, y, s=area, color=BLUE, edgecolors=WHITE, linewidths=0.6, zorder=3)
    _spread_labels(ax, page, texts, (x, y), middle, radius, half_height)
    height = 2 * half_height + page.line(2)
    note = wrap(
        f"Joined where two codes come together at least {least} times (most: {strongest}); "
        f"dots: times of the code (most: {biggest}).",
        page.width,
        size=page.small,
    )
    ax.text(0, height + 3, note, ha="left", va="top", size=page.small, color=SOFT)
    height += 4 + lines_in(note) * page.small * 1.3
    as_points(ax, page, height)
    return Painted(height)


def _spread_labels(
    ax: Axes,
    page: Page,
    texts: Sequence[str],
    at: tuple[np.ndarray, np.ndarray],
    middle: tuple[float, float],
    radius: float,
    half: float,
) -> None:
    """Write the labels in a column on either side, led to their dots."""
    x, y = at
    limits = (middle[1] - half - page.line(), middle[1] + half + page.line())
    for side in (1, -1):
        own = np.flatnonzero((x - middle[0]) * side > 1e-9 if side > 0 else x - middle[0] <= 1e-9)
        places = [int(i) for i in own[np.argsort(y[own], kind="stable")]]
        heights = [page.line(lines_in(texts[i])) for i in places]
        edge = middle[0] + side * (radius + 2.2 * page.size)
        for i, line in zip(
            places, spread([float(y[i]) for i in places], heights, *limits), strict=True
        ):
            one = lines_in(texts[i]) == 1
            ax.text(
                edge + side * 3,
                line,
                texts[i],
                ha="left" if side > 0 else "right",
                va="center_baseline" if one else "center",
                size=page.size,
            )
            ax.plot([x[i] + side * 4, edge], [y[i], line], color=LINE, lw=0.4, zorder=0)


def _alt(table: pd.DataFrame, names: Names, n_codes: int) -> str:
    first = table.sort_values(["together", "a", "b"], ascending=[False, True, True]).head(6)
    of = first["n"] if "n" in table.columns else [None] * len(first)
    told = [
        f"{names(row.a)} with {names(row.b)} "
        + (f"{row.together} of {n}" if n else f"{row.together}")
        for row, n in zip(first.itertuples(), of, strict=True)
    ]
    return (
        f"Co-occurrence of {counted(n_codes, 'code')}, {counted(len(table), 'pair')}. "
        f"Most often together: {joined(told, limit=6)}."
    )
