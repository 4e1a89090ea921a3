"""Queries as objects: over codings, tags and words, with ``&``, ``|`` and ``~``.

>>> code("trust") & ~code("distrust") & round("R3")
code('trust') & ~code('distrust') & round('R3')

A query is either about *passages* (`code`, `tagged`, `words`, `near`, ...) or a *condition*
on them (`round`, `participant`, ..., and everything behind ``~``):

- ``passages & condition``: those passages that meet it;
- ``passages & passages``: those of the left that overlap one of the right;
- ``a | b``: both together;
- ``a ^ b``: those of a that overlap none of b, and those of b that overlap none of a;
- ``~passages``: the condition to overlap none of them;
- a condition alone is asked of the sentences of the notes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from quidqual.study.errors import QuidqualError


@dataclass(frozen=True)
class Query:
    """What all queries can do: be joined by ``&`` and ``|``, be turned round by ``~``."""

    at: int | None = field(default=None, kw_only=True, compare=False, repr=False)

    def __and__(self, other: Query) -> Query:
        return And((self, as_query(other)))

    def __rand__(self, other: str) -> Query:
        return And((as_query(other), self))

    def __or__(self, other: Query) -> Query:
        return Or((self, as_query(other)))

    def __ror__(self, other: str) -> Query:
        return Or((as_query(other), self))

    def __xor__(self, other: Query) -> Query:
        return Xor(self, as_query(other))

    def __rxor__(self, other: str) -> Query:
        return Xor(as_query(other), self)

    def __invert__(self) -> Query:
        return Not(self)

    def __bool__(self) -> bool:
        raise QuidqualError.of(
            "a query is neither true nor false.",
            field="query",
            remedy="Join queries with & | ^ ~ and not with the words and, or, not.",
        )

    @property
    def is_condition(self) -> bool:
        """Whether it is a condition and not about passages."""
        return False


@dataclass(frozen=True, repr=False)
class Coded(Query):
    """Codings with a code or one beneath it."""

    codes: tuple[str, ...]

    def __repr__(self) -> str:
        return _call("code", self.codes)


@dataclass(frozen=True, repr=False)
class Tagged(Query):
    """Hits of a code's patterns."""

    codes: tuple[str, ...]

    def __repr__(self) -> str:
        return _call("tagged", self.codes)


@dataclass(frozen=True, repr=False)
class Words(Query):
    """Matches of patterns."""

    patterns: tuple[str, ...]

    def __repr__(self) -> str:
        return _call("words", self.patterns)


@dataclass(frozen=True, repr=False)
class Where(Query):
    """A condition: a column's value is one of these, or lies between two bounds."""

    column: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def is_condition(self) -> bool:
        """Always."""
        return True

    def __repr__(self) -> str:
        bounds = [
            f"{k}={v:g}" for k, v in (("low", self.low), ("high", self.high)) if v is not None
        ]
        if self.column == "weight":
            return f"weight({', '.join(bounds)})"
        if self.column in CONDITIONS:
            return _call(self.column, self.values)
        return f"attribute({', '.join([repr(self.column), *map(repr, self.values), *bounds])})"


@dataclass(frozen=True, repr=False)
class Pair(Query):
    """Two queries about passages and how they lie to each other."""

    how: str
    left: Query
    right: Query
    words: int | None = None

    def __repr__(self) -> str:
        words = f", words={self.words}" if self.words is not None else ""
        return f"{self.how}({self.left!r}, {self.right!r}{words})"


@dataclass(frozen=True, repr=False)
class And(Query):
    """All: the first part that is about passages, met by the others."""

    parts: tuple[Query, ...]

    def __and__(self, other: Query) -> Query:
        return And((*self.parts, as_query(other)))

    @property
    def is_condition(self) -> bool:
        """If all are."""
        return all(part.is_condition for part in self.parts)

    def __repr__(self) -> str:
        # Brackets round what stands on the right keep it together when read again.
        return " & ".join(_bracketed(part, (Or, Xor, And)) for part in self.parts)


