"""What a measure of a claim is, and which there are.

A claim names its computation in words (``check: {measure: prevalence, ...}``). Each measure is one
object: which fields it takes, what no data could make fail, how it runs, how it is said. The study
room validates claims with these objects and does not know any by name: whoever offers measures
says in which module they stand (`offer`), and each adds itself (`add`) when that is loaded.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    import pandas as pd

Wrong = tuple[str, str, str]  # field, message, remedy

_MEASURES: dict[str, Measure] = {}
_OFFERED: list[str] = []


def _no_table() -> pd.DataFrame:
    import pandas as pd  # not at the top: `import quidqual` comes here and costs nothing

    return pd.DataFrame()


@dataclass(frozen=True)
class Known:
    """What a check may name.

    Attributes
    ----------
    codes : frozenset of str
    rounds : tuple of str
    participants, interviews : DataFrame
        The tables of the study; interviews with the group and role of the participant.
    events : frozenset of str
        Codes of events: once said, the thing has happened, and its absence later means nothing.
    """

    codes: frozenset[str] = frozenset()
    rounds: tuple[str, ...] = ()
    participants: pd.DataFrame = field(default_factory=_no_table)
    interviews: pd.DataFrame = field(default_factory=_no_table)
    events: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Field:
    """One field of a check.

    Attributes
    ----------
    kind : str
        ``number``, ``text``, ``codes``, ``rounds``, ``people`` (columns of participants.csv and
        values), ``interviews`` (columns of interviews.csv and values), ``column`` (of
        participants.csv), ``mapping``, ``list``, ``choice`` or ``choices`` (one or a list).
    needed : bool
        Whether a check without it says too little.
    allowed : tuple of str
        For ``choice`` and ``choices``.
    """

    kind: str
    needed: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What a check found.

    Attributes
    ----------
    holds : bool or None
        True if the check holds however those not observed would complete the data, False if it
        fails however they would, else None.
    computed : str
        The figure, such as ``"2 of 4"``.
    who, others, unseen : tuple of str
        Participants who carry it; who were observed and do not; who were not observed.
    arithmetic : bool
        True if only the report's own figures were used.
    why : str
        A remark for the ledger: why it is not decided, who is missing.
    in_words : bool or None
        For a reading that leaves people or rounds out: whether the same holds in words (all,
        most, some, none) of those who are left.
    """

    holds: bool | None
    computed: str
    who: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    arithmetic: bool = False
    why: str = ""
    in_words: bool | None = None


