"""Agreement on spans of text: character by character, and segment by segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from quidqual.agreement.blocks import Blocks, n_passages, read_spans, tally_blocks
from quidqual.agreement.estimators import Design, settled
from quidqual.agreement.intervals import draws, limits
from quidqual.agreement.metrics import scale_of
from quidqual.agreement.rating_patterns import Tally
from quidqual.agreement.table import (
    COLUMNS,
    FEWEST,
    Options,
    build,
    check_resampling,
    chosen,
    no_interval,
)
from quidqual.agreement.unitizing import (
    Coincidences,
    binary,
    coincidences,
    cu_alpha,
    exclusive,
    ku_alpha,
    u_alpha,
)
from quidqual.study.arguments import one_of
from quidqual.study.errors import QuidqualError

UNITIZING = ("u_alpha", "binary_u_alpha", "cu_alpha", "ku_alpha")


def spans(
    table: pd.DataFrame,
    lengths: Any,
    *,
    coders: Sequence[Any] | None = None,
    codes: Sequence[Any] | None = None,
    clusters: Mapping[Any, Any] | None = None,
    covered: Any = None,
    coefficients: str | Sequence[str] | None = None,
    unitizing: bool = True,
    programs: bool = False,
    resamples: int = 1_000,
    seed: int = 0,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Measure how far coders mark the same stretches of text.

    Parameters
    ----------
    table : pandas.DataFrame
        ``document, coder, start, end, code``; offsets in code points, the end not included.
        A row without code or offsets says: she read this document and marked nothing.
    lengths : mapping, Series or int
        The length of each document (one number for a single document).
    coders, codes : sequence, optional
        Who and what takes part; left out: all that occur.
    clusters : mapping, optional
        Document -> participant (or whatever is resampled); left out: the documents.
    covered : "all" or mapping, optional
        Coder -> the documents she has coded. Left out: those in which she marked anything;
        a named coder who marked nothing anywhere is taken as having read all.
    coefficients : str or sequence of str, optional
        Only these of the character-level coefficients.
    unitizing : bool
        Add Krippendorff's unitizing family.
    programs : bool
        Add the figures of NVivo, MAXQDA and ATLAS.ti (two coders).
    resamples, seed, confidence
        Of the interval, which resamples documents (or ``clusters``).

    Returns
    -------
    pandas.DataFrame
        The columns of :func:`~quidqual.agreement.coefficients.coefficients` and
        ``coverage`` (float, of ``cu_alpha`` and ``ku_alpha``) and ``unit`` (str). For each code
        the character-level coefficients and ``binary_u_alpha``; for the whole (code "") and
        codes that exclude each other ``u_alpha``, ``binary_u_alpha``, ``cu_alpha``, and for
        each code ``ku_alpha``.

    Raises
    ------
    QuidqualError
        With every span that is broken, by its row.

    Notes
    -----
    A coder's overlapping spans of one code are united first. Each document is a continuum of
    its own; counts are pooled afterwards. Characters are not independent of each other, so
    there is no analytic interval: documents are resampled.

    References
    ----------
    Krippendorff, K., Mathet, Y., Bouvry, S., & Widlöcher, A. (2016). On the reliability of
    unitizing textual continua. Quality & Quantity, 50, 2347-2364.

    Examples
    --------
    >>> import pandas as pd
    >>> import quidqual as qq
    >>> table = pd.DataFrame({"document": ["d", "d"], "coder": ["A", "B"],
    ...                       "start": [100, 150], "end": [200, 250], "code": ["trust"] * 2})
    >>> found = qq.agreement.spans(table, {"d": 1000}).set_index("coefficient")
    >>> round(float(found.loc["cohen", "value"]), 4)
    0.4444
    """
    one_of(unitizing, (True, False), field="unitizing")
    one_of(programs, (True, False), field="programs")
    names = chosen(coefficients)
    check_resampling(resamples, seed, confidence)
    blocks = read_spans(table, lengths, coders=coders, codes=codes, covered=covered)
    numbers, n_clusters, word = _clusters(blocks, clusters)
    options = Options(
        names,
        resamples,
        seed,
        confidence,
        independent=False,
        cluster=word,
        unit="character",
    )
    parts = [from_blocks(blocks, numbers, n_clusters, options)]
    if unitizing:
        parts.append(unitizing_rows(blocks, numbers, n_clusters, options))
    if programs:
        from quidqual.agreement.programs import program_rows

        parts.append(program_rows(blocks))
    found = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
    return ordered(found, blocks, "character")


def ordered(found: pd.DataFrame, blocks: Blocks, unit: str) -> pd.DataFrame:
    """Sort by code, the whole last, and put the columns into their order."""
    place = {code: i for i, code in enumerate(blocks.codes)}
    rank = [place.get(code, len(place)) for code in found["code"]]
    found = found.assign(unit=unit)
    if "coverage" not in found:
        found["coverage"] = np.nan
    order = np.argsort(rank, kind="stable")
    return found.iloc[order].reset_index(drop=True)[[*COLUMNS, "coverage", "unit"]]


