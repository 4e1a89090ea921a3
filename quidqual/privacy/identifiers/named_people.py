"""People: by title, by the gazetteers, by capitals inside a sentence, by words nobody knows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from quidqual.privacy.identifiers.gazetteers import family_names, fold, given_names, places
from quidqual.privacy.identifiers.marks import REVIEW, SURE, Claimed, Mark
from quidqual.privacy.identifiers.ordinary_words import everyday, is_form_of_verb, is_ordinary
from quidqual.privacy.identifiers.words_of_text import Word, hasty_stretches, words_for

_AFTER_NAME = re.compile(r" [A-ZÀ-Þ]\.(?=[\s,.;:)]|$)")
_APART = re.compile(r" |-| ?['’] ?|\u00a0")


def titled(words: Sequence[Word], claimed: Claimed) -> list[Mark]:
    """Find names after titles, and small ones too: *madam tina*, *dr obaseki*."""
    marks = []
    for i, word in enumerate(words[:-1]):
        low = word.low
        if low not in words_for("title") or words[i + 1].before not in (" ", "", ". "):
            continue
        last = i
        while last + 1 < len(words) and _goes_on(words, i, last + 1):
            last += 1
        if last == i:
            continue
        kin = low in words_for("kin")
        if last == i + 1 and not words[last].capital and _ordinary_in_both(words[last].low):
            marks.append(Mark(word.start, words[last].end, "person", "title", REVIEW))
            continue
        if kin and not word.capital and not words[i + 1].capital:
            continue
        marks.append(Mark(word.start, words[last].end, "person", "title", SURE))
    return [mark for mark in marks if claimed.free(mark.start, mark.end)]


def _goes_on(words: Sequence[Word], title: int, i: int) -> bool:
    word = words[i]
    if word.before not in (" ", ". ", "-"):
        return False
    if word.capital and (not word.first or words[i - 1].text.endswith(".")):
        return word.low not in ("i", "the", "ha", "è")
    if word.low in words_for("title") and i == title + 1:
        return True
    if i > title + 1:
        return False
    if len(word.text) == 1:  # *dr m*
        return word.low not in "aeio" and _name_like_title(words[title])
    ordinary = is_ordinary(word.low, "en") or is_ordinary(word.low, "it")
    if not ordinary or (fold(word.text) in given_names() and _name_like_title(words[title])):
        return True
    return words[title].low in words_for("nickname_title") and _could_be_nickname(words, i)


def _could_be_nickname(words: Sequence[Word], i: int) -> bool:
    """Tell whether an ordinary word after *mama* or *zia* may be what she is called: *mama tee*."""
    low = words[i].low
    return (
        words[i].before == " "
        and len(low) < 7
        and not (low in everyday("en") or low in everyday("it") or low in words_for("act"))
        and not low.endswith(
            ("s", "ed", "ing", "ly", "ava", "eva", "are", "ere", "ire", "ato", "ata")
        )
        and low not in words_for("role") | words_for("told") | words_for("talk")
    )


def _ordinary_in_both(low: str) -> bool:
    ordinary = is_ordinary(low, "en") or is_ordinary(low, "it")
    return ordinary and fold(low) not in given_names()


def _name_like_title(word: Word) -> bool:
    return word.low in (
        "mr",
        "mrs",
        "ms",
        "dr",
        "madam",
        "mama",
        "aunty",
        "auntie",
        "uncle",
        "suor",
        "don",
        "zia",
        "zio",
    )


def runs(words: Sequence[Word], text: str, language: str, claimed: Claimed) -> list[Mark]:
    """Find names among words that begin with a capital, run by run."""
    marks = []
    i = 0
    while i < len(words):
        if not _capital(words[i], claimed):
            i += 1
            continue
        last = i
        while (
            last + 1 < len(words)
            and _capital(words[last + 1], claimed)
            and _APART.fullmatch(words[last + 1].before)
            and not words[last + 1].first
        ):
            last += 1
        marks += _names_of_run(words, i, last, text, language)
        i = last + 1
    return marks


def _capital(word: Word, claimed: Claimed) -> bool:
    low = word.low
    return (
        word.capital
        and claimed.free(word.start, word.end)
        and len(word.text) != 1
        and (low not in words_for("weekday") or low in given_names())
        and low not in words_for("harmless")
    )


def _names_of_run(
    words: Sequence[Word], first: int, last: int, text: str, language: str
) -> list[Mark]:
    """Judge one run of capitals."""
    while first <= last and _only_begins(words, first, last, language):
        first += 1
    if first > last:
        return []
    run = words[first : last + 1]
    folded = [fold(word.text) for word in run]
    is_name = [name in given_names() or name in family_names() for name in folded]
    end = run[-1].end
    initial = _AFTER_NAME.match(text, end)
    if initial and text[end : end + 1] == " ":
        end = initial.end()
    if len(run) > 1:
        certainty = (
            SURE if any(is_name) and not all(_plain(word, language) for word in run) else REVIEW
        )
        if all(is_name):
            certainty = SURE
        kind = "person" if any(is_name) else "name"
        return [
            Mark(run[0].start, end, kind, "gazetteer" if any(is_name) else "capitals", certainty)
        ]
    word = run[0]
    plain = _plain(word, language)
    if word.low in words_for("weekday"):
        named = (
            language != "en"
            or _acts(words, first)
            or (first and words[first - 1].low in words_for("to_somebody"))
        )
        return [Mark(word.start, end, "person", "gazetteer", REVIEW)] if named else []
    if initial:
        return [Mark(word.start, end, "person", "initials", SURE)]
    if is_name[0]:
        if word.first and plain and _is_noun_here(words, first):
            return []
        certainty = SURE if not plain or (not word.first and folded[0] in given_names()) else REVIEW
        return [Mark(word.start, end, "person", "gazetteer", certainty)]
    if (
        word.first
        and plain
        and not (language == "it" and _verb_like(_next(words, first)) and _no_adverb(word))
    ):
        return []
    return [Mark(word.start, end, _kind_by_place(words, first), "capitals", REVIEW)]


def _only_begins(words: Sequence[Word], i: int, last: int, language: str) -> bool:
    """Tell whether a word has its capital only because a sentence begins: *Trainers Wanda and*."""
    word = words[i]
    name = fold(word.text)
    if word.low in everyday(language):
        return not (name in given_names() and (not word.first or _acts(words, i)))
    if not word.first:
        return False
    if name in given_names() or name in family_names():
        return False
    return _plain(word, language) or (
        i < last and is_ordinary(word.low, "en" if language != "en" else "it")
    )


def _plain(word: Word, language: str) -> bool:
    return is_ordinary(word.low, language)


def _is_noun_here(words: Sequence[Word], i: int) -> bool:
    """Tell whether a word that is a name too is a noun here: *Patience of a kind*."""
    if i + 1 >= len(words):
        return False
    after = words[i + 1]
    return after.before == " " and after.low in words_for("of")


def _next(words: Sequence[Word], i: int) -> Word | None:
    return words[i + 1] if i + 1 < len(words) else None


def _no_adverb(word: Word) -> bool:
    """Tell whether an Italian word that begins a sentence could be somebody."""
    # a noun would have its article there, so what is no adverb and no participle is left
    return word.low not in everyday("it") and not word.low.endswith(
        ("mente", "ndo", "to", "ti", "ta", "te", "rsi")
    )


def _acts(words: Sequence[Word], i: int) -> bool:
    """Tell whether a verb of the third person follows: *May sews*, *Will came*."""
    after = _next(words, i)
    return (
        after is not None
        and after.before == " "
        and not after.capital
        and (
            after.low in words_for("act")
            or (
                len(after.low) > 3
                and after.low.endswith(("s", "ed"))
                and not after.low.endswith("ss")
            )
        )
    )


def _kind_by_place(words: Sequence[Word], i: int) -> str:
    if i and words[i - 1].low in ("in", "near", "a", "ad", "presso", "verso", "at", "da", "from"):
        return "place"
    if i and (words[i - 1].low in words_for("role") or words[i - 1].low in words_for("told")):
        return "person"
    return "name"


def small(words: Sequence[Word], text: str, language: str, claimed: Claimed) -> list[Mark]:
    """Find names written small, as in hasty notes, and words that no dictionary knows."""
    marks = []
    hasty = hasty_stretches(text)
    starts = [start for start, _ in hasty]
    for i, word in enumerate(words):
        if word.capital or len(word.low) < 2 or not claimed.free(word.start, word.end):
            continue
        name = fold(word.text)
        at = bisect_right(starts, word.start) - 1
        fast = at >= 0 and word.start < hasty[at][1]
        mark = None
        if word.low in words_for("weekday") and not _stands_as_name(words, i):
            continue
        if not is_ordinary(word.low, language):
            mark = _unknown(words, i, language, fast)
        elif word.low in everyday(language) or word.low in words_for("act"):
            continue
        elif fast and language == "it" and _a_verb_after_article(words, i, name):
            mark = Mark(word.start, word.end, "name", "rare_word", REVIEW)
        elif name in given_names() and len(word.low) > 2:
            stands = _stands_as_name(words, i) or (fast and _may_stand_as_name(words, i))
            stands = stands or (fast and i > 0 and words[i - 1].low in _TO_HER)
            if stands or text[word.end : word.end + 2] in ("'s", "’s"):
                mark = Mark(word.start, word.end, "person", "gazetteer", REVIEW)
        elif fast and name in family_names() and len(word.low) > 3 and _after_article(words, i):
            mark = Mark(word.start, word.end, "person", "gazetteer", REVIEW)
        if mark:
            marks.append(mark)
    return marks


def _unknown(words: Sequence[Word], i: int, language: str, fast: bool) -> Mark | None:
    """Judge a small word that is no ordinary word of its note's language."""
    word = words[i]
    name = fold(word.text)
    other = "it" if language == "en" else "en"
    foreign = is_ordinary(word.low, other)
    known = name in given_names() or name in family_names()
    if len(word.low) == 2:
        led = i > 0 and words[i - 1].low in words_for("told") | {"and", "e", "to", "a", "con", "da"}
        return (
            Mark(word.start, word.end, "person", "initials", REVIEW)
            if fast and led and not foreign
            else None
        )
    if known and len(word.low) > 3:
        if foreign and name not in given_names():
            return None
        return Mark(word.start, word.end, "person", "gazetteer", REVIEW if foreign else SURE)
    if known and fast:
        return Mark(word.start, word.end, "person", "gazetteer", REVIEW)
    if foreign or len(word.low) < 4:
        return None
    if name in places():
        return Mark(word.start, word.end, "place", "gazetteer", REVIEW)
    return Mark(word.start, word.end, "name", "rare_word", REVIEW)


