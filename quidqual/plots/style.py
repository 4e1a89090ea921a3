"""The one style of all charts: applied while drawing, never set globally.

A figure starts from matplotlib's own defaults, so what a user has put into her rcParams
(a dark theme, LaTeX text) cannot change the bytes of a study's figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont

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


INK = "#1a1a1a"
SOFT = "#595959"  # text of second rank: 7:1 on white
LINE = "#8c8c8c"
FAINT = "#d9d9d9"
PALE = "#f2f2f2"
UNSEEN = "#b3b3b3"  # not observed, in an image, where there is no room for a stroke
WHITE = "#ffffff"

FONT = "DejaVu Sans"  # ships with matplotlib, so it is the same on every machine
_MORE: ContextVar[tuple[str, ...]] = ContextVar("more fonts", default=())
SIZE = 8.0  # points, at the size the figure is printed
SMALL = 0.875  # the smallest text of a chart, as a share of its base size
WIDTH = 180.0  # mm: two columns of most journals
POINTS_PER_MM = 72 / 25.4
DPI = 150

_RC: dict[str, Any] = {
    "font.size": SIZE,
    "text.color": INK,
    "text.hinting": "no_hinting",  # text is as wide on the screen as in the vector file
    "text.parse_math": False,  # a "$" in a label is a dollar
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.formatter.use_mathtext": False,
    "axes.unicode_minus": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "hatch.linewidth": 0.6,
    "lines.solid_capstyle": "butt",
    "figure.dpi": DPI,
    "figure.facecolor": WHITE,
    "savefig.facecolor": WHITE,
    "savefig.bbox": None,  # a tight box would change the width the journal asked for
    "svg.fonttype": "path",
    "svg.hashsalt": "quidqual",
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
    "path.simplify": True,
}

# Not a matter of style, or dangerous to set from inside a library.
_LEFT_ALONE = ("backend", "interactive", "toolbar", "webagg", "tk.", "date.epoch", "timezone")


def families() -> tuple[str, ...]:
    """List the fonts in force: a letter is set in the first that has it."""
    return (FONT, *_MORE.get())


@contextmanager
def fonts(name: Any) -> Iterator[None]:
    """Let another font serve for the letters that DejaVu Sans lacks, inside this context.

    Raises
    ------
    QuidqualError
        If no font of that name is installed.

    Examples
    --------
    >>> with fonts("STIXGeneral"):
    ...     families()
    ('DejaVu Sans', 'STIXGeneral')
    """
    more = () if name is None else (name,) if isinstance(name, str) else name
    if not isinstance(more, tuple | list) or not all(isinstance(one, str) for one in more):
        raise QuidqualError.of(
            f"font must be the name of a font, not {name!r}.",
            remedy="Give it in quotation marks, such as 'Noto Sans CJK JP'.",
        )
    for one in more:
        try:
            findfont(FontProperties(family=one), fallback_to_default=False)
        except ValueError:
            raise QuidqualError.of(
                f"font {one!r} is not installed where matplotlib looks for fonts.",
                remedy="Install it, or add its file with matplotlib.font_manager.fontManager."
                "addfont(path).",
            ) from None
    token = _MORE.set(tuple(more))
    try:
        yield
    finally:
        _MORE.reset(token)


@lru_cache(maxsize=8)
def _settings(family: tuple[str, ...]) -> Any:
    defaults: dict[Any, Any] = {
        key: value
        for key, value in mpl.rcParamsDefault.items()
        if not key.startswith(_LEFT_ALONE) and key != "savefig.directory"
    }
    return {**defaults, **_RC, "font.family": list(family)}


@contextmanager
def styled() -> Iterator[None]:
    """Draw inside this context: it ends and leaves the user's rcParams as they were.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> with styled():
    ...     mpl.rcParams["svg.hashsalt"]
    'quidqual'
    >>> mpl.rcParams["svg.hashsalt"] is None
    True
    """
    family = families()
    if mpl.rcParams["svg.hashsalt"] == _RC["svg.hashsalt"] and mpl.rcParams["font.family"] == list(
        family
    ):
        yield  # already inside: one layer is enough, and setting 300 values costs time
        return
    with mpl.rc_context(_settings(family)):
        yield