def _clusters(blocks: Blocks, clusters: Any) -> tuple[np.ndarray, int, str]:
    """Number the clusters of the documents that anybody covers."""
    used: np.ndarray = np.asarray(blocks.covered.any(axis=1))
    numbers = np.zeros(len(blocks.documents), dtype=np.int64)
    if clusters is None:
        numbers[used] = np.arange(used.sum())
        return numbers, int(used.sum()), "document"
    if not hasattr(clusters, "items"):
        raise QuidqualError.of(
            "clusters= must map each document to its cluster.",
            remedy="Give a dict: document -> participant.",
            field="clusters",
        )
    table = dict(clusters.items())
    lost = [d for d, there in zip(blocks.documents, used, strict=True) if there and d not in table]
    if lost:
        raise QuidqualError.of(
            f"clusters= says nothing of {len(lost)} documents.",
            remedy="Give the participant (or other cluster) of every document.",
            field="clusters",
        )
    names = [table.get(d) for d in blocks.documents]
    codes, found = pd.factorize(pd.Series(names, dtype=object)[used])
    numbers[used] = codes
    return numbers, len(found), "cluster"


def from_blocks(
    blocks: Blocks, numbers: np.ndarray, n_clusters: int, options: Options
) -> pd.DataFrame:
    """Compute the coefficients of every code from its united blocks."""
    scale = scale_of([False, True], level="nominal", weights=None, ordered=True)
    tally = tally_blocks(blocks, numbers, max(n_clusters, 1))
    if len(tally.patterns) == 0:
        tally = Tally(np.full((1, max(len(blocks.coders), 1)), -1, dtype=np.int32),
                      np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0),
                      len(blocks.codes), max(n_clusters, 1), True)  # fmt: skip
    design = Design(scale, tally.patterns.shape[1], 1)
    n_rating = int((tally.patterns >= 0).any(axis=0).sum())
    return build(
        tally,
        design,
        codes=list(blocks.codes),
        options=options,
        n_rating=n_rating,
        extra=[blocks.coverage_note] * len(blocks.codes),
        n_found=n_passages(blocks),
    )


def unitizing_rows(
    blocks: Blocks, numbers: np.ndarray, n_clusters: int, options: Options
) -> pd.DataFrame:
    """Give the rows of the unitizing family."""
    n_docs, k = len(blocks.documents), len(blocks.codes)
    if k == 0:
        return pd.DataFrame(columns=[*COLUMNS, "coverage"])
    by_code = coincidences(
        blocks.code * n_docs + blocks.document, blocks.coder, blocks.start, blocks.end,
        np.zeros(len(blocks.code), dtype=np.int64), n_codes=1,
        lengths=np.tile(blocks.lengths, k), covered=np.tile(blocks.covered, (k, 1)),
    )  # fmt: skip
    used: np.ndarray = np.asarray(blocks.covered.sum(axis=1) >= 2)
    # Only clusters that two coders read are drawn.
    seats, n_clusters = _renumbered(numbers[used])
    weights = draws(n_clusters, options.resamples, options.seed) if n_clusters > 1 else None
    rows = _code_rows(by_code, blocks, used, seats, weights, options)
    if exclusive(blocks.document, blocks.coder, blocks.start, blocks.end):
        whole = coincidences(
            blocks.document, blocks.coder, blocks.start, blocks.end, blocks.code,
            n_codes=k, lengths=blocks.lengths, covered=blocks.covered,
        )  # fmt: skip
        whole = Coincidences(*(getattr(whole, f)[used] for f in _FIELDS))
        rows += _exclusive_rows(whole, blocks, seats, weights, options)
    else:
        reason = "undefined: a coder gave one place two codes; see binary_u_alpha of each code"
        for name in UNITIZING[:3]:
            rows.append(_empty("", name, reason))
    found = n_passages(blocks)
    few = {"": int(found.sum()), **dict(zip(blocks.codes, found.tolist(), strict=True))}
    for row in rows:
        if few[row["code"]] < FEWEST and row["method"] != "none":
            row |= dict.fromkeys(("low", "high", "p_below_667", "p_below_800"), np.nan)
            row |= {"method": "none", "note": no_interval(few[row["code"]])}
        row["note"] = "; ".join(part for part in (row["note"], blocks.coverage_note) if part)
    return pd.DataFrame(rows).assign(**_common(blocks, n_clusters))


