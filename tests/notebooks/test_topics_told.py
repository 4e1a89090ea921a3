"""Every topic is told in one part of the report and in no other, however many there are."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import nbformat
import pytest

import quidqual as qq
from tests.findings.conftest import make

PARTS = sorted((Path(__file__).parents[2] / "notebooks").glob("report_*.ipynb"))


def told_by(notebook, ledger):
    """The claims of the topics that a notebook asks for."""
    claims = []
    for cell in nbformat.read(notebook, as_version=4).cells:
        for node in ast.walk(ast.parse(cell.source if cell.cell_type == "code" else "")):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if called and node.func.attr == "topic":
                asked = ast.unparse(node)
                if asked == "ledger.topic(*ledger.topics['topic'])":
                    continue  # the closing over all of them
                topic = eval(asked, {"ledger": ledger})  # an expression of our own notebook
                claims += [claim.id for claim in topic.ledger.claims]
    return claims


@pytest.mark.parametrize("topics", [0, 1, 3, 11, 12, 13, 15])
@pytest.mark.parametrize("without", [0, 1])
def test_each_claim_is_told_once(topics, without):
    fields = {"kind": "design", "summary": "s", "not_checkable": "w"}
    named = [f"t{n}" for n in range(topics)] + [""] * without
    base = make({"P1": {"c": "1"}})
    study = qq.Study.from_tables(
        title="t", corpus="synthetic", rounds=base.rounds, participants=base.participants,
        interviews=base.interviews, notes=base.raw.notes, codebook=base.codebook,
        claims=[{"id": f"C{n}", "topic": name, **fields} for n, name in enumerate(named)],
        report={"topics": [{"id": f"t{n}", "title": f"T{n}"} for n in range(topics)]},
    )  # fmt: skip
    ledger = qq.ledger(study)
    told = Counter(claim for part in PARTS for claim in told_by(part, ledger))
    assert told == Counter(claim.id for claim in study.claims)


def test_the_ninth_part_is_the_twelfth_topic_alone():
    ledger = qq.ledger(qq.load_example())
    (ninth,) = [part for part in PARTS if part.name.startswith("report_09")]
    assert told_by(ninth, ledger) == [c.id for c in ledger.claims if c.topic == "judgement"]
