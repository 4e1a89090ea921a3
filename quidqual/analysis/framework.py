"""The framework matrix: participants and rounds down, themes across, a summary in each cell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from quidqual.analysis.presence import presence
from quidqual.analysis.selection import as_tuple, plan_codes
from quidqual.analysis.summaries import Summary, fingerprint, read_summaries
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    from quidqual.study.model import Study

__all__ = ["framework_matrix"]


def framework_matrix(
    study: Study,
    *,
    level: str = "theme",
    codes: str | Iterable[str] | None = None,
    coder: str | Iterable[str] | None = None,
    participants: str | Iterable[str] | None = None,
    rounds: str | Iterable[str] | None = None,
    folder: Path | str | None = None,
    wide: bool = False,
) -> pd.DataFrame:
    """Lay the study out as participant x theme x round, each cell with its summary and quotes.

    Parameters
    ----------
    study : Study
    level : {"theme", "code"}
    codes, coder, participants, rounds
        As for :func:`quidqual.presence`.
    folder : Path or str, optional
        Where the summaries are kept, if not in the study's own folder.
    wide : bool
        One row a participant and round, one column a theme, the cell as text.

    Returns
    -------
    DataFrame
        One row per participant, round and theme, sorted so: ``participant``, ``group``,
        ``round`` (ordered Categorical), ``theme`` (ordered Categorical; the code with
        ``level="code"``), ``state``, ``reason``, ``n_codings`` (as in presence),
        ``summary`` (str, "" if none), ``status`` (str: "" without a summary, ``current``,
        ``stale`` if the codings beneath changed since it was written, ``unlinked`` if it
        was typed into the file by hand), ``stale`` (bool), ``quotes`` (str: the coded
        passages, one a line), ``places`` (str: their places, "S1-R1:10-25", in the same
        order), ``interview``, ``corpus``.

        With ``wide`` the index is participant and round, the columns the themes; a cell is
        the summary (``[stale]`` before it if so), or the passages, ``absent``, or
        ``not observed (missed)``.

    Raises
    ------
    QuidqualError
        As :func:`quidqual.presence`, or if a file of summaries cannot be read.

    Notes
    -----
    Write summaries with :func:`quidqual.write_summary`, or in any editor; see
    :mod:`quidqual.analysis.summaries` for the files. Passages are the researcher's words
    except between curly quotation marks: they may be quoted as speech only where
    ``study.codings`` says ``verbatim``.

    References
    ----------
    Ritchie, J. & Spencer, L. (1994). Qualitative data analysis for applied policy research.
    In Bryman & Burgess (eds), *Analyzing Qualitative Data*. Routledge. Gale, N. K. et al.
    (2013). Using the framework method. *BMC Medical Research Methodology* 13, 117.

    Examples
    --------
    >>> from quidqual.analysis.demo import tiny_study
    >>> framework_matrix(tiny_study(), participants="P1", wide=True)
    theme                             ties             daily
    participant round
    P1          R1                  absent    likes her work
                R2     I trust one of them  The work goes on
    """
    table = presence(study, level=level, codes=codes, coder=coder,
                     participants=participants, rounds=rounds)  # fmt: skip
    table = table.drop(columns="theme").rename(columns={"code": "theme"})
    cells = _cells(study, level, codes, coder, table)
    kept = read_summaries(folder or study.folder)
    summaries: list[Summary | None] = [None] * len(table)
    status = [""] * len(table)
    if kept:
        for row, key in enumerate(
            zip(table["interview"], table["theme"].astype("str"), strict=True)
        ):
            summary = kept.get(key)
            if summary is not None:
                summaries[row], status[row] = summary, _status(summary, cells.fingerprint(row))
    columns = ["participant", "group", "round", "theme", "state", "reason", "n_codings"]
    matrix = table[columns].assign(
        summary=pd.array([s.text if s else "" for s in summaries], dtype="str"),
        status=pd.array(status, dtype="str"),
        stale=np.array(status) == "stale",
        quotes=pd.array(cells.quotes, dtype="str"),
        places=pd.array(cells.places, dtype="str"),
        interview=table["interview"],
        corpus=table["corpus"],
    )
    return matrix_wide(matrix) if wide else matrix


def matrix_wide(matrix: pd.DataFrame) -> pd.DataFrame:
    """Turn the long framework matrix into one column a theme, the cells as text."""
    missing = [c for c in ("participant", "round", "theme", "state", "summary") if c not in matrix]
    if missing:
        raise QuidqualError.of(
            "This is no framework matrix.", remedy="Give what qq.framework_matrix(study) returns."
        )
    text = matrix.assign(_text=[cell_text(row) for row in matrix.itertuples(index=False)])
    wide = text.set_index(["participant", "round", "theme"])["_text"].unstack("theme")  # noqa: PD010
    people = matrix["participant"].drop_duplicates()
    return wide.reindex(people, level="participant").astype("str")


def cell_text(row: object) -> str:
    """Write one cell of the matrix as text."""
    get = row.__getattribute__
    if get("summary"):
        return ("[stale] " if get("stale") else "") + get("summary")
    if get("state") == "present":
        return get("quotes")
    if get("state") == "absent":
        return "absent"
    return f"not observed ({get('reason').replace('_', ' ')})"


def _status(summary: Summary, now: str) -> str:
    """Say whether a summary still fits the codings beneath."""
    if summary.fingerprint == "?":
        return "unlinked"
    return "current" if summary.fingerprint == now else "stale"


@dataclass(frozen=True)
class _Cells:
    """What lies beneath each row of the matrix."""

    quotes: list[str]
    places: list[str]
    codings: pd.DataFrame
    rows: dict[int, slice]

    def fingerprint(self, row: int) -> str:
        """Digest the codings of a row; worked out only where there is a summary."""
        part = self.codings.iloc[self.rows.get(row, slice(0, 0))]
        return fingerprint(part["id"], part["start"], part["end"], part["code"])


def _cells(
    study: Study,
    level: str,
    codes: str | Iterable[str] | None,
    coder: str | Iterable[str] | None,
    table: pd.DataFrame,
) -> _Cells:
    """Gather the passages and places of each row of the matrix."""
    plan = plan_codes(study.codebook, codes=codes)
    codings = study.codings
    width = len(plan.themes) if level == "theme" else len(plan.codes)
    column = plan.column_of(codings["code"])
    column = np.where(column >= 0, plan.theme_of_code[column], -1) if level == "theme" else column
    # The table is a full grid: its rows come in blocks, one block an interview.
    block = pd.Index(table["interview"].to_numpy(dtype=object)[:: max(width, 1)])
    number, names = pd.factorize(codings["interview"])
    place = {name: position for position, name in enumerate(block)}
    interview = np.array([place.get(name, -1) for name in names] + [-1], dtype=np.int64)[number]
    keep = (interview >= 0) & (column >= 0)
    wished = coder if coder is not None else study.primary_coder
    if wished is not None:
        keep &= codings["coder"].isin(as_tuple(wished)).to_numpy()
    row = (interview * width + column)[keep]
    used = codings[["id", "interview", "start", "end", "exact", "code"]][keep]
    order = np.lexsort((used["end"], used["start"], row))
    used, row = used.iloc[order], row[order]
    starts = [*np.flatnonzero(np.r_[True, row[1:] != row[:-1]][: len(row)]).tolist(), len(row)]
    exact = [q if "\n" not in q else " ".join(q.split()) for q in used["exact"].tolist()]
    start, end = used["start"].tolist(), used["end"].tolist()
    name = used["interview"].tolist()
    quotes, places = [""] * len(table), [""] * len(table)
    rows = {}
    for a, b in pairwise(starts):
        at_row = int(row[a])
        rows[at_row] = slice(a, b)
        spans = dict.fromkeys(zip(start[a:b], end[a:b], exact[a:b], strict=True))
        quotes[at_row] = "\n".join([words for _, _, words in spans])
        places[at_row] = "\n".join([f"{name[a]}:{s}-{e}" for s, e, _ in spans])
    return _Cells(quotes, places, used, rows)
