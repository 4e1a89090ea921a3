"""Figures that the words of a claim state: what its checks must reach, however it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
_VALUE = {word: number for number, word in enumerate(_WORDS)} | {"none": 0, "both": 2}
_NUMBER = rf"\d{{1,9}}|{'|'.join(sorted(_VALUE, key=len, reverse=True))}"
_OF = r"of(?:\s+the)?|out\s+of|in|von|su|sur|di|de|z|ze|på|van|από"
_SHARE = re.compile(
    rf"(?<![\w.,/:%-])(?:(?P<low>{_NUMBER})\s*(?:-|–|to|or|bis|a|o|ou|do)\s*)?(?P<k>{_NUMBER})"
    rf"(?:\s+(?P<more>or\s+more|oder\s+mehr|o\s+più))?(?:\s+(?:{_OF})\s+|\s*/\s*)"
    rf"(?P<n>{_NUMBER})(?![\w/:-]|[.,]\d)",
    re.IGNORECASE,
)
_PERCENT = re.compile(
    r"(?<![\w.,/:-])(?P<share>\d{1,3}(?:[.,]\d{1,3})?)\s*"
    r"(?:%|per\s?cent\b|percent\b|prozent\b|per\s?cento\b|por\s?c(?:i)?ento\b|pour\s?cent\b)",
    re.IGNORECASE,
)
_BEFORE = (  # words before a figure, and what they make of it
    ("ge", r"at least|no fewer than|no less than|mindestens|wenigstens|almeno|au moins|al menos"
           r"|pelo menos|co najmniej"),
    ("le", r"at most|no more than|up to|höchstens|bis zu|al massimo|au plus|como máximo"),
    ("lt", r"fewer than|less than|under|weniger als|meno di|moins de|menos de|mniej niż"),
    ("gt", r"more than|over|mehr als|più di|plus de|más de|mais de|więcej niż"),
)  # fmt: skip
_OPS = [(op, re.compile(rf"(?:{words})\s*$", re.IGNORECASE)) for op, words in _BEFORE]
_ROUGHLY = re.compile(r"(?:about|around|roughly|some|nearly|almost|ca\.?|circa|etwa)\s*$", re.I)
_SINGLE = re.compile(rf"(?<![\w.:/-])(?:\d{{1,15}}|{'|'.join(_WORDS[2:])})(?![\w.:/-])", re.I)

Reached = Sequence[Mapping[str, Any]]


class Stated(NamedTuple):
    """One figure as it is written, and whether a check must reach just that."""

    words: str
    fits: Callable[[Reached], bool]
    counts: bool = False  # whether it says of how many


def shares_stated(text: str) -> Iterator[Stated]:
    """Find shares of people in a text: two of four, 3/4, 75%, half, all.

    Examples
    --------
    >>> [one.words for one in shares_stated("two of four; at least 3 out of 4; 75%; half")]
    ['two of four', 'at least 3 out of 4', '75%', 'half']
    >>> [one.fits([{"op": "eq", "k": 1, "n": 4}]) for one in shares_stated("2/4; 25%")]
    [False, True]
    """
    for match in _SHARE.finditer(text):
        op, before = _op(text, match.start())
        op = "ge" if match["more"] else op
        k, n = _value(match["k"]), _value(match["n"])
        low = _value(match["low"]) if match["low"] else None
        yield Stated(before + match.group(), _reaches(op, k, n, low), counts=True)
    for match in _PERCENT.finditer(text):
        op, before = _op(text, match.start())
        share = match["share"].replace(",", ".")
        about = bool(_ROUGHLY.search(text[: match.start()]))
        yield Stated(before + match.group(), _is_share(op, float(share) / 100, _room(share, about)))
    for part in re.split(r"[;,]", text):
        for words, fits in _WHOLE:
            if words.fullmatch(part.strip()):
                yield Stated(part.strip(), fits)


def numbers_stated(text: str) -> Iterator[tuple[str, int]]:
    """Find the numbers in a text that belong to no share, as digits or words.

    Examples
    --------
    >>> list(numbers_stated("two cases of 27; 3 of 4; the 20s"))
    [('two', 2), ('27', 27)]
    """
    rest = _PERCENT.sub(" ; ", _SHARE.sub(" ; ", text))
    for match in _SINGLE.finditer(rest):
        yield match.group(), _value(match.group())


def _value(word: str) -> int:
    return int(word) if word.isdigit() else _VALUE[word.casefold()]


def _op(text: str, at: int) -> tuple[str, str]:
    """Read from the words before a figure how it is meant."""
    for op, words in _OPS:
        if found := words.search(text[:at]):
            return op, text[found.start() : at]
    return "eq", ""


def _reaches(op: str, k: int, n: int, low: int | None) -> Callable[[Reached], bool]:
    wanted = {("ge", low), ("le", k)} if low is not None else {_as_asked(op, k)}

    def fits(reached: Reached) -> bool:
        asked = {(r.get("op", "eq"), r["k"]) for r in reached if r.get("n") == n}
        return wanted <= asked or ((op, low) == ("eq", None) and {("ge", k), ("le", k)} <= asked)

    return fits


def _as_asked(op: str, k: int) -> tuple[str, int]:
    return ("ge", k + 1) if op == "gt" else (op, k)


def _room(share: str, about: bool) -> float:
    """How far a share may lie from what is written: by rounding, or more where it says about."""
    return 0.1 if about else 0.5 / 10 ** (2 + len(share.partition(".")[2])) + 1e-9


def _is_share(op: str, share: float, room: float) -> Callable[[Reached], bool]:
    def fits(reached: Reached) -> bool:
        return any(
            (r.get("op", "eq") == op or (op, r.get("op")) == ("gt", "ge"))
            and abs(_part(r) - share)
            <= max(room, 0.5 / r["n"] if room == 0.1 else 0) + (1 / r["n"] if op == "gt" else 0)
            for r in reached
            if r.get("n")
        )

    return fits


def _part(reached: Mapping[str, Any]) -> Fraction:
    return Fraction(reached["k"], reached["n"])


def _least(reached: Mapping[str, Any], more_than: Fraction) -> bool:
    """Tell whether a check asks for more than a share, of whatever size."""
    return (
        bool(reached.get("n"))
        and reached.get("op", "eq") in ("eq", "ge")
        and _part(reached) > more_than
    )


def _any(rule: Callable[[Mapping[str, Any]], bool]) -> Callable[[Reached], bool]:
    """Ask it of the checks that say of how many; where none does, nothing can be compared."""
    return lambda reached: (
        any(rule(one) for one in reached) or all(not one.get("n") for one in reached)
    )


_HALF = Fraction(1, 2)
_WHOLE: tuple[tuple[re.Pattern[str], Callable[[Reached], bool]], ...] = tuple(
    (re.compile(words, re.IGNORECASE), fits)
    for words, fits in (
        (r"half|one half|a half|50:50", _is_share("eq", 0.5, 1e-9)),
        (r"(?:about|around|roughly) (?:a )?half", _is_share("eq", 0.5, 0.1)),
        (r"all|everyone|everybody", _any(lambda r: _least(r, _HALF) and _part(r) == 1)),
        (
            r"none|nobody|no one",
            _any(lambda r: (r.get("op", "eq"), r["k"]) in (("eq", 0), ("le", 0), ("lt", 1))),
        ),
        (r"both", _any(lambda r: _least(r, _HALF) and (r["k"], r["n"]) == (2, 2))),
        (r"most|a majority|more than half", _any(lambda r: _least(r, _HALF))),
    )
)
