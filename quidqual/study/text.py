r"""Canonical text: what an offset counts.

Canonical text is UTF-8 without a byte-order mark, in Unicode normal form C, with line
ends ``\n``. Offsets count code points and the end is exclusive, as in the text-position
selector of the W3C Web Annotation Data Model (https://www.w3.org/TR/annotation-model/).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import groupby

import numpy as np

from quidqual.study.errors import QuidqualError

_SAVE_AS = {
    "txt": "Save it as UTF-8 (in Word: plain text, Unicode UTF-8; in an editor: encoding UTF-8).",
    "csv": "Save it as CSV UTF-8 (in Excel: file type 'CSV UTF-8'; in LibreOffice: character set "
    "Unicode UTF-8).",
}

_STACKED = re.compile("[\u0300-\U0010ffff]{30,}")
"""Where many marks may stand on one letter: no mark comes before U+0300."""


def canonical(text: str) -> str:
    r"""Bring a text into the one form that offsets are counted in.

    Examples
    --------
    >>> canonical("\ufeffperche\u0301\r\nno")
    'perché\nno'
    """
    if text.isascii() and "\r" not in text:
        return text
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if unicodedata.is_normalized("NFC", text):
        return text
    return unicodedata.normalize("NFC", _STACKED.sub(_in_order, text))


def _in_order(stacked: re.Match[str]) -> str:
    """Put the marks of a long row into canonical order.

    Python's own normalisation inserts each mark into its place by walking back, so that a note
    with 80,000 marks on one letter would take minutes. A sort that keeps equal classes in their
    order gives the same text (Unicode Standard Annex 15, D109).
    """
    parts = "".join(unicodedata.normalize("NFD", char) for char in stacked[0])
    ordered: list[str] = []
    for marks, group in groupby(parts, key=lambda char: unicodedata.combining(char) > 0):
        row = list(group)
        ordered += sorted(row, key=unicodedata.combining) if marks else row
    return "".join(ordered)


def is_canonical(text: str) -> bool:
    """Tell whether a text is in canonical form already."""
    return (
        not text.startswith("\ufeff")
        and "\r" not in text
        and unicodedata.is_normalized("NFC", text)
    )


def decode(data: bytes, *, file: str) -> str:
    """Decode the bytes of a text file as UTF-8 and make them canonical.

    Raises
    ------
    QuidqualError
        If the bytes are not UTF-8: the encoding is never guessed, since a guess turns
        ``è`` into another letter without a word.
    """
    try:
        text = data.decode("utf-8")
        null = data.find(b"\0")
        if null >= 0:  # UTF-16 without its mark is UTF-8 to the letter, and none to a reader
            raise UnicodeDecodeError("utf-8", data, null, null + 1, "null")
        return canonical(text)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise QuidqualError.of(
            "the file is not UTF-8.",
            remedy=_SAVE_AS.get(file.rsplit(".", 1)[-1].lower(), _SAVE_AS["txt"]),
            file=file,
            row=row,
        ) from None


@cache
def _joining_starters() -> frozenset[str]:
    """Starters that can still compose with the letter before them (Unicode NFC_QC=Maybe)."""
    joining = {chr(c) for c in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    for number in range(0x110000):
        parts = unicodedata.decomposition(chr(number)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            second = chr(int(parts[1], 16))
            if unicodedata.combining(second) == 0:
                joining.add(second)
    return frozenset(joining)


def offset_map(original: str) -> np.ndarray:
    r"""Map each offset of a text to the offset in its canonical form.

    Returns
    -------
    ndarray of int64, shape (len(original) + 1,)
        Offsets inside a composed letter or inside ``\r\n`` map to its start.

    Examples
    --------
    >>> offset_map("e\u0301\r\nx").tolist()
    [0, 0, 1, 1, 2, 3]
    """
    if is_canonical(original):
        return np.arange(len(original) + 1)
    result = np.empty(len(original) + 1, dtype=np.int64)
    position = 0
    start = 0
    for end in _cluster_ends(original):
        chunk = original[start:end]
        result[start:end] = position
        if start == 0:
            chunk = chunk.removeprefix("\ufeff")
        position += len(canonical(chunk))
        start = end
    result[len(original)] = position
    return result


def _cluster_ends(text: str) -> list[int]:
    """Ends of the shortest pieces that normalise independently of each other."""
    joining = _joining_starters()
    ends = [
        i
        for i in range(1, len(text))
        if unicodedata.combining(text[i]) == 0
        and text[i] not in joining
        and not (text[i] == "\n" and text[i - 1] == "\r")
    ]
    return [*ends, len(text)] if text else []
