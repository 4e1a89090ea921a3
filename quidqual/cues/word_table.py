"""The words of thousands of texts as columns of numbers: which form, where, after what sign.

The same words as `quidqual.coding.tokens.words_in` finds, but a whole block at once: the texts
are written in bytes (`quidqual.coding.needles`), cut where no letter stands, and each stretch of
letters is looked up. Only a stretch never met before is read by the rules of `words_in`, and a
text in which an apostrophe may close a quotation, or with a character that changes its
neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import numpy as np

from quidqual.coding.needles import APOSTROPHE, ODD, SPACE, written
from quidqual.coding.tokens import BREAK_SIGNS, is_break, words_in
from quidqual.cues.word_forms import ASKED, COMMA, HARD

MAX_FORMS = 400_000
BLANKS = 4  # as far as any rule looks at the words beside one
_COMMA, _HARD, _DASH, _STOP, _QUESTION = 1, 2, 3, 4, 5
_SHARED = range(0x80, 0xC0)  # bytes that several letters share


class Lexicon(dict[bytes, int]):
    """Forms of words, numbered; and what each stretch of letters stands for.

    A stretch that is one word gives the number of its form; one that is several words, or
    that hangs on its neighbours, the complement of its place in `several`.

    Attributes
    ----------
    names, seconds : list of str
        Of each form: the key, and the second key or "".
    several : list of (list of (start, end, form) or None)
        None: the whole text must be read.
    generation : int
        Another number once all forms were forgotten.
    """

    def __init__(self, bits: Callable[[str], int]) -> None:
        super().__init__()
        self._bits_of, self.generation = bits, 0
        self.clear()

    def clear(self) -> None:
        """Forget all forms; they are numbered anew."""
        super().clear()
        self.generation += 1
        self.names: list[str] = []
        self.seconds: list[str] = []
        self.several: list[list[tuple[int, int, int]] | None] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._told: list[int] = []
        self._bits = np.zeros(0, dtype=np.int64)
        none: np.ndarray = np.zeros(0, dtype=np.int64)
        self._written = none, none, none
        self.form("")  # number 0: no word

    def form(self, key: str, second: str = "") -> int:
        """Number of a form."""
        number = self._numbers.get((key, second))
        if number is None:
            number = self._numbers[key, second] = len(self.names)
            self.names.append(key)
            self.seconds.append(second)
            self._told.append(self._bits_of(key))
        return number

    def written_out(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows of the words of all stretches in `several`; of each where they begin, how many."""
        if len(self._written[2]) < len(self.several):
            counts = np.array([len(words or ()) for words in self.several])
            rows = np.array([row for words in self.several for row in words or ()], dtype=np.int64)
            self._written = rows.reshape(-1, 3), np.cumsum(counts) - counts, counts
        return self._written

    @property
    def bits(self) -> np.ndarray:
        """Bits of all forms, by number."""
        if len(self._bits) < len(self._told):
            self._bits = np.array(self._told, dtype=np.int64)
        return self._bits

    def __missing__(self, stretch: bytes) -> int:
        found = None
        if not self._hangs_on_neighbours(stretch):
            text = stretch.decode("latin-1")
            words = words_in(text)
            if words.starts == [0] and words.ends == [len(text)]:
                value = self[stretch] = self.form(words.keys[0])
                return value
            if not words.second:  # else its apostrophe may close a quotation
                forms = map(self.form, words.keys)
                found = list(zip(words.starts, words.ends, forms, strict=True))
        self.several.append(found)
        value = self[stretch] = ~(len(self.several) - 1)
        return value

    @staticmethod
    def _hangs_on_neighbours(stretch: bytes) -> bool:
        return (
            stretch[0] == APOSTROPHE
            or stretch[-1] == APOSTROPHE
            or any(byte == ODD or byte in _SHARED for byte in stretch)
        )


