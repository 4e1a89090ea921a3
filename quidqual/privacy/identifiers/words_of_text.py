"""A note cut into words, each with what its place and its capitals tell."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from quidqual.privacy.identifiers.gazetteers import rows_of

_SIMPLE = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+){0,3}")
_ENDS = re.compile(r"[.!?…]['’\"”»)]*\s+[\"“«‘'(\[–—-]*\s*$|\n[\s\"“«‘'(\[–—*#>•-]*$")
_OPENS = re.compile(r"(?:[:,]\s*)?[\"“«‘]\s*$")
_AFTER_LABEL = re.compile(r"(?:^|\n)[ \t]*[A-Z][\w ]{0,12}:[ \t]*$")

_HASTY = re.compile(r"(?m)(?:^[ \t>*•-]*|(?<=[a-zà-ÿ0-9]{3}[.!?] ))[a-zà-ÿ][^\n]*")


class Word(NamedTuple):
    """A word of a note.

    Attributes
    ----------
    text : str
        As it stands.
    start, end : int
    capital : bool
        Whether it begins with a capital.
    first : bool
        Whether it begins a sentence, so that its capital tells nothing.
    before : str
        What stands between the word before and this one.
    """

    text: str
    start: int
    end: int
    capital: bool
    first: bool
    before: str

    @property
    def low(self) -> str:
        """The word in small letters, with straight apostrophes."""
        return self.text.lower().replace("’", "'")


@cache
def words_for(use: str) -> frozenset[str]:
    """Words around names for one use: title, role, told, body, ..."""
    return frozenset(
        w for name, words in rows_of("naming_words.tsv") if name == use for w in words.split()
    )


def cut(text: str) -> list[Word]:
    """Cut a note into words; an elided article (*l'*, *dell'*) is a word of its own."""
    words: list[Word] = []
    at = 0
    for found in _SIMPLE.finditer(text):
        for start, end in _elisions(text, *found.span()):
            if start >= end:
                continue
            if end < len(text) and text[end] == "." and _is_abbreviation(text, start, end):
                end = _end_of_abbreviation(text, end)
            if start < at:
                continue
            before = text[at:start]
            word = text[start:end]
            words.append(
                Word(
                    word, start, end, word[0].isupper(), _begins(text, start, words, before), before
                )
            )
            at = end
    return words


def _elisions(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Part *l'avvocato* into two words, *Besnik's* too; keep *D'Angelo* and *po'* whole."""
    word = text[start:end]
    mark = re.search(r"['’]", word)
    if not mark:
        return [(start, end)]
    head, tail = word[: mark.start()], word[mark.end() :]
    if tail.lower() in ("s", "t", "re", "ve", "ll", "m", "d"):
        return [(start, start + len(head))]
    if head[0].isupper() and tail[:1].isupper() and head.lower() in ("d", "o", "dell", "n", "m"):
        return [(start, end)]
    return [(start, start + len(head)), *_elisions(text, start + mark.end(), end)]


def _is_abbreviation(text: str, start: int, end: int) -> bool:
    word = text[start : end + 1].lower()
    return (
        word in words_for("title")
        or text[start : end + 4].lower() in ("dott.ssa", "sig.ra", "prof.ssa")
        or bool(
            re.match(
                r"(?:dott\.ssa|dr\.ssa|sig\.ra|sig\.na|prof\.ssa)", text[start : end + 5].lower()
            )
        )
    )


def _end_of_abbreviation(text: str, end: int) -> int:
    longer = re.match(r"\.(?:ssa|ra|na)\b", text[end : end + 5].lower())
    return end + (longer.end() if longer else 1)


def _begins(text: str, start: int, words: list[Word], before: str) -> bool:
    if not words:
        return True
    if words[-1].text.endswith(".") and before.strip() == "":
        return False
    head = text[max(0, start - 40) : start]
    if _ENDS.search(head):
        last = words[-1]
        lone = (
            len(last.text) == 1 and last.capital and before.startswith(". ") and "\n" not in before
        )
        return not lone
    return bool(_OPENS.search(head) or _AFTER_LABEL.search(head))


def hasty_stretches(text: str) -> list[tuple[int, int]]:
    """Stretches that begin small, after a line's end or a full stop: nobody cared for capitals."""
    return [found.span() for found in _HASTY.finditer(text)]
