"""Scores that hold for a person the model has not met: every fold leaves participants out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quidqual.suggestions.classifier import best_threshold, calibrated, fit, platt
from quidqual.suggestions.training import Training

MAX_FOLDS = 5


@dataclass(frozen=True)
class HeldOut:
    """What the model says of segments whose participants it was not trained on.

    Attributes
    ----------
    raw, probability : ndarray, shape (segments, codes)
        Scores before and after calibration; a participant's are calibrated on the
        others' alone.
    predicted : ndarray of bool
        With thresholds chosen on the others' alone.
    fold : ndarray of int
    """

    raw: np.ndarray
    probability: np.ndarray
    predicted: np.ndarray
    fold: np.ndarray


def folds_of(participants: np.ndarray, *, n_folds: int = MAX_FOLDS) -> np.ndarray:
    """Fold of each segment; all segments of a participant share one."""
    from sklearn.model_selection import GroupKFold

    splitter = GroupKFold(n_splits=min(n_folds, len(set(participants))))
    fold = np.empty(len(participants), dtype=np.int64)
    blank = np.zeros(len(participants))
    for number, (_, test) in enumerate(splitter.split(blank, groups=participants)):
        fold[test] = number
    return fold


def held_out(training: Training, pipeline: Any, *, n_folds: int = MAX_FOLDS) -> HeldOut:
    """Score every segment by a model that has not met its participant."""
    fold = folds_of(training.participants, n_folds=n_folds)
    labels = training.labels
    texts = np.array(training.texts, dtype=object)
    raw = np.zeros(labels.shape)
    for number in np.unique(fold):
        test = fold == number
        raw[test] = fit(pipeline, texts[~test], labels[~test]).scores(texts[test])
    probability = np.zeros(labels.shape)
    predicted = np.zeros(labels.shape, dtype=bool)
    for number in np.unique(fold):
        test = fold == number
        for k in range(labels.shape[1]):
            others, truth = raw[~test, k], labels[~test, k]
            ab = platt(others, truth)
            probability[test, k] = calibrated(raw[test, k], ab)
            threshold = best_threshold(calibrated(others, ab), truth)
            predicted[test, k] = probability[test, k] >= threshold
    return HeldOut(raw, probability, predicted, fold)


def f1_of(truth: np.ndarray, predicted: np.ndarray) -> float:
    """F1; 0 where nothing is found, missing where there is nothing to find or found."""
    hits = int((truth & predicted).sum())
    size = int(truth.sum() + predicted.sum())
    return 2 * hits / size if size else float("nan")


def score_table(training: Training, held: HeldOut) -> pd.DataFrame:
    """Scores of each code, on participants the model has not met, beside two baselines.

    Returns
    -------
    DataFrame
        ``code`` (str), ``n_segments, n_participants`` (int), ``precision, recall, f1``,
        ``f1_low, f1_high`` (float: over folds in which the code occurs),
        ``f1_everything`` and ``f1_nothing`` (float: baselines that suggest always and
        never), ``average_precision``, ``mean_probability`` and ``base_rate`` (float: equal
        where calibrated), ``brier`` (float), ``beats_everything`` (bool), ``label``
        ("3 of 4 found, 3 of 9 right").
    """
    from sklearn.metrics import average_precision_score

    rows = []
    for k, code in enumerate(training.codes):
        truth, said = training.labels[:, k], held.predicted[:, k]
        hits, found, total = int((truth & said).sum()), int(said.sum()), int(truth.sum())
        by_fold = [
            f1_of(truth[held.fold == n], said[held.fold == n])
            for n in np.unique(held.fold)
            if truth[held.fold == n].any()
        ]
        rate = float(truth.mean())
        f1 = f1_of(truth, said)
        rows.append({
            "code": code, "n_segments": total,
            "n_participants": len(set(training.participants[truth])),
            "precision": hits / found if found else float("nan"), "recall": hits / total, "f1": f1,
            "f1_low": min(by_fold), "f1_high": max(by_fold),
            "f1_everything": 2 * rate / (1 + rate), "f1_nothing": 0.0,
            "average_precision": float(average_precision_score(truth, held.probability[:, k])),
            "mean_probability": float(held.probability[:, k].mean()), "base_rate": rate,
            "brier": float(np.mean((held.probability[:, k] - truth) ** 2)),
            "beats_everything": f1 > 2 * rate / (1 + rate),
            "label": f"{hits} of {total} found, {hits} of {found} right",
        })  # fmt: skip
    return pd.DataFrame(rows)


def random_fold_f1(training: Training, pipeline: Any, *, seed: int = 0) -> float:
    """Macro-F1 by folds at random, only to show by how much they flatter.

    Segments of one participant then stand on both sides, and the model knows the voice.
    """
    shuffled = np.random.default_rng(seed).permutation(len(training.texts)).astype(object)
    mixed = Training(
        training.segments.assign(participant=shuffled),
        training.labels, training.codes, training.refused, training.coders,
    )  # fmt: skip
    held = held_out(mixed, pipeline)
    return float(np.nanmean([
        f1_of(training.labels[:, k], held.predicted[:, k]) for k in range(len(training.codes))
    ]))  # fmt: skip


def cross_language(training: Training, pipeline: Any) -> pd.DataFrame:
    """Train on the notes of one language, test on those of another, code by code.

    Returns
    -------
    DataFrame
        ``train, test, code`` (str), ``n_train, n_test`` (int: coded segments), ``f1``
        (float: thresholds from the training language), ``average_precision``,
        ``base_rate`` (float). Empty with fewer than two languages.
    """
    from sklearn.metrics import average_precision_score

    columns = ["train", "test", "code", "n_train", "n_test", "f1", "average_precision", "base_rate"]
    languages = training.segments["language"].astype(str).to_numpy()
    texts = np.array(training.texts, dtype=object)
    rows = []
    for learnt in sorted(set(languages)):
        here = languages == learnt
        model = fit(pipeline, texts[here], training.labels[here])
        own = model.scores(texts[here])
        for other in sorted(set(languages) - {learnt}):
            there = languages == other
            scores = model.scores(texts[there])
            for k, code in enumerate(training.codes):
                train, test = training.labels[here, k], training.labels[there, k]
                if not train.any() or not test.any():
                    continue
                said = scores[:, k] >= best_threshold(own[:, k], train)
                rows.append((learnt, other, code, int(train.sum()), int(test.sum()),
                             f1_of(test, said), float(average_precision_score(test, scores[:, k])),
                             float(test.mean())))  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
