import re

import pytest

import quidqual as qq

from .conftest import make


def claim(**fields):
    return {"id": "C", "kind": "prevalence", "group": "g", "summary": "s", **fields}


COURSES = {"P1": {"c": "10"}, "P2": {"c": "01"}, "P3": {"c": "00"}}


@pytest.mark.parametrize(
    ("check", "verdict", "computed"),
    [
        (
            {"measure": "prevalence", "codes": ["c"], "k": 2, "n": 3},
            "reproduced (synthetic)",
            "2 of 3",
        ),
        ({"measure": "prevalence", "codes": ["c"], "k": 3, "n": 3}, "contradicted", "2 of 3"),
        ({"measure": "prevalence", "codes": ["c"], "k": 2, "n": 4}, "contradicted", "2 of 3"),
        (
            {"measure": "prevalence", "codes": ["c"], "when": "fades", "k": 1, "n": 3},
            "reproduced (synthetic)",
            "1 of 3",
        ),
        (
            {"measure": "prevalence", "codes": ["c"], "op": "ge", "k": 1},
            "reproduced (synthetic)",
            "2 of 3",
        ),
        (
            {
                "measure": "prevalence",
                "who": {"participant": ["P3"]},
                "codes": ["c"],
                "k": 0,
                "n": 1,
            },
            "reproduced (synthetic)",
            "0 of 1",
        ),
        (
            {"measure": "arithmetic", "sum": [[2, 3], [1, 1]], "equals": 7},
            "arithmetic",
            "2 x 3 + 1 = 7",
        ),
        ({"measure": "arithmetic", "sum": [[2, 3]], "equals": 7}, "contradicted", "2 x 3 = 6"),
        ({"measure": "interviews", "equals": 6}, "reproduced (synthetic)", "6"),
        (
            {"measure": "per_person", "equals": {2: 3}},
            "reproduced (synthetic)",
            "3 x 2 = 6 interviews",
        ),
        (
            {"measure": "minutes", "at_least": 1, "longest_over": 2},
            "not decided",
            "no lengths recorded",
        ),
        (
            {"measure": "dates", "first": "2021", "last": "2021"},
            "not decided",
            "no dates recorded",
        ),
        (
            {"measure": "ranking", "codes": ["c"], "among": {"rest": ["d"]}},
            "reproduced (synthetic)",
            "rank 1 by mentions (2; rest 0)",
        ),
        (
            {"measure": "ranking", "codes": ["d"], "among": {"rest": ["c"]}},
            "contradicted",
            "rank 2 by mentions (0; rest 2)",
        ),
        (
            {"measure": "participants", "by": "group", "equals": {"g": 3}},
            "reproduced (synthetic)",
            "g: 3",
        ),
    ],
)
def test_verdicts_by_hand(check, verdict, computed):
    row = qq.ledger(make(COURSES, claims=[claim(check=check)])).table.iloc[0]
    assert (row["verdict"], row["computed"]) == (verdict, computed)


def test_nobody_observed_is_not_decided_and_never_contradicted():
    missed = [f"P{i}-R{j}" for i in (1, 2, 3) for j in (1, 2)]
    study = make(
        COURSES,
        missed=missed,
        claims=[claim(check={"measure": "prevalence", "codes": ["c"], "k": 2, "n": 3})],
    )
    row = qq.ledger(study).table.iloc[0]
    assert row["verdict"] == "not decided"
    assert "no one was observed" in row["why"]


def test_what_is_asked_for_is_told_where_more_than_one_count_would_do():
    check = {"measure": "prevalence", "codes": ["c"], "op": "ge", "k": 1}
    row = qq.ledger(make(COURSES, claims=[claim(check=check)])).table.iloc[0]
    assert (row["computed"], row["why"]) == ("2 of 3", "the check asks for at least 1")
    exact = make(COURSES, claims=[claim(check={**check, "op": "eq", "k": 2})])
    assert qq.ledger(exact).table["why"].tolist() == [""]


PEOPLE = [
    {"participant": name, "group": "g", "age": age}
    for name, age in (("P1", "20s"), ("P2", "50s"), ("P3", "30s"))
]
TALKS = [
    {"interview": f"{name}-R1", "participant": name, "round": "R1", "place": place}
    for name, place in (("P1", "office"), ("P2", "office"), ("P3", "yard"))
]


@pytest.mark.parametrize(
    ("check", "holds"),
    [
        ({"measure": "levels", "of": "age", "includes": ["20s", "50s"]}, True),
        ({"measure": "levels", "of": "age", "includes": ["20s"], "within": ["20s", "30s"]}, False),
        ({"measure": "levels", "of": "age", "includes": ["20s"], "within": ["20s", "30s", "50s"]}, True),
        ({"measure": "interviews", "where": {"place": "office"}, "op": "ge", "equals": 2}, True),
        ({"measure": "interviews", "where": {"place": "office"}, "op": "ge", "equals": 3}, False),
        ({"measure": "interviews", "where": {"group": "g", "place": "yard"}, "equals": 1}, True),
        ({"measure": "interviews", "where": {"group": "h"}, "equals": 0}, True),
    ],
)  # fmt: skip
def test_what_is_within_bounds_and_where_interviews_were(check, holds):
    study = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=[{"round": "R1"}], participants=PEOPLE, interviews=TALKS,
        notes={f"P{i}-R1": "word" for i in (1, 2, 3)}, codebook=[{"id": "c"}], claims=[claim(check=check)],
    )  # fmt: skip
    verdict = "reproduced (synthetic)" if holds else "contradicted"
    assert qq.ledger(study).table["verdict"].tolist() == [verdict]


