"""A sentence model in a folder of the user's: its hashes checked before a byte of it is read.

Nothing is downloaded, and no model is brought. The folder holds ``tokenizer.json`` and either
``model.onnx`` (a transformer) or ``model.safetensors`` with one table of word vectors (a static
model). Both formats hold numbers and no code. Needs ``pip install 'quidqual[embeddings]'``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from quidqual.study.arguments import must_be_text, names_of
from quidqual.study.errors import Problem, QuidqualError, listed
from quidqual.study.files import as_path

TOKENS, MODELS = "tokenizer.json", ("model.onnx", "model.safetensors")
LONGEST, BATCH = 256, 64


@dataclass(frozen=True)
class SentenceModel:
    """A model that turns texts into vectors of length 1, and where it comes from.

    Attributes
    ----------
    source : str
        Where the files were published (name, version, address).
    licence : str
    languages : tuple of str
        The languages it was made for; `quidqual.suggest` warns of others.
    sha256 : dict of str to str
        Checked hash of each file.
    """

    source: str
    licence: str
    languages: tuple[str, ...]
    sha256: dict[str, str]
    _embed: Callable[[list[str]], np.ndarray] = field(repr=False, compare=False)

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        """Give one vector a text."""
        rows = list(texts)
        parts = [self._embed(rows[at : at + BATCH]) for at in range(0, len(rows), BATCH)]
        vectors = np.vstack(parts) if parts else np.zeros((0, 1))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.where(lengths > 0, lengths, 1)

    def described(self) -> dict[str, Any]:
        """Give what a model card and a saved model say of it."""
        return {
            "source": self.source,
            "licence": self.licence,
            "languages": list(self.languages),
            "sha256": dict(sorted(self.sha256.items())),
        }


def load_sentence_model(
    folder: str | Path,
    *,
    sha256: Mapping[str, str],
    source: str,
    licence: str,
    languages: Iterable[str],
) -> SentenceModel:
    """Read a sentence model, if its files are those whose hashes you give.

    Parameters
    ----------
    folder : path
        With ``tokenizer.json`` and ``model.onnx`` or ``model.safetensors``.
    sha256 : mapping of file name to str
        The SHA-256 of both files, from whoever publishes the model and not from the copy
        at hand: ``{"tokenizer.json": "...", "model.onnx": "..."}``.
    source : str
        Where it was published: name, version, address. Goes into the model card.
    licence : str
        Its licence, likewise.
    languages : iterable of str
        Those it was made for, such as ``["en"]``.

    Returns
    -------
    SentenceModel
        For ``quidqual.suggest(study, embed=model)``.

    Raises
    ------
    QuidqualError
        If a file or a hash is missing, a file has another hash (both are told), the
        provenance is not stated, the files are no such model, or the extra is not installed.
    """
    given = as_path(folder)
    for stated_as, value in (("source", source), ("licence", licence)):
        must_be_text(value, field=stated_as)
    if not isinstance(sha256, Mapping):
        raise QuidqualError.of(
            f"sha256 must be a mapping of file name to hash, not {type(sha256).__name__}.",
            field="sha256", remedy='Write {"tokenizer.json": "...", "model.onnx": "..."}.',
        )  # fmt: skip
    spoken = tuple(filter(None, names_of(languages, field="languages")))
    stated = {"source": source.strip(), "licence": licence.strip(), "languages": spoken}
    empty = [name for name, value in stated.items() if not value]
    if empty:
        raise QuidqualError.of(
            f"the model's {listed(empty)} is not stated.", field=empty[0],
            remedy="Say where it was published, under which licence, for which languages.",
        )  # fmt: skip
    name = next((m for m in MODELS if (given / m).is_file()), MODELS[0])
    files = _checked(given, (TOKENS, name), sha256)
    embed = (_onnx if name.endswith(".onnx") else _static)(files[name], files[TOKENS], given)
    hashes = {n: hashlib.sha256(data).hexdigest() for n, data in files.items()}
    return SentenceModel(source.strip(), licence.strip(), spoken, hashes, embed)


def _checked(folder: Path, names: Sequence[str], sha256: Mapping[str, str]) -> dict[str, bytes]:
    """Read files once; what is checked is what is used."""
    files: dict[str, bytes] = {}
    problems: list[Problem] = []

    def problem(name: str, message: str, remedy: str) -> None:
        problems.append(Problem(str(folder), None, name, message, remedy))

    for name in names:
        try:
            files[name] = (folder / name).read_bytes()
        except OSError:
            remedy = f"Give a folder with {TOKENS} and one of {listed(MODELS)}."
            problem(name, "there is no such file.", remedy)
            continue
        found = hashlib.sha256(files[name]).hexdigest()
        wanted = sha256.get(name, "").strip().lower()
        if not wanted:
            problem(name, "its SHA-256 was not given.", "Take it from the model's publisher.")
        elif found != wanted:
            remedy = "It is another file than the one you mean: do not use it."
            problem(name, f"has the SHA-256 {found}, not {wanted}.", remedy)
    if problems:
        raise QuidqualError(problems, "The sentence model was not read:")
    return files


def _needed(what: str) -> Any:
    from importlib import import_module

    try:
        return import_module(what)
    except ImportError as cause:
        raise QuidqualError.of(
            f"a sentence model needs {what.split('.')[0]}.",
            remedy="Run: pip install 'quidqual[embeddings]'.",
        ) from cause


def _unreadable(folder: Path, name: str, cause: Exception | None = None) -> QuidqualError:
    error = QuidqualError.of(
        "cannot be read as a sentence model.", file=str(folder), field=name,
        remedy="model.onnx takes input_ids; model.safetensors holds one table of vectors.",
    )  # fmt: skip
    error.__cause__ = cause
    return error


def _tokeniser(data: bytes, folder: Path) -> Any:
    library = _needed("tokenizers")
    try:
        tokeniser = library.Tokenizer.from_str(data.decode("utf-8"))
    except Exception as error:  # the library raises plain Exception
        raise _unreadable(folder, TOKENS, error) from error
    tokeniser.enable_truncation(LONGEST)
    return tokeniser


def _static(weights: bytes, tokens: bytes, folder: Path) -> Callable[[list[str]], np.ndarray]:
    """Mean of the vectors of a text's tokens."""
    library, tokeniser = _needed("safetensors.numpy"), _tokeniser(tokens, folder)
    try:
        tables = list(library.load(weights).values())
    except Exception as error:  # SafetensorError is no subclass of ValueError
        raise _unreadable(folder, MODELS[1], error) from error
    if len(tables) != 1 or tables[0].ndim != 2 or len(tables[0]) < tokeniser.get_vocab_size():
        raise _unreadable(folder, MODELS[1])
    table = tables[0].astype(np.float64)
    tokeniser.no_padding()

    def embed(texts: list[str]) -> np.ndarray:
        ids = [e.ids for e in tokeniser.encode_batch(texts, add_special_tokens=False)]
        return np.array([table[i].mean(axis=0) if i else np.zeros(table.shape[1]) for i in ids])

    return embed


