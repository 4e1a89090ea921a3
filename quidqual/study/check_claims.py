"""Rules that hold across claims.yaml, the codebook and the rounds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from quidqual.study.claims import Claim
from quidqual.study.errors import Problem, listed
from quidqual.study.measure import Known, check_measure, measures
from quidqual.study.reading import RawStudy, round_list
from quidqual.study.stated_figures import numbers_stated, shares_stated
from quidqual.study.yaml_text import row_of, yaml_rows

FILE = "claims.yaml"
_OPS = ("eq", "ge", "le", "lt")
_NO_FIGURES = (  # where a check names things: a digit in a code or a round is no figure
    "measure", "codes", "then", "rounds", "among", "baskets", "name", "of", "when", "match",
)  # fmt: skip


@dataclass(frozen=True)
class _Found:
    """A problem and where in the document it lies; the row is looked up only if there is one."""

    path: tuple[Any, ...]
    problem: Problem


def check_claims(raw: RawStudy) -> list[Problem]:
    """List what claims and recommendations name that is not there, or say twice.

    Parameters
    ----------
    raw : RawStudy

    Returns
    -------
    list of Problem
        In the order of the file, each with its row where the study was read from one.
    """
    found = [*_claims(raw), *_recommendations(raw)]
    if not found or not raw.claims_source:
        return [each.problem for each in found]
    rows = yaml_rows(raw.claims_source)
    return [replace(each.problem, row=row_of(each.path, rows)) for each in found]


def _claims(raw: RawStudy) -> Iterator[_Found]:
    seen: set[str] = set()
    known = _known(raw)
    groups = set(known.participants.get("group", ()))
    topics = [str(topic["id"]) for topic in raw.report.get("topics") or ()]
    for number, claim in enumerate(raw.claims):

        def wrong(
            field: str, message: str, remedy: str, *item: int, at: str = claim.id, nth: int = number
        ) -> _Found:
            problem = Problem(FILE, None, f"{at}.{field}", message, remedy)
            return _Found(("claims", nth, field, *item), problem)

        if claim.id in seen:
            yield wrong("id", f"{claim.id!r} is used twice.", "Give each claim its own id.")
        seen.add(claim.id)
        for field in ("speaks_for", "speaks_against"):
            for place, code in enumerate(getattr(claim, field)):
                if code not in raw.codebook:
                    remedy = "Add the code or mend the claim."
                    message = f"{code!r} is not a code of the codebook."
                    yield wrong(field.removeprefix("speaks_"), message, remedy, place)
        for place, name in enumerate(claim.rounds):
            if name not in known.rounds:
                remedy = f"Use one of: {listed(sorted(known.rounds))}."
                yield wrong("rounds", f"{name!r} is not a round.", remedy, place)
        if claim.topic and claim.topic not in topics:
            message = f"{claim.topic!r} is not a topic that report: topics: names."
            remedy = (
                f"Use one of: {listed(topics)}; or name it there." if topics else "Name it there."
            )
            one = wrong("topic", message, remedy)
            level = "error" if topics else "warning"  # without topics all claims stand together
            yield replace(one, problem=replace(one.problem, level=level))
        if claim.anchor is not None and not claim.anchor.letters:
            message = "offsets hold in one text file only, so no passage is found by this anchor."
            one = wrong("anchor", message, "Make it anew: python tools/anchor_claims.py --help")
            yield replace(one, problem=replace(one.problem, level="warning"))
        if not claim.checks and not claim.not_checkable:
            remedy = "Give 'check', or say in 'not_checkable' why there is none."
            yield wrong("check", "nothing says how the claim is checked.", remedy)
        if claim.checks and claim.not_checkable:
            remedy = "Keep one; what a check leaves out belongs in 'note'."
            message = "the claim has a check and says why there is none."
            yield wrong("not_checkable", message, remedy)
        for message in _at_odds(claim):
            remedy = "Let them say one thing, or count under other conditions."
            yield wrong("check", message, remedy)
        for check in claim.checks:
            for field, message, remedy in check_measure({"group": claim.group, **check}, known):
                yield wrong(f"check.{field}", message, remedy, at=claim.id)
        if claim.rounds:
            for name in _rounds_beyond(claim):
                remedy = "Leave rounds out of the check, or add the round to those of the claim."
                message = f"the claim is not about {name!r}, which its check looks at."
                yield wrong("check.rounds", message, remedy)
            for name in _blind_to_rounds(claim):
                remedy = "Leave rounds out of the claim, or check it in another way."
                message = f"the measure {name!r} does not look at rounds, which the claim names."
                yield wrong("rounds", message, remedy)
        named = claim.group == "all" or claim.group in groups
        if claim.checks and not named and not any(check.get("who") for check in claim.checks):
            remedy = f"Use one of: {listed(['all', *sorted(groups)])}; or say 'who' in the check."
            yield wrong("group", f"{claim.group!r} is not a group of participants.csv.", remedy)
        for field, message, remedy, level in _stated(claim):
            one = wrong(field, message, remedy)
            yield replace(one, problem=replace(one.problem, level=level))


def _at_odds(claim: Claim) -> Iterator[str]:
    """Find checks that count the same people by the same conditions and cannot both hold."""
    left: dict[str, set[int]] = {}
    for check in claim.checks:
        k, n, op = (check.get(name) for name in ("k", "n", "op"))
        if check.get("measure") != "prevalence" or not isinstance(k, int):
            continue
        key = repr(sorted((f, v) for f, v in check.items() if f not in ("k", "n", "op")))
        most = n if isinstance(n, int) else 10_000
        allowed = {
            "ge": range(k, most + 1), "le": range(k + 1), "lt": range(k),
        }.get(str(op), range(k, k + 1))  # fmt: skip
        met = left[key] & set(allowed) if key in left else set(allowed)
        if not met:
            yield "no data could meet two of the checks: they count the same in different ways."
        left[key] = met


def _blind_to_rounds(claim: Claim) -> list[str]:
    """Name the measures of a claim that its rounds cannot limit."""
    there = measures()
    named = dict.fromkeys(str(check.get("measure")) for check in claim.checks)
    return [name for name in named if name in there and not there[name].looks_at_rounds]


def _rounds_beyond(claim: Claim) -> list[str]:
    """Give rounds that a check names and the claim is not about: they would be one thing."""
    found: list[str] = []
    for check in claim.checks:
        where = check.get("where")
        parts = [check, *(where if isinstance(where, list) else ())]
        for part in parts:
            rounds = part.get("rounds") if isinstance(part, Mapping) else None
            found += [r for r in (rounds if isinstance(rounds, list) else ()) if isinstance(r, str)]
    return [name for name in dict.fromkeys(found) if name not in claim.rounds]


def _stated(claim: Claim) -> Iterator[tuple[str, str, str, str]]:
    """Compare what is stated with what the checks must reach: field, message, remedy, level."""
    stated = claim.stated
    for field in stated:
        if field not in ("k", "n", "op", "text"):
            remedy = "Use k, n and op, or write the words under 'text'."
            yield f"stated.{field}", f"nothing compares {field!r} with the check.", remedy, "error"
    if stated.get("op", "eq") not in _OPS:
        remedy = "Use ge (at least), le (at most), lt (fewer than), or leave it out."
        yield "stated.op", f"{stated['op']!r} is not a comparison.", remedy, "error"
        return
    for field in ("k", "n"):
        value = stated.get(field, 0)
        if not isinstance(value, int) or isinstance(value, bool):
            remedy = "Give a number, or the words under 'text'."
            yield f"stated.{field}", f"it must be a whole number, not {value!r}.", remedy, "error"
            return
    there = measures()
    known = [(there[c["measure"]], c) for c in claim.checks if c.get("measure") in there]
    try:
        reached = [dict(measure.reaches(check)) for measure, check in known]
    except KeyError:
        return  # the check itself lacks a field, which is told
    figures = {*_numbers(claim.checks), *_numbers(reached)}
    reached = [each for each in reached if "k" in each]
    if not claim.checks or len(known) < len(claim.checks):
        return
    if "k" in stated:
        wanted = {"op": stated.get("op", "eq"), **{f: stated[f] for f in "kn" if f in stated}}
        if not any(all(each.get(f) == v for f, v in wanted.items()) for each in reached):
            shown = ", ".join(_reached(each) for each in reached) or "no count of people"
            message = f"{_reached(wanted)} is stated, but what the check must reach is {shown}."
            remedy = "Let both say the same (stated may name op: ge, le or lt as a check does)."
            yield "stated", message, remedy, "error"
    if "n" in stated and "k" not in stated and all(r.get("n") != stated["n"] for r in reached):
        message = f"n {stated['n']} is stated, but no check counts {stated['n']} people."
        yield "stated.n", message, "Let both say the same.", "error"
    text = "" if stated.get("text") is None else str(stated["text"])
    for share in shares_stated(text):
        if not share.fits(reached):
            message = f"{share.words} is stated, but no check must reach it."
            level = "error" if reached or share.counts else "warning"
            yield "stated.text", message, "Let both say the same.", level
    for word, number in numbers_stated(text):
        if number not in figures:
            message = f"the figure {word} is stated, but no check names it."
            remedy = "Check it, or say in a note that it is not checked and leave it out here."
            yield "stated.text", message, remedy, "warning"
    for share in shares_stated(claim.summary):
        if not share.fits(reached):
            message = f"the summary says {share.words}, but no check must reach it."
            yield "summary", message, "Let both say the same, or check it too.", "warning"


def _reached(figures: Mapping[str, Any]) -> str:
    op = {"ge": "at least ", "le": "at most ", "lt": "fewer than "}.get(figures.get("op", ""), "")
    return f"{op}{figures['k']}" + (f" of {figures['n']}" if "n" in figures else "")


def _numbers(value: Any) -> Iterator[int]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name not in _NO_FIGURES and not (name == "first" and isinstance(part, list)):
                yield from _numbers((name, part))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _numbers(part)
    elif isinstance(value, int):
        yield int(value)
    elif isinstance(value, str):
        yield from (int(digits) for digits in re.findall(r"\d{1,15}", value))


def _known(raw: RawStudy) -> Known:
    """What the checks of claims may name: of a reading, what the whole study holds."""
    whole = raw.read_from or raw
    people = _with_columns_of(raw.participants, whole.participants, "participant")
    talks = _with_columns_of(raw.interviews, whole.interviews, "interview")
    joined = [c for c in ("group", "role") if c in people.columns and c not in talks.columns]
    kinds = {code.id: getattr(code, "kind", "state") for code in raw.codebook}
    return Known(
        codes=frozenset(
            code.id
            for code in raw.codebook
            if code.codable
            or any(raw.codebook[c].codable for c in raw.codebook.descendants(code.id))
        ),
        rounds=tuple(entry["round"] for entry in round_list(whole.settings)),
        participants=people,
        interviews=talks.assign(**dict.fromkeys(joined, "")),
        events=frozenset(c for c, kind in kinds.items() if kind in ("event", "background")),
    )


def _with_columns_of(part: pd.DataFrame, whole: pd.DataFrame, key: str) -> pd.DataFrame:
    """Give the whole table with the columns that only the part of it has."""
    more = [column for column in part if column not in whole]
    if whole is part or not more:
        return whole
    return whole.merge(part[[key, *more]], on=key, how="left").fillna("")


def _recommendations(raw: RawStudy) -> Iterator[_Found]:
    """Each has an id of its own and rests on claims that are there."""
    known = [claim.id for claim in raw.claims]
    remedy = f"Use ids of claims, such as {listed(known, 5)}." if known else "State the claims."
    seen: set[str] = set()
    for number, entry in enumerate(raw.recommendations):
        name = str(entry["id"])

        def wrong(
            field: str, message: str, remedy: str, *item: int, at: str = name, nth: int = number
        ) -> _Found:
            problem = Problem(FILE, None, f"{at}.{field}", message, remedy)
            return _Found(("recommendations", nth, field, *item), problem)

        if name in seen:
            message = f"the recommendation {name!r} is there twice."
            yield wrong("id", message, "Give each its own id.")
        seen.add(name)
        for place, claim in enumerate(entry.get("rests_on") or ()):
            if claim not in known:
                yield wrong("rests_on", f"{claim!r} is not a claim.", remedy, place)
