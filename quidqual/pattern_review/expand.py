"""`expand`: which words of the texts a codebook's globs and lemmas stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from quidqual.coding.compile import CodebookLike, as_codebook, engine_for, parse_codebook
from quidqual.coding.patterns import ANY_LANGUAGE, Pattern, words_of
from quidqual.coding.sources import Source, passages
from quidqual.coding.tokens import tokenise

COLUMNS = ["code", "language", "pattern", "kind", "word", "form", "count", "share", "kept"]


def expand(
    codebook: CodebookLike,
    texts: Source | None = None,
    *,
    language: str | None = None,
    lemmas: Mapping[str, Mapping[str, str]] | None = None,
) -> pd.DataFrame:
    """Show what every glob and every lemma of a codebook stands for in the texts.

    Edit the frame (set ``kept`` to False, or drop rows) and hand it to `quidqual.tag` as
    ``expansion=``: nothing is widened or lemmatised behind your back.

    Parameters
    ----------
    codebook : Codebook, Study or mapping of code to patterns
    texts : Study or texts, optional
        As for `quidqual.tag`. Default: the study given as ``codebook``.
    language : str, optional
        Of texts that carry none.
    lemmas : mapping of language to (word to lemma), optional
        Mends the lemma table.

    Returns
    -------
    DataFrame
        One row a form, in the order of the codebook, then by count: ``code``,
        ``language``, ``pattern``, ``kind`` (glob or lemma), ``word`` (the glob or lemma),
        ``form`` (str; "" if it stands for nothing in these texts), ``count`` (int: how
        often the form is written), ``share`` (float: of all different words of the
        language), ``kept`` (bool, True).

    Raises
    ------
    QuidqualError
        For a malformed pattern or what is no text.

    Examples
    --------
    >>> table = expand({"trust": {"it": ["fiduci*"]}}, ["Ho fiducia. È fiduciosa."], language="it")
    >>> table[["form", "count"]].to_dict("records")
    [{'form': 'fiducia', 'count': 1}, {'form': 'fiduciosa', 'count': 1}]
    """
    patterns = parse_codebook(as_codebook(codebook))
    given = passages(codebook if texts is None else texts, language=language)
    counts: dict[str, Counter[str]] = {}
    for text, spoken in zip(given.texts, given.languages, strict=True):
        seen = counts.setdefault(spoken.split("-")[0], Counter())
        seen.update(token.keys[0] for token in tokenise(text))
    rows = []
    for spoken in sorted({p.language for p in patterns}):
        own = [p for p in patterns if p.language == spoken]
        here = counts.get(spoken.split("-")[0], Counter())
        if spoken == ANY_LANGUAGE or set(counts) == {""}:
            here = sum(counts.values(), Counter())
        rows += _rows(own, spoken, here, lemmas)
    frame = pd.DataFrame(rows, columns=[*COLUMNS[:-1], "order"])
    frame = frame.sort_values(["order", "count", "form"], ascending=[True, False, True])
    return frame.drop(columns="order").assign(kept=True).reset_index(drop=True)


def _rows(
    patterns: list[Pattern],
    language: str,
    counts: Counter[str],
    lemmas: Mapping[str, Mapping[str, str]] | None,
) -> list[tuple[object, ...]]:
    """Forms of each glob and lemma of one language."""
    vocabulary = engine_for(patterns, [language], lemmas=lemmas).vocabulary
    forms: dict[int, list[str]] = {}
    for key in counts:
        for number in vocabulary.of_key(key):
            forms.setdefault(number, []).append(key)
    rows: list[tuple[object, ...]] = []
    for order, pattern in enumerate(patterns):
        for word in words_of([pattern]):
            if word.kind not in ("glob", "lemma"):
                continue
            found = forms.get(vocabulary.number[word], [])
            head = (pattern.code, language, pattern.source, word.kind, word.text)
            rows += [(*head, f, counts[f], 1 / len(counts), order) for f in found]
            rows += [] if found else [(*head, "", 0, 0.0, order)]
    shares = {(r[2], r[4]): 0.0 for r in rows}
    for r in rows:
        shares[r[2], r[4]] += r[7]  # type: ignore[operator]
    return [(*r[:7], shares[r[2], r[4]], r[8]) for r in rows]
