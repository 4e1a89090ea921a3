"""A check of claims.yaml in words that a reader of the report understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from quidqual.findings.cases import WHEN
from quidqual.findings.checks import ASKED, Result, ways_of_counting

if TYPE_CHECKING:
    from quidqual.study.model import Study

KINDS = {
    "design": "Design",
    "prevalence": "How many",
    "single_case": "Single case",
    "change": "Change",
    "state": "State",
    "ranking": "Ranking",
    "qualitative": "In words",
}


def joined(names: Sequence[str], last: str = "and") -> str:
    """Join words as a sentence does.

    Examples
    --------
    >>> joined(["S1", "S2", "S3"])
    'S1, S2 and S3'
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def explain(check: Mapping[str, Any], study: Study) -> tuple[str, str]:
    """Say what a check computes, and what it expects to find.

    Parameters
    ----------
    check : mapping
        As in ``claims.yaml``.
    study : Study
        For the labels of codes.

    Returns
    -------
    (str, str)
        What is computed; what is expected.
    """
    measure = check.get("measure", "")
    told = {
        "prevalence": _prevalence,
        "ranking": _ranking,
        "participants": _counted,
        "interviews": _counted,
        "per_person": _per_person,
        "minutes": lambda c, s: (
            "Length of the interviews in minutes",
            f"{c['at_least']} or more, the longest over {c['longest_over']}",
        ),
        "dates": lambda c, s: ("First and last day of interviews", f"{c['first']} to {c['last']}"),
        "levels": lambda c, s: (
            f"Values of {_plain(c['of'])} among the participants",
            f"among them {joined([str(v) for v in c['includes']])}",
        ),
        "protocol": lambda c, s: ("Codes that the protocol raises with this group only", "some"),
        "arithmetic": lambda c, s: ("Sum of the report’s own figures", str(c["equals"])),
    }.get(measure)
    return told(check, study) if told else (_plain(measure).capitalize(), "")


def interval_of(result: Result) -> str:
    """Give the 95% Wilson interval of a result that counts participants, in words."""
    from quidqual.analysis.intervals import binomial_interval

    k, n = len(result.who), len(result.who) + len(result.others)
    if not n or result.computed != f"{k} of {n}":
        return ""
    low, high = binomial_interval(k, n)
    return f"{float(low):z.2f} to {float(high):z.2f}"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _label(code: str, study: Study) -> str:
    return study.codebook[code].name() if code in study.codebook else code


def _labels(codes: Sequence[str], study: Study, last: str) -> str:
    return joined([f"‘{_label(code, study)}’" for code in codes], last)


def _condition(condition: Mapping[str, Any], study: Study) -> str:
    if "first" in condition:
        first, then = (_labels(condition[key], study, "or") for key in ("first", "then"))
        return f"{first} and, in a later round, {then}"
    codes = _labels(condition["codes"], study, "and" if condition.get("match") == "all" else "or")
    rounds = condition.get("rounds") or ()
    where = f" (rounds {joined(list(rounds))} only)" if rounds else ""
    return f"{codes} {WHEN[condition.get('when', 'any')]}{where}"


def _prevalence(check: Mapping[str, Any], study: Study) -> tuple[str, str]:
    conditions = check.get("where") or [check]
    who = check.get("who") or {}
    people = "participants"
    if who:
        people += f" ({', '.join(f'{_plain(k)}: {_plain(str(v))}' for k, v in who.items())})"
    told = "; and ".join(_condition(condition, study) for condition in conditions)
    of = f" of {check['n']}" if "n" in check else ""
    return (
        f"{people.capitalize()} with {told}",
        f"{ASKED[check.get('op', 'eq')]}{check['k']}{of}",
    )


def _ranking(check: Mapping[str, Any], study: Study) -> tuple[str, str]:
    ways = ways_of_counting(check)
    by = joined(["coded passages" if way == "mentions" else way for way in ways])
    told = f"Rank of {check.get('name', 'it')} among {joined(list(check['among']))}, by {by}"
    return told, f"rank {check.get('rank', 1)}"


def _counted(check: Mapping[str, Any], study: Study) -> tuple[str, str]:
    where = check.get("where") or {}
    what = "Interviews held" if check["measure"] == "interviews" else "Participants"
    if where:
        what += f" ({', '.join(f'{_plain(k)}: {_plain(str(v))}' for k, v in where.items())})"
    if "by" in check:
        counts = check["equals"].items()
        return f"{what} by {_plain(check['by'])}", ", ".join(
            f"{_plain(str(k))}: {v}" for k, v in counts
        )
    return what, str(check["equals"])


def _per_person(check: Mapping[str, Any], study: Study) -> tuple[str, str]:
    counts = check["equals"].items()
    told = joined([f"{people} interviewed {times} times" for times, people in counts])
    return "How many participants were interviewed how many times", told
