"""From tables in memory to a raw study, and whether two raw studies are the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import pandas as pd

from quidqual.study.claims import Claim
from quidqual.study.codebook import Code, Codebook
from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.files import file_stem
from quidqual.study.log import COLUMNS, coding_id, sort_codings
from quidqual.study.raw import RawStudy
from quidqual.study.schema import check_document, fields_of
from quidqual.study.text import canonical

Rows: TypeAlias = pd.DataFrame | Iterable[Mapping[str, Any]]


def raw_study(
    settings: dict[str, Any],
    *,
    rounds: Rows,
    participants: Rows,
    interviews: Rows,
    notes: Mapping[str, str],
    codebook: Codebook | Iterable[Code | Mapping[str, Any]],
    codings: Rows | None,
    claims: Iterable[Claim | Mapping[str, Any]],
    languages: Sequence[str],
) -> RawStudy:
    """Bring tables into the form in which a folder is read, filling in what can be told.

    Raises
    ------
    QuidqualError
        If a column that cannot be told is missing.
    """
    people = _string_frame(participants, "participants")
    talks = _string_frame(interviews, "interviews")
    texts = {str(interview): canonical(text) for interview, text in notes.items()}
    if (talks["status"] == "").any():
        talks["status"] = talks["status"].where(talks["status"] != "", "held")
    fallback = [
        f"notes/{file_stem(i)}.md" if i in texts and not note else note
        for i, note in zip(talks["interview"], talks["note"], strict=True)
    ]
    talks["note"] = fallback
    settings["languages"] = list(languages) or settings.get("languages") or _languages(talks)
    settings["rounds"] = _round_entries(rounds)
    problems = check_document(settings, "study", file="study.toml")
    if problems:
        raise QuidqualError(problems)
    book = codebook if isinstance(codebook, Codebook) else Codebook(codebook)
    return RawStudy(
        settings=settings,
        participants=people,
        interviews=talks,
        participant_rows=list(range(2, len(people) + 2)),
        interview_rows=list(range(2, len(talks) + 2)),
        notes=texts,
        codebook=book,
        codings=_codings(codings, texts),
        claims=tuple(c if isinstance(c, Claim) else Claim.from_dict(c) for c in claims),
    )


def with_all_columns(raw: RawStudy) -> RawStudy:
    """Add the optional columns that a file left out, as empty ones."""
    whole: dict[str, Any] = {}
    for table in ("participants", "interviews"):
        frame: pd.DataFrame = getattr(raw, table)
        missing = [name for name in fields_of(table) if name not in frame.columns]
        if missing:
            whole[table] = frame.assign(**dict.fromkeys(missing, "")).astype(object)
    return replace(raw, **whole) if whole else raw


def _languages(talks: pd.DataFrame) -> list[str]:
    return sorted({language for language in talks["language"] if language}) or ["und"]


def _string_frame(rows: Rows, table: str) -> pd.DataFrame:
    """Make a table of strings with the columns of the schema first."""
    frame = rows.copy() if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    frame = frame.drop(columns=["corpus"], errors="ignore").reset_index(drop=True)
    names = fields_of(table)
    for name in names:
        if name not in frame.columns:
            frame[name] = ""
    for name in frame.columns:
        frame[name] = [_cell(value) for value in frame[name].tolist()]
    frame.columns = [str(name) for name in frame.columns]
    order = [*names, *(name for name in frame.columns if name not in names)]
    return frame[order].astype(object)


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _round_entries(rounds: Rows) -> list[dict[str, Any]]:
    records = rounds.to_dict("records") if isinstance(rounds, pd.DataFrame) else list(rounds)
    entries = []
    for record in records:
        entry: dict[str, Any] = {}
        for key in ("round", "label", "start", "end"):
            value = record.get(key)
            if value is None or value is pd.NaT or value == "":
                continue
            entry[key] = value.date() if isinstance(value, pd.Timestamp) else value
        if entry.get("label") == entry.get("round"):
            entry.pop("label", None)
        entries.append(entry)
    return entries


def _codings(rows: Rows | None, texts: Mapping[str, str]) -> pd.DataFrame:
    """Fill in what a coding says implicitly: words, context, id, source."""
    if rows is None:
        return pd.DataFrame(columns=list(COLUMNS)).astype({"start": "int64", "end": "int64"})
    frame = rows.copy() if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    missing = [c for c in ("interview", "start", "end", "code") if c not in frame.columns]
    if missing and len(frame):
        raise QuidqualError(
            Problem("codings", None, column, "the column is missing.", "Add it.")
            for column in missing
        )
    frame = frame.reindex(columns=list(COLUMNS)).reset_index(drop=True)
    defaults = {"coder": "A", "source": "hand", "at": "", "memo": "", "prefix": "", "suffix": ""}
    for column, value in defaults.items():
        frame[column] = frame[column].astype(object).where(frame[column].notna(), value)
    if len(frame) and frame[["start", "end"]].isna().any(axis=None):
        raise QuidqualError.of(
            "a coding has no start or end.", remedy="Fill in both.", file="codings"
        )
    for column in ("start", "end"):
        frame[column] = frame[column].astype("int64")
    frame["weight"] = frame["weight"].astype("Float64")
    for column in ("interview", "code", "exact", "id"):
        frame[column] = frame[column].astype(object)
    if frame["exact"].isna().any():
        frame["exact"] = [
            words if isinstance(words, str) else texts.get(interview, "")[start:end]
            for words, interview, start, end in zip(
                frame["exact"], frame["interview"], frame["start"], frame["end"], strict=True
            )
        ]
    if frame["id"].isna().any() or (frame["id"] == "").any():
        frame["id"] = _ids(frame)
    return sort_codings(frame)


def _ids(frame: pd.DataFrame) -> list[str]:
    """Give an id to each coding that has none; equal codings are told apart by a count."""
    seen: dict[tuple[Any, ...], int] = {}
    ids = []
    columns = ("id", "coder", "interview", "start", "end", "code")
    for given, *key in zip(*(frame[c].tolist() for c in columns), strict=True):
        if isinstance(given, str) and given:
            ids.append(given)
            continue
        nth = seen[tuple(key)] = seen.get(tuple(key), -1) + 1
        coder, interview, start, end, code = key
        ids.append(coding_id(coder, interview, start, end, code, nth))
    return ids


def same(one: RawStudy, other: RawStudy) -> bool:
    """Tell whether two studies say the same, whatever the order of rows in their files."""
    if (one.settings, one.notes, one.codebook, one.claims) != (
        other.settings, other.notes, other.codebook, other.claims,
    ):  # fmt: skip
        return False
    return all(
        _sorted(getattr(one, name), key).equals(_sorted(getattr(other, name), key))
        for name, key in (
            ("participants", ["participant"]),
            ("interviews", ["interview"]),
            ("codings", ["coder", "id"]),
        )
    )


def _sorted(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    if not len(frame):
        return pd.DataFrame()
    columns = [c for c in frame.columns if c not in ("prefix", "suffix")]
    return frame.sort_values(key, ignore_index=True)[sorted(columns)].astype(object).fillna("")
