"""The classifier: a scikit-learn pipeline, one model a code, probabilities calibrated."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from quidqual.study.errors import QuidqualError
from quidqual.suggestions.one_fit import logistic_weights
from quidqual.suggestions.surroundings import around, beside, marks, own_words

SEED = 0
AROUND, MARKS = 0.5, 1.0
"""Weight of the sentences around a segment and of its marks, beside its own words: measured in
``benchmarks/suggestions/``."""
LARGE = 4_000
"""Segments above which a study is large, see `default_pipeline`."""
_EPS = 1e-6
_STEEPEST = 10.0


def default_pipeline(*, large: bool = False) -> Any:
    """Word and character TF-IDF of a segment, what stands around it, and logistic regression.

    It takes lines of `quidqual.suggestions.surroundings`; a plain text is one too. In a
    ``large`` study features are fewer: no groups of letters, no pairs of words of the sentences
    around, nothing that one segment alone holds; and weights are held back more. There this
    scores higher and takes less time, in a small study not (``benchmarks/suggestions/``).

    Class weights are left at their natural values: ``class_weight="balanced"`` moves the
    probabilities far from the truth; the threshold of each code is learnt instead.

    Examples
    --------
    >>> list(default_pipeline().named_steps)
    ['features', 'classifier']
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import FeatureUnion, Pipeline

    common: dict[str, Any] = {"sublinear_tf": True, "dtype": np.float32}
    least = 2 if large else 1
    words = TfidfVectorizer(
        preprocessor=own_words,
        token_pattern=r"(?u)\b[^\W_]+\b",
        ngram_range=(1, 2),
        min_df=least,
        **common,
    )
    letters = TfidfVectorizer(
        preprocessor=own_words, analyzer="char_wb", ngram_range=(3, 5), min_df=2, **common
    )
    sides = TfidfVectorizer(analyzer=beside if large else around, min_df=least, **common)
    features = FeatureUnion(
        [
            ("words", words),
            *([] if large else [("letters", letters)]),
            ("around", sides),
            ("marks", TfidfVectorizer(analyzer=marks, **common)),
        ],
        transformer_weights={"around": AROUND, "marks": MARKS},
    )
    classifier = LogisticRegression(
        C=3.0 if large else 10.0,
        solver="liblinear",
        dual=True,
        tol=0.01,
        max_iter=5000,
        random_state=SEED,
    )
    return Pipeline([("features", features), ("classifier", classifier)])


@dataclass
class OneVsRest:
    """One classifier a code on common features.

    Attributes
    ----------
    features : transformer
        All steps of the pipeline but the last, fitted.
    classifiers : list
        Fitted copies of the last step; a float (the base rate) for a code that is
        nowhere or everywhere in the training material.
    """

    features: Any
    classifiers: list[Any]

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        """Raw probabilities, shape (texts, codes)."""
        return scores_of(self.classifiers, self.features.transform(list(texts)))


def scores_of(classifiers: Sequence[Any], matrix: Any) -> np.ndarray:
    """Raw probabilities of rows of features, one column a classifier."""
    columns = [
        np.full(matrix.shape[0], c) if isinstance(c, float) else c.predict_proba(matrix)[:, 1]
        for c in classifiers
    ]
    scores = np.column_stack(columns) if columns else np.empty((matrix.shape[0], 0))
    return np.clip(scores, _EPS, 1 - _EPS)


def fit_each(last: Any, matrix: Any, labels: np.ndarray) -> list[Any]:
    """Fit a copy of a classifier for each code; the base rate where there is nothing to learn."""
    from sklearn.base import clone

    if getattr(last, "solver", "") == "liblinear" and hasattr(matrix, "tocsr"):
        matrix = matrix.tocsr().astype(np.float64)  # else it is copied for each code
    classifiers: list[Any] = []
    for column in labels.T:
        one_sided = column.all() or not column.any()
        classifiers.append(float(column.mean()) if one_sided else clone(last).fit(matrix, column))
    return classifiers


def fit_together(last: Any, matrix: Any, labels: np.ndarray) -> list[Any]:
    """Give nearly what `fit_each` gives for the logistic regression of `default_pipeline`.

    In one fit: in a large study a third of the time. In a small one, with more features than
    segments, each code for itself is faster.
    """
    learnt = labels.any(axis=0) & ~labels.all(axis=0)
    weights = iter(logistic_weights(matrix, labels[:, learnt], strength=last.C).T)
    return [
        with_weights(last, *np.split(next(weights), [-1])) if some else float(rate)
        for some, rate in zip(np.atleast_1d(learnt), labels.mean(axis=0), strict=True)
    ]


