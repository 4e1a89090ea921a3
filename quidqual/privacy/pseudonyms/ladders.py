"""How exact a date, an age, a place may stay: the ladders of `data/ladders.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from quidqual.privacy.identifiers.gazetteers import fold, nationalities, places
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.schema import parse_date

_DATA = Path(__file__).resolve().parents[1] / "data" / "ladders.yaml"
_MONTHS = {
    stem: number
    for number, stems in enumerate(
        (
            "jan gen", "feb", "mar", "apr", "may mag", "jun giu", "jul lug", "aug ago", "sep set",
            "oct ott", "nov", "dec dic",
        ),
        1,
    )
    for stem in stems.split()
}  # fmt: skip
_SMALL_NUMBERS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_SMALL_NUMBERS_IT = [
    "zero",
    "un",
    "due",
    "tre",
    "quattro",
    "cinque",
    "sei",
    "sette",
    "otto",
    "nove",
    "dieci",
    "undici",
    "dodici",
    "tredici",
    "quattordici",
    "quindici",
    "sedici",
    "diciassette",
    "diciotto",
    "diciannove",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_TENS_IT = ["vent", "trent", "quarant", "cinquant", "sessant", "settant", "ottant", "novant"]


@cache
def ladder_data() -> Mapping[str, Any]:
    """What the file of ladders says."""
    import yaml

    loaded: Mapping[str, Any] = yaml.safe_load(_DATA.read_text("utf-8"))
    return loaded


@dataclass(frozen=True)
class Ladders:
    """The step chosen for each kind, and the rounds that dates are told by.

    Attributes
    ----------
    levels : mapping of str to str
        Step for ``place``, ``nationality``, ``date``, ``age``; left out: the default.
    rounds : sequence of mapping
        ``round, start, end`` of study.toml.
    """

    levels: Mapping[str, str] = field(default_factory=dict)
    rounds: Sequence[Mapping[str, Any]] = ()

    def __post_init__(self) -> None:
        for kind, step in self.levels.items():
            ladder = ladder_data().get(kind)
            if not isinstance(ladder, dict) or "steps" not in ladder:
                raise QuidqualError.of(
                    f"there is no ladder for {kind!r}.",
                    remedy="Use one of: 'place', 'nationality', 'date', 'age'.",
                    field="levels",
                )
            if step not in ladder["steps"]:
                raise QuidqualError.of(
                    f"{step!r} is not a step of the ladder for {kind}.",
                    remedy=f"Use one of: {listed(ladder['steps'])}.",
                    field="levels",
                )

    def step(self, kind: str) -> str:
        """Step that is used for a kind."""
        return str(self.levels.get(kind) or ladder_data()[kind]["default"])

    def place(self, words: str, language: str) -> str:
        """Say where a place lies instead of its name; "" if no gazetteer knows it."""
        found = places().get(fold(re.sub(r"^\d{5} | \([A-Z]{2}\)$", "", words)))
        if found is None:
            return ""
        kind = "city" if found.kind == "city" else found.kind
        template = ladder_data()["place"][kind][self.step("place")][language]
        parts = dict(zip(_PARTS[kind], found.within, strict=False))
        return str(template.format(**_told(parts, language)))

    def nationality(self, words: str, language: str) -> str:
        """Say which part of the world a people is from."""
        low = fold(words)
        world = nationalities()[language].get(low) or nationalities()["en"].get(low, "")
        ladder = ladder_data()["nationality"]
        if world == "religion":
            return str(ladder["religion"][language])
        step = self.step("nationality") if world else "area"
        return str(ladder[step][language].format(**_told({"world": world}, language)))

    def date(self, words: str, language: str, *, relative: bool = False) -> str:
        """Say in which week of which round a day is, or its year."""
        ladder = ladder_data()["date"]
        year, month, day = parts_of_date(words)
        if year is None:
            return str(ladder["relative" if relative else "unknown"][language])
        around = self._round_of(year, month, day) if month else None
        if around and self.step("date") != "year":
            name, week = around
            step = self.step("date") if week else "round"
            return str(ladder[step][language].format(round=name, week=week))
        return str(ladder["year"][language].format(year=year))

    def _round_of(self, year: int, month: int, day: int | None) -> tuple[str, int] | None:
        """Round that a day, or any day of a month, falls into, with the week from its start."""
        for entry in self.rounds:
            start, end = parse_date(entry.get("start")), parse_date(entry.get("end"))
            if start is None or end is None:
                continue
            try:
                first = date(year, month, day or 1)
            except ValueError:
                return None
            if day and start <= first <= end:
                return str(entry["round"]), (first - start).days // 7 + 1
            if not day and (start.year, start.month) <= (year, month) <= (end.year, end.month):
                return str(entry["round"]), 0
        return None

    def age(self, words: str, language: str) -> str:
        """Say in which band of years an age is."""
        ladder = ladder_data()["age"]
        years = years_of(words)
        if years is None:
            return str(ladder["unknown"][language])
        if years < 18:
            return str(ladder["child"][language])
        if self.step("age") == "stage":
            return str(ladder["stage"][language])
        if years >= 60:
            return str(ladder["old"][language])
        low = 18 if years < 20 else years // 10 * 10
        return str(ladder["decade"][language].format(low=low, high=years // 10 * 10 + 9))


_PARTS = {
    "municipality": ("province", "region", "area"),
    "province": ("region", "area"),
    "region": ("country", "area"),
    "city": ("country", "world"),
    "country": ("world",),
}


def _told(parts: Mapping[str, str], language: str) -> dict[str, str]:
    names = ladder_data()["names"]
    return {
        part: names.get(part, {}).get(value, {}).get(language, value)
        for part, value in parts.items()
    }


def label(kind: str, language: str, **parts: object) -> str:
    """Give the words that stand for a kind: ``[woman 3]``, ``[telefono]``."""
    return str(ladder_data()["labels"][kind][language].format(**parts))


def parts_of_date(words: str) -> tuple[int | None, int | None, int | None]:
    """Read year, month and day, as far as they are told, day before month.

    Examples
    --------
    >>> parts_of_date("14 maggio 2021"), parts_of_date("03/11/2022"), parts_of_date("March 2019")
    ((2021, 5, 14), (2022, 11, 3), (2019, 3, None))
    >>> parts_of_date("12.08.79"), parts_of_date("October")
    ((1979, 8, 12), (None, 10, None))
    """
    iso = re.search(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", words)
    if iso:
        return int(iso[1]), int(iso[2]), int(iso[3])
    numeric = re.search(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\b", words)
    if numeric:
        return _whole(numeric[3]), int(numeric[2]), int(numeric[1])
    short = re.search(r"\b(\d{1,2})/((?:19|20)\d\d)\b", words)
    if short:
        return int(short[2]), int(short[1]), None
    year = re.search(r"\b((?:19|20)\d\d)\b|['’](\d\d)\b", words)
    month = next(
        (
            _MONTHS[w[:3].lower()]
            for w in re.findall(r"[^\W\d_]+", words)
            if w[:3].lower() in _MONTHS
        ),
        None,
    )
    day = re.search(r"(?<!['’\d])\b([12]?\d|3[01])(?:st|nd|rd|th|°)?\b", words) if month else None
    told = _whole(year[1] or year[2]) if year else None
    first = 1 if month and re.search(r"\b(?:primo|first)\b", words, re.IGNORECASE) else None
    return told, month, int(day[1]) if day and day[1] != "0" else first


def _whole(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year) if int(year) < 40 else 1900 + int(year)


def years_of(words: str) -> int | None:
    """Read an age in figures or words, English or Italian.

    Examples
    --------
    >>> years_of("twenty-three"), years_of("ventitreenne"), years_of("vent'anni")
    (23, 23, 20)
    >>> years_of("diciassette anni"), years_of("8 mesi"), years_of("her late forties")
    (17, 0, 40)
    """
    low = words.lower().replace("é", "e")
    if re.search(r"\bmonths?\b|\bmes[ei]\b|minorenn|\bbaby\b", low):
        return 0
    if "maggiorenn" in low:
        return 18
    digits = re.search(r"\d{1,3}", low)
    if digits:
        return int(digits.group())
    for ones in (_SMALL_NUMBERS, _SMALL_NUMBERS_IT):  # before seventy is seen in seventeen
        for n in range(19, 9, -1):
            if re.search(rf"\b{ones[n].rstrip('ei')}", low):
                return n
    for tens, ones in ((_TENS, _SMALL_NUMBERS), (_TENS_IT, _SMALL_NUMBERS_IT)):
        for i, word in enumerate(tens, 2):
            stem = word.removesuffix("y")
            at = low.find(stem)
            if at >= 0:
                return i * 10 + _ones(low[at + len(stem) :], ones)
    for ones in (_SMALL_NUMBERS, _SMALL_NUMBERS_IT):
        for n in range(9, 0, -1):
            if re.search(rf"\b{ones[n]}", low):
                return n
    return None


def _ones(rest: str, words: Sequence[str]) -> int:
    """Read what follows the tens: *-three*, *tre(enne)*; *un* stands in many words, so whole."""
    for n in range(9, 1, -1):
        if words[n] in rest:
            return n
    return 1 if re.match(r"[ia]?un(?:o|enne)|[- ]one\b", rest) else 0
