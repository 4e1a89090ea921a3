"""Every claim of the example can be false: the smallest change of its data contradicts it.

The changes are data, in ``falsehoods.txt``; a claim that no change of the data could make
false would say nothing.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pandas as pd
import pytest

import quidqual as qq
import quidqual.examples
from quidqual.findings.cases import Cases
from quidqual.findings.verdict import checks_of
from quidqual.reporting.report_passages import Report, share_covered
from quidqual.study.measure import measure_of

LINES = [
    line.split(": ", 1)
    for line in (Path(__file__).parent / "falsehoods.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
FALSEHOODS = [(key.split()[0], int(key.split()[1]), steps.split("; ")) for key, steps in LINES]
CONTRADICTED = {"D8", "O9"}  # by the report's own figures and words, whatever is changed
UNDECIDED = {"R22"}  # depends on what is counted


def changed(study, steps):
    """Build the study anew with some cells or codings of it changed."""
    people, talks = study.raw.participants.copy(), study.raw.interviews.copy()
    codings = study.codings[study.codings["coder"] == "A"].copy()
    notes, book = dict(study.raw.notes), study.codebook
    for step in steps:
        verb, *words = step.split()
        if verb == "drop":
            here = (codings["code"] == words[0]) & (codings["participant"] == words[1])
            if len(words) > 2:
                here &= codings["round"] == words[2]
            assert here.any(), f"nothing to drop: {step}"
            codings = codings[~here]
        elif verb == "add":
            code, person, name = words
            row = codings[(codings["participant"] == person) & (codings["round"] == name)].head(1)
            codings = pd.concat([codings, row.assign(code=code, id="")], ignore_index=True)
        elif verb in ("interview", "participant"):
            frame = talks if verb == "interview" else people
            frame.loc[frame[verb] == words[0], words[1]] = " ".join(words[2:])
        elif verb == "miss":
            here = talks["interview"] == words[0]
            talks.loc[here, ["date", "mode", "place", "minutes", "note"]] = ""
            talks.loc[here, "status"] = "missed"
            notes.pop(words[0])
            codings = codings[codings["interview"] != words[0]]
        else:
            codes = [
                {key: value for key, value in code.to_dict().items() if key != "asked"}
                for code in book
            ]
            book = qq.Codebook(codes, constructs=book.constructs)
    return qq.Study.from_tables(
        title="changed", corpus="synthetic", rounds=study.rounds, participants=people,
        interviews=talks, notes=notes, codebook=book, codings=codings, claims=study.claims,
        settings={"primary_coder": "A", "uncoded": "absent"},
    )  # fmt: skip


def holds(study, claim, number):
    """Whether one check of a claim holds."""
    (found,) = [each for each in study.claims if each.id == claim]
    check = checks_of(found)[number]
    return measure_of(check).run(check, study, Cases.of(study, qq.presence(study))).holds


@pytest.fixture(scope="module")
def verdicts(example):
    book = qq.ledger(example).table
    return dict(zip(book["claim"], book["verdict"], strict=True))


@pytest.mark.parametrize(
    ("claim", "number", "steps"),
    FALSEHOODS,
    ids=[f"{claim}-{number}-{'+'.join(steps)}" for claim, number, steps in FALSEHOODS],
)
def test_the_smallest_change_makes_a_claim_false(example, verdicts, claim, number, steps):
    assert verdicts[claim] == "reproduced (synthetic)"
    after = changed(example, steps)
    assert qq.ledger(after, claims=claim).table["verdict"].tolist() == ["contradicted"]
    assert holds(after, claim, number) is False
    for idle in steps if len(steps) > 1 else ():
        fewer = changed(example, [step for step in steps if step != idle])
        assert holds(fewer, claim, number) is True, f"{idle} is not needed"


def test_every_check_that_data_could_change_has_such_a_change(example, verdicts):
    wanted = {
        (claim.id, number)
        for claim in example.claims
        if claim.id not in CONTRADICTED | UNDECIDED
        for number, check in enumerate(claim.checks)
        if check["measure"] != "arithmetic"
    }
    assert {(claim, number) for claim, number, _ in FALSEHOODS} == wanted
    without = {claim for claim, verdict in verdicts.items() if verdict.startswith("reproduced")}
    assert {claim for claim, _ in wanted} == without


def test_the_report_cannot_have_both_l1_and_o9(example, verdicts):
    """Page 10 says that three of four trainers fall short; page 13 that the programmes do not."""
    assert verdicts["O9"] == "contradicted"
    steps = [f"drop trauma_gap {trainer}" for trainer in ("T2", "T3", "T4")]
    book = qq.ledger(changed(example, steps), claims=["L1", "O9"]).table.set_index("claim")[
        "verdict"
    ]
    assert book.to_dict() == {"L1": "contradicted", "O9": "reproduced (synthetic)"}


def test_what_matters_most_depends_on_what_is_counted(example, verdicts):
    """Counted here from the log: the basket of relationships against each personal one."""
    assert verdicts["R22"] not in ("reproduced (synthetic)", "contradicted")
    codings = example.codings[example.codings["coder"] == "A"]
    (claim,) = [each for each in example.claims if each.id == "R22"]
    (check,) = claim.checks
    first_basket = {"relationships": check["codes"], **check["among"]}
    baskets = {"": first_basket, **{n: {**first_basket, **b} for n, b in check["baskets"].items()}}

    def size(codes, column):
        return codings.loc[codings["code"].isin(codes), column].nunique()

    first = {
        (name, column): all(
            size(basket["relationships"], column) > size(codes, column)
            for factor, codes in basket.items()
            if factor != "relationships"
        )
        for name, basket in baskets.items()
        for column in ("id", "interview")
    }
    assert len(first) == 10
    assert any(first.values())
    assert not all(first.values())
    row = qq.ledger(example, claims="R22").table.iloc[0]
    assert row["verdict"] == "not decided"
    assert "depends on what is counted" in row["why"]
    ways = {"id": "mentions", "interview": "interviews"}
    assert sum(first.values()) > 5, "so those that fail are named"
    for (name, column), holds in first.items():
        assert (f"{ways[column]} ({name})" in row["why"]) is (not holds and name != ""), name
    assert row["computed"] == f"rank 1 in {sum(first.values())} of 10 ways of counting"


def test_r22_is_contradicted_where_no_basket_makes_it_true(example):
    (claim,) = [each for each in example.claims if each.id == "R22"]
    (check,) = claim.checks
    codes = {*check["codes"], *check["baskets"]["both wide"]["relationships"]}
    codings = example.codings[example.codings["coder"] == "A"]
    there = codings[codings["code"].isin(codes)]
    pairs = sorted(set(zip(there["code"], there["participant"], strict=True)))
    after = changed(example, [f"drop {code} {person}" for code, person in pairs])
    assert qq.ledger(after, claims="R22").table["verdict"].tolist() == ["contradicted"]


def test_plain_counts_are_those_of_the_log(example):
    """Whoever has one of the codes in the coder's log, counted without the library."""
    folder = qq.examples.example_folder()
    log = [
        json.loads(line) for line in (folder / "codings/A.jsonl").read_text("utf-8").splitlines()
    ]
    with open(folder / "participants.csv", encoding="utf-8", newline="") as stream:
        people = list(csv.DictReader(stream))
    plain = {"measure", "codes", "who", "rounds", "op", "k", "n"}
    compared = 0
    for claim in example.claims:
        for check in claim.checks:
            if check["measure"] != "prevalence" or not set(check) <= plain:
                continue
            who = check.get("who") or {"group": claim.group}
            named = {p["participant"] for p in people if all(p[c] == v for c, v in who.items())}
            rounds = check.get("rounds") or ["R1", "R2", "R3", "R4"]
            found = {
                person
                for entry in log
                for person, name in [entry["interview"].split("-")]
                if entry["code"] in check["codes"] and person in named and name in rounds
            }
            k, op = check["k"], check.get("op", "eq")
            assert len(named) == check["n"], claim.id
            holds = {"eq": len(found) == k, "ge": len(found) >= k, "le": len(found) <= k}[op]
            assert holds is (claim.id not in CONTRADICTED), (claim.id, sorted(found))
            compared += 1
    assert compared > 60


