"""How many of the true passages has a coder found after reading a tenth, two or three of it all?

    python benchmarks/suggestions/reading.py [STUDY]

True: the (segment, code) pairs of the primary coder's hand codings. Orders of reading, compared:
the notes as they stand; the segments the codebook's patterns hit first; those the model thinks most
probable first (held out: it has not met the person). Time of `suggest` beside.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

import quidqual as qq
from quidqual.coding.tag import tag
from quidqual.suggestions.classifier import default_pipeline
from quidqual.suggestions.suggest import suggest
from quidqual.suggestions.training import training_of
from quidqual.suggestions.validation import Scorer, held_out

SHARES = (0.1, 0.2, 0.3)


def found(order: np.ndarray, labels: np.ndarray) -> list[str]:
    """Pairs found after each share of the segments, read in an order."""
    total = int(labels.sum())
    parts = [int(labels[order[: round(share * len(labels))]].sum()) for share in SHARES]
    return [f"{k} of {total} ({k / total:.0%})" for k in parts]


def main() -> None:
    study = qq.open_study(sys.argv[1]) if len(sys.argv) > 1 else qq.load_example()
    start = time.process_time()
    made = suggest(study)
    print(f"suggest: {time.process_time() - start:.1f} s of CPU time, {made!r}")
    training = training_of(study)
    labels = training.labels
    held = held_out(training, Scorer(training, default_pipeline(), counted=True))
    keys = training.segments[["interview", "segment"]]
    hits = tag(study, cues=()).groupby(["interview", "segment"], observed=True).size()
    tagged = keys.merge(hits.rename("n").reset_index(), how="left")["n"].fillna(0).to_numpy()
    likely = held.probability.max(axis=1)
    orders = {
        "as the notes stand": np.arange(len(labels)),
        "patterns first": np.argsort(-tagged, kind="stable"),
        "most probable first": np.argsort(-likely, kind="stable"),
        "patterns, then most probable": np.lexsort((-likely, -np.minimum(tagged, 1))),
    }
    table = pd.DataFrame({name: found(order, labels) for name, order in orders.items()}).T
    table.columns = [f"after {share:.0%}" for share in SHARES]
    print(f"{len(labels)} segments, {labels.shape[1]} codes, {study.corpus}")
    print(table.to_string())


if __name__ == "__main__":
    main()
