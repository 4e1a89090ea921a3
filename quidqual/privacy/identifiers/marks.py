"""What a layer found, and which of several finds at one place stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

SURE, REVIEW = "sure", "review"

KINDS = (
    "person", "place", "organisation", "nationality", "address", "date", "age", "phone", "email",
    "handle", "url", "fiscal_code", "iban", "document", "plate", "number", "name",
)  # fmt: skip
"""Kinds of identifiers; ``name`` is a name of a kind that the words do not tell."""

DIRECT = ("phone", "email", "handle", "url", "fiscal_code", "iban", "document", "plate", "address")
"""Kinds that lead to a person without anything else."""


_EDGES = ",;:.-–—/"  # what joins a find to the one before it


class Mark(NamedTuple):
    """A stretch of a text that identifies, or may identify, a person."""

    start: int
    end: int
    kind: str
    layer: str
    certainty: str


class Claimed:
    """Stretches in the order of their rank: what is taken stays, what reaches over it is joined.

    A later find inside an earlier one is dropped. A later one that reaches out of an earlier
    one keeps only what is left of it, so that no character that some layer found is let go.
    """

    def __init__(self, length: int) -> None:
        self._taken = bytearray(length)
        self.marks: list[Mark] = []

    def free(self, start: int, end: int) -> bool:
        """Tell whether nothing in a stretch is taken."""
        return not any(self._taken[start:end])

    def take(self, text: str, marks: Iterable[Mark]) -> None:
        """Take finds of one rank."""
        for mark in sorted(marks, key=lambda m: (m.start, -m.end)):
            for start, end in self._left(mark.start, mark.end):
                while start < end and (text[start].isspace() or text[start] in _EDGES):
                    start += 1
                while end > start and text[end - 1].isspace():
                    end -= 1
                if start < end:
                    self.marks.append(mark._replace(start=start, end=end))
                    self._taken[start:end] = b"\x01" * (end - start)

    def _left(self, start: int, end: int) -> list[tuple[int, int]]:
        if self.free(start, end):
            return [(start, end)]
        parts, at = [], start
        for i in range(start, end):
            if self._taken[i]:
                if at < i:
                    parts.append((at, i))
                at = i + 1
        if at < end:
            parts.append((at, end))
        return parts
