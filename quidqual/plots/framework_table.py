"""The framework matrix as a typeset table: a row a participant, a column a theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from quidqual.study.errors import QuidqualError

from .canvas import Page, Painted, as_points, corpus_of, draw, mark_of
from .labels import Names, names_of
from .style import FONT, INK, SOFT
from .tables import needs, ordered, people
from .typeset import Column, typeset


def framework_matrix(
    frame: pd.DataFrame,
    *,
    cell: str = "summary",
    themes: Sequence[str] | None = None,
    codebook: Any = None,
    language: str = "en",
    title: str | None = None,
    width: float | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Typeset the framework matrix: what each participant said on each theme.

    Parameters
    ----------
    frame : DataFrame
        As :func:`quidqual.framework_matrix` gives it: ``participant``, ``theme``, ``round``
        (optional: the rounds of a cell are written one after the other), ``cell``, ``corpus``.
    cell : str
        The column with the text of a cell.
    themes : sequence of str, optional
        Which to print, in this order; three or four are as many as a page holds.
    codebook : Codebook or mapping, optional
        Gives the themes their labels (and ``language`` which of them).
    title, width, ax
        As in every chart (``width`` in mm).

    Returns
    -------
    Figure
        An empty cell is marked by a dash. For a page of HTML see :func:`framework_html`.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> frame = pd.DataFrame({"participant": ["P1", "P2"], "theme": "ties",
    ...     "summary": ["trusts a few", "alone"], "corpus": "synthetic"})
    >>> figure = qq.plot.framework_matrix(frame)
    """
    wide, names, shown = _wide(frame, cell, themes, codebook, language)
    columns = [Column("participant", "", [str(name) for name in wide.index])]
    columns += [Column(t, names(t), [str(text) for text in wide[t]]) for t in shown]

    def paint(ax: Axes, page: Page) -> Painted:
        height = typeset(ax, page, columns, ink=lambda _, text: SOFT if text == "–" else INK)
        as_points(ax, page, height)
        return Painted(height)

    filled = int((wide[shown] != "–").sum().sum())
    alt = (
        f"Framework matrix of {len(wide)} participants by {len(shown)} themes "
        f"({', '.join(names(t) for t in shown)}); {filled} of {wide[shown].size} cells are filled."
    )
    return draw(
        paint,
        chart="framework_matrix",
        data=frame.reset_index(drop=True),
        alt=alt,
        ax=ax,
        width=width,
        title=title,
    )


def framework_html(
    frame: pd.DataFrame,
    *,
    cell: str = "summary",
    themes: Sequence[str] | None = None,
    codebook: Any = None,
    language: str = "en",
    title: str | None = None,
) -> Any:
    """Make the framework matrix as a great_tables table, for HTML.

    Parameters
    ----------
    frame, cell, themes, codebook, language, title
        As for :func:`framework_matrix`.

    Returns
    -------
    great_tables.GT
        With groups as row groups and the mark of the corpus below.

    Raises
    ------
    QuidqualError
        If great_tables is not installed.
    """
    try:
        from great_tables import GT
    except ImportError as cause:
        raise QuidqualError.of(
            "The table in HTML needs great_tables.", remedy="Run: pip install 'quidqual[figures]'."
        ) from cause
    wide, names, shown = _wide(frame, cell, themes, codebook, language)
    table = wide[shown].reset_index()
    if "group" in frame.columns:
        pairs = frame[["participant", "group"]].astype(str).drop_duplicates("participant")
        table.insert(0, "group", table["participant"].map(pairs.set_index("participant")["group"]))
    made = GT(
        table,
        rowname_col="participant",
        groupname_col="group" if "group" in table else None,
        id="framework",
    )
    made = made.cols_label({theme: names(theme) for theme in shown})
    made = made.tab_source_note(mark_of(corpus_of(frame))).opt_table_font(font=[FONT, "sans-serif"])
    return made.tab_header(title=title) if title else made


def _wide(
    frame: pd.DataFrame, cell: str, themes: Sequence[str] | None, codebook: Any, language: str
) -> tuple[pd.DataFrame, Names, list[str]]:
    """Lay the matrix out, participants down and themes across; join the rounds of a cell."""
    needs(frame, ("participant", "theme", cell), chart="framework_matrix")
    shown = ordered(frame["theme"], only=themes, field="themes")
    kept = frame[frame["theme"].astype(str).isin(shown)]
    by_round = "round" in frame.columns
    texts: dict[tuple[str, str], list[str]] = {}
    order = {name: place for place, name in enumerate(ordered(frame["round"]))} if by_round else {}
    rows = kept.sort_values("round", key=lambda c: c.astype(str).map(order)) if by_round else kept
    for row in rows.to_dict("records"):
        text = "" if row[cell] is None or pd.isna(row[cell]) else str(row[cell]).strip()
        if text:
            told = f"{row['round']}: {text}" if by_round else text
            texts.setdefault((str(row["participant"]), str(row["theme"])), []).append(told)
    who = [name for group in people(frame).values() for name in group]
    wide = pd.DataFrame(
        {theme: [" ".join(texts.get((name, theme), ["–"])) for name in who] for theme in shown},
        index=pd.Index(who, name="participant"),
    )
    return wide, names_of(codebook, language), shown
