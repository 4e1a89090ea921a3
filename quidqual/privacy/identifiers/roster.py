"""The roster: the people, bodies and places that a team knows, in every form of writing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quidqual.privacy.identifiers.marks import REVIEW, SURE, Mark
from quidqual.privacy.identifiers.ordinary_words import is_ordinary
from quidqual.study.errors import Problem, QuidqualError, listed
from quidqual.study.files import as_path

COLUMNS = ("name", "kind", "aliases", "initials", "participant", "pseudonym", "gender", "relation")
ROSTER_KINDS = ("person", "organisation", "place")


@dataclass(frozen=True)
class Known:
    """One row of the roster.

    Attributes
    ----------
    name : str
        In full.
    kind : str
        person, organisation or place.
    aliases : tuple of str
        Other forms: short names, nicknames, names of before.
    initials : tuple of str
        As staff are noted: ``MB``, ``M.B.``
    participant : str
        Id in the study, if the person is a participant.
    pseudonym : str
        What stands for it; "" for the library to choose.
    gender : str
        f, m or "".
    relation : str
        What to say instead of a name: ``her cousin``.
    """

    name: str
    kind: str = "person"
    aliases: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    participant: str = ""
    pseudonym: str = ""
    gender: str = ""
    relation: str = ""


@dataclass
class Roster:
    """Every form of everything on the roster, to be found in a text in one pass.

    Examples
    --------
    >>> roster = Roster.of([{"name": "Blessing Osagie", "aliases": "Bles; Mama B"}])
    >>> [(m.start, m.end, m.certainty) for m in roster.marks("bles and Osagie's bag", "en")]
    [(0, 4, 'sure'), (9, 15, 'sure')]
    """

    entries: tuple[Known, ...]
    forms: dict[str, Known] = field(default_factory=dict)
    unsure: dict[str, Known] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Any) -> Roster:
        """Read a roster: a CSV file, a table, a list of rows or of names; None for an empty one."""
        if isinstance(given, Roster):
            return given
        roster = cls(tuple(_entries(given)))
        for entry in roster.entries:
            roster._add(entry)
        roster._pattern = _pattern([*roster.forms, *roster.unsure])
        return roster

    def __post_init__(self) -> None:
        self._pattern = _pattern([])

    def _add(self, entry: Known) -> None:
        for form in (entry.name, *entry.aliases, *entry.initials):
            self.forms.setdefault(plain(form), entry)
        if entry.kind != "person":
            return
        parts = [part for part in entry.name.split() if len(part) > 2]
        if len(parts) > 1:
            self.forms.setdefault(plain(" ".join([*parts[1:], parts[0]])), entry)
            self.forms.setdefault(plain(f"{parts[0]} {parts[-1][0]}."), entry)
            self.forms.setdefault(plain(f"{parts[0][0]}. {parts[-1]}"), entry)
            letters = [part[0] for part in parts]
            self.forms.setdefault(plain(".".join(letters) + "."), entry)
            self.unsure.setdefault(plain("".join(letters)), entry)
        for part in parts:
            ordinary = is_ordinary(part, "en") or is_ordinary(part, "it")
            (self.unsure if ordinary else self.forms).setdefault(plain(part), entry)

    def entry_of(self, words: str) -> Known | None:
        """Row that a form in a text stands for."""
        form = plain(words)
        return self.forms.get(form) or self.unsure.get(form)

    def marks(self, text: str, language: str) -> Iterator[Mark]:
        """Find every form of the roster, whatever its capitals, accents and apostrophes."""
        flat = plain(text, keep_length=True)
        for found in self._pattern.finditer(flat):
            form = re.sub(r"\s+", " ", found.group())
            entry = self.forms.get(form)
            if entry is not None:
                yield Mark(*found.span(), entry.kind, "roster", SURE)
                continue
            words = text[found.start() : found.end()]
            if words[:1].isupper():  # an ordinary word that is a name: only its capital tells
                yield Mark(*found.span(), self.unsure[form].kind, "roster", REVIEW)


def plain(text: str, *, keep_length: bool = False) -> str:
    """Bring a text into small letters without accents, with straight apostrophes."""
    out = []
    for letter in text:
        base = unicodedata.normalize("NFD", letter)[0] if ord(letter) > 127 else letter
        small = base.lower()
        out.append("'" if letter in "’‘" else small if len(small) == 1 else letter)
    flat = "".join(out)
    return flat if keep_length else re.sub(r"\s+", " ", flat).strip()


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    """Compile all forms into one pattern, the longest first."""
    ordered = sorted(set(forms), key=lambda form: (-len(form), form))
    if not ordered:
        return re.compile(r"(?!)")
    parts = [re.escape(form).replace(r"\ ", r"\s+") for form in ordered]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(parts)})(?![^\W_])")


def _entries(given: Any) -> list[Known]:
    import pandas as pd

    if given is None:
        return []
    rows: list[Any]
    name = "roster"
    if isinstance(given, str | Path):
        path = as_path(given, field="roster")
        name = path.name
        try:
            given = pd.read_csv(path, dtype=str, keep_default_na=False)
        except FileNotFoundError:
            raise QuidqualError.of(
                "the roster is not there.", remedy="Check the path.", file=path.name
            ) from None
        except (ValueError, OSError):
            raise QuidqualError.of(
                "the roster cannot be read as CSV.", remedy="Save it as CSV (UTF-8).", file=name
            ) from None
    if isinstance(given, pd.DataFrame):
        rows = given.to_dict("records")
    elif isinstance(given, Mapping) or not isinstance(given, Iterable):
        raise QuidqualError.of(
            "a roster must be a CSV file, a table or a list.",
            remedy="Give rows such as {'name': ..., 'aliases': ...}.",
            field="roster",
        )
    else:
        rows = [{"name": row} if isinstance(row, str) else row for row in given]
    problems: list[Problem] = []
    found = [_entry(row, number, name, problems) for number, row in enumerate(rows, 2)]
    if problems:
        raise QuidqualError(problems)
    return found


def _entry(row: Any, number: int, file: str, problems: list[Problem]) -> Known:
    """Read a row; messages never hold a name."""
    if not isinstance(row, Mapping):
        problems.append(Problem(file, number, "", "the row is not a mapping.", "Give columns."))
        return Known("")
    cells = {str(k): "" if v is None or v != v else str(v).strip() for k, v in row.items()}
    unknown = sorted(set(cells) - set(COLUMNS))
    if unknown:
        problems.append(Problem(file, 1, unknown[0], "unknown column.", f"Use: {listed(COLUMNS)}."))
    kind = cells.get("kind") or "person"
    if kind not in ROSTER_KINDS:
        problems.append(
            Problem(file, number, "kind", "unknown kind.", f"Use one of: {listed(ROSTER_KINDS)}.")
        )
    if len(plain(cells.get("name", ""))) < 2:
        problems.append(
            Problem(file, number, "name", "the name is shorter than two letters.", "Write it out.")
        )
    if cells.get("gender", "") not in ("", "f", "m"):
        problems.append(
            Problem(file, number, "gender", "unknown gender.", "Use f, m or leave empty.")
        )

    def several(column: str) -> tuple[str, ...]:
        return tuple(p.strip() for p in cells.get(column, "").split(";") if p.strip())

    return Known(
        name=cells.get("name", ""),
        kind=kind,
        aliases=several("aliases"),
        initials=several("initials"),
        participant=cells.get("participant", ""),
        pseudonym=cells.get("pseudonym", ""),
        gender=cells.get("gender", ""),
        relation=cells.get("relation", ""),
    )
