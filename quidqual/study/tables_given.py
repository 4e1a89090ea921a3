"""From tables in memory to a raw study, and whether two raw studies are the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from pandas.api.types import is_object_dtype, is_scalar

from quidqual.study.anchor import placed_by_words
from quidqual.study.claims import Claim
from quidqual.study.codebook import Code, Codebook
from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.gate import note_names
from quidqual.study.log import COLUMNS, READ_COLUMNS, coding_id, log_file, read_frame, sort_codings
from quidqual.study.reading import RawStudy
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
    reads: Rows | None,
    claims: Iterable[Claim | Mapping[str, Any]],
    report: Mapping[str, Any] | None,
    recommendations: Iterable[Mapping[str, Any]],
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
    texts = _texts(notes, talks["interview"].tolist())
    if (talks["status"] == "").any():
        talks["status"] = talks["status"].where(talks["status"] != "", "held")
    names = note_names(texts)
    talks["note"] = [
        note or names.get(interview, "")
        for interview, note in zip(talks["interview"], talks["note"], strict=True)
    ]
    settings["languages"] = list(languages) or settings.get("languages") or _languages(talks)
    settings["rounds"] = _round_entries(rounds)
    problems = check_document(settings, "study", file="study.toml")
    if problems:
        raise QuidqualError(problems)
    book = codebook if isinstance(codebook, Codebook) else as_codebook(codebook)
    stated = _stated(claims, report, recommendations)
    coded, places, found = _codings(codings, texts)
    return RawStudy(
        found=tuple(found),
        settings=settings,
        participants=people,
        interviews=talks,
        participant_rows=list(range(2, len(people) + 2)),
        interview_rows=list(range(2, len(talks) + 2)),
        notes=texts,
        codebook=book,
        codings=coded,
        coding_places=places,
        reads=_reads(reads),
        **stated,
    )


def _stated(claims: Any, report: Any, recommendations: Any) -> dict[str, Any]:
    """Check what would stand in claims.yaml against its schema."""
    claims, recommendations = (
        _entries(claims, "claims"),
        _entries(recommendations, "recommendations"),
    )
    document = {
        "claims": [claim for claim in claims if not isinstance(claim, Claim)],
        "report": {} if report is None else report,
        "recommendations": recommendations,
    }
    problems = check_document(document, "claims", file="claims")
    if problems:
        raise QuidqualError(problems)
    return {
        "claims": tuple(
            deepcopy(c) if isinstance(c, Claim) else Claim.from_dict(deepcopy(c)) for c in claims
        ),
        "report": dict(document["report"]),
        "recommendations": tuple(deepcopy(recommendations)),
    }


def _entries(given: Any, field: str) -> list[Any]:
    """Copy a list of mappings; what else stands in it, the schema refuses."""
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        raise QuidqualError.of(
            f"{field}= must be a list.", remedy="Give a list of dicts.", field=field
        )
    return [dict(entry) if isinstance(entry, Mapping) else entry for entry in given]


def with_all_columns(raw: RawStudy) -> RawStudy:
    """Add the optional columns that a file left out, as empty ones."""
    whole: dict[str, Any] = {}
    for table in ("participants", "interviews"):
        frame: pd.DataFrame = getattr(raw, table)
        missing = [name for name in fields_of(table) if name not in frame.columns]
        if missing:
            whole[table] = frame.assign(**dict.fromkeys(missing, "")).astype(object)
    return replace(raw, **whole) if whole else raw


def _rows(rows: Any) -> list[Any]:
    return rows.to_dict("records") if isinstance(rows, pd.DataFrame) else list(rows)


def _frame(rows: Rows, table: str) -> pd.DataFrame:
    """Copy a frame, or make one of mappings."""
    if isinstance(rows, pd.DataFrame):
        for name in rows.columns[[is_object_dtype(kind) for kind in rows.dtypes]]:
            _must_be_whole(rows[name].tolist(), table)
        return rows.copy()
    listed = list(rows)
    if not all(isinstance(row, Mapping) for row in listed):
        raise QuidqualError.of(
            "each row must be a mapping of column to value.",
            remedy="Give a DataFrame or a list of dicts.",
            file=table,
        )
    for row in listed:
        _must_be_whole([*row, *row.values()], table)
    return pd.DataFrame([dict(row) for row in listed])


def _must_be_whole(cells: Iterable[Any], table: str) -> None:
    for cell in cells:
        if isinstance(cell, str) and _has_halves(cell):
            raise QuidqualError.of(
                "a cell holds half of a character.", remedy="Write the cell anew.", file=table
            )


def _texts(notes: Any, interviews: Sequence[str]) -> dict[str, str]:
    """Make the notes canonical; each belongs to an interview and is text."""
    if isinstance(notes, str) or not hasattr(notes, "items"):
        raise QuidqualError.of(
            "notes= must map interviews to texts.", remedy="Give a dict.", file="notes"
        )
    texts: dict[str, str] = {}
    problems = []
    for key, text in notes.items():
        interview = _cell(key, "notes")
        if interview not in interviews:
            remedy = "Add the interview or leave out the note."
            problems.append(Problem("notes", None, interview, "this is not an interview.", remedy))
        elif not isinstance(text, str) or _has_halves(text):
            remedy = "Give a str of whole characters; leave the note out where there is none."
            problems.append(Problem("notes", None, interview, "the note is not text.", remedy))
        else:
            texts[interview] = canonical(text)
    if problems:
        raise QuidqualError(problems)
    return texts


def _has_halves(text: str) -> bool:
    """Tell whether halves of characters (lone surrogates) stand in a text: no file holds them."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def as_codebook(codes: Any) -> Codebook:
    """Make a codebook of ids, mappings, a frame, or the content of a codebook.yaml."""
    constructs: Any = ()
    if isinstance(codes, Mapping):
        constructs, codes = codes.get("constructs") or (), codes.get("codes") or ()
    entries = []
    for entry in _rows(codes):
        if isinstance(entry, str):
            entry = {"id": entry}
        if isinstance(entry, Mapping):
            entry = {k: v for k, v in entry.items() if not (is_scalar(v) and pd.isna(v))}
            asked = {
                name: [part.strip() for part in str(entry[f"asked_{name}"]).split(",")]
                for name in ("groups", "rounds")
                if entry.get(f"asked_{name}")
            }
            entry = {"asked": asked, **entry}
        if not isinstance(entry, Code) and not (isinstance(entry, Mapping) and entry.get("id")):
            raise QuidqualError.of(
                "a code has no id.", remedy="Give ids, or mappings with 'id'.", file="codebook"
            )
        entries.append(entry)
    return Codebook(entries, constructs=constructs)


