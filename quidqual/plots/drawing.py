"""What makes a function a chart: ``@chart`` gives it title, width, axes, labels and its mark.

A chart itself reads a tidy table, decides what is drawn, and gives back a `Drawing`; the sheet,
the labels of the codebook and the fonts are the same for all and stand here once.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from quidqual.study.arguments import names_of as names_of_groups

from .canvas import Painter, draw
from .labels import UNNAMED, names_of
from .style import fonts
from .tables import unread_in

_LABELS = {
    "codebook": (
        None,
        "codebook : Codebook or mapping, optional\n"
        "    Gives the codes their labels (and ``language`` which of them); codes of one label\n"
        "    are told apart by their theme.",
    ),
    "language": ("en", ""),
}
_SHEET = {
    "title": (None, ""),
    "width": (None, ""),
    "ax": (None, ""),
    "font": (
        None,
        "title, width, ax, font\n"
        "    A heading; millimetres (40 to 1200); axes to draw on instead of a sheet of its own;\n"
        "    the name of an installed font for letters that DejaVu Sans lacks.",
    ),
}
ADDED: dict[str, Callable[..., Figure]] = {}
"""Charts added from outside, by name; ``qq.plot`` shows them beside its own."""


@dataclass(frozen=True)
class Drawing:
    """What a chart gives to be drawn.

    Attributes
    ----------
    paint : callable
        Draws into axes, given the page, and returns `Painted`.
    data : DataFrame
        The table behind the picture: exported beside it, and read for its ``corpus``.
    alt : str
        The picture in words, made from the data.
    advice : str
        The chart that reads better at this size; printed beside the mark.
    """

    paint: Painter
    data: pd.DataFrame
    alt: str
    advice: str = ""


def chart(make: Callable[..., Drawing]) -> Callable[..., Figure]:
    """Make a chart of a function that gives a `Drawing`.

    Parameters
    ----------
    make : callable
        Its first argument is a table; if it has ``names: Names = UNNAMED``, the chart takes
        ``codebook`` and ``language`` in its place.

    Returns
    -------
    callable
        The chart: the arguments of ``make`` and ``title``, ``width``, ``ax``, ``font``. Outside
        the package it becomes ``qq.plot.<name>`` as well.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> @qq.plot.chart
    ... def total(table):
    ...     "Write one number."
    ...     def paint(ax, page):
    ...         page.write(0, page.size, str(len(table)))
    ...         return page.painted(2 * page.size)
    ...     return qq.plot.Drawing(paint, data=table, alt=f"{len(table)} rows.")
    >>> figure = qq.plot.total(pd.DataFrame({"corpus": ["synthetic"]}), title="Rows")
    >>> qq.plot.drawn(figure)[0].alt
    '1 rows.'
    """
    own = inspect.signature(make)
    labelled = "names" in own.parameters and own.parameters["names"].default is UNNAMED
    common = {**(_LABELS if labelled else {}), **_SHEET}
    sheet = {name: default for name, (default, _) in _SHEET.items()}

    @wraps(make)
    def made(*arguments: Any, **options: Any) -> Figure:
        on_sheet = {name: options.pop(name, default) for name, default in sheet.items()}
        with fonts(on_sheet.pop("font")):
            if labelled:
                given = {n: options.pop(n, default) for n, (default, _) in _LABELS.items()}
                options["names"] = names_of(given["codebook"], given["language"])
            drawing = make(*arguments, **options)
            table = arguments[0] if arguments else next(iter(options.values()), None)
            return draw(
                drawing.paint,
                chart=make.__name__,
                data=drawing.data.reset_index(drop=True),
                alt=drawing.alt,
                advice=drawing.advice,
                unread=_unread(table, drawing, options.get("groups")),
                **on_sheet,
            )

    kept = [p for name, p in own.parameters.items() if not (labelled and name == "names")]
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default)
        for name, (default, _) in common.items()
    ]
    made.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [*kept, *more], return_annotation=Figure
    )
    made.__doc__ = _told(inspect.getdoc(make) or "", [text for _, text in common.values() if text])
    if not (make.__module__ or "").startswith("quidqual.plots._"):  # the package's own are listed
        ADDED[make.__name__] = made
    return made


def _unread(table: Any, drawing: Drawing, groups: Any) -> str:
    """Say how many notes were not read behind what is drawn: unread is not absent."""
    told = unread_in(drawing.data)
    if told or not isinstance(table, pd.DataFrame):
        return told
    if groups is not None and "group" in table.columns:
        table = table[table["group"].astype(str).isin(names_of_groups(groups, field="groups"))]
    return unread_in(table)


def _told(doc: str, arguments: list[str]) -> str:
    """Write the common arguments where the docstring's own end."""
    before, mark, after = doc.partition("\nReturns\n-------")
    return "\n".join([before.rstrip(), *arguments, f"{mark}{after}"]) if mark else doc
