"""Agreement between coders: coefficients, intervals, spans, and what to do about it."""

from __future__ import annotations

from quidqual.agreement.coders_compared import compare_readings
from quidqual.agreement.coefficients import coefficients, estimates
from quidqual.agreement.disagreements import (
    codes_to_review,
    confusions,
    disagreements,
)
from quidqual.agreement.drift import agreement_by_round
from quidqual.agreement.span_agreement import span_agreement
from quidqual.agreement.study_agreement import agreement

__all__ = [
    "agreement",
    "agreement_by_round",
    "codes_to_review",
    "coefficients",
    "compare_readings",
    "confusions",
    "disagreements",
    "estimates",
    "span_agreement",
]
