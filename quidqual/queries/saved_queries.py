"""Queries kept with a study: ``queries.yaml``, name to query as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import yaml

from quidqual.queries.query import Query
from quidqual.queries.query_text import parse_query
from quidqual.study.arguments import must_be_study, must_be_text
from quidqual.study.errors import QuidqualError
from quidqual.study.files import write_inside

if TYPE_CHECKING:
    from quidqual.study.model import Study

FILE = "queries.yaml"
_MOST_BYTES = 1_000_000


def saved_queries(study: Study) -> dict[str, str]:
    """Give the queries kept with a study.

    Returns
    -------
    dict of str to str
        Name to query as text, in the order of the file; empty if there is none.

    Raises
    ------
    QuidqualError
        If the file is not name to text.
    """
    must_be_study(study)
    if study.folder is None or not (study.folder / FILE).is_file():
        return {}
    path = study.folder / FILE
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError
        held = yaml.safe_load(path.read_text("utf-8")) or {}
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        held = None
    if not isinstance(held, Mapping) or not all(
        isinstance(x, str) for pair in held.items() for x in pair
    ):
        raise QuidqualError.of(
            "it is not a list of names with a query each.", file=FILE,
            remedy="Write one query a line: name: 'code(\"trust\")'.",
        )  # fmt: skip
    return dict(held)


def save_query(study: Study, name: str, query: Query | str) -> None:
    """Keep a query with a study; ``saved("name")`` stands for it in a search from then on.

    Parameters
    ----------
    study : Study
        Opened from a folder.
    name : str
        A name that is kept already is replaced only by the same query.
    query : Query or str

    Raises
    ------
    QuidqualError
        For a study without a folder, a query that cannot be read, or a name that is taken.
    """
    held = saved_queries(study)
    must_be_text(name, field="name")
    if study.folder is None:
        raise QuidqualError.of(
            "the study has no folder to keep a query in.", field="study",
            remedy="Save the study first: study.save(folder).",
        )  # fmt: skip
    text = repr(parse_query(query, saved=held) if isinstance(query, str) else query)
    text = query if isinstance(query, str) else text
    if held.get(name, text) != text:
        raise QuidqualError.of(
            f"a query named {name!r} is there already.", file=FILE, field=name,
            remedy="Choose another name, or edit the file.",
        )  # fmt: skip
    rows = yaml.safe_dump({**held, name: text}, allow_unicode=True, sort_keys=False, width=1000)
    write_inside(study.folder, FILE, rows)
