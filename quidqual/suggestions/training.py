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
_GROUPS, _AT_ONCE = 128, 500


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
    who = pd.factorize(training.participants)[0]
    names = training.segments[["interview", "segment"]].to_numpy(dtype=object)
    lengths = _lengths(matrix)
    told = []
    for start in range(0, len(who), _AT_ONCE):
        near = lengths[start : start + _AT_ONCE] @ lengths[start:].T >= similarity - 1e-4
        one, other = (at + start for at in divmod(np.flatnonzero(near), near.shape[1]))
        could = (one < other) & (who[one] != who[other])
        one, other = one[could], other[could]
        values = np.asarray(matrix[one].multiply(matrix[other]).sum(axis=1)).ravel()
        told += [
            (*names[one[k]], *names[other[k]], round(float(values[k]), 3))
            for k in np.flatnonzero(values >= similarity)
        ]
    return pd.DataFrame(sorted(told), columns=columns)


def _lengths(matrix: csr_matrix) -> np.ndarray:
    """Length of each row within each of a few groups of its features.

    Two rows have no larger product than their lengths have, by the inequality of Cauchy and
    Schwarz in each group: the lengths rule out nearly all pairs, without looking at features.
    """
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    squares = np.zeros((matrix.shape[0], _GROUPS), dtype=np.float32)
    np.add.at(squares, (rows, matrix.indices % _GROUPS), matrix.data**2)
    return np.sqrt(squares)
