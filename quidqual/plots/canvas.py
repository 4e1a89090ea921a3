"""The sheet a chart is drawn on: measured margins, key, title, and the mark of the corpus.

A chart gives a *painter*: a function that draws into axes and returns how high they want to
be. The sheet then makes everything fit at the exact width asked for, so that an export
at a journal's width draws anew at final size instead of scaling letters.
"""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import ScaledTranslation

from quidqual.study.errors import QuidqualError
from quidqual.study.release_gate import check_before_writing
from quidqual.study.wording import corpus_and_reading
from quidqual.study.write_table import table_as_csv

from .labels import lines_in, plain, widest, width_of, wrap
from .palette import HANDLERS
from .paper import Page, Painted
from .style import (
    DPI,
    POINTS_PER_MM,
    SIZE,
    SMALL,
    SOFT,
    WIDTH,
    checked_title,
    checked_width,
    families,
    fonts,
    styled,
)


def guard(figure: Figure, charts: Sequence[Drawn]) -> None:
    """Let no file of a chart of real notes be saved that the release check would block.

    It goes for a chart that was drawn into somebody's own figure too: its `savefig` is a call
    like any other, and the commonest way out of the house.
    """
    if any("real" in chart.corpus for chart in charts):
        plain = type(figure).savefig
        figure.savefig = partial(_save, figure, plain, tuple(charts))  # type: ignore[method-assign]


def _save(
    figure: Figure, plain: Callable[..., None], charts: Sequence[Drawn], fname: Any, **settings: Any
) -> None:
    if isinstance(fname, str | os.PathLike):  # else into memory, from where it is written later
        target = Path(os.fsdecode(fname))
        tables = {f"{target.name}, {c.chart}.csv": table_as_csv(c.data) for c in charts}
        told = {f"{target.name}, alternative text.md": "\n".join(c.alt for c in charts)}
        check_before_writing({**tables, **told}, target=target.parent, of="real")
    plain(figure, fname, **settings)


PAD = 4.0  # points of white around everything
_SIGN = 4.2  # sizes of type that a key's sign, its distance and the next column's need
_KEY: dict[str, Any] = {
    "frameon": False,
    "borderpad": 0,
    "borderaxespad": 0,
    "handlelength": 1.6,
    "handletextpad": 0.6,
    "columnspacing": 1.8,
    "handler_map": HANDLERS,
}

MARKS = {
    "synthetic": "Synthetic notes, not participants’ words",
    "real": "Notes of real interviews",
    "": "Corpus not stated",
}


@dataclass(frozen=True)
class Drawn:
    """What a figure remembers of a chart: the export writes it beside the picture."""

    chart: str
    data: pd.DataFrame
    alt: str
    corpus: str
    advice: str = ""
    redraw: Callable[[float, float], Figure] | None = field(default=None, compare=False)


_DRAWN: WeakKeyDictionary[Figure, tuple[Drawn, ...]] = WeakKeyDictionary()


def drawn(figure: Figure) -> tuple[Drawn, ...]:
    """List the charts a figure holds, in the order they were drawn; their tables are copies."""
    return tuple(replace(one, data=one.data.copy(deep=False)) for one in _DRAWN.get(figure, ()))


class ChartFigure(Figure):
    """A figure that keeps its style when it is drawn later, and shows its alt text."""

    final = False  # drawn at the size it will be printed

    def draw(self, renderer: Any) -> None:
        """Draw in the style of the charts, whatever the rcParams are by now."""
        with styled():
            super().draw(renderer)

    def savefig(self, fname: Any, **settings: Any) -> None:
        """Save in the style of the charts (fonts embedded, no tight box)."""
        with styled():
            super().savefig(fname, **settings)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        """Show the picture in a notebook without pyplot, the alt text in its place elsewhere."""
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
        alt = " ".join(one.alt for one in drawn(self)) or repr(self)
        picture = base64.b64encode(buffer.getvalue()).decode("ascii")
        shown: dict[str, Any] = {"alt": alt}
        if self.final:
            shown["width"] = round(self.get_figwidth() * 96)  # a CSS inch: as large as on paper
        return {"image/png": picture, "text/plain": alt}, {"image/png": shown}


Painter = Callable[[Axes, Page], Painted]


