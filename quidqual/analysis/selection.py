"""The part of a study that an analysis looks at: which people, rounds and codes.

``Field`` says who was to be interviewed when, and whether it took place; ``Plan`` which codes
are looked at, under which theme, and with whom and when the protocol raises each.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.study.arguments import names_of, one_of, some_of
from quidqual.study.errors import QuidqualError
from quidqual.study.wording import natural_order

if TYPE_CHECKING:
    from quidqual.study.codebook import Codebook
    from quidqual.study.model import Study

CODE_KINDS = ("state", "event", "background", "prompted_once")
"""How silence about a code is read, see :func:`quidqual.change`."""


def as_tuple(value: str | Iterable[str]) -> tuple[str, ...]:
    """Read one name or several as a tuple.

    >>> as_tuple("A"), as_tuple(["A", "B"])
    (('A',), ('A', 'B'))
    """
    names = names_of(value)
    for name in names:
        if not isinstance(name, Hashable):
            raise QuidqualError.of(
                f"a name must be text, not {name!r}.",
                remedy="Give a name, or one flat list of them.",
            )
    return names


def kept_names(value: Any) -> Any:
    """Keep what a filter names, for more than one reading; None stays None.

    >>> kept_names(iter(["A"])), kept_names("A"), kept_names(None)
    (('A',), 'A', None)
    """
    return value if value is None or isinstance(value, str) else as_tuple(value)


@dataclass(frozen=True)
class Field:
    """Participants x rounds of a study, or of the part of it that is looked at.

    Attributes
    ----------
    participants, groups, roles : ndarray of str
        One entry a participant, in natural order of their names.
    rounds : ndarray of str
        In the order of the study.
    interview, status : ndarray of str, participants x rounds
        The interview's id, and ``held``, ``missed`` or ``not_due``.
    """

    participants: np.ndarray
    groups: np.ndarray
    roles: np.ndarray
    rounds: np.ndarray
    interview: np.ndarray
    status: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        """How many participants and rounds."""
        return len(self.participants), len(self.rounds)

    def place_of(self, interviews: pd.Series) -> np.ndarray:
        """Give the flat position of each interview, -1 if it is outside the field."""
        numbers, names = pd.factorize(interviews)
        found = pd.Index(self.interview.ravel()).get_indexer(names)
        return np.append(found, -1)[numbers].astype(np.int64)

    def among(self, interviews: Iterable[str]) -> np.ndarray:
        """Mark, participants x rounds, the interviews that are among those named."""
        known = set(interviews)
        found = [name in known for name in self.interview.ravel().tolist()]
        return np.array(found, dtype=bool).reshape(self.shape)

    def in_groups(self, wished: Iterable[str]) -> np.ndarray:
        """Mark the participants whose group or role is among those wished."""
        names = list(wished)
        return pd.Index(self.groups).isin(names) | pd.Index(self.roles).isin(names)


def field_of(
    study: Study,
    *,
    participants: str | Iterable[str] | None = None,
    rounds: str | Iterable[str] | None = None,
) -> Field:
    """Lay a study's interviews out as participants x rounds.

    A pair without an interview row counts as ``not_due``.

    Raises
    ------
    QuidqualError
        If a participant or round is not in the study.
    """
    people = study.participants.set_index("participant")
    chosen = natural_order(_among(people.index, participants, field="participants"))
    ordered = _among(study.rounds["round"].astype("str"), rounds, field="rounds")
    held = study.interviews
    row = pd.Index(chosen).get_indexer(held["participant"])
    column = pd.Index(ordered).get_indexer(held["round"].astype("str"))
    inside = (row >= 0) & (column >= 0)
    interview = np.full((len(chosen), len(ordered)), "", dtype=object)
    status = np.full(interview.shape, "not_due", dtype=object)
    interview[row[inside], column[inside]] = held["interview"].to_numpy(dtype=object)[inside]
    status[row[inside], column[inside]] = held["status"].to_numpy(dtype=object)[inside]
    return Field(
        participants=np.array(chosen, dtype=object),
        groups=people["group"].reindex(chosen).to_numpy(dtype=object),
        roles=people["role"].reindex(chosen).to_numpy(dtype=object),
        rounds=np.array(ordered, dtype=object),
        interview=interview,
        status=status,
    )


def _among(known: Iterable[str], wished: str | Iterable[str] | None, *, field: str) -> list[str]:
    """Keep the wished names in their known order, or all."""
    everything = list(known)
    if wished is None:
        return everything
    asked = set(some_of(as_tuple(wished), everything, field=field))
    return [name for name in everything if name in asked]


@dataclass(frozen=True)
class Plan:
    """The codes of one analysis, in codebook order.

    Attributes
    ----------
    codes, themes : tuple of str
        Codes looked at; the themes that hold at least one of them.
    theme_of_code : ndarray
        Position in ``themes`` of each code.
    asked : tuple of (groups, rounds)
        For each code with whom and when the protocol raises it; empty means always.
    kinds : tuple of str
        How silence about each code is read: state, event, background, prompted_once.
    merged : dict
        Codes that are read as another one.
    parent : dict
        The code above each code of the codebook.
    """

    codes: tuple[str, ...]
    themes: tuple[str, ...]
    theme_of_code: np.ndarray
    asked: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    kinds: tuple[str, ...]
    merged: dict[str, str]
    parent: dict[str, str | None]

    def column_of(self, codes: pd.Series) -> np.ndarray:
        """Give the position in ``codes`` of each coding's code, -1 if it is not looked at."""
        return self.columns_of(codes)[0]

    def columns_of(self, codes: pd.Series) -> list[np.ndarray]:
        """Give the columns that each coding makes present: its own, then those of its parents.

        A parent is present where anything beneath it is, as a search for it finds all that.
        """
        place = {code: position for position, code in enumerate(self.codes)}
        numbers, names = pd.factorize(codes)
        lines = []
        for name in names:
            at = self.merged.get(name, name)
            line = [place.get(at, -1)]
            while (at := self.parent.get(at)) is not None:
                if at in place:
                    line.append(place[at])
            lines.append(line)
        # A row a level, a column a name; the last column is for what has none.
        table = np.array(list(zip_longest(*lines, [-1], fillvalue=-1)), dtype=np.int64)
        return [level[numbers] for level in table]

    def names_at(self, level: str) -> tuple[str, ...]:
        """Give what the columns stand for: codes, or themes."""
        return self.themes if level == "theme" else self.codes

    def columns_at(self, codes: pd.Series, level: str) -> list[np.ndarray]:
        """Give the columns that each coding makes present on a level; -1 for none."""
        if level == "theme":
            return [np.append(self.theme_of_code, -1)[self.column_of(codes)]]
        return self.columns_of(codes)

    def kinds_of_themes(self) -> tuple[str, ...]:
        """A theme is of the kind that all its codes are of, else a state."""
        mixed = [
            {self.kinds[c] for c in np.flatnonzero(self.theme_of_code == theme)}
            for theme in range(len(self.themes))
        ]
        return tuple(kinds.pop() if len(kinds) == 1 else "state" for kinds in mixed)


