"""Saving a model without pickle: JSON and plain arrays, which cannot run code when read.

Three kinds of model are told apart: that of the default pipeline (its words and weights), that
upon a sentence model whose hashes are known (its weights; the sentence model is named, not
copied), and any other scikit-learn pipeline (by skops, if all its types are known to be safe).
The model card lies beside in ``card.md``.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from quidqual.study.errors import QuidqualError, listed
from quidqual.study.files import as_path
from quidqual.study.release_gate import write_outputs
from quidqual.suggestions.card import corpus_told
from quidqual.suggestions.classifier import OneVsRest, default_pipeline, with_weights, with_words
from quidqual.suggestions.embedding import Embedding, embedding_of, embedding_pipeline
from quidqual.suggestions.sentence_model import SentenceModel
from quidqual.suggestions.stored_pipeline import read_pipeline, write_pipeline

if TYPE_CHECKING:
    from quidqual.suggestions.suggest import Suggester

FORMAT = 4
MODEL, ARRAYS, CARD = "model.json", "arrays.npz", "card.md"
PIPELINE = "pipeline.skops"


def save_model(
    suggester: Suggester,
    folder: str | Path,
    *,
    trust: Iterable[str] = (),
    replace: bool = False,
) -> Path:
    """Save a model, with its card.

    Parameters
    ----------
    suggester : Suggester
    folder : path
        Made if it is not there. Holds words of the notes: keep it as confidential.
    trust : iterable of str
        Types of a pipeline of your own, by their full names, that you know to be safe to
        read back though skops does not (``sklearn.tree._tree.Tree``).
    replace : bool, default False
        Whether an earlier model in this folder may be replaced by another.

    Returns
    -------
    Path
        The folder, with ``model.json``, ``card.md`` and ``arrays.npz`` or
        ``pipeline.skops``.

    Raises
    ------
    QuidqualError
        If the model holds a type that cannot be saved safely (each is named), or vectors
        of a function without hashes; if the folder holds anything but a saved model, or
        one that would be replaced; if it learnt from real notes, holds their words, and the
        folder is not private.
    """
    target = as_path(folder)
    if not hasattr(suggester, "model"):
        raise QuidqualError.of(
            f"a model is wanted, not {type(suggester).__name__}.",
            remedy="Give qq.suggestions.suggest(study).suggester.",
            field="suggester",
        )
    _earlier(target)  # before any work
    embedding = embedding_of(suggester.model.features)
    described: dict[str, Any] = {
        "format": FORMAT,
        "codes": list(suggester.codes),
        "calibration": [list(ab) for ab in suggester.calibration],
        "thresholds": list(suggester.thresholds),
    }
    arrays: dict[str, np.ndarray] = {}
    packed: bytes | None = None
    if embedding is not None:
        described |= {"kind": "vectors", "embedding": _named(embedding)}
        arrays = _weights(suggester.model, described)
    elif (large := _default(suggester.model)) is not None:
        described |= {"kind": "words", "large": large}
        arrays = _weights(suggester.model, described)
        parts = dict(suggester.model.features.steps[0][1].transformer_list)
        described["vocabulary"] = {
            name: sorted(part.vocabulary_, key=part.vocabulary_.get) for name, part in parts.items()
        }
        arrays |= {f"idf_{name}": part.idf_ for name, part in parts.items()}
    else:
        packed = write_pipeline(suggester.model, described, trust)
    files = {CARD: suggester.card.encode("utf-8")}
    if packed is None:
        stream = io.BytesIO()
        np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]
        files[ARRAYS] = stream.getvalue()
    else:
        files[PIPELINE] = packed
    described["sha256"] = {name: _sha256(data) for name, data in files.items()}
    described["sha256"][MODEL] = _sha256(_text(described))
    files[MODEL] = _text(described, marked=True)
    earlier = _earlier(target)
    if earlier and earlier != files and not replace:
        raise QuidqualError.of(
            f"another saved model is in {target.name!r}, and nothing was written.",
            remedy="Choose another folder, or allow it with replace=True.",
            field="folder",
        )
    write_outputs(target, files, of=corpus_told(suggester.card))
    for name in earlier.keys() - files.keys():
        (target / name).unlink()
    return target


def _text(described: dict[str, Any], *, marked: bool = False) -> bytes:
    """Write model.json; its own hash is that of what it holds without hashes."""
    held = {k: v for k, v in described.items() if marked or k != "sha256"}
    return (json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _earlier(folder: Path) -> dict[str, bytes]:
    """Read the files of an earlier model; refuse a folder that holds anything of the user's."""
    if folder.exists() and not folder.is_dir():
        raise QuidqualError.of(
            f"{folder.name!r} is a file.", remedy="Name a folder.", field="folder"
        )
    there = sorted(folder.iterdir()) if folder.exists() else []
    shown = [path.name for path in there if not path.name.startswith(".")]
    ours = (MODEL, CARD, ARRAYS, PIPELINE) if _holds_model(folder) else ()
    foreign = [name for name in shown if name not in ours]
    if foreign:
        raise QuidqualError.of(
            f"the folder {folder.name!r} holds files that are not of a saved model: "
            f"{listed(foreign)}. Nothing was written.",
            remedy="Choose a folder of its own for the model.",
            field="folder",
        )
    return {name: (folder / name).read_bytes() for name in shown}


