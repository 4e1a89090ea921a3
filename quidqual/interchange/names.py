"""Names that come from elsewhere, made into ids that are safe in any table and on any disk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable

_DIRECTION = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST = 48
_LONGEST_NAME = 1_000
_COLOUR = re.compile(r"#?([0-9A-Fa-f]{8}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3,4})")
_CHANNEL = r"(\d{1,3}(?:\.\d{1,6})?%?)"
_RGB = re.compile(
    rf"rgba?\(\s*{_CHANNEL}[\s,]+{_CHANNEL}[\s,]+{_CHANNEL}\s*(?:[,/][\s\d.%]{{1,12}})?\)",
    re.IGNORECASE,
)
_EXTENSIONS = re.compile(r"\.(txt|docx?|rtf|odt|pdf|md|html?|vtt|srt|csv|xlsx)$", re.IGNORECASE)


def one_line(text: str) -> str:
    r"""Bring a name onto one line, without control characters, in normal form C.

    Examples
    --------
    >>> one_line("  Trust \n in\x07 people ")
    'Trust in people'
    """
    text = text[:_LONGEST_NAME]
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    unseen = ("Cs", "Co", "Cn")
    kept = "".join(
        c for c in spaced if unicodedata.category(c) not in unseen and c not in _DIRECTION
    )
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
    clean = re.sub(r"[^\w.-]+", "_", clean[: 4 * _LONGEST])
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


def free_column(column: str, taken: Container[str]) -> str:
    """Name a column so that it replaces none that is there.

    Examples
    --------
    >>> free_column("memo", {"memo"}), free_column("", {})
    ('memo_', 'variable')
    """
    column = column or "variable"
    while column in taken:
        column += "_"
    return column


class Labels:
    """Tells equal labels apart by a number behind them; else they stay as they are."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def give(self, label: str) -> str:
        """Give the label, or the label with a number.

        Examples
        --------
        >>> labels = Labels()
        >>> [labels.give(name) for name in ("Anna", "Anna", "Anna 2", "Anna")]
        ['Anna', 'Anna 2', 'Anna 2 2', 'Anna 3']
        """
        found, number = label, self._next.get(label, 2)
        while found in self._taken:
            found, number = f"{label} {number}", number + 1
        self._next[label] = number
        self._taken.add(found)
        return found


class Ids:
    """Hands out ids that are unique even on disks that do not tell letter case apart."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {name.casefold() for name in taken}
        self._next: dict[str, int] = {}  # a thousand of one name are not counted from 2 each

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
        base = made[-1].casefold()
        number = self._next.get(base, 2)
        while f"{made[-1]}_{number}" in self:
            number += 1
        self._next[base] = number + 1
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

    How much one sees through it (``#RRGGBBAA``, ``rgba``) is left out.

    Examples
    --------
    >>> colour("#abc"), colour("ff8000"), colour("#ff800080"), colour("red")
    ('#AABBCC', '#FF8000', '#FF8000', '')
    >>> colour("rgb(255, 128, 0)"), colour("rgba(100% 50% 0% / .5)"), colour("rgb(300, 0, 0)")
    ('#FF8000', '#FF8000', '')
    """
    text = value.strip()
    if match := _COLOUR.fullmatch(text):
        digits = match.group(1).upper()
        return "#" + ("".join(2 * d for d in digits[:3]) if len(digits) < 6 else digits[:6])
    if match := _RGB.fullmatch(text):
        parts = [_channel(part) for part in match.groups()]
        return "#" + "".join(f"{part:02X}" for part in parts) if max(parts) <= 255 else ""
    return ""


def _channel(part: str) -> int:
    number = float(part.rstrip("%"))
    return int(number * 255 / 100 + 0.5) if part.endswith("%") else int(number + 0.5)
