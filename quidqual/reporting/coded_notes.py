"""The coded notes: each paragraph with its passages marked, its codes named beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from quidqual.reporting.finding import Finding
from quidqual.study.wording import joined

if TYPE_CHECKING:
    from quidqual.study.model import Study


def whose_words(study: Study) -> str:
    """Say by which marks of a study's notes a participant's own words are seen.

    Examples
    --------
    >>> import quidqual as qq
    >>> whose_words(qq.load_example("small"))
    'Words between “…” are the speech of an invented participant, all others the researcher’s.'
    """
    kinds = sorted({kind for marks in study.speech["marks"] for kind in marks.split()})
    pairs = [kind for kind in kinds if "…" in kind]
    dashes = [kind for kind in kinds if kind in "–—"]
    told = [f"words between {joined(pairs, last='or')}"] if pairs else []
    told += [f"paragraphs that begin with {joined(dashes, last='or')}"] if dashes else []
    told += ["the turns of those who were interviewed"] if "Name:" in kinds else []
    told += ["transcribed notes"] if "transcript" in kinds else []
    if not told:
        return "No words of these notes are marked as speech: all are the researcher’s."
    invented = study.corpus == "synthetic"
    whose = "the speech of an invented participant" if invented else "the participant’s"
    first = joined(told)
    return f"{first[0].upper()}{first[1:]} are {whose}, all others the researcher’s."


@dataclass(frozen=True)
class Run:
    """A run of words under the same codings; ``starts`` and ``ends`` are numbers of codings."""

    text: str
    codings: tuple[str, ...]
    starts: tuple[str, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True)
class Tag:
    """One coding of a paragraph, and the findings it is evidence for or against."""

    number: int
    id: str
    label: str
    theme: str
    coder: str
    memo: str
    supports: tuple[str, ...]
    opposes: tuple[str, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a note."""

    runs: tuple[Run, ...]
    tags: tuple[Tag, ...]


@dataclass(frozen=True)
class Note:
    """A note of the study."""

    interview: str
    participant: str
    group: str
    round: str
    language: str
    date: str
    n_codings: int
    paragraphs: tuple[Paragraph, ...]


def coded_notes(study: Study, findings: tuple[Finding, ...]) -> tuple[Note, ...]:
    """Lay out every note of a study with the codings that the analyses use.

    Parameters
    ----------
    study : Study
    findings : tuple of Finding
        So that each passage leads back to the findings it bears on.
    """
    codings = study.codings
    if study.primary_coder is not None:
        codings = codings[codings["coder"] == study.primary_coder]
    used = _uses(findings)
    by_note: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for coding in codings.to_dict("records"):
        by_note[coding["interview"]].append(coding)
    dates = dict(zip(study.interviews["interview"], study.interviews["date"], strict=True))
    notes = []
    for row in study.notes.itertuples(index=False):
        own = by_note[row.interview]
        date = dates[row.interview]
        notes.append(
            Note(
                interview=row.interview,
                participant=row.participant,
                group=row.group,
                round=str(row.round),
                language=row.language or "und",
                date="" if date is None or date != date else date.date().isoformat(),
                n_codings=len(own),
                paragraphs=_paragraphs(study, row.text, own, used),
            )
        )
    return tuple(notes)


def _uses(findings: tuple[Finding, ...]) -> dict[str, dict[str, list[str]]]:
    """Findings by coding and side."""
    used: dict[str, dict[str, list[str]]] = defaultdict(lambda: {"for": [], "against": []})
    for finding in findings:
        for name, side in (("for", finding.speaks_for), ("against", finding.speaks_against)):
            for passage in (*side.shown, *side.further):
                used[passage.id][name].append(finding.id)
    return used


def _paragraphs(
    study: Study,
    text: str,
    codings: list[dict[str, Any]],
    used: dict[str, dict[str, list[str]]],
) -> tuple[Paragraph, ...]:
    spans = [match.span() for match in re.finditer(r"[^\n]*\S[^\n]*", text)]
    ordered = sorted(codings, key=lambda c: (c["start"], c["end"], c["code"], c["id"]))
    paragraphs = []
    number = 0
    for left, right in spans:
        here = [c for c in ordered if c["start"] < right and c["end"] > left]
        first = [c for c in here if c["start"] >= left]
        numbers = {c["id"]: number + i for i, c in enumerate(first, 1)}
        number += len(first)
        tags = tuple(_tag(study, c, numbers[c["id"]], used) for c in first)
        paragraphs.append(Paragraph(_runs(text, left, right, here, numbers), tags))
    return tuple(paragraphs)


def _tag(
    study: Study, coding: dict[str, Any], number: int, used: dict[str, dict[str, list[str]]]
) -> Tag:
    sides = used.get(coding["id"], {"for": [], "against": []})
    return Tag(
        number=number,
        id=coding["id"],
        label=study.codebook[coding["code"]].name(),
        theme=study.codebook[coding["theme"]].name(),
        coder=coding["coder"],
        memo=coding["memo"] if isinstance(coding["memo"], str) else "",
        supports=tuple(sides["for"]),
        opposes=tuple(sides["against"]),
    )


def _runs(
    text: str, left: int, right: int, codings: list[dict[str, Any]], numbers: dict[str, int]
) -> tuple[Run, ...]:
    """Cut a paragraph wherever a coding begins or ends."""
    cuts = {left, right}
    for coding in codings:
        cuts |= {max(left, coding["start"]), min(right, coding["end"])}
    places = sorted(cuts)
    runs = []
    for start, end in pairwise(places):
        inside = [c for c in codings if c["start"] <= start and c["end"] >= end]
        starts = tuple(c["id"] for c in inside if c["start"] == start)
        ends = tuple(
            numbers[c["id"]] for c in inside if min(c["end"], right) == end and c["id"] in numbers
        )
        runs.append(Run(text[start:end], tuple(c["id"] for c in inside), starts, ends))
    return tuple(runs)
