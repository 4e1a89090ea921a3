"""Words: those that one part of the notes uses more than another, and those that stand together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.analysis.selection import as_tuple
from quidqual.coding.tokens import fold
from quidqual.study.arguments import must_be_number, must_be_text
from quidqual.study.errors import QuidqualError
from quidqual.word_use.function_words import StopWords, function_words, is_function_word
from quidqual.word_use.words import heard, in_language, shown_form, two_sides, words_of

if TYPE_CHECKING:
    from quidqual.study.model import Study

__all__ = ["collocations", "keyness"]


def keyness(
    source: Study | Mapping[str, Any],
    *,
    by: str = "group",
    target: str | None = None,
    reference: str | None = None,
    language: str | None = None,
    speech: str | None = None,
    codes: str | Iterable[str] | None = None,
    least: int = 3,
    stop_words: StopWords = "spacy",
    leave_out: Iterable[str] = (),
    prior: float = 500.0,
) -> pd.DataFrame:
    """Compare how often words are used in one part of the notes and in another.

    Parameters
    ----------
    source : Study or mapping
        A study, or ``{part: text or list of words}``.
    by : {"group", "round", "participant", "interview"}
        What the parts are.
    target, reference : str, optional
        The part in question, and what it is compared with: all others by default.
    language : str, optional
        Only notes in this language. By default each language by itself: words of two
        languages are never compared.
    speech : {"verbatim", "paraphrase", "all"}, optional
        The participants' own words, the researcher's, or both. By default the participants'
        own where the notes mark them: else much of what differs is the researcher's writing.
    codes : str or iterable of str, optional
        Only words under these codes.
    least : int
        Leave words out that occur less often than this in both together.
    stop_words : "spacy", iterable of str, or mapping of language to words
        Function words, which are not listed (they still count in the totals): those that spaCy
        ships for each language, or your own; ``()`` for none.
    leave_out : iterable of str
        Further words not to be listed.
    prior : float
        Weight of the prior of the log-odds, in words.

    Returns
    -------
    DataFrame
        One row per language and word, sorted by language and falling ``z``: ``language``,
        ``word``, ``target``, ``reference``, ``k_target``, ``n_target``, ``k_reference``,
        ``n_reference`` (int: occurrences, and all words), ``per_1000_target``,
        ``per_1000_reference``, ``g2`` (float, negative where the reference uses it more),
        ``log_odds``, ``z`` (float), ``dispersion`` (float: 0 evenly over the target's
        notes, towards 1 all in one), ``notes``, ``participants`` (int: in which it occurs,
        in the target), ``speech`` (str: whose words were compared: verbatim, paraphrase, all),
        ``stop_words`` (str: which list of function words was left out), ``corpus``.

    Raises
    ------
    QuidqualError
        If a part or language has no words.

    Notes
    -----
    With a and b occurrences in c and d words, E1 = c (a + b) / (c + d), E2 likewise,
    ``G2 = 2 (a ln(a/E1) + b ln(b/E2))``. The log-odds are of the word in the target against
    the reference with a Dirichlet prior in proportion to its use in both, z is their
    ratio to their standard error. Neither is a test here: words of one note are not
    independent, and one person's favourite word looks like a group's. Read ``dispersion``
    and ``participants`` first.

    References
    ----------
    Rayson, P. & Garside, R. (2000). Comparing corpora using frequency profiling. Monroe, B.,
    Colaresi, M. & Quinn, K. (2008). Fightin' words. *Political Analysis* 16, 372-403. Gries,
    S. Th. (2008). Dispersions and adjusted frequencies in corpora (DP). *International
    Journal of Corpus Linguistics* 13, 403-437.

    Examples
    --------
    >>> import quidqual as qq
    >>> table = qq.keyness({"a": "work work work home", "b": "home home rest work"}, least=1)
    >>> table[["word", "k_target", "k_reference", "g2"]].round(3)
       word  k_target  k_reference     g2
    0  work         3            1  1.046
    1  home         1            2 -0.340
    2  rest         0            1 -1.386
    """
    must_be_text(by, field="by")
    voice = heard(source, speech)
    words = in_language(words_of(source, speech=voice, codes=codes), language)
    left_out = set(map(str, as_tuple(leave_out)))
    must_be_number(least, field="least", whole=True)
    must_be_number(prior, field="prior")
    prior = float(prior) if abs(prior) < 1e12 else np.inf
    if least < 1 or not 0 < prior < np.inf:
        raise QuidqualError.of(
            "least and prior must be positive, and prior finite.", remedy="Use 3 and 500."
        )
    if words.empty:
        raise QuidqualError.of(
            "There are no words to compare.", remedy="Widen language=, speech= or codes=."
        )
    corpus = "" if isinstance(source, Mapping) else source.mark
    name, other, _, _ = two_sides(words, by, target, reference)
    tables = []
    for spoken, part in words.groupby("language", sort=True):
        if name not in set(part[by].astype("str")):
            continue  # nothing of the target in this language
        _, _, mine, rest = two_sides(part, by, name, None)
        if reference is not None:
            rest = (part[by].astype("str") == reference).to_numpy()
        if rest.any():
            common, called = function_words(stop_words, str(spoken))
            listed = _compare(part, mine, rest, least, left_out, prior, str(spoken))
            content = [not is_function_word(fold(word), common) for word in listed["word"]]
            listed = listed[content].reset_index(drop=True)
            tables.append(listed.assign(speech=voice, stop_words=called))
    if not tables:
        raise QuidqualError.of(
            f"Target {name!r} and reference {other!r} share no language.",
            remedy="Compare parts whose notes are in one language.",
        )
    table = pd.concat(tables, ignore_index=True)
    table.insert(2, "target", name)
    table.insert(3, "reference", other)
    return table.assign(corpus=corpus)


def _compare(
    words: pd.DataFrame,
    mine: np.ndarray,
    rest: np.ndarray,
    least: int,
    leave_out: set[str],
    prior: float,
    language: str,
) -> pd.DataFrame:
    """Measure each word of one language."""
    key, names = pd.factorize(words["word"], sort=True)
    a = np.bincount(key[mine], minlength=len(names))
    b = np.bincount(key[rest], minlength=len(names))
    c, d = int(mine.sum()), int(rest.sum())
    table = pd.DataFrame(
        {
            "language": language,
            "word": pd.Series(names).map(shown_form(words)),
            "k_target": a,
            "n_target": c,
            "k_reference": b,
            "n_reference": d,
            "per_1000_target": 1000 * a / c,
            "per_1000_reference": 1000 * b / d,
            "g2": _g2_of_parts(a, b, c, d),
        }
    )
    table["log_odds"], table["z"] = _log_odds(a, b, c, d, prior)
    spread = _dispersion(words[mine], key[mine], len(names))
    table = table.assign(**spread)
    keep = (a + b >= least) & ~pd.Series(names).isin(leave_out) & ~table["word"].isin(leave_out)
    table = table[keep.to_numpy()].sort_values(["z", "word"], ascending=[False, True])
    return table.reset_index(drop=True)


def _g2_of_parts(a: np.ndarray, b: np.ndarray, c: int, d: int) -> np.ndarray:
    """Signed log-likelihood."""
    expected = (a + b) / (c + d)
    first = np.where(a > 0, a * np.log(np.maximum(a, 1) / np.maximum(c * expected, 1e-300)), 0.0)
    second = np.where(b > 0, b * np.log(np.maximum(b, 1) / np.maximum(d * expected, 1e-300)), 0.0)
    return 2 * (first + second) * np.where(a * d >= b * c, 1, -1)


def _log_odds(
    a: np.ndarray, b: np.ndarray, c: int, d: int, prior: float
) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds ratio with an informative Dirichlet prior, and its z."""
    alpha = np.maximum(prior * (a + b) / (c + d), 1e-12)
    mine = np.log(a + alpha) - np.log(c + prior - a - alpha)
    rest = np.log(b + alpha) - np.log(d + prior - b - alpha)
    error = np.sqrt(1 / (a + alpha) + 1 / (b + alpha))
    return mine - rest, (mine - rest) / error


