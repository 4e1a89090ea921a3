"""What journals ask of a figure: rules as data, each with its source and the day it was read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pandas as pd

from quidqual.plots.style import SIZE, SMALL, WIDTH, checked_width
from quidqual.study.errors import QuidqualError, listed

_FIELDS = ("width", "height", "type", "fonts", "formats", "dpi", "patterns", "coloured_text")


@dataclass(frozen=True)
class Preset:
    """The rules of one journal; a rule that the journal does not state is not in ``rules``."""

    key: str
    name: str
    rules: Mapping[str, Any] = field(default_factory=dict)

    def width(self, wish: str | float | None) -> float:
        """Turn a width in words (``column``, ``full``) or in mm into mm."""
        stated: Mapping[str, float] = self.rules.get("width", {})
        names = {name: mm for name, mm in stated.items() if name not in ("least", "most")}
        if wish is None:
            return (
                max([*names.values(), min(stated.get("most", WIDTH), WIDTH)]) if stated else WIDTH
            )
        if isinstance(wish, str):
            if wish in names:
                return float(names[wish])
            says = f"Use {listed(names)}" if names else f"{self.name} names no widths: give mm"
            raise QuidqualError.of(
                f"{self.name} has no width called {wish!r}.", remedy=f"{says}.", field="width"
            )
        return checked_width(wish)

    def type_size(self) -> float:
        """Base size of type whose smallest text still meets the rule."""
        least = self.rules.get("type", {}).get("least")
        most = self.rules.get("type", {}).get("most")
        size = SIZE if least is None else max(SIZE, least / SMALL + 0.01)
        return min(size, most) if most is not None else size

    @property
    def formats(self) -> tuple[str, ...]:
        """File formats the journal takes; empty if it does not say."""
        return tuple(self.rules.get("formats", ()))

    @property
    def dpi(self) -> int:
        """Resolution for pixels: what the journal asks, or 300."""
        return int(self.rules.get("dpi", 300))


@lru_cache(maxsize=1)
def _raw() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("journals.toml").read_text(encoding="utf-8"))


def preset(key: str) -> Preset:
    """Look up the rules of a journal.

    Examples
    --------
    >>> preset("nature").width("column")
    89.0
    """
    found = _raw().get(key)
    if found is None:
        raise QuidqualError.of(
            f"No rules for the journal {key!r}.", remedy=f"Use {listed(_raw())}.", field="journal"
        )
    rules = {name: found[name]["value"] for name in _FIELDS if name in found}
    return Preset(key, found["name"], rules)


def journal_rules() -> pd.DataFrame:
    """List every rule with its source and the day it was looked up.

    Returns
    -------
    DataFrame
        ``journal``, ``rule``, ``value``, ``source`` (str), ``date`` (str), ``read`` (bool:
        the value was read on the page named; else it was given to the project). A rule that
        a journal does not state has no row.

    Examples
    --------
    >>> table = journal_rules()
    >>> table.loc[(table["journal"] == "plos") & (table["rule"] == "dpi"), "value"].item()
    '300'
    """
    rows = [
        (key, rule, str(found[rule]["value"]), found[rule]["source"], str(found[rule]["date"]),
         bool(found[rule]["read"]))
        for key, found in _raw().items()
        for rule in _FIELDS
        if rule in found
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["journal", "rule", "value", "source", "date", "read"])
