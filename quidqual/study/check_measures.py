"""Whether the checks of claims can be computed: known measures, fields, codes, rounds, columns.

A claim names its computation in words (see `quidqual.findings.checks`); whoever mistypes one
is told when the study is opened, and not only when the ledger is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quidqual.study.errors import listed

WHEN = {
    "any": "in at least one observed round",
    "every": "in every observed round",
    "never": "in no observed round",
    "first": "in the first observed round",
    "last": "in the last observed round",
    "not_last": "not in the last observed round",
    "only_last": "in the last observed round and in none before it",
    "fades": "in the first observed round and not in the last",
    "rises": "in the last observed round, and not in the first or less often there",
}
COMPARISONS = ("eq", "ge", "le", "lt")
WAYS = ("mentions", "interviews", "participants")
_CONDITION = ("codes", "when", "match", "rounds", "first", "then")
NEEDED: dict[str, tuple[str, ...]] = {
    "prevalence": ("k",),
    "ranking": ("codes", "among"),
    "participants": ("equals",),
    "interviews": ("equals",),
    "per_person": ("equals",),
    "minutes": ("at_least", "longest_over"),
    "dates": ("first", "last"),
    "levels": ("of", "includes"),
    "protocol": (),
    "arithmetic": ("sum", "equals"),
}
_FURTHER: dict[str, tuple[str, ...]] = {
    "prevalence": ("who", "where", "op", "n", *_CONDITION),
    "ranking": ("who", "name", "by", "rank", "also"),
    "participants": ("where", "by"),
    "interviews": ("where", "op"),
    "per_person": ("status",),
    "levels": ("who", "within"),
}
_ALLOWED = {"when": tuple(WHEN), "op": COMPARISONS, "match": ("any", "all")}
_CHOICES = {"when": "time", "op": "comparison", "match": "way to join codes"}


@dataclass(frozen=True)
class Known:
    """What a check may name."""

    codes: frozenset[str]
    rounds: tuple[str, ...]
    participant_columns: tuple[str, ...]
    interview_columns: tuple[str, ...]


Wrong = tuple[str, str, str]  # field, message, remedy


def check_measure(check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
    """List what is wrong with one check of a claim.

    Examples
    --------
    >>> nothing = Known(frozenset(), (), (), ())
    >>> [message for _, message, _ in check_measure({"measure": "magic"}, nothing)]
    ["'magic' is no measure."]
    """
    measure = check["measure"]
    wrong_shape = list(_shapes(check))
    if wrong_shape:
        yield from wrong_shape
        return
    if measure not in NEEDED:
        yield "measure", f"{measure!r} is no measure.", f"Use one of: {listed(sorted(NEEDED), 20)}."
        return
    for field in NEEDED[measure]:
        if field not in check:
            yield field, f"the measure {measure!r} needs {field!r}.", "Add it to the check."
    fields = {"measure", "group", *NEEDED[measure], *_FURTHER.get(measure, ())}
    for field in check:
        if field not in fields:
            remedy = f"Use some of: {listed(sorted(fields - {'measure', 'group'}), 20)}."
            yield field, f"the measure {measure!r} knows no {field!r}.", remedy
    if measure == "prevalence":
        yield from _prevalence(check, known)
    elif measure == "ranking":
        yield from _ranking(check, known)
    elif measure == "interviews" and check.get("op", "eq") not in COMPARISONS:
        remedy = f"Use one of: {listed(COMPARISONS)}."
        yield "op", f"{check['op']!r} is no comparison.", remedy
    yield from _columns(check, known)


def _shapes(check: Mapping[str, Any]) -> Iterator[Wrong]:
    """What is a list or a mapping by nature, and is written as something else."""
    lists = ("codes", "first", "then", "rounds", "includes", "within", "sum")
    wanted: dict[str, tuple[type, str]] = {
        "who": (Mapping, "columns and values, such as {role: x}")
    }
    if check["measure"] not in ("dates",):
        wanted |= dict.fromkeys(lists, (list, "a list, such as [a, b]"))
    if check["measure"] == "ranking":
        wanted["among"] = (Mapping, "names and codes, such as {money: [economy]}")
        wanted["also"] = (Mapping, "factors and other codes, such as {money: {wide: [rent]}}")
    if check["measure"] in ("participants", "interviews"):
        wanted["where"] = (Mapping, "columns and values, such as {mode: video}")
    places = [check, *(w for w in check.get("where") or () if isinstance(w, Mapping))]
    for place in places:
        for field, (kind, words) in wanted.items():
            if field in place and not isinstance(place[field], kind):
                yield field, "is written as something else than is wanted.", f"Give {words}."


def _prevalence(check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
    for field in ("k", "n"):
        if field in check and (not isinstance(check[field], int) or isinstance(check[field], bool)):
            yield field, f"{check[field]!r} is no whole number.", "Give a number, such as 2."
    where = check.get("where")
    conditions = where if isinstance(where, list) else [check]
    if not all(isinstance(c, Mapping) and ("codes" in c or "first" in c) for c in conditions):
        remedy = "Give codes: [...], or first: [...] and then: [...]."
        yield "codes", "nothing says which codes are counted.", remedy
        return
    for condition in conditions:
        yield from _condition(condition, known)


def _condition(condition: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
    for field, allowed in _ALLOWED.items():
        if field in condition and condition[field] not in allowed:
            message = f"{condition[field]!r} is no {_CHOICES[field]}."
            yield field, message, f"Use one of: {listed(allowed, 10)}."
    for field in ("codes", "first", "then"):
        yield from _codes(condition.get(field), field, known)
    for name in condition.get("rounds") or ():
        if name not in known.rounds:
            yield "rounds", f"{name!r} is not a round.", f"Use one of: {listed(known.rounds)}."


def _ranking(check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
    yield from _codes(check.get("codes"), "codes", known)
    for codes in check.get("among", {}).values():
        yield from _codes(codes if isinstance(codes, list) else [codes], "among", known)
    factors = (check.get("name", "it"), *check.get("among", {}))
    for factor, ways in check.get("also", {}).items():
        if factor not in factors:
            yield "also", f"{factor!r} is no factor.", f"Use one of: {listed(factors)}."
        if not isinstance(ways, Mapping) or not all(isinstance(c, list) for c in ways.values()):
            yield "also", f"{factor!r} has no named codes.", "Give names and codes: {wide: [a, b]}."
            continue
        for codes in ways.values():
            yield from _codes(codes, "also", known)
    by = check.get("by", WAYS[0])
    for way in by if isinstance(by, list) else [by]:
        if way not in WAYS:
            yield "by", f"{way!r} is no way of counting.", f"Use one of: {listed(WAYS)}."


def _codes(codes: Any, field: str, known: Known) -> Iterator[Wrong]:
    for code in codes or ():
        if code not in known.codes:
            remedy = "Add the code or mend the claim."
            yield field, f"{code!r} is not a code of the codebook.", remedy


def _columns(check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
    """Columns that ``who``, ``where``, ``by`` and ``of`` name."""
    people, talks = known.participant_columns, known.interview_columns
    named = [("who", name, people, "participants.csv") for name in check.get("who") or ()]
    if check["measure"] in ("participants", "interviews"):
        mine = check["measure"] == "participants"
        columns, file = (people, "participants.csv") if mine else (talks, "interviews.csv")
        named += [("where", name, columns, file) for name in check.get("where") or ()]
    if check["measure"] == "participants" and "by" in check:
        named.append(("by", check["by"], people, "participants.csv"))
    if check["measure"] == "levels" and "of" in check:
        named.append(("of", check["of"], people, "participants.csv"))
    for field, name, columns, file in named:
        if name not in columns:
            yield field, f"{name!r} is no column of {file}.", f"Use one of: {listed(columns, 20)}."
