"""A typeset table: wrapped cells in columns whose widths follow what they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from quidqual.plots.labels import lines_in, longest_word, plain, width_of, wrap
from quidqual.plots.paper import Page, Painted
from quidqual.plots.style import FAINT, INK

Ink = Callable[[str, str], str]
"""Takes a column and the text of a cell, gives the colour it is written in."""


@dataclass(frozen=True)
class Column:
    """A column of the table: its name in the frame, its heading, its cells."""

    name: str
    head: str
    cells: Sequence[str]


def typeset(columns: Sequence[Column], ink: Ink, ax: Axes, page: Page) -> Painted:
    """Write the table from the top of the axes; ``ink`` gives each cell its colour."""
    gap = 1.1 * page.size
    widths = _widths(columns, page, gap)
    lefts = [sum(widths[:at]) + gap * at for at in range(len(widths))]
    heads = [
        wrap(c.head, w, size=page.size, bold=True) for c, w in zip(columns, widths, strict=True)
    ]
    y = 2.0
    _rule(page, y, INK, 0.9)
    y = _row(page, heads, lefts, [INK] * len(heads), y, weight="bold")
    _rule(page, y, INK, 0.5)
    for cells in zip(*(column.cells for column in columns), strict=True):
        texts = [
            "\n".join(page.wrapped(cell.split("\n"), w))
            for cell, w in zip(cells, widths, strict=True)
        ]
        colours = [ink(c.name, cell) for c, cell in zip(columns, cells, strict=True)]
        y = _row(page, texts, lefts, colours, y)
        _rule(page, y, FAINT, 0.4)
    _rule(page, y, INK, 0.9)
    return page.painted(y + 1)


def _rule(page: Page, y: float, colour: str, wide: float) -> None:
    page.ax.plot([0, page.width], [y, y], color=colour, lw=wide)


def _row(
    page: Page,
    texts: Sequence[str],
    lefts: Sequence[float],
    colours: Sequence[str],
    y: float,
    **style: Any,
) -> float:
    for text, left, colour in zip(texts, lefts, colours, strict=True):
        # Line by line: only so do the first lines of all cells stand on one height.
        for number, line in enumerate(text.split("\n")):
            foot = y + 1.2 * page.size + page.line(number)
            page.write(left, foot, line, va="baseline", color=colour, **style)
    return y + page.line(max(map(lines_in, texts))) + 0.55 * page.size


def _widths(columns: Sequence[Column], page: Page, gap: float) -> list[float]:
    """Give every column its longest word, then share what is left by how much it holds."""
    room = page.width - gap * (len(columns) - 1)
    measured = [_wishes(column, page.size, room) for column in columns]
    uncut, least, whole = (np.array(one) for one in zip(*measured, strict=True))
    if whole.sum() <= room:
        return whole.tolist()
    free = room - least.sum()
    if free <= 0:
        spare = max(room - uncut.sum(), 0)
        more = least - uncut
        kept = min(room / uncut.sum(), 1.0)
        return (uncut * kept + (spare * more / more.sum() if more.any() else 0)).tolist()
    # Less than by the text: a column of long passages must not starve the others.
    wish = (whole - least) ** 0.75
    widths = least + free * wish / wish.sum()
    over = np.maximum(widths - whole, 0).sum()
    widths = np.minimum(widths, whole)
    return (widths + over * (whole - widths) / (whole - widths).sum()).tolist()


def _wishes(column: Column, size: float, room: float) -> tuple[float, float, float]:
    """Measure a column: with no id or number cut, with no word cut, with no line broken."""
    # An id or a number is never cut while there is room: P-0-00 is another than P-000.
    digits = [word for cell in column.cells for word in cell.split() if any(map(str.isdigit, word))]
    uncut = longest_word(digits, size) + 1
    word = max(longest_word(column.cells, size), longest_word([column.head], size, True)) + 1
    least = max(min(word, room / 3), uncut)
    head = width_of(plain(column.head), size, True)
    lines = [width_of(plain(line), size) for cell in column.cells for line in cell.split("\n")]
    return uncut, least, max([head, *lines, least]) + 1
