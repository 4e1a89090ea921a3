"""Codes by any attribute of the participants, with the counts that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from quidqual.analysis.grid import checked
from quidqual.analysis.prevalence import prevalence
from quidqual.study.arguments import must_be_study, must_be_text, one_of
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.model import Study

__all__ = ["crosstab"]


def crosstab(
    presence: pd.DataFrame,
    attribute: str | pd.Series = "group",
    *,
    study: Study | None = None,
    denominator: str = "participants",
    interval: str = "wilson",
    wide: bool = False,
) -> pd.DataFrame:
    """Count each code in each value of an attribute: k of n, never a bare percentage.

    Parameters
    ----------
    presence : DataFrame
        As :func:`quidqual.presence` gives it.
    attribute : str or Series
        A column of ``presence`` (``group``, ``round``), or with ``study`` of its
        participants or interviews (``role``, ``language``, ``mode``, ...); or a Series
        indexed by participant.
    study : Study, optional
        Where to look the attribute up.
    denominator, interval
        As for :func:`quidqual.prevalence`.
    wide : bool
        One column a value, cells "k of n", for reading; else one row a code and value.

    Returns
    -------
    DataFrame
        As :func:`quidqual.prevalence` with ``by=("code", attribute)`` and ``fewest``
        (int: the smallest n of the code's row), ``guard`` (str: ``""``, or why shares
        must not be compared); or with ``wide`` the index ``code`` and a column of labels
        for each value.

    Raises
    ------
    QuidqualError
        If the attribute is not there.

    Notes
    -----
    Where any value has n < 10, ``guard`` says that the difference of two shares would be
    a difference of a few people: name them instead.

    Examples
    --------
    >>> import quidqual as qq
    >>> qq.crosstab(qq.presence(qq.load_example("small")), wide=True)
    group         staff survivor
    code
    trust        1 of 1   1 of 1
    work   not observed   1 of 1
    """
    one_of(wide, (True, False), field="wide")
    frame = checked(presence)
    name, values = _values(frame, attribute, study)
    frame = frame.assign(**{name: values})
    missing = frame[name].isna() | (frame[name].astype(object) == "")
    if missing.any():
        # An interview that was not held has no mode: nothing was observed there either.
        frame = frame[~(missing & (frame["state"] == "not_observed"))]
        missing = missing[frame.index]
        frame = frame.assign(**{name: frame[name].astype(object).where(~missing, "unknown")})
    counted = prevalence(frame, by=("code", name), denominator=denominator, interval=interval)
    if wide:
        table = counted.pivot_table(
            index="code", columns=name, values="label", aggfunc="first", observed=True
        )
        return table.fillna("not observed")
    fewest = counted.groupby("code", observed=True)["n"].transform("min").astype("int64")
    guards = ("not observed in some values", f"n below 10: name the {denominator}")
    guard = pd.array(np.select([fewest == 0, fewest < 10], guards, "").tolist(), dtype="str")
    corpus = counted.pop("corpus")
    return counted.assign(fewest=fewest, guard=guard, corpus=corpus)


def _values(
    frame: pd.DataFrame, attribute: str | pd.Series, study: Study | None
) -> tuple[str, pd.Series]:
    """Find the attribute's value for each row."""
    if isinstance(attribute, pd.Series):
        name = str(attribute.name or "attribute")
        if not attribute.index.is_unique:
            raise QuidqualError.of(
                "a Series of attributes must name each participant once.", field="attribute"
            )
        values = frame["participant"].map(attribute)
        if len(frame) and values.isna().all():
            raise QuidqualError.of(
                "a Series of attributes must be indexed by participant; none of them is in it.",
                field="attribute",
            )
        return name, values
    must_be_text(attribute, field="attribute")
    if study is not None:
        must_be_study(study)
    if attribute in frame and attribute not in ("state", "code"):
        return attribute, frame[attribute]
    known = [column for column in ("group", "round", "theme") if column in frame]
    if study is not None:
        people = study.participants.set_index("participant")
        if attribute in people:
            return attribute, frame["participant"].map(people[attribute])
        talks = study.interviews.set_index("interview")
        if attribute in talks and "interview" in frame:
            return attribute, frame["interview"].map(talks[attribute].astype(object))
        known += [*people.columns, *talks.columns]
    raise QuidqualError.of(
        f"attribute must be one of {listed(dict.fromkeys(known))}, not {attribute!r}.",
        remedy="Give study= for those of participants and interviews." if study is None else "",
        field="attribute",
    )
