"""From the key of a token to the pattern words it fills, each key looked at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from quidqual.coding.patterns import Pattern, Word, glob_matches, words_of

MAX_KEYS = 400_000


class Lemmatiser(Protocol):
    """From key to lemma; and how the keys of a lemma start, None if that cannot be told."""

    def __call__(self, key: str, /) -> str:
        """Key of the lemma."""

    def starts(self, lemma: str, /) -> list[tuple[str, bool]] | None:
        """Give each start, and whether it is the whole key."""


class Vocabulary:
    """Which pattern words each key fills.

    Parameters
    ----------
    patterns : iterable of Pattern
        All patterns of one language.
    lemmatise : callable, optional
        Key to lemma; asked only if a pattern holds a lemma.
    allowed : mapping, optional
        For a glob or lemma (as ``(kind, text)``) the only keys it may stand for.
    """

    def __init__(
        self,
        patterns: Iterable[Pattern],
        *,
        lemmatise: Lemmatiser | None = None,
        allowed: Mapping[tuple[str, str], frozenset[str]] | None = None,
    ) -> None:
        self.number = {word: i for i, word in enumerate(words_of(patterns))}
        self.lemmatise = lemmatise
        self.allowed = dict(allowed or {})
        self._keys: dict[str, frozenset[int]] = {}
        self._literal: dict[str, set[int]] = {}
        self._lemma: dict[str, set[int]] = {}
        self._globs: dict[str, list[tuple[str, int]]] = {}
        for word, i in self.number.items():
            self._index(word, i)
        self._prefixes = tuple(sorted({len(prefix) for prefix in self._globs}))

    def _index(self, word: Word, number: int) -> None:
        edited = self.allowed.get((word.kind, word.text))
        if edited is not None:
            for key in edited:
                self._literal.setdefault(key, set()).add(number)
        elif word.kind == "literal":
            self._literal.setdefault(word.text, set()).add(number)
        elif word.kind == "lemma":
            self._lemma.setdefault(word.text, set()).add(number)
        elif word.kind == "glob":
            prefix = word.text.split("*", 1)[0]
            self._globs.setdefault(prefix[:4], []).append((word.text, number))

    def of_key(self, key: str) -> frozenset[int]:
        """Numbers of the pattern words that a key fills."""
        known = self._keys.get(key)
        if known is None:
            if len(self._keys) > MAX_KEYS:
                self._keys.clear()
            known = self._keys[key] = self._match(key)
        return known

    def _match(self, key: str) -> frozenset[int]:
        found = set(self._literal.get(key, ()))
        for length in self._prefixes:
            for glob, number in self._globs.get(key[:length], ()) if len(key) >= length else ():
                if glob_matches(glob, key):
                    found.add(number)
        if self._lemma and self.lemmatise is not None:
            found |= self._lemma.get(self.lemmatise(key), set())
        return frozenset(found)
