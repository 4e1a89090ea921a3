"""Recommendations and what they rest on."""

from __future__ import annotations

import pytest

import quidqual as qq
from quidqual.study.schema import check_document
from tests.findings.conftest import make
from tests.reporting.conftest import study_of


def test_those_that_rest_on_nothing_are_told_apart():
    found = qq.ledger(study_of()).recommendations.set_index("recommendation")
    assert found["rests_on"].to_dict() == {"A": ("C 1", "C2"), "B": ()}
    assert found["status"].to_dict() == {"A": "rests on findings", "B": "rests on no finding"}


def test_those_of_the_example_cover_the_pages_and_name_claims_that_are_there():
    found = qq.ledger(qq.load_example()).recommendations
    pages = {int(page[:2]) for page in found["page"]}
    assert pages == {9, 10, 11, 12, 13, 14}
    empty = found[found["status"] == "rests on no finding"]
    assert 0 < len(empty) < len(found)
    assert (empty["note"] != "").all()
    by_id = found.set_index("recommendation")["rests_on"]
    assert by_id["P13m"] == ("R6",)  # the report's p. 13 asks for what 3 of 5 staff want, R6


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "A", "summary": "x"},
        {"id": "A", "summary": "x", "rests_on": ["R1", "R1"]},
        {"id": "A", "summary": "x", "rests_on": [], "rest_on": []},
        {"id": "", "summary": "x", "rests_on": []},
    ],
)
def test_the_schema_refuses(entry):
    assert check_document({"claims": [], "recommendations": [entry]}, "claims", file="claims.yaml")


def test_a_study_without_any_gives_an_empty_table():
    assert qq.ledger(make({"P1": {"c": "1"}})).recommendations.empty
