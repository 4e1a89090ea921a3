"""Whether a word is an ordinary word of a language: what is not may be somebody's name.

The dictionaries are those of simplemma, which the library uses for lemmas anyway. A word counts
as ordinary when its lemma is written with a small letter there (*verona* and *mary* are not).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from quidqual.privacy.identifiers.gazetteers import rows_of

_CLITICS = re.compile(
    r"(?:glie(?:lo|la|li|le|ne)|(?:me|te|se|ce|ve)(?:lo|la|li|le|ne)|mi|ti|si|ci|vi|lo|la|li|le|gli|ne)$"
)
_ENDINGS = {
    "en": (("iest", "y"), ("ier", "y"), ("ies", "y"), ("ness", ""), ("less", ""), ("ily", "y"),
           ("ly", ""), ("ings", ""), ("ing", ""), ("ing", "e"), ("ers", "e"), ("er", "e"),
           ("er", ""), ("ed", ""), ("ed", "e"), ("ish", ""), ("ful", ""), ("s", "")),
    "it": (("mente", ""), ("mente", "o"), ("mente", "e"), ("issimo", "o"),
           ("issimo", "e"), ("issima", "a"),
           ("issimi", "i"), ("issime", "e"), ("trici", "tore"), ("trice", "tore"), ("ina", "a"),
           ("ino", "o"), ("ini", "i"), ("ine", "e"), ("etto", "o"), ("etta", "a"), ("etti", "i"),
           ("ette", "e"), ("one", "o"), ("oni", "i"), ("hi", "o"), ("he", "a")),
}  # fmt: skip
_BEGINNINGS = {
    "en": ("un", "re", "over", "under", "non", "dis", "mis", "pre", "out"),
    "it": ("ri", "re", "dis", "s", "in", "stra", "sopra", "auto", "pre", "contro", "anti", "semi"),
}


@cache
def everyday(language: str) -> frozenset[str]:
    """Words of every page and abbreviations of note takers, which dictionaries leave out."""
    return frozenset(
        word for name, words in rows_of("everyday_words.tsv") if name == language
        for word in words.split()
    )  # fmt: skip


@lru_cache(maxsize=200_000)
def is_ordinary(word: str, language: str) -> bool:
    """Tell whether a word, whatever its capitals, is an ordinary word of a language.

    Examples
    --------
    >>> is_ordinary("colleagues", "en"), is_ordinary("osagie", "en"), is_ordinary("verona", "it")
    (True, False, False)
    >>> is_ordinary("chiamarla", "it")
    True
    """
    low = word.lower().replace("’", "'")
    if low in everyday(language) or _in_dictionary(low, language):
        return True
    if len(low) < 4:
        return False
    if language == "it" and low.endswith(("tà", "tù", "dì", "sì", "ciò")):
        return True
    if language == "it" and _with_clitics(low):
        return True
    stems = _stems(low, language)
    return any(_in_dictionary(stem, language) for stem in stems)


def _with_clitics(low: str) -> bool:
    """Tell whether an Italian verb with pronouns is ordinary: chiedersi, guardandolo, dammi."""
    stem = _CLITICS.sub("", low)
    if stem == low or len(stem) < 3:
        return False
    if stem[-1] in "aei" and len(stem) > 4:  # portami, leggila; andateci
        short = stem[:-2] if stem.endswith(("ate", "ete", "ite")) else stem
        if any(_in_dictionary(f"{short[:-1]}{vowel}re", "it") for vowel in "aei"):
            return True
    whole = stem + "e" if stem.endswith("r") else stem
    fuller = (whole, stem + "re" if stem[-1] in "aeiou" else whole, stem + "rre")
    verbal = stem.endswith(("ar", "er", "ir", "or", "ur", "ndo", "nd", "ato", "uto", "ito"))
    return verbal and any(_in_dictionary(form, "it") for form in fuller)


def is_form_of_verb(low: str) -> bool:
    """Tell whether the dictionary holds an Italian word as a form of a verb, not the infinitive."""
    import simplemma

    lemma = simplemma.lemmatize(low, lang="it")
    return low != lemma and re.search(r"(?:[aei]re|rre)(?:si)?$", lemma) is not None


def _stems(low: str, language: str) -> list[str]:
    found = []
    for ending, instead in _ENDINGS.get(language, ()):
        stem = low[: -len(ending)]
        if low.endswith(ending) and len(stem) >= 3:
            found.append(stem + instead)
            if language == "en" and stem[-1:] == stem[-2:-1]:
                found.append(stem[:-1])
    for beginning in _BEGINNINGS.get(language, ()):
        if low.startswith(beginning) and len(low) - len(beginning) >= 4:
            found.append(low[len(beginning) :])
    return found


def _in_dictionary(low: str, language: str) -> bool:
    import simplemma

    try:
        if not simplemma.is_known(low, lang=language):
            return False
        return simplemma.lemmatize(low, lang=language)[:1].islower()
    except ValueError:  # a language that simplemma has no dictionary of
        return False
