"""What a chart cannot do is said in words, and one name may be given as a word."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.figure import Figure

import quidqual as qq
from quidqual.plots.canvas import drawn

from .conftest import presence_of

CHARTS = {n for room, ns in qq.plots._CHARTS.items() if ".plots._" in room for n in ns}
OF_PRESENCE = ["tiles", "icons", "change_bars", "trajectories", "upset"]


def alt(figure: Figure) -> str:
    return drawn(figure)[0].alt


@pytest.mark.parametrize("chart", OF_PRESENCE)
def test_one_name_may_be_a_word(chart: str, small: pd.DataFrame) -> None:
    draw = getattr(qq.plot, chart)
    assert alt(draw(small, codes="trust")) == alt(draw(small, codes=["trust"]))
    if chart != "upset":
        assert alt(draw(small, groups="x")) == alt(draw(small, groups=["x"]))


@pytest.mark.parametrize("chart", OF_PRESENCE)
@pytest.mark.parametrize(
    ("wish", "match"),
    [({"codes": "trist"}, "'trist' is not in the frame. Use 'trust', 'work'"),
     ({"codes": ["a", "b"]}, "'a', 'b' are not in the frame"), ({"codes": 3}, "names, not 3"),
     ({"codes": []}, "Nothing was chosen"), ({"codebook": 3}, "codebook is wanted, not int"),
     ({"codebook": "book.yaml"}, "codebook is wanted"), ({"title": 3}, "title must be a text, not 3"),
     ({"width": -3}, "width must be 40 to 1200 mm, not -3"), ({"width": 3}, "A column of a journal"),
     ({"width": 0}, "width must be 40 to 1200 mm, not 0"), ({"width": "column"}, "must be a number, not 'column'"),
     ({"width": float("nan")}, "must be a number, not nan"), ({"ax": 3}, "ax must be one axes of matplotlib, not int"), ({"font": 3}, "font must be the name of a font"),
     ({"font": "No Such Font"}, "is not installed")],
)  # fmt: skip
def test_wrong_wishes_of_a_chart(
    chart: str, wish: dict[str, object], match: str, small: pd.DataFrame
) -> None:
    with pytest.raises(qq.QuidqualError, match=match):
        getattr(qq.plot, chart)(small, **wish)


@pytest.mark.parametrize("chart", sorted(CHARTS - {"framework_html"}))
@pytest.mark.parametrize("given", [None, 3, "presence.csv", [1]])
def test_every_chart_wants_a_table(chart: str, given: object) -> None:
    with pytest.raises(qq.QuidqualError, match=r"wants a table, not .*Give a DataFrame"):
        getattr(qq.plot, chart)(given)


@pytest.mark.parametrize("chart", ["tiles", "icons", "change_bars", "trajectories"])
def test_groups_that_cannot_be_chosen(chart: str, small: pd.DataFrame) -> None:
    draw = getattr(qq.plot, chart)
    with pytest.raises(qq.QuidqualError, match="names, not 3"):
        draw(small, groups=3)
    with pytest.raises(qq.QuidqualError, match="no column 'group', so 'x'"):
        draw(small.drop(columns="group"), groups="x")


def test_other_wrong_wishes(
    small: pd.DataFrame, sequences: pd.DataFrame, claims: pd.DataFrame, table: pd.DataFrame
) -> None:
    for between in (3, "R1", ["R1"], ["R1", "R2", "R3"], []):
        with pytest.raises(qq.QuidqualError, match="between"):
            qq.plot.change_bars(small, between=between)
    with pytest.raises(qq.QuidqualError, match="order lacks 'between'"):
        qq.plot.states(sequences, order=["doubt", "settled"])
    with pytest.raises(qq.QuidqualError, match="must be a mapping"):
        qq.plot.states(sequences, labels=3)
    with pytest.raises(qq.QuidqualError, match="codebook is wanted"):
        qq.plot.states(sequences, codebook=3)
    with pytest.raises(qq.QuidqualError, match="must be a mapping"):
        qq.plot.ledger(claims, heads=3)
    with pytest.raises(qq.QuidqualError, match="the frame lacks 3"):
        qq.plot.heat(table, rows=3)
    pairs = pd.DataFrame({"a": ["x"], "b": ["y"], "together": [1], "n_a": [1], "n_b": [1]})
    with pytest.raises(qq.QuidqualError, match="whole number"):
        qq.plot.cooccurrence_network(pairs, least="two")


@pytest.mark.parametrize(
    ("wish", "match"),
    [({"beside": 3}, "names, not 3"), ({"most": "x"}, "whole number"),
     ({"names": "staff"}, "two sides"), ({"names": 3}, "names, not 3")],
)  # fmt: skip
def test_wrong_wishes_of_keyness(wish: dict[str, object], match: str) -> None:
    words = pd.DataFrame({"word": ["home", "line"], "z": [1.2, -0.8], "participants": [4, 5]})
    with pytest.raises(qq.QuidqualError, match=match):
        qq.plot.keyness(words, **wish)


def test_the_width_of_an_export_and_what_is_no_figure(table: pd.DataFrame) -> None:
    figure = qq.plot.heat(table)
    for journal in (None, "nature"):
        with pytest.raises(qq.QuidqualError, match="width must be"):
            qq.plot.final_size(figure, journal=journal, width=-3)
    for call in (qq.plot.check_figure, qq.plot.final_size):
        with pytest.raises(qq.QuidqualError, match="figure is wanted, not int"):
            call(3)


def test_a_figure_longer_than_a_page_is_told() -> None:
    people = {f"P{i}": (("north", "south")[i % 2], "R1 R2 R3 R4") for i in range(9)}
    codes = [f"a long label of code {i}" for i in range(24)]
    tall = qq.plot.icons(presence_of(people, codes, ["R1", "R2", "R3", "R4"]))
    strip = qq.plot.final_size(tall, journal="science", width="column")
    for journal in (None, "science"):
        found = qq.plot.check_figure(strip, journal=journal).set_index("rule").loc["height"]
        assert "at most 247 mm (quidqual's own rule" in found["wanted"]
    nature = qq.plot.check_figure(strip, journal="nature").set_index("rule").loc["height"]
    assert "own rule" not in nature["wanted"]  # the journal's stands alone
    few = presence_of(people, codes[:3], ["R1"])
    assert "height" not in set(qq.plot.check_figure(qq.plot.icons(few))["rule"])


def test_one_is_not_said_as_many(small: pd.DataFrame, claims: pd.DataFrame) -> None:
    one = small[(small["participant"] == "A") & (small["code"] == "trust")]
    assert "Tiles of 1 participant by 1 code by 2 rounds." in alt(qq.plot.tiles(one))
    assert "Courses of 1 code over 2 rounds in 1 participant." in alt(qq.plot.trajectories(one))
    assert "UpSet of 1 code in 1 participant (" in alt(qq.plot.upset(one))
    assert "Ledger of 1 claim:" in alt(qq.plot.ledger(claims.head(1)))
