"""Two copies of a study that were coded apart, put together: no coding of either is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from quidqual.hand_coding.carried import append_lines, read_records
from quidqual.hand_coding.codebook_text import FIELDS
from quidqual.hand_coding.log_state import Line, LogState, read_line
from quidqual.hand_coding.session import coding_session
from quidqual.study.errors import Problem, QuidqualError, listed
from quidqual.study.files import as_path
from quidqual.study.log import parse_log
from quidqual.study.log_append import append
from quidqual.study.model import Study, open_study
from quidqual.study.reading import load_yaml

_BESIDE = ("memos", "decisions", "suggestions")
_COLUMNS = ["what", "who", "n_new", "n_there", "n_apart"]


def unite(folder: str | Path, other: str | Path, *, coder: str) -> pd.DataFrame:
    """Take what was coded in another copy of a study into this one.

    A log that went on in the other copy goes on here. Where one coder worked in both, the
    codings that only the other copy has are added, and those that both changed stay as they
    are here. Codes that only the other copy has are made; the other copy is not touched.

    Parameters
    ----------
    folder : str or Path
        The study that takes in.
    other : str or Path
        The other copy.
    coder : str
        In whose name codes are made here.

    Returns
    -------
    DataFrame
        ``what`` (codings, read marks, codes, memos, decisions, suggestions), ``who`` (coder,
        or the code), ``n_new`` (taken in), ``n_there`` (here already), ``n_apart`` (other
        here than there, and left as they are here).

    Raises
    ------
    QuidqualError
        If an interview that was coded there is not here, or one study is synthetic and the
        other real; nothing is written then.
    """
    here, there = as_path(folder), as_path(other)
    mine, theirs = open_study(here), open_study(there)
    _check(mine, theirs)
    rows = _codes(mine, theirs, (here, there), coder)
    for path in sorted((there / "codings").glob("*.jsonl")):
        rows += _log(path, here)
    for room in _BESIDE:
        for path in sorted((there / room).glob("*.jsonl")):
            known = read_records(here / room / path.name)
            new = [line for line in read_records(path) if line not in known]
            if new:
                append_lines(here / room / path.name, new)
            rows.append((room, path.stem, len(new), len(known), 0))
    open_study(here)
    return pd.DataFrame(rows, columns=_COLUMNS)


def _check(mine: Study, theirs: Study) -> None:
    problems = []
    if mine.corpus != theirs.corpus:
        message = f"this study is {mine.corpus}, the other {theirs.corpus}."
        problems.append(Problem("study.toml", None, "corpus", message, "Keep them apart."))
    coded = {*theirs.codings["interview"], *theirs.reads["interview"]}
    missing = sorted(coded - set(mine.notes["interview"]))
    if missing:
        message = f"{len(missing)} interviews that were coded there are not here: {listed(missing)}"
        remedy = "Import their notes here first."
        problems.append(Problem("interviews.csv", None, "interview", f"{message}.", remedy))
    if problems:
        raise QuidqualError(problems)


def _codes(
    mine: Study, theirs: Study, folders: tuple[Path, Path], coder: str
) -> list[tuple[Any, ...]]:
    """Make the codes that only the other copy has, each under its parent."""
    rows: list[tuple[Any, ...]] = []
    new = [code for code in theirs.codebook if code.id not in mine.codebook]
    if new:
        text = (folders[1] / "codebook.yaml").read_text("utf-8-sig")
        written = {str(c["id"]): c for c in load_yaml(text, file="codebook.yaml")["codes"]}
        with coding_session(folders[0], coder=coder) as session:
            made = set(session.codes.book.ids)
            while new:
                code = next((c for c in new if not c.parent or c.parent in made), new[0])
                fields = {f: v for f, v in written[code.id].items() if f in FIELDS}
                session.codes.create(code.id, parent=code.parent, **fields)
                made.add(code.id)
                new.remove(code)
                rows.append(("codes", code.id, 1, 0, 0))
    for code in theirs.codebook:
        if code.id in mine.codebook and mine.codebook[code.id] != code:
            rows.append(("codes", code.id, 0, 0, 1))
    return rows


def _log(path: Path, folder: Path) -> list[tuple[Any, ...]]:
    """Take one coder's log in."""
    lines = _lines(path)
    who = next((line["coder"] for line in lines if line.get("coder")), None)
    if who is None:
        return []
    own = folder / "codings" / path.name
    have = _lines(own) if own.is_file() else []
    after = LogState(who, parse_log(path.read_bytes(), file=path.name)[0])
    before = LogState(who, parse_log(own.read_bytes(), file=own.name)[0] if have else [])
    if lines[: len(have)] == have:
        added = lines[len(have) :]
        append(folder, who, added)
        fresh = set(after.standing) - set(before.standing)
        apart = 0
    elif have[: len(lines)] == lines:
        fresh, apart = set(), 0
    else:
        once = {line["id"] for line in have}
        fresh = {key for key in after.standing if key not in once}
        apart = sum(before.standing.get(k) != c for k, c in after.standing.items() if k in once)
        _add(folder, who, [after.standing[key] for key in after.standing if key in fresh],
             sorted(after.read - before.read))  # fmt: skip
    reads = after.read - before.read
    same = len(after.standing.keys() & before.standing.keys()) - apart
    return [
        ("codings", who, len(fresh), max(same, 0), apart),
        ("read marks", who, len(reads), len(after.read & before.read), 0),
    ]


def _add(folder: Path, who: str, codings: Sequence[Mapping[str, Any]], reads: list[str]) -> None:
    """Add codings and read marks to a log that went its own way here, as one step."""
    with coding_session(folder, coder=who) as session:
        lines: list[Line] = [{"op": "add", **coding} for coding in codings]
        lines += [read_line(who, interview, read=True) for interview in reads]
        session.write(lines, "unite")


def _lines(path: Path) -> list[dict[str, Any]]:
    """Lines of a log without the mark that a batch goes on, which is no part of what they say."""
    found = []
    for line in path.read_bytes().splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if isinstance(record, dict):
            found.append({k: v for k, v in record.items() if k != "more"})
    return found
