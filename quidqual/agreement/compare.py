"""Every passage of every coder set against what each other coder did there.

This is the one comparison behind the disagreements, the confusions, the codes that need
work and the comparison of readings. A passage is a united block of one coder and one code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from quidqual.agreement.blocks import Blocks

if TYPE_CHECKING:
    from quidqual.study.model import Study

KINDS = ("same", "other bounds", "other code", "one coder only")


def _overlaps(blocks: Blocks) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find all pairs of passages of different coders that share text (both ways).

    Returns
    -------
    first, second, shared : numpy.ndarray
        Numbers of the two passages, and how much they share.
    """
    far = int(blocks.end.max(initial=0)) + 1
    begin = blocks.document * far + blocks.start
    finish = blocks.document * far + blocks.end
    order = np.argsort(begin, kind="stable")
    # Those that begin inside another one: a run in the order of beginnings.
    upto = np.searchsorted(begin[order], finish[order], side="left")
    count = upto - np.arange(len(order)) - 1
    left = np.repeat(np.arange(len(order)), count)
    step = np.arange(len(left)) - np.repeat(np.cumsum(count) - count, count)
    a, b = order[left], order[left + 1 + step]
    other = blocks.coder[a] != blocks.coder[b]
    a, b = a[other], b[other]
    first, second = np.concatenate([a, b]), np.concatenate([b, a])
    shared = np.minimum(finish[first], finish[second]) - np.maximum(begin[first], begin[second])
    kept = shared > 0
    return first[kept], second[kept], shared[kept]


def _best(place: np.ndarray, second: np.ndarray, shared: np.ndarray, n: int) -> np.ndarray:
    """Give, for each place, the passage that shares most with it (-1: none)."""
    found = np.full(n, -1, dtype=np.int64)
    order = np.lexsort((-second, shared))  # the largest share last; on a tie the first passage
    found[place[order]] = second[order]
    return found


def compare(blocks: Blocks) -> pd.DataFrame:
    """Set each passage against each other coder who covers the document.

    Returns
    -------
    pandas.DataFrame
        ``passage`` (int, its number in the blocks), ``coder``, ``other_coder`` (int), ``kind``
        (see ``KINDS``), ``other`` (int, the passage it is set against, -1: none),
        ``overlap`` (int). A passage that the two coders share, alike or with other bounds,
        stands once in each direction.

    Notes
    -----
    *Other code*: the other coder gave the place another code, which the first did not give
    there. Where the first gave it too, the passage was seen by one coder only.
    """
    n, r = len(blocks.code), len(blocks.coders)
    first, second, shared = _overlaps(blocks)
    same = blocks.code[first] == blocks.code[second]
    place = first * r + blocks.coder[second]
    alike = _best(place[same], second[same], shared[same], n * r)
    # Passages of the other coder that this coder also has are no rival code.
    matched = np.zeros(n * r, dtype=bool)
    matched[second[same] * r + blocks.coder[first[same]]] = True
    rival = ~same & ~matched[second * r + blocks.coder[first]]
    otherwise = _best(place[rival], second[rival], shared[rival], n * r)
    passage = np.repeat(np.arange(n), r)
    coder = np.tile(np.arange(r), n)
    kept = (coder != blocks.coder[passage]) & blocks.covered[blocks.document[passage], coder]
    passage, coder = passage[kept], coder[kept]
    key = passage * r + coder
    other = np.where(alike[key] >= 0, alike[key], otherwise[key])
    there = other >= 0
    safe = np.where(there, other, 0)
    kind = np.full(len(key), 3)
    kind[there] = 2
    kind[alike[key] >= 0] = 1
    if n:
        exact = (blocks.start[passage] == blocks.start[safe]) & (
            blocks.end[passage] == blocks.end[safe]
        )
        kind[(alike[key] >= 0) & exact] = 0
        overlap = np.minimum(blocks.end[passage], blocks.end[safe]) - np.maximum(
            blocks.start[passage], blocks.start[safe]
        )
    else:
        overlap = np.zeros(len(key), dtype=np.int64)
    return pd.DataFrame(
        {
            "passage": passage,
            "coder": blocks.coder[passage],
            "other_coder": coder,
            "kind": pd.Categorical.from_codes(kind, categories=list(KINDS)),
            "other": other,
            "overlap": np.where(there, overlap, 0),
        }
    )


def described(found: pd.DataFrame, blocks: Blocks, study: Study) -> pd.DataFrame:
    """Put names, places and words to the numbers of a comparison."""
    codes, coders = np.array(blocks.codes, object), np.array(blocks.coders, object)
    documents = np.array(blocks.documents, object)
    passage, other = found["passage"].to_numpy(), found["other"].to_numpy()
    there = other >= 0
    safe = np.where(there, other, 0)
    facts = study.notes.set_index("interview")[["participant", "group", "round", "language"]]
    place = documents[blocks.document[passage]] if len(passage) else np.empty(0, object)
    rows = facts.reindex(place).reset_index(drop=True)
    start, end = blocks.start[passage], blocks.end[passage]
    words = [study.text(d)[s:e] for d, s, e in zip(place, start, end, strict=True)]

    def of_other(values: np.ndarray) -> pd.Series:
        chosen = values[safe] if len(values) else np.zeros(len(safe), values.dtype)
        return pd.Series(np.where(there, chosen, -1), dtype="Int64").where(pd.Series(there))

    seen = codes[blocks.code[safe]] if len(blocks.code) else np.full(len(safe), "", object)
    return pd.DataFrame(
        {
            "interview": place,
            **{column: rows[column] for column in rows},
            "code": codes[blocks.code[passage]] if len(passage) else np.empty(0, object),
            "kind": found["kind"].array,
            "coder": coders[found["coder"]],
            "start": start,
            "end": end,
            "other_coder": coders[found["other_coder"]],
            "other_code": np.where(there, seen, ""),
            "other_start": of_other(blocks.start),
            "other_end": of_other(blocks.end),
            "overlap": found["overlap"].to_numpy(),
            "exact": np.array(words, dtype=object),
        }
    )
