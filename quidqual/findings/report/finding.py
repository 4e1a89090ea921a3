"""One finding of the report: what is stated, what was computed, and the words it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.findings.cases import Cases
from quidqual.findings.checks import Result
from quidqual.findings.evidence import evidence_for_claim
from quidqual.findings.ledger import stated_text
from quidqual.findings.report.quotes import Passage, choose, passages_of
from quidqual.findings.report.wording import KINDS, explain, interval_of
from quidqual.findings.verdict import judge
from quidqual.study.claims import Claim

if TYPE_CHECKING:
    from quidqual.study.model import Study

SHOWN = 3  # passages a side that stand open, where all may be printed
# A sign beside the word: no verdict is told by colour alone.
SIGNS = {"reproduced": "●", "arithmetic": "=", "contradicted": "≠", "not checkable": "○"}
MEANINGS = {
    "reproduced": "the computation gives what the report states",
    "arithmetic": "the report’s own figures agree with each other",
    "contradicted": "the figures contradict each other, or the computation gives something else",
    "not checkable": "nothing in the study can decide it, and the reason is given",
}


@dataclass(frozen=True)
class CheckLine:
    """One computation of a finding."""

    what: str
    expected: str
    computed: str
    interval: str
    outcome: str
    counts_people: bool
    who: tuple[str, ...]
    others: tuple[str, ...]
    unseen: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """Passages on one side: those shown first, the others, and how many there are."""

    shown: tuple[Passage, ...]
    further: tuple[Passage, ...]

    @property
    def n(self) -> int:
        """Number of passages."""
        return len(self.shown) + len(self.further)


@dataclass(frozen=True)
class Finding:
    """A claim with all that a reviewer asks of it."""

    id: str
    page: str
    kind: str
    summary: str
    stated: str
    computed: str
    verdict: str
    verdict_key: str
    sign: str
    why: tuple[str, ...]
    groups: tuple[str, ...]
    whom: str
    rounds: tuple[str, ...]
    themes: tuple[str, ...]
    checks: tuple[CheckLine, ...]
    speaks_for: Side
    speaks_against: Side
    recommendations: tuple[str, ...] = ()
    passage: str = ""


def find(
    study: Study,
    claim: Claim,
    cases: Cases,
    *,
    quotes: int | None,
    recommendations: tuple[str, ...] = (),
    passage: str = "",
) -> Finding:
    """Work out one finding.

    Parameters
    ----------
    study : Study
    claim : Claim
    cases : Cases
        Presence as an array.
    quotes : int or None
        How many passages a side may be in the report with their words; None for all.
    recommendations : tuple of str
        Ids of the recommendations that rest on the claim.
    passage : str
        The report's own words, where the reader holds the report.
    """
    verdict = judge(claim, study, cases)
    rows = evidence_for_claim(study, claim, verdict.who)
    sides = {side: _side(study, rows, side, quotes) for side in ("for", "against")}
    people = _people(study, claim)
    remarks = [r.why for r in verdict.results if r.why] or [claim.not_checkable]
    return Finding(
        id=claim.id,
        page=claim.page,
        kind=KINDS.get(claim.kind, claim.kind),
        summary=claim.summary,
        stated=stated_text(claim),
        computed=_plain("; ".join(result.computed for result in verdict.results)),
        verdict=f"reproduced ({study.corpus})" if verdict.word == "reproduced" else verdict.word,
        verdict_key=verdict.word,
        sign=SIGNS[verdict.word],
        why=tuple(dict.fromkeys(text for text in (*remarks, claim.note) if text)),
        groups=tuple(dict.fromkeys(people.values())),
        whom=_whom(study, claim),
        rounds=claim.rounds,
        themes=_themes(study, claim),
        checks=tuple(
            _line(check, result, study, claim)
            for check, result in zip(claim.checks, verdict.results, strict=True)
        ),
        speaks_for=sides["for"],
        speaks_against=sides["against"],
        recommendations=recommendations,
        passage=passage,
    )


def _side(study: Study, rows: pd.DataFrame, side: str, quotes: int | None) -> Side:
    """Choose what is shown first; what may not be printed loses its words here, not later."""
    limit = SHOWN if quotes is None else quotes
    own = rows[rows["side"] == side]
    twice = set(own["id"]) & set(rows.loc[rows["side"] != side, "id"])
    found = [replace(p, both=p.id in twice) for p in passages_of(study, own)]
    shown, further = choose(found, limit)
    if quotes is not None:
        further = [replace(passage, pieces=()) for passage in further]
    return Side(tuple(shown), tuple(further))


def _line(check: Mapping[str, Any], result: Result, study: Study, claim: Claim) -> CheckLine:
    what, expected = explain(check, study)
    outcome = {True: "holds", False: "does not hold", None: "cannot be decided"}[result.holds]
    counts = check.get("measure") == "prevalence"
    seen = {*result.who, *result.others}
    people = _asked(study, check, claim) if counts else ()
    return CheckLine(
        what=what,
        expected=expected,
        computed=_plain(result.computed),
        interval=interval_of(result) if counts else "",
        outcome=outcome,
        counts_people=counts,
        who=result.who,
        others=result.others,
        unseen=tuple(person for person in people if person not in seen),
    )


def _plain(text: str) -> str:
    return text.replace("_", " ")


def _asked(study: Study, check: Mapping[str, Any], claim: Claim) -> tuple[str, ...]:
    """Participants that a check is about, observed or not."""
    return tuple(_people(study, replace(claim, checks=(check,))))


def _people(study: Study, claim: Claim) -> dict[str, str]:
    """Participants a claim is about, with their group, in the order of the study."""
    frame = study.participants
    who: dict[str, Any] = {}
    for check in claim.checks:
        for column, value in (check.get("who") or {}).items():
            values = value if isinstance(value, list) else [value]
            who[column] = [*who.get(column, ()), *values]
    if not who and claim.group in set(frame["group"]):
        who = {"group": [claim.group]}
    for column, values in who.items():
        frame = frame[frame[column].isin(values)]
    return dict(zip(frame["participant"], frame["group"], strict=True))


def _whom(study: Study, claim: Claim) -> str:
    if claim.group == "all":
        return "All participants"
    labels = study.settings.get("groups") or {}
    return str(labels.get(claim.group, claim.group.replace("_", " ").capitalize()))


def _themes(study: Study, claim: Claim) -> tuple[str, ...]:
    """Themes of the codes that a claim names, in the order of the codebook."""
    named: set[str] = {*claim.speaks_for}

    def collect(part: Any) -> None:
        if isinstance(part, Mapping):
            for key, value in part.items():
                if key in ("codes", "first", "then") and isinstance(value, list):
                    named.update(str(code) for code in value)
                else:
                    collect(value)
        elif isinstance(part, list | tuple):
            for item in part:
                collect(item)

    collect(claim.checks)
    found = {study.codebook.theme_of(code) for code in named if code in study.codebook}
    return tuple(theme for theme in study.codebook.themes if theme in found)
