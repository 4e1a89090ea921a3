"""Which hits a cue may bear on, told for thousands of texts at once before any is read.

Reading a text word by word is dear, and most texts with a hit need none of it: no cue stands in
reach. That is told here from places alone: how many words and commas lie between a cue and a
hit, whether a sentence or a word such as *but* ends the clause between them. What may bear on a
hit is kept; `quidqual.cues.cue_reading` decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import numpy as np

from quidqual.coding.engine import BLOCK, Engine
from quidqual.coding.needles import BETWEEN, SPACE, Haystack
from quidqual.coding.patterns import Pattern, parse
from quidqual.cues import clause_words as lists
from quidqual.cues.cue_lists import WIDE, Cue

# What a word found in a text is there for.
AHEAD, AFTER, ACROSS, ANSWER, SUBJECT, VERB, TIME, ASKING, INVERTED, DENYING, TOPIC = range(11)
ENDER, JOINED, MINE, PAST = range(11, 15)  # told from others, not paired with hits
_FAR = 40  # words, as far as anything is looked for in a long sentence
_WIDEST = _FAR + 12  # with the words of a long cue
_SHORT, _LEAD, _TOPIC = 4, 3, 14
_COMMA, _HARD, _BREAK, _ASKED = 1, 2, 3, 4
_VERBS = ["rei", "resti", "rebbe", "remmo", "reste", "rebbero", "ra'", "ro'", "ranno", "remo"]


def hints(language: str) -> list[tuple[str, int]]:
    """Words that may turn a hit without being a cue, and those that end a clause."""
    words: list[tuple[str, int]] = []
    for mode, known in _HINTS:
        words += [(word, mode) for word in sorted(known.get(language, frozenset()))]
    if language == "it":
        words += [(f"*{ending}", VERB) for ending in _VERBS]
        words += [(f"non {word}", TOPIC) for word in sorted(lists.RESUMING)]
    else:
        words += [(word, TOPIC) for word in sorted(lists.TAKEN_UP)]
    return words


_HINTS: tuple[tuple[int, Mapping[str, frozenset[str]]], ...] = (
    (SUBJECT, lists.PEOPLE),
    (SUBJECT, lists.NOMINAL),
    (VERB, lists.FUTURE),
    (TIME, lists.NOW),
    (TIME, lists.UNTIL),
    (ASKING, lists.ASKING),
    (INVERTED, lists.INVERTED),
    (DENYING, lists.ANSWERS),
    (ENDER, {own: w - lists.DEGREES - lists.ONLY_WITH_CHE for own, w in lists.ENDS.items()}),
    (MINE, lists.MINE),
    (JOINED, {"en": lists.JOINED | lists.EXPLAINING, "it": lists.JOINED | lists.EXPLAINING}),
    (PAST, {"en": lists.PAST["en"]}),
)


class Reach:
    """Tells which texts are worth reading for cues.

    Parameters
    ----------
    language : str
    cues : sequence of Cue
        In the order of `patterns`; pseudo-cues last, they are passed over here.
    patterns : sequence of Pattern
        Of the cues.
    usual : bool
        Whether subjects, verbs, questions and answers are read as well.
    """

    def __init__(
        self, language: str, cues: Sequence[Cue], patterns: Sequence[Pattern], *, usual: bool
    ) -> None:
        own = [p for p in patterns if not p.exclude]
        more = hints(language) if usual else [(w, m) for w, m in hints(language) if m == ENDER]
        hinted = [parse(word).of(code="hint", language=language) for word, _ in more]
        self._engine = Engine([*own, *hinted], scope="all")
        self._usual = usual
        self._timed = usual and language == "en"
        extent = [max(sum(e.gap + 1 for e in v) for v in p.variants) - 1 for p in own]
        modes = [
            ANSWER if c.answer else ACROSS if c.across else AFTER if c.before else AHEAD
            for c in cues
        ]
        reach = [max(c.reach, WIDE if c.subject or c.phrase else 0) for c in cues]
        zeros = [0] * len(hinted)
        self._mode = np.array([*modes, *(mode for _, mode in more)], dtype=np.int64)
        self._extent = np.array([*extent, *zeros], dtype=np.int64)
        self._reach = np.array([*reach, *zeros], dtype=np.int64)

    def worth(
        self, texts: Sequence[str], hits: Sequence[Sequence[tuple[int, int]]]
    ) -> Iterator[tuple[int, bool]]:
        """Numbers of the texts of which some hit may have a flag, and whether without a cue."""
        for before in range(0, len(texts), BLOCK):
            block = texts[before : before + BLOCK]
            flat = [
                (i, *span) for i, own in enumerate(hits[before : before + BLOCK]) for span in own
            ]
            hay, found = self._engine.found(block)
            spans = np.array(flat, dtype=np.int64).reshape(-1, 3)
            worth = np.zeros(len(block), dtype=bool)
            worth[hay.odd if not self._engine.always else slice(None)] = True
            hinted = np.zeros(len(block), dtype=bool)
            near, more = self._kept(hay, found, spans)
            hinted[more] = True
            worth[near] = True
            worth |= hinted
            for i in np.flatnonzero(worth).tolist():
                yield i + before, bool(hinted[i])

    def _kept(
        self, hay: Haystack, found: tuple[np.ndarray, ...], spans: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        text, start, end, pattern = found
        start, end, mode = hay.starts[text] + start, hay.starts[text] + end, self._mode[pattern]
        signs = _Signs(hay, start[mode == ENDER])
        hit, base = spans[:, 0], hay.starts[spans[:, 0]]
        first, last = base + spans[:, 1], base + spans[:, 2]
        paired = (mode < ENDER) & self._useful(signs, mode, start, end, text)
        joined, mine = start[mode == JOINED], start[mode == MINE]
        text, start, end, mode, pattern = (x[paired] for x in (text, start, end, mode, pattern))
        # the words around a hit, so that a long text does not pair all with all
        place = signs.words[start]
        low = np.searchsorted(place, signs.words[first] - _WIDEST)
        high = np.searchsorted(place, signs.words[last] + _WIDEST, "right")
        low = np.maximum(low, np.searchsorted(text, hit))
        count = np.maximum(np.minimum(high, np.searchsorted(text, hit, "right")) - low, 0)
        at = np.repeat(low - np.cumsum(count) + count, count) + np.arange(count.sum())
        own = np.repeat(np.arange(len(count)), count)
        pairs = _Pairs(
            signs, mode[at], start[at], end[at], first[own], last[own],
            self._reach[pattern[at]], self._extent[pattern[at]], joined, mine,
        )  # fmt: skip
        asked = signs.asked(last) if self._usual else np.zeros(len(hit), dtype=bool)
        kept = pairs.kept()
        hinted = kept & (pairs.mode > ANSWER)
        return hit[own[kept]], np.concatenate([hit[own[hinted]], hit[asked]])

    def _useful(
        self, signs: _Signs, mode: np.ndarray, start: np.ndarray, end: np.ndarray, text: np.ndarray
    ) -> np.ndarray:
        """Finds that can tell anything where they stand, whatever the hit."""
        keep = np.ones(len(mode), dtype=bool)
        if not self._usual or not len(mode):
            return keep
        answered = np.zeros(int(text[-1]) + 1, dtype=bool)
        answered[text[(mode == DENYING) | (mode == ANSWER)]] = True
        at = np.flatnonzero((mode == ASKING) | (mode == INVERTED))
        first = (mode[at] == ASKING) | (signs.words[start[at]] <= signs.begun[start[at]] + 1)
        keep[at] = answered[text[at]] & first
        at = np.flatnonzero(mode == DENYING)
        keep[at] = signs.ending[end[at]] - signs.opening[start[at]] <= _SHORT + 1
        at = np.flatnonzero(mode == TIME)
        keep[at] = signs.words[start[at]] - signs.opening[start[at] + 1] <= _LEAD
        if self._timed:
            past = np.zeros(int(text[-1]) + 1, dtype=bool)
            past[text[mode == PAST]] = True
            keep[at] &= past[text[at]]
        return keep


class _Signs:
    """Counts at every place of a row of texts: what lies before it.

    Attributes
    ----------
    words, commas, hard, breaks, enders : array of int
        How many spaces, commas, signs that end a clause, ends of sentences, words that end a
        clause stand before a place. The difference of two is what lies between.
    begun, opening, ending : array of int
        Number of words before the sentence, before the clause, and before the clause's end.
    """

    def __init__(self, hay: Haystack, enders: np.ndarray) -> None:
        signs, codes = np.frombuffer(hay.signs, np.uint8), hay.codes
        size = len(codes) + 1
        kinds = _kinds()[
            np.minimum(codes, codes.dtype.type(min(len(_kinds()) - 1, 255)))
            if codes.dtype == np.uint8
            else np.minimum(codes, len(_kinds()) - 1)
        ]
        stops = np.flatnonzero(kinds == _BREAK)
        after = codes[np.minimum(stops + 1, len(codes) - 1)]
        full = (codes[stops] != 46) | ((after != 46) & ~_letters(after) & (codes[stops - 1] != 46))
        dashes = np.flatnonzero(codes == 45)
        apart = (codes[dashes - 1] == 32) & (codes[np.minimum(dashes + 1, len(codes) - 1)] == 32)
        breaks = np.concatenate([stops[full], hay.starts - 1])
        hard = np.concatenate([np.flatnonzero(kinds == _HARD), dashes[apart], breaks])
        commas = np.flatnonzero(kinds == _COMMA)
        spaces = hay.places[(signs == SPACE) | (signs == BETWEEN)]
        self.comma_places = commas
        self.words, self.commas, self.hard, self.breaks, self.enders = (
            _counts(places, size) for places in (spaces, commas, hard, breaks, enders)
        )
        self.begun = self._before(breaks, size)
        every = np.concatenate([hard, commas, enders])
        self.opening = self._before(every, size)
        told = np.zeros(size, dtype=np.int32)
        told[breaks + 1] = self.commas[breaks]
        self.commas_of_sentence = np.maximum.accumulate(told)
        told = np.full(size, self.commas[-1], dtype=np.int32)
        told[breaks] = self.commas[breaks]
        self.commas_to_end = np.minimum.accumulate(told[::-1])[::-1]
        ending = np.full(size, self.words[-1], dtype=np.int32)
        ending[every] = self.words[every]
        self.ending = np.minimum.accumulate(ending[::-1])[::-1]
        self._questions = _counts(np.flatnonzero(codes == 63), size)
        self._stops = np.unique(breaks)

    def _before(self, places: np.ndarray, size: int) -> np.ndarray:
        """Words before the last of some places, at every place."""
        told = np.zeros(size, dtype=np.int32)
        told[places + 1] = self.words[places]
        return np.maximum.accumulate(told)

    def asked(self, end: np.ndarray) -> np.ndarray:
        """Whether the sentence of a hit ends with a question mark."""
        at = np.searchsorted(self._stops, end)
        known = at < len(self._stops)
        stop = self._stops[np.minimum(at, len(self._stops) - 1)]
        behind = np.minimum(stop + 4, len(self._questions) - 1)  # "?!", "...?"
        return known & (self._questions[behind] > self._questions[stop])


def _counts(places: np.ndarray, size: int) -> np.ndarray:
    marks = np.zeros(size, dtype=np.int32)
    marks[places + 1] = 1
    return np.cumsum(marks, dtype=np.int32)


class _Pairs:
    """Finds and hits of one text, side by side."""

    def __init__(
        self,
        signs: _Signs,
        mode: np.ndarray,
        start: np.ndarray,
        end: np.ndarray,
        hit_start: np.ndarray,
        hit_end: np.ndarray,
        reach: np.ndarray,
        extent: np.ndarray,
        joined: np.ndarray,
        mine: np.ndarray,
    ) -> None:
        self.signs, self.mode, self.joined, self.mine = signs, mode, joined, mine
        self.start, self.reach, self.extent = start, reach, extent
        self.ahead = start < hit_start
        self.inside = ~self.ahead & (end <= hit_end)
        self.low = np.where(self.ahead, end, hit_end)
        self.high = np.maximum(self.low, np.where(self.ahead, hit_start, start))

    def _between(self, counts: np.ndarray) -> np.ndarray:
        return counts[self.high] - counts[self.low]

    def kept(self) -> np.ndarray:
        """Whether a find may bear on its hit."""
        mode, ahead, behind = self.mode, self.ahead, ~self.ahead
        apart = self._between(self.signs.words)
        breaks = self._between(self.signs.breaks)
        same = self._same_clause()
        within = self.reach + self.extent + 1
        far = (same > 0) & (apart <= np.where(same == 2, _FAR, within))
        keep = (mode == AHEAD) & ahead & far
        keep |= (mode == AFTER) & behind & (breaks == 0) & (far | self._taken_up(within))
        keep |= (mode == ACROSS) & (breaks == 0)
        keep |= (mode == ANSWER) & behind & (breaks <= 1) & (apart <= _FAR)
        keep |= (mode == SUBJECT) & ahead & (((same > 0) & (apart <= _FAR)) | self._my(breaks))
        keep |= (mode == VERB) & ((ahead & (same > 0)) | self.inside)
        keep |= (mode == TIME) & (apart <= _FAR)
        keep |= ((mode == ASKING) | (mode == INVERTED)) & ahead & (breaks == 0)
        keep |= (mode == DENYING) & behind & (breaks <= 1) & (apart <= _FAR)
        keep |= (mode == TOPIC) & behind & (breaks == 0) & (apart <= _TOPIC + 2)
        return keep

    def _taken_up(self, within: np.ndarray) -> np.ndarray:
        """Whether a cue stands near enough behind the one comma after a hit."""
        lead = self.signs.words[self.high] - self.signs.opening[self.high]
        return (self._between(self.signs.commas) == 1) & (lead <= within)

    def _my(self, breaks: np.ndarray) -> np.ndarray:
        """Whether *my* stands before a person named earlier in the sentence."""
        if not len(self.mine):
            return np.zeros(len(breaks), dtype=bool)
        at = np.maximum(np.searchsorted(self.mine, self.start) - 1, 0)
        near = self.signs.words[self.start] - self.signs.words[self.mine[at]]
        return (breaks == 0) & (near >= 0) & (near <= 2)

    def _same_clause(self) -> np.ndarray:
        """0: the clauses differ; 1: they may be one; 2: a remark may lie between."""
        signs, low = self.signs, self.low
        commas = self._between(signs.commas)
        # an earlier comma may have opened a remark, in which no word opens a clause
        earlier = signs.commas[low] - signs.commas_of_sentence[low]
        later = signs.commas_to_end[self.high] - signs.commas[self.high]  # that closes it
        # words of a cue that goes on are no end of its clause
        long = self.extent > 0
        ended = np.where(long, 0, self._between(signs.enders)) > 0
        rest = np.flatnonzero(long & self.ahead)
        ended[rest] = self._between(signs.enders)[rest] > self.extent[rest]
        same = np.where(
            commas == 0, ~ended | ((earlier > 0) & (later > 0)), self._goes_on() & (commas == 1)
        )
        return np.where(self._between(signs.hard) > 0, 0, np.where(commas > 1, 2, same))

    def _goes_on(self) -> np.ndarray:
        """Whether a list goes on behind the last comma before a place."""
        signs, commas = self.signs, self.signs.comma_places
        if not len(commas) or not len(self.joined):
            return np.zeros(len(self.high), dtype=bool)
        comma = commas[np.maximum(np.searchsorted(commas, self.high) - 1, 0)]
        at = np.searchsorted(self.joined, comma)
        after = self.joined[np.minimum(at, len(self.joined) - 1)]
        return (at < len(self.joined)) & (signs.words[after] - signs.words[comma] <= _LEAD)


@cache
def _kinds() -> np.ndarray:
    """What each character does to a clause, by code point."""
    table = np.zeros(0x3100, dtype=np.uint8)
    table[ord(",")] = _COMMA
    table[[ord(c) for c in ";:()—–…"]] = _HARD
    table[[ord(c) for c in ".!?。！？؟۔।" if ord(c) < 0x3100]] = _BREAK
    table.flags.writeable = False
    return table


def _letters(codes: np.ndarray) -> np.ndarray:
    return (
        ((codes | 32) >= 97) & ((codes | 32) <= 122)
        | ((codes >= 48) & (codes <= 57))
        | (codes > 127)
    )