def plan_codes(
    codebook: Codebook,
    *,
    codes: str | Iterable[str] | None = None,
    merge: Mapping[str, str] | None = None,
) -> Plan:
    """Choose the codes of an analysis from a codebook.

    Raises
    ------
    QuidqualError
        If a code is not in the codebook, or a merge leads in a circle.
    """
    if merge is not None and not isinstance(merge, Mapping):
        raise QuidqualError.of(
            "merge= must map a code to the one it is merged into.",
            remedy="Give a dict, such as {'few_friends': 'circle_of_trust'}.",
            field="merge",
        )
    merged = _resolve(codebook, dict(merge or {}))
    wished = _expand(codebook, codes)
    chosen = tuple(
        code.id
        for code in codebook
        if code.id not in merged
        and (code.codable or code.id in merged.values())
        and (wished is None or code.id in wished)
    )
    themes_used = {codebook.theme_of(code) for code in chosen}
    order = {code.id: position for position, code in enumerate(codebook)}
    themes = tuple(sorted(themes_used, key=lambda theme: order.get(theme, -1)))
    place = {theme: position for position, theme in enumerate(themes)}
    return Plan(
        codes=chosen,
        themes=themes,
        theme_of_code=np.array([place[codebook.theme_of(code)] for code in chosen], dtype=np.intp),
        asked=tuple(_asked_of(codebook, code, merged) for code in chosen),
        kinds=tuple(str(getattr(codebook[code], "kind", "") or "state") for code in chosen),
        merged=merged,
        parent={code.id: code.parent for code in codebook},
    )


def _expand(codebook: Codebook, codes: str | Iterable[str] | None) -> set[str] | None:
    """Let a theme or parent stand for itself and all that lies beneath it."""
    if codes is None:
        return None
    wished = some_of(as_tuple(codes), codebook.ids, field="codes")
    return set(wished).union(*(codebook.descendants(code) for code in wished))


def _resolve(codebook: Codebook, merge: dict[str, str]) -> dict[str, str]:
    """Follow chains of merges to their end."""
    for code in [*merge, *merge.values()]:
        one_of(code, codebook.ids, field="merge")
    resolved = {}
    for code in merge:
        into, seen = code, {code}
        while into in merge:
            into = merge[into]
            if into in seen:
                raise QuidqualError.of(
                    f"The merge of {code!r} leads back to itself.",
                    remedy="Give each code one end to be read as.",
                    field="merge",
                )
            seen.add(into)
        resolved[code] = into
    return resolved


def _asked_of(
    codebook: Codebook, code: str, merged: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Unite the protocol of a code with that of the codes merged into it."""
    parts = [_asked_here(codebook, c) for c in (code, *(m for m in merged if merged[m] == code))]
    # An empty list means everyone (always), and wins over any named group (round).
    groups, rounds = (
        tuple(sorted(set().union(*named))) if all(named) else ()
        for named in zip(*parts, strict=True)
    )
    return groups, rounds


def _asked_here(codebook: Codebook, code: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take a code's own protocol, or else that of the nearest parent that has one."""
    entry = codebook[code]
    if entry.asked.groups or entry.asked.rounds or entry.parent is None:
        return tuple(entry.asked.groups), tuple(entry.asked.rounds)
    return _asked_here(codebook, entry.parent)
