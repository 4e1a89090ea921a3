"""What REFI-QDA has no place for, kept as JSON in one of the project's own notes.

Other programs show it as a memo and carry it along; quidqual restores from it what they
did not change, so that a study comes back exactly.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from quidqual.interchange.refi import guid_of
from quidqual.study.claims import Anchor, Claim
from quidqual.study.codebook import Asked, Code
from quidqual.study.write_table import xml_safe

SUPPLEMENT = guid_of("supplement")
FORMAT = 1
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
