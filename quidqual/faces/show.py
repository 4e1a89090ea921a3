"""A table to be read in a notebook: whole cells, no index, its corpus said beneath."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from textwrap import shorten

import pandas as pd

from quidqual.faces.frame_face import frame_html, said_of
from quidqual.study.arguments import must_be_table
from quidqual.study.wording import joined

_MOST = 300
_IDS = ("id", "coding", "segment", "hash", "sha256", "prefix", "suffix", "file", "anchor")
_WORDS = ("words", "exact", "quote", "summary", "text")
_PEOPLE = ("participants", "who", "who_same", "who_with", "who_against")
_NAMED = 24  # names that a cell holds: of 500 people it would fill the page


class ShownTable:
    """What `show` gives: a notebook displays it as a table, a terminal as text."""

    def __init__(self, frame: pd.DataFrame, note: str, face: str | None = None) -> None:
        self.frame = frame
        self.note = note
        self._face = face

    def _repr_html_(self) -> str:
        if self._face is not None:
            return self._face
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
    """Show a table to be read: no index, no cut-off words, lists joined (24 names of more).

    A whole table of presence, prevalence, change, passages or claims has its own face, the one
    that a notebook shows for it anyway. Of others, the words stand beside whom they are of in a
    wide table, and ids come last; a table of more than 300 rows shows the first 300 and says so.

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
    note = "; ".join(map(said_of, map(str, marks)))
    note = note[:1].upper() + note[1:]
    if len(frame) > _MOST:
        note = f"{note}; the first {_MOST} of {len(frame):,} rows are shown".removeprefix("; ")
    table = frame.drop(columns=["corpus"], errors="ignore").head(_MOST).copy()
    table = table[_in_reading_order(list(table.columns))]
    for column in table.columns:
        cells = [_listed(cell, column) for cell in table[column]]
        if any(new is not old for new, old in zip(cells, table[column], strict=True)):
            table[column] = cells
    return ShownTable(table, note, frame_html(frame, most=_MOST))


def _listed(cell: object, column: object) -> object:
    """Join a list; of more than 24 names the first are told, and how many more there are."""
    if isinstance(cell, str) and column in _PEOPLE:
        names: Sequence[object] = cell.split(", ")
        return joined(names, limit=_NAMED) if len(names) > _NAMED else cell
    if isinstance(cell, tuple | list):
        return joined(cell, limit=_NAMED) if len(cell) > _NAMED else ", ".join(map(str, cell))
    return cell


def _in_reading_order(columns: list[str]) -> list[str]:
    """Put words before what is about them, and what only a program reads to the end."""
    last = [c for c in columns if c in _IDS]
    rest = [c for c in columns if c not in _IDS]
    words = next((c for c in _WORDS if c in rest), None)
    who = [c for c in rest if c in ("participant", "round", "code", "claim")]
    if words is None or len(rest) < 6:
        return [*rest, *last] if len(columns) >= 6 else columns
    front = [*who, words]
    return [*front, *(c for c in rest if c not in front), *last]
