"""The coded passages that speak for and against a claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.analysis.presence import presence
from quidqual.findings.cases import Cases
from quidqual.findings.verdict import about_cases, judge
from quidqual.study.claims import Claim
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.model import Study

_COLUMNS = [
    "claim", "side", "id", "coder", "code", "participant", "group", "round", "interview",
    "start", "end", "words", "speech", "memo",
]  # fmt: skip


def evidence(study: Study, claim: str | None = None) -> pd.DataFrame:
    """List the coded passages behind the claims, those against a claim as well as those for it.

    Parameters
    ----------
    study : Study
    claim : str, optional
        Id of one claim; default all.

    Returns
    -------
    DataFrame
        One row a passage and claim: ``claim, side`` (for, against), ``id`` (of the coding),
        ``coder, code, participant, group, round, interview, start, end, words, speech``
        (verbatim, paraphrase, mixed: only verbatim may be quoted as speech), ``memo,
        corpus``; sorted by claim, side, interview and place.

    Raises
    ------
    QuidqualError
        If there is no such claim.

    Examples
    --------
    >>> import quidqual as qq
    >>> found = evidence(qq.load_example(), "R25")
    >>> sorted(set(found["code"]))
    ['working_through_past']
    """
    known = {c.id: c for c in study.claims}
    if claim is not None and claim not in known:
        remedy = f"Use one of: {listed(known)}."
        raise QuidqualError.of(f"{claim!r} is no claim.", remedy=remedy, file="claims.yaml")
    chosen = study.claims if claim is None else (known[claim],)
    cases = Cases.from_presence(presence(study))
    frames = [evidence_for_claim(study, c, judge(c, study, cases).who) for c in chosen]
    full = [frame for frame in frames if len(frame)]
    if full:
        return pd.concat(full, ignore_index=True)
    return frames[0] if frames else pd.DataFrame(columns=[*_COLUMNS, "corpus"])


def evidence_for_claim(study: Study, claim: Claim, who: tuple[str, ...]) -> pd.DataFrame:
    """Give the passages of one claim, see `evidence`.

    For a claim about cases only the words of those who carry it count, on both sides; for a
    claim about a group the words of the others may speak against it.
    """
    codings = study.codings
    if study.primary_coder is not None:
        codings = codings[codings["coder"] == study.primary_coder]
    everyone = _people(study, claim)
    carriers = [person for person in everyone if person in who] or everyone
    people = {"for": carriers, "against": carriers if about_cases(claim) else everyone}
    sides = {
        "for": claim.speaks_for or tuple(codes_of(claim.checks)),
        "against": claim.speaks_against,
    }
    parts = []
    for side, codes in sides.items():
        below = {c for code in codes if code in study.codebook for c in _branch(study, code)}
        part = codings[codings["code"].isin(below) & codings["participant"].isin(people[side])]
        if side == "for" and claim.rounds:
            part = part[part["round"].isin(claim.rounds)]
        parts.append(part.assign(side=side))
    frame = pd.concat(parts, ignore_index=True) if parts else codings.assign(side="")
    frame = frame.rename(columns={"exact": "words"}).assign(claim=claim.id)
    return frame[[*_COLUMNS, "corpus"]]


def _branch(study: Study, code: str) -> tuple[str, ...]:
    return (code, *study.codebook.descendants(code))


def _people(study: Study, claim: Claim) -> list[str]:
    frame = study.participants
    who: dict[str, Any] = next((dict(c["who"]) for c in claim.checks if c.get("who")), {})
    if not who and claim.group in set(frame["group"]):
        who = {"group": claim.group}
    for column, value in who.items():
        values = value if isinstance(value, list) else [value]
        frame = frame[frame[column].isin(values)]
    return list(frame["participant"])


def codes_of(checks: Iterable[Mapping[str, Any]]) -> list[str]:
    """Codes that a claim's checks ask to be present."""
    found: list[str] = []
    for check in checks:
        where = check.get("where")
        for condition in where if isinstance(where, list) else [check]:
            if condition.get("when") in ("never", "not_last"):
                continue
            for key in ("codes", "first", "then"):
                found += [c for c in condition.get(key) or () if isinstance(c, str)]
    return list(dict.fromkeys(found))
