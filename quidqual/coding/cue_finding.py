"""Cues found in the words of a block: the same as an engine finds, from forms of words.

Most words begin no cue. A cue of several words is tried only where a word stands that it cannot
do without, or two in a row; which forms do is told once a form.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np

from quidqual.coding.anchors import rarity
from quidqual.coding.clauses import Clauses
from quidqual.coding.matching import compile_variants, end_of
from quidqual.coding.patterns import Element, Pattern, Word
from quidqual.coding.vocabulary import Vocabulary
from quidqual.coding.word_table import BLANKS, Lexicon, WordTable

Found = tuple[int, int, int]  # number of the pattern, first and last word


class Try(NamedTuple):
    """A pattern worth trying at a word: which variant, where the word stands in it.

    ``early`` and ``late``: how many words before it the variant may begin; ``rest``: how many
    behind it may be of it.
    """

    pattern: int
    variant: int
    early: int
    late: int
    rest: int


class CueFinder:
    """Finds patterns in the words of texts.

    Parameters
    ----------
    patterns : sequence of Pattern
        Those that bar others last; an exclusion bars the finds of its own code.
    lexicon : Lexicon
    """

    def __init__(self, patterns: Sequence[Pattern], lexicon: Lexicon) -> None:
        self._lexicon, self._vocabulary = lexicon, Vocabulary(patterns)
        number = self._vocabulary.number
        self._variants = [
            compile_variants(p, lambda kind, text: number[Word(kind, text)])  # type: ignore[arg-type]
            for p in patterns
        ]
        self._excludes = [p.exclude for p in patterns]
        self._codes = [p.code for p in patterns]
        self._single = [
            not p.exclude and not p.constrained and all(len(v) == 1 for v in p.variants)
            for p in patterns
        ]
        self.always: list[int] = []
        self._alone: dict[int, list[Try]] = {}
        self._paired: dict[tuple[int, int], list[Try]] = {}
        for i, pattern in enumerate(patterns):
            tries = list(_tries(i, pattern, self._vocabulary))
            if any(anchor is None for anchor, _ in tries):
                self.always.append(i)
                continue
            for anchor, tried in tries:
                if len(anchor) == 1:
                    self._alone.setdefault(anchor[0], []).append(tried)
                else:
                    self._paired.setdefault((anchor[0], anchor[1]), []).append(tried)
        self._left = frozenset(a for a, _ in self._paired)
        self._right = frozenset(b for _, b in self._paired)
        self.tried: list[tuple[Try, ...]] = [()]  # by the codes below
        self._forget()

    def _forget(self) -> None:
        self._generation = self._lexicon.generation
        self._numbers: list[frozenset[int]] = []
        self._own: list[tuple[int, int, int]] = []
        self._pairs: dict[tuple[int, int], int] = {}
        self._columns = np.zeros((0, 3), dtype=np.int64)
        self._codes_of: dict[tuple[Try, ...], int] = {row: i for i, row in enumerate(self.tried)}

    def _code(self, tries: Sequence[Try]) -> int:
        """Number of a row of tries, the same for the same."""
        row = tuple(dict.fromkeys(tries))
        code = self._codes_of.get(row)
        if code is None:
            code = self._codes_of[row] = len(self.tried)
            self.tried.append(row)
        return code

    def _known(self) -> np.ndarray:
        """Of each form: the code of what is tried there, whether it begins and ends a pair."""
        lexicon, known = self._lexicon, self._own
        if self._generation != lexicon.generation:
            self._forget()
            known = self._own
        if len(known) < len(lexicon.names):
            for form in range(len(known), len(lexicon.names)):
                numbers = self._vocabulary.of_key(lexicon.names[form])
                if second := lexicon.seconds[form]:
                    numbers |= self._vocabulary.of_key(second)
                self._numbers.append(numbers)
                tries = [t for n in sorted(numbers) for t in self._alone.get(n, ())]
                known.append(
                    (
                        self._code(tries),
                        not self._left.isdisjoint(numbers),
                        not self._right.isdisjoint(numbers),
                    )
                )
            self._columns = np.array(known, dtype=np.int64).reshape(-1, 3)
        return self._columns

    def candidates(self, table: WordTable) -> tuple[np.ndarray, np.ndarray]:
        """Words of a table at which something is to be tried, in order, and the code of what."""
        alone, left, right = self._known().T
        form = table.form
        codes = alone[form]
        at = np.flatnonzero(codes)
        begins = np.flatnonzero(left[form[:-1]] & right[form[1:]]) if len(form) else at
        if not len(begins):
            return at, codes[at]
        both = zip(form[begins].tolist(), form[begins + 1].tolist(), strict=True)
        pairs = self._pairs
        paired = np.array(
            [pairs[p] if p in pairs else self._pair(p) for p in both], dtype=np.int64
        )
        kept = paired > 0
        at, codes = np.concatenate([at, begins[kept]]), np.concatenate([codes[at], paired[kept]])
        order = np.argsort(at, kind="stable")
        return at[order], codes[order]

    def _pair(self, forms: tuple[int, int]) -> int:
        a, b = (sorted(self._numbers[form]) for form in forms)
        tries = [t for pair in product(a, b) for t in self._paired.get(pair, ())]
        code = self._pairs[forms] = self._code(tries)
        return code

    def find(self, words: Clauses, at: Sequence[int], codes: Sequence[int]) -> list[Found]:
        """Every cue that no exclusion of its code overlaps, in order; of the candidates given."""
        found: list[Found] = []
        known, single = self._numbers, self._single
        numbers = [known[form] for form in words.forms]
        texts = dict.fromkeys(words.texts[BLANKS:-BLANKS])
        present = {(text, i): None for text in texts for i in self.always}
        for word, code in zip(at, codes, strict=True):
            for i, variant, early, late, _ in self.tried[code]:
                if single[i]:
                    found.append((i, word, word))
                elif (words.texts[word], i) not in present:
                    places = self._variants[i].rows[variant]
                    for start in range(max(0, word - early), word - late + 1):
                        if end_of(places, start, numbers, words.runs) >= 0:
                            present[words.texts[word], i] = None
                            break
        if present:
            found = self._longer(words, list(present), numbers, found)
        found.sort(key=_place)
        return found

    def _longer(
        self,
        words: Clauses,
        present: Sequence[tuple[int, int]],
        numbers: Sequence[frozenset[int]],
        found: list[Found],
    ) -> list[Found]:
        """Add the cues of several words, and leave out what an exclusion overlaps."""
        for text, i in present:
            if not self._excludes[i]:
                found += [(i, *span) for span in self._spans(i, text, words, numbers)]
        held = {(words.texts[first], self._codes[i]) for i, first, _ in found}
        barring: dict[tuple[int, str], list[tuple[int, int]]] = {}
        for text, i in present:
            own = text, self._codes[i]
            if self._excludes[i] and own in held:
                barring.setdefault(own, []).extend(self._spans(i, text, words, numbers))
        if not barring:
            return found
        joined = {own: _joined(spans) for own, spans in barring.items()}
        return [
            f for f in found
            if not _barred(f, joined.get((words.texts[f[1]], self._codes[f[0]]), ()))
        ]  # fmt: skip

    def _spans(
        self, i: int, text: int, words: Clauses, numbers: Sequence[frozenset[int]]
    ) -> Iterator[tuple[int, int]]:
        rows, heads = self._variants[i]
        free = 0
        for at in range(*words.bounds(text)):
            if at < free or (heads is not None and heads.isdisjoint(numbers[at])):
                continue
            for variant in rows:
                last = end_of(variant, at, numbers, words.runs)
                if last >= 0:
                    yield at, last
                    free = 0 if self._excludes[i] else last + 1
                    break


_WORDS = 2000  # what `_frequency` counts in, about


def _place(found: Found) -> tuple[int, int, int]:
    number, first, last = found
    return first, last, number


def _tries(
    i: int, pattern: Pattern, vocabulary: Vocabulary
) -> Iterator[tuple[tuple[int, ...] | None, Try]]:
    """Words, or two in a row, of which a match must hold one: the rarest of each variant."""
    single = all(len(v) == 1 for v in pattern.variants)
    for k, variant in enumerate(pattern.variants):
        places = [e if all(w.kind != "any" for w in e.words) else None for e in variant]
        rows: list[tuple[float, int, tuple[Element, ...]]] = [
            (_often(e), at, (e,)) for at, e in enumerate(places) if e is not None
        ]
        rows += [
            (_often(a) * _often(b) / _WORDS, at, (a, b))
            for at, (a, b) in enumerate(pairwise(places))
            if a is not None and b is not None and not b.gap
        ]
        if not rows:
            yield None, Try(i, k, 0, 0, 0)
            continue
        _, at, best = min(rows, key=lambda row: row[0])
        early = at + sum(e.gap for e in variant[1 : at + 1])
        rest = sum(e.gap + 1 for e in variant[at + 1 :])
        tried = Try(i, 0 if single else k, early, at, rest)
        for anchor in product(*([vocabulary.number[word] for word in e.words] for e in best)):
            yield anchor, tried


def _often(element: Element) -> float:
    return sum(_frequency(word.text) for word in element.words)


def _frequency(word: str) -> int:
    """A guess at how often a word stands in a text."""
    return 100 if rarity([word]) == 1 else 1 + 40 // len(word) ** 2


def _barred(found: Found, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a cue shares a word with one of some spans that stand in order, apart."""
    at = bisect_right(spans, found[2], key=_first)
    return at > 0 and spans[at - 1][1] >= found[1]


def _first(span: tuple[int, int]) -> int:
    return span[0]


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined
