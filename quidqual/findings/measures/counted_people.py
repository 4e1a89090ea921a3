"""The measure ``prevalence``: the participants for whom all conditions hold, k of n."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from quidqual.findings.cases import ABSENT, NOT_MEANT, PASSING, PRESENT, WHEN, Cases, together
from quidqual.findings.measures.possible_courses import impossible
from quidqual.findings.whom import (
    blank_names,
    matching,
    nobody,
    people_of,
    perhaps,
    perhaps_of,
    wanted_of,
)
from quidqual.study.arguments import one_of
from quidqual.study.measure import Field, Known, Measure, Result, Wrong, check_fields
from quidqual.study.wording import joined, k_of_n

if TYPE_CHECKING:
    from quidqual.study.model import Study

ASKED = {"eq": "", "ge": "at least ", "le": "at most ", "lt": "fewer than "}  # in words
_CONDITION = {
    "codes": Field("codes"),
    "when": Field("choice", allowed=tuple(WHEN)),
    "match": Field("choice", allowed=("any", "all")),
    "first": Field("codes"),
    "then": Field("codes"),
    "rounds": Field("rounds"),
}


class CountedPeople(Measure):
    """Count the participants for whom every condition holds."""

    name = "prevalence"
    rests_on_codings = True
    counts_people = True
    fields: ClassVar[Mapping[str, Field]] = {
        "k": Field("number", needed=True),
        "n": Field("number"),
        "op": Field("choice", allowed=tuple(ASKED)),
        "who": Field("people"),
        "where": Field("list"),
        **_CONDITION,
    }

    def wrong(self, check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
        """List conditions that say nothing, and counts that no data could miss or reach."""
        found = list(_unclear(check, known))
        yield from found
        told = None if found else impossible(list(self.conditions(check)), known.rounds)
        if told:
            which = "the condition" if len(told) == 1 else "both of two conditions"
            message = f"whatever the data, nobody could meet {which}: {_named(told)}."
            yield "where" if "where" in check else "when", message, "Ask for what the claim states."
        yield from nobody(check, known)
        yield from _cannot_fail(check, known)

    def reaches(self, check: Mapping[str, Any]) -> Mapping[str, Any]:
        """Give k, n and the comparison."""
        n = {"n": check["n"]} if "n" in check else {}
        return {"op": check.get("op", "eq"), "k": check["k"], **n}

    def conditions(self, check: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Give each condition, limited to the rounds of the check unless it names its own."""
        for condition in check.get("where") or [check]:
            yield {"rounds": check.get("rounds") or (), **condition}

    def run(self, check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
        """Count, and let those not observed complete the data in every way."""
        people = people_of(check, study, known=cases.whom)
        blank = perhaps_of(check, study, known=cases.whom)
        judged = self._judged(check, cases)

        def truth_of(people: Sequence[str]) -> np.ndarray:
            rows = cases.rows_of(people)
            return np.where(rows < 0, -1, judged[rows] if len(judged) else -1)

        truth, left_out = truth_of(people), cases.rows_of(people) < 0
        who, others = _those(people, truth == PRESENT), _those(people, truth == ABSENT)
        unseen = _those(people, truth < 0)
        k, n_seen = len(who), len(who) + len(others)
        due, by_design = int((truth == -1).sum()), int((truth == NOT_MEANT).sum())
        holds = _with_blank(check, k, n_seen, due, by_design, truth_of(blank))
        rounds = set(check.get("rounds") or cases.rounds_left_out) & set(cases.rounds_left_out)
        words = None
        if left_out.any() or rounds:
            open_ = due - int(left_out.sum())
            words = _same_in_words(check, k, n_seen, open_)
            holds = None if rounds else holds
        return Result(
            holds,
            k_of_n(k, n_seen),
            who,
            others,
            unseen,
            why="; ".join(_remarks(check, unseen, n_seen, blank)),
            in_words=words,
        )

    def alike(self, check: Mapping[str, Any], cases: Cases) -> Sequence[Hashable]:
        """Only whether somebody meets the conditions is counted, not by which course."""
        return self._judged(check, cases).tolist()

    def _judged(self, check: Mapping[str, Any], cases: Cases) -> np.ndarray:
        return together([cases.truth(condition) for condition in self.conditions(check)])

    def words(self, check: Mapping[str, Any], study: Study) -> tuple[str, str]:
        """Say whom the check counts, and how many it expects."""
        who = check.get("who") or {}
        people = "participants"
        if who:
            people += f" ({', '.join(f'{_plain(k)}: {_plain(str(v))}' for k, v in who.items())})"
        told = "; and ".join(_said(condition, study) for condition in self.conditions(check))
        of = f" of {check['n']}" if "n" in check else ""
        expected = f"{ASKED[check.get('op', 'eq')]}{check['k']}{of}"
        return f"{people.capitalize()} with {told}", expected

    def beside_others(self, check: Mapping[str, Any], study: Study, result: Result) -> str:
        """Write the count with whom and what it counts: ``3 of 4 (staff) with ‘Work’``."""
        values = (check.get("who") or {}).values()
        whom = [joined(v, last="or") if isinstance(v, list) else str(v) for v in values]
        group = f" ({_plain(', '.join(whom))})" if whom else ""
        conditions = list(self.conditions(check))
        told = [_briefly(condition, study, len(conditions) > 1) for condition in conditions]
        told = [one.removeprefix("with ") if n else one for n, one in enumerate(told)]
        return f"{result.computed}{group} {joined(told)}"


def _those(people: Sequence[str], mask: np.ndarray) -> tuple[str, ...]:
    return tuple(person for person, yes in zip(people, mask, strict=True) if yes)


def _unclear(check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
    """List what leaves open which conditions are meant."""
    conditions = check.get("where", [check])
    beside = [name for name in _CONDITION if name in check and name != "rounds"]
    if "where" in check and beside:
        message = f"{beside[0]!r} beside 'where' would not be looked at."
        yield beside[0], message, "Put it into a condition of its own under where."
    if not all(isinstance(c, Mapping) and ("codes" in c or "first" in c) for c in conditions):
        remedy = "Give codes: [...], or first: [...] and then: [...]."
        yield "codes", "nothing says which codes are counted.", remedy
        return
    if not conditions:
        yield "where", "no condition is named, so everyone meets them all.", "Name one."
    for condition in conditions:
        if condition is not check:
            yield from check_fields(condition, _CONDITION, known, of="a condition")
        yield from _condition(condition, known)


def _named(conditions: Iterable[Mapping[str, Any]]) -> str:
    """Write conditions as they stand in claims.yaml."""
    keys = ("codes", "match", "when", "first", "then", "rounds")
    told = [
        ", ".join(
            f"{key}: {value if isinstance(value, str) else '[' + ', '.join(value) + ']'}"
            for key in keys
            if (value := condition.get(key))
        )
        for condition in conditions
    ]
    return " / ".join(told)


def _condition(condition: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
    if ("first" in condition) != ("then" in condition):
        yield "then", "first and then belong together.", "Give both."
    for name in ("codes", "when", "match"):
        if name in condition and "first" in condition:
            yield name, "a condition has codes, or first and then.", "Give one of the two."
    gone = [code for code in condition.get("codes") or () if code in known.events]
    if condition.get("when") in PASSING and gone:
        yield (
            "when",
            f"{gone[0]!r} is an event or a background: once told, it cannot be gone.",
            "Ask for 'any', 'first' or 'later', or mend the kind of the code.",
        )


def _cannot_fail(check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
    """Compare the figures with what any data could give."""
    op, k, n = check.get("op", "eq"), check["k"], check.get("n")
    if n is None:
        n = _population(check, known)
    elif n == 0:
        yield "n", "0 people cannot be counted.", "Say of how many."
        return
    if n is not None and k > n and op != "lt":
        yield "k", f"{k} of {n} cannot be: k is greater than n.", "Mend k or n."
    elif (op == "ge" and k == 0) or (op == "lt" and n is not None and k > n):
        yield "k", f"no data could fail {ASKED[op]}{k}.", "Ask for what the claim states."
    elif op == "le" and n is not None and k >= n:
        yield "k", f"no data could fail at most {k} of {n}.", "Ask for what the claim states."
    elif op == "lt" and k == 0:
        yield "k", "no count is below 0.", "Ask for what the claim states."


def _population(check: Mapping[str, Any], known: Known) -> int | None:
    frame = known.participants
    if "participant" not in frame or "group" not in frame:
        return None
    wanted = wanted_of(check, frame)
    if not set(wanted) <= set(frame.columns):
        return None
    how = {"frame": frame, "wanted": wanted, "file": "participants.csv"}
    return len(matching(**how)) + len(perhaps(**how)) or None


def compare(op: str, found: int, stated: int) -> bool:
    """Compare a count with the stated one: ``eq``, ``ge``, ``le`` or ``lt``."""
    one_of(op, ASKED, field="check.op", file="claims.yaml")
    return {"eq": found == stated, "ge": found >= stated, "le": found <= stated}.get(
        op, found < stated
    )


def in_range(op: str, low: int, high: int, stated: int) -> bool | None:
    """Compare every count from low to high with the stated one; None if they differ.

    Examples
    --------
    >>> in_range("ge", 2, 3, 1), in_range("eq", 2, 3, 2), in_range("eq", 3, 4, 2)
    (True, None, False)
    """
    if op == "eq":
        return low == high if low == stated == high else None if low <= stated <= high else False
    ends = {compare(op, low, stated), compare(op, high, stated)}
    return ends.pop() if len(ends) == 1 else None


def _completed(
    check: Mapping[str, Any], k: int, n_seen: int, *, due: int, by_design: int
) -> bool | None:
    """Judge k of n for every way in which those not observed would complete it."""
    op, stated = check.get("op", "eq"), check["k"]
    everyone = n_seen + due + by_design
    if not everyone:
        return None
    n = check.get("n", everyone)
    if n < n_seen or n > everyone:
        return False
    if not n_seen and not due:
        return None  # it was asked of nobody
    holds = in_range(op, k, k + (n - n_seen), stated)
    # A claim that counts fewer than were due has left somebody out: it may be about others.
    return None if holds and n < n_seen + due else holds


def same_in_words(op: str, stated: int, of: int, k: int, n: int) -> bool:
    """Judge whether a count of fewer people says the same as the claim, in words.

    *None*, *all*, *more than half*, or else *some but not all*.

    Examples
    --------
    >>> same_in_words("eq", 4, 4, 3, 3), same_in_words("eq", 2, 4, 0, 3)
    (True, False)
    """
    if op == "lt" and stated == of:
        return k < n
    if op != "eq":
        return compare(op, k, stated)
    if stated == 0:
        return k == 0
    if stated == of:
        return k == n
    return 2 * k > n if 2 * stated > of else 0 < k < n


def _same_in_words(check: Mapping[str, Any], k: int, n: int, unseen: int) -> bool | None:
    """Judge it for every completion of those left; None where that is not the same for all."""
    of = check.get("n", n + unseen)
    if not n:
        return None
    op = check.get("op", "eq")
    answers = {
        same_in_words(op, check["k"], of, k + more, n + unseen) for more in range(unseen + 1)
    }
    return answers.pop() if len(answers) == 1 else None


def _with_blank(
    check: Mapping[str, Any], k: int, n_seen: int, due: int, by_design: int, blank: np.ndarray
) -> bool | None:
    """Judge k of n for every share of those who may belong to it: it was not recorded."""
    more = [range(int((blank == state).sum()) + 1) for state in (PRESENT, ABSENT, -1, NOT_MEANT)]
    answers = {
        _completed(check, k + yes, n_seen + yes + no, due=due + gone, by_design=by_design + never)
        for yes, no, gone, never in product(*more)
    }
    return answers.pop() if len(answers) == 1 else None


def _remarks(
    check: Mapping[str, Any], unseen: Sequence[str], n_seen: int, blank: Sequence[str]
) -> Iterator[str]:
    if not n_seen:
        yield "no one was observed who could show it"
    elif unseen:
        yield f"{joined(unseen, limit=6)} not observed"
    if blank:
        yield f"{blank_names(check.get('who') or ())} of {joined(blank, limit=6)} is not recorded"
    if check.get("op", "eq") != "eq":
        yield f"the check asks for {ASKED[check['op']]}{check['k']}"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _labels(codes: Sequence[str], study: Study, last: str) -> str:
    book = study.codebook
    return joined([f"‘{book[c].name() if c in book else c}’" for c in codes], last=last)


_BRIEFLY = {
    "any": "with {}",
    "every": "with {} in every round",
    "never": "without {}",
    "first": "with {} at first",
    "not_first": "without {} at first",
    "only_first": "with {} at first only",
    "later": "with {} after the first round",
    "last": "with {} at the end",
    "not_last": "without {} at the end",
    "only_last": "with {} at the end only",
    "fades": "with {} fading",
    "rises": "with {} rising",
}


def _briefly(condition: Mapping[str, Any], study: Study, beside: bool) -> str:
    """Say a condition as a count beside others has room for; `words` says it whole."""
    rounds = condition.get("rounds") or ()
    where = f" ({', '.join(rounds)})" if rounds else ""
    if "first" in condition:
        first, then = (_labels(condition[key], study, "or") for key in ("first", "then"))
        return f"with {first} before {then}{where}"
    last = "and" if condition.get("match") == "all" else "or"
    codes = _labels(condition["codes"], study, last)
    codes = f"({codes})" if beside and last == "or" and len(condition["codes"]) > 1 else codes
    return _BRIEFLY[condition.get("when", "any")].format(codes) + where


def _said(condition: Mapping[str, Any], study: Study) -> str:
    rounds = condition.get("rounds") or ()
    where = f" (rounds {joined(list(rounds))} only)" if rounds else ""
    if "first" in condition:
        first, then = (_labels(condition[key], study, "or") for key in ("first", "then"))
        return f"{first} and, in a later round, {then}{where}"
    codes = _labels(condition["codes"], study, "and" if condition.get("match") == "all" else "or")
    return f"{codes} {WHEN[condition.get('when', 'any')]}{where}"
