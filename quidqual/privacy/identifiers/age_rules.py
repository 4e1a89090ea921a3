"""Rules for ages, in figures and in words; how long something took is no age."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quidqual.privacy.identifiers.marks import REVIEW, SURE, Mark
from quidqual.privacy.identifiers.ordinary_words import is_ordinary

_EN_ONES = "one|two|three|four|five|six|seven|eight|nine"
_EN_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_EN_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_EN = rf"(?:(?:{_EN_TENS})(?:[- ](?:{_EN_ONES}))?|{_EN_TEENS}|{_EN_ONES})"
_IT_ONES = "uno|un|due|tré|tre|quattro|cinque|sei|sette|otto|nove"
_IT_TENS = "vent|trent|quarant|cinquant|sessant|settant|ottant|novant"
_IT_TEENS = (
    "dieci|undici|dodici|tredici|quattordici|quindici|sedici|diciassette|diciotto|diciannove"
)
_IT = rf"(?:(?:{_IT_TENS})[ia]?(?:{_IT_ONES})?|{_IT_TEENS}|{_IT_ONES})"
_N = r"(?:1[01]\d|[1-9]?\d)"

_EN_OLD = re.compile(
    rf"\b(?:{_N}|{_EN})(?:[- ]years?[- ]olds?|[- ]y(?:ea)?rs?[- ]old| ?y\.?/?o\b\.?|"
    r"[- ]months?[- ]old)"
    rf"|\b(?:{_N}|{_EN})(?=-year-old)",
    re.IGNORECASE,
)
_EN_AGED = re.compile(
    rf"\b(?:aged?|age of|age:|the age of)[ :]+(?P<age>{_N}|{_EN})\b(?! (?:euros?|months?|weeks?))",
    re.IGNORECASE,
)
_NO_UNIT = (
    r"(?! ?(?:%|percent|per cent|minutes?|hours?|days?|weeks?|months?|years?(?! old)|"
    r"euros?|€|pieces|"
    r"times|of (?:us|them)|people|women|men|girls|children|kids|kilomet|metres|km|late|euro\b|"
    r"o['’]clock|am\b|pm\b|line|[\d:.]\d))"
)
_EN_WAS = re.compile(
    rf"\b(?:i|he|she|they|who|son|boy|girl|daughter|child|baby|brother|sister|mother|one|kid)"
    r"(?: (?:is|was|am|were|has just turned|had just turned|just turned|turned|turns|"
    r"turning|will be|would be|is going to be)|['’]s|['’]m|['’]ll be)"
    rf"(?: (?:only|just|about|nearly|almost|barely|now|already|not yet|still))?"
    rf" (?P<age>(?:{_N}|{_EN})(?: and a half)?)\b{_NO_UNIT}(?=[\s,.;:!?)]*(?:$|[,.;:!?)]|"
    r"and\b|when\b|at\b|but\b|now\b|then\b|or\b))",
    re.IGNORECASE,
)
_TURNED = re.compile(
    rf"\b(?:turn(?:s|ed|ing)|will be) (?P<age>(?:{_N}|{_EN})(?: and a half)?)\b{_NO_UNIT}",
    re.IGNORECASE,
)
_BIRTHDAY = re.compile(
    r"\b(?:birthday|b-?day|bday|compleanno|compie|auguri|buon compleanno)\b[^.\n]{0,30}?[ !,]"
    rf"(?P<age>{_N}|(?:{_EN_TENS})(?:[- ](?:{_EN_ONES}))?|{_EN_TEENS}|{_IT})\b"
    r"(?![ ./:-]?\d| (?:of|di|january|february|march|april|may|june|july|"
    r"august|september|october|november|december|gennaio|"
    r"febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre))",
    re.IGNORECASE,
)
_IT_OF_THEM = re.compile(
    rf"\bne (?:ha|ho|aveva|avevo|hanno|compie|compirà|fa|farà) (?:appena |già |solo |quasi )?"
    rf"(?P<age>{_N}|{_IT})\b(?= ?(?:[.,;:!?)]|$))",
    re.IGNORECASE,
)
_NOW = re.compile(rf"\bnow (?P<age>{_N}|{_EN})(?=[.,;!)]|$)", re.IGNORECASE)
_IN_TABLE = re.compile(r"(?<=[|/\t]) ?(?P<age>[1-9]\d) ?(?=[|/\t])(?!/\d)")
_SHORT_YEARS = re.compile(
    r"(?<![\w.,/])(?P<age>\d{1,2} ?(?:a\.|aa\.|y\.|yrs?\b\.?|y(?=[\s,;)])))(?!\w)"
)
_EN_AT = re.compile(
    rf"\b(?:at|turned|before|until|since) (?P<age>{_EN_TEENS}|"
    rf"(?:{_EN_TENS})(?:-(?:{_EN_ONES}))?|1\d|2\d)"
    rf"(?=(?:,| (?:i|she|he|they|with|already|and)\b))",
    re.IGNORECASE,
)
_EN_DECADE = re.compile(
    rf"\b(?P<age>(?:her|his|their|my) (?:early |late |mid-? ?)?"
    rf"(?:{_N}0s|teens|twenties|thirties|forties|fifties|sixties|seventies))\b",
    re.IGNORECASE,
)
_EN_ARE = re.compile(
    r"\b\w+ (?:is|are|was|were) (?P<age>(?:(?:only|just|about|nearly|almost|barely|now|"
    r"already|not yet|still) )?"
    rf"(?:{_EN}|[1-9]\d?)(?: and a half)?)(?=[,.;:!?)]|$)",
    re.IGNORECASE,
)
_IT_ABOUT = re.compile(
    r"\b(?:sulla|una?|la) (?:ventina|trentina|quarantina|cinquantina|sessantina)\b(?! di (?!anni))|"
    r"\b(?:appena |già |ancora )?(?:maggiorenn|minorenn|ultraquarantenn|ultracinquantenn)[ei]\b",
    re.IGNORECASE,
)
_IT_HAS_MONTHS = re.compile(
    rf"\b(?:ha|aveva|hanno|avevano) (?P<age>(?:appena |solo )?(?:{_N}|{_IT}) mesi)\b", re.I
)
_IT_ENNE = re.compile(
    rf"\b(?:ultra)?(?:{_N}|(?:{_IT_TENS})[ia]?(?:{_IT_ONES})?|(?:{_IT_TEENS})|(?:{_IT_TENS}|dodic|tredic|quattordic|"
    rf"quindic|sedic|diciassett|diciott|diciannov|undic|dec))[- ]?enn[ei]\b",
    re.IGNORECASE,
)
_IT_ANNI = re.compile(
    rf"(?P<before>\b\w+['’]?[ ]+|[(,;:–-] ?)?(?P<age>\b(?:{_N}|{_IT}|"
    rf"(?:{_IT_TENS})['’]) ?(?:anni|anno)\b(?: e mezzo)?)"
    rf"(?P<after> fa\b| dopo\b| prima\b| di (?:\w+)| circa\b)?",
    re.IGNORECASE,
)
_HAS = re.compile(
    r"(?:ha|ho|hai|aveva|avevo|avevano|hanno|avere|aver|abbia|avesse|avrà|compie|compiuto|compiuti|compirà|"
    r"compiva|i|appena|già|solo|quasi|circa|nemmeno|ancora)",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"(?:da|per|tra|fra|dopo|ogni|entro|in|negli|ultimi|primi|prossimi|altri|oltre|durante|nei|sono|"
    r"quei|questi|tanti|e|prima|circa)",
    re.IGNORECASE,
)
_IT_MONTHS_OLD = re.compile(
    r"\b(?:figli[oa]|bimb[oa]|bambin[oa]|neonat[oa]) di (?P<age>\w+ mesi)\b"
)
_IT_DI_ANNI = re.compile(rf"\bdi anni (?P<age>{_N}|{_IT})\b", re.IGNORECASE)
_EN_ROUGHLY = re.compile(
    r"\b(?:is|was|are|were|man|woman|girl|boy) (?:well |just )?(?P<age>(?:over|under|"
    r"past|about|around|"
    rf"nearly|almost) (?:{_EN_TENS}|[1-9]0))\b{_NO_UNIT}",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"\b(?P<word>[A-ZÀ-Þ][a-zà-ÿ]+) (?P<age>[1-9]\d)(?=[,.;)]|\s(?:and|e|is|è)\b)"
)
_IT_CLASS = re.compile(r"\bclasse (?P<age>(?:19)?\d\d)\b", re.IGNORECASE)
_BARE = re.compile(
    r"(?<=, )(?P<a>[1-9]\d)(?=[,;.](?:\s|$))|\((?P<b>[1-9]\d?)\)|(?<=[-–] )(?P<c>[1-9]\d)(?= [-–])"
    r"|(?<= [fFmM], )(?P<d>\d\d?)\b|(?<=\b[fFmM])(?P<e>[1-9]\d)\b"
)


def aged(text: str, language: str) -> Iterator[list[Mark]]:
    """Find ages, one list a rank, the surest first."""
    yield [Mark(*found.span(), "age", "rule", SURE) for found in _EN_OLD.finditer(text)]
    patterns = (
        _EN_AGED,
        _EN_WAS,
        _EN_DECADE,
        _IT_MONTHS_OLD,
        _IT_HAS_MONTHS,
        _IT_CLASS,
        _IT_DI_ANNI,
    )
    yield [
        Mark(*found.span("age"), "age", "rule", SURE)
        for pattern in patterns
        for found in pattern.finditer(text)
    ]
    yield [
        Mark(*found.span("age"), "age", "rule", REVIEW)
        for pattern in (_EN_AT, _EN_ARE, _EN_ROUGHLY, _TURNED, _NOW, _IN_TABLE, _SHORT_YEARS)
        for found in pattern.finditer(text)
    ]
    if language != "en":
        yield [Mark(*found.span(), "age", "rule", SURE) for found in _IT_ENNE.finditer(text)]
        yield [Mark(*found.span(), "age", "rule", REVIEW) for found in _IT_ABOUT.finditer(text)]
        yield [
            Mark(*found.span("age"), "age", "rule", REVIEW) for found in _IT_OF_THEM.finditer(text)
        ]
        yield list(_in_years(text))
    yield [Mark(*found.span("age"), "age", "rule", REVIEW) for found in _BIRTHDAY.finditer(text)]
    yield [
        Mark(*found.span("age"), "age", "rule", REVIEW)
        for found in _AFTER_NAME.finditer(text)
        if not is_ordinary(found["word"], language)
    ]
    yield [
        Mark(*found.span(found.lastgroup or 0), "age", "rule", REVIEW)
        for found in _BARE.finditer(text)
    ]


def _in_years(text: str) -> Iterator[Mark]:
    """Tell *ha 19 anni* from *da quattro anni*; what cannot be told is for review."""
    for found in _IT_ANNI.finditer(text):
        before = (found["before"] or "").strip().rstrip("'’")
        after = (found["after"] or "").strip()
        if after.startswith(("fa", "dopo", "prima")) or _LASTS.fullmatch(before):
            continue
        if after.startswith("di ") and not _HAS.fullmatch(before):
            continue
        of_a_thing = before.lower() == "di" and not re.search(
            r"(?:figli[oae]|ragazz[aeio]|donn[ae]|bambin[aeio]|bimb[aeio]|signora|uomo|sorella|fratello|"
            r"nipote|giovane|sorellina|fratellino|cugin[oa]|mamma|madre) di ?$",
            text[max(0, found.start("age") - 22) : found.start("age")],
            re.IGNORECASE,
        )
        sure = (_HAS.fullmatch(before) or before in ("a", "A", "", "di", ",", "(", "-", "–")) and (
            not of_a_thing
        )
        yield Mark(*found.span("age"), "age", "rule", SURE if sure else REVIEW)
