"""Withdrawal: a participant leaves the study, with all that was noted and coded of her."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from quidqual.privacy.pseudonyms.forget_key import forget_in_key
from quidqual.privacy.pseudonyms.key_file import read_key, write_key
from quidqual.privacy.release.contents import files_of, pieces_of, unpacked
from quidqual.privacy.release.quote_rules import NoteWords
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.files import as_path, inside, write_atomic
from quidqual.study.gate import identifier_of
from quidqual.study.log_append import log_lock
from quidqual.study.model import Study, open_study
from quidqual.study.read_table import read_text_table
from quidqual.study.wording import counted

_CACHES = ("summaries", "suggestions", ".cache", "cache")


def forget(
    study: str | Path,
    participant: str,
    *,
    key: str | Path | None = None,
    passphrase: str = "",
    outputs: str | Path | None = None,
) -> pd.DataFrame:
    """Take a participant out of a study folder, and list what was made from her words.

    Her notes are deleted, her rows of the tables, every line about her interviews in the
    coding logs, her summaries and suggestions, and her row of the key. Nothing can be brought
    back from the folder.

    Parameters
    ----------
    study : path
        The study folder; it is changed.
    participant : str
        Her id, such as ``"P3"``.
    key : path, optional
        The key file, opened by ``passphrase``.
    outputs : path, optional
        Folder of figures, tables and reports that were made from the study.

    Returns
    -------
    DataFrame
        ``what`` (note, coding, row, cache, key, words, output), ``place``, ``action``: deleted,
        ``look`` (words of hers stand there, or she may be counted: a person decides) or
        ``remake`` (an output that names her, or tells that it was made from this study).

    Raises
    ------
    QuidqualError
        If there is no such participant, or the study would not be valid without her; then
        nothing was changed.

    Notes
    -----
    A line of a log that was cut off goes too: what it holds cannot be told.

    Copies are out of reach: backups, the history of a repository, what was sent to others,
    and, as long as the key's copies exist, the raw notes. The docs list where to look.
    """
    folder = as_path(study, field="study")
    opened = open_study(folder)
    if participant not in set(opened.participants["participant"]):
        raise QuidqualError.of(
            f"{participant!r} is not a participant.",
            remedy=f"Use one of: {listed(opened.participants['participant'])}.",
            field="participant",
        )
    if len(opened.participants) == 1:
        raise QuidqualError.of(
            "she is the only participant: without her there is no study.",
            remedy="Delete the study folder, and the key.",
            field="participant",
        )
    opened_key = read_key(key, passphrase) if key is not None else None
    frame = opened.raw.interviews
    interviews = frame.loc[frame["participant"] == participant, "interview"].tolist()
    rows = [*_words_elsewhere(opened, folder, participant, interviews)]
    rows += _outputs(opened, outputs, participant, interviews)
    tables = {  # made before anything is deleted: what cannot be read stops here
        "interviews.csv": _table(folder, "interviews.csv", "interview", interviews),
        "participants.csv": _table(folder, "participants.csv", "participant", [participant]),
    }
    done = [
        *_logs(folder, interviews),
        *_caches(folder, participant, interviews),
        *_settings(folder, interviews),
    ]
    for name, (text, n) in tables.items():
        write_atomic(folder / name, text)
        done.append(("row", f"{name}: {n} rows", "deleted"))
    done += _notes(folder, opened, interviews)
    if opened_key is not None and key is not None:
        gone = forget_in_key(opened_key, participant, interviews)
        write_key(key, opened_key, passphrase, study=folder)
        done += [("key", counted(n, what), "deleted") for what, n in gone.items() if n]
    open_study(folder)
    return pd.DataFrame([*done, *rows], columns=["what", "place", "action"])


def _notes(folder: Path, study: Study, interviews: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    names = dict(zip(study.raw.interviews["interview"], study.raw.interviews["note"], strict=True))
    for interview in interviews:
        if names[interview]:
            path = inside(folder, names[interview], file="interviews.csv", row=None, field="note")
            path.unlink(missing_ok=True)
            yield "note", names[interview], "deleted"


def _logs(folder: Path, interviews: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Take every line about her out of the logs: withdrawal goes before the history of coding."""
    for path in sorted((folder / "codings").glob("*")):
        if not path.is_file() or path.name.startswith("."):
            continue
        if path.suffix == ".jsonl":
            with log_lock(folder, identifier_of(path.stem)):
                n = _log(path, interviews)
        else:  # cut-off lines, kept aside: what they hold cannot be told
            n = len(path.read_bytes().split(b"\n"))
            write_atomic(path, b"")
        if n:
            yield "coding", f"codings/{path.name}: {n} lines", "deleted"


