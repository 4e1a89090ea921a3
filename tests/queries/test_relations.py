"""How passages lie to each other, against looking at all pairs; and the queries made of it."""

import re
import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quidqual.queries import query as q
from quidqual.queries.query_text import parse_query
from quidqual.queries.relations import Index, Passage, nearest
from quidqual.queries.saved_queries import save_query, saved_queries
from quidqual.queries.search import search
from quidqual.study.errors import QuidqualError
from quidqual.study.model import Study

SPANS = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda s: (s[0], s[0] + s[1]))
PASSAGES = st.lists(st.tuples(st.sampled_from("AB"), SPANS, st.sampled_from("xy")), max_size=8).map(
    lambda rows: [Passage(i, *span, code=c) for i, span, c in rows]
)
WORDS = [0, 3, 4, 9, 15, 16, 22, 30, 37]


def brute(left, rights, how, most):
    """Every passage of the right, the distance counted word by word."""
    found = []
    for right in sorted(rights):
        if right.interview != left.interview or right == left:
            continue
        after, before = right.start >= left.end, right.end <= left.start
        if (how == "followed_by" and not after) or (how == "preceded_by" and not before):
            continue
        gap = (right.end, left.start) if before else (left.end, right.start)
        distance = sum(gap[0] <= w < gap[1] for w in WORDS)
        if most is None or distance <= most:
            found.append((distance, right))
    return min(found)[1] if found else None


@settings(max_examples=500, deadline=None)
@given(
    PASSAGES,
    PASSAGES,
    st.sampled_from(["near", "followed_by", "preceded_by"]),
    st.sampled_from([None, 0, 1, 3]),
)
def test_the_nearest_is_that_of_all_pairs(lefts, rights, how, most):
    index = Index(rights)
    for left in lefts:
        found = nearest(left, index, WORDS, how=how, most=most)
        assert found == brute(left, rights, how, most)


@settings(max_examples=300, deadline=None)
@given(PASSAGES, PASSAGES)
def test_overlaps_and_counts_are_those_of_all_pairs(lefts, rights):
    index = Index(rights)
    for p in lefts:
        same = sorted(r for r in rights if r.interview == p.interview)
        assert list(index.overlapping(p)) == [
            r for r in same if r.start < p.end and p.start < r.end
        ]
        assert index.inside(p) == sum(p.start <= r.start and r.end <= p.end for r in same)


def test_near_on_a_long_note_takes_no_time_for_all_pairs():
    rows = [Passage("A", 10 * i, 10 * i + 4) for i in range(20_000)]
    index, words = (
        Index(Passage("A", 10 * i + 5, 10 * i + 9) for i in range(20_000)),
        range(0, 200_000, 5),
    )
    start = time.process_time()
    assert all(nearest(p, index, words, how="near", most=0) for p in rows)
    assert time.process_time() - start < 60  # a hang, not a speed


TEXTS = {
    "A-R1": "She trusts her friend. The friend is kind.\n\nTrust is hard. No friend came.",
    "A-R2": "A friend. Trust.\nTrust again, my friend.",
    "B-R1": "Nobody came.",
    "B-R2": "Nobody again.",
}


@pytest.fixture(scope="module")
def small():
    def coding(interview, words, code, coder="H", **more):
        start = TEXTS[interview].index(words)
        return {"coder": coder, "interview": interview, "start": start, "end": start + len(words),
                "code": code, **more}  # fmt: skip

    return Study.from_tables(
        title="t",
        corpus="synthetic",
        rounds=[{"round": "R1"}, {"round": "R2"}],
        participants=[{"participant": p, "group": "g", "language": "en"} for p in "AB"],
        interviews=[
            {"interview": i, "participant": i[0], "round": i[2:], "language": "en"} for i in TEXTS
        ],
        notes=TEXTS,
        codebook=[{"id": "trust"}, {"id": "friends"}],
        codings=[
            coding("A-R1", "She trusts her friend.", "trust", weight=80, memo="a strong tie"),
            coding("A-R1", "her friend", "friends", weight=20),
            coding("A-R1", "her friend", "trust", coder="K"),
            coding("A-R2", "Trust again, my friend.", "trust", memo="doubtful"),
        ],
    )


def found(study, query):
    table = search(study, query)
    return list(zip(table["interview"], table["words"], table["coder"], strict=True))


