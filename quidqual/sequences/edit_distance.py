"""The two edit distances behind optimal matching, over all pairs of many sequences.

Both walk through the sequences in sorted order and keep what they found for each prefix:
the next sequence shares most of it, so only its tail is worked on, and each step is done
for all other sequences at once.
"""

from __future__ import annotations

import numpy as np


def lcs_rows(code: np.ndarray, n_states: int, kind: type) -> np.ndarray:
    """Give 2 (length - longest common subsequence) for all pairs.

    Parameters
    ----------
    code : ndarray of int, sequences x rounds
    n_states : int
    kind : type
        float32 or float64.

    Notes
    -----
    A bit of ``v`` is a round of the other sequence; it turns 0 where the common
    subsequence grows (Hyyro 2004): ``u = v & m; v = (v + u) | (v - u)``.

    Examples
    --------
    >>> lcs_rows(np.array([[0, 0, 1], [0, 1, 2]]), 3, np.float64)
    array([[0., 2.],
           [2., 0.]])
    """
    n, rounds = code.shape
    if rounds > 64:  # more rounds than a machine word has bits
        return edit_rows(code, 2.0 * (1 - np.eye(n_states)), 1.0, kind)
    word = next(w for w in (np.uint16, np.uint32, np.uint64) if np.iinfo(w).bits >= rounds)
    bit = np.left_shift(np.ones(1, dtype=word), np.arange(rounds, dtype=word))
    masks = [((code == state) * bit).sum(axis=1, dtype=word) for state in range(n_states)]
    full = bit.sum(dtype=word)
    v = np.zeros((rounds + 1, n), dtype=word)
    v[0] = full
    u = np.empty(n, dtype=word)
    out: np.ndarray = np.empty((n, n), dtype=kind)
    order, shared = _sorted(code)
    for row, same in zip(order.tolist(), shared, strict=True):
        for t in range(same, rounds):
            before, after = v[t], v[t + 1]
            np.bitwise_and(before, masks[code[row, t]], out=u)
            np.add(before, u, out=after)
            np.subtract(before, u, out=u)
            np.bitwise_or(after, u, out=after)
        np.bitwise_and(v[rounds], full, out=u)
        np.multiply(np.bitwise_count(u), kind(2), out=out[row], casting="unsafe")
    return out


def edit_rows(code: np.ndarray, costs: np.ndarray, indel: float, kind: type) -> np.ndarray:
    """Give the cheapest edit of every sequence into every other.

    Parameters
    ----------
    code : ndarray of int, sequences x rounds
    costs : ndarray
        Substitution costs, symmetric.
    indel : float
    kind : type
        float32 or float64, in which it is also computed (in small integers where the
        costs allow it).

    Notes
    -----
    ``d[t][k]``, the cost of turning the first t rounds of one sequence into the first k
    of the other, is kept less ``(t + k) indel``. Then leaving a round out costs nothing, a
    substitution costs itself less two indels, and a cell is the least of three others.

    Examples
    --------
    >>> edit_rows(np.array([[0, 0, 1], [0, 1, 1]]), np.array([[0, 1.5], [1.5, 0]]), 1.0, np.float64)
    array([[0. , 1.5],
           [1.5, 0. ]])
    """
    n, rounds = code.shape
    scale = _whole(costs, indel, rounds)
    work_kind = np.int16 if scale else kind
    saved = np.asarray((costs - 2 * indel) * (scale or 1))
    saved = (np.rint(saved) if scale else saved).astype(work_kind)
    order, shared = _sorted(code)
    ordered = code[order]
    matrix: np.ndarray = np.empty((n, n), dtype=kind)
    for left in range(0, n, _BLOCK):
        columns = slice(left, min(left + _BLOCK, n))
        # Rows beyond the block are known from symmetry.
        _edit_block(ordered[: columns.stop], shared, ordered[columns], saved, matrix, columns)
    _mirror(matrix)
    if scale:
        matrix /= kind(scale)
    matrix += kind(2 * rounds * indel)
    return _unsort(matrix, order)


_BLOCK = 4096
"""So many sequences at a time: one column of the table of costs then stays in the cache."""


def _edit_block(
    rows: np.ndarray,
    shared: list[int],
    others: np.ndarray,
    saved: np.ndarray,
    matrix: np.ndarray,
    columns: slice,
) -> None:
    """Fill one block of columns of the matrix."""
    rounds, m = rows.shape[1], len(others)
    substitute = [np.ascontiguousarray(saved[state][others].T) for state in range(len(saved))]
    table = np.zeros((rounds + 1, rounds + 1, m), dtype=saved.dtype)
    cells = [list(table[t]) for t in range(rounds + 1)]
    work = np.empty((rounds, m), dtype=saved.dtype)
    for number, states in enumerate(rows.tolist()):
        for t in range(shared[number], rounds):
            np.add(table[t, :-1], substitute[states[t]], out=work)
            np.minimum(table[t, 1:], work, out=table[t + 1, 1:])
            left = cells[t + 1][0]
            for cell in cells[t + 1][1:]:  # minimum.accumulate is ten times as slow here
                np.minimum(cell, left, out=cell)
                left = cell
        matrix[number, columns] = cells[rounds][rounds]


def _whole(costs: np.ndarray, indel: float, rounds: int) -> int:
    """Find by what the costs must be multiplied to be small whole numbers; 0 if by nothing."""
    values = np.append(costs.ravel(), indel)
    for scale in (1, 2, 4, 5, 10, 20, 100):
        scaled = values * scale
        # Subtracting two indels a round stays far from the end of 16 bits.
        small = (scaled.max() + 2 * indel * scale) * (rounds + 1) < 30_000
        if small and np.allclose(scaled, np.rint(scaled), rtol=0, atol=1e-9):
            return scale
    return 0


def _sorted(code: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Sort the sequences; give for each the length of the prefix shared with the one before."""
    order = np.lexsort(code.T[::-1])
    ordered = code[order]
    shared = np.zeros(len(code), dtype=np.int64)
    if len(code) > 1:
        shared[1:] = (ordered[1:] == ordered[:-1]).cumprod(axis=1).sum(axis=1)
    return order, shared.tolist()


def _mirror(matrix: np.ndarray, block: int = 512) -> None:
    """Copy the upper triangle onto the lower one, block by block to stay in the cache."""
    n = len(matrix)
    for top in range(0, n, block):
        for left in range(0, top + 1, block):
            rows, columns = slice(top, top + block), slice(left, left + block)
            upper = matrix[columns, rows].T
            if top == left:
                lower = np.tril_indices(upper.shape[0], -1)
                matrix[rows, columns][lower] = upper[lower]
            else:
                matrix[rows, columns] = upper


def _unsort(matrix: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Bring rows and columns back into the order in which the sequences came."""
    place = np.argsort(order)
    if (place == np.arange(len(place))).all():
        return matrix
    out = np.empty_like(matrix)
    for row, at in enumerate(place.tolist()):
        np.take(matrix[at], place, out=out[row])
    return out
