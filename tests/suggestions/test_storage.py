"""Models are saved without pickle, the card beside them, or refused by name."""

import json
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

from quidqual.study.errors import QuidqualError
from quidqual.suggestions.classifier import default_pipeline
from quidqual.suggestions.storage import load_model, save_model
from quidqual.suggestions.suggest import suggest


def shout(text: str) -> str:
    return text.upper()


def same(saved, made, toy, **options) -> None:
    texts = toy.segments["words"].tolist()
    np.testing.assert_allclose(
        load_model(saved, **options).probabilities(texts),
        made.suggester.probabilities(texts),
        rtol=1e-6,
    )


def test_a_model_is_saved_without_pickle_and_gives_the_same(made, toy, tmp_path):
    folder = save_model(made.suggester, tmp_path / "model")
    assert sorted(p.name for p in folder.iterdir()) == ["arrays.npz", "card.md", "model.json"]
    assert (folder / "card.md").read_text("utf-8") == made.card
    assert load_model(folder).card == made.card
    assert "preprocessor=own_words" in made.card
    assert " at 0x" not in made.card, "a place in memory is another in each process"
    same(folder, made, toy)
    (folder / "model.json").write_text('{"format": 9}')
    with pytest.raises(QuidqualError, match="no saved model"):
        load_model(folder)
    with pytest.raises(QuidqualError, match="no saved model"):
        load_model(tmp_path)


def test_a_model_of_a_large_study_is_saved_and_gives_the_same(toy, tmp_path, monkeypatch):
    for name in ("classifier", "suggest"):
        monkeypatch.setattr(import_module(f"quidqual.suggestions.{name}"), "LARGE", 0)
    large = suggest(toy)
    assert large.scores["f1"].min() > 0.9
    folder = save_model(large.suggester, tmp_path / "model")
    told = json.loads((folder / "model.json").read_text("utf-8"))
    assert sorted(told["vocabulary"]) == ["around", "marks", "words"]
    same(folder, large, toy)


@pytest.mark.parametrize(
    "pipeline",
    [
        make_pipeline(CountVectorizer(), MultinomialNB()),
        make_pipeline(TfidfVectorizer(), TruncatedSVD(5, random_state=0), LogisticRegression()),
        default_pipeline().set_params(features__letters__ngram_range=(2, 3)),
    ],
    ids=["counts", "svd", "other-letters"],
)
def test_any_pipeline_of_known_parts_is_saved(pipeline, toy, tmp_path):
    pytest.importorskip("skops", reason="needs the extra models")
    made = suggest(toy, pipeline=pipeline)
    folder = save_model(made.suggester, tmp_path / "model")
    assert sorted(p.name for p in folder.iterdir()) == ["card.md", "model.json", "pipeline.skops"]
    same(folder, made, toy)


