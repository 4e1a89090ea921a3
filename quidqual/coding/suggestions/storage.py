"""Saving a model without pickle: JSON and plain arrays, which cannot run code when read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from quidqual.coding.suggestions.model import OneVsRest, default_pipeline
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    from quidqual.coding.suggestions.suggest import Suggester

FORMAT = 1


def save_model(suggester: Suggester, folder: str | Path) -> Path:
    """Save a model of the default pipeline.

    Parameters
    ----------
    suggester : Suggester
    folder : path
        Made if it is not there. Holds words of the notes: keep it as confidential.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    QuidqualError
        If the model is of another pipeline: only what needs no pickle can be saved.
    """
    union = getattr(suggester.model.features, "steps", [(None, None)])[0][1]
    parts = dict(getattr(union, "transformer_list", ()))
    classifiers = suggester.model.classifiers
    plain = all(isinstance(c, float) or hasattr(c, "coef_") for c in classifiers)
    if set(parts) != {"words", "letters"} or not plain:
        raise QuidqualError.of(
            "only models of default_pipeline() can be saved without pickle.", field="suggester",
            remedy="Save your own estimator with a tool of your choice.",
        )  # fmt: skip
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    described: dict[str, Any] = {
        "format": FORMAT,
        "codes": list(suggester.codes),
        "calibration": [list(ab) for ab in suggester.calibration],
        "thresholds": list(suggester.thresholds),
        "constant": [c if isinstance(c, float) else None for c in classifiers],
        "vocabulary": {
            name: sorted(part.vocabulary_, key=part.vocabulary_.get) for name, part in parts.items()
        },
    }
    text = json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True)
    (target / "model.json").write_text(text + "\n", encoding="utf-8")
    width = sum(len(v) for v in described["vocabulary"].values())
    coef = [np.zeros(width) if isinstance(c, float) else c.coef_[0] for c in classifiers]
    bias = [0.0 if isinstance(c, float) else float(c.intercept_[0]) for c in classifiers]
    np.savez_compressed(
        target / "arrays.npz", coef=np.array(coef), intercept=np.array(bias),
        **{f"idf_{name}": part.idf_ for name, part in parts.items()},
    )  # fmt: skip
    return target


def load_model(folder: str | Path) -> Suggester:
    """Read a saved model.

    Raises
    ------
    QuidqualError
        If the folder holds no model, or one of another format.
    """
    from quidqual.coding.suggestions.suggest import Suggester

    source = Path(folder)
    try:
        described = json.loads((source / "model.json").read_text(encoding="utf-8"))
        with np.load(source / "arrays.npz", allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        if described["format"] != FORMAT:
            raise ValueError
        model = _rebuild(described, arrays)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise QuidqualError.of(
            "this is no saved model that can be read.", file=str(folder),
            remedy="Give a folder that save_model wrote.",
        ) from error  # fmt: skip
    return Suggester(
        model,
        tuple(described["codes"]),
        tuple((float(a), float(b)) for a, b in described["calibration"]),
        tuple(map(float, described["thresholds"])),
    )


def _rebuild(described: dict[str, Any], arrays: dict[str, np.ndarray]) -> OneVsRest:
    pipeline = default_pipeline()
    features, last = pipeline[:-1], pipeline.steps[-1][1]
    for name, part in dict(features.steps[0][1].transformer_list).items():
        words = described["vocabulary"][name]
        part.vocabulary_ = {word: i for i, word in enumerate(words)}
        part.fixed_vocabulary_ = False
        part.idf_ = arrays[f"idf_{name}"]
    classifiers: list[Any] = []
    for k, constant in enumerate(described["constant"]):
        if constant is not None:
            classifiers.append(float(constant))
            continue
        one = type(last)(**last.get_params())
        one.coef_ = arrays["coef"][k : k + 1]
        one.intercept_ = arrays["intercept"][k : k + 1]
        one.classes_ = np.array([False, True])
        one.n_features_in_ = one.coef_.shape[1]
        classifiers.append(one)
    return OneVsRest(features, classifiers)
