"""Text of word processor files (.docx, .odt): paragraphs in order, table cells included."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from quidqual.interchange.markup import local_name, parse_xml
from quidqual.interchange.untrusted import Archive, refuse

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_ASIDE = {
    "word/footnotes.xml": "footnotes", "word/endnotes.xml": "endnotes",
    "word/comments.xml": "comments",
}  # fmt: skip


@dataclass
class Extracted:
    """Text of a document and what of it was not taken (kind to count)."""

    text: str
    left_out: Counter[str] = field(default_factory=Counter)


def docx_text(data: bytes, *, file: str) -> Extracted:
    """Read the words of a .docx: paragraphs in order, those in table cells too.

    Deleted words of tracked changes, field codes and hidden alternatives are not words
    of the text; inserted words are. Footnotes, comments and pictures are counted.

    Raises
    ------
    QuidqualError
    """
    with Archive(data, file=file) as archive:
        root = parse_xml(
            _member(archive, "word/document.xml"), file=file, member="word/document.xml"
        )
        result = Extracted("")
        for name, kind in _ASIDE.items():
            if archive.find(name):
                inner = parse_xml(archive.read(archive.find(name) or name), file=file, member=name)
                # Word keeps two separators among the notes; they have a type.
                count = sum(1 for note in inner if not any("type" in key for key in note.attrib))
                result.left_out[kind] += count
    ns = _W_STRICT if root.tag.startswith(_W_STRICT) else _W
    result.text = _joined(_word_walk(root, ns, result.left_out))
    return result


def _joined(paragraphs: list[list[str]]) -> str:
    return "\n".join("".join(words) for words in paragraphs)


def _word_walk(root: Any, ns: str, left_out: Counter[str]) -> list[list[str]]:
    """Go through the tree once, without recursion: a new paragraph at each ``w:p``."""
    from lxml import etree

    skipped = {ns + name for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr")}
    paragraphs: list[list[str]] = []
    # A text box stands inside a paragraph: its own paragraphs follow that one.
    inside: list[list[str]] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        name = local_name(tag)
        if event == "end":
            if tag == ns + "p":
                inside.pop()
        elif tag in skipped or name == "Fallback":
            walker.skip_subtree()
        elif tag == ns + "p":
            inside.append([])
            paragraphs.append(inside[-1])
        elif name in ("drawing", "pict", "object") and tag.startswith(ns):
            left_out["pictures"] += 1
        elif inside and tag == ns + "t":
            inside[-1].append(element.text or "")
        elif inside and tag.startswith(ns) and name in _BREAKS:
            inside[-1].append(_BREAKS[name])
    return paragraphs


def odt_text(data: bytes, *, file: str) -> Extracted:
    """Read the words of an .odt: paragraphs and headings in order, table cells included.

    Raises
    ------
    QuidqualError
    """
    with Archive(data, file=file) as archive:
        root = parse_xml(_member(archive, "content.xml"), file=file, member="content.xml")
    body = next((e for e in root.iter() if local_name(e.tag) == "text" and "office" in e.tag), root)
    result = Extracted("")
    result.text = _joined(_odt_walk(body, result.left_out))
    return result


_ODT_SKIP = {"note": "footnotes", "annotation": "comments", "tracked-changes": "deleted words"}


def _odt_walk(body: Any, left_out: Counter[str]) -> list[list[str]]:
    """Go through the tree once, without recursion; words stand in text and tail there."""
    from lxml import etree

    paragraphs: list[list[str]] = []
    inside: list[list[str]] = []
    walker = etree.iterwalk(body, events=("start", "end"))
    for event, element in walker:
        name = local_name(element.tag)
        if event == "start":
            if name in _ODT_SKIP:
                left_out[_ODT_SKIP[name]] += 1
                walker.skip_subtree()
                continue
            if name in ("p", "h"):
                inside.append([])
                paragraphs.append(inside[-1])
            elif name == "image":
                left_out["pictures"] += 1
            if inside:
                inside[-1].append(_odt_own(element, name))
            continue
        if name in ("p", "h"):
            inside.pop()
        if inside:
            inside[-1].append(element.tail or "")
    return paragraphs


def _odt_own(element: Any, name: str) -> str:
    """Words that an element itself begins with; runs of spaces are elements in .odt."""
    if name == "s":
        count = next((v for k, v in element.attrib.items() if local_name(k) == "c"), "1")
        return " " * (min(int(count), 10_000) if count.isdecimal() and len(count) < 9 else 1)
    special = {"tab": "\t", "line-break": "\n"}.get(name)
    return special if special is not None else (element.text or "")


def _member(archive: Archive, name: str) -> bytes:
    found = archive.find(name)
    if found is None:
        raise refuse(archive.file, f"the document has no {name}.", "Save it again.", field=name)
    return archive.read(found)
