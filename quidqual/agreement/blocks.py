"""Spans of text turned into ratings: one sweep over the boundaries.

A coder's own overlapping segments of one code are united first: marking a word twice is not
marking two words. Each document is its own continuum, so that the end of one can never meet
the beginning of the next; counts are pooled afterwards. Offsets are half-open: [start, end).
A document that a coder does not cover is missing for her, never "no code".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quidqual.agreement.rating_patterns import Tally
from quidqual.analysis.selection import as_tuple
from quidqual.study.errors import Problem, QuidqualError, listed

_FIELDS = ("document", "coder", "start", "end", "code")
MAX_CODERS = 30
_LONGEST = 10**9


@dataclass(frozen=True)
class Blocks:
    """United spans as numbers, and who covers which document.

    Attributes
    ----------
    code, document, coder, start, end : numpy.ndarray
        One entry a block; sorted by code, document, coder, start.
    codes, documents, coders : list
        The names behind the numbers.
    lengths : numpy.ndarray
        Length of each document, in units.
    covered : numpy.ndarray
        Documents by coders: whether she covers it.
    rule : str
        How that was known, for the notes.
    layers : int
        How many times the documents stand side by side (once for each code, where codes are
        pooled).
    """

    code: np.ndarray
    document: np.ndarray
    coder: np.ndarray
    start: np.ndarray
    end: np.ndarray
    codes: list[Any]
    documents: list[Any]
    coders: list[Any]
    lengths: np.ndarray
    covered: np.ndarray
    rule: str
    layers: int = 1

    @property
    def coverage_note(self) -> str:
        """Say how coverage was known, where it matters, and which documents do not count."""
        if self.covered.all() and "taken as" not in self.rule:
            return ""
        readers = self.covered.sum(axis=1)
        alone = int((readers == 1).sum()) // self.layers
        unread = int((readers == 0).sum()) // self.layers
        note = self.rule + (f" ({alone} read by one coder only)" if alone else "")
        if unread:
            what = (
                "document that nobody covers is"
                if unread == 1
                else "documents that nobody covers are"
            )
            note += f"; {unread} {what} not counted (covered='all' counts them)"
        return note


def _length_table(lengths: Any, documents: pd.Series) -> dict[Any, int]:
    """Read the lengths: a mapping, a Series, or one number for a single document."""
    if isinstance(lengths, int | np.integer) and not isinstance(lengths, bool):
        names = list(pd.unique(documents.dropna())) or ["document"]
        if len(names) != 1:
            raise QuidqualError.of(
                f"lengths= is one number, and the spans name {len(names)} documents.",
                remedy="Give a mapping: the length of each document.",
                field="lengths",
            )
        lengths = {names[0]: int(lengths)}
    try:
        table = dict(lengths.items())
        found = {name: int(length) for name, length in table.items()}
    except (AttributeError, TypeError, ValueError) as cause:
        raise QuidqualError.of(
            "lengths must give a length for each document.",
            remedy="Give a mapping or Series: document -> number of characters.",
            field="lengths",
        ) from cause
    wrong = [n for n, size in found.items() if not 1 <= size <= _LONGEST or size != table[n]]
    if wrong:
        raise QuidqualError.of(
            f"lengths= must be whole numbers from 1 to {_LONGEST:,}; see {listed(wrong)}.",
            field="lengths",
        )
    return found


def _problems(spans: pd.DataFrame, lengths: dict[Any, int], rows: np.ndarray) -> list[Problem]:
    """Find everything that is wrong with the rows of spans."""
    found = []
    start = pd.to_numeric(spans["start"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    end = pd.to_numeric(spans["end"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    place = _numbers(spans["document"], list(lengths))
    size = np.append(np.array(list(lengths.values()), dtype=float), -1.0)[place]
    unnamed = spans["coder"].isna().to_numpy()
    broken = ~(np.isfinite(start) & np.isfinite(end))
    broken |= (start != np.floor(start)) | (end != np.floor(end))
    checks = (
        (size < 0, "document", "this document has no length", "Add it to lengths=."),
        (unnamed, "coder", "the coder is missing", "Every span needs the coder's name."),
        (broken, "start, end", "the offsets are not whole numbers", "Count code points from 0."),
        (~broken & (start >= end), "start, end", "the span is empty or runs backwards", ""),
        (
            ~broken & ((start < 0) | ((size >= 0) & (end > size))),
            "start, end",
            "the span reaches out of the document",
            "Offsets count code points; the end is not included.",
        ),
    )
    for bad, field, message, remedy in checks:
        found += [
            Problem("spans", int(rows[i]) + 1, field, message, remedy) for i in np.flatnonzero(bad)
        ]
    return sorted(found)


def _numbers(values: pd.Series, names: list[Any]) -> np.ndarray:
    """Give the place of each value among the names, -1 where it is none of them."""
    codes, found = pd.factorize(values)
    place = pd.Index(names, dtype=object).get_indexer(pd.Index(found, dtype=object))
    return np.append(place, -1)[codes]


def _in_order(values: Iterable[Any]) -> list[Any]:
    found = list(dict.fromkeys(values))
    try:
        return sorted(found)
    except TypeError:
        return sorted(found, key=str)


def _names(spans: pd.DataFrame, column: str, asked: Any) -> list[Any]:
    """Give the coders or codes that take part: as asked, as declared, or as they occur."""
    if asked is not None:
        named = list(dict.fromkeys(as_tuple(asked)))
        if not named:
            raise QuidqualError.of(
                f"{column}s= names nothing: nothing would be left.",
                remedy="Leave it out for all.",
                field=f"{column}s",
            )
        return named
    if isinstance(spans[column].dtype, pd.CategoricalDtype):
        return list(spans[column].cat.categories)
    return _in_order(pd.unique(spans[column].dropna()))


def coverage(
    covered: Any, present: np.ndarray, documents: list[Any], coders: list[Any]
) -> tuple[np.ndarray, str]:
    """Settle which documents each coder covers.

    ``None``: those in which she marked anything; a coder who marked nothing anywhere (but
    is named) covers all. ``"all"``: every document. A mapping: coder -> documents.
    """
    if covered is None:
        found = present.copy()
        silent = ~found.any(axis=0)
        found[:, silent] = True
        rule = "a coder covers the documents in which she marked anything"
        if silent.any():
            rule += f"; taken as covering all: {listed(np.array(coders, object)[silent])}"
        return found, rule
    if isinstance(covered, str) and covered == "all":
        return np.ones_like(present), "every coder covers every document (as declared)"
    if isinstance(covered, pd.DataFrame) and covered.shape[1] == 2:
        covered = {c: list(g.iloc[:, 1]) for c, g in covered.groupby(covered.columns[0])}
    if not isinstance(covered, Mapping):
        raise QuidqualError.of(
            "covered must be 'all', a mapping of coder to documents, or a frame of the two.",
            field="covered",
        )
    unknown = [c for c in coders if c not in covered]
    if unknown:
        raise QuidqualError.of(
            f"covered= says nothing of {listed(unknown)}.",
            remedy="Name for each coder the documents she has coded.",
            field="covered",
        )
    found = np.zeros_like(present)
    for j, coder in enumerate(coders):
        theirs = set(documents) if covered[coder] == "all" else set(covered[coder])
        found[:, j] = [d in theirs for d in documents]
    return found, "coverage as declared"


def _united(group: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Say which spans, sorted by group and start, begin a block of their own.

    Spans that overlap are one block; spans that only touch stay two.
    """
    far = int(end.max(initial=0)) + 1
    reach = np.maximum.accumulate(end + group * far)
    begins = np.ones(len(group), dtype=bool)
    begins[1:] = (start[1:] + group[1:] * far) >= reach[:-1]
    return begins


