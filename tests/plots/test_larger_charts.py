"""Alluvial, UpSet, co-occurrence, saturation, slope and bump, keyness, framework matrix."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle

import quidqual as qq
from quidqual.plots.canvas import drawn
from quidqual.plots.labels import spread
from quidqual.publishing.figure_rules import check_figure

from .conftest import ITALIAN

Texts = Callable[..., list[str]]
WIDTHS = [(180, 8.0), (120, 9.2), (89, 7.0)]


@pytest.fixture
def pairs() -> pd.DataFrame:
    """Co-occurrence of three codes in nine interviews."""
    rows = [("trust", "belonging", 4, 5, 6, 4 / 7), ("autonomy", "trust", 2, 3, 5, 2 / 6)]
    frame = pd.DataFrame(rows, columns=["a", "b", "together", "n_a", "n_b", "jaccard"])
    return frame.assign(n=9, corpus="synthetic")


@pytest.fixture
def rounds_table() -> pd.DataFrame:
    rows = [("trust", "R1", 2, 4), ("trust", "R2", 3, 3), ("belonging", "R1", 3, 4),
            ("belonging", "R2", 1, 3), ("autonomy", "R1", 2, 4), ("autonomy", "R2", 3, 3)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["code", "round", "k", "n"])
    frame["round"] = pd.Categorical(frame["round"], ["R1", "R2"], ordered=True)
    return frame.assign(share=frame["k"] / frame["n"], corpus="synthetic")


@pytest.fixture
def words() -> pd.DataFrame:
    frame = pd.DataFrame(
        {"term": ["casa", "figlia", "turno", "linea"], "log_odds": [2.0, 1.0, -0.5, -1.5]}
    )
    return frame.assign(participants=[4, 3, 5, 5], corpus="synthetic")


@pytest.fixture
def matrix() -> pd.DataFrame:
    rows = [("P1", "x", "trust", "R2", "asks one colleague"), ("P1", "x", "trust", "R1", "trusts few"),
            ("P2", "y", "trust", "R1", None), ("P2", "y", "housing", "R1", "a room of her own")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["participant", "group", "theme", "round", "summary"])
    frame["round"] = pd.Categorical(frame["round"], ["R1", "R2"], ordered=True)
    return frame.assign(corpus="synthetic")


@pytest.fixture
def curve() -> pd.DataFrame:
    frame = pd.DataFrame(
        {"position": [1, 2, 3], "cumulative": [4, 6, 6], "low": [3, 5, 6], "high": [5, 6, 6]}
    )
    return frame.assign(unit=["P1", "P2", "P3"], group="all", corpus="synthetic")


@pytest.fixture
def many(make_presence: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    return make_presence(40, 5, 2)


def _fits(figure: Figure) -> None:
    redraw = drawn(figure)[0].redraw
    assert redraw is not None
    for width, size in WIDTHS:
        broken = check_figure(redraw(width, size))
        assert broken[~broken["rule"].isin(["advice", "height"])].to_dict("records") == [], width


def test_alluvial_keeps_not_observed_in_every_count(sequences: pd.DataFrame, texts: Texts) -> None:
    figure = qq.plot.alluvial(sequences)
    flows = drawn(figure)[0].data
    told = {(r.from_state, r.to_state): (r.k, r.n) for r in flows.itertuples()}
    assert told == {("doubt", "settled"): (1, 2), ("doubt", "not_observed"): (1, 2),
                    ("between", "settled"): (1, 1)}  # fmt: skip
    (ax,) = figure.axes
    assert sum(isinstance(p, PathPatch) for p in ax.patches) == 3
    heights = [p.get_height() for p in ax.patches if isinstance(p, Rectangle)]
    assert sum(heights) == pytest.approx(2 * sum(heights[:2]))  # both rounds are equally high
    assert "R2 n = 2" in texts(figure)
    _fits(figure)


def test_alluvial_of_many_rounds_and_long_names_fits_a_column(
    make_presence: Callable[..., pd.DataFrame],
) -> None:
    frame = make_presence(200, 1, 4)
    frame["state"] = frame["state"].astype(str).replace("present", "between two lives, unsettled")
    figure = qq.plot.alluvial(frame, order=["absent", "between two lives, unsettled"])
    assert drawn(figure)[0].advice == ""
    _fits(figure)


def test_small_n_is_told_which_chart_reads_better(
    sequences: pd.DataFrame, small: pd.DataFrame, pairs: pd.DataFrame, texts: Texts
) -> None:
    for made, better in (
        (qq.plot.alluvial(sequences), "states"),
        (qq.plot.upset(small), "tiles"),
        (qq.plot.cooccurrence_network(pairs), "matrix"),
    ):
        assert better in drawn(made)[0].advice
        assert any("reads better" in text for text in texts(made))
        assert check_figure(made)["rule"].tolist() == ["advice"]
    quiet = qq.plot.alluvial(sequences, advise=False)
    assert not any("reads better" in text for text in texts(quiet))


def test_large_n_is_not_advised(many: pd.DataFrame) -> None:
    figure = qq.plot.upset(many)
    assert drawn(figure)[0].advice == ""
    _fits(figure)


def test_upset_counts_combinations_and_leaves_out_who_was_not_observed(
    presence: pd.DataFrame, small: pd.DataFrame, texts: Texts
) -> None:
    # trust: A, B, C ever; work: A ever.
    figure = qq.plot.upset(small)
    table = drawn(figure)[0].data
    assert table[["trust", "work", "k", "n"]].values.tolist() == [
        [True, False, 2, 3],
        [True, True, 1, 3],
    ]
    assert {"3/3", "1/3"} <= set(texts(figure))
    staff = qq.plot.upset(presence, codes=["trust", "language"], codebook=ITALIAN)
    assert drawn(staff)[0].data["n"].iloc[0] == 4  # language was not asked of the five staff
    assert any("5 not observed for all codes, left out" in text for text in texts(staff))
    _fits(staff)


def test_upset_of_codes_never_asked_of_the_same_people(small: pd.DataFrame) -> None:
    small["state"] = small["state"].where(small["code"] == "trust", "not_observed")
    with pytest.raises(qq.QuidqualError, match="Nobody"):
        qq.plot.upset(small)


def test_cooccurrence_follows_the_codebook_and_prints_counts(
    pairs: pd.DataFrame, texts: Texts
) -> None:
    figure = qq.plot.cooccurrence_matrix(pairs, codebook=ITALIAN)
    shown = texts(figure)
    assert [t for t in shown if t.isdigit()] == ["5", "4", "6", "2", "3"]
    labels = [t.get_text() for t in figure.axes[0].texts if t.get_ha() == "right"]
    assert labels[1] == "Appartenenza"  # trust, belonging, autonomy, as in the codebook
    _fits(figure)
    _fits(qq.plot.cooccurrence_network(pairs, codebook=ITALIAN))


def test_network_of_many_codes_fits() -> None:
    codes = [f"un codice dal nome piuttosto lungo {i}" for i in range(30)]
    rows = [(a, b, 2 + (i * 7) % 5, 9, 9) for i, (a, b) in enumerate(pairwise(codes))]
    frame = pd.DataFrame(rows, columns=["a", "b", "together", "n_a", "n_b"]).assign(
        corpus="synthetic"
    )
    figure = qq.plot.cooccurrence_network(frame)
    assert drawn(figure)[0].advice == ""
    _fits(figure)


def test_saturation_draws_the_order_and_never_says_saturated(
    curve: pd.DataFrame, small: pd.DataFrame, texts: Texts
) -> None:
    figure = qq.plot.saturation(curve)
    (line,) = [one for one in figure.axes[0].lines if len(one.get_xdata()) == 3]
    assert list(line.get_ydata()) == [4, 6, 6]
    assert not any("saturat" in text.lower() for text in texts(figure))
    _fits(figure)
    from quidqual.sample_size.saturation import saturation

    found = saturation(small, base=2, run=1)
    assert any("2" in text for text in texts(qq.plot.saturation(found)))


def test_slope_prints_both_denominators_and_bump_ranks(
    rounds_table: pd.DataFrame, texts: Texts
) -> None:
    figure = qq.plot.slope(rounds_table, codebook=ITALIAN)
    counts = [t for t in texts(figure) if "/" in t]
    assert sorted(counts) == ["1/3", "2/4", "2/4", "3/3", "3/3", "3/4"]
    _fits(figure)
    ranks = qq.plot.bump(rounds_table)
    heights = {
        line.get_ydata()[0] for line in ranks.axes[0].lines if line.get_marker() not in ("None", "")
    }
    assert len(heights) == 2  # two of the three codes have one share at first, and so one rank
    _fits(ranks)
    with pytest.raises(qq.QuidqualError, match="two rounds"):
        qq.plot.slope(rounds_table[rounds_table["round"] == "R1"])


def test_keyness_draws_either_side_and_numbers_beside(words: pd.DataFrame, texts: Texts) -> None:
    figure = qq.plot.keyness(words, beside=["participants"], names=("survivors", "staff"), most=1)
    bars = [p for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    assert [bar.get_width() > 0 for bar in bars] == [True, False]
    assert {"casa", "linea", "2", "−1.50"} <= set(texts(figure))
    assert "figlia" not in texts(figure)
    _fits(figure)
    with pytest.raises(qq.QuidqualError, match="none of the scores"):
        qq.plot.keyness(words.drop(columns="log_odds"))


def test_framework_matrix_joins_rounds_in_order_and_marks_empty_cells(
    matrix: pd.DataFrame, texts: Texts
) -> None:
    figure = qq.plot.framework_matrix(matrix, codebook=ITALIAN)
    shown = " ".join(texts(figure))
    assert "R1: trusts few R2: asks one colleague" in shown
    assert texts(figure).count("–") == 2
    _fits(figure)


def test_framework_matrix_in_html_carries_the_mark(matrix: pd.DataFrame) -> None:
    pytest.importorskip("great_tables")
    html = qq.plot.framework_html(matrix, codebook=ITALIAN).as_raw_html()
    assert "Synthetic notes, not participants’ words" in html
    assert "Casa: $500 &lt; $700 &amp; _affitto_" in html
    assert "trusts few" in html
    assert html == qq.plot.framework_html(matrix, codebook=ITALIAN).as_raw_html()


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(5, 20)), min_size=1, max_size=20))
def test_labels_moved_apart_never_overlap_and_keep_their_order(
    found: list[tuple[float, float]],
) -> None:
    found.sort()
    wanted, heights = [one[0] for one in found], [one[1] for one in found]
    middles = spread(wanted, heights, -1000, 1000)
    for at in range(len(middles) - 1):
        assert middles[at + 1] - middles[at] >= (heights[at] + heights[at + 1]) / 2 - 1e-6


@pytest.mark.parametrize(
    "name", ["alluvial", "upset", "cooccurrence_matrix", "cooccurrence_network", "saturation", "slope",
             "bump", "keyness", "framework_matrix"],
)  # fmt: skip
def test_draws_on_given_axes(
    name: str, sequences: pd.DataFrame, small: pd.DataFrame, pairs: pd.DataFrame, curve: pd.DataFrame,
    rounds_table: pd.DataFrame, words: pd.DataFrame, matrix: pd.DataFrame, texts: Texts,
) -> None:  # fmt: skip
    frames = {
        "alluvial": sequences, "upset": small, "cooccurrence_matrix": pairs, "saturation": curve,
        "cooccurrence_network": pairs, "slope": rounds_table, "bump": rounds_table, "keyness": words,
        "framework_matrix": matrix,
    }  # fmt: skip
    figure = Figure(figsize=(7, 4))
    ax = figure.subplots()
    assert getattr(qq.plot, name)(frames[name], ax=ax) is figure
    assert any(text.startswith("Synthetic notes") for text in texts(ax))
    with pytest.raises(qq.QuidqualError):
        getattr(qq.plot, name)(frames[name].iloc[:0])