SENTENCE, PAIR, AGAIN = "She trusts her friend.", "her friend", "Trust again, my friend."


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ('encloses(code("trust"), code("friends"))', [("A-R1", SENTENCE, "H"), ("A-R1", PAIR, "K")]),
        ('preceded_by("friend", "trust*", words=1)', [
            ("A-R1", "trusts her friend", "")]),
        ('preceded_by("friend", "trust", words=2)', [
            ("A-R2", "Trust again, my friend", "")]),
        ('same_paragraph("hard", "friend") ', [("A-R1", "hard", "")]),
        ('same_paragraph("kind", "hard")', []),
        ('same_paragraph("trust", "again")', [("A-R2", "Trust", ""), ("A-R2", "Trust", "")]),
        ('intersection(code("trust"), "friend")', [
            ("A-R1", "friend", "H"), ("A-R1", "friend", "K"), ("A-R2", "friend", "H")]),
        ('alone("trust")', [("A-R1", PAIR, "K"), ("A-R2", AGAIN, "H")]),
        ('code("trust") & holds("friend", low=1, high=1)', [
            ("A-R1", SENTENCE, "H"), ("A-R1", PAIR, "K"), ("A-R2", AGAIN, "H")]),
        ('code("trust") & holds("friend|trust*", low=2)', [("A-R1", SENTENCE, "H"), ("A-R2", AGAIN, "H")]),
        ('code("trust") & holds("zebra", low=0, high=0) & coder("K")', [("A-R1", PAIR, "K")]),
        ('code("trust", "friends") & weight(low=50)', [("A-R1", SENTENCE, "H")]),
        ('code("trust", "friends") & weight(high=50)', [("A-R1", PAIR, "H")]),
        ('"friend" & in_interviews("kind")', [("A-R1", "friend", "")] * 3),
        ('code("trust") & memo("doubt*")', [("A-R2", AGAIN, "H")]),
        ('code("friends") ^ coder("K") & code("trust")', []),
        ('xor("kind", code("friends"))', [("A-R1", PAIR, "H"), ("A-R1", "kind", "")]),
    ],
)  # fmt: skip
def test_queries_of_the_desktop_programs_by_hand(small, text, right):
    assert found(small, text) == right
    query = parse_query(text)
    assert found(small, query) == right
    assert parse_query(repr(query)) == query


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["encloses", "within", "overlaps", "xor", "intersection"]),
       st.sampled_from(["friend", "trust*", "my friend", "her ~0 friend", "is"]),
       st.sampled_from(["friend", "my friend", "trusts her friend", "trust* ~2 friend"]))  # fmt: skip
def test_pairs_are_those_of_all_pairs(small, how, one, other):
    def spans(pattern):
        table = search(small, q.words(pattern))
        return set(zip(table["interview"], table["start"], table["end"], strict=True))

    left, right = spans(one), spans(other)

    def over(x, y):
        return x[0] == y[0] and x[1] < y[2] and y[1] < x[2]

    pairs = [(x, y) for x, y in product(left, right) if over(x, y)]
    expected = {
        "overlaps": {x for x, _ in pairs},
        "within": {x for x, y in pairs if y[1] <= x[1] and x[2] <= y[2]},
        "encloses": {x for x, y in pairs if x[1] <= y[1] and y[2] <= x[2]},
        "intersection": {(x[0], max(x[1], y[1]), min(x[2], y[2])) for x, y in pairs},
        "xor": (left - {x for x, _ in pairs}) | (right - {y for _, y in pairs}),
    }[how]
    table = search(small, getattr(q, how)(one, other))
    assert set(zip(table["interview"], table["start"], table["end"], strict=True)) == expected


def test_a_thousand_terms_are_no_deeper_than_two(small):
    names = [f"w{i}" for i in range(1_000)] + ["kind"]
    joined = " or ".join(f'"{name}"' for name in names)
    assert len(search(small, joined)) == 1
    query = q.words(names[0])
    for name in names[1:]:
        query = query | name
    assert repr(parse_query(joined)) == repr(query)
    assert len(parse_query(" and ".join(['"a"'] * 1_000)).parts) == 1_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'near("a", "b", words={"9" * 5_000})', "number is too long"),
        ('holds("a", low=3, high=2)', "below low"),
        ("weight()", "says no bound"),
        ('holds("a", low=-1)', "low must be a whole number"),
        ('saved("x")', "no query is saved as 'x'"),
        ("saved(3)", "needs a name"),
    ],
)
def test_what_cannot_be_is_said(small, text, said):
    with pytest.raises(QuidqualError, match=re.escape(said)):
        search(small, text)


def test_queries_are_kept_with_the_study(small, tmp_path):
    with pytest.raises(QuidqualError, match="no folder"):
        save_query(small, "ties", 'code("trust")')
    small.save(tmp_path / "s")
    import quidqual as qq

    study = qq.open_study(tmp_path / "s")
    save_query(study, "ties", q.code("trust") & q.coder("K"))
    save_query(study, "again", 'saved("ties") or "kind"')
    assert list(saved_queries(study)) == ["ties", "again"]
    assert found(study, 'saved("again")') == [("A-R1", PAIR, "K"), ("A-R1", "kind", "")]
    with pytest.raises(QuidqualError, match="there already"):
        save_query(study, "ties", '"other"')
    (tmp_path / "s" / "queries.yaml").write_text("a: 'saved(\"a\")'\n")
    with pytest.raises(QuidqualError, match="no query is saved"):
        search(study, 'saved("a")')
    (tmp_path / "s" / "queries.yaml").write_text("- 1\n")
    with pytest.raises(QuidqualError, match="names with a query"):
        saved_queries(study)
