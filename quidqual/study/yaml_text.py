"""YAML as a study uses it: plain, and bounded before it is parsed.

The parser is written in C and follows nesting with its own stack, so that a file of fifty
thousand brackets would end the interpreter; how deep and how large a text is, is therefore
told from its events first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from quidqual.study.errors import QuidqualError

_DEEPEST = 40
_MOST_NODES = 500_000
_LONGEST = 20_000_000


def load_yaml(text: str, *, file: str) -> Any:
    r"""Parse YAML safely and plainly.

    Parameters
    ----------
    text : str
    file : str
        Its name, for messages.

    Raises
    ------
    QuidqualError
        If it is not YAML, is nested more than 40 deep, says more than it holds by aliases, has
        a tag (``!!bool``), or a key twice (one of the two would be lost).

    Examples
    --------
    >>> load_yaml("codes:\n- {id: trust}", file="codebook.yaml")
    {'codes': [{'id': 'trust'}]}
    """
    import yaml

    loader_class = _loader()
    try:
        _bound(text, loader_class, file)
        loader = loader_class(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            _count(node, {}, file=file)
            return loader.construct_document(node)
        finally:
            loader.dispose()
    except _Twice as twice:
        remedy = "Keep one."
        message = f"the key {twice.key!r} stands twice."
        raise QuidqualError.of(message, remedy=remedy, file=file, row=twice.row) from None
    except QuidqualError:
        raise
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        remedy = "Check the indentation and the quotation marks of that row."
        raise QuidqualError.of(
            "this is not valid YAML.", remedy=remedy, file=file, row=row
        ) from None


class _Twice(Exception):
    def __init__(self, key: str, row: int) -> None:
        self.key, self.row = key, row


@cache
def _loader() -> Any:
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        pass

    def mapping(loader: Any, node: Any) -> dict[Any, Any]:
        keys = Counter(str(key.value) for key, _ in node.value)
        twice = [key for key, n in keys.items() if n > 1]
        if twice:
            raise _Twice(min(twice), node.start_mark.line + 1)
        result: dict[Any, Any] = loader.construct_mapping(node, deep=True)
        return result

    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    return Loader


def _bound(text: str, loader: Any, file: str) -> None:
    """Refuse what is too deep, too large or tagged, event by event."""
    import yaml

    if len(text) > _LONGEST:
        message = f"the file has more than {_LONGEST:,} letters."
        raise QuidqualError.of(message, remedy="Check that it is the right file.", file=file)
    depth = 0
    for number, event in enumerate(yaml.parse(text, Loader=loader)):
        row = event.start_mark.line + 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST or number > _MOST_NODES:
            raise _too_much(file, row)
        if getattr(event, "tag", None) is not None:
            message = "a tag (such as !!bool) stands before a value."
            raise QuidqualError.of(message, remedy="Write the value plainly.", file=file, row=row)


def _count(node: Any, known: dict[int, int], *, file: str, depth: int = 0) -> int:
    """Count what a YAML text says once each alias is written out.

    Ten lines of aliases of aliases can stand for more than any memory holds, and an alias
    inside its own anchor for something without end.
    """
    if id(node) in known:
        return known[id(node)]
    parts = node.value if isinstance(node.value, list) else []
    inner = [part for item in parts for part in (item if isinstance(item, tuple) else (item,))]
    if depth > _DEEPEST:
        raise _too_much(file, node.start_mark.line + 1)
    total = 1 + sum(_count(part, known, file=file, depth=depth + 1) for part in inner)
    if total > _MOST_NODES:
        raise _too_much(file, node.start_mark.line + 1)
    known[id(node)] = total
    return total


def _too_much(file: str, row: int) -> QuidqualError:
    message = "this is nested too deeply, or says too much by aliases."
    return QuidqualError.of(message, remedy="Write it plainly.", file=file, row=row)


def row_of(path: tuple[Any, ...], rows: Mapping[tuple[Any, ...], int]) -> int | None:
    """Look up the line of a place in a document, or of what holds it."""
    while path and path not in rows:
        path = path[:-1]
    return rows.get(path)


def yaml_rows(source: str) -> dict[tuple[Any, ...], int]:
    """Line of each key and item of a YAML text that `load_yaml` accepts."""
    import yaml

    rows: dict[tuple[Any, ...], int] = {}

    def walk(node: Any, path: tuple[Any, ...]) -> None:
        rows.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                rows[(*path, key.value)] = key.start_mark.line + 1
                walk(value, (*path, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                walk(value, (*path, index))

    root = yaml.compose(source, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if root is not None:
        walk(root, ())
    return rows
