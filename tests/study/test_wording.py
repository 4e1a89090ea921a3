"""Counts, names, order, choices: each said in one way."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quidqual.study.arguments import one_of
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import counted, joined, k_of_n, natural_key, natural_order


def test_numbers_within_names_count_as_numbers():
    assert natural_order(["P10", "P2", "P1²", "P02", "P1"]) == ["P1", "P1²", "P02", "P2", "P10"]
    assert natural_order(["٣", "2", "x" + "9" * 5000]) == ["2", "x" + "9" * 5000, "٣"]


@given(st.lists(st.text(), unique=True))
def test_any_names_have_one_order(names):
    once = natural_order(names)
    assert once == natural_order(reversed(names))
    assert all(natural_key(a) <= natural_key(b) for a, b in pairwise(once))


def test_counts_are_said_in_one_way():
    assert (k_of_n(0, 4), k_of_n(0, 0)) == ("0 of 4", "not observed")
    assert (counted(0, "code"), counted(1, "code"), counted(1200, "code")) == (
        "0 codes", "1 code", "1,200 codes",
    )  # fmt: skip
    assert (joined([]), joined(["a"]), joined(["a", "b", "c"])) == ("", "a", "a, b and c")


@pytest.mark.parametrize(
    ("allowed", "message"),
    [
        (("code", "theme"), "level must be 'code' or 'theme', not 'Theme'."),
        (("a",), "level must be 'a', not 'Theme'."),
        ((), "level cannot be 'Theme': there is nothing to choose from. Leave it out."),
        (
            [f"n{i}" for i in range(20)] + ["theme"],
            "level must be one of 21 names, not 'Theme'. Did you mean 'theme'?",
        ),
    ],
)
def test_a_wrong_choice_names_what_is_allowed(allowed, message):
    with pytest.raises(QuidqualError) as error:
        one_of("Theme", allowed, field="level")
    assert str(error.value) == message


def test_a_wrong_choice_in_a_file_names_its_place():
    with pytest.raises(QuidqualError, match=r"claims.yaml, row 4, field 'group'"):
        one_of("stff", ("staff",), field="group", file="claims.yaml", row=4)
