"""What lies behind claims: the courses they tell of, the rivals they rank, what rests on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.findings.cases import Cases
from quidqual.findings.evidence import codes_asked_for
from quidqual.findings.measures.ranked_factors import Factor, baskets_of, count_factors
from quidqual.findings.verdict import Verdict, checks_of, stated_text, verdict_text
from quidqual.findings.whom import people_of
from quidqual.study.claims import Claim
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    from quidqual.study.codebook import Codebook
    from quidqual.study.model import Study

RESTS = "rests on findings"
RESTS_ON_NONE = "rests on no finding"
_COLUMNS = ["recommendation", "page", "summary", "rests_on", "status", "note"]


def ledger_row(
    claim: Claim, verdict: Verdict, found: pd.DataFrame, corpus: str
) -> tuple[object, ...]:
    """Write a claim as a row of the ledger."""
    ids = {side: tuple(found.loc[found["side"] == side, "id"]) for side in ("for", "against")}
    return (
        claim.id,
        claim.summary,
        stated_text(claim),
        verdict.computed,
        verdict_text(verdict.word, corpus),
        "; ".join(text for text in (verdict.why, claim.note) if text),
        verdict.who,
        verdict.others,
        verdict.unseen,
        *(_passages(found, side) for side in ("for", "against")),
        claim.page,
        claim.group,
        claim.kind,
        ids["for"],
        ids["against"],
    )


def _passages(found: pd.DataFrame, side: str) -> int:
    """Count passages: what two coders gave the same code is one, as in presence."""
    own = found[found["side"] == side]
    return len(own.drop_duplicates(["interview", "start", "end", "code"]))


def courses_of(
    study: Study, presence: pd.DataFrame, carried: Iterable[tuple[Claim, tuple[str, ...]]]
) -> pd.DataFrame:
    """Give the course of each code of some claims, for the participants who carry them.

    Returns
    -------
    DataFrame
        ``claim, participant, code, label, round, state, corpus``; the claims in the order given.
    """
    columns = ["claim", "participant", "code", "label", "round", "state", "corpus"]
    parts = []
    for claim, who in carried:
        codes = codes_asked_for(claim)
        part = presence[presence["participant"].isin(who) & presence["code"].isin(codes)]
        part = part.sort_values(["participant", "code", "round"], kind="stable")
        parts.append(part.assign(claim=claim.id))
    if not parts:
        return pd.DataFrame(columns=columns)
    frame = pd.concat(parts, ignore_index=True)
    names = [study.codebook[code].name() for code in frame["code"]]
    return frame.assign(label=names)[columns]


def lines_of_courses(courses: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Name the line of each course, and say its states in words, for ``plots.states``.

    What has happened, or lies behind a person, does not end because it is not told again.

    Returns
    -------
    DataFrame
        The courses with ``line`` (claim, person and code), one row a line and round, and
        ``state`` as an ordered Categorical of not there, told before, there, not_observed.
    """
    line = courses["claim"] + "  " + courses["participant"] + ": " + courses["label"]
    told = courses.assign(line=line).drop_duplicates(["line", "round"])
    lasting = [book[code].kind in ("event", "background") for code in told["code"]]
    seen = (told["state"] == "present").groupby(told["line"], sort=False).cummax()
    words = told["state"].astype(object).replace({"absent": "not there", "present": "there"})
    again = (words == "not there") & seen & pd.Series(lasting, told.index, dtype=bool)
    words = words.mask(again, "told before")
    order = [w for w in ("not there", "told before", "there", "not_observed") if w in set(words)]
    return told.assign(state=pd.Categorical(words, order, ordered=True)).reset_index(drop=True)


def rivals_of(study: Study, claim: Claim, cases: Cases) -> pd.DataFrame:
    """Lay the rivals of a ranking claim side by side, under every basket and way of counting.

    Raises
    ------
    QuidqualError
        If the claim ranks nothing.
    """
    check = next((c for c in checks_of(claim) if c["measure"] == "ranking"), None)
    if check is None:
        raise QuidqualError.of(
            f"{claim.id!r} ranks nothing.",
            remedy="Choose a claim whose check has the measure 'ranking'.",
            file="claims.yaml",
        )
    rows, rounds = cases.rows_of(people_of(check, study)), check.get("rounds") or ()
    counts = [
        (title, *factor)
        for title, basket in baskets_of(check).items()
        for factor in count_factors(basket, rows, cases, rounds=rounds)
    ]
    columns = ["basket", *("factor", *Factor._fields[1:])]
    return pd.DataFrame(counts, columns=columns).assign(corpus=study.mark)


def recommendations_of(study: Study) -> pd.DataFrame:
    """Give one row a recommendation; see `quidqual.findings.ledger.Ledger.recommendations`."""
    entries = study.raw.recommendations
    rows = []
    for entry in entries:
        claims = tuple(entry.get("rests_on") or ())
        rows.append(
            (
                str(entry["id"]),
                str(entry.get("page", "")),
                str(entry["summary"]).strip(),
                claims,
                RESTS if claims else RESTS_ON_NONE,
                str(entry.get("note") or "").strip(),
            )
        )
    return pd.DataFrame(rows, columns=_COLUMNS).assign(corpus=study.mark)
