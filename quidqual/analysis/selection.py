"""Which codes an analysis looks at, under which theme, and with whom each was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.study.arguments import names_of
from quidqual.study.errors import QuidqualError, listed

if TYPE_CHECKING:
    from quidqual.study.codebook import Codebook


def as_tuple(value: str | Iterable[str]) -> tuple[str, ...]:
    """Read one name or several as a tuple.

    >>> as_tuple("A"), as_tuple(["A", "B"])
    (('A',), ('A', 'B'))
    """
    names = names_of(value)
    for name in names:
        if isinstance(name, list | dict | set):
            raise QuidqualError.of(
                f"{name!r} is no name.", remedy="Give a name, or one flat list of them."
            )
    return names


def kept_names(value: Any) -> Any:
    """Keep what a filter names, for more than one reading; None stays None.

    >>> kept_names(iter(["A"])), kept_names("A"), kept_names(None)
    (('A',), 'A', None)
    """
    return value if value is None or isinstance(value, str) else as_tuple(value)


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
    merged : dict
        Codes that are read as another one.
    """

    codes: tuple[str, ...]
    themes: tuple[str, ...]
    theme_of_code: np.ndarray
    asked: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    merged: dict[str, str]

    def column_of(self, codes: pd.Series) -> np.ndarray:
        """Give the position in ``codes`` of each coding's code, -1 if it is not looked at."""
        place = {code: position for position, code in enumerate(self.codes)}
        for code, into in self.merged.items():
            place[code] = place.get(into, -1)
        numbers, names = pd.factorize(codes)
        found = np.array([place.get(name, -1) for name in names] + [-1], dtype=np.int64)
        return found[numbers]


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
        merged=merged,
    )


def check_codes(codebook: Codebook, codes: Iterable[str], field: str = "codes") -> None:
    """Raise an error that lists the codes that the codebook does not have."""
    known = set(codebook.ids)
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise QuidqualError.of(
            f"Not in the codebook: {listed(unknown)}.",
            remedy=f"It has {listed(codebook.ids)}.",
            field=field,
        )


def _expand(codebook: Codebook, codes: str | Iterable[str] | None) -> set[str] | None:
    """Let a theme or parent stand for itself and all that lies beneath it."""
    if codes is None:
        return None
    wished = as_tuple(codes)
    check_codes(codebook, wished)
    found = set(wished)
    for code in wished:
        found.update(getattr(below, "id", below) for below in codebook.descendants(code))
    return found


def _resolve(codebook: Codebook, merge: dict[str, str]) -> dict[str, str]:
    """Follow chains of merges to their end."""
    check_codes(codebook, [*merge, *merge.values()], field="merge")
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
    groups: set[str] = set()
    rounds: set[str] = set()
    for part_groups, part_rounds in parts:
        groups.update(part_groups)
        rounds.update(part_rounds)
    # An empty list means everyone (always), and wins over any named group (round).
    everyone = any(not part[0] for part in parts)
    always = any(not part[1] for part in parts)
    return (
        () if everyone else tuple(sorted(groups)),
        () if always else tuple(sorted(rounds)),
    )


def _asked_here(codebook: Codebook, code: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Take a code's own protocol, or else that of the nearest parent that has one."""
    current: str | None = code
    while current is not None:
        entry = codebook[current]
        if entry.asked.groups or entry.asked.rounds:
            return tuple(entry.asked.groups), tuple(entry.asked.rounds)
        current = entry.parent
    return (), ()
