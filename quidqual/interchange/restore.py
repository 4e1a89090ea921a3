"""Restoring a study exactly from a project that quidqual wrote, other programs' edits kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from quidqual.interchange.assemble import code_tree
from quidqual.interchange.names import Ids, colour
from quidqual.interchange.offsets import Ruler
from quidqual.interchange.placing import convention_of, placed
from quidqual.interchange.project import Account, ForeignCode, ForeignProject, Imported
from quidqual.interchange.qdc import written_colour, written_name
from quidqual.interchange.refi import Reader, utc
from quidqual.interchange.supplement import (
    SUPPLEMENT,
    around,
    claim_from,
    code_from,
    code_notes,
    load,
    memo_pairs,
)
from quidqual.study.codebook import Code, Codebook, Construct
from quidqual.study.errors import QuidqualError
from quidqual.study.gate import note_fault, note_names
from quidqual.study.log import COLUMNS
from quidqual.study.wording import counted
from quidqual.study.write_table import xml_safe

__all__ = ["SUPPLEMENT", "restore"]

_UNUSABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)


def restore(
    text: str, project: ForeignProject, reader: Reader, account: Account
) -> Imported | None:
    """Put a study together again from its project and the note that quidqual keeps in it.

    What an element of the project says wins over the note, so that edits made in another
    program are kept; the note gives only what no element can say.

    Parameters
    ----------
    text : str
        Words of the note: untrusted like everything else in the file.
    project : ForeignProject
        What the elements say.
    reader : Reader
    account : Account

    Returns
    -------
    Imported or None
        None if the note does not fit the project any more: it is then read like any other.

    Raises
    ------
    QuidqualError
        For faults of the file, as in every import.
    """
    draft = Account(account.file, on_error=account.on_error)
    try:
        known = load(text)
        if not _same_things(known, project):
            raise ValueError("sources or cases were added or removed")
        imported = _restored(known, project, reader, draft)
    except _UNUSABLE as error:
        if isinstance(error, QuidqualError) and account.on_error == "raise" and draft.problems:
            raise
        why = "it does not fit the project any more; people and rounds are told anew"
        account.changed("note of quidqual", "Note", why)
        return None
    return Imported(imported.study, pd.concat([account.frame, draft.frame], ignore_index=True))


def _same_things(known: Mapping[str, Any], project: ForeignProject) -> bool:
    """Tell whether the project still has the sources and cases that were written."""
    sources = [row[0] for row in known["interviews"]["rows"] if row[0]]
    cases = [row[0] for row in known["participants"]["rows"]]
    return sorted(sources) == sorted(t.key for t in project.texts) and sorted(cases) == sorted(
        c.key for c in project.cases
    )


def _restored(
    known: Mapping[str, Any], project: ForeignProject, reader: Reader, account: Account
) -> Imported:
    from quidqual.study.model import Study

    account.problems += reader.account.problems
    rulers = [Ruler(text.text) for text in project.texts]
    verdict = convention_of(project, rulers, "auto", account)
    settings = _settings(known, project, account)
    names = {
        row[0]: row[_column(known, "interviews", "interview")]
        for row in known["interviews"]["rows"]
    }
    interviews = [names[text.key] for text in project.texts]
    codebook, ids = _codebook(known, project, settings, account)
    codings = placed(project, account, rulers, verdict.convention, interviews)
    notes = dict(zip(interviews, (ruler.canonical for ruler in rulers), strict=True))
    tables = {
        table: _table(known, table, values, reader, account)
        for table, values in (
            ("participants", {case.key: case.variables for case in project.cases}),
            ("interviews", {text.key: text.variables for text in project.texts}),
        )
    }
    tables["interviews"]["note"] = _note_files(tables["interviews"], notes, account)
    account.taken(counted(len(codebook), "code"), "CodeBook")
    account.taken(counted(len(notes), "text"), "text")
    account.taken(counted(len(codings), "coding"), "Coding")
    account.taken(
        "note of quidqual", "Note", "rounds, people, patterns, claims and weights restored"
    )
    account.settle()
    study = Study.from_tables(
        title=settings.get("title", project.title),
        corpus=settings["corpus"],
        rounds=settings["rounds"],
        participants=tables["participants"],
        interviews=tables["interviews"],
        notes=notes,
        codebook=codebook,
        codings=_codings(known, codings, ids, notes, codebook),
        reads=known["reads"],
        claims=[claim_from(claim) for claim in known["claims"]],
        report=known["report"],
        recommendations=known["recommendations"],
        languages=settings["languages"],
        settings=settings,
    )
    return Imported(study, account.frame)


def _column(known: Mapping[str, Any], table: str, name: str) -> int:
    return 1 + list(known[table]["columns"]).index(name)


def _settings(
    known: Mapping[str, Any], project: ForeignProject, account: Account
) -> dict[str, Any]:
    settings = dict(known["settings"])
    if project.title != xml_safe(settings["title"]):
        settings["title"] = project.title
        account.changed("title", "Project", "edited in another program")
    if project.description != xml_safe(str(settings.get("description", ""))):
        settings["description"] = project.description
        account.changed("description", "Project", "edited in another program")
    if project.memos != memo_pairs(settings):
        settings["memos"] = [{"name": name, "text": text} for name, text in project.memos]
        account.changed("memos", "Note", "edited in another program")
    return settings


def _codebook(
    known: Mapping[str, Any],
    project: ForeignProject,
    settings: Mapping[str, Any],
    account: Account,
) -> tuple[Codebook, dict[str, str]]:
    """Restore the codes in their order; names, colours and places as the elements say."""
    language = settings["languages"][0]
    written = {guid: code_from(fields) for guid, fields in known["codes"]}
    there = {code.key: code for code in project.codes}
    names = Ids(code.id for code in written.values())
    ids = {guid: code.id for guid, code in written.items()}
    for code in project.codes:
        if code.key not in written:
            ids[code.key] = names.give(code.name, fallback="code", lower=True)
            account.changed(code.name, "Code", "added in another program")
    order = list(there) if set(there) != set(written) else list(written)
    for guid in sorted(set(written) - set(there)):
        account.changed(ids[guid], "Code", "removed in another program")
    codes = []
    for guid in order:
        foreign = there[guid]
        if guid in written:
            codes.append(_code(written[guid], foreign, ids, language, account))
        else:
            made, _ = code_tree([foreign], Account(account.file), language=language)
            codes.append(_replaced(made[0], id=ids[guid], parent=ids.get(foreign.parent or "")))
    have = {ids[guid] for guid in order}
    constructs = [Construct.from_dict(entry) for entry in known["constructs"]]
    kept = [c for c in constructs if all(set(s.any_of) <= have for s in c.states)]
    for construct in constructs:
        if construct not in kept:
            account.left_out(construct.id, "construct", "its codes were removed in another program")
    return Codebook(codes, constructs=kept), ids


def _code(
    code: Code, foreign: ForeignCode, ids: Mapping[str, str], language: str, account: Account
) -> Code:
    changes: dict[str, Any] = {}
    if foreign.name != written_name(code, language):
        changes["label"] = {**code.label, language: foreign.name}
    if foreign.description != xml_safe(code.definition):
        changes["definition"] = foreign.description.strip()
    if foreign.colour != written_colour(code):
        changes["colour"] = colour(foreign.colour)
    if foreign.memo != "\n\n".join(words for _, _, words in code_notes(code)):
        changes["memo"] = foreign.memo.strip()
    parent = ids[foreign.parent] if foreign.parent else None
    if parent != code.parent:
        changes["parent"] = parent
    if foreign.codable != code.codable:
        changes["codable"] = foreign.codable
    if changes:
        account.changed(code.id, "Code", f"edited in another program: {', '.join(sorted(changes))}")
    return _replaced(code, **changes) if changes else code


def _replaced(code: Code, **changes: Any) -> Code:
    from dataclasses import replace

    return replace(code, **changes)


def _table(
    known: Mapping[str, Any],
    table: str,
    values: Mapping[str, Mapping[str, str]],
    reader: Reader,
    account: Account,
) -> pd.DataFrame:
    """Restore a table; a variable that says something else now wins over the note."""
    columns = [str(column) for column in known[table]["columns"]]
    names = {
        column: reader.variables[guid]
        for guid, (of, column) in known["variables"].items()
        if of == table and guid in reader.variables
    }
    rows = []
    for guid, *cells in known[table]["rows"]:
        row = dict(zip(columns, cells, strict=True))
        for column, name in names.items() if guid in values else ():
            said = values[guid].get(name, "")
            if said != xml_safe(row[column]):
                row[column] = said
                account.changed(
                    str(row[columns[0]]), "Variable", f"{column}: edited in another program"
                )
        rows.append(row)
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _note_files(talks: pd.DataFrame, notes: Mapping[str, str], account: Account) -> list[str]:
    """Keep the file of a note only where it is one that a study may write; else name it anew."""
    usual = note_names(talks["interview"])
    reserved = {name.casefold() for name in usual.values()}
    kept: list[str] = []
    for interview, file in zip(talks["interview"], talks["note"], strict=True):
        clash = file.casefold() in reserved and file != usual[interview]
        if file and (interview not in notes or note_fault(file) or clash):
            why = "the project names a file for it that no study may write; it gets its usual one"
            account.changed(interview, "note", why)
            file = ""
        reserved.add(file.casefold())
        kept.append(file)
    return kept


def _codings(
    known: Mapping[str, Any],
    frame: pd.DataFrame,
    ids: Mapping[str, str],
    notes: Mapping[str, str],
    codebook: Codebook,
) -> pd.DataFrame:
    """Put back what a Coding element cannot say, and the codings that no element says."""
    extra = known["codings"]
    guids = frame["id"].tolist()
    frame = frame.assign(
        id=[extra["id"].get(guid, guid) for guid in guids],
        at=[extra["at"].get(g, utc(said)) for g, said in zip(guids, frame["at"], strict=True)],
        memo=[
            extra["memo"][g] if g in extra["memo"] and xml_safe(extra["memo"][g]) == said else said
            for g, said in zip(guids, frame["memo"], strict=True)
        ],
        coder=[known["coders"].get(coder, coder or "unknown") for coder in frame["coder"]],
        code=[ids[code] for code in frame["code"]],
        source=[extra["source"].get(guid, "hand") for guid in guids],
        weight=[extra["weight"].get(guid) for guid in guids],
    )
    places = zip(guids, frame["interview"], frame["start"], frame["end"], strict=True)
    context = extra["context"]
    pairs = [
        ("", "") if context == "none" else context.get(guid) or around(notes[interview], start, end)
        for guid, interview, start, end in places
    ]
    frame["prefix"] = [pair[0] for pair in pairs]
    frame["suffix"] = [pair[1] for pair in pairs]
    frame["exact"] = [
        notes[interview][start:end] if lost is None else lost
        for interview, start, end, lost in zip(
            frame["interview"], frame["start"], frame["end"], frame["exact"], strict=True
        )
    ]
    unplaced = [row for row in extra["unplaced"] if row["code"] in codebook]
    lost = pd.DataFrame(unplaced, columns=list(COLUMNS), dtype=object)
    return pd.concat([frame[list(COLUMNS)].astype(object), lost], ignore_index=True)
