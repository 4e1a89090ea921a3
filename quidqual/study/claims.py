"""Claims: what a report states, each with the computation that checks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Anchor:
    """Where a claim stands in the report: offsets in its canonical text and the passage's hash."""

    start: int
    end: int
    sha256: str


@dataclass(frozen=True)
class Claim:
    """One statement of a report.

    Attributes
    ----------
    id, page, group, kind, summary : str
        What is stated, of whom, in own words.
    rounds : tuple of str
        Rounds it is about; empty for all.
    stated : mapping
        The report's figures, such as ``{"k": 2, "n": 4}``.
    checks : tuple of mapping
        Computations that must all hold (see `quidqual.findings.checks`); empty where
        nothing can be computed, and `not_checkable` then says why.
    speaks_for, speaks_against : tuple of str
        Codes whose passages are evidence for and against.
    anchor : Anchor or None
        Place in the report.
    """

    id: str
    kind: str
    summary: str
    page: str = ""
    group: str = "all"
    rounds: tuple[str, ...] = ()
    stated: Mapping[str, Any] = field(default_factory=dict)
    checks: tuple[Mapping[str, Any], ...] = ()
    not_checkable: str = ""
    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()
    note: str = ""
    anchor: Anchor | None = None

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Claim:
        """Build a claim from its YAML mapping (checked against the JSON Schema before)."""
        check = raw.get("check") or ()
        anchor = raw.get("anchor")
        return cls(
            id=str(raw["id"]),
            kind=raw["kind"],
            summary=raw["summary"].strip(),
            page=str(raw.get("page", "")),
            group=raw.get("group", "all"),
            rounds=tuple(raw.get("rounds") or ()),
            stated=dict(raw.get("stated") or {}),
            checks=(check,) if isinstance(check, Mapping) else tuple(check),
            not_checkable=(raw.get("not_checkable") or "").strip(),
            speaks_for=tuple(raw.get("for") or ()),
            speaks_against=tuple(raw.get("against") or ()),
            note=(raw.get("note") or "").strip(),
            anchor=Anchor(**anchor) if anchor else None,
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the YAML mapping of the claim, without empty fields."""
        checks = [dict(check) for check in self.checks]
        full: dict[str, Any] = {
            "id": self.id,
            "page": int(self.page) if self.page.isdigit() else self.page,
            "group": self.group,
            "rounds": list(self.rounds),
            "kind": self.kind,
            "summary": self.summary,
            "stated": dict(self.stated),
            "check": checks[0] if len(checks) == 1 else checks,
            "not_checkable": self.not_checkable,
            "for": list(self.speaks_for),
            "against": list(self.speaks_against),
            "note": self.note,
            "anchor": dict(vars(self.anchor)) if self.anchor else None,
        }
        return {key: value for key, value in full.items() if value not in ("", [], {}, None)}
