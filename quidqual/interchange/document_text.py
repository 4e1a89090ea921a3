"""One document to its text: .txt, .md, .docx, .odt, .rtf, .pdf and .html."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

from quidqual.interchange.decoding import decode_text
from quidqual.interchange.hypertext import html_text
from quidqual.interchange.untrusted import Limits, foreign_parser, need, read_capped, refuse
from quidqual.interchange.word_text import Extracted, docx_text, odt_text

DOCUMENTS = (".txt", ".md", ".docx", ".odt", ".rtf", ".pdf", ".html", ".htm")
_LIMITS = Limits(file_bytes=100 << 20)
_PAGES = 5_000


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
    if not found.text.strip():
        remedy = "A scan needs text recognition first." if kind == ".pdf" else "Check the file."
        raise refuse(file.name, "it holds no text.", remedy)
    return found


def _rtf(data: bytes, file: str) -> Extracted:
    if not data.lstrip().startswith(b"{\\rtf"):
        raise refuse(file, "this is not RTF.", "Save it again as RTF or .docx.")
    need("striprtf")
    from striprtf.striprtf import rtf_to_text

    with foreign_parser(file, "RTF"):
        # RTF is ASCII: letters beyond it are escaped in the code page that it names itself.
        text = rtf_to_text(data.decode("latin-1"), errors="strict")
    left_out = Counter({"pictures": data.count(b"{\\pict")})
    return Extracted(text.strip("\n"), +left_out)


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
            pages = [page.extract_text() for page in reader.pages]
    finally:
        logger.setLevel(before)
    # A broken font map gives lone halves of letters, which no file could hold.
    pages = [page.encode("utf-8", "replace").decode("utf-8").strip() for page in pages]
    blank = sum(1 for page in pages if not page)
    left_out = Counter({"pages without text": blank})
    return Extracted("\n\n".join(page for page in pages if page), +left_out)
