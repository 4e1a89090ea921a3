"""A chart drawn anew at the size it will be printed: letters are never scaled."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from quidqual.plots.canvas import ChartFigure, drawn
from quidqual.plots.style import POINTS_PER_MM, SIZE, checked_width, figure_of
from quidqual.publishing.journals import preset
from quidqual.study.errors import QuidqualError

_SLACK = 0.1  # mm


def final_size(
    figure: Figure | Axes, *, journal: str | None = None, width: str | float | None = None
) -> Figure:
    """Draw a chart at the width and size of type of a journal, as it will be printed.

    Parameters
    ----------
    figure : Figure or Axes
        As a chart of ``qq.plot`` returns it. A figure put together by hand must have the
        width already.
    journal : str, optional
        Name of a preset (:func:`quidqual.plots.journal_rules` lists their rules).
    width : str or float, optional
        A name of the preset (``"column"``, ``"full"``), or mm; left out: its widest, at most
        180 mm where it names none.

    Returns
    -------
    Figure
        A notebook shows it as large as on paper.

    Raises
    ------
    QuidqualError
        If the journal or the width is not known, or the figure cannot be drawn anew.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> table = pd.DataFrame({"code": ["trust"], "round": ["R1"], "k": [2], "n": [4],
    ...     "corpus": "synthetic"})
    >>> made = qq.plot.final_size(qq.plot.heat(table), journal="nature", width="column")
    >>> float(round(made.get_figwidth() * 25.4, 6))
    89.0
    """
    root = figure_of(figure)
    if journal is None and width is None:
        return root
    if journal is None and isinstance(width, str):
        raise QuidqualError.of(
            f"The width {width!r} has a meaning only with a journal.",
            remedy="Name the journal too, or give the width in mm.",
            field="width",
        )
    rules = preset(journal) if journal else None
    wanted = rules.width(width) if rules else checked_width(width)
    charts = drawn(root)
    if len(charts) == 1 and charts[0].redraw is not None:
        made = charts[0].redraw(wanted, rules.type_size() if rules else SIZE)
        if isinstance(made, ChartFigure):
            made.final = True
        return made
    has = float(root.get_figwidth()) * 72 / POINTS_PER_MM
    if abs(has - wanted) > _SLACK:
        raise QuidqualError.of(
            f"The figure is {has:.1f} mm wide, not {wanted:.1f}, and was put together by hand.",
            remedy=f"Make it {wanted / 25.4:.3f} inches wide and draw its charts on it again.",
            field="width",
        )
    return root
