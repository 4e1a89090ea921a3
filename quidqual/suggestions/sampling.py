"""What to code next: passages unlike those coded, and unlike each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from quidqual.study.arguments import must_be_number, some_of, takes_study
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    from quidqual.study.model import Study

DIMENSIONS = 50


@takes_study
def next_to_code(study: Study, *, n: int = 20, coder: str | None = None) -> pd.DataFrame:
    """Choose segments to code next, for variety and not for doubt.

    Farthest first: each choice is the segment least like anything coded or chosen before
    (cosine of TF-IDF reduced to 50 dimensions). Asking for the segments a model is least
    sure of did worse than chance in earlier trials (6 of 6 seeds).

    Parameters
    ----------
    study : Study
    n : int, default 20
        How many.
    coder : str, optional
        Leave out what this coder coded; default: what anyone coded.

    Returns
    -------
    DataFrame
        ``order`` (int from 1), ``interview`` (str), ``segment, start, end`` (int),
        ``words, participant`` (str), ``round``, ``language`` (str), ``distance`` (float:
        from the nearest coded or chosen), ``corpus``.

    Raises
    ------
    QuidqualError
        If ``n`` is less than 1, or the coder coded nothing.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    must_be_number(n, field="n", whole=True)
    if n < 1:
        raise QuidqualError.of(f"n is {n}.", field="n", remedy="Ask for 1 or more.")
    segments = study.segments
    coded = _coded(study, coder)
    columns = ["interview", "segment", "start", "end", "words", "participant", "round", "language"]
    free = np.flatnonzero(~coded)
    if not len(free):
        empty = segments.iloc[:0][[*columns, "corpus"]].assign(order=0, distance=0.0)
        return empty[["order", *columns, "distance", "corpus"]].reset_index(drop=True)
    matrix = TfidfVectorizer(token_pattern=r"(?u)\b[^\W_]+\b").fit_transform(segments["words"])
    size = min(DIMENSIONS, min(matrix.shape) - 1)
    if size >= 2:
        matrix = TruncatedSVD(size, random_state=0).fit_transform(matrix)
    else:
        matrix = matrix.toarray()
    vectors = normalize(matrix)
    near = np.full(len(segments), 1.0)
    if coded.any():
        near = 1 - (vectors @ vectors[coded].T).max(axis=1)
    chosen: list[int] = []
    distances: list[float] = []
    for _ in range(min(n, len(free))):
        left = free[~np.isin(free, chosen)]
        best = int(left[np.argmax(near[left])])
        chosen.append(best)
        distances.append(float(max(near[best], 0.0)))
        near = np.minimum(near, 1 - vectors @ vectors[best])
    frame = segments.take(chosen)[[*columns, "corpus"]].reset_index(drop=True)
    frame = frame.assign(order=range(1, len(chosen) + 1), distance=distances)
    return frame[["order", *columns, "distance", "corpus"]]


def _coded(study: Study, coder: str | None) -> np.ndarray:
    codings = study.codings
    if coder is not None:
        wished = some_of(coder, sorted(codings["coder"].astype(str).unique()), field="coder")
        codings = codings[codings["coder"].astype(str).isin(wished)]
    spans: dict[str, list[tuple[int, int]]] = {}
    known = codings[codings["start"].notna()]
    for i, a, b in known[["interview", "start", "end"]].itertuples(index=False):
        spans.setdefault(i, []).append((int(a), int(b)))
    rows = study.segments[["interview", "start", "end"]].itertuples(index=False)
    return np.array([any(x < b and a < y for x, y in spans.get(i, ())) for i, a, b in rows], bool)
