"""Scores that hold for a person the model has not met: every fold leaves participants out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from quidqual.suggestions.classifier import (
    Counted,
    OneVsRest,
    best_threshold,
    calibrated,
    fit,
    platt,
)
from quidqual.suggestions.training import Training

MAX_FOLDS, INNER_FOLDS = 5, 3
MANY = 10_000
"""Segments from which on there are as few folds as inner ones: each learns from enough."""
NEAR_CHANCE = 1.5


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
    threshold : ndarray of float
        These thresholds; infinity where none is precise enough.
    fold : ndarray of int
    """

    raw: np.ndarray
    probability: np.ndarray
    predicted: np.ndarray
    threshold: np.ndarray
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


class Scorer:
    """Fits a pipeline to rows of the training material; what the fits can share is shared.

    Parameters
    ----------
    training : Training
    pipeline : Pipeline
    counted : bool
        Whether it is the default pipeline, whose words are counted once.
    """

    def __init__(self, training: Training, pipeline: Any, *, counted: bool = False) -> None:
        self.labels = training.labels
        self._texts = np.array(training.texts, dtype=object)
        self._pipeline = pipeline
        self._counted = Counted(pipeline, training.lines or training.texts) if counted else None

    def scores(self, train: np.ndarray, *tests: np.ndarray) -> list[np.ndarray]:
        """Raw scores of each set of rows, shape (rows, codes)."""
        if self._counted is not None:
            return self._counted.scores(self.labels, train, *tests)
        model = fit(self._pipeline, self._texts[train], self.labels[train])
        return [model.scores(self._texts[rows]) for rows in tests]

    def model(self, kept: Sequence[int]) -> OneVsRest:
        """Give the model of some codes, by their place, that has met all rows."""
        labels = self.labels[:, kept]
        if self._counted is not None:
            return self._counted.model(labels)
        return fit(self._pipeline, self._texts.tolist(), labels)

    def held_out(self, rows: np.ndarray, participants: np.ndarray, *, n_folds: int) -> np.ndarray:
        """Score rows, each by a model of the others of them that has not met its person."""
        fold = folds_of(participants[rows], n_folds=n_folds)
        raw = np.zeros((len(rows), self.labels.shape[1]))
        for number in np.unique(fold):
            test = fold == number
            (raw[test],) = self.scores(rows[~test], rows[test])
        return raw


def held_out(
    training: Training,
    scorer: Scorer,
    *,
    n_folds: int | None = None,
    least_precision: float = 0.0,
) -> HeldOut:
    """Score every segment by a model that has not met its participant."""
    if n_folds is None:
        n_folds = MAX_FOLDS if len(training.labels) <= MANY else INNER_FOLDS
    fold = folds_of(training.participants, n_folds=n_folds)
    labels = training.labels
    raw = scorer.held_out(np.arange(len(labels)), training.participants, n_folds=n_folds)
    probability, threshold = np.zeros(labels.shape), np.zeros(labels.shape)
    for number in np.unique(fold):
        test = fold == number
        for k in range(labels.shape[1]):
            others, truth = raw[~test, k], labels[~test, k]
            ab = platt(others, truth)
            probability[test, k] = calibrated(raw[test, k], ab)
            threshold[test, k] = best_threshold(
                calibrated(others, ab), truth, least_precision=least_precision
            )
    return HeldOut(raw, probability, probability >= threshold, threshold, fold)


def ranking(held: HeldOut, truth: np.ndarray, k: int) -> float:
    """Average precision of a code, from raw scores, within folds and weighed by what is to find.

    Scores of different folds come from different models and are not compared with each other.
    """
    from sklearn.metrics import average_precision_score

    parts = [
        (truth[own].sum(), average_precision_score(truth[own], held.raw[own, k]))
        for own in (held.fold == n for n in np.unique(held.fold))
        if truth[own].any()
    ]  # fmt: skip
    return float(np.average([ap for _, ap in parts], weights=[n for n, _ in parts]))


def unpredictable(
    training: Training, held: HeldOut, scores: pd.DataFrame, *, least_precision: float
) -> pd.DataFrame:
    """Codes that the model cannot tell, each with the reason.

    Returns
    -------
    DataFrame
        ``code, n_segments, n_participants, reason``.
    """
    rows = []
    for k, row in enumerate(scores.itertuples(index=False)):
        slope, _ = platt(held.raw[:, k], training.labels[:, k])
        ap, base = row.average_precision, row.base_rate
        reason = ""
        if slope == 0:
            reason = "its scores are no higher where the code is than elsewhere"
        elif ap < NEAR_CHANCE * base:
            reason = (
                "ranked hardly better than by chance: "
                f"average precision {ap:.3f}, base rate {base:.3f}"
            )
        elif not row.precision >= least_precision:
            told = "nothing" if not held.predicted[:, k].any() else row.label.split(", ")[1]
            reason = (
                f"of what it would suggest to people it has not met, {told}; "
                f"{least_precision:.0%} are asked for"
            )
        if reason:
            rows.append((row.code, row.n_segments, row.n_participants, reason))
    return pd.DataFrame(rows, columns=["code", "n_segments", "n_participants", "reason"])


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
        never), ``average_precision`` (float: within folds, see `ranking`),
        ``mean_probability`` and ``base_rate`` (float: equal where calibrated), ``brier``
        (float), ``beats_everything`` (bool), ``label``
        ("3 of 4 found, 3 of 9 right").
    """
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
            "average_precision": ranking(held, truth, k),
            "mean_probability": float(held.probability[:, k].mean()), "base_rate": rate,
            "brier": float(np.mean((held.probability[:, k] - truth) ** 2)),
            "beats_everything": f1 > 2 * rate / (1 + rate),
            "label": f"{hits} of {total} found, {hits} of {found} right",
        })  # fmt: skip
    return pd.DataFrame(rows)


def cross_language(training: Training, scorer: Scorer) -> pd.DataFrame:
    """Train on the notes of one language, test on those of another, code by code.

    Returns
    -------
    DataFrame
        ``train, test, code`` (str), ``n_train, n_test`` (int: coded segments), ``f1``
        (float: thresholds from held-out scores of the training language),
        ``average_precision``, ``base_rate`` (float). Empty with fewer than two languages;
        a language with one participant is no training language.
    """
    from sklearn.metrics import average_precision_score

    columns = ["train", "test", "code", "n_train", "n_test", "f1", "average_precision", "base_rate"]
    languages = training.segments["language"].astype(str).to_numpy()
    people, labels, rows = training.participants, training.labels, []
    for learnt in sorted(set(languages)):
        here = np.flatnonzero(languages == learnt)
        others = [x for x in sorted(set(languages)) if x != learnt]
        if len(set(people[here])) < 2 or not others:
            continue
        own = scorer.held_out(here, people, n_folds=INNER_FOLDS)
        there = [np.flatnonzero(languages == x) for x in others]
        for other, at, scores in zip(others, there, scorer.scores(here, *there), strict=True):
            for k, code in enumerate(training.codes):
                train, test = labels[here, k], labels[at, k]
                if not train.any() or not test.any():
                    continue
                said = scores[:, k] >= best_threshold(own[:, k], train)
                rows.append((learnt, other, code, int(train.sum()), int(test.sum()),
                             f1_of(test, said), float(average_precision_score(test, scores[:, k])),
                             float(test.mean())))  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