@dataclass(frozen=True, repr=False)
class Or(Query):
    """Any."""

    parts: tuple[Query, ...]

    def __or__(self, other: Query) -> Query:
        return Or((*self.parts, as_query(other)))

    @property
    def is_condition(self) -> bool:
        """If all are."""
        return all(part.is_condition for part in self.parts)

    def __repr__(self) -> str:
        return " | ".join(_bracketed(part, (Or, Xor)) for part in self.parts)


@dataclass(frozen=True, repr=False)
class Xor(Query):
    """Either and not both."""

    left: Query
    right: Query

    @property
    def is_condition(self) -> bool:
        """If both are."""
        return self.left.is_condition and self.right.is_condition

    def __repr__(self) -> str:
        return f"xor({self.left!r}, {self.right!r})"


@dataclass(frozen=True, repr=False)
class Holds(Query):
    """A condition: so many of these lie in the passage, or in its interview."""

    query: Query
    where: str
    low: int = 1
    high: int | None = None

    @property
    def is_condition(self) -> bool:
        """Always."""
        return True

    def __repr__(self) -> str:
        if self.where == "interview":
            return f"in_interviews({self.query!r})"
        high = "" if self.high is None else f", high={self.high}"
        return f"holds({self.query!r}, low={self.low}{high})"


@dataclass(frozen=True, repr=False)
class Alone(Query):
    """Codings on whose words the same coder has no other code."""

    codes: tuple[str, ...]

    def __repr__(self) -> str:
        return _call("alone", self.codes)


@dataclass(frozen=True, repr=False)
class Memo(Query):
    """A condition on codings: their memo holds a match of a pattern."""

    patterns: tuple[str, ...]

    @property
    def is_condition(self) -> bool:
        """Always."""
        return True

    def __repr__(self) -> str:
        return _call("memo", self.patterns)


def _bracketed(part: Query, kinds: tuple[type[Query], ...]) -> str:
    return f"({part!r})" if isinstance(part, kinds) and not isinstance(part, Xor) else repr(part)


@dataclass(frozen=True, repr=False)
class Not(Query):
    """Not: always a condition."""

    query: Query

    @property
    def is_condition(self) -> bool:
        """Always."""
        return True

    def __repr__(self) -> str:
        simple = not isinstance(self.query, And | Or)
        return f"~{self.query!r}" if simple else f"~({self.query!r})"


def _call(name: str, values: tuple[str, ...]) -> str:
    return f"{name}({', '.join(map(repr, values))})"


def as_query(value: object) -> Query:
    """Take a query, or a text as the words to look for."""
    if isinstance(value, Query):
        return value
    if isinstance(value, str):
        return Words((value,))
    raise QuidqualError.of(
        f"cannot use {type(value).__name__} in a query.",
        field="query",
        remedy='Use code("..."), words("...") or a text in quotes.',
    )


def _given(name: str, values: tuple[object, ...]) -> tuple[str, ...]:
    if not values or not all(isinstance(v, str) and v.strip() for v in values):
        raise QuidqualError.of(
            f"{name}() needs at least one text.", field="query", remedy=f'Write {name}("...").'
        )
    return tuple(str(v) for v in values)


def code(*codes: str) -> Query:
    """Codings with one of the codes, or a code beneath it (a theme stands for its codes)."""
    return Coded(_given("code", codes))


def tagged(*codes: str) -> Query:
    """Hits of the patterns of one of the codes, or of a code beneath it."""
    return Tagged(_given("tagged", codes))


def words(*patterns: str) -> Query:
    """Matches of a pattern, written as in the codebook, in texts of every language."""
    return Words(_given("words", patterns))


def near(left: Query | str, right: Query | str, *, words: int = 10) -> Query:
    """Both, in either order, with at most so many words between; gives the whole stretch."""
    return Pair("near", as_query(left), as_query(right), _count(words))


def encloses(left: Query | str, right: Query | str) -> Query:
    """Those of the left that hold one of the right wholly."""
    return Pair("encloses", as_query(left), as_query(right))


def same_paragraph(left: Query | str, right: Query | str) -> Query:
    """Those of the left in whose paragraph one of the right stands."""
    return Pair("same_paragraph", as_query(left), as_query(right))


def intersection(left: Query | str, right: Query | str) -> Query:
    """The stretches that one of the left and one of the right share."""
    return Pair("intersection", as_query(left), as_query(right))


