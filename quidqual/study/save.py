"""Writing a study folder: canonical files, each replaced whole, logs only ever appended to."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.files import write_atomic
from quidqual.study.gate import identifier_of, safe_path, same_on_some_disk
from quidqual.study.log import COLUMNS, READ_COLUMNS, add_lines, log_file, parse_log, replay

if TYPE_CHECKING:
    from quidqual.study.codebook import Codebook
    from quidqual.study.model import Study


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
    return files


def save_study(study: Study, folder: Path) -> Path:
    """Write a study into a folder of its own.

    Nothing is overwritten silently: a folder that holds another study is refused, files
    with the same content are left alone, and a log that is there already is kept when
    its replay says what is to be saved.

    Parameters
    ----------
    study : Study
    folder : Path
        A new or empty folder, or one that holds the same study.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    QuidqualError
        If the folder holds other files under the names that would be written.
    """
    files = study_files(study)
    targets = {name: safe_path(folder, name, file=folder.name) for name in files}
    if problems := _one_file(files):
        raise QuidqualError(problems)
    differing = [name for name, content in files.items() if _differs(targets[name], name, content)]
    if differing:
        shown = ", ".join(differing[:5]) + (" ..." if len(differing) > 5 else "")
        raise QuidqualError.of(
            f"the folder holds other content in: {shown}.",
            remedy="Save into a new folder, so that nothing is overwritten.",
            file=folder.name,
        )
    for name, content in files.items():
        if not targets[name].exists():
            write_atomic(targets[name], content)
    for extra in _extras(study):
        target = safe_path(folder, extra.as_posix(), file=folder.name)
        if study.folder and not target.exists():
            write_atomic(target, (study.folder / extra).read_bytes())
    return folder


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
