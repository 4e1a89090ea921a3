import pytest

import quidqual as qq
from quidqual.findings.checks import Result
from quidqual.findings.readings import agreed, nearest_sibling
from quidqual.findings.robustness import in_words

from .conftest import make


def claim(**check):
    return {
        "id": "C",
        "kind": "prevalence",
        "group": "g",
        "summary": "s",
        "check": {"measure": "prevalence", **check},
    }


def table_of(study):
    return qq.robustness(study).set_index("reading")


def test_a_single_case_fails_without_its_person():
    study = make(
        {"P1": {"c": "10"}, "P2": {"c": "00"}, "P3": {"c": "00"}},
        claims=[claim(codes=["c"], k=1, n=3)],
    )
    table = table_of(study)
    assert table.loc["without P1", ["computed", "holds", "exact"]].tolist() == [
        "0 of 2",
        False,
        False,
    ]
    assert table.loc["without P2", ["computed", "holds", "exact"]].tolist() == [
        "1 of 2",
        True,
        False,
    ]
    assert not table.loc["without R1", "holds"]
    assert table.loc["without R2", "holds"]
    sentence = qq.robustness_sentences(qq.robustness(study))["sentence"].iloc[0]
    assert sentence == "holds in 3 of 5 readings; fails without P1, without R1"


def test_all_stays_all_with_fewer_people():
    study = make({"P1": {"c": "11"}, "P2": {"c": "11"}}, claims=[claim(codes=["c"], k=2, n=2)])
    assert qq.robustness(study)["holds"].all()


@pytest.mark.parametrize(
    ("stated", "found", "holds"),
    [
        ((0, 4), (0, 3), True), ((0, 4), (1, 3), False), ((4, 4), (2, 3), False), ((3, 4), (2, 3), True),
        ((3, 4), (1, 3), False), ((2, 4), (1, 3), True), ((2, 4), (3, 3), False), ((2, 4), (0, 3), False),
    ],
)  # fmt: skip
def test_what_a_figure_says_in_words(stated, found, holds):
    check = {"k": stated[0], "n": stated[1]}
    assert in_words(check, Result(False, "", k=found[0], n=found[1])) is holds


def test_agreed_reading_keeps_only_what_all_coders_say(example):
    codings = example.codings
    read = (codings["coder"] == "A") | (codings["interview"] == "S1-R1")
    study = qq.Study.from_tables(
        title="part", corpus="synthetic", rounds=example.rounds, participants=example.participants,
        interviews=example.interviews, notes=example.raw.notes, codebook=example.codebook,
        codings=codings[read],
        settings={"primary_coder": "A", "coders": {"A": {"covers": "all"}, "B": {"covers": ["S1-R1"]}}},
    )  # fmt: skip
    table = agreed(study)
    apart = table[table["reason"] == "not_agreed"]
    assert len(apart)
    assert apart["state"].eq("not_observed").all()
    b = qq.presence(study, coder="B")
    silent = b.loc[b["reason"] == "not_coded", "interview"].unique()
    assert len(silent) == 27 - 1
    assert table.loc[table["interview"].isin(silent), "state"].eq("not_observed").all()


def test_nearest_sibling_is_the_one_that_shares_passages():
    study = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=[{"round": "R1"}], participants=[{"participant": "P", "group": "g"}],
        interviews=[{"interview": "i", "participant": "P", "round": "R1"}], notes={"i": "one two three"},
        codebook=[{"id": "t", "codable": False}, *({"id": x, "parent": "t"} for x in "abc")],
        codings=[
            {"interview": "i", "start": 0, "end": 7, "code": "a"},
            {"interview": "i", "start": 4, "end": 7, "code": "c"},
            {"interview": "i", "start": 8, "end": 13, "code": "b"},
        ],
    )  # fmt: skip
    assert nearest_sibling(study, "a") == "c"
    assert nearest_sibling(study, "b") is None


def test_the_ledger_shows_it_beside_the_verdict(example):
    row = qq.ledger(example, claims="R25", robust=True).iloc[0]
    assert row["robustness"].startswith("holds in")
    assert "without S3" in row["robustness"]
