"""The codebook as it grew: its versions, what changed between two of them, what to read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.hand_coding.carried import CODEBOOK_LOG, read_records
from quidqual.hand_coding.log_state import LogState
from quidqual.hand_coding.text_patches import apply_patch
from quidqual.study.arguments import must_be_number
from quidqual.study.codebook import Code, Codebook
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.log import parse_log
from quidqual.study.reading import load_yaml

if TYPE_CHECKING:
    from quidqual.study.model import Study

_HISTORY = ["version", "at", "coder", "op", "code", "into", "told", "n_codings", "step"]
_DIFF = ["code", "change", "before", "after", "n_codings"]
_MEANING = ("label", "definition", "include", "exclude", "examples")


def codebook_history(study: Study | str | Path) -> pd.DataFrame:
    """List every recorded step of a study's codebook.

    Parameters
    ----------
    study : Study or path
        A study that was opened from a folder, or the folder.

    Returns
    -------
    DataFrame
        One row a step in the order in which they were made: ``version`` (int; 0 is the
        codebook before the first step), ``at, coder`` (str), ``op`` (create, rename,
        redefine, move, merge, split, retire, undo, redo, by hand), ``code, into`` (str),
        ``told`` (str: what the step says of itself), ``n_codings`` (int: how many codings
        of all coders it carried along), ``step`` (str). No rows where no step was recorded.

    Raises
    ------
    QuidqualError
        If the study has no folder.

    Examples
    --------
    >>> from quidqual import load_example
    >>> len(codebook_history(load_example()))
    0
    """
    rows = []
    for number, record in enumerate(_steps(_folder(study)), 1):
        moved = sum(len(ids) for ids in (record.get("codings") or {}).values())
        rows.append((
            number, record.get("at", ""), record.get("coder", ""), record["op"],
            record.get("code", ""), record.get("into", ""), record.get("told", ""), moved,
            record.get("step", ""),
        ))  # fmt: skip
    frame = pd.DataFrame(rows, columns=_HISTORY)
    return frame.astype({"version": "int64", "n_codings": "int64"})


def codebook_version(study: Study | str | Path, version: int) -> Codebook:
    """Give the codebook as it was after a step; 0 is before the first.

    Raises
    ------
    QuidqualError
        If there is no such version.
    """
    return _book(_text_of(_folder(study), version))


def codebook_diff(study: Study | str | Path, before: int, after: int | None = None) -> pd.DataFrame:
    """Say what changed between two versions of the codebook, and how many codings moved.

    Parameters
    ----------
    study : Study or path
    before, after : int
        Versions of `codebook_history`; ``after`` left out is the codebook of today.

    Returns
    -------
    DataFrame
        One row a change, in the order of the codebook: ``code``, ``change`` (added, removed,
        renamed, merged, split, redefined, moved, retired), ``before, after`` (str: the
        code's earlier or later name, its parent, or the fields that changed), ``n_codings``
        (int: codings that a recorded step moved).

    Raises
    ------
    QuidqualError
        If there is no such version.
    """
    folder = _folder(study)
    steps = _steps(folder)
    last = len(steps) if after is None else after
    must_be_number(before, field="before", whole=True)
    must_be_number(last, field="after", whole=True)
    if before > last:
        raise QuidqualError.of(
            f"version {before} is later than {last}.", remedy="Give the earlier one first."
        )
    old, new = _book(_text_of(folder, before)), _book(_text_of(folder, last))
    between = steps[before:last]
    rows: list[tuple[str, str, str, str, int]] = []
    now = {code: code for code in old.ids}  # id of then: id of now
    for record in _lasting(between):
        op, code, into = record["op"], record.get("code", ""), record.get("into", "")
        n = sum(len(ids) for ids in (record.get("codings") or {}).values())
        if op == "rename":
            now = {then: into if name == code else name for then, name in now.items()}
        elif op == "merge":
            rows.append((code, "merged", code, into, n))
        elif op == "split":
            rows.append((code, "split", code, into, n))
    merged = {row[0] for row in rows if row[1] == "merged"}
    for then, name in now.items():
        if name not in new:
            if name not in merged:
                rows.append((then, "removed", then, "", 0))
            continue
        if name != then:
            rows.append((then, "renamed", then, name, _moved(between, "rename", then, name)))
        rows += _changed(old[then], new[name], now)
    rows += [(c, "added", "", c, 0) for c in new.ids if c not in set(now.values())]
    return pd.DataFrame(rows, columns=_DIFF).astype({"n_codings": "int64"})


def to_reread(study: Study | str | Path) -> pd.DataFrame:
    """List the codings that were made before the meaning of their code changed.

    A coding leaves the list once its coder changes its code or bounds, or confirms it
    (``session.confirm``).

    Returns
    -------
    DataFrame
        ``code, coder, interview, start, end`` (int), ``id``, ``coded, redefined`` (str:
        times), sorted by code, interview and place.

    Raises
    ------
    QuidqualError
        If the study has no folder.
    """
    folder = _folder(study)
    redefined = _redefined(folder)
    paths = sorted((folder / "codings").glob("*.jsonl")) if redefined else []
    logs = [parse_log(path.read_bytes(), file=path.name)[0] for path in paths]
    return _before(redefined, [LogState("", entries) for entries in logs])


def own_to_reread(folder: Path, state: LogState) -> pd.DataFrame:
    """List them for one coder, whose log was read already; the columns of `to_reread`."""
    return _before(_redefined(folder), [state])


def _redefined(folder: Path) -> dict[str, str]:
    """When the meaning of each code changed last."""
    redefined: dict[str, str] = {}
    for record in _lasting(_steps(folder)):
        if record["op"] == "redefine":
            redefined[record["code"]] = record["at"]
        elif record["op"] == "rename" and record["code"] in redefined:
            redefined[record["into"]] = redefined.pop(record["code"])
    return redefined


def _before(redefined: Mapping[str, str], states: Iterable[LogState]) -> pd.DataFrame:
    rows = []
    for state in states if redefined else ():
        for key, coding in state.standing.items():
            since, made = redefined.get(coding["code"]), state.touched.get(key, "")
            if since is not None and made < since:
                rows.append((
                    coding["code"], coding["coder"], coding["interview"], coding["start"],
                    coding["end"], key, made, since,
                ))  # fmt: skip
    columns = ["code", "coder", "interview", "start", "end", "id", "coded", "redefined"]
    frame = pd.DataFrame(rows, columns=columns).astype({"start": "int64", "end": "int64"})
    return frame.sort_values(["code", "interview", "start", "end", "coder"], ignore_index=True)


def latest_text(records: Iterable[Mapping[str, Any]]) -> str | None:
    """Text of codebook.yaml after all recorded steps; None if none was recorded."""
    text: str | None = None
    for record in records:
        text = _next(text, record)
    return text


def _next(text: str | None, record: Mapping[str, Any]) -> str | None:
    if record.get("op") == "base":
        return str(record["text"])
    patch = (record.get("patches") or {}).get("codebook.yaml")
    return text if text is None or not patch else apply_patch(text, patch, file=CODEBOOK_LOG)


def _text_of(folder: Path, version: int) -> str:
    must_be_number(version, field="version", whole=True)
    text, count = None, -1
    for record in read_records(folder / CODEBOOK_LOG):
        text = _next(text, record)
        count += 1
        if count == version:
            break
    if count < version or version < 0 or text is None:
        if version == 0 and count < 0:
            return (folder / "codebook.yaml").read_text("utf-8")
        raise QuidqualError.of(
            f"there is no version {version} of the codebook.",
            remedy=f"Use a number from 0 to {max(count, 0)}: qq.hand_coding.codebook_history.",
        )
    return text


def _book(text: str) -> Codebook:
    document = load_yaml(text, file="codebook.yaml") or {}
    return Codebook(document.get("codes") or (), constructs=document.get("constructs") or ())


def _steps(folder: Path) -> list[dict[str, Any]]:
    return [r for r in read_records(folder / CODEBOOK_LOG) if r.get("op") != "base"]


def _lasting(steps: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Steps that were not taken back since; one that was made again counts once."""
    by_step = {record.get("step"): record for record in steps}
    lasting: list[dict[str, Any]] = []
    for record in steps:
        if record["op"] == "undo":
            target = by_step.get(record.get("undoes"))
            while target is not None and target["op"] == "redo":
                target = by_step.get(target.get("origin"))
            lasting = [kept for kept in lasting if kept is not target]
        elif record["op"] == "redo":
            origin = by_step.get(record.get("origin"))
            if origin is not None:
                lasting.append(origin)
        else:
            lasting.append(record)
    return lasting


def _moved(steps: Sequence[dict[str, Any]], op: str, code: str, into: str) -> int:
    ids = {key for r in steps if r["op"] == op and (r.get("code") == code or r.get("into") == into)
           for keys in (r.get("codings") or {}).values() for key in keys}  # fmt: skip
    return len(ids)


def _changed(
    then: Code, now: Code, names: Mapping[str, str]
) -> list[tuple[str, str, str, str, int]]:
    rows = []
    fields = [name for name in _MEANING if getattr(then, name) != getattr(now, name)]
    if fields:
        rows.append((now.id, "redefined", ", ".join(fields), ", ".join(fields), 0))
    if names.get(then.parent or "", then.parent) != now.parent:
        rows.append((now.id, "moved", then.parent or "", now.parent or "", 0))
    if getattr(now, "retired", False) and not getattr(then, "retired", False):
        rows.append((now.id, "retired", "", "", 0))
    return rows


def _folder(study: Study | str | Path) -> Path:
    folder = getattr(study, "folder", study) if not isinstance(study, str | Path) else study
    if folder is None:
        raise QuidqualError.of(
            "the study has no folder, and its history is kept there.",
            remedy="Save it and open it again.",
            field="study",
        )
    return as_path(folder)
