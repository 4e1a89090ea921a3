"""Corpora larger than memory: the same tags, partition by partition."""

from __future__ import annotations

from quidqual.scale.corpus import tag_corpus
from quidqual.scale.lazy import tag

__all__ = [
    "tag",
    "tag_corpus",
]
