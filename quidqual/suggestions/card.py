"""The model card: what was learnt from what, and how well it does on people it has not met."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.suggestions.embedding import embedding_of
from quidqual.suggestions.training import Training

if TYPE_CHECKING:
    from quidqual.study.model import Study

_SCORES = [
    "code", "n_segments", "n_participants", "precision", "recall", "f1", "f1_low", "f1_high",
    "f1_everything", "mean_probability", "base_rate", "label",
]  # fmt: skip


def card_of(
    study: Study,
    training: Training,
    pipeline: Any,
    thresholds: Sequence[float],
    scores: pd.DataFrame,
    duplicates: pd.DataFrame,
    languages: pd.DataFrame,
) -> str:
    """Write the card as Markdown; it holds no words of the notes and no names.

    Returns
    -------
    str
    """
    import sklearn

    segments = training.segments
    shown = scores[_SCORES].assign(threshold=list(thresholds))
    lines = [
        f"# Model card: suggested codings for {study.title}",
        "",
        f"Corpus: **{study.corpus}**." + _synthetic(study.corpus),
        "",
        "## Trained on",
        f"- {len(segments)} segments of {segments['interview'].nunique()} interviews with "
        f"{segments['participant'].nunique()} participants",
        f"- languages: {', '.join(sorted(segments['language'].astype(str).unique()))}",
        f"- hand codings of: {', '.join(training.coders)}",
        f"- estimator: `{_said(pipeline)}` (scikit-learn {sklearn.__version__})",
        *_sentence_model(pipeline),
        "",
        "## How the scores were made",
        "Folds leave whole participants out. Thresholds and calibration (Platt) come from the "
        "other participants. `f1_low` and `f1_high` are the worst and the best fold; "
        "`f1_everything` is what suggesting the code everywhere would score, suggesting nothing "
        "scores 0. `mean_probability` should equal `base_rate`.",
        f"Nearly equal segments of different participants: {len(duplicates)}.",
        "",
        f"Macro-F1, held out: {scores['f1'].mean():.2f} "
        f"(everything: {scores['f1_everything'].mean():.2f}).",
        "",
        _markdown(shown),
        "",
        "## Refused codes",
        _markdown(training.refused) if len(training.refused) else "None.",
        "",
        "## Across languages",
        _across(languages),
        "",
        "## Meant for",
        "Pointing a coder to passages. A suggestion is no coding until a person accepts it. Not "
        "meant for counting themes, for people outside of this study, or for decisions about "
        "a person.",
        "",
        "The saved model holds words of the notes: keep it as confidential as they are.",
    ]
    return "\n".join(lines) + "\n"


def _sentence_model(pipeline: Any) -> list[str]:
    """Provenance of the vectors, if they come from a model that tells it."""
    embedding = embedding_of(pipeline)
    if embedding is None:
        return []
    described = getattr(embedding.embed, "described", None)
    if described is None:
        return ["- sentence model: a function of the user's; provenance and hash not stated"]
    about = described()
    return [
        f"- sentence model: {about['source']}; licence {about['licence']}; made for "
        f"{', '.join(about['languages'])}",
        *(f"- SHA-256 of {name}: `{value}`" for name, value in about["sha256"].items()),
    ]


def corpus_told(card: str) -> str:
    r"""Tell from a card which notes its model learnt from; "" where it does not say.

    Examples
    --------
    >>> corpus_told("# Model card\n\nCorpus: **real**.\n")
    'real'
    """
    found = re.search(r"(?m)^Corpus: \*\*(\w+)\*\*", card)
    return found[1] if found else ""


def _said(pipeline: Any) -> str:
    """Write an estimator on one line; a function by its name, not by its place in memory."""
    # Whole: where scikit-learn cuts a long one hangs on the length of those places.
    line = " ".join(pipeline.__repr__(N_CHAR_MAX=100_000).split())
    return re.sub(r"<(?:built-in )?(?:function|method|bound method) ([\w.]+)[^<>]*>", r"\1", line)


def _synthetic(corpus: str) -> str:
    if corpus == "synthetic":
        return (
            " The notes are invented: the scores say how the method behaves, nothing about people."
        )
    return ""


def _across(languages: pd.DataFrame) -> str:
    if languages.empty:
        return "One language, or not measured."
    table = languages.groupby(["train", "test"], as_index=False).agg(
        codes=("code", "size"), macro_f1=("f1", "mean")
    )
    return _markdown(table)


def _markdown(frame: pd.DataFrame) -> str:
    def cell(value: object) -> str:
        return f"{value:.2f}" if isinstance(value, float) else str(value)

    rows = [list(map(str, frame.columns)), ["---"] * len(frame.columns)]
    rows += [[cell(v) for v in row] for row in frame.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
