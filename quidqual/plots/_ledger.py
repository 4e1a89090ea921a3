"""The ledger as a table: what a report states beside what was computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from quidqual.study.arguments import names_of
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import counted, joined

from .canvas import Page, Painted, as_points
from .drawing import Drawing, chart
from .palette import BLUE
from .style import INK, SOFT
from .tables import needs
from .typeset import Column, typeset

_USUAL = ("claim", "group", "summary", "stated", "computed", "verdict")
# A sign before the word: the verdict is read without its colour.
_SIGNS: tuple[tuple[str, str, str], ...] = (
    ("contradict", "≠", "#b34700"),  # vermillion, dark enough for text
    ("reproduced", "●", "#005a8d"),
    ("arithmetic", "=", BLUE),
    ("not decided", "?", INK),
    ("not checkable", "○", SOFT),
)


@chart
def ledger(
    frame: pd.DataFrame,
    *,
    columns: str | Sequence[str] | None = None,
    heads: Mapping[str, str] | None = None,
) -> Drawing:
    """Typeset the ledger: one claim a row, its verdict last.

    Parameters
    ----------
    frame : DataFrame
        As ``ledger(study)`` gives it: ``claim``, ``stated``, ``computed``, ``verdict``, ...,
        ``corpus``; or any table of text.
    columns : sequence of str, optional
        Which to print, in this order; by default those there are of claim, group,
        summary, stated, computed, verdict.
    heads : mapping, optional
        Headings of the columns; else their names.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> frame = pd.DataFrame({"claim": ["D1"], "stated": ["27 interviews"], "computed": ["27"],
    ...     "verdict": ["reproduced (synthetic)"], "corpus": "synthetic"})
    >>> figure = qq.plot.ledger(frame)
    """
    frame = getattr(frame, "table", frame)  # a ledger as it comes
    needs(frame, (), chart="ledger")
    if columns is not None:
        shown = list(names_of(columns, field="columns"))
    else:
        shown = [c for c in _USUAL if c in frame.columns]
    if heads is not None and not isinstance(heads, Mapping):
        raise QuidqualError.of(f"heads must be a mapping of column to heading, not {heads!r}.")
    if not shown:
        raise QuidqualError.of(
            f"The frame has none of the columns of a ledger: {listed(_USUAL)}.",
            remedy="Name the ones to print with columns=.",
            field="columns",
        )
    needs(frame, shown, chart="ledger")
    table = [
        Column(
            name,
            (heads or {}).get(name, name.replace("_", " ").capitalize()),
            [_text(value, signed=name == "verdict") for value in frame[name]],
        )
        for name in shown
    ]

    def paint(ax: Axes, page: Page) -> Painted:
        height = typeset(ax, page, table, ink=_ink)
        as_points(ax, page, height)
        return Painted(height)

    return Drawing(
        paint,
        data=frame.reset_index(drop=True),
        alt=_alt(frame),
    )


def _text(value: Any, *, signed: bool) -> str:
    if value is None or (not isinstance(value, str | list | tuple) and pd.isna(value)):
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    if signed:
        sign = next((mark for start, mark, _ in _SIGNS if text.startswith(start)), "")
        return f"{sign} {text}".strip()
    return text


def _ink(column: str, text: str) -> str:
    if column != "verdict":
        return INK
    return next((colour for _, mark, colour in _SIGNS if text.startswith(mark)), INK)


def _alt(frame: pd.DataFrame) -> str:
    if "verdict" not in frame.columns:
        return f"Table of {counted(len(frame), 'row')}."
    counts = frame["verdict"].astype(str).value_counts()
    told = [
        f"{counts[word]} {word}" for word in sorted(counts.index, key=lambda w: (-counts[w], w))
    ]
    return f"Ledger of {counted(len(frame), 'claim')}: {joined(told, limit=6)}."
