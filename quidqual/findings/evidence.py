"""The coded passages that speak for and against a claim, and what else lies behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.analysis.grid import checked
from quidqual.findings.cases import Cases
from quidqual.findings.measures.ranked_factors import Factor, baskets_of, count_factors
from quidqual.findings.verdict import (
    Verdict,
    about_cases,
    checks_of,
    conditions_of,
    stated_text,
    verdict_text,
)
from quidqual.findings.whom import people_of
from quidqual.study.claims import Claim
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.measure import measure_of
from quidqual.study.wording import natural_order

if TYPE_CHECKING:
    from quidqual.study.codebook import Codebook
    from quidqual.study.model import Study


# What a person looks at stands first: the words, and whose; ids and offsets stand last.
COLUMNS = [
    "claim", "side", "words", "participant", "round", "code", "speech", "coder", "memo", "group",
    "interview", "start", "end", "id", "corpus",
]  # fmt: skip
_ABSENT = ("never", "not_last", "not_first")


def given_reading(study: Study, table: pd.DataFrame) -> pd.DataFrame:
    """Bring a table of presence that a user hands in, however it came about, in order.

    Raises
    ------
    QuidqualError
        If it is of other people or rounds, or is no table of presence.
    """
    table = checked(table, needs=("participant", "round", "code"))
    whole = study.read_from or study
    for column, known in (
        ("participant", list(whole.participants["participant"])),
        ("round", list(whole.round_order)),
    ):
        other = sorted(set(table[column].astype(str)) - set(known))
        if other:
            raise QuidqualError.of(
                f"the table of presence is of {listed(other)}, which this study does not know.",
                remedy="Give a table of qq.presence(study), of the same study.",
                field="presence",
            )
    added: dict[str, pd.Categorical] = {}
    named = [str(name) for name in table["round"].cat.categories]
    rounds = [name for name in whole.round_order if name in named]
    if rounds != named:
        added["round"] = pd.Categorical(table["round"].astype(str), rounds, ordered=True)
    if not isinstance(table["code"].dtype, pd.CategoricalDtype):
        codes = natural_order(table["code"].unique())
        added["code"] = pd.Categorical(table["code"], codes, ordered=True)
    numbers = pd.to_numeric(table["n_codings"], errors="coerce").astype("Int64")
    return table.assign(n_codings=numbers, **added)


class Passages:
    """The codings that the analyses use, with what the evidence of every claim asks of them.

    Of a reading that was handed in as a table of presence they are those of any coder where the
    table says that the code is present.
    """

    def __init__(self, study: Study, presence: pd.DataFrame | None = None) -> None:
        codings = study.codings
        if presence is not None:
            keys = ["participant", "round", "code"]
            present = presence.loc[presence["state"] == "present", keys].astype(str)
            cells = pd.MultiIndex.from_frame(codings[keys].astype(str))
            codings = codings[cells.isin(pd.MultiIndex.from_frame(present))]
        elif study.primary_coder is not None:
            codings = codings[codings["coder"] == study.primary_coder]
        # A passage that a coder gave one code twice is one passage, as in presence.
        codings = codings.drop_duplicates(["coder", "interview", "start", "end", "code"])
        self.study = study
        self.codings = codings.rename(columns={"exact": "words"})
        columns = ("code", "participant", "round", "interview")
        self._values = {name: pd.factorize(codings[name]) for name in columns}
        self.first = self.among("interview", _first_interviews(study))
        self.known: dict[str, list[str]] = {}

    def among(self, column: str, names: Iterable[str]) -> np.ndarray:
        """Mark the codings that have one of the names in a column."""
        numbers, values = self._values[column]
        wanted = set(names)
        return np.array([value in wanted for value in values], dtype=bool)[numbers]


def evidence_of(passages: Passages, claim: Claim, who: Iterable[str]) -> pd.DataFrame:
    """Give the passages of one claim, with the columns of `COLUMNS`.

    Where a claim counts some of a group, or tells of cases, only the words of those who carry it
    count, on both sides: that others say the opposite is what it states. Of a claim about all, or
    about none, the words of anyone may speak against it. Where a claim says that a code is there
    at first and overcome later, its passages in a person's first interview speak for the claim,
    and only later ones against it.
    """
    study, among = passages.study, passages.among
    checks = checks_of(claim)
    everyone = people_about(study, claim, known=passages.known)
    carriers = set(everyone) & set(who) or everyone
    overcome = _branches(study, codes_overcome(claim))
    first = among("code", overcome) & passages.first
    in_rounds = among("round", claim.rounds or study.round_order)
    side_for = first & in_rounds
    if claim.speaks_for:
        side_for |= among("code", _branches(study, claim.speaks_for)) & in_rounds
    else:
        for codes, rounds in _asked_for(checks):
            named = among("code", _branches(study, codes) - overcome)
            side_for |= named & among("round", rounds or study.round_order)
    side_for &= among("participant", carriers)
    against = among("code", _branches(study, claim.speaks_against)) & ~first & in_rounds
    of_some = about_cases(claim) or any(_counts_some(check) for check in checks)
    against &= among("participant", carriers if of_some else everyone)
    sides = {"for": np.flatnonzero(side_for), "against": np.flatnonzero(against)}
    frame = passages.codings.take(np.concatenate(list(sides.values()))).reset_index(drop=True)
    told = np.repeat(list(sides), [len(rows) for rows in sides.values()])
    return frame.assign(side=pd.array(told, dtype="str"), claim=claim.id)[COLUMNS]


def people_about(
    study: Study, claim: Claim, *, known: dict[str, list[str]] | None = None
) -> list[str]:
    """Give the participants of the study that a claim is about, in the order of the study."""
    asked = checks_of(claim) or [{"group": claim.group}]
    named = {person for check in asked for person in people_of(check, study, known=known)}
    return [person for person in study.participants["participant"] if person in named]


def _counts_some(check: Mapping[str, Any]) -> bool:
    """Tell whether a check counts some people rather than all or none of them."""
    figures = measure_of(check).reaches(check)
    if "k" not in figures:
        return False
    whole = figures["k"] == figures.get("n") and figures.get("op", "eq") in ("eq", "ge")
    return bool(figures["k"]) and not whole


def _branches(study: Study, codes: Iterable[str]) -> set[str]:
    """Give the codes with all that stand below them, but for those no longer in the codebook."""
    known = [code for code in codes if code in study.codebook]
    return {c for code in known for c in (code, *study.codebook.descendants(code))}


def _first_interviews(study: Study) -> set[str]:
    """Give the first interview of each participant that was held."""
    held = study.interviews[study.interviews["status"] == "held"]
    return set(held.sort_values("round").drop_duplicates("participant")["interview"])


def _asked_for(checks: Iterable[Mapping[str, Any]]) -> list[tuple[list[str], tuple[str, ...]]]:
    """Give the codes that checks ask to be present, each with its rounds."""
    found = []
    for one in conditions_of(checks):
        if one.get("when") not in _ABSENT:
            codes = [c for key in ("codes", "first", "then") for c in one.get(key) or ()]
            found.append((codes, tuple(one.get("rounds") or ())))
    return found


def codes_asked_for(claim: Claim) -> list[str]:
    """Give the codes that a claim's checks ask to be present."""
    return list(dict.fromkeys(c for codes, _ in _asked_for(checks_of(claim)) for c in codes))


def codes_overcome(claim: Claim) -> list[str]:
    """Codes of which a claim says that they are there at first and not any more later.

    Examples
    --------
    >>> check = {"measure": "prevalence", "codes": ["self_blame"], "when": "fades"}
    >>> codes_overcome(Claim("R11", "change", "Self-blame fades.", checks=(check,)))
    ['self_blame']
    """
    when: dict[str, list[str]] = {}
    begun: list[str] = []
    for condition in conditions_of(checks_of(claim)):
        when.setdefault(condition.get("when", "any"), []).extend(condition.get("codes") or ())
        begun += condition.get("first") or ()
    ended = {*when.get("not_last", ()), *claim.speaks_against}
    first = [code for code in (*when.get("first", ()), *begun) if code in ended]
    gone = [*when.get("fades", ()), *when.get("only_first", ())]
    return list(dict.fromkeys([*gone, *first]))


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
