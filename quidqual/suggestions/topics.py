"""Discovery, modestly: word groups by non-negative factors, and how stable they are."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd

from quidqual.coding.sources import Source, passages
from quidqual.coding.tokens import tokenise
from quidqual.study.arguments import must_be_number
from quidqual.study.errors import QuidqualError

TOP = 10


def topics(
    source: Source, *, n_topics: int = 8, seeds: int = 10, language: str | None = None
) -> pd.DataFrame:
    """Group words that occur together, and say how far the groups hang on the seed.

    Parameters
    ----------
    source : Study or texts
        As for `quidqual.tag`; of a study with several languages give one.
    n_topics : int, default 8
    seeds : int, default 10
        Runs from random starts that the groups are compared with.
    language : str, optional
        Only the segments in this language.

    Returns
    -------
    DataFrame
        One row a group, the most stable first: ``topic`` (int from 1), ``words`` (str: the
        ten heaviest), ``share`` (float: of segments where it is heaviest), ``stability``
        (float: mean share of its ten words found again in the best matching group of
        each random start), ``stable`` (bool: at least 0.7).

    Raises
    ------
    QuidqualError
        If there are too few segments for so many groups, or several languages.

    Notes
    -----
    NMF starts from nndsvd, which involves no chance; the random starts show what another
    start would give. A group that does not come back is no finding. No topic is a code.

    References
    ----------
    Boutsidis, C. and Gallopoulos, E. (2008). SVD based initialization: a head start for
    nonnegative matrix factorization. Pattern Recognition 41, 1350-1362.
    """
    from scipy.optimize import linear_sum_assignment
    from sklearn.feature_extraction.text import TfidfVectorizer

    for name, value in (("n_topics", n_topics), ("seeds", seeds)):
        must_be_number(value, field=name, whole=True)
    given = passages(source, language=language)
    chosen = [
        t for t, own in zip(given.texts, given.languages, strict=True) if language in (None, own)
    ]
    if language is None and len(set(given.languages)) > 1:
        raise QuidqualError.of("the texts are in several languages.", field="language",
                               remedy="Give language=, one at a time.")  # fmt: skip
    if n_topics < 2 or seeds < 1 or len(chosen) < 5 * n_topics:
        raise QuidqualError.of(
            f"{n_topics} groups from {len(chosen)} segments and {seeds} starts.", field="n_topics",
            remedy="Use 2 or more groups, 5 segments or more for each, 1 start or more.",
        )  # fmt: skip
    vectors = TfidfVectorizer(analyzer=_words, min_df=2, max_df=0.2)
    try:
        matrix = vectors.fit_transform(chosen)
    except ValueError as error:
        raise QuidqualError.of("the texts share no words.", field="source",
                               remedy="Give more or longer texts.") from error  # fmt: skip
    names = vectors.get_feature_names_out()
    weights, parts = _factors(matrix, n_topics, "nndsvd", 0)
    tops = [set(np.argsort(-row, kind="stable")[:TOP]) for row in parts]
    again = np.zeros((seeds, n_topics))
    for seed in range(seeds):
        _, other = _factors(matrix, n_topics, "random", seed)
        others = [set(np.argsort(-row, kind="stable")[:TOP]) for row in other]
        overlap = np.array([[len(a & b) / TOP for b in others] for a in tops])
        rows, columns = linear_sum_assignment(-overlap)
        again[seed, rows] = overlap[rows, columns]
    heaviest = np.bincount(weights.argmax(axis=1), minlength=n_topics) / len(chosen)
    frame = pd.DataFrame({
        "words": [", ".join(names[np.argsort(-row, kind="stable")[:TOP]]) for row in parts],
        "share": heaviest,
        "stability": again.mean(axis=0),
    })  # fmt: skip
    frame = frame.sort_values(["stability", "words"], ascending=[False, True], kind="stable")
    frame.insert(0, "topic", range(1, n_topics + 1))
    return frame.assign(stable=frame["stability"] >= 0.7).reset_index(drop=True)


def _words(text: str) -> list[str]:
    return [t.keys[0] for t in tokenise(text) if len(t.keys[0]) > 3]


def _factors(matrix: object, n: int, init: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    model = NMF(n, init=init, random_state=seed, max_iter=400)
    with warnings.catch_warnings():  # a start that ends early is judged by its stability
        warnings.simplefilter("ignore", ConvergenceWarning)
        weights = model.fit_transform(matrix)
    return weights, model.components_
