"""Reporting checklists: filled from data where data tell, MISSING where someone must write."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.findings.ledger import Ledger
from quidqual.findings.ledger import ledger as ledger_of
from quidqual.reporting.checklist_answers import ANSWERS, FROM_LEDGER
from quidqual.reporting.methods import APPROACHES
from quidqual.study.arguments import one_of, takes_study

if TYPE_CHECKING:
    from quidqual.study.model import Study

CHECKLISTS = ("coreq", "srqr", "rtarg")
STATUSES = ("filled", "declared", "MISSING", "not applicable")
_COLUMNS = ["item", "domain", "topic", "question", "answer", "status", "source"]
_FOLDER = Path(__file__).resolve().parent / "checklists"


@takes_study
def checklist(study: Study, which: str, *, ledger: Ledger | None = None) -> pd.DataFrame:
    """Fill a reporting checklist for a study.

    Parameters
    ----------
    study : Study
    which : {"coreq", "srqr", "rtarg"}
        COREQ (32 items), SRQR (21 items), or the guidelines for reflexive thematic analysis.
    ledger : Ledger, optional
        As `quidqual.ledger` gives it, if it is at hand; else it is made.

    Returns
    -------
    DataFrame
        One row an item:

        ========= === ==================================================================
        column        meaning
        ========= === ==================================================================
        item      int number of the item (for RTARG this project's own numbering)
        domain    str section of the checklist
        topic     str name of the item
        question  str what is asked, in this project's own words
        answer    str what can be said; for MISSING, what the data tell so far
        status    str ``filled`` (from data), ``declared`` (in study.toml), ``MISSING``
                      (someone must write it), ``not applicable`` (the answer says why)
        source    str where the answer comes from; for MISSING, where to write it
        corpus    str synthetic or real
        ========= === ==================================================================

    Raises
    ------
    QuidqualError
        If there is no such checklist.

    Notes
    -----
    What no table holds is declared once under ``[reporting]`` in ``study.toml``; the column
    ``source`` names the key. An item that data answer only in part stays MISSING until its
    other half is declared. A filled checklist says that a thing is reported, not that it was
    done well.

    References
    ----------
    Tong, Sainsbury & Craig (2007), doi:10.1093/intqhc/mzm042. O'Brien et al. (2014),
    doi:10.1097/ACM.0000000000000388. Braun & Clarke (2024), doi:10.1177/02692163241234800.

    Examples
    --------
    >>> import quidqual as qq
    >>> found = checklist(qq.load_example(), "coreq").set_index("item")
    >>> found.loc[12, ["answer", "status"]].tolist()
    ['9 participants: 4 Survivors, 5 Staff.', 'filled']
    """
    document = load_checklist(which)
    if ledger is None and any(item.get("fill") in FROM_LEDGER for item in document["items"]):
        ledger = ledger_of(study)
    book = None if ledger is None else ledger.table
    rows = [_row(study, item, book) for item in document["items"]]
    return pd.DataFrame(rows, columns=_COLUMNS).assign(corpus=study.mark)


@cache
def load_checklist(which: str) -> dict[str, Any]:
    """Read the data file of a checklist: its name, its source and its items.

    Raises
    ------
    QuidqualError
        If there is no such checklist.
    """
    one_of(which, CHECKLISTS, field="which")
    import yaml

    document: dict[str, Any] = yaml.safe_load((_FOLDER / f"{which}.yaml").read_text("utf-8"))
    return document


def checklist_markdown(frame: pd.DataFrame, which: str) -> str:
    """Write a filled checklist as Markdown, for the command line and for a manuscript's appendix.

    Parameters
    ----------
    frame : DataFrame
        As `checklist` gives it.
    which : str
        Which checklist it is.

    Examples
    --------
    >>> import quidqual as qq
    >>> text = checklist_markdown(checklist(qq.load_example(), "srqr"), "srqr")
    >>> text.splitlines()[0]
    '# SRQR (synthetic)'
    """
    document = load_checklist(which)
    corpus = frame["corpus"].iloc[0] if len(frame) else ""
    counts = frame["status"].value_counts()
    told = ", ".join(f"{counts[status]} {status}" for status in STATUSES if status in counts.index)
    lines = [f"# {document['name']} ({corpus})", "", f"{told}. {document['source']}"]
    if "numbering" in document:
        lines += ["", f"Division and numbering of the items are those {document['numbering']}."]
    lines += ["", "| item | topic | answer | status | source |", "|---:|---|---|---|---|"]
    for row in frame.itertuples(index=False):
        cells = [str(row.item), row.topic, row.answer, row.status, row.source]
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")


def _row(study: Study, item: dict[str, Any], ledger: pd.DataFrame | None) -> tuple[Any, ...]:
    answer, status, source = _answer(study, item, ledger)
    head = (item["item"], item["domain"], item["topic"], item["question"])
    return (*head, answer, status, source)


def _answer(
    study: Study, item: dict[str, Any], ledger: pd.DataFrame | None
) -> tuple[str, str, str]:
    key = item.get("declare")
    declared = _declared(study, key)
    place = f"study.toml, [reporting] {key}" if key else ""
    if study.approach == "reflexive" and "reflexive" in item and not declared:
        return item["reflexive"], "not applicable", "study.toml, approach"
    if item.get("reflexive_only") and study.approach != "reflexive":
        kind = APPROACHES.get(study.approach, study.approach)
        reason = f"The study declares {kind}; the item is about reflexive thematic analysis."
        return reason, "not applicable", "study.toml, approach"
    told, origin = _from_data(study, item.get("fill"), ledger)
    if declared and told:
        return f"{told} {declared}", "filled", f"{origin}; {place}"
    if declared:
        return declared, "declared", place
    if told and not item.get("needs_declared"):
        return told, "filled", origin
    missing = f"to write: {place}" if place else "nothing in the study tells it"
    return told, "MISSING", f"{origin}; {missing}" if told else missing


def _from_data(study: Study, fill: str | None, ledger: pd.DataFrame | None) -> tuple[str, str]:
    if fill is None:
        return "", ""
    if fill in FROM_LEDGER:
        return ("", "") if ledger is None else FROM_LEDGER[fill](study, ledger)
    return ANSWERS[fill](study)


def _declared(study: Study, key: str | None) -> str:
    value = (study.settings.get("reporting") or {}).get(key) if key else None
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return "; ".join(str(part).strip() for part in value)
    return str(value).strip()
