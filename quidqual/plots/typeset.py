"""A typeset table: wrapped cells in columns whose widths follow what they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from .canvas import Page
from .labels import lines_in, longest_word, plain, width_of, wrap
from .style import FAINT, INK

Ink = Callable[[str, str], str]
"""Takes a column and the text of a cell, gives the colour it is written in."""


@dataclass(frozen=True)
class Column:
    """A column of the table: its name in the frame, its heading, its cells."""

    name: str
    head: str
    cells: Sequence[str]


def typeset(
    ax: Axes, page: Page, columns: Sequence[Column], *, ink: Ink = lambda column, text: INK
) -> float:
    """Write the table from the top of the axes; give its height in points."""
    gap = 1.1 * page.size
    widths = _widths(columns, page, gap)
    lefts = [sum(widths[:at]) + gap * at for at in range(len(widths))]
    heads = [
        wrap(c.head, w, size=page.size, bold=True) for c, w in zip(columns, widths, strict=True)
    ]
    y = 2.0
    ax.plot([0, page.width], [y, y], color=INK, lw=0.9)
    y = _row(ax, page, heads, lefts, y, bold=True)
    ax.plot([0, page.width], [y, y], color=INK, lw=0.5)
    for cells in zip(*(column.cells for column in columns), strict=True):
        texts = [
            "\n".join(wrap(line, w, size=page.size) for line in cell.split("\n"))
            for cell, w in zip(cells, widths, strict=True)
        ]
        colours = [ink(c.name, cell) for c, cell in zip(columns, cells, strict=True)]
        y = _row(ax, page, texts, lefts, y, colours=colours)
        ax.plot([0, page.width], [y, y], color=FAINT, lw=0.4)
    ax.plot([0, page.width], [y, y], color=INK, lw=0.9)
    return y + 1


def _row(
    ax: Axes,
    page: Page,
    texts: Sequence[str],
    lefts: Sequence[float],
    y: float,
    *,
    colours: Sequence[str] | None = None,
    bold: bool = False,
) -> float:
    for at, (text, left) in enumerate(zip(texts, lefts, strict=True)):
        # Line by line: only so do the first lines of all cells stand on one height.
        for number, line in enumerate(text.split("\n")):
            ax.text(
                left,
                y + 1.2 * page.size + page.line(number),
                line,
                ha="left",
                va="baseline",
                size=page.size,
                weight="bold" if bold else "normal",
                color=colours[at] if colours else INK,
            )
    return y + page.line(max(map(lines_in, texts))) + 0.55 * page.size


def _with_digits(cells: Sequence[str]) -> list[str]:
    return [word for cell in cells for word in cell.split() if any(c.isdigit() for c in word)]


def _widths(columns: Sequence[Column], page: Page, gap: float) -> list[float]:
    """Give every column its longest word, then share what is left by how much it holds."""
    room = page.width - gap * (len(columns) - 1)
    least, whole, uncut = [], [], []
    for column in columns:
        word = longest_word([*column.cells], page.size)
        # An id or a number is never cut while there is room: P-0-00 is another than P-000.
        uncut.append(longest_word(_with_digits(column.cells), page.size) + 1)
        head = longest_word([column.head], page.size, True)
        least.append(max(min(max(word, head) + 1, room / 3), uncut[-1]))
        texts = [
            max(width_of(plain(line), page.size) for line in cell.split("\n"))
            for cell in column.cells
        ]
        head = width_of(plain(column.head), page.size, True)
        whole.append(max([head, *texts, least[-1]]) + 1)
    if sum(whole) <= room:
        return whole
    free = room - sum(least)
    if free <= 0:
        spare = max(room - sum(uncut), 0)
        more = [width - whole for width, whole in zip(least, uncut, strict=True)]
        kept = room / sum(uncut) if sum(uncut) > room else 1.0
        return [
            u * kept + (spare * m / sum(more) if sum(more) else 0)
            for u, m in zip(uncut, more, strict=True)
        ]
    # By the square root of the text: a column of long passages must not starve the others.
    wish = [(w - m) ** 0.5 * max(w - m, 0) ** 0.25 for w, m in zip(whole, least, strict=True)]
    widths = [m + free * x / sum(wish) for m, x in zip(least, wish, strict=True)]
    over = [max(x - w, 0) for x, w in zip(widths, whole, strict=True)]
    widths = [min(x, w) for x, w in zip(widths, whole, strict=True)]
    hungry = [w - x for x, w in zip(widths, whole, strict=True)]
    return [x + sum(over) * h / sum(hungry) for x, h in zip(widths, hungry, strict=True)]
