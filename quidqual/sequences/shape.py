"""How varied one course is: entropy, turbulence, complexity."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from quidqual.sequences.state_sequences import read_sequences

__all__ = ["entropy", "indices"]


def indices(states: Any, *, alphabet: Iterable[str] | None = None) -> pd.DataFrame:
    """Give the entropy, turbulence and complexity of each course.

    Parameters
    ----------
    states, alphabet
        As for :func:`quidqual.sequences.distances`; entropy is measured against the number of
        states.

    Returns
    -------
    DataFrame
        One row a sequence, in the order given: ``participant`` (or number), ``n_rounds``
        (observed, int), ``n_transitions`` (int), ``entropy``, ``turbulence``,
        ``complexity`` (float; NaN with no observed round).

    Notes
    -----
    Rounds not observed are left out: the indices describe what was seen, and are the lower
    the less was seen. With L rounds, shares p of the a states, t changes of state:

    - entropy: ``-sum p log p / log a``; 0 if always in one state, 1 if equally in all;
    - complexity: ``sqrt(t / (L - 1) * entropy)``;
    - turbulence: ``log2(phi * (s2max + 1) / (s2 + 1))`` with phi the number of
      different subsequences of the states without repetition, s2 the variance of the
      lengths of the spells and s2max the largest it could be with as many spells.

    With three rounds they take a handful of values: use them to order many courses, not
    to tell four people apart.

    References
    ----------
    Gabadinho, A., Ritschard, G., Muller, N. S. & Studer, M. (2011). Analyzing and
    visualizing state sequences in R with TraMineR. *Journal of Statistical Software* 40(4).
    Elzinga, C. H. & Liefbroer, A. C. (2007). De-standardization of family-life
    trajectories. *European Journal of Population* 23, 225-250.

    Examples
    --------
    >>> import quidqual as qq
    >>> found = qq.sequences.indices(["LLM", "LMH", "MMM"])
    >>> found[["entropy", "turbulence", "complexity"]].round(3)
       entropy  turbulence  complexity
    0    0.579         2.0       0.538
    1    1.000         3.0       1.000
    2    0.000         1.0       0.000
    """
    sequences = read_sequences(states, alphabet=alphabet)
    size = len(sequences.states) - (sequences.missing >= 0)
    rows = []
    for name, code in zip(sequences.names, sequences.code, strict=True):
        seen = code[code != sequences.missing]
        changes = int((seen[1:] != seen[:-1]).sum())
        spread = _entropy(np.bincount(seen, minlength=size), size) if len(seen) else np.nan
        moving = changes / (len(seen) - 1) if len(seen) > 1 else 0.0
        turbulence = _turbulence(seen) if len(seen) else np.nan
        rows.append((name, len(seen), changes, spread, turbulence, np.sqrt(moving * spread)))
    columns = ["participant", "n_rounds", "n_transitions", "entropy", "turbulence", "complexity"]
    return pd.DataFrame(rows, columns=columns)


def entropy(states: Any, *, alphabet: Iterable[str] | None = None) -> pd.DataFrame:
    """Give for each round how evenly the participants are spread over the states.

    Parameters
    ----------
    states, alphabet
        As for :func:`quidqual.sequences.distances`.

    Returns
    -------
    DataFrame
        One row a round: ``round`` (position from 1), ``n`` (observed), ``entropy`` (0 all in
        one state, 1 evenly in all; NaN if nobody was observed).

    Examples
    --------
    >>> import quidqual as qq
    >>> qq.sequences.entropy(["AB", "AA"])
       round  n  entropy
    0      1  2      0.0
    1      2  2      1.0
    """
    sequences = read_sequences(states, alphabet=alphabet)
    size = len(sequences.states) - (sequences.missing >= 0)
    rows = []
    for number, column in enumerate(sequences.code.T, start=1):
        seen = column[column != sequences.missing]
        spread = _entropy(np.bincount(seen, minlength=size), size) if len(seen) else np.nan
        rows.append((number, len(seen), spread))
    return pd.DataFrame(rows, columns=["round", "n", "entropy"])


def _entropy(counts: np.ndarray, size: int) -> float:
    """Shannon entropy of counts as a share of the largest that ``size`` states allow."""
    if size < 2:
        return 0.0
    share = counts[counts > 0] / counts.sum()
    return float(abs(-(share * np.log(share)).sum() / np.log(size)))


def _turbulence(seen: np.ndarray) -> float:
    """Elzinga's turbulence of one observed course."""
    starts = np.flatnonzero(np.r_[True, seen[1:] != seen[:-1]])
    spells = np.diff(np.r_[starts, len(seen)])
    mean = spells.mean()
    most = (len(spells) - 1) * (1 - mean) ** 2
    phi = _subsequences(seen[starts].tolist())
    return float(np.log2(phi * (most + 1) / (spells.var() + 1)))


def _subsequences(states: list[int]) -> int:
    """Count the different subsequences, the empty one among them."""
    total = 1
    before: dict[int, int] = {}
    for state in states:
        total, before[state] = 2 * total - before.get(state, 0), total
    return total
