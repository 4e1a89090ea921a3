"""Labels are text: measured, wrapped, never lost."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

import quidqual as qq
from quidqual.plots.labels import names_of, plain, shorten, width_of, wrap
from quidqual.study.codebook import Codebook


def test_dollars_underscores_and_brackets_are_text(
    table: pd.DataFrame, texts: Callable[..., list[str]]
) -> None:
    odd = r"$x^2$ & a_b < c \alpha 100%"
    figure = qq.plot.heat(table, codebook={"trust": odd, "work": "work"})
    assert odd in texts(figure)
    assert not any(t.get_parse_math() for t in figure.findobj(Text))


def test_an_emoji_is_named_and_letters_the_font_lacks_are_an_error() -> None:
    assert plain("casa \U0001f3e1\ufe0f") == "casa [house with garden]"
    assert plain("Ελπίδα, надежда, perché?") == "Ελπίδα, надежда, perché?"
    with pytest.raises(qq.QuidqualError, match="'希', '望'"):
        plain("希望")


@given(st.text(st.characters(codec="latin-1", exclude_categories=["C"]), min_size=1, max_size=60))
def test_no_line_is_wider_than_asked(text: str) -> None:
    for line in wrap(text, 80, size=8).split("\n"):
        assert width_of(line, 8) <= 80


def test_wrapping_keeps_every_letter() -> None:
    text = "precipitevolissimevolmente self_blame/fades e poi torna"
    wrapped = wrap(text, 40, size=8)
    assert wrapped.replace("-\n", "").replace("\n", "").replace(" ", "") == text.replace(" ", "")
    assert "\n" in wrapped


def test_a_count_is_never_torn_from_its_denominator() -> None:
    assert wrap("seen in 3 of 4 cases", 45, size=8) == "seen in\n3 of 4\ncases"


def test_width_is_what_matplotlib_draws() -> None:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=8)
    for text in ("Sicurezza economica", "AVATAR", "1/4"):
        drawn, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
        assert drawn - 0.1 <= width_of(text, 8) <= drawn * 1.08


def test_a_shortened_label_says_so() -> None:
    assert shorten("Sicurezza economica", 50, size=8).endswith("…")
    assert shorten("Casa", 50, size=8) == "Casa"


def test_names_from_a_codebook() -> None:
    book = Codebook([
        {"id": "trust", "label": {"en": "Trust", "it": "Fiducia"}, "colour": "#112233"},
        {"id": "work", "label": {"en": "Work"}},
        {"id": "bare"},
    ])  # fmt: skip
    italian = names_of(book, "it")
    assert [italian(code) for code in ("trust", "work", "bare", "other")] == [
        "Fiducia", "Work", "bare", "other",
    ]  # fmt: skip
    assert italian.colours == {"trust": "#112233"}
