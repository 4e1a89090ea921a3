"""Agreement between coders: coefficients, intervals, spans, and what to do about it."""

from __future__ import annotations

from quidqual.analysis.agreement.coefficients import coefficients, estimates
from quidqual.analysis.agreement.disagreements import (
    codes_to_review,
    confusions,
    disagreements,
)
from quidqual.analysis.agreement.drift import agreement_by_round
from quidqual.analysis.agreement.readings import compare_readings
from quidqual.analysis.agreement.span_agreement import span_agreement
from quidqual.analysis.agreement.study_agreement import agreement, run

__all__ = [
    "agreement",
    "agreement_by_round",
    "codes_to_review",
    "coefficients",
    "compare_readings",
    "confusions",
    "disagreements",
    "estimates",
    "run",
    "span_agreement",
]
