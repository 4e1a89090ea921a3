"""The framework matrix as a typeset table: a row a participant, a column a theme."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial
from typing import Any

import pandas as pd

from quidqual.more_charts.typeset import Column, typeset
from quidqual.plots.canvas import corpus_of, mark_of
from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.labels import Names, names_of
from quidqual.plots.style import FONT, INK, SOFT
from quidqual.plots.tables import NOT_OBSERVED, needs, ordered, people, places
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import counted

_MOST = 60
_NOTHING = "–"
_BARE = (_NOTHING, "not observed", "not asked", "not due", "missed", "no note")


@chart
def framework_matrix(
    frame: pd.DataFrame,
    *,
    cell: str = "summary",
    themes: str | Sequence[str] | None = None,
    codebook: Any = None,
    language: str = "en",
) -> Drawing:
    """Typeset the framework matrix: what each participant said on each theme.

    Parameters
    ----------
    frame : DataFrame
        As :func:`quidqual.framework_matrix` gives it: ``participant``, ``theme``, ``round``
        (optional: each round of a cell has its line), ``cell``, ``corpus``; where ``state``,
        ``reason`` and ``n_codings`` are there, a cell without text says what they tell.
    cell : str
        The column with the text of a cell (``"quotes"``: the coded passages themselves).
    themes : str or sequence of str, optional
        Which to print, in this order; three or four are as many as a page holds.
    codebook : Codebook or mapping, optional
        Gives the themes their labels (and ``language`` which of them).

    Returns
    -------
    Figure
        A dash: observed, and nothing there. Not observed says why. A coded cell without a
        summary says how many passages it holds.

    Raises
    ------
    QuidqualError
        If more than 60 participants would have to fit one figure.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> frame = pd.DataFrame({"participant": ["P1", "P2"], "theme": "ties",
    ...     "summary": ["trusts a few", "alone"], "corpus": "synthetic"})
    >>> figure = qq.plot.framework_matrix(frame)
    """
    wide, names, shown = _wide(frame, cell, themes, codebook, language)
    if len(wide) > _MOST:
        raise QuidqualError.of(
            f"A table of {len(wide)} participants is longer than any page.",
            remedy="Filter to those you discuss, or make a page of HTML with framework_html.",
            field="frame",
        )
    columns = [Column("participant", "", [str(name) for name in wide.index])]
    columns += [Column(t, names(t), [str(text) for text in wide[t]]) for t in shown]

    filled = int((~wide[shown].isin(_BARE)).sum().sum())
    alt = (
        f"Framework matrix of {counted(len(wide), 'participant')} by "
        f"{counted(len(shown), 'theme')} "
        f"({', '.join(names(t) for t in shown)}); {filled} of {wide[shown].size} cells are filled."
    )
    return Drawing(partial(typeset, columns, _ink), data=frame, alt=alt)


def _ink(_: str, text: str) -> str:
    return SOFT if text in _BARE else INK


def framework_html(
    frame: pd.DataFrame,
    *,
    cell: str = "summary",
    themes: str | Sequence[str] | None = None,
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
    made = made.opt_css("#framework td { white-space: pre-line; vertical-align: top; }")
    return made.tab_header(title=title) if title else made


def _wide(
    frame: pd.DataFrame, cell: str, themes: str | Sequence[str] | None, codebook: Any, language: str
) -> tuple[pd.DataFrame, Names, list[str]]:
    """Lay the matrix out, participants down and themes across; join the rounds of a cell."""
    rows = ("participant", "round", "theme") if "round" in frame else ("participant", "theme")
    needs(frame, ("participant", "theme", cell), chart="framework_matrix", once=rows)
    shown = ordered(frame["theme"], only=themes, field="themes")
    kept = frame[frame["theme"].astype(str).isin(shown)]
    if "round" in frame.columns:
        rounds = ordered(frame["round"])
        kept = kept.sort_values("round", key=lambda column: places(column, rounds))
    told: dict[tuple[str, str], dict[str, str]] = {}
    for row in kept.to_dict("records"):
        place = (str(row["participant"]), str(row["theme"]))
        told.setdefault(place, {})[str(row.get("round", ""))] = _told(row, cell)
    who = [name for group in people(frame).values() for name in group]
    wide = pd.DataFrame(
        {theme: [_joined(told.get((name, theme), {})) for name in who] for theme in shown},
        index=pd.Index(who, name="participant"),
    )
    return wide, names_of(codebook, language), shown


def _told(row: dict[Hashable, Any], cell: str) -> str:
    """Give the text of a cell; where there is none, what is known of it."""
    text = "" if row[cell] is None or pd.isna(row[cell]) else str(row[cell]).strip()
    if text:
        return text
    state = str(row.get("state", ""))
    if state == NOT_OBSERVED:
        return str(row.get("reason") or NOT_OBSERVED).replace("_", " ")
    if state == "present" and "n_codings" in row:
        return counted(int(row["n_codings"]), "passage")
    return _NOTHING


def _joined(rounds: dict[str, str]) -> str:
    """Write the rounds of a cell under one another; neighbours with nothing there share a line."""
    lines: list[tuple[list[str], str]] = []
    for name, text in rounds.items():
        if lines and lines[-1][1] == text and text in _BARE:
            lines[-1][0].append(name)
        else:
            lines.append(([name], text))
    if not lines or (len(lines) == 1 and lines[0][1] in _BARE):
        return lines[0][1] if lines else _NOTHING
    return "\n".join(f"{', '.join(names)}: {text}".removeprefix(": ") for names, text in lines)