def draw(
    paint: Painter,
    *,
    chart: str,
    data: pd.DataFrame,
    alt: str,
    ax: Axes | None = None,
    width: float | None = None,
    title: str | None = None,
    advice: str = "",
    unread: str = "",
) -> Figure:
    """Draw on the axes given, or on a sheet of the width given in mm; return the figure.

    ``advice`` names the chart that reads better at this size: it is printed beside the mark,
    where neither the author nor a reviewer can miss it. So is ``unread``, "2 notes unread".
    """
    alt = f"{alt.rstrip('.')}. {unread}." if unread else alt
    title = checked_title(title)
    wide = WIDTH if width is None else checked_width(width)
    if ax is not None and not isinstance(ax, Axes):
        raise QuidqualError.of(
            f"ax must be one axes of matplotlib, not {type(ax).__name__}.",
            remedy="Of several, choose one: axes[0].",
        )
    corpus = corpus_of(data)
    mark = ". ".join(part for part in (mark_of(corpus), unread, advice) if part)
    with styled():
        if ax is None:
            figure = _sheet(paint, mark, wide, SIZE, title)

            more = families()[1:]

            def redraw(width: float, size: float) -> Figure:
                with fonts(more), styled():
                    new = _sheet(paint, mark, width, size, title)
                _remember(new, record)
                return new

            record = Drawn(chart, data, alt, corpus, advice, redraw)
        else:
            _on_axes(paint, ax, mark, title)
            figure, record = _root(ax), Drawn(chart, data, alt, corpus, advice)
    _remember(figure, *drawn(figure), record)
    return figure


def _remember(figure: Figure, *charts: Drawn) -> None:
    _DRAWN[figure] = charts
    guard(figure, charts)


def corpus_of(data: pd.DataFrame) -> str:
    """Read from a frame whether it rests on synthetic or on real notes."""
    if "corpus" not in data.columns:
        return ""
    found = sorted({str(value) for value in data["corpus"].dropna().unique()})
    if len(found) > 1:
        raise QuidqualError.of(
            f"The frame mixes notes of several kinds: {', '.join(found)}.",
            remedy="Draw one figure for each.",
            field="corpus",
        )
    return found[0] if found else ""


def mark_of(corpus: str) -> str:
    """Sentence every figure carries about the notes it rests on, and how they were read.

    Examples
    --------
    >>> mark_of("real [reading: coder B]")
    'Notes of real interviews. Reading: coder B'
    """
    notes, reading = corpus_and_reading(corpus)
    said = MARKS.get(notes, f"Notes: {notes}")
    return f"{said}. Reading: {reading}" if reading else said


