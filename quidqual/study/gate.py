"""The one gate for names under which anything is written, wherever a name came from.

A name may come from a foreign file, a table, a command or a title. `safe_path` lets it
through only if every common disk takes it and what it names lies inside the folder.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

from quidqual.study.errors import QuidqualError

_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in "123456789¹²³"}
)
_FORBIDDEN = frozenset('<>:"|?*\\')
_LONGEST = 255  # bytes of one part of a path, on the disks in use
_LONGEST_WHOLE = 1000  # bytes of all of it: systems stop between 1,024 and 4,096
_LONGEST_STEM = 200  # leaves room for an ending and for the files that stand beside a log
_DIRECTION = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

NOTE_REMEDY = "Name a file in the folder notes/, such as notes/P1-R1.md."


def name_fault(name: object) -> str:
    """Say what is wrong with one part of a path; "" if every common disk takes it.

    Examples
    --------
    >>> name_fault("P1-R1.md")
    ''
    >>> name_fault("NUL.md")
    'is a name that Windows keeps for a device'
    """
    if not isinstance(name, str) or not name:
        return "is empty" if name == "" else "is not text"
    if name in (".", ".."):
        return "leads to another folder"
    if len(name) > _LONGEST:  # before any form of it is made: that could take long
        return f"is longer than {_LONGEST} bytes"
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in _DIRECTION for c in name):
        return "has a character that cannot be seen or written"
    if _FORBIDDEN.intersection(name) or "/" in name:
        return 'has one of the characters < > : " | ? * / \\'
    if name != name.strip() or name.endswith("."):
        return "begins or ends with a blank, or ends with a dot"
    if name.split(".")[0].rstrip().casefold() in _RESERVED:
        return "is a name that Windows keeps for a device"
    if max(len(unicodedata.normalize(form, name).encode()) for form in ("NFC", "NFD")) > _LONGEST:
        return f"is longer than {_LONGEST} bytes"
    return ""


def impossible(parts: Iterable[str]) -> str:
    """Say why no disk can hold a path of these parts; "" if one can.

    Examples
    --------
    >>> impossible(["notes", "x" * 300]), impossible(["CON"])
    ('is longer than 255 bytes', '')
    """
    for part in parts:
        try:
            size = len(part.encode())
        except UnicodeEncodeError:
            return "holds half of a character"
        if "\0" in part:
            return "has a character that cannot be seen or written"
        if size > _LONGEST:
            return f"is longer than {_LONGEST} bytes"
    return ""


def id_fault(identifier: str) -> str:
    r"""Say why a text cannot be an id of a code, person, round or interview; "" if it can.

    Examples
    --------
    >>> id_fault("Èva 1"), id_fault("a\nb")
    ('', 'holds a line break or another sign that cannot be seen')
    """
    if not identifier or identifier != identifier.strip():
        return "is empty or has blanks at its ends"
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in identifier):
        return "holds a line break or another sign that cannot be seen"
    return ""


def path_fault(relative: object) -> str:
    """Say what is wrong with a relative path (parts joined by ``/``); "" if nothing is.

    Examples
    --------
    >>> path_fault("notes/P1-R1.md"), path_fault("../outside.md")
    ('', 'leads to another folder')
    """
    if not isinstance(relative, str) or not relative:
        return name_fault(relative)
    if len(relative) > _LONGEST_WHOLE:
        return f"is longer than {_LONGEST_WHOLE} bytes"
    if relative.startswith(("/", "\\")) or relative[1:2] == ":":
        return "is not relative to the folder"
    fault = next((fault for part in relative.split("/") if (fault := name_fault(part))), "")
    if not fault and len(relative.encode()) > _LONGEST_WHOLE:
        return f"is longer than {_LONGEST_WHOLE} bytes"
    return fault


def note_fault(relative: object) -> str:
    """Say why a note may not stand under this path; "" if it may.

    Examples
    --------
    >>> note_fault("notes/P1-R1.md"), note_fault("study.toml")
    ('', 'does not lie in the folder notes/')
    """
    fault = path_fault(relative)
    if not fault and not str(relative).startswith("notes/"):
        return "does not lie in the folder notes/"
    return fault


def safe_path(
    folder: Path, relative: object, *, file: str = "", row: int | None = None, field: str = "path"
) -> Path:
    """Give the path under which something may be written; every writer asks here.

    Parameters
    ----------
    folder : Path
        What is written must lie in it, links followed.
    relative : str
        Name inside the folder, parts joined by ``/``, from wherever it came.
    file, row, field : optional
        Where the name stood, for the message.

    Returns
    -------
    Path

    Raises
    ------
    QuidqualError
        If the path is absolute, climbs out of the folder (links followed), or has a part
        that is reserved, over-long, ends in a dot or blank, or holds a character that some
        disk refuses.

    Examples
    --------
    >>> safe_path(Path("out"), "notes/P1-R1.md").as_posix()
    'out/notes/P1-R1.md'
    >>> safe_path(Path("out"), "../P1-R1.md")
    Traceback (most recent call last):
        ...
    quidqual.study.errors.QuidqualError: field 'path': the name leads to another folder. Give ...
    """
    if fault := path_fault(relative):
        raise _refused(fault, file=file, row=row, field=field)
    target = folder.joinpath(*PurePosixPath(str(relative)).parts)
    try:
        base, real = folder.resolve(), target.resolve()
    except (RuntimeError, OSError, ValueError):  # links in a ring
        raise _refused("leads nowhere", file=file, row=row, field=field) from None
    if base not in real.parents:
        raise _refused("leads out of the folder through a link", file=file, row=row, field=field)
    return target


def _refused(fault: str, *, file: str, row: int | None, field: str) -> QuidqualError:
    return QuidqualError.of(
        f"the name {fault}.",
        remedy="Give a short name inside the folder, such as notes/P1-R1.md.",
        file=file,
        row=row,
        field=field,
    )


def file_stem(identifier: str) -> str:
    """Turn an identifier into a file stem that any disk takes; `identifier_of` reverses it.

    Raises
    ------
    QuidqualError
        If the identifier holds half of a character, or its stem is over-long.

    Examples
    --------
    >>> file_stem("Maria/B")
    'Maria%2FB'
    >>> identifier_of(file_stem("Èva: 1"))
    'Èva: 1'
    """
    stem = _quoted(identifier)
    if len(stem) > _LONGEST_STEM:
        raise QuidqualError.of(
            f"the name {identifier[:20]!r}... is too long for a file.",
            remedy="Give a shorter one, of at most 30 letters.",
        )
    return stem


def _quoted(identifier: str) -> str:
    try:
        stem = quote(identifier, safe="-_ ")
    except UnicodeEncodeError:
        raise QuidqualError.of(
            "a name holds half of a character, which no file can hold.",
            remedy="Write the name anew.",
        ) from None
    if name_fault(stem):
        stem = "".join(f"%{byte:02X}" for byte in identifier.encode("utf-8")) or "%00"
    return stem


def identifier_of(stem: str) -> str:
    """Reverse `file_stem`; a stem that was written plainly is taken as it is."""
    return unquote(stem)


def note_names(interviews: Iterable[str]) -> dict[str, str]:
    """Give each interview the path of its note; no two of them are one file on any disk.

    Examples
    --------
    >>> note_names(["P1-R1", "P2/R1"])
    {'P1-R1': 'notes/P1-R1.md', 'P2/R1': 'notes/P2%2FR1.md'}
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for interview in interviews:
        stem = _quoted(interview)
        if len(stem) > _LONGEST_STEM or stem.casefold() in taken:
            digest = hashlib.sha256(interview.encode()).hexdigest()[:12]
            stem = f"{stem[:150].rstrip('% .')}-{digest}"
        taken.add(stem.casefold())
        names[interview] = f"notes/{stem}.md"
    return names


def same_on_some_disk(names: Iterable[str]) -> list[tuple[str, str]]:
    """Find names that differ only in capitals or accents' form: some disks make them one file.

    Examples
    --------
    >>> same_on_some_disk(["Anna", "anna", "Berta"])
    [('Anna', 'anna')]
    """
    first: dict[str, str] = {}
    found = []
    for name in names:
        other = first.setdefault(unicodedata.normalize("NFC", name).casefold(), name)
        if other != name:
            found.append((other, name))
    return found
