"""Organisations, places and peoples: by their head words and by the gazetteers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quidqual.privacy.identifiers.gazetteers import (
    family_names,
    fold,
    given_names,
    nationalities,
    places,
    places_by_first_word,
)
from quidqual.privacy.identifiers.marks import REVIEW, SURE, Claimed, Mark
from quidqual.privacy.identifiers.ordinary_words import everyday, is_ordinary
from quidqual.privacy.identifiers.words_of_text import Word, words_for

_TIGHT = re.compile(r"[ \u00a0]|[ ]?['’-][ ]?|\. |/")
_JOINED = re.compile(r"[ ]|['’]|\. ")


_OFFICE = re.compile(
    r"\b(?:A?ULSS|ASL|USL|ASST|ATS|CPIA|IC|ITIS|DSM|CSM|SIL|SSD)\b(?: ?n?\.? ?\d{1,2}\b)?"
    r"|\b(?i:ser[dt]|sprar|consultorio)\b(?: ?n?\.? ?\d{1,2}\b)?"
)


_QUARTER = re.compile(
    r"\b(?:borgo|borgata|rione|quartiere|villaggio|contrada|frazione|località|sobborgo) "
    r"(?:san |santa |s\. ?)?[a-zà-ÿ'’]{3,}\b"
)
_SHORT_PEOPLE = re.compile(
    r"(?i:(?<![\w.])(?:nig|alb|rum|rom|mold|ucr|ukr|maroc|bulg|serb|bras|kos|ghan|seneg)\.)(?!\w)"
)
_ORDINARY_HEAD = re.compile(  # a name in small letters before or after its head
    r"\b(?!(?:their|this|that|from|every|small|next|local|with|goes|went)\b)"
    r"[a-zà-ÿ]{4,} (?:church|shelter|mosque|convent|ministries)\b"
    r"|\b(?:shelter|refuge|rifugio) (?:casa )?[a-zà-ÿ]{4,}\b"
)


def offices(text: str) -> list[Mark]:
    """Find public offices that are known by letters and a number."""
    return [Mark(*found.span(), "organisation", "rule", SURE) for found in _OFFICE.finditer(text)]


def small_bodies(text: str) -> list[Mark]:
    """Find quarters, shortened peoples and houses whose names are written small; all for review."""
    kinds = ((_QUARTER, "place"), (_SHORT_PEOPLE, "nationality"), (_ORDINARY_HEAD, "organisation"))
    return [
        Mark(*found.span(), kind, "gazetteer", REVIEW)
        for pattern, kind in kinds
        for found in pattern.finditer(text)
        if not (kind == "organisation" and _after_head_is_plain(found.group()))
    ]


def _after_head_is_plain(words: str) -> bool:
    """Tell whether what follows *shelter* or *rifugio* is a word of every page: *shelter until*."""
    first, *_, last = words.split()
    return first in ("shelter", "refuge", "rifugio") and bool(
        {last} & (everyday("en") | everyday("it"))
        or last in words_for("act")
        or last.endswith("ing")
    )


def bodies(words: Sequence[Word], language: str, claimed: Claimed) -> list[Mark]:
    """Find names of organisations: a head word with capitals beside it, or a body known by one."""
    marks = []
    i = 0
    while i < len(words):
        span = _body_at(words, i, language, claimed)
        if span:
            first, last, certainty = span
            marks.append(
                Mark(words[first].start, words[last].end, "organisation", "gazetteer", certainty)
            )
            i = last + 1
        else:
            i += 1
    return marks


def _body_at(
    words: Sequence[Word], i: int, language: str, claimed: Claimed
) -> tuple[int, int, str] | None:
    word = words[i]
    if not claimed.free(word.start, word.end):
        return None
    low = word.low
    if low in words_for("legal") and i and words[i - 1].capital and word.before == " ":
        first = _back(words, i - 1)
        return first, i, SURE
    head = (word.capital and low in words_for("body")) or low in words_for("body_small")
    if not head and not (
        low in words_for("known_body") and (word.capital or not is_ordinary(low, language))
    ):
        return None
    last = _forward(words, i)
    first = i
    for near, a, b in ((i + 1, i, i + 1), (i - 1, i - 1, i)):
        if (
            0 <= near < len(words)
            and words[b].before == " "
            and low in words_for("body_small")
            and (words[near].low in words_for("known_body") - words_for("body_small"))
        ):
            return a, max(b, last), SURE
    if word.capital or _english_head(low):
        first = _back(words, i - 1) if i and _adds(words, i) else i
    if first == i and last == i:
        known = low in words_for("known_body") and (word.capital or not is_ordinary(low, language))
        if known:
            return i, i, SURE
        return (i, i, REVIEW) if word.capital and not word.first else None
    return first, last, SURE


def _english_head(low: str) -> bool:
    return low in words_for("body_small") and is_ordinary(low, "en")


def _adds(words: Sequence[Word], i: int) -> bool:
    """Tell whether the word before a head belongs to its name: *Ursuline convent*."""
    before = words[i - 1]
    return (
        before.capital
        and words[i].before == " "
        and not before.first
        and before.low not in words_for("title")
        and not _is_function(before)
    )


def _back(words: Sequence[Word], i: int) -> int:
    while (
        i > 0
        and words[i - 1].capital
        and words[i].before == " "
        and not words[i - 1].first
        and not _is_function(words[i - 1])
    ):
        i -= 1
    return i


def _forward(words: Sequence[Word], i: int) -> int:
    """Walk over the capitals, and the small words that link them, after a head."""
    last, j = i, i + 1
    links = 0
    while j < len(words) and _TIGHT.fullmatch(words[j].before) and not words[j].first:
        word = words[j]
        if word.capital and not _is_function(word):
            last, links = j, 0
        elif (word.low in ("sociale", "onlus") and last == j - 1) or (
            word.low in words_for("legal") and last == j - 1 and j - 1 > i
        ):
            last = j
        elif word.low in words_for("link") and links < 2:
            links += 1
        else:
            break
        j += 1
    return last


def _is_function(word: Word) -> bool:
    low = word.low
    return low in (
        "i",
        "the",
        "she",
        "he",
        "we",
        "they",
        "a",
        "la",
        "il",
        "lei",
        "lui",
        "in",
        "on",
        "at",
    ) or (low in words_for("harmless") and len(low) < 4)


def located(words: Sequence[Word], language: str, claimed: Claimed) -> list[Mark]:
    """Find places of the gazetteers, of several words before those of one."""
    marks = []
    i = 0
    beginnings = places_by_first_word()
    while i < len(words):
        step = 1
        for number in beginnings.get(_first_part(words[i]), ()):
            last = i + number - 1
            if last >= len(words):
                continue
            mark = _place(words, i, last, language, claimed)
            if mark:
                marks.append(mark)
                step = number
                break
        i += step
    return marks


def _first_part(word: Word) -> str:
    return re.split(r"['’.]", fold(word.text))[0]


def _place(
    words: Sequence[Word], i: int, last: int, language: str, claimed: Claimed
) -> Mark | None:
    if any(not _JOINED.fullmatch(words[j].before) for j in range(i + 1, last + 1)):
        return None
    name = fold(
        "".join((words[j].before if j > i else "") + words[j].text for j in range(i, last + 1))
    )
    if name not in places() or not claimed.free(words[i].start, words[last].end):
        return None
    word = words[i]
    several = last > i
    ordinary = not several and is_ordinary(name, language)
    led = i > 0 and words[i - 1].low in words_for("place_before")
    if (several and word.capital) or (
        several and not all(is_ordinary(words[j].low, language) for j in range(i, last + 1))
    ):
        certainty = SURE
    elif several:
        return None
    elif word.capital and not word.first:
        if _is_personal(words, i) and not led:
            return None
        certainty = SURE if not ordinary or led else REVIEW
    elif word.capital:
        if ordinary or name in given_names() or name in family_names():
            return None
        certainty = SURE
    elif led and not ordinary and len(name) > 3:
        other = "en" if language == "it" else "it"
        certainty = REVIEW if is_ordinary(name, other) else SURE
    else:
        return None
    return Mark(word.start, words[last].end, "place", "gazetteer", certainty)


def _is_personal(words: Sequence[Word], i: int) -> bool:
    """Tell whether a place's name is rather somebody's: it is a name too, or follows one."""
    name = fold(words[i].text)
    if name in given_names():
        return True
    before = words[i - 1] if i and words[i].before == " " else None
    return bool(before and before.capital and fold(before.text) in given_names())


_WORDS_TOO = frozenset(
    [
        "polish",
        "ewe",
        "ika",
        "tiv",
        "akan",
        "fante",
        "roma",
        "thai",
        "swiss",
        "serer",
        "orthodox",
        "catholic",
        "baptist",
        "chad",
    ]
)


def peoples(words: Sequence[Word], language: str, claimed: Claimed) -> list[Mark]:
    """Find nationalities, peoples and their languages."""
    marks = []
    known = nationalities()
    for i, word in enumerate(words):
        low = fold(word.text)
        if not claimed.free(word.start, word.end) or low in words_for("harmless"):
            continue
        if low in known["en"] and (word.capital or (language == "en" and low not in _WORDS_TOO)):
            if word.first and low in _WORDS_TOO:
                continue
        elif (
            low not in known["it"]
            or language == "en"
            or (
                len(low) <= 4
                and i
                and words[i - 1].low
                not in (
                    "lingua",
                    "gruppo",
                    "comunità",
                    "donna",
                    "donne",
                    "etnia",
                    "di",
                    "lo",
                    "l",
                    "in",
                    "ragazza",
                    "parla",
                    "è",
                )
                and not word.before.startswith((",", " (", " -"))
            )
        ):
            continue
        certainty = (
            REVIEW if known["it" if low in known["it"] else "en"][low] == "religion" else SURE
        )
        marks.append(Mark(word.start, word.end, "nationality", "gazetteer", certainty))
    return marks
