"""The verdict on one claim, from the results of its checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quidqual.findings.cases import Cases
from quidqual.findings.checks import Result, run_check
from quidqual.study.arguments import names_of
from quidqual.study.claims import Claim
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.model import Study

VERDICTS = ("reproduced", "arithmetic", "contradicted", "not checkable")
_OF_CASES = ("single_case", "change", "state")


@dataclass(frozen=True)
class Verdict:
    """What became of a claim.

    Attributes
    ----------
    word : str
        One of `VERDICTS`.
    results : tuple of Result
        One a check.
    """

    word: str
    results: tuple[Result, ...]

    @property
    def who(self) -> tuple[str, ...]:
        """Participants who carry the claim, in the order of the checks."""
        return tuple(dict.fromkeys(person for result in self.results for person in result.who))

    @property
    def others(self) -> tuple[str, ...]:
        """Participants who were observed and do not carry it."""
        carried = set(self.who)
        names = (person for result in self.results for person in result.others)
        return tuple(dict.fromkeys(person for person in names if person not in carried))


def judge(claim: Claim, study: Study, cases: Cases) -> Verdict:
    """Run the checks of a claim: all must hold, one that fails contradicts it."""
    results = tuple(run_check(check, study, cases, group=claim.group) for check in claim.checks)
    if any(result.holds is False for result in results):
        word = "contradicted"
    elif not results or any(result.holds is None for result in results):
        word = "not checkable"
    else:
        word = "arithmetic" if all(result.arithmetic for result in results) else "reproduced"
    return Verdict(word, results)


def about_cases(claim: Claim) -> bool:
    """Tell whether a claim is about particular participants rather than a whole group."""
    return claim.kind in _OF_CASES


def chosen_claims(study: Study, claims: str | Iterable[str] | None) -> list[Claim]:
    """Claims of a study by id, or all of them.

    Raises
    ------
    QuidqualError
        If there is no such claim.
    """
    if claims is None:
        return list(study.claims)
    wanted = names_of(claims, field="claims")
    known = {claim.id: claim for claim in study.claims}
    missing = [name for name in wanted if name not in known]
    if missing:
        raise QuidqualError.of(
            f"{listed(missing)}: no such claim.",
            remedy=f"Use one of: {listed(known)}." if known else "The study states no claims.",
            file="claims.yaml",
        )
    return [known[name] for name in wanted]
