"""Queries as text: the same algebra, read with the place of every mistake.

>>> parse_query('code("trust") and not round("R1", "R2")')
code('trust') & ~round('R1', 'R2')
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, NamedTuple

from quidqual.queries.query import CALLS, And, Not, Or, Query, Words, Xor
from quidqual.study.arguments import must_be_text
from quidqual.study.errors import QuidqualError, listed

_PART = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*'|“[^”]*”)|(?P<number>-?\d+(?:\.\d+)?)"""
    r"""|(?P<name>[^\W\d]\w*)|(?P<sign>[&|~^(),=]))"""
)
_WORDS = {"and": "&", "or": "|", "not": "~"}
_DIGITS = 12
_DEPTH = 50


class Part(NamedTuple):
    """A piece of a query's text and the character it starts at (from 0)."""

    kind: str
    value: str
    at: int


def parse_query(text: str, *, saved: Mapping[str, str] | None = None) -> Query:
    """Read a query.

    Parameters
    ----------
    text : str
        Calls as in `quidqual.queries.query`, joined by ``&`` (and), ``|`` (or), ``^``
        (either), ``~`` (not) and brackets; a text in quotes alone stands for ``words("...")``.

    saved : mapping of name to text, optional
        Queries that ``saved("name")`` stands for.

    Returns
    -------
    Query

    Raises
    ------
    QuidqualError
        With the character at which it went wrong, and the nearest name there is; if it is
        not text.
    """
    must_be_text(text, field="query")
    reader = _Reader(text, saved or {})
    query = reader.either(0)
    if reader.now.kind != "end":
        raise reader.error(f"{reader.now.value!r} is not expected here.", "Join with & or |.")
    return query


def query_error(text: str, at: int, message: str, remedy: str) -> QuidqualError:
    """Point at a character of a query."""
    shown = text.replace("\n", " ")
    start = max(0, at - 60)
    line = shown[start : at + 40]
    pointer = " " * (at - start) + "^"
    return QuidqualError.of(
        f"at character {at + 1}: {message} {remedy}\n    {line}\n    {pointer}", field="query"
    )


