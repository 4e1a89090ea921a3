"""An exact test for a trend within people, for the few people that a study has."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from quidqual.exact.counted_sums import Counted, count_sums
from quidqual.exact.design import as_measurements
from quidqual.study.arguments import must_be_number, names_of, one_of
from quidqual.study.errors import QuidqualError

__all__ = ["TrendTest", "trend"]

_MOST_ROUNDS = 9


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
        How many equally likely re-orderings the p-values count over. Below 2 ** 62 they are
        counted in whole numbers, above in shares that keep twelve digits.
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


def trend(
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
        or of ordered states is made so by :func:`quidqual.exact.measurements`.
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
    >>> import quidqual as qq
    >>> result = qq.exact.trend([[0, 1, 2], [0, 0, 1], [1, 1, 2], [0, None, 2]])
    >>> result.statistic, round(result.p_greater, 7), round(result.p_two_sided, 7)
    (26.0, 0.0092593, 0.0185185)
    >>> result.note
    '4 of 4 people can show a trend; the least p this design can reach is 0.00926 one-sided...'
    """
    one_of(ranks, (True, False), field="ranks")
    values = as_measurements(frame)
    weights = _scores(scores, values.shape[1])
    if ranks:
        from scipy.stats import rankdata
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
        parts.append((rankdata(row[seen]) if ranks else row[seen], weights[seen]))
    observed = sum((float(np.dot(x, c)) for x, c in parts), 0.0)
    mean = sum((float(x.mean() * c.sum()) for x, c in parts), 0.0)
    counted = count_sums([(x, c) for x, c in parts if len(set(x.tolist())) > 1])
    return _result(counted, _tidy(observed), _tidy(mean), n, tuple(weights.tolist()))


def _result(
    counted: Counted, observed: float, mean: float, n: int, scores: tuple[float, ...]
) -> TrendTest:
    """Read the p-values off the counted distribution."""
    least, least_two = counted.extremes()
    informative = sum(person.times for person in counted.people)
    if informative == 0:
        note = "Nobody's values differ between rounds: there is no trend to test."
    else:
        note = (
            f"{informative} of {n} people can show a trend; the least p this design can reach "
            f"is {_shown(least)} one-sided, {_shown(least_two)} two-sided."
        )
    return TrendTest(
        statistic=observed,
        expected=mean,
        n=n,
        n_informative=informative,
        p_greater=counted.at_least(),
        p_less=counted.at_most(),
        p_two_sided=counted.as_far(),
        least_p=float(least),
        least_p_two_sided=float(least_two),
        scores=scores,
        n_arrangements=counted.total,
        note=note,
    )


def _shown(p: Fraction) -> str:
    """Write a p, also where no float is as small."""
    if p > 1e-300:
        return f"{float(p):.3g}"
    return f"1e{math.floor(math.log10(p.numerator) - math.log10(p.denominator))}"


def _scores(scores: Iterable[float] | None, n_rounds: int) -> np.ndarray:
    """Check the scores of the rounds."""
    if scores is None:
        return np.arange(1, n_rounds + 1, dtype=float)
    given = names_of(scores, field="scores")
    for score in given:
        must_be_number(score, field="scores")
    weights = np.array(given, dtype=float)
    if len(weights) != n_rounds or not (np.diff(weights) > 0).all():
        raise QuidqualError.of(
            f"{len(weights)} scores for {n_rounds} rounds, or not increasing.",
            remedy="Give one increasing number a round.",
            field="scores",
        )
    return weights


def _tidy(value: float) -> float:
    """Drop the dust of floating point, so that equal sums are equal."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, 9 - max(0, math.floor(math.log10(abs(value)))))
