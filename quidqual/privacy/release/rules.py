"""The rules of the release check: what each asks, and how it ends when it finds something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from quidqual.privacy.identifiers.gazetteers import rows_of
from quidqual.study.errors import QuidqualError, listed

PASS, REVIEW, BLOCK = "pass", "review", "block"
RESULTS = (PASS, REVIEW, BLOCK)


class Rule(NamedTuple):
    """A rule: how a find ends unless the study says otherwise, its question, what to do."""

    level: str
    asks: str
    remedy: str


RULES: dict[str, Rule] = {name: Rule(*told) for name, *told in rows_of("release_rules.tsv")}
"""Every rule by its name, in the order of ``data/release_rules.tsv``."""


class Finding(NamedTuple):
    """One place where a rule found something; never with its words."""

    rule: str
    result: str
    place: str
    what: str


@dataclass(frozen=True)
class Settings:
    """What a study sets under ``[privacy]`` of study.toml.

    Attributes
    ----------
    k : int
        The fewest participants a cell may count.
    levels : mapping of str to str
        Rules that end otherwise in this study: ``{"whole_group": "review"}``.
    quotes : int
        How many quotes of one person may be printed before they are a mosaic.
    pseudonyms : frozenset of str
        Names that stand for names, in small letters: they identify nobody.
    """

    k: int = 3
    levels: Mapping[str, str] | None = None
    quotes: int = 5
    pseudonyms: frozenset[str] = frozenset()

    @classmethod
    def of(cls, given: object) -> Settings:
        """Read the table of study.toml.

        Raises
        ------
        QuidqualError
            If a key, a rule or a level is unknown, or k is below 2.
        """
        if given is None:
            return cls()
        if not isinstance(given, Mapping):
            raise _wrong("privacy", "this must be a table.", "Write [privacy] with k = 3.")
        unknown = sorted(set(given) - {"k", "levels", "quotes", "pseudonyms"})
        if unknown:
            remedy = "Use k, quotes, levels, pseudonyms."
            raise _wrong(f"privacy.{unknown[0]}", "unknown key.", remedy)
        names = given.get("pseudonyms", [])
        if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
            raise _wrong("privacy.pseudonyms", "this must be a list of names.", 'Write ["Ada"].')
        k, quotes = given.get("k", 3), given.get("quotes", 5)
        for name, value in (("k", k), ("quotes", quotes)):
            if not isinstance(value, int) or isinstance(value, bool) or value < 2:
                raise _wrong(f"privacy.{name}", "this must be a whole number from 2.", "Write 3.")
        levels = given.get("levels", {})
        if not isinstance(levels, Mapping):
            raise _wrong("privacy.levels", "this must be a table.", 'Write whole_group = "review".')
        for rule, level in levels.items():
            if rule not in RULES:
                raise _wrong("privacy.levels", f"unknown rule {rule!r}.", f"Use: {listed(RULES)}.")
            if level not in RESULTS:
                raise _wrong("privacy.levels", "unknown level.", f"Use: {listed(RESULTS)}.")
        return cls(k, dict(levels), quotes, frozenset(n.lower() for n in names))

    def finding(self, rule: str, place: str, what: str) -> Finding:
        """Make a finding of a rule at the level that this study gives it."""
        level = (self.levels or {}).get(rule, RULES[rule].level)
        return Finding(rule, level, place, what)


def _wrong(field: str, message: str, remedy: str) -> QuidqualError:
    return QuidqualError.of(message, remedy=remedy, file="study.toml", field=field)