BASKETS = {"measure": "ranking", "name": "ties", "codes": ["c"], "among": {"self": ["d"]}}


@pytest.mark.parametrize(
    ("more", "decided"),
    [
        ({}, True),
        ({"by": ["mentions", "interviews"]}, True),
        ({"baskets": {"wide": {"self": ["d", "e"]}}}, None),
        ({"baskets": {"wide": {"self": ["d", "e"]}, "both": {"self": ["d", "e"], "ties": ["c", "e"]}}}, None),
        ({"codes": ["d"], "among": {"self": ["c"]}, "baskets": {"wide": {"self": ["c", "e"]}}}, False),
    ],
)  # fmt: skip
def test_a_ranking_depends_on_its_baskets_where_they_disagree(more, decided):
    """c is in three interviews, d in two, e in two others."""
    courses = {"P1": {"c": "11", "d": "10", "e": "01"}, "P2": {"c": "10", "d": "10", "e": "01"}}
    study = make(courses, codes=("c", "d", "e"), claims=[claim(check={**BASKETS, **more})])
    row = qq.ledger(study).table.iloc[0]
    if decided is None:
        assert row["verdict"] == "not decided"
        assert "depends on what is counted" in row["why"]
    else:
        assert row["verdict"] == ("reproduced (synthetic)" if decided else "contradicted")
    rivals = qq.ledger(study).rivals("C")
    assert set(rivals["basket"]) == {"", *more.get("baskets", {})}


def test_a_real_corpus_is_marked_real():
    check = {"measure": "prevalence", "codes": ["c"], "k": 2}
    row = qq.ledger(make(COURSES, corpus="real", claims=[claim(check=check)])).table.iloc[0]
    assert (row["verdict"], row["corpus"]) == ("reproduced (real)", "real")


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ({"measure": "magic"}, "there is no measure 'magic'"),
        ({"measure": "prevalence", "codes": ["c"]}, "needs 'k'"),
        (
            {"measure": "prevalence", "codes": ["c"], "k": 1, "op": "about"},
            "'about' is not allowed here",
        ),
        (
            {"measure": "prevalence", "codes": ["c"], "k": 1, "who": {"shoe": "x"}},
            "no column 'shoe'",
        ),
    ],
)
def test_bad_checks_are_explained(check, words):
    with pytest.raises(qq.QuidqualError, match=words):
        qq.ledger(make(COURSES, claims=[claim(check=check)]))


def test_unknown_claim(example):
    with pytest.raises(qq.QuidqualError, match="'R99': no such claim"):
        qq.ledger(example, claims="R99")


# ---- the example


def test_the_example_reaches_what_the_report_states(example):
    book = qq.ledger(example).table
    assert len(book) == 101
    counts = book["verdict"].value_counts().to_dict()
    assert counts == {
        "reproduced (synthetic)": 82, "not checkable": 16, "contradicted": 2, "not decided": 1,
    }  # fmt: skip
    assert set(book["corpus"]) == {"synthetic"}


def test_27_against_28_is_shown_as_the_reports_own_contradiction(example):
    row = qq.ledger(example, claims="D8").table.iloc[0]
    assert row["verdict"] == "contradicted"
    assert "= 28" in row["computed"]
    assert "do not add up" in row["why"]
    assert qq.ledger(example, claims="D1").table.iloc[0]["computed"] == "27"


