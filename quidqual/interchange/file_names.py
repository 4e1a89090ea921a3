"""Who was interviewed in which round, as the names of files tell it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_PART = re.compile(r"[^\s_.,;()\[\]–—-]+")
_DAY = re.compile(r"(?<!\d)(\d{4})[-_.](\d{2})[-_.](\d{2})(?!\d)")
_ROUND_WORDS = (
    "round|wave|timepoint|time|visit|runde|welle|zeitpunkt|tornata|ondata|ronda|oleada|"
    "vague|fase|phase"
)
_SPELLED = re.compile(rf"({_ROUND_WORDS})(\d{{1,3}})?", re.IGNORECASE)
_SHORT = re.compile(r"([RTW])(\d{1,3})", re.IGNORECASE)
_COPY = re.compile(r"\s*\(\d{1,2}\)$")  # what a browser adds to a file it has already
_NOISE = re.compile(
    r"interview\w*|intervista|entrevista|entretien|gespr[aä]ch|transcri\w*|trascri\w*|transkri\w*|"
    r"abschrift|mitschrift|protokoll|verbale|verslag|compte|rendu|desgrabaci[oó]n|"
    r"final\w*|def|definitiv\w*|end\w*fassung|fassung|entwurf|borrador|bozza|brouillon|draft|clean|"
    r"copy|kopie|copia|copie|edited|bearbeitet|revisad[oa]|rivist[oa]|corregid[oa]|korrigiert|"
    r"versi[oó]n\w*|anon\w*|pseudo\w*|notes?|notiz\w*|notas?|appunti|apuntes|"
    r"audio|recording|aufnahme|grabaci[oó]n|registrazione|v\d+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Told:
    """What a name tells: participant, round, its kind ("R", "wave") and number, day or ""."""

    participant: str
    round: str
    kind: str
    number: int
    day: str = ""


def told_by(name: str) -> Told | None:
    """Read participant and round out of the name of a file; None if it tells no round.

    A round is a letter R, T or W with a number, or a word such as wave with one; the last
    such part of the name counts, a word before a letter. Words such as *interview* and
    *final* are nobody's name, and a day is a day.

    Examples
    --------
    >>> told = told_by("Interview_P01_T2_final")
    >>> told.participant, told.round
    ('P01', 'T2')
    >>> told_by("Gespräch Jürgen Welle 1 (2)").participant
    'Jürgen'
    >>> told_by("Ana wave 1").round, told_by("S1-R1").participant, told_by("R1"), told_by("Ana")
    ('wave 1', 'S1', None, None)
    """
    name = _COPY.sub("", name)
    day = _DAY.search(name)
    rest = name[: day.start()] + " " + name[day.end() :] if day else name
    places = [match.span() for match in _PART.finditer(rest)]
    parts = [rest[a:b] for a, b in places]
    found = _round_part(parts)
    if found is None:
        return None
    first, last, kind, digits = found
    others = [at for at in range(len(parts)) if not first <= at < last]
    people = [at for at in others if not _NOISE.fullmatch(parts[at])]
    if not any(any(char.isalpha() for char in parts[at]) for at in people):
        people = others  # a number alone is told from others by the word before it
    if not people:
        return None
    together = people[-1] - people[0] == len(people) - 1
    person = (
        rest[places[people[0]][0] : places[people[-1]][1]]  # as it is written, such as P-01
        if together
        else " ".join(parts[at] for at in people)
    )
    name_of_round = " ".join(parts[first:last])
    date = "-".join(day.groups()) if day else ""
    return Told(person, name_of_round, kind, int(digits), date)


def _round_part(parts: Sequence[str]) -> tuple[int, int, str, str] | None:
    """First and last index of the round, its kind and its number."""
    short = None
    for at in range(len(parts) - 1, -1, -1):
        spelled = _SPELLED.fullmatch(parts[at])
        if spelled and spelled.group(2):
            return at, at + 1, spelled.group(1).casefold(), spelled.group(2)
        following = parts[at + 1] if at + 1 < len(parts) else ""
        if spelled and re.fullmatch(r"\d{1,3}", following):
            return at, at + 2, spelled.group(1).casefold(), following
        letter = _SHORT.fullmatch(parts[at])
        if letter and short is None and len(parts) > 1:
            short = (at, at + 1, letter.group(1).upper(), letter.group(2))
    return short


def rounds_of(told: Iterable[Told]) -> dict[Told, str]:
    """Name the round of each: as the files do, if all do it alike, else R and its number.

    Examples
    --------
    >>> both = [told_by("Ana wave 1"), told_by("P01_T2")]
    >>> list(rounds_of(both).values())
    ['R1', 'R2']
    """
    known = list(told)
    alike = len({one.kind for one in known}) <= 1
    spellings: dict[int, str] = {}
    for one in known:
        spellings.setdefault(one.number, one.round)
    return {one: spellings[one.number] if alike else f"R{one.number}" for one in known}
