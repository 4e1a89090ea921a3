"""Change between two rounds, counted only over people who were seen in both."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from quidqual.analysis.transitions import between_rounds
from quidqual.study.arguments import names_of as names_in
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import joined

from .drawing import Drawing, chart
from .labels import UNNAMED, Names, lines_in, widest, width_of, wrap
from .palette import KEPT, NEW, NOT_AGAIN, ink_on
from .paper import Page, Painted, as_points
from .style import INK, SOFT
from .tables import needs, ordered, people, selected


@chart
def change_bars(
    presence: pd.DataFrame,
    *,
    between: tuple[str, str] | None = None,
    codes: str | Sequence[str] | None = None,
    groups: str | Sequence[str] | None = None,
    names: Names = UNNAMED,
) -> Drawing:
    """Draw in how many people each code is new, kept and not mentioned again after two rounds.

    Parameters
    ----------
    presence : DataFrame
        As :func:`quidqual.presence` gives it.
    between : (str, str), optional
        The two rounds; by default the first, and the last in which as many people were seen in
        both as in any, or nearly so (nine tenths).
    codes, groups : str or sequence of str, optional
        Which to draw, in this order.

    Returns
    -------
    Figure
        Left of the line what is not mentioned again though the topic was raised, which need not
        be lost; right of it kept and new. n, the people observed in both rounds, stands at the
        end of each row, since it can differ by code.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> seen = pd.DataFrame({"participant": ["P1", "P1"], "round": ["R1", "R2"],
    ...     "code": ["trust", "trust"], "state": ["absent", "present"], "corpus": "synthetic"})
    >>> qq.plots.canvas.drawn(qq.plot.change_bars(seen))[0].data[["not_again", "kept", "new", "n"]]
       not_again  kept  new  n
    0          0     0    1  1
    """
    needs(presence, ("participant", "round", "code", "state"), chart="change_bars")
    chosen = ordered(presence["code"], only=codes, field="codes")
    kept = selected(presence, codes=chosen, groups=people(presence, groups=groups))
    pair = _pair(kept, between)
    table = _counts(kept, chosen, pair)
    if "corpus" in presence.columns:
        table["corpus"] = presence["corpus"].iloc[0]

    def paint(ax: Axes, page: Page) -> Painted:
        return _paint(ax, page, table, [names(code) for code in chosen], pair)

    told = [
        f"{names(r.code)}: not mentioned again {r.not_again}, kept {r.kept}, new {r.new}, of {r.n}"
        if r.n
        else f"{names(r.code)}: not observed in both"
        for r in table.itertuples()
    ]
    alt = (
        f"Bars of change from {pair[0]} to {pair[1]}, counted over participants observed in both. "
        f"{joined(told, limit=40)}."
    )
    return Drawing(paint, data=table, alt=alt)


def _pair(kept: pd.DataFrame, between: tuple[str, str] | None) -> tuple[str, str]:
    rounds = ordered(kept["round"])
    if between is not None:
        asked = names_in(between, field="between")
        if len(asked) != 2:
            raise QuidqualError.of(
                f"Two rounds are wanted, not {listed(asked) or 'none'}.",
                remedy=f"Give two of {listed(rounds)}.",
                field="between",
            )
        pair = (str(asked[0]), str(asked[1]))
        unknown = [name for name in pair if name not in rounds]
        if unknown:
            raise QuidqualError.of(
                f"{listed(unknown)}: no round of the frame.",
                remedy=f"Use {listed(rounds)}.",
                field="between",
            )
        return pair
    if len(rounds) < 2:
        raise QuidqualError.of(
            "Change needs two rounds; the frame has one.",
            remedy="With one round draw `heat` or `prevalence`.",
            field="between",
        )
    seen = kept[kept["state"].astype(str) != "not_observed"]
    who = {name: set(seen.loc[seen["round"].astype(str) == name, "participant"]) for name in rounds}
    both = {name: len(who[rounds[0]] & who[name]) for name in rounds[1:]}
    enough = [name for name, n in both.items() if 10 * n >= 9 * max(both.values())]
    return rounds[0], enough[-1]  # that two of 500 were ill is no reason to leave the end out


def _counts(kept: pd.DataFrame, codes: list[str], pair: tuple[str, str]) -> pd.DataFrame:
    """Take not again, kept, new and the people observed in both rounds, a row a code."""
    table = between_rounds(kept, from_round=pair[0], to_round=pair[1])
    table = table.assign(code=table["code"].astype(str)).set_index("code")
    counts = table[["not_again", "kept", "new", "n"]].reindex(codes, fill_value=0).astype(int)
    return counts.reset_index().assign(first=pair[0], last=pair[1])


def _paint(
    ax: Axes, page: Page, table: pd.DataFrame, labels: list[str], pair: tuple[str, str]
) -> Painted:
    wrapped = [wrap(label, page.width * 0.32, size=page.size) for label in labels]
    left = widest(wrapped, page.size) + 8
    right = width_of(f"of {table['n'].max()}", page.size) + 12
    gone, more = int(table["not_again"].max()), int((table["kept"] + table["new"]).max())
    unit = min((page.width - left - right) / max(gone + more, 1), 6 * page.size)
    zero = left + gone * unit
    end = zero + more * unit
    y = 0.0
    for label, row in zip(wrapped, table.itertuples(), strict=True):
        high = max(1.9 * page.size, page.line(lines_in(label)) + 3)
        ax.text(left - 8, y + high / 2, label, ha="right", va="center", size=page.size)
        parts = (
            (zero - row.not_again * unit, row.not_again, NOT_AGAIN, "−"),
            (zero, row.kept, KEPT, ""),
            (zero + row.kept * unit, row.new, NEW, "+"),
        )
        for x, count, colour, sign in parts:
            if not count:
                continue
            ax.add_patch(
                Rectangle(
                    (x, y + 0.18 * high),
                    count * unit,
                    0.64 * high,
                    facecolor=colour,
                    edgecolor="white",
                    lw=0.5,
                )
            )
            if count * unit > width_of(f"{sign}{count}", page.size) + 2:
                ax.text(
                    x + count * unit / 2,
                    y + high / 2,
                    f"{sign}{count}",
                    ha="center",
                    va="center_baseline",
                    size=page.size,
                    color=ink_on(colour),
                )
        ax.text(
            end + 8,
            y + high / 2,
            f"of {row.n}",
            ha="left",
            va="center_baseline",
            size=page.size,
            color=SOFT,
        )
        y += high
    ax.plot([zero, zero], [0, y], color=INK, lw=0.8)
    note = wrap(
        f"{pair[0]} to {pair[1]}, participants observed in both", page.width - left, size=page.small
    )
    ax.text(left, y + 4, note, ha="left", va="top", size=page.small, color=SOFT)
    y += 4 + lines_in(note) * page.small * 1.3
    as_points(ax, page, y)
    keys = [
        Patch(facecolor=colour, label=word)
        for colour, word in ((NOT_AGAIN, "− not mentioned again"), (KEPT, "kept"), (NEW, "+ new"))
    ]
    return Painted(y, keys=keys)
