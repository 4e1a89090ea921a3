"""`tag`: every passage that a codebook's patterns find, with the words that matched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.coding.compile import (
    CodebookLike,
    as_codebook,
    engine_for,
    languages_of,
    parse_codebook,
)
from quidqual.coding.engine import Annotation, Engine, Scope
from quidqual.coding.hits import Found, frame_of
from quidqual.coding.lemmas import lemma_key
from quidqual.coding.patterns import (
    ANY_LANGUAGE,
    Element,
    Pattern,
    Where,
    Word,
    glob_matches,
    words_of,
)
from quidqual.coding.sources import Passages, Source, is_study, passages
from quidqual.coding.tokens import tokenise
from quidqual.study.arguments import one_of
from quidqual.study.codebook import Codebook
from quidqual.study.errors import Problem, QuidqualError, listed

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


SAMPLE = 2000
GLOB_SHARE, GLOB_FORMS = 0.5, 40


def tag(
    source: Source,
    codebook: CodebookLike | None = None,
    *,
    language: str | None = None,
    codes: Iterable[str] | None = None,
    scope: Scope = "longest",
    expansion: pd.DataFrame | None = None,
    lemmas: Mapping[str, Mapping[str, str]] | None = None,
    cues: Sequence[Any] | None = None,
    nlp: Language | None = None,
) -> pd.DataFrame:
    """Find every passage that a codebook's patterns match.

    Parameters
    ----------
    source : Study, str, mapping, iterable of str, Series or DataFrame
        A study (its segments), one text or a mapping of name to text (cut into
        sentences), a list or Series (each text one segment), or a frame with the column
        ``words`` and, where known, ``interview, segment, start, language``. A Dask
        DataFrame is tagged by `quidqual.scale.tag`.
    codebook : Codebook, Study or mapping of code to patterns, optional
        Default: the study's own. Patterns of the language ``xx`` hold in every language.
    language : str, optional
        For texts: their language. For a study: only the segments in this language.
        ``"all"``: every pattern on every text, for notes that mix languages.
    codes : iterable of str, optional
        Only these codes and the codes beneath them.
    scope : {"longest", "all"}
        Whether a hit inside another hit *of the same code* is left out. Hits of
        different codes are always kept.
    expansion : DataFrame, optional
        From `quidqual.expand`, edited: which forms globs and lemmas may stand for.
    lemmas : mapping of language to (word to lemma), optional
        Mends the lemma table.
    cues : sequence of quidqual.cues.Cue, optional
        In place of the usual cues (`quidqual.cues.CUES`); empty for none.
    nlp : spaCy Language, optional
        A trained pipeline, for patterns with constraints such as ``solo[pos=ADJ]``; if it
        gives lemmas, ``<leave>`` is read by them, unless ``expansion`` or ``lemmas`` is given.

    Returns
    -------
    DataFrame
        One row a match, sorted by text, place and code: ``interview`` (str), ``segment``
        (int), ``start``, ``end`` (int: in the note), ``words`` (str), ``code`` (ordered
        Categorical), ``theme`` (Categorical), ``pattern``, ``language`` (Categorical: of
        the pattern), ``negated, hypothetical, past_only, other_person`` (bool: flags for
        review), ``cue_kind`` (Categorical: the first of these kinds that holds, or ""),
        ``cue`` (str: its cue), ``cues`` (str: every flag with its cue), ``scope_start``,
        ``scope_end`` (Int64: what the first cue reaches); then what the source carries:
        ``participant, group, round, speech, speaker, corpus``.

    Raises
    ------
    QuidqualError
        For a malformed pattern, a language without patterns, a glob that takes in half
        of all words, a constraint without a trained pipeline, or what is no text.

    Notes
    -----
    A match is whole words, never letters inside a word, and never runs over the end of a
    sentence or line. ``negated`` is a flag for review and removes nothing: rules for
    negation are wrong too often to act on.

    Examples
    --------
    >>> hits = tag("Non mi fido di nessuno.", {"trust": {"it": ["fido"]}}, language="it")
    >>> hits[["words", "code", "negated", "cue"]].to_dict("records")
    [{'words': 'fido', 'code': 'trust', 'negated': True, 'cue': 'Non'}]
    """
    if codebook is None:
        if not is_study(source):
            raise QuidqualError.of(
                "no codebook was given.", field="codebook", remedy="Give one: tag(texts, codebook)."
            )
        codebook = source.codebook
    options: dict[str, Any] = {
        "language": language, "codes": codes, "scope": scope, "expansion": expansion,
        "lemmas": lemmas, "cues": cues, "nlp": nlp,
    }  # fmt: skip
    if hasattr(source, "map_partitions"):
        raise QuidqualError.of(
            "a Dask DataFrame is tagged lazily, by another call.", field="source",
            remedy="Use qq.scale.tag(frame, codebook).",
        )  # fmt: skip
    return tag_all(source, as_codebook(codebook), **options)


def tag_all(
    source: Source,
    book: Codebook,
    *,
    language: str | None = None,
    codes: Iterable[str] | None = None,
    scope: Scope = "longest",
    expansion: pd.DataFrame | None = None,
    lemmas: Mapping[str, Mapping[str, str]] | None = None,
    cues: Sequence[Any] | None = None,
    nlp: Language | None = None,
    wide_globs: bool = False,
) -> pd.DataFrame:
    """Do what `tag` does, here and now; ``wide_globs``: without a look at what globs take in."""
    _check_scope(scope)
    patterns = parse_codebook(book, codes=codes)
    spoken = language if language not in (None, "all") else None
    given = passages(source, language=spoken)
    if is_study(source) and isinstance(spoken, str):
        _check_spoken(given, spoken)
    groups = _groups(given, patterns, language)
    if nlp is not None and expansion is None and not lemmas:
        patterns = by_lemma(patterns) if gives_lemmas(nlp) else patterns
    found = Found()
    for name, at in groups.items():
        wanted = languages_of(patterns) if name == "all" else [name]
        engine = engine_for(patterns, wanted, scope=scope, expansion=expansion, lemmas=lemmas)
        _check_constraints(engine.patterns, nlp)
        texts = given.texts if at is None else [given.texts[i] for i in at]
        found.add(engine, name, at, _scan(engine, texts, nlp, wide_globs))
    return frame_of(found, given, book, cues)


def _check_scope(scope: str) -> None:
    one_of(scope, ("longest", "all"), field="scope")


def _check_spoken(given: Passages, language: str) -> None:
    """Refuse a language in which a study has no note: its table would be empty for a slip."""
    have = sorted(set(given.languages))
    if have and language.split("-")[0] not in {own.split("-")[0] for own in have}:
        raise QuidqualError.of(
            f"the study has no notes in the language {language!r}.",
            field="language",
            remedy=f"It has notes in: {listed(have)}.",
        )


def _scan(
    engine: Engine, texts: Sequence[str], nlp: Language | None, wide_globs: bool
) -> Iterable[np.ndarray]:
    if nlp is not None:
        return scan_annotated(engine, texts, nlp)
    if not wide_globs:
        check_globs(engine.patterns, texts[:: -(-len(texts) // SAMPLE) or 1])
    return engine.rows(texts)


def _groups(
    given: Passages, patterns: Sequence[Pattern], language: str | None
) -> dict[str, list[int] | None]:
    """Rows of each language (None: all rows), or the reason why that cannot be told."""
    have = languages_of(patterns)
    if language is not None and not isinstance(language, str):
        raise QuidqualError.of(
            f"the language is {type(language).__name__}, not text.",
            field="language",
            remedy=f"Say one of {listed([*have, 'all'])}.",
        )
    if not have:
        raise QuidqualError.of(
            "there are no patterns: the codebook, or the codes chosen, have none.",
            field="codebook",
            remedy="Write patterns for at least one code, or choose others with codes=.",
        )
    if language == "all":
        return {"all": None}
    every = ANY_LANGUAGE in have
    if language is not None and language.split("-")[0] not in have and not every:
        raise QuidqualError.of(
            f"the codebook has no patterns in the language {language!r}.",
            field="language",
            remedy=f"It has patterns in: {listed(have)}.",
        )
    rows: dict[str, list[int]] = {}
    spoken = set(given.languages)
    if len(spoken) == 1:
        rows[spoken.pop().split("-")[0]] = []
    else:
        for i, own in enumerate(given.languages):
            rows.setdefault(own.split("-")[0], []).append(i)
    if language is not None:
        wanted = language.split("-")[0]
        return {wanted: rows.get(wanted, []) if len(rows) > 1 or wanted not in rows else None}
    if set(rows) == {""} and len(have) == 1:
        return {have[0]: None}
    without = [own for own in rows if own not in have and not every]
    if without:
        raise QuidqualError.of(
            "texts are in no stated language."
            if without == [""]
            else f"{sum(len(rows[x]) for x in without)} texts are in {listed(without)}, for which "
            "the codebook has no patterns.",
            field="language",
            remedy=f"Say language= (one of {listed([*have, 'all'])}) or write patterns.",
        )
    return {own: at if len(rows) > 1 else None for own, at in rows.items()}


def _check_constraints(patterns: Iterable[Pattern], nlp: Language | None) -> None:
    constrained = [p for p in patterns if p.constrained]
    if constrained and nlp is None:
        raise QuidqualError(
            [
                Problem(
                    "codebook.yaml",
                    None,
                    f"{p.code}.patterns.{p.language}",
                    f"pattern {p.source!r} has a constraint that plain text cannot meet.",
                    "Pass nlp= (a trained spaCy pipeline) or remove the [...].",
                )
                for p in constrained
            ]
        )


def check_globs(patterns: Iterable[Pattern], sample: Iterable[str]) -> None:
    """Refuse a glob that takes in half of all different words of the sample looked at."""
    globs = [w.text for w in words_of(patterns) if w.kind == "glob"]
    keys = {token.keys[0] for text in sample for token in tokenise(text)} if globs else set()
    if len(keys) < GLOB_FORMS:
        return
    shares = {glob: sum(glob_matches(glob, key) for key in keys) / len(keys) for glob in globs}
    wide = {glob: share for glob, share in shares.items() if share >= GLOB_SHARE}
    if wide:
        raise QuidqualError(
            [
                Problem(
                    "codebook.yaml",
                    None,
                    "patterns",
                    f"the glob {text!r} takes in {share:.0%} of all different words.",
                    "Make it longer; quidqual.expand shows what a glob stands for.",
                )
                for text, share in sorted(wide.items())
            ]
        )
