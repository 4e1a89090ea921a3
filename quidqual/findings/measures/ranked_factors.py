"""The measure ``ranking``: the rank of a set of codes among others, under every way of counting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from quidqual.findings.cases import MISSING, Cases
from quidqual.findings.whom import nobody, people_of
from quidqual.study.measure import Field, Known, Measure, Result, Wrong
from quidqual.study.wording import joined

if TYPE_CHECKING:
    from quidqual.study.model import Study

WAYS = ("mentions", "interviews", "participants")


class Factor(NamedTuple):
    """How often one factor of a ranking was spoken of, by every way of counting."""

    name: str
    codes: tuple[str, ...]
    mentions: int
    interviews: int
    participants: int
    n_participants: int


class RankedFactors(Measure):
    """Rank a set of codes among rival sets.

    ``by`` names one way of counting or several. ``baskets`` names further ways to fill the sets:
    ``{with traits: {personal: [resilience, motivation]}}``. The ranking holds if it holds under
    every one of them, fails if it fails under every one, and else it depends on what is counted.
    """

    name = "ranking"
    rests_on_codings = True
    fields: ClassVar[Mapping[str, Field]] = {
        "codes": Field("codes", needed=True),
        "among": Field("mapping", needed=True),
        "name": Field("text"),
        "by": Field("choices", allowed=WAYS),
        "rank": Field("number"),
        "baskets": Field("mapping"),
        "who": Field("people"),
        "rounds": Field("rounds"),
    }

    def wrong(self, check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
        """List codes that are not there, and ranks that every set would have."""
        among, rank = check["among"], check.get("rank", 1)
        if not among:
            yield "among", "no rival is named, so the first rank is certain.", "Name rivals."
        elif rank > len(among):
            message = f"no data could fail rank {rank} among {len(among) + 1}."
            yield "rank", message, "Ask for a lower number."
        if rank < 1:
            yield "rank", "there is no rank above 1.", "Give 1 or more."
        own = check.get("name", "it")
        if own in among:
            message = f"the claim's own factor and a rival are both called {own!r}."
            yield "name", message, "Give each a name of its own."
        yield from nobody(check, known)
        sets = [("among", codes) for codes in among.values()]
        for title, changed in (check.get("baskets") or {}).items():
            if not isinstance(changed, Mapping):
                yield (
                    "baskets",
                    f"{title!r} does not say which sets change.",
                    "Give {name: [codes]}.",
                )
                continue
            sets += [("baskets", codes) for codes in changed.values()]
            for name in changed:
                if name != own and name not in among:
                    remedy = f"Use some of: {joined([own, *among], last='or')}."
                    yield "baskets", f"{name!r} is not a factor of the ranking.", remedy
        for field, codes in sets:
            if not isinstance(codes, list) or not codes:
                yield field, "a factor names no codes.", "Give each a list of codes."
                continue
            for code in codes:
                if not isinstance(code, str) or code not in known.codes:
                    remedy = "Add the code or mend the claim."
                    yield field, f"{code!r} is not a code of the codebook.", remedy

    def conditions(self, check: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Give the codes of the claim's own factor."""
        yield {"codes": check["codes"], "rounds": check.get("rounds") or ()}

    def codes(self, check: Mapping[str, Any]) -> list[str]:
        """Give the codes of all factors under all baskets."""
        sets = (codes for basket in baskets_of(check).values() for codes in basket.values())
        return list(dict.fromkeys(code for codes in sets for code in codes))

    def reaches(self, check: Mapping[str, Any]) -> Mapping[str, Any]:
        """Give the rank."""
        return {"rank": check.get("rank", 1)}

    def run(self, check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
        """Rank under every basket and way; one that nobody was asked about decides nothing."""
        people = people_of(check, study, known=cases.whom)
        rows = cases.rows_of(people)
        answers, hidden = _answers(check, rows, cases)
        unseen = dict.fromkeys(people[at] for dark in hidden for at in np.flatnonzero(dark))
        left_out = [p for p in unseen if p in cases.people_left_out]
        rounds = set(check.get("rounds") or cases.rounds_left_out) & set(cases.rounds_left_out)
        holds = _all_the_same([answer for answer, _ in answers.values()])
        words = None
        if left_out or rounds:
            # Among those whom the reading does not leave out.
            gone = set(cases.people_left_out)
            left, _ = _answers(check, rows[[person not in gone for person in people]], cases)
            words = _all_the_same([answer for answer, _ in left.values()])
            holds = None
        why = [f"{joined(list(unseen), limit=6)} not observed"] if unseen else []
        if {True, False} <= {answer for answer, _ in answers.values()}:
            yes = [told for told, (answer, _) in answers.items() if answer]
            no = [told for told, (answer, _) in answers.items() if answer is False]
            told = f"holds by {joined(yes)}" if len(yes) < len(no) else f"fails by {joined(no)}"
            why.insert(0, f"depends on what is counted: it {told}")
        elif all(text == "no mention of any" for _, text in answers.values()):
            why.append("nothing was observed that could decide")
        computed = "; ".join(text for _, text in answers.values())
        if len(answers) > 2:
            k = sum(answer is True for answer, _ in answers.values())
            computed = f"rank {check.get('rank', 1)} in {k} of {len(answers)} ways of counting"
        return Result(holds, computed, unseen=tuple(unseen), why="; ".join(why), in_words=words)

    def words(self, check: Mapping[str, Any], study: Study) -> tuple[str, str]:
        """Say what is ranked among what, and by what."""
        ways = check.get("by", WAYS[0])
        by = joined(["coded passages" if w == "mentions" else w for w in _listed(ways)])
        told = f"Rank of {check.get('name', 'it')} among {joined(list(check['among']))}, by {by}"
        titles = list(check.get("baskets") or ())
        if titles:
            told += f", also {joined(titles)}"
        return told, f"rank {check.get('rank', 1)}"


def _answers(
    check: Mapping[str, Any], rows: np.ndarray, cases: Cases
) -> tuple[dict[str, tuple[bool | None, str]], list[np.ndarray]]:
    """Rank under every basket and way; and tell of each basket who was not observed."""
    rounds = check.get("rounds") or ()
    answers, hidden = {}, []
    for title, basket in baskets_of(check).items():
        factors = count_factors(basket, rows, cases, rounds=rounds)
        hidden.append(_unseen(basket, rows, cases, rounds))
        for way in _listed(check.get("by", WAYS[0])):
            told = f"{way} ({title})" if title else way
            answers[told] = _ranked(factors, way, check.get("rank", 1), int(hidden[-1].sum()))
    return answers, hidden


def _listed(ways: str | Sequence[str]) -> list[str]:
    return [ways] if isinstance(ways, str) else list(ways)


def baskets_of(check: Mapping[str, Any]) -> dict[str, dict[str, Sequence[str]]]:
    """Give the sets of codes under each basket, the first (without a name) as the check says.

    Examples
    --------
    >>> baskets_of({"codes": ["a"], "among": {"x": ["b"]}, "baskets": {"wide": {"x": ["b", "c"]}}})
    {'': {'it': ['a'], 'x': ['b']}, 'wide': {'it': ['a'], 'x': ['b', 'c']}}
    """
    first = {check.get("name", "it"): check["codes"], **check["among"]}
    return {"": first, **{t: {**first, **c} for t, c in (check.get("baskets") or {}).items()}}


def count_factors(
    basket: Mapping[str, Sequence[str]],
    rows: np.ndarray,
    cases: Cases,
    *,
    rounds: Sequence[str] = (),
) -> list[Factor]:
    """Count each factor: passages, interviews, participants, of how many observed.

    ``rows`` are those of the people in the cases, -1 for who is not part of them.
    """
    found, rows = [], rows[rows >= 0]
    for name, codes in basket.items():
        own = cases.by_person(("said", tuple(codes), tuple(rounds)), partial(_said, codes, rounds))
        found.append(Factor(name, tuple(codes), *own[rows].sum(axis=0).tolist()))
    return found


def _said(codes: Sequence[str], rounds: Sequence[str], cases: Cases) -> np.ndarray:
    """Count for each person: passages, interviews, whether there were any, whether observed."""
    state, counts = cases.course(codes, rounds=rounds)
    # What was said counts here: an event holds on without being spoken of again.
    said = counts[:, [i for i, name in enumerate(cases.rounds) if not rounds or name in rounds]]
    present, observed = said > 0, state >= 0
    figures = (said.sum(axis=1), present.sum(axis=1), present.any(axis=1), observed.any(axis=1))
    return np.stack(figures, axis=1)


def _unseen(
    basket: Mapping[str, Sequence[str]], rows: np.ndarray, cases: Cases, rounds: Sequence[str]
) -> np.ndarray:
    """Mark those in whom no factor was observed, though something was due."""
    codes = list(dict.fromkeys(code for own in basket.values() for code in own))
    key = ("dark", tuple(codes), tuple(rounds))
    dark = cases.by_person(key, partial(_dark, codes, rounds))
    return (rows < 0) | (dark[rows] if len(dark) else True)


def _dark(codes: Sequence[str], rounds: Sequence[str], cases: Cases) -> np.ndarray:
    state, _ = cases.course(codes, rounds=rounds)
    return ~(state >= 0).any(axis=1) & (state == MISSING).any(axis=1)


def _ranked(factors: Sequence[Factor], way: str, rank: int, unseen: int) -> tuple[bool | None, str]:
    """Rank one basket by one way, for every way in which those unseen would complete it."""
    (_, own), *others = [(factor.name, int(getattr(factor, way))) for factor in factors]
    if own == 0 and not any(score for _, score in others):
        return None, "no mention of any"
    at = 1 + sum(score >= own for _, score in others)
    ordered = sorted(others, key=lambda item: (-item[1], item[0]))
    rivals = ", ".join(f"{name} {score}" for name, score in ordered)
    text = f"rank {at} by {way} ({own}; {rivals})"
    if not unseen:
        return at <= rank, text
    if way != "participants":
        return None, text  # one more interview may hold any number of passages
    best = 1 + sum(score >= own + unseen for _, score in others)
    worst = 1 + sum(score + unseen >= own for _, score in others)
    return (True if worst <= rank else False if best > rank else None), text


def _all_the_same(answers: Sequence[bool | None]) -> bool | None:
    return answers[0] if len(set(answers)) == 1 else None
