"""Other ways to find words, as their users would write them: what `tagging.py` compares with.

Each does less than `qq.tag` does: none knows gaps or exclusions, most know no globs, none says
which words matched and what negates them. What is left out is said beside each result.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate
from itertools import product

import pandas as pd

from quidqual.coding.patterns import Pattern

Work = Callable[[list[str]], object]


def by_contains(patterns: list[Pattern]) -> Work:
    sources = [
        rf"\b(?:{'|'.join(w.text.replace('*', chr(92) + 'w*') for w in p.variants[0][0].words)})\b"
        for p in patterns
    ]

    def work(texts: list[str]) -> object:
        column = pd.Series(texts, dtype="object")
        return sum(int(column.str.contains(s, case=False, regex=True).sum()) for s in sources)

    return work


def by_phrase_matcher(patterns: list[Pattern]) -> Work:
    import spacy
    from spacy.matcher import PhraseMatcher

    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    for i, p in enumerate(patterns):
        matcher.add(str(i), [nlp.make_doc(" ".join(e.words[0].text for e in p.variants[0]))])
    return lambda texts: sum(len(matcher(doc)) for doc in nlp.pipe(texts))


def by_matcher(patterns: list[Pattern]) -> Work:
    import spacy
    from spacy.matcher import Matcher

    nlp = spacy.blank("en")
    matcher = Matcher(nlp.vocab)
    for i, p in enumerate(patterns):
        row = []
        for e in p.variants[0]:
            either = "|".join(re.escape(w.text).replace(r"\*", ".*") for w in e.words)
            row += [{"OP": "?"}] * e.gap + [{"LOWER": {"REGEX": f"^(?:{either})$"}}]
        matcher.add(str(i), [row])
    return lambda texts: sum(len(matcher(doc)) for doc in nlp.pipe(texts))


def by_dictionary(patterns: list[Pattern]) -> Work:
    """Exact single words alone: what a dictionary lookup in plain Python can do."""
    words = {w.text for p in patterns for v in p.variants for e in v for w in e.words}
    token = re.compile(r"\w+")
    return lambda texts: sum(w in words for t in texts for w in token.findall(t.lower()))


def by_token_ids(patterns: list[Pattern]) -> Work:
    """quanteda's way: number the words, write globs out over the vocabulary, compare numbers."""
    token = re.compile(r"\w+")

    def work(texts: list[str]) -> object:
        number: dict[str, int] = {}
        rows = [
            [number.setdefault(w, len(number)) for w in token.findall(t.lower())] for t in texts
        ]
        sought: dict[int, set[tuple[int, ...]]] = {}
        for pattern in patterns:
            for variant in pattern.variants:
                sides = [_numbers([w.text for w in place.words], number) for place in variant]
                sought.setdefault(len(variant), set()).update(product(*sides))
        ones = {row[0] for row in sought.pop(1, ())}
        found = sum(n in ones for row in rows for n in row)
        for width, phrases in sought.items():
            for row in rows:
                found += sum(
                    tuple(row[i : i + width]) in phrases for i in range(len(row) - width + 1)
                )
        return found

    return work


def _numbers(words: list[str], number: dict[str, int]) -> list[int]:
    found: list[int] = []
    for word in words:
        if "*" in word:
            glob = re.compile(translate(word))
            found += [n for w, n in number.items() if glob.match(w)]
        elif word in number:
            found.append(number[word])
    return found


def by_aho_corasick(patterns: list[Pattern]) -> Work | None:
    """Aho-Corasick in Rust, boundaries checked in Python; None where it is not installed."""
    try:
        from ahocorasick_rs import AhoCorasick
    except ImportError:
        return None
    needles = sorted({
        " ".join(place.words[0].text for place in variant).partition("*")[:2]
        for pattern in patterns
        for variant in pattern.variants
    })  # fmt: skip
    whole = [not star for _, star in needles]
    automaton = AhoCorasick([text for text, _ in needles])

    def work(texts: list[str]) -> object:
        found = 0
        for text in texts:
            low = text.lower()
            for needle, start, end in automaton.find_matches_as_indexes(low, overlapping=True):
                if start and low[start - 1].isalnum():
                    continue
                if whole[needle] and end < len(low) and low[end].isalnum():
                    continue
                found += 1
        return found

    return work


def by_flashtext(patterns: list[Pattern]) -> Work | None:
    """A trie of words in plain Python; None where it is not installed."""
    try:
        from flashtext import KeywordProcessor
    except ImportError:
        return None
    words = KeywordProcessor(case_sensitive=False)
    for pattern in patterns:
        for variant in pattern.variants:
            words.add_keyword(" ".join(place.words[0].text for place in variant))
    return lambda texts: sum(len(words.extract_keywords(text)) for text in texts)
