"""Each chart shows the numbers that were counted by hand."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

import quidqual as qq
from quidqual.plots.canvas import drawn
from quidqual.plots.palette import BLUE, NEW, NOT_AGAIN

Texts = Callable[..., list[str]]


def test_tiles_keep_absent_and_not_observed_apart(small: pd.DataFrame) -> None:
    (ax,) = qq.plot.tiles(small).axes
    tiles = {c.get_label(): c for c in ax.collections if isinstance(c, PolyCollection)}
    assert {name: len(c.get_paths()) for name, c in tiles.items()} == {
        "present": 5, "absent": 5, "not_observed": 2,
    }  # fmt: skip
    strokes = [c for c in ax.collections if isinstance(c, LineCollection)]
    assert sum(len(c.get_segments()) for c in strokes) == 2
    faces = {name: to_hex(c.get_facecolor()[0]) for name, c in tiles.items()}
    assert len(set(faces.values())) == 3
    assert faces["present"] == BLUE


def test_a_missing_row_is_not_observed(small: pd.DataFrame) -> None:
    (ax,) = qq.plot.tiles(small.iloc[1:]).axes
    tiles = {
        c.get_label(): len(c.get_paths()) for c in ax.collections if isinstance(c, PolyCollection)
    }
    assert tiles == {"present": 5, "absent": 4, "not_observed": 3}


def test_five_hundred_people_are_one_image(make_presence: Callable[..., pd.DataFrame]) -> None:
    (ax,) = qq.plot.tiles(make_presence(500, 8, 2)).axes
    assert len(ax.images) == 2 * 8  # a group and code
    assert not ax.collections
    assert sum(image.get_array().size for image in ax.images) == 500 * 8 * 2


def test_rounds_without_room_for_their_names_are_named_beneath(
    make_presence: Callable[..., pd.DataFrame], texts: Texts
) -> None:
    told = "In each block, from left to right: R1, R2, R3 and R4"
    wide = texts(qq.plot.tiles(make_presence(500, 14, 4)))
    assert [text for text in wide if text.startswith("In each")] == [told]
    few = texts(qq.plot.tiles(make_presence(9, 3, 4)))
    assert "R4" in few
    assert not [text for text in few if text.startswith("In each")]


def test_icons_print_k_of_n_and_keep_everyone_in_one_place(
    small: pd.DataFrame, texts: Texts
) -> None:
    figure = qq.plot.icons(small)
    words = texts(figure)
    # trust: x 1/2 then 1/2, y 1/1 then nobody; work: x 1/2 then 1/2, y 0/1 then nobody
    assert sorted(w for w in words if "/" in w) == ["0/1", "1/1", "1/2", "1/2", "1/2", "1/2"]
    assert words.count("–") == 2
    assert "trust: x R1 1 of 2, R2 1 of 2; y R1 1 of 1, R2 not observed" in drawn(figure)[0].alt
    x = [round(float(v), 3) for c in figure.axes[0].collections for v in c.get_offsets()[:, 0]]
    assert len(set(x)) == 3 * 2  # three people in two rounds, the same place for both codes


def test_icons_without_rounds_take_any_round_observed(small: pd.DataFrame, texts: Texts) -> None:
    words = texts(qq.plot.icons(small, by_round=False))
    assert sorted(w for w in words if "/" in w) == ["0/1", "1/1", "1/2", "2/2"]


def test_not_asked_is_a_dot_and_not_a_cross(presence: pd.DataFrame) -> None:
    figure = qq.plot.icons(presence, codes=["language"])
    keys = [t.get_text() for t in figure.legends[0].get_texts()]
    assert keys == ["present (staff)", "present (survivor)", "absent", "not observed", "not asked"]
    without = qq.plot.icons(presence.drop(columns="reason"), codes=["language"])
    assert "not asked" not in [t.get_text() for t in without.legends[0].get_texts()]


def test_states_put_the_word_in_each_cell_and_a_stroke_where_nobody_was_seen(
    sequences: pd.DataFrame, texts: Texts
) -> None:
    figure = qq.plot.states(sequences)
    words = texts(figure)
    assert [words.count(w) for w in ("doubt", "between", "settled")] == [2, 1, 2]
    (ax,) = figure.axes
    assert len(ax.lines) == 1
    assert sum(isinstance(p, Rectangle) for p in ax.patches) == 6
    assert drawn(figure)[0].alt.endswith("R1: doubt 2 of 3 and between 1 of 3; R2: settled 2 of 2.")


def test_lines_that_are_no_participants_are_not_called_so(sequences: pd.DataFrame) -> None:
    told = sequences.assign(line=sequences["participant"] + ": trust")
    both = pd.concat([told, told.assign(line=told["participant"] + ": work")], ignore_index=True)
    (chart,) = drawn(qq.plot.states(both, row="line"))
    assert chart.alt == (
        "States in 6 lines of 3 participants over 2 rounds. "
        "R1: doubt 4 of 6 lines and between 2 of 6 lines; R2: settled 4 of 4 lines."
    )
    assert set(chart.data["participant"]) == {"A", "B", "C"}
    with pytest.raises(qq.QuidqualError, match="two rows for participant A"):
        qq.plot.states(both)
    with pytest.raises(qq.QuidqualError, match="'nosuch'"):
        qq.plot.states(both, row="nosuch")


def test_the_figure_of_the_courses_told_counts_lines_and_people() -> None:
    from quidqual.reporting.study_figures import study_figures

    figures = {item.name: item for item in study_figures(qq.load_example(), ledger=False)}
    told = figures["courses_told"]
    (chart,) = drawn(told.figure)
    n_lines = len(told.data.drop_duplicates(["claim", "participant", "code"]))
    n_people = told.data["participant"].nunique()
    assert f"{n_lines} lines of {n_people} participants" in chart.alt
    assert n_lines > n_people


def test_a_state_keeps_its_colour_where_others_are_not_reached(sequences: pd.DataFrame) -> None:
    def colour(frame: pd.DataFrame) -> str:
        (ax,) = qq.plot.states(frame).axes
        return max(to_hex(p.get_facecolor()) for p in ax.patches[-1:])

    assert colour(sequences[sequences["participant"] == "B"]) == colour(
        sequences[sequences["participant"].isin(["A", "B"])]
    )


def test_change_counts_only_people_seen_in_both_rounds(small: pd.DataFrame, texts: Texts) -> None:
    figure = qq.plot.change_bars(small)
    data = drawn(figure)[0].data.set_index("code")
    assert data.loc["trust", ["not_again", "kept", "new", "n"]].tolist() == [1, 0, 1, 2]
    assert data.loc["work", ["not_again", "kept", "new", "n"]].tolist() == [0, 1, 0, 2]
    assert texts(figure).count("of 2") == 2
    faces = {to_hex(p.get_facecolor()) for p in figure.axes[0].patches}
    assert {NEW, NOT_AGAIN} <= faces


def test_what_is_not_mentioned_again_is_never_called_lost(small: pd.DataFrame) -> None:
    """Table, picture, key and alternative text use one vocabulary."""
    for figure in (qq.plot.change_bars(small), qq.plot.trajectories(small)):
        (chart,) = drawn(figure)
        keys = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
        said = " ".join([chart.alt, *keys, *chart.data.columns, *map(str, chart.data.values)])
        assert any("not mentioned again" in key for key in keys)
        assert not re.search(r"\blost|\bgain|\bloss", said)
    told = drawn(qq.plot.change_bars(small))[0].alt
    assert "not mentioned again 1, kept 0, new 1, of 2" in told


def test_change_takes_the_pair_of_rounds_most_people_share(presence: pd.DataFrame) -> None:
    # R4 was held with two people only, R3 with all nine.
    assert set(drawn(qq.plot.change_bars(presence))[0].data["last"]) == {"R3"}
    asked = qq.plot.change_bars(presence, between=("R1", "R4"))
    assert drawn(asked)[0].data["n"].max() == 2


def test_change_reaches_the_end_though_a_few_of_many_are_missing(
    make_presence: Callable[..., pd.DataFrame],
) -> None:
    """Of 40 people two miss the third round, and none the second: the change is that to the end."""
    table = make_presence(40, 1, 3)
    people, rounds = table["participant"].unique(), table["round"].cat.categories
    table["state"] = "present"
    table.loc[table["participant"].isin(people[:2]) & (table["round"] == rounds[2]), "state"] = (
        "not_observed"
    )
    data = drawn(qq.plot.change_bars(table))[0].data
    assert data[["last", "n"]].values.tolist() == [[rounds[2], 38]]
    table.loc[table["participant"].isin(people[:5]) & (table["round"] == rounds[2]), "state"] = (
        "not_observed"
    )
    data = drawn(qq.plot.change_bars(table))[0].data  # 35 are less than nine tenths of 40
    assert data[["last", "n"]].values.tolist() == [[rounds[1], 40]]


def test_in_a_picture_of_hundreds_the_unseen_look_like_no_state() -> None:
    """Not observed is not none: the two were white and almost white."""
    rows = [(f"P{i}", "R1", ("none", "past", "not_observed")[i % 3]) for i in range(300)]
    frame = pd.DataFrame(rows, columns=["participant", "round", "state"]).assign(corpus="synthetic")
    frame["round"] = pd.Categorical(frame["round"], ["R1"], ordered=True)
    frame["state"] = pd.Categorical(frame["state"], ["none", "past", "not_observed"], ordered=True)
    figure = qq.plot.states(frame)
    (legend,) = figure.legends
    named = {
        text.get_text(): patch.get_facecolor()
        for text, patch in zip(legend.get_texts(), legend.get_patches(), strict=True)
    }
    lightness = {name: sum(colour[:3]) / 3 for name, colour in named.items()}
    assert abs(lightness["not observed"] - lightness["none"]) > 0.2
    (image,) = figure.axes[0].images
    assert named["not observed"] in {tuple(cell) for cell in image.to_rgba(image.get_array())[:, 0]}


def test_change_needs_two_rounds(small: pd.DataFrame) -> None:
    with pytest.raises(qq.QuidqualError, match="two rounds"):
        qq.plot.change_bars(small[small["round"] == "R1"])
    with pytest.raises(qq.QuidqualError, match="R9"):
        qq.plot.change_bars(small, between=("R1", "R9"))


def test_prevalence_prints_counts_and_never_a_percentage(table: pd.DataFrame, texts: Texts) -> None:
    words = texts(qq.plot.prevalence(table))
    assert [w for w in words if " of " in w and w[0].isdigit()] == ["2 of 3", "1 of 2", "1 of 3"]
    assert "n = 0" in words
    assert not any("%" in w.replace("95% Wilson", "") for w in words)
    with pytest.raises(qq.QuidqualError, match="More than one row"):
        qq.plot.prevalence(pd.concat([table, table]))


def test_heat_prints_k_of_n_and_strokes_an_empty_cell(table: pd.DataFrame, texts: Texts) -> None:
    figure = qq.plot.heat(table)
    assert [w for w in texts(figure) if "/" in w] == ["2/3", "1/2", "1/3"]
    assert len(figure.axes[0].lines) == 1


def test_timeline_shows_held_missed_and_not_due(interviews: pd.DataFrame, texts: Texts) -> None:
    figure = qq.plot.interview_timeline(interviews)
    marks = {c.get_label(): len(c.get_offsets()) for c in figure.axes[0].collections}
    assert marks["mode in_person"] == 24
    assert marks["mode video"] == 3
    assert marks["missed"] == 1
    assert marks["not_due"] == 8
    assert "it · 2 held" in texts(figure)
    assert "1 of 28 arranged (T3 in R2)" in drawn(figure)[0].alt


def test_timeline_takes_groups_from_participants(interviews: pd.DataFrame, texts: Texts) -> None:
    who = interviews[["participant", "group"]].drop_duplicates()
    figure = qq.plot.interview_timeline(interviews.drop(columns="group"), participants=who)
    assert "survivor n = 4" in texts(figure)


def test_timeline_without_any_date_is_told(interviews: pd.DataFrame) -> None:
    with pytest.raises(qq.QuidqualError, match="date"):
        qq.plot.interview_timeline(interviews.assign(date=pd.NaT))


def test_trajectories_draw_gain_and_loss_and_name_the_kind(
    small: pd.DataFrame, texts: Texts
) -> None:
    figure = qq.plot.trajectories(small, codes=["trust"])
    assert {"emerged", "faded", "not observed"} <= set(texts(figure))
    lines = [c for c in figure.axes[0].collections if isinstance(c, LineCollection)]
    colours = {to_hex(c.get_color()[0]): len(c.get_segments()) for c in lines}
    assert colours == {NEW: 1, NOT_AGAIN: 1}


def test_trajectories_of_many_people_are_the_courses_they_share(
    make_presence: Callable[..., pd.DataFrame], texts: Texts
) -> None:
    figure = qq.plot.trajectories(make_presence(70, 1, 2))
    counts = [int(w) for w in texts(figure) if w.isdigit()]
    assert sum(counts) == 70


def test_ledger_shows_each_verdict_with_a_sign_of_its_own(
    claims: pd.DataFrame, texts: Texts
) -> None:
    words = " ".join(texts(qq.plot.ledger(claims)))
    for sign in ("● reproduced", "≠ contradicted", "= arithmetic", "○ not checkable"):
        assert sign in words
    assert drawn(qq.plot.ledger(claims))[0].alt.startswith("Ledger of 4 claims: 1 arithmetic")


def test_a_group_has_one_colour_in_every_chart(presence: pd.DataFrame) -> None:
    both = qq.plot.icons(presence, codes=["trust"])
    one = qq.plot.icons(presence, codes=["trust"], groups=["staff"])

    def of_staff(figure: object, rank: int) -> str:
        marks = [c for c in figure.axes[0].collections if len(c.get_paths())]  # type: ignore[attr-defined]
        far = max(marks, key=lambda c: np.max(c.get_offsets()[:, 0])) if rank else marks[0]
        return to_hex(far.get_edgecolor()[0])

    assert of_staff(one, 0) == BLUE
    assert BLUE in {to_hex(c.get_edgecolor()[0]) for c in both.axes[0].collections}


def test_unknown_codes_and_groups_are_named(presence: pd.DataFrame) -> None:
    with pytest.raises(qq.QuidqualError, match="'love'"):
        qq.plot.tiles(presence, codes=["love"])
    with pytest.raises(qq.QuidqualError, match="'managers'"):
        qq.plot.tiles(presence, groups=["managers"])
