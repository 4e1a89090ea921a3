"""The same answer as the engine, slowly and obviously: what the engine is tested against.

Nothing is indexed, cached or skipped. Every pattern is tried at every word of every text by
writing out each way of placing its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from quidqual.coding.engine import Hit, Scope
from quidqual.coding.patterns import Element, Pattern, Word, glob_matches
from quidqual.coding.tokens import Token, tokenise


def reference_match(
    patterns: Sequence[Pattern],
    text: str,
    *,
    scope: Scope = "longest",
    lemmatise: Callable[[str], str] | None = None,
) -> list[Hit]:
    """Find all hits in one text.

    Parameters
    ----------
    patterns : sequence of Pattern
        Of one language, exclusions among them.
    text : str
        Any text.
    scope : {"longest", "all"}
        Whether a hit inside another hit of its code is left out.
    lemmatise : callable, optional
        Key to lemma.

    Returns
    -------
    list of Hit
        Sorted by start, end and pattern.

    Examples
    --------
    >>> from quidqual.coding.patterns import parse
    >>> reference_match([parse("trust ~1 nobody")], "I trust almost nobody.")
    [Hit(start=2, end=21, pattern=0)]
    """
    tokens = tokenise(text)

    def spans(pattern: Pattern, *, overlapping: bool) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        free_from = 0
        for start in range(len(tokens)):
            if start < free_from and not overlapping:
                continue
            for variant in pattern.variants:
                ends = list(_ends(variant, start, tokens, lemmatise))
                if ends:
                    found.append((tokens[start].start, tokens[min(ends)].end))
                    free_from = min(ends) + 1
                    break
        return found

    hits = []
    for number, pattern in enumerate(patterns):
        if pattern.exclude:
            continue
        barred = [
            span
            for other in patterns
            if other.exclude and other.code == pattern.code
            for span in spans(other, overlapping=True)
        ]
        for start, end in spans(pattern, overlapping=False):
            if not any(a < end and start < b for a, b in barred):
                hits.append(Hit(start, end, number))
    if scope == "longest":
        hits = [h for h in hits if not any(_hides(o, h, patterns) for o in hits)]
    return sorted(hits)


def _ends(
    variant: Sequence[Element],
    at: int,
    tokens: Sequence[Token],
    lemmatise: Callable[[str], str] | None,
) -> Iterator[int]:
    """All last tokens, over every way to place the words."""
    if at >= len(tokens) or not any(_fits(w, tokens[at], lemmatise) for w in variant[0].words):
        return
    if len(variant) == 1:
        yield at
        return
    for step in range(1, variant[1].gap + 2):
        if at + step < len(tokens) and tokens[at + step].run == tokens[at].run:
            yield from _ends(variant[1:], at + step, tokens, lemmatise)


def _fits(word: Word, token: Token, lemmatise: Callable[[str], str] | None) -> bool:
    if word.where:
        return False
    if word.kind == "any":
        return True
    if word.kind == "literal":
        return word.text in token.keys
    if word.kind == "glob":
        return any(glob_matches(word.text, key) for key in token.keys)
    return lemmatise is not None and any(lemmatise(key) == word.text for key in token.keys)


def _hides(other: Hit, hit: Hit, patterns: Sequence[Pattern]) -> bool:
    """Whether another hit of the same code holds this one (or the same words, earlier)."""
    same_code = patterns[other.pattern].code == patterns[hit.pattern].code
    holds = other.start <= hit.start and hit.end <= other.end
    longer = (other.end - other.start) > (hit.end - hit.start)
    return same_code and holds and (longer or other.pattern < hit.pattern)