def _holds_model(folder: Path) -> bool:
    """Tell a model.json that was written here from one of the user's."""
    try:
        described = json.loads((folder / MODEL).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(described, dict) and {"format", "kind", "codes"} <= set(described)


def _default(model: OneVsRest) -> bool | None:
    """Tell a model of the default pipeline from others, and whether it is that of a large study."""
    union = getattr(model.features, "steps", [(None, None)])[0][1]
    parts = {name: p.get_params() for name, p in getattr(union, "transformer_list", ())}
    linear = all(isinstance(c, float) or hasattr(c, "coef_") for c in model.classifiers)
    if not parts or not linear or len(model.features.steps) != 1:
        return None
    for large in (False, True):
        own = dict(default_pipeline(large=large).steps[0][1].transformer_list)
        known = {name: part.get_params() for name, part in own.items()}
        if parts == {name: known.get(name) for name in parts}:
            return large
    return None


def _named(embedding: Embedding) -> dict[str, Any]:
    if not isinstance(embedding.embed, SentenceModel):
        raise QuidqualError.of(
            f"the vectors come from {type(embedding.embed).__name__}, whose hash is not known: a "
            "saved model could not tell whether it is given the same one.", field="suggester",
            remedy="Use load_sentence_model for embed=, or save the estimator with your own tool.",
        )  # fmt: skip
    return embedding.embed.described()


def _weights(model: OneVsRest, described: dict[str, Any]) -> dict[str, np.ndarray]:
    """Weights of linear classifiers; a code that is nowhere or everywhere has a constant."""
    every = model.classifiers
    strange = {
        type(c).__name__ for c in every if not isinstance(c, float) and not hasattr(c, "coef_")
    }
    if strange:
        raise QuidqualError.of(
            f"{sorted(strange)[0]} upon a sentence model cannot be saved.", field="suggester",
            remedy="Use the logistic regression of embedding_pipeline.",
        )  # fmt: skip
    described["constant"] = [c if isinstance(c, float) else None for c in every]
    width = next((c.coef_.shape[1] for c in every if not isinstance(c, float)), 0)
    coef = [np.zeros(width) if isinstance(c, float) else c.coef_[0] for c in every]
    bias = [0.0 if isinstance(c, float) else float(c.intercept_[0]) for c in every]
    return {"coef": np.array(coef), "intercept": np.array(bias)}


def load_model(
    folder: str | Path, *, embed: SentenceModel | None = None, trust: Iterable[str] = ()
) -> Suggester:
    """Read a saved model.

    Parameters
    ----------
    folder : path
    embed : SentenceModel, optional
        For a model that was made upon one: the same, as its hashes show.
    trust : iterable of str
        As when it was saved. Trust only files of your own.

    Raises
    ------
    QuidqualError
        If the folder holds no model or one of another format, it asks for a sentence
        model that was not given, or it holds a type that is not trusted.
    """
    from quidqual.suggestions.suggest import Suggester

    source = as_path(folder)
    try:
        described = json.loads((source / MODEL).read_text(encoding="utf-8"))
        if described["format"] != FORMAT:
            raise ValueError
        held = _unchanged(source, described)
        _well_formed(described)
        if described["kind"] == "pipeline":
            model = read_pipeline(held[PIPELINE], described, trust)
        else:
            with np.load(io.BytesIO(held[ARRAYS]), allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            made = _of_words(described, arrays) if described["kind"] == "words" else None
            _fitting(described, arrays)
            pipeline = made or _of_vectors(described, embed)
            model = OneVsRest(pipeline[:-1], _classifiers(described, arrays, pipeline.steps[-1][1]))
        card = held[CARD].decode("utf-8")
    except QuidqualError:
        raise
    except Exception as error:  # a damaged file fails in as many ways as its readers have
        raise QuidqualError.of(
            "this is no saved model that can be read.", file=str(folder),
            remedy="Give a folder that save_model wrote, with all its files as it wrote them.",
        ) from error  # fmt: skip
    return Suggester(
        model,
        tuple(described["codes"]),
        tuple((float(a), float(b)) for a, b in described["calibration"]),
        tuple(map(float, described["thresholds"])),
        card,
    )


def _unchanged(source: Path, described: dict[str, Any]) -> dict[str, bytes]:
    """Read the other files, if all are what was written; before anything else is read of them."""
    told = dict(described["sha256"])
    if told.pop(MODEL) != _sha256(_text(described)) or CARD not in told:
        raise ValueError
    if not set(told) <= {CARD, ARRAYS, PIPELINE}:
        raise ValueError
    held = {name: (source / name).read_bytes() for name in told}
    if any(_sha256(data) != told[name] for name, data in held.items()):
        raise ValueError
    return held


def _well_formed(described: dict[str, Any]) -> None:
    """Refuse a description of other types or lengths: its hashes may be right all the same."""
    codes, calibration = described["codes"], described["calibration"]
    numbers = [*described["thresholds"], *(x for pair in calibration for x in pair)]
    if not (
        all(isinstance(code, str) for code in codes)
        and len(set(codes)) == len(codes) == len(calibration) == len(described["thresholds"])
        and all(len(pair) == 2 for pair in calibration)
        and np.isfinite(np.array(numbers, dtype=float)).all()
    ):
        raise ValueError


def _fitting(described: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    """Refuse weights that are not numbers, or of another shape than codes and words."""
    n, coef = len(described["codes"]), arrays["coef"]
    words = described.get("vocabulary", {})
    width = sum(map(len, words.values())) if described["kind"] == "words" else coef.shape[1]
    shapes = {"coef": (n, width), "intercept": (n,)}
    shapes |= {f"idf_{name}": (len(own),) for name, own in words.items()}
    learnt = any(constant is None for constant in described["constant"])
    for name, shape in shapes.items():
        values = arrays[name]
        empty = name == "coef" and not learnt
        if values.dtype.kind != "f" or not (empty or values.shape == shape):
            raise ValueError
        if not np.isfinite(values).all():
            raise ValueError
    if len(described["constant"]) != n or any(len(set(own)) != len(own) for own in words.values()):
        raise ValueError


def _of_words(described: dict[str, Any], arrays: dict[str, np.ndarray]) -> Any:
    pipeline = default_pipeline(large=described.get("large", False))
    features = pipeline.steps[0][1]
    features.transformer_list = [
        (name, with_words(part, described["vocabulary"][name], arrays[f"idf_{name}"]))
        for name, part in features.transformer_list
        if name in described["vocabulary"]
    ]
    return pipeline


def _of_vectors(described: dict[str, Any], embed: SentenceModel | None) -> Any:
    made_with = described["embedding"]
    if not isinstance(embed, SentenceModel) or embed.sha256 != made_with["sha256"]:
        what = "none was given" if embed is None else "another was given"
        raise QuidqualError.of(
            f"the model was made upon the sentence model {made_with['source']!r}, and {what}.",
            field="embed", remedy="Load the same files with load_sentence_model and pass embed=.",
        )  # fmt: skip
    return embedding_pipeline(embed)


def _classifiers(described: dict[str, Any], arrays: dict[str, np.ndarray], last: Any) -> list[Any]:
    classifiers: list[Any] = []
    for k, constant in enumerate(described["constant"]):
        if constant is not None:
            classifiers.append(float(constant))
            continue
        one = with_weights(last, arrays["coef"][k], arrays["intercept"][k : k + 1])
        classifiers.append(one)
    return classifiers
