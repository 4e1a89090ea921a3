"""Counts over tags that pandas and Dask frames give alike: prevalence, pairs, keyness."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from quidqual.coding.tokens import tokenise
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from dask.dataframe import DataFrame as DaskFrame

Frame: TypeAlias = "pd.DataFrame | DaskFrame"


def _parts(frame: Frame, make: object, *arguments: object) -> pd.DataFrame:
    """Apply a function to every partition and put the small answers together."""
    if isinstance(frame, pd.DataFrame):
        return make(frame, *arguments)  # type: ignore[operator]
    from dask import compute, delayed

    answers = compute(*[delayed(make)(part, *arguments) for part in frame.to_delayed()])
    return pd.concat(answers, ignore_index=True)


def tag_prevalence(
    tags: Frame, segments: Frame, *, by: Sequence[str] = ("group", "round")
) -> pd.DataFrame:
    """In how many participants, of how many, each code was tagged.

    Parameters
    ----------
    tags, segments : DataFrame (pandas or Dask)
        Tags, and the segments they were found in: those give the denominators.
    by : sequence of str, default ("group", "round")

    Returns
    -------
    DataFrame
        ``*by``, ``code`` (str), ``k, n`` (int: participants), ``n_tags`` (int), ``label``
        ("3 of 4"), sorted.
    """
    keys = list(by)
    for frame, name in ((tags, "tags"), (segments, "segments")):
        missing = {*keys, "participant"} - set(frame.columns)
        if missing:
            raise QuidqualError.of(f"{name} lack {listed(sorted(missing))}.", field=name,
                                   remedy="Tag a study, or texts with these columns.")  # fmt: skip
    people = [*keys, "participant"]
    seen = _parts(segments, _distinct, people)[people].drop_duplicates()
    n = seen.groupby(keys).size().rename("n").reset_index()
    found = _parts(tags, _distinct, [*keys, "code", "participant"])
    grouped = found.groupby([*keys, "code"])
    k = grouped.agg(k=("participant", "nunique"), n_tags=("size", "sum")).reset_index()
    frame = k.merge(n, on=keys, how="left")
    frame["label"] = [f"{a} of {b}" for a, b in zip(frame["k"], frame["n"], strict=True)]
    return frame[[*keys, "code", "k", "n", "n_tags", "label"]].reset_index(drop=True)


def _distinct(part: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    text = part[columns].astype("str")
    return text.groupby(columns).size().rename("size").reset_index()[[*columns, "size"]]


def tag_pairs(tags: Frame) -> pd.DataFrame:
    """In how many segments two codes were tagged together.

    A segment must lie in one partition, as it does when a partition is a file.

    Returns
    -------
    DataFrame
        ``code, other`` (str, in alphabetical order), ``n_segments`` (int), sorted.
    """
    found = _parts(tags, _pairs)
    return found.groupby(["code", "other"], as_index=False)["n_segments"].sum()


def _pairs(part: pd.DataFrame) -> pd.DataFrame:
    codes = part.astype({"code": "str"}).groupby(["interview", "segment"])["code"].unique()
    pairs = [p for group in codes for p in combinations(sorted(group), 2)]
    frame = pd.DataFrame(pairs, columns=["code", "other"]).astype("str")
    return frame.groupby(["code", "other"]).size().rename("n_segments").reset_index()


def word_keyness(segments: Frame, *, column: str, value: str, least: int = 5) -> pd.DataFrame:
    """Words that one part of a corpus uses more, or less, than the rest.

    Parameters
    ----------
    segments : DataFrame (pandas or Dask)
        With ``words`` and the column.
    column, value : str
        The part: rows whose column has the value.
    least : int, default 5
        Leave out words written less often.

    Returns
    -------
    DataFrame
        ``word`` (str), ``n_here, n_rest`` (int), ``log_ratio`` (float: binary logarithm of
        the ratio of rates, 0.5 added to each count), ``g2`` (float: log-likelihood),
        sorted by ``g2``, largest first.

    References
    ----------
    Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence.
    Computational Linguistics 19, 61-74.
    """
    if column not in segments.columns:
        raise QuidqualError.of(f"there is no column {column!r}.", field="column",
                               remedy=f"Use one of: {listed(segments.columns)}.")  # fmt: skip
    counts = _parts(segments, _word_counts, column, value)
    table = counts.groupby("word")[["n_here", "n_rest"]].sum()
    here, rest = table.sum()
    if not here or not rest:
        raise QuidqualError.of(f"{column} is {value!r} in every row or in none.", field="value",
                               remedy="Name a part of the corpus.")  # fmt: skip
    table = table[table.sum(axis=1) >= least]
    a, b = table["n_here"].to_numpy(float), table["n_rest"].to_numpy(float)
    expected_a = here * (a + b) / (here + rest)
    expected_b = rest * (a + b) / (here + rest)
    logs = [x * np.log(np.where(x > 0, x, 1) / e) for x, e in ((a, expected_a), (b, expected_b))]
    ratio = np.log2(((a + 0.5) / here) / ((b + 0.5) / rest))
    frame = table.assign(log_ratio=ratio, g2=2 * (logs[0] + logs[1])).reset_index()
    order = ["g2", "word"]
    return frame.sort_values(order, ascending=[False, True], kind="stable").reset_index(drop=True)


def _word_counts(part: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    sides = part[column].astype("str").eq(value)
    words = pd.Series([[t.keys[0] for t in tokenise(x)] for x in part["words"]], dtype="object")
    long = pd.DataFrame({"word": words, "here": sides.to_numpy()}).explode("word").dropna()
    counts = long.groupby("word")["here"].agg(["sum", "size"])
    frame = pd.DataFrame(
        {"n_here": counts["sum"].astype(int), "n_rest": counts["size"] - counts["sum"]}
    )
    return frame.rename_axis("word").reset_index().astype({"n_rest": int})
