"""REFI-QDA 1.0 (https://www.qdasoftware.org): ids, times, and all of a project but its sources."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from quidqual.interchange.markup import local_name
from quidqual.interchange.names import Labels, free_column
from quidqual.interchange.project import Account, ForeignCase, ForeignCode
from quidqual.interchange.untrusted import refuse
from quidqual.study.wording import counted

PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"
NAMESPACE = uuid.UUID("f2a1c1de-2b5c-5c36-9f43-57d3e0a2b7aa")
"""Namespace of the GUIDs that are written: uuid5 of what a thing is called, so they last."""

WHOLE = -(2**40)
"""In place of an end: the coding is of the whole source."""

FARTHEST = 2**31


def guid_of(*parts: str) -> str:
    """Make the GUID of a thing from its kind and its id.

    Examples
    --------
    >>> guid_of("code", "trust") == guid_of("code", "trust") != guid_of("user", "trust")
    True
    """
    return str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))


def key_of(guid: str | None) -> str:
    """Bring a GUID into one form: any letter case, with or without braces.

    Examples
    --------
    >>> key_of("{2E0A7A4D-453B-4A1B-9784-4FC5B8432816}")
    '2e0a7a4d-453b-4a1b-9784-4fc5b8432816'
    """
    return guid.strip(" \t\r\n{}").casefold() if guid else ""


def as_guid(value: str, *parts: str) -> str:
    """Take an id that is a GUID as it is, else make one.

    Examples
    --------
    >>> as_guid("2E0A7A4D-453B-4A1B-9784-4FC5B8432816", "coding")
    '2e0a7a4d-453b-4a1b-9784-4fc5b8432816'
    """
    try:
        known = str(uuid.UUID(value))
    except ValueError:
        return guid_of(*parts, value)
    return known if known == value.casefold() else guid_of(*parts, value)


def position(value: str | None) -> int | None:
    """Read an offset; None if it is none.

    Examples
    --------
    >>> position("12"), position("x"), position("9" * 5000)
    (12, None, None)
    """
    try:
        number = int(value)  # type: ignore[arg-type]
    except (ValueError, TypeError):  # int() refuses more than 4300 digits by itself
        return None
    return number if -FARTHEST < number < FARTHEST else None


def check_root(root: Any, account: Account, *, name: str, namespace: str, member: str) -> str:
    """Check the outermost element and its version of the standard.

    Returns
    -------
    str
        The namespace in braces, as lxml wants it before each name.

    Raises
    ------
    QuidqualError
        If it is another kind of file.
    """
    kind = namespace.rpartition(":")[0]
    have = root.tag.rpartition("}")[0].lstrip("{")
    if local_name(root.tag) != name or (have and not have.startswith(kind)):
        message = f"the outermost element is not {name} of REFI-QDA."
        raise refuse(
            account.file, message, "Check that this is the right kind of file.", field=member
        )
    if have != namespace:
        account.fault(
            "",
            name,
            f"the schema version is {have or 'not told'!r}, not {namespace!r}.",
            "Export it again in the form REFI-QDA 1.0.",
            taken=True,
        )
    return f"{{{have}}}" if have else ""


_UTC = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


def utc(value: str) -> str:
    """Bring a time into the form ``2021-05-20T10:15:00Z``; "" if it is none.

    A time without a zone is taken as UTC, since nothing tells the zone.

    Examples
    --------
    >>> utc("2021-05-20T12:15:00+02:00"), utc("2021-05-20 10:15:00.123"), utc("soon")
    ('2021-05-20T10:15:00Z', '2021-05-20T10:15:00.123Z', '')
    """
    if len(value) == 20 and _UTC.fullmatch(value):
        return value if _real(value) else ""
    text = value.strip()
    # Seven digits of a second (.NET) are one more than a datetime holds.
    text = re.sub(r"(\.\d{6})\d+", r"\1", text)
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    whole = moment.strftime("%Y-%m-%dT%H:%M:%S").zfill(19)
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{whole}{fraction}Z"


def _real(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def has_zone(value: str) -> bool:
    """Tell whether a time says its zone."""
    return bool(re.search(r"(Z|[+-]\d{2}:?\d{2})$", value.strip()))


_VALUES = (
    "TextValue", "BooleanValue", "IntegerValue", "FloatValue", "DateValue", "DateTimeValue",
)  # fmt: skip


@dataclass
class Note:
    """A memo of the project: its name and its words; ``used`` once something refers to it."""

    key: str
    name: str
    text: str
    used: bool = False


@dataclass
class Reader:
    """What is known while the tree of one project is read.

    Attributes
    ----------
    root : lxml element
    ns : str
        Namespace in braces.
    account : Account
    users, variables : dict of str to str
        GUID to name.
    notes : dict of str to Note
    unknown : Counter
        Elements that the standard does not name, and how many of each.
    other_sources : set of str
        GUIDs of sources that are there but hold no text that was taken.
    """

    root: Any
    ns: str
    account: Account
    users: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    other_sources: set[str] = field(default_factory=set)

    def part(self, *names: str) -> Iterator[Any]:
        """Go through the elements at a path of names beneath the root."""
        found = [self.root]
        for name in names:
            found = [child for at in found for child in at.iterchildren(self.ns + name)]
        yield from found

    def text(self, element: Any, name: str) -> str:
        """Words of the first child of that name; "" if there is none."""
        child = element.find(self.ns + name)
        return (child.text or "") if child is not None else ""

    def memo(self, element: Any, *, described: bool = True) -> str:
        """Words of an element's Description and of the notes it refers to."""
        parts = [self.text(element, "Description")] if described else []
        for reference in element.iterchildren(self.ns + "NoteRef"):
            note = self.notes.get(key_of(reference.get("targetGUID")))
            if note is None:
                target = reference.get("targetGUID") or ""
                self.account.fault(target, "NoteRef", "it refers to a note that is not there.")
            else:
                note.used = True
                parts.append(note.text)
        return "\n\n".join(part for part in parts if part)

    def values(self, element: Any) -> dict[str, str]:
        """Read the variables of a case or source as text, by name."""
        found: dict[str, str] = {}
        for holder in element.iterchildren(self.ns + "VariableValue"):
            reference = holder.find(self.ns + "VariableRef")
            target = key_of(reference.get("targetGUID")) if reference is not None else ""
            if target not in self.variables:
                message = "it refers to a variable that is not there."
                self.account.fault(target, "VariableRef", message)
                continue
            value = next((self.text(holder, v) for v in _VALUES if self.text(holder, v)), "")
            name = self.variables[target]
            if value and name in found and found[name] != value:
                found[name] += f"; {value}"
                self.account.changed(name, "Variable", "it has several values on one thing; joined")
            elif value or name not in found:
                found[name] = value
        return found


