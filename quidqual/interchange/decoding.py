"""Bytes to text: by a mark, as UTF-8, or as the user says; never by a guess."""

from __future__ import annotations

import codecs

from quidqual.interchange.untrusted import refuse

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ENCODINGS = ("utf-8", "utf-16", "windows-1252", "iso-8859-1", "mac-roman")


def decode_text(data: bytes, *, file: str, encoding: str | None = None, field: str = "") -> str:
    r"""Decode a text, leaving out one byte-order mark and touching nothing else.

    Parameters
    ----------
    data : bytes
    file : str
        For messages.
    encoding : str, optional
        One of `ENCODINGS`, where the user knows it; a mark in the file still wins.
    field : str, optional
        Member or element, for messages.

    Returns
    -------
    str
        Line ends and composed letters as they are in the file.

    Raises
    ------
    QuidqualError
        If the bytes are not of that encoding. A statistical guess is never made: it
        turns ``è`` into ``č`` without a word.

    Examples
    --------
    >>> decode_text("città".encode("utf-16"), file="a.txt")
    'città'
    >>> decode_text(b"citt\xe0", file="a.txt", encoding="windows-1252")
    'città'
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], name, file, field)
    wanted = (encoding or "utf-8").casefold().replace("_", "-")
    wanted = {"cp1252": "windows-1252", "utf8": "utf-8", "latin-1": "iso-8859-1"}.get(
        wanted, wanted
    )
    if wanted not in ENCODINGS:
        message = f"{encoding!r} is not an encoding that is read."
        raise refuse(file, message, f"Use one of: {', '.join(ENCODINGS)}.", field="encoding")
    return _decode(data, wanted, file, field)


def _decode(data: bytes, name: str, file: str, field: str) -> str:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, UnicodeError):
        remedy = (
            "Save it as UTF-8, or say what it is, such as encoding='windows-1252'."
            if name == "utf-8"
            else "Save it as UTF-8."
        )
        raise refuse(file, f"the text is not {name}.", remedy, field=field) from None
