"""Text of HTML: paragraphs on lines of their own, and a map from Taguette's byte offsets."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from quidqual.interchange.markup import local_name, parse_html

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
