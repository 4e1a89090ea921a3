"""Recommendations of a report, and the findings each of them rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from quidqual.study.arguments import takes_study

if TYPE_CHECKING:
    from quidqual.study.model import Study

RESTS = "rests on findings"
RESTS_ON_NONE = "rests on no finding"
_COLUMNS = ["recommendation", "page", "summary", "rests_on", "status", "note"]


@takes_study
def recommendations(study: Study) -> pd.DataFrame:
    """List what a report recommends, each with the claims that it answers.

    Parameters
    ----------
    study : Study
        ``recommendations`` of its ``claims.yaml`` name the claims.

    Returns
    -------
    DataFrame
        One row a recommendation, in the order of the file: ``recommendation`` (id), ``page``,
        ``summary`` (own words), ``rests_on`` (tuple of claim ids), ``status`` (``rests on
        findings`` or ``rests on no finding``), ``note``, ``corpus``.

    Notes
    -----
    That a recommendation rests on a finding is a reading, written down so that it can be
    disputed; it does not follow that the finding is enough to carry it.

    Examples
    --------
    >>> import quidqual as qq
    >>> found = recommendations(qq.load_example()).set_index("recommendation")
    >>> found.loc["P12d", ["rests_on", "status"]].tolist()
    [('R8',), 'rests on findings']
    """
    entries = study.raw.recommendations
    rows = []
    for entry in entries:
        claims = tuple(entry.get("rests_on") or ())
        rows.append(
            (
                str(entry["id"]),
                str(entry.get("page", "")),
                str(entry["summary"]).strip(),
                claims,
                RESTS if claims else RESTS_ON_NONE,
                str(entry.get("note") or "").strip(),
            )
        )
    return pd.DataFrame(rows, columns=_COLUMNS).assign(corpus=study.corpus)
