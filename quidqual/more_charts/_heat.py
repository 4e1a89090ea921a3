"""k of n in every cell: a table of counts that is also read from afar."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.labels import UNNAMED, Names, lines_in, widest, width_of
from quidqual.plots.palette import NotObservedPatch, ink_on, shade
from quidqual.plots.paper import Page, Painted, boxes
from quidqual.plots.style import LINE, WHITE
from quidqual.plots.tables import counts_of, label_of, needs, ordered
from quidqual.study.wording import joined, k_of_n


@chart
def heat(
    table: pd.DataFrame, *, rows: str = "code", columns: str = "round", names: Names = UNNAMED
) -> Drawing:
    """Draw k/n of every code in every round (or group), darker for a larger share.

    Parameters
    ----------
    table : DataFrame
        As ``prevalence(presence, by=(rows, columns))`` gives it: the two columns, ``k``,
        ``n`` (int), ``share`` (float), ``corpus``. One row a cell.
    rows, columns : str
        Names of the two columns.

    Returns
    -------
    Figure
        A cell where n is 0 is white with a stroke: nobody was observed.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> table = pd.DataFrame({"code": ["trust", "trust"], "round": ["R1", "R2"],
    ...     "k": [2, 3], "n": [4, 3], "corpus": "synthetic"})
    >>> figure = qq.plot.heat(table)
    """
    needs(table, (rows, columns, "k", "n"), chart="heat", once=(rows, columns))
    down, across = ordered(table[rows]), ordered(table[columns])
    cells = counts_of(table, rows, columns)
    words = {
        (str(getattr(row, rows)), str(getattr(row, columns))): label_of(row)
        for row in table.itertuples()
    }
    told = [
        f"{names(r)}: " + ", ".join(f"{names(c)} {words.get((r, c), k_of_n(0, 0))}" for c in across)
        for r in down
    ]
    alt = f"Table of counts, {rows} by {columns}. {joined(told, limit=12)}."
    return Drawing(partial(_paint, cells, down, across, names), data=table, alt=alt)


def _paint(
    cells: dict[tuple[str, str], tuple[int, int]],
    down: list[str],
    across: list[str],
    names: Names,
    ax: Axes,
    page: Page,
) -> Painted:
    labels = page.wrapped(map(names, down), page.width * 0.34)
    left = widest(labels, page.size) + 6
    cell = min((page.width - left) / len(across), 15 * page.size)
    middles = left + (np.arange(len(across)) + 0.5) * cell
    y = page.write_heads(middles, page.wrapped(map(names, across), cell - 3), 0.0)
    texts = cell > max(width_of(f"{k}/{n}", page.size) for k, n in cells.values()) + 2
    places: list[tuple[float, float, float, float]] = []
    faces: list[str] = []
    for row, label in zip(down, labels, strict=True):
        high = max(1.9 * page.size, page.line(lines_in(label)) + 3)
        page.write(left - 6, y + high / 2, label, "right", "center")
        for middle, column in zip(middles, across, strict=True):
            k, n = cells.get((row, column), (0, 0))
            face, x = shade(k / n) if n else WHITE, middle - cell / 2
            places.append((x, y, cell, high))
            faces.append(face)
            if not n:
                ax.plot([x + 1, x + cell - 1], [y + 1, y + high - 1], color=LINE, lw=0.6)
            elif texts:
                page.write(middle, y + high / 2, f"{k}/{n}", "center", color=ink_on(face))
        y += high
    boxes(ax, places, faces=faces, edges=[LINE if f == WHITE else WHITE for f in faces])
    return page.painted(
        y, keys=[NotObservedPatch(label="nobody observed")] if WHITE in faces else []
    )
