"""The ledger as a table: what a report states beside what was computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from quidqual.more_charts.typeset import Column, typeset
from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.palette import BLUE
from quidqual.plots.style import INK, SOFT
from quidqual.plots.tables import needs, ranked
from quidqual.study.arguments import names_of
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import counted, joined

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
    table = []
    for name in shown:
        head = (heads or {}).get(name, name.replace("_", " ").capitalize())
        table.append(Column(name, head, [_text(v, signed=name == "verdict") for v in frame[name]]))
    return Drawing(partial(typeset, table, _ink), data=frame, alt=_alt(frame))


def _text(value: Any, *, signed: bool) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    if pd.isna(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    sign = next((mark for start, mark, _ in _SIGNS if str(value).startswith(start)), "")
    return f"{sign} {value}" if signed and sign else str(value)


def _ink(column: str, text: str) -> str:
    signs = _SIGNS if column == "verdict" else ()
    return next((colour for _, mark, colour in signs if text.startswith(mark)), INK)


def _alt(frame: pd.DataFrame) -> str:
    if "verdict" not in frame.columns:
        return f"Table of {counted(len(frame), 'row')}."
    told = [f"{n} {word}" for word, n in ranked(frame["verdict"])]
    return f"Ledger of {counted(len(frame), 'claim')}: {joined(told, limit=6)}."
