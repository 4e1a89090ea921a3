"""What is compared: interviews, sentences, words or characters of a study.

Every kind of unit is made a continuum of its own: a span of characters becomes a span of
units, namely those it touches. Then one sweep serves all kinds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.agreement.blocks import Blocks, coverage, unite
from quidqual.analysis.selection import as_tuple
from quidqual.study.arguments import one_of, some_of
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.model import Study

UNITS = ("interview", "paragraph", "segment", "sentence", "token", "character")
_WORD = re.compile(r"\w+(?:['’]\w+)*")


def chosen_coders(study: Study, coders: Any, covered: Any = None) -> list[str]:
    """Check who is compared: two coders or more of whom it is known what they have read."""
    told = list(covered) if isinstance(covered, Mapping) else []
    known = sorted({*study.coders, *_declared(study), *told})
    if isinstance(coders, str):
        coders = [c.strip() for c in coders.split(",")]
    asked = known if coders is None else list(dict.fromkeys(as_tuple(coders)))
    if known:
        for coder in asked:
            one_of(coder, known, field="coders")
    if len(asked) < 2 or not known:
        raise QuidqualError.of(
            f"Agreement needs two coders; the study has {listed(known) or 'nobody'}.",
            remedy="Let a second person code some interviews independently. One who read them "
            "and found nothing marks them as read, or is named in covered=.",
            field="coders",
        )
    return asked


def _declared(study: Study) -> dict[str, Any]:
    """Give the coders of whom ``study.toml`` says what they have read."""
    about = study.settings.get("coders") or {}
    return {coder: entry["covers"] for coder, entry in about.items() if entry.get("covers")}


def study_coverage(
    study: Study, coders: list[str], documents: list[str], covered: Any
) -> tuple[np.ndarray, str]:
    """Settle which notes each coder has read; outside them she is missing.

    Told by ``covered=``, else as the study records it (``study.notes_read``).
    """
    present = np.zeros((len(documents), len(coders)), dtype=bool)
    if covered is not None:
        return coverage(covered, present, documents, coders)
    declared = _declared(study)
    for j, coder in enumerate(coders):
        theirs = declared[coder] if coder not in study.coders else study.notes_read(coder)
        read = set(documents) if theirs == "all" else set(theirs)
        present[:, j] = [document in read for document in documents]
    return present, "a coder has read the notes that she marked as read, or else coded"


def _tokens(text: str) -> tuple[np.ndarray, np.ndarray]:
    places = [m.span() for m in _WORD.finditer(text)]
    table = np.array(places, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _boundaries(
    study: Study, unit: str, documents: list[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the document, start and end of every unit, in order."""
    if unit == "token":
        pieces = [_tokens(study.text(d)) for d in documents]
        where = np.repeat(np.arange(len(documents)), [len(s) for s, _ in pieces])
        starts = np.concatenate([s for s, _ in pieces]) if pieces else np.empty(0, np.int64)
        ends = np.concatenate([e for _, e in pieces]) if pieces else np.empty(0, np.int64)
        return where, starts, ends
    frame = study.segments[["interview", "paragraph", "start", "end"]]
    if unit == "paragraph":
        grouped = frame.groupby(["interview", "paragraph"], sort=False)
        frame = grouped.agg(start=("start", "min"), end=("end", "max")).reset_index()
    where = pd.Index(documents).get_indexer(frame["interview"])
    kept = where >= 0
    where = where[kept]
    starts = frame["start"].to_numpy(dtype=np.int64)[kept]
    ends = frame["end"].to_numpy(dtype=np.int64)[kept]
    order = np.lexsort((starts, where))
    return where[order], starts[order], ends[order]


def _touched(
    place: np.ndarray, start: np.ndarray, end: np.ndarray, bounds: tuple[np.ndarray, ...], n: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Turn spans of characters into spans of the units they touch; also units per document."""
    where, starts, ends = bounds
    far = int(max(ends.max(initial=0), end.max(initial=0))) + 1
    first = np.searchsorted(where * far + ends, place * far + start, side="right")
    last = np.searchsorted(where * far + starts, place * far + end, side="left")
    size = np.bincount(where, minlength=n).astype(np.int64)
    begin = np.concatenate([[0], np.cumsum(size)])[:-1]
    return first - begin[place], last - begin[place], size


def read_study(
    study: Study,
    *,
    coders: list[str],
    unit: str,
    codes: Any = None,
    covered: Any = None,
    of: str = "code",
    documents: list[str] | None = None,
) -> Blocks:
    """Turn the codings of a study into united blocks of units.

    Parameters
    ----------
    study : Study
    coders : list of str
    unit : str
        One of ``interview, paragraph, segment, sentence, token, character``.
    codes : sequence, optional
        Only these, also those that nobody used.
    covered : optional
        See :func:`study_coverage`.
    of : {"code", "theme"}
    documents : list of str, optional
        Only these interviews.
    """
    one_of(unit, UNITS, field="unit")
    one_of(of, ("code", "theme"), field="of")
    every = list(study.notes["interview"])
    documents = every if documents is None else [d for d in every if d in set(documents)]
    cover, rule = study_coverage(study, coders, documents, covered)
    table = study.codings
    table = table[table["coder"].isin(coders) & table["interview"].isin(documents)]
    names = _chosen_codes(study, table, codes, of)
    place = pd.Index(documents).get_indexer(table["interview"])
    coder = pd.Index(coders).get_indexer(table["coder"])
    code = pd.Index(names).get_indexer(table[of]) if names else np.full(len(table), -1)
    start, end = table["start"].to_numpy(np.int64), table["end"].to_numpy(np.int64)
    take = (code >= 0) & cover[place, coder] if len(table) else code >= 0
    place, coder, code = place[take], coder[take], code[take]
    start, end = start[take], end[take]
    if unit == "interview":
        start, end = np.zeros_like(start), np.ones_like(end)
        size = np.ones(len(documents), dtype=np.int64)
    elif unit == "character":
        size = np.array([len(study.text(d)) for d in documents], dtype=np.int64)
    else:
        bounds = _boundaries(study, unit, documents)
        start, end, size = _touched(place, start, end, bounds, len(documents))
        solid = start < end  # a span of white space alone touches no unit
        place, coder, code = place[solid], coder[solid], code[solid]
        start, end = start[solid], end[solid]
    blocks = unite(
        code, place, coder, start, end, n_documents=max(len(documents), 1), n_coders=len(coders)
    )
    return Blocks(*blocks, names, documents, list(coders), size, cover, rule)


def _chosen_codes(study: Study, table: pd.DataFrame, codes: Any, of: str) -> list[str]:
    """Give the codes (or themes) compared, in the order of the codebook."""
    used = set(table[of].dropna())
    order = list(study.codebook.ids)
    if codes is None:
        return [c for c in order if c in used] + sorted(used - set(order))
    known = dict.fromkeys([*order, *sorted(used)])
    return list(dict.fromkeys(some_of(codes, known, field="codes")))
