"""What holds for every chart: style, mark, axes, labels that neither clip nor collide."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.figure import Figure

import quidqual as qq
from quidqual.plots.canvas import drawn
from quidqual.publishing.figure_rules import check_figure

from .conftest import ITALIAN

CHARTS = ("tiles", "icons", "trajectories", "change_bars", "prevalence", "heat", "states",
          "interview_timeline", "ledger")  # fmt: skip


@pytest.fixture
def frames(
    presence: pd.DataFrame, table: pd.DataFrame, sequences: pd.DataFrame,
    interviews: pd.DataFrame, claims: pd.DataFrame,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    return {
        "tiles": presence, "icons": presence, "trajectories": presence, "change_bars": presence,
        "prevalence": table, "heat": table, "states": sequences,
        "interview_timeline": interviews, "ledger": claims,
    }  # fmt: skip


@pytest.mark.parametrize("name", CHARTS)
def test_gives_a_figure_with_mark_alt_text_and_table(
    name: str, frames: dict[str, pd.DataFrame], texts: Callable[..., list[str]]
) -> None:
    figure = getattr(qq.plot, name)(frames[name])
    assert isinstance(figure, Figure)
    assert "Synthetic notes, not participants’ words" in texts(figure)
    (made,) = drawn(figure)
    assert made.chart == name
    assert made.corpus == "synthetic"
    assert len(made.alt) > 30
    assert not made.data.empty


@pytest.mark.parametrize("name", CHARTS)
def test_draws_on_given_axes_and_returns_their_figure(
    name: str, frames: dict[str, pd.DataFrame], texts: Callable[..., list[str]]
) -> None:
    figure = Figure(figsize=(8, 6))
    axes = figure.subplots(1, 2)
    assert getattr(qq.plot, name)(frames[name], ax=axes[1]) is figure
    assert "Synthetic notes, not participants’ words" in texts(axes[1])
    assert not axes[0].texts
    assert [one.chart for one in drawn(figure)] == [name]


def test_small_axes_get_smaller_type_and_no_collision(
    presence: pd.DataFrame, sequences: pd.DataFrame, table: pd.DataFrame
) -> None:
    figure = Figure(figsize=(9, 7), layout="constrained")
    axes = figure.subplots(2, 2)
    qq.plot.tiles(presence, ax=axes[0, 0], title="a")
    qq.plot.change_bars(presence, ax=axes[0, 1], codebook=ITALIAN)
    qq.plot.states(sequences, ax=axes[1, 0])
    qq.plot.prevalence(table, ax=axes[1, 1])
    assert check_figure(figure).to_dict("records") == []
    assert min(t.get_size() for t in axes[0, 0].texts) < min(t.get_size() for t in axes[1, 0].texts)


@pytest.mark.parametrize("name", CHARTS)
def test_leaves_global_settings_alone(name: str, frames: dict[str, pd.DataFrame]) -> None:
    before = dict(mpl.rcParams)
    with mpl.rc_context(
        {"font.family": ["serif"], "axes.facecolor": "black", "text.color": "white"}
    ):
        figure = getattr(qq.plot, name)(frames[name])
        from matplotlib.text import Text

        assert {t.get_fontname() for t in figure.findobj(Text)} == {"DejaVu Sans"}
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize(("width", "size"), [(180, 8.0), (120, 9.2), (89, 7.0)])
def test_labels_neither_clip_nor_collide(
    name: str, width: float, size: float, frames: dict[str, pd.DataFrame]
) -> None:
    settings = {} if name in ("states", "interview_timeline", "ledger") else {"codebook": ITALIAN}
    figure = getattr(qq.plot, name)(
        frames[name], title="Un titolo lungo che va a capo " * 4, **settings
    )
    redraw = drawn(figure)[0].redraw
    assert redraw is not None
    final = redraw(width, size)
    assert final.get_size_inches()[0] * 25.4 == pytest.approx(width)
    broken = check_figure(final)
    assert broken[broken["rule"] != "height"].to_dict("records") == []  # a column makes strips


@pytest.mark.parametrize("name", ["tiles", "icons", "trajectories", "change_bars"])
@pytest.mark.parametrize("shape", [(1, 1, 2), (1, 3, 2), (3, 1, 2), (45, 2, 3), (70, 7, 2)])
def test_any_number_of_people(
    name: str, shape: tuple[int, int, int], make_presence: Callable[..., pd.DataFrame]
) -> None:
    figure = getattr(qq.plot, name)(make_presence(*shape))
    assert check_figure(figure).to_dict("records") == []


@pytest.mark.parametrize("name", ["tiles", "icons", "trajectories"])
def test_one_round_is_enough(name: str, make_presence: Callable[..., pd.DataFrame]) -> None:
    assert check_figure(getattr(qq.plot, name)(make_presence(3, 2, 1))).empty


@pytest.mark.parametrize("name", CHARTS)
def test_a_missing_column_and_an_empty_frame_are_told(
    name: str, frames: dict[str, pd.DataFrame]
) -> None:
    column = {"ledger": "stated", "interview_timeline": "date", "heat": "k", "prevalence": "low"}
    frame = frames[name]
    with pytest.raises(qq.QuidqualError, match="without rows"):
        getattr(qq.plot, name)(frame.iloc[:0])
    gone = column.get(name, "round")
    extra = {"columns": ["claim", "stated"]} if name == "ledger" else {}
    with pytest.raises(qq.QuidqualError, match=gone):
        getattr(qq.plot, name)(frame.drop(columns=gone), **extra)


def test_real_mixed_and_unstated_corpora(
    table: pd.DataFrame, texts: Callable[..., list[str]]
) -> None:
    assert "Notes of real interviews" in texts(qq.plot.heat(table.assign(corpus="real")))
    assert "Corpus not stated" in texts(qq.plot.heat(table.drop(columns="corpus")))
    table["corpus"] = ["real", "synthetic", "real", "real"]
    with pytest.raises(qq.QuidqualError, match="mixes"):
        qq.plot.heat(table)


def test_a_chart_is_shown_in_a_notebook_without_pyplot(table: pd.DataFrame) -> None:
    data, metadata = qq.plot.heat(table)._repr_mimebundle_()
    assert data["image/png"].startswith("iVBOR")
    assert data["text/plain"].startswith("Table of counts")
    assert metadata["image/png"]["alt"] == data["text/plain"]


def test_importing_the_room_costs_nothing() -> None:
    code = "import sys, quidqual as qq; qq.plot; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_name_in_the_table_is_a_chart() -> None:
    import quidqual.plots as room

    for name in dir(room):
        assert callable(getattr(room, name)), name
    assert callable(qq.plot.tiles)
    with pytest.raises(AttributeError, match="no chart 'pie'"):
        qq.plot.pie  # noqa: B018
