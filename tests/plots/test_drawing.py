"""What all charts share: the decorator, labels that clash, letters a font lacks, cuts, keys."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

import quidqual as qq
from quidqual.plots.labels import names_of

CHARTS = sorted(
    n for room, ns in qq.plots._CHARTS.items() if "._" in room for n in ns
)  # fmt: skip


def keys_of(figure: Figure) -> list[str]:
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


@pytest.mark.parametrize("name", [n for n in CHARTS if n != "framework_html"])
def test_every_chart_takes_and_documents_what_all_take(name: str) -> None:
    chart = getattr(qq.plot, name)
    taken = inspect.signature(chart).parameters
    assert {"title", "width", "ax", "font"} <= set(taken)
    assert "title, width, ax, font" in chart.__doc__
    if "codebook" in taken:
        assert "\ncodebook : " in inspect.cleandoc(chart.__doc__)
        assert "language" in taken


def test_a_chart_from_outside_is_one_function(texts: Callable[..., list[str]]) -> None:
    @qq.plot.chart
    def head_count(table: pd.DataFrame, *, names: object = qq.plots.labels.UNNAMED) -> object:
        """Write how many rows there are.

        Returns
        -------
        Figure
        """

        def paint(ax: object, page: object) -> object:
            ax.text(0, page.size, f"{names('trust')}: {len(table)}", size=page.size)
            qq.plot.as_points(ax, page, 2 * page.size)
            return qq.plot.Painted(2 * page.size)

        return qq.plot.Drawing(paint, data=table, alt=f"{len(table)} rows.")

    table = pd.DataFrame({"code": ["trust", "work"], "corpus": "real"})
    figure = qq.plot.head_count(table, codebook={"trust": "Fiducia"}, title="Rows", width=90)
    assert {"Fiducia: 2", "Rows", "Notes of real interviews"} <= set(texts(figure))
    assert round(figure.get_figwidth() * 25.4, 3) == 90
    assert qq.plot.drawn(figure)[0].chart == "head_count"
    assert "codebook : Codebook" in qq.plot.head_count.__doc__


def test_codes_of_one_label_are_told_apart() -> None:
    book = qq.Codebook(
        [
            {"id": "work", "label": {"en": "Work"}},
            {"id": "home", "label": {"en": "Home"}},
            {"id": "work_stress", "parent": "work", "label": {"en": "Stress"}},
            {"id": "home_stress", "parent": "home", "label": {"en": "Stress"}},
            {"id": "a", "label": {"en": "Same"}},
            {"id": "b", "label": {"en": "Same"}},
        ]
    )
    names = names_of(book)
    assert [names(c) for c in ("work_stress", "home_stress")] == ["Stress (Work)", "Stress (Home)"]
    assert [names(c) for c in ("a", "b")] == ["Same (a)", "Same (b)"]
    assert names("work") == "Work"


def test_another_font_serves_for_letters_that_the_usual_one_lacks(
    table: pd.DataFrame, texts: Callable[..., list[str]]
) -> None:
    letter = "の"  # the one hiragana that STIX, which ships with matplotlib, has
    label = {"trust": f"{letter} trust"}
    made = qq.plot.heat(table, codebook=label, font="STIXGeneral")
    assert any(letter in text for text in texts(made))
    again = qq.plot.final_size(made, width=90)
    assert any(letter in text for text in texts(again))
    assert "glyph" not in set(qq.plot.check_figure(again)["rule"])


def test_letters_that_no_font_has_name_the_way_out(table: pd.DataFrame) -> None:
    with pytest.raises(qq.QuidqualError, match=r"lacks the letters '信'.* Name an installed font"):
        qq.plot.heat(table, codebook={"trust": "信任"})


def test_ids_and_numbers_are_not_cut_or_it_is_told() -> None:
    people = [f"P-{n:04d}" for n in range(3)]
    frame = pd.DataFrame(
        [
            (p, f"theme_{t}", "She keeps 100% of it, 12,500 in all")
            for p in people
            for t in range(5)
        ],
        columns=["participant", "theme", "summary"],
    ).assign(corpus="synthetic")
    wide = qq.plot.framework_matrix(frame, width=180)
    shown = [t.get_text() for t in wide.findobj(Text)]
    assert set(people) <= set(shown)
    assert "cut" not in set(qq.plot.check_figure(wide)["rule"])
    assert "cut" in set(qq.plot.check_figure(qq.plot.framework_matrix(frame, width=60))["rule"])


def test_ties_share_a_rank() -> None:
    table = pd.DataFrame(
        {
            "code": ["a", "b", "c", "d"] * 2,
            "round": ["R1"] * 4 + ["R2"] * 4,
            "k": [3, 2, 2, 1, 1, 1, 1, 1],
            "n": 4,
            "corpus": "synthetic",
        }
    ).assign(share=lambda t: t["k"] / t["n"])
    figure = qq.plot.bump(table)
    lines = [line for line in figure.axes[0].lines if line.get_marker() not in ("None", "")]
    heights = np.array([line.get_ydata() for line in lines])
    assert len(lines) == 4
    assert heights[1, 0] == heights[2, 0]
    assert len(set(heights[:, 1])) == 1
    step = heights[1, 0] - heights[0, 0]
    assert heights[3, 0] - heights[0, 0] == pytest.approx(3 * step)  # ranks 1, 2, 2, 4


def test_keys_say_all_that_is_drawn(presence: pd.DataFrame, interviews: pd.DataFrame) -> None:
    keys = keys_of(qq.plot.icons(presence))
    assert {"present (survivor)", "present (staff)", "absent", "not observed"} <= set(keys)
    gap = pd.DataFrame(
        {
            "participant": "P1",
            "round": ["R1", "R2", "R3"],
            "code": "trust",
            "state": ["absent", "not_observed", "present"],
            "corpus": "synthetic",
        }
    )
    assert "unknown in between" in keys_of(qq.plot.trajectories(gap))
    assert "unknown in between" not in keys_of(qq.plot.trajectories(gap.drop(index=1)))
    blank = interviews.assign(mode=["", *interviews["mode"][1:]])
    assert "mode not stated" in keys_of(qq.plot.interview_timeline(blank))


def test_where_each_combination_is_one_persons_upset_says_so() -> None:
    rng = np.random.default_rng(1)
    rows = [
        (f"P{p}", "R1", f"c{c}", "present" if rng.random() < 0.5 else "absent")
        for p in range(30)
        for c in range(9)
    ]
    frame = pd.DataFrame(rows, columns=["participant", "round", "code", "state"])
    figure = qq.plot.upset(frame.assign(corpus="synthetic"))
    assert "combinations are those of one person each" in qq.plot.drawn(figure)[0].advice
    assert (
        qq.plot.drawn(qq.plot.upset(frame.assign(corpus="synthetic"), advise=False))[0].advice == ""
    )


def amounts(people: int, value: str = "n_codings") -> pd.DataFrame:
    rows = [
        (f"P{p}", ("x", "y")[p % 2], r, c, "present", 1 + (p + number) % 3)
        for p in range(people)
        for number, r in enumerate(("R1", "R2"))
        for c in ("a", "b")
    ]
    columns = ["participant", "group", "round", "code", "state", value]
    return pd.DataFrame(rows, columns=columns).assign(corpus="synthetic")


def test_intensity_adds_codes_up_and_leaves_out_who_was_not_observed() -> None:
    frame = amounts(4)
    frame.loc[frame["participant"].eq("P0") & frame["round"].eq("R2"), "state"] = "not_observed"
    data = qq.plot.drawn(qq.plot.intensity(frame))[0].data
    assert len(data) == 7
    own = frame[frame["participant"].eq("P1") & frame["round"].eq("R1")]
    drawn = data[data["participant"].eq("P1") & data["round"].eq("R1")]
    assert drawn["value"].item() == own["n_codings"].sum()
    labels = [t.get_text() for t in qq.plot.intensity(frame).axes[0].get_xticklabels()]
    assert labels == ["R1 (n = 4)", "R2 (n = 3)"]


def test_intensity_draws_dots_of_few_and_the_spread_of_many() -> None:
    few, many = qq.plot.intensity(amounts(6)), qq.plot.intensity(amounts(200))
    dots = [c for c in few.axes[0].collections if len(c.get_offsets()) > 0]
    assert sum(len(c.get_offsets()) for c in dots) == 12
    assert "median" in keys_of(few)
    assert "median" not in keys_of(many)
    with pytest.raises(qq.QuidqualError, match="value must be 'n_codings', 'words', 'share' or"):
        qq.plot.intensity(amounts(3), value="n")


@pytest.mark.parametrize("people", [35, 38, 40, 41])
@pytest.mark.parametrize("rounds", [1, 4, 8])
@pytest.mark.parametrize("alike", [True, False])
def test_intensity_finds_room_for_every_dot(people: int, rounds: int, alike: bool) -> None:
    """A warning while it is drawn is an error here; of a group of forty all may be alike."""
    rows = [
        (f"P{p}", group, f"R{r}", "a", "present", 1 if alike else 1 + p * 7 % 5)
        for group in ("x", "y")
        for p in range(people)
        for r in range(rounds)
    ]
    columns = ["participant", "group", "round", "code", "state", "n_codings"]
    frame = pd.DataFrame(rows, columns=columns).assign(corpus="synthetic")
    frame["participant"] = frame["group"] + frame["participant"]
    figure = qq.plot.intensity(frame, width=84)
    figure.draw_without_rendering()
    found = figure.axes[0].collections
    dots = [c for c in found if isinstance(c, PathCollection) and len(c.get_offsets()) > 1]
    if "median" not in keys_of(figure):  # too many for dots: their spread is drawn
        assert people > 40 or rounds > 1 or alike
        return
    for one in dots:
        points = figure.axes[0].transData.transform(np.asarray(one.get_offsets()))
        apart = np.hypot(*(points[:, None] - points[None]).T)
        wide = np.sqrt(np.asarray(one.get_sizes()).max()) * figure.dpi / 72
        assert apart[~np.eye(len(points), dtype=bool)].min() > 0.8 * wide


@pytest.mark.parametrize(("kind", "told"), [("event", 1), ("background", 1), ("state", 0)])
def test_what_has_happened_is_not_drawn_as_lost(kind: str, told: int) -> None:
    frame = pd.DataFrame(
        {
            "participant": "P1",
            "round": ["R3", "R1", "R2"],  # in any order of rows
            "code": "housed",
            "code_kind": kind,
            "state": ["absent", "absent", "present"],
            "corpus": "synthetic",
        }
    )
    frame["round"] = pd.Categorical(frame["round"], ["R1", "R2", "R3"], ordered=True)
    for chart in (qq.plot.tiles, qq.plot.trajectories):
        keys = keys_of(chart(frame))
        assert ("told before, not again" in keys) is bool(told), chart.__name__
    gone = "not mentioned again" in keys_of(qq.plot.trajectories(frame))
    assert gone is not bool(told)
    assert "new" in keys_of(qq.plot.trajectories(frame))
