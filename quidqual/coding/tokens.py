"""What a word is: where it starts and ends in a text, and the key it is compared by.

The text itself is never changed. A token is a place in it; patterns are compared with the
token's *keys*:

- case folded and in compatibility form (``ﬁducia`` is read as ``fiducia``);
- all apostrophes alike; an elided article is a word of its own (``l'`` + ``amica``), an
  English clitic too (``she`` + ``'s``), a contracted *not* is not cut (``can't``);
- an accent on a last vowel may be typed as an apostrophe: ``perché``, ``perchè`` and
  ``perche'`` share a key. As the apostrophe may also close a quotation, a token written
  with one has a second key without it;
- invisible marks inside a word (soft hyphen, direction marks) are passed over.

Words of a phrase may be parted by spaces, hyphens, commas and quotation marks, never by a
blank line or by the end of a sentence: a *break*. A single line end is a space.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

_LONGEST_QUOTE = 1000
APOSTROPHES = "'’ʼ‘´`′"
_INVISIBLE = "\u00ad\u200c-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"


def _mark_ranges() -> str:
    r"""Combining marks, which ``\w`` leaves out, as the inside of a character class."""
    marks = [c for c in range(0x300, 0x10000) if unicodedata.category(chr(c))[0] == "M"]
    runs: list[list[int]] = []
    for code in marks:
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "".join(f"{chr(a)}-{chr(b)}" if a != b else chr(a) for a, b in runs)


# Variation selectors follow emoji and are no part of a word.
_MARKS = _mark_ranges().replace("\ufe00-\ufe0f", "")
_L = rf"(?:(?![_¹²³⁰-₉])[\w{_MARKS}])"
_W = rf"{_L}(?:[{_INVISIBLE}]*{_L})*+"
_A = f"[{APOSTROPHES}]"
LETTER, MARKS_AND_INVISIBLE = _L, _MARKS + _INVISIBLE
_CLITIC = rf"{_A}(?:s|m|d|ll|re|ve)(?!{_L})"
# Elided words whose own word may be written apart (dell' azienda).
_ELIDED = (
    rf"(?<!{_L})(?:(?:de|a|da|ne|su|co|que|be)?ll?|un|d|ch|c|m|t|s|v|n|qu|j|sant|tutt|com|dov)"
)

_TOKEN = re.compile(
    rf"(?P<not>{_L}+?n{_A}t(?!{_L}))"
    rf"|(?P<clitic>(?<=[\w{_MARKS}]){_CLITIC})"
    rf"|(?P<elided>{_ELIDED}{_A}(?=\s+{_L}))"
    rf"|(?P<word>{_W}(?:(?!{_CLITIC}){_A}(?={_L})|(?<=[aeiou]){_A}(?!{_L}))?)",
    re.IGNORECASE,
)
BREAK_SIGNS = "\n.!?。！？؟۔।"
_BREAK = re.compile(
    r"\n[^\S\n]*\n|[!?。！？؟۔।]|(?<!\.)\.(?![.\w])|(?<=[a-zà-öø-ÿ])\.(?=[A-ZÀ-ÖØ-Þ])",
)
_SIGN = re.compile(f"[{BREAK_SIGNS}]")
# Texts without apostrophes or letters that need a look at their form: most.
_PLAIN = re.compile(r"[\n\x20-&(-^a-~“”«»–—…€]*")
_LETTERS = re.compile(r"[0-9a-z]+")
_FOLD = {ord(a): "'" for a in APOSTROPHES} | {
    ord(c): None
    for c in re.sub(
        "(.)-(.)", lambda m: "".join(map(chr, range(ord(m[1]), ord(m[2]) + 1))), _INVISIBLE
    )
}
_FINAL = {"à": "a'", "á": "a'", "è": "e'", "é": "e'", "ì": "i'", "í": "i'"}
_FINAL |= {"ò": "o'", "ó": "o'", "ù": "u'", "ú": "u'"}


class Token(NamedTuple):
    """A word's place in a text, its keys, and the number of the unbroken run it is in."""

    start: int
    end: int
    keys: tuple[str, ...]
    run: int


