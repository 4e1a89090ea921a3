"""The width and title of a figure, checked before it is drawn."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from quidqual.study.arguments import must_be_number
from quidqual.study.errors import QuidqualError

NARROWEST = 40.0  # mm: below, not even the words of a key fit beside their signs
WIDEST = 1200.0  # mm: a poster
PAGE_HEIGHT = 247.0  # mm: A4 less margins of 25 mm


def checked_width(width: Any) -> float:
    """Take a width in mm, or say why it cannot be one.

    Raises
    ------
    QuidqualError

    Examples
    --------
    >>> checked_width(89)
    89.0
    >>> checked_width(3)
    Traceback (most recent call last):
        ...
    quidqual.study.errors.QuidqualError: field 'width': width must be 40 to 1200 mm, not 3. A ...
    """
    must_be_number(width, field="width")
    if not NARROWEST <= width <= WIDEST:
        raise QuidqualError.of(
            f"width must be {NARROWEST:g} to {WIDEST:g} mm, not {width:g}.",
            remedy="A column of a journal has 57 to 90 mm, a page 170 to 190.",
            field="width",
        )
    return float(width)


def checked_title(title: Any) -> str | None:
    """Take a title, or none.

    Raises
    ------
    QuidqualError
        If it is no text.
    """
    if title is not None and not isinstance(title, str):
        raise QuidqualError.of(
            f"title must be a text, not {title!r}.", remedy="Give it in quotation marks."
        )
    return title


def figure_of(figure: Any) -> Figure:
    """Give the whole figure for a figure or its axes.

    Raises
    ------
    QuidqualError
        If it is neither.
    """
    root = figure.get_figure(root=True) if isinstance(figure, Axes) else figure
    if not isinstance(root, Figure):
        raise QuidqualError.of(
            f"A matplotlib figure is wanted, not {type(root).__name__}.",
            remedy="Give what a chart of qq.plot returns.",
            field="figure",
        )
    return root
