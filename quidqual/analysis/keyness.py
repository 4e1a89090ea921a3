"""Keyness: the words that one group or round uses more than another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.analysis.words import in_language, shown_form, two_sides, words_of
from quidqual.study.arguments import must_be_number, must_be_text, names_of
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    from quidqual.study.model import Study

__all__ = ["keyness"]


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
    speech : {"verbatim", "paraphrase"}, optional
        Only the participants' own words, or only the researcher's. By default both:
        then much of what differs is the writing of the researcher.
    codes : str or iterable of str, optional
        Only words under these codes.
    least : int
        Leave words out that occur less often than this in both together.
    leave_out : iterable of str
        Words not to be listed (they still count in the totals).
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
        in the target), ``corpus``.

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
    >>> table = keyness({"a": "work work work home", "b": "home home rest work"}, least=1)
    >>> table[["word", "k_target", "k_reference", "g2"]].round(3)
       word  k_target  k_reference     g2
    0  work         3            1  1.046
    1  home         1            2 -0.340
    2  rest         0            1 -1.386
    """
    must_be_text(by, field="by")
    words = words_of(source, speech=speech, codes=codes)
    words = in_language(words, language)
    left_out = set(names_of(leave_out, field="leave_out"))
    must_be_number(least, field="least")
    must_be_number(prior, field="prior")
    if least < 1 or prior <= 0:
        raise QuidqualError.of("least and prior must be positive.", remedy="Use 3 and 500.")
    if words.empty:
        raise QuidqualError.of(
            "There are no words to compare.", remedy="Widen language=, speech= or codes=."
        )
    corpus = "" if isinstance(source, Mapping) else source.corpus
    name, other, _, _ = two_sides(words, by, target, reference)
    tables = []
    for spoken, part in words.groupby("language", sort=True):
        if name not in set(part[by].astype("str")):
            continue  # nothing of the target in this language
        _, _, mine, rest = two_sides(part, by, name, None)
        if reference is not None:
            rest = (part[by].astype("str") == reference).to_numpy()
        if rest.any():
            tables.append(_compare(part, mine, rest, least, left_out, prior, str(spoken)))
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
            "g2": _g2(a, b, c, d),
        }
    )
    table["log_odds"], table["z"] = _log_odds(a, b, c, d, prior)
    spread = _dispersion(words[mine], key[mine], len(names))
    table = table.assign(**spread)
    keep = (a + b >= least) & ~pd.Series(names).isin(leave_out) & ~table["word"].isin(leave_out)
    table = table[keep.to_numpy()].sort_values(["z", "word"], ascending=[False, True])
    return table.reset_index(drop=True)


def _g2(a: np.ndarray, b: np.ndarray, c: int, d: int) -> np.ndarray:
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
