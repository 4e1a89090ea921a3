"""Cues found in the tokens of one text: the same as an engine finds, for texts one by one.

An engine is made for many texts at once. A flagger reads few texts, has their tokens anyway,
and looks up each word once: most begin no cue, and a cue of several words is tried only where
a word is that it cannot do without.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product

from quidqual.coding.anchors import rarity
from quidqual.coding.engine import Engine
from quidqual.coding.matching import end_of, numbers_of
from quidqual.coding.patterns import Element, Pattern, Word
from quidqual.coding.tokens import Words

Found = tuple[int, int, int]  # number of the pattern, first and last token
_Entry = tuple[frozenset[int], tuple[int, ...], tuple[int, ...]]


class CueFinder:
    """Finds the patterns of an engine in the tokens of a text.

    Parameters
    ----------
    engine : Engine
        With the scope ``"all"``; a pattern past ``wanted`` is passed over.
    codes : sequence of str
        Of each pattern: an exclusion bars the finds of its own code.
    wanted : int
    """

    def __init__(self, engine: Engine, codes: Sequence[str], wanted: int) -> None:
        self._vocabulary = engine.vocabulary
        self._variants = engine.compiled[:wanted]
        self._excludes = [p.exclude for p in engine.patterns[:wanted]]
        self._codes = codes
        self._places = [
            [[numbers_of(place) for place in row if not place.any] for row in variants.rows]
            for variants in self._variants
        ]
        self._always = []
        self._anchored: dict[int, list[int]] = {}
        self._paired: dict[tuple[int, int], list[int]] = {}
        for i, pattern in enumerate(engine.patterns[:wanted]):
            anchors = _anchors(pattern, self._vocabulary.number)
            if anchors is None:
                self._always.append(i)
            for anchor in sorted(anchors or ()):
                if len(anchor) == 1:
                    self._anchored.setdefault(anchor[0], []).append(i)
                else:
                    self._paired.setdefault((anchor[0], anchor[1]), []).append(i)
        self._single = [
            not self._excludes[i] and all(len(row) == 1 for row in v.rows)
            for i, v in enumerate(self._variants)
        ]
        self._known: dict[str, _Entry] = {}

    def _of_key(self, key: str) -> _Entry:
        """Numbers of a key, the cues that it is, and the patterns worth trying where it stands."""
        numbers = self._vocabulary.of_key(key)
        worth = sorted({i for number in numbers for i in self._anchored.get(number, ())})
        single = tuple(i for i in worth if self._single[i])
        found = (numbers, single, tuple(i for i in worth if not self._single[i]))
        if len(self._known) < MAX_KEYS:
            self._known[key] = found
        return found

    def find(self, words: Words) -> list[Found]:
        """Every cue that no exclusion of its code overlaps, in the order of the text."""
        known, second = self._known, words.second
        tried: list[int] = list(self._always)
        numbers, filled = [], []
        found: list[Found] = []
        paired, before = self._paired, frozenset[int]()
        for at, key in enumerate(words.keys):
            own, single, worth = known.get(key) or self._of_key(key)
            if second and at in second:
                more = self._of_key(second[at])
                own, single, worth = own | more[0], single + more[1], worth + more[2]
            numbers.append(own)
            if own:
                filled.append(at)
                for i in single:
                    found.append((i, at, at))
                if worth:
                    tried += worth
                for a in before:
                    for b in own:
                        if (a, b) in paired:
                            tried += paired[a, b]
            before = own
        if tried:
            found = self._longer(tried, filled, numbers, words.runs, found)
        found.sort(key=_place)
        return found

    def _longer(
        self,
        tried: Sequence[int],
        filled: Sequence[int],
        numbers: Sequence[frozenset[int]],
        runs: Sequence[int],
        found: list[Found],
    ) -> list[Found]:
        """Add the cues of several words, and leave out what an exclusion overlaps."""
        present: set[int] = set()
        for at in filled:
            present |= numbers[at]
        codes = {self._codes[i] for i, _, _ in found}
        barring: dict[str, list[tuple[int, int]]] = {}
        for i in sorted(set(tried)):  # exclusions come last
            if not _complete(self._places[i], present):
                continue
            code = self._codes[i]
            if not self._excludes[i]:
                spans = list(self._spans(i, filled, numbers, runs))
                found += [(i, *span) for span in spans]
                if spans:
                    codes.add(code)
            elif code in codes:
                barring.setdefault(code, []).extend(self._spans(i, filled, numbers, runs))
        if barring:
            joined = {code: _joined(spans) for code, spans in barring.items()}
            found = [f for f in found if not _barred(f, joined.get(self._codes[f[0]], ()))]
        return found

    def _spans(
        self, i: int, filled: Sequence[int], numbers: Sequence[frozenset[int]], runs: Sequence[int]
    ) -> Iterator[tuple[int, int]]:
        rows, heads = self._variants[i]
        free = 0
        for at in range(len(numbers)) if heads is None else filled:
            if at < free or (heads is not None and heads.isdisjoint(numbers[at])):
                continue
            for variant in rows:
                last = end_of(variant, at, numbers, runs)
                if last >= 0:
                    yield at, last
                    free = 0 if self._excludes[i] else last + 1
                    break


MAX_KEYS = 200_000
_WORDS = 2000  # what `_frequency` counts in, about


def _complete(rows: Sequence[Sequence[frozenset[int]]], present: set[int]) -> bool:
    """Whether every place of some variant has a word in the text."""
    for row in rows:
        for place in row:
            if place.isdisjoint(present):
                break
        else:
            return True
    return False


def _place(found: Found) -> tuple[int, int, int]:
    number, first, last = found
    return first, last, number


def _anchors(pattern: Pattern, number: Mapping[Word, int]) -> set[tuple[int, ...]] | None:
    """Words, or two in a row, of which a match must hold one: the rarest of each variant."""
    found: set[tuple[int, ...]] = set()
    for variant in pattern.variants:
        places = [e if all(w.kind != "any" for w in e.words) else None for e in variant]
        rows: list[tuple[float, tuple[Element, ...]]] = [
            (_often(e), (e,)) for e in places if e is not None
        ]
        rows += [
            (_often(a) * _often(b) / _WORDS, (a, b))
            for a, b in pairwise(places)
            if a is not None and b is not None and not b.gap
        ]
        if not rows:
            return None
        _, best = min(rows, key=lambda row: row[0])
        found.update(product(*([number[word] for word in e.words] for e in best)))
    return found


def _often(element: Element) -> float:
    return sum(_frequency(word.text) for word in element.words)


def _frequency(word: str) -> int:
    """A guess at how often a word stands in a text."""
    return 100 if rarity([word]) == 1 else 1 + 40 // len(word) ** 2


def _barred(found: Found, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a cue shares a word with one of some spans that stand in order, apart."""
    at = bisect_right(spans, (found[2], MAX_KEYS**2))
    return at > 0 and spans[at - 1][1] >= found[1]


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined
