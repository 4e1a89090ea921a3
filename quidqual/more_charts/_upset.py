"""UpSet: which codes come together in the same people, counted by combination."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from quidqual.plots.canvas import Page, Painted, as_points
from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.labels import UNNAMED, Names, lines_in, widest, width_of, wrap
from quidqual.plots.palette import BLUE
from quidqual.plots.style import FAINT, INK, PALE, SOFT
from quidqual.plots.tables import needs, ordered, people, places, selected
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import counted, joined, k_of_n

FEWEST = 20


@chart
def upset(
    presence: pd.DataFrame,
    *,
    codes: str | Sequence[str] | None = None,
    most: int = 20,
    names: Names = UNNAMED,
    advise: bool = True,
) -> Drawing:
    """Draw how many people carry each combination of codes.

    Parameters
    ----------
    presence : DataFrame
        As :func:`quidqual.presence` gives it. A person carries a code that is present in any
        round observed; people for whom any of the codes was never observed are left out and
        counted in the note, since their combination is not known.
    codes : str or sequence of str, optional
        Which to draw; few, since n codes have 2**n combinations.
    most : int
        Combinations drawn, the most frequent first; the others are counted in the note.
    advise : bool
        Print under the figure that another chart reads better: ``tiles`` below 20 participants,
        ``cooccurrence_matrix`` where most combinations are those of one person.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> seen = pd.DataFrame({"participant": ["P1", "P2"], "round": "R1", "code": "trust",
    ...     "state": ["absent", "present"], "corpus": "synthetic"})
    >>> figure = qq.plot.upset(seen)
    """
    needs(presence, ("participant", "round", "code", "state"), chart="upset")
    chosen = ordered(presence["code"], only=codes, field="codes")
    kept = selected(presence, codes=chosen, groups=people(presence))
    who = [name for group in people(kept).values() for name in group]
    seen = np.zeros((len(who), len(chosen)), dtype=bool)
    carried = np.zeros_like(seen)
    row, column = places(kept["participant"], who), places(kept["code"], chosen)
    state = places(kept["state"], ["absent", "present"])
    seen[row[state >= 0], column[state >= 0]] = True
    carried[row[state == 1], column[state == 1]] = True
    whole = seen.all(axis=1)
    if not whole.any():
        raise QuidqualError.of(
            "Nobody was observed for all of these codes.",
            remedy="Choose codes that were asked of the same people.",
            field="codes",
        )
    labels = [names(code) for code in chosen]
    table = _combinations(carried[whole], chosen).assign(
        corpus=presence["corpus"].iloc[0] if "corpus" in presence.columns else ""
    )
    left_out = int((~whole).sum())

    def paint(ax: Axes, page: Page) -> Painted:
        return _paint(ax, page, table, chosen, labels, most, left_out)

    return Drawing(
        paint,
        data=table,
        alt=_alt(table, chosen, labels, left_out),
        advice=_advice(table) if advise else "",
    )


def _advice(table: pd.DataFrame) -> str:
    """Say which chart reads better where there is no pattern of combinations to be seen."""
    n = int(table["n"].iloc[0])
    if n < FEWEST:
        return f"With n = {n}, the tiles chart reads better."
    alone = int((table["k"] == 1).sum())
    if len(table) > 4 and alone > len(table) / 2:
        return (
            f"{alone} of {len(table)} combinations are those of one person each: draw fewer codes, "
            "or how often two come together (cooccurrence_matrix)."
        )
    return ""


def _combinations(carried: np.ndarray, codes: list[str]) -> pd.DataFrame:
    """Count each combination: a column a code, then k and n."""
    found, counts = np.unique(carried, axis=0, return_counts=True)
    table = pd.DataFrame(found, columns=codes)
    table["k"], table["n"] = counts.astype(int), len(carried)
    by = ["k", *codes]
    return table.sort_values(by, ascending=False, kind="stable").reset_index(drop=True)


def _paint(
    ax: Axes,
    page: Page,
    table: pd.DataFrame,
    codes: list[str],
    labels: list[str],
    most: int,
    left_out: int,
) -> Painted:
    n = int(table["n"].iloc[0])
    sizes = [int(table.loc[table[code], "k"].sum()) for code in codes]
    wrapped = [wrap(label, page.width * 0.3, size=page.size) for label in labels]
    count = max(width_of(f"{size}/{n}", page.size) for size in sizes)
    left = widest(wrapped, page.size) + 8 + count + 10
    least = max(1.7 * page.size, width_of(str(table["k"].max()), page.size) + 3)
    shown = table.head(max(min(most, int((page.width - left) // least)), 1))
    pitch = min((page.width - left) / len(shown), 3.2 * page.size)
    bars = 11 * page.size
    top = page.line() + 2
    base = top + bars
    unit = bars / int(table["k"].max())
    ax.plot([left, left + pitch * len(shown)], [base, base], color=INK, lw=0.6)
    for place, k in enumerate(shown["k"]):
        x = left + (place + 0.5) * pitch
        ax.add_patch(
            Rectangle((x - pitch * 0.3, base - k * unit), pitch * 0.6, k * unit, facecolor=BLUE)
        )
        ax.text(x, base - k * unit - 2, str(k), ha="center", va="bottom", size=page.size)
    y = base + 5
    dots = (0.7 * page.size) ** 2
    spans: list[list[float]] = [[] for _ in range(len(shown))]
    for number, (code, label) in enumerate(zip(codes, wrapped, strict=True)):
        high = max(1.6 * page.size, page.line(lines_in(label)) + 2)
        if number % 2 == 0:
            ax.add_patch(
                Rectangle((0, y), left + pitch * len(shown), high, facecolor=PALE, lw=0, zorder=0)
            )
        middle = y + high / 2
        ax.text(left - 18 - count, middle, label, ha="right", va="center", size=page.size)
        ax.text(
            left - 10,
            middle,
            f"{sizes[number]}/{n}",
            ha="right",
            va="center_baseline",
            size=page.size,
            color=SOFT,
        )
        inside = shown[code].to_numpy(dtype=bool)
        at = left + (np.arange(len(shown)) + 0.5) * pitch
        ax.scatter(at[~inside], np.full((~inside).sum(), middle), s=dots, color=FAINT, zorder=2)
        ax.scatter(at[inside], np.full(inside.sum(), middle), s=dots, color=INK, zorder=3)
        for hit in np.flatnonzero(inside):
            spans[hit].append(middle)
        y += high
    for place, middles in enumerate(spans):
        if len(middles) > 1:
            x0 = left + (place + 0.5) * pitch
            ax.plot([x0, x0], [middles[0], middles[-1]], color=INK, lw=1.2, zorder=2)
    note = wrap(_note(table, shown, left_out), page.width, size=page.small)
    ax.text(0, y + 5, note, ha="left", va="top", size=page.small, color=SOFT)
    y += 6 + lines_in(note) * page.small * 1.3
    as_points(ax, page, y)
    return Painted(y)


def _note(table: pd.DataFrame, shown: pd.DataFrame, left_out: int) -> str:
    n = int(table["n"].iloc[0])
    told = [f"{counted(n, 'participant')} observed for all codes"]
    rest = table.iloc[len(shown) :]
    if len(rest):
        told.append(
            f"{counted(len(rest), 'more combination')} "
            f"({counted(int(rest['k'].sum()), 'participant')}) not drawn"
        )
    if left_out:
        told.append(f"{left_out} not observed for all codes, left out")
    return "; ".join(told) + "."


def _alt(table: pd.DataFrame, codes: list[str], labels: list[str], left_out: int) -> str:
    n = int(table["n"].iloc[0])
    told = []
    for row in table.head(6).itertuples(index=False):
        inside = [label for label, carried in zip(labels, row, strict=False) if carried]
        told.append(f"{joined(inside, limit=8) or 'none of them'} {k_of_n(int(row.k), n)}")
    return (
        f"UpSet of {counted(len(codes), 'code')} in {counted(n, 'participant')} "
        f"({left_out} left out). "
        f"Most frequent combinations: {joined(told, limit=6)}."
    )
