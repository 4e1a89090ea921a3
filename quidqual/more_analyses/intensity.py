"""Intensity: how much of a note a code takes up, and the weight that coders gave it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.analysis.presence import presence
from quidqual.analysis.selection import as_tuple, kept_names, plan_codes
from quidqual.study.arguments import takes_study

if TYPE_CHECKING:
    from quidqual.study.model import Study

__all__ = ["intensity"]

_WORD = re.compile(r"\w+")


@takes_study
def intensity(study: Study, **presence_arguments: Any) -> pd.DataFrame:
    """Add to the table of presence how strongly each code is there.

    Parameters
    ----------
    study : Study
    **presence_arguments
        As for :func:`quidqual.presence`.

    Returns
    -------
    DataFrame
        The table of presence with, before ``corpus``: ``words`` (Int64: words of the note
        under the code, words under two codings of it counted once), ``share`` (float:
        of all words of the note), ``weight`` (float: mean of the weights that coders
        gave, missing where they gave none). All missing where not observed.

    Raises
    ------
    QuidqualError
        As :func:`quidqual.presence`.

    Notes
    -----
    Three measures, none the true one: the number of passages depends on how finely a
    coder cuts, the share of words on how the researcher wrote the note, the weight on a
    judgement. Where they disagree about a change, say so. A word belongs to a passage if
    it begins in it.

    Examples
    --------
    >>> import quidqual as qq
    >>> table = qq.intensity(qq.load_example("small"), codes="work", participants="P1")
    >>> table[["round", "n_codings", "words"]].assign(share=table["share"].round(2))
      round  n_codings  words  share
    0    R1          1      3   0.38
    1    R2          1      4   0.36
    """
    for name in ("codes", "coder", "source", "speech"):  # each is read twice
        presence_arguments[name] = kept_names(presence_arguments.get(name))
    table = presence(study, **presence_arguments)
    used = _passages(study, table, presence_arguments)
    lengths, words = _words(study, used)
    cell = ["interview", "code"]
    found = used.assign(words=words).groupby(cell, observed=True)
    measured = found.agg(words=("words", "sum"), weight=("weight", "mean")).reset_index()
    rows = table[cell].astype("str").merge(measured.astype({"code": "str"}), on=cell, how="left")
    observed = table["state"] != "not_observed"
    total = table["interview"].map(lengths).astype("float64")
    amount = rows["words"].fillna(0).astype("float64").where(observed)
    # An absent code weighs nothing; a present one without a weight stays missing.
    weight = rows["weight"].astype("float64").mask(table["state"] == "absent", 0.0)
    measures = {
        "words": amount.astype("Int64"),
        "share": amount / total.where(total > 0),
        "weight": weight.where(observed),
    }
    return table.drop(columns="corpus").assign(**measures, corpus=table["corpus"])


def _passages(study: Study, table: pd.DataFrame, arguments: dict[str, Any]) -> pd.DataFrame:
    """Take the codings that the table of presence counted, cut where they overlap."""
    plan = plan_codes(study.codebook, codes=arguments.get("codes"), merge=arguments.get("merge"))
    codings = study.codings
    coder = arguments.get("coder") or study.primary_coder
    keep = codings["interview"].isin(table["interview"].unique())
    for column, wished in (
        ("coder", coder),
        ("source", arguments.get("source")),
        ("speech", arguments.get("speech")),
    ):
        if wished is not None:
            keep &= codings[column].isin(as_tuple(wished))
    used = codings.loc[keep, ["interview", "code", "start", "end", "weight"]]
    parts = []
    for place in plan.columns_at(used["code"], arguments.get("level", "code")):
        names = np.array([*plan.names_at(arguments.get("level", "code")), ""], dtype=object)
        parts.append(used[place >= 0].assign(code=names[place[place >= 0]]))
    used = pd.concat(parts, ignore_index=True)
    used = used.sort_values(["interview", "code", "start", "end"])
    return used.drop_duplicates(["interview", "code", "start", "end"]).reset_index(drop=True)


def _words(study: Study, used: pd.DataFrame) -> tuple[dict[str, int], np.ndarray]:
    """Count the words of each note, and of each passage those that no earlier one holds."""
    texts = study.notes.set_index("interview")["text"]
    begins = {
        interview: np.array([word.start() for word in _WORD.finditer(text)], dtype=np.int64)
        for interview, text in texts.items()
    }
    counts = np.zeros(len(used), dtype=np.int64)
    last_cell, reached = None, 0
    rows = zip(used["interview"], used["code"], used["start"], used["end"], strict=True)
    for number, (interview, code, start, end) in enumerate(rows):
        if (interview, code) != last_cell:
            last_cell, reached = (interview, code), 0
        start = max(start, reached)
        if end > start:
            counts[number] = np.diff(np.searchsorted(begins[interview], [start, end]))[0]
            reached = end
    return {interview: len(words) for interview, words in begins.items()}, counts
