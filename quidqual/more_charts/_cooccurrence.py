"""Code co-occurrence: a triangle of counts, and for many codes a network."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path

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
)
from quidqual.plots.palette import BLUE, ink_on, shade
from quidqual.plots.paper import Page, Painted, boxes
from quidqual.plots.style import LINE, SOFT, WHITE
from quidqual.plots.tables import needs, places
from quidqual.study.arguments import must_be_number
from quidqual.study.wording import counted, joined

_WORDS = {"jaccard": "the Jaccard index", "c": "the c-coefficient"}
FEWEST = 12  # codes below which the matrix shows all that a network can


@chart
def cooccurrence_matrix(
    table: pd.DataFrame, *, value: str = "jaccard", names: Names = UNNAMED
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
    columns = ("a", "b", "together", "n_a", "n_b", value)
    needs(table, columns, chart="cooccurrence_matrix", once=("a", "b"))
    sizes = _sizes(table, names)
    at = {code: place for place, code in enumerate(sizes)}
    cells: dict[tuple[int, int], tuple[int, float]] = {}
    for row in table.itertuples():
        pair = sorted((at[str(row.a)], at[str(row.b)]))
        cells[pair[1], pair[0]] = (int(row.together), float(getattr(row, value)))

    labels = [names(code) for code in sizes]
    paint = partial(_matrix, labels, list(sizes.values()), cells, value)
    return Drawing(paint, data=table, alt=_alt(table, names, len(sizes)))


def _sizes(table: pd.DataFrame, names: Names) -> dict[str, int]:
    """Give how often each code occurs, in the order of the codebook, then of the alphabet."""
    sizes = {
        str(c): int(n)
        for side in ("a", "b")
        for c, n in zip(table[side], table[f"n_{side}"], strict=True)
    }
    rank = {code: place for place, code in enumerate(names.order or names.labels)}
    return dict(sorted(sizes.items(), key=lambda pair: (rank.get(pair[0], len(rank)), pair[0])))


def _matrix(
    labels: list[str],
    sizes: list[int],
    cells: dict[tuple[int, int], tuple[int, float]],
    value: str,
    ax: Axes,
    page: Page,
) -> Painted:
    wrapped = page.wrapped(labels, page.width * 0.3)
    left = widest(wrapped, page.size) + 6
    room = page.width - left
    # The names beside the diagonal want room as well.
    ends = [width_of(plain(label), page.small) + 5 for label in labels]
    fits = [(room - end) / (place + 1) for place, end in enumerate(ends)]
    cell = min(room / (len(labels) + 1), 4.5 * page.size)
    number = widest(map(str, sizes), page.size)
    cell = max(min(cell, *fits), min(cell, number + 2))
    y = 0.0
    places: list[tuple[float, float, float, float]] = []
    faces: list[str] = []
    for row, (label, text) in enumerate(zip(labels, wrapped, strict=True)):
        high = max(min(cell, 2 * page.size), page.line(lines_in(text)) + 2)
        middle = y + high / 2
        page.write(left - 6, middle, text, "right", "center")
        for column in range(row + 1):
            diagonal, x = column == row, left + column * cell
            k, share = (sizes[row], 0.0) if diagonal else cells.get((row, column), (0, 0.0))
            face = WHITE if diagonal or not k else shade(min(share, 1.0))
            places.append((x, y, cell, high))
            faces.append(face)
            if cell > number + 1 and k:
                look = (SOFT, "italic") if diagonal else (ink_on(face), "normal")
                at = (x + cell / 2, middle)
                page.write(*at, str(k), "center", color=look[0], style=look[1])
        beside = left + (row + 1) * cell + 4
        free = page.width - beside
        name = shorten(label, free, size=page.small) if free > 3 * page.small else ""
        page.write(beside, middle, name, small=True, color=SOFT)
        y += high
    boxes(ax, places, faces=faces, edges=LINE)
    note = (
        f"Cells: times together, shaded by {_WORDS.get(value, value)}. "
        "Diagonal (italic): times of the code."
    )
    y = page.write_note(y + 5, note) + 1
    return page.painted(y)


@chart
def cooccurrence_network(
    table: pd.DataFrame, *, least: int = 2, names: Names = UNNAMED, advise: bool = True
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
    columns = ("a", "b", "together", "n_a", "n_b")
    needs(table, columns, chart="cooccurrence_network", once=("a", "b"))
    sizes = _sizes(table, names)
    must_be_number(least, field="least", whole=True)
    edges = table[table["together"] >= least]
    labels = [names(code) for code in sizes]
    few = f"With {len(sizes)} codes, the co-occurrence matrix reads better."
    return Drawing(
        partial(_network, labels, sizes, edges, least),
        data=table,
        alt=_alt(table, names, len(sizes)),
        advice=few if advise and len(sizes) < FEWEST else "",
    )


def _network(
    labels: list[str], sizes: dict[str, int], edges: pd.DataFrame, least: int, ax: Axes, page: Page
) -> Painted:
    n = len(labels)
    word = longest_word(labels, page.size) + 1
    beside = 2.2 * page.size + 8
    radius = min(page.width * 0.22, 16 * page.size, page.width / 2 - beside - word)
    radius = max(radius, page.width * 0.14)
    texts = page.wrapped(labels, page.width / 2 - radius - beside)
    heights = np.array([page.line(lines_in(text)) for text in texts])
    deep = max(heights[: -(-n // 2)].sum(), heights[n // 2 :].sum())
    half = max(radius, deep / 2 - page.line())
    middle = (page.width / 2, half + page.line())
    # Right side from top to bottom, then left side from bottom to top: labels in two columns.
    angle = np.pi / 2 - (np.arange(n) + 0.5) * 2 * np.pi / n
    x, y = middle[0] + radius * np.cos(angle), middle[1] - radius * np.sin(angle)
    strongest = max(int(edges["together"].max()) if len(edges) else 1, 1)
    edges = edges.sort_values(["together", "a", "b"])
    weight = edges["together"].to_numpy(dtype=float) / strongest
    codes = [Path.MOVETO, Path.CURVE3, Path.CURVE3]
    pairs = zip(places(edges["a"], [*sizes]), places(edges["b"], [*sizes]), strict=True)
    lines = PathCollection(
        [Path([(x[a], y[a]), middle, (x[b], y[b])], codes) for a, b in pairs],
        facecolors="none",
        edgecolors=[shade(0.25 + 0.75 * one) for one in weight],
        linewidths=0.5 + 3.5 * weight,
        zorder=1,
    )
    ax.add_collection(lines, autolim=False)
    biggest = max(sizes.values())
    share = np.array([*sizes.values()]) / biggest
    area = ((0.45 + 0.75 * share**0.5) * page.size) ** 2
    ax.scatter(x, y, s=area, color=BLUE, edgecolors=WHITE, linewidths=0.6, zorder=3)
    height = 2 * half + page.line(2)
    # Labels in a column on either side, moved apart and led to their dots.
    for side, ha in ((1, "left"), (-1, "right")):
        own = np.flatnonzero((x - middle[0] > 1e-9) == (side > 0))
        own = own[np.argsort(y[own], kind="stable")]
        edge = middle[0] + side * (radius + 2.2 * page.size)
        for i, at in zip(own, spread([*y[own]], [*heights[own]], 0.0, height), strict=True):
            page.write(edge + side * 3, at, texts[i], ha)
            ax.plot([x[i] + side * 4, edge], [y[i], at], color=LINE, lw=0.4, zorder=0)
    note = (
        f"Joined where two codes come together at least {least} times (most: {strongest}); "
        f"dots: times of the code (most: {biggest})."
    )
    height = page.write_note(height + 3, note) + 1
    return page.painted(height)


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
