"""Rules that hold across claims.yaml, the codebook and the rounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from quidqual.study.check_measures import Known, check_measure
from quidqual.study.errors import Problem, listed
from quidqual.study.raw import RawStudy, round_list
from quidqual.study.schema import row_of, yaml_rows

FILE = "claims.yaml"


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
    rounds = {entry["round"] for entry in round_list(raw.settings)}
    known = _known(raw)
    groups = set(raw.participants["group"]) if "group" in raw.participants else set()
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
            if name not in rounds:
                remedy = f"Use one of: {listed(sorted(rounds))}."
                yield wrong("rounds", f"{name!r} is not a round.", remedy, place)
        if not claim.checks and not claim.not_checkable:
            remedy = "Give 'check', or say in 'not_checkable' why there is none."
            yield wrong("check", "nothing says how the claim is checked.", remedy)
        for check in claim.checks:
            for field, message, remedy in check_measure(check, known):
                yield wrong(f"check.{field}", message, remedy, at=claim.id)
        named = claim.group == "all" or claim.group in groups
        if claim.checks and not named and not any(check.get("who") for check in claim.checks):
            remedy = f"Use one of: {listed(['all', *sorted(groups)])}; or say 'who' in the check."
            yield wrong("group", f"{claim.group!r} is no group of participants.csv.", remedy)
        for field in ("k", "n"):
            value = claim.stated.get(field, 0)
            if not isinstance(value, int) or isinstance(value, bool):
                remedy = "Give a number, or the words under 'text'."
                yield wrong(f"stated.{field}", f"{value!r} is no whole number.", remedy)


def _known(raw: RawStudy) -> Known:
    """What the checks of claims may name."""
    joined = ("participant", "group", "role", "status")
    return Known(
        frozenset(raw.codebook.ids),
        tuple(entry["round"] for entry in round_list(raw.settings)),
        tuple(raw.participants.columns),
        tuple(dict.fromkeys([*raw.interviews.columns, *joined])),
    )


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
