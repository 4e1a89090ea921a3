"""One finding of the report: what is stated, what was computed, and the words it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.analysis.prevalence import binomial_interval
from quidqual.findings.evidence import people_about
from quidqual.findings.ledger import Ledger
from quidqual.findings.verdict import checks_of, stated_text, verdict_text
from quidqual.reporting.quotes import Side, passages_of, side_of
from quidqual.study.claims import Claim
from quidqual.study.measure import Result, measure_of

if TYPE_CHECKING:
    from quidqual.study.model import Study

KINDS = {
    "design": "Design",
    "prevalence": "How many",
    "single_case": "Single case",
    "change": "Change",
    "state": "State",
    "ranking": "Ranking",
    "qualitative": "In words",
}
# A sign beside the word: no verdict is told by colour alone.
SIGNS = {
    "reproduced": "●",
    "arithmetic": "=",
    "contradicted": "≠",
    "not decided": "?",
    "not checkable": "○",
}
MEANINGS = {
    "reproduced": "what the report states holds, whatever those not observed would have said",
    "arithmetic": "the report’s own figures agree with each other",
    "contradicted": "the figures contradict each other, or nothing that was not observed could "
    "make the statement true",
    "not decided": "it hangs on what was not observed, or on what is counted; the reason is given",
    "not checkable": "nothing in the study can decide it, and the reason is given",
}

NAMED = 24  # people whose names stand in a line


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

    @property
    def many(self) -> bool:
        """Whether these are more people than one reads the names of."""
        return max(map(len, (self.who, self.others, self.unseen))) > NAMED


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
    ledger: Ledger,
    claim: Claim,
    *,
    quotes: int | None,
    recommendations: tuple[str, ...] = (),
    passage: str = "",
) -> Finding:
    """Work out one finding.

    Parameters
    ----------
    ledger : Ledger
        It has judged the claim.
    claim : Claim
    quotes : int or None
        How many passages a side may be in the report with their words; None for all.
    recommendations : tuple of str
        Ids of the recommendations that rest on the claim.
    passage : str
        The report's own words, where the reader holds the report.
    """
    study, verdict = ledger.study, ledger.verdicts[claim.id]
    rows = ledger.evidence(claim.id)
    sides = {side: _side(study, rows, side, quotes) for side in ("for", "against")}
    groups = dict(zip(study.participants["participant"], study.participants["group"], strict=True))
    return Finding(
        id=claim.id,
        page=claim.page,
        kind=KINDS.get(claim.kind, claim.kind),
        summary=claim.summary,
        stated=stated_text(claim),
        computed=_plain(verdict.computed),
        verdict=verdict_text(verdict.word, study.corpus),
        verdict_key=verdict.word,
        sign=SIGNS[verdict.word],
        why=tuple(dict.fromkeys(text for text in (verdict.why, claim.note) if text)),
        groups=tuple(dict.fromkeys(groups[person] for person in people_about(study, claim))),
        whom=_whom(study, claim),
        rounds=claim.rounds,
        themes=_themes(study, claim),
        checks=tuple(
            _line(check, result, study)
            for check, result in zip(checks_of(claim), verdict.results, strict=True)
        ),
        speaks_for=sides["for"],
        speaks_against=sides["against"],
        recommendations=recommendations,
        passage=passage,
    )


def _side(study: Study, rows: pd.DataFrame, side: str, quotes: int | None) -> Side:
    own = rows[rows["side"] == side]
    twice = set(own["id"]) & set(rows.loc[rows["side"] != side, "id"])
    return side_of([replace(p, both=p.id in twice) for p in passages_of(study, own)], quotes)


def _line(check: Mapping[str, Any], result: Result, study: Study) -> CheckLine:
    measure = measure_of(check)
    what, expected = measure.words(check, study)
    outcome = {True: "holds", False: "does not hold", None: "cannot be decided"}[result.holds]
    return CheckLine(
        what=what,
        expected=expected,
        computed=_plain(result.computed),
        interval=interval_of(result) if measure.counts_people else "",
        outcome=outcome,
        counts_people=measure.counts_people,
        who=result.who,
        others=result.others,
        unseen=result.unseen,
    )


def interval_of(result: Result) -> str:
    """Give the 95% Wilson interval of a result that counts participants, in words."""
    k, n = len(result.who), len(result.who) + len(result.others)
    if not n:
        return ""
    low, high = binomial_interval(k, n)
    return f"{float(low):z.2f} to {float(high):z.2f}"


def _plain(text: str) -> str:
    return text.replace("_", " ")


def _whom(study: Study, claim: Claim) -> str:
    if claim.group == "all":
        return "All participants"
    labels = study.settings.get("groups") or {}
    return str(labels.get(claim.group, claim.group.replace("_", " ").capitalize()))


def _themes(study: Study, claim: Claim) -> tuple[str, ...]:
    """Themes of the codes that a claim names, in the order of the codebook."""
    named = {*claim.speaks_for, *(c for k in checks_of(claim) for c in measure_of(k).codes(k))}
    found = {study.codebook.theme_of(code) for code in named if code in study.codebook}
    return tuple(theme for theme in study.codebook.themes if theme in found)
