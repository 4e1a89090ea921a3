"""Accepting and rejecting suggestions: a person decides, and both are written down."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.study.arguments import must_be_text, must_have, takes_study
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.gate import file_stem, safe_path
from quidqual.study.log import CONTEXT, coding_id
from quidqual.study.log_append import append

if TYPE_CHECKING:
    from quidqual.study.model import Study

COLUMNS = ["at", "coder", "decision", "interview", "start", "end", "code", "probability", "basis"]


@takes_study
def decide(
    study: Study, rows: pd.DataFrame, *, accept: bool, coder: str, at: str, memo: str = ""
) -> pd.DataFrame:
    """Accept or reject suggestions in a person's name.

    An accepted suggestion becomes a coding of this coder with the source ``model`` in
    ``codings/<coder>.jsonl``. Both decisions go into ``suggestions/<coder>.jsonl``, which
    is only ever added to.

    Parameters
    ----------
    study : Study
        Opened from a folder.
    rows : DataFrame
        Rows of ``Suggestions.frame``.
    accept : bool
    coder : str
        Who decides.
    at : str
        When, ISO 8601 in UTC, for instance ``2021-11-02T09:30:00Z``.
    memo : str, optional

    Returns
    -------
    DataFrame
        What was logged: ``at, coder, decision`` (accept or reject), ``interview, start,
        end, code, probability, basis``.

    Raises
    ------
    QuidqualError
        If the study has no folder, no one decides, or the rows are no suggestions.
    """
    if study.folder is None:
        raise QuidqualError.of("the study has no folder to log in.", field="study",
                               remedy="Save it and open it again.")  # fmt: skip
    must_be_text(coder, field="coder")
    if not coder.strip() or pd.isna(pd.to_datetime(at, errors="coerce", utc=True)):
        raise QuidqualError.of("a decision needs a coder and a time.", field="coder",
                               remedy="Give coder='A', at='2021-11-02T09:30:00Z'.")  # fmt: skip
    needed = ["interview", "start", "end", "code", "probability", "basis"]
    must_have(rows, needed, of="suggest(...).frame", field="rows")
    decision = "accept" if accept else "reject"
    logged = rows[["interview", "start", "end", "code", "probability", "basis"]].assign(
        at=at, coder=coder, decision=decision
    )[COLUMNS]
    if accept:
        standing = set(study.codings["id"])
        entries = [_entry(study, row, coder, at, memo) for row in logged.to_dict("records")]
        append(study.folder, coder, [e for e in entries if e["id"] not in standing])
    path = safe_path(study.folder, f"suggestions/{file_stem(coder)}.jsonl", field="coder")
    path.parent.mkdir(exist_ok=True)
    lines = [json.dumps(r, ensure_ascii=False) + "\n" for r in logged.to_dict("records")]
    with open(path, "a", encoding="utf-8") as stream:
        stream.writelines(lines)
        stream.flush()
        os.fsync(stream.fileno())
    return logged.reset_index(drop=True)


def _entry(
    study: Study, row: dict[str, object], coder: str, at: str, memo: str
) -> dict[str, object]:
    interview, code = str(row["interview"]), str(row["code"])
    start, end = int(str(row["start"])), int(str(row["end"]))
    text = study.text(interview)
    return {
        "op": "add", "id": coding_id(coder, interview, start, end, code), "at": at, "coder": coder,
        "interview": interview, "start": start, "end": end, "exact": text[start:end],
        "prefix": text[max(0, start - CONTEXT) : start], "suffix": text[end : end + CONTEXT],
        "code": code, "source": "model", "memo": memo,
    }  # fmt: skip


def decisions(folder: str | Path) -> pd.DataFrame:
    """Read everything that was decided about suggestions.

    Returns
    -------
    DataFrame
        ``at, coder, decision, interview, start, end, code, probability, basis``, in the
        order of the logs; empty if nothing was decided yet.

    Raises
    ------
    QuidqualError
        If there is no such folder.
    """
    path = as_path(folder)
    if not path.is_dir():
        raise QuidqualError.of(
            f"there is no folder {path.name!r}.",
            remedy="Give the folder of the study: study.folder.",
            field="folder",
        )
    files = sorted((path / "suggestions").glob("*.jsonl"))
    lines = [line for f in files for line in f.read_text(encoding="utf-8").splitlines() if line]
    return pd.DataFrame([json.loads(line) for line in lines], columns=COLUMNS)
