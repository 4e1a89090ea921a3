"""Whom a claim is about, and which rows of a table it counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.study.arguments import one_of
from quidqual.study.errors import listed
from quidqual.study.measure import Known, Wrong
from quidqual.study.wording import joined

if TYPE_CHECKING:
    from quidqual.study.model import Study


def people_of(
    check: Mapping[str, Any], study: Study, *, known: dict[str, list[str]] | None = None
) -> list[str]:
    """Give the participants a check is about: ``who`` by attribute, else the group.

    They are those of the whole study, also where a reading of it leaves some out: a claim is not
    about fewer people because somebody is not looked at. What was looked up is kept in ``known``.
    """
    return _looked_up(check, study, known, sure=True)


def perhaps_of(
    check: Mapping[str, Any], study: Study, *, known: dict[str, list[str]] | None = None
) -> list[str]:
    """Give those of whom it was not recorded whether the check is about them."""
    return _looked_up(check, study, known, sure=False)


def _looked_up(
    check: Mapping[str, Any], study: Study, known: dict[str, list[str]] | None, *, sure: bool
) -> list[str]:
    key = repr((check.get("who") or {}, check.get("group"), sure))
    if known is not None and key in known:
        return known[key]
    frame = (study.read_from or study).participants
    wanted = wanted_of(check, frame)
    rows = (matching if sure else perhaps)(frame, wanted, file="participants.csv")
    found = list(rows["participant"])
    if known is not None:
        known[key] = found
    return found


def wanted_of(
    check: Mapping[str, Any], frame: pd.DataFrame, *, under: str = "who"
) -> dict[str, Any]:
    """Give the columns and values that choose rows: those named, else the claim's group.

    Examples
    --------
    >>> people = pd.DataFrame({"participant": ["P1"], "group": ["staff"]})
    >>> wanted_of({"group": "staff"}, people), wanted_of({"group": "all"}, people)
    ({'group': 'staff'}, {})
    """
    wanted = dict(check.get(under) or {})
    named = wanted if under == "who" else "group" in wanted
    if not named and check.get("group") in set(frame.get("group", ())):
        wanted["group"] = check["group"]
    return wanted


def nobody(check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
    """Tell of values under ``who`` that no participant has."""
    frame, who = known.participants, dict(check.get("who") or {})
    if frame.empty or not who or not set(who) <= set(frame.columns):
        return
    if matching(frame, who, file="").empty and perhaps(frame, who, file="").empty:
        told = ", ".join(f"{column} {listed(values_of(v))}" for column, v in who.items())
        yield "who", f"no participant has {told}.", "Mend the value, or participants.csv."


def matching(frame: pd.DataFrame, wanted: Mapping[str, Any], *, file: str) -> pd.DataFrame:
    """Give the rows that have one of the wanted values in each column named."""
    keep = pd.Series(True, index=frame.index)
    for column, value in wanted.items():
        one_of(column, frame.columns, field=f"a column of {file}", file="claims.yaml")
        keep &= frame[column].astype(str).isin(values_of(value))
    return frame[keep]


def perhaps(frame: pd.DataFrame, wanted: Mapping[str, Any], *, file: str) -> pd.DataFrame:
    """Give the rows that would match if what they leave blank had been recorded."""
    sure = matching(frame, wanted, file=file).index
    keep = pd.Series(True, index=frame.index)
    for column, value in wanted.items():
        cells = frame[column].astype(object).where(frame[column].notna(), "").astype(str)
        keep &= cells.isin([*values_of(value), ""])
    return frame[keep & ~frame.index.isin(sure)]


def blank_names(columns: Iterable[str]) -> str:
    """Write the columns that may be blank; who belongs to which group is always known."""
    always = ("status", "group", "round", "participant")
    return joined([name.replace("_", " ") for name in columns if name not in always], last="or")


def values_of(value: Any) -> list[str]:
    """Write the value or values of a check as the cells of a CSV file have them.

    Examples
    --------
    >>> values_of([2, True, "a"])
    ['2', 'true', 'a']
    """
    several: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
    return [str(v).lower() if isinstance(v, bool) else str(v) for v in several]
