"""Names to stand for names: of the same gender and naming tradition, and of nobody in the notes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from functools import cache

from quidqual.privacy.identifiers.gazetteers import family_names, fold, given_names, rows_of
from quidqual.privacy.identifiers.ordinary_words import is_ordinary
from quidqual.privacy.identifiers.roster import Roster, plain

_VOWELS = "aeiou"
_AS_WELL = {"virtue": "edo", "slavic": "ukrainian", "hausa": "west african"}
"""Traditions whose own names are few, or words too: they take names of a neighbour."""


class FittingNames:
    """Draws names for people, none of which somebody in the notes or on the roster has.

    Parameters
    ----------
    texts : iterable of str
        Every text of the notes, names of files among them.
    roster : Roster
    """

    def __init__(self, texts: Iterable[str], roster: Roster) -> None:
        self._spoken = {w for text in texts for w in re.findall(r"[^\W\d_]+", plain(text))}
        for form in (*roster.forms, *roster.unsure):
            self._spoken |= set(re.findall(r"[^\W\d_]+", form))

    def draw(self, form: str, gender: str, taken: Iterable[str]) -> str:
        """Draw a name for a person; "" where gender or tradition cannot be told.

        Drawn and never computed, as numbers are. A name that begins with a vowel stands for
        one that does, so that *dell'Anna* stays Italian.
        """
        tradition = _tradition(form)
        if gender not in ("f", "m") or not tradition:
            return ""
        used = {plain(name) for name in taken}
        free = [
            name
            for name in _names(_AS_WELL.get(tradition, tradition), gender)
            if plain(name) not in self._spoken and plain(name) not in used
        ]
        alike = [n for n in free if (plain(n)[0] in _VOWELS) == (form[:1] in _VOWELS)]
        return secrets.choice(alike or free) if free else ""


def _tradition(form: str) -> str:
    """Tell the tradition of a name: by its given names first, then by the family's."""
    parts = [fold(part) for part in form.split()]
    told = [given_names()[part].tradition for part in parts if part in given_names()]
    told = [t for t in told if t != "virtue"] or told
    return next(
        iter(told or [family_names()[part] for part in parts if part in family_names()]), ""
    )


@cache
def _names(tradition: str, gender: str) -> tuple[str, ...]:
    """Names of a tradition and gender that are no words too, nor names of families."""
    return tuple(
        name
        for name, sex, theirs in rows_of("given_names.tsv")
        if (sex, theirs) == (gender, tradition)
        and len(name) > 3
        and name.isalpha()
        and fold(name) not in family_names()
        and not is_ordinary(fold(name), "en")
        and not is_ordinary(fold(name), "it")
    )