def _languages(talks: pd.DataFrame) -> list[str]:
    return sorted({language for language in talks["language"] if language}) or ["und"]


def _string_frame(rows: Rows, table: str) -> pd.DataFrame:
    """Make a table of strings with the columns of the schema first."""
    frame = _frame(rows, table)
    frame = frame.drop(columns=["corpus"], errors="ignore").reset_index(drop=True)
    names = fields_of(table)
    for name in names:
        if name not in frame.columns:
            frame[name] = ""
    for name in frame.columns:
        frame[name] = [_cell(value, table) for value in frame[name].tolist()]
    frame.columns = [str(name) for name in frame.columns]
    order = [*names, *(name for name in frame.columns if name not in names)]
    return frame[order].astype(object)


def _cell(value: Any, table: str) -> str:
    """Write a cell as it would stand in a file."""
    if isinstance(value, str):
        return canonical(value).strip()
    if not is_scalar(value):
        raise QuidqualError.of(
            "a cell holds a list or the like.", remedy="Give one value a cell.", file=table
        )
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _round_entries(rounds: Rows) -> list[dict[str, Any]]:
    listed = [{"round": r} if isinstance(r, str | int) else r for r in _rows(rounds)]
    records = _frame(listed, "rounds").to_dict("records")
    entries = []
    for record in records:
        entry: dict[str, Any] = {}
        for key in ("round", "label", "start", "end"):
            value = record.get(key)
            if value is None or (is_scalar(value) and pd.isna(value)) or value == "":
                continue
            if key in ("round", "label"):
                value = _cell(value, "rounds")
            entry[key] = value.date() if isinstance(value, pd.Timestamp) else value
        if entry.get("label") == entry.get("round"):
            entry.pop("label", None)
        entries.append(entry)
    return entries


