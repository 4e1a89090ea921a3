"""The codings of a study as REFI-QDA holds them, and what is left for the supplement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.interchange.refi import as_guid, guid_of
from quidqual.interchange.supplement import FORMAT, claim_fields, code_fields
from quidqual.interchange.times import utc
from quidqual.study.log import COLUMNS, CONTEXT
from quidqual.study.write_table import xml_safe

if TYPE_CHECKING:
    from quidqual.study.model import Study


@dataclass(slots=True)
class WrittenCoding:
    """One Coding element."""

    guid: str
    coder: str
    at: str
    code: str
    memo_guid: str


@dataclass
class Written:
    """Codings by interview and span, their memos, and the supplement.

    Attributes
    ----------
    spans : dict
        Interview to (start, end) to codings.
    memos : list of (guid, words)
    supplement : dict
        What no element holds.
    """

    spans: dict[str, dict[tuple[int, int], list[WrittenCoding]]] = field(default_factory=dict)
    memos: list[tuple[str, str]] = field(default_factory=list)
    supplement: dict[str, Any] = field(default_factory=dict)


def written_codings(study: Study) -> Written:
    """Prepare the codings of a study, each under a GUID of its own.

    A coding whose note was edited since, so that its offsets no longer lead to its words,
    is kept in the supplement alone: no element could say it.
    """
    written = Written()
    extra: dict[str, dict[str, Any]] = {
        name: {} for name in ("id", "at", "memo", "source", "weight")
    }
    context: dict[str, list[str]] = {}
    unplaced: list[dict[str, Any]] = []
    used: set[str] = set()
    notes = study.raw.notes
    for row in zip(*(study.raw.codings[c].tolist() for c in COLUMNS), strict=True):
        (number, at, coder, interview, start, end, exact, prefix, suffix,
         code, source, weight, memo) = row  # fmt: skip
        text = notes.get(interview)
        if text is None or not exact or text[start:end] != exact:
            unplaced.append(_plain(dict(zip(COLUMNS, row, strict=True))))
            continue
        guid = _unique(number, coder, used)
        said = _time(at)
        written.spans.setdefault(interview, {}).setdefault((start, end), []).append(
            WrittenCoding(guid, coder, said, code, _memo(written, guid, memo))
        )
        values = {"id": number, "at": at, "memo": memo, "source": source, "weight": weight}
        usual = {"id": guid, "at": said, "memo": xml_safe(memo), "source": "hand", "weight": None}
        for name, value in values.items():
            if value is not pd.NA and value != usual[name]:
                extra[name][guid] = value
        if (prefix, suffix) != around(text, start, end):
            context[guid] = [prefix, suffix]
    codings = {**extra, "context": _context(context, len(used)), "unplaced": unplaced}
    written.supplement = _supplement(study, codings)
    return written


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """Words just before and after a span, as the coding log keeps them."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def _context(context: dict[str, list[str]], count: int) -> Any:
    """Say in one word the common case that no coding keeps the words around it."""
    bare = len(context) == count and all(pair == ["", ""] for pair in context.values())
    return "none" if bare else context


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value is pd.NA else value for name, value in row.items()}


def _unique(number: str, coder: str, used: set[str]) -> str:
    guid = as_guid(number, "coding", coder)
    while guid in used:
        guid = guid_of("coding", coder, number, guid)
    used.add(guid)
    return guid


def _time(at: str) -> str:
    return at if at and utc(at) == at else ""


def _memo(written: Written, guid: str, memo: str) -> str:
    if not memo:
        return ""
    memo_guid = guid_of("coding memo", guid)
    written.memos.append((memo_guid, xml_safe(memo)))
    return memo_guid


def _supplement(study: Study, codings: dict[str, Any]) -> dict[str, Any]:
    raw = study.raw
    people, talks = raw.participants, raw.interviews
    sources = [guid_of("source", i) if i in raw.notes else "" for i in talks["interview"]]
    return {
        "format": FORMAT,
        "settings": raw.settings,
        "participants": _table(people, [guid_of("case", p) for p in people["participant"]]),
        "interviews": _table(talks, sources),
        "codes": [[guid_of("code", code.id), code_fields(code)] for code in study.codebook],
        "constructs": [construct.to_dict() for construct in study.codebook.constructs],
        "coders": {xml_safe(coder): coder for coder in study.coders},
        "codings": codings,
        "claims": [claim_fields(claim) for claim in raw.claims],
        "report": dict(raw.report),
        "recommendations": [dict(entry) for entry in raw.recommendations],
    }


def _table(frame: pd.DataFrame, guids: list[str]) -> dict[str, Any]:
    rows = [[guid, *cells] for guid, cells in zip(guids, frame.to_numpy().tolist(), strict=True)]
    return {"columns": list(frame.columns), "rows": rows}
