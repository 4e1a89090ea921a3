"""Writing a study as a REFI-QDA project (.qdpx): valid, and the same bytes each time."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from quidqual.interchange.names import one_line
from quidqual.interchange.offsets import Convention, convention_for, has_astral, unit_offsets
from quidqual.interchange.qdc import add_codes
from quidqual.interchange.refi import PROJECT, guid_of
from quidqual.interchange.supplement import (
    SUPPLEMENT,
    TITLE,
    Written,
    dump,
    memo_pairs,
    written_codings,
)
from quidqual.interchange.untrusted import need
from quidqual.study.arguments import takes_study
from quidqual.study.files import as_path
from quidqual.study.release_gate import write_result
from quidqual.study.schema import parse_date
from quidqual.study.wording import counted
from quidqual.study.write_table import packed, xml_safe

if TYPE_CHECKING:
    from quidqual.study.model import Study

_NAME = 80
_PLAIN_COLUMNS = {
    "participants": ("participant",),
    "interviews": ("interview", "participant", "status", "note"),
}


@takes_study
def write_qdpx(
    study: Study, path: str | Path, *, dialect: str | None = None, replace: bool = False
) -> Path:
    """Write a study as a REFI-QDA project that NVivo, MAXQDA, ATLAS.ti and others open.

    Coders become users, participants cases, attributes and facts of interviews variables,
    notes text sources, codings codings with coder and time, memos notes. What the standard
    cannot hold (rounds, interviews not held, patterns, claims, weights) is kept in one note
    of the project, from which `read_qdpx` restores the study exactly.

    Parameters
    ----------
    study : Study
    path : str or Path
        File to write.
    dialect : str, optional
        Program that is to read the file: ``"nvivo"``, ``"maxqda"``, ``"atlas.ti"``,
        ``"qualcoder"``, ``"dedoose"``, ``"quirkos"`` or ``"standard"``. NVivo counts UTF-16
        units, in which an emoji is two; of no other a departure from the standard, which
        counts code points, is known.
    replace : bool, default False
        Whether a file of this name with other content may be replaced.

    Returns
    -------
    Path
        The file. The same study gives the same bytes: no clock, no random id.

    Raises
    ------
    QuidqualError
        If the codebook nests deeper than any reader would follow, or a file would be
        replaced, or the dialect is not known.

    Warns
    -----
    UserWarning
        If no dialect was said and notes hold characters that programs count differently:
        every coding behind one would be shifted.

    References
    ----------
    REFI-QDA Standard 1.5, https://www.qdasoftware.org
    """
    need("lxml")
    name, convention = convention_for(dialect)
    if not name:
        _warn_of_astral(study)
    written = written_codings(study)
    root, files = _project(study, written, name, convention)
    from lxml import etree

    xml = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=False)
    target = as_path(path)
    write_result(target, packed({"project.qde": xml, **files}), replace=replace, of=study)
    return target


def _warn_of_astral(study: Study) -> None:
    """Say that the program matters for these notes."""
    coded = set(study.raw.codings["interview"])
    n = sum(1 for name, text in study.raw.notes.items() if name in coded and has_astral(text))
    if n:
        warnings.warn(
            f"{counted(n, 'coded note')} with emoji or other characters that NVivo counts as two "
            "and the standard as one. Say which program is to read the file, such as "
            "dialect='nvivo' or dialect='standard', else codings behind them may be shifted.",
            stacklevel=4,
        )


def _project(
    study: Study, written: Written, dialect: str, convention: Convention
) -> tuple[Any, dict[str, bytes]]:
    """Build the XML in the order of the schema, and the files that it names."""
    from lxml import etree

    from quidqual import __version__

    origin = f"quidqual {__version__}" + (f" for {dialect}" if dialect else "")
    root = etree.Element(
        f"{{{PROJECT}}}Project",
        {"name": xml_safe(study.title), "origin": origin},
        nsmap={None: PROJECT},
    )
    notes: list[tuple[str, str, str]] = []
    _users(root, study)
    add_codes(root, study.codebook, language=study.languages[0], namespace=PROJECT, notes=notes)
    variables = _variables(root, study)
    _cases(root, study, variables)
    files = _sources(root, study, written, variables, convention)
    notes += [(guid, "Memo", text) for guid, text in written.memos]
    for number, (name, text) in enumerate(memo_pairs(study.settings)):
        notes.append((guid_of("memo", str(number), name), name, text))
    supplement = {**written.supplement, "variables": _supplement_variables(variables)}
    files[f"sources/{SUPPLEMENT}.txt"] = dump(supplement).encode("ascii")
    _notes(root, notes)
    description = study.settings.get("description")
    if description:
        _child(root, "Description").text = xml_safe(str(description))
    return root, dict(sorted(files.items()))


def _child(parent: Any, tag: str, /, **attributes: str) -> Any:
    from lxml import etree

    return etree.SubElement(parent, f"{{{PROJECT}}}{tag}", attributes)


def _users(root: Any, study: Study) -> None:
    declared = study.settings.get("coders") or {}
    coders = sorted({*study.coders, *map(str, declared)})
    if coders:
        users = _child(root, "Users")
        for coder in coders:
            _child(users, "User", guid=guid_of("user", coder), name=xml_safe(coder))


def _variables(root: Any, study: Study) -> dict[tuple[str, str], tuple[str, str]]:
    """Declare a variable for each column of the two tables.

    Returns
    -------
    dict
        (table, column) to (GUID, name of the element that holds a value).
    """
    found: dict[tuple[str, str], tuple[str, str]] = {}
    names: set[str] = set()
    holder = None
    for table, plain in _PLAIN_COLUMNS.items():
        frame = getattr(study.raw, table)
        for column in frame.columns:
            if column in plain:
                continue
            kind = _kind(column, frame[column].tolist())
            name = column if column not in names else f"interview {column}"
            names.add(name)
            holder = _child(root, "Variables") if holder is None else holder
            guid = guid_of("variable", table, column)
            _child(holder, "Variable", guid=guid, name=xml_safe(name), typeOfVariable=kind)
            found[table, column] = (guid, f"{kind}Value")
    return found


def _kind(column: str, cells: list[str]) -> str:
    """Type of a variable: dates and whole numbers where every cell is one, else text."""
    filled = [cell for cell in cells if cell]
    if column == "date" and filled and all(parse_date(cell) for cell in filled):
        return "Date"
    if column == "minutes" and filled and all(re.fullmatch(r"\d{1,9}", c) for c in filled):
        return "Integer"
    return "Text"


def _supplement_variables(variables: dict[tuple[str, str], tuple[str, str]]) -> dict[str, Any]:
    return {guid: list(place) for place, (guid, _) in variables.items()}


def _values(
    parent: Any, table: str, row: dict[str, str], variables: dict[tuple[str, str], tuple[str, str]]
) -> None:
    for column, cell in row.items():
        if cell and (table, column) in variables:
            guid, element = variables[table, column]
            value = _child(parent, "VariableValue")
            _child(value, "VariableRef", targetGUID=guid)
            _child(value, element).text = xml_safe(cell)


def _cases(root: Any, study: Study, variables: dict[tuple[str, str], tuple[str, str]]) -> None:
    raw = study.raw
    texts: dict[str, list[str]] = {}
    for interview, person in zip(
        raw.interviews["interview"], raw.interviews["participant"], strict=True
    ):
        if interview in raw.notes:
            texts.setdefault(person, []).append(interview)
    if not len(raw.participants):
        return
    cases = _child(root, "Cases")
    for row in raw.participants.to_dict("records"):
        person = row["participant"]
        case = _child(cases, "Case", guid=guid_of("case", person), name=xml_safe(person))
        _values(case, "participants", row, variables)
        for interview in texts.get(person, ()):
            _child(case, "SourceRef", targetGUID=guid_of("source", interview))


def _sources(
    root: Any,
    study: Study,
    written: Written,
    variables: dict[tuple[str, str], tuple[str, str]],
    convention: Convention,
) -> dict[str, bytes]:
    """Write each note as a source with its selections; its words are a file of their own."""
    files: dict[str, bytes] = {}
    raw = study.raw
    rows = [row for row in raw.interviews.to_dict("records") if row["interview"] in raw.notes]
    holder = _child(root, "Sources") if rows else None
    for row in rows:
        interview = row["interview"]
        guid = guid_of("source", interview)
        text = raw.notes[interview]
        files[f"sources/{guid}.txt"] = text.encode("utf-8")
        source = _child(
            holder, "TextSource", guid=guid, name=xml_safe(interview),
            plainTextPath=f"internal://{guid}.txt",
        )  # fmt: skip
        _selections(source, interview, text, written, unit_offsets(text, convention))
        _values(source, "interviews", row, variables)
    return files


def _selections(
    source: Any, interview: str, text: str, written: Written, units: np.ndarray | None
) -> None:
    """One selection a span, with a coding for each code and coder on it."""
    from lxml import etree

    tag, coding_tag = f"{{{PROJECT}}}PlainTextSelection", f"{{{PROJECT}}}Coding"
    for (start, end), codings in written.spans.get(interview, {}).items():
        selection = etree.SubElement(
            source,
            tag,
            {
                "guid": guid_of("selection", interview, str(start), str(end)),
                "name": xml_safe(one_line(text[start : min(end, start + _NAME)])),
                "startPosition": str(start if units is None else units[start]),
                "endPosition": str(end if units is None else units[end]),
            },
        )
        for coding in codings:
            attributes = {"guid": coding.guid, "creatingUser": guid_of("user", coding.coder)}
            if coding.at:
                attributes["creationDateTime"] = coding.at
            element = etree.SubElement(selection, coding_tag, attributes)
            _child(element, "CodeRef", targetGUID=guid_of("code", coding.code))
            if coding.memo_guid:
                _child(element, "NoteRef", targetGUID=coding.memo_guid)


def _notes(root: Any, notes: list[tuple[str, str, str]]) -> None:
    holder = _child(root, "Notes")
    for guid, name, text in notes:
        note = _child(holder, "Note", guid=guid, name=xml_safe(name))
        _child(note, "PlainTextContent").text = text
    _child(
        holder, "Note", guid=SUPPLEMENT, name=TITLE, plainTextPath=f"internal://{SUPPLEMENT}.txt"
    )
