"""Claims as they were judged, each once: shared by a ledger and the ledgers of its topics."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.findings.cases import Cases
from quidqual.findings.evidence import Passages, evidence_of
from quidqual.findings.verdict import Verdict, judge
from quidqual.study.claims import Claim

if TYPE_CHECKING:
    from quidqual.study.model import Study


class Judged:
    """The verdict on each claim of a study and the passages behind it, made when first asked for.

    Parameters
    ----------
    study : Study
    presence : DataFrame
        The reading of the codings that is judged.
    own : bool
        Whether it is the study's own, and was not handed in.
    """

    def __init__(self, study: Study, presence: pd.DataFrame, *, own: bool = True) -> None:
        self.study, self.presence, self._own = study, presence, own
        self._verdicts: dict[str, Verdict] = {}
        self._evidence: dict[str, pd.DataFrame] = {}

    @cached_property
    def cases(self) -> Cases:
        """Presence as an array."""
        return Cases.of(self.study, self.presence)

    @cached_property
    def _passages(self) -> Passages:
        return Passages(self.study, None if self._own else self.presence)

    def verdict(self, claim: Claim) -> Verdict:
        """Give the verdict on a claim."""
        if claim.id not in self._verdicts:
            self._verdicts[claim.id] = judge(claim, self.study, self.cases)
        return self._verdicts[claim.id]

    def evidence(self, claim: Claim) -> pd.DataFrame:
        """Give the passages for and against a claim."""
        if claim.id not in self._evidence:
            self._evidence[claim.id] = evidence_of(self._passages, claim, self.verdict(claim).who)
        return self._evidence[claim.id]
