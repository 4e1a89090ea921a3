"""The coded passages that speak for and against a claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.analysis.presence import presence
from quidqual.findings.cases import Cases
from quidqual.findings.verdict import about_cases, judge
from quidqual.study.arguments import takes_study
from quidqual.study.claims import Claim
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.model import Study

_COLUMNS = [
    "claim", "side", "id", "coder", "code", "participant", "group", "round", "interview",
    "start", "end", "words", "speech", "memo",
]  # fmt: skip


@takes_study
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
    claim about a group the words of the others may speak against it. Where a claim says that
    a code is there at first and overcome later, its passages in a person's first interview
    speak for the claim, and only later ones against it.
    """
    codings = study.codings
    if study.primary_coder is not None:
        codings = codings[codings["coder"] == study.primary_coder]
    everyone = _people(study, claim)
    carriers = [person for person in everyone if person in who] or everyone
    overcome = _branches(study, codes_overcome(claim))
    first = codings["code"].isin(overcome) & codings["interview"].isin(_first_interviews(study))
    by_checks = codings["code"].isin(_branches(study, codes_of(claim.checks)) - overcome) | first
    named = codings["code"].isin(_branches(study, claim.speaks_for)) | first
    side_for = (named if claim.speaks_for else by_checks) & codings["participant"].isin(carriers)
    if claim.rounds:
        side_for &= codings["round"].isin(claim.rounds)
    side_against = codings["code"].isin(_branches(study, claim.speaks_against)) & ~first
    side_against &= codings["participant"].isin(carriers if about_cases(claim) else everyone)
    parts = [codings[side_for].assign(side="for"), codings[side_against].assign(side="against")]
    frame = pd.concat(parts, ignore_index=True)
    frame = frame.rename(columns={"exact": "words"}).assign(claim=claim.id)
    return frame[[*_COLUMNS, "corpus"]]


def _branches(study: Study, codes: Iterable[str]) -> set[str]:
    """Give the codes with all that stand below them, but for those no longer in the codebook."""
    known = [code for code in codes if code in study.codebook]
    return {c for code in known for c in (code, *study.codebook.descendants(code))}


def _first_interviews(study: Study) -> set[str]:
    """Give the first interview of each participant that was held."""
    held = study.interviews[study.interviews["status"] == "held"]
    return set(held.sort_values("round").drop_duplicates("participant")["interview"])


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
    for condition in _conditions(checks):
        if condition.get("when") in ("never", "not_last"):
            continue
        for key in ("codes", "first", "then"):
            found += [c for c in condition.get(key) or () if isinstance(c, str)]
    return list(dict.fromkeys(found))


def codes_overcome(claim: Claim) -> list[str]:
    """Codes of which a claim says that they are there at first and not any more later.

    Examples
    --------
    >>> check = {"measure": "prevalence", "codes": ["self_blame"], "when": "fades"}
    >>> codes_overcome(Claim("R11", "change", "Self-blame fades.", checks=(check,)))
    ['self_blame']
    """
    when: dict[str, list[str]] = {}
    for condition in _conditions(claim.checks):
        when.setdefault(condition.get("when", "any"), []).extend(condition.get("codes") or ())
    ended = {*when.get("not_last", ()), *claim.speaks_against}
    first = [code for code in when.get("first", ()) if code in ended]
    return list(dict.fromkeys([*when.get("fades", ()), *first]))


def _conditions(checks: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for check in checks:
        where = check.get("where")
        yield from where if isinstance(where, list) else [check]
