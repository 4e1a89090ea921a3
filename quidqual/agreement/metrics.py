"""How near two ratings are to each other: weights and metrics, each under its own name.

Two families are easily mixed up and kept apart here. Gwet's *weights* say how much of an
agreement two categories are (1 on the diagonal); they are computed from the scale alone.
Krippendorff's *metrics* say how much of a disagreement they are (0 on the diagonal); the
ordinal one depends on how often each category was used, and so on the data.

References
----------
Gwet, K. L. (2014). Handbook of Inter-Rater Reliability (4th ed.). Advanced Analytics.
Krippendorff, K. (2019). Content Analysis (4th ed.), chapter 12. Sage.
Passonneau, R. (2006). Measuring agreement on set-valued items (MASI). LREC.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quidqual.study.arguments import one_of
from quidqual.study.errors import QuidqualError, listed

LEVELS = ("nominal", "ordinal", "interval", "ratio", "jaccard", "masi")
SETS = ("jaccard", "masi")
# The weights that belong to a level of measurement when none are named.
_WEIGHTS_OF_LEVEL = {"ordinal": "ordinal", "interval": "quadratic", "ratio": "ratio"}


@dataclass(frozen=True)
class Scale:
    """What the coefficients need to know of the categories.

    Attributes
    ----------
    n_categories : int
        How many categories the scale offers, used or not.
    weights : numpy.ndarray or None
        Agreement weights of the kappa family; None is the identity.
    alpha_weights : numpy.ndarray or None
        Agreement weights of alpha; None is the identity.
    ordinal_alpha : bool
        Alpha with Krippendorff's ordinal metric, which is made from the data.
    level, weights_name : str
        As they are shown in the result.
    """

    n_categories: int
    weights: np.ndarray | None
    alpha_weights: np.ndarray | None
    ordinal_alpha: bool
    level: str
    weights_name: str


def _scores(categories: Sequence[Any]) -> np.ndarray:
    """Give the number that stands for each category: itself, or else its place in the order."""
    if all(isinstance(c, int | float | np.number) for c in categories):
        return np.array([float(c) for c in categories])
    return np.arange(1.0, len(categories) + 1.0)


def _differences(scores: np.ndarray) -> np.ndarray:
    return np.abs(scores[:, None] - scores[None, :])


def _scaled(distance: np.ndarray) -> np.ndarray:
    """Turn a distance into a weight: 1 for the same, 0 for the farthest pair."""
    top = distance.max(initial=0.0)
    return 1.0 - distance / top if top > 0 else np.ones_like(distance)


def _ratio_distance(scores: np.ndarray) -> np.ndarray:
    total = scores[:, None] + scores[None, :]
    safe = np.where(total == 0, 1.0, total)
    return ((scores[:, None] - scores[None, :]) / safe) ** 2


def _ratio_weights(scores: np.ndarray) -> np.ndarray:
    low, high = scores.min(), scores.max()
    top = ((high - low) / (high + low)) ** 2 if high + low else 0.0
    distance = _ratio_distance(scores)
    return 1.0 - distance / top if top > 0 else np.ones_like(distance)


def _gwet_ordinal(scores: np.ndarray) -> np.ndarray:
    step = _differences(np.arange(1.0, len(scores) + 1.0))
    return _scaled(step * (step + 1.0) / 2.0)


def _circular(scores: np.ndarray) -> np.ndarray:
    around = scores.max() - scores.min() + 1.0
    return _scaled(np.sin(np.pi * _differences(scores) / around) ** 2)


def _bipolar(scores: np.ndarray) -> np.ndarray:
    total = scores[:, None] + scores[None, :]
    room = (total - 2 * scores.min()) * (2 * scores.max() - total)
    safe = np.where(room == 0, 1.0, room)
    return _scaled(np.where(room == 0, 0.0, _differences(scores) ** 2 / safe))


_NAMED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda scores: _scaled(_differences(scores)),
    "quadratic": lambda scores: _scaled(_differences(scores) ** 2),
    "ordinal": _gwet_ordinal,
    "radical": lambda scores: _scaled(np.sqrt(_differences(scores))),
    "ratio": _ratio_weights,
    "circular": _circular,
    "bipolar": _bipolar,
}
WEIGHTS = ("identity", *_NAMED)


def named_weights(name: str, categories: Sequence[Any]) -> np.ndarray | None:
    """Give Gwet's weights of one name for these categories (None: identity).

    Numbers stand for themselves; other categories for their place 1, 2, ... in the order.

    Raises
    ------
    QuidqualError
        If no weights have that name.

    Examples
    --------
    >>> named_weights("linear", [1, 2, 3])
    array([[1. , 0.5, 0. ],
           [0.5, 1. , 0.5],
           [0. , 0.5, 1. ]])
    """
    if name in ("identity", "unweighted", "nominal"):
        return None
    if name not in _NAMED:
        raise QuidqualError.of(
            f"weights={name!r} is not known.",
            remedy=f"Use one of {listed(WEIGHTS)}, or a square table of weights.",
            field="weights",
        )
    return _NAMED[name](_scores(categories))


def given_weights(weights: Any, categories: Sequence[Any]) -> np.ndarray:
    """Check a table of weights and put it into the order of the categories."""
    problem, table = "", np.empty((0, 0))
    try:
        if isinstance(weights, pd.DataFrame):
            names = list(weights.index)
            if set(names) != set(weights.columns) or not set(categories) <= set(names):
                problem = "its rows and columns must both be named by the categories"
            else:
                table = weights.loc[list(categories), list(categories)].to_numpy(dtype=float)
        else:
            table = np.asarray(weights, dtype=float)
    except (TypeError, ValueError):
        problem = "it must hold numbers"
    q = len(categories)
    if not problem and table.shape != (q, q):
        problem = f"it has the shape {table.shape}, and there are {q} categories"
    elif not problem and not np.isfinite(table).all():
        problem = "it holds missing or infinite values"
    elif not problem and not np.allclose(np.diag(table), 1.0):
        problem = "a category must agree wholly with itself: the diagonal must be 1"
    elif not problem and not np.allclose(table, table.T):
        problem = "it must be the same both ways (symmetric)"
    elif not problem and (table.min(initial=0.0) < 0.0 or table.max(initial=1.0) > 1.0):
        problem = "weights lie between 0 (no agreement) and 1 (full agreement)"
    if problem:
        raise QuidqualError.of(
            f"The table of weights cannot be used: {problem}.",
            remedy=f"Give one row and one column for each category: {listed(categories)}.",
            field="weights",
        )
    return table


def _as_set(value: Any) -> frozenset[Any]:
    return value if isinstance(value, frozenset) else frozenset(value)


def set_similarity(a: frozenset[Any], b: frozenset[Any], level: str) -> float:
    """Compare two sets of codes: 1 - Jaccard's or Passonneau's MASI distance.

    Two empty sets agree: both coders found no code.

    Examples
    --------
    >>> set_similarity(frozenset("AB"), frozenset("A"), "jaccard")
    0.5
    >>> round(set_similarity(frozenset("AB"), frozenset("A"), "masi"), 4)
    0.3333
    """
    if a == b:
        return 1.0
    common = len(a & b)
    jaccard = common / len(a | b)
    if level == "jaccard":
        return jaccard
    # MASI's monotonicity: subset 2/3, overlap 1/3, nothing shared 0.
    monotonic = 2 / 3 if (a <= b or b <= a) and common else 1 / 3 if common else 0.0
    return jaccard * monotonic


def _set_weights(categories: Sequence[Any], level: str) -> np.ndarray:
    sets = [_as_set(c) for c in categories]
    q = len(sets)
    table = np.ones((q, q))
    for i in range(q):
        for j in range(i):
            table[i, j] = table[j, i] = set_similarity(sets[i], sets[j], level)
    return table


def _alpha_weights(level: str, scores: np.ndarray) -> np.ndarray | None:
    """Give alpha's metric for a level as weights; ordinal is made from the data later."""
    if level == "interval":
        return _scaled(_differences(scores) ** 2)
    if level == "ratio":
        return _scaled(_ratio_distance(scores))
    return None