def with_weights(last: Any, coef: np.ndarray, intercept: np.ndarray) -> Any:
    """Bring a copy of a logistic regression to where it is after it has learnt these weights."""
    one = type(last)(**last.get_params())
    one.coef_, one.intercept_ = coef[None, :], intercept
    one.classes_, one.n_features_in_ = np.array([False, True]), len(coef)
    return one


class Counted:
    """The words and letters of all texts, counted once for every fit of the default pipeline.

    Only counting is shared. Which words a fold knows and how much each weighs comes from its own
    training texts, as if its vectoriser had seen no others.
    """

    def __init__(self, pipeline: Any, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import CountVectorizer

        self._pipeline, self._fit = pipeline, fit_together if len(texts) > LARGE else fit_each
        self._parts: dict[str, tuple[Any, np.ndarray, Any]] = {}
        known = CountVectorizer().get_params()
        for name, part in pipeline.steps[0][1].transformer_list:
            counter = CountVectorizer(**{k: v for k, v in part.get_params().items() if k in known})
            with suppress(ValueError):  # no two texts have such a feature in common
                counts = counter.fit_transform(texts).tocsr()
                self._parts[name] = part, counter.get_feature_names_out(), counts

    def scores(self, labels: np.ndarray, train: np.ndarray, *tests: np.ndarray) -> list[np.ndarray]:
        """Raw scores of other rows by classifiers that have met the training rows alone."""
        learnt = self._learnt(train)
        last = self._pipeline.steps[-1][1]
        classifiers = self._fit(last, self._features(learnt, train), labels[train])
        return [scores_of(classifiers, self._features(learnt, rows)) for rows in tests]

    def model(self, labels: np.ndarray) -> OneVsRest:
        """Give what `fit` makes of all texts; features that none of them has are left out."""
        from sklearn.base import clone

        rows = np.arange(len(labels))
        learnt = self._learnt(rows)
        fresh = clone(self._pipeline)
        parts = {name: (*self._parts[name][:2], kept) for name, (kept, _) in learnt.items()}
        fresh.steps[0][1].transformer_list = [
            (name, with_words(clone(part), words[kept], learnt[name][1].idf_))
            for name, (part, words, kept) in parts.items()
        ]
        matrix = self._features(learnt, rows)
        return OneVsRest(fresh[:-1], self._fit(fresh.steps[-1][1], matrix, labels))

    def _learnt(self, train: np.ndarray) -> dict[str, tuple[np.ndarray, Any]]:
        """Tell which features of each part these rows know, and how much each weighs."""
        from sklearn.feature_extraction.text import TfidfTransformer

        learnt = {}
        for name, (part, _, counts) in self._parts.items():
            own = counts[train]
            kept = np.flatnonzero(own.getnnz(axis=0) >= part.min_df)
            if len(kept):
                weigh = TfidfTransformer(sublinear_tf=part.sublinear_tf)
                learnt[name] = kept, weigh.fit(own[:, kept])
        return learnt

    def _features(self, learnt: dict[str, tuple[np.ndarray, Any]], rows: np.ndarray) -> Any:
        from scipy.sparse import hstack

        weights = self._pipeline.steps[0][1].transformer_weights
        sides = [
            weigh.transform(self._parts[name][2][rows][:, kept]) * weights.get(name, 1.0)
            for name, (kept, weigh) in learnt.items()
        ]
        return hstack(sides).tocsr()


def with_words(vectoriser: Any, words: Sequence[str], idf: np.ndarray) -> Any:
    """Bring a vectoriser of the default pipeline to where it is after it has learnt words."""
    vectoriser.vocabulary_ = {word: i for i, word in enumerate(words)}
    vectoriser.fixed_vocabulary_ = False
    vectoriser.idf_ = idf
    return vectoriser


def fit(pipeline: Any, texts: Sequence[str], labels: np.ndarray) -> OneVsRest:
    """Fit the features once and a copy of the last step for each code.

    Raises
    ------
    QuidqualError
        If the pipeline cannot give probabilities or the texts give no feature.
    """
    from sklearn.base import clone

    if not hasattr(pipeline, "steps") or not hasattr(pipeline.steps[-1][1], "predict_proba"):
        raise QuidqualError.of(
            "the estimator is no scikit-learn Pipeline that ends in a classifier with "
            "predict_proba.", field="pipeline", remedy="Start from default_pipeline().",
        )  # fmt: skip
    fresh = clone(pipeline)
    features, last = fresh[:-1], fresh.steps[-1][1]
    try:
        matrix = features.fit_transform(list(texts))
    except QuidqualError:
        raise
    except ValueError as error:
        raise QuidqualError.of(
            "the segments hold no words to learn from.", field="study",
            remedy="Check that the notes are text.",
        ) from error  # fmt: skip
    return OneVsRest(features, fit_each(last, matrix, labels))


def logit(p: np.ndarray) -> np.ndarray:
    """Log odds."""
    clipped = np.clip(p, _EPS, 1 - _EPS)
    return np.log(clipped / (1 - clipped))


def platt(scores: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Slope and intercept that make held-out scores of one code into probabilities.

    References
    ----------
    Platt, J. (1999). Probabilistic outputs for support vector machines. In Advances in
    Large Margin Classifiers, MIT Press, 61-74; with his smoothed targets.
    """
    positive, negative = int(truth.sum()), int((~truth).sum())
    target = np.where(truth, (positive + 1) / (positive + 2), 1 / (negative + 2))
    x, base = logit(scores), float(logit(np.array([target.mean()]))[0])
    a, b = _logistic(x, target)
    if a <= 0:
        return 0.0, base
    if a > _STEEPEST:
        a, b = _STEEPEST, _logistic(x, target, slope=_STEEPEST)[1]
    return a, float(np.clip(b, -20, 20))


def _logistic(
    x: np.ndarray, target: np.ndarray, *, slope: float | None = None
) -> tuple[float, float]:
    """Slope and intercept of least log loss, by Newton steps that are halved until they help.

    The loss is convex in two numbers, so a general optimiser (and its threads) would take
    a hundred times as long.

    References
    ----------
    Lin, H.-T., Lin, C.-J. and Weng, R. C. (2007). A note on Platt's probabilistic outputs
    for support vector machines. Machine Learning 68, 267-276.
    """
    design = np.column_stack([x, np.ones_like(x)])
    free = np.array([slope is None, True])
    ab = np.array([1.0 if slope is None else slope, 0.0])

    def loss(ab: np.ndarray) -> float:
        z = design @ ab
        return float(np.mean(np.logaddexp(0, z) - target * z))

    now = loss(ab)
    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(design @ ab, -500, 500)))
        gradient = (design * (p - target)[:, None]).mean(axis=0)[free]
        if np.abs(gradient).max() < 1e-8:
            break
        hessian = (design.T * (p * (1 - p))) @ design / len(x) + 1e-12 * np.eye(2)
        step = np.zeros(2)
        step[free] = np.linalg.solve(hessian[np.ix_(free, free)], gradient)
        scale = 1.0
        while (
            scale > 1e-10 and loss(ab - scale * step) > now - 1e-4 * scale * gradient @ step[free]
        ):
            scale /= 2
        if scale <= 1e-10:
            break
        ab = ab - scale * step
        now = loss(ab)
    return float(ab[0]), float(ab[1])


def calibrated(scores: np.ndarray, ab: tuple[float, float]) -> np.ndarray:
    """Apply what `platt` gave."""
    return 1 / (1 + np.exp(-(ab[0] * logit(scores) + ab[1])))


def best_threshold(
    probability: np.ndarray, truth: np.ndarray, *, least_precision: float = 0.0
) -> float:
    """Give the probability from which a suggestion is made: the best F1 on held-out scores.

    Only where so large a share of what is suggested is right; infinity if that is nowhere so.
    """
    order = np.argsort(-probability, kind="stable")
    hits = np.cumsum(truth[order])
    total = int(truth.sum())
    if not total:
        return 1.0
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + total)
    last_of_ties = np.append(np.diff(probability[order]) != 0, True)
    allowed = last_of_ties & (hits >= least_precision * np.arange(1, len(order) + 1))
    if not allowed.any():
        return float("inf")
    at = int(np.argmax(np.where(allowed, f1, -1)))
    return float(probability[order][at])
