"""Cues found in the words of a block: the same as an engine finds, from forms of words.

Most words begin no cue. A cue of several words is tried only where a word stands that it cannot
do without, or two in a row; which forms do is told once a form.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np

from quidqual.coding.anchors import rarity
from quidqual.coding.matching import compile_variants, end_of
from quidqual.coding.patterns import Element, Pattern, Word
from quidqual.coding.vocabulary import Vocabulary
from quidqual.cues.clauses import Clauses
from quidqual.cues.word_table import BLANKS, Lexicon, WordTable

Found = tuple[int, int, int]  # first and last word, number of the pattern


class Try(NamedTuple):
    """A pattern worth trying at a word: which variant, where the word stands in it.

    ``early`` and ``late``: how many words before it the variant may begin; ``rest``: how many
    behind it may be of it. ``left`` and ``right``: what must stand beside it, as the number of a
    set of words (0: anything) and the words that may lie between; ``right`` from ``on``.
    """

    pattern: int
    variant: int
    early: int
    late: int
    rest: int
    left: tuple[int, int]
    right: tuple[int, int]
    on: int


class CueFinder:
    """Finds patterns in the words of texts.

    Parameters
    ----------
    patterns : sequence of Pattern
        Those that bar others last; an exclusion bars the finds of its own code.
    lexicon : Lexicon

    Attributes
    ----------
    tries : list of Try
    always : list of int
        Patterns that any words may fill: they are tried on every text.
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
        self.tries: list[Try] = []
        self._anchored: dict[tuple[int, ...], list[int]] = {}  # by a word, or two in a row
        self._sets: dict[frozenset[int], int] = {}
        for i, pattern in enumerate(patterns):
            tried = list(self._tries(i, pattern))
            if any(anchors is None for anchors, _ in tried):
                self.always.append(i)
                continue
            for anchors, one in tried:
                for anchor in anchors or ():
                    self._anchored.setdefault(anchor, []).append(len(self.tries))
                self.tries.append(one)
        self._left = frozenset(anchor[0] for anchor in self._anchored if len(anchor) > 1)
        self._right = frozenset(anchor[1] for anchor in self._anchored if len(anchor) > 1)
        self._beside = np.array([(*t.left, *t.right, t.on) for t in self.tries]).reshape(-1, 5)
        self._in_sets = {
            n: sum(1 << k for own, k in self._sets.items() if n in own) for n in number.values()
        }
        self._rows: list[tuple[int, ...]] = [()]  # tries, by code
        self._code_of: dict[tuple[int, ...], int] = {(): 0}
        none: np.ndarray = np.zeros(0, dtype=np.int64)
        self._written = none, none, none
        self._forget()

    def _tries(
        self, i: int, pattern: Pattern
    ) -> Iterator[tuple[Sequence[tuple[int, ...]] | None, Try]]:
        """Words, or two in a row, of which a match must hold one: the rarest of each variant."""
        single = all(len(v) == 1 for v in pattern.variants)
        for k, variant in enumerate(pattern.variants[:1] if single else pattern.variants):
            places = [None if any(w.kind == "any" for w in e.words) else e for e in variant]
            rows: list[tuple[float, int, tuple[Element, ...]]] = [
                (_often(e), at, (e,)) for at, e in enumerate(places) if e is not None
            ]
            rows += [
                (_often(a) * _often(b) / _WORDS, at, (a, b))
                for at, (a, b) in enumerate(pairwise(places))
                if a is not None and b is not None and not b.gap
            ]
            if not rows:
                yield None, Try(i, k, 0, 0, 0, (0, 0), (0, 0), 1)
                continue
            _, at, best = min(rows, key=lambda row: row[0])
            behind = at + len(best)
            yield self._words(best), Try(
                i, k, at + sum(e.gap for e in variant[1 : at + 1]), at,
                sum(e.gap + 1 for e in variant[at + 1 :]),
                (self._set(places[at - 1]), variant[at].gap) if at else (0, 0),
                (self._set(places[behind]), variant[behind].gap) if places[behind:] else (0, 0),
                len(best),
            )  # fmt: skip

    def _words(self, elements: Sequence[Element]) -> list[tuple[int, ...]]:
        number = self._vocabulary.number
        return list(product(*([number[word] for word in e.words] for e in elements)))

    def _set(self, element: Element | None) -> int:
        """Number of the words of a place; 0 if any word fills it."""
        if element is None:
            return 0
        own = frozenset(self._vocabulary.number[word] for word in element.words)
        return self._sets.setdefault(own, len(self._sets) + 1)

    def _forget(self) -> None:
        self._generation = self._lexicon.generation
        self._numbers: list[frozenset[int]] = []
        self._known: list[tuple[int, ...]] = []
        self._pairs: dict[tuple[int, int], int] = {}
        self._columns = np.zeros((0, 3), dtype=np.int64)
        self._members = np.zeros((0, len(self._sets) // 62 + 1), dtype=np.int64)

    def _code(self, tries: Sequence[int]) -> int:
        """Number of a row of tries, the same for the same."""
        row = tuple(dict.fromkeys(tries))
        code = self._code_of.get(row)
        if code is None:
            code = self._code_of[row] = len(self._rows)
            self._rows.append(row)
        return code

    def _look_up(self) -> None:
        """Of each new form: what is tried there, whether it is in a pair, in which sets."""
        lexicon = self._lexicon
        if self._generation != lexicon.generation:
            self._forget()
        known = self._known
        if len(known) == len(lexicon.names):
            return
        members: list[list[int]] = []
        for form in range(len(known), len(lexicon.names)):
            numbers = self._vocabulary.of_key(lexicon.names[form]) if form else _NONE
            if second := lexicon.seconds[form]:
                numbers |= self._vocabulary.of_key(second)
            self._numbers.append(numbers)
            tries = [t for n in sorted(numbers) for t in self._anchored.get((n,), ())]
            left, right = self._left.isdisjoint(numbers), self._right.isdisjoint(numbers)
            known.append((self._code(tries), not left, not right))
            inside = 1
            for n in numbers:
                inside |= self._in_sets[n]
            members.append([inside >> k & _MASK for k in range(0, len(self._sets) + 1, 62)])
        self._columns = np.array(known, dtype=np.int64)
        self._members = np.concatenate([self._members, np.array(members, dtype=np.int64)])

    def candidates(self, table: WordTable) -> tuple[np.ndarray, np.ndarray]:
        """Words of a table at which something is to be tried, in order, and the number of what."""
        self._look_up()
        alone, left, right = self._columns.T
        form = table.form
        codes = alone[form]
        at = np.flatnonzero(codes)
        begins = np.flatnonzero(left[form[:-1]] & right[form[1:]])
        both = zip(form[begins].tolist(), form[begins + 1].tolist(), strict=True)
        pairs = self._pairs
        paired = np.array([pairs[p] if p in pairs else self._pair(p) for p in both], dtype=np.int64)
        at, codes = np.concatenate([at, begins]), np.concatenate([codes[at], paired])
        flat, begins_at, counts = self._written_out()
        count, begin = counts[codes], begins_at[codes]
        tries = flat[np.repeat(begin - np.cumsum(count) + count, count) + np.arange(count.sum())]
        place = np.repeat(at, count)
        keep = self._beside_fits(form, place, tries)
        place, tries = place[keep], tries[keep]
        order = np.argsort(place, kind="stable")
        return place[order], tries[order]

    def _written_out(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """All rows of tries one behind the other; of each code where its row begins, how long."""
        if len(self._written[2]) < len(self._rows):
            counts = np.array(list(map(len, self._rows)))
            flat = np.array([t for row in self._rows for t in row], dtype=np.int64)
            self._written = flat, np.cumsum(counts) - counts, counts
        return self._written

    def _beside_fits(self, form: np.ndarray, place: np.ndarray, tries: np.ndarray) -> np.ndarray:
        """Whether the words before and behind the one found may be what a variant asks for."""
        left, before, right, behind, on = self._beside[tries].T
        fits = np.ones(len(place), dtype=bool)
        for sets, gaps, start, step in (
            (left, before, place - 1, -1), (right, behind, place + on, 1),
        ):  # fmt: skip
            seeking = np.flatnonzero((sets > 0) & fits)
            for k in range(int(gaps[seeking].max()) + 1 if len(seeking) else 0):
                beside = np.clip(start[seeking] + step * k, 0, len(form) - 1)
                own = sets[seeking]
                there = self._members[form[beside], own // 62] >> (own % 62) & 1 != 0
                last = gaps[seeking] == k
                fits[seeking[last & ~there]] = False
                seeking = seeking[~there & ~last]
        return fits

    def _pair(self, forms: tuple[int, int]) -> int:
        a, b = (sorted(self._numbers[form]) for form in forms)
        tries = [t for pair in product(a, b) for t in self._anchored.get(pair, ())]
        code = self._pairs[forms] = self._code(tries)
        return code

    def find(self, words: Clauses, at: Sequence[int], tries: Sequence[int]) -> list[Found]:
        """Every cue that no exclusion of its code overlaps, in order; of the candidates given."""
        found: list[Found] = []
        single = self._single
        numbers = list(map(self._numbers.__getitem__, words.form.tolist()))
        runs, texts = words.runs.tolist(), words.texts.tolist()
        starts: dict[tuple[int, int], dict[int, None]] = {}  # of a pattern in a text
        for word, number in zip(at, tries, strict=True):
            i, variant, early, late, *_ = self.tries[number]
            if single[i]:
                found.append((word, word, i))
                continue
            places = self._variants[i].rows[variant]
            for start in range(max(0, word - early), word - late + 1):
                if end_of(places, start, numbers, runs) >= 0:
                    starts.setdefault((texts[word], i), {})[start] = None
        for text in dict.fromkeys(texts[BLANKS:-BLANKS]) if self.always else ():
            everywhere = dict.fromkeys(range(*words.bounds(text)))
            starts |= {(text, i): everywhere for i in self.always}
        if starts:
            found = self._longer(starts, numbers, runs, texts, found)
        found.sort()
        return found

    def _longer(
        self,
        starts: Mapping[tuple[int, int], Iterable[int]],
        numbers: Sequence[frozenset[int]],
        runs: Sequence[int],
        texts: Sequence[int],
        found: list[Found],
    ) -> list[Found]:
        """Add the cues of several words, and leave out what an exclusion overlaps."""
        spans: dict[tuple[int, str], list[tuple[int, int]]] = {}
        for (text, i), places in starts.items():
            free = 0
            for at in sorted(places):
                if at < free:
                    continue
                ends = (end_of(variant, at, numbers, runs) for variant in self._variants[i].rows)
                last = next((end for end in ends if end >= 0), -1)
                if last >= 0 and self._excludes[i]:
                    spans.setdefault((text, self._codes[i]), []).append((at, last))
                elif last >= 0:
                    found.append((at, last, i))
                    free = last + 1
        barring = {own: _joined(barred) for own, barred in spans.items()}
        return [
            f for f in found if not _barred(f, barring.get((texts[f[0]], self._codes[f[2]]), ()))
        ]


_NONE = frozenset[int]()
_MASK = (1 << 62) - 1
_WORDS = 2000  # what `_frequency` counts in, about


def _often(element: Element) -> float:
    return sum(_frequency(word.text) for word in element.words)


def _frequency(word: str) -> int:
    """A guess at how often a word stands in a text."""
    return 100 if rarity([word]) == 1 else 1 + 40 // len(word) ** 2


def _barred(found: Found, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a cue shares a word with one of some spans that stand in order, apart."""
    at = bisect_right(spans, found[1], key=_first)
    return at > 0 and spans[at - 1][1] >= found[0]


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
