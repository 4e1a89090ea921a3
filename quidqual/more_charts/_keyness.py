"""Keyness: the words of one group against another, with how often and how widely they are used."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.labels import longest_word, plain, shorten, widest, wrap
from quidqual.plots.palette import BLUE, VERMILLION
from quidqual.plots.paper import Page, Painted
from quidqual.plots.style import INK, SOFT
from quidqual.plots.tables import needs, ordered
from quidqual.study.arguments import must_be_number, names_of
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import joined

_SCORES = ("z", "log_odds", "g2", "keyness", "score")
_BESIDE = ("k_target", "k_reference", "participants")
_HEADS = {
    "log_odds": "log-odds",
    "g2": "G²",
    "k_target": "times in {}",
    "k_reference": "times in {}",
    "participants": "people in {}",
}


_SPEECH = {
    "verbatim": "the participants’ own words",
    "paraphrase": "the researcher’s words",
    "all": "all words, the researcher’s among them",
}


@chart
def keyness(
    table: pd.DataFrame,
    *,
    value: str | None = None,
    beside: str | Sequence[str] | None = None,
    most: int = 12,
    names: tuple[str, str] | None = None,
) -> Drawing:
    """Draw the most telling words of either side as bars to the right and to the left.

    Parameters
    ----------
    table : DataFrame
        As :func:`quidqual.keyness` gives it: ``word`` (or ``term``), a score (positive: more
        in the target), ``corpus``; one row a word, of one language.
    value : str, optional
        The column of the score; by default the first there is of z, log_odds, g2, keyness, score.
    beside : sequence of str, optional
        Columns printed at the right of each word; by default how often either side uses it
        and how many people of the target do, if the table says so.
    most : int
        Words of each side.
    names : (str, str), optional
        What the two sides are called; by default as the table names target and reference.

    Returns
    -------
    Figure

    Raises
    ------
    QuidqualError
        If the table holds words of two languages, or no score but 0.

    Notes
    -----
    A score is no test: a word that one person says often looks like her group's. So the
    participants stand beside it.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> table = pd.DataFrame({"word": ["home", "line"], "z": [1.2, -0.8],
    ...     "participants": [4, 5], "corpus": "synthetic"})
    >>> figure = qq.plot.keyness(table, names=("survivors", "staff"))
    """
    needs(table, (), chart="keyness")
    term = "word" if "word" in table.columns else "term"
    score = value or next((name for name in _SCORES if name in table.columns), None)
    if score is None:
        raise QuidqualError.of(
            f"The table has none of the scores {listed(_SCORES)}.",
            remedy="Name its column with value=.",
            field="value",
        )
    must_be_number(most, field="most", whole=True)
    if beside is None:
        beside = [name for name in _BESIDE if name in table.columns]
    beside = names_of(beside, field="beside")
    needs(table, (term, score, *beside), chart="keyness")
    tongues = ordered(table["language"]) if "language" in table.columns else []
    if len(tongues) > 1:
        raise QuidqualError.of(
            f"The table holds words of {listed(tongues)}.",
            remedy="Draw one figure for each: table[table['language'] == ...].",
            field="language",
        )
    sides = _sides(table) if names is None else names_of(names, field="names")
    if len(sides) != 2:
        raise QuidqualError.of(
            f"{names!r} are not the names of two sides.",
            remedy="Give two: names=('staff', 'survivors').",
            field="names",
        )
    ranked = table.sort_values([score, term], ascending=[False, True], kind="stable")
    over = ranked[ranked[score] > 0].head(most)
    under = ranked[ranked[score] < 0].tail(most)
    shown = pd.concat([over, under]).reset_index(drop=True)
    if shown.empty:
        raise QuidqualError.of("No term tells the sides apart: every score is 0.", field=score)

    told_beside = _whose_words(table)
    told = [
        f"{name}: {joined([str(word) for word in part[term]], limit=most)}"
        for name, part in zip(sides, (over, under.iloc[::-1]), strict=True)
        if len(part)
    ]
    return Drawing(
        partial(_paint, shown, term, (score, *beside), sides, told_beside),
        data=shown,
        alt=f"Words that tell two sides apart, strongest first, by {score}. {'; '.join(told)}. "
        f"{told_beside}".strip(),
    )


def _whose_words(table: pd.DataFrame) -> str:
    """Say from the table whose words were compared and what was left out."""
    told = []
    for column, said in (("speech", _SPEECH), ("stop_words", {})):
        values = list(dict.fromkeys(map(str, table[column]))) if column in table.columns else []
        if column == "stop_words":
            values = [f"function words left out: {value}" for value in values]
        told += [said.get(value, value) for value in values]
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _sides(table: pd.DataFrame) -> tuple[str, str]:
    """Read from the table what its two sides are called."""
    if {"target", "reference"} <= set(table.columns) and len(table):
        return str(table["target"].iloc[0]), str(table["reference"].iloc[0])
    return "first group", "second group"


def _paint(
    shown: pd.DataFrame,
    term: str,
    columns: Sequence[str],
    names: tuple[str, str],
    told: str,
    ax: Axes,
    page: Page,
) -> Painted:
    terms = [shorten(str(word), page.width * 0.3, size=page.size) for word in shown[term]]
    left = widest(terms, page.size) + 8
    heads = [_head(name, names, page) for name in columns]
    texts = [[_number(value) for value in shown[name]] for name in columns]
    own = zip(heads, texts, strict=True)
    widths = [widest([head, *column], page.size) + 10 for head, column in own]
    ends = page.width - sum(widths) + np.cumsum(widths)
    score = shown[columns[0]].to_numpy(dtype=float)
    low, high = min(score.min(), 0.0), max(score.max(), 0.0)
    unit = (page.width - sum(widths) - left - 6) / (high - low)
    zero = left - low * unit
    pitch = 1.65 * page.size
    top = page.write_heads(ends, heads, -1.0, ha="right", gap=4, color=SOFT)
    rows = top + (np.arange(len(terms)) + 0.5) * pitch
    for end, column in zip(ends, texts, strict=True):
        for y, text in zip(rows, column, strict=True):
            page.write(end, y, text, "right")
    for y, word, value in zip(rows, terms, score, strict=True):
        page.write(left - 8, y, word, "right")
        box = ((zero, y - pitch * 0.32), value * unit, pitch * 0.64)
        ax.add_patch(Rectangle(*box, facecolor=BLUE if value > 0 else VERMILLION, lw=0))
    bottom = top + len(terms) * pitch
    ax.plot([zero, zero], [top, bottom], color=INK, lw=0.7)
    if told:
        bottom = page.write_note(bottom + 4, told)
    sides = ((BLUE, names[0], "right"), (VERMILLION, names[1], "left"))
    keys = [Patch(facecolor=colour, label=f"{way}: more in {name}") for colour, name, way in sides]
    return page.painted(bottom + 2, keys=keys)


def _head(name: str, names: tuple[str, str], page: Page) -> str:
    """Head a column of numbers; a count says whose it is."""
    side = shorten(names[name == "k_reference"], 9 * page.size, size=page.size)
    text = _HEADS.get(name, name.replace("_", " ")).format(side)
    return wrap(text, max(4.5 * page.size, longest_word([side], page.size)), size=page.size)


def _number(value: object) -> str:
    if isinstance(value, float):
        value = int(value) if value.is_integer() else f"{value:z.2f}"
    return plain(str(value)).replace("-", "−")
