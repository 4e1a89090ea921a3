"""A study as it was read: tables of strings, before anything is concluded from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from quidqual.study.claims import Claim
from quidqual.study.codebook import Codebook
from quidqual.study.errors import Problem
from quidqual.study.log import COLUMNS, read_frame


def _empty_codings() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS))


def _no_reads() -> pd.DataFrame:
    return read_frame([])


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
    reads : DataFrame
        Columns of `quidqual.study.log.READ_COLUMNS`: which coder has read which note.
    claims : tuple of Claim
    claims_source : str
        Text of claims.yaml, from which the row of a problem is told; "" if there is no file.
    report : mapping
        What claims.yaml says of the report itself.
    recommendations : tuple of mapping
        Recommendations of the report and the findings they rest on.
    found : tuple of Problem
        What was wrong already before the tables were made (a place out of its note).
    unusable : set of str
        Files of which nothing could be read: what refers to them is not checked.
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
    reads: pd.DataFrame = field(default_factory=_no_reads)
    claims: tuple[Claim, ...] = ()
    claims_source: str = ""
    report: Mapping[str, Any] = field(default_factory=dict)
    recommendations: tuple[Mapping[str, Any], ...] = ()
    found: tuple[Problem, ...] = ()
    unusable: set[str] = field(default_factory=set)

    def copy(self) -> RawStudy:
        """Give a copy that may be edited without changing this one."""
        frames = ("participants", "interviews", "codings", "reads")
        return replace(
            self,
            settings=deepcopy(self.settings),
            notes=dict(self.notes),
            report=deepcopy(dict(self.report)),
            **{name: getattr(self, name).copy(deep=False) for name in frames},
        )


def round_list(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """Rounds of ``study.toml`` that have a name, in order."""
    rounds = settings.get("rounds")
    if not isinstance(rounds, list):
        return []
    return [r for r in rounds if isinstance(r, dict) and isinstance(r.get("round"), str)]


def notes_read(raw: RawStudy, coders: Iterable[str] | None = None) -> frozenset[str]:
    """Interviews whose notes any of some coders has read; see `Study.notes_read`."""
    everyone = {*raw.codings["coder"], *raw.reads["coder"]}
    primary = raw.settings.get("primary_coder")
    asked = set(coders) if coders is not None else {primary} if primary else everyone
    known, found = frozenset(raw.notes), set[str]()
    all_unless_marked = raw.settings.get("uncoded") == "absent"
    if all_unless_marked and not asked:
        return known
    for coder in asked:
        marked = {*_of(raw.reads, coder), *_declared(raw, coder)}
        coded = known if all_unless_marked else _of(raw.codings, coder)
        found |= marked or set(coded)
    return known & found


def _of(frame: pd.DataFrame, coder: str) -> set[str]:
    return set(frame.loc[frame["coder"] == coder, "interview"])


def _declared(raw: RawStudy, coder: str) -> set[str]:
    """Interviews that ``study.toml`` says a coder has covered."""
    about = (raw.settings.get("coders") or {}).get(coder) or {}
    covers = about.get("covers") or ()
    return set(raw.notes) if covers == "all" else {covers} if isinstance(covers, str) else {*covers}