def without(study, drop):
    """Rebuild the example without the codings for which drop(row) is true."""
    codings = study.codings
    kept = codings[~codings.apply(drop, axis=1)]
    return qq.Study.from_tables(
        title="changed", corpus="synthetic", rounds=study.rounds, participants=study.participants,
        interviews=study.interviews, notes=study.raw.notes, codebook=study.codebook, codings=kept,
        claims=study.claims, settings={"primary_coder": "A"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ids", "drop"),
    [
        (["R1"], lambda c: c["code"] == "limbo" and c["participant"] == "S1"),
        (["R5"], lambda c: c["code"] == "careful_engagement" and c["participant"] == "T3"),
        (
            ["R11"],
            lambda c: c["code"] == "self_blame" and c["round"] == "R1" and c["participant"] == "S2",
        ),
        (["R18"], lambda c: c["code"] == "future_self" and c["participant"] == "S1"),
        (["R26c"], lambda c: c["code"] == "insecurity" and c["round"] == "R3"),
        (["L2"], lambda c: c["code"] == "workshop_motivated" and c["participant"] == "W1"),
    ],
)
def test_a_claim_made_false_comes_out_as_contradicted(example, ids, drop):
    before = qq.ledger(example, claims=ids).table
    after = qq.ledger(without(example, drop), claims=ids).table
    assert (before["verdict"] == "reproduced (synthetic)").all()
    assert (after["verdict"] == "contradicted").all()


def test_adding_a_case_contradicts_a_claim_of_none(example):
    codings = example.codings
    extra = codings[(codings["code"] == "none_noticed") & (codings["participant"] == "T1")].head(1)
    more = extra.assign(code="unhealthy_relationships", id="")
    import pandas as pd

    study = qq.Study.from_tables(
        title="changed", corpus="synthetic", rounds=example.rounds, participants=example.participants,
        interviews=example.interviews, notes=example.raw.notes, codebook=example.codebook,
        codings=pd.concat([codings, more]), claims=example.claims, settings={"primary_coder": "A"},
    )  # fmt: skip
    row = qq.ledger(study, claims="R4").table.iloc[0]
    assert row["verdict"] == "contradicted"
    assert row["n_against"] == 1


def test_every_row_of_the_facts_is_a_claim(example):
    ids = {claim.id for claim in example.claims}
    wanted = (
        {f"D{i}" for i in range(1, 14)}
        | {f"R{i}" for i in range(1, 30) if i != 26}
        | {f"R26{x}" for x in "abcd"}
        | {"L1", "L2", "L3"}
    )
    assert ids >= wanted  # tests/findings/test_example_claims.py names the others


def test_the_ledger_is_one_object_that_shows_what_is_looked_at_first(example):
    book = qq.ledger(example)
    assert repr(book).startswith("<Ledger of 101 claims: ")
    html = book._repr_html_()
    assert html.index(">summary</th>") < html.index(">verdict</th>") < html.index(">claim</th>")
    first = html[html.index("<tbody>") :]
    assert first.index(example.claims[0].summary[:20]) < first.index("D1</td>")
    evil = make(COURSES, claims=[claim(summary="<script>x</script>", not_checkable="why")])
    assert "<script>" not in qq.ledger(evil)._repr_html_()
    assert repr(qq.ledger(make(COURSES))) == "<Ledger of 0 claims>"
    with pytest.raises(qq.QuidqualError, match="made of other claims"):
        qq.ledger(example, claims="D1").evidence("R1")


def test_counts_of_interviews_say_of_what(example):
    table = qq.ledger(example, claims=["D1", "D5", "D14"]).table.set_index("claim")["computed"]
    assert table["D1"] == "27"
    assert table["D5"] == "3 interviews (video); 24 interviews (in person)"
    assert "14 interviews (survivor, room of her choice or video)" in table["D14"]


def test_several_counts_each_say_what_they_count(example):
    """Of "0 of 5; 5 of 5" a reader learns nothing."""
    table = qq.ledger(example).table.set_index("claim")["computed"]
    assert table["R4"] == (
        "0 of 5 with ‘Unhealthy relationships at work’; 5 of 5 with ‘None noticed’"
    )
    assert table["R11"] == "4 of 4 with ‘Self-blame’ fading; 4 of 4 with ‘Self-esteem’ rising"
    assert table["R56"].startswith("1 of 4 (survivor) with ‘Emotional support beside training’; 1 ")
    assert table["R45"] == "2 of 4"  # two limits of one count are one count
    assert table["R3"] == ""
    several = table[table.str.contains(";")]
    assert len(several) > 30
    for computed in several:
        parts = computed.split("; ")
        assert len(set(parts)) == len(parts), computed
        assert all(re.search(r"[a-z]{3,}", part) for part in parts), computed


def test_a_count_beside_others_says_the_time_and_who_is_meant():
    check = {"measure": "prevalence", "k": 1, "n": 2}
    checks = [
        {**check, "codes": ["c", "d"], "when": "never"},
        {**check, "first": ["c"], "then": ["d"], "rounds": ["R1", "R2"]},
        {**check, "where": [{"codes": ["c", "d"]}, {"codes": ["c"], "when": "last"}]},
        {**check, "codes": ["c", "d"], "match": "all", "who": {"group": "g"}},
    ]
    study = make(
        {"P1": {"c": "10", "d": "01"}, "P2": {"c": "00", "d": "00"}},
        claims=[{"id": "C", "kind": "prevalence", "group": "g", "summary": "s", "check": checks}],
    )
    assert qq.ledger(study).table["computed"].item().split("; ") == [
        "1 of 2 without ‘c’ or ‘d’",
        "1 of 2 with ‘c’ before ‘d’ (R1, R2)",
        "0 of 2 with (‘c’ or ‘d’) and ‘c’ at the end",
        "0 of 2 (g) with ‘c’ and ‘d’",
    ]


def test_what_has_happened_is_told_before_in_the_figure_of_courses(example):
    from quidqual.findings.evidence import lines_of_courses

    lines = lines_of_courses(qq.ledger(example).courses(), example.codebook)
    gained = lines[lines["code"] == "status_gained"].set_index("round")["state"].astype(str)
    assert gained.to_dict() == {
        "R1": "not there",
        "R2": "not there",
        "R3": "there",
        "R4": "told before",
    }
