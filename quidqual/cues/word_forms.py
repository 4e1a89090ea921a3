"""What the cues ask of a word, told once a form: the lists that hold it, how it ends.

Words repeat, so each form gets a row of bits and is never looked at again. Bits below
`FORM` belong to the place of a word: the sign before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from quidqual.cues import clause_words as lists

# Before the word: a sign other than one space; a comma; what ends a clause. Behind it: "?".
SIGN, COMMA, HARD, ASKED = 1, 2, 4, 8
FORM = 16
(
    AND, ENDS, ENDS_AT_ONCE, DEGREE, DATO, SE, NE, CHE, AFTER_AND, MAIN, FINITE, BEGINS,
    CONDITIONAL, FUTURE, PAST, TURNING, DETERMINER, SUBJECT, RELATIVE, FRONTED, PERSON, NOMINAL,
    PRONOUN, HE_SHE, MINE, NOW, UNTIL, ANSWER, TAKEN_UP, ASKING, INVERTED, GOES_ON, OR, TOPIC,
    NOMINATIVE, NON, RESUMING, REMARK, NEGATIVE_REMARK, CONTRAST, PARTICIPLE, CLITIC, BEFORE_VERB,
    NEGATIVE, SAYING, PREPOSITION, REFLEXIVE, THERE, NOT, OPEN_QUESTION, ELLIPTIC, CAUSING, NO_MORE,
    VERBAL, POSSESSED, SOME_OF, THEY,
) = (FORM << i for i in range(57))  # fmt: skip
TIME, PEOPLE = NOW | UNTIL, PERSON | NOMINAL
VERB = CONDITIONAL | FUTURE

_PARTICIPLE = re.compile(r"(?:ed|ing|[aiu]t[oaie]|tt[oaie]|rs[oaie]|st[oaie])$")
_CONDITIONAL = re.compile(r"(?:r(?:ei|esti|ebbe|emmo|este|ebbero))$")
_IMPERFECT = re.compile(r"[ae]v(?:o|a|i|ano|amo|ate)$")
_PAST = re.compile(r"(?:[aei]v(?:[oai]|amo|ano|ate))$")
_FUTURE = re.compile(r"(?:[aei]r|sar|avr|[pv]?[or]r|vr)(?:o'|a'|anno|emo)$")


@cache
def bits_for(language: str) -> Callable[[str], int]:
    """Make the function that gives the bits of a form in a language."""
    own: dict[str, int] = {}

    def told(bit: int, words: Iterable[str]) -> None:
        for word in words:
            own[word] = own.get(word, 0) | bit

    ends = lists.ENDS.get(language, frozenset())
    told(ENDS, ends)
    told(ENDS_AT_ONCE, ends - lists.DEGREES - lists.ONLY_WITH_CHE - {"se"})
    for bit, words in (
        (AND, lists.AND), (DEGREE, lists.DEGREES), (DATO, lists.ONLY_WITH_CHE), (SE, ["se"]),
        (NE, ["n'", "ne"]), (CHE, ["che"]), (GOES_ON, lists.JOINED | lists.EXPLAINING),
        (OR, lists.OR), (NOMINATIVE, lists.NOMINATIVE), (TAKEN_UP, lists.TAKEN_UP),
        (RESUMING, lists.RESUMING), (NON, ["non"]), (CONTRAST, lists.CONTRASTS),
        (CLITIC, lists.CLITICS), (BEFORE_VERB, lists.BEFORE_VERB), (NEGATIVE, lists.N_WORDS),
        (SAYING, lists.SAYING), (REFLEXIVE, ["si", "mi"]), (THERE, ["there"]), (NOT, ["not"]),
        (HE_SHE, lists.GENDER), (OPEN_QUESTION, lists.OPEN_QUESTION),
        (ELLIPTIC, lists.ELLIPTIC), (CAUSING, lists.CAUSING),
        (NO_MORE, ["piu'", "anymore", "any"]), (SOME_OF, ["of", "delle", "dei", "degli"]),
        (POSSESSED, ["'s", "of"] if language == "en" else ()),
        (TURNING, lists.FINITE["it"] if language == "it" else ()),
    ):  # fmt: skip
        told(bit, words)
    for bit, known in (
        (AFTER_AND, lists.SUBJECTS), (SUBJECT, lists.SUBJECTS), (MAIN, lists.MAIN),
        (FINITE, lists.FINITE), (BEGINS, lists.BEGINS), (FUTURE, lists.FUTURE), (PAST, lists.PAST),
        (DETERMINER, lists.DETERMINERS), (RELATIVE, lists.RELATIVES), (FRONTED, lists.FRONTED),
        (PERSON, lists.PEOPLE), (NOMINAL, lists.NOMINAL), (PRONOUN, lists.PRONOUNS),
        (MINE, lists.MINE), (NOW, lists.NOW), (UNTIL, lists.UNTIL),
        (ANSWER, lists.ANSWERS), (ASKING, lists.ASKING), (INVERTED, lists.INVERTED),
        (TOPIC, lists.TOPIC), (THEY, lists.THEY), (REMARK, lists.REMARKS),
        (NEGATIVE_REMARK, lists.NEGATIVE_REMARKS),
        (PREPOSITION, lists.PREPOSITIONS), (TURNING, lists.ENDS), (TURNING, lists.SUBJECTS),
        (TURNING, lists.MAIN), (ELLIPTIC, lists.ANSWERS), (ELLIPTIC, lists.NOW),
        (VERBAL, lists.BEGINS), (VERBAL, lists.PAST),
    ):  # fmt: skip
        told(bit, known.get(language, frozenset()))

    def form(key: str) -> int:
        bits = own.get(key, 0) | (PARTICIPLE if _PARTICIPLE.search(key) else 0)
        third = language == "en" and len(key) > 4 and key.endswith(("ed", "s"))
        return bits | (VERBAL if third else 0)

    if language != "it":
        return form

    def italian(key: str) -> int:
        bits, size = form(key), len(key)
        if size > 5 and _IMPERFECT.search(key):
            bits |= FINITE
        if size > 4 and _CONDITIONAL.search(key) and key not in lists.NO_CONDITIONAL:
            bits |= CONDITIONAL
        if size > 3 and _FUTURE.search(key) and key not in lists.NO_FUTURE:
            bits |= FUTURE
        if size > 4 and _PAST.search(key):
            bits |= PAST
        return bits | AFTER_AND if bits & FINITE else bits

    return italian
