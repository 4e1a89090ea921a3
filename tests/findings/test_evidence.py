"""Evidence: which passages stand for a claim and which against it."""

import pytest

import quidqual as qq

from .conftest import make

COURSES = {"P1": {"c": "10"}, "P2": {"c": "01"}, "P3": {"c": "00"}}


def claim(**fields):
    return {"id": "C", "kind": "prevalence", "group": "g", "summary": "s", **fields}


def sides(study):
    return qq.ledger(study).evidence("C")[["side", "code", "interview"]].values.tolist()


def test_evidence_points_to_the_words():
    check = {"measure": "prevalence", "codes": ["c"], "k": 2}
    study = make(COURSES, claims=[claim(check=check, against=["d"])])
    found = qq.ledger(study).evidence("C")
    assert found[["side", "interview", "words"]].values.tolist() == [
        ["for", "P1-R1", "word"],
        ["for", "P2-R2", "word"],
    ]
    row = qq.ledger(study).table.iloc[0]
    assert row["codings_for"] == tuple(found["id"])
    assert row["who"] == ("P1", "P2")
    assert row["others"] == ("P3",)


def test_what_is_overcome_speaks_for_the_change_at_first_and_against_it_later():
    """Self-blame in the first interview is where a fading begins; in the second, a setback."""
    study = make(
        {"P1": {"c": "1110", "d": "0011"}},
        claims=[
            claim(
                check=[
                    {"measure": "prevalence", "codes": ["c"], "when": "fades", "k": 1, "n": 1},
                    {"measure": "prevalence", "codes": ["d"], "when": "rises", "k": 1, "n": 1},
                ],
                against=["c"],
            ),
        ],
    )
    assert sides(study) == [
        ["for", "c", "P1-R1"],
        ["for", "d", "P1-R3"],
        ["for", "d", "P1-R4"],
        ["against", "c", "P1-R2"],
        ["against", "c", "P1-R3"],
    ]


def test_the_first_interview_is_the_first_that_was_held():
    check = [{"measure": "prevalence", "codes": ["c"], "when": "fades", "k": 1, "n": 1}]
    study = make(
        {"P1": {"c": "0110"}}, missed=("P1-R1",), claims=[claim(check=check, against=["c"])]
    )
    assert sides(study) == [["for", "c", "P1-R2"], ["against", "c", "P1-R3"]]


def test_what_is_there_at_first_and_stays_speaks_for_the_claim_in_every_round():
    check = [{"measure": "prevalence", "codes": ["c"], "when": "first", "k": 1, "n": 1}]
    study = make({"P1": {"c": "11"}}, claims=[claim(check=check)])
    assert sides(study) == [["for", "c", "P1-R1"], ["for", "c", "P1-R2"]]
    overcome = claim(check=check, against=["c"])
    assert sides(make({"P1": {"c": "11"}}, claims=[overcome])) == [
        ["for", "c", "P1-R1"],
        ["against", "c", "P1-R2"],
    ]


def test_the_main_result_of_the_example_begins_with_self_blame(example):
    found = qq.ledger(example).evidence("R11")
    blame = found[found["code"] == "self_blame"]
    assert set(blame.loc[blame["side"] == "for", "round"]) == {"R1"}
    assert "R1" not in set(blame.loc[blame["side"] == "against", "round"])


def test_unknown_claim(example):
    with pytest.raises(qq.QuidqualError, match="'R99': no such claim"):
        qq.ledger(example).evidence("R99")


@pytest.mark.parametrize(
    ("k", "against"), [(2, ["P1-R2"]), (3, ["P1-R2", "P3-R1"])], ids=["some of them", "all of them"]
)
def test_evidence_against_some_of_a_group_comes_from_those_who_carry_it(k, against):
    """That the third says the opposite is what "2 of 3" states; of "3 of 3" it is a denial."""
    study = make(
        {"P1": {"c": "10", "d": "01"}, "P2": {"c": "01"}, "P3": {"c": "00", "d": "10"}},
        claims=[
            claim(check={"measure": "prevalence", "codes": ["c"], "k": k, "n": 3}, against=["d"])
        ],
    )
    found = qq.ledger(study).evidence()
    assert found.loc[found["side"] == "against", "interview"].tolist() == against


def test_the_words_stand_before_the_ids(example):
    columns = list(qq.ledger(example).evidence("R25").columns)
    assert columns[:5] == ["claim", "side", "words", "participant", "round"]
    assert columns.index("id") > columns.index("memo")
    assert list(qq.ledger(example).table.columns)[:5] == [
        "claim", "summary", "stated", "computed", "verdict",
    ]  # fmt: skip


def test_each_group_of_a_claim_gives_evidence(example):
    """L2 has a check of the survivors and two of the staff: no group's words are left out."""
    found = qq.ledger(example).evidence("L2")
    assert set(found.loc[found["side"] == "for", "group"]) == {"survivor", "staff"}


def read_by_two(claims):
    """A gave c to both, B to P1 only and d to P1; both looked at all."""
    coded = [("P1", "c", "A"), ("P2", "c", "A"), ("P1", "c", "B"), ("P1", "d", "B")]
    people = ("P1", "P2")
    return qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R1"],
        participants=[{"participant": p, "group": "g"} for p in people],
        interviews=[{"interview": p, "participant": p, "round": "R1"} for p in people],
        notes=dict.fromkeys(people, "I stay."), codebook=["c", "d"],
        codings=[
            {"interview": p, "exact": "stay", "code": code, "coder": who} for p, code, who in coded
        ],
        reads=[{"coder": who, "interview": p} for p in people for who in "AB"],
        claims=claims, settings={"primary_coder": "A"},
    )  # fmt: skip


def stated(name, code, k):
    check = {"measure": "prevalence", "codes": [code], "k": k, "n": 2}
    return {"id": name, "kind": "prevalence", "group": "g", "summary": "s", "check": check}


def test_the_passages_are_those_of_the_reading_that_was_judged():
    study = read_by_two([stated("C", "c", 1), stated("D", "d", 1)])
    table = qq.ledger(study, presence=qq.presence(study, coder="B")).table
    # B's passage of P1 is A's too: one passage. What A gave P2 is no part of B's reading.
    assert table[["computed", "n_for"]].values.tolist() == [["1 of 2", 1], ["1 of 2", 1]]
    own = qq.ledger(study).table
    assert own[["computed", "n_for"]].values.tolist() == [["2 of 2", 2], ["0 of 2", 0]]


def test_one_passage_of_two_coders_counts_once():
    made = read_by_two([stated("C", "c", 2)])
    raw = made.raw
    united = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=["R1"], participants=made.participants,
        interviews=made.interviews, notes=raw.notes, codebook=made.codebook,
        codings=raw.codings, reads=raw.reads, claims=made.claims,
    )  # fmt: skip
    book = qq.ledger(united)
    assert book.table["n_for"].tolist() == [2]
    assert book.evidence()["coder"].tolist() == ["A", "B", "A"]


def test_a_table_from_elsewhere_is_brought_in_order_or_refused():
    study = read_by_two([stated("C", "c", 2)])
    table = qq.presence(study)
    text = table.astype(str).assign(n_codings=table["n_codings"])  # as from a CSV file
    assert qq.ledger(study, presence=text).table["computed"].tolist() == ["2 of 2"]
    with pytest.raises(qq.QuidqualError, match="state must be one of"):
        qq.ledger(study, presence=table.assign(state="maybe"))
    with pytest.raises(qq.QuidqualError, match="'X1', which this study does not know"):
        qq.ledger(study, presence=table.assign(participant=["X1"] * 2 + ["P2"] * 2))
