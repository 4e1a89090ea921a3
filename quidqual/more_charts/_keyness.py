"""Keyness: the words of one group against another, with how often and how widely they are used."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from quidqual.plots.canvas import Page, Painted, as_points
from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.labels import lines_in, longest_word, plain, shorten, widest, width_of, wrap
from quidqual.plots.palette import BLUE, VERMILLION
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

    def paint(ax: Axes, page: Page) -> Painted:
        words = [str(word) for word in shown[term]]
        return _paint(ax, page, shown, words, score, beside, sides, told_beside)

    told = [
        f"{name}: {joined([str(word) for word in part[term]], limit=most)}"
        for name, part in zip(sides, (over, under.iloc[::-1]), strict=True)
        if len(part)
    ]
    return Drawing(
        paint,
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
    ax: Axes,
    page: Page,
    shown: pd.DataFrame,
    words: list[str],
    score: str,
    beside: Sequence[str],
    names: tuple[str, str],
    told: str,
) -> Painted:
    terms = [shorten(word, page.width * 0.3, size=page.size) for word in words]
    left = max(width_of(term, page.size) for term in terms) + 8
    texts = {name: [_number(value) for value in shown[name]] for name in (score, *beside)}
    heads = {name: _head(name, names, page) for name in texts}
    widths = [widest([*texts[n], heads[n]], page.size) + 10 for n in texts]
    right = page.width - sum(widths)
    low, high = min(float(shown[score].min()), 0.0), max(float(shown[score].max()), 0.0)
    unit = (right - left - 6) / (high - low)
    zero = left - low * unit
    pitch = 1.65 * page.size
    top = page.line(max(map(lines_in, heads.values()))) + 3
    x = right
    for name, width in zip(texts, widths, strict=True):
        x += width
        ax.text(x, top - 4, heads[name], ha="right", va="bottom", size=page.size, color=SOFT)
        for row, text in enumerate(texts[name]):
            ax.text(
                x, top + (row + 0.5) * pitch, text, ha="right", va="center_baseline", size=page.size
            )
    for row, (term, value) in enumerate(zip(terms, shown[score], strict=True)):
        y = top + (row + 0.5) * pitch
        ax.text(left - 8, y, term, ha="right", va="center_baseline", size=page.size)
        ax.add_patch(
            Rectangle(
                (zero, y - pitch * 0.32),
                float(value) * unit,
                pitch * 0.64,
                facecolor=BLUE if value > 0 else VERMILLION,
                lw=0,
            )
        )
    y = top + len(terms) * pitch
    ax.plot([zero, zero], [top, y], color=INK, lw=0.7)
    if told:
        note = wrap(told, page.width - 4, size=page.small)
        ax.text(0, y + 4, note, ha="left", va="top", size=page.small, color=SOFT)
        y += 4 + lines_in(note) * page.small * 1.3
    as_points(ax, page, y + 2)
    sides = ((BLUE, names[0], "right"), (VERMILLION, names[1], "left"))
    keys = [Patch(facecolor=colour, label=f"{way}: more in {name}") for colour, name, way in sides]
    return Painted(y + 2, keys=keys)


def _head(name: str, names: tuple[str, str], page: Page) -> str:
    """Head a column of numbers; a count says whose it is."""
    side = shorten(names[name == "k_reference"], 9 * page.size, size=page.size)
    text = _HEADS.get(name, name.replace("_", " ")).format(side)
    return wrap(text, max(4.5 * page.size, longest_word([side], page.size)), size=page.size)


def _number(value: object) -> str:
    if isinstance(value, float) and not float(value).is_integer():
        return f"{value:z.2f}".replace("-", "−")
    return plain(str(int(value)) if isinstance(value, float) else str(value)).replace("-", "−")
