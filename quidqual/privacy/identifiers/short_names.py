"""People by less than a name: initials, a name cut short, ranks, what somebody is called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quidqual.privacy.identifiers.marks import REVIEW, SURE, Mark
from quidqual.privacy.identifiers.ordinary_words import everyday, is_ordinary
from quidqual.privacy.identifiers.words_of_text import hasty_stretches, words_for

_INITIALS = re.compile(
    r"(?<![\w.])(?:[A-ZÀ-Þ]\. ?){2,3}(?!\w)|(?<![\w.])[A-Z]\.(?= [A-ZÀ-Þ][a-zà-ÿ])"
)
_LETTER = re.compile(r"(?<![\w.])[A-ZÀ-Þ]\.(?= [a-zà-ÿ(&+]|[,;:)/]|\n|$)")
_SMALL_LETTER = re.compile(r"(?<![\w.'’])[abdfgijklmoqrtuwxyz]\.(?= [a-zà-ÿ(&+]|[,;:)/]|$)")
_RANK = re.compile(r"\b(?:mar\.llo|m\.llo|brig\.|isp\.|sov\.|mons\.) ?(?P<name>[^\W\d_]{2,})", re.I)
_TWICE = re.compile(r"\b([a-z]{2,4})-\1\b", re.I)
_LOOKS = re.compile(
    r"\b(?:il|lo|la|l['’]) ?(?:biond[oa]|mor[oa]|zopp[oa]|gobb[oa]|pelato|sfregiat[oa])\b", re.I
)
_CUT_SHORT = re.compile(
    r"(?m)(?:^[ \t>*•-]*|(?<=[,;:] ))(?P<name>[A-ZÀ-Þ][a-zà-ÿ]{1,5}\.)(?= [a-z(])"
)
_NICK = re.compile(  # names under which somebody is feared, or known to a house
    r"\b(?:big|lady|baby|boss|sweet|little|black|white|pretty|mr|miss) "
    r"(?:mama|mamma|mummy|mum|daddy|papa|sis|sister|bro|brother|boss|queen|king|man|madam|lady|joe|boy|"
    r"girl|aunty|uncle)\b",
    re.IGNORECASE,
)
_STAFF = re.compile(r"(?<![\w.])[A-Z]{2}(?![\w.])|(?<![\w.])[a-z]\.[a-z]\.(?!\w)")


def initials(text: str, language: str) -> Iterator[list[Mark]]:
    """Find initials: those with full stops are somebody's, two capitals may be."""
    yield [
        Mark(found.start(), found.end() - (found.group()[-1] == " "), "person", "initials", SURE)
        for found in _INITIALS.finditer(text)
        if found.group().replace(" ", "").lower() not in words_for("dotted")
    ]
    yield [Mark(*found.span(), "person", "initials", REVIEW) for found in _LETTER.finditer(text)]
    yield [
        Mark(*found.span(), "person", "initials", REVIEW)
        for start, end in hasty_stretches(text)
        for found in _SMALL_LETTER.finditer(text, start, end)
    ]
    yield [
        Mark(*found.span("name"), "person", "initials", REVIEW)
        for found in _CUT_SHORT.finditer(text)
        if (low := found["name"][:-1].lower()) not in everyday(language)
        and not words_for("title") & {low, f"{low}."}
    ]
    yield [Mark(*found.span(), "person", "title", SURE) for found in _RANK.finditer(text)]
    if language == "it":
        yield [
            Mark(*found.span(), "person", "rare_word", REVIEW) for found in _LOOKS.finditer(text)
        ]
    yield [Mark(*found.span(), "person", "rare_word", REVIEW) for found in _TWICE.finditer(text)]
    yield [
        Mark(*found.span(), "person", "title", REVIEW)
        for found in _NICK.finditer(text)
        if not re.search(
            r"\b(?:a|the|una?|his|her|my|their|two|no|any)\s$", text[: found.start()], re.I
        )
    ]
    yield [
        Mark(*found.span(), "person", "initials", REVIEW)
        for found in _STAFF.finditer(text)
        if found.group().lower() not in words_for("harmless") | words_for("dotted")
        and not is_ordinary(found.group().lower(), language)
    ]
