"""What a model learns from: segments, which codes they carry, and whose they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from quidqual.pattern_review.evaluate import overlapping_segments
from quidqual.study.errors import QuidqualError, listed
from quidqual.suggestions.surroundings import lines_of

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from quidqual.study.model import Study

MIN_PARTICIPANTS = 3
_MORE = 0.15  # what is kept beyond the least that is needed: it rules out most pairs at once


@dataclass(frozen=True)
class Training:
    """Segments coded by hand, as a model takes them.

    Attributes
    ----------
    segments : DataFrame
        Of the interviews coded by hand, rows of ``study.segments``.
    labels : ndarray of bool, shape (segments, codes)
        Whether a hand coding of the code overlaps the segment.
    codes : tuple of str
        Codes that at least three participants carry, in the order of the codebook.
    refused : DataFrame
        ``code, n_segments, n_participants, reason``: codes that are not learnt.
    coders : tuple of str
        Who coded.
    lines : tuple of str
        What the default model is told of each segment, see `surroundings`; its words alone
        where nothing else is known.
    """

    segments: pd.DataFrame
    labels: np.ndarray
    codes: tuple[str, ...]
    refused: pd.DataFrame
    coders: tuple[str, ...]
    lines: tuple[str, ...] = ()

    @property
    def texts(self) -> list[str]:
        """Words of each segment."""
        return self.segments["words"].tolist()

    @property
    def participants(self) -> np.ndarray:
        """Participant of each segment."""
        return self.segments["participant"].to_numpy(dtype=object)


def training_of(
    study: Study,
    *,
    coder: str | None = None,
    codes: Iterable[str] | None = None,
    min_participants: int = MIN_PARTICIPANTS,
) -> Training:
    """Take the hand codings of a study as training material.

    Parameters
    ----------
    study : Study
    coder : str, optional
        Only this coder's codings. Default: the primary coder's, or all coders'.
    codes : iterable of str, optional
        Only these codes.
    min_participants : int, default 3
        A code carried by fewer participants is refused: its words would be the words of
        one or two persons.

    Raises
    ------
    QuidqualError
        If nothing is coded by hand, fewer than three participants are, or every code is
        refused (each is named).
    """
    codings = study.codings
    codings = codings[(codings["source"].astype(str) == "hand") & codings["start"].notna()]
    chosen = coder or study.primary_coder
    if chosen is not None:
        codings = codings[codings["coder"].astype(str) == chosen]
    if codings.empty:
        raise QuidqualError.of(
            "there is no hand coding to learn from.", field="coder",
            remedy="Code a few notes by hand."
            + (f" Coders so far: {listed(study.coders)}." if study.coders else ""),
        )  # fmt: skip
    segments = study.segments[study.segments["interview"].isin(codings["interview"])]
    segments = segments.reset_index(drop=True)
    n_people = segments["participant"].nunique()
    if n_people < min_participants:
        raise QuidqualError.of(
            f"notes of {n_people} participants are coded; a model needs {min_participants}.",
            field="study", remedy="Code a note of further participants first.",
        )  # fmt: skip
    wanted = _wanted(study, codes)
    table = _labels(study, codings, segments, wanted)
    people = segments["participant"]
    rows = [(c, int(table[c].sum()), people[table[c]].nunique()) for c in wanted]
    kept = tuple(c for c, _, n in rows if n >= min_participants)
    refused = pd.DataFrame(
        [
            (c, k, n, f"carried by {n} of {n_people} participants, {min_participants} are needed")
            for c, k, n in rows
            if n < min_participants
        ],
        columns=["code", "n_segments", "n_participants", "reason"],
    )
    if not kept:
        raise QuidqualError.of(
            f"no code can be learnt: {listed(refused['code'])} are carried by fewer than "
            f"{min_participants} participants each.", field="codes",
            remedy="Code further participants first.",
        )  # fmt: skip
    coders = tuple(sorted(codings["coder"].astype(str).unique()))
    labels = table[list(kept)].to_numpy(dtype=bool)
    lines = tuple(lines_of(study, segments))
    return Training(segments, labels, kept, refused, coders, lines)


def _wanted(study: Study, codes: Iterable[str] | None) -> list[str]:
    book = study.codebook
    if codes is None:
        return list(book.codable)
    chosen = [codes] if isinstance(codes, str) else list(codes)
    return [book[c].id for c in chosen]


def _labels(
    study: Study, codings: pd.DataFrame, segments: pd.DataFrame, codes: list[str]
) -> pd.DataFrame:
    pairs = overlapping_segments(study, codings)
    keys = pd.MultiIndex.from_frame(segments[["interview", "segment"]])
    table = pd.DataFrame(False, index=keys, columns=codes)
    for code, part in pairs.groupby("code"):
        if code in table:
            at = pd.MultiIndex.from_frame(part[["interview", "segment"]])
            table[code] = keys.isin(at)
    return table.reset_index(drop=True)


def near_duplicates(training: Training, *, similarity: float = 0.9) -> pd.DataFrame:
    """Find nearly equal segments of different participants, which would flatter the scores.

    Parameters
    ----------
    training : Training
    similarity : float, default 0.9
        Least cosine of the character 4-grams.

    Returns
    -------
    DataFrame
        ``interview, segment, other_interview, other_segment`` , ``similarity`` (float);
        no words of the notes.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    columns = ["interview", "segment", "other_interview", "other_segment", "similarity"]
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 4), use_idf=False)
    try:
        matrix = vectors.fit_transform(training.texts).tocsr()
    except ValueError:  # no segment is long enough to have a 4-gram
        return pd.DataFrame(columns=columns)
    people = training.participants
    names = training.segments[["interview", "segment"]].to_numpy(dtype=object)
    rare, rest = _rarest(matrix, min(1.0, 1 - similarity**2 + _MORE))
    rows = []
    for start in range(0, matrix.shape[0], 1000):
        near = (rare[start : start + 1000] @ matrix.T).tocoo()
        one, other = near.row + start, near.col
        could = near.data >= similarity - rest[one] - 1e-6
        could &= (one != other) & (people[one] != people[other])
        one, other = np.minimum(one, other)[could], np.maximum(one, other)[could]
        rows.append(np.column_stack([one, other]))
    pairs = np.unique(np.concatenate(rows), axis=0)
    values = np.asarray(matrix[pairs[:, 0]].multiply(matrix[pairs[:, 1]]).sum(axis=1)).ravel()
    close = values >= similarity
    told = [
        (*names[i], *names[j], round(float(value), 3))
        for (i, j), value in zip(pairs[close], values[close], strict=True)
    ]
    return pd.DataFrame(sorted(told), columns=columns)


def _rarest(matrix: csr_matrix, share: float) -> tuple[csr_matrix, np.ndarray]:
    """Keep of each row its rarest features, until they hold a share of its squared length of 1.

    Also gives the length of the rest. Two rows whose product is at least t have a product of at
    least t less that rest in what is kept, by the inequality of Cauchy and Schwarz (Bayardo, Ma
    and Srikant 2007, Scaling up all pairs similarity search, WWW '07, 131-140).
    """
    common = matrix.getnnz(axis=0)
    sizes = np.diff(matrix.indptr)
    rows = np.repeat(np.arange(matrix.shape[0]), sizes)
    order = np.lexsort((matrix.indices, common[matrix.indices], rows))
    squares = matrix.data[order].astype(float) ** 2
    before = np.cumsum(squares) - squares
    first = np.minimum(matrix.indptr[:-1], max(len(before) - 1, 0))
    kept = before - np.repeat(before[first], sizes) <= share
    made = matrix.copy()
    made.data = np.zeros_like(matrix.data)
    made.data[order[kept]] = matrix.data[order[kept]]
    made.eliminate_zeros()
    left = np.bincount(rows, weights=np.where(kept, 0.0, squares), minlength=matrix.shape[0])
    return made, np.sqrt(left)
