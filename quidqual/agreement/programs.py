"""The figures of NVivo, MAXQDA and ATLAS.ti, under the names of those programs.

For those who must report what another program would print. They are not recommended: see
each definition. All compare two coders.

- ``nvivo_percent``, ``nvivo_kappa``: for each document the share of characters on which two
  coders agree, and Cohen's kappa of its characters (1 when they agree wholly, even where
  neither marked anything); over documents the mean, weighted by their length.
- ``maxqda_percent``: of all coded segments of both, those for which the other coder has one
  of the same code that overlaps by 90% (what both share of what either marked);
  ``maxqda_kappa`` (all codes): that share corrected by Brennan and Prediger with the chance
  1 / number of codes.
- ``atlasti_percent``, ``atlasti_holsti``, ``atlasti_c_alpha_binary``: by characters pooled over
  documents: agreement; Holsti's 2 M / (N1 + N2) on what was marked; Krippendorff's alpha of
  marked against not marked.

References
----------
Lumivero, NVivo help: Coding comparison query. VERBI, MAXQDA manual: Intercoder agreement.
ATLAS.ti manual: Methods for testing ICA. Holsti, O. R. (1969). Content Analysis.
Brennan, R. L., & Prediger, D. J. (1981). Educational and Psychological Measurement, 41.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from quidqual.agreement.blocks import Blocks, sweep
from quidqual.agreement.table import COLUMNS

_OVERLAP = 0.9
_NOTES = {
    "nvivo_percent": "NVivo: characters on which both agree, mean over documents by length",
    "nvivo_kappa": "NVivo: Cohen's kappa of each document, 1 if all agree; mean by length",
    "maxqda_percent": "MAXQDA: segments met by one of the same code that overlaps by 90%",
    "maxqda_kappa": "MAXQDA: that share corrected by Brennan-Prediger, chance 1 / codes",
    "atlasti_percent": "ATLAS.ti: characters on which both agree, pooled",
    "atlasti_holsti": "ATLAS.ti: Holsti's 2M / (N1 + N2) by characters",
    "atlasti_c_alpha_binary": "ATLAS.ti: alpha of marked or not by characters, pooled",
}


def _both(blocks: Blocks) -> np.ndarray:
    """Count characters by code, document and who marked them (nobody, first, second, both)."""
    n, k = len(blocks.documents), len(blocks.codes)
    value = np.array([1, 2], dtype=np.int64)[blocks.coder]
    group, state, length = sweep(blocks.code * n + blocks.document, blocks.start, blocks.end, value)
    table = np.bincount(group * 4 + state, weights=length, minlength=n * k * 4).reshape(k, n, 4)
    table[:, :, 0] = blocks.lengths - table.sum(axis=2)
    return table


def _kappa(table: np.ndarray) -> np.ndarray:
    total = table.sum(axis=-1)
    first, second = table[..., 1] + table[..., 3], table[..., 2] + table[..., 3]
    met = (table[..., 0] + table[..., 3]) / total
    chance = (first * second + (total - first) * (total - second)) / total**2
    room = np.where(chance < 1, 1 - chance, 1.0)
    return np.where(met == 1, 1.0, (met - chance) / room)


def _alpha(table: np.ndarray) -> float:
    total = 2 * table.sum()
    marked = table[1] + table[2] + 2 * table[3]
    chance = 2 * marked * (total - marked) / (total - 1)
    return float(1 - 2 * (table[1] + table[2]) / chance) if chance > 0 else np.nan


def _met(blocks: Blocks, n_docs: int) -> tuple[np.ndarray, np.ndarray]:
    """Count for each code the segments, and those that the other coder met."""
    k = len(blocks.codes)
    met = np.zeros(len(blocks.code), dtype=bool)
    key = blocks.code * n_docs + blocks.document
    order = np.argsort(key, kind="stable")
    edges = np.flatnonzero(np.diff(key[order], prepend=-1))
    for rows in np.split(order, edges[1:]) if len(order) else []:
        start, end, who = blocks.start[rows], blocks.end[rows], blocks.coder[rows]
        inner = np.minimum(end[:, None], end) - np.maximum(start[:, None], start)
        outer = np.maximum(end[:, None], end) - np.minimum(start[:, None], start)
        alike = (who[:, None] != who) & (inner >= _OVERLAP * outer)
        met[rows] = alike.any(axis=1)
    segments = np.bincount(blocks.code, minlength=k)
    return segments, np.bincount(blocks.code[met], minlength=k)


def program_rows(blocks: Blocks) -> pd.DataFrame:
    """Give the figures of the three programs for each code, and MAXQDA's kappa over all.

    Documents that both coders cover are compared; with more or fewer coders than two there
    are no rows.
    """
    if len(blocks.coders) != 2 or not blocks.codes:
        return pd.DataFrame(columns=[*COLUMNS, "coverage"])
    shared: np.ndarray = np.asarray(blocks.covered.all(axis=1))
    table = _both(blocks)[:, shared]
    lengths = blocks.lengths[shared].astype(float)
    inside = shared[blocks.document]
    kept = Blocks(
        blocks.code[inside], blocks.document[inside], blocks.coder[inside],
        blocks.start[inside], blocks.end[inside], blocks.codes, blocks.documents,
        blocks.coders, blocks.lengths, blocks.covered, blocks.rule,
    )  # fmt: skip
    segments, met = _met(kept, len(blocks.documents))
    rows: list[dict[str, Any]] = []
    for i, code in enumerate(blocks.codes):
        counts = table[i].sum(axis=0)
        agree = (table[i][:, 0] + table[i][:, 3]) / lengths if len(lengths) else lengths
        marked = counts[1] + counts[2] + 2 * counts[3]
        total = counts.sum()
        figures = {
            "nvivo_percent": _mean(agree, lengths),
            "nvivo_kappa": _mean(_kappa(table[i]), lengths),
            "maxqda_percent": met[i] / segments[i] if segments[i] else np.nan,
            "atlasti_percent": (counts[0] + counts[3]) / total if total else np.nan,
            "atlasti_holsti": 2 * counts[3] / marked if marked else np.nan,
            "atlasti_c_alpha_binary": _alpha(counts) if total else np.nan,
        }
        rows += [_row(code, name, value) for name, value in figures.items()]
    share = met.sum() / segments.sum() if segments.sum() else np.nan
    chance = 1 / len(blocks.codes)
    corrected = (share - chance) / (1 - chance) if len(blocks.codes) > 1 else np.nan
    rows += [_row("", "maxqda_percent", share), _row("", "maxqda_kappa", corrected)]
    return pd.DataFrame(rows).assign(
        n_units=int(lengths.sum()),
        n_pairable=int(lengths.sum()),
        n_coders=2,
        n_missing=0,
        n_clusters=int(shared.sum()),
        n_categories=2,
    )


def _mean(values: np.ndarray, lengths: np.ndarray) -> float:
    return float((values * lengths).sum() / lengths.sum()) if len(lengths) else float("nan")


def _row(code: Any, name: str, value: float) -> dict[str, Any]:
    empty = dict.fromkeys(COLUMNS, np.nan)
    fixed = {"level": "nominal", "method": "none", "weights": "identity", "prevalence_of": ""}
    return empty | fixed | {
        "code": code, "coefficient": name, "value": float(value), "note": _NOTES[name],
    }  # fmt: skip
