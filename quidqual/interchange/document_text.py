"""One document to its text: .txt, .md, .docx, .odt, .rtf, .pdf and .html."""

from __future__ import annotations

import io
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quidqual.interchange.markup import html_text, local_name, parse_xml
from quidqual.interchange.untrusted import (
    LONGEST_TEXT,
    Archive,
    Limits,
    check_text,
    decode_text,
    foreign_parser,
    need,
    read_capped,
    refuse,
)

DOCUMENTS = (".txt", ".md", ".docx", ".odt", ".rtf", ".pdf", ".html", ".htm")
_LIMITS = Limits(file_bytes=100 << 20)
_PAGES = 5_000

_SECONDS = 60.0
_PAGE_MARK = re.compile(
    r"(?:(?:page|pagina|página|seite|p\.|pag\.|s\.) ?|[-–] ?)?(\d{1,4})"
    r"(?: ?(?:/|of|di|de|von) ?(\d{1,4}))?(?: ?[-–])?",
    re.IGNORECASE,
)
_ENDS = ".!?…:\"”»’'"
_FONT = re.compile(r"(?<!\\)\\f(?=\d)")
_FIELD = re.compile(r"\\field(?=\{)", re.IGNORECASE)


def document_text(file: Path, *, encoding: str | None = None) -> Extracted:
    """Read the text of one document.

    Parameters
    ----------
    file : Path
        The ending decides how it is read.
    encoding : str, optional
        Of plain text that is not UTF-8; never guessed.

    Returns
    -------
    Extracted
        ``.text`` and ``.left_out`` (footnotes, comments, pictures, pages without text).

    Raises
    ------
    QuidqualError
        If it is of no such kind, damaged, or holds no text at all.
    """
    kind = file.suffix.casefold()
    if kind not in DOCUMENTS:
        remedy = f"These are read: {', '.join(DOCUMENTS)}."
        raise refuse(file.name, f"files ending in {kind or 'nothing'} are not read.", remedy)
    data = read_capped(file, limits=_LIMITS)
    if kind == ".docx":
        found = docx_text(data, file=file.name)
    elif kind == ".odt":
        found = odt_text(data, file=file.name)
    elif kind == ".rtf":
        found = _rtf(data, file.name)
    elif kind == ".pdf":
        found = _pdf(data, file.name)
    else:
        text = decode_text(data, file=file.name, encoding=encoding)
        found = Extracted(html_text(text, file=file.name) if kind in (".html", ".htm") else text)
    check_text(found.text, file.name)
    if not found.text.strip():
        remedy = "A scan needs text recognition first." if kind == ".pdf" else "Check the file."
        raise refuse(file.name, "it holds no text.", remedy)
    return found


def _rtf(data: bytes, file: str) -> Extracted:
    if not data.lstrip().startswith(b"{\\rtf"):
        raise refuse(file, "this is not RTF.", "Save it again as RTF or .docx.")
    need("striprtf")
    from striprtf.striprtf import font_table_group, rtf_to_text

    with foreign_parser(file, "RTF"):
        # RTF is ASCII: letters beyond it are escaped in the code page that it names itself.
        text = data.decode("latin-1")
        # The library's two searches over a whole line take time without end on a hostile file;
        # line ends mean nothing in RTF, and keep each search within one font or field.
        fonts = font_table_group(text)
        text = text.replace(fonts, _FONT.sub(r";\n\g<0>", fonts), 1)
        words = rtf_to_text(_FIELD.sub(r"\g<0>\n", text), errors="strict")
    left_out = Counter({"pictures": data.count(b"{\\pict")})
    return Extracted(_whole_letters(words).strip("\n"), +left_out)