def xor(left: Query | str, right: Query | str) -> Query:
    """Those of the left that overlap none of the right, and the other way round."""
    return Xor(as_query(left), as_query(right))


def alone(*codes: str) -> Query:
    """Codings with one of the codes that overlap no coding of the same coder with another."""
    return Alone(_given("alone", codes))


def holds(query: Query | str, *, low: int = 1, high: int | None = None) -> Query:
    """At least ``low`` (and at most ``high``) of these lie wholly in the passage."""
    if high is not None and _count(high, "high") < _count(low, "low"):  # type: ignore[operator]
        raise QuidqualError.of(
            f"high={high} is below low={low}.", field="query", remedy="Put the smaller one first."
        )
    return Holds(as_query(query), "passage", _count(low, "low") or 0, high)


def in_interviews(query: Query | str) -> Query:
    """In an interview that holds one of these: the scope of a search."""
    return Holds(as_query(query), "interview")


def weight(*, low: float | None = None, high: float | None = None) -> Query:
    """Codings whose weight lies between two bounds; those without a weight do not."""
    if low is None and high is None:
        raise QuidqualError.of(
            "weight() says no bound.", field="query", remedy="Write weight(low=50)."
        )
    return Where("weight", (), low, high)


def memo(*patterns: str) -> Query:
    """Codings whose memo holds a match of one of the patterns."""
    return Memo(_given("memo", patterns))


def preceded_by(left: Query | str, right: Query | str, *, words: int | None = None) -> Query:
    """Left, and earlier in the same note right (at most so many words before, if given)."""
    return Pair("preceded_by", as_query(left), as_query(right), _count(words))


def followed_by(left: Query | str, right: Query | str, *, words: int | None = None) -> Query:
    """Left, and later in the same note right (at most so many words on, if given)."""
    return Pair("followed_by", as_query(left), as_query(right), _count(words))


def overlaps(left: Query | str, right: Query | str) -> Query:
    """Those of the left that share a character with one of the right."""
    return Pair("overlaps", as_query(left), as_query(right))


def within(left: Query | str, right: Query | str) -> Query:
    """Those of the left that lie wholly inside one of the right."""
    return Pair("within", as_query(left), as_query(right))


def _count(value: int | None, name: str = "words") -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        raise QuidqualError.of(
            f"{name} must be a whole number from 0, not {value!r}.",
            field="query", remedy="Use 0 or more.",
        )  # fmt: skip
    return value


def _condition(name: str, told: str) -> Callable[..., Query]:
    """Make a condition on one column of the passages."""

    def condition(*values: str) -> Query:
        return Where(name, _given(name, values))

    condition.__name__ = condition.__qualname__ = name
    condition.__doc__ = told
    return condition


round = _condition("round", "In one of these rounds.")
participant = _condition("participant", "In an interview with one of these participants.")
interview = _condition("interview", "In one of these interviews.")
group = _condition("group", "In an interview with a participant of one of these groups.")
language = _condition("language", "In a note in one of these languages.")
coder = _condition("coder", "Coded by one of these coders (true of codings only).")
source = _condition("source", "From ``hand``, ``rule`` or ``model``.")
speech = _condition("speech", "``verbatim``, ``paraphrase`` or ``mixed``.")


def attribute(
    name: str, *values: str, low: float | None = None, high: float | None = None
) -> Query:
    """A participant's attribute is one of the values, or between ``low`` and ``high``."""
    if not values and low is None and high is None:
        raise QuidqualError.of(
            f"attribute({name!r}) says no value.", field="query",
            remedy='Write attribute("role", "trainer") or attribute("age", low=30).',
        )  # fmt: skip
    return Where(str(name), tuple(str(v) for v in values), low, high)


CONDITIONS: dict[str, Callable[..., Query]] = {
    f.__name__: f for f in (round, participant, interview, group, language, coder, source, speech)
}
CALLS: dict[str, Callable[..., Query]] = {
    **{
        f.__name__: f
        for f in (
            code,
            tagged,
            words,
            alone,
            memo,
            near,
            followed_by,
            preceded_by,
            overlaps,
            within,
            encloses,
            same_paragraph,
            intersection,
            xor,
            holds,
            in_interviews,
            weight,
        )
    },
    **CONDITIONS,
    "attribute": attribute,
}
