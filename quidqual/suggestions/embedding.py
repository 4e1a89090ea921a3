"""A sentence model of the user's own in place of TF-IDF: any function from texts to vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np

from quidqual.study.errors import QuidqualError
from quidqual.suggestions.classifier import SEED

Embed: TypeAlias = Callable[[list[str]], Any]


class Embedding:
    """Vectors of texts, each text asked for once.

    A vector depends on its own text alone, so remembering it between folds tells no fold
    about another.

    Parameters
    ----------
    embed : callable
        From a list of n texts to an array of n rows, the same each time it is asked.

    Examples
    --------
    >>> lengths = Embedding(lambda texts: [[len(t), t.count(" ")] for t in texts])
    >>> lengths(["one two", "three"]).tolist()
    [[7.0, 1.0], [5.0, 0.0]]
    """

    def __init__(self, embed: Embed) -> None:
        if not callable(embed):
            raise QuidqualError.of(
                f"embed is {type(embed).__name__} and cannot be called.", field="embed",
                remedy="Give a function from a list of texts to an array, one row a text.",
            )  # fmt: skip
        self.embed = embed
        self._known: dict[str, np.ndarray] = {}

    def __deepcopy__(self, memo: object) -> Embedding:
        """Stay one: scikit-learn copies what a pipeline is given, and a model may be large."""
        return self

    def __repr__(self) -> str:
        return f"Embedding({getattr(self.embed, '__qualname__', type(self.embed).__name__)})"

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Give one row of numbers a text."""
        new = [t for t in dict.fromkeys(texts) if t not in self._known]
        if new:
            self._known.update(zip(new, self._ask(new), strict=True))
        return np.vstack([self._known[t] for t in texts])

    def _ask(self, texts: list[str]) -> np.ndarray:
        try:
            rows = np.asarray(self.embed(texts), dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise self._refused("gave what is no array of numbers") from error
        width = next((v.shape[0] for v in self._known.values()), None)
        if rows.ndim != 2 or len(rows) != len(texts) or not rows.shape[1]:
            raise self._refused(f"gave an array of shape {rows.shape} for {len(texts)} texts")
        if not np.isfinite(rows).all():
            raise self._refused("gave numbers that are not finite")
        if width not in (None, rows.shape[1]):
            raise self._refused(f"gave rows of {rows.shape[1]} numbers after rows of {width}")
        return rows

    def _refused(self, what: str) -> QuidqualError:
        return QuidqualError.of(
            f"embed {what}.", field="embed",
            remedy="It should give an array of numbers with one row a text.",
        )  # fmt: skip


def embedding_pipeline(embed: Embed) -> Any:
    """Make a pipeline of a user's vectors and the same logistic regression as the default's.

    Parameters
    ----------
    embed : callable
        From a list of texts to an array with one row a text.

    Returns
    -------
    scikit-learn Pipeline
        For ``suggest(study, pipeline=...)``; what ``suggest(study, embed=...)`` uses.

    Raises
    ------
    QuidqualError
        If it cannot be called; when it is asked, if it gives no array of numbers.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer

    classifier = LogisticRegression(C=10.0, solver="liblinear", max_iter=1000, random_state=SEED)
    features = FunctionTransformer(Embedding(embed))
    return Pipeline([("features", features), ("classifier", classifier)])


def embedding_of(pipeline: Any) -> Embedding | None:
    """Find the vectors a pipeline starts from, None if it starts from words.

    Examples
    --------
    >>> embedding_of(embedding_pipeline(lambda texts: [[len(t)] for t in texts]))
    Embedding(<lambda>)
    """
    steps = getattr(pipeline, "steps", ())
    first = getattr(steps[0][1], "func", None) if steps else None
    return first if isinstance(first, Embedding) else None