def _log(path: Path, interviews: Sequence[str]) -> int:
    """Take the lines about her out of one log, and those that were cut off; count them."""
    lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    entries = [_entry(line) for line in lines]
    about = {e["id"] for e in entries if e.get("interview") in interviews and "id" in e}
    kept: list[bytes] = []
    open_batch = False  # whether the line kept last says that more of its batch follows
    for line, entry in zip(lines, entries, strict=True):
        if not line.strip():
            kept.append(line)
        elif entry and entry.get("id") not in about and entry.get("interview") not in interviews:
            kept.append(line)
            open_batch = entry.get("more") is True
        elif entry and open_batch and entry.get("more") is not True:
            # She was the last of a batch: without its end nothing of it would count.
            whole = {k: v for k, v in _entry(kept[-1]).items() if k != "more"}
            kept[-1] = json.dumps(whole, ensure_ascii=False).encode("utf-8")
            open_batch = False
    n = len(lines) - len(kept)
    if n:
        write_atomic(path, b"\n".join(kept))
    return n


def _entry(line: bytes) -> dict[str, Any]:
    try:
        entry = json.loads(line) if line.strip() else {}
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _caches(
    folder: Path, participant: str, interviews: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Delete summaries and suggestions about her, whole files or lines of a log."""
    about = {participant, *interviews}
    for room in _CACHES:
        for path in sorted((folder / room).rglob("*")):
            if not path.is_file():
                continue
            place = path.relative_to(folder).as_posix()
            if path.suffix == ".jsonl":
                lines = path.read_bytes().split(b"\n")
                kept = [x for x in lines if not about & {str(v) for v in _entry(x).values()}]
                if len(kept) != len(lines):
                    write_atomic(path, b"\n".join(kept))
                    yield "cache", f"{place}: {len(lines) - len(kept)} lines", "deleted"
            elif _names(path.read_bytes() + place.encode(), about):
                path.unlink()
                yield "cache", place, "deleted"


def _names(data: bytes, ids: set[str]) -> bool:
    pattern = "|".join(re.escape(i) for i in sorted(ids, key=len, reverse=True))
    return (
        re.search(rf"(?<![\w-])(?:{pattern})(?![\w])", data.decode("utf-8", "replace")) is not None
    )


def _settings(folder: Path, interviews: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Take her interviews out of the lists of study.toml (those that a coder read)."""
    path = folder / "study.toml"
    text = path.read_text("utf-8")
    new = text
    for interview in interviews:
        new = re.sub(rf'"{re.escape(interview)}"\s*,?[ ]?', "", new)
    if new != text:
        write_atomic(path, new)
        yield "row", "study.toml", "deleted"


def _table(folder: Path, name: str, column: str, ids: Sequence[str]) -> tuple[str, int]:
    """Text of a table without her rows, with the separator that it had, and how many they are."""
    table = read_text_table(folder / name, columns=[column], strip=False).must_be_sound()
    hers = table.frame[column].str.strip().isin(list(ids))
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=table.separator, lineterminator="\n")
    writer.writerow(table.frame.columns)
    writer.writerows(table.frame[~hers].itertuples(index=False, name=None))
    return stream.getvalue(), int(hers.sum())


def _words_elsewhere(
    study: Study, folder: Path, participant: str, interviews: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Find her id, and five of her words in a row, in other files of the study."""
    index = NoteWords(study)
    hers = set(study.raw.interviews.loc[study.raw.interviews["interview"].isin(interviews), "note"])
    for name, data in files_of(folder).items():
        if name in hers or name in ("participants.csv", "interviews.csv"):
            continue
        if name.startswith(("codings/", *(f"{room}/" for room in _CACHES))):
            continue
        for piece in pieces_of(name, data):
            own = [p for p in index.passages(piece) if p.participant == participant]
            if own or _names(piece.text.encode(), {participant, *interviews}):
                yield "words", piece.place, "look"


def _outputs(
    study: Study, outputs: str | Path | None, participant: str, interviews: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """List what was made from the study as it was, or names her."""
    if outputs is None:
        return
    folder = as_path(outputs, field="outputs")
    ids, digest = {participant, *interviews}, study.hash.encode()
    stems = set()
    for name, data in unpacked(files_of(folder)).items():
        if digest in data or _names(data, ids) or _names(name.encode(), ids):
            stems.add(name.partition("!")[0])
    bundles = {stem.rpartition(".")[0] for stem in stems}
    for name in files_of(folder):
        hers = name in stems or name.rpartition(".")[0] in bundles
        yield "output", name, "remake" if hers else "look"  # it may count her without a name