def _code_rows(
    by_code: Coincidences,
    blocks: Blocks,
    used: np.ndarray,
    seats: np.ndarray,
    weights: np.ndarray | None,
    options: Options,
) -> list[dict[str, Any]]:
    """Take each code as a continuum of its own; all codes are resampled at once."""
    k = len(blocks.codes)

    def side_by_side(x: np.ndarray) -> np.ndarray:
        """Documents by codes by what was counted."""
        wide = x.reshape(k, len(used), x[0].size)
        return wide[:, used].transpose(1, 0, 2)

    joint, own = side_by_side(by_code.joint), side_by_side(by_code.own)

    def measure(times: np.ndarray) -> np.ndarray:
        n = len(times)
        both = (times @ joint.reshape(len(joint), k * 4)).reshape(n * k, 2, 2)
        alone = (times @ own.reshape(len(own), k * 2)).reshape(n * k, 2)
        return u_alpha(Coincidences(both, alone, alone)).reshape(n, k)

    value = measure(np.ones((1, len(joint))))[0]
    sampled = None if weights is None else measure(weights[:, seats])
    rows = []
    for i, code in enumerate(blocks.codes):
        column = None if sampled is None else sampled[:, i]
        rows.append(_filled(code, "binary_u_alpha", float(value[i]), column, options))
    return rows


def _renumbered(numbers: np.ndarray) -> tuple[np.ndarray, int]:
    found, seats = np.unique(numbers, return_inverse=True)
    return seats.reshape(-1), len(found)


_FIELDS = ("joint", "own", "shared")


def _exclusive_rows(
    whole: Coincidences, blocks: Blocks, seats: np.ndarray, weights: Any, options: Options
) -> list[dict[str, Any]]:
    """Give the rows that need codes which exclude each other."""
    rows = [
        _row("", "u_alpha", whole, u_alpha, seats, weights, options),
        _row("", "binary_u_alpha", binary(whole), u_alpha, seats, weights, options),
        _row("", "cu_alpha", whole, lambda c: cu_alpha(c)[0], seats, weights, options),
    ]
    pooled = whole.pooled(np.ones((1, len(whole.own))))
    rows[-1]["coverage"] = float(cu_alpha(pooled)[1][0])
    for i, code in enumerate(blocks.codes):

        def one(c: Coincidences, i: int = i) -> np.ndarray:
            return ku_alpha(c)[0][:, i]

        rows.append(_row(code, "ku_alpha", whole, one, seats, weights, options))
        rows[-1]["coverage"] = float(ku_alpha(pooled)[1][0, i])
    return rows


def _empty(code: Any, name: str, note: str) -> dict[str, Any]:
    keys = ("value", "low", "high", "p_below_667", "p_below_800", "coverage")
    return {"code": code, "coefficient": name, "method": "none", "note": note} | dict.fromkeys(
        keys, np.nan
    )


def _row(
    code: Any,
    name: str,
    part: Coincidences,
    measure: Any,
    seats: np.ndarray,
    weights: np.ndarray | None,
    options: Options,
) -> dict[str, Any]:
    """Compute one member of the family with its interval."""
    value = float(measure(part.pooled(np.ones((1, len(part.own)))))[0])
    sampled = None if weights is None else measure(part.pooled(weights[:, seats]))
    return _filled(code, name, value, sampled, options)


_UNDEFINED = {
    "cu_alpha": "undefined: fewer than two codes meet where both coders marked something",
    "ku_alpha": "undefined: the code meets no other where both coders marked something",
}


def _filled(
    code: Any, name: str, value: float, sampled: np.ndarray | None, options: Options
) -> dict[str, Any]:
    """Fill the row of one estimate; ``sampled`` holds its resamples."""
    if np.isnan(value):
        nothing = "undefined: two coders are needed, and something that is not marked by all"
        return _empty(code, name, _UNDEFINED.get(name, nothing))
    row = _empty(code, name, "")
    row["value"] = float(settled(np.array(value)))
    if sampled is None:
        row["note"] = f"no interval: only one {options.cluster}"
    elif len(sampled):
        low, high, below = limits(sampled, options.confidence)
        low, high = settled(np.array([low, high])).tolist()
        row |= {"low": low, "high": high, "method": f"bootstrap ({options.cluster}s)"}
        row |= dict(zip(("p_below_667", "p_below_800"), below, strict=True))
    return row


def _common(blocks: Blocks, n_clusters: int) -> dict[str, Any]:
    """Give what all rows of the family share."""
    m = blocks.covered.sum(axis=1)
    nothing = (
        *("positive_agreement", "negative_agreement", "prevalence"),
        *("se", "analytic_low", "analytic_high"),
    )
    return dict.fromkeys(nothing, np.nan) | {
        "level": "nominal",
        "n_units": int(blocks.lengths[m > 0].sum()),
        "n_pairable": int(blocks.lengths[m >= 2].sum()),
        "n_coders": int(blocks.covered.any(axis=0).sum()),
        "n_missing": int((blocks.lengths * (len(blocks.coders) - m))[m > 0].sum()),
        "n_clusters": n_clusters,
        "weights": "identity",
        "n_categories": len(blocks.codes) + 1,
        "prevalence_of": "",
    }
