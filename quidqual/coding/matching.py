"""Where one pattern matches in a row of tokens.

The rule: as a regular expression does, a
pattern is looked for from the left; at the first start where any variant fits, the variant
with the most words is taken, with its nearest end; the search goes on after it.

Ends are found by carrying the set of reachable tokens from place to place, so time grows
with words x gap and no pattern can make it explode.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from quidqual.coding.patterns import Element, Pattern, Where

Check = Callable[[int, Where], bool]
ANY = -1


class Place(NamedTuple):
    """One compiled place: word numbers that fill it, those with a constraint, and the gap."""

    plain: frozenset[int]
    constrained: tuple[tuple[int, Where], ...]
    any: bool
    gap: int


def compile_place(element: Element, number: Callable[[str, str], int]) -> Place:
    """Turn an element into word numbers."""
    plain, constrained = set(), []
    free = False
    for word in element.words:
        i = ANY if word.kind == "any" else number(word.kind, word.text)
        if word.where:
            constrained.append((i, word.where))
        elif i == ANY:
            free = True
        else:
            plain.add(i)
    return Place(frozenset(plain), tuple(constrained), free, element.gap)


def fills(place: Place, at: int, words: Sequence[frozenset[int]], check: Check | None) -> bool:
    """Whether token ``at`` can stand in a place."""
    if place.any or not place.plain.isdisjoint(words[at]):
        return True
    for number, where in place.constrained:
        fits = number == ANY or number in words[at]
        if fits and check is not None and check(at, where):
            return True
    return False


def end_of(
    variant: Sequence[Place],
    start: int,
    words: Sequence[frozenset[int]],
    runs: Sequence[int],
    check: Check | None = None,
) -> int:
    """Nearest last token of a variant that starts at a token, or -1."""
    if not fills(variant[0], start, words, check):
        return -1
    run, size = runs[start], len(words)
    reached = [start]
    for place in variant[1:]:
        following: list[int] = []
        done = reached[0]
        for at in reached:
            for next_at in range(max(at, done) + 1, min(at + place.gap + 2, size)):
                if runs[next_at] != run:
                    break
                done = next_at
                if fills(place, next_at, words, check):
                    following.append(next_at)
        if not following:
            return -1
        reached = following
    return reached[0]


class Variants(NamedTuple):
    """The variants of a pattern, and the words that can start one (None: any can)."""

    rows: tuple[tuple[Place, ...], ...]
    heads: frozenset[int] | None


def find(
    variants: Variants,
    words: Sequence[frozenset[int]],
    runs: Sequence[int],
    filled: Sequence[int],
    check: Check | None = None,
    *,
    overlapping: bool = False,
) -> Iterator[tuple[int, int]]:
    """All matches as (first token, last token), from the left.

    ``filled`` are the tokens that fill any word at all. With ``overlapping`` every start is
    tried, as an exclusion needs.
    """
    rows, heads = variants
    free = 0
    for at in range(len(words)) if heads is None else filled:
        if at < free or (heads is not None and heads.isdisjoint(words[at])):
            continue
        for variant in rows:
            last = end_of(variant, at, words, runs, check)
            if last >= 0:
                yield at, last
                free = 0 if overlapping else last + 1
                break


def compile_variants(pattern: Pattern, number: Callable[[str, str], int]) -> Variants:
    """Turn the variants of a pattern into places."""
    rows = tuple(tuple(compile_place(e, number) for e in v) for v in pattern.variants)
    first = [row[0] for row in rows]
    if any(place.any or any(n == ANY for n, _ in place.constrained) for place in first):
        return Variants(rows, None)
    return Variants(rows, frozenset().union(*map(numbers_of, first)))


def numbers_of(place: Place) -> frozenset[int]:
    """Words that can fill a place, with or without a constraint."""
    if not place.constrained:
        return place.plain
    return place.plain | {number for number, _ in place.constrained}
