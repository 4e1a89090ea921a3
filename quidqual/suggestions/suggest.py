"""`suggest`: codings a model would add, each with an honest probability."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.study.arguments import takes_study
from quidqual.study.errors import QuidqualError
from quidqual.suggestions.card import card_of
from quidqual.suggestions.classifier import (
    OneVsRest,
    best_threshold,
    calibrated,
    default_pipeline,
    fit,
    platt,
)
from quidqual.suggestions.embedding import Embed, embedding_of, embedding_pipeline
from quidqual.suggestions.training import (
    MIN_PARTICIPANTS,
    Training,
    near_duplicates,
    training_of,
)
from quidqual.suggestions.validation import (
    HeldOut,
    cross_language,
    held_out,
    score_table,
)

if TYPE_CHECKING:
    from quidqual.study.model import Study


@dataclass(frozen=True)
class Suggester:
    """A fitted model with what makes its scores probabilities and its probabilities a choice.

    Attributes
    ----------
    model : OneVsRest
    codes : tuple of str
    calibration : tuple of (slope, intercept)
    thresholds : tuple of float
    card : str
        The model card, Markdown.
    """

    model: OneVsRest
    codes: tuple[str, ...]
    calibration: tuple[tuple[float, float], ...]
    thresholds: tuple[float, ...]
    card: str = ""

    def probabilities(self, texts: Iterable[str]) -> pd.DataFrame:
        """Give the probability of each code (a column) for each text (a row)."""
        rows = list(texts)
        if not rows:
            return pd.DataFrame(columns=list(self.codes), dtype="float64")
        raw = self.model.scores(rows)
        columns = [calibrated(raw[:, k], ab) for k, ab in enumerate(self.calibration)]
        return pd.DataFrame(np.column_stack(columns), columns=list(self.codes))


@dataclass(frozen=True)
class Suggestions:
    """Suggested codings and everything needed to judge them.

    Attributes
    ----------
    frame : DataFrame
        One row a suggestion, the most probable first: ``interview`` (str), ``segment,
        start, end`` (int), ``words`` (str), ``code, theme`` (str), ``probability,
        threshold`` (float), ``basis`` ("held-out": scored by a model that has not met
        this participant; "new": a note nobody coded), ``source`` ("model"),
        ``participant, group`` (str), ``round`` (Categorical), ``language, speech,
        corpus`` (str).
    scores : DataFrame
        See `quidqual.suggestions.validation.score_table`.
    refused : DataFrame
        ``code, n_segments, n_participants, reason``.
    duplicates : DataFrame
        Nearly equal segments of different participants.
    languages : DataFrame
        Scores across languages.
    card : str
        The model card, Markdown.
    suggester : Suggester
        The model, to save or to use on other texts.
    """

    frame: pd.DataFrame
    scores: pd.DataFrame
    refused: pd.DataFrame
    duplicates: pd.DataFrame
    languages: pd.DataFrame
    card: str
    suggester: Suggester

    def __repr__(self) -> str:
        return (
            f"<Suggestions: {len(self.frame)} for {len(self.scores)} codes; "
            f"{len(self.refused)} codes refused; macro-F1 {self.scores['f1'].mean():.2f} held out>"
        )


@takes_study
def suggest(
    study: Study,
    *,
    coder: str | None = None,
    codes: Iterable[str] | None = None,
    pipeline: Any = None,
    embed: Embed | None = None,
    min_participants: int = MIN_PARTICIPANTS,
    across_languages: bool = True,
) -> Suggestions:
    """Suggest codings from the notes coded by hand.

    A suggestion is not a coding. It becomes one when a person accepts it, see
    `quidqual.decide`.

    Parameters
    ----------
    study : Study
    coder : str, optional
        Learn from this coder's codings. Default: the primary coder's, or all coders'.
    codes : iterable of str, optional
        Only these codes.
    pipeline : scikit-learn Pipeline, optional
        Features, then a classifier with ``predict_proba``. Default:
        `quidqual.suggestions.classifier.default_pipeline`.
    embed : callable, optional
        From a list of texts to an array with one row a text, for instance the ``encode`` of
        a sentence model that you installed: takes the place of TF-IDF. Nothing is
        downloaded. With `quidqual.suggestions.sentence_model.load_sentence_model`
        its files are checked by their hashes, its provenance stands in the card, and the
        result can be saved.
    min_participants : int, default 3
        A code that fewer participants carry is refused, by name, in ``.refused``.
    across_languages : bool, default True
        Also train on each language and test on the others.

    Returns
    -------
    Suggestions

    Raises
    ------
    QuidqualError
        If nothing, or too little, is coded by hand, or the pipeline cannot be used.

    Notes
    -----
    Every score is *held out*: folds leave whole participants out, thresholds and
    calibration come from the other participants (Platt, on held-out scores). Folds at
    random would let the model recognise the voice and overstate the scores.
    """
    training = training_of(study, coder=coder, codes=codes, min_participants=min_participants)
    chosen = _pipeline(pipeline, embed)
    _warn_of_languages(chosen, training)
    held = held_out(training, chosen)
    suggester = _fit(training, held, chosen)
    scores = score_table(training, held)
    duplicates = near_duplicates(training)
    languages = cross_language(training, chosen) if across_languages else None
    languages = pd.DataFrame() if languages is None else languages
    card = card_of(study, training, chosen, suggester.thresholds, scores, duplicates, languages)
    suggester = replace(suggester, card=card)
    frame = _frame(study, training, held, suggester)
    return Suggestions(frame, scores, training.refused, duplicates, languages, card, suggester)


def _pipeline(pipeline: Any, embed: Embed | None) -> Any:
    if embed is None:
        return default_pipeline() if pipeline is None else pipeline
    if pipeline is not None:
        raise QuidqualError.of(
            "both pipeline and embed were given.", field="embed",
            remedy="Give one; embedding_pipeline(embed) is a pipeline to build upon.",
        )  # fmt: skip
    return embedding_pipeline(embed)


def _warn_of_languages(pipeline: Any, training: Training) -> None:
    """Say when a sentence model is asked about languages it was not made for."""
    embedding = embedding_of(pipeline)
    made_for: tuple[str, ...] = getattr(getattr(embedding, "embed", None), "languages", ())
    known = {x.split("-")[0] for x in made_for}
    spoken = sorted(training.segments["language"].astype(str).unique())
    foreign = [x for x in spoken if x.split("-")[0] not in known]
    if made_for and foreign:
        warnings.warn(
            f"The sentence model was made for {', '.join(made_for)}; notes are also in "
            f"{', '.join(foreign)}: look at the scores of that language apart.",
            stacklevel=3,
        )


def _fit(training: Training, held: HeldOut, pipeline: Any) -> Suggester:
    model = fit(pipeline, training.texts, training.labels)
    calibration, thresholds = [], []
    for k in range(len(training.codes)):
        raw, truth = held.raw[:, k], training.labels[:, k]
        calibration.append(platt(raw, truth))
        thresholds.append(best_threshold(calibrated(raw, calibration[-1]), truth))
    return Suggester(model, training.codes, tuple(calibration), tuple(thresholds))


def _frame(study: Study, training: Training, held: HeldOut, suggester: Suggester) -> pd.DataFrame:
    """Rows above the threshold that the coder has not coded."""
    fresh = study.segments[~study.segments["interview"].isin(training.segments["interview"])]
    segments = pd.concat([training.segments, fresh], ignore_index=True)
    n = len(training.segments)
    known = [
        calibrated(held.raw[:, k], ab) for k, ab in enumerate(suggester.calibration)
    ]  # held-out scores: the model never judges what it was trained on
    new = suggester.probabilities(fresh["words"]).to_numpy(dtype=float)
    probability = np.vstack([np.column_stack(known), new])
    coded = np.vstack([training.labels, np.zeros(new.shape, dtype=bool)])
    thresholds = np.array(suggester.thresholds)
    at, k = np.nonzero((probability >= thresholds) & ~coded)
    rows = segments.take(at).reset_index(drop=True)
    codes = np.array(suggester.codes, dtype=object)[k]
    frame = rows[["interview", "segment", "start", "end", "words"]].assign(
        code=codes,
        theme=[study.codebook.theme_of(c) for c in codes],
        probability=probability[at, k],
        threshold=thresholds[k],
        basis=np.where(at < n, "held-out", "new"),
        source="model",
    )
    carried = ["participant", "group", "round", "language", "speech", "corpus"]
    frame = pd.concat([frame, rows[carried]], axis=1)
    order = ["probability", "interview", "segment", "code"]
    frame = frame.sort_values(order, ascending=[False, True, True, True], kind="stable")
    return frame.reset_index(drop=True)