def unite(
    code: np.ndarray,
    document: np.ndarray,
    coder: np.ndarray,
    start: np.ndarray,
    end: np.ndarray,
    *,
    n_documents: int,
    n_coders: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Unite each coder's overlapping spans of one code in one document."""
    group = (code.astype(np.int64) * n_documents + document) * n_coders + coder
    order = np.lexsort((end, start, group))
    group, start, end = group[order], start[order], end[order]
    if len(group) == 0:
        return code, document, coder, start, end
    begins = np.flatnonzero(_united(group, start, end))
    last = np.maximum.reduceat(end, begins)
    rest, who = np.divmod(group[begins], n_coders)
    what, where = np.divmod(rest, n_documents)
    return what, where, who, start[begins], last


def n_passages(blocks: Blocks) -> np.ndarray:
    """Count for each code the passages that anybody marked where two coders read."""
    both = (blocks.covered.sum(axis=1) >= 2)[blocks.document]
    code, *_ = unite(
        blocks.code[both], blocks.document[both], np.zeros(int(both.sum()), dtype=np.int64),
        blocks.start[both], blocks.end[both],
        n_documents=max(len(blocks.documents), 1), n_coders=1,
    )  # fmt: skip
    return np.bincount(code, minlength=len(blocks.codes))


def read_spans(
    spans: pd.DataFrame,
    lengths: Any,
    *,
    coders: Any = None,
    codes: Any = None,
    covered: Any = None,
) -> Blocks:
    """Check a frame of spans and turn it into united blocks.

    A row without code or offsets says that the coder read the document and marked nothing.
    """
    missing = [c for c in _FIELDS if c not in getattr(spans, "columns", ())]
    if missing:
        raise QuidqualError.of(
            f"The spans lack the columns {listed(missing)}.",
            remedy=f"Give a frame with {listed(_FIELDS)}.",
            field="spans",
        )
    known = _length_table(lengths, spans["document"])
    who = _names(spans, "coder", coders)
    rows = np.arange(len(spans))
    kept = spans["coder"].isin(who).to_numpy() | spans["coder"].isna().to_numpy()
    spans, rows = spans[kept], rows[kept]
    bare = (spans["code"].isna() | (spans["start"].isna() & spans["end"].isna())).to_numpy()
    problems = _problems(spans[~bare], known, rows[~bare])
    if problems:
        raise QuidqualError(problems, heading=f"{len(problems)} problems in the spans:")
    if len(who) > MAX_CODERS:
        raise QuidqualError.of(
            f"{len(who)} coders are more than the {MAX_CODERS} that can be compared.",
            remedy="Name some of them in coders=.",
            field="coders",
        )
    documents = list(known)
    present = np.zeros((len(documents), len(who)), dtype=bool)
    place, coder = _numbers(spans["document"], documents), _numbers(spans["coder"], who)
    seen = (place >= 0) & (coder >= 0)
    present[place[seen], coder[seen]] = True
    cover, rule = coverage(covered, present, documents, who)
    what = _names(spans[~bare], "code", codes)
    if codes is None:
        used = set(pd.unique(spans["code"].dropna()))
        what = [c for c in what if c in used]
    code = _numbers(spans["code"], what)
    take = ~bare & (code >= 0)
    take[take] &= cover[place[take], coder[take]]
    start = spans["start"].to_numpy(dtype=float, na_value=-1)[take].astype(np.int64)
    end = spans["end"].to_numpy(dtype=float, na_value=-1)[take].astype(np.int64)
    blocks = unite(
        code[take], place[take], coder[take], start, end,
        n_documents=len(documents), n_coders=max(len(who), 1),
    )  # fmt: skip
    size = np.array([known[d] for d in documents], dtype=np.int64)
    return Blocks(*blocks, what, documents, who, size, cover, rule)


def sweep(
    group: np.ndarray, start: np.ndarray, end: np.ndarray, value: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Walk over the boundaries of each group once.

    Parameters
    ----------
    group, start, end : numpy.ndarray
        Spans of a group of continua.
    value : numpy.ndarray
        What a span adds to the state while it lasts.

    Returns
    -------
    group, state, length : numpy.ndarray
        The stretches in which the state is constant and not nought.
    """
    where = np.concatenate([group, group])
    at = np.concatenate([start, end])
    step = np.concatenate([value, -value])
    far = int(at.max(initial=0)) + 1
    order = np.argsort(where * far + at, kind="stable")
    where, at, state = where[order], at[order], np.cumsum(step[order])
    length = np.diff(at, append=0)
    inside = np.zeros(len(at), dtype=bool)
    inside[:-1] = (where[:-1] == where[1:]) & (length[:-1] > 0) & (state[:-1] != 0)
    return where[inside], state[inside], length[inside]


def tally_blocks(blocks: Blocks, clusters: np.ndarray, n_clusters: int) -> Tally:
    """Count units by code, cluster and who marked them.

    ``clusters`` numbers the cluster of each document. Documents that nobody covers are left
    out.
    """
    n_docs, r = len(blocks.documents), len(blocks.coders)
    bits = (1 << np.arange(r)).astype(np.int64)
    read = blocks.covered @ bits
    group, mask, length = sweep(
        blocks.code * n_docs + blocks.document, blocks.start, blocks.end, bits[blocks.coder]
    )
    n_codes = len(blocks.codes)
    marked = np.bincount(group, weights=length, minlength=n_codes * n_docs)
    every = np.arange(n_codes * n_docs)
    left = blocks.lengths[every % n_docs] - marked
    group = np.concatenate([group, every])
    mask = np.concatenate([mask, np.zeros_like(every)])
    count = np.concatenate([length.astype(float), left])
    kept = (count > 0) & (read[group % n_docs] > 0)
    group, mask, count = group[kept], mask[kept], count[kept]
    packed = (read[group % n_docs] << r) | mask
    found, pattern = np.unique(packed, return_inverse=True)
    there = ((found[:, None] >> r) & bits) > 0
    patterns = np.where(there, (found[:, None] & bits) > 0, -1).astype(np.int32)
    row = (group // n_docs) * n_clusters + clusters[group % n_docs]
    return Tally(patterns, row, pattern.reshape(-1), count, n_codes, n_clusters, True)