def _whole_letters(text: str) -> str:
    """Join the halves in which RTF writes an emoji; a half alone is replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _pdf(data: bytes, file: str) -> Extracted:
    """Read the text layer page by page; a page without one is counted."""
    if b"%PDF-" not in data[:1024]:
        raise refuse(file, "this is not a PDF.", "Save it again as PDF.")
    need("pypdf")
    import logging

    from pypdf import PdfReader

    logger = logging.getLogger("pypdf")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)  # it would write parts of the file to stderr
    try:
        with foreign_parser(file, "PDF"):
            reader = PdfReader(io.BytesIO(data), strict=False)
            if reader.is_encrypted:
                raise refuse(file, "the PDF is encrypted.", "Remove the password first.")
            if len(reader.pages) > _PAGES:
                raise refuse(file, f"the PDF has more than {_PAGES} pages.", "Split it.")
            pages = list(_pages(reader, file))
            labels = [str(label) for label in reader.page_labels]
    finally:
        logger.setLevel(before)
    # A broken font map gives lone halves of letters, which no file could hold.
    pages = [_spaced(page.encode("utf-8", "replace").decode("utf-8")) for page in pages]
    pages, marks = _without_page_marks(pages)
    blank = sum(1 for page in pages if not page)
    left_out = Counter({"pages without text": blank, "page marks": marks})
    whole = _one_text(page for page in pages if page)
    return Extracted(whole, +left_out, tuple(zip(labels, pages, strict=True)))


def _pages(reader: Any, file: str) -> Iterator[str]:
    """Extract page by page, within the time and length that a document may take."""
    deadline, length = time.monotonic() + _SECONDS, 0
    for page in reader.pages:
        text = page.extract_text()
        length += len(text)
        if length > LONGEST_TEXT or time.monotonic() > deadline:
            raise refuse(file, "the PDF takes too long to read, or holds too much.", "Split it.")
        yield text


def _spaced(page: str) -> str:
    """Put a space where a PDF has a tab between all words."""
    if page.count("\t") > page.count(" "):
        page = re.sub(r" ?\t ?", " ", page)
    return page.strip()


def _without_page_marks(pages: list[str]) -> tuple[list[str], int]:
    """Take marks such as ``1/5`` from the ends of pages, where they count the pages.

    One number is no evidence: on most of the pages the mark must be there and go up by one.
    """
    n = len(pages)
    for place in (0, -1):
        lines = [page.split("\n") if page else [] for page in pages]
        told = [_PAGE_MARK.fullmatch(own[place].strip()) if own else None for own in lines]
        offsets = Counter(
            int(mark.group(1)) - at
            for at, mark in enumerate(told)
            if mark and (not mark.group(2) or int(mark.group(2)) == n)
        )
        if offsets and n > 1:
            by, times = offsets.most_common(1)[0]
            if times * 2 > n:
                marked = [m is not None and int(m.group(1)) - at == by for at, m in enumerate(told)]
                for at in range(n):
                    if marked[at]:
                        del lines[at][place]
                return ["\n".join(own).strip() for own in lines], sum(marked)
    return pages, 0


def _one_text(pages: Iterable[str]) -> str:
    """Join pages: a sentence that runs over to the next page stays one paragraph."""
    text = ""
    for page in pages:
        runs_on = text and text[-1] not in _ENDS and (page[0].islower() or text[-1] in ",;-")
        text += ("\n" if runs_on else "\n\n") * bool(text) + page
    return text


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_ASIDE = {
    "word/footnotes.xml": "footnotes", "word/endnotes.xml": "endnotes",
    "word/comments.xml": "comments",
}  # fmt: skip


@dataclass
class Extracted:
    """Text of a document, what of it was not taken (kind to count), and its pages if it has any.

    Each page is its label (as a reader shows it) and its text.
    """

    text: str
    left_out: Counter[str] = field(default_factory=Counter)
    pages: tuple[tuple[str, str], ...] = ()


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
    result.text = _joined(_odt_walk(body, result.left_out, file))
    return result


_ODT_SKIP = {"note": "footnotes", "annotation": "comments", "tracked-changes": "deleted words"}


def _odt_walk(body: Any, left_out: Counter[str], file: str) -> list[list[str]]:
    """Go through the tree once, without recursion; words stand in text and tail there."""
    from lxml import etree

    length = 0
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
                words = _odt_own(element, name)
                length += len(words)
                if length > LONGEST_TEXT:  # a run of spaces is one small element
                    raise refuse(file, "it holds too much text.", "Split it.")
                inside[-1].append(words)
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
        return " " * (min(int(count), 1_000) if count.isdecimal() and len(count) < 9 else 1)
    special = {"tab": "\t", "line-break": "\n"}.get(name)
    return special if special is not None else (element.text or "")


def _member(archive: Archive, name: str) -> bytes:
    found = archive.find(name)
    if found is None:
        raise refuse(archive.file, f"the document has no {name}.", "Save it again.", field=name)
    return archive.read(found)
