"""XML and HTML that come from elsewhere: no DOCTYPE, no entities, no network; HTML as text."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from quidqual.interchange.untrusted import MIB, need, refuse

_HEAD = 1 << 14
MOST_NODES = 3_000_000
"""Most elements and attributes of one document: what a tree costs, not what a zip holds."""

MOST_BYTES = 128 * MIB
"""Largest XML that is made into a tree."""

DEPTH = 256
"""Deepest nesting of elements that is read (the limit that libxml2 itself keeps)."""


class _RootSeen(Exception):
    """The prolog is over."""


class _Doctype(Exception):
    """There is a document type declaration."""


def check_prolog(data: bytes, file: str, member: str) -> None:
    """Refuse a DOCTYPE before any parser that would act on it sees the data.

    Expat stops at the first element, so entities are never expanded, and it reads the
    few encodings that XML programs write; anything more exotic is refused with it.
    """
    parser = expat.ParserCreate()

    def doctype(*_: Any) -> None:
        raise _Doctype

    def element(*_: Any) -> None:
        raise _RootSeen

    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    try:
        for start in range(0, len(data), _HEAD):
            parser.Parse(data[start : start + _HEAD], start + _HEAD >= len(data))
    except _RootSeen:
        return
    except _Doctype:
        message = "the XML has a document type declaration (DOCTYPE), which is refused."
        raise refuse(
            file, message, "Remove it; no exchange format needs one.", field=member
        ) from None
    except (expat.ExpatError, LookupError, ValueError) as error:
        where = f" (line {error.lineno})" if isinstance(error, expat.ExpatError) else ""
        raise refuse(file, f"this is not XML{where}.", "Export it again.", field=member) from None
    raise refuse(file, "the XML is empty.", "Export it again.", field=member)


def check_size(data: bytes, file: str, member: str = "", *, most: int = MOST_NODES) -> None:
    """Refuse markup whose tree would cost too much, before it is built.

    A tree of empty elements is thirty times as large as their text, and that a thousand
    times as large as the zip it comes in; so the tags are counted, which costs nothing.
    """
    nodes = data.count(b"<") - data.count(b"</") + data.count(b"=")
    if nodes > most or len(data) > MOST_BYTES:
        what = f"{nodes:,} elements and attributes" if nodes > most else f"{len(data):,} bytes"
        message = f"it holds {what}, more than is read."
        raise refuse(file, message, "Split the document, or export it in parts.", field=member)


def parse_xml(data: bytes, *, file: str, member: str = "") -> Any:
    """Parse XML into its root element.

    Parameters
    ----------
    data : bytes
    file, member : str
        Where they come from, for messages.

    Returns
    -------
    lxml.etree._Element

    Raises
    ------
    QuidqualError
        If it is not well formed, has a DOCTYPE, nests deeper than `DEPTH`, is larger than
        `MOST_NODES` or `MOST_BYTES`, or holds a single text of more than ten megabytes.

    Examples
    --------
    >>> parse_xml(b"<a><b/></a>", file="x.xml").tag
    'a'
    """
    need("lxml")
    from lxml import etree

    check_size(data, file, member)
    check_prolog(data, file, member)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False, remove_comments=True, remove_pis=True, attribute_defaults=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", None)
        where = f" (line {line})" if line else ""
        message = f"the XML is not well formed{where}, or nests too deep."
        raise refuse(file, message, "Export it again.", field=member) from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise refuse(file, "the XML is not usable.", "Export it again.", field=member)
    return root


def parse_html(data: str, *, file: str) -> Any | None:
    """Parse HTML into its body element; None if it holds nothing.

    Raises
    ------
    QuidqualError
        If the parser gives up, such as on nesting without end.
    """
    need("lxml")
    from lxml import etree

    parser = etree.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8"
    )
    cleaned = data.replace("\x00", "\ufffd")
    if not cleaned.strip():
        return None
    encoded = cleaned.encode("utf-8", "replace")
    check_size(encoded, file)
    try:
        root = etree.fromstring(encoded, parser)
    except (etree.LxmlError, ValueError) as error:
        raise refuse(file, "the HTML cannot be read.", "Save the page again.") from error
    if root is None:
        return None
    body = root.find("body") if root.tag == "html" else root
    return root if body is None else body


def local_name(tag: object) -> str:
    """Give the name of an element without its namespace.

    Examples
    --------
    >>> local_name("{urn:QDA-XML:project:1.0}Code")
    'Code'
    """
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


_BLOCKS = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "table",
    "tr", "blockquote", "pre", "section", "article", "header", "footer", "main", "aside",
    "figure", "figcaption", "td", "th", "form", "fieldset", "address", "hr", "nav", "caption",
}  # fmt: skip
_SILENT = {"script", "style", "head", "title", "template", "noscript", "iframe", "object"}


@dataclass
class TaggedText:
    """Text of an HTML document, with the byte offset at which each piece of it stands.

    Attributes
    ----------
    text : str
    starts : list of int
        Byte offset of each text node.
    pieces : list of (int, str)
        Place in `text` and words of each text node.
    size : int
        Bytes of all text nodes.
    """

    text: str = ""
    starts: list[int] = field(default_factory=list)
    pieces: list[tuple[int, str]] = field(default_factory=list)
    size: int = 0

    def place(self, start: int | None, end: int | None) -> tuple[int, int] | None:
        """Map byte offsets to offsets in `text`; None if they lie outside.

        A start between two pieces belongs to the later, an end to the earlier one, so
        that no line end that stands between them is taken in.
        """
        if start is None or end is None or not 0 <= start <= end <= self.size:
            return None
        if not self.pieces:
            return 0, 0
        first = self._at(start, max(0, bisect_right(self.starts, start) - 1))
        before = bisect_right(self.starts, end - 1) - 1 if end > 0 else 0
        last = self._at(end, max(0, before))
        return (first, last) if first <= last else (last, last)

    def _at(self, offset: int, piece: int) -> int:
        place, words = self.pieces[piece]
        data, cut = words.encode("utf-8"), offset - self.starts[piece]
        while cut < len(data) and data[cut] & 0xC0 == 0x80:
            cut += 1  # inside a character: after it, as Taguette itself cuts
        return place + len(data[:cut].decode("utf-8"))


def tagged_text(html: str, *, file: str) -> TaggedText:
    """Read the text nodes of an HTML fragment in order.

    White space before the first element is not counted, as in the parser that Taguette
    uses; a line end is put between blocks, and belongs to no byte.

    Raises
    ------
    QuidqualError
        If the HTML cannot be read at all.
    """
    result = TaggedText()
    body = parse_html(html.lstrip(" \t\r\n\f"), file=file)
    if body is None:
        return result
    words: list[str] = []
    length = 0

    def line_end() -> None:
        nonlocal length
        if words and not words[-1].endswith("\n"):
            words.append("\n")
            length += 1

    def node(text: str | None) -> None:
        nonlocal length
        if not text:
            return
        result.starts.append(result.size)
        result.pieces.append((length, text))
        result.size += len(text.encode("utf-8"))
        words.append(text)
        length += len(text)

    _walk(body, node, line_end)
    result.text = "".join(words)
    return result


def _walk(body: Any, node: Any, line_end: Any) -> None:
    """Go through the tree in order, without recursion."""
    from lxml import etree

    walker = etree.iterwalk(body, events=("start", "end"))
    for event, element in walker:
        name = local_name(element.tag)
        if event == "start":
            if name in _SILENT:
                walker.skip_subtree()
                continue
            if name in _BLOCKS:
                line_end()
            node(element.text)
            continue
        if name in _BLOCKS or name == "br":
            line_end()
        if element is not body:
            node(element.tail)


def html_text(data: str, *, file: str) -> str:
    r"""Words of a web page as text: no scripts, runs of white space folded.

    Examples
    --------
    >>> html_text("<h1>Talk</h1><p>She  <b>stays</b>.</p>", file="a.html")
    'Talk\nShe stays.'
    """
    body = parse_html(data, file=file)
    if body is None:
        return ""
    lines: list[list[str]] = [[]]

    def line_end() -> None:
        if lines[-1]:
            lines.append([])

    _walk(body, lambda text: lines[-1].append(text) if text else None, line_end)
    folded = (" ".join("".join(line).split()) for line in lines)
    return "\n".join(line for line in folded if line)
