"""A project as another program sees it, before it becomes a study."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class ForeignCode:
    """A code, folder or category of another program's tree.

    ``key`` is whatever identifies it there; ``parent`` the key of the one above.
    """

    key: str
    name: str
    parent: str | None = None
    codable: bool = True
    colour: str = ""
    description: str = ""
    memo: str = ""


@dataclass(slots=True)
class ForeignText:
    """A text with its name; ``text`` as the program counts it, before normalisation."""

    key: str
    name: str
    text: str
    variables: dict[str, str] = field(default_factory=dict)
    speaker_turns: bool = False


@dataclass(slots=True)
class ForeignCase:
    """A case (person, unit) with its variables and the keys of its texts."""

    key: str
    name: str
    variables: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Marks:
    """Codings as columns of equal length: twenty thousand objects would cost too much.

    ``text`` is an index into the texts and never falls; ``quote`` holds the words that
    the program itself stored, where it did, as evidence for what its offsets count.
    """

    text: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    coder: list[str] = field(default_factory=list)
    at: list[str] = field(default_factory=list)
    memo: list[str] = field(default_factory=list)
    id: list[str] = field(default_factory=list)
    quote: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.text)


@dataclass(slots=True)
class ForeignProject:
    """Everything of another program's project that a study may hold.

    ``memos`` are (name, words) of notes that belong to the project as a whole.
    """

    file: str
    origin: str = ""
    title: str = ""
    description: str = ""
    codes: list[ForeignCode] = field(default_factory=list)
    texts: list[ForeignText] = field(default_factory=list)
    cases: list[ForeignCase] = field(default_factory=list)
    marks: Marks = field(default_factory=Marks)
    memos: list[tuple[str, str]] = field(default_factory=list)
