"""From the words of a text to the pattern words they fill, learnt once per written form.

A *form* is a white-space chunk, punctuation and case as written. What it holds and which
patterns it makes worth trying is found out when it is first met and then looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, Protocol

from quidqual.coding.patterns import Pattern, Word, glob_matches, words_of
from quidqual.coding.sieve import Sieve
from quidqual.coding.tokens import breaks_in, tokenise

MAX_FORMS = 400_000
_TAIL = ".,;:!?)"


class Lemmatiser(Protocol):
    """From key to lemma; and how the keys of a lemma start, None if that cannot be told."""

    def __call__(self, key: str, /) -> str:
        """Key of the lemma."""

    def starts(self, lemma: str, /) -> list[tuple[str, bool]] | None:
        """Give each start, and whether it is the whole key."""


class Chunk(NamedTuple):
    """What a white-space chunk holds: its tokens' places, words filled, breaks before each."""

    places: tuple[tuple[int, int], ...]
    words: tuple[frozenset[int], ...]
    runs: tuple[int, ...]
    breaks: int


class Anchors(NamedTuple):
    """What a form makes worth doing.

    ``single`` are (token, pattern) that are hits by themselves; ``joint`` are (pattern,
    forms of each other place): the pattern is worth trying if some form of each is there.
    """

    single: tuple[tuple[int, int], ...]
    joint: tuple[tuple[int, tuple[set[str], ...]], ...]


class _Learnt(dict[str, Any]):
    """What is known of each form, found out when it is first asked for."""

    def __init__(self, learn: Callable[[str], Any]) -> None:
        self._learn = learn

    def __missing__(self, form: str) -> Any:
        self[form] = known = self._learn(form)
        return known


