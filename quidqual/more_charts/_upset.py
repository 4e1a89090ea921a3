"""UpSet: which codes come together in the same people, counted by combination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from quidqual.plots.canvas import corpus_of
from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.labels import UNNAMED, Names, lines_in, widest, width_of
from quidqual.plots.palette import BLUE
from quidqual.plots.paper import Page, Painted
from quidqual.plots.style import FAINT, INK, PALE, SOFT
from quidqual.plots.tables import laid_out, needs, ordered, people, places, said_unasked, selected
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
        round observed; people for whom any of the codes was never observed (or only said unasked)
        are left out and counted in the note, since their combination is not known.
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
    rounds = ordered(kept["round"])
    state = places(kept["state"], ["absent", "present"])
    grid = laid_out(kept, state, missing=-1, participant=who, code=chosen, round=rounds)
    asked = laid_out(
        kept, np.where(said_unasked(kept), -1, state), missing=-1, participant=who, code=chosen,
        round=rounds,
    )  # fmt: skip
    whole = np.asarray((asked >= 0).any(axis=2)).all(axis=1)
    if not whole.any():
        raise QuidqualError.of(
            "Nobody was observed for all of these codes.",
            remedy="Choose codes that were asked of the same people.",
            field="codes",
        )
    labels = {code: names(code) for code in chosen}
    table = _combinations((grid == 1).any(axis=2)[whole], chosen)
    table = table.assign(corpus=corpus_of(presence))
    left_out = int((~whole).sum())
    return Drawing(
        partial(_paint, table, labels, most, left_out),
        data=table,
        alt=_alt(table, labels, left_out),
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
    table: pd.DataFrame, labels: Mapping[str, str], most: int, left_out: int, ax: Axes, page: Page
) -> Painted:
    n, largest = int(table["n"].iloc[0]), int(table["k"].max())
    sizes = [f"{table.loc[table[code], 'k'].sum()}/{n}" for code in labels]
    wrapped = page.wrapped(labels.values(), page.width * 0.3)
    count = widest(sizes, page.size)
    left = widest(wrapped, page.size) + 8 + count + 10
    least = max(1.7 * page.size, width_of(str(largest), page.size) + 3)
    shown = table.head(max(min(most, int((page.width - left) // least)), 1))
    pitch = min((page.width - left) / len(shown), 3.2 * page.size)
    at, right = left + (np.arange(len(shown)) + 0.5) * pitch, left + pitch * len(shown)
    bars = 11 * page.size
    base = page.line() + 2 + bars
    ax.plot([left, right], [base, base], color=INK, lw=0.6)
    for x, k in zip(at, shown["k"], strict=True):
        high = k * bars / largest
        ax.add_patch(Rectangle((x - pitch * 0.3, base - high), pitch * 0.6, high, facecolor=BLUE))
        page.write(x, base - high - 2, str(k), "center", "bottom")
    y = base + 5
    dots = (0.7 * page.size) ** 2
    middles = np.empty(len(labels))
    for number, (code, label) in enumerate(zip(labels, wrapped, strict=True)):
        high = max(1.6 * page.size, page.line(lines_in(label)) + 2)
        if number % 2 == 0:
            ax.add_patch(Rectangle((0, y), right, high, facecolor=PALE, lw=0, zorder=0))
        middle = middles[number] = y + high / 2
        page.write(left - 18 - count, middle, label, "right", "center")
        page.write(left - 10, middle, sizes[number], "right", color=SOFT)
        inside = shown[code].to_numpy(dtype=bool)
        for those, colour, zorder in ((~inside, FAINT, 2), (inside, INK, 3)):
            ax.scatter(at[those], [middle] * those.sum(), s=dots, color=colour, zorder=zorder)
        y += high
    for x, carried in zip(at, shown[list(labels)].to_numpy(dtype=bool), strict=True):
        if carried.sum() > 1:
            ax.plot([x, x], middles[carried][[0, -1]], color=INK, lw=1.2, zorder=2)
    y = page.write_note(y + 5, _note(table, shown, left_out)) + 1
    return page.painted(y)


def _note(table: pd.DataFrame, shown: pd.DataFrame, left_out: int) -> str:
    told = [f"{counted(int(table['n'].iloc[0]), 'participant')} observed for all codes"]
    rest = table.iloc[len(shown) :]
    if len(rest):
        told.append(
            f"{counted(len(rest), 'more combination')} "
            f"({counted(int(rest['k'].sum()), 'participant')}) not drawn"
        )
    if left_out:
        told.append(f"{left_out} not observed for all codes, left out")
    return "; ".join(told) + "."


def _alt(table: pd.DataFrame, labels: Mapping[str, str], left_out: int) -> str:
    n = int(table["n"].iloc[0])
    told = []
    for row in table.head(6).to_dict("records"):
        inside = [label for code, label in labels.items() if row[code]]
        told.append(f"{joined(inside, limit=8) or 'none of them'} {k_of_n(row['k'], n)}")
    return (
        f"UpSet of {counted(len(labels), 'code')} in {counted(n, 'participant')} "
        f"({left_out} left out). "
        f"Most frequent combinations: {joined(told, limit=6)}."
    )
