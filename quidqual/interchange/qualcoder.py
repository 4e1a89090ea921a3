"""Reading a QualCoder project (.qda folder, or its data.qda) into a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from quidqual.interchange.assemble import assemble
from quidqual.interchange.database import Tables, open_database
from quidqual.interchange.names import free_column
from quidqual.interchange.project import (
    Account,
    ForeignCase,
    ForeignCode,
    ForeignProject,
    ForeignText,
    Imported,
    Marks,
)
from quidqual.interchange.refi import WHOLE, guid_of
from quidqual.interchange.untrusted import existing, refuse
from quidqual.study.wording import counted

_CODES = {"cid": int, "name": str, "memo": str, "catid": int, "color": str, "supercid": int}
_CATEGORIES = {"catid": int, "name": str, "memo": str, "supercatid": int}
_SOURCES = {"id": int, "name": str, "fulltext": str, "mediapath": str, "memo": str}
_CODINGS = {
    "ctid": int, "cid": int, "fid": int, "seltext": str, "pos0": int, "pos1": int,
    "owner": str, "date": str, "memo": str, "important": int,
}  # fmt: skip
_CASES = {"caseid": int, "name": str, "memo": str}
_CASE_TEXTS = {"caseid": int, "fid": int, "pos0": int, "pos1": int}
_ATTRIBUTES = {"name": str, "attr_type": str, "value": str, "id": int}
_REMARKS = {
    "annotation": ("fid", "annotation"),
    "code_image": ("id", "coding of a part"),
    "code_av": ("id", "coding of a stretch"),
}
"""Tables whose rows are not codings of text, but hold words of the researcher."""

_LEFT_OUT = {
    "code_image": "codings of parts of pictures and PDF pages are not text",
    "code_av": "codings of stretches of recordings are not text",
    "annotation": "annotations beside the text are not codings (their words are kept as memos)",
    "stored_sql": "stored queries are never run",
    "graph": "a study has no graphs",
    "ris": "bibliographic references",
}


def read_qualcoder(
    path: str | Path,
    *,
    rounds: str | Mapping[str, Any] | None = None,
    group: str | None = None,
    language: str = "und",
    speech: str = "verbatim",
    interviewers: str | Sequence[str] = (),
    title: str = "",
    offsets: str = "auto",
    on_error: str = "raise",
) -> Imported:
    """Read a QualCoder project: categories, codes, cases, attributes, codings, memos, coders.

    Parameters
    ----------
    path : str or Path
        The ``.qda`` folder, or the ``data.qda`` inside it. Close the project first.
    rounds, group, language, speech, interviewers, title, offsets, on_error
        As in `quidqual.read`.

    Returns
    -------
    Imported
        ``.study`` and ``.report`` (columns item, kind, action, why).

    Raises
    ------
    QuidqualError
        If it is no QualCoder project, or has faults and they are not to be reported.

    Notes
    -----
    Offsets are code points of the stored text; the words that QualCoder stores beside
    them are checked, since its text widget counts UTF-16 units and one of a line end.
    Versions 2 to 4 of the program (schemas v2 to v17) are read.
    """
    folder = Path(path) if isinstance(path, str | Path) else path
    file = existing(folder / "data.qda" if isinstance(folder, Path) and folder.is_dir() else folder)
    name = file.parent.name if file.name == "data.qda" else file.name
    account = Account(name, on_error=on_error)
    with open_database(file) as tables:
        if not {"code_name", "code_text", "source"} <= tables.names:
            raise refuse(name, "this is not a QualCoder project.", "Give the .qda folder.")
        project = ForeignProject(file=name, origin="QualCoder", title=name.removesuffix(".qda"))
        project.quotes_are_words = True
        _project(tables, project, account)
        project.codes = _codes(tables, account)
        _texts(tables, project, account)
        _marks(tables, project, account)
        _cases(tables, project, account)
        _remarks(tables, project)
        for table, why in _LEFT_OUT.items():
            if count := tables.count(table):
                account.left_out(counted(count, "row"), table, why)
    return assemble(
        project, account, rounds=rounds, group=group, language=language, offsets=offsets,
        speech=speech, interviewers=interviewers, title=title,
    )  # fmt: skip


def _project(tables: Tables, project: ForeignProject, account: Account) -> None:
    optional = ("databaseversion", "memo", "about")
    for row in tables.rows("project", dict.fromkeys(optional, str), optional=optional):
        project.origin = f"QualCoder {row['databaseversion'] or ''}".strip()
        project.description = row["memo"] or ""
    if "coder_names" in tables.names:
        project.coders = [row["name"] or "" for row in tables.rows("coder_names", {"name": str})]
    if "journal" in tables.names:
        for row in tables.rows("journal", {"name": str, "jentry": str}):
            project.memos.append((row["name"] or "journal", row["jentry"] or ""))


def _remarks(tables: Tables, project: ForeignProject) -> None:
    """Keep as memos what was written about things that a study does not hold."""
    taken = {text.key for text in project.texts}
    names: dict[int, str] = {}
    for row in tables.rows("source", _SOURCES, optional=("mediapath", "memo")):
        names[row["id"]] = row["name"] or f"source {row['id']}"
        if str(row["id"]) not in taken and row["memo"]:
            project.memos.append((names[row["id"]], row["memo"]))
    for table, (of, what) in _REMARKS.items():
        if {of, "memo"} <= set(tables.columns(table)):
            for row in tables.rows(table, {of: int, "memo": str}):
                if row["memo"]:
                    project.memos.append((f"{what} of {names.get(row[of], '?')}", row["memo"]))


def _codes(tables: Tables, account: Account) -> list[ForeignCode]:
    """Put categories and codes into one tree; a circle of categories is cut open."""
    found: dict[str, ForeignCode] = {}
    if "code_cat" in tables.names:
        for row in tables.rows("code_cat", _CATEGORIES, optional=("supercatid", "memo")):
            above = f"cat:{row['supercatid']}" if row["supercatid"] is not None else None
            key = f"cat:{row['catid']}"
            found[key] = ForeignCode(
                key, row["name"] or "", above, codable=False, description=row["memo"] or ""
            )
    for row in tables.rows("code_name", _CODES, optional=("supercid", "memo", "catid", "color")):
        above = f"cat:{row['catid']}" if row["catid"] is not None else None
        if row["supercid"] is not None:
            above = f"code:{row['supercid']}"
        key = f"code:{row['cid']}"
        found[key] = ForeignCode(
            key, row["name"] or "", above, colour=row["color"] or "", description=row["memo"] or ""
        )
    for code in found.values():
        if code.parent is not None and code.parent not in found:
            account.fault(
                code.name, "code_name", "it is in a category that is not there.", taken=True
            )
            code.parent = None
    cut_circles(found, account)
    return _parents_first(found)


def cut_circles(codes: dict[str, ForeignCode], account: Account) -> None:
    """Make a code that is its own ancestor a code at the top."""
    settled: set[str] = set()
    for code in codes.values():
        path: dict[str, None] = {}
        at: ForeignCode | None = code
        while at is not None and at.key not in settled:
            path[at.key] = None
            if at.parent in path:
                account.fault(at.name, "code_cat", "it is its own ancestor.", taken=True)
                at.parent = None
            at = codes.get(at.parent) if at.parent else None
        settled.update(path)


def _parents_first(codes: dict[str, ForeignCode]) -> list[ForeignCode]:
    below: dict[str | None, list[ForeignCode]] = {}
    for code in codes.values():
        below.setdefault(code.parent, []).append(code)
    ordered: list[ForeignCode] = []
    stack = list(reversed(below.get(None, [])))
    while stack:
        code = stack.pop()
        ordered.append(code)
        stack += reversed(below.get(code.key, []))
    return ordered


def _texts(tables: Tables, project: ForeignProject, account: Account) -> None:
    for row in tables.rows("source", _SOURCES, optional=("mediapath", "memo")):
        name = row["name"] or f"source {row['id']}"
        if row["fulltext"] is None or (row["mediapath"] and not row["fulltext"]):
            account.left_out(name, "source", "it holds no text (a picture, recording or scan)")
            continue
        if row["mediapath"] and not row["mediapath"].startswith(("/docs/", "docs:")):
            account.changed(name, "source", "only its text was taken")
        variables = {"memo": row["memo"]} if row["memo"] else {}
        # A mark at the beginning stays until offsets are mapped: QualCoder counts it.
        project.texts.append(ForeignText(f"{row['id']}", name, row["fulltext"], variables))


def _marks(tables: Tables, project: ForeignProject, account: Account) -> None:
    index = {text.key: number for number, text in enumerate(project.texts)}
    codes = {code.key for code in project.codes}
    rows = tables.rows("code_text", _CODINGS, optional=("memo", "important", "owner", "date"))
    known = []
    for row in rows:
        item = f"coding {row['ctid']}"
        if str(row["fid"]) not in index:
            account.fault(item, "code_text", "it refers to a source that is not there.")
        elif f"code:{row['cid']}" not in codes:
            account.fault(item, "code_text", "it refers to a code that is not there.")
        elif row["pos0"] is None or row["pos1"] is None:
            account.fault(item, "code_text", "it has no offsets.")
        else:
            known.append(row)
    known.sort(key=lambda row: (index[str(row["fid"])], row["ctid"] or 0))
    project.marks = Marks(
        text=[index[str(row["fid"])] for row in known],
        start=[max(-1, row["pos0"]) for row in known],
        end=[max(-1, row["pos1"]) for row in known],
        code=[f"code:{row['cid']}" for row in known],
        coder=[row["owner"] or "" for row in known],
        at=[row["date"] or "" for row in known],
        memo=[row["memo"] or "" for row in known],
        id=[guid_of("QualCoder", str(row["ctid"])) for row in known],
        quote=[row["seltext"] or "" for row in known],
    )
    important = sum(1 for row in known if row["important"])
    if important:
        account.left_out(
            counted(important, "coding"), "important", "a study has no mark for important"
        )


def _cases(tables: Tables, project: ForeignProject, account: Account) -> None:
    if not {"cases", "case_text"} <= tables.names:
        return
    cases = {}
    for row in tables.rows("cases", _CASES, optional=("memo",)):
        variables = {"memo": row["memo"]} if row["memo"] else {}
        name = row["name"] or f"case {row['caseid']}"
        cases[row["caseid"]] = ForeignCase(f"case:{row['caseid']}", name, variables)
    keys = {text.key: text for text in project.texts}
    for row in tables.rows("case_text", _CASE_TEXTS):
        case, text = cases.get(row["caseid"]), keys.get(str(row["fid"]))
        if case is None or text is None:
            continue
        if (row["pos0"] or 0) > 0 or (row["pos1"] or WHOLE) in range(1, len(text.text) - 1):
            account.changed(
                text.name, "case_text", f"a part of it belongs to {case.name!r}; taken whole"
            )
        case.texts.append(text.key)
    _attributes(tables, cases, keys)
    project.cases = list(cases.values())


def _attributes(
    tables: Tables, cases: dict[Any, ForeignCase], texts: dict[str, ForeignText]
) -> None:
    if "attribute" not in tables.names:
        return
    for row in tables.rows("attribute", _ATTRIBUTES):
        of_case = row["attr_type"] == "case"
        owner = cases.get(row["id"]) if of_case else texts.get(str(row["id"]))
        if owner is not None and row["name"] and row["value"]:
            owner.variables[free_column(row["name"], owner.variables)] = row["value"]
