"""Rules for dates, years, seasons, feasts and times told from today."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quidqual.privacy.identifiers.marks import REVIEW, SURE, Mark

EN_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
IT_MONTHS = (
    "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre"
)
_SHORT = (
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|genn?|febb?|magg?|giu|lugl?|ago|sett?|ott|dic"
)
_MONTH = rf"(?:{EN_MONTHS}|{IT_MONTHS}|(?:{_SHORT})\b\.?)"
_YEAR = r"(?:(?:19|20)\d\d|['’]\d\d)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|°|º|\^)?"
_DAY_WORD = (
    r"(?:(?:twenty|thirty)[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|first|"
    r"second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w{3,5}teenth|"
    r"twentieth|thirtieth|primo|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|(?:un|do|tre|"
    r"quattor|quin|se)dici|dicia(?:ssette|nnove)|diciotto|vent(?:i(?:due|tre|tré|quattro|cinque|sei|"
    r"sette|nove)?|uno|otto)|trent(?:a|uno))"
)
_YEAR_WORD = (
    r"(?:nineteen (?:hundred(?: and)? )?\w+"
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|"
    r"two thousand(?:(?: and)? \w+)?|twenty[- ](?:ten|eleven|twelve|\w+teen|twenty(?:[- ]\w+)?)|"
    r"(?:mille ?novecento|duemila)\w*|(?:sess|sett|ott|nov)anta?\w{0,8})"
)
_PART = (
    r"(?:(?:the )?(?:early|late|mid|beginning of|end of|middle of)[ -]|"
    r"(?:inizio|fine|metà)(?: di)? )"
)
_NUMERIC = re.compile(
    r"(?<![\d./-])(?:\d{4}-\d{1,2}-\d{1,2}|(?:19|20)\d\d-(?:0[1-9]|1[0-2])|\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})|"
    r"(?:0?[1-9]|1[0-2])/(?:19|20)\d\d|(?:19|20)\d\d/(?:19|20)?\d\d)(?![\d/-]|[.]\d)"
)
_ROMAN = re.compile(
    r"(?<![\w./-])\d{1,2}([./ -])(?:i|ii|iii|iv|v|vi|vii|viii|ix|x|xi|xii)\1(?:\d{4}|\d{2})(?!\w)",
    re.I,
)
_OF_THIS_MONTH = re.compile(  # *il 2 u.s.*: ultimo scorso, corrente mese, prossimo venturo
    r"(?<![\w./-])(?:0?[1-9]|[12]\d|3[01])(?:[/.]\d{1,2})? ?(?:u\. ?s\.|c\. ?m\.|p\. ?v\.|corr\.)",
    re.I,
)
_WEEKDAY_OF = re.compile(  # *ven 15*, *Monday 6*; *ven 9-13* are hours
    r"\b(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|lun|mar|mer|gio|ven|sab|dom|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:luned|marted|mercoled|gioved|venerd)ì|"
    r"sabato|domenica)\.? (?:[12]?\d|3[01])(?!\w|[.:,]\d| ?- ?\d|/\d)",
    re.I,
)
_YEAR_SAID = re.compile(
    r"\b(?:in|since|of|from|until|year|nel|dal|del|anno) (?:(?:sixty|seventy|eighty|ninety)"
    r"(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|"
    r"(?:sess|sett|ott|nov)ant[ai]?\w{2,8})"
    r"(?=[.,;!?)]|$| (?:in|at|a|ad|and|e)\b)",
    re.I,
)
_YEAR_CUT = re.compile(r"(?<![\w'’])['’]\d\d(?!\w)")
_SHORT_NUMERIC = re.compile(
    r"(?:\b(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|gio|ven|sab|"
    r"dom)[a-zì]*\.? )?(?<![\d./,-])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?![\d/-]|"
    r"[.,]\d)"
)
_WRITTEN = re.compile(
    rf"\b(?:{_PART})?(?:(?:the )?{_DAY}(?: ?(?:-|–|and|e|to|al) ?{_DAY})?(?: of| di)? {_MONTH}"
    rf"|(?:the )?{_DAY_WORD}(?: of| di)? (?:{EN_MONTHS}|{IT_MONTHS})"
    rf"|(?:{EN_MONTHS}|{IT_MONTHS}) (?:to|and|or|a|e|-|–) (?:{EN_MONTHS}|{IT_MONTHS})"
    rf"|(?:{EN_MONTHS}) {_DAY}\b|(?:{EN_MONTHS}|{IT_MONTHS}))"
    rf"(?:,? (?:of |di |del(?:l['’]| )?)?(?:{_YEAR}|{_YEAR_WORD}))?(?![\w])",
    re.IGNORECASE,
)
_ABBREVIATED = re.compile(rf"\b(?:{_SHORT})\b\.? ?(?:{_YEAR})(?!\w)", re.IGNORECASE)
_SHORT_YEAR = re.compile(
    r"(?<=\b(?:in|of) )['’]\d\d\b|(?<=\b(?:since|after) )['’]\d\d\b|(?<=\b(?:nel|dal|"
    r"del) )['’]?\d\d\b"
)
_YEAR_ALONE = re.compile(
    r"(?<![\w.,/])(?<!\d-)(?:19[3-9]\d|20[0-4]\d)(?:[/-]\d\d(?:\d\d)?)?(?!\w|[.,/-]\d)"
)
_UNIT_AFTER = re.compile(
    r"\s?(?:€|euros?\b|eur\b|\$|dollars?\b|pieces\b|pezzi\b|metri\b|metres\b|km\b|kg\b|naira\b|lire\b)",
    re.IGNORECASE,
)
_MODEL_BEFORE = re.compile(
    r"(?:model|modello|mod\.|art\.|articolo|article|€|\$)\s?$", re.IGNORECASE
)
_SEASON = r"(?:spring|summer|autumn|winter|primavera|estate|autunno|inverno)"
_FEAST = (
    r"(?:christmas(?: eve| day)?|easter(?: monday)?|new year(?:['’]s)?(?: eve| day)?|ramadan|"
    r"eid(?: al[- ]\w+)?|(?:la )?vigilia di natale|natale|pasquetta|pasqua|capodanno|ferragosto|"
    r"epifania|befana|ognissanti|carnevale)"
)
_WITH_YEAR = re.compile(
    rf"\b(?:the )?(?:{_SEASON}|{_FEAST})(?: of| del| nel)?,? {_YEAR}(?!\w)", re.IGNORECASE
)
_UNIT = r"(?:days?|weeks?|months?|years?)"
_UNITA = r"(?:giorn[oi]|settiman[ae]|mes[ei]|ann[oi])"
_WEEKDAYS = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    "lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica"
)
_TOLD_FROM_TODAY = re.compile(
    rf"\b(?:(?:last|this past|the previous) (?:{_SEASON}|{EN_MONTHS}|{_WEEKDAYS}|week|month|year)"
    rf"|\w+ {_UNIT} ago|\w+ {_UNITA} fa"
    rf"|(?:l['’]|lo |la )?(?:scors[oa] (?:{_SEASON}|{_UNITA}|{IT_MONTHS}|{_WEEKDAYS})"
    rf"|(?:{_SEASON}|anno|mese|settimana|{_WEEKDAYS}) scors[oa])|l['’]altr['’]anno"
    r"|(?:(?:\w+ days )?(?:before|after) |(?:\w+ giorni )?(?:prima|dopo) (?:di |del |"
    rf"della )?)?{_FEAST}"
    rf"|(?:il )?giorno di s(?:an|ant['’]|anta) ?\w+|st\.? \w+['’]s (?:day|eve))\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\b[1-9]\d?(?:st|nd|rd|th)\b(?! (?:line|floor|hand|time|row|place|round))")
_MONTH_WORDS = re.compile(
    r"(?:may|march|marzo|mar\.?|sett?\.?|ago\.?|dic\.?|dec\.?|ott\.?|giu\.?)", re.I
)
_BEFORE_MONTH = re.compile(
    r"\b(?:in|since|until|till|by|before|after|from|during|early|late|mid|last|next|this|of|the|every|"
    r"between|around|each) $",
    re.IGNORECASE,
)


def numeric_dates(text: str) -> list[Mark]:
    """Find dates written in figures."""
    return [
        Mark(*found.span(), "date", "rule", SURE)
        for pattern in (_NUMERIC, _ROMAN, _OF_THIS_MONTH)
        for found in pattern.finditer(text)
    ]


def dated(text: str) -> Iterator[list[Mark]]:
    """Find dates, one list a rank, the surest first."""
    yield [
        Mark(*found.span(), "date", "rule", SURE)
        for pattern in (_WITH_YEAR, _ABBREVIATED)
        for found in pattern.finditer(text)
    ]
    yield list(_written(text))
    yield list(_years(text))
    yield [
        Mark(*found.span(), "date", "relative", REVIEW)
        for pattern in (
            _TOLD_FROM_TODAY,
            _ORDINAL,
            _SHORT_NUMERIC,
            _YEAR_CUT,
            _WEEKDAY_OF,
            _YEAR_SAID,
        )
        for found in pattern.finditer(text)
    ]


def _written(text: str) -> Iterator[Mark]:
    """Find months with what stands around them; *may* and *march* alone only as months."""
    for found in _WRITTEN.finditer(text):
        words = found.group()
        alone = re.fullmatch(r"\w+\.?", words) is not None
        if alone and _MONTH_WORDS.fullmatch(words):
            told = _BEFORE_MONTH.search(text[max(0, found.start() - 12) : found.start()])
            if words.lower() in ("may", "march") and not (
                told and (words[0].isupper() or not re.match(r"(?:the|of) $", told.group(), re.I))
            ):
                continue
        yield Mark(*found.span(), "date", "rule", SURE)


def _years(text: str) -> Iterator[Mark]:
    for found in _SHORT_YEAR.finditer(text):
        yield Mark(*found.span(), "date", "rule", SURE)
    for found in _YEAR_ALONE.finditer(text):
        before = text[max(0, found.start() - 12) : found.start()]
        if _UNIT_AFTER.match(text, found.end()) or _MODEL_BEFORE.search(before):
            continue
        yield Mark(*found.span(), "date", "rule", SURE)
