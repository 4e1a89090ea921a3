"""What REFI-QDA has no place for, kept as JSON in one of the project's own notes.

Other programs show it as a memo and carry it along; quidqual restores from it what they
did not change, so that a study comes back exactly.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.interchange.refi import as_guid, guid_of, utc
from quidqual.study.claims import Anchor, Claim
from quidqual.study.codebook import Asked, Code
from quidqual.study.log import COLUMNS, CONTEXT
from quidqual.study.write_table import xml_safe

if TYPE_CHECKING:
    from quidqual.study.model import Study


SUPPLEMENT = guid_of("supplement")
FORMAT = 1
_MOST_ITEMS = 5_000_000
TITLE = "quidqual: what this format cannot hold (do not edit)"


def dump(document: Mapping[str, Any]) -> str:
    """Write JSON in ASCII, the same for the same study; dates and tuples are tagged."""
    return json.dumps(_packed(document), ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def load(text: str) -> dict[str, Any]:
    """Read what `dump` wrote.

    Raises
    ------
    ValueError, TypeError, KeyError, RecursionError
        If it is something else: the caller treats the project as any other.
    """
    if sum(map(text.count, "[{,")) > _MOST_ITEMS:
        raise ValueError("more than any study says")
    document = _unpacked(json.loads(text))
    if not isinstance(document, dict) or document["format"] != FORMAT:
        raise ValueError("another format")
    return document


def _packed(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, time):
        return {"$time": value.isoformat()}
    if isinstance(value, tuple):
        return {"$tuple": [_packed(item) for item in value]}
    if isinstance(value, list):
        return [_packed(item) for item in value]
    if isinstance(value, Mapping):
        if any(not isinstance(key, str) or key.startswith("$") for key in value):
            return {"$dict": [[_packed(key), _packed(item)] for key, item in value.items()]}
        return {key: _packed(item) for key, item in value.items()}
    return value


_TAGS: dict[str, Any] = {
    "$datetime": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
}


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpacked(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        tag, inner = next(iter(value.items()))
        if tag in _TAGS:
            return _TAGS[tag](inner)
        if tag == "$tuple":
            return tuple(_unpacked(item) for item in inner)
        if tag == "$dict":
            return {_unpacked(key): _unpacked(item) for key, item in inner}
    return {key: _unpacked(item) for key, item in value.items()}


def code_fields(code: Code) -> dict[str, Any]:
    """All fields of a code, exactly."""
    return {**asdict(code), "label": dict(code.label), "patterns": dict(code.patterns)}


def code_from(fields: Mapping[str, Any]) -> Code:
    """Reverse `code_fields`."""
    asked = Asked(tuple(fields["asked"]["groups"]), tuple(fields["asked"]["rounds"]))
    return Code(**{**fields, "asked": asked})


def claim_fields(claim: Claim) -> dict[str, Any]:
    """All fields of a claim, exactly."""
    return asdict(claim)


def claim_from(fields: Mapping[str, Any]) -> Claim:
    """Reverse `claim_fields`."""
    anchor = Anchor(**fields["anchor"]) if fields["anchor"] else None
    return Claim(**{**fields, "anchor": anchor})


def code_notes(code: Code) -> list[tuple[str, str, str]]:
    """Notes that show other programs what a code has beside its description.

    Returns
    -------
    list of (guid, name, words)
    """
    rules = [
        ("Include", code.include),
        ("Exclude", code.exclude),
        ("Examples", "\n".join(str(example) for example in code.examples)),
    ]
    text = "\n".join(f"{name}: {words}" for name, words in rules if words)
    found = []
    if text:
        found.append((guid_of("code rules", code.id), f"Rules of {code.id}", xml_safe(text)))
    if code.memo:
        found.append((guid_of("code memo", code.id), f"Memo on {code.id}", xml_safe(code.memo)))
    return found


def memo_pairs(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Memos of the project as a whole, as (name, words), where the settings have any."""
    memos = settings.get("memos")
    if not isinstance(memos, list):
        return []
    return [
        (xml_safe(str(memo.get("name", ""))), xml_safe(str(memo.get("text", ""))))
        for memo in memos
        if isinstance(memo, Mapping)
    ]


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
        "reads": raw.reads.to_dict("records"),
        "claims": [claim_fields(claim) for claim in raw.claims],
        "report": dict(raw.report),
        "recommendations": [dict(entry) for entry in raw.recommendations],
    }


def _table(frame: pd.DataFrame, guids: list[str]) -> dict[str, Any]:
    rows = [[guid, *cells] for guid, cells in zip(guids, frame.to_numpy().tolist(), strict=True)]
    return {"columns": list(frame.columns), "rows": rows}
