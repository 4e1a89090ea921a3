"""k of n in every cell: a table of counts that is also read from afar."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from quidqual.study.wording import joined, k_of_n

from .canvas import Page, Painted, as_points, boxes
from .drawing import Drawing, chart
from .keys import NotObservedPatch
from .labels import UNNAMED, Names, lines_in, widest, width_of, wrap
from .palette import ink_on, shade
from .style import LINE, WHITE
from .tables import needs, ordered


@chart
def heat(
    table: pd.DataFrame,
    *,
    rows: str = "code",
    columns: str = "round",
    names: Names = UNNAMED,
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
    needs(table, (rows, columns, "k", "n"), chart="heat")
    down, across = ordered(table[rows]), ordered(table[columns])
    cells = {
        (str(r), str(c)): (int(k), int(n))
        for r, c, k, n in zip(table[rows], table[columns], table["k"], table["n"], strict=True)
    }

    def paint(ax: Axes, page: Page) -> Painted:
        return _paint(
            ax, page, cells, [(r, names(r)) for r in down], [(c, names(c)) for c in across]
        )

    told = [
        f"{names(r)}: "
        + ", ".join(f"{names(c)} {k_of_n(*cells.get((r, c), (0, 0)))}" for c in across)
        for r in down
    ]
    alt = f"Table of counts, {rows} by {columns}. {joined(told, limit=12)}."
    return Drawing(
        paint,
        data=table.reset_index(drop=True),
        alt=alt,
    )


def _paint(
    ax: Axes,
    page: Page,
    cells: dict[tuple[str, str], tuple[int, int]],
    down: Sequence[tuple[str, str]],
    across: Sequence[tuple[str, str]],
) -> Painted:
    labels = [wrap(label, page.width * 0.34, size=page.size) for _, label in down]
    left = widest(labels, page.size) + 6
    cell = min((page.width - left) / len(across), 15 * page.size)
    heads = [wrap(label, cell - 3, size=page.size) for _, label in across]
    y = page.line(max(map(lines_in, heads))) + 3
    for place, text in enumerate(heads):
        ax.text(left + (place + 0.5) * cell, y - 3, text, ha="center", va="bottom", size=page.size)
    texts = cell > max(width_of(f"{k}/{n}", page.size) for k, n in cells.values()) + 2
    places: list[tuple[float, float, float, float]] = []
    faces: list[str] = []
    unseen = False
    for (row, _), label in zip(down, labels, strict=True):
        high = max(1.9 * page.size, page.line(lines_in(label)) + 3)
        ax.text(left - 6, y + high / 2, label, ha="right", va="center", size=page.size)
        for place, (column, _) in enumerate(across):
            k, n = cells.get((row, column), (0, 0))
            face = shade(k / n) if n else WHITE
            x = left + place * cell
            places.append((x, y, cell, high))
            faces.append(face)
            if not n:
                unseen = True
                ax.plot([x + 1, x + cell - 1], [y + 1, y + high - 1], color=LINE, lw=0.6)
            elif texts:
                ax.text(
                    x + cell / 2,
                    y + high / 2,
                    f"{k}/{n}",
                    ha="center",
                    va="center_baseline",
                    size=page.size,
                    color=ink_on(face),
                )
        y += high
    boxes(ax, places, faces=faces, edges=[LINE if f == WHITE else WHITE for f in faces])
    as_points(ax, page, y)
    return Painted(y, keys=[NotObservedPatch(label="nobody observed")] if unseen else [])