def read_users(reader: Reader) -> None:
    """Read who coded; a user without a name is called by the id or GUID, two of one name apart."""
    labels = Labels()
    for user in reader.part("Users", "User"):
        key = key_of(user.get("guid"))
        if _twice(reader, key, reader.users, "User", user.get("guid") or ""):
            continue
        name = user.get("name") or user.get("id") or user.get("guid") or ""
        reader.users[key] = apart = labels.give(name) if name else ""
        if apart != name:
            why = f"another user has this name too, so this one is called {apart!r}"
            reader.account.changed(name, "User", why)
    reader.account.taken(counted(len(reader.users), "user"), "User")


def _twice(reader: Reader, key: str, known: Any, kind: str, guid: str) -> bool:
    """Note a GUID that is missing or that another element of the kind has already."""
    if not key:
        reader.account.fault("", kind, "it has no guid.", "Export the project again.")
        return True
    if key in known:
        message = "its GUID is that of another one."
        reader.account.fault(guid, kind, message, "Export the project again.")
        return True
    return False


def read_variables(reader: Reader) -> None:
    """Read the names of variables; two of one name stay apart by a number."""
    labels = Labels()
    for variable in reader.part("Variables", "Variable"):
        key = key_of(variable.get("guid"))
        if _twice(reader, key, reader.variables, "Variable", variable.get("guid") or ""):
            continue
        name = variable.get("name") or "variable"
        reader.variables[key] = labels.give(name)


def read_notes(reader: Reader, text_of: Callable[[Any], str | None]) -> None:
    """Read the project's notes (memos) with their words."""
    for note in reader.part("Notes", "Note"):
        key = key_of(note.get("guid"))
        if _twice(reader, key, reader.notes, "Note", note.get("guid") or ""):
            continue
        reader.notes[key] = Note(key, note.get("name") or "", text_of(note) or "")
        extra = sum(1 for child in note if "Selection" in local_name(child.tag))
        if extra:
            why = f"{counted(extra, 'selection')} inside the memo itself"
            reader.account.left_out(note.get("name") or key, "Note", why)


