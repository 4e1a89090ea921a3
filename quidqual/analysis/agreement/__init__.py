"""Agreement between coders: coefficients, intervals, spans, and what to do about it."""

from __future__ import annotations

from quidqual.analysis.agreement.coefficients import coefficients

__all__ = ["coefficients"]
