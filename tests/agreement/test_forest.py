"""The forest plot by code: artists, not pixels."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

import quidqual as qq
from quidqual.study.errors import QuidqualError
from tests.two_coders import two_coders


@pytest.fixture(scope="module")
def table():
    return qq.agreement.agreement(two_coders(), unit="sentence", pooled=True, resamples=200)


def _texts(figure):
    return [t.get_text() for t in figure.findobj(mpl.text.Text) if t.get_text()]


def test_one_point_a_code_with_its_interval_its_n_and_the_two_lines(table):
    figure = qq.plot.agreement_forest(table)
    assert isinstance(figure, Figure)
    points = figure.findobj(lambda a: a.get_gid() == "estimate")
    assert len(points) == 3
    lines = figure.findobj(lambda a: str(a.get_gid()).startswith("line 0."))
    assert {line.get_gid() for line in lines} >= {"line 0.667", "line 0.800"}
    texts = _texts(figure)
    assert "n = 8" in texts
    assert "0.667" in texts
    assert "0.800" in texts
    assert any("2 resampled interviews" in t for t in texts)
    assert any("Synthetic" in t for t in texts)
    # places on the scale: .667 lies two thirds from 0 to 1
    at = {line.get_gid(): line.get_xdata()[0] for line in lines}
    one = figure.findobj(lambda a: a.get_gid() == "line 1.000")[0].get_xdata()[0]
    zero = at["line 0.000"]
    assert (at["line 0.667"] - zero) / (one - zero) == pytest.approx(0.667)
    work = [p.get_xdata()[0] for p in points]
    assert max(work) == pytest.approx(one)


def test_a_coefficient_that_is_not_defined_keeps_its_row(table):
    undefined = table.copy()
    undefined.loc[undefined["code"] == "work", ["value", "low", "high"]] = np.nan
    figure = qq.plot.agreement_forest(undefined, coefficient="cohen")
    assert "not defined" in _texts(figure)
    assert len(figure.findobj(lambda a: a.get_gid() == "estimate")) == 2


def test_a_negative_value_stays_on_the_scale(table):
    low = table.copy()
    low.loc[low["code"] == "trust", ["value", "low"]] = [-0.35, -0.6]
    figure = qq.plot.agreement_forest(low)
    points = figure.findobj(lambda a: a.get_gid() == "estimate")
    floor = figure.findobj(lambda a: a.get_gid() == "line -0.600")
    assert len(floor) == 1
    assert min(p.get_xdata()[0] for p in points) > floor[0].get_xdata()[0]


def test_on_given_axes_and_with_the_users_settings_untouched(table):
    before = dict(mpl.rcParams)
    figure = Figure(figsize=(6, 4))
    ax = figure.add_subplot()
    assert qq.plot.agreement_forest(table, ax=ax) is figure
    assert dict(mpl.rcParams) == before


def test_what_cannot_be_drawn_is_refused(table):
    with pytest.raises(QuidqualError, match="'alpha'"):
        qq.plot.agreement_forest(table, coefficient="kappa")
    with pytest.raises(QuidqualError, match="without rows"):
        qq.plot.agreement_forest(table.iloc[:0])
    with pytest.raises(QuidqualError, match="one round"):
        qq.plot.agreement_forest(table.loc[[*table.index, *table.index]])
    with pytest.raises(QuidqualError, match="reflexive"):
        qq.plot.agreement_forest(qq.agreement.agreement(two_coders(approach="reflexive")))
    with pytest.raises(QuidqualError, match="lacks"):
        qq.plot.agreement_forest(table.drop(columns="low"))


def test_the_narrow_column_sets_n_under_the_interval(table):
    figure = qq.plot.agreement_forest(table, width=60)
    counts = [t for t in figure.findobj(mpl.text.Text) if t.get_text() == "n = 8"]
    numbers = [t for t in figure.findobj(mpl.text.Text) if " [" in t.get_text()]
    assert counts[0].get_position()[0] == numbers[0].get_position()[0]
