"""Editing codebook.yaml as text: what is not changed keeps its comments, order and form.

A YAML library reads where each entry stands; only the characters of a changed value are
replaced. Writing the whole document anew would lose comments and the form of every line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from quidqual.study.errors import QuidqualError

FIELDS = (
    "label", "definition", "include", "exclude", "examples", "colour", "codable", "kind",
    "asked", "patterns", "source", "memo", "retired",
)  # fmt: skip
_NAMING = ("codes", "first", "then", "for", "against", "any_of", "code", "than")
_MANY = (yaml.SequenceNode, yaml.MappingNode)
_NAMED_WITHIN = ("among", "baskets")  # mappings of a name to codes, of a name to such mappings


def rename_in(text: str, old: str, new: str) -> str:
    r"""Rename a code wherever codebook.yaml names it: id, parents, constructs.

    Examples
    --------
    >>> print(rename_in("codes:\n- id: a  # first\n- {id: b, parent: a}\n", "a", "trust"))
    codes:
    - id: trust  # first
    - {id: b, parent: trust}
    """
    root = _root(text)
    nodes = [value for entry in _entries(root) for key, value in _pairs(entry)
             if key in ("id", "parent")]  # fmt: skip
    nodes += list(_named(_value(root, "constructs")))
    return _scalars_replaced(text, nodes, old, new)


def rename_in_claims(text: str, old: str, new: str) -> str:
    r"""Rename a code in claims.yaml, where checks and evidence name it.

    Examples
    --------
    >>> print(rename_in_claims("claims:\n- check: {codes: [a, b]}\n  against: [a]\n", "a", "x"))
    claims:
    - check: {codes: [x, b]}
      against: [x]
    """
    while (both := _holds_both(_value(_root(text), "claims"), old, new)) is not None:
        text = _without_listed(text, *both)  # of two codes that became one, a list names one
    return _scalars_replaced(text, list(_named(_value(_root(text), "claims"))), old, new)


def set_fields(text: str, code: str, fields: Mapping[str, Any]) -> str:
    """Set fields of a code; None takes a field away."""
    for key, value in fields.items():
        entry = _entry(_root(text), code)
        found = next((pair for pair in entry.value if pair[0].value == key), None)
        if value is None:
            text = text if found is None else _without(text, entry, found)
        elif found is not None:
            start, end = found[1].start_mark.index, _end(text, found[1])
            text = text[:start] + _shown(value) + text[end:]
        else:
            text = _with_pair(text, entry, f"{key}: {_shown(value)}")
    return text


def add_code(text: str, fields: Mapping[str, Any], *, after: str | None = None) -> str:
    r"""Add an entry: after a given code, else at the end.

    Examples
    --------
    >>> print(add_code("codes:\n- id: a\n# the end\n", {"id": "b", "definition": "x: y"}))
    codes:
    - id: a
    - id: b
      definition: "x: y"
    # the end
    """
    root = _root(text)
    codes = _value(root, "codes")
    entries = list(_entries(root))
    lines = [f"{key}: {_shown(value)}" for key, value in fields.items()]
    if not entries:
        block = "\n" + "\n".join(("- " if i == 0 else "  ") + s for i, s in enumerate(lines))
        if codes is None:
            return text.rstrip("\n") + "\ncodes:" + block + "\n"
        if codes.value == []:  # `codes: []`, or a sequence in the flow style
            return text[: codes.start_mark.index].rstrip(" ") + block + text[_end(text, codes) :]
        return text[: codes.start_mark.index] + block + text[codes.end_mark.index :]
    if codes.flow_style:
        closing = text.rindex("]", 0, codes.end_mark.index)
        comma = "" if text[:closing].rstrip().endswith(",") else ", "
        return text[:closing].rstrip() + comma + "{" + ", ".join(lines) + "}" + text[closing:]
    last = _entry(root, after) if after else entries[-1]
    margin = " " * (codes.start_mark.column)
    block = "".join(f"\n{margin}{'- ' if i == 0 else '  '}{line}" for i, line in enumerate(lines))
    at = _line_end(text, _end(text, last))
    return text[:at] + block + text[at:]


def remove_code(text: str, code: str) -> str:
    r"""Take an entry away; comments around it stay.

    Examples
    --------
    >>> print(remove_code("codes:\n# one\n- id: a\n  definition: d\n# two\n- id: b\n", "a"))
    codes:
    # one
    # two
    - id: b
    """
    root = _root(text)
    entry = _entry(root, code)
    codes = _value(root, "codes")
    if codes.flow_style:
        return _without_item(text, codes.value, entry)
    if len(codes.value) == 1:
        start, end = codes.start_mark.index, _end(text, codes)
        key = text.rindex(":", 0, start) + 1
        return text[:key] + " []" + text[end:]
    start = text.rindex("\n", 0, text.rindex("-", 0, entry.start_mark.index)) + 1
    end = _line_end(text, _end(text, entry))
    return text[:start] + text[end + 1 :]


def _root(text: str) -> Any:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        raise QuidqualError.of(
            "the file holds no mapping.", remedy="It begins with `codes:`.", file="codebook.yaml"
        )
    return root


def _value(node: Any, name: str) -> Any:
    return next((value for key, value in node.value if key.value == name), None)


def _entries(root: Any) -> Iterator[Any]:
    codes = _value(root, "codes")
    yield from codes.value if isinstance(codes, yaml.SequenceNode) else ()


def _pairs(entry: Any) -> Iterator[tuple[str, Any]]:
    return ((key.value, value) for key, value in entry.value)


def _entry(root: Any, code: str) -> Any:
    for entry in _entries(root):
        if any(key == "id" and value.value == code for key, value in _pairs(entry)):
            return entry
    raise QuidqualError.of(
        f"{code!r} is not a code of the codebook.", remedy="See study.codebook.ids.", field="code"
    )


def _named(node: Any, *, naming: bool = False) -> Iterator[Any]:
    """Scalars that name a code: values (and items) of the keys that hold codes."""
    if isinstance(node, yaml.ScalarNode):
        if naming:
            yield node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _named(item, naming=naming)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            within = key.value in _NAMED_WITHIN or (naming and isinstance(value, _MANY))
            yield from _named(value, naming=within or key.value in _NAMING)


def _holds_both(node: Any, old: str, new: str, *, naming: bool = False) -> tuple[Any, Any] | None:
    """A list of codes that names both, and the item that is to go."""
    if isinstance(node, yaml.SequenceNode):
        items = {item.value: item for item in node.value if isinstance(item, yaml.ScalarNode)}
        if naming and old in items and new in items and old != new:
            return node, items[old]
        inner = [(item, naming) for item in node.value]
    elif isinstance(node, yaml.MappingNode):
        inner = [
            (value, key.value in (*_NAMING, *_NAMED_WITHIN) or naming) for key, value in node.value
        ]
    else:
        return None
    found = (_holds_both(part, old, new, naming=names) for part, names in inner)
    return next((both for both in found if both is not None), None)


def _without_listed(text: str, sequence: Any, item: Any) -> str:
    if sequence.flow_style:
        return _without_item(text, sequence.value, item)
    start = text.rindex("\n", 0, item.start_mark.index) + 1
    return text[:start] + text[_line_end(text, item.end_mark.index) + 1 :]


def _scalars_replaced(text: str, nodes: list[Any], old: str, new: str) -> str:
    spans = sorted({
        (node.start_mark.index, node.end_mark.index) for node in nodes
        if isinstance(node, yaml.ScalarNode) and node.value == old
    }, reverse=True)  # fmt: skip
    for start, end in spans:
        text = text[:start] + _shown(new) + text[end:]
    return text


def _shown(value: Any) -> str:
    """Write a value on one line, in a form that stands anywhere in a YAML text."""
    listed = yaml.dump([value], default_flow_style=True, allow_unicode=True, sort_keys=False,
                       width=10**9, Dumper=_OneLine)  # fmt: skip
    return listed.strip()[1:-1]


class _OneLine(yaml.SafeDumper):
    """Text in double quotes where it needs any, so that it stays on one line."""


def _one_line(dumper: Any, value: str) -> Any:
    plain = yaml.dump([value], default_flow_style=True, allow_unicode=True, width=10**9)
    style = None if plain.strip()[1:-1] == value else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_OneLine.add_representer(str, _one_line)


def _end(text: str, node: Any) -> int:
    """End of a node: a parser counts the comments and empty lines behind a block to it."""
    start, end = node.start_mark.index, node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style not in ("|", ">"):
        return int(end)
    if getattr(node, "flow_style", False):
        return int(end)
    if not isinstance(node, yaml.ScalarNode) and node.value:
        last = node.value[-1]
        return max(_end(text, last[1] if isinstance(last, tuple) else last), start)
    return start + len(text[start:end].rstrip())


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def _with_pair(text: str, entry: Any, pair: str) -> str:
    if entry.flow_style:
        closing = entry.end_mark.index - 1
        return text[:closing].rstrip() + f", {pair}" + text[closing:]
    at = _line_end(text, _end(text, entry))
    return text[:at] + "\n" + " " * entry.start_mark.column + pair + text[at:]


def _without(text: str, entry: Any, pair: tuple[Any, Any]) -> str:
    if entry.flow_style:
        return _without_item(text, [key for key, _ in entry.value], pair[0], pair[1])
    start = text.rfind("\n", 0, pair[0].start_mark.index) + 1
    return text[:start] + text[_line_end(text, _end(text, pair[1])) + 1 :]


def _without_item(text: str, items: list[Any], item: Any, last: Any = None) -> str:
    """Take an item out of `[a, b]` or `{a: 1, b: 2}`, with one of its commas."""
    place = items.index(item)
    start, end = item.start_mark.index, (last or item).end_mark.index
    if place + 1 < len(items):
        end = items[place + 1].start_mark.index
    elif place:
        start = text.rindex(",", 0, start)
    return text[:start] + text[end:]
