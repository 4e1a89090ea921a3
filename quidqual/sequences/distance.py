"""Distances between state sequences: Hamming, optimal matching, longest common subsequence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from quidqual.sequences.edit_distance import edit_rows, lcs_rows
from quidqual.sequences.state_sequences import Sequences, read_sequences
from quidqual.study.arguments import must_be_number, one_of
from quidqual.study.errors import QuidqualError, listed

__all__ = ["distances", "substitution_costs", "transition_rates"]

METHODS = ("hamming", "om", "lcs")
_NAMES = {"ham": "hamming", **{name: name for name in METHODS}}
_SINGLE = 4096
"""From more sequences than this the matrix is kept in single precision: half the memory."""


def distances(
    states: Any,
    *,
    method: str = "hamming",
    substitution: float | str | pd.DataFrame | np.ndarray | None = None,
    indel: float | None = None,
    not_observed: str = "state",
    alphabet: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Measure how different the courses of every two participants are.

    Parameters
    ----------
    states : DataFrame, array or list
        The table of :func:`quidqual.states`, or of :func:`quidqual.presence` for one
        code; or one row a participant and one column a round; or words with one letter
        a round.
    method : {"hamming", "om", "lcs"}
        Rounds that differ; optimal matching (the cheapest way to turn one course into
        the other by substituting, inserting and deleting); from the longest common
        subsequence. TraMineR's names (``"HAM"``, ``"OM"``, ``"LCS"``) are understood.
    substitution : float, "trate", DataFrame or array, optional
        Cost of putting one state for another: one number (1 for Hamming, 2 for OM by
        default), ``"trate"`` for 2 less both transition rates, or a symmetric matrix in
        the order of the alphabet.
    indel : float, optional
        Cost of an insertion or deletion in OM: 1 by default, or half the dearest
        substitution where costs are a matrix.
    not_observed : {"state", "pairwise"}
        How rounds that were not observed count: as a state of its own, or (Hamming
        only) not at all: rounds observed in both, scaled up to the full length; NaN
        where two people share no observed round.
    alphabet : iterable of str, optional
        All states, if some do not occur.

    Returns
    -------
    DataFrame
        Square, symmetric; index and columns the participants (or 0, 1, 2, ...). float64,
        or float32 for more than 4,096 sequences.

    Raises
    ------
    QuidqualError
        If the sequences cannot be read, or a method or cost is not one.

    Notes
    -----
    Hamming looks at *when*, LCS and OM with a low indel at *in which order*: with three
    or four rounds a shift by one round is much, and Hamming says what was meant. With OM
    and a constant substitution of at least two indels the distance is that of LCS.

    References
    ----------
    Studer, M. & Ritschard, G. (2016). What matters in differences between life
    trajectories. *Journal of the Royal Statistical Society A* 179(2), 481-511. Values
    checked against TraMineR 2.2 (Gabadinho et al. 2011, *Journal of Statistical Software*
    40(4)). Hyyro, H. (2004). Bit-parallel LCS-length computation revisited.

    Examples
    --------
    >>> import quidqual as qq
    >>> qq.sequences.distances(["LLM", "LMH", "MMM"])
         0    1    2
    0  0.0  2.0  2.0
    1  2.0  0.0  2.0
    2  2.0  2.0  0.0
    """
    name = _NAMES.get(str(method).lower()) or one_of(method, METHODS, field="method")
    one_of(not_observed, ("state", "pairwise"), field="not_observed")
    for given, value in (
        ("not_observed", not_observed == "pairwise"),
        ("indel", indel is not None),
    ):
        fits = "om" if given == "indel" else "hamming"
        if value and name != fits:
            raise QuidqualError.of(
                f"{given}= belongs to method={fits!r}, not to {name!r}.",
                remedy="Leave it out, or use that method.",
                field=given,
            )
    if substitution is not None and name == "lcs":
        raise QuidqualError.of(
            "substitution= belongs to method='hamming' or 'om': LCS substitutes nothing.",
            remedy="Leave it out, or use one of those methods.",
            field="substitution",
        )
    sequences = read_sequences(states, alphabet=alphabet)
    if name == "lcs":
        costs, indel = np.array([]), 1.0
    else:
        default = 1.0 if name == "hamming" else 2.0
        costs = _costs(sequences, default if substitution is None else substitution)
        constant = isinstance(substitution, int | float) or substitution is None
        indel = _indel(indel, 1.0 if constant else float(costs.max()) / 2 or 1.0)
    code = sequences.code
    kind = np.float64 if len(code) <= _SINGLE else np.float32
    if name == "hamming":
        missing = sequences.missing if not_observed == "pairwise" else -1
        matrix = _hamming(code, costs, missing, kind)
    elif name == "lcs" or _is_lcs(costs, indel):
        matrix = lcs_rows(code, len(sequences.states), kind)
        matrix *= kind(indel)
    else:
        matrix = edit_rows(code, costs, indel, kind)
    names = list(sequences.names)
    return pd.DataFrame(matrix, index=names, columns=names, copy=False)


