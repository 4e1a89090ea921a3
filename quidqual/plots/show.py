"""A table to be read in a notebook: whole cells, no index, its corpus said beneath."""

from __future__ import annotations

from html import escape
from textwrap import shorten

import pandas as pd

from quidqual.study.arguments import must_be_table

_NOTE = {
    "synthetic": "Synthetic notes, not participants' words",
    "real": "Real notes: confidential",
}


class ShownTable:
    """What `show` gives: a notebook displays it as a table, a terminal as text."""

    def __init__(self, frame: pd.DataFrame, note: str) -> None:
        self.frame = frame
        self.note = note

    def _repr_html_(self) -> str:
        with pd.option_context("display.max_colwidth", None):
            table = self.frame.to_html(index=False, border=0, justify="left", na_rep="")
        left = "text-align:left;vertical-align:top"
        table = table.replace("<td>", f'<td style="{left}">')
        table = table.replace("<th>", f'<th style="{left}">')
        return f"<div>{table}<p><small>{escape(self.note)}</small></p></div>"

    def __repr__(self) -> str:
        short = self.frame.map(lambda cell: shorten(str(cell), 60, placeholder="..."))
        text = short.to_string(index=False) if len(short) else "(no rows)"
        return f"{text}\n{self.note}".rstrip()


def show(frame: pd.DataFrame) -> ShownTable:
    """Show a table in full: no index, no cut-off words, lists joined.

    Parameters
    ----------
    frame : DataFrame
        Any table; the column ``corpus`` becomes the line beneath.

    Returns
    -------
    ShownTable
        Displays itself; ``.frame`` is the table.

    Raises
    ------
    QuidqualError
        If it is no table.

    Examples
    --------
    >>> import pandas as pd
    >>> show(pd.DataFrame({"code": ["trust"], "who": [("P1", "P2")], "corpus": ["synthetic"]}))
     code    who
    trust P1, P2
    Synthetic notes, not participants' words
    """
    must_be_table(frame, of="a function such as qq.presence(study)")
    marks = list(dict.fromkeys(frame["corpus"])) if "corpus" in frame else []
    note = "; ".join(_NOTE.get(mark, str(mark)) for mark in marks)
    table = frame.drop(columns=["corpus"], errors="ignore").copy()
    for column in table.columns:
        joined = [", ".join(c) if isinstance(c, tuple | list) else c for c in table[column]]
        if any(isinstance(cell, tuple | list) for cell in table[column]):
            table[column] = joined
    return ShownTable(table, note)
