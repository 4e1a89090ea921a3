"""Validation: everything that is wrong with a study folder, in one table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from quidqual.study.check_tables import check
from quidqual.study.chosen_reading import read_whole
from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.files import as_path
from quidqual.study.reading import read_folder

COLUMNS = ("level", "file", "row", "field", "message", "remedy")


def validate(folder: str | Path) -> pd.DataFrame:
    """List all problems of a study folder at once; never the words of a note.

    Parameters
    ----------
    folder : str or Path
        Study folder.

    Returns
    -------
    DataFrame
        One row a problem, errors first: ``level`` (error, warning), ``file``, ``row``
        (Int64, line of the file as an editor counts it), ``field``, ``message``,
        ``remedy``. No rows: nothing is wrong.

    Raises
    ------
    QuidqualError
        If the argument is not a path. Whatever is wrong with a folder is in the table.

    Examples
    --------
    >>> import quidqual as qq
    >>> from quidqual.examples import example_folder
    >>> len(qq.validate(example_folder()))
    0
    """
    path = as_path(folder)
    try:
        raw, problems = read_folder(path)
        raw.read_from = read_whole(path, problems)
    except QuidqualError as error:
        return problem_frame(error.problems)
    return problem_frame([*problems, *check(raw)])


def problem_frame(problems: Iterable[Problem]) -> pd.DataFrame:
    """Put problems into a table, errors first, in the order in which they were found."""
    rows = [(p.level, p.file, p.row, p.field, p.message, p.remedy) for p in problems]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"row": "Int64"})
    return frame.sort_values("level", kind="stable", ignore_index=True)
