"""From a pattern to needles: words without which it cannot match, the rarest of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product

from quidqual.coding.needles import (
    Needle,
    accented,
    beside_apostrophe,
    needles_inside,
    needles_of,
)
from quidqual.coding.patterns import Element, Pattern, fixed
from quidqual.coding.vocabulary import Vocabulary

_MOST_PHRASES = 64
_COMMON = frozenset([
    "the", "and", "that", "she", "her", "his", "him", "they", "them", "with", "for", "was",
    "were", "had", "has", "have", "not", "but", "you", "your", "this", "from", "are", "there",
    "what", "when", "who", "how", "which", "one", "all", "been", "would", "said", "says",
    "their", "about", "into", "more", "of", "to", "in", "is", "it", "on", "at", "as", "be", "a",
    "i", "non", "che", "per", "una", "uno", "con", "del", "della", "nel", "nella", "dei",
    "delle", "sono", "era", "mi", "si", "ci", "ne", "lo", "la", "le", "gli", "il", "un", "di",
    "e", "o", "da", "su", "se", "al", "alla", "come", "piu'", "anche", "ha", "ho", "lei", "lui",
    "essere", "avere",
])  # fmt: skip


class Anchors:
    """Chooses the needles of patterns; the vocabulary tells which keys fill a word."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def needles(self, pattern: Pattern) -> list[tuple[Needle, int]] | None:
        """Needles of a pattern, each with its variant; None if no word can stand for it."""
        found: list[tuple[Needle, int]] = []
        for rank, variant in enumerate(pattern.variants):
            rows = self._phrases(variant) if not pattern.exclude else None
            if rows is not None:
                found += [(n, rank) for keys, start in rows for n in needles_of(keys, start=start)]
                continue
            anchors = [a for run in _runs(variant) if (a := self._anchor(run)) is not None]
            if not anchors:
                return None
            _, best = max(anchors, key=lambda anchor: anchor[0])
            found += [(needle, rank) for needle in best]
        return found

    def _anchor(self, run: Sequence[Element]) -> tuple[int, list[Needle]] | None:
        """Needles without which a row of places cannot be filled, and how rare they may be."""
        if len(run) > 1:
            rows = self._phrases(run)
            if rows is None:
                return None
        else:
            told = self._anchors(run[0])
            if told is None:
                return None
            rows = [([key], start) for key, start in told]
        needles: list[Needle] = []
        for keys, start in rows:
            if keys[0].startswith("*"):
                needles += needles_inside(keys[0][1:])
            else:
                needles += needles_of(keys, start=start, sure=False)
        return min((rarity(keys) for keys, _ in rows), default=99), needles

    def _phrases(self, variant: Sequence[Element]) -> list[tuple[list[str], bool]] | None:
        """The variant written out, if it is words in a row (the last may be a start)."""
        choices: list[list[tuple[str, bool]]] = []
        size = 1
        for at, element in enumerate(variant):
            rows = self._anchors(element, exact=True)
            last = at == len(variant) - 1
            if rows is None or element.gap or (not last and any(start for _, start in rows)):
                return None
            if len(variant) > 1 and any(beside_apostrophe(key) for key, _ in rows):
                return None  # what stands beside an apostrophe is a matter of tokens
            size *= len(rows)
            if size > _MOST_PHRASES:
                return None
            choices.append(rows)
        return [([key for key, _ in row], row[-1][1]) for row in product(*choices)]

    def _anchors(self, element: Element, *, exact: bool = False) -> list[tuple[str, bool]] | None:
        """Keys that can fill a place, or how they start; None if that cannot be told.

        Of a glob without a start a part is given, behind a star.

        ``exact``: None too if a key that is found so may still not fill it.
        """
        if not fixed(element):
            return None
        rows: list[tuple[str, bool]] = []
        for word in element.words:
            edited = self._vocabulary.allowed.get((word.kind, word.text))
            if edited is not None:
                rows += [(key, False) for key in sorted(edited)]
            elif word.kind == "literal":
                rows.append((word.text, False))
            elif word.kind == "glob":
                first, *others = word.text.split("*")
                if exact and (not first or others != [""]):
                    return None
                inside = max(others, key=len)
                rows.append((first, True) if first else (f"*{inside}", True))
            else:
                lemmatise = self._vocabulary.lemmatise
                told = None if exact else lemmatise.starts(word.text) if lemmatise else []
                if told is None:
                    return None
                rows += _starts(told)
        return rows


def _runs(variant: Sequence[Element]) -> Iterator[Sequence[Element]]:
    """Rows of places without a gap between them, and each place by itself."""
    for first in range(len(variant)):
        yield variant[first : first + 1]
        for last in range(first + 1, len(variant)):
            if variant[last].gap:
                break
            yield variant[first : last + 1]


def rarity(keys: Sequence[str]) -> int:
    """A guess at how rare words in a row are: their letters, fewer for the commonest."""
    return sum(1 if key in _COMMON else 9 if key[:1] == "'" else len(key) for key in keys)


def _starts(told: Iterable[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """How the forms of a lemma start, none of them said by a shorter one.

    The table of lemmas reads a vowel with or without an accent, so each is looked for as both.
    """
    shortest: list[str] = []
    for key in sorted(key for key, whole in told if not whole):
        if not shortest or not key.startswith(shortest[-1]):
            shortest.append(key)
    rows = [(key, True) for key in shortest]
    rows += [(k, False) for k, whole in told if whole and not k.startswith(tuple(shortest))]
    plain = str.maketrans("àáèéìíòóùú", "aaeeiioouu")
    bare = dict.fromkeys((key.translate(plain), start) for key, start in rows)
    return [(k, start) for key, start in bare for k in accented(key)]