def _onnx(weights: bytes, tokens: bytes, folder: Path) -> Callable[[list[str]], np.ndarray]:
    """Mean over a text's tokens of what a transformer says of each."""
    library, tokeniser = _needed("onnxruntime"), _tokeniser(tokens, folder)
    library.disable_telemetry_events()  # its Windows builds would report what they run
    options = library.SessionOptions()
    options.intra_op_num_threads = 1  # the same numbers each time
    try:
        session = library.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no common class
        raise _unreadable(folder, MODELS[0], error) from error
    asked = {i.name for i in session.get_inputs()}
    if "input_ids" not in asked or asked - {"input_ids", "attention_mask", "token_type_ids"}:
        raise _unreadable(folder, MODELS[0])
    if tokeniser.padding is None:
        tokeniser.enable_padding()

    def embed(texts: list[str]) -> np.ndarray:
        rows = tokeniser.encode_batch(texts)
        mask = np.array([r.attention_mask for r in rows], dtype=np.int64)
        feed = {
            "input_ids": np.array([r.ids for r in rows], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([r.type_ids for r in rows], dtype=np.int64),
        }
        said = session.run(None, {name: feed[name] for name in asked})[0].astype(np.float64)
        if said.ndim == 2:
            return said
        return (said * mask[:, :, None]).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)[:, None]

    return embed
