"""Writing the tree of codes, for projects and codebooks alike."""

from __future__ import annotations

import re
from typing import Any

from quidqual.interchange.markup import DEPTH
from quidqual.interchange.refi import guid_of
from quidqual.interchange.supplement import code_notes
from quidqual.study.codebook import Code, Codebook
from quidqual.study.errors import QuidqualError
from quidqual.study.write_table import xml_safe

_DEEPEST = DEPTH - 16


def add_codes(
    root: Any,
    codebook: Codebook,
    *,
    language: str,
    namespace: str,
    notes: list[tuple[str, str, str]] | None,
) -> None:
    """Write the codes beneath a project or codebook element.

    Parameters
    ----------
    root : lxml element
        Project or CodeBook.
    codebook : Codebook
    language : str
        Language of the names.
    namespace : str
    notes : list of (guid, name, words), optional
        Receives the memos of codes, which a project keeps among its notes; a codebook
        file has no notes.

    Raises
    ------
    QuidqualError
        If the tree is deeper than XML readers follow.
    """
    from lxml import etree

    if not len(codebook):
        return
    holder = (
        root
        if root.tag.endswith("}CodeBook")
        else etree.SubElement(root, f"{{{namespace}}}CodeBook")
    )
    holder = etree.SubElement(holder, f"{{{namespace}}}Codes")
    below: dict[str | None, list[Code]] = {}
    for code in codebook:
        below.setdefault(code.parent, []).append(code)
    stack = [(code, holder, 1) for code in reversed(below.get(None, []))]
    while stack:
        code, parent, depth = stack.pop()
        if depth > _DEEPEST:
            raise QuidqualError.of(
                f"codes nest deeper than {_DEEPEST} levels, which no program would read.",
                remedy="Flatten the codebook.",
                file="codebook.yaml",
                field=code.id,
            )
        element = _code(parent, code, language, namespace, notes)
        stack += [(child, element, depth + 1) for child in reversed(below.get(code.id, []))]


def _code(
    parent: Any, code: Code, language: str, namespace: str, notes: list[tuple[str, str, str]] | None
) -> Any:
    from lxml import etree

    element = etree.SubElement(
        parent,
        f"{{{namespace}}}Code",
        {
            "guid": guid_of("code", code.id),
            "name": written_name(code, language),
            "isCodable": "true" if code.codable else "false",
        },
    )
    if written_colour(code):
        element.set("color", code.colour)
    words = code.definition
    own = code_notes(code)
    if notes is None and own:
        words = "\n".join([words, *(text for _, _, text in own)]).strip()
    if words:
        etree.SubElement(element, f"{{{namespace}}}Description").text = xml_safe(words)
    for guid, _, _ in own if notes is not None else ():
        etree.SubElement(element, f"{{{namespace}}}NoteRef", {"targetGUID": guid})
    if notes is not None:
        notes += own
    return element


def written_name(code: Code, language: str) -> str:
    """Name of a code in the file."""
    return xml_safe(code.name(language))


def written_colour(code: Code) -> str:
    """Colour of a code in the file; "" where the standard would not take it."""
    return code.colour if re.fullmatch(r"#[0-9A-Fa-f]{6}", code.colour) else ""
