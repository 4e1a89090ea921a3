"""Agreement between coders: coefficients, intervals, spans, and what to do about it."""

from __future__ import annotations

from quidqual.analysis.agreement.coefficients import coefficients
from quidqual.analysis.agreement.span_agreement import span_agreement

__all__ = ["coefficients", "span_agreement"]
