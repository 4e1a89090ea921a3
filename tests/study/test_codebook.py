import time

import pytest

import quidqual as qq
from quidqual.study.codebook import Code, Codebook

TREE = [
    {"id": "a"},
    {"id": "a1", "parent": "a"},
    {"id": "a11", "parent": "a1"},
    {"id": "b", "colour": "#112233"},
    {"id": "b1", "parent": "b"},
]


def test_tree():
    book = Codebook(TREE)
    assert book.themes == ("a", "b")
    assert book.theme_of("a11") == "a"
    assert book.descendants("a") == ("a1", "a11")
    assert book.children("a") == ("a1",)
    assert book.colour_of("b1") == "#112233"
    assert book.colour_of("a11") == ""
    assert book.frame["depth"].tolist() == [0, 1, 2, 0, 1]


def test_unknown_code_names_the_choices():
    with pytest.raises(qq.QuidqualError, match=r"'zz' is not a code.*'a', 'a1'"):
        Codebook(TREE)["zz"]


def test_all_problems_of_the_tree_at_once():
    codes = [
        {"id": "x", "parent": "y"},
        {"id": "y", "parent": "x"},
        {"id": "w"},
        {"id": "w"},
        {"id": "z", "parent": "none"},
    ]
    constructs = [
        {"id": "c", "states": [{"id": "s", "any_of": ["missing"]}, {"id": "t", "any_of": ["z"]}]}
    ]
    with pytest.raises(qq.QuidqualError) as caught:
        Codebook(codes, constructs=constructs)
    text = " ".join(p.message for p in caught.value.problems)
    for words in (
        "used twice",
        "own ancestor",
        "'none', is not there",
        "'missing', which is not there",
    ):
        assert words in text


def test_dict_round_trip():
    code = Code.from_dict(
        {
            "id": "q",
            "label": {"it": "Casa"},
            "asked": {"groups": ["g"]},
            "patterns": {"it": ["cas*"]},
            "codable": False,
            "examples": ["uno"],
        }
    )
    assert Code.from_dict(code.to_dict()) == code
    assert code.name("en") == "Casa"


def test_a_tree_without_end_is_refused_at_once():
    """Each code was walked up to its top: minutes for twenty thousand, one beneath the other."""
    chain = [{"id": f"c{n}", **({"parent": f"c{n - 1}"} if n else {})} for n in range(20_000)]
    before = time.process_time()
    with pytest.raises(qq.QuidqualError, match="nest 19,999 levels deep, more than 500"):
        Codebook(chain)
    assert len(Codebook(chain[:501])) == 501
    assert time.process_time() - before < 20


def test_every_code_of_a_circle_and_beneath_it_is_named():
    with pytest.raises(qq.QuidqualError) as caught:
        Codebook([{"id": "a", "parent": "b"}, {"id": "b", "parent": "a"}, {"id": "c", "parent": "a"},
                  {"id": "d"}, {"id": "e", "parent": "d"}])  # fmt: skip
    said = [problem.message for problem in caught.value.problems]
    assert said == [f"'{name}' is its own ancestor." for name in "abc"]
