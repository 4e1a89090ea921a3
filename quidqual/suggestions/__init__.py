"""Suggested codings learnt from those there are, scored on participants not met."""

from __future__ import annotations

from quidqual.suggestions.decisions import decide, decisions
from quidqual.suggestions.sampling import next_to_code
from quidqual.suggestions.sentence_model import load_sentence_model
from quidqual.suggestions.storage import load_model, save_model
from quidqual.suggestions.suggest import suggest
from quidqual.suggestions.topics import topics

__all__ = [
    "decide",
    "decisions",
    "load_model",
    "load_sentence_model",
    "next_to_code",
    "save_model",
    "suggest",
    "topics",
]