def _may_stand_as_name(words: Sequence[Word], i: int) -> bool:
    """Tell whether nothing speaks against a name in a hasty note: no article, no *of* after it."""
    after = _next(words, i)
    if after and after.before == " " and after.low in ("of", "di", "del", "della"):
        return False
    if i == 0 or not re.fullmatch(r" ", words[i].before):
        return True
    before = words[i - 1].low
    return before not in words_for("article")


def _after_article(words: Sequence[Word], i: int) -> bool:
    return (
        i > 0
        and words[i - 1].low in ("la", "il", "sig", "sig.ra")
        and words[i].before in (" ", ". ")
    )


def _a_verb_after_article(words: Sequence[Word], i: int, name: str) -> bool:
    """Tell whether a form of a verb stands where only a noun or a name can: *cud della prendi*.

    After *la* alone a verb is in its place (*la vede*), unless it is a name too (*la vale*).
    """
    before = words[i - 1].low if i else ""
    if before not in words_for("article_with_preposition") and not (
        before in ("la", "il") and name in given_names()
    ):
        return False
    return is_form_of_verb(words[i].low) and not words[i].low.endswith(("to", "ta", "ti", "te"))


def _stands_as_name(words: Sequence[Word], i: int) -> bool:
    """Tell whether an ordinary word stands where a name would: *asked hope abt school*."""
    word = words[i]
    before = words[i - 1] if i else None
    after = _next(words, i)
    if after and after.low in ("of", "di", "del") and after.before == " ":
        return False
    if before is None or "\n" in word.before or re.search(r"[:;,+(]\s*$", word.before):
        listed = before is not None and before.low in words_for("told") | words_for("role")
        return listed or _verb_like(after)
    if word.before.strip() not in ("", "/"):
        return False
    ends = after is None or not re.fullmatch(r"\s", after.before)
    led = before.low in words_for("told") or before.low in words_for("role") - _NO_ROLE
    if before.low in ("with", "w", "w/", "con", "from", "by"):
        return bool(ends or _verb_like(after)) and _spoken_with(words, i)
    asked = (
        before.low in ("a", "di", "da", "to") and i > 1 and words[i - 2].low in words_for("told")
    )
    return led or asked


def _spoken_with(words: Sequence[Word], i: int) -> bool:
    return i > 1 and words[i - 2].low in words_for("told") | words_for("talk")


def _verb_like(word: Word | None) -> bool:
    return word is not None and word.before == " " and word.low in words_for("act")


_TO_HER = ("alla", "dalla", "all", "dall")
_NO_ROLE = frozenset({"nome", "certo", "certa", "tale", "called", "named", "contact"})


def repeated(
    words: Sequence[Word], sure: Sequence[str], language: str, claimed: Claimed
) -> list[Mark]:
    """Find parts of names that stood in full somewhere in the note, small or alone."""
    parts = {
        part
        for name in sure
        for part in re.findall(r"[^\W\d_]{4,}", name.lower())
        if part not in words_for("title") and part not in words_for("role")
    }
    return [
        Mark(word.start, word.end, "person", "repeated", SURE if word.capital else REVIEW)
        for word in words
        if word.low in parts
        and claimed.free(word.start, word.end)
        and (word.capital or not is_ordinary(word.low, language))
    ]
