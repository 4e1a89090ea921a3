"""The words of the interface, in English and Italian."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from quidqual.study.errors import QuidqualError, listed


@cache
def _all_words() -> dict[str, dict[str, str]]:
    text = (Path(__file__).parent / "interface_words.json").read_text("utf-8")
    words: dict[str, dict[str, str]] = json.loads(text)
    return words


def interface_words(language: str) -> dict[str, str]:
    """Give the words of the interface in a language.

    Raises
    ------
    QuidqualError
        If the interface does not speak it.

    Examples
    --------
    >>> interface_words("it")["undo"]
    'Annulla'
    """
    words = _all_words()
    if language not in words:
        raise QuidqualError.of(
            f"the interface does not speak {language!r}.",
            remedy=f"Use one of: {listed(words)}.",
            field="language",
        )
    return dict(words[language])
