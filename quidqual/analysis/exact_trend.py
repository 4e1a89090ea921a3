"""An exact test for a trend within people, for the few people that a study has."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd

from quidqual.analysis.design import as_measurements
from quidqual.study.errors import QuidqualError

__all__ = ["TrendTest", "exact_trend"]

_MOST_ROUNDS = 9
_MOST_SUMS = 1_000_000


@dataclass(frozen=True)
class TrendTest:
    """Result of an exact trend test.

    Attributes
    ----------
    statistic : float
        L: the sum over people and observed rounds of value times the round's score.
    expected : float
        Its mean if the order of the rounds did not matter.
    n : int
        People with at least two observed rounds.
    n_informative : int
        Of these, people whose values differ; only they can show a trend.
    p_greater, p_less, p_two_sided : float
        Share of all re-orderings within people with L at least (at most) the observed
        one, or at least as far from its mean.
    least_p, least_p_two_sided : float
        The least p that these values, in whatever order, could have given.
    scores : tuple of float
        Score of each round.
    n_arrangements : int
        How many equally likely re-orderings the p-values count over.
    note : str
        What the design can carry, in words.
    """

    statistic: float
    expected: float
    n: int
    n_informative: int
    p_greater: float
    p_less: float
    p_two_sided: float
    least_p: float
    least_p_two_sided: float
    scores: tuple[float, ...]
    n_arrangements: int
    note: str

    @property
    def p_value(self) -> float:
        """The two-sided p."""
        return self.p_two_sided


def exact_trend(
    frame: pd.DataFrame | np.ndarray | Sequence[Sequence[Any]],
    *,
    scores: Iterable[float] | None = None,
    ranks: bool = False,
) -> TrendTest:
    """Test exactly whether values rise (or fall) over the rounds within people.

    Parameters
    ----------
    frame : DataFrame, array or list of rows
        Rows participants, columns rounds in order; NaN or None where not observed.
        People with two, three and four rounds stand side by side. A table of presence
        or of ordered states is made so by :func:`quidqual.measurements`.
    scores : iterable of float, optional
        One increasing number a round: 1, 2, 3, ... by default; the days between them
        where the spacing matters.
    ranks : bool
        Replace each person's values by their mid-ranks first: Page's test, with ties.

    Returns
    -------
    TrendTest

    Raises
    ------
    QuidqualError
        If there are fewer than two rounds, values that are no numbers, more than nine
        observed rounds of one person, or too many different sums to count exactly.

    Notes
    -----
    The statistic is ``L = sum_i sum_j c_j x_ij`` over the observed cells. If time does
    not matter, each person's observed values could as well have come in any other order
    over the rounds in which that person was seen; L is counted over all these orders. No
    distribution is assumed, ties count as they are, and a person seen twice counts as far
    as two observations go. The test is about these people: p is no statement about
    others unless they were drawn at random.

    ``scipy.stats.page_trend_test(method="exact")`` ignores ties and gives .0018 where
    counting gives .00038 on the example of its own documentation.

    References
    ----------
    Page, E. B. (1963). Ordered hypotheses for multiple treatments. *Journal of the
    American Statistical Association* 58, 216-230.
    Edgington, E. S. & Onghena, P. (2007). *Randomization Tests* (4th ed.). Chapman & Hall.

    Examples
    --------
    >>> result = exact_trend([[0, 1, 2], [0, 0, 1], [1, 1, 2], [0, None, 2]])
    >>> result.statistic, round(result.p_greater, 7), round(result.p_two_sided, 7)
    (26.0, 0.0092593, 0.0185185)
    >>> result.note
    '4 of 4 people can show a trend; the least p this design can reach is 0.00926 one-sided...'
    """
    values = as_measurements(frame)
    weights = _scores(scores, values.shape[1])
    parts = []
    n = 0
    for row in values:
        seen = ~np.isnan(row)
        if seen.sum() < 2:
            continue
        n += 1
        if seen.sum() > _MOST_ROUNDS:
            raise QuidqualError.of(
                f"A person with {int(seen.sum())} observed rounds has too many orders to count.",
                remedy=f"Give at most {_MOST_ROUNDS} rounds, or combine some.",
            )
        parts.append((_midranks(row[seen]) if ranks else row[seen], weights[seen]))
    observed = _tidy(sum((float(np.dot(x, c)) for x, c in parts), 0.0))
    informative = [(x, c) for x, c in parts if len(set(x)) > 1]
    constant = sum(float(np.dot(x, c)) for x, c in parts if len(set(x)) == 1)
    sums, counts = _distribution(informative)
    sums = sums + constant
    total = sum(counts)
    mean = sum((float(x.mean() * c.sum()) for x, c in parts), 0.0)
    near = 1e-9 * max(1.0, float(np.abs(sums).max()))
    return _result(
        observed, mean, n, len(informative), sums, counts, total, near, tuple(weights.tolist())
    )


def _result(
    observed: float,
    mean: float,
    n: int,
    informative: int,
    sums: np.ndarray,
    counts: list[int],
    total: int,
    near: float,
    scores: tuple[float, ...],
) -> TrendTest:
    """Read the p-values off the counted distribution."""

    def share(mark: np.ndarray) -> float:
        return sum(count for count, here in zip(counts, mark, strict=True) if here) / total

    far = np.abs(sums - mean)
    least, least_two = share(sums >= sums.max() - near), share(far >= far.max() - near)
    if informative == 0:
        note = "Nobody's values differ between rounds: there is no trend to test."
    else:
        note = (
            f"{informative} of {n} people can show a trend; the least p this design can reach "
            f"is {least:.3g} one-sided, {least_two:.3g} two-sided."
        )
    return TrendTest(
        statistic=observed,
        expected=_tidy(mean),
        n=n,
        n_informative=informative,
        p_greater=share(sums >= observed - near),
        p_less=share(sums <= observed + near),
        p_two_sided=share(far >= abs(observed - mean) - near),
        least_p=least,
        least_p_two_sided=least_two,
        scores=scores,
        n_arrangements=total,
        note=note,
    )


def _distribution(
    parts: list[tuple[np.ndarray, np.ndarray]],
) -> tuple[np.ndarray, list[int]]:
    """Count the sums of all combinations of one order a person.

    People are independent, so their sums are added one person at a time; equal sums are
    put together on the way. Counts are Python integers: they outgrow 64 bits.
    """
    sums: dict[float, int] = {0.0: 1}
    known: dict[tuple[tuple[float, ...], ...], dict[float, int]] = {}
    for x, c in parts:
        key_of_person = (tuple(sorted(x.tolist())), tuple(c.tolist()))
        own = known.setdefault(key_of_person, {})
        if not own:
            for order in set(permutations(x.tolist())):
                value = _tidy(float(np.dot(order, c)))
                own[value] = own.get(value, 0) + 1
        # Equal values swapped give the same order, each of them equally often.
        together: dict[float, int] = {}
        for a, k in sums.items():
            for b, m in own.items():
                key = _tidy(a + b)
                together[key] = together.get(key, 0) + k * m
            # Asked on the way: one more person can multiply the sums by hundreds.
            if len(together) > _MOST_SUMS:
                raise QuidqualError.of(
                    "Too many different sums to count them exactly.",
                    remedy="Use ranks=True, round the values, or describe without a test.",
                )
        sums = together
    ordered = sorted(sums)
    return np.array(ordered), [sums[value] for value in ordered]


def _scores(scores: Iterable[float] | None, n_rounds: int) -> np.ndarray:
    """Check the scores of the rounds."""
    if scores is None:
        return np.arange(1, n_rounds + 1, dtype=float)
    weights = np.array(list(scores), dtype=float)
    if len(weights) != n_rounds or not (np.diff(weights) > 0).all():
        raise QuidqualError.of(
            f"{len(weights)} scores for {n_rounds} rounds, or not increasing.",
            remedy="Give one increasing number a round.",
            field="scores",
        )
    return weights


def _midranks(values: np.ndarray) -> np.ndarray:
    """Rank from 1, equal values sharing the mean of their ranks."""
    below = (values[:, None] > values[None, :]).sum(axis=1)
    equal = (values[:, None] == values[None, :]).sum(axis=1)
    return below + (equal + 1) / 2


def _tidy(value: float) -> float:
    """Drop the dust of floating point, so that equal sums are equal."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, 9 - max(0, math.floor(math.log10(abs(value)))))
