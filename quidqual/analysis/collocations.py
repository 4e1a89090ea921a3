"""Words in their company: which stand together more often than their frequency explains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.analysis.words import in_language, shown_form, words_of
from quidqual.coding.tokens import fold
from quidqual.study.arguments import must_be_number, must_be_text, names_of
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    from quidqual.study.model import Study

__all__ = ["collocations"]


def collocations(
    source: Study | Mapping[str, Any],
    word: str | None = None,
    *,
    window: int = 4,
    least: int = 3,
    language: str | None = None,
    speech: str | None = None,
    codes: str | Iterable[str] | None = None,
    leave_out: Iterable[str] = (),
) -> pd.DataFrame:
    """Find words that stand near each other more often than their frequency explains.

    Parameters
    ----------
    source : Study or mapping
        A study, or ``{part: text}``.
    word : str, optional
        Only the company of this word; by default all pairs.
    window : int
        How many words apart at most, within one sentence.
    least : int
        Leave pairs out that occur less often than this.
    language, speech, codes
        As for :func:`quidqual.keyness`; languages are kept apart.
    leave_out : iterable of str
        Words not to be listed.

    Returns
    -------
    DataFrame
        One row per language and pair, sorted by language and falling G2: ``language``,
        ``a``, ``b`` (str; a the word asked for, else in alphabetical order),
        ``together``, ``n_a``, ``n_b``, ``n`` (int: pairs of places at most ``window``
        apart: all, with a, with b), ``g2`` (float, negative where the two stand together less
        than their frequency explains), ``npmi`` (float), ``notes``,
        ``participants`` (int), ``corpus``.

    Raises
    ------
    QuidqualError
        If the window is below 1 or the word does not occur.

    Notes
    -----
    A pair of places counts once, whichever word comes first. G2 is Dunning's over
    the four cells (with a and b, a alone, b alone, neither). Few notes make few pairs:
    below five, read the passages instead.

    References
    ----------
    Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence.
    *Computational Linguistics* 19, 61-74.

    Examples
    --------
    >>> text = "New skills help. She learns new skills. Old habits stay. He has new skills."
    >>> collocations({"note": text}, "new", window=1, least=2)[["a", "b", "together"]]
         a       b  together
    0  new  skills         3
    """
    must_be_number(window, field="window", whole=True)
    must_be_number(least, field="least")
    if window < 1 or least < 1:
        raise QuidqualError.of("window and least start at 1.", remedy="Use window=4, least=3.")
    words = words_of(source, speech=speech, codes=codes)
    words = in_language(words, language)
    if word is not None:
        must_be_text(word, field="word")
    node = None if word is None else fold(word)
    if node is not None and node not in set(words["word"]):
        raise QuidqualError.of(
            "The word does not occur here.", remedy="Check language= and codes=."
        )
    left_out = {fold(w) for w in names_of(leave_out, field="leave_out")}
    tables = [
        _pairs(part.reset_index(drop=True), window, least, node, left_out)
        for _, part in words.groupby("language", sort=True)
    ]
    columns = ["language", "a", "b", "together", "n_a", "n_b", "n", "g2", "npmi"]
    empty = pd.DataFrame(columns=[*columns, "notes", "participants"])
    found = pd.concat(tables, ignore_index=True) if tables else empty
    return found.assign(corpus="" if isinstance(source, Mapping) else source.corpus)


def _pairs(
    words: pd.DataFrame, window: int, least: int, node: str | None, leave_out: set[str]
) -> pd.DataFrame:
    """Count and measure the pairs of one language."""
    key, names = pd.factorize(words["word"], sort=True)
    stretch = pd.factorize(words["interview"].astype("str") + "\n" + words["run"].astype("str"))[0]
    steps = [
        (np.arange(len(key) - step), np.arange(step, len(key)))
        for step in range(1, window + 1)
        if step < len(key)
    ]
    left = np.concatenate([a for a, _ in steps]) if steps else np.zeros(0, dtype=np.int64)
    right = np.concatenate([b for _, b in steps]) if steps else np.zeros(0, dtype=np.int64)
    near = stretch[left] == stretch[right]
    left, right = left[near], right[near]
    low, high = np.minimum(key[left], key[right]), np.maximum(key[left], key[right])
    n = len(left)
    frequency = np.bincount(low, minlength=len(names)) + np.bincount(high, minlength=len(names))
    frequency -= np.bincount(low[low == high], minlength=len(names))
    pairs = pd.DataFrame(
        {
            "a": low,
            "b": high,
            "interview": words["interview"].to_numpy(dtype=object)[left],
            "participant": words["participant"].to_numpy(dtype=object)[left],
        }
    )
    found = pairs.groupby(["a", "b"]).agg(
        together=("a", "size"),
        notes=("interview", "nunique"),
        participants=("participant", "nunique"),
    )
    found = found[found["together"] >= least].reset_index()
    k, n_a, n_b = found["together"], frequency[found["a"]], frequency[found["b"]]
    shown = pd.Series(names).map(shown_form(words)).to_numpy(dtype=object)
    left_out = pd.Series(names).isin(leave_out).to_numpy()
    found = found.assign(n_a=n_a, n_b=n_b, n=n, g2=_g2(k.to_numpy(), n_a, n_b, n))
    share = k / n
    with np.errstate(divide="ignore"):
        npmi = np.log(k * n / (n_a * n_b)) / -np.log(share)
    found["npmi"] = np.where(share < 1, npmi, 1.0)
    found = found[~left_out[found["a"]] & ~left_out[found["b"]] & (found["a"] != found["b"])]
    if node is not None:
        here = list(names).index(node) if node in set(names) else -1
        found = found[(found["a"] == here) | (found["b"] == here)]
        turn = found["a"] != here  # the word asked for stands first
        a, b = found["a"].where(~turn, found["b"]), found["b"].where(~turn, found["a"])
        na, nb = found["n_a"].where(~turn, found["n_b"]), found["n_b"].where(~turn, found["n_a"])
        found = found.assign(a=a, b=b, n_a=na, n_b=nb)
    language = words["language"].iloc[0]
    found = found.assign(a=shown[found["a"]], b=shown[found["b"]], language=language)
    columns = ["language", "a", "b", "together", "n_a", "n_b", "n", "g2", "npmi"]
    found = found[[*columns, "notes", "participants"]]
    return found.sort_values(["g2", "a", "b"], ascending=[False, True, True])


def _g2(k: np.ndarray, n_a: np.ndarray, n_b: np.ndarray, n: int) -> np.ndarray:
    """Dunning's log-likelihood over the four cells, negative where the two avoid each other."""
    total = np.zeros(len(k))
    rows, columns = (n_a, n - n_a), (n_b, n - n_b)
    cells = ((k, n_a - k), (n_b - k, n - n_a - n_b + k))
    for i in range(2):
        for j in range(2):
            seen = np.asarray(cells[i][j], dtype=float)
            expected = np.asarray(rows[i] * columns[j], dtype=float) / max(n, 1)
            ratio = np.divide(
                seen, expected, out=np.ones_like(seen), where=(seen > 0) & (expected > 0)
            )
            total += seen * np.log(ratio)
    return 2 * total * np.where(k * n >= n_a * n_b, 1, -1)