def test_stated_counts_are_those_that_the_check_asks_for(example):
    for claim in example.claims:
        if "k" in claim.stated:
            (check,) = claim.checks
            assert {key: check[key] for key in ("k", "n")} == dict(claim.stated), claim.id
            assert check.get("op", "eq") == "eq"


def test_every_x_to_y_says_how_it_is_read(example):
    """The report writes "3 to 5" for three of five; each claim that rests on it says so."""
    wanted = {"R6", "R7", "R8", "R12", "R20", "R23", "R28", "L2"}
    said = {c.id for c in example.claims if re.search(r'"\d to \d" is read as \d of \d', c.note)}
    assert said == wanted


def test_what_the_table_of_facts_left_out_is_a_claim_too(example):
    ids = {claim.id for claim in example.claims}
    more = {"D14", "R30", "R31", "R32", "R33", "R34", "R35", "R36", "R37", "R38", "R39"}
    more |= {f"R{i}" for i in range(40, 60) if i != 52}
    more |= {f"L{i}" for i in range(4, 19) if i not in (7, 10)} | {f"O{i}" for i in range(1, 11)}
    assert more <= ids
    facts = {re.match(r"[DRL]\d+[a-d]?", name).group() for name in ids - more}
    assert len(facts) + len(more) == len(ids) == 101


def test_claims_stand_in_the_order_of_the_report(example):
    starts = [claim.anchor.at for claim in example.claims if claim.anchor]
    assert len(starts) == len(example.claims)
    assert starts == sorted(starts)


def test_results_and_lessons_are_covered(example, shared):
    """At least 95% of the letters of both sections lie under an anchor, and each is found."""
    book = qq.ledger(example)
    report = Report.of(shared / "report" / "report.txt")
    assert book.passages(report)["status"].eq("found").all()
    table = book.coverage(report)
    assert table["section"].unique().tolist() == ["Results", "Lesson learned"]
    assert share_covered(table) >= 0.95
