"""Parsing XML and HTML that come from elsewhere: no DOCTYPE, no entities, no network."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from quidqual.interchange.untrusted import need, refuse

_HEAD = 1 << 14
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
        If it is not well formed, has a DOCTYPE, nests deeper than `DEPTH`, or holds a
        single text of more than ten megabytes.

    Examples
    --------
    >>> parse_xml(b"<a><b/></a>", file="x.xml").tag
    'a'
    """
    need("lxml")
    from lxml import etree

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
    try:
        root = etree.fromstring(cleaned.encode("utf-8", "replace"), parser)
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
