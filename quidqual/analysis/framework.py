"""The framework matrix: participants and rounds down, themes across, a summary in each cell."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.analysis.presence import presence
from quidqual.analysis.selection import as_tuple, kept_names, plan_codes
from quidqual.study.arguments import must_be_text, must_have, one_of, takes_study
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.faced import faced
from quidqual.study.files import as_path, write_atomic
from quidqual.study.gate import file_stem, identifier_of, safe_path

if TYPE_CHECKING:
    from quidqual.study.model import Study

__all__ = ["framework_matrix", "read_summaries", "write_summary"]


_FOLDER = "summaries"
_MARK = re.compile(r"<!--\s*codings:\s*([0-9a-f]*)\s*-->")
_HEADING = re.compile(r"^##[ \t]+(\S.*?)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class Summary:
    """A summary of one theme in one interview, and the fingerprint it was written on."""

    text: str
    fingerprint: str


def fingerprint(
    ids: Iterable[str], start: Iterable[int], end: Iterable[int], code: Iterable[str]
) -> str:
    """Digest the codings of a cell, whatever their order; "" for none.

    Examples
    --------
    >>> fingerprint(["x"], [0], [4], ["trust"])
    '7d0f4300cb64'
    """
    rows = sorted(zip(ids, start, end, code, strict=True))
    if not rows:
        return ""
    text = "\n".join(f"{i} {s} {e} {c}" for i, s, e, c in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_summaries(folder: Path | str | None) -> dict[tuple[str, str], Summary]:
    """Read all summaries of a study folder.

    Parameters
    ----------
    folder : Path, str or None
        The study folder; None, or a folder without summaries, gives none.

    Returns
    -------
    dict
        ``(interview, theme)`` to its summary; empty sections are left out.

    Raises
    ------
    QuidqualError
        If a file is not UTF-8.
    """
    found: dict[tuple[str, str], Summary] = {}
    if folder is None:
        return found
    for path in sorted((as_path(folder) / _FOLDER).glob("*.md")):
        try:
            text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise QuidqualError.of(
                "The file is not UTF-8.", remedy="Save it as UTF-8.", file=f"{_FOLDER}/{path.name}"
            ) from None
        for theme, body in _sections(text):
            mark = _MARK.search(body)
            words = _MARK.sub("", body).strip()
            if words:
                found[identifier_of(path.stem), theme] = Summary(
                    words, mark.group(1) if mark else "?"
                )
    return found


@takes_study
def write_summary(
    study: Study, interview: str, theme: str, text: str, *, folder: Path | str | None = None
) -> Path:
    """Write the summary of one theme in one interview, linked to the codings as they are.

    Parameters
    ----------
    study : Study
    interview, theme : str
        An interview that was held; a theme or code of the codebook.
    text : str
        The summary; an empty one takes the section away. A line may not begin with
        ``##``.
    folder : Path or str, optional
        The study folder, if the study was not opened from one.

    Returns
    -------
    Path
        The file written; its other sections stay as they are, byte for byte.

    Raises
    ------
    QuidqualError
        If the interview or theme is not there, the study has no folder, or the text would
        break the file.

    Examples
    --------
    >>> import tempfile
    >>> import quidqual as qq
    >>> study = qq.load_example("small")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = qq.analysis.write_summary(study, "P1-R2", "ties", "Trusts one.", folder=folder)
    ...     qq.analysis.read_summaries(folder)["P1-R2", "ties"].text
    'Trusts one.'
    """
    for given, field in ((interview, "interview"), (theme, "theme"), (text, "text")):
        must_be_text(given, field=field)
    target = study.folder if folder is None else folder
    if target is None:
        raise QuidqualError.of(
            "The study has no folder yet.", remedy="Save it first, or give folder=.", field="folder"
        )
    held = study.notes["interview"].tolist()
    if interview not in held or Path(interview).name != interview:
        raise QuidqualError.of(
            f"{interview!r} has no note.", remedy=f"Use one of {listed(held)}.", field="interview"
        )
    theme = study.codebook[theme].id
    if _HEADING.search(text) or _MARK.search(text):
        raise QuidqualError.of(
            "The summary holds a line that begins with ## or a mark of codings.",
            remedy="Write it without.",
            field="text",
        )
    mark = _cell_fingerprint(study, interview, theme)
    section = f"## {theme}\n<!-- codings: {mark} -->\n{text.strip()}\n" if text.strip() else ""
    path = safe_path(as_path(target), f"{_FOLDER}/{file_stem(interview)}.md", field="interview")
    before = path.read_bytes().decode("utf-8") if path.exists() else f"# {interview}\n"
    write_atomic(path, _replaced(before, theme, section))
    return path


def _cell_fingerprint(study: Study, interview: str, theme: str) -> str:
    """Fingerprint of the codings that lie beneath a cell now."""
    codings = study.codings
    below = {theme, *study.codebook.descendants(theme)}
    keep = (codings["interview"] == interview) & codings["code"].isin(below)
    if study.primary_coder is not None:
        keep &= codings["coder"] == study.primary_coder
    cell = codings[keep]
    return fingerprint(cell["id"], cell["start"], cell["end"], cell["code"])


def _sections(text: str) -> list[tuple[str, str]]:
    """Cut a file at its headings."""
    parts = _HEADING.split(text)
    return list(zip(parts[1::2], parts[2::2], strict=True))


def _replaced(text: str, theme: str, section: str) -> str:
    """Put a section in the place of the old one, or at the end."""
    heads = list(_HEADING.finditer(text))
    for number, head in enumerate(heads):
        if head.group(1) == theme:
            stop = heads[number + 1].start() if number + 1 < len(heads) else len(text)
            gap = "\n" if section and stop < len(text) else ""
            return text[: head.start()] + section + gap + text[stop:]
    return text.rstrip("\n") + "\n\n" + section if section else text


@takes_study
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
    :mod:`quidqual.analysis.framework` for the files. Passages are the researcher's words
    except between curly quotation marks: they may be quoted as speech only where
    ``study.codings`` says ``verbatim``.

    References
    ----------
    Ritchie, J. & Spencer, L. (1994). Qualitative data analysis for applied policy research.
    In Bryman & Burgess (eds), *Analyzing Qualitative Data*. Routledge. Gale, N. K. et al.
    (2013). Using the framework method. *BMC Medical Research Methodology* 13, 117.

    Examples
    --------
    >>> import quidqual as qq
    >>> qq.framework_matrix(qq.load_example("small"), participants="P1", wide=True)
    theme                             ties             daily
    participant round
    P1          R1                  absent    likes her work
                R2     I trust one of them  The work goes on
    """
    one_of(wide, (True, False), field="wide")
    codes, coder = kept_names(codes), kept_names(coder)  # each is read twice
    table = presence(study, level=level, codes=codes, coder=coder,
                     participants=participants, rounds=rounds)  # fmt: skip
    table = table.drop(columns="theme").rename(columns={"code": "theme"})
    cells = _cells(study, level, codes, coder, table)
    kept = read_summaries(study.folder if folder is None else as_path(folder))
    keys = zip(table["interview"], table["theme"].astype("str"), strict=True)
    summaries = [kept.get(key) for key in keys] if kept else [None] * len(table)
    status = [_status(s, cells.fingerprint(row)) if s else "" for row, s in enumerate(summaries)]
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
    return faced(matrix_wide(matrix), "matrix") if wide else matrix


