"""Names and ids of the REFI-QDA standard (https://www.qdasoftware.org), version 1.0."""

from __future__ import annotations

import uuid
from typing import Any

from quidqual.interchange.markup import local_name
from quidqual.interchange.report import Account
from quidqual.interchange.untrusted import refuse

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
