"""From a word to its lemma: simplemma on single words, mended by a table anyone can read.

A lemma is only ever used where a pattern asks for one (``<fidarsi>``), and
:func:`quidqual.expand` shows the forms it stands for before anything is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

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
_BY_ENDINGS, _SHORTEST_STEM = ("en", "it"), 4
_REFLEXIVE = ("arsi", "ersi", "irsi")


class Lemmas:
    """From a token's key to the key of its lemma, and back to how its forms may start.

    Attributes
    ----------
    language : str
    table : dict of str to str
        Folded word to lemma, asked before simplemma.
    """

    def __init__(self, language: str, table: Mapping[str, str]) -> None:
        self.language, self.table = language, dict(table)
        self._of = lru_cache(maxsize=200_000)(self._look_up)

    def __call__(self, key: str) -> str:
        """Give the lemma of a folded word; the answers are kept."""
        return self._of(key)

    def _look_up(self, key: str) -> str:
        import simplemma

        if key in self.table:
            return self.table[key]
        spellings = [key[:-2] + last for last in _ACCENTED.get(key[-2:], ())] or [key]
        known = (w for w in spellings if simplemma.is_known(w, lang=self.language))
        found = next(known, spellings[0])
        return _canonical(simplemma.lemmatize(found, lang=self.language))

    def starts(self, lemma: str) -> list[tuple[str, bool]] | None:
        """How the keys start that may have a lemma, and whether that is the whole key.

        None if that cannot be told. In English and Italian it can: simplemma looks a word up
        in its table, else takes endings off it (a clitic after four letters or more, the
        ending of an English noun or verb) and looks again, else leaves it as it is.
        """
        if self.language not in _BY_ENDINGS:
            return None
        found = {(lemma, True)} | {(w, True) for w, own in self.table.items() if own == lemma}
        if len(lemma) >= _SHORTEST_STEM:
            found.add((lemma[:-1], False))
        for word in _forms(self.language).get(lemma, ()):
            form = fold(word).rstrip("'")
            found.add((form, len(form) < _SHORTEST_STEM))
            found.add((f"{form}n't", True))  # read as a form of the verb in English
        return sorted(found)


@cache
def _forms(language: str) -> dict[str, list[str]]:
    """Words of simplemma's table by their lemma, as their keys have it."""
    from simplemma.strategies.dictionaries import dictionary_factory as tables

    # The table that simplemma itself has read, where its version keeps one.
    read = getattr(tables, "DEFAULT_DICTIONARY_FACTORY", None) or tables.DefaultDictionaryFactory()
    by_lemma: dict[str, list[str]] = {}
    for word, lemma in read.get_dictionary(language).items():
        by_lemma.setdefault(lemma, []).append(word)
    forms: dict[str, list[str]] = {}
    for lemma, words in by_lemma.items():
        forms.setdefault(_canonical(lemma), []).extend(words)
    return forms


def lemmatiser(language: str, *, overrides: Mapping[str, str] | None = None) -> Lemmas:
    """Make the function from a token's key to the key of its lemma.

    Parameters
    ----------
    language : str
        A language that simplemma knows ("en", "it", ...).
    overrides : mapping of str to str, optional
        Word to lemma, before :data:`OVERRIDES` and before simplemma.

    Returns
    -------
    Lemmas
        Takes and gives a folded word.

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
    return Lemmas(base, table | {fold(w): _canonical(v) for w, v in (overrides or {}).items()})


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
