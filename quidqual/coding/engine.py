"""The engine: all patterns of one language over many texts, one row of numbers a match."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Literal, NamedTuple

import numpy as np

from quidqual.coding.anchors import Anchors
from quidqual.coding.matching import compile_variants, find
from quidqual.coding.needles import Needle, Needles, haystack
from quidqual.coding.patterns import Pattern, Where, Word
from quidqual.coding.tokens import words_in
from quidqual.coding.vocabulary import Lemmatiser, Vocabulary

Scope = Literal["longest", "all"]
Annotation = Callable[[int, int, Where], bool]
BLOCK = 4096


class Hit(NamedTuple):
    """A match: number of the pattern and its place in the text."""

    start: int
    end: int
    pattern: int


class Engine:
    """Finds every match of many patterns.

    Parameters
    ----------
    patterns : sequence of Pattern
        All patterns of one language, exclusions among them, in the order of the codebook.
    scope : {"longest", "all"}
        ``"longest"``: of the hits of one code, one that lies inside another is left out
        (of two on the same words, the first of the codebook stays). ``"all"``: every
        pattern's hits. Hits of different codes are always kept.
    lemmatise, allowed
        See :class:`quidqual.coding.vocabulary.Vocabulary`.

    Notes
    -----
    Words, phrases and starts of words are read off Aho-Corasick's finds, thousands of texts at
    once. Whatever needs a look at the tokens (gaps, lemmas, apostrophes, exclusions, patterns
    that overlap themselves) is tried only where a word is found that it cannot do without.

    Examples
    --------
    >>> from quidqual.coding.patterns import parse
    >>> engine = Engine([parse("trust*").of(code="trust", language="en")])
    >>> engine.match("She trusts nobody.")
    [Hit(start=4, end=10, pattern=0)]
    """

    def __init__(
        self,
        patterns: Sequence[Pattern],
        *,
        scope: Scope = "longest",
        lemmatise: Lemmatiser | None = None,
        allowed: Mapping[tuple[str, str], frozenset[str]] | None = None,
    ) -> None:
        self.patterns = tuple(patterns)
        self.scope = scope
        self.vocabulary = Vocabulary(self.patterns, lemmatise=lemmatise, allowed=allowed)
        self.compiled = [compile_variants(p, self._number) for p in self.patterns]
        codes = list(dict.fromkeys(p.code for p in self.patterns))
        self._code = np.array([codes.index(p.code) for p in self.patterns], dtype=np.int64)
        self._excludes = np.array([p.exclude for p in self.patterns], dtype=bool)
        self._constrained = [i for i, p in enumerate(self.patterns) if p.constrained]
        anchors = Anchors(self.vocabulary)
        needles: list[tuple[Needle, int, int]] = []
        self._always: list[int] = []
        for i, pattern in enumerate(self.patterns):
            found = [] if pattern.constrained else anchors.needles(pattern)
            if found is None:
                self._always.append(i)
            else:
                needles += [(needle, i, rank) for needle, rank in found]
        self._sought = Needles(needles)

    def _number(self, kind: str, text: str) -> int:
        return self.vocabulary.number[Word(kind, text)]  # type: ignore[arg-type]

    # -- matching ----------------------------------------------------------------------------

    def match(self, text: str, annotation: Annotation | None = None) -> list[Hit]:
        """Find all hits in one text, sorted by start, end, pattern.

        Parameters
        ----------
        text : str
            Any text; a match never runs over the end of a sentence or a blank line.
        annotation : callable, optional
            ``annotation(start, end, where)`` says whether the word there meets a
            constraint on part of speech or dependency; without it none is met.
        """
        return [Hit(*row[1:]) for row in self._rows([text], annotation).tolist()]

    def scan(self, texts: Iterable[str]) -> Iterator[tuple[int, list[Hit]]]:
        """Go through many texts; give (number of the text, hits) where there are any."""
        for rows in self.rows(texts):
            before = -1
            hits: list[Hit] = []
            for text, start, end, pattern in rows.tolist():
                if text != before:
                    if hits:
                        yield before, hits
                    before, hits = text, []
                hits.append(Hit(start, end, pattern))
            if hits:
                yield before, hits

    def rows(self, texts: Iterable[str]) -> Iterator[np.ndarray]:
        """The same as arrays, one a block of texts: text, start, end, pattern, in this order."""
        source, before = iter(texts), 0
        while block := list(islice(source, BLOCK)):
            rows = self._rows(block)
            rows[:, 0] += before
            yield rows
            before += len(block)

    def _rows(self, texts: Sequence[str], annotation: Annotation | None = None) -> np.ndarray:
        hay = haystack(texts)
        text, start, end, pattern, rank, sure = self._sought.find(hay)
        rows = np.stack([text, start, end, pattern], axis=1)
        n = len(self.patterns)
        tried = _overlapping(rows, rank, n) if len(rows) > 1 else set()
        tried.update(np.unique(text[~sure] * n + pattern[~sure]).tolist())
        every = [i for i, p in enumerate(self.patterns) if not p.constrained]
        tried.update(at * n + i for at in hay.odd for i in every)
        tried.update(at * n + i for i in self._always for at in range(len(texts)))
        if annotation is not None:
            tried.update(at * n + i for i in self._constrained for at in range(len(texts)))
        rows = rows[sure]
        if tried:
            own = rows[:, 0] * n + rows[:, 3]
            rows = rows[~np.isin(own, np.fromiter(tried, np.int64, len(tried)))]
            rows = self._looked_at(texts, rows, sorted(tried), annotation)
        rows = rows[np.lexsort((rows[:, 3], rows[:, 2], rows[:, 1], rows[:, 0]))]
        rows = (
            rows[np.append(True, (np.diff(rows, axis=0) != 0).any(axis=1))] if len(rows) else rows
        )
        return self._longest(rows) if self.scope == "longest" and len(rows) > 1 else rows

    def _looked_at(
        self,
        texts: Sequence[str],
        rows: np.ndarray,
        tried: Sequence[int],
        annotation: Annotation | None,
    ) -> np.ndarray:
        """Try patterns on the tokens of texts; then take out what is excluded."""
        n, more = len(self.patterns), []
        barring: dict[Any, Any] = {}
        at, line = -1, None
        for number in tried:
            text, i = divmod(number, n)
            if self._excludes[i]:
                barring.setdefault((text, int(self._code[i])), []).append(i)
                continue
            if text != at or line is None:
                at, line = text, _Line(texts[text], self.vocabulary, annotation)
            more += [(text, a, b, i) for a, b in line.find(self.compiled[i])]
        if more:
            rows = np.concatenate([rows, np.array(more, dtype=np.int64)])
        return self._without_excluded(texts, rows, barring, annotation) if barring else rows

    def _without_excluded(
        self,
        texts: Sequence[str],
        rows: np.ndarray,
        barring: Mapping[tuple[int, int], list[int]],
        annotation: Annotation | None,
    ) -> np.ndarray:
        """Leave out hits that an exclusion of their code overlaps."""
        groups = rows[:, 0] * (self._code.max() + 1) + self._code[rows[:, 3]]
        order = np.argsort(groups, kind="stable")
        ordered = groups[order]
        keep = np.ones(len(rows), dtype=bool)
        for (text, code), exclusions in barring.items():
            group = text * (self._code.max() + 1) + code
            low, high = np.searchsorted(ordered, [group, group + 1])
            if low == high:
                continue
            line = _Line(texts[text], self.vocabulary, annotation)
            spans = _joined(
                span for i in exclusions for span in line.find(self.compiled[i], overlapping=True)
            )
            for at in order[low:high].tolist():
                _, start, end, _ = rows[at].tolist()
                keep[at] = not _touches(spans, start, end)
        return rows[keep]

    def _longest(self, rows: np.ndarray) -> np.ndarray:
        """Leave out a hit inside another of its code; the rows come sorted."""
        code = self._code[rows[:, 3]]
        order = np.lexsort((rows[:, 3], -rows[:, 2], rows[:, 1], code, rows[:, 0]))
        sorted_, code = rows[order], code[order]
        same = np.append(False, (np.diff(sorted_[:, 0]) == 0) & (np.diff(code) == 0))
        if not same.any():
            return rows
        group = np.cumsum(~same)
        ends = group * (int(sorted_[:, 2].max()) + 1) + sorted_[:, 2]
        furthest = np.append(-1, np.maximum.accumulate(ends)[:-1])
        inside = np.zeros(len(rows), dtype=bool)
        inside[order] = same & (furthest >= ends)
        return rows[~inside]


def _overlapping(rows: np.ndarray, rank: np.ndarray, n: int) -> set[int]:
    """Texts and patterns (as text * n + pattern) with finds that overlap: tokens decide."""
    own = rows[:, 0] * n + rows[:, 3]
    order = np.lexsort((rows[:, 2], rows[:, 1], own))
    own, first, last = own[order], rows[order, 1], rows[order, 2]
    twice = (own[1:] == own[:-1]) & (first[1:] < last[:-1])
    return set(own[1:][twice].tolist())


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that overlap, so that those left stand in order."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _touches(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a hit overlaps one of some spans that stand in order, apart."""
    at = bisect_left(spans, (end,))
    return at > 0 and spans[at - 1][1] > start


class _Line:
    """The tokens of one text, as the matcher wants them."""

    __slots__ = ("_annotation", "_filled", "_found", "_words")

    def __init__(self, text: str, vocabulary: Vocabulary, annotation: Annotation | None) -> None:
        self._found = words_in(text)
        self._words = list(map(vocabulary.of_key, self._found.keys))
        for at, key in self._found.second.items():
            self._words[at] |= vocabulary.of_key(key)
        self._filled = [at for at, own in enumerate(self._words) if own]
        self._annotation = annotation

    def _check(self, at: int, where: Where) -> bool:
        place = self._found.starts[at], self._found.ends[at]
        return self._annotation is not None and self._annotation(*place, where)

    def find(self, variants, *, overlapping: bool = False) -> Iterator[tuple[int, int]]:  # type: ignore[no-untyped-def]
        """Places of a pattern, from the left."""
        found = find(
            variants,
            self._words,
            self._found.runs,
            self._filled,
            self._check,
            overlapping=overlapping,
        )
        for first, last in found:
            yield self._found.starts[first], self._found.ends[last]