def _needs_order(level: str, weights: Any) -> str:
    """Say what asks for an order of the categories ("" if nothing does)."""
    if level in ("ordinal", "interval", "ratio"):
        return f"level={level!r}"
    if isinstance(weights, str) and weights in _NAMED:
        return f"weights={weights!r}"
    return ""


def _check_order(level: str, weights: Any, categories: Sequence[Any], ordered: bool) -> None:
    """Refuse an order that nobody gave: 'high', 'low', 'middle' is not one."""
    asks = _needs_order(level, weights)
    if not asks:
        return
    numeric = all(isinstance(c, int | float | np.number) for c in categories)
    if level in ("interval", "ratio") and not numeric:
        raise QuidqualError.of(
            f"{asks} needs numbers, and the ratings are not numbers.",
            remedy="Give numbers, or use level='ordinal' with an ordered Categorical.",
            field="level",
        )
    if level == "ratio" and min(categories, default=0) < 0:
        raise QuidqualError.of(
            "level='ratio' needs numbers from zero upwards.",
            remedy="Use level='interval'.",
            field="level",
        )
    if not numeric and not ordered:
        raise QuidqualError.of(
            f"{asks} needs the order of the categories, and words have none of their own.",
            remedy="Give a pandas Categorical, or categories=[lowest, ..., highest].",
            field="categories",
        )


def scale_of(categories: Sequence[Any], *, level: str, weights: Any, ordered: bool) -> Scale:
    """Bring level and weights together into what the coefficients compute with.

    Weights that are given hold for every coefficient when the level is left at nominal.
    With another level, alpha keeps that level's metric and the others take the weights,
    or, when none are given, the weights that belong to the level.
    """
    one_of(level, LEVELS, field="level")
    _check_order(level, weights, categories, ordered)
    q = len(categories)
    table: np.ndarray | None
    if level in SETS:
        table = _set_weights(categories, level)
        return Scale(q, table, table, False, level, level)
    if weights is None:
        weights = _WEIGHTS_OF_LEVEL.get(level, "identity")
        by_level = True
    else:
        by_level = level != "nominal"
    if isinstance(weights, str):
        name, table = weights, named_weights(weights, categories)
        name = "identity" if table is None else name
    else:
        table, name = given_weights(weights, categories), "given"
    if not by_level:
        shown = level if table is None else "weighted"
        return Scale(q, table, table, False, shown, name)
    alpha = _alpha_weights(level, _scores(categories)) if level != "nominal" else None
    return Scale(q, table, alpha, level == "ordinal", level, name)
