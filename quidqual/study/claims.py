"""Claims: what a report states, each with the computation that checks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Anchor:
    """Which passage of the report a claim restates, told without a word of it.

    Attributes
    ----------
    sha256 : str
        Of its letters and digits, in small letters without accents.
    letters : int
        How many these are.
    at : int
        How many letters of the report stand before it: a hint only.
    """

    sha256: str
    letters: int
    at: int = 0

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Anchor:
        """Build an anchor from its YAML mapping; one that gives offsets only finds nothing."""
        return cls(raw["sha256"], int(raw.get("letters", 0)), int(raw.get("at", 0)))


@dataclass(frozen=True)
class Claim:
    """One statement of a report.

    Attributes
    ----------
    id, page, group, kind, summary : str
        What is stated, of whom, in own words.
    topic : str
        Under which heading a reader is told of it: one of ``report: topics:``.
    rounds : tuple of str
        Rounds it is about, in its checks and in its evidence; empty for all.
    stated : mapping
        The report's figures, such as ``{"k": 2, "n": 4}``; what the checks must reach.
    checks : tuple of mapping
        Computations that must all hold (see `quidqual.measures`); empty where
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
    topic: str = ""
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
            topic=str(raw.get("topic") or ""),
            rounds=tuple(raw.get("rounds") or ()),
            stated=dict(raw.get("stated") or {}),
            checks=(check,) if isinstance(check, Mapping) else tuple(check),
            not_checkable=(raw.get("not_checkable") or "").strip(),
            speaks_for=tuple(raw.get("for") or ()),
            speaks_against=tuple(raw.get("against") or ()),
            note=(raw.get("note") or "").strip(),
            anchor=Anchor.from_dict(anchor) if anchor else None,
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the YAML mapping of the claim, without empty fields."""
        checks = [dict(check) for check in self.checks]
        full: dict[str, Any] = {
            "id": self.id,
            "page": int(self.page) if self.page.isdigit() else self.page,
            "group": self.group,
            "topic": self.topic,
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
