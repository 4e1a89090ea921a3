"""Showing a report's own passages beside its claims, for a reader who holds the report.

The project ships no sentence of a report: a claim knows only where its passage stands and
the hash of exactly that passage.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.study.arguments import takes_study
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.text import decode

if TYPE_CHECKING:
    from quidqual.study.model import Study


def is_that_report(study: Study, report: str | Path) -> bool:
    """Tell whether a text is the one in which the claims have their places, by its SHA-256.

    True also where ``claims.yaml`` does not say which text that is.
    """
    wanted = study.raw.report.get("sha256")
    text = _text(report)
    return not wanted or hashlib.sha256(text.encode("utf-8")).hexdigest() == wanted


@takes_study
def passages(study: Study, report: str | Path) -> pd.DataFrame:
    """Look up the passage of each claim in the text of the report.

    Parameters
    ----------
    study : Study
        Its claims carry anchors.
    report : str or Path
        Text file of the report (UTF-8).

    Returns
    -------
    DataFrame
        ``claim, page, summary, status`` (found; other words: the text at that place has
        another hash; no anchor), ``passage`` (the words, white space folded; "" unless
        found), ``corpus``.

    Raises
    ------
    QuidqualError
        If the file is not there or is not UTF-8.
    """
    text = _text(report)
    rows = []
    for claim in study.claims:
        words, status = "", "no anchor"
        if claim.anchor is not None:
            found = text[claim.anchor.start : claim.anchor.end]
            same = hashlib.sha256(found.encode("utf-8")).hexdigest() == claim.anchor.sha256
            status = "found" if same else "other words"
            words = re.sub(r"\s+", " ", found).strip() if same else ""
        rows.append((claim.id, claim.page, claim.summary, status, words))
    columns = ["claim", "page", "summary", "status", "passage"]
    return pd.DataFrame(rows, columns=columns).assign(corpus=study.corpus)


def _text(report: str | Path) -> str:
    path = as_path(report, field="report")
    try:
        return decode(path.read_bytes(), file=path.name)
    except OSError:
        raise QuidqualError.of(
            "the report cannot be read.", remedy="Check the path.", file=path.name
        ) from None
