"""The computations that claims name: each measure is one function and one result.

A claim is data (``claims.yaml``), not code, so that a reader can see what was computed
without reading Python. ``measure`` chooses one of the functions of `MEASURES`:

============ =====================================================================
measure      what is computed
============ =====================================================================
prevalence   participants for whom all conditions hold (`quidqual.findings.cases`)
ranking      rank of a set of codes among other sets, by mentions or participants
participants rows of participants.csv that match, or their count per value
interviews   rows of interviews.csv that match
per_person   how many participants were interviewed how many times
minutes      length of interviews
dates        first and last day of interviews
levels       values of an attribute
protocol     codes that the protocol raises with one group only
arithmetic   a sum of the report's own figures
============ =====================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from quidqual.findings.cases import Cases, together
from quidqual.study.check_measures import WAYS
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.model import Study


@dataclass(frozen=True)
class Result:
    """What a check found.

    Attributes
    ----------
    holds : bool or None
        None where nothing was observed that could decide.
    computed : str
        The figure, such as ``"2 of 4"``.
    who : tuple of str
        Participants who carry it.
    others : tuple of str
        Participants who were observed and do not.
    arithmetic : bool
        True if only the report's own figures were used.
    why : str
        A remark for the ledger.
    k, n : int or None
        The count behind ``computed``, where it is one.
    """

    holds: bool | None
    computed: str
    who: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    arithmetic: bool = False
    why: str = ""
    k: int | None = None
    n: int | None = None


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: bool(a == b),
    "ge": lambda a, b: bool(a >= b),
    "le": lambda a, b: bool(a <= b),
    "lt": lambda a, b: bool(a < b),
}


ASKED = {"eq": "", "ge": "at least ", "le": "at most ", "lt": "fewer than "}  # in words


def compare(op: str, found: int, stated: int) -> bool:
    """Compare a count with the stated one: ``eq``, ``ge``, ``le`` or ``lt``."""
    if op not in _COMPARE:
        raise QuidqualError.of(
            f"{op!r} is no comparison.",
            remedy=f"Use one of: {listed(_COMPARE)}.",
            file="claims.yaml",
            field="check.op",
        )
    return _COMPARE[op](found, stated)


def run_check(check: Mapping[str, Any], study: Study, cases: Cases, *, group: str) -> Result:
    """Run one check of a claim.

    Parameters
    ----------
    check : mapping
        As in ``claims.yaml``; ``measure`` names the computation.
    study : Study
    cases : Cases
        Presence as an array: which reading of the codings is judged.
    group : str
        Group of the claim, used where the check names none; ``"all"`` for everyone.

    Returns
    -------
    Result

    Raises
    ------
    QuidqualError
        For an unknown measure or a field that is missing.
    """
    measure = check["measure"]
    if measure not in MEASURES:
        raise QuidqualError.of(
            f"{measure!r} is no measure.",
            remedy=f"Use one of: {listed(sorted(MEASURES), 20)}.",
            file="claims.yaml",
            field="check.measure",
        )
    try:
        return MEASURES[measure]({"group": group, **check}, study, cases)
    except KeyError as missing:
        raise QuidqualError.of(
            f"the measure {measure!r} needs {missing.args[0]!r}.",
            remedy="Add it to the check.",
            file="claims.yaml",
            field=f"check.{missing.args[0]}",
        ) from None


def _people(check: Mapping[str, Any], study: Study) -> list[str]:
    """Participants the check is about: ``who`` by attribute, else the group."""
    frame = study.participants
    wanted = dict(check.get("who") or {})
    if not wanted and check["group"] in set(frame["group"]):
        wanted = {"group": check["group"]}
    return _matching(frame, wanted, "participants.csv")["participant"].tolist()


def _matching(frame: pd.DataFrame, wanted: Mapping[str, Any], file: str) -> pd.DataFrame:
    keep = pd.Series(True, index=frame.index)
    for column, value in wanted.items():
        if column not in frame.columns:
            remedy = f"Use one of: {listed(frame.columns, 20)}."
            message = f"{column!r} is no column of {file}."
            raise QuidqualError.of(message, remedy=remedy, file="claims.yaml", field="check.who")
        values = value if isinstance(value, list) else [value]
        keep &= frame[column].astype(str).isin([str(v) for v in values])
    return frame[keep]


def _prevalence(check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
    conditions = check.get("where") or [check]
    judged = dict(
        zip(cases.participants, together([cases.holds(c) for c in conditions]), strict=True)
    )
    people = [p for p in _people(check, study) if p in judged]
    who = tuple(p for p in people if judged[p] is True)
    others = tuple(p for p in people if judged[p] is False)
    k, n = len(who), len(who) + len(others)
    if n == 0:
        return Result(None, "0 of 0", why="no one was observed who could show it", k=0, n=0)
    holds = compare(check.get("op", "eq"), k, check["k"])
    if "n" in check and check["n"] != n:
        holds = False
    unseen = len(people) - n
    told = [f"{unseen} not observed"] if unseen else []
    if check.get("op", "eq") != "eq":
        told.append(f"the check asks for {ASKED[check['op']]}{check['k']}")
    return Result(holds, f"{k} of {n}", who, others, why="; ".join(told), k=k, n=n)


class Factor(NamedTuple):
    """How often one factor of a ranking was spoken of, by every way of counting."""

    name: str
    codes: tuple[str, ...]
    mentions: int
    interviews: int
    participants: int
    n_participants: int


def compare_factors(check: Mapping[str, Any], study: Study, cases: Cases) -> list[Factor]:
    """Count a factor and its rivals: passages, interviews, participants, of how many observed.

    A factor that may be taken in other ways (``also``) is followed by each of them.
    """
    people = set(_people(check, study))
    rows = [i for i, person in enumerate(cases.participants) if person in people]
    factors = {check.get("name", "it"): check["codes"], **check["among"]}
    named = {
        _other(name, way): codes_of_way
        for name, codes in factors.items()
        for way, codes_of_way in {"": codes, **check.get("also", {}).get(name, {})}.items()
    }
    found = []
    for name, codes in named.items():
        state, counts = cases.course(codes)
        present = state[rows] == 1
        observed = (state[rows] != -1).any(axis=1)
        figures = (counts[rows].sum(), present.sum(), present.any(axis=1).sum(), observed.sum())
        mentions, interviews, participants, of = (int(figure) for figure in figures)
        found.append(Factor(name, tuple(codes), mentions, interviews, participants, of))
    return found


def _other(name: str, way: str) -> str:
    return f"{name} ({way})" if way else name


def _ranking(check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
    """Rank a factor, under every way to fill the baskets and every way of counting."""
    counted = {factor.name: factor for factor in compare_factors(check, study, cases)}
    also = check.get("also", {})
    baskets = [
        [_other(name, way) for way in ("", *also.get(name, {}))]
        for name in (check.get("name", "it"), *check["among"])
    ]
    ways = [
        _ranked([counted[name] for name in chosen], by, check)
        for chosen in product(*baskets)
        for by in ways_of_counting(check)
    ]
    if len(ways) == 1:
        return ways[0]
    answers = {way.holds for way in ways}
    yes = sum(way.holds is True for way in ways)
    computed = f"rank {check.get('rank', 1)} in {yes} of {len(ways)} ways of counting"
    if len(answers) == 1:
        return Result(answers.pop(), computed)
    told = "; ".join(way.computed for way in ways if way.holds is not True)
    return Result(None, computed, why=f"depends on what is counted: {told}")


def ways_of_counting(check: Mapping[str, Any]) -> list[str]:
    """List how a ranking counts: by mentions, interviews or participants, one or several."""
    by = check.get("by", "mentions")
    wanted = [by] if isinstance(by, str) else list(by)
    for way in wanted:
        if way not in WAYS:
            raise QuidqualError.of(
                f"{way!r} is no way of counting.",
                remedy=f"Use one of: {listed(WAYS)}.",
                file="claims.yaml",
                field="check.by",
            )
    return wanted


def _ranked(factors: list[Factor], by: str, check: Mapping[str, Any]) -> Result:
    (name, own), *others = [(factor.name, int(getattr(factor, by))) for factor in factors]
    rank = 1 + sum(score >= own for _, score in others)
    if own == 0 and not any(score for _, score in others):
        return Result(None, "no mention of any", why="nothing was observed that could decide")
    ordered = sorted(others, key=lambda item: (-item[1], item[0]))
    rivals = ", ".join(f"{name} {score}" for name, score in ordered)
    mine = own if name == check.get("name", "it") else f"{name} {own}"
    return Result(rank <= check.get("rank", 1), f"rank {rank} by {by} ({mine}; {rivals})")


def _participants(check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
    frame = _matching(study.participants, check.get("where") or {}, "participants.csv")
    if "by" in check:
        counts = frame[check["by"]].value_counts().to_dict()
        wanted = check["equals"]
        text = ", ".join(f"{key}: {counts.get(key, 0)}" for key in wanted)
        return Result(counts == wanted, text, tuple(frame["participant"]))
    return Result(len(frame) == check["equals"], str(len(frame)), tuple(frame["participant"]))


def _interviews(check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
    where = {"status": "held", **(check.get("where") or {})}
    interviews, people = study.interviews, study.participants
    more = ["participant", *people.columns.difference(interviews.columns)]  # group, role, ...
    frame = _matching(interviews.merge(people[more], on="participant"), where, "interviews.csv")
    holds = compare(check.get("op", "eq"), len(frame), check["equals"])
    return Result(holds, str(len(frame)), tuple(dict.fromkeys(frame["participant"])))


def _per_person(check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
    wanted_status = check.get("status", ["held"])
    frame = _matching(study.interviews, {"status": wanted_status}, "interviews.csv")
    sizes = frame.groupby("participant").size().value_counts().to_dict()
    wanted = {int(times): people for times, people in check["equals"].items()}
    text = ", ".join(f"{sizes[t]} x {t}" for t in sorted(sizes, reverse=True))
    return Result(sizes == wanted, f"{text} = {len(frame)} interviews")


def _minutes(check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
    minutes = study.interviews["minutes"].dropna()
    if minutes.empty:
        return Result(None, "no lengths recorded", why="no lengths recorded")
    low, high = int(minutes.min()), int(minutes.max())
    return Result(low >= check["at_least"] and high > check["longest_over"], f"{low} to {high}")


def _dates(check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
    held = study.interviews.loc[study.interviews["status"] == "held", "date"].dropna()
    if held.empty:
        return Result(None, "no dates recorded", why="no dates recorded")
    first, last = held.min().date().isoformat(), held.max().date().isoformat()
    holds = first.startswith(str(check["first"])) and last.startswith(str(check["last"]))
    return Result(holds, f"{first} to {last}")


def _levels(check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
    people = _people(check, study)
    frame = study.participants
    values = frame.loc[frame["participant"].isin(people), check["of"]]
    found = sorted({value for value in values if value})
    if not found:
        return Result(None, "not recorded", why=f"{check['of']} is not recorded")
    within = set(check.get("within", found))
    holds = set(check["includes"]) <= set(found) <= within
    return Result(holds, ", ".join(found))


def _protocol(check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
    own = [c.id for c in study.codebook if c.asked.groups == (check["group"],)]
    return Result(bool(own), f"{len(own)} codes asked of {check['group']} only")


def _arithmetic(check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
    terms = check["sum"]
    total = sum(a * b for a, b in terms)
    written = " + ".join(f"{a} x {b}" if b != 1 else f"{a}" for a, b in terms)
    holds = total == check["equals"]
    why = "" if holds else f"the report's own figures do not add up: {check['equals']} is stated"
    return Result(holds, f"{written} = {total}", arithmetic=True, why=why)


MEASURES: dict[str, Callable[[Mapping[str, Any], Any, Cases], Result]] = {
    "prevalence": _prevalence,
    "ranking": _ranking,
    "participants": _participants,
    "interviews": _interviews,
    "per_person": _per_person,
    "minutes": _minutes,
    "dates": _dates,
    "levels": _levels,
    "protocol": _protocol,
    "arithmetic": _arithmetic,
}