def fold(word: str) -> str:
    """Key of a word: how it is compared, whatever its case, apostrophe or final accent.

    Examples
    --------
    >>> fold("Perché"), fold("PERCHE’"), fold("Fiducia")
    ("perche'", "perche'", 'fiducia')
    """
    key = unicodedata.normalize("NFKC", word.translate(_FOLD)).casefold()
    key = unicodedata.normalize("NFC", key)
    return key[:-1] + _FINAL[key[-1]] if key and key[-1] in _FINAL else key


def tokenise(text: str) -> list[Token]:
    """Find the words of a text.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of Token
        In order. Two tokens with the same ``run`` have no sentence end or line end
        between them.

    Examples
    --------
    >>> [t.keys[0] for t in tokenise("L'amica dell’azienda: perche' no? She can't.")]
    ["l'", 'amica', "dell'", 'azienda', "perche'", 'no', 'she', "can't"]
    >>> [t.run for t in tokenise("One two. Three")]
    [0, 0, 1]
    """
    words = words_in(text)
    return [
        Token(start, end, (key, words.second[i]) if i in words.second else (key,), run)
        for i, (start, end, key, run) in enumerate(
            zip(words.starts, words.ends, words.keys, words.runs, strict=True)
        )
    ]


class Words(NamedTuple):
    """The words of a text as columns: places, keys, runs; and the second key of some."""

    starts: list[int]
    ends: list[int]
    keys: list[str]
    runs: list[int]
    second: dict[int, str]


@lru_cache(maxsize=4096)
def words_in(text: str) -> Words:
    """The same as `tokenise`, kept for the next who asks: an engine, its exclusions, the cues."""
    breaks = breaks_at(text)
    if _PLAIN.fullmatch(text):
        low = text.lower()
        keys = _LETTERS.findall(low)
        starts, ends, at = [], [], 0
        for key in keys:  # nothing but signs lies between, so its first place is the next word
            start = low.find(key, at)
            at = start + len(key)
            starts.append(start)
            ends.append(at)
        return Words(starts, ends, keys, _runs(starts, breaks), {})
    starts, ends, keys = [], [], []
    second: dict[int, str] = {}
    closed = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        word = match[0]
        if word.isascii() and word.isalnum():
            key = word.lower()
        else:
            key = fold(word)
            if len(key) > 2 and key[-1] == "'" and key[-2] in "aeiou" and word[-1] in APOSTROPHES:
                second[len(keys)] = key[:-1]
                if _closes(text, start, text[end - 1], closed):
                    end = closed = end - 1
        starts.append(start)
        ends.append(end)
        keys.append(key)
    return Words(starts, ends, keys, _runs(starts, breaks), second)


def _runs(starts: list[int], breaks: list[int]) -> list[int]:
    """Number of breaks before each word."""
    if not breaks or not starts or breaks[0] > starts[-1]:
        return [0] * len(starts)
    return [bisect_left(breaks, start) for start in starts]


def _closes(text: str, start: int, sign: str, since: int) -> bool:
    """Whether the apostrophe behind a word closes a quotation that was opened before it."""
    opening = "‘" if sign == "’" else sign
    since = max(since, start - _LONGEST_QUOTE)
    at = text.rfind(opening, since, start)
    while at > 0 and text[at - 1].isalnum():
        at = text.rfind(opening, since, at)
    return at >= 0


def is_clitic(text: str) -> bool:
    """Whether a text is nothing but what an English word carries behind its apostrophe."""
    return re.fullmatch(_CLITIC, text, re.IGNORECASE) is not None


def breaks_at(text: str) -> list[int]:
    """Where sentence ends or line ends stand in a text."""
    return [m.start() for m in _SIGN.finditer(text) if is_break(text, m.start())]


def is_break(text: str, at: int) -> bool:
    """Whether a sentence or line ends at a sign."""
    return _BREAK.match(text, at) is not None


def breaks_in(text: str) -> int:
    """How many sentence ends or line ends a text holds."""
    return len(breaks_at(text))
