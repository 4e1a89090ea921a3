"""All that a report says, gathered once, before it takes the form of a page or a document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.findings.evidence import RESTS_ON_NONE
from quidqual.findings.ledger import Ledger
from quidqual.findings.ledger import ledger as ledger_of
from quidqual.findings.verdict import verdict_text
from quidqual.reporting.checklist import CHECKLISTS, checklist, load_checklist
from quidqual.reporting.coded import CodeEntry, code_entries, matrix
from quidqual.reporting.coded_notes import Note, coded_notes, whose_words
from quidqual.reporting.figures import Picture, pictures
from quidqual.reporting.finding import MEANINGS, SIGNS, Finding, find
from quidqual.reporting.limits import limits
from quidqual.reporting.methods import methods, software
from quidqual.reporting.report_passages import Report

if TYPE_CHECKING:
    from quidqual.study.model import Study


@dataclass(frozen=True)
class Shown:
    """What of the notes may be in the report.

    Attributes
    ----------
    notes : bool
        The coded notes, whole.
    quotes : int or None
        How many passages a side are printed with their words; None for all.
    """

    notes: bool
    quotes: int | None


@dataclass(frozen=True)
class Person:
    """A participant and the state of each round."""

    participant: str
    group: str
    role: str
    language: str
    rounds: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Tally:
    """How often a verdict was given."""

    key: str
    sign: str
    word: str
    meaning: str
    n: int


@dataclass(frozen=True)
class Checklist:
    """A filled checklist with its counts."""

    which: str
    name: str
    source: str
    numbering: str
    counts: str
    rows: tuple[Mapping[str, object], ...]


class Content:
    """The content of a report, computed when first used.

    Parameters
    ----------
    study : Study
    shown : Shown
        What of the notes may be in it.
    report_text : str, Path or Report, optional
        The report itself, for a reader who holds it.
    agreement : DataFrame, optional
        Agreement of the coders, as ``qq.agreement.agreement`` gives it.
    """

    def __init__(
        self,
        study: Study,
        *,
        shown: Shown,
        report_text: str | Path | Report | None = None,
        agreement: pd.DataFrame | None = None,
    ) -> None:
        self.study = study
        self.shown = shown
        self.report_text = report_text
        # A reflexive study asks for no coefficient: different readings are no error there.
        self.agreement = None if study.approach == "reflexive" else agreement
        self.corpus = study.corpus

    @property
    def banner(self) -> str:
        """What stands on every page."""
        if self.corpus == "synthetic":
            return "Synthetic notes: nobody’s words, no evidence about anyone"
        return "Real interviews: confidential"

    @cached_property
    def presence(self) -> pd.DataFrame:
        """Participant x round x code, the table all else is made from."""
        return self.ledger.presence

    @cached_property
    def ledger(self) -> Ledger:
        """The claims, judged."""
        return ledger_of(self.study)

    @cached_property
    def recommendations(self) -> pd.DataFrame:
        """What the report recommends and the claims it rests on."""
        return self.ledger.recommendations

    @property
    def resting_on_none(self) -> int:
        """How many recommendations rest on no finding."""
        return int((self.recommendations["status"] == RESTS_ON_NONE).sum())

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every claim, worked out."""
        words: dict[str, str] = {}
        if self.report_text is not None:
            found = self.ledger.passages(self.report_text)
            words = dict(zip(found["claim"], found["passage"], strict=True))
        table = self.recommendations
        resting = {
            claim.id: tuple(
                name
                for name, claims in zip(table["recommendation"], table["rests_on"], strict=True)
                if claim.id in claims
            )
            for claim in self.study.claims
        }
        return tuple(
            find(
                self.ledger,
                claim,
                quotes=self.shown.quotes,
                recommendations=resting[claim.id],
                passage=words.get(claim.id, ""),
            )
            for claim in self.study.claims
        )

    @cached_property
    def codes(self) -> tuple[CodeEntry, ...]:
        """The codebook; with quotes of each code where no finding prints them."""
        bare = not self.study.claims
        return code_entries(self.study, self.presence, quotes=self.shown.quotes, shown=bare)

    @cached_property
    def matrix(self) -> tuple[list[str], list[tuple[str, list[str]]]]:
        """Participants against themes."""
        return matrix(self.study, self.presence)

    @cached_property
    def tallies(self) -> tuple[Tally, ...]:
        """How many findings came to which verdict."""
        keys = [finding.verdict_key for finding in self.findings]
        return tuple(
            Tally(key, sign, verdict_text(key, self.corpus), MEANINGS[key], keys.count(key))
            for key, sign in SIGNS.items()
        )

    @cached_property
    def pictures(self) -> tuple[Picture, ...]:
        """The figures."""
        return pictures(self.study, self.presence, agreement=self.agreement)

    @cached_property
    def methods(self) -> str:
        """The methods paragraph."""
        return methods(self.study, agreement=self.agreement)

    @cached_property
    def limits(self) -> tuple[str, ...]:
        """What the numbers cannot carry."""
        return limits(self.study, self.findings)

    @property
    def whose_words(self) -> str:
        """Say by which marks of these notes a participant's own words are seen."""
        return whose_words(self.study)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """The coded notes, where they may be shown."""
        return coded_notes(self.study, self.findings) if self.shown.notes else ()

    @cached_property
    def checklists(self) -> tuple[Checklist, ...]:
        """The reporting checklists, filled."""
        found = []
        for which in CHECKLISTS:
            frame, document = (
                checklist(self.study, which, ledger=self.ledger),
                load_checklist(which),
            )
            counts = frame["status"].value_counts()
            order = ("filled", "declared", "MISSING", "not applicable")
            told = ", ".join(f"{counts[s]} {s}" for s in order if s in counts.index)
            found.append(
                Checklist(
                    which=which,
                    name=document["name"],
                    source=document["source"],
                    numbering=document.get("numbering", ""),
                    counts=told,
                    rows=tuple(frame.to_dict("records")),
                )
            )
        return tuple(found)

    @cached_property
    def groups(self) -> dict[str, str]:
        """Label of each group, in the order of the participants."""
        labels = self.study.settings.get("groups") or {}
        groups = dict.fromkeys(self.study.participants["group"])
        return {group: str(labels.get(group, group)) for group in groups}

    @cached_property
    def themes(self) -> dict[str, str]:
        """Label of each theme that a finding speaks of, in the order of the codebook."""
        book = self.study.codebook
        used = {theme for finding in self.findings for theme in finding.themes}
        return {theme: book[theme].name() for theme in book.themes if theme in used}

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Who was interviewed when."""
        held: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
        for talk in self.study.interviews.to_dict("records"):
            held[talk["participant"]].append(_held(talk))
        return tuple(
            Person(
                participant=row["participant"],
                group=self.groups[row["group"]],
                role=str(row["role"] or "").replace("_", " "),
                language=str(row["language"] or ""),
                rounds=tuple(held[row["participant"]]),
            )
            for row in self.study.participants.to_dict("records")
        )

    @cached_property
    def provenance(self) -> dict[str, str]:
        """What made this report out of what."""
        return {"study": self.study.hash, "corpus": self.corpus, **software(self.study)}


def _held(row: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
    """State of one interview in a word; its day; how and how long."""
    status = str(row["status"])
    if status != "held":
        return status.replace("_", " "), ()
    date, minutes, mode = row["date"], row["minutes"], str(row["mode"] or "").replace("_", " ")
    day = date.date().isoformat() if isinstance(date, pd.Timestamp) else ""
    length = "" if minutes is None or minutes is pd.NA else f"{minutes} min"
    how = ", ".join(part for part in (mode, length) if part)
    return "held", tuple(part for part in (day, how) if part)