def _codings(
    rows: Rows | None, texts: Mapping[str, str]
) -> tuple[pd.DataFrame, list[tuple[str, int]], list[Problem]]:
    """Fill in what a coding says implicitly: place or words, id, source; and its row as given."""
    if rows is None:
        empty = pd.DataFrame(columns=list(COLUMNS)).astype({"start": "int64", "end": "int64"})
        return empty, [], []
    frame = _frame(rows, "codings")
    needed = ["interview", "code"] if "exact" in frame else ["interview", "start", "end", "code"]
    missing = [column for column in needed if column not in frame.columns]
    if missing and len(frame):
        raise QuidqualError(
            Problem("codings", None, column, "the column is missing.", "Add it.")
            for column in missing
        )
    frame = frame.reindex(columns=list(COLUMNS)).reset_index(drop=True)
    defaults = {"coder": "A", "source": "hand", "at": "", "memo": "", "prefix": "", "suffix": ""}
    for column, value in defaults.items():
        frame[column] = frame[column].astype(object).where(frame[column].notna(), value)
    for column in ("start", "end"):
        frame[column] = _numbers(frame[column], whole=True)
    frame["weight"] = _numbers(frame["weight"]).astype("Float64")
    frame["at"] = [_time(value) for value in frame["at"].tolist()]
    for column in ("interview", "code", "coder", "source"):
        codes, values = pd.factorize(frame[column].astype(object), use_na_sentinel=False)
        names = np.array([_cell(value, "codings") for value in values] or [""], dtype=object)
        frame[column] = pd.Series(names[codes], dtype=object)
    for column in ("exact", "id", "memo"):
        frame[column] = frame[column].astype(object)
    frame, problems = placed_by_words(frame, texts)
    frame = frame.astype({"start": "int64", "end": "int64"})
    for coder in frame["coder"].unique():
        log_file(coder)  # a name under which no log can be written is refused here
    if frame["exact"].isna().any():
        problems += _out_of_reach(frame[frame["exact"].isna()], texts)
        frame["exact"] = [
            words if isinstance(words, str) else texts.get(interview, "")[start:end]
            for words, interview, start, end in zip(
                frame["exact"], frame["interview"], frame["start"], frame["end"], strict=True
            )
        ]
    if frame["id"].isna().any() or (frame["id"] == "").any():
        frame["id"] = _ids(frame)
    frame["_row"] = frame.index + 1
    frame = sort_codings(frame)
    places = [("codings", row) for row in frame.pop("_row").tolist()]
    return frame, places, problems


def _reads(rows: Rows | None) -> pd.DataFrame:
    """Read marks: a coder, an interview and, where known, when."""
    if rows is None:
        return read_frame([])
    frame = _frame(rows, "reads")
    missing = [c for c in ("coder", "interview") if c not in frame.columns]
    if missing and len(frame):
        raise QuidqualError(
            Problem("reads", None, column, "the column is missing.", "Add it.")
            for column in missing
        )
    frame = frame.reindex(columns=list(READ_COLUMNS))
    for column in ("coder", "interview"):
        frame[column] = [_cell(value, "reads") for value in frame[column].tolist()]
    frame["at"] = [_time(value) for value in frame["at"].tolist()]
    for coder in frame["coder"].unique():
        log_file(coder)
    return read_frame(frame.drop_duplicates(["coder", "interview"]).to_dict("records"))


def _numbers(values: pd.Series, *, whole: bool = False) -> pd.Series:
    """Read numbers, and refuse what is none (an offset of 2.5 would become another place)."""
    numbers = pd.to_numeric(values.astype(object), errors="coerce").astype("Float64")
    bad = (numbers.isna() & values.notna()).to_numpy(dtype=bool)
    if whole:
        bad = bad | (numbers % 1 != 0).fillna(False).to_numpy(dtype=bool)
    if bad.any():
        kind = "whole number" if whole else "number"
        raise QuidqualError(
            Problem(
                "codings",
                int(row) + 1,
                str(values.name),
                f"{values.name} must be a {kind}.",
                "Mend it.",
            )
            for row in bad.nonzero()[0]
        )
    return numbers


def _time(value: Any) -> str:
    """Write a time as the log does: ISO 8601, UTC where a zone is known."""
    if not isinstance(value, datetime):
        return _cell(value, "codings")
    at = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return at.isoformat(timespec="seconds") + "Z"


def _out_of_reach(frame: pd.DataFrame, texts: Mapping[str, str]) -> list[Problem]:
    """List codings that reach out of their notes: no words stand there to be filled in."""
    lengths = frame["interview"].map({i: len(text) for i, text in texts.items()})
    beyond = frame[(frame["end"] > lengths).fillna(False).astype(bool)]
    message = "the coding reaches out of the note."
    remedy = "Count code points; the end is not included."
    return [Problem("codings", int(row) + 1, "end", message, remedy) for row in beyond.index]


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
    plain = ("settings", "notes", "codebook", "claims", "report", "recommendations")
    if any(getattr(one, name) != getattr(other, name) for name in plain):
        return False
    return all(
        _sorted(getattr(one, name), key).equals(_sorted(getattr(other, name), key))
        for name, key in (
            ("participants", ["participant"]),
            ("interviews", ["interview"]),
            ("codings", ["coder", "id"]),
            ("reads", ["coder", "interview"]),
        )
    )


def _sorted(frame: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    if not len(frame):
        return pd.DataFrame()
    columns = [c for c in frame.columns if c not in ("prefix", "suffix")]
    return frame.sort_values(key, ignore_index=True)[sorted(columns)].astype(object).fillna("")
