"""What was taken, changed and left out by an import: nothing vanishes without a line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.study.errors import Problem, QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.codebook import Codebook
    from quidqual.study.model import Study

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
    def codebook(self) -> Codebook:
        """The codebook of the study."""
        return self.study.codebook

    def __repr__(self) -> str:
        counts = self.report["action"].value_counts()
        told = ", ".join(f"{counts.get(a, 0)} lines {a}" for a in ACTIONS)
        return f"<Imported: {self.study!r}; {told}>"


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
        if on_error not in ON_ERROR:
            raise QuidqualError.of(
                f"{on_error!r} is no way to treat faults.",
                remedy=f"Use one of: {listed(ON_ERROR)}.",
                field="on_error",
            )
        self.file = file
        self.on_error = on_error
        self.problems: list[Problem] = []
        self._rows: list[tuple[str, str, str, str]] = []

    def taken(self, item: str, kind: str, why: str = "") -> None:
        """Note what was taken as it is."""
        self._rows.append((item, kind, "taken", why))

    def changed(self, item: str, kind: str, why: str) -> None:
        """Note what was taken in another form."""
        self._rows.append((item, kind, "changed", why))

    def left_out(self, item: str, kind: str, why: str) -> None:
        """Note what a study cannot hold."""
        self._rows.append((item, kind, "left out", why))

    def fault(
        self, item: str, kind: str, message: str, remedy: str = "", *, taken: bool = False
    ) -> None:
        """Note a fault of the file: an error, or a line of the report where asked for."""
        place = f"{kind} {item}".strip()
        self.problems.append(Problem(self.file, None, place, message, remedy))
        self._rows.append((item, kind, "changed" if taken else "left out", message))

    def settle(self) -> None:
        """Raise all faults at once, unless they are to be reported.

        Raises
        ------
        QuidqualError
        """
        if self.problems and self.on_error == "raise":
            heading = (
                f"{self.file} has {len(self.problems)} faults "
                '(on_error="report" takes the rest and lists them):'
            )
            raise QuidqualError(self.problems, heading)

    @property
    def frame(self) -> pd.DataFrame:
        """The report: columns item, kind, action, why, in the order of the import."""
        return pd.DataFrame(self._rows, columns=list(COLUMNS), dtype="str")