class _Reader:
    def __init__(self, text: str, saved: Mapping[str, str]) -> None:
        self.text, self.saved = text, saved
        self.parts = self._cut()
        self.place = 0

    def _cut(self) -> list[Part]:
        parts, at = [], 0
        while self.text[at:].strip():
            found = _PART.match(self.text, at)
            if not found:
                at += len(self.text[at:]) - len(self.text[at:].lstrip())
                quote = self.text[at] in "\"'“"
                raise query_error(
                    self.text, at,
                    "a quotation mark is not closed." if quote else f"{self.text[at]!r} is no sign",
                    "Close it." if quote else "Use & | ^ ~ ( ) and texts in quotes.",
                )  # fmt: skip
            kind = str(found.lastgroup)
            value = found.group(kind)
            if kind == "number" and len(value) > _DIGITS:
                raise query_error(
                    self.text, found.start(kind), "the number is too long.",
                    f"Write at most {_DIGITS} digits.",
                )  # fmt: skip
            if kind == "name" and value.lower() in _WORDS:
                kind, value = "sign", _WORDS[value.lower()]
            parts.append(Part(kind, value, found.start(found.lastgroup or 0)))
            at = found.end()
        return [*parts, Part("end", "end", len(self.text.rstrip()))]

    @property
    def now(self) -> Part:
        return self.parts[self.place]

    def take(self, sign: str) -> bool:
        if self.now.kind == "sign" and self.now.value == sign:
            self.place += 1
            return True
        return False

    def error(self, message: str, remedy: str, at: int | None = None) -> QuidqualError:
        return query_error(self.text, self.now.at if at is None else at, message, remedy)

    def either(self, depth: int) -> Query:
        query = self.both(depth)
        parts = [query]
        while self.now.kind == "sign" and self.now.value in "|^":
            if self.take("^"):
                parts = [Xor(_any(parts), self.both(depth))]
            elif self.take("|"):
                parts.append(self.both(depth))
        return _any(parts)

    def both(self, depth: int) -> Query:
        parts = [self.one(depth)]
        while self.take("&"):
            parts.append(self.one(depth))
        return And(tuple(parts)) if len(parts) > 1 else parts[0]

    def one(self, depth: int) -> Query:
        if depth > _DEPTH:
            raise self.error(f"more than {_DEPTH} levels of brackets.", "Simplify the query.")
        if self.take("~"):
            return Not(self.one(depth + 1))
        opened = self.now.at
        if self.take("("):
            query = self.either(depth + 1)
            if not self.take(")"):
                raise self.error("'(' is not closed.", "Close it with ')'.", opened)
            return query
        part = self.now
        if part.kind == "text":
            self.place += 1
            return Words((part.value[1:-1],), at=part.at)
        if part.kind != "name":
            what = "the query ends" if part.kind == "end" else f"{part.value!r} stands"
            raise self.error(f"{what} where a query is expected.", 'Write e.g. code("trust").')
        return self.call(part, depth)

    def kept(self, part: Part) -> Query:
        """The query that a name stands for; it can name others, but not itself."""
        sign, name, end = (self.parts[min(self.place + k, len(self.parts) - 1)] for k in (1, 2, 3))
        if (sign.value, name.kind, end.value) != ("(", "text", ")"):
            raise self.error("saved needs a name.", 'Write saved("name").', part.at)
        known = name.value[1:-1]
        if known not in self.saved:
            there = listed(self.saved, 20) if self.saved else "none is kept with this study"
            raise self.error(f"no query is saved as {known!r}.", f"There are: {there}.", part.at)
        self.place += 4
        others = {n: text for n, text in self.saved.items() if n != known}
        return parse_query(self.saved[known], saved=others)

    def call(self, part: Part, depth: int) -> Query:
        if part.value == "saved":
            return self.kept(part)
        if part.value not in CALLS:
            near = get_close_matches(part.value, CALLS, 1)
            name = part.value
            bare = f'Words stand in quotes: "{name}"; a code is code("{name}"). '
            raise self.error(
                f"there is no {name!r}.",
                f"Did you mean {near[0]}()?" if near else f"{bare}Use one of: {listed(CALLS, 20)}.",
            )
        self.place += 1
        if not self.take("("):
            raise self.error(f"{part.value} needs its values.", f'Write {part.value}("...").')
        values: list[Any] = []
        named: dict[str, Any] = {}
        while not self.take(")"):
            self.argument(values, named, depth)
            if not self.take(",") and not (self.now.kind == "sign" and self.now.value == ")"):
                raise self.error(
                    f"'(' of {part.value} is not closed.", "Close it with ')'.", part.at
                )
        try:
            query = CALLS[part.value](*values, **named)
        except TypeError:
            raise self.error(
                f"{part.value}() does not take these values.", _usage(part.value), part.at
            ) from None
        except QuidqualError as error:
            raise self.error(error.problems[0].message, error.problems[0].remedy, part.at) from None
        return replace(query, at=part.at)

    def argument(self, values: list[Any], named: dict[str, Any], depth: int) -> None:
        part, following = self.now, self.parts[min(self.place + 1, len(self.parts) - 1)]
        if part.kind == "name" and following.value == "=" and following.kind == "sign":
            self.place += 2
            if self.now.kind not in ("number", "text"):
                raise self.error(f"{part.value}= needs a value.", "Write a number.")
            named[part.value] = _value(self.now)
            self.place += 1
        elif part.kind in ("text", "number") and following.value in (",", ")"):
            values.append(_value(part))
            self.place += 1
        else:
            values.append(self.either(depth + 1))


def _any(parts: list[Query]) -> Query:
    return Or(tuple(parts)) if len(parts) > 1 else parts[0]


def _value(part: Part) -> Any:
    if part.kind == "text":
        return part.value[1:-1]
    return float(part.value) if "." in part.value else int(part.value)


def _usage(name: str) -> str:
    if name in ("near", "followed_by", "preceded_by"):
        return f"Write {name}(query, query, words=10)."
    if name == "holds":
        return "Write holds(query, low=2, high=5)."
    if name == "in_interviews":
        return "Write in_interviews(query)."
    if name == "weight":
        return "Write weight(low=50, high=100)."
    if name in ("overlaps", "within", "encloses", "same_paragraph", "intersection", "xor"):
        return f"Write {name}(query, query)."
    if name == "attribute":
        return 'Write attribute("age", low=30) or attribute("role", "trainer").'
    return f'Write {name}("...", "...").'
