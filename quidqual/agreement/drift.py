"""Coder drift: agreement round by round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.study.arguments import takes_study
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    from quidqual.study.model import Study


@takes_study
def agreement_by_round(
    study: Study,
    *,
    coders: Sequence[str] | str | None = None,
    unit: str = "segment",
    coefficients: str | Sequence[str] = "alpha",
    codes: Sequence[str] | str | None = None,
    covered: Any = None,
    each_code: bool = False,
    resamples: int = 1_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Show whether coders grow apart (or together) from round to round.

    Parameters
    ----------
    study : Study
    coders, unit, coefficients, codes, covered, resamples, seed
        As in :func:`~quidqual.agreement.study_agreement.agreement`.
    each_code : bool
        Also give every code; otherwise all codes counted together.

    Returns
    -------
    pandas.DataFrame
        ``round`` (ordered Categorical) and the columns of
        :func:`~quidqual.agreement.study_agreement.agreement`, with ``n_interviews``
        (int: coded by two or more) and ``since_first`` (float: value less that of the first
        round that has one); sorted by code, coefficient and round.

    Raises
    ------
    QuidqualError
        For a reflexive study, which has no coefficient that could drift.

    Notes
    -----
    A round is also other people and other talk: a change is a reason to read the
    disagreements of that round together, no proof that a coder changed.

    Examples
    --------
    >>> import quidqual as qq
    >>> found = agreement_by_round(qq.load_example("two_coders"), resamples=0)
    >>> found[["round", "value"]].round(3).values.tolist()
    [['R1', 0.727], ['R2', 0.727]]
    """
    from quidqual.agreement.study_agreement import ALL, agreement_of
    from quidqual.agreement.units import chosen_coders

    if study.approach == "reflexive":
        raise QuidqualError.of(
            "A reflexive study has no coefficient that could drift.",
            remedy="Use qq.agreement.compare_readings, which gives the round of every reading.",
        )
    who = chosen_coders(study, coders)
    notes = study.notes[["interview", "round"]]
    parts = []
    for name in notes["round"].cat.categories:
        documents = list(notes.loc[notes["round"] == name, "interview"])
        if not documents:
            continue
        found, both = agreement_of(
            study, coders=who, unit=unit, codes=codes, covered=covered, documents=documents,
            coefficients=coefficients, resamples=resamples, seed=seed,
        )  # fmt: skip
        if not each_code:
            found = found[found["code"] == ALL]
        parts.append(found.assign(round=name, n_interviews=both))
    table = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
    rounds = pd.CategoricalDtype(notes["round"].cat.categories, ordered=True)
    table["round"] = table["round"].astype(rounds)
    return _since_first(table)


def _since_first(table: pd.DataFrame) -> pd.DataFrame:
    """Sort by code and round, and add the change since the first round with a value."""
    codes = list(dict.fromkeys(table["code"]))
    names = list(dict.fromkeys(table["coefficient"]))
    order = np.lexsort(
        (
            table["round"].cat.codes,
            table["coefficient"].map({n: i for i, n in enumerate(names)}),
            table["code"].map({c: i for i, c in enumerate(codes)}),
        )
    )
    table = table.iloc[order].reset_index(drop=True)
    first = table.groupby(["code", "coefficient"], sort=False)["value"].transform("first")
    table = table.assign(since_first=table["value"] - first)
    front = ["round", "code"]
    back = ["n_interviews", "since_first", "corpus"]
    middle = [c for c in table.columns if c not in (*front, *back)]
    return table[[*front, *middle, *back]]
