"""Intensity: how much each person says, round by round; a dot a person, of many their spread."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from quidqual.plots.canvas import corpus_of
from quidqual.plots.drawing import Drawing, chart
from quidqual.plots.labels import UNNAMED, Names, lines_in
from quidqual.plots.palette import dot, group_cues
from quidqual.plots.paper import Page, Painted
from quidqual.plots.style import WHITE
from quidqual.plots.tables import needs, ordered
from quidqual.study.arguments import one_of
from quidqual.study.wording import joined

MEASURES = {
    "n_codings": "Passages a person",
    "words": "Words under these codes a person",
    "share": "Share of the words of a note",
    "weight": "Mean weight a person",
}
_DOTS = 40  # people in one round and group: above, their spread says more than their dots
_LARGE, _SMALL = 0.62, 0.3  # sizes of a dot, as shares of the type


@chart
def intensity(
    table: pd.DataFrame,
    *,
    value: str = "n_codings",
    codes: str | Sequence[str] | None = None,
    names: Names = UNNAMED,
) -> Drawing:
    """Draw how much each person says about some codes in each round.

    Parameters
    ----------
    table : DataFrame
        As :func:`quidqual.intensity` gives it: ``participant``, ``group`` (optional),
        ``round``, ``code``, ``state``, ``corpus`` and the measure.
    value : {"n_codings", "words", "share", "weight"}
        What is drawn. Several codes are added up for a person, weights averaged.
    codes : str or sequence of str, optional
        Which to add up; by default all.

    Returns
    -------
    Figure
        Up to 40 people in a round each are a dot, with a line for the median; of more the
        letter-value boxes of seaborn (``boxenplot``). People who were not observed are not
        drawn, and n stands under each round.

    Notes
    -----
    How many passages there are depends on how finely a coder cuts: compare rounds of one
    coder, and look at ``share`` as well.

    References
    ----------
    Hofmann H, Wickham H, Kafadar K (2017). Letter-value plots: boxplots for large data. JCGS
    26(3), 469-477.

    Examples
    --------
    >>> import pandas as pd, quidqual as qq
    >>> table = pd.DataFrame({"participant": ["P1", "P2"], "round": "R1", "code": "trust",
    ...     "state": ["present", "absent"], "n_codings": [3, 0], "corpus": "synthetic"})
    >>> figure = qq.plot.intensity(table)
    """
    value = one_of(value, MEASURES, field="value")
    needs(table, ("participant", "round", "code", "state", value), chart="intensity")
    chosen = ordered(table["code"], only=codes, field="codes")
    rounds = ordered(table["round"])
    people = _by_person(table, chosen, value)
    groups = list(dict.fromkeys(people["group"])) if "group" in table.columns else [""]
    told = [_told(people, name, group) for name in rounds for group in groups]
    which = joined([names(code) for code in chosen], limit=6)
    return Drawing(
        partial(_paint, people, rounds, groups, MEASURES[value]),
        data=people.assign(corpus=corpus_of(table)),
        alt=f"{MEASURES[value]}, {which}. {joined(told, limit=24)}.",
    )


def _by_person(table: pd.DataFrame, codes: list[str], value: str) -> pd.DataFrame:
    """Add the codes up, a row a person and round in which any of them was observed."""
    own = table[table["code"].astype(str).isin(codes) & (table["state"] != "not_observed")]
    own = own.assign(
        group=own["group"].astype(str) if "group" in own.columns else "",
        round=own["round"].astype(str),
        participant=own["participant"].astype(str),
        value=pd.to_numeric(own[value], errors="coerce").astype("float64"),
    )
    found = own.groupby(["group", "participant", "round"], sort=True)["value"]
    made = found.mean() if value == "weight" else found.sum(min_count=1)
    return made.dropna().reset_index()


def _told(people: pd.DataFrame, name: str, group: str) -> str:
    own = people.loc[(people["round"] == name) & (people["group"] == group), "value"]
    said = f"median {own.median():.3g} (n = {len(own)})" if len(own) else "not observed"
    return " ".join(word for word in (name, group, said) if word)


def _paint(
    people: pd.DataFrame, rounds: list[str], groups: list[str], label: str, ax: Axes, page: Page
) -> Painted:
    look = group_cues(groups)
    colours = {group: look[group].colour for group in groups}
    largest = people.groupby(["round", "group"]).size().max() if len(people) else 0
    high = 20 * page.size
    common: dict[str, Any] = {
        "x": "round", "y": "value", "hue": "group", "order": rounds, "hue_order": groups,
        "palette": colours, "ax": ax, "legend": False,
    }  # fmt: skip
    room = page.width * 0.85 / len(rounds)
    large = _dot(people, high=high, wide=room * 0.8 / max(len(groups), 1), size=page.size)
    spread = largest > _DOTS or large < _SMALL * page.size
    if spread:
        sns.boxenplot(people, **common, linewidth=0.5, flier_kws={"s": 4}, width_method="linear")
    elif len(people):
        for group in groups:  # one by one: the marker is the second cue beside colour
            own = people[people["group"] == group]
            dots = {"size": large, "edgecolor": WHITE, "linewidth": 0.4, "warn_thresh": 1, **common}
            sns.swarmplot(own, dodge=len(groups) > 1, marker=look[group].marker, **dots)
        _medians(ax, people, rounds, groups, colours)
    seen = people["round"].value_counts()
    heads = page.wrapped([f"{name} (n = {seen.get(name, 0)})" for name in rounds], room)
    ax.set_xticks(range(len(rounds)), heads)
    ax.set_xlim(-0.6, len(rounds) - 0.4)
    ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]))
    ax.set_xlabel("")
    ax.set_ylabel(label, size=page.size)
    ax.tick_params(labelsize=page.size)
    height = high + page.line(max(map(lines_in, heads)))
    named = {group: look[group] for group in groups if group}
    keys: list[Artist] = [Patch(facecolor=cue.colour, label=g) for g, cue in named.items()]
    if not spread:
        keys = [dot(g, cue.marker, cue.colour, size=5) for g, cue in named.items()]
        keys.append(Line2D([], [], color=colours[groups[0]], lw=1.2, label="median"))
    return Painted(height, keys=keys, framed=True)


def _dot(people: pd.DataFrame, *, high: float, wide: float, size: float) -> float:
    """Choose how large a dot may be, in points, so that all that lie at one height stand in a row.

    The library for swarms tells only while it draws that dots had no room.
    """
    dot = _LARGE * size
    if people.empty:
        return dot
    scale = high / max(float(people["value"].max()) - min(0.0, float(people["value"].min())), 1e-9)
    for _, own in people.groupby(["round", "group"])["value"]:
        at = np.sort(own.to_numpy()) * scale
        crowd = int((np.searchsorted(at, at + dot, side="left") - np.arange(len(at))).max())
        dot = min(dot, wide / crowd)
    return dot


def _medians(
    ax: Axes, people: pd.DataFrame, rounds: list[str], groups: list[str], colours: dict[str, str]
) -> None:
    """Draw the median of each group as a short line through its dots."""
    share = 0.8 / len(groups)
    medians = people.groupby(["round", "group"])["value"].median()
    for (name, group), level in medians.items():
        middle = rounds.index(name) - 0.4 + share * (groups.index(group) + 0.5)
        ends = [middle - share * 0.32, middle + share * 0.32]
        ax.plot(ends, [level, level], color=colours[group], lw=1.2)
