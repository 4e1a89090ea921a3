"""Slope and bump: how the share, or the rank, of each code moves over the rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from quidqual.plots.canvas import Page, Painted, as_points
from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.labels import UNNAMED, Names, lines_in, spread, widest, width_of, wrap
from quidqual.plots.palette import Cue, apart, cues
from quidqual.plots.style import FAINT, INK, LINE, SOFT, WHITE
from quidqual.plots.tables import needs, ordered
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import counted, joined, k_of_n

_COLOURED = 7
BEHIND = "#d0d0d0"  # lines beside highlighted ones: paler than any colour is in grey
_ROOM = 2.6  # sizes of type from round to round, for labels at both ends


@chart
def slope(
    table: pd.DataFrame,
    *,
    lines: str = "code",
    highlight: str | Sequence[str] | None = None,
    names: Names = UNNAMED,
) -> Drawing:
    """Draw the share of each code from round to round as a line.

    Parameters
    ----------
    table : DataFrame
        As ``prevalence(presence, by=(lines, "round"))`` gives it: ``lines``, ``round`` (ordered
        Categorical), ``k``, ``n``, ``share``, ``corpus``.
    lines : str
        The column with a line for each value.
    highlight : str or sequence of str, optional
        The lines in colour, the others grey; by default all if there are at most seven.

    Returns
    -------
    Figure
        k/n stands at both ends of a line, since n differs between rounds: where other people
        were seen, a line moves without anybody having changed. ``change_bars`` counts those
        who did.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> table = pd.DataFrame({"code": "trust", "round": ["R1", "R2"], "k": [2, 3], "n": [4, 4],
    ...     "share": [0.5, 0.75], "corpus": "synthetic"})
    >>> figure = qq.plot.slope(table)
    """
    return _chart(
        table, _shares(table, lines, "slope"), chart="slope", lines=lines, highlight=highlight,
        names=names,
    )  # fmt: skip


@chart
def bump(
    table: pd.DataFrame,
    *,
    lines: str = "code",
    highlight: str | Sequence[str] | None = None,
    names: Names = UNNAMED,
) -> Drawing:
    """Draw the rank of each code by its share in each round; ties share a rank.

    Parameters
    ----------
    table, lines, highlight
        As for :func:`quidqual.plot.slope`.

    Returns
    -------
    Figure

    Notes
    -----
    A rank hides how far apart two codes are, and at small n one person can swap two of them:
    k/n stands beside each end. Codes with the same share have the same rank, and the next rank
    is left free (1, 2, 2, 4).

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> table = pd.DataFrame({"code": ["a", "b"] * 2, "round": ["R1"] * 2 + ["R2"] * 2,
    ...     "k": [1, 2, 3, 2], "n": 4, "share": [0.25, 0.5, 0.75, 0.5], "corpus": "synthetic"})
    >>> figure = qq.plot.bump(table)
    """
    ranks = _shares(table, lines, "bump").rank(method="min", ascending=False)
    return _chart(
        table, -ranks, chart="bump", lines=lines, highlight=highlight,
        names=names,
    )  # fmt: skip


def _shares(table: pd.DataFrame, lines: str, chart: str) -> pd.DataFrame:
    """Lay the shares out, a row a line and a column a round, both in their own order."""
    needs(table, (lines, "round", "k", "n", "share"), chart=chart)
    rounds = ordered(table["round"])
    if len(rounds) < 2:
        raise QuidqualError.of(
            f"A {chart} needs two rounds; the table has one.",
            remedy="Draw `heat` or `prevalence`.",
            field="table",
        )
    if not table["share"].notna().any():
        raise QuidqualError.of(
            "Nobody was observed in any round: there is no share to draw.",
            remedy="Check the filter before it.",
            field="table",
        )
    wide = table.assign(line=table[lines].astype(str)).pivot_table(
        index="line", columns="round", values="share", observed=True, dropna=False, sort=False
    )
    wide.columns = [str(name) for name in wide.columns]
    return wide.reindex(ordered(table[lines]))[rounds]


def _chart(
    table: pd.DataFrame,
    wide: pd.DataFrame,
    *,
    chart: str,
    lines: str,
    highlight: Sequence[str] | None,
    names: Names,
) -> Drawing:
    """Draw the lines of either chart."""
    rounds, codes = list(wide.columns), list(wide.index)
    told = {
        (str(line), str(name)): (int(k), int(n))
        for line, name, k, n in zip(
            table[lines], table["round"], table["k"], table["n"], strict=True
        )
    }
    bright = ordered(table[lines], only=highlight, field="highlight") if highlight else codes
    if not highlight and len(codes) > _COLOURED:
        bright = []
    look = apart(_every_cue(table[lines], names), bright)

    def paint(ax: Axes, page: Page) -> Painted:
        return _paint(ax, page, wide, told, names, look, ranked=chart == "bump")

    counts = [
        f"{names(code)} " + ", ".join(f"{r} {k_of_n(*told.get((code, r), (0, 0)))}" for r in rounds)
        for code in codes
    ]
    return Drawing(
        paint,
        data=table.reset_index(drop=True),
        alt=f"Lines of {counted(len(codes), 'code')} over {counted(len(rounds), 'round')}. "
        f"{joined(counts, limit=12)}.",
    )


def _every_cue(column: pd.Series, names: Names) -> dict[str, Cue]:
    """Give cues to all codes there are, drawn or not: a code keeps its own in every figure."""
    drawn_ones = ordered(column)
    categories = column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else ()
    everyone = [*(names.order or [str(name) for name in categories]), *drawn_ones]
    return cues(everyone, colours=names.colours)


def _paint(
    ax: Axes,
    page: Page,
    wide: pd.DataFrame,
    told: Mapping[tuple[str, str], tuple[int, int]],
    names: Names,
    look: Mapping[str, Cue],
    *,
    ranked: bool,
) -> Painted:
    rounds, values = list(wide.columns), wide.to_numpy(dtype=float)
    count = max(width_of(f"{k}/{n}", page.size) for k, n in told.values()) + 5
    texts = [wrap(names(code), page.width * 0.24, size=page.size) for code in wide.index]
    room = widest(texts, page.size) + 2
    lead = 8 if len(wide) <= _COLOURED else 16
    left, right = room + count + lead, page.width - room - count - lead
    gap = (right - left) / (len(rounds) - 1)
    # In a narrow column the labels at the right must do; in the narrowest, its counts too.
    named, counted = gap >= _ROOM * page.size, True
    if not named:
        texts = [wrap(names(code), page.width * 0.38, size=page.size) for code in wide.index]
        left, right = count + lead, page.width - widest(texts, page.size) - 2 - count - lead
        gap = (right - left) / (len(rounds) - 1)
        counted = gap >= _ROOM * page.size
        left = left if counted else _ROOM * page.size / 2
        gap = (right - left) / (len(rounds) - 1)
    heads = [wrap(name, gap - 3, size=page.size) for name in rounds]
    top = page.line(max(map(lines_in, heads))) + 8
    height = max(15 * page.size, sum(page.line(lines_in(text)) + 1.5 for text in texts))
    low, high = (np.nanmin(values), np.nanmax(values)) if ranked else (0.0, 1.0)
    y = top + (high - values) / max(high - low, 1e-9) * height
    x = np.linspace(left, right, len(rounds))
    for at, head in zip(x, heads, strict=True):
        ax.plot([at, at], [top - 3, top + height + 3], color=FAINT, lw=0.6, zorder=0)
        ax.text(at, top - 6, head, ha="center", va="bottom", size=page.size)
    if not ranked:
        _scale(ax, page, (left, right), top, height, gap)
    for number, code in enumerate(wide.index):
        cue = look.get(str(code))
        seen = ~np.isnan(values[number])
        ax.plot(
            x[seen],
            y[number, seen],
            color=cue.colour if cue else BEHIND if look else LINE,
            lw=1.6 if cue else 0.8,
            ls=cue.dash if cue else "-",
            marker=cue.marker if cue else "o",
            ms=(0.62 if cue else 0.4) * page.size,
            mec="white",
            mew=0.4,
            zorder=3 if cue else 2,
        )
    limits = (top - page.size / 2, top + height + page.size / 2)
    last = len(rounds) - 1
    ends = [("left", last, texts)]
    if counted:
        ends.append(("right", 0, texts if named else [""] * len(texts)))
    for side, column, own in ends:
        _ends(ax, page, wide, y, told, own, look, side, column, float(x[column]), count, limits)
    as_points(ax, page, top + height + page.size)
    return Painted(top + height + page.size)


def _scale(
    ax: Axes, page: Page, ends: tuple[float, float], top: float, height: float, gap: float
) -> None:
    """Say what high and low mean: a share of all, of half, of none."""
    words = gap > 4 * page.size
    for share, word in ((1.0, "all"), (0.5, "half"), (0.0, "none")):
        y = top + (1 - share) * height
        ax.plot(ends, [y, y], color=FAINT, lw=0.6, zorder=0)
        if words:  # in the line, beneath the data, between two rounds
            ground = {"facecolor": WHITE, "edgecolor": "none", "pad": 1.5}
            ax.text(
                ends[0] + gap / 2, y, word, ha="center", va="center_baseline", size=page.small,
                color=SOFT, zorder=0.5, bbox=ground,
            )  # fmt: skip


def _ends(
    ax: Axes,
    page: Page,
    wide: pd.DataFrame,
    y: np.ndarray,
    told: Mapping[tuple[str, str], tuple[int, int]],
    texts: Sequence[str],
    look: Mapping[str, Cue],
    side: str,
    column: int,
    x: float,
    count: float,
    limits: tuple[float, float],
) -> None:
    """Write k/n and the label beside the ends, moved apart where they would collide."""
    shown = [i for i in range(len(wide)) if not np.isnan(y[i, column])]
    shown.sort(key=lambda i: (y[i, column], i))
    heights = [page.line(lines_in(texts[i])) + 1.5 for i in shown]
    middles = spread([float(y[i, column]) for i in shown], heights, *limits)
    sign = -1 if side == "right" else 1
    lead = 8 if len(wide) <= _COLOURED else 16
    for i, at in zip(shown, middles, strict=True):
        code = str(wide.index[i])
        k, n = told[code, str(wide.columns[column])]
        colour = INK if code in look or not look else SOFT
        near, far = x + sign * lead, x + sign * (lead + count)
        ax.plot([x + sign * 3, near - sign * 1], [y[i, column], at], color=LINE, lw=0.4, zorder=1)
        ax.text(near, at, f"{k}/{n}", ha=side, va="center_baseline", size=page.size, color=colour)
        one_line = lines_in(texts[i]) == 1
        ax.text(
            far,
            at,
            texts[i],
            ha=side,
            va="center_baseline" if one_line else "center",
            size=page.size,
            color=colour,
        )
