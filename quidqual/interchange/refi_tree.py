"""The parts of a REFI-QDA project around its sources: users, codes, variables, cases, notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from quidqual.interchange.markup import local_name
from quidqual.interchange.project import ForeignCase, ForeignCode
from quidqual.interchange.refi import key_of
from quidqual.interchange.report import Account

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
    """Read who coded; a user without a name is called by the id or GUID."""
    for user in reader.part("Users", "User"):
        key = key_of(user.get("guid"))
        if _twice(reader, key, reader.users, "User", user.get("guid") or ""):
            continue
        reader.users[key] = user.get("name") or user.get("id") or user.get("guid") or ""
    reader.account.taken(f"{len(reader.users)} users", "User")


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
    for variable in reader.part("Variables", "Variable"):
        key = key_of(variable.get("guid"))
        if _twice(reader, key, reader.variables, "Variable", variable.get("guid") or ""):
            continue
        name = variable.get("name") or "variable"
        number, names = 2, set(reader.variables.values())
        while name in names:
            name, number = f"{variable.get('name') or 'variable'} {number}", number + 1
        reader.variables[key] = name


def read_notes(reader: Reader, text_of: Callable[[Any], str | None]) -> None:
    """Read the project's notes (memos) with their words."""
    for note in reader.part("Notes", "Note"):
        key = key_of(note.get("guid"))
        if _twice(reader, key, reader.notes, "Note", note.get("guid") or ""):
            continue
        reader.notes[key] = Note(key, note.get("name") or "", text_of(note) or "")
        extra = sum(1 for child in note if "Selection" in local_name(child.tag))
        if extra:
            why = f"{extra} selections inside the memo itself"
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
            case.variables.setdefault("description", description)
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
                why = f"{count} references of the case to parts of sources"
                reader.account.left_out(case.name, kind, why)
        found[key] = case
    if found:
        reader.account.taken(f"{len(found)} cases", "Case", "they are the participants")
    return list(found.values())


def report_rest(reader: Reader) -> None:
    """Name the sets, links, graphs and unknown elements that a study cannot hold."""
    for group in reader.part("Sets", "Set"):
        members = len([child for child in group if local_name(child.tag).startswith("Member")])
        reader.account.left_out(group.get("name") or "", "Set", f"a set of {members} members")
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
