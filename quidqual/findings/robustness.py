"""How robust is a finding? Each claim judged again under every defensible reading of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.analysis.presence import presence
from quidqual.findings.alternative_readings import Reading, readings
from quidqual.findings.cases import PRESENT, Cases
from quidqual.findings.evidence import codes_asked_for
from quidqual.findings.verdict import Verdict, checks_of, judge
from quidqual.findings.whom import people_of, perhaps_of
from quidqual.study.claims import Claim
from quidqual.study.measure import measure_of
from quidqual.study.wording import joined

if TYPE_CHECKING:
    from quidqual.study.model import Study

_COLUMNS = ["claim", "kind", "reading", "computed", "verdict", "holds"]


def robustness_of(study: Study, claims: list[Claim]) -> pd.DataFrame:
    """Judge claims under every reading that could change the answer.

    A reading that cannot is left out: without a person the claim is not about, with another coder
    who read none of its notes, twice coded where nothing was coded at all.
    """
    chosen = [claim for claim in claims if _rests_on_codings(claim)]
    rows: list[tuple[Any, ...]] = []
    if chosen:
        base = presence(study)
        own = Cases.of(study, base)
        views = {claim.id: _View(study, claim, own) for claim in chosen}
        codes = list(dict.fromkeys(code for claim in chosen for code in codes_asked_for(claim)))
        for one in readings(study, base, codes=codes):
            for claim in chosen:
                verdict = views[claim.id].judged(one)
                if verdict is not None:
                    told = (verdict.computed, verdict.word, verdict.holds)
                    rows.append((claim.id, one.kind, one.name, *told))
    frame = pd.DataFrame(rows, columns=_COLUMNS).astype({"holds": "boolean"})
    order = {claim.id: place for place, claim in enumerate(chosen)}
    frame = frame.sort_values("claim", key=lambda ids: ids.map(order), kind="stable")
    return frame.reset_index(drop=True).assign(corpus=study.mark)


def _rests_on_codings(claim: Claim) -> bool:
    return any(measure_of(check).rests_on_codings for check in claim.checks)


class _View:
    """What one claim looks at: its people and codes, and how it was judged before."""

    def __init__(self, study: Study, claim: Claim, own: Cases) -> None:
        self.study, self.claim = study, claim
        checks = checks_of(claim)
        whom = [people_of(check, study, known=own.whom) for check in checks]
        whom += [perhaps_of(check, study, known=own.whom) for check in checks]
        people = list(dict.fromkeys(person for named in whom for person in named))
        codes = [code for check in checks for code in measure_of(check).codes(check)]
        self.codes = list(dict.fromkeys(codes))
        self.people = people
        self.own = own.part(people, self.codes)
        self.looks_at = np.zeros((len(own.rounds), len(self.codes)), dtype=bool)
        self.counts_matter = False
        for check in checks:
            self._look_at(check)
        # Who are alike to every check, and meant by the same ones, are alike to the claim: at 500
        # people it is judged a few times.
        here = self.own.participants
        alike = [measure_of(c).alike(c, self.own) for c in checks if measure_of(c).rests_on_codings]
        meant = [[person in named for person in here] for named in map(set, whom)]
        self._alike = dict(zip(here, zip(*alike, *meant, strict=True), strict=True))
        self._before: dict[tuple[Hashable, ...], Verdict] = {}

    def _look_at(self, check: Mapping[str, Any]) -> None:
        """Mark the rounds and codes on which a check looks, and whether it counts passages."""
        measure = measure_of(check)
        parts = list(measure.conditions(check)) if measure.counts_people else []
        for part in parts or [check]:
            named = [code for key in ("codes", "first", "then") for code in part.get(key) or ()]
            codes = named if parts else measure.codes(check)
            rounds = part.get("rounds") or self.own.rounds
            at = np.isin(self.own.rounds, list(rounds))
            self.looks_at |= at[:, None] & np.isin(self.codes, codes)[None, :]
            self.counts_matter |= not measure.counts_people or part.get("when") == "rises"

    def judged(self, one: Reading) -> Verdict | None:
        """Judge the claim under a reading; None if that cannot change the answer."""
        if one.codes and not set(one.codes) & set(self.codes):
            return None
        if one.person:
            return self._without_person(one.person)
        if one.round:
            at = self.own.rounds.index(one.round)
            concerned = bool((self.own.state[:, at][:, self.looks_at[at]] >= 0).any())
            return self._judge(self.own.without(round=one.round)) if concerned else None
        assert one.cases is not None
        cases = one.cases.part(self.people, self.codes)
        if not self._concerned(one, cases):
            return None
        if one.like is not None:
            like = self._judge(one.like.part(self.people, self.codes))
            if like.holds is None:  # the notes that both read do not carry the claim
                return Verdict("not decided", self._judge(cases).results)
        return self._judge(cases)

    def _concerned(self, one: Reading, cases: Cases) -> bool:
        if one.like is not None:
            return bool((cases.state[:, self.looks_at] >= 0).any())
        if one.kind in ("coder", "codebook"):
            differs = cases.state != self.own.state
            if self.counts_matter:
                differs |= cases.counts != self.own.counts
            return bool(differs[:, self.looks_at].any())
        return bool((self.own.state[:, self.looks_at] == PRESENT).any())

    def _without_person(self, person: str) -> Verdict | None:
        (row,) = self.own.rows_of([person])
        if row < 0 or not (self.own.state[row][self.looks_at] >= 0).any():
            return None
        alike = self._alike[person]
        if alike not in self._before:
            self._before[alike] = self._judge(self.own.without(person=person))
        return self._before[alike]

    def _judge(self, cases: Cases) -> Verdict:
        return judge(self.claim, self.study, cases)


def sentences_of(table: pd.DataFrame) -> pd.DataFrame:
    """Say in one sentence a claim how robust it is: ``claim, k, n, sentence, corpus``."""
    rows = []
    for claim, part in table.groupby("claim", sort=False):
        k, n = int(part["holds"].fillna(False).sum()), len(part)
        text = f"holds in {k} of {n} readings"
        for word, told in (("contradicted", "fails"), ("not decided", "not decided")):
            found = part[part["verdict"] == word]
            if len(found):
                text += f"; {told} {', '.join(_as_conditions(found))}"
        rows.append((claim, k, n, text, part["corpus"].iloc[0]))
    return pd.DataFrame(rows, columns=["claim", "k", "n", "sentence", "corpus"])


def _as_conditions(found: pd.DataFrame, most: int = 12) -> Iterator[str]:
    """Name the readings; of very many people who are left out, how many these are."""
    names = found["reading"].tolist()
    people = found.loc[found["kind"] == "participant", "reading"].tolist()
    if len(people) > most:
        some = joined([name.removeprefix("without ") for name in people], limit=3)
        told, rest = f"without one of {len(people)} participants ({some})", set(people[1:])
        names = [told if name == people[0] else name for name in names if name not in rest]
    for name in names[:most]:
        yield name if name.startswith("without") else f"with {name}"
    if len(names) > most:
        yield f"and {len(names) - most} more"
