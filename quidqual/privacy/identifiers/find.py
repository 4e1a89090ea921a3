"""`find_identifiers`: every layer over one text, the surest first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from quidqual.privacy.identifiers.address_rules import addresses
from quidqual.privacy.identifiers.age_rules import aged
from quidqual.privacy.identifiers.date_rules import dated
from quidqual.privacy.identifiers.marks import SURE, Claimed, Mark
from quidqual.privacy.identifiers.named_bodies import bodies, located, peoples
from quidqual.privacy.identifiers.named_people import initials, repeated, runs, small, titled
from quidqual.privacy.identifiers.number_rules import numbered
from quidqual.privacy.identifiers.words_of_text import cut
from quidqual.study.given import must_be_text

if TYPE_CHECKING:
    import pandas as pd


def find_identifiers(text: str, language: str, roster: object = None) -> pd.DataFrame:
    """..."""
    import pandas as pd

    must_be_text(text, field="text")
    marks = marks_of(text, language)
    return pd.DataFrame(marks, columns=list(Mark._fields))


def marks_of(text: str, language: str, known: Iterable[Mark] = ()) -> list[Mark]:
    """Marks of a text in order."""
    claimed = Claimed(len(text))
    claimed.take(text, known)
    for rank in numbered(text):
        claimed.take(text, rank)
    for rank in addresses(text, language):
        claimed.take(text, rank)
    for rank in dated(text):
        claimed.take(text, rank)
    for rank in aged(text, language):
        claimed.take(text, rank)
    words = cut(text)
    claimed.take(text, titled(words, claimed))
    for rank in initials(text, language):
        claimed.take(text, rank)
    claimed.take(text, bodies(words, claimed))
    claimed.take(text, located(words, language, claimed))
    claimed.take(text, peoples(words, language, claimed))
    claimed.take(text, runs(words, text, language, claimed))
    names = [
        text[m.start : m.end]
        for m in claimed.marks
        if m.kind == "person" and m.certainty == SURE and m.layer != "initials"
    ]
    claimed.take(text, repeated(words, names, language, claimed))
    claimed.take(text, small(words, language, claimed))
    return sorted(claimed.marks)
