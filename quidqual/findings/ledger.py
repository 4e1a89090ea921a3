"""The ledger: each claim of a report, what it states, what was computed, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.analysis.presence import presence as presence_of
from quidqual.findings.cases import Cases
from quidqual.findings.evidence import evidence_for_claim
from quidqual.findings.verdict import chosen_claims, judge
from quidqual.study.arguments import must_have, takes_study
from quidqual.study.claims import Claim

if TYPE_CHECKING:
    from quidqual.study.model import Study

COLUMNS = (
    "claim", "page", "group", "kind", "summary", "stated", "computed", "verdict", "why",
    "who", "others", "n_for", "n_against", "codings_for", "codings_against", "corpus",
)  # fmt: skip


@takes_study
def ledger(
    study: Study,
    *,
    claims: str | Iterable[str] | None = None,
    presence: pd.DataFrame | None = None,
    robust: bool = False,
) -> pd.DataFrame:
    """Check every claim of a study's report against the study.

    Parameters
    ----------
    study : Study
        With claims (``claims.yaml``).
    claims : str or iterable of str, optional
        Ids of the claims to check; default all.
    presence : DataFrame, optional
        Another reading of the codings (see `quidqual.presence`); default that of the
        study's primary coder.
    robust : bool, default False
        Add the column ``robustness``: in how many readings each claim holds, and in which
        it fails (see `quidqual.robustness`).

    Returns
    -------
    DataFrame
        One row a claim, in the order of the file:

        =============== ======= =========================================================
        column          type    meaning
        =============== ======= =========================================================
        claim           str     id
        page            str     page of the report
        group           str     whom the claim is about
        kind            str     design, prevalence, single_case, change, state, ranking,
                                qualitative
        summary         str     what is stated, in own words
        stated          str     the report's figure or direction
        computed        str     the study's figure
        verdict         str     see Notes
        why             str     what the verdict rests on, where it needs a word
        who, others     tuple   participants who carry it; observed ones who do not
        n_for           int     coded passages that speak for it
        n_against       int     coded passages that speak against it
        codings_for     tuple   ids of those codings
        codings_against tuple   ids of those codings
        corpus          str     synthetic or real
        =============== ======= =========================================================

    Raises
    ------
    QuidqualError
        If a claim is not there, or its check cannot be read.

    Notes
    -----
    The verdicts are ``reproduced (synthetic)`` or ``reproduced (real)``: the computation
    gives what is stated; ``arithmetic``: the report's own figures agree with each other;
    ``contradicted``: they do not, or the computation gives something else; ``not
    checkable``: nothing can be computed, and ``why`` says why.

    On synthetic notes a reproduced claim shows that the *method* reaches the stated
    figure. It is no evidence for the figure.

    Examples
    --------
    >>> import quidqual as qq
    >>> qq.ledger(qq.load_example(), claims="D8")[["stated", "verdict"]].values.tolist()
    [['6 x 3 + 2 x 4 + 1 x 2, in all 27', 'contradicted']]
    """
    chosen = chosen_claims(study, claims)
    table = presence_of(study) if presence is None else presence
    must_have(
        table,
        ("participant", "round", "code", "state", "n_codings"),
        of="qq.presence(study)",
        field="presence",
    )
    cases = Cases.from_presence(table)
    rows = [_row(study, claim, cases) for claim in chosen]
    frame = pd.DataFrame(rows, columns=[c for c in COLUMNS if c != "corpus"])
    frame = frame.astype({"n_for": "int64", "n_against": "int64", "verdict": "str"})
    if robust:
        from quidqual.findings.robustness import robustness, robustness_sentences

        said = robustness_sentences(robustness(study, claims=[claim.id for claim in chosen]))
        sentences = dict(zip(said["claim"], said["sentence"], strict=True))
        frame["robustness"] = frame["claim"].map(sentences).fillna("")
    return frame.assign(corpus=study.corpus)


def _row(study: Study, claim: Claim, cases: Cases) -> tuple[object, ...]:
    verdict = judge(claim, study, cases)
    found = evidence_for_claim(study, claim, verdict.who)
    ids = {side: found.loc[found["side"] == side, "id"].tolist() for side in ("for", "against")}
    why = "; ".join(dict.fromkeys(r.why for r in verdict.results if r.why)) or claim.not_checkable
    return (
        claim.id,
        claim.page,
        claim.group,
        claim.kind,
        claim.summary,
        stated_text(claim),
        "; ".join(result.computed for result in verdict.results),
        f"reproduced ({study.corpus})" if verdict.word == "reproduced" else verdict.word,
        "; ".join(text for text in (why, claim.note) if text),
        verdict.who,
        verdict.others,
        len(ids["for"]),
        len(ids["against"]),
        tuple(ids["for"]),
        tuple(ids["against"]),
    )


def stated_text(claim: Claim) -> str:
    """Write what a claim states: ``2 of 4``, or the words given under ``text``."""
    stated = claim.stated
    if "text" in stated:
        return str(stated["text"])
    if "k" in stated and "n" in stated:
        return f"{stated['k']} of {stated['n']}"
    return ", ".join(f"{key} {value}" for key, value in stated.items())
