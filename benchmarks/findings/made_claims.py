"""Claims as the report of a large study states them: of every measure, some met and some not.

The sentences of the report are made up like those of the notes, and so are the figures.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import quidqual as qq
from quidqual.findings.ledger import Ledger
from quidqual.reporting.report_passages import Report
from quidqual.study.claims import Claim

TOPICS = [f"topic{i}" for i in range(12)]
WHEN = ("any", "first", "fades", "rises", "last", "later", "never", "only_last", "every")
EDGE = 60  # letters by which a section's beginning and end are told


def claims_of(study: qq.Study, said: Sequence[str]) -> tuple[dict[str, Any], str]:
    """Give ``claims``, ``report`` and ``recommendations`` of a study, and the report's text."""
    draw = random.Random(3)
    passages = [" ".join(said[3 * i : 3 * i + 3]) for i in range(80)]
    report = Report("\n\n".join(passages))
    at = {text: report.text.index(text) for text in passages}
    design, found = list(_design(study)), list(_found(study, draw))
    draw.shuffle(found)
    topics = TOPICS[:1] * len(design) + [
        TOPICS[1 + 11 * i // len(found)] for i in range(len(found))
    ]
    made = zip(topics, design + found, strict=True)
    claims = [
        {
            "id": f"C{i}",
            "topic": topic,
            "page": 1 + i // 6,
            "summary": f"Finding {i} of the report, in words of its own.",
            "anchor": _anchor(report, at[passages[i]], at[passages[i]] + len(passages[i])),
            **claim,
        }
        for i, (topic, claim) in enumerate(made)
    ]
    book = Ledger(study, [Claim.from_dict(claim) for claim in claims], qq.presence(study))
    draft = book.table.set_index("claim")["computed"]
    for claim in claims:
        check = claim.get("check")
        if isinstance(check, dict) and check.get("op") == "eq":  # two of three state what is there
            found = draft[claim["id"]].split(" of ")[0]  # or "not observed"
            k, right = int(found) if found.isdigit() else 0, draw.random() < 0.67
            check["k"] = k if right else max(k - 3, 0)
            claim["stated"] = {"k": check["k"], "n": check["n"]}
    letters = report.anchor(0, len(report.text)).letters
    edges = [report.find_letter(n) for n in (0, EDGE - 1, letters - EDGE, letters - 1)]
    told = {
        "title": "A report that was made up",
        "topics": [{"id": t, "title": t.title(), "question": f"What is said of {t}?"} for t in TOPICS],
        "sections": [{
            "title": "Results",
            "begins": _anchor(report, edges[0], edges[1] + 1),
            "ends": _anchor(report, edges[2], edges[3] + 1),
        }],
    }  # fmt: skip
    advice = [
        {"id": f"P{i}", "page": 12 + i // 9, "summary": f"Do what finding {i} asks for.",
         "rests_on": [claim["id"] for claim in draw.sample(claims, i % 4)]}
        for i in range(36)
    ]  # fmt: skip
    return {"claims": claims, "report": told, "recommendations": advice}, report.text


def _anchor(report: Report, start: int, end: int) -> dict[str, Any]:
    return vars(report.anchor(start, end))


def _found(study: qq.Study, draw: random.Random) -> Iterator[dict[str, Any]]:
    """Give kind, group and check of each claim about what was found."""
    codes = list(study.codebook.codable)
    rounds = list(study.round_order)
    groups = study.participants.groupby("group", sort=False).size().to_dict()
    for i in range(48):
        group, n = draw.choice(list(groups.items()))
        a, b, c, d, e = draw.sample(codes, 5)
        when = WHEN[i % len(WHEN)] if len(rounds) > 1 else "any"
        course = {"first": [a], "then": [b]} if len(rounds) > 1 else {"codes": [a, b]}
        share = max(n // (2 if when in ("any", "never") else 6), 1)
        kind, check = (
            ("prevalence", {"codes": [a], "op": "eq", "k": 0, "n": n}),
            ("change", {"codes": [a], "when": when, "op": "ge", "k": share}),
            ("qualitative", {"where": [{"codes": [a]}, {"codes": [b, c], "when": when}],
                             "op": "ge", "k": share}),
            ("prevalence", {"codes": [a, b], "match": "all", "op": "le",
                            "k": min(share, n - 1)}),
            ("change", {"where": [course, {"codes": [c], "when": "last"}],
                        "op": "ge", "k": max(n // 8, 1)}),
            ("prevalence", {"codes": [a], "rounds": rounds[1:2] or rounds, "op": "eq", "k": 0,
                            "n": n}),
            ("change", {"where": [{"codes": [x], "when": w} for x, w in zip(
                (a, b, c, d), ("first", "last", "first", "last"), strict=True)],
                "op": "eq", "k": 1, "n": n}),
            ("prevalence", {"who": {"role": "adviser"}, "codes": [a, b, c], "op": "ge",
                            "k": max(n // 20, 1)}),
        )[i % 8]  # fmt: skip
        check = {"measure": "prevalence", **check}
        several = [check, {**check, "op": "ge", "k": 1}] if i % 8 in (2, 4) else check
        yield {"kind": kind, "group": group, "check": several, "against": [d, e],
               "stated": {"text": "many"}}  # fmt: skip
    for _ in range(6):
        yield {"kind": "qualitative", "not_checkable": "a judgement, about which no note can tell"}
    for i in range(3):
        own, *rivals = (codes[j : j + 4] for j in range(i, i + 20, 4))
        names = ["background", "institutions", "economy", "personal"]
        yield {"kind": "ranking", "stated": {"text": "rank 1"}, "topic": TOPICS[5], "check": {
            "measure": "ranking", "name": "relationships", "codes": own,
            "among": dict(zip(names, rivals, strict=True)), "by": ["mentions", "interviews"],
            "baskets": {"wide": {"relationships": own + codes[24 + i : 28 + i]}}}}  # fmt: skip


def _design(study: qq.Study) -> Iterator[dict[str, Any]]:
    """Give the claims about who took part, when and how often."""
    people, talks = study.participants, study.interviews
    held = talks[talks["status"] == "held"]
    groups = people.groupby("group", sort=False).size().to_dict()
    times = held.groupby("participant").size().value_counts().to_dict()
    n = len(held)
    checks: tuple[Mapping[str, Any], ...] = (
        {"measure": "interviews", "equals": n},
        {"measure": "interviews", "where": {"mode": "video"}, "op": "ge", "equals": n // 9 + 1},
        {"measure": "participants", "by": "group", "equals": groups},
        {"measure": "per_person", "equals": times},
        {"measure": "minutes", "at_least": 30, "longest_over": 60},
        {"measure": "dates", "first": "2021-01", "last": "2021-06"},
        {"measure": "levels", "of": "age_band", "includes": ["20s", "30s"], "within": ["20s", "30s"]},
        {"measure": "protocol"},
        {"measure": "arithmetic", "sum": [[size, 1] for size in groups.values()] + [[1, 2]],
         "equals": len(people)},
    )  # fmt: skip
    for check in checks:
        if check.get("of", "group") not in people:
            continue
        yield {"kind": "design", "check": check, "stated": {"text": "as designed"}}
