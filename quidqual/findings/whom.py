"""Whom a claim is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.study.arguments import one_of

if TYPE_CHECKING:
    from quidqual.study.model import Study


def people_of(
    check: Mapping[str, Any], study: Study, *, known: dict[str, list[str]] | None = None
) -> list[str]:
    """Give the participants a check is about: ``who`` by attribute, else the group.

    They are those of the whole study, also where a reading of it leaves some out: a claim is not
    about fewer people because somebody is not looked at. What was looked up is kept in ``known``.
    """
    key = repr((check.get("who") or {}, check.get("group")))
    if known is not None and key in known:
        return known[key]
    frame = (study.read_from or study).participants
    wanted = dict(check.get("who") or {})
    if not wanted and check.get("group") in set(frame["group"]):
        wanted = {"group": check["group"]}
    found = list(matching(frame, wanted, file="participants.csv")["participant"])
    if known is not None:
        known[key] = found
    return found


def matching(frame: pd.DataFrame, wanted: Mapping[str, Any], *, file: str) -> pd.DataFrame:
    """Give the rows that have one of the wanted values in each column named."""
    keep = pd.Series(True, index=frame.index)
    for column, value in wanted.items():
        one_of(column, frame.columns, field=f"a column of {file}", file="claims.yaml")
        values = value if isinstance(value, list) else [value]
        keep &= frame[column].astype(str).isin([str(v) for v in values])
    return frame[keep]
