"""Writing into the logs where codings moved to, once the user has seen and wants it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from quidqual.study.files import as_path
from quidqual.study.log import CONTEXT
from quidqual.study.log_append import append
from quidqual.study.model import open_study


def write_moves(folder: str | Path, *, at: str = "") -> pd.DataFrame:
    """Append an ``edit`` to the log of every coding whose words are now elsewhere.

    The log stays append-only, so where the words stood before can still be read in it.
    Lost codings are reported and left as they are.

    Parameters
    ----------
    folder : str or Path
        Study folder.
    at : str, optional
        Time to write, ISO 8601; "" writes none.

    Returns
    -------
    DataFrame
        One row a moved or lost coding: ``id, coder, interview, code, anchor`` (moved,
        lost), ``start, end`` (now; -1 where lost), ``corpus``.
    """
    path = as_path(folder)
    study = open_study(path)
    columns = ["id", "coder", "interview", "code", "anchor", "start", "end", "corpus"]
    moved = study.codings[study.codings["anchor"] == "moved"]
    for coder, frame in moved.groupby("coder", sort=True):
        entries = []
        for row in frame.itertuples():
            text = study.text(row.interview)
            entries.append(
                {
                    "op": "edit", "id": row.id, "at": at, "coder": coder,
                    "start": row.start, "end": row.end,
                    "prefix": text[max(0, row.start - CONTEXT) : row.start],
                    "suffix": text[row.end : row.end + CONTEXT],
                }
            )  # fmt: skip
        append(path, str(coder), entries)
    return pd.concat([moved[columns], study.lost[columns]], ignore_index=True)
