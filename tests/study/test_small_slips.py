"""Slips that were accepted without a word: ids, blank and double codings, codebooks of the wrong kind."""

from __future__ import annotations

import pytest

import quidqual as qq


def study(codings=(), codebook=("c",), interview="I", **more):
    return qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R"], participants=[{"participant": "P", "group": "g"}],
        interviews=[{"interview": interview, "participant": "P", "round": "R"}], notes={interview: "a b c a b"},
        codebook=codebook, codings=codings, settings={"uncoded": "absent"}, **more,
    )  # fmt: skip


def coding(start, end, code="c", coder="A", **more):
    return {"interview": "I", "start": start, "end": end, "code": code, "coder": coder, **more}


def told(made):
    return made.problems["message"].tolist()


def test_the_same_passage_and_code_twice_by_one_coder():
    twice = study([coding(0, 1), coding(0, 1), coding(0, 1, coder="B")])
    assert told(twice) == ["this passage has this code by this coder already: it counts once."]
    assert twice.problems["field"].tolist() == ["exact"]
    assert told(study([coding(0, 1), coding(0, 3), coding(0, 1, code="d")], ["c", "d"])) == []


def test_a_coding_of_a_blank():
    assert told(study([coding(1, 2)])) == ["the coding holds no word."]


def test_words_that_stand_twice_are_not_said_to_be_gone():
    lost = study([coding(1, 4, exact="a b", prefix="", suffix="")])
    assert len(lost.lost) == 1
    assert "stand 2 times in the note" in told(lost)[0]
    moved = study([coding(0, 1, exact="c")])
    assert told(moved) == ["the words do not stand at 0 to 1, but at 4 to 5."]


@pytest.mark.parametrize("wrong", ["a\nb", "*", "a*", " a", "a\u2028b", "\x07"])
def test_ids_of_codes(wrong):
    with pytest.raises(qq.QuidqualError, match=r"codebook\.yaml, field 'id'"):
        qq.Codebook([{"id": wrong}])


@pytest.mark.parametrize("wrong", ["a\nb", "a\tb"])
def test_ids_of_interviews(wrong):
    with pytest.raises(qq.QuidqualError, match=r"interviews\.csv, row 2, field 'interview'"):
        study(interview=wrong)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (["a", "b"], "a code must be a mapping with an id, not 'a'"),
        ([3], "not int"),
        ([{"label": "x"}], "not dict"),
        ([{"id": "a", "label": 3}], "a field of the code 'a'"),
        ([{"id": "a", "patterns": ["x"]}], "a field of the code 'a'"),
        ([{"id": "a", "asked": "g"}], "a field of the code 'a'"),
    ],
)
def test_a_codebook_of_the_wrong_kind(wrong, words):
    with pytest.raises(qq.QuidqualError, match=words):
        qq.Codebook(wrong)


@pytest.mark.parametrize("wrong", ["*", "c++", "50%", "a*", "(home)", "home ~2", "<home", "a. b"])
def test_validate_says_of_a_pattern_what_the_tagger_says(wrong):
    made = study(codebook=[{"id": "c", "patterns": {"en": [wrong, "home"]}}])
    with pytest.raises(qq.QuidqualError) as refused:
        qq.tag(made)
    (said,) = refused.value.problems
    assert made.problems[["level", "field", "message", "remedy"]].values.tolist() == [
        ["warning", "c.patterns.en", said.message, said.remedy]
    ]


def test_validate_accepts_a_pattern_that_the_tagger_takes():
    assert told(study(codebook=[{"id": "c", "patterns": {"en": ["hom*", "at (my) home"]}}])) == []


NOTE = "I trust nobody here. I trust\nher sister."


def by_words(*codings):
    return qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R"], notes={"I": NOTE}, codebook=["c"],
        participants=[{"participant": "P", "group": "g"}],
        interviews=[{"interview": "I", "participant": "P", "round": "R"}],
        codings=[{"interview": "I", "code": "c", **coding} for coding in codings],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"exact": "nobody"}, (8, 14)),
        ({"exact": "trust her"}, (23, 32)),  # a line end is as good as a blank
        ({"exact": "  nobody\n"}, (8, 14)),
        ({"exact": "nobody", "start": None, "end": float("nan")}, (8, 14)),
        ({"exact": "nobody", "start": 1}, (8, 14)),
        ({"exact": "trust", "prefix": "here. I "}, (23, 28)),
        ({"exact": "trust", "suffix": " nobody"}, (2, 7)),
        ({"exact": "nobody", "start": 0, "end": 1}, (8, 14)),
        ({"exact": "nobody", "start": 90, "end": 96}, (8, 14)),
        ({"exact": "nobody", "start": 5, "end": 5}, (8, 14)),
        ({"exact": "nobody", "start": -3, "end": -1}, (8, 14)),
    ],
)
def test_words_alone_are_found_and_decide_over_offsets(given, place):
    made = by_words(given)
    assert made.codings[["start", "end"]].values.tolist() == [list(place)]
    moved = isinstance(given.get("end"), int)
    assert ["the words do not stand at" in message for message in told(made)] == [True] * moved


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"exact": "trust"}, "exact", "these words stand 2 times in the note of 'I'"),
        ({"exact": "trust", "prefix": "no such"}, "exact", "stand 2 times"),
        ({"exact": "Nobody"}, "exact", "these words are not in the note of 'I'"),
        ({"exact": " "}, "exact", "neither words nor a start and an end"),
        ({"exact": None, "start": 3}, "exact", "neither words nor a start and an end"),
        ({"exact": "er", "start": -3, "end": -1}, "end", "end must be greater than start"),
        ({"exact": "nobody", "interview": "J"}, "interview", "'J' is not an interview"),
    ],
)
def test_words_that_cannot_be_placed_are_named_by_the_row_that_was_given(given, field, words):
    with pytest.raises(qq.QuidqualError) as refused:
        by_words({"exact": "here"}, given)
    (problem,) = refused.value.problems
    assert (problem.file, problem.row, problem.field) == ("codings", 2, field)
    assert words in problem.message
    assert "Nobody" not in str(refused.value)