def matrix_wide(matrix: pd.DataFrame) -> pd.DataFrame:
    """Turn the long framework matrix into one column a theme, the cells as text."""
    columns = ("summary", "stale", "state", "quotes", "reason")
    must_have(matrix, ("participant", "round", "theme", *columns), of="qq.framework_matrix(study)")
    cells = zip(*(matrix[c].tolist() for c in columns), strict=True)
    text = matrix.assign(_text=[_text(*cell) for cell in cells])
    if text.empty:  # nothing to unstack: a study without participants, or without themes
        rows = pd.MultiIndex.from_arrays([[], []], names=["participant", "round"])
        themes = pd.CategoricalIndex(matrix["theme"].astype("category").cat.categories)
        return pd.DataFrame(index=rows, columns=themes.rename("theme"), dtype="str")
    wide = text.set_index(["participant", "round", "theme"])["_text"].unstack("theme")  # noqa: PD010
    people = matrix["participant"].drop_duplicates()
    return wide.reindex(people, level="participant").astype("str")


def cell_text(row: Any) -> str:
    """Write one cell of the matrix, a row with names, as text."""
    return _text(row.summary, row.stale, row.state, row.quotes, row.reason)


def _text(summary: str, stale: bool, state: str, quotes: str, reason: str) -> str:
    """Say the summary, or the passages, or why there is none."""
    if summary:
        return f"[stale] {summary}" if stale else summary
    if state == "present":
        return quotes
    return "absent" if state == "absent" else f"not observed ({reason.replace('_', ' ')})"


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
    rows: np.ndarray

    def fingerprint(self, row: int) -> str:
        """Digest the codings of a row; worked out only where there is a summary."""
        first, last = np.searchsorted(self.rows, [row, row + 1])
        part = self.codings.iloc[first:last]
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
    width = len(plan.names_at(level))
    levels = plan.columns_at(codings["code"], level)
    if len(levels) > 1:  # a passage of a child is shown with its parent too
        codings = pd.concat([codings] * len(levels), ignore_index=True)
    column = np.concatenate(levels)
    # The table is a full grid: its rows come in blocks, one block an interview.
    block = table["interview"].tolist()[:: max(width, 1)]
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
    # The same span under two codes of a theme, or by two coders, is one passage.
    span = np.stack([row, used["start"].to_numpy(), used["end"].to_numpy()])
    first = np.r_[True, (span[:, 1:] != span[:, :-1]).any(axis=0)][: len(row)]
    shown, at = used[first], row[first].tolist()
    words = [q if "\n" not in q else " ".join(q.split()) for q in shown["exact"].tolist()]
    cells = zip(*(shown[c].tolist() for c in ("interview", "start", "end")), strict=True)
    where = [f"{interview}:{start}-{end}" for interview, start, end in cells]
    quotes, places = [""] * len(table), [""] * len(table)
    begins = np.unique(row[first], return_index=True)[1].tolist()
    for a, b in pairwise([*begins, len(at)]):
        quotes[at[a]], places[at[a]] = "\n".join(words[a:b]), "\n".join(where[a:b])
    return _Cells(quotes, places, used, row)