def read_codes(reader: Reader) -> list[ForeignCode]:
    """Read the tree of codes, parents before children, in the order of the file."""
    found: dict[str, ForeignCode] = {}
    tag = reader.ns + "Code"
    top = list(reader.part("CodeBook", "Codes", "Code"))
    stack: list[tuple[Any, str | None]] = [(code, None) for code in reversed(top)]
    while stack:
        element, parent = stack.pop()
        key = key_of(element.get("guid"))
        below: str | None = parent
        if not _twice(reader, key, found, "Code", element.get("guid") or ""):
            found[key] = ForeignCode(
                key=key,
                name=element.get("name") or "",
                parent=parent,
                codable=(element.get("isCodable") or "true").strip() not in ("false", "0"),
                colour=element.get("color") or "",
                description=reader.text(element, "Description"),
                memo=reader.memo(element, described=False),
            )
            below = key
        stack += [(child, below) for child in reversed(list(element.iterchildren(tag)))]
        for child in element:
            if local_name(child.tag) not in ("Code", "Description", "NoteRef"):
                reader.unknown[local_name(child.tag)] += 1
    return list(found.values())


def read_cases(reader: Reader, sources: set[str]) -> list[ForeignCase]:
    """Read cases with their variables and the sources that belong to them."""
    found: dict[str, ForeignCase] = {}
    for element in reader.part("Cases", "Case"):
        key, name = key_of(element.get("guid")), element.get("name") or ""
        if _twice(reader, key, found, "Case", element.get("guid") or ""):
            continue
        case = ForeignCase(key, name or key, reader.values(element))
        if description := reader.text(element, "Description").strip():
            case.variables[free_column("description", case.variables)] = description
        for reference in element.iterchildren(reader.ns + "SourceRef"):
            target = key_of(reference.get("targetGUID"))
            if target in sources:
                case.texts.append(target)
            elif target not in reader.other_sources:
                message = "it refers to a source that is not there."
                reader.account.fault(target, "SourceRef", message)
        for kind in ("CodeRef", "SelectionRef"):
            count = sum(1 for _ in element.iterchildren(reader.ns + kind))
            if count:
                why = f"{counted(count, 'reference')} of the case to parts of sources"
                reader.account.left_out(case.name, kind, why)
        found[key] = case
    if found:
        reader.account.taken(counted(len(found), "case"), "Case", "they are the participants")
    return list(found.values())


def read_sets(reader: Reader, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Keep what a set of codes, sources or notes says as a memo: its words and its members.

    Parameters
    ----------
    reader : Reader
    names : mapping of str to str
        Of codes and sources by their GUID.

    Returns
    -------
    list of (name, words)
    """
    known = {**{key: note.name for key, note in reader.notes.items()}, **names}
    memos = []
    for group in reader.part("Sets", "Set"):
        members = [child for child in group if local_name(child.tag).startswith("Member")]
        found = [known.get(key_of(member.get("targetGUID")), "") for member in members]
        named = "\n".join(f"- {name}" for name in found if name)
        name = group.get("name") or ""
        why = f"a set of {counted(len(members), 'member')}"
        if words := "\n\n".join(part for part in (reader.memo(group), named) if part):
            memos.append((f"Set {name}".strip(), words))
            why += "; its members are kept as a memo"
        reader.account.left_out(name, "Set", why)
    return memos


def report_rest(reader: Reader) -> None:
    """Name the links, graphs and unknown elements that a study cannot hold."""
    for group_name, name in (("Links", "Link"), ("Graphs", "Graph")):
        count = sum(1 for _ in reader.part(group_name, name))
        if count:
            reader.account.left_out(f"{count} of them", name, f"a study has no {name.lower()}s")
    known = {
        "Users", "CodeBook", "Variables", "Cases", "Sources", "Notes", "Links", "Sets", "Graphs",
        "Description", "NoteRef",
    }  # fmt: skip
    for child in reader.root:
        if local_name(child.tag) not in known:
            reader.unknown[local_name(child.tag)] += 1
    for name, count in sorted(reader.unknown.items()):
        why = "the standard does not name it (an extension of the program)"
        reader.account.left_out(f"{count} of them", name or "element", why)
