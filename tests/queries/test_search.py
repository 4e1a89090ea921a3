"""The query algebra: objects, text, and what each part answers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quidqual.queries import query as q
from quidqual.queries.query_text import parse_query
from quidqual.queries.search import COLUMNS, search
from quidqual.study.errors import QuidqualError


def found(study, query) -> list[tuple[str, str]]:
    table = search(study, query)
    assert table.columns.tolist() == COLUMNS
    return list(zip(table["interview"], table["words"], strict=True))


def test_codings_with_conditions(study):
    assert found(study, q.code("trust") & q.round("R1") & q.coder("H")) == [
        ("A-R1", "“I trust nobody here.”"),
        ("B-R1", "Non si fida di nessuno."),
    ]
    assert found(study, q.code("trust") & q.coder("K")) == [("C-R1", "trusts the trainer")]
    assert len(found(study, q.code("ties"))) == 5
    assert found(study, q.code("ties") & q.group("s")) == [("C-R1", "trusts the trainer")]
    assert found(study, q.source("model") & q.code("ties")) == []


def test_words_and_tags_overlapping_codings(study):
    assert found(study, q.words("nobody") & q.code("trust")) == [("A-R1", "nobody")]
    assert found(study, q.code("trust") & q.words("nobody")) == [("A-R1", "“I trust nobody here.”")]
    assert found(study, q.tagged("friends") & ~q.code("friends")) == [
        ("B-R1", "amica"), ("B-R2", "amica"), ("C-R1", "friends"),
    ]  # fmt: skip


def test_a_condition_alone_gives_sentences(study):
    assert found(study, q.round("R2") & q.participant("A")) == [
        ("A-R2", "She trusts her trainer now."),
        ("A-R2", "“My friends come on Sunday.”"),
    ]
    assert found(study, ~q.code("trust", "friends") & q.interview("A-R1")) == [
        ("A-R1", "She does not trust people."),
        ("A-R1", "The trainer is kind."),
    ]


def test_near_and_followed_by_count_the_words_between(study):
    assert found(study, q.near("trainer", "trusts", words=1)) == [
        ("A-R2", "trusts her trainer"), ("C-R1", "trusts the trainer"),
    ]  # fmt: skip
    assert found(study, q.near("trainer", "trusts", words=0)) == []
    assert found(study, q.followed_by("trusts", "friends")) == [
        ("A-R2", "trusts her trainer now. “My friends")
    ]
    assert found(study, q.followed_by("friends", "trusts", words=1)) == [
        ("C-R1", "friends and trusts")
    ]
    assert found(study, q.followed_by("friends", "trusts", words=0)) == []


def test_overlaps_and_within(study):
    assert found(study, q.within("trust", q.code("trust"))) == [("A-R1", "trust")]
    assert found(study, q.within(q.code("trust"), "trust")) == []
    assert len(found(study, q.overlaps(q.code("trust"), q.words("trust*")))) == 3


def test_attributes_and_speech(study):
    assert {i for i, _ in found(study, q.words("trust*") & q.attribute("age", low=45))} == {"C-R1"}
    assert {i for i, _ in found(study, q.words("trust*") & q.attribute("age", high=45))} == {
        "A-R1",
        "A-R2",
    }
    assert found(study, q.words("trust*") & q.speech("verbatim")) == [("A-R1", "trust")]
    assert {i for i, _ in found(study, q.language("it"))} == {"B-R1", "B-R2"}


def test_context_stands_beside_the_quote(study):
    row = search(study, "words('nobody') & participant('A')", context=2).iloc[0]
    assert (row["before"], row["after"], row["speech"]) == ("I trust ", " here.” The", "verbatim")


ATOMS = [
    q.code("trust"),
    q.tagged("ties"),
    q.words("trust*"),
    q.round("R1"),
    q.participant("A"),
    ~q.code("friends"),
]
queries = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: p[0] & p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] | p[1]),
        inner.map(lambda x: ~x),
    ),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(queries)
def test_text_and_objects_are_one_algebra(query):
    assert repr(parse_query(repr(query))) == repr(query)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(ATOMS[:3]), queries)
def test_a_condition_and_its_opposite_part_the_passages(study, passages, condition):
    every = found(study, passages)
    met, unmet = found(study, passages & condition), found(study, passages & ~condition)
    assert sorted(met + unmet) == sorted(every)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('code("trusst")', r"(?s)at character 1: 'trusst' is not a code.*'trust'\?"),
        ('round("R1") & round("R9")', "(?s)at character 15: 'R9' is not a round.*'R1'"),
        ('cod("trust")', r"(?s)character 1: there is no 'cod'.*code\(\)"),
        ('code("trust', "(?s)character 6: a quotation mark"),
        ('code("trust"', "(?s)'\\(' of code is not closed"),
        ('(code("trust")', "(?s)character 1: '\\(' is not closed"),
        ('code("trust") &', "(?s)character 16: the query ends"),
        ('code("trust") round("R1")', "(?s)character 15: 'round' is not expected"),
        ("code()", "at least one text"),
        ("code", "needs its values"),
        ('near("a")', "(?s)does not take these values.*words=10"),
        ('near("a", "b", words=-1)', "words must be a whole number from 0"),
        ('attribute("shoe", "x")', "'shoe' is not an attribute"),
        ('attribute("age")', "says no value"),
        ('speech("loud")', "not a kind of speech"),
        ('words("(a")', "not closed"),
        ("code('trust') # x", "'#' is no sign"),
        ("(" * 60 + '"a"' + ")" * 60, "levels of brackets"),
        ("", "the query ends"),
    ],
)
def test_a_wrong_query_says_where_and_offers_the_nearest_name(study, text, message):
    with pytest.raises(QuidqualError, match=message):
        search(study, text)


def test_wrong_objects(study):
    with pytest.raises(QuidqualError, match="Did you mean 'trust'"):
        search(study, q.code("trusst"))
    with pytest.raises(QuidqualError, match="neither true nor false"):
        q.code("a") and q.code("b")
    with pytest.raises(QuidqualError, match="cannot use int"):
        q.code("a") & 3
    with pytest.raises(QuidqualError, match="cannot search list"):
        search(["x"], "'x'")


def test_no_hit_gives_an_empty_quote_table(study):
    table = search(study, "'zebra'")
    assert table.empty
    assert table.columns.tolist() == COLUMNS
