"""The lists of names, places and peoples that ship with the library (`data/README.md`)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).resolve().parents[1] / "data"


class GivenName(NamedTuple):
    """What is known of a given name: gender ``f``, ``m`` or ``n`` (either), and tradition."""

    gender: str
    tradition: str


class Place(NamedTuple):
    """Where a place lies: its kind and what it is part of, the nearest first."""

    kind: str
    within: tuple[str, ...]


class Province(NamedTuple):
    """An Italian province with its region and macro-area."""

    name: str
    region: str
    area: str


def rows_of(name: str) -> list[list[str]]:
    """Rows of a table of names; lines that begin with ``#`` tell where it is from."""
    text = (_DATA / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


def fold(name: str) -> str:
    """Bring a name into the form in which it is looked up.

    Examples
    --------
    >>> fold("D’Angelo")
    "d'angelo"
    """
    return re.sub(r"\s+", " ", name.casefold().replace("’", "'")).strip()


@cache
def given_names() -> dict[str, GivenName]:
    """Given names, folded."""
    return {fold(name): GivenName(*rest) for name, *rest in rows_of("given_names.tsv")}


@cache
def family_names() -> dict[str, str]:
    """Family names, folded, with their tradition."""
    return {fold(name): tradition for name, tradition in rows_of("family_names.tsv")}


@cache
def provinces() -> dict[str, Province]:
    """Italian provinces by their two letters."""
    return {code: Province(*rest) for code, *rest in rows_of("provinces.tsv")}


@cache
def places() -> dict[str, Place]:
    """Places, folded: municipalities and parts of towns, regions, countries, cities abroad.

    Where two places share a name, the Italian one stands.
    """
    found: dict[str, Place] = {}
    for name, kind, country, wider in rows_of("places_abroad.tsv"):
        within = (wider,) if kind == "country" else (country, wider)
        found[fold(name)] = Place(kind, tuple(part for part in within if part))
    for name, code in rows_of("municipalities.tsv"):
        province = provinces()[code]
        found[fold(name)] = Place("municipality", (province.name, province.region, province.area))
    for province in provinces().values():
        found.setdefault(fold(province.name), Place("province", (province.region, province.area)))
    return found


@cache
def places_by_first_word() -> dict[str, tuple[int, ...]]:
    """First word of a place to the numbers of words that places of that beginning have."""
    lengths: dict[str, set[int]] = {}
    for name in places():
        words = words_in(name)
        lengths.setdefault(words[0], set()).add(len(words))
    return {word: tuple(sorted(found, reverse=True)) for word, found in lengths.items()}


@cache
def nationalities() -> dict[str, dict[str, str]]:
    """Nationalities, peoples and their languages by language of the note, with their region."""
    found: dict[str, dict[str, str]] = {"en": {}, "it": {}}
    for name, language, wider in rows_of("nationalities.tsv"):
        found[language][fold(name)] = wider
    return found


def words_in(text: str) -> list[str]:
    """Cut a folded name into the words that a note would be cut into."""
    return re.findall(r"[^\W\d_]+", text)
