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
    assert told(twice) == ["this passage has this code by this coder already: it counts twice."]
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


def test_a_pattern_that_the_tagger_refuses():
    book = [{"id": "c", "patterns": {"en": ["*", "home"]}}]
    assert told(study(codebook=book)) == [
        "'c' has a pattern without a letter, which the tagger refuses."
    ]
    assert told(study(codebook=[{"id": "c", "patterns": {"en": ["hom*"]}}])) == []
