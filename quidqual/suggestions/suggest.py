"""`suggest`: codings a model would add, each with an honest probability."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.faces.frame_face import frame_html
from quidqual.study.arguments import must_be_number, takes_study
from quidqual.study.errors import QuidqualError
from quidqual.study.faced import faced
from quidqual.suggestions.card import card_of
from quidqual.suggestions.classifier import (
    LARGE,
    OneVsRest,
    best_threshold,
    calibrated,
    default_pipeline,
    platt,
)
from quidqual.suggestions.embedding import Embed, embedding_of, embedding_pipeline
from quidqual.suggestions.surroundings import lines_of
from quidqual.suggestions.training import (
    MIN_PARTICIPANTS,
    Training,
    near_duplicates,
    training_of,
)
from quidqual.suggestions.validation import (
    HeldOut,
    Scorer,
    cross_language,
    held_out,
    score_table,
    unpredictable,
)

if TYPE_CHECKING:
    from quidqual.study.model import Study

MIN_PRECISION = 0.2


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
        if not rows or not self.codes:
            return pd.DataFrame(index=range(len(rows)), columns=list(self.codes), dtype="float64")
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
        threshold`` (float), ``basis`` ("held-out": score, calibration and threshold come
        from a model that has not met this participant; "new": a note nobody coded), ``source``
        ("model"),
        ``participant, group`` (str), ``round`` (Categorical), ``language, speech,
        corpus`` (str).
    scores : DataFrame
        See `quidqual.suggestions.validation.score_table`.
    refused : DataFrame
        ``code, n_segments, n_participants, reason``: carried by too few people, ranked
        hardly better than by chance, or wrong too often. Nothing is suggested for them.
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
            f"<Suggestions: {len(self.frame)} for {len(self.suggester.codes)} codes; "
            f"{len(self.refused)} codes refused; macro-F1 {self.scores['f1'].mean():.2f} held out>"
        )

    def _repr_html_(self) -> str:
        """Show what is suggested, the most probable first."""
        told = repr(self).strip("<>")
        return f"<p>{escape(told)}</p>{frame_html(faced(self.frame.copy(), 'quotes'))}"


@takes_study
def suggest(
    study: Study,
    *,
    coder: str | None = None,
    codes: Iterable[str] | None = None,
    pipeline: Any = None,
    embed: Embed | None = None,
    min_participants: int = MIN_PARTICIPANTS,
    min_precision: float = MIN_PRECISION,
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
    min_precision : float, default 0.2
        A threshold is chosen only where so large a share of what it suggests is right, on
        held-out scores. A code whose suggestions to people the model has not met are right
        less often is refused, as is one that is ranked hardly better than by chance.
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
    must_be_number(min_precision, field="min_precision")
    if not 0 <= min_precision <= 1:
        raise QuidqualError.of(
            f"min_precision must lie between 0 and 1, not {min_precision}.",
            field="min_precision", remedy="Give a share such as 0.2.",
        )  # fmt: skip
    training = training_of(study, coder=coder, codes=codes, min_participants=min_participants)
    chosen = _pipeline(pipeline, embed, large=len(training.labels) > LARGE)
    _warn_of_languages(chosen, training)
    own = pipeline is None and embed is None
    scorer = Scorer(training, chosen, counted=own)
    held = held_out(training, scorer, least_precision=min_precision)
    scores = score_table(training, held)
    doubtful = unpredictable(training, held, scores, least_precision=min_precision)
    refused = pd.concat([training.refused, doubtful], ignore_index=True)
    training = replace(training, refused=refused)
    kept = [k for k, code in enumerate(training.codes) if code not in set(doubtful["code"])]
    suggester = _fit(training, held, scorer, kept, min_precision)
    duplicates = near_duplicates(training)
    languages = cross_language(training, scorer) if across_languages else pd.DataFrame()
    known = dict(zip(suggester.codes, suggester.thresholds, strict=True))
    thresholds = [known.get(code, float("nan")) for code in training.codes]
    card = card_of(study, training, chosen, thresholds, scores, duplicates, languages)
    suggester = replace(suggester, card=card)
    frame = _frame(study, training, held, suggester, kept, lines=own)
    return Suggestions(frame, scores, refused, duplicates, languages, card, suggester)


def _pipeline(pipeline: Any, embed: Embed | None, *, large: bool) -> Any:
    if embed is None:
        return default_pipeline(large=large) if pipeline is None else pipeline
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


def _fit(
    training: Training, held: HeldOut, scorer: Scorer, kept: list[int], min_precision: float
) -> Suggester:
    """Fit the model for new notes, of the codes that can be told, on all that is coded."""
    calibration, thresholds = [], []
    for k in kept:
        raw, truth = held.raw[:, k], training.labels[:, k]
        calibration.append(platt(raw, truth))
        said = calibrated(raw, calibration[-1])
        thresholds.append(best_threshold(said, truth, least_precision=min_precision))
    codes = tuple(training.codes[k] for k in kept)
    return Suggester(scorer.model(kept), codes, tuple(calibration), tuple(thresholds))


def _frame(
    study: Study,
    training: Training,
    held: HeldOut,
    suggester: Suggester,
    kept: list[int],
    *,
    lines: bool,
) -> pd.DataFrame:
    """Rows above the threshold that the coder has not coded.

    Of notes the model was trained on it shows what it would have said without their
    participant: score, calibration and threshold come from the others.
    """
    fresh = study.segments[~study.segments["interview"].isin(training.segments["interview"])]
    segments = pd.concat([training.segments, fresh], ignore_index=True)
    n = len(training.segments)
    texts = lines_of(study, fresh) if lines and len(fresh) else fresh["words"]
    new = suggester.probabilities(texts).to_numpy(dtype=float)
    probability = np.vstack([held.probability[:, kept], new])
    coded = np.vstack([training.labels[:, kept], np.zeros(new.shape, dtype=bool)])
    own = np.tile(np.array(suggester.thresholds, dtype=float), (len(new), 1))
    thresholds = np.vstack([held.threshold[:, kept], own])
    at, k = np.nonzero((probability >= thresholds) & ~coded)
    rows = segments.take(at).reset_index(drop=True)
    codes = np.array(suggester.codes, dtype=object)[k]
    frame = rows[["interview", "segment", "start", "end", "words"]].assign(
        code=codes,
        theme=[study.codebook.theme_of(c) for c in codes],
        probability=probability[at, k],
        threshold=thresholds[at, k],
        basis=np.where(at < n, "held-out", "new"),
        source="model",
    )
    carried = ["participant", "group", "round", "language", "speech", "corpus"]
    frame = pd.concat([frame, rows[carried]], axis=1)
    order = ["probability", "interview", "segment", "code"]
    frame = frame.sort_values(order, ascending=[False, True, True, True], kind="stable")
    return frame.reset_index(drop=True)
