"""A scikit-learn pipeline of the user's own as bytes, by skops: no pickle, known types only."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

from quidqual.study.errors import QuidqualError, listed
from quidqual.suggestions.classifier import OneVsRest
from quidqual.suggestions.surroundings import around, beside, marks, own_words

_OWN = frozenset(
    f"{part.__module__}.{part.__name__}" for part in (own_words, around, beside, marks)
)
"""Functions of the default pipeline, which one of the user's may keep."""


def write_pipeline(model: OneVsRest, described: dict[str, Any], trust: Iterable[str]) -> bytes:
    """Turn a fitted model into bytes, and say in ``described`` with what.

    Raises
    ------
    QuidqualError
        If skops is not installed, or for every type that it does not know to be safe.
    """
    import sklearn

    skops = _skops()
    parts = {"features": model.features, "classifiers": list(model.classifiers)}
    try:
        packed = skops.dumps(parts)
    except Exception as error:  # skops asks each object for its state, and any may fail
        raise _refused([type(error).__name__]) from error
    _refuse_untrusted(skops, packed, trust)
    described |= {"kind": "pipeline", "scikit-learn": sklearn.__version__}
    return packed


def read_pipeline(packed: bytes, described: dict[str, Any], trust: Iterable[str]) -> OneVsRest:
    """Read what `write_pipeline` gave; warns if another scikit-learn wrote it."""
    import sklearn

    skops = _skops()
    _refuse_untrusted(skops, packed, trust)
    if described["scikit-learn"] != sklearn.__version__:
        warnings.warn(
            f"The model was saved with scikit-learn {described['scikit-learn']}, this is "
            f"{sklearn.__version__}: compare its suggestions before using them.",
            stacklevel=3,
        )
    known = _OWN & set(skops.get_untrusted_types(data=packed))
    parts = skops.loads(packed, trusted=[*trust, *known])
    return OneVsRest(parts["features"], parts["classifiers"])


def _refuse_untrusted(skops: Any, packed: bytes, trust: Iterable[str]) -> None:
    try:
        unknown = set(skops.get_untrusted_types(data=packed)) - set(trust) - _OWN
    except Exception as error:  # a damaged archive fails in many ways
        raise ValueError("no skops archive") from error
    if unknown:
        raise _refused(sorted(unknown))


def _refused(types: list[str]) -> QuidqualError:
    return QuidqualError.of(
        f"the pipeline holds {listed(types)}, not known to be safe to save without pickle.",
        field="suggester",
        remedy="Build it of scikit-learn's own parts, without functions of yours; or, if you "
        "know the types to be harmless, name them: trust=[...].",
    )


def _skops() -> Any:
    try:
        from skops import io
    except ImportError as cause:
        raise QuidqualError.of(
            "only models of default_pipeline() can be saved without pickle and without skops.",
            field="suggester",
            remedy="Run: pip install 'quidqual[models]'.",
        ) from cause
    return io
