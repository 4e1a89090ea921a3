"""What is compared: interviews, sentences, words or characters of a study.

Every kind of unit is made a continuum of its own: a span of characters becomes a span of
units, namely those it touches. Then one sweep serves all kinds.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.agreement.spans import Blocks, coverage, unite
from quidqual.study.arguments import names_of
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.model import Study

UNITS = ("interview", "paragraph", "segment", "sentence", "token", "character")
_WORD = re.compile(r"\w+(?:['’]\w+)*")


def chosen_coders(study: Study, coders: Any) -> list[str]:
    """Check who is compared: two coders or more who have codings in the study."""
    known = sorted(set(study.codings["coder"]))
    if isinstance(coders, str):
        coders = [c.strip() for c in coders.split(",")]
    asked = known if coders is None else list(dict.fromkeys(names_of(coders, field="coders")))
    unknown = [c for c in asked if c not in known]
    if unknown:
        raise QuidqualError.of(
            f"{listed(unknown)} have no coding in this study.",
            remedy=f"Coders with codings: {listed(known)}."
            if known
            else "Nobody has coded in this study yet.",
            field="coders",
        )
    if len(asked) < 2:
        raise QuidqualError.of(
            f"Agreement needs two coders; the study has codings of {listed(known) or 'nobody'}.",
            remedy="Let a second person code some interviews independently.",
            field="coders",
        )
    return asked


def _log_interviews(study: Study, coder: str) -> set[str]:
    """Give the interviews that a coder's log names in any operation, undone ones too."""
    from quidqual.study.log import log_file

    if study.folder is None:
        return set()
    path = study.folder / log_file(coder)
    if not path.is_file():
        return set()
    found = set()
    for line in path.read_text(encoding="utf-8").split("\n"):
        try:
            entry = json.loads(line)
        except ValueError:
            continue  # opening the study has reported it
        if isinstance(entry, dict) and isinstance(entry.get("interview"), str):
            found.add(entry["interview"])
    return found


def study_coverage(
    study: Study, coders: list[str], documents: list[str], covered: Any
) -> tuple[np.ndarray, str]:
    """Settle which interviews each coder has coded.

    Declared by ``covered=`` or by ``[coverage]`` in ``study.toml``; otherwise the
    interviews in which her log has any operation. Outside her coverage she is missing.
    """
    if covered is None:
        covered = study.settings.get("coverage")
    raw = study.raw.codings if getattr(study, "raw", None) is not None else study.codings
    seen = {c: set(g) for c, g in raw.groupby("coder")["interview"]}
    present = np.zeros((len(documents), len(coders)), dtype=bool)
    for j, coder in enumerate(coders):
        theirs = seen.get(coder, set()) | _log_interviews(study, coder)
        present[:, j] = [d in theirs for d in documents]
    found, rule = coverage(covered, present, documents, coders)
    if covered is None:
        rule = "an interview counts as coded by a coder if her log names it"
    return found, rule


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
    if unit not in UNITS:
        raise QuidqualError.of(
            f"unit={unit!r} is not known.", remedy=f"Use one of {listed(UNITS)}.", field="unit"
        )
    if of not in ("code", "theme"):
        raise QuidqualError.of(
            f"of={of!r} is not known.", remedy="Use 'code' or 'theme'.", field="of"
        )
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
    asked = list(dict.fromkeys(names_of(codes, field="codes")))
    unknown = [c for c in asked if c not in set(order) | used]
    if unknown:
        raise QuidqualError.of(
            f"{listed(unknown)} {'are no codes' if unknown[1:] else 'is no code'} of this study.",
            remedy=f"Codes: {listed(order)}.",
            field="codes",
        )
    return asked
