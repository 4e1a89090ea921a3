"""The engine: all patterns of one language over many texts, one row of numbers a match."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, islice
from typing import Literal, NamedTuple

from quidqual.coding.matching import (
    Check,
    Place,
    by_rarity,
    compile_place,
    find,
    is_single,
    numbers_of,
)
from quidqual.coding.patterns import Pattern, Where, Word
from quidqual.coding.sieve import Sieve
from quidqual.coding.vocabulary import Lemmatiser, Vocabulary

Scope = Literal["longest", "all"]
Annotation = Callable[[int, int, Where], bool]
BLOCK = 8192
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
        self._compiled = [self._compile(p) for p in self.patterns]
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
            for variant, places in zip(pattern.variants, compiled, strict=True):
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
        """Make the sieve of the anchors; None if a lemma is one: any form may have it."""
        alone, together = self.vocabulary.starts(single), []
        for _, words, others in joint:
            starts = self.vocabulary.starts(words)
            other = self.vocabulary.starts(others[0]) if others else None
            if starts is None or alone is None:
                return None
            if other is None:
                alone += starts
            else:
                together.append((starts, other))
        return None if alone is None else Sieve(alone, together)

    def tune(self, sample: Iterable[str]) -> None:
        """Learn from some texts which words are rare; changes the speed, never the hits."""
        counts: Counter[int] = Counter()
        for text in sample:
            for form in text.split():
                for numbers in self.vocabulary.chunk(form).words:
                    counts.update(numbers)
        self._anchor(counts)

    def _number(self, kind: str, text: str) -> int:
        return self.vocabulary.number[Word(kind, text)]  # type: ignore[arg-type]

    def _compile(self, pattern: Pattern) -> list[list[Place]]:
        return [[compile_place(e, self._number) for e in v] for v in pattern.variants]

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
        sieve, cold = self._sieve, self.vocabulary.cold
        passed = range(len(texts)) if sieve is None else sieve.candidates(texts)
        rows = [texts[number].split() for number in passed]
        self.vocabulary.meet(rows)
        for number, forms in zip(passed, rows, strict=True):
            if cold.issuperset(forms):
                continue
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
        anchored, known = self.vocabulary.anchored, self.vocabulary.forms
        cold = self.vocabulary.cold
        for form in forms:
            if form not in known and form not in cold:
                self.vocabulary.learn(form)
        warm = [(i, anchored[form]) for i, form in enumerate(forms) if form in anchored]
        if not warm:
            return []
        tried = {
            pattern
            for _, anchors in warm
            for pattern, others in anchors.joint
            if not any(seen.isdisjoint(forms) for seen in others)
        }
        if not tried and not any(anchors.single for _, anchors in warm):
            return []
        row = _Row(line, forms, base, self.vocabulary, annotation)
        hits = [Hit(*row.place(i, at), pattern) for i, a in warm for at, pattern in a.single]
        for pattern in tried:
            hits.extend(row.find(self._compiled[pattern], pattern))
        if hits and self._exclusions:
            hits = self._without_excluded(hits, row)
        if len(hits) > 1:
            hits.sort()
            if self.scope == "longest":
                hits = self._longest(hits)
        return hits

    def _without_excluded(self, hits: list[Hit], row: _Row) -> list[Hit]:
        barred: dict[str, list[Hit]] = {}
        kept = []
        for hit in hits:
            code = self._codes[hit.pattern]
            if code in self._exclusions and code not in barred:
                barred[code] = [
                    found
                    for i in self._exclusions[code]
                    for found in row.find(self._compiled[i], i, overlapping=True)
                ]
            if not any(b.start < hit.end and hit.start < b.end for b in barred.get(code, ())):
                kept.append(hit)
        return kept

    def _longest(self, hits: list[Hit]) -> list[Hit]:
        """Leave out a hit inside another of its code; the hits come sorted."""
        kept = []
        for hit in hits:
            code = self._codes[hit.pattern]
            if not any(
                other.start <= hit.start
                and hit.end <= other.end
                and (other.end - other.start > hit.end - hit.start or other.pattern < hit.pattern)
                and self._codes[other.pattern] == code
                for other in hits
                if other is not hit
            ):
                kept.append(hit)
        return kept


class _Row:
    """The tokens of one line, as the matcher wants them; each part made when first asked."""

    __slots__ = (
        "annotation",
        "base",
        "forms",
        "line",
        "owners",
        "runs",
        "starts",
        "vocabulary",
        "words",
    )

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
        self.starts: list[int] = []
        self.words: list[frozenset[int]] = []
        self.runs: list[int] = []
        self.owners: list[tuple[int, int]] = []

    def place(self, form: int, token: int) -> tuple[int, int]:
        """Where a token of a form stands in the text."""
        if not self.starts:
            self.starts = _starts(self.line, self.forms)
        start, end = self.vocabulary.chunk(self.forms[form]).places[token]
        at = self.base + self.starts[form]
        return at + start, at + end

    def _cut(self) -> None:
        run = 0
        for i, form in enumerate(self.forms):
            chunk = self.vocabulary.chunk(form)
            for token, words in enumerate(chunk.words):
                self.words.append(words)
                self.runs.append(run + chunk.runs[token])
                self.owners.append((i, token))
            run += chunk.breaks

    def _check(self, at: int, where: Where) -> bool:
        return self.annotation is not None and self.annotation(*self.place(*self.owners[at]), where)

    def find(
        self, variants: list[list[Place]], pattern: int, *, overlapping: bool = False
    ) -> Iterator[Hit]:
        if not self.words:
            self._cut()
        check: Check = self._check
        for first, last in find(variants, self.words, self.runs, check, overlapping=overlapping):
            start, _ = self.place(*self.owners[first])
            yield Hit(start, self.place(*self.owners[last])[1], pattern)


def _starts(line: str, forms: Sequence[str]) -> list[int]:
    """Where each chunk starts: by their lengths if single spaces part them."""
    ends = list(accumulate(map(len, forms)))
    if ends and ends[-1] + len(forms) - 1 == len(line):
        return [0, *(end + i for i, end in enumerate(ends[:-1], 1))]
    return [m.start() for m in _CHUNK.finditer(line)]
