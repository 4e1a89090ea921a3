"""What a spaCy pipeline tells of a word, for patterns that ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from quidqual.coding.engine import Annotation, Engine
from quidqual.coding.lemmas import lemma_key
from quidqual.coding.patterns import Element, Pattern, Where, Word
from quidqual.study.errors import Problem, QuidqualError

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

_LAYER = {
    "pos": "POS", "tag": "TAG", "dep": "DEP", "lemma": "LEMMA", "ent_type": "ENT_IOB",
    "morph": "MORPH",
}  # fmt: skip


def annotation_of(doc: Doc) -> Annotation:
    """Give the test of a constraint: some spaCy token in the place has the attribute."""

    def meets(start: int, end: int, where: Where) -> bool:
        span = doc.char_span(start, end, alignment_mode="expand")
        return span is not None and any(
            all(_has(token, name, allowed) for name, allowed in where) for token in span
        )

    return meets


def _has(token: Token, name: str, allowed: Sequence[str]) -> bool:
    if name == "morph":
        return not set(str(token.morph).split("|")).isdisjoint(allowed)
    if name == "lemma":
        return lemma_key(token.lemma_) in allowed
    return getattr(token, f"{name}_") in allowed


def gives_lemmas(nlp: Language) -> bool:
    """Whether a part of a pipeline says that it assigns lemmas."""
    told = (nlp.analyze_pipes(keys=["assigns"]) or {})["attrs"].get("token.lemma", {})
    return bool(told.get("assigns"))


def by_lemma(patterns: Iterable[Pattern]) -> list[Pattern]:
    """The same patterns, their lemmas those of the pipeline: it tells *left* from *leave*."""

    def word(own: Word) -> Word:
        if own.kind != "lemma":
            return own
        return Word("any", "*", (*own.where, ("lemma", (own.text,))))

    def element(own: Element) -> Element:
        return replace(own, words=tuple(map(word, own.words)))

    return [
        replace(p, variants=tuple(tuple(map(element, v)) for v in p.variants)) for p in patterns
    ]


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
