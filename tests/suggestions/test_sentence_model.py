"""Sentence models of the user's own: tiny ones, made here, in both formats."""

import hashlib
import json
import struct

import numpy as np
import pytest

from quidqual.study.errors import QuidqualError
from quidqual.suggestions.sentence_model import load_sentence_model
from quidqual.suggestions.storage import load_model, save_model
from quidqual.suggestions.suggest import suggest

tokenizers = pytest.importorskip("tokenizers", reason="needs the extra embeddings")
WORDS = ["[UNK]", "[PAD]", "trusting", "wages", "weather"]
TABLE = np.eye(5, dtype=np.float32)
PROVENANCE = {"source": "made in a test, v1", "licence": "MIT", "languages": ["en"]}


def message(*fields: tuple[int, object]) -> bytes:
    """Protocol buffer fields: numbers as varints, the rest with their length before."""
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        else:
            data = value.encode() if isinstance(value, str) else value
            out += varint(number << 3 | 2) + varint(len(data)) + data
    return out


def varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def onnx_of(table: np.ndarray) -> bytes:
    """One operation: the row of the table for each token."""

    def shown(name: str, kind: int, dims: int) -> bytes:
        shape = message(*[(1, message((2, f"d{i}"))) for i in range(dims)])
        return message((1, name), (2, message((1, message((1, kind), (2, shape))))))

    weights = message((1, len(table)), (1, table.shape[1]), (2, 1), (8, "E"), (9, table.tobytes()))
    node = message((1, "E"), (1, "input_ids"), (2, "hidden"), (4, "Gather"))
    graph = message(
        (1, node), (2, "g"), (5, weights), (11, shown("input_ids", 7, 2)),
        (11, shown("attention_mask", 7, 2)), (12, shown("hidden", 1, 3)),
    )  # fmt: skip
    return message((1, 8), (7, graph), (8, message((1, ""), (2, 17))))


def safetensors_of(table: np.ndarray) -> bytes:
    data = table.tobytes()
    about = {
        "embeddings": {"dtype": "F32", "shape": list(table.shape), "data_offsets": [0, len(data)]}
    }
    head = json.dumps(about).encode()
    return struct.pack("<Q", len(head)) + head + data


def tokens() -> bytes:
    vocabulary = {w: i for i, w in enumerate(WORDS)}
    tokeniser = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokeniser.normalizer = tokenizers.normalizers.Lowercase()
    tokeniser.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokeniser.enable_padding(pad_id=1, pad_token="[PAD]")
    return tokeniser.to_str().encode()


@pytest.fixture(params=["model.onnx", "model.safetensors"])
def files(request, tmp_path):
    """A folder and the hashes of its files."""
    pytest.importorskip({"model.onnx": "onnxruntime"}.get(request.param, "safetensors"))
    made = onnx_of(TABLE) if request.param == "model.onnx" else safetensors_of(TABLE)
    contents = {"tokenizer.json": tokens(), request.param: made}
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path, {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}


def test_vectors_are_the_mean_of_the_tokens_however_many_texts_are_asked_for(files):
    folder, sha256 = files
    model = load_sentence_model(folder, sha256=sha256, **PROVENANCE)
    half = 1 / np.sqrt(2)
    expected = [[0, 0, half, half, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 1]]
    np.testing.assert_allclose(
        model(["Trusting wages", "trusting", "weather"]), expected, atol=1e-6
    )
    texts = ["trusting", "wages weather weather"] * 70
    np.testing.assert_allclose(model(texts)[-1], model(texts[-1:])[0], atol=1e-6)
    assert model([]).shape[0] == 0
    assert np.isfinite(model([""])).all()


def test_a_file_with_another_hash_is_not_read(files):
    folder, sha256 = files
    name = next(n for n in sha256 if n.startswith("model"))
    (folder / name).write_bytes((folder / name).read_bytes() + b"\0")
    with pytest.raises(QuidqualError, match=f"{name}.*has the SHA-256 .* not {sha256[name]}"):
        load_sentence_model(folder, sha256=sha256, **PROVENANCE)
    with pytest.raises(QuidqualError, match=r"(?s)tokenizer.json.*not given.*model.*not given"):
        load_sentence_model(folder, sha256={}, **PROVENANCE)


@pytest.mark.parametrize("empty", ["source", "licence", "languages"])
def test_provenance_must_be_stated(files, empty):
    folder, sha256 = files
    with pytest.raises(QuidqualError, match=f"{empty}' is not stated"):
        load_sentence_model(folder, sha256=sha256, **{**PROVENANCE, empty: ""})


def test_what_is_no_model_is_told(files):
    folder, sha256 = files
    with pytest.raises(QuidqualError, match="no such file"):
        load_sentence_model(folder / "none", sha256=sha256, **PROVENANCE)
    for name in sha256:
        kept = (folder / name).read_bytes()
        (folder / name).write_bytes(b"{}")
        hashes = {**sha256, name: hashlib.sha256(b"{}").hexdigest()}
        with pytest.raises(QuidqualError, match="cannot be read as a sentence model"):
            load_sentence_model(folder, sha256=hashes, **PROVENANCE)
        (folder / name).write_bytes(kept)


def test_it_suggests_tells_where_it_is_from_and_is_saved_by_name(files, toy, tmp_path):
    folder, sha256 = files
    model = load_sentence_model(folder, sha256=sha256, **PROVENANCE)
    made = suggest(toy, embed=model)
    assert made.scores["f1"].min() > 0.9
    for told in ("made in a test, v1", "licence MIT", "made for en", *sha256.values()):
        assert told in made.card
    saved = save_model(made.suggester, tmp_path / "saved")
    assert sorted(p.name for p in saved.iterdir()) == ["arrays.npz", "card.md", "model.json"]
    assert (saved / "card.md").read_text("utf-8") == made.card
    texts = toy.segments["words"].tolist()
    again = load_model(saved, embed=model)
    np.testing.assert_allclose(again.probabilities(texts), made.suggester.probabilities(texts))
    with pytest.raises(QuidqualError, match="none was given"):
        load_model(saved)
    other = load_sentence_model(folder, sha256=sha256, **PROVENANCE)
    other.sha256["tokenizer.json"] = "0" * 64
    with pytest.raises(QuidqualError, match="another was given"):
        load_model(saved, embed=other)


def test_notes_in_a_language_it_was_not_made_for_are_warned_of(files, toy):
    folder, sha256 = files
    italian = load_sentence_model(folder, sha256=sha256, **{**PROVENANCE, "languages": ["it"]})
    with pytest.warns(UserWarning, match="made for it; notes are also in en"):
        suggest(toy, embed=italian)
