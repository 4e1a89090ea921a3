"""Codes to words: tagging by patterns, what stands around a hit, queries, concordance.

``qq.tag`` and ``qq.search`` stand at the top; how good patterns are is asked here.
"""

from __future__ import annotations

from quidqual.study.first_use import on_first_use

_HOMES = {
    "evaluate_tags": "quidqual.coding.evaluate",
    "missed": "quidqual.coding.evaluate",
    "pattern_evidence": "quidqual.coding.evaluate",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
