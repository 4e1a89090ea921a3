"""What the model is told, and how much of the true passages is found after reading a part.

    python benchmarks/suggestions/reading.py [ANNOMI_FULL_CSV]

On the example and, where its file is named, on a public data set of another kind (see
`counselling`). First the average precision of the default model (held out: folds leave people out),
with what it is told left out one by one. Then what a coder has found of the true (segment, code)
pairs after reading a tenth, two and three tenths of the segments, in several orders.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from counselling import counselling

import quidqual as qq
from quidqual.suggestions import classifier
from quidqual.suggestions.sampling import next_to_code
from quidqual.suggestions.suggest import suggest
from quidqual.suggestions.training import Training, training_of
from quidqual.suggestions.validation import HeldOut, Scorer, held_out, ranking

SHARES = (0.1, 0.2, 0.3)


def held(training: Training, *, large: bool, around: float = 0.5) -> HeldOut:
    """Score every segment by a model that has not met its participant."""
    classifier.AROUND = around
    pipeline = classifier.default_pipeline(large=large)
    return held_out(training, Scorer(training, pipeline, counted=True))


def precision(training: Training, scores: HeldOut) -> tuple[str, str]:
    """Average precision: the mean of the codes, and weighed by what there is to find."""
    each = [ranking(scores, truth, k) for k, truth in enumerate(training.labels.T)]
    weighed = np.average(each, weights=training.labels.sum(axis=0))
    return f"{np.mean(each):.3f}", f"{weighed:.3f}"


def without_marks(training: Training, beginning: str) -> Training:
    """Leave out marks that begin so."""
    lines = []
    for line in training.lines:
        *parts, marks = line.split("\x1e")
        kept = [mark for mark in marks.split("\x1f") if not mark.startswith(beginning)]
        lines.append("\x1e".join([*parts, "\x1f".join(kept)]))
    return replace(training, lines=tuple(lines))


def told(training: Training) -> tuple[pd.DataFrame, HeldOut]:
    """Average precision with and without each thing that the model is told."""
    large = len(training.labels) > classifier.LARGE
    whole = held(training, large=large)
    alone = replace(training, lines=())
    rows = {
        "words of the sentence alone": held(alone, large=large),
        "as suggest does it": whole,
        f"... as in a {'small' if large else 'large'} study": held(training, large=not large),
        "... without the sentences around": held(training, large=large, around=0.0),
        "... without the speaker": held(without_marks(training, "speaker"), large=large),
        "... without the patterns": held(without_marks(training, "code"), large=large),
    }
    table = pd.DataFrame({name: precision(training, s) for name, s in rows.items()}).T
    table.columns = ["mean", "weighed"]
    return table, whole


def found(order: np.ndarray, labels: np.ndarray) -> list[str]:
    """Pairs found after each share of the segments, read in an order."""
    total = int(labels.sum())
    parts = [int(labels[order[: round(share * len(labels))]].sum()) for share in SHARES]
    return [f"{k} of {total} ({k / total:.0%})" for k in parts]


def orders(study: qq.Study, training: Training, scores: HeldOut) -> dict[str, np.ndarray]:
    """Orders of reading: each names every segment once, or the first three tenths."""
    keys = training.segments[["interview", "segment"]]
    hits = qq.tag(study, cues=()).groupby(["interview", "segment"], observed=True).size()
    tagged = keys.merge(hits.rename("n").reset_index(), how="left")["n"].fillna(0).to_numpy()
    likely, expected = scores.probability.max(axis=1), scores.probability.sum(axis=1)
    raw = study.raw
    raw.codings = raw.codings.iloc[:0]
    raw.coding_places = []
    raw.settings["uncoded"] = "absent"
    n = round(SHARES[-1] * len(keys))
    chosen = next_to_code(qq.Study(raw), n=n)
    place = {key: i for i, key in enumerate(keys.itertuples(index=False, name=None))}
    far = chosen[["interview", "segment"]].itertuples(index=False, name=None)
    return {
        "as the notes stand": np.arange(len(keys)),
        "next_to_code, from the first on": np.array([place[key] for key in far if key in place]),
        "longest first": np.argsort(
            -training.segments["words"].str.len().to_numpy(), kind="stable"
        ),
        "patterns first": np.argsort(-tagged, kind="stable"),
        "most probable first": np.argsort(-likely, kind="stable"),
        "most codes expected first": np.argsort(-expected, kind="stable"),
        "patterns, then most expected": np.lexsort((-expected, -np.minimum(tagged, 1))),
    }


def main() -> None:
    studies = [qq.load_example()]
    if len(sys.argv) > 1:
        studies.append(counselling(Path(sys.argv[1])))
    for study in studies:
        start = time.process_time()
        made = suggest(study)
        took = time.process_time() - start
        training = training_of(study)
        labels = training.labels
        people = len(set(training.participants))
        print(f"\n{study.title}: {len(labels)} segments, {labels.shape[1]} codes, {people} people")
        print(f"suggest: {took:.1f} s of CPU time, {made!r}\n")
        table, scores = told(training)
        print("Average precision\n" + table.to_string() + "\n")
        read = {name: found(o, labels) for name, o in orders(study, training, scores).items()}
        table = pd.DataFrame(read).T
        table.columns = [f"after {share:.0%}" for share in SHARES]
        print("Pairs found\n" + table.to_string(), flush=True)


if __name__ == "__main__":
    main()
