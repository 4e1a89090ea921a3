"""Function words (articles, pronouns, auxiliaries): which are left out, and by whose list.

They make up half of any text and tell two groups apart only by grammar. The lists are those that
spaCy ships with its language data, and the few words that these lack in English and Italian; a
list of one's own may be given in their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from quidqual.coding.tokens import tokenise
from quidqual.study.arguments import must_be_text, names_of
from quidqual.study.wording import counted

_LACKING = {
    "en": ("shall", "won't"),
    "it": ("i", "o", "quei", "quell'", "n'", "lì", "be'"),
}

_CLITICS = frozenset({"'s", "'m", "'d", "'ll", "'ve", "'re"})  # words of their own to the tokeniser

StopWords = str | Iterable[str] | Mapping[str, Iterable[str]]


def function_words(wished: StopWords, language: str) -> tuple[frozenset[str], str]:
    """Give the function words of a language as keys, and the name of their list.

    Parameters
    ----------
    wished : str, iterable of str or mapping
        ``"spacy"``: the list that spaCy ships for the language. Words: a list of one's own, also
        by language (``{"en": [...], "it": [...]}``). Empty: none.
    language : str
        Such as ``it``; "" where it is not known.

    Returns
    -------
    words : frozenset of str
        As `quidqual.coding.tokens` folds them.
    name : str
        Such as "spaCy's list for fr, 507 words"; "none" where there is none.

    Examples
    --------
    >>> words, name = function_words("spacy", "en")
    >>> "the" in words, "work" in words, name
    (True, False, "spaCy's list for en, 326 words, and 2 more")
    >>> function_words({"it": ["Perché"]}, "it")
    (frozenset({"perche'"}), 'a list given, 1 word')
    >>> function_words("spacy", "")[1], function_words((), "en")[1]
    ('none', 'none')
    """
    if isinstance(wished, str) and wished == "spacy":
        return _of_spacy(language)
    given = wished.get(language, ()) if isinstance(wished, Mapping) else wished
    words = list(names_of(given, field="stop_words")) if given else []
    return _keys(words), f"a list given, {counted(len(words), 'word')}" if words else "none"


@cache
def _of_spacy(language: str) -> tuple[frozenset[str], str]:
    must_be_text(language, field="language")
    if not language:
        return frozenset(), "none"
    from spacy.util import get_lang_class

    try:
        words = get_lang_class(language.partition("-")[0].lower()).Defaults.stop_words
    except ImportError:
        return frozenset(), "none: spaCy has no list for this language"
    if not words:
        return frozenset(), "none: spaCy's list for this language is empty"
    more = _LACKING.get(language.partition("-")[0].lower(), ())
    added = f", and {len(more)} more" if more else ""
    name = f"spaCy's list for {language}, {counted(len(words), 'word')}{added}"
    return _keys([*words, *more]) | _CLITICS, name


def _keys(words: Iterable[str]) -> frozenset[str]:
    return frozenset(token.keys[0] for word in words for token in tokenise(str(word)))


def is_function_word(key: str, listed: frozenset[str]) -> bool:
    """Tell whether a word is in a list; a contracted *not* or an elided word is, if its whole is.

    Examples
    --------
    >>> [is_function_word(key, frozenset({"do", "la"})) for key in ("don't", "l'", "trust")]
    [True, True, False]
    """
    if key in listed:
        return True
    if key.endswith("n't"):
        return key.removesuffix("n't") in listed
    return key.endswith("'") and any(key[:-1] + vowel in listed for vowel in "aeio")
