"""Tidy tables in, tidy tables out: presence, prevalence, change, and what they rest on.

What is used daily stands at the top (``qq.presence``); the rest is called by the room:
``qq.analysis.change_evidence``.
"""

from __future__ import annotations

from quidqual.study.first_use import on_first_use

_HOMES = {
    "binomial_interval": "quidqual.analysis.prevalence",
    "change_evidence": "quidqual.analysis.change",
    "read_summaries": "quidqual.analysis.framework",
    "write_summary": "quidqual.analysis.framework",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
