"""One logic for verdicts, for the ledger, for every other reading and for the report.

A claim is *reproduced* if it holds however those not observed would complete the data,
*contradicted* if it fails however they would, and else *not decided*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from textwrap import fill
from typing import TYPE_CHECKING, Any

from quidqual.findings.cases import Cases
from quidqual.findings.measures.counted_people import ASKED
from quidqual.study.arguments import names_of
from quidqual.study.claims import Claim
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.measure import Result, measure_of
from quidqual.study.wording import joined

if TYPE_CHECKING:
    from quidqual.study.model import Study


_WIDTH = 100
ON_SYNTHETIC = (
    "The notes are synthetic: that a figure is reproduced shows how the method works, and is no "
    "evidence for the figure."
)


class Telling:
    """Sentences made from a study; a notebook shows them as text, a terminal wraps them.

    Parameters
    ----------
    sentences : iterable of str
    heading : str
        Stands above them.
    listed : bool
        Whether each sentence is an item of a list.

    Examples
    --------
    >>> Telling(["Two of four.", "One of five."], heading="Counted", listed=True)
    Counted
    - Two of four.
    - One of five.
    """

    def __init__(
        self, sentences: Iterable[str], *, heading: str = "", listed: bool = False
    ) -> None:
        self.sentences = tuple(sentences)
        self.heading = heading
        self.listed = listed

    def __iter__(self) -> Iterator[str]:
        return iter(self.sentences)

    def __len__(self) -> int:
        return len(self.sentences)

    def __repr__(self) -> str:
        first, later = ("- ", "  ") if self.listed else ("", "")
        lines = [
            fill(text, _WIDTH, initial_indent=first, subsequent_indent=later)
            for text in self.sentences
        ]
        return "\n".join([self.heading, *lines] if self.heading else lines)

    def _repr_html_(self) -> str:
        head = f"<p><strong>{escape(self.heading)}</strong></p>" if self.heading else ""
        if self.listed:
            items = "".join(f"<li>{escape(text)}</li>" for text in self.sentences)
            return f"{head}<ul>{items}</ul>"
        return head + "".join(f"<p>{escape(text)}</p>" for text in self.sentences)


VERDICTS = ("reproduced", "arithmetic", "contradicted", "not decided", "not checkable")
_OF_CASES = ("single_case", "change", "state")


@dataclass(frozen=True)
class Verdict:
    """What became of a claim.

    Attributes
    ----------
    word : str
        One of `VERDICTS`.
    results : tuple of Result
        One a check.
    why : str
        What the verdict rests on, where it needs a word; who or what is missing.
    told : tuple of str
        The figure of each check, with what it counts where there are several.
    """

    word: str
    results: tuple[Result, ...]
    why: str = ""
    told: tuple[str, ...] = ()

    @property
    def holds(self) -> bool | None:
        """True if reproduced, False if contradicted, else None."""
        return {"reproduced": True, "arithmetic": True, "contradicted": False}.get(self.word)

    @property
    def who(self) -> tuple[str, ...]:
        """Participants who carry the claim, in the order of the checks."""
        return tuple(dict.fromkeys(person for result in self.results for person in result.who))

    @property
    def others(self) -> tuple[str, ...]:
        """Participants who were observed and do not carry it."""
        carried = set(self.who)
        names = (person for result in self.results for person in result.others)
        return tuple(dict.fromkeys(person for person in names if person not in carried))

    @property
    def unseen(self) -> tuple[str, ...]:
        """Participants in whom it was not observed."""
        return tuple(dict.fromkeys(person for result in self.results for person in result.unseen))

    @property
    def computed(self) -> str:
        """The figures; of several checks each says what it counts, and what is the same once."""
        told = dict.fromkeys(self.told)
        return "; ".join(told) if len(told) > 1 else "".join(r.computed for r in self.results[:1])


def checks_of(claim: Claim) -> list[dict[str, Any]]:
    """Give the checks of a claim, its group and rounds filled in where a check names none."""
    given = {"group": claim.group, **({"rounds": claim.rounds} if claim.rounds else {})}
    return [{**given, **check} for check in claim.checks]


def conditions_of(checks: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give the conditions on codes that checks name."""
    return [one for check in checks for one in measure_of(check).conditions(check)]


def judge(claim: Claim, study: Study, cases: Cases) -> Verdict:
    """Run the checks of a claim: all must hold, one that fails contradicts it."""
    checks = checks_of(claim)
    results = tuple(measure_of(check).run(check, study, cases) for check in checks)
    answers = [result.holds for result in results]
    why = list(dict.fromkeys(result.why for result in results if result.why))
    if not results:
        return Verdict("not checkable", (), claim.not_checkable)
    left_out = (*cases.people_left_out, *cases.rounds_left_out)
    # What a reading leaves out could make the claim true; but where those who are left say the
    # same in words (all, most, some, none), it stands without them.
    words = [r.in_words if r.holds is None and left_out else r.holds for r in results]
    if False in answers:
        word = "contradicted"
    elif all(answers):
        word = "arithmetic" if all(result.arithmetic for result in results) else "reproduced"
    elif all(words):
        word = "reproduced"
        why.insert(0, "in words, of those who are left")
    else:
        word = "not decided"
        if left_out and any(answer is False for answer in words):
            why.insert(0, f"this reading leaves {joined(left_out, limit=6)} out")
    pairs = zip(checks, results, strict=True)
    told = tuple(measure_of(check).beside_others(check, study, found) for check, found in pairs)
    return Verdict(word, results, "; ".join(dict.fromkeys(why)), told)


def verdict_text(word: str, corpus: str) -> str:
    """Write a verdict; a reproduced claim says on what notes."""
    return f"reproduced ({corpus})" if word == "reproduced" else word


def stated_text(claim: Claim) -> str:
    """Write what a claim states: ``2 of 4``, or the words given under ``text``."""
    stated = claim.stated
    if stated.get("text") is not None:
        return str(stated["text"])
    if "k" in stated:
        return f"{ASKED[stated.get('op', 'eq')]}{stated['k']}" + (
            f" of {stated['n']}" if "n" in stated else ""
        )
    return ", ".join(f"{key} {value}" for key, value in stated.items() if value is not None)


def about_cases(claim: Claim) -> bool:
    """Tell whether a claim is about particular participants rather than a whole group."""
    return claim.kind in _OF_CASES


def chosen_claims(study: Study, claims: str | Iterable[str] | None) -> list[Claim]:
    """Claims of a study by id, or all of them.

    Raises
    ------
    QuidqualError
        If there is no such claim.
    """
    if claims is None:
        return list(study.claims)
    wanted = names_of(claims, field="claims")
    known = {claim.id: claim for claim in study.claims}
    missing = [name for name in wanted if name not in known]
    if missing:
        raise QuidqualError.of(
            f"{listed(missing)}: no such claim.",
            remedy=f"Use one of: {listed(known)}." if known else "The study states no claims.",
            file="claims.yaml",
        )
    return [known[name] for name in wanted]
