"""Slope and bump: how the share, or the rank, of each code moves over the rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.labels import UNNAMED, Names, lines_in, spread, widest
from quidqual.plots.palette import Cue, apart, cues
from quidqual.plots.paper import Page, Painted
from quidqual.plots.style import FAINT, INK, LINE, SOFT, WHITE
from quidqual.plots.tables import counts_of, needs, ordered
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
    shares = _shares(table, lines, "slope")
    return _drawing(table, shares, lines, highlight, names, ranked=False)


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
    return _drawing(table, -ranks, lines, highlight, names, ranked=True)


def _shares(table: pd.DataFrame, lines: str, chart: str) -> pd.DataFrame:
    """Lay the shares out, a row a line and a column a round, both in their own order."""
    columns = (lines, "round", "k", "n", "share")
    needs(table, columns, chart=chart, once=(lines, "round"))
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


def _drawing(
    table: pd.DataFrame,
    wide: pd.DataFrame,
    lines: str,
    highlight: str | Sequence[str] | None,
    names: Names,
    *,
    ranked: bool,
) -> Drawing:
    """Draw the lines of either chart."""
    rounds, codes = list(wide.columns), list(wide.index)
    told = counts_of(table, lines, "round")
    bright = ordered(table[lines], only=highlight, field="highlight") if highlight else codes
    if not highlight and len(codes) > _COLOURED:
        bright = []
    look = apart(_every_cue(table[lines], names), bright)
    counts = [
        f"{names(code)} " + ", ".join(f"{r} {k_of_n(*told.get((code, r), (0, 0)))}" for r in rounds)
        for code in codes
    ]
    return Drawing(
        _Lines(wide, told, names, look, ranked).paint,
        data=table,
        alt=f"Lines of {counted(len(codes), 'code')} over {counted(len(rounds), 'round')}. "
        f"{joined(counts, limit=12)}.",
    )


def _every_cue(column: pd.Series, names: Names) -> dict[str, Cue]:
    """Give cues to all codes there are, drawn or not: a code keeps its own in every figure."""
    drawn_ones = ordered(column)
    categories = column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else ()
    everyone = [*(names.order or [str(name) for name in categories]), *drawn_ones]
    return cues(everyone, colours=names.colours)


@dataclass(frozen=True)
class _Lines:
    """What either chart draws: heights of the lines by round, k and n, names, and their looks."""

    values: pd.DataFrame
    told: Mapping[tuple[str, str], tuple[int, int]]
    names: Names
    look: Mapping[str, Cue]
    ranked: bool

    def paint(self, ax: Axes, page: Page) -> Painted:
        """Draw the lines, and at their ends the counts and labels."""
        values = self.values.to_numpy(dtype=float)
        x, ends = self._across(page)
        gap = x[1] - x[0]
        heads = page.wrapped(self.values.columns, gap - 3)
        top = page.write_heads(x, heads, 2.0, gap=6)
        height = max(15 * page.size, sum(page.line(lines_in(text)) + 1.5 for text in ends[-1]))
        low, high = (np.nanmin(values), np.nanmax(values)) if self.ranked else (0.0, 1.0)
        y = top + (high - values) / max(high - low, 1e-9) * height
        for at in x:
            ax.plot([at, at], [top - 3, top + height + 3], color=FAINT, lw=0.6, zorder=0)
        if not self.ranked:
            _scale(page, x, top, height)
        for code, own in zip(self.values.index, y, strict=True):
            self._line(page, str(code), x, own)
        limits = (top - page.size / 2, top + height + page.size / 2)
        for column, texts in ends.items():
            self._end(page, column, x[column], y[:, column], texts, limits)
        return page.painted(top + height + page.size)

    def _across(self, page: Page) -> tuple[np.ndarray, dict[int, list[str]]]:
        """Place the rounds; give the labels at the last of them, and at the first.

        In a narrow column the labels at the right must do; in the narrowest, its counts too.
        """
        labels = [self.names(code) for code in self.values.index]
        rounds, beside = self.values.shape[1], self._count(page) + self._lead
        for share, both in ((0.24, True), (0.38, False)):
            texts = page.wrapped(labels, page.width * share)
            room = widest(texts, page.size) + 2
            left, right = (room if both else 0) + beside, page.width - room - beside
            if (right - left) / (rounds - 1) >= _ROOM * page.size:
                named = {-1: texts, 0: texts if both else [""] * len(texts)}
                return np.linspace(left, right, rounds), named
        return np.linspace(_ROOM * page.size / 2, right, rounds), {-1: texts}

    @property
    def _lead(self) -> float:
        """How far from the end of a line its count stands."""
        return 8 if len(self.values) <= _COLOURED else 16

    def _count(self, page: Page) -> float:
        return widest([f"{k}/{n}" for k, n in self.told.values()], page.size) + 5

    def _line(self, page: Page, code: str, x: np.ndarray, y: np.ndarray) -> None:
        cue, seen = self.look.get(code), ~np.isnan(y)
        style: dict[str, Any] = {"color": BEHIND if self.look else LINE, "marker": "o"}
        style |= {"lw": 0.8, "ls": "-", "ms": 0.4 * page.size, "zorder": 2}
        if cue:
            style = {"color": cue.colour, "marker": cue.marker}
            style |= {"lw": 1.6, "ls": cue.dash, "ms": 0.62 * page.size, "zorder": 3}
        page.ax.plot(x[seen], y[seen], mec="white", mew=0.4, **style)

    def _end(
        self,
        page: Page,
        column: int,
        x: float,
        y: np.ndarray,
        texts: list[str],
        limits: tuple[float, float],
    ) -> None:
        """Write k/n and the label beside the ends, moved apart where they would collide."""
        shown = [i for i in np.argsort(y, kind="stable") if not np.isnan(y[i])]
        heights = [page.line(lines_in(texts[i])) + 1.5 for i in shown]
        middles = spread([float(y[i]) for i in shown], heights, *limits)
        sign, ha = (-1, "right") if column == 0 else (1, "left")
        near = x + sign * self._lead
        for i, at in zip(shown, middles, strict=True):
            code = str(self.values.index[i])
            k, n = self.told[code, self.values.columns[column]]
            colour = INK if code in self.look or not self.look else SOFT
            page.ax.plot([x + sign * 3, near - sign], [y[i], at], color=LINE, lw=0.4, zorder=1)
            page.write(near, at, f"{k}/{n}", ha, color=colour)
            page.write(near + sign * self._count(page), at, texts[i], ha, color=colour)


def _scale(page: Page, x: np.ndarray, top: float, height: float) -> None:
    """Say what high and low mean: a share of all, of half, of none."""
    gap = x[1] - x[0]
    ground = {"facecolor": WHITE, "edgecolor": "none", "pad": 1.5}
    for share, word in ((1.0, "all"), (0.5, "half"), (0.0, "none")):
        y = top + (1 - share) * height
        page.ax.plot([x[0], x[-1]], [y, y], color=FAINT, lw=0.6, zorder=0)
        if gap > 4 * page.size:  # in the line, beneath the data, between two rounds
            style: dict[str, Any] = {"color": SOFT, "zorder": 0.5, "bbox": ground}
            page.write(x[0] + gap / 2, y, word, "center", small=True, **style)