class Measure:
    """One way to check a claim; a measure of your own is a subclass, added by `add`.

    Attributes
    ----------
    name : str
        The word under ``measure:``.
    fields : mapping of str to Field
        What a check may say. ``group`` and ``rounds`` of the claim are filled in where the
        check says none.
    rests_on_codings : bool
        Whether another reading of the codings can change the answer.
    counts_people : bool
        Whether the answer is "k of n participants".
    looks_at_rounds : bool
        Whether the rounds of a claim can limit the check; a claim with rounds needs one that can.

    Examples
    --------
    A measure from outside: the notes have so many words at least.

    >>> class Words(Measure):
    ...     name = "note_words"
    ...     fields = {"at_least": Field("number", needed=True)}
    ...     def run(self, check, study, cases):
    ...         n = sum(len(text.split()) for text in study.notes["text"])
    ...         return Result(n >= check["at_least"], f"{n} words")
    ...     def words(self, check, study):
    ...         return "Words of all notes", f"{check['at_least']} or more"
    >>> Words().name
    'note_words'
    """

    name: ClassVar[str] = ""
    fields: ClassVar[Mapping[str, Field]] = {}
    rests_on_codings: ClassVar[bool] = False
    counts_people: ClassVar[bool] = False
    looks_at_rounds: ClassVar[bool] = True

    def wrong(self, check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
        """List what is wrong beyond the fields, above all what no data could make fail."""
        return iter(())

    def reaches(self, check: Mapping[str, Any]) -> Mapping[str, Any]:
        """Give the ``k``, ``n`` and ``op`` that the check must reach, if it counts people."""
        return {}

    def conditions(self, check: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Give the conditions on codes, from which evidence is looked up."""
        return iter(())

    def codes(self, check: Mapping[str, Any]) -> list[str]:
        """Give every code that the answer can hang on."""
        keys = ("codes", "first", "then")
        found = (one.get(key) or () for one in self.conditions(check) for key in keys)
        return list(dict.fromkeys(code for codes in found for code in codes))

    def run(self, check: Mapping[str, Any], study: Any, cases: Any) -> Result:
        """Compute.

        Parameters
        ----------
        check : mapping
            As in ``claims.yaml``, with ``group`` and ``rounds`` of the claim filled in.
        study : Study
        cases : Cases
            Presence as an array: which reading of the codings is judged.
        """
        raise NotImplementedError

    def alike(self, check: Mapping[str, Any], cases: Any) -> Sequence[Hashable]:
        """Say of each person of the cases what she is to the check: who are equal, are alike.

        A claim is judged without each person in turn, but of those who are alike without one only.
        By default they are alike if they have the same course of every code.
        """
        courses = zip(cases.state, cases.counts, strict=True)
        return [(state.tobytes(), counts.tobytes()) for state, counts in courses]

    def words(self, check: Mapping[str, Any], study: Any) -> tuple[str, str]:
        """Say what is computed, and what is expected."""
        raise NotImplementedError

    def beside_others(self, check: Mapping[str, Any], study: Any, result: Result) -> str:
        """Write the figure of a check that stands beside others, so that they are told apart."""
        return result.computed


def offer(module: str) -> None:
    """Name a module whose import adds measures; it is loaded when the first is looked up."""
    if module not in _OFFERED:
        _OFFERED.append(module)


def add(measure: Measure) -> Measure:
    """Add a measure, so that claims can name it.

    Raises
    ------
    QuidqualError
        If it is not a measure, or another of its name is there.
    """
    if not isinstance(measure, Measure) or not measure.name:
        raise QuidqualError.of(
            "a measure is a subclass of qq.measures.Measure with a name, made ready: Mine().",
            field="measure",
        )
    there = _MEASURES.get(measure.name)
    if there is not None and type(there).__qualname__ != type(measure).__qualname__:
        raise QuidqualError.of(
            f"there is a measure {measure.name!r} already.",
            remedy="Choose another name.",
            field="measure",
        )
    _MEASURES[measure.name] = measure
    return measure


def measures() -> dict[str, Measure]:
    """Give all measures by name.

    Examples
    --------
    >>> sorted(measures())[:3]
    ['arithmetic', 'dates', 'interviews']
    """
    for module in _OFFERED:
        import_module(module)
    return dict(sorted(_MEASURES.items()))


def measure_of(check: Mapping[str, Any]) -> Measure:
    """Look up the measure that a check names.

    Raises
    ------
    QuidqualError
        If there is none of that name.
    """
    known = measures()
    if check.get("measure") not in known:
        _, message, remedy = _unknown(check, known)
        raise QuidqualError.of(message, remedy=remedy, file="claims.yaml", field="check.measure")
    return known[check["measure"]]


def check_measure(check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
    """List what is wrong with one check of a claim.

    Examples
    --------
    >>> [message for _, message, _ in check_measure({"measure": "magic"}, Known())]
    ["there is no measure 'magic'."]
    """
    there = measures()
    if check.get("measure") not in there:
        yield _unknown(check, there)
        return
    measure = there[check["measure"]]
    fields = {"measure": Field("text"), "group": Field("text"), **measure.fields}
    problems = list(check_fields(check, fields, known, of=f"the measure {measure.name!r}"))
    yield from problems
    if not problems:
        yield from measure.wrong(check, known)


def _unknown(check: Mapping[str, Any], there: Mapping[str, Measure]) -> Wrong:
    remedy = f"Use one of: {listed(there, 20)}."
    return "measure", f"there is no measure {check.get('measure')!r}.", remedy


def check_fields(
    given: Mapping[str, Any], fields: Mapping[str, Field], known: Known, *, of: str
) -> Iterator[Wrong]:
    """Check a mapping against the fields that it may have."""
    for name, one in fields.items():
        if one.needed and name not in given:
            yield name, f"{of} needs {name!r}.", "Add it to the check."
    for name, value in given.items():
        if name not in fields:
            shown = [f for f in fields if f not in ("measure", "group")]
            remedy = f"Use some of: {listed(shown, 20)}." if shown else "Leave it out."
            yield name, f"{of} does not take {name!r}.", remedy
            continue
        yield from ((name, *told) for told in _value(value, fields[name], known))


_SHAPES: dict[str, tuple[tuple[type, ...], str]] = {
    "codes": ((list,), "a list of codes, such as [a, b]"),
    "rounds": ((list, tuple), "a list of rounds, such as [R1, R2]"),
    "list": ((list,), "a list, such as [a, b]"),
    "people": ((Mapping,), "columns and values, such as {role: trainer}"),
    "interviews": ((Mapping,), "columns and values, such as {mode: video}"),
    "mapping": ((Mapping,), "names and values, such as {money: [economy]}"),
}


def _value(value: Any, field: Field, known: Known) -> Iterator[tuple[str, str]]:
    """Say what is wrong with one value: message and remedy."""
    kinds, words = _SHAPES.get(field.kind, ((), ""))
    if kinds and not isinstance(value, kinds):
        yield "it is not written in the form that is wanted.", f"Give {words}."
    elif field.kind == "number":
        if not isinstance(value, int) or isinstance(value, bool):
            yield f"it must be a whole number, not {value!r}.", "Give a number, such as 2."
        elif value < 0:
            yield f"it must be 0 or more, not {value}: no count is below 0.", "Mend the number."
    elif field.kind in ("choice", "choices"):
        several = field.kind == "choices" and isinstance(value, list) and value
        for each in value if several else (value,):
            if each not in field.allowed:
                yield f"{each!r} is not allowed here.", f"Use one of: {listed(field.allowed, 20)}."
    elif field.kind == "codes":
        yield from _codes(value, known)
    elif field.kind == "rounds":
        if not value:
            yield "no round is named.", "Name one or more, or leave it out for all rounds."
        for name in tuple(value):
            if name not in known.rounds:
                yield f"{name!r} is not a round.", f"Use one of: {listed(known.rounds)}."
    elif field.kind in ("people", "interviews", "column"):
        table = known.interviews if field.kind == "interviews" else known.participants
        file = "interviews.csv" if field.kind == "interviews" else "participants.csv"
        columns = list(table.columns)
        for name in (value,) if field.kind == "column" else tuple(value):
            if name not in columns:
                remedy = f"Use one of: {listed(columns, 20)}."
                yield f"{file} has no column {name!r}.", remedy


def _codes(value: Any, known: Known) -> Iterator[tuple[str, str]]:
    if not value:
        yield "no code is named, so nothing is counted.", "Name one code or more."
    for code in value:
        if not isinstance(code, str) or code not in known.codes:
            yield f"{code!r} is not a code of the codebook.", "Add the code or mend the claim."
