"""From a word to its lemma: simplemma on single words, mended by a table anyone can read.

A lemma is only ever used where a pattern asks for one (``<fidarsi>``), and
:func:`quidqual.expand` shows the forms it stands for before anything is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from quidqual.coding.tokens import fold
from quidqual.study.errors import QuidqualError

# What simplemma's tables get wrong in interviews: frequent verbs taken for others, and
# feminine nouns of persons, whose gender a study of women must not lose.
OVERRIDES: dict[str, dict[str, str]] = {
    "it": {
        "so": "sapere",
        "detto": "dire",
        "detta": "dire",
        "detti": "dire",
        "dette": "dire",
        "fida": "fidare",
        "fidi": "fidare",
        "sentito": "sentire",
        "sentita": "sentire",
        "sentiti": "sentire",
        "sentite": "sentire",
        "andato": "andare",
        "andata": "andare",
        "andati": "andare",
        "andate": "andare",
        "venuto": "venire",
        "venuta": "venire",
        "nato": "nascere",
        "nata": "nascere",
        "cresciuto": "crescere",
        "cresciuta": "crescere",
        "amica": "amica",
        "amiche": "amica",
        "collega": "collega",
        "colleghe": "collega",
        "operatrice": "operatrice",
        "operatrici": "operatrice",
        "formatrice": "formatrice",
        "formatrici": "formatrice",
        "lavoratrice": "lavoratrice",
        "lavoratrici": "lavoratrice",
        "direttrice": "direttrice",
        "direttrici": "direttrice",
        "mediatrice": "mediatrice",
        "mediatrici": "mediatrice",
        "signora": "signora",
        "signore": "signora",
        "signori": "signore",
    },
    "en": {
        "felt": "feel",
        "thought": "think",
        "left": "leave",
        "broke": "break",
        "feelings": "feeling",
        "worse": "bad",
        "worst": "bad",
        "better": "good",
    },
}
_ACCENTED = {"a'": ("à",), "e'": ("é", "è"), "i'": ("ì",), "o'": ("ò",), "u'": ("ù",)}
_REFLEXIVE = ("arsi", "ersi", "irsi")


def lemmatiser(
    language: str, *, overrides: Mapping[str, str] | None = None
) -> Callable[[str], str]:
    """Make the function from a token's key to the key of its lemma.

    Parameters
    ----------
    language : str
        A language that simplemma knows ("en", "it", ...).
    overrides : mapping of str to str, optional
        Word to lemma, before :data:`OVERRIDES` and before simplemma.

    Returns
    -------
    callable
        Takes and gives a folded word; the answers are kept.

    Raises
    ------
    QuidqualError
        If the language has no lemma table.

    Examples
    --------
    >>> lemma = lemmatiser("it")
    >>> lemma("so"), lemma("detto"), lemma("operatrici"), lemma("fidarmi")
    ('sapere', 'dire', 'operatrice', 'fidare')
    """
    import simplemma

    base = language.split("-")[0]
    try:
        simplemma.lemmatize("a", lang=base)
    except ValueError:
        raise QuidqualError.of(
            f"There is no table of lemmas for the language {language!r}.",
            remedy="Write the forms out or use a glob instead of <lemma>.",
            field="patterns",
        ) from None
    table = {fold(w): _canonical(v) for w, v in OVERRIDES.get(base, {}).items()}
    table |= {fold(w): _canonical(v) for w, v in (overrides or {}).items()}

    @lru_cache(maxsize=200_000)
    def lemma(key: str) -> str:
        if key in table:
            return table[key]
        spellings = [key[:-2] + last for last in _ACCENTED.get(key[-2:], ())] or [key]
        found = next((w for w in spellings if simplemma.is_known(w, lang=base)), spellings[0])
        return _canonical(simplemma.lemmatize(found, lang=base))

    return lemma


def _canonical(lemma: str) -> str:
    """Fold a lemma; a reflexive infinitive is filed under the plain one."""
    key = fold(lemma)
    return key[:-2] + "e" if key.endswith(_REFLEXIVE) and len(key) > 5 else key


def lemma_key(lemma: str) -> str:
    """Key under which a lemma written in a pattern is found.

    Examples
    --------
    >>> lemma_key("fidarsi")
    'fidare'
    """
    return _canonical(lemma)
