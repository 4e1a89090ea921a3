"""Which language each note is in: one for all, or told for people, files, a column, a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from quidqual.interchange.project import Account
from quidqual.study.arguments import must_be_text, one_of
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import counted, joined, natural_order

UNTOLD = "und"
"""Language of a note of which none was told."""

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
Row = dict[str, str]


def check_language(language: str | Mapping[str, str]) -> None:
    """Refuse what is not the code of a language.

    Raises
    ------
    QuidqualError
    """
    for code in language.values() if isinstance(language, Mapping) else (language,):
        must_be_text(code, field="language")
        if not LANGUAGE.fullmatch(code):
            raise QuidqualError.of(
                f"{code!r} is not the code of a language.",
                remedy="Use one such as en, es or de-CH (BCP 47).",
                field="language",
            )


def of_all(language: str | Mapping[str, str]) -> str:
    """Give the one language of all texts; "und" where each has its own."""
    return UNTOLD if isinstance(language, Mapping) else language


def languages_from(text: str) -> str | dict[str, str]:
    """Read a language as it is typed: ``es``, or ``Ana=es,Jonas=de``.

    Examples
    --------
    >>> languages_from("es"), languages_from("Ana=es, Jonas=de")
    ('es', {'Ana': 'es', 'Jonas': 'de'})
    """
    parts = [part.partition("=") for part in text.split(",") if part.strip()]
    if not any(sign for _, sign, _ in parts):
        return text.strip()
    return {name.strip(): code.strip() for name, _, code in parts}


def folders_of_languages(names: Iterable[str]) -> bool:
    """Tell whether folders are called as languages, all of them.

    Examples
    --------
    >>> folders_of_languages(["de", "es"]), folders_of_languages(["de", "old"])
    (True, False)
    """
    return all(re.fullmatch(r"[a-z]{2}(-[A-Z][A-Za-z]{1,3})?", name) for name in names)


def tell_languages(
    participants: list[Row],
    interviews: list[Row],
    language: str | Mapping[str, str],
    account: Account,
) -> None:
    """Give each note the language told for its participant or file, and people that of their notes.

    Raises
    ------
    QuidqualError
        For a name in ``language`` that is neither a participant nor a file.
    """
    held = [talk for talk in interviews if talk.get("status") == "held"]
    if isinstance(language, Mapping):
        known = natural_order({name for talk in held for name in _names(talk)})
        for name in language:
            one_of(name, known, field="language")
        for talk in held:
            told = [language[name] for name in _names(talk) if name in language]
            if told and talk["language"] == UNTOLD:
                talk["language"] = told[0]
    spoken: dict[str, set[str]] = {}
    for talk in held:
        spoken.setdefault(talk["participant"], set()).add(talk["language"])
    for row in participants:
        own = spoken.get(row["participant"], set())
        if row["language"] == UNTOLD and len(own) == 1:
            (row["language"],) = own
    silent = [talk["interview"] for talk in held if talk["language"] == UNTOLD]
    if silent:
        why = f"not told for {joined(silent, limit=3)}: only marks of speech that every language "
        why += 'has are read. Pass language="es", or one for each: --language Ana=es,Jonas=de'
        account.changed(counted(len(silent), "note"), "language", why)


def _names(talk: Row) -> list[str]:
    """What a note may be called: its interview, its file, that without the ending, its person."""
    file = talk.get("name", "")
    stem = file.rpartition(".")[0] if "." in file else file
    return [name for name in (talk["interview"], file, stem, talk["participant"]) if name]
