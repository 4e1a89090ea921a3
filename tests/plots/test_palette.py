"""Colours told apart by the colour-blind, and in grey."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from quidqual.plots import palette

# Deuteranopia, severity 1.0: Machado, Oliveira & Fernandes (2009), IEEE Transactions on
# Visualization and Computer Graphics 15(6), table 1. For linear RGB.
DEUTERANOPIA = np.array([
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.011820, 0.042940, 0.968881],
])  # fmt: skip
# sRGB (D65) to XYZ: IEC 61966-2-1.
TO_XYZ = np.array([
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
])  # fmt: skip


def lab(colour: str, *, blind: bool) -> np.ndarray:
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    if blind:
        linear = np.clip(DEUTERANOPIA @ linear, 0, 1)
    xyz = TO_XYZ @ linear / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one: str, other: str) -> float:
    """CIE76 difference as seen with deuteranopia; 2.3 is just noticeable."""
    return float(np.linalg.norm(lab(one, blind=True) - lab(other, blind=True)))


def test_the_measure_itself() -> None:
    assert lab("#ffffff", blind=False) == pytest.approx([100, 0, 0], abs=0.02)
    assert apart("#e41a1c", "#4daf4a") < 25  # the red and green that deuteranopes confuse
    assert np.linalg.norm(lab("#e41a1c", blind=False) - lab("#4daf4a", blind=False)) > 100


@pytest.mark.parametrize(("one", "other"), list(combinations(palette.KINDS, 2)))
def test_kinds_are_told_apart_with_deuteranopia(one: str, other: str) -> None:
    assert apart(one, other) > 10


def test_the_first_two_kinds_and_gain_and_loss_are_far_apart() -> None:
    assert apart(palette.KINDS[0], palette.KINDS[1]) > 60
    assert apart(palette.NEW, palette.NOT_AGAIN) > 60


@pytest.mark.parametrize("n", range(2, 8))
def test_steps_get_darker_in_grey_one_by_one(n: int) -> None:
    light = [lab(colour, blind=False)[0] for colour in palette.steps(n)]
    assert all(before - after > 7 for before, after in pairwise(light))


def test_present_absent_and_not_observed_differ_in_grey() -> None:
    from quidqual.plots.style import PALE, UNSEEN

    light = sorted(lab(c, blind=False)[0] for c in (palette.BLUE, UNSEEN, PALE))
    assert min(np.diff(light)) > 15


@pytest.mark.parametrize("colour", [*palette.KINDS, *palette.steps(5), "#ffffff", palette.KEPT])
def test_text_on_a_colour_is_readable(colour: str) -> None:
    ink, ground = palette.luminance(palette.ink_on(colour)), palette.luminance(colour)
    assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 4.5


@pytest.mark.parametrize("share", np.linspace(0, 1, 21))
def test_counts_on_every_shade_are_readable(share: float) -> None:
    ground = palette.shade(share)
    ink, under = palette.luminance(palette.ink_on(ground)), palette.luminance(ground)
    assert (max(ink, under) + 0.05) / (min(ink, under) + 0.05) >= 4.5


@pytest.mark.parametrize("n", range(2, 6))
def test_ribbons_stand_out_from_the_paper_and_from_each_other_in_grey(n: int) -> None:
    from quidqual.more_charts._alluvial import ribbon_of

    light = [lab(ribbon_of(colour), blind=False)[0] for colour in palette.steps(n)]
    assert max(light) < 92
    assert all(before - after > 4 for before, after in pairwise(light))


@pytest.mark.parametrize("colour", palette.KINDS)
def test_a_highlighted_line_stands_out_from_those_behind_it(colour: str) -> None:
    from quidqual.more_charts._slope import BEHIND

    assert lab(BEHIND, blind=False)[0] - lab(colour, blind=False)[0] > 10  # darker in grey
    assert apart(BEHIND, colour) > 15


def test_lines_behind_are_pale_only_beside_highlighted_ones() -> None:
    import pandas as pd

    import quidqual as qq
    from quidqual.more_charts._slope import BEHIND

    codes = [f"c{i}" for i in range(9)]
    table = pd.DataFrame({"code": codes * 2, "round": ["R1"] * 9 + ["R2"] * 9, "k": 2, "n": 4})
    table = table.assign(share=0.5, corpus="synthetic")
    for highlight, expected in ((["c1"], 8), (None, 0)):
        figure = qq.plot.slope(table, highlight=highlight)
        behind = [line for line in figure.axes[0].lines if line.get_color() == BEHIND]
        assert len(behind) == expected


def test_no_two_kinds_look_the_same() -> None:
    made = palette.cues([f"code {i}" for i in range(28)])
    assert len({(cue.colour, cue.marker, cue.dash) for cue in made.values()}) == 28
    assert palette.cues(["a"], colours={"a": "#123456"})["a"].colour == "#123456"


def test_codes_that_share_a_colour_are_told_apart_where_they_meet() -> None:
    everyone = palette.cues([f"code {i}" for i in range(66)])
    met = palette.apart(everyone, [f"code {i}" for i in (2, 9, 16, 23, 4)])
    assert len({cue.colour for cue in met.values()}) == 5
    assert met["code 2"] == everyone["code 2"]
    assert met["code 4"] == everyone["code 4"]


def test_groups_take_their_colours_from_the_alphabet() -> None:
    assert palette.group_cues(["b", "a"]) == palette.group_cues(["a", "b"])
    assert palette.group_cues(["a"])["a"].colour == palette.NEUTRAL
