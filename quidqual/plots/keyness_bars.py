"""Keyness: the words of one group against another, with how often and how widely they are used."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from quidqual.study.errors import QuidqualError, listed

from .canvas import Page, Painted, as_points, draw
from .labels import plain, shorten, width_of, wrap
from .palette import BLUE, VERMILLION
from .style import INK, SOFT
from .tables import needs, sentence

_SCORES = ("log_odds", "z", "g2", "keyness", "score")


def keyness(
    table: pd.DataFrame,
    *,
    value: str | None = None,
    beside: Sequence[str] = (),
    most: int = 12,
    names: tuple[str, str] = ("first group", "second group"),
    title: str | None = None,
    width: float | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the most telling words of either side as bars to the right and to the left.

    Parameters
    ----------
    table : DataFrame
        ``term`` (str), a score (positive: more in the first group), ``corpus``; one row a term,
        as :func:`quidqual.keyness` gives it for one language.
    value : str, optional
        The column of the score; by default the first there is of log_odds, z, g2, keyness, score.
    beside : sequence of str
        Columns printed at the right of each term (counts, dispersion, participants).
    most : int
        Terms of each side.
    names : (str, str)
        What the two sides are called.
    title, width, ax
        As in every chart (``width`` in mm).

    Returns
    -------
    Figure

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> table = pd.DataFrame({"term": ["home", "line"], "log_odds": [1.2, -0.8],
    ...     "participants": [4, 5], "corpus": "synthetic"})
    >>> figure = qq.plot.keyness(table, beside=["participants"], names=("survivors", "staff"))
    """
    score = value or next((name for name in _SCORES if name in table.columns), None)
    if score is None:
        raise QuidqualError.of(
            f"The table has none of the scores {listed(_SCORES)}.",
            remedy="Name its column with value=.",
            field="value",
        )
    needs(table, ("term", score, *beside), chart="keyness")
    ranked = table.sort_values([score, "term"], ascending=[False, True], kind="stable")
    over = ranked[ranked[score] > 0].head(most)
    under = ranked[ranked[score] < 0].tail(most)
    shown = pd.concat([over, under]).reset_index(drop=True)
    if shown.empty:
        raise QuidqualError.of("No term tells the sides apart: every score is 0.", field=score)

    def paint(ax: Axes, page: Page) -> Painted:
        return _paint(ax, page, shown, score, beside, names)

    told = [
        f"{name}: {sentence([str(t) for t in part['term']], limit=most)}"
        for name, part in zip(names, (over, under.iloc[::-1]), strict=True)
        if len(part)
    ]
    return draw(
        paint,
        chart="keyness",
        data=shown,
        ax=ax,
        width=width,
        title=title,
        alt=f"Words that tell two sides apart, strongest first, by {score}. {'; '.join(told)}.",
    )


def _paint(
    ax: Axes,
    page: Page,
    shown: pd.DataFrame,
    score: str,
    beside: Sequence[str],
    names: tuple[str, str],
) -> Painted:
    terms = [shorten(str(term), page.width * 0.3, size=page.size) for term in shown["term"]]
    left = max(width_of(term, page.size) for term in terms) + 8
    texts = {name: [_number(value) for value in shown[name]] for name in (score, *beside)}
    heads = {name: name.replace("_", " ") for name in texts}
    widths = [max(width_of(t, page.size) for t in [*texts[n], heads[n]]) + 10 for n in texts]
    right = page.width - sum(widths)
    low, high = min(float(shown[score].min()), 0.0), max(float(shown[score].max()), 0.0)
    unit = (right - left - 6) / (high - low)
    zero = left - low * unit
    pitch = 1.65 * page.size
    top = page.line() + 3
    x = right
    for name, width in zip(texts, widths, strict=True):
        x += width
        ax.text(x, top - 4, plain(heads[name]), ha="right", va="bottom", size=page.size, color=SOFT)
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
    as_points(ax, page, y + 2)
    sides = ((BLUE, names[0], "right"), (VERMILLION, names[1], "left"))
    keys = [
        Patch(facecolor=colour, label=wrap(f"{way}: more in {name}", page.width, size=page.size))
        for colour, name, way in sides
    ]
    return Painted(y + 2, keys=keys)


def _number(value: object) -> str:
    if isinstance(value, float) and not float(value).is_integer():
        return f"{value:.2f}".replace("-", "−")
    return plain(str(int(value)) if isinstance(value, float) else str(value)).replace("-", "−")
