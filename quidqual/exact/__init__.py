"""Exact tests for few people over rounds, and the least p a design can reach."""

from __future__ import annotations

from quidqual.exact.cochran import exact_cochran_q
from quidqual.exact.design import least_p, measurements
from quidqual.exact.exact_trend import exact_trend
from quidqual.exact.many_codes import change_tests, holm
from quidqual.exact.marginal import marginal_homogeneity, mcnemar

__all__ = [
    "change_tests",
    "exact_cochran_q",
    "exact_trend",
    "holm",
    "least_p",
    "marginal_homogeneity",
    "mcnemar",
    "measurements",
]
