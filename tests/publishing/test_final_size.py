"""A chart as it will be printed."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.figure import Figure

import quidqual as qq


def test_a_chart_takes_the_width_and_type_of_the_journal(table: pd.DataFrame) -> None:
    made = qq.plot.final_size(qq.plot.heat(table), journal="nature", width="column")
    assert made.get_figwidth() * 25.4 == pytest.approx(89)
    assert {t.get_size() for t in made.axes[0].texts} == {7.0}
    assert qq.plot.check_figure(made, journal="nature")["rule"].tolist() == ["font"]


def test_a_notebook_shows_it_as_large_as_on_paper(table: pd.DataFrame) -> None:
    chart = qq.plot.heat(table)
    made = qq.plot.final_size(chart, width=127)
    _, metadata = made._repr_mimebundle_()  # type: ignore[attr-defined]
    assert metadata["image/png"]["width"] == 480  # 5 inches of 96
    _, plain = chart._repr_mimebundle_()  # type: ignore[attr-defined]
    assert "width" not in plain["image/png"]


def test_without_wishes_the_figure_stays_as_it_is(table: pd.DataFrame) -> None:
    chart = qq.plot.heat(table)
    assert qq.plot.final_size(chart) is chart
    assert qq.plot.final_size(chart.axes[0]) is chart


def test_what_is_no_figure_or_put_together_by_hand_is_told() -> None:
    with pytest.raises(qq.QuidqualError, match="matplotlib figure is wanted, not str"):
        qq.plot.final_size("heat", width=89)  # type: ignore[arg-type]
    with pytest.raises(qq.QuidqualError, match=r"101\.6 mm wide, not 89"):
        qq.plot.final_size(Figure(figsize=(4, 3)), width=89)