def _dispersion(words: pd.DataFrame, key: np.ndarray, n_words: int) -> dict[str, np.ndarray]:
    """Gries's deviation of proportions over the notes, and where each word occurs."""
    note, notes = pd.factorize(words["interview"])
    person, people = pd.factorize(words["participant"])
    counts = np.zeros((n_words, len(notes)))
    np.add.at(counts, (key, note), 1)
    size = np.bincount(note, minlength=len(notes)) / max(len(note), 1)
    total = counts.sum(axis=1, keepdims=True)
    share = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
    deviation = np.abs(share - size).sum(axis=1) / 2
    deviation[total.ravel() == 0] = np.nan
    by_person = np.zeros((n_words, len(people)), dtype=bool)
    by_person[key, person] = True
    return {
        "dispersion": deviation,
        "notes": (counts > 0).sum(axis=1),
        "participants": by_person.sum(axis=1),
    }


def collocations(
    source: Study | Mapping[str, Any],
    word: str | None = None,
    *,
    window: int = 4,
    least: int = 3,
    language: str | None = None,
    speech: str | None = None,
    codes: str | Iterable[str] | None = None,
    stop_words: StopWords = "spacy",
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
    language, speech, codes, stop_words, leave_out
        As for :func:`quidqual.keyness`; languages are kept apart, and the word asked for is
        never left out.

    Returns
    -------
    DataFrame
        One row per language and pair, sorted by language and falling G2: ``language``,
        ``a``, ``b`` (str; a the word asked for, else in alphabetical order),
        ``together``, ``n_a``, ``n_b``, ``n`` (int: pairs of places at most ``window``
        apart: all, with a, with b), ``g2`` (float, negative where the two stand together less
        than their frequency explains), ``npmi`` (float), ``notes``,
        ``participants`` (int), ``speech``, ``stop_words`` (str), ``corpus``.

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
    >>> import quidqual as qq
    >>> qq.word_use.collocations({"note": text}, "new", window=1, least=2)[["a", "b", "together"]]
         a       b  together
    0  new  skills         3
    """
    must_be_number(window, field="window", whole=True)
    must_be_number(least, field="least", whole=True)
    if window < 1 or least < 1:
        raise QuidqualError.of(
            "window and least must be 1 or more.", remedy="Use window=4, least=3."
        )
    voice = heard(source, speech)
    words = in_language(words_of(source, speech=voice, codes=codes), language)
    if word is not None:
        must_be_text(word, field="word")
    node = None if word is None else fold(word)
    if node is not None and node not in set(words["word"]):
        raise QuidqualError.of(
            "The word does not occur here.", remedy="Check language= and codes=."
        )
    left_out = {fold(w) for w in map(str, as_tuple(leave_out))}
    tables = []
    for spoken, part in words.groupby("language", sort=True):
        common, called = function_words(stop_words, str(spoken))
        pairs = _pairs(part.reset_index(drop=True), window, least, node, left_out)
        content = [
            all(fold(w) == node or not is_function_word(fold(w), common) for w in pair)
            for pair in zip(pairs["a"], pairs["b"], strict=True)
        ]
        tables.append(pairs[content].assign(speech=voice, stop_words=called))
    columns = ["language", "a", "b", "together", "n_a", "n_b", "n", "g2", "npmi"]
    empty = pd.DataFrame(columns=[*columns, "notes", "participants", "speech", "stop_words"])
    found = pd.concat(tables, ignore_index=True) if tables else empty
    return found.assign(corpus="" if isinstance(source, Mapping) else source.mark)


def _pairs(
    words: pd.DataFrame, window: int, least: int, node: str | None, leave_out: set[str]
) -> pd.DataFrame:
    """Count and measure the pairs of one language."""
    key, names = pd.factorize(words["word"], sort=True)
    stretch = pd.factorize(words["interview"].astype("str") + "\n" + words["run"].astype("str"))[0]
    farthest = min(window, len(key) - 1)
    steps = [
        (np.arange(len(key) - step), np.arange(step, len(key))) for step in range(1, farthest + 1)
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
    found = found.assign(n_a=n_a, n_b=n_b, n=n, g2=_g2_of_pairs(k.to_numpy(), n_a, n_b, n))
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


def _g2_of_pairs(k: np.ndarray, n_a: np.ndarray, n_b: np.ndarray, n: int) -> np.ndarray:
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
