"""The words of thousands of texts as columns of numbers: which form, where, after what sign.

The same words as `quidqual.coding.tokens.words_in` finds, but a whole block at once: the texts
are written in bytes (`quidqual.coding.needles`), cut where no letter stands, and each stretch of
letters is looked up. Only a stretch never met before is read by the rules of `words_in`, and a
text in which an apostrophe may close a quotation, or with a character that changes its
neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from quidqual.coding.needles import APOSTROPHE, ODD, SPACE, written
from quidqual.coding.tokens import BREAK_SIGNS, is_break, words_in
from quidqual.coding.word_forms import ASKED, COMMA, HARD

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

    def form(self, key: str, second: str = "") -> int:
        """Number of a form."""
        number = self._numbers.get((key, second))
        if number is None:
            number = self._numbers[key, second] = len(self.names)
            self.names.append(key)
            self.seconds.append(second)
            self._told.append(self._bits_of(key))
        return number

    @property
    def bits(self) -> np.ndarray:
        """Bits of all forms, by number."""
        if len(self._bits) < len(self._told):
            self._bits = np.array(self._told, dtype=np.int64)
        return self._bits

    def __missing__(self, stretch: bytes) -> int:
        if self._hangs_on_neighbours(stretch):
            found = None
        else:
            text = stretch.decode("latin-1")
            words = words_in(text)
            if words.starts == [0] and words.ends == [len(text)]:
                value = self[stretch] = self.form(words.keys[0])
                return value
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


class WordLists:
    """The words of some texts of a table as lists, with empty words between the texts.

    So a look at the words beside one never meets those of another text: there is no word.

    Attributes
    ----------
    keys, bits, runs, forms, texts, begun, end : list
        Of each word: as it is compared, what lists say of it and of the sign before it, its
        sentence, form, text, and the first and last word of its sentence.
    first, behind : dict of int to int
        Of each text: its first word and the one behind its last.
    """

    def __init__(self, table: WordTable, numbers: np.ndarray) -> None:
        size = table.first[numbers + 1] - table.first[numbers]
        behind = np.cumsum(size + BLANKS)
        first = behind - size
        self._shift = first - table.first[numbers]
        self._numbers, self._table = numbers, table
        here = np.repeat(first - np.cumsum(size) + size, size) + np.arange(size.sum())
        self._there = np.full(int(size.sum()) + BLANKS * (len(numbers) + 1), -1)
        self._there[here] = here - np.repeat(self._shift, size)
        full = self._there >= 0
        at = self._there[full]

        def listed(column: np.ndarray, blank: int) -> list[int]:
            filled = np.full(len(full), blank)
            filled[full] = column[at]
            return filled.tolist()

        names = self._table.lexicon.names
        self.forms = listed(table.form, -1)
        self.keys = [names[form] if form >= 0 else "" for form in self.forms]
        self.every = np.zeros(len(full), dtype=np.int64)
        self.every[behind] = HARD
        self.every[full] = table.bits[at]
        self.bits = self.every.tolist()
        self.runs, self.texts = listed(table.run, -1), listed(table.text, -1)
        words = np.arange(len(full))
        new = np.append(True, np.diff(np.array(self.runs)) != 0)
        self.begun = np.maximum.accumulate(np.where(new, words, 0)).tolist()
        stops = np.append(np.flatnonzero(new)[1:], len(full))
        self.end = (stops[np.searchsorted(stops, words, "right")] - 1).tolist()
        self.first = dict(zip(numbers.tolist(), first.tolist(), strict=True))
        self.behind = dict(zip(numbers.tolist(), behind.tolist(), strict=True))

    def here(self, words: np.ndarray) -> np.ndarray:
        """Numbers that words of the table have here; they must be of the chosen texts."""
        return words + self._shift[np.searchsorted(self._numbers, self._table.text[words])]

    def place(self, at: int) -> tuple[int, int]:
        """Where a word starts and ends in its text."""
        table, word = self._table, self._there[at]
        base = table.base[table.text[word]]
        return int(table.start[word] - base), int(table.end[word] - base)

    def following(self, at: int) -> str:
        """The character behind a word."""
        end = self.place(at)[1]
        return self._table.texts[self.texts[at]][end : end + 1]


class WordTable:
    """All words of a block of texts, one row a word.

    Parameters
    ----------
    texts : sequence of str
    lexicon : Lexicon

    Attributes
    ----------
    text, start, end, form, run, bits : array
        Of each word: its text, its place in that row of all texts, its form, its bits with those
        of the sign before it; and the number of its sentence: one more for each sign that ends
        one, two more for another text.
    first : array
        Of each text, and behind the last: its first word.
    base : array
        Where each text starts.
    """

    def __init__(self, texts: Sequence[str], lexicon: Lexicon) -> None:
        if len(lexicon) > MAX_FORMS:
            lexicon.clear()
        self.texts, self.lexicon = texts, lexicon
        joined, signs, codes, self.base = written(texts)
        self._cut(signs)
        self._place(joined, signs, codes)

    def _cut(self, signs: np.ndarray) -> None:
        solid = signs != SPACE
        edges = np.flatnonzero(solid[1:] != solid[:-1]) + 1
        start, end = edges[::2], edges[1::2]
        found = map(self.lexicon.__getitem__, signs.tobytes().split())
        form = np.fromiter(found, np.int64, len(start))
        text = np.searchsorted(self.base, start, "right") - 1
        if len(form) and form.min() < 0:
            text, start, end, form = self._expanded(text, start, end, form)
        self.text, self.start, self.end, self.form = text, start, end, form
        self.first = np.searchsorted(text, np.arange(len(self.texts) + 1))

    def _expanded(
        self, text: np.ndarray, start: np.ndarray, end: np.ndarray, form: np.ndarray
    ) -> tuple[np.ndarray, ...]:
        """Put the words of a stretch in its place, and read the texts that must be read."""
        told = self.lexicon.several
        rows: list[tuple[int, int, int, int]] = []
        read: dict[int, None] = {}
        at = np.flatnonzero(form < 0)
        several = zip(*(x[at].tolist() for x in (text, start, form)), strict=True)
        for own, place, value in several:
            words = told[~value]
            if words is None:
                read[own] = None
            else:
                rows += [(own, place + a, place + b, number) for a, b, number in words]
        keep = form >= 0
        if read:
            out = np.zeros(len(self.texts), dtype=bool)
            out[list(read)] = True
            keep &= ~out[text]
            rows = [row for row in rows if row[0] not in read]
            for own in read:
                words = words_in(self.texts[own])
                place = int(self.base[own])
                seconds = words.second
                rows += [
                    (own, place + a, place + b, self.lexicon.form(key, seconds.get(i, "")))
                    for i, (a, b, key) in enumerate(
                        zip(words.starts, words.ends, words.keys, strict=True)
                    )
                ]
        more = np.array(rows, dtype=np.int64).reshape(-1, 4).T
        columns = [
            np.concatenate([old[keep], new])
            for old, new in zip((text, start, end, form), more, strict=True)
        ]
        order = np.argsort(columns[1], kind="stable")
        return tuple(column[order] for column in columns)

    def _place(self, joined: str, signs: np.ndarray, codes: np.ndarray) -> None:
        """Number the sentences, and write down the sign before each word."""
        start, end, size = self.start, self.end, len(self.start)
        marks = _marks()[codes]
        marks[self.base[1:] - 2] = 0
        special = np.flatnonzero(marks)
        kinds = marks[special]
        bits = self.lexicon.bits[self.form] if size else np.zeros(0, dtype=np.int64)
        stops = special[kinds >= _STOP]
        breaks = stops[_ending(stops, joined, signs, codes)]
        self.run = np.searchsorted(breaks, start) + 2 * self.text
        if not size:
            self.bits = bits
            return
        dashes = special[kinds == _DASH]
        apart = [p for p in dashes.tolist() if joined[p - 1].isspace() and joined[p + 1].isspace()]
        gap = np.zeros(size + 1, dtype=np.int64)
        width = start[1:] - end[:-1]
        gap[1:-1] = (width > 1) | ((width == 1) & (codes[end[:-1]] != SPACE))
        gap[np.searchsorted(start, special[kinds == _COMMA])] |= COMMA
        gap[np.searchsorted(start, special[kinds == _HARD])] |= HARD
        gap[np.searchsorted(start, apart)] |= HARD
        gap[1:-1] |= np.where(self.run[1:] != self.run[:-1], HARD, 0)
        gap[0] |= HARD
        asked = special[kinds == _QUESTION]
        behind = np.searchsorted(end, asked, "right") - 1
        own = self.text[behind] == np.searchsorted(self.base, asked, "right") - 1
        self.bits = bits | gap[:-1]
        self.bits[behind[own & (behind >= 0)]] |= ASKED

    def words_of(self, start: np.ndarray, end: np.ndarray, text: np.ndarray) -> np.ndarray:
        """First and last word (as two rows) of places in texts that have words."""
        low, high = self.first[text], self.first[text + 1] - 1
        first = np.clip(np.searchsorted(self.end, self.base[text] + start, "right"), low, high)
        last = np.searchsorted(self.start, self.base[text] + end) - 1
        return np.stack([first, np.maximum(first, last)])


def _ending(stops: np.ndarray, joined: str, signs: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Which signs end a sentence: nearly all are told from their neighbours."""
    own, before, after = codes[stops], codes[stops - 1], codes[np.minimum(stops + 1, len(codes) - 1)]
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
