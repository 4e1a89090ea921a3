"""The course that a claim tells of, code by code: a table that can be read aloud."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.analysis.presence import presence
from quidqual.findings.cases import Cases
from quidqual.findings.checks import compare_factors
from quidqual.findings.evidence import codes_of
from quidqual.findings.verdict import chosen_claims, judge
from quidqual.study.errors import QuidqualError
from quidqual.study.given import must_be_text, takes_study

if TYPE_CHECKING:
    from quidqual.study.model import Study


@takes_study
def claim_courses(study: Study, claims: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Give the course of each code of a claim, for the participants who carry it.

    Parameters
    ----------
    study : Study
    claims : str or iterable of str, optional
        Default: the claims about change that exactly one participant carries.

    Returns
    -------
    DataFrame
        One row a claim, participant, code and round: ``claim, participant, code, label``
        (of the code), ``round`` (ordered Categorical), ``state`` (present, absent,
        not_observed), ``corpus``.

    Examples
    --------
    >>> import quidqual as qq
    >>> course = claim_courses(qq.load_example(), "R26a")
    >>> course.loc[course["code"] == "future_self", "state"].tolist()
    ['absent', 'absent', 'present', 'not_observed']
    """
    table = presence(study)
    cases = Cases.from_presence(table)
    parts = []
    for claim in chosen_claims(study, claims):
        who = judge(claim, study, cases).who
        if claims is None and (claim.kind != "change" or len(who) != 1):
            continue
        codes = codes_of(claim.checks)
        part = table[table["participant"].isin(who) & table["code"].isin(codes)]
        parts.append(part.assign(claim=claim.id))
    columns = ["claim", "participant", "code", "label", "round", "state", "corpus"]
    if not parts:
        return pd.DataFrame(columns=columns)
    frame = pd.concat(parts, ignore_index=True)
    frame["label"] = [study.codebook[code].name() for code in frame["code"]]
    order = {claim.id: place for place, claim in enumerate(study.claims)}
    frame = frame.sort_values(["participant", "code", "round"], kind="stable")
    frame = frame.sort_values("claim", key=lambda ids: ids.map(order), kind="stable")
    return frame[columns].reset_index(drop=True)


@takes_study
def rivals(study: Study, claim: str) -> pd.DataFrame:
    """Lay the rivals of a ranking claim side by side, by every way of counting.

    Parameters
    ----------
    study : Study
    claim : str
        Id of a claim of kind ranking.

    Returns
    -------
    DataFrame
        One row a factor, the claim's own first, each followed by the other ways to fill its
        basket (``also``): ``factor``; ``codes`` (tuple);
        ``mentions`` (coded passages), ``interviews``, ``participants`` (int: in how many it
        was present); ``n_participants`` (int: in whom it was observed); ``corpus``.

    Raises
    ------
    QuidqualError
        If the claim ranks nothing.

    Examples
    --------
    >>> import quidqual as qq
    >>> rivals(qq.load_example(), "R22")["factor"].tolist()[:2]
    ['relationships', 'relationships (wide)']
    """
    must_be_text(claim, field="claim")
    (found,) = chosen_claims(study, claim)
    check = next((c for c in found.checks if c["measure"] == "ranking"), None)
    if check is None:
        raise QuidqualError.of(
            f"{claim!r} ranks nothing.",
            remedy="Choose a claim whose check has the measure 'ranking'.",
            file="claims.yaml",
        )
    cases = Cases.from_presence(presence(study))
    rows = compare_factors({"group": found.group, **check}, study, cases)
    columns = ["factor", "codes", "mentions", "interviews", "participants", "n_participants"]
    return pd.DataFrame(rows, columns=columns).assign(corpus=study.corpus)
