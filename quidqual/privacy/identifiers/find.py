"""`find_identifiers`: every layer over one text, the surest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quidqual.privacy.identifiers.address_rules import addresses
from quidqual.privacy.identifiers.age_rules import aged
from quidqual.privacy.identifiers.date_rules import dated, numeric_dates
from quidqual.privacy.identifiers.marks import REVIEW, SURE, Claimed, Mark
from quidqual.privacy.identifiers.named_bodies import (
    bodies,
    located,
    offices,
    peoples,
    small_bodies,
)
from quidqual.privacy.identifiers.named_people import repeated, runs, small, titled
from quidqual.privacy.identifiers.number_rules import numbered
from quidqual.privacy.identifiers.roster import Roster
from quidqual.privacy.identifiers.short_names import initials
from quidqual.privacy.identifiers.words_of_text import cut
from quidqual.study.arguments import must_be_text
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    import pandas as pd

LANGUAGES = ("en", "it")


def find_identifiers(
    text: str, language: str, roster: Any = None, *, pipeline: Any = None
) -> pd.DataFrame:
    """Find what identifies, or may identify, a person in one text.

    Parameters
    ----------
    text : str
        A note, a memo, a quote, a cell.
    language : str
        ``"en"`` or ``"it"`` (or a longer tag, such as ``"en-GB"``): the language it is mostly in.
    roster : path, DataFrame, list or Roster, optional
        The people, organisations and places that the team knows: a CSV file or table with
        the column ``name`` and, where known, ``kind`` (person, organisation, place),
        ``aliases`` and ``initials`` (several parted by ``;``), ``participant``,
        ``pseudonym``, ``gender`` (f, m), ``relation``. A list of names does as well.
    pipeline : spaCy Language, optional
        A pipeline with a named entity recogniser that you installed yourself, of this very
        language. What it finds and no layer did is for review (layer ``model``).

    Returns
    -------
    DataFrame
        One row a find, in the order of the text, none overlapping another:

        ``start, end`` (int)
            Code points of the text as given, end exclusive.
        ``kind`` (str)
            person, place, organisation, nationality, address, date, age, phone, email,
            handle, url, fiscal_code, iban, document, plate, number; ``name`` where the
            words do not tell which.
        ``layer`` (str)
            What found it: roster, rule, title, initials, gazetteer, capitals, repeated,
            relative, rare_word, model.
        ``certainty`` (str)
            ``sure``: an identifier by its form or its place; ``review``: a person has to
            look.

    Raises
    ------
    QuidqualError
        If the language is another, the text is no text, the roster has problems, or the
        pipeline is of another language or recognises nothing.

    Notes
    -----
    No model, no network, nothing learnt: rules, lists and dictionaries, so that the same
    text gives the same finds and anyone can read why. No list of names is whole. What
    no layer knows goes through, and measured rates (docs/privacy.md) are those of invented
    notes, not of yours.

    Examples
    --------
    >>> text = "Elira's cousin drove her from Tirana on 3 May 2019."
    >>> finds = find_identifiers(text, "en")
    >>> [(text[f.start : f.end], f.kind, f.certainty) for f in finds.itertuples()]
    [('Elira', 'person', 'sure'), ('Tirana', 'place', 'sure'), ('3 May 2019', 'date', 'sure')]
    """
    import pandas as pd

    must_be_text(text, field="text")
    frame = pd.DataFrame(
        marks_of(text, language, Roster.of(roster), pipeline), columns=list(Mark._fields)
    )
    return frame.astype({"start": "int64", "end": "int64"})


def language_of(language: object) -> str:
    """Take a language tag as the rules know it.

    Raises
    ------
    QuidqualError
        If there are no rules for it.
    """
    short = language.split("-")[0].lower() if isinstance(language, str) else language
    if short not in LANGUAGES:
        raise QuidqualError.of(
            f"language must be 'en' or 'it', not {language!r}.",
            remedy="There are no rules for other languages yet: have such notes read by a person.",
            field="language",
        )
    return str(short)


def marks_of(
    text: str, language: str, roster: Roster | None = None, pipeline: Any = None
) -> list[Mark]:
    """Run every layer over a text; what a surer layer took, a later one leaves alone."""
    language = language_of(language)
    claimed = Claimed(len(text))
    if roster is not None:
        claimed.take(text, roster.marks(text, language))
    claimed.take(text, numeric_dates(text))  # before 2021-05-14 is taken for a phone
    for ranks in (numbered(text), addresses(text, language), dated(text), aged(text, language)):
        for rank in ranks:
            claimed.take(text, rank)
    words = cut(text)
    claimed.take(text, titled(words, claimed))
    for rank in initials(text, language):
        claimed.take(text, rank)
    claimed.take(text, offices(text))
    claimed.take(text, bodies(words, language, claimed))
    claimed.take(text, located(words, language, claimed))
    claimed.take(text, peoples(words, language, claimed))
    claimed.take(text, small_bodies(text))
    claimed.take(text, runs(words, text, language, claimed))
    claimed.take(text, repeated(words, _sure_names(text, claimed), language, claimed))
    claimed.take(text, small(words, text, language, claimed))
    if pipeline is not None:
        claimed.take(text, _recognised(text, language, pipeline))
    return sorted(claimed.marks)


def _recognised(text: str, language: str, pipeline: Any) -> list[Mark]:
    """Let a pipeline join, for its own language only: on another it invents people."""
    if getattr(pipeline, "lang", None) != language or "ner" not in pipeline.pipe_names:
        raise QuidqualError.of(
            f"the pipeline must be one of {language!r} with a named entity recogniser.",
            remedy="Load one of this language, such as spacy.load(...), or leave it out.",
            field="pipeline",
        )
    kinds = {"PERSON": "person", "PER": "person", "ORG": "organisation", "NORP": "nationality"}
    kinds |= dict.fromkeys(("GPE", "LOC", "FAC"), "place")
    return [
        Mark(entity.start_char, entity.end_char, kinds[entity.label_], "model", REVIEW)
        for entity in pipeline(text).ents
        if entity.label_ in kinds
    ]


def _sure_names(text: str, claimed: Claimed) -> list[str]:
    return [
        text[mark.start : mark.end]
        for mark in claimed.marks
        if mark.kind == "person" and mark.certainty == SURE and mark.layer != "initials"
    ]
