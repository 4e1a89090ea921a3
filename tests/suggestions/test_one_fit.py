"""Many logistic regressions in one fit, beside scikit-learn's, one by one."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix, random
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from quidqual.suggestions import one_fit
from quidqual.suggestions.classifier import default_pipeline, fit_each, fit_together
from quidqual.suggestions.one_fit import logistic_weights


def material(n: int, d: int, seed: int) -> tuple[csr_matrix, np.ndarray]:
    """Sparse rows of length 1 and codes from rare to common, told by a few features each."""
    draw = np.random.default_rng(seed)
    matrix = random(n, d, density=0.05, random_state=seed, format="csr")
    matrix = csr_matrix(matrix / np.maximum(np.sqrt(matrix.multiply(matrix).sum(axis=1)), 1e-9))
    truth = matrix @ (draw.normal(size=(d, 6)) * (draw.uniform(size=(d, 6)) < 0.2)) * 4
    labels = truth + draw.logistic(size=truth.shape) > np.array([5, 4, 3, 2, 1, 0])
    return matrix, labels


def loss(weights: np.ndarray, matrix: csr_matrix, labels: np.ndarray, strength: float):
    z = matrix @ weights[:-1] + weights[-1]
    each = np.logaddexp(0, z) - labels * z
    return (weights**2).sum(axis=0) / 2 + strength * each.sum(axis=0)


@pytest.mark.parametrize(("n", "d"), [(600, 80), (80, 600)], ids=["long", "wide"])
@pytest.mark.parametrize("strength", [0.1, 3.0, 100.0])
def test_it_reaches_what_scikit_learn_reaches_one_by_one(n, d, strength, monkeypatch):
    matrix, labels = material(n, d, 1)
    assert labels.any(axis=0).all()
    each = []
    for truth in labels.T:
        one = LogisticRegression(C=strength, solver="liblinear", tol=1e-8, max_iter=10_000)
        one.fit(matrix, truth)
        each.append([*one.coef_[0], *one.intercept_])
    least = loss(np.array(each).T, matrix, labels, strength)
    near = loss(logistic_weights(matrix, labels, strength=strength), matrix, labels, strength)
    assert (near <= 1.003 * least).all()
    monkeypatch.setattr(one_fit, "ENOUGH", 1e-4)
    weights = logistic_weights(matrix, labels, strength=strength)
    np.testing.assert_allclose(weights, np.array(each).T, atol=0.01 * np.abs(each).max())


def test_a_code_does_not_hang_on_those_it_is_learnt_with():
    matrix, labels = material(400, 100, 2)
    together = logistic_weights(matrix, labels, strength=3.0)
    for k in range(labels.shape[1]):
        alone = logistic_weights(matrix, labels[:, [k]], strength=3.0)
        np.testing.assert_allclose(together[:, [k]], alone, atol=1e-3)


def test_the_same_bytes_with_one_thread_and_with_two():
    matrix, labels = material(3000, 12_000, 3)
    made = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            made.append(logistic_weights(matrix, labels, strength=3.0).tobytes())
    assert made[0] == made[1]


def test_features_that_tell_everything_or_nothing_are_no_trouble():
    labels = np.array([[True, False]] * 3 + [[False, True]] * 5)
    telling = csr_matrix(labels[:, :1] * 2.0 - 1)
    weights = logistic_weights(telling, labels, strength=1e4)
    assert np.isfinite(weights).all()
    assert ((telling @ weights[:-1] + weights[-1] > 0) == labels).all()
    nothing = logistic_weights(csr_matrix((8, 2)), labels, strength=1e4)
    np.testing.assert_allclose(nothing[-1], [np.log(3 / 5), np.log(5 / 3)], atol=1e-3)
    assert logistic_weights(telling, labels[:, :0], strength=1.0).shape == (2, 0)


def test_a_code_that_is_everywhere_or_nowhere_keeps_its_rate():
    matrix, labels = material(300, 50, 4)
    labels[:, 1], labels[:, 3] = True, False
    last = default_pipeline(large=True).steps[-1][1]
    together, each = (fit(last, matrix, labels) for fit in (fit_together, fit_each))
    assert [together[1], together[3]] == [each[1], each[3]] == [1.0, 0.0]
    for k in (0, 2, 4, 5):
        ours, theirs = (made[k].predict_proba(matrix)[:, 1] for made in (together, each))
        np.testing.assert_allclose(ours, theirs, atol=0.02)
