"""The tagger as a spaCy component: the same engine, writing into the document.

>>> import spacy
>>> nlp = spacy.blank("en")
>>> patterns = {"trust": {"en": ["trust*"]}}
>>> _ = nlp.add_pipe("quidqual_themes", config={"patterns": patterns})
>>> doc = nlp("She does not trust them.")
>>> [(span.text, span.label_, span._.negated) for span in doc.spans["themes"]]
[('trust', 'trust', True)]
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import srsly
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup, Token
from spacy.util import ensure_path

from quidqual.coding.compile import (
    CodebookLike,
    as_codebook,
    engine_for,
    parse_codebook,
    patterns_of,
)
from quidqual.coding.engine import Scope
from quidqual.coding.patterns import words_of
from quidqual.coding.tag import annotation_of, by_lemma, check_layers
from quidqual.cues.flagger import Flagger

__all__ = ["Themes", "displacy_options", "hits_of", "make_themes", "patterns_of"]

_ROWS = "quidqual_themes"
_SPAN = ("start_offset", "end_offset", "code", "pattern", "negated", "cue_kind", "cue")


def _extend() -> None:
    for at, name in enumerate(_SPAN):
        # What spaCy keeps of a span's attributes it keeps by place, so that two codes on the
        # same words would share them: they are looked up in the document's own rows instead.
        Span.set_extension(name, getter=partial(_of_span, at=at), force=True)
    if not Doc.has_extension("themes"):
        Doc.set_extension("themes", getter=_codes_of_doc)
    if not Token.has_extension("themes"):
        Token.set_extension("themes", getter=_codes_of_token)


def _of_span(span: Span, at: int) -> Any:
    for rows in span.doc.user_data.get(_ROWS, {}).values():
        for row in rows:
            held = span.start_char <= row[0] and row[1] <= span.end_char
            if held and (row[2], row[3]) == (span.label_, span.id_):
                return row[at]
    return None


def _spans(doc: Doc) -> list[Span]:
    key = doc.user_data.get("quidqual_spans_key", "themes")
    return list(doc.spans[key]) if key in doc.spans else []


def _codes_of_doc(doc: Doc) -> list[str]:
    return list(dict.fromkeys(span.label_ for span in _spans(doc)))


def _codes_of_token(token: Token) -> list[str]:
    at = [s.label_ for s in _spans(token.doc) if s.start <= token.i < s.end]
    return list(dict.fromkeys(at))


class Themes:
    """Writes every hit of a codebook into ``doc.spans``.

    Parameters
    ----------
    language : str
        Whose patterns to use: the pipeline's.
    patterns : mapping of code to (language to patterns)
        As in a codebook; `patterns_of` makes it of one.
    scope : {"longest", "all"}
    spans_key : str
        Where the spans go; their label is the code, their id the pattern.
    name : str
        Of the component.

    Notes
    -----
    Each span carries ``_.code, _.pattern, _.negated, _.cue, _.cue_kind`` and the exact
    place ``_.start_offset, _.end_offset``, which are those of `quidqual.tag`. Where spaCy
    cuts words otherwise than the tagger the span is widened to whole spaCy tokens; the
    exact place is not. ``doc._.themes`` and ``token._.themes`` list codes.
    """

    def __init__(
        self,
        language: str,
        patterns: dict[str, dict[str, list[str]]],
        *,
        scope: Scope = "longest",
        spans_key: str = "themes",
        name: str = "quidqual_themes",
    ) -> None:
        self.name = name
        self._set(language, patterns, scope, spans_key)

    def _set(self, language: str, patterns: dict[str, Any], scope: Scope, spans_key: str) -> None:
        _extend()
        self.language, self.patterns = language, patterns
        self.scope, self.spans_key = scope, spans_key
        book = as_codebook(patterns)
        own = parse_codebook(book)
        self.engine = engine_for(own, [language], scope=scope)
        self._lemma_engine = self.engine
        if any(word.kind == "lemma" for word in words_of(self.engine.patterns)):
            self._lemma_engine = engine_for(by_lemma(own), [language], scope=scope)
        self._constrained = [p for p in self.engine.patterns if p.constrained]
        self._flagger = Flagger(language)

    def __call__(self, doc: Doc) -> Doc:
        """Tag a document in place."""
        if self._constrained:
            check_layers(self._constrained, doc)
        engine = self._lemma_engine if doc.has_annotation("LEMMA") else self.engine
        hits = engine.match(doc.text, annotation_of(doc))
        flags = self._flagger.flag(doc.text, [(h.start, h.end) for h in hits])
        spans: list[Any] = []
        rows: list[list[Any]] = []
        for hit, own in zip(hits, flags, strict=True):
            flag = own[0] if own else None
            pattern = self.engine.patterns[hit.pattern]
            span = doc.char_span(
                hit.start,
                hit.end,
                label=pattern.code,
                span_id=pattern.source,
                alignment_mode="expand",
            )
            cue = doc.text[flag.cue_start : flag.cue_end] if flag else ""
            kind = flag.kind if flag else ""
            place = [hit.start, hit.end, pattern.code, pattern.source]
            rows.append([*place, kind == "negation", kind, cue])
            spans.append(span)
        doc.spans[self.spans_key] = SpanGroup(doc, name=self.spans_key, spans=spans)
        doc.user_data.setdefault(_ROWS, {})[self.spans_key] = rows
        doc.user_data["quidqual_spans_key"] = self.spans_key
        return doc

    def _state(self) -> dict[str, Any]:
        return {
            "language": self.language,
            "patterns": self.patterns,
            "scope": self.scope,
            "spans_key": self.spans_key,
        }

    def to_bytes(self, *, exclude: Any = ()) -> bytes:
        """Serialise: the patterns, and how they are used."""
        return srsly.msgpack_dumps(self._state())

    def from_bytes(self, data: bytes, *, exclude: Any = ()) -> Themes:
        """Read what `to_bytes` wrote."""
        self._set(**srsly.msgpack_loads(data))
        return self

    def to_disk(self, path: str | Path, *, exclude: Any = ()) -> None:
        """Write the patterns as JSON, for `nlp.to_disk`."""
        folder = ensure_path(path)
        folder.mkdir(parents=True, exist_ok=True)
        srsly.write_json(folder / "themes.json", self._state())

    def from_disk(self, path: str | Path, *, exclude: Any = ()) -> Themes:
        """Read what `to_disk` wrote."""
        self._set(**srsly.read_json(ensure_path(path) / "themes.json"))
        return self


@Language.factory(
    "quidqual_themes",
    default_config={"patterns": {}, "scope": "longest", "spans_key": "themes"},
)
def make_themes(
    nlp: Language,
    name: str,
    patterns: dict[str, Any],
    scope: str,
    spans_key: str,
) -> Themes:
    """Build the component for a pipeline (what ``nlp.add_pipe`` calls)."""
    return Themes(nlp.lang, patterns, scope=scope, spans_key=spans_key, name=name)  # type: ignore[arg-type]


def hits_of(doc: Doc, *, spans_key: str = "themes") -> pd.DataFrame:
    """Give the hits of a document as a table.

    Returns
    -------
    DataFrame
        ``start``, ``end`` (int: exact place), ``words``, ``code``, ``pattern`` (str),
        ``negated`` (bool), ``cue_kind``, ``cue`` (str), in the order of `quidqual.tag`.
    """
    columns = ["start", "end", "code", "pattern", "negated", "cue_kind", "cue"]
    rows = pd.DataFrame(doc.user_data.get(_ROWS, {}).get(spans_key, []), columns=columns)
    words = [doc.text[a:b] for a, b in zip(rows["start"], rows["end"], strict=True)]
    rows.insert(2, "words", pd.Series(words, dtype="str"))
    return rows


def displacy_options(codebook: CodebookLike, *, spans_key: str = "themes") -> dict[str, Any]:
    """Give the options with which displaCy (``style="span"``) uses the codebook's colours."""
    book = as_codebook(codebook)
    colours = {c: book.colour_of(c) for c in book.ids if book.colour_of(c)}
    return {"spans_key": spans_key, "colors": colours}
