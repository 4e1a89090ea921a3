"""Names that come from elsewhere, made into ids that are safe in any table and on any disk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 48
_COLOUR = re.compile(r"#?([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})$")
_EXTENSIONS = re.compile(r"\.(txt|docx?|rtf|odt|pdf|md|html?|vtt|srt|csv|xlsx)$", re.IGNORECASE)


def one_line(text: str) -> str:
    r"""Bring a name onto one line, without control characters, in normal form C.

    Examples
    --------
    >>> one_line("  Trust \n in\x07 people ")
    'Trust in people'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    kept = "".join(c for c in spaced if unicodedata.category(c) not in ("Cs", "Co", "Cn"))
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def slug(name: str, *, fallback: str = "item", lower: bool = False) -> str:
    """Make an id of letters, digits, ``.``, ``_`` and ``-`` out of a name.

    Examples
    --------
    >>> slug("Interview 3 (Anna) – città")
    'Interview_3_Anna_città'
    >>> slug("../../etc/passwd")
    'etc_passwd'
    """
    clean = one_line(name)
    clean = clean.lower() if lower else clean
    clean = re.sub(r"[^\w.-]+", "_", clean)
    clean = re.sub(r"_+([.-]_*)*", "_", clean).strip("._-")
    while len(clean) > _LONGEST or len(clean.encode("utf-8")) > 2 * _LONGEST:
        clean = clean[:-1].rstrip("._-")
    return clean or fallback


def stem(name: str) -> str:
    """Drop the extension of a document's name.

    Examples
    --------
    >>> stem("S1-R1.docx"), stem("Dr. Who")
    ('S1-R1', 'Dr. Who')
    """
    return _EXTENSIONS.sub("", name.strip())


class Ids:
    """Hands out ids that are unique even on disks that do not tell letter case apart."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {name.casefold() for name in taken}

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._taken

    def give(self, *wishes: str, fallback: str = "item", lower: bool = False) -> str:
        """Give the first wish that is free, else the last with a number.

        Examples
        --------
        >>> ids = Ids()
        >>> ids.give("trust"), ids.give("Trust", "home_trust"), ids.give("trust")
        ('trust', 'home_trust', 'trust_2')
        """
        made = [slug(wish, fallback=fallback, lower=lower) for wish in wishes] or [fallback]
        for name in made:
            if name not in self:
                return self._take(name)
        number = 2
        while f"{made[-1]}_{number}" in self:
            number += 1
        return self._take(f"{made[-1]}_{number}")

    def claim(self, name: str) -> bool:
        """Take exactly this name, if it is free."""
        free = name not in self
        if free:
            self._take(name)
        return free

    def _take(self, name: str) -> str:
        self._taken.add(name.casefold())
        return name


def colour(value: str) -> str:
    """Bring a colour into the form ``#RRGGBB``; "" if it is none.

    Examples
    --------
    >>> colour("#abc"), colour("ff8000"), colour("red")
    ('#AABBCC', '#FF8000', '')
    """
    match = _COLOUR.match(value.strip())
    if not match:
        return ""
    digits = match.group(1).upper()
    return "#" + ("".join(2 * d for d in digits) if len(digits) == 3 else digits)
