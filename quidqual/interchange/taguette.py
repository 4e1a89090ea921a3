"""Reading a Taguette project (.sqlite3) or its exported tables into a study."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quidqual.interchange.answers import sheet_rows
from quidqual.interchange.assemble import assemble
from quidqual.interchange.database import Tables, open_database
from quidqual.interchange.markup import TaggedText, tagged_text
from quidqual.interchange.offsets import STANDARD
from quidqual.interchange.project import (
    Account,
    ForeignCode,
    ForeignProject,
    ForeignText,
    Imported,
    Marks,
)
from quidqual.interchange.qdc import read_qdc
from quidqual.interchange.refi import guid_of
from quidqual.interchange.untrusted import Limits, decode_text, existing, read_capped, refuse
from quidqual.study.errors import QuidqualError
from quidqual.study.read_table import read_text_table
from quidqual.study.wording import counted

_DOCUMENTS = {"id": int, "name": str, "description": str, "project_id": int, "contents": str}
_HIGHLIGHTS = {
    "id": int, "document_id": int, "start_offset": int, "end_offset": int, "snippet": str,
}  # fmt: skip
_TAGS = {"id": int, "project_id": int, "path": str, "description": str}
_COMMANDS = {"date": str, "user_login": str, "project_id": int, "payload": str}
_LIMITS = Limits(file_bytes=64 << 20)
_LONGEST_PAYLOAD = 100_000
_CODEBOOK_COLUMNS = ["tag", "description"]
_HIGHLIGHT_COLUMNS = ["id", "document", "tag", "content"]


def read_taguette(
    path: str | Path,
    *,
    project: str | None = None,
    rounds: str | Mapping[str, Any] | None = None,
    group: str | None = None,
    language: str = "und",
    speech: str = "verbatim",
    interviewers: str | Sequence[str] = (),
    title: str = "",
    on_error: str = "raise",
) -> Imported:
    """Read a Taguette project, or what Taguette exports of one.

    Parameters
    ----------
    path : str or Path
        A ``.sqlite3`` (the whole project), a ``.csv`` or ``.xlsx`` of highlights (only the
        highlighted words, so each document becomes the list of them), or a codebook
        (``.csv``, ``.xlsx``, ``.qdc``).
    project : str, optional
        Name of the project, where the database holds several.
    rounds, group, language, speech, interviewers, title, on_error
        As in `quidqual.read`.

    Returns
    -------
    Imported
        ``.study`` and ``.report`` (columns item, kind, action, why).

    Raises
    ------
    QuidqualError
        If it is no Taguette file, or has faults and they are not to be reported.

    Notes
    -----
    Taguette counts UTF-8 bytes of the text between the tags of its HTML. The coder and
    the time of a highlight are only in its log of commands; the last entry counts. A dot
    in the name of a tag is its hierarchy: a tag goes under the one that its name begins
    with, where that exists.
    """
    file = existing(path)
    kind = file.suffix.casefold()
    if kind == ".qdc":
        return read_qdc(file, title=title, language=language, on_error=on_error)
    account = Account(file.name, on_error=on_error)
    if kind in (".csv", ".xlsx"):
        foreign = _highlights_table(file, account)
    else:
        with open_database(file) as tables:
            if not {"documents", "highlights", "tags", "highlight_tags"} <= tables.names:
                raise refuse(file.name, "this is not a Taguette project.", "Export it as .sqlite3.")
            foreign = _database(tables, account, project)
    return assemble(
        foreign, account, rounds=rounds, group=group, language=language, offsets=STANDARD,
        speech=speech, interviewers=interviewers, title=title,
    )  # fmt: skip


def _database(tables: Tables, account: Account, wanted: str | None) -> ForeignProject:
    number, name, description = _choose(tables, wanted)
    foreign = ForeignProject(account.file, origin="Taguette", title=name, description=description)
    foreign.quotes_are_words = True
    tags = [row for row in tables.rows("tags", _TAGS) if row["project_id"] == number]
    foreign.codes = tag_tree(
        [(f"{row['id']}", row["path"] or "", row["description"] or "") for row in tags], account
    )
    texts: dict[int, TaggedText] = {}
    index: dict[int, int] = {}
    for row in tables.rows("documents", _DOCUMENTS):
        if row["project_id"] != number:
            continue
        tagged = tagged_text(row["contents"] or "", file=account.file)
        texts[row["id"]], index[row["id"]] = tagged, len(foreign.texts)
        variables = {"description": row["description"]} if row["description"] else {}
        title = row["name"] or f"document {row['id']}"
        foreign.texts.append(ForeignText(f"{row['id']}", title, tagged.text, variables))
    if foreign.texts:
        account.changed(
            counted(len(foreign.texts), "document"), "HTML", "taken as text, without its form"
        )
    _highlights(tables, foreign, account, texts, index)
    return foreign


def _choose(tables: Tables, wanted: str | None) -> tuple[int, str, str]:
    rows = tables.rows("projects", {"id": int, "name": str, "description": str})
    names = [row["name"] or "" for row in rows]
    chosen = [row for row in rows if wanted is None or row["name"] == wanted]
    if len(chosen) != 1:
        message = f"the database holds {len(rows)} projects, {len(chosen)} of that name."
        remedy = f"Pass project= one of: {', '.join(map(repr, names[:10]))}."
        raise refuse(tables.file, message, remedy, field="project")
    return chosen[0]["id"], chosen[0]["name"] or "", chosen[0]["description"] or ""


def tag_tree(tags: list[tuple[str, str, str]], account: Account) -> list[ForeignCode]:
    """Put tags (key, path, description) into a tree by the dots in their names.

    A tag goes under the longest tag that its name begins with up to a dot; a dot in a name
    that no other tag begins is only a dot.
    """
    by_path = {path: key for key, path, _ in tags}
    codes = []
    for key, path, description in sorted(tags, key=lambda tag: (tag[1], tag[0])):
        above, name = None, path
        cuts = [at for at, char in enumerate(path) if char == "."]
        for at in reversed(cuts):
            if path[:at] in by_path and path[at + 1 :].strip():
                above, name = by_path[path[:at]], path[at + 1 :]
                account.changed(path, "tag", f"its place is under {path[:at]!r}")
                break
        codes.append(ForeignCode(key, name, above, description=description))
    return codes


def _highlights(
    tables: Tables,
    foreign: ForeignProject,
    account: Account,
    texts: dict[int, TaggedText],
    index: dict[int, int],
) -> None:
    tags: dict[int, list[str]] = {}
    known = {code.key for code in foreign.codes}
    for row in tables.rows("highlight_tags", {"highlight_id": int, "tag_id": int}):
        tags.setdefault(row["highlight_id"], []).append(str(row["tag_id"]))
    log = _log(tables, account)
    marks = Marks()
    rows = [r for r in tables.rows("highlights", _HIGHLIGHTS) if r["document_id"] in texts]
    untagged = 0
    for row in sorted(rows, key=lambda r: (index[r["document_id"]], r["id"])):
        tagged = texts[row["document_id"]]
        item = f"highlight {row['id']}"
        place = tagged.place(row["start_offset"], row["end_offset"])
        if place is None:
            place = (-1, -1)
        own = sorted(tags.get(row["id"], []), key=int)
        untagged += not own
        words = tagged_text(row["snippet"] or "", file=account.file).text
        coder, at = log.get(row["id"], ("", ""))
        for tag in own:
            if tag not in known:
                account.fault(item, "highlight_tags", "it has a tag that is not there.")
                continue
            number = guid_of("Taguette", str(row["id"]), tag)
            values = (index[row["document_id"]], *place, tag, coder, at, "", number, words)
            for name, value in zip(Marks.__slots__, values, strict=True):
                getattr(marks, name).append(value)
    foreign.marks = marks
    if untagged:
        account.left_out(counted(untagged, "highlight"), "highlight", "they have no tag")


def _log(tables: Tables, account: Account) -> dict[int, tuple[str, str]]:
    """Tell from the log of commands who made each highlight last, and when."""
    found: dict[int, tuple[str, str]] = {}
    if "commands" not in tables.names:
        account.left_out("commands", "log", "there is none, so no coder is known")
        return found
    for row in tables.rows("commands", _COMMANDS):
        try:
            words = row["payload"] or "null"
            payload = json.loads(words) if len(words) <= _LONGEST_PAYLOAD else None
        except (ValueError, RecursionError):
            continue
        if isinstance(payload, dict) and payload.get("type") == "highlight_add":
            number = payload.get("highlight_id")
            if isinstance(number, int):
                found[number] = (row["user_login"] or "", (row["date"] or "").strip())
    return found


def is_taguette_table(file: Path) -> bool:
    """Tell by its header whether a table is an export of Taguette: highlights or codebook.

    It is read as the table itself will be, so that one which Excel saved with semicolons is
    recognised too.
    """
    try:
        header = _rows(file)[0]
    except QuidqualError:
        return False
    return header == _HIGHLIGHT_COLUMNS or header[:2] == _CODEBOOK_COLUMNS


def _rows(file: Path) -> list[list[str]]:
    """Header and rows of a table, each as long as the header."""
    if file.suffix.casefold() == ".xlsx":
        found = sheet_rows(file) or [[]]
        width = len(found[0])
        return [(row + [""] * width)[:width] for row in found]
    text = decode_text(read_capped(file, limits=_LIMITS), file=file.name)
    usual = {*_HIGHLIGHT_COLUMNS, *_CODEBOOK_COLUMNS}
    table = read_text_table(f"{text}\n", file=file.name, columns=usual, strip=False)
    table.must_be_sound()
    return [list(table.frame.columns), *table.frame.to_numpy().tolist()]


def _highlights_table(file: Path, account: Account) -> ForeignProject:
    """Make a project of exported highlights: each document is the list of its highlights."""
    header, *rows = _rows(file)
    foreign = ForeignProject(file.name, origin="Taguette", title=file.stem)
    if header[:2] == _CODEBOOK_COLUMNS:
        tags = [(str(n), row[0], row[1]) for n, row in enumerate(rows)]
        foreign.codes = tag_tree(tags, account)
        return foreign
    if header != _HIGHLIGHT_COLUMNS:
        remedy = f"The columns must be {', '.join(_HIGHLIGHT_COLUMNS)}."
        raise refuse(file.name, "this is not a table of highlights that Taguette exported.", remedy)
    why = "the export holds only highlighted words: each document is the list of them"
    account.changed(file.name, "documents", why)
    _list_highlights(rows, foreign, account)
    return foreign


def _list_highlights(rows: list[list[str]], foreign: ForeignProject, account: Account) -> None:
    paths = list(dict.fromkeys(row[2] for row in rows if row[2].strip()))
    foreign.codes = tag_tree([(path, path, "") for path in paths], account)
    documents: dict[str, dict[str, tuple[str, list[str]]]] = {}
    for number, document, tag, content in rows:
        own = documents.setdefault(document, {}).setdefault(number, (content.strip(), []))
        if tag.strip():
            own[1].append(tag)
    marks = Marks()
    for index, (document, highlights) in enumerate(documents.items()):
        at, parts = 0, []
        for number, (words, tags) in highlights.items():
            for tag in dict.fromkeys(tags):
                guid = guid_of("Taguette", number, tag)
                values = (index, at, at + len(words), tag, "", "", "", guid, "")
                for name, value in zip(Marks.__slots__, values, strict=True):
                    getattr(marks, name).append(value)
            parts.append(words)
            at += len(words) + 2
        foreign.texts.append(ForeignText(document, document, "\n\n".join(parts)))
    foreign.marks = marks