class Vocabulary:
    """Which pattern words each form fills.

    Parameters
    ----------
    patterns : iterable of Pattern
        All patterns of one language.
    lemmatise : callable, optional
        Key to lemma; asked only if a pattern holds a lemma.
    allowed : mapping, optional
        For a glob or lemma (as ``(kind, text)``) the only keys it may stand for.

    Attributes
    ----------
    chunks : mapping of form to Chunk
    anchors : mapping of form to Anchors or None
        None: the form makes no pattern worth trying.
    """

    def __init__(
        self,
        patterns: Iterable[Pattern],
        *,
        lemmatise: Lemmatiser | None = None,
        allowed: Mapping[tuple[str, str], frozenset[str]] | None = None,
    ) -> None:
        self._words = list(words_of(patterns))
        self.number = {word: i for i, word in enumerate(self._words)}
        self.chunks: Mapping[str, Chunk] = _Learnt(self._learn)
        self.anchors: Mapping[str, Anchors | None] = _Learnt(self._anchors_of)
        self._single: dict[int, tuple[int, ...]] = {}
        self._joint: dict[int, list[tuple[int, tuple[set[str], ...]]]] = {}
        self._shapes: dict[Chunk, Chunk] = {}
        self._tails: dict[str, int] = {}
        self._seen: dict[frozenset[int], set[str]] = {}
        self._watching: dict[int, list[set[str]]] = {}
        self.n_keys = 0
        self.n_forms_of: dict[int, int] = {}
        self._lemmatise = lemmatise
        self._allowed = dict(allowed or {})
        self._keys: dict[str, frozenset[int]] = {}
        self._literal: dict[str, set[int]] = {}
        self._lemma: dict[str, set[int]] = {}
        self._globs: dict[str, list[tuple[str, int]]] = {}
        for word, i in self.number.items():
            self._index(word, i)
        self._prefixes = tuple(sorted({len(prefix) for prefix in self._globs}))
        starts = self.starts(self.number.values())
        self._any = None if starts is None else Sieve(starts)

    def _index(self, word: Word, number: int) -> None:
        edited = self._allowed.get((word.kind, word.text))
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

    def anchor(
        self,
        single: Mapping[int, Iterable[int]],
        joint: Iterable[tuple[int, frozenset[int], tuple[frozenset[int], ...]]],
    ) -> None:
        """Set which words make which patterns worth trying, and forget all forms.

        Parameters
        ----------
        single : mapping of word to patterns
            Words that are a hit by themselves.
        joint : iterable of (pattern, words, other places)
            One of the words must be there, and one word of each other place.
        """
        self._single = {word: tuple(found) for word, found in single.items()}
        self._seen, self._watching, self._joint = {}, {}, {}
        for pattern, words, others in joint:
            sets = tuple(self._watch(place) for place in others)
            for word in sorted(words):
                self._joint.setdefault(word, []).append((pattern, sets))
        self._forget()

    def starts(self, numbers: Iterable[int]) -> list[tuple[str, bool]] | None:
        """How the keys that fill some words start, and whether that is the whole key.

        None if only a look at each key can tell (lemmas of most languages).
        """
        found = []
        for word in (self._words[number] for number in numbers):
            edited = self._allowed.get((word.kind, word.text))
            if edited is not None:
                found += [(key, True) for key in edited]
            elif word.kind == "lemma":
                told = self._lemmatise.starts(word.text) if self._lemmatise else []
                if told is None:
                    return None
                found += told
            elif word.kind != "any":
                found.append((word.text.split("*", 1)[0], word.kind == "literal"))
        return found

    def _watch(self, words: frozenset[int]) -> set[str]:
        """Keep the forms that fill a place in a set of their own."""
        if words not in self._seen:
            self._seen[words] = set()
            for word in words:
                self._watching.setdefault(word, []).append(self._seen[words])
        return self._seen[words]

    def _forget(self) -> None:
        if len(self._tails) > 1000:
            self._tails.clear()
        for store in (self.chunks, self.anchors, self._shapes, *self._seen.values()):
            store.clear()  # type: ignore[attr-defined]

    def meet(self, rows: Iterable[Sequence[str]]) -> None:
        """Learn of many forms at once which fill no word at all."""
        if self._any is None:
            return
        new = list(set(chain.from_iterable(rows)).difference(self.anchors))
        idle = dict.fromkeys(new)
        for i in self._any.candidates(new):
            del idle[new[i]]
        self.anchors.update(idle)  # type: ignore[attr-defined]

    def _learn(self, form: str) -> Chunk:
        chunk = self._plain(form) or self._cut(form)
        return self._shapes.setdefault(chunk, chunk)

    def _anchors_of(self, form: str) -> Anchors | None:
        words = self.chunks[form].words
        if not any(words):
            return None
        filled = sorted({number for numbers in words for number in numbers})
        for number in filled:
            for forms in self._watching.get(number, ()):
                forms.add(form)
        single = {
            (at, p): None
            for at, numbers in enumerate(words)
            for number in sorted(numbers)
            for p in self._single.get(number, ())
        }
        joint = tuple(entry for number in filled for entry in self._joint.get(number, ()))
        return Anchors(tuple(single), joint) if single or joint else None

    def _cut(self, form: str) -> Chunk:
        tokens = tokenise(form)
        words = tuple(self._union(t.keys) for t in tokens)
        places = tuple((t.start, t.end) for t in tokens)
        return Chunk(places, words, tuple(t.run for t in tokens), breaks_in(form))

    def _plain(self, form: str) -> Chunk | None:
        """Give the same for the common case, ASCII letters and a tail of signs, in less time."""
        word = form.rstrip(_TAIL)
        if not (word.isascii() and word.isalpha()):
            return None
        tail = form[len(word) :]
        breaks = self._tails.get(tail)
        if breaks is None:
            breaks = self._tails[tail] = breaks_in("a" + tail)
        return Chunk(((0, len(word)),), (self.of_key(word.lower()),), (0,), breaks)

    def trim(self) -> None:
        """Forget all forms if they take too much room; only time is lost by it."""
        if max(len(self.chunks), len(self.anchors)) > MAX_FORMS:
            self._forget()

    def _union(self, keys: tuple[str, ...]) -> frozenset[int]:
        if len(keys) == 1:
            return self.of_key(keys[0])
        return frozenset().union(*map(self.of_key, keys))

    def of_key(self, key: str) -> frozenset[int]:
        """Numbers of the pattern words that a key fills."""
        known = self._keys.get(key)
        if known is None:
            if len(self._keys) > MAX_FORMS:
                self._keys.clear()
            known = self._keys[key] = self._match(key)
            self.n_keys += 1
            for number in known:
                self.n_forms_of[number] = self.n_forms_of.get(number, 0) + 1
        return known

    def _match(self, key: str) -> frozenset[int]:
        found = set(self._literal.get(key, ()))
        for length in self._prefixes:
            for glob, number in self._globs.get(key[:length], ()) if len(key) >= length else ():
                if glob_matches(glob, key):
                    found.add(number)
        if self._lemma and self._lemmatise is not None:
            found |= self._lemma.get(self._lemmatise(key), set())
        return frozenset(found)
