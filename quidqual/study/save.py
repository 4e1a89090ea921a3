"""Writing a study folder: canonical files, each replaced whole, logs only ever appended to."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.study.chosen_reading import FOLDER, whole_files
from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.files import part_beside, sync_folder, write_atomic, writing
from quidqual.study.gate import identifier_of, safe_path, same_on_some_disk
from quidqual.study.log import (
    COLUMNS,
    READ_COLUMNS,
    add_lines,
    log_file,
    parse_log,
    read_id,
    replay,
)
from quidqual.study.log_append import append, log_lock
from quidqual.study.wording import joined

if TYPE_CHECKING:
    from quidqual.study.codebook import Codebook
    from quidqual.study.model import Study

MARK = ".saving"


def study_files(study: Study) -> dict[str, str]:
    """Content of every file of a study, by path inside the folder."""
    raw = study.raw
    files = {
        "study.toml": toml_text(raw.settings),
        "participants.csv": _csv_text(raw.participants),
        "interviews.csv": _csv_text(raw.interviews),
        "codebook.yaml": codebook_text(raw.codebook),
    }
    names = dict(zip(raw.interviews["interview"], raw.interviews["note"], strict=True))
    files.update({names[interview]: text for interview, text in raw.notes.items()})
    for coder in sorted({*raw.codings["coder"], *raw.reads["coder"]}):
        codings, reads = (f[f["coder"] == coder] for f in (raw.codings, raw.reads))
        files[log_file(coder)] = add_lines(codings, reads)
    if raw.claims or raw.report or raw.recommendations:
        document: dict[str, Any] = {"report": dict(raw.report)} if raw.report else {}
        document["claims"] = [claim.to_dict() for claim in raw.claims]
        if raw.recommendations:
            document["recommendations"] = [dict(r) for r in raw.recommendations]
        files["claims.yaml"] = yaml_text(document)
    for name, content in whole_files(study).items():
        files[f"{FOLDER}/{name}"] = toml_text(content) if isinstance(content, dict) else content
    return files


def save_study(study: Study, folder: Path, *, replace: bool = False) -> Path:
    """Write a study as a folder: all of it, or what is there is known to be unfinished.

    A new folder is written beside its place and put there when it is whole. Into one that
    is there, a file ``.saving`` is written first and taken away last; a study with one is
    not opened. Nothing is overwritten silently, and a log is only ever appended to.

    Parameters
    ----------
    study : Study
    folder : Path
        A new or empty folder, or one that holds the same study.
    replace : bool, default False
        Whether a study that is there may become this one: tables, notes, codebook and
        claims are written anew; each log gets the lines that lead to the codings and read
        marks of this study. Further files stay.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    QuidqualError
        If the folder holds other files under the names that would be written, and
        ``replace`` is False; or if a name passes no gate.
    """
    files = study_files(study)
    for name in files:
        safe_path(folder, name, file=folder.name)
    if problems := _one_file(files):
        raise QuidqualError(problems)
    with writing(folder):
        return _save(study, folder, files, replace=replace)


def _save(study: Study, folder: Path, files: dict[str, str], *, replace: bool) -> Path:
    if not os.path.lexists(folder):
        _write_beside(study, folder, files)
        return folder
    differing = [n for n, content in files.items() if _differs(folder / n, n, content)]
    if differing and not replace:
        shown = joined(differing, limit=5)
        raise QuidqualError.of(
            f"the folder holds other content in: {shown}.",
            remedy="Save into a new folder, or allow it with replace=True.",
            file=folder.name,
        )
    if not all((folder / name).exists() for name in files) or differing:
        mark = folder / MARK
        write_atomic(mark, "\n".join(["This study is being saved.", *files]) + "\n")
        _write_into(study, folder, files)
        mark.unlink()
        sync_folder(folder)
    return folder


def _write_beside(study: Study, folder: Path, files: dict[str, str]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = part_beside(folder)
    beside.mkdir()
    try:
        _write_into(study, beside, files)
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    sync_folder(folder.parent)


def _write_into(study: Study, folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        if not name.startswith("codings/"):
            write_atomic(safe_path(folder, name), content)
    logs = {name for name in files if name.startswith("codings/")}
    there = {f"codings/{path.name}" for path in (folder / "codings").glob("*.jsonl")}
    for name in sorted(logs - there):
        write_atomic(safe_path(folder, name), files[name])
    for name in sorted(there):
        _lead_log_to(folder, name, files.get(name, ""))
    for extra in _extras(study):
        target = safe_path(folder, extra.as_posix(), file=folder.name)
        if study.folder and not target.exists():
            write_atomic(target, (study.folder / extra).read_bytes())


def _lead_log_to(folder: Path, name: str, wanted: str) -> None:
    """Append to a log what makes its replay say what another log says."""
    coder = identifier_of(Path(name).stem)
    with log_lock(folder, coder):
        have = _standing((folder / name).read_bytes(), name)
        want = _standing(wanted.encode("utf-8"), name)
        if have is None or want is None:
            raise QuidqualError.of(
                "this log has broken lines, so nothing can be added to it.",
                remedy="Mend it first: quidqual validate FOLDER names the lines.",
                file=name,
            )
        old, new = ({c["id"]: c for c in part[0]} for part in (have, want))
        gone = [c for key, c in old.items() if new.get(key) != c]
        come = [c for key, c in new.items() if old.get(key) != c]
        entries = [{"op": "remove", "id": c["id"], "at": "", "coder": coder} for c in gone]
        entries += [{"op": "add", **c} for c in come]
        was, is_now = ({r["interview"]: r for r in part[1]} for part in (have, want))
        entries += _marks("unread", coder, was, is_now)
        entries += _marks("read", coder, is_now, was)
        append(folder, coder, entries)


def _marks(
    op: str, coder: str, ones: dict[str, dict[str, Any]], others: dict[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    return [
        {"op": op, "id": read_id(coder, interview), **mark}
        for interview, mark in ones.items()
        if others.get(interview) != mark
    ]


def _one_file(names: Iterable[str]) -> list[Problem]:
    """Files that a disk without capitals takes for one."""
    return [
        Problem(other, None, "", f"on some disks {name!r} is the same file.", "Rename one of them.")
        for name, other in same_on_some_disk(names)
    ]


def _extras(study: Study) -> list[Path]:
    """Files of a study that no table holds: summaries, decisions, memos, how the codebook grew."""
    if study.folder is None:
        return []
    base = study.folder
    rooms = ("summaries", "suggestions", "memos", "decisions")
    paths = [path for room in rooms for path in sorted((base / room).rglob("*"))]
    paths += [base / name for name in ("codebook.log.jsonl", "notes.log.jsonl")]
    return [path.relative_to(base) for path in paths if path.is_file()]


def _differs(path: Path, name: str, content: str) -> bool:
    if not path.exists():
        return False
    there = path.read_bytes()
    if there == content.encode("utf-8"):
        return False
    if not name.startswith("codings/"):
        return True

    return _standing(there, name) != _standing(content.encode("utf-8"), name)


def _standing(log: bytes, name: str) -> tuple[list[dict[str, Any]], ...] | None:
    """What a log says at its end, whatever its history; None if it says nothing whole."""
    entries, problems = parse_log(log, file=name)
    codings, reads, more = replay(entries, file=name, coder=identifier_of(Path(name).stem))
    if any(p.level == "error" for p in [*problems, *more]):
        return None
    return (
        sorted(({k: c[k] for k in COLUMNS} for c in codings), key=lambda c: c["id"]),
        sorted(({k: r[k] for k in READ_COLUMNS} for r in reads), key=lambda r: r["interview"]),
    )


def _csv_text(frame: pd.DataFrame) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(frame.itertuples(index=False, name=None))
    return stream.getvalue()


def codebook_text(codebook: Codebook) -> str:
    """Codebook as YAML, in the order of the codebook."""
    document: dict[str, Any] = {"codes": [code.to_dict() for code in codebook]}
    if codebook.constructs:
        document["constructs"] = [construct.to_dict() for construct in codebook.constructs]
    return yaml_text(document)


def yaml_text(document: Any) -> str:
    """Write YAML that a person can read and diff."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(document, Dumper=dumper, allow_unicode=True, sort_keys=False, width=100))


def toml_text(settings: dict[str, Any]) -> str:
    """Write ``study.toml``: plain keys first, then tables, then arrays of tables."""
    return "\n".join(_toml_lines(settings, ())).strip("\n") + "\n"


def _toml_lines(table: dict[str, Any], path: tuple[str, ...]) -> list[str]:
    plain = {k: v for k, v in table.items() if not _is_table(v) and not _is_tables(v)}
    lines = [f"{_toml_key(key)} = {_toml_value(value)}" for key, value in plain.items()]
    for key, value in table.items():
        inner = (*path, key)
        name = ".".join(_toml_key(part) for part in inner)
        if _is_table(value):
            lines += ["", f"[{name}]", *_toml_lines(value, inner)]
        elif _is_tables(value):
            for item in value:
                lines += ["", f"[[{name}]]", *_toml_lines(item, inner)]
    return lines


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _toml_key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else json.dumps(key, ensure_ascii=False)


def _toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml_value(item) for item in value) + "]"
    if isinstance(value, dict):
        pairs = (f"{_toml_key(k)} = {_toml_value(v)}" for k, v in value.items())
        return "{ " + ", ".join(pairs) + " }"
    return _toml_string(str(value))


def _toml_string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