def test_what_may_run_code_is_refused_by_name(toy, tmp_path):
    pytest.importorskip("skops", reason="needs the extra models")
    made = suggest(
        toy, pipeline=make_pipeline(CountVectorizer(preprocessor=shout), MultinomialNB())
    )
    with pytest.raises(QuidqualError, match="shout"):
        save_model(made.suggester, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_a_type_is_trusted_only_when_it_is_named_and_again_on_reading(toy, tmp_path):
    pytest.importorskip("skops", reason="needs the extra models")
    forest = RandomForestClassifier(5, random_state=0)
    made = suggest(toy, pipeline=make_pipeline(CountVectorizer(), forest))
    tree = "sklearn.tree._tree.Tree"
    with pytest.raises(QuidqualError, match=tree):
        save_model(made.suggester, tmp_path / "model")
    folder = save_model(made.suggester, tmp_path / "model", trust=[tree])
    with pytest.raises(QuidqualError, match=tree):
        load_model(folder)
    same(folder, made, toy, trust=[tree])


def test_a_damaged_or_foreign_archive_is_told(toy, tmp_path):
    pytest.importorskip("skops", reason="needs the extra models")
    made = suggest(toy, pipeline=make_pipeline(CountVectorizer(), MultinomialNB()))
    folder = save_model(made.suggester, tmp_path / "model")
    about = json.loads((folder / "model.json").read_text("utf-8"))
    (folder / "model.json").write_text(json.dumps({**about, "scikit-learn": "0.1"}), "utf-8")
    seal(folder)
    with pytest.warns(UserWarning, match="saved with scikit-learn 0.1"):
        load_model(folder)
    (folder / "pipeline.skops").write_bytes(b"no archive")
    with pytest.raises(QuidqualError, match="no saved model"):
        load_model(folder)


def test_vectors_of_a_function_without_hashes_are_refused(toy, tmp_path):
    made = suggest(toy, embed=lambda texts: [[len(t), t.count("a")] for t in texts])
    with pytest.raises(QuidqualError, match="vectors come from function"):
        save_model(made.suggester, tmp_path / "model")


def test_a_folder_of_the_users_is_left_alone(made, tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("card.md", "model.json"):
        (folder / name).write_text('{"mine": 1}', "utf-8")
        for told in (False, True):
            with pytest.raises(QuidqualError, match=r"not of a saved model: 'card.md'"):
                save_model(made.suggester, folder, replace=told)
        assert (folder / name).read_text("utf-8") == '{"mine": 1}'
    with pytest.raises(QuidqualError, match="is a file"):
        save_model(made.suggester, folder / "card.md")


def test_an_earlier_model_is_replaced_only_when_told(made, toy, tmp_path):
    folder = save_model(made.suggester, tmp_path / "model")
    assert save_model(made.suggester, folder) == folder  # the same again changes nothing
    other = replace(made.suggester, card="another card")
    with pytest.raises(QuidqualError, match="replace=True"):
        save_model(other, folder)
    assert load_model(folder).card == made.card
    (folder / "pipeline.skops").write_bytes(b"of an earlier model")
    save_model(other, folder, replace=True)
    assert load_model(folder).card == "another card"
    assert not (folder / "pipeline.skops").exists()
    (folder / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(QuidqualError, match=r"'notes.txt'"):
        save_model(other, folder, replace=True)


def seal(folder):
    """Write the hashes anew, as someone who means harm would."""
    import hashlib

    about = json.loads((folder / "model.json").read_text("utf-8"))
    del about["sha256"]
    text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    names = [p.name for p in folder.iterdir() if p.name != "model.json"]
    told = {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in names}
    told["model.json"] = hashlib.sha256(text.encode()).hexdigest()
    about["sha256"] = told
    (folder / "model.json").write_text(json.dumps(about), "utf-8")


@pytest.mark.parametrize("sealed", [False, True])
def test_a_damaged_model_is_told_when_it_is_loaded(made, tmp_path, sealed):
    """Bytes changed at random: refused, or (sealed anew) refused or of use."""
    folder = save_model(made.suggester, tmp_path / "model")
    whole = {p.name: p.read_bytes() for p in folder.iterdir()}
    rng = np.random.default_rng(5)
    for _ in range(120):
        for name, data in whole.items():
            (folder / name).write_bytes(data)
        name = ["model.json", "arrays.npz", "card.md"][rng.integers(3)]
        data = bytearray(whole[name])
        for at in rng.integers(len(data), size=rng.integers(1, 20)):
            data[at] = rng.integers(256)
        cut = len(data) if rng.uniform() < 0.7 else rng.integers(len(data))
        if bytes(data[:cut]) == whole[name]:
            continue
        (folder / name).write_bytes(bytes(data[:cut]))
        if sealed:
            try:
                seal(folder)
            except (ValueError, KeyError):
                continue
        try:
            loaded = load_model(folder)
        except QuidqualError:
            continue
        assert sealed
        assert loaded.probabilities(["trusting wages"]).notna().all().all()


@pytest.mark.parametrize(
    "harm",
    [
        {"codes": ["trust"]}, {"thresholds": [0.1, "x"]}, {"calibration": [[1], [2]]},
        {"constant": [None]}, {"vocabulary": {"words": ["a"], "letters": ["b"]}},
        {"calibration": [[1, float("nan")], [1, 2]]}, {"codes": ["trust", 3]},
    ],
)  # fmt: skip
def test_a_model_of_other_shapes_or_types_is_refused_with_right_hashes(made, tmp_path, harm):
    folder = save_model(made.suggester, tmp_path / "model")
    about = json.loads((folder / "model.json").read_text("utf-8"))
    (folder / "model.json").write_text(json.dumps({**about, **harm}), "utf-8")
    seal(folder)
    with pytest.raises(QuidqualError, match="no saved model"):
        load_model(folder)