class WordTable:
    """All words of a block of texts, one row a word, and empty rows before each text.

    So a look at the words beside one never meets those of another text: there is no word.

    Parameters
    ----------
    texts : sequence of str
    lexicon : Lexicon

    Attributes
    ----------
    text, form, bits, run : array
        Of each word: its text, its form, its bits with those of the sign before it; and the
        number of its sentence: one more for each sign that ends one, three more for another text.
    begun, end : array
        First and last word of the sentence.
    first, behind : array
        Of each text: its first word, and the row behind its last.
    """

    def __init__(self, texts: Sequence[str], lexicon: Lexicon) -> None:
        if len(lexicon) > MAX_FORMS:
            lexicon.clear()
        self.texts, self.lexicon = texts, lexicon
        joined, signs, codes, self._base = written(texts)
        form = self._cut(signs)
        n = len(texts)
        count = np.searchsorted(self._text, np.arange(n + 1))
        self.first = count[:-1] + BLANKS * np.arange(1, n + 1)
        self.behind = count[1:] + BLANKS * np.arange(1, n + 1)
        rows = np.arange(len(form)) + BLANKS * (self._text + 1)
        size = len(form) + BLANKS * (n + 1)
        self.text = np.repeat(np.arange(n + 1), np.append(np.diff(count), 0) + BLANKS)
        self.form, self.bits = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        self.form[rows] = form
        bits, breaks = self._signs(joined, signs, codes)
        self.bits[rows] = bits | lexicon.bits[form]
        self.bits[self.behind] = self.bits[0] = HARD
        self.run = np.searchsorted(breaks, np.append(self._base, len(joined)))[self.text]
        ends = np.searchsorted(self._start, breaks)
        self.run[rows] = np.cumsum(np.bincount(ends, minlength=len(form)))[: len(form)] + 1
        self.run += 3 * self.text - 1
        news = np.flatnonzero(np.diff(self.run, prepend=-9))
        sizes = np.diff(news, append=size)
        self.begun = np.repeat(news, sizes)
        self.end = np.repeat(news + sizes - 1, sizes)

    def _cut(self, signs: np.ndarray) -> np.ndarray:
        """Find the words: their texts and places are kept, their forms given."""
        solid = signs != SPACE
        edges = np.flatnonzero(solid[1:] != solid[:-1]) + 1
        start, end = edges[::2], edges[1::2]
        found = map(self.lexicon.__getitem__, signs.tobytes().split())
        form = np.fromiter(found, np.int64, len(start))
        count = np.diff(np.searchsorted(start, self._base), append=len(start))
        text = np.repeat(np.arange(len(self.texts)), count)
        if len(form) and form.min() < 0:
            text, start, end, form = self._expanded(text, start, end, form)
        self._text, self._start, self._end = text, start, end
        return form

    def _expanded(
        self, text: np.ndarray, start: np.ndarray, end: np.ndarray, form: np.ndarray
    ) -> tuple[np.ndarray, ...]:
        """Put the words of a stretch in its place, and read the texts that must be read."""
        rows, begin, counts = self.lexicon.written_out()
        at = np.flatnonzero(form < 0)
        which = ~form[at]
        count = np.ones(len(form), dtype=np.int64)
        count[at] = counts[which]
        read = np.unique(text[at[count[at] == 0]])
        for own in read.tolist():
            count[slice(*np.searchsorted(text, [own, own + 1]))] = 0
        columns = [np.repeat(column, count) for column in (text, start, end, form)]
        inside = count[at] > 0
        at, which = at[inside], which[inside]
        size = count[at]
        nth = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        many = np.repeat((np.cumsum(count) - count)[at], size) + nth
        told = rows[np.repeat(begin[which], size) + nth].T
        columns[2][many] = columns[1][many] + told[1]
        columns[1][many] += told[0]
        columns[3][many] = told[2]
        if not len(read):
            return tuple(columns)
        words = [row for own in read.tolist() for row in self._read(own)]
        more = np.array(words, dtype=np.int64)
        columns = [
            np.concatenate([old, new])
            for old, new in zip(columns, more.reshape(-1, 4).T, strict=True)
        ]
        order = np.argsort(columns[1], kind="stable")
        return tuple(column[order] for column in columns)

    def _read(self, text: int) -> Iterator[tuple[int, int, int, int]]:
        """Words of a text as `words_in` gives them: text, start, end, form."""
        words, place = words_in(self.texts[text]), int(self._base[text])
        for i, (a, b, key) in enumerate(zip(words.starts, words.ends, words.keys, strict=True)):
            yield text, place + a, place + b, self.lexicon.form(key, words.second.get(i, ""))

    def _signs(
        self, joined: str, signs: np.ndarray, codes: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Bits of the sign before each word, and places of the signs that end a sentence."""
        start, end = self._start, self._end
        marks = _marks()[codes]
        marks[self._base[1:] - 2] = 0
        special = np.flatnonzero(marks)
        kinds = marks[special]
        stops = special[kinds >= _STOP]
        breaks = stops[_ending(stops, joined, codes)]
        gap = np.zeros(len(start) + 1, dtype=np.int64)
        width = start[1:] - end[:-1]
        gap[1:-1] = (width > 1) | ((width == 1) & (codes[end[:-1]] != SPACE))
        gap[np.searchsorted(start, special[kinds == _COMMA])] |= COMMA
        hard = [p for p in special[kinds == _DASH].tolist() if _apart(joined, p)]
        for places in (special[kinds == _HARD], breaks, self._base, hard):
            gap[np.searchsorted(start, places)] |= HARD
        asked = special[kinds == _QUESTION]
        behind = np.searchsorted(end, asked, "right") - 1
        own = np.searchsorted(self._base, asked, "right") - 1
        behind = behind[(behind >= 0) & (self._text[behind] == own)] if len(start) else behind
        gap[behind] |= ASKED
        return gap[:-1], breaks

    def words_of(self, start: np.ndarray, end: np.ndarray, text: np.ndarray) -> np.ndarray:
        """First and last word (as two rows) of places in texts that have words."""
        base, shift = self._base[text], BLANKS * (text + 1)
        first = np.searchsorted(self._end, base + start, "right") + shift
        first = np.clip(first, self.first[text], self.behind[text] - 1)
        last = np.searchsorted(self._start, base + end) - 1 + shift
        return np.stack([first, np.maximum(first, last)])

    def places(self, words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where words start and end in their texts."""
        text = self.text[words]
        at, base = words - BLANKS * (text + 1), self._base[text]
        return self._start[at] - base, self._end[at] - base


def _apart(joined: str, at: int) -> bool:
    return joined[at - 1].isspace() and joined[at + 1].isspace()


def _ending(stops: np.ndarray, joined: str, codes: np.ndarray) -> np.ndarray:
    """Which signs end a sentence: nearly all are told from their neighbours."""
    own, before, after = codes[stops], codes[stops - 1], codes[stops + 1]
    point = own == ord(".")
    sure = ~(point | (own == ord("\n"))) | (point & (before != ord(".")) & (after == SPACE))
    for i in np.flatnonzero(~sure).tolist():
        sure[i] = is_break(joined, int(stops[i]))
    return sure


@cache
def _marks() -> np.ndarray:
    """What each character does between two words, by code point."""
    table = np.zeros(0x10001, dtype=np.uint8)
    table[ord(",")], table[ord("-")] = _COMMA, _DASH
    table[[ord(c) for c in ";:()—–…"]] = _HARD
    table[[ord(c) for c in BREAK_SIGNS]] = _STOP
    table[ord("?")] = _QUESTION
    table.flags.writeable = False
    return table
