"""Sentences that a notebook shows as text: a heading, and what is said under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from textwrap import fill

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