def _root(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise QuidqualError.of(
            "The axes belong to no figure any more.", remedy="Draw on other axes.", field="ax"
        )
    return figure


def _texts_are_text(artist: Any) -> None:
    for text in artist.findobj(Text):
        text.set_parse_math(False)


def _sheet(paint: Painter, mark: str, width: float, size: float, title: str | None) -> Figure:
    """Lay out a figure of its own: title, axes, key, mark, from top to bottom."""
    whole = width * POINTS_PER_MM
    figure = ChartFigure(figsize=(whole / 72, 4), dpi=DPI)
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    page = Page(whole - 2 * PAD, size, ax)
    painted = paint(ax, page)
    _texts_are_text(ax)
    left, right, below, above = _overhang(ax, page, painted) if painted.framed else (0, 0, 0, 0)

    heading = wrap(title, page.width, size=size, bold=True) if title else ""
    mark = wrap(mark, page.width, size=page.small)
    top = PAD + (page.line(lines_in(heading)) + 3 if heading else 0)
    foot = PAD + page.line(lines_in(mark)) * SMALL
    legend, key_height = _key(figure, painted.keys, page)
    gap = 6.0 if painted.keys else 4.0
    bottom = foot + key_height + gap
    tall = top + above + painted.height + below + bottom
    figure.set_size_inches(whole / 72, tall / 72)
    ax.set_position(
        (
            (PAD + left) / whole,
            (bottom + below) / tall,
            (page.width - left - right) / whole,
            painted.height / tall,
        )
    )
    if legend is not None:
        legend.set_bbox_to_anchor((0.5, (foot + gap / 2) / tall))
    if heading:
        figure.text(PAD / whole, 1 - PAD / tall, heading, size=size, weight="bold", va="top")
    note = figure.text(
        PAD / whole,
        (PAD - 1) / tall,
        mark,
        size=page.small,
        color=SOFT,
        va="bottom",
        label="corpus",
    )
    note.set_parse_math(False)
    return figure


def _overhang(ax: Axes, page: Page, painted: Painted) -> tuple[float, float, float, float]:
    """Measure in points how far ticks and labels reach out of the axes: left, right, below, above.

    Two passes: the labels of an axis depend a little on how long the axis is.
    """
    figure = _root(ax)
    assert isinstance(figure.canvas, FigureCanvasAgg)
    renderer = figure.canvas.get_renderer()
    whole, tall = figure.get_size_inches() * 72
    left, right, below, above = 60.0, 20.0, 30.0, 10.0
    for _ in range(2):
        tall = painted.height + below + above
        figure.set_size_inches(whole / 72, tall / 72)
        ax.set_position(
            (left / whole, below / tall, 1 - (left + right) / whole, painted.height / tall)
        )
        tight, box = ax.get_tightbbox(renderer), ax.get_window_extent(renderer)
        if tight is None:
            return (0, 0, 0, 0)
        reach = (box.x0 - tight.x0, tight.x1 - box.x1, box.y0 - tight.y0, tight.y1 - box.y1)
        left, right, below, above = (max(0.0, one * 72 / figure.dpi) for one in reach)
    return left, right, below, above


def _key(figure: Any, keys: Sequence[Artist], page: Page) -> tuple[Any, float]:
    """Set the key in as few rows as fit the width; give the legend and its height."""
    if not keys:
        return None, 0.0
    names = [wrap(str(k.get_label()), page.width - _SIGN * page.size, size=page.size) for k in keys]
    columns = _columns([widest([name], page.size) for name in names], page)
    legend = figure.legend(
        handles=list(keys),
        labels=names,
        loc="lower center",
        ncols=columns,
        fontsize=page.size,
        labelspacing=0.35,
        bbox_to_anchor=(0.5, 0),
        **_KEY,
    )
    _texts_are_text(legend)
    # As matplotlib deals the entries out.
    deep = max(sum(map(lines_in, part)) for part in np.array_split(np.array(names), columns))
    return legend, deep * page.size * 1.35


def _columns(widths: list[float], page: Page) -> int:
    """Choose the most columns whose widest entries fit beside each other."""
    for columns in range(len(widths), 1, -1):
        across = [part.max() for part in np.array_split(np.array(widths), columns)]
        if sum(across) + columns * _SIGN * page.size < page.width:
            return columns
    return 1


def _fitting(paint: Painter, width: float, height: float) -> float:
    """Choose the size of type, at most the usual and at least 5 points, that fits the axes."""
    for size in (SIZE, 7.0, 6.0):
        trial = Figure(figsize=(width / 72, height / 72))
        FigureCanvasAgg(trial)
        ax = trial.add_axes((0, 0, 1, 1))
        painted = paint(ax, Page(width, size, ax))
        if painted.framed or painted.height <= height:
            return size
    return 5.0


def _on_axes(paint: Painter, ax: Axes, mark: str, title: str | None) -> None:
    """Draw on the axes of a user's figure: key below, mark up the right side."""
    figure = _root(ax)
    if figure.get_layout_engine() is not None:
        figure.draw_without_rendering()  # the layout decides how large the axes are
    box = ax.get_window_extent()
    width, height = box.width * 72 / figure.dpi, box.height * 72 / figure.dpi
    page = Page(width, _fitting(paint, width, height), ax)
    painted = paint(ax, page)
    if title:
        ax.set_title(plain(title), loc="left", weight="bold", size=SIZE)
    ax.annotate(
        mark,
        (1, 0),
        xycoords="axes fraction",
        xytext=(2, 0),
        label="corpus",
        textcoords="offset points",
        rotation=90,
        ha="left",
        va="bottom",
        size=page.small,
        color=SOFT,
    )
    if painted.keys:
        renderer = getattr(figure.canvas, "get_renderer", lambda: None)()
        tight = ax.get_tightbbox(renderer) if renderer is not None else None
        drop = (box.y0 - tight.y0) / figure.dpi if tight is not None else 0.3
        below = ax.transAxes + ScaledTranslation(0, -drop - 0.11, figure.dpi_scale_trans)
        columns = _columns(
            [width_of(plain(str(k.get_label())), page.size) for k in painted.keys], page
        )
        ax.legend(
            handles=list(painted.keys),
            loc="upper center",
            bbox_to_anchor=(0.5, 0),
            bbox_transform=below,
            ncols=columns,
            fontsize=page.size,
            **_KEY,
        )
    _texts_are_text(ax)
