"""A project as another program sees it, and the account of its import: nothing vanishes unsaid."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.interchange.names import one_line
from quidqual.study.arguments import one_of
from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.wording import counted

if TYPE_CHECKING:
    from quidqual.study.codebook import Codebook
    from quidqual.study.model import Study


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
    """A text with its name; ``text`` as the program counts it, before normalisation.

    ``line_ends_unknown``: it was taken from a document that has none, so how many characters
    the program counted for one is not known.
    """

    key: str
    name: str
    text: str
    variables: dict[str, str] = field(default_factory=dict)
    speaker_turns: bool = False
    line_ends_unknown: bool = False


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

    ``memos`` are (name, words) of notes that belong to the project as a whole; ``coders``
    everyone who is a user of it, with codings or without. ``quotes_are_words``: the program
    stores the coded words beside each coding, so a quote is never a mere label. ``speech``:
    the table of study.toml that says whose words its texts hold; those of a project that was
    coded elsewhere are transcripts.
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
    coders: list[str] = field(default_factory=list)
    quotes_are_words: bool = False
    speech: dict[str, Any] = field(default_factory=lambda: {"transcripts": True})


COLUMNS = ("item", "kind", "action", "why")
ACTIONS = ("taken", "changed", "left out")
ON_ERROR = ("raise", "report")


@dataclass(frozen=True)
class Imported:
    """A study made from a foreign file, and the account of how.

    Attributes
    ----------
    study : Study
        Ready to analyse, or to keep with ``study.save(folder)``.
    report : DataFrame
        Columns item, kind, action ("taken", "changed", "left out") and why: one line for
        each thing, or each sort of thing, that the file held.
    turns : DataFrame
        Speaker turns of transcripts: interview, turn, speaker, begins, ends (seconds),
        start, end (offsets in the note); empty for other sources.
    """

    study: Study
    report: pd.DataFrame
    turns: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def understood(self) -> pd.DataFrame:
        """Who was interviewed when: a row a participant, a column a round, the interview's id.

        An empty cell is a round without an interview. Look at it first: what was told from
        names of files may be told wrong.
        """
        return who_when(self.study)

    @property
    def codebook(self) -> Codebook:
        """The codebook of the study."""
        return self.study.codebook

    def __repr__(self) -> str:
        counts = self.report["action"].value_counts()
        told = ", ".join(f"{counted(int(counts.get(a, 0)), 'line')} {a}" for a in ACTIONS)
        return f"<Imported: {self.study!r}; {told}>"


def who_when(study: Study) -> pd.DataFrame:
    """Lay out the interviews held: a row a participant, a column a round, "" for none."""
    raw = study.raw
    held = raw.interviews[raw.interviews["status"] == "held"]
    cells = dict(
        zip(zip(held["participant"], held["round"], strict=True), held["interview"], strict=True)
    )
    people = raw.participants["participant"].tolist()
    return pd.DataFrame(
        [[cells.get((person, when), "") for when in study.round_order] for person in people],
        index=pd.Index(people, name="participant", dtype=object),
        columns=pd.Index(study.round_order, name="round", dtype=object),
        dtype=object,
    )


class Account:
    """The running account of one import.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    on_error : {"raise", "report"}
        Whether faults of the file end the import with one error that lists them all, or
        become lines of the report while the rest is taken.
    """

    def __init__(self, file: str, *, on_error: str = "raise") -> None:
        one_of(on_error, ON_ERROR, field="on_error")
        self.file = file
        self.on_error = on_error
        self.problems: list[Problem] = []
        self._rows: list[tuple[str, ...]] = []

    def taken(self, item: str, kind: str, why: str = "") -> None:
        """Note what was taken as it is."""
        self._add(item, kind, "taken", why)

    def changed(self, item: str, kind: str, why: str) -> None:
        """Note what was taken in another form."""
        self._add(item, kind, "changed", why)

    def left_out(self, item: str, kind: str, why: str) -> None:
        """Note what a study cannot hold."""
        self._add(item, kind, "left out", why)

    def fault(
        self, item: str, kind: str, message: str, remedy: str = "", *, taken: bool = False
    ) -> None:
        """Note a fault of the file: an error, or a line of the report where asked for."""
        place = one_line(f"{kind} {item}")
        self.problems.append(Problem(self.file, None, place, one_line(message), remedy))
        self._add(item, kind, "changed" if taken else "left out", message)

    def _add(self, *row: str) -> None:
        """Keep a line without the controls that a foreign name may hold: it will be printed."""
        self._rows.append(tuple(one_line(cell) for cell in row))

    def settle(self) -> None:
        """Raise all faults at once, unless they are to be reported.

        Raises
        ------
        QuidqualError
        """
        if self.problems and self.on_error == "raise":
            heading = (
                f"{self.file} has {counted(len(self.problems), 'fault')} "
                '(on_error="report" takes the rest and lists them):'
            )
            raise QuidqualError(self.problems, heading)

    @property
    def frame(self) -> pd.DataFrame:
        """The report: columns item, kind, action, why, in the order of the import."""
        return pd.DataFrame(self._rows, columns=list(COLUMNS), dtype="str")
