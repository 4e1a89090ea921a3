"""A study as it was read: tables of strings, before anything is concluded from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from quidqual.study.claims import Claim
from quidqual.study.codebook import Codebook
from quidqual.study.errors import Problem
from quidqual.study.log import COLUMNS


def _empty_codings() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS))


@dataclass
class RawStudy:
    """Tables of one study with the rows they came from.

    Attributes
    ----------
    settings : dict
        Content of ``study.toml``.
    participants, interviews : DataFrame
        Cells are strings, "" where missing.
    participant_rows, interview_rows : list of int
        Line of each row in its file.
    notes : dict of str to str
        Interview to canonical text.
    codebook : Codebook
    codings : DataFrame
        Columns of `quidqual.study.log.COLUMNS`.
    coding_places : list of (str, int) or None
        File and line of each coding; None if they did not come from logs.
    claims : tuple of Claim
    claims_source : str
        Text of claims.yaml, from which the row of a problem is told; "" if there is no file.
    report : mapping
        What claims.yaml says of the report itself.
    recommendations : tuple of mapping
        Recommendations of the report and the findings they rest on.
    found : tuple of Problem
        What was wrong already before the tables were made (a place out of its note).
    """

    settings: dict[str, Any] = field(default_factory=dict)
    participants: pd.DataFrame = field(default_factory=pd.DataFrame)
    interviews: pd.DataFrame = field(default_factory=pd.DataFrame)
    participant_rows: list[int] = field(default_factory=list)
    interview_rows: list[int] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    codebook: Codebook = field(default_factory=Codebook)
    codings: pd.DataFrame = field(default_factory=_empty_codings)
    coding_places: list[tuple[str, int]] | None = None
    claims: tuple[Claim, ...] = ()
    claims_source: str = ""
    report: Mapping[str, Any] = field(default_factory=dict)
    recommendations: tuple[Mapping[str, Any], ...] = ()
    found: tuple[Problem, ...] = ()


def round_list(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """Rounds of ``study.toml`` that have a name, in order."""
    rounds = settings.get("rounds")
    if not isinstance(rounds, list):
        return []
    return [r for r in rounds if isinstance(r, dict) and isinstance(r.get("round"), str)]