def transition_rates(states: Any, *, alphabet: Iterable[str] | None = None) -> pd.DataFrame:
    """Give the rate of each step from state to state, over all sequences and rounds.

    Parameters
    ----------
    states, alphabet
        As for :func:`quidqual.sequences.distances`.

    Returns
    -------
    DataFrame
        Rows the state from which, columns the state to which, each row summing to 1 (0 if
        the state is never left: it does not occur before the last round).

    Examples
    --------
    >>> import quidqual as qq
    >>> qq.sequences.transition_rates(["AAB", "ABB"])
         A    B
    A  0.333333  0.666667
    B  0.000000  1.000000
    """
    sequences = read_sequences(states, alphabet=alphabet)
    rates = _rates(sequences)
    names = list(sequences.states)
    return pd.DataFrame(rates, index=names, columns=names)


def substitution_costs(states: Any, *, alphabet: Iterable[str] | None = None) -> pd.DataFrame:
    """Give substitution costs from transition rates: 2 less the rates both ways.

    Parameters
    ----------
    states, alphabet
        As for :func:`quidqual.sequences.distances`.

    Returns
    -------
    DataFrame
        Symmetric, 0 on the diagonal.

    Examples
    --------
    >>> import quidqual as qq
    >>> qq.sequences.substitution_costs(["AAB", "ABB"]).loc["A", "B"].round(3)
    np.float64(1.333)
    """
    sequences = read_sequences(states, alphabet=alphabet)
    names = list(sequences.states)
    return pd.DataFrame(_costs(sequences, "trate"), index=names, columns=names)


def _rates(sequences: Sequences) -> np.ndarray:
    size = len(sequences.states)
    pairs = sequences.code[:, :-1].astype(np.int64) * size + sequences.code[:, 1:]
    counts = np.bincount(pairs.ravel(), minlength=size * size).reshape(size, size)
    left = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, left, out=np.zeros(counts.shape), where=left > 0)


def _costs(sequences: Sequences, substitution: Any) -> np.ndarray:
    """Lay out the costs as a matrix in the order of the alphabet."""
    size = len(sequences.states)
    if isinstance(substitution, str):
        if substitution.lower() != "trate":
            raise QuidqualError.of(
                f"substitution must be a number, 'trate' or a matrix, not {substitution!r}.",
                field="substitution",
            )
        rates = _rates(sequences)
        costs = 2 - rates - rates.T
    elif isinstance(substitution, pd.DataFrame):
        costs = substitution.reindex(index=sequences.states, columns=sequences.states).to_numpy(
            float
        )
    elif np.ndim(substitution) == 0:
        must_be_number(substitution, field="substitution")
        costs = np.full((size, size), float(substitution))
    else:
        try:
            costs = np.array(substitution, dtype=float)
        except (TypeError, ValueError):
            costs = np.full((0, 0), np.nan)
    if costs.shape != (size, size) or not np.isfinite(costs).all():
        raise QuidqualError.of(
            f"The costs do not fit the {size} states.",
            remedy=f"Give a cost for every two of {listed(sequences.states)}.",
            field="substitution",
        )
    costs = costs.copy()
    np.fill_diagonal(costs, 0.0)
    if (costs < 0).any() or not np.allclose(costs, costs.T):
        raise QuidqualError.of(
            "The costs are negative or not symmetric.",
            remedy="Give the same cost of at least 0 both ways.",
            field="substitution",
        )
    return costs


def _indel(indel: float | None, default: float) -> float:
    if indel is not None:
        must_be_number(indel, field="indel")
    value = default if indel is None else float(indel)
    if not np.isfinite(value) or value <= 0:
        raise QuidqualError.of(f"indel must be a positive number, not {indel!r}.", field="indel")
    return value


def _is_lcs(costs: np.ndarray, indel: float) -> bool:
    """Whether no substitution is ever worth it: then only what is common counts."""
    off = costs[~np.eye(len(costs), dtype=bool)]
    return bool((off >= 2 * indel).all())


def _hamming(code: np.ndarray, costs: np.ndarray, missing: int, kind: type) -> np.ndarray:
    """Add the costs of all rounds by one matrix product over the states."""
    n, rounds = code.shape
    size = len(costs)
    one_hot = (code[:, :, None] == np.arange(size)).astype(kind)
    weighted = costs.astype(kind)[code]
    if missing >= 0:
        one_hot[:, :, missing] = 0
        weighted[:, :, missing] = 0
        weighted[code == missing] = 0
    matrix = one_hot.reshape(n, -1) @ weighted.reshape(n, -1).T
    if missing >= 0:
        seen = (code != missing).astype(kind)
        both = seen @ seen.T
        with np.errstate(divide="ignore", invalid="ignore"):
            matrix = np.where(both > 0, matrix * rounds / both, np.nan)
    return matrix
