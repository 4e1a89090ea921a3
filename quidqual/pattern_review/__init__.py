"""Wing: how good the patterns of a codebook are, and which to mend.

- :func:`expand` (also ``qq.expand``): the forms that globs and lemmas take in, to be read and cut;
- :func:`evaluate_tags`: what the patterns find beside what a person coded;
- :func:`pattern_evidence`: which pattern finds what, and which to drop;
- :func:`missed`: passages that a person coded and no pattern finds.
"""

from __future__ import annotations

from quidqual.study.first_use import on_first_use

_HOMES = {
    "evaluate_tags": "quidqual.pattern_review.evaluate",
    "expand": "quidqual.pattern_review.expand",
    "missed": "quidqual.pattern_review.evaluate",
    "pattern_evidence": "quidqual.pattern_review.evaluate",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
