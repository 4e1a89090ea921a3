"""What a claim states, in digits, words or percent, is what its checks must reach."""

import pytest

from quidqual.study.stated_figures import numbers_stated, shares_stated


def check(k, n=4, op="eq"):
    return {"op": op, "k": k, "n": n}


@pytest.mark.parametrize(
    ("text", "reached", "fits"),
    [
        ("two of four", [check(2)], True),
        ("two of four", [check(1, 2)], False),
        ("Three of the four", [check(2)], False),
        ("3 out of 4", [check(3)], True),
        ("3 von 4", [check(2)], False),
        ("3 su 4", [check(3)], True),
        ("3 de 4", [check(2)], False),
        ("3 z 4", [check(3)], True),
        ("3/4", [check(2)], False),
        ("one in four", [check(3)], False),
        ("75%", [check(3)], True),
        ("75 %", [check(2)], False),
        ("75 Prozent", [check(3)], True),
        ("33%", [check(1, 3)], True),
        ("33.3%", [check(1, 3)], True),
        ("34%", [check(1, 3)], False),
        ("half", [check(2)], True),
        ("half", [check(3)], False),
        ("about half", [check(2, 5)], True),
        ("about half", [check(4, 5)], False),
        ("all", [check(4)], True),
        ("all", [check(3)], False),
        ("none", [check(0)], True),
        ("none", [check(1)], False),
        ("most", [check(3, op="ge")], True),
        ("most", [check(2, op="ge")], False),
        # At least three is met by four; three is not.
        ("at least 3 of 4", [check(3, op="ge")], True),
        ("at least 3 of 4", [check(3)], False),
        ("3 of 4", [check(3, op="ge")], False),
        ("more than 2 of 4", [check(3, op="ge")], True),
        ("up to 3 of 4", [check(3, op="le")], True),
        ("3 or more of 4", [check(3, op="ge")], True),
        # A range has two ends.
        ("2-3 of 4", [check(3)], False),
        ("2 to 3 of 4", [check(2, op="ge"), check(3, op="le")], True),
    ],
)
def test_a_share_is_compared_however_it_is_written(text, reached, fits):
    (one,) = shares_stated(text)
    assert one.fits(reached) is fits


@pytest.mark.parametrize("text", ["20/10/2021", "R2", "the 20s", "one; another", "2021-05-20"])
def test_what_is_no_share_is_not_taken_for_one(text):
    assert list(shares_stated(text)) == []


def test_numbers_in_words_are_numbers():
    told = [number for _, number in numbers_stated("two cases, 27 talks; 3 of 4; 75%; the 20s")]
    assert told == [2, 27]
