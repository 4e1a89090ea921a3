"""The engine: all patterns of one language over many texts, one row of numbers a match."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from quidqual.coding.matching import (
    Variants,
    by_rarity,
    compile_variants,
    find,
    is_single,
    numbers_of,
)
from quidqual.coding.patterns import Pattern, Where, Word
from quidqual.coding.sieve import Sieve
from quidqual.coding.vocabulary import Anchors, Lemmatiser, Vocabulary

Scope = Literal["longest", "all"]
Annotation = Callable[[int, int, Where], bool]
BLOCK = 8192
_FEW = 64
_CHUNK = re.compile(r"\S+")


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
        self._single = [is_single(p) for p in self.patterns]
        self._compiled = [compile_variants(p, self._number) for p in self.patterns]
        self._codes = [p.code for p in self.patterns]
        self._exclusions: dict[str, list[int]] = {}
        for i, pattern in enumerate(self.patterns):
            if pattern.exclude:
                self._exclusions.setdefault(pattern.code, []).append(i)
        self._anchor(Counter())

    def _anchor(self, counts: Counter[int]) -> None:
        """Choose for each pattern the place that makes it worth trying: the rarest."""
        single: dict[int, list[int]] = {}
        joint: list[tuple[int, frozenset[int], tuple[frozenset[int], ...]]] = []
        for i, (pattern, compiled) in enumerate(zip(self.patterns, self._compiled, strict=True)):
            if pattern.exclude:
                continue
            for variant, places in zip(pattern.variants, compiled.rows, strict=True):
                order = by_rarity(variant, places, counts)
                words, *others = (numbers_of(places[at]) for at in order)
                if self._single[i]:
                    for word in words:
                        single.setdefault(word, []).append(i)
                else:
                    joint.append((i, words, tuple(others)))
        self.vocabulary.anchor(single, joint)
        self._sieve = self._sieve_of(single, joint)

    def _sieve_of(
        self,
        single: Iterable[int],
        joint: Iterable[tuple[int, frozenset[int], tuple[frozenset[int], ...]]],
    ) -> Sieve | None:
        """Make the sieve of the anchors; None if of one no start of its forms is known."""
        alone, together = self.vocabulary.starts(single), []
        if alone is None:
            return None
        for _, words, others in joint:
            told = [self.vocabulary.starts(place) for place in (words, *others)]
            places = [starts for starts in told if starts is not None]
            if not places:
                return None
            together.append(places)
        return Sieve(alone, together)

    def tune(self, sample: Iterable[str]) -> None:
        """Learn from some texts which words are rare; changes the speed, never the hits."""
        counts: Counter[int] = Counter()
        for text in sample:
            for form in text.split():
                for numbers in self.vocabulary.chunks[form].words:
                    counts.update(numbers)
        self._anchor(counts)

    def _number(self, kind: str, text: str) -> int:
        return self.vocabulary.number[Word(kind, text)]  # type: ignore[arg-type]

    def match(self, text: str, annotation: Annotation | None = None) -> list[Hit]:
        """Find all hits in one text, sorted by start, end, pattern.

        Parameters
        ----------
        text : str
            Any text; a match never runs over the end of a line or a sentence.
        annotation : callable, optional
            ``annotation(start, end, where)`` says whether the word there meets a
            constraint on part of speech or dependency; without it none is met.
        """
        return list(self._lines(text, annotation))

    def scan(self, texts: Iterable[str]) -> Iterator[tuple[int, list[Hit]]]:
        """Go through many texts; give (number of the text, hits) where there are any."""
        source, before = iter(texts), 0
        while block := list(islice(source, BLOCK)):
            for number, hits in self._block(block):
                yield before + number, hits
            before += len(block)
            self.vocabulary.trim()

    def _block(self, texts: Sequence[str]) -> Iterator[tuple[int, list[Hit]]]:
        sieve = self._sieve
        passed = range(len(texts)) if sieve is None else sieve.candidates(texts)
        rows = [texts[number].split() for number in passed]
        self.vocabulary.meet(rows)
        for number, forms in zip(passed, rows, strict=True):
            if "\n" in texts[number]:
                hits = list(self._lines(texts[number], None))
            else:
                hits = self._line(texts[number], forms, 0, None)
            if hits:
                yield number, hits

    def _lines(self, text: str, annotation: Annotation | None) -> Iterator[Hit]:
        start = 0
        for line in text.split("\n"):
            yield from self._line(line, line.split(), start, annotation)
            start += len(line) + 1

    def _line(
        self, line: str, forms: list[str], base: int, annotation: Annotation | None
    ) -> list[Hit]:
        found = map(self.vocabulary.anchors.__getitem__, forms)
        warm = [(i, anchors) for i, anchors in enumerate(found) if anchors is not None]
        if not warm:
            return []
        row = _Row(line, forms, base, self.vocabulary, annotation)
        hits = [Hit(*row.place(i, at), pattern) for i, a in warm for at, pattern in a.single]
        for pattern in _tried(warm, forms):
            hits += row.find(self._compiled[pattern], pattern)
        if hits and self._exclusions:
            hits = self._without_excluded(hits, row)
        if len(hits) > 1:
            hits.sort()
            if self.scope == "longest":
                hits = self._longest(hits)
        return hits

    def _without_excluded(self, hits: list[Hit], row: _Row) -> list[Hit]:
        barred: dict[str, list[tuple[int, int]]] = {}
        kept = []
        for hit in hits:
            code = self._codes[hit.pattern]
            if code in self._exclusions and code not in barred:
                barred[code] = _joined(
                    found[:2]
                    for i in self._exclusions[code]
                    for found in row.find(self._compiled[i], i, overlapping=True)
                )
            if not _touches(barred.get(code, ()), hit):
                kept.append(hit)
        return kept

    def _longest(self, hits: list[Hit]) -> list[Hit]:
        """Leave out a hit inside another of its code; the hits come sorted."""
        if len({self._codes[hit.pattern] for hit in hits}) == len(hits):
            return hits
        furthest: dict[str, int] = {}
        kept = []
        # What may hold a hit comes before it in this order.
        for hit in sorted(hits, key=lambda h: (h.start, -h.end, h.pattern)):
            code = self._codes[hit.pattern]
            if furthest.get(code, -1) < hit.end:
                kept.append(hit)
                furthest[code] = hit.end
        return sorted(kept)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that overlap, so that those left stand in order."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _touches(spans: Sequence[tuple[int, int]], hit: Hit) -> bool:
    """Whether a hit overlaps one of some spans that stand in order, apart."""
    at = bisect_left(spans, (hit.end,))
    return at > 0 and spans[at - 1][1] > hit.start


def _tried(warm: Iterable[tuple[int, Anchors]], forms: list[str]) -> set[int]:
    """Patterns of several words of which each place has a form that fills it."""
    tried: set[int] = set()
    for _, anchors in warm:
        for pattern, others in anchors.joint:
            for seen in others:
                if seen.isdisjoint(forms):
                    break
            else:
                tried.add(pattern)
    return tried


class _Row:
    """The tokens of one line, as the matcher wants them; each part made when first asked."""

    __slots__ = (
        "annotation", "base", "filled", "forms", "line", "owners", "runs", "spaced", "starts",
        "vocabulary", "words",
    )  # fmt: skip

    def __init__(
        self,
        line: str,
        forms: list[str],
        base: int,
        vocabulary: Vocabulary,
        annotation: Annotation | None,
    ) -> None:
        self.line, self.forms, self.base = line, forms, base
        self.vocabulary, self.annotation = vocabulary, annotation
        self.words: list[frozenset[int]] = []
        self.runs: list[int] = []
        self.owners: list[int] = []
        self.filled: list[int] = []
        self.starts: list[int] = []
        # Where single spaces part the chunks, their lengths tell where each one starts.
        self.spaced = sum(map(len, forms)) + len(forms) - 1 == len(line)

    def place(self, form: int, token: int) -> tuple[int, int]:
        """Where a token of a form stands in the text."""
        start, end = self.vocabulary.chunks[self.forms[form]].places[token]
        if self.spaced and form < _FEW:
            at = self.base + sum(map(len, self.forms[:form])) + form
        else:
            self.starts = self.starts or [m.start() for m in _CHUNK.finditer(self.line)]
            at = self.base + self.starts[form]
        return at + start, at + end

    def _cut(self) -> None:
        run = 0
        words, runs, owners = self.words, self.runs, self.owners
        found = map(self.vocabulary.chunks.__getitem__, self.forms)
        for i, (_, own, within, breaks) in enumerate(found):
            if len(own) == 1:
                words.append(own[0])
                runs.append(run + within[0])
                owners.append(i)
            else:
                words += own
                runs += [run + r for r in within]
                owners += [i] * len(own)
            run += breaks
        self.filled = [at for at, own in enumerate(words) if own]

    def _place_of(self, at: int) -> tuple[int, int]:
        form = first = self.owners[at]
        for first in range(at, -1, -1):
            if first == 0 or self.owners[first - 1] != form:
                break
        return self.place(form, at - first)

    def _check(self, at: int, where: Where) -> bool:
        return self.annotation is not None and self.annotation(*self._place_of(at), where)

    def find(self, variants: Variants, pattern: int, *, overlapping: bool = False) -> list[Hit]:
        if not self.words:
            self._cut()
        found = find(
            variants, self.words, self.runs, self.filled, self._check, overlapping=overlapping
        )
        return [Hit(self._place_of(a)[0], self._place_of(b)[1], pattern) for a, b in found]
