"""Logistic regressions of many codes on the same features, in one fit."""

from __future__ import annotations

from typing import Any

import numpy as np

ENOUGH, INNER = 0.01, 0.25
"""What is left of the first gradient when a code is done, and of a step's when it is taken."""


def logistic_weights(matrix: Any, labels: np.ndarray, *, strength: float) -> np.ndarray:
    """Weights of one penalised logistic regression a code, the intercept as the last feature.

    Newton steps by conjugate gradients, of all codes at once: each pass over the features
    serves every code. Sums are taken in the same order however many threads there are.

    Parameters
    ----------
    matrix : sparse matrix, shape (segments, features)
    labels : ndarray of bool, shape (segments, codes)
        Each code with segments that have it and segments that have it not.
    strength : float
        Weight of the losses beside half the squared weights, intercept included: the C of
        scikit-learn's ``LogisticRegression(solver="liblinear")``, whose optimum this is.

    Returns
    -------
    ndarray of float, shape (features + 1, codes)

    References
    ----------
    Lin, C.-J., Weng, R. C. and Keerthi, S. S. (2008). Trust region Newton method for
    large-scale logistic regression. Journal of Machine Learning Research 9, 627-650; here with
    steps that are halved until they help.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> labels = np.array([[True], [True], [False], [False]])
    >>> weight, intercept = logistic_weights(csr_matrix(labels * 2.0 - 1), labels, strength=1.0)
    >>> round(float(weight[0] * (1 + np.exp(weight[0]))), 1)  # 4, where the gradient is 0
    4.0
    """
    from scipy.sparse import hstack
    from scipy.special import expit

    given = hstack([matrix, np.ones((matrix.shape[0], 1))], dtype=np.float32).tocsr()
    turned = given.T.tocsr()
    squared = turned.multiply(turned).tocsr()
    truth = labels.astype(np.float32)
    rate = truth.mean(axis=0)
    weights = np.zeros((given.shape[1], len(rate)), dtype=np.float32)
    weights[-1] = np.log(rate / (1 - rate))
    scores = np.tile(weights[-1], (len(truth), 1))
    enough, left = np.zeros(len(rate)), np.arange(len(rate))
    for turn in range(100):
        w, z, y = weights[:, left], scores[:, left], truth[:, left]
        p = expit(z)
        gradient = w + strength * (turned @ (p - y))
        size = np.sqrt((gradient**2).sum(axis=0))
        if not turn:
            enough = ENOUGH * size
        going = size > enough[left]
        left = left[going]
        if not len(left):
            break
        w, z, y, p, gradient = (each[:, going] for each in (w, z, y, p, gradient))
        curved = strength * p * (1 - p)
        step, moved = _newton(given, turned, gradient, curved, 1 / (1 + squared @ curved))
        share = _share(w, z, y, step, moved, gradient, strength)
        weights[:, left] = w + share * step
        scores[:, left] = z + share * moved
    return weights.astype(np.float64)


def _newton(
    given: Any, turned: Any, gradient: np.ndarray, curved: np.ndarray, scale: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Steps that nearly undo the gradients, and what they change in the scores."""
    step, moved = np.zeros_like(gradient), np.zeros_like(curved)
    rest = -gradient
    towards = near = rest * scale
    size = (rest * near).sum(axis=0)
    enough = INNER**2 * size
    for _ in range(30):
        change = given @ towards
        bent = towards + turned @ (curved * change)
        far = _ratio(size, (towards * bent).sum(axis=0), size > enough)
        step += far * towards
        moved += far * change
        rest -= far * bent
        near = rest * scale
        before, size = size, (rest * near).sum(axis=0)
        if (size <= enough).all():
            break
        towards = near + _ratio(size, before, size > enough) * towards
    return step, moved


def _ratio(a: np.ndarray, b: np.ndarray, going: np.ndarray) -> np.ndarray:
    """Divide where a code is still going, and give 0 elsewhere."""
    return np.divide(a, b, out=np.zeros_like(a), where=going)


def _share(
    w: np.ndarray,
    z: np.ndarray,
    y: np.ndarray,
    step: np.ndarray,
    moved: np.ndarray,
    gradient: np.ndarray,
    strength: float,
) -> np.ndarray:
    """How much of each step to take: the largest of 1, 1/2, 1/4 ... that helps."""

    def lost(z: np.ndarray) -> np.ndarray:
        each = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) - y * z
        return each.sum(axis=0, dtype=np.float64)

    slope, along, length = ((each * step).sum(axis=0) for each in (gradient, w, step))
    now, share = lost(z), np.ones(z.shape[1], dtype=np.float32)
    for _ in range(20):
        then = share * along + share**2 * length / 2 + strength * (lost(z + share * moved) - now)
        worse = then > 1e-4 * share * slope + 1e-6 * strength * now
        if not worse.any():
            break
        share[worse] /= 2
    return share
