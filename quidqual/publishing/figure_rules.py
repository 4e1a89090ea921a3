"""Which rules a figure breaks: the journal's, and the ones every reader needs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from quidqual.plots.canvas import drawn
from quidqual.plots.labels import CUT, font_with
from quidqual.plots.style import PAGE_HEIGHT, POINTS_PER_MM, figure_of, styled
from quidqual.publishing.journals import Preset, preset

_SLACK = 0.6  # pixels: below this two boxes touch, but nobody sees it


def check_figure(figure: Figure | Axes, *, journal: str | None = None) -> pd.DataFrame:
    """List the rules that a figure breaks.

    Parameters
    ----------
    figure : Figure or Axes
        At its final size.
    journal : str, optional
        Name of a preset; without it only the rules that hold everywhere are checked.

    Returns
    -------
    DataFrame
        ``rule`` (width, height, type, font, patterns, coloured text, clipped, collision,
        cut, glyph, alt, advice), ``found``, ``wanted`` (str); no rows if the figure breaks none.
        What a journal does not state is not checked, but for the height: no figure may be
        longer than a page.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> table = pd.DataFrame({"code": ["trust"], "round": ["R1"], "k": [2], "n": [4],
    ...     "corpus": "synthetic"})
    >>> check_figure(qq.plot.heat(table))["rule"].tolist()
    []
    >>> check_figure(qq.plot.heat(table, width=100), journal="nature")["rule"].tolist()
    ['width', 'type', 'font']
    """
    root = figure_of(figure)
    rules = preset(journal) if journal is not None else None
    with styled():
        texts = _shown(root)
        broken = [*_everywhere(root, texts)]
        if rules is None or "height" not in rules.rules:
            broken = [*_longer_than_a_page(root), *broken]
        if rules is not None:
            broken = [*_of_journal(root, texts, rules), *broken]
    return pd.DataFrame(broken, columns=["rule", "found", "wanted"])


def _shown(figure: Figure) -> list[tuple[Text, Bbox]]:
    """Draw the figure once, and give its visible texts with their boxes in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    beyond = _beyond(figure)
    found = [text for text in figure.findobj(Text) if isinstance(text, Text) and text not in beyond]
    shown = [text for text in found if text.get_visible() and text.get_text().strip()]
    return [(text, text.get_window_extent(renderer)) for text in shown]


def _beyond(figure: Figure) -> set[Text]:
    """Labels that are there but not drawn: of axes switched off, of ticks outside the view."""
    found: set[Text] = set()
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            if not ax.axison:
                found.update(axis.findobj(Text))
                continue
            low, high = sorted(float(end) for end in axis.get_view_interval())
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if not low <= tick.get_loc() <= high:
                    found.update((tick.label1, tick.label2))
    return found


def _of_journal(
    figure: Figure, texts: list[tuple[Text, Bbox]], rules: Preset
) -> Iterator[tuple[str, str, str]]:
    width, height = (float(side) * 72 / POINTS_PER_MM for side in figure.get_size_inches())
    stated = rules.rules.get("width")
    if stated and "least" in stated:
        if not stated["least"] - 0.05 <= width <= stated["most"] + 0.05:
            yield "width", f"{width:.1f} mm", f"{stated['least']} to {stated['most']} mm"
    elif stated and not any(abs(width - mm) < 0.05 for mm in stated.values()):
        yield "width", f"{width:.1f} mm", f"{' or '.join(str(mm) for mm in stated.values())} mm"
    tallest = rules.rules.get("height", {}).get("most")
    if tallest and height > tallest + 0.05:
        yield "height", f"{height:.1f} mm", f"at most {tallest} mm"
    sizes = [float(text.get_fontsize()) for text, _ in texts] or [0.0]
    type_ = rules.rules.get("type", {})
    low, high = type_.get("least", 0), type_.get("most", np.inf)
    if min(sizes) < low - 0.01 or max(sizes) > high + 0.01:
        wanted = f"{low} to {high} pt" if "most" in type_ else f"at least {low} pt"
        yield "type", f"{min(sizes):.1f} to {max(sizes):.1f} pt", wanted
    fonts = sorted({text.get_fontname() for text, _ in texts})
    asked = rules.rules.get("fonts")
    if asked and not set(fonts) <= set(asked):
        yield "font", ", ".join(fonts), " or ".join(asked)
    artists = figure.findobj(include_self=False)
    hatched = any(getattr(artist, "get_hatch", lambda: None)() for artist in artists)
    if rules.rules.get("patterns") is False and hatched:
        yield "patterns", "hatching", "solid colours"
    tinted = [t.get_text() for t, _ in texts if np.ptp(to_rgb(t.get_color())) > 0.1]
    if rules.rules.get("coloured_text") is False and tinted:
        yield "coloured text", repr(tinted[0][:40]), "black, grey or white text"


def _longer_than_a_page(figure: Figure) -> Iterator[tuple[str, str, str]]:
    """Hold a figure to a page where no journal says how tall it may be."""
    height = float(figure.get_figheight()) * 72 / POINTS_PER_MM
    if height > PAGE_HEIGHT + 0.05:
        wanted = f"at most {PAGE_HEIGHT:g} mm (quidqual's own rule: a page of A4 less its margins)"
        yield "height", f"{height:.1f} mm", wanted


def _everywhere(figure: Figure, texts: list[tuple[Text, Bbox]]) -> Iterator[tuple[str, str, str]]:
    page = figure.bbox.padded(_SLACK)
    for text, box in texts:
        if not all(page.contains(x, y) for x, y in (box.min, box.max)):
            yield "clipped", repr(text.get_text()[:40]), "every label inside the figure"
    for one, other in _colliding(texts):
        yield "collision", f"{one[:30]!r} on {other[:30]!r}", "no label on another"
    for text, _ in texts:
        for line in text.get_text().split("\n"):
            if line.endswith(CUT):
                yield "cut", repr(line[-40:]), "no id or number cut in two: a wider figure"
    lacking = sorted(
        {
            character
            for text, _ in texts
            for character in "".join(text.get_text().split())
            if not font_with(character, tuple(text.get_fontfamily()))
        }
    )
    if lacking:
        yield "glyph", "".join(lacking), "only characters the font has"
    for chart in drawn(figure):
        if chart.advice:
            yield "advice", chart.chart, chart.advice
    if not any(chart.alt for chart in drawn(figure)):
        yield "alt", "no alternative text", "alternative text made from the data"


def _colliding(texts: list[tuple[Text, Bbox]]) -> Iterator[tuple[str, str]]:
    """Give pairs of labels whose boxes overlap, found by sweeping from left to right."""
    boxes = np.array([[b.x0, b.x1, b.y0, b.y1] for _, b in texts]).reshape(-1, 4)
    order = np.argsort(boxes[:, 0], kind="stable")
    boxes = boxes[order]
    for place in range(len(boxes)):
        _, x1, y0, y1 = boxes[place]
        end = int(np.searchsorted(boxes[:, 0], x1 - _SLACK))
        after = boxes[place + 1 : end]
        deep = np.minimum(after[:, 3], y1) - np.maximum(after[:, 2], y0)
        for hit in np.flatnonzero(deep > 2 * _SLACK):
            yield (
                texts[order[place]][0].get_text(),
                texts[order[place + 1 + int(hit)]][0].get_text(),
            )
