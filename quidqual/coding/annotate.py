"""Part of speech and dependency for patterns that ask for them, from a spaCy pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from quidqual.coding.engine import Annotation, Engine
from quidqual.coding.patterns import Pattern, Where
from quidqual.study.errors import Problem, QuidqualError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_LAYER = {"pos": "POS", "tag": "TAG", "dep": "DEP"}


def annotation_of(doc: Doc) -> Annotation:
    """Give the test of a constraint: some spaCy token in the place has the attribute."""

    def meets(start: int, end: int, where: Where) -> bool:
        span = doc.char_span(start, end, alignment_mode="expand")
        return span is not None and any(
            all(getattr(token, f"{name}_") in allowed for name, allowed in where) for token in span
        )

    return meets


def check_layers(patterns: Sequence[Pattern], doc: Doc) -> None:
    """Refuse a constraint on something that the pipeline does not provide."""
    if not len(doc):
        return
    problems = [
        Problem(
            "codebook.yaml",
            None,
            f"{p.code}.patterns.{p.language}",
            f"pattern {p.source!r} asks for {layer}, which this pipeline does not give.",
            "Use a trained pipeline (see docs/tagging.md) or remove the constraint.",
        )
        for p in patterns
        for layer in sorted(
            {name for v in p.variants for e in v for w in e.words for name, _ in w.where}
        )
        if not doc.has_annotation(_LAYER[layer])
    ]
    if problems:
        raise QuidqualError(problems)


def scan_annotated(engine: Engine, texts: Sequence[str], nlp: Language) -> Iterator[np.ndarray]:
    """Rows as of `Engine.rows`, with a pipeline's annotation; one process (more are slower)."""
    constrained = [p for p in engine.patterns if p.constrained]
    for number, doc in enumerate(nlp.pipe(texts)):
        if constrained:
            check_layers(constrained, doc)
        hits = engine.match(texts[number], annotation_of(doc))
        if hits:
            yield np.array([(number, *hit) for hit in hits], dtype=np.int64)
