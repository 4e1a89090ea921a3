"""Each chart draws the very frame that the analysis makes for it, through the public names."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from matplotlib.figure import Figure

import quidqual as qq
from quidqual.plots.canvas import drawn
from quidqual.study.model import Study

Texts = Callable[..., list[str]]
FEW = ["self_blame", "future_self", "self_esteem"]


@pytest.fixture(scope="module")
def study() -> Study:
    return qq.load_example()


@pytest.fixture(scope="module")
def presence(study: Study) -> pd.DataFrame:
    return qq.presence(study)


@pytest.fixture(scope="module")
def survivors(presence: pd.DataFrame) -> pd.DataFrame:
    return presence[presence["group"] == "survivor"]


def sound(figure: Figure, width: float = 89) -> Figure:
    """Check a figure as it is and in a column: nothing broken, marked, with a story."""
    (made,) = drawn(figure)
    assert made.corpus == "synthetic"
    assert made.redraw is not None
    for one in (figure, made.redraw(width, 7.0)):
        broken = qq.plot.check_figure(one)
        assert broken[~broken["rule"].isin(["advice", "height"])].to_dict("records") == []
    return figure


def test_presence_in_tiles_icons_trajectories_and_change_bars(
    study: Study, survivors: pd.DataFrame, texts: Texts
) -> None:
    book = {"codes": FEW, "codebook": study.codebook}
    sound(qq.plot.tiles(survivors, **book))
    sound(qq.plot.trajectories(survivors, **book))
    icons = sound(qq.plot.icons(survivors, **book))
    blamed = survivors[(survivors["code"] == "self_blame") & (survivors["round"] == "R1")]
    k, n = (blamed["state"] == "present").sum(), (blamed["state"] != "not_observed").sum()
    assert f"{k}/{n}" in texts(icons)
    bars = sound(qq.plot.change_bars(survivors, between=("R1", "R3"), **book))
    table = drawn(bars)[0].data.set_index("code")
    told = qq.between_rounds(survivors, from_round="R1", to_round="R3").set_index("code")
    for code in FEW:
        assert table.loc[code, ["not_again", "kept", "new", "n"]].tolist() == (
            told.loc[code, ["not_again", "kept", "new", "n"]].tolist()
        )


def test_presence_of_themes_in_icons(study: Study) -> None:
    sound(qq.plot.icons(qq.presence(study, level="theme"), codebook=study.codebook))


def test_change_is_what_trajectories_keep(survivors: pd.DataFrame, study: Study) -> None:
    figure = qq.plot.trajectories(survivors, codes=FEW, codebook=study.codebook)
    own = survivors[survivors["code"].isin(FEW)]
    pd.testing.assert_frame_equal(drawn(figure)[0].data, qq.change(own))


def test_trajectories_grouped_by_the_analysis(
    survivors: pd.DataFrame, study: Study, texts: Texts
) -> None:
    table = qq.trajectories(survivors[survivors["code"].isin(FEW)])
    table["code"] = table["code"].cat.remove_unused_categories()
    figure = sound(qq.plot.trajectories(table, codes=["self_blame"], codebook=study.codebook))
    words = texts(figure)
    expected = table.loc[table["code"] == "self_blame", "label"].tolist()
    assert [word for word in words if " of " in word] == expected
    assert {"1", "2", "3", "4"} <= set(words)
    assert expected[0] in drawn(figure)[0].alt


def test_prevalence_by_code_by_group_and_by_round(study: Study, presence: pd.DataFrame) -> None:
    part = presence[presence["code"].isin(FEW)]
    part = part.assign(code=part["code"].cat.remove_unused_categories())
    book = {"codebook": study.codebook}
    sound(qq.plot.prevalence(qq.prevalence(part), **book))
    themes = qq.presence(study, level="theme")
    sound(qq.plot.prevalence(qq.prevalence(themes, by=("code", "group")), **book))
    by_round = qq.prevalence(part, by=("code", "round"))
    sound(qq.plot.heat(by_round, **book))
    sound(qq.plot.slope(by_round, **book))
    sound(qq.plot.bump(by_round, **book))
    by_group = qq.prevalence(themes, by=("code", "group"))
    sound(qq.plot.heat(by_group, columns="group", **book))


@pytest.mark.parametrize("denominator", ["participants", "interviews", "mentions"])
def test_prevalence_over_every_denominator(presence: pd.DataFrame, denominator: str) -> None:
    part = presence[presence["code"].isin(FEW)]
    part = part.assign(code=part["code"].cat.remove_unused_categories())
    figure = sound(qq.plot.prevalence(qq.prevalence(part, denominator=denominator)))
    what = "participants observed" if denominator == "participants" else denominator
    assert drawn(figure)[0].alt.startswith(f"Share of {what}")


def test_states_take_their_words_from_the_codebook(study: Study, texts: Texts) -> None:
    frame = qq.states(study)
    own = frame[frame["group"] == "survivor"]
    figure = sound(qq.plot.states(own, codebook=study.codebook, language="it"))
    (construct,) = study.codebook.constructs
    words = {state.label["it"] for state in construct.states}
    assert words <= set(texts(figure))
    alluvial = sound(qq.plot.alluvial(own, codebook=study.codebook, language="it"))
    assert words <= {
        text.rsplit(" ", 1)[0] if text[-1].isdigit() else text for text in texts(alluvial)
    }
    flows = drawn(alluvial)[0].data
    steps = qq.transitions(own)
    moved = steps[(steps["k"] > 0) & (steps["from_round"] == "R1")]
    assert sorted(flows.loc[flows["from_round"] == "R1", "k"]) == sorted(moved["k"])


def test_interviews_of_a_study(study: Study) -> None:
    figure = sound(qq.plot.interview_timeline(study.interviews, participants=study.participants))
    held = int((study.interviews["status"] == "held").sum())
    assert f"Timeline of {held} interviews" in drawn(figure)[0].alt


def test_cooccurrence_in_matrix_and_network(study: Study, texts: Texts) -> None:
    pairs = qq.cooccurrence(study)
    most = pairs.sort_values("together", ascending=False, kind="stable").head(15)
    figure = sound(qq.plot.cooccurrence_matrix(most, codebook=study.codebook))
    assert str(int(most["together"].iloc[0])) in texts(figure)
    sound(qq.plot.cooccurrence_network(most, codebook=study.codebook))


def test_upset_of_codes(study: Study, survivors: pd.DataFrame) -> None:
    figure = sound(qq.plot.upset(survivors, codes=FEW, codebook=study.codebook))
    assert drawn(figure)[0].data["k"].sum() == survivors["participant"].nunique()


def test_saturation_of_a_study_and_by_group(study: Study, texts: Texts) -> None:
    found = qq.saturation(study)
    figure = sound(qq.plot.saturation(found))
    assert {"S1", "W1"} <= set(texts(figure))
    sound(qq.plot.saturation(qq.saturation(study, by="group")))


def test_agreement_of_two_coders(study: Study, texts: Texts) -> None:
    table = qq.agreement.agreement(study, unit="interview", resamples=200)
    part = table[table["code"].isin(FEW)]
    figure = sound(qq.plot.agreement_forest(part, codebook=study.codebook))
    alpha = part[(part["coefficient"] == "alpha") & (part["code"] == "self_esteem")].iloc[0]
    assert any(text.startswith(f"{alpha['value']:.2f} [") for text in texts(figure))
    # All resamples alike make no interval: one of no width would promise certainty.
    alike = part[(part["coefficient"] == "alpha") & (part["low"] == part["high"])]
    assert sum(text.endswith("[–]") for text in texts(figure)) == len(alike) > 0


def test_keyness_of_a_study(study: Study, texts: Texts) -> None:
    table = qq.keyness(study, language="it", target="survivor")
    figure = sound(qq.plot.keyness(table, most=5))
    words = texts(figure)
    first = table.sort_values("z", ascending=False, kind="stable").iloc[0]
    assert words.index(str(first["word"])) >= 0
    assert str(first["k_target"]) in words
    assert "right: more in survivor" in words
    assert drawn(figure)[0].alt.startswith("Words that tell two sides apart, strongest first, by z")


def test_keyness_never_mixes_languages(study: Study) -> None:
    both = qq.keyness(study, by="round", target="R1")
    assert both["language"].nunique() == 2
    with pytest.raises(qq.QuidqualError, match="words of"):
        qq.plot.keyness(both)


def test_framework_matrix_says_why_a_cell_is_empty(study: Study, texts: Texts) -> None:
    frame = qq.framework_matrix(study)
    figure = sound(
        qq.plot.framework_matrix(
            frame, themes=["coping", "staff_practice"], codebook=study.codebook
        )
    )
    shown = "\n".join(texts(figure))
    assert "R1, R2, R3: not asked" in shown  # a survivor on the practice of staff
    assert "R2: missed" in shown  # T3 fell ill
    cell = frame[(frame["participant"] == "T1") & (frame["theme"] == "staff_practice")]
    assert f"R1: {cell['n_codings'].iloc[0]} passages" in shown
    assert "“" not in shown  # no passage is printed unasked
    quoted = qq.framework_matrix(study, participants="S1", rounds="R1")
    words = quoted.loc[quoted["quotes"] != "", "quotes"].iloc[0].split()[0]
    printed = sound(qq.plot.framework_matrix(quoted, cell="quotes", themes=["relationships"]))
    assert any(words in text for text in texts(printed))


def test_framework_matrix_prints_summaries(study: Study, texts: Texts) -> None:
    frame = qq.framework_matrix(study, participants="S1", rounds="R1")
    frame["summary"] = frame["theme"].astype(str).map({"coping": "keeps busy, $5 < 6"}).fillna("")
    figure = sound(qq.plot.framework_matrix(frame, themes=["coping", "time"]))
    assert "R1: keeps busy, $5 < 6" in texts(figure)


def test_a_framework_matrix_longer_than_a_page_is_told() -> None:
    frame = pd.DataFrame(
        {"participant": [f"P{i}" for i in range(61)], "theme": "t", "summary": "x"}
    )
    with pytest.raises(qq.QuidqualError, match="61 participants"):
        qq.plot.framework_matrix(frame)


def test_ledger_of_a_study(study: Study) -> None:
    sound(qq.plot.ledger(qq.ledger(study).table.head(8)), width=120)
