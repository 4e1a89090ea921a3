"""The one error that a user can cause, and the problems it lists.

A message names the file, the row, the field and what to do about it. It never prints
the words of an interview note: a traceback is pasted into mails and bug reports, and the
notes are confidential.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from types import TracebackType

_SHOWN = 10


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with a study, a file or an argument.

    Attributes
    ----------
    file : str
        Path inside the study folder (or the name of the file read); "" if none.
    row : int or None
        Line of the file as an editor counts it (a CSV header is line 1); None if the
        problem belongs to the whole file.
    field : str
        Column, key or argument; "" if none.
    message : str
        What is wrong, without words of a note.
    remedy : str
        What the user can do about it.
    level : str
        ``"error"`` (the study cannot be used as it is) or ``"warning"`` (it can, and
        the user should know).
    """

    file: str = ""
    row: int | None = None
    field: str = ""
    message: str = ""
    remedy: str = ""
    level: str = "error"

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.field:
            place += f"{', ' if place else ''}field {self.field!r}"
        text = f"{place}: {self.message}" if place else self.message
        return f"{text} {self.remedy}".rstrip()


class QuidqualError(ValueError):
    """Everything that is wrong with what the user gave, in one go.

    Parameters
    ----------
    problems : iterable of Problem
        What is wrong; the message shows the first ten, ``.problems`` keeps all.
    heading : str, optional
        First line of the message.

    Examples
    --------
    >>> raise QuidqualError.of("'R9' is not a round.", remedy="Use one of: R1, R2.")
    Traceback (most recent call last):
        ...
    quidqual.study.errors.QuidqualError: 'R9' is not a round. Use one of: R1, R2.
    """

    def __init__(self, problems: Iterable[Problem], heading: str = "") -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        lines = [str(problem) for problem in self.problems[:_SHOWN]]
        hidden = len(self.problems) - _SHOWN
        if hidden > 0:
            lines.append(f"... and {hidden} more; they are all in the error's .problems.")
        if len(self.problems) > 1 or heading:
            heading = heading or f"{len(self.problems)} problems:"
            lines = [heading, *(f"- {line}" for line in lines)]
        super().__init__("\n".join(lines))

    @classmethod
    def of(
        cls,
        message: str,
        *,
        remedy: str = "",
        file: str = "",
        row: int | None = None,
        field: str = "",
    ) -> QuidqualError:
        """Build the error from a single problem."""
        return cls([Problem(file=file, row=row, field=field, message=message, remedy=remedy)])

    def _render_traceback_(self) -> list[str]:
        """Say in a notebook what is wrong, and in which line of the cell; no more than that."""
        places = [
            place.tb_lineno
            for place in _steps(self.__traceback__)
            if "ipykernel" in place.tb_frame.f_code.co_filename
            or place.tb_frame.f_code.co_filename.startswith("<ipython-input")
        ]
        line = f" (line {places[-1]} of the cell)" if places else ""
        return [f"{type(self).__name__}{line}: {self}"]


def _steps(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def listed(values: Iterable[object], limit: int = _SHOWN) -> str:
    """Join allowed values for a message, at most ten of them.

    Examples
    --------
    >>> listed(["a", "b"])
    "'a', 'b'"
    >>> listed(range(12), limit=2)
    '0, 1 (and 10 more)'
    """
    all_values = list(values)
    shown = ", ".join(repr(value) for value in all_values[:limit])
    more = len(all_values) - limit
    return f"{shown} (and {more} more)" if more > 0 else shown


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name to a misspelt one; "" if none is near.

    Examples
    --------
    >>> did_you_mean("trsut", ["trust", "work"]), did_you_mean("x", ["trust"])
    ("Did you mean 'trust'?", '')
    """
    near = get_close_matches(name, [str(each) for each in known], n=1, cutoff=0.6)
    return f"Did you mean {near[0]!r}?" if near else ""
