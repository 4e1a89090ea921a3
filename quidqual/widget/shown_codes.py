"""The codebook as the surface shows it: a list in order, with depth, colour and mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quidqual.study.codebook import Codebook

_HUES = ("#0072B2", "#B35900", "#00795A", "#A8407E", "#6A51A3", "#8A6D00", "#0F7C8F", "#9E3030")
MARKS = ("solid", "dashed", "dotted", "double")


def shown_codes(book: Codebook, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Give each code with what a coder looks at.

    A theme without a colour gets one of eight; the mark (solid, dashed, dotted, double)
    tells codes apart for those who see no colour.

    Examples
    --------
    >>> book = Codebook([{"id": "ties"}, {"id": "trust", "parent": "ties"}])
    >>> [(c["id"], c["depth"], c["mark"], c["n"]) for c in shown_codes(book, {"trust": 2})]
    [('ties', 0, 'solid', 0), ('trust', 1, 'dashed', 2)]
    """
    themes = {theme: number for number, theme in enumerate(book.themes)}
    depth: dict[str, int] = {}
    rows = []
    for number, code in enumerate(_in_tree_order(book)):
        depth[code.id] = depth[code.parent] + 1 if code.parent else 0
        rows.append({
            "id": code.id, "label": dict(code.label) or {"": code.id}, "parent": code.parent or "",
            "depth": depth[code.id], "definition": code.definition, "include": code.include,
            "exclude": code.exclude, "memo": code.memo, "codable": code.codable,
            "retired": code.retired, "n": int(counts.get(code.id, 0)),
            "colour": book.colour_of(code.id) or _HUES[themes[book.theme_of(code.id)] % len(_HUES)],
            "mark": MARKS[number % len(MARKS)],
        })  # fmt: skip
    return rows


def _in_tree_order(book: Codebook) -> list[Any]:
    """Each code behind its parent, siblings in the order of the codebook."""
    ordered: list[Any] = []

    def walk(parent: str | None) -> None:
        for code in book:
            if code.parent == parent:
                ordered.append(code)
                walk(code.id)

    walk(None)
    return ordered
