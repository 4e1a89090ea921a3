"""The contract of the study folder: the schemas of ``data_schema/``, and checks against them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from quidqual.study.errors import Problem, did_you_mean, listed
from quidqual.study.gate import id_fault
from quidqual.study.yaml_text import row_of, yaml_rows

_IDS = ("participant", "interview", "round", "group")
_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def schema_folder() -> Path:
    """Find the schemas: inside the wheel, or beside the package in a checkout."""
    shipped = _PACKAGE / "data_schema"
    return shipped if shipped.is_dir() else _PACKAGE.parent / "data_schema"


@cache
def load_schema(name: str) -> dict[str, Any]:
    """Load one schema by its short name, such as ``"interviews"`` or ``"codebook"``."""
    path = schema_folder() / f"{name}.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema


NO_COLUMN = "the column is missing."


def fields_of(table: str) -> list[str]:
    """Names of the columns that a table must have, in order."""
    return [field["name"] for field in load_schema(table)["fields"]]


def check_table(
    frame: pd.DataFrame, table: str, *, file: str, rows: Sequence[int]
) -> Iterator[Problem]:
    """Check a table of strings against its Table Schema (types, constraints, uniqueness).

    Parameters
    ----------
    frame : DataFrame
        Every cell a string, "" where missing.
    table : str
        ``"participants"`` or ``"interviews"``.
    file : str
        Name of the file, for messages.
    rows : sequence of int
        Line of each row in the file.

    Yields
    ------
    Problem
    """
    for field in load_schema(table)["fields"]:
        name = field["name"]
        constraints = field.get("constraints", {})
        if name not in frame.columns:
            level = "error" if constraints.get("required") else "warning"
            others = [str(column) for column in frame.columns if column not in fields_of(table)]
            plain = "Did you mean 'id'?" if "id" in others and name == table[:-1] else ""
            remedy = f"Add it to the header. {plain or did_you_mean(name, others)}".rstrip()
            yield Problem(file, 1, name, NO_COLUMN, remedy, level)
            continue
        values = frame[name].tolist()
        for row, value in zip(rows, values, strict=True):
            message = _cell_problem(value, field["type"], constraints)
            if message:
                yield Problem(file, row, name, *message)
            elif name in _IDS and (fault := id_fault(value)):
                yield Problem(file, row, name, f"the id {fault}.", "Write it on one line.")
        if constraints.get("unique"):
            yield from _repeated(values, file=file, field=name, rows=rows)


def _repeated(
    values: Sequence[str], *, file: str, field: str, rows: Sequence[int]
) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for row, value in zip(rows, values, strict=True):
        if value and value in first:
            message = f"{value!r} is used twice (first in row {first[value]})."
            yield Problem(file, row, field, message, "Give each row its own id.")
        first.setdefault(value, row)


def _cell_problem(value: str, kind: str, constraints: Mapping[str, Any]) -> tuple[str, str] | None:
    """Message and remedy for one cell, or None. Cells of these two tables hold no note."""
    if value == "":
        return ("the cell is empty.", "Fill it in.") if constraints.get("required") else None
    number: float | None = None
    if kind == "integer":
        if not re.fullmatch(r"[+-]?\d{1,15}", value):
            return f"{value!r} is not a whole number.", "Write digits only."
        number = int(value)
    elif kind == "date" and parse_date(value) is None:
        return f"{value!r} is not a date.", "Write YYYY-MM-DD, such as 2021-05-20."
    if number is not None and not (
        constraints.get("minimum", number) <= number <= constraints.get("maximum", number)
    ):
        low, high = constraints.get("minimum", "-"), constraints.get("maximum", "-")
        return f"{value} is out of range.", f"Use a number from {low} to {high}."
    if "enum" in constraints and value not in constraints["enum"]:
        return f"{value!r} is not allowed.", f"Use one of: {listed(constraints['enum'])}."
    if "pattern" in constraints and not re.fullmatch(constraints["pattern"], value):
        return f"{value!r} has not the right form.", f"It must match {constraints['pattern']}."
    return None


def parse_date(value: object) -> date | None:
    """Read an ISO date (a date, a datetime or YYYY-MM-DD); None if it is none."""
    if isinstance(value, date):
        return value if type(value) is date else value.date()  # type: ignore[attr-defined]
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return None


def check_document(
    document: Any, name: str, *, file: str, source: str | None = None
) -> list[Problem]:
    """Check ``study.toml``, ``codebook.yaml`` or ``claims.yaml`` against its JSON Schema.

    Parameters
    ----------
    document : object
        The parsed file.
    name : str
        ``"study"``, ``"codebook"`` or ``"claims"``.
    file : str
        Name of the file, for messages.
    source : str, optional
        The YAML text, from which the row of each problem is told.

    Returns
    -------
    list of Problem
        In the order of the file.
    """
    schema = load_schema(name)
    try:
        if _level_error(document, schema, whole=True) is None:
            return []
        errors = list(_errors(document, schema, ()))
    except RecursionError:
        return [Problem(file, None, "", "this is nested too deeply.", "Write it plainly.")]
    rows = yaml_rows(source) if source is not None else {}
    problems = [
        Problem(
            file, row_of(path, rows), ".".join(str(part) for part in path), *_explain(error)
        )
        for path, error in errors
    ]  # fmt: skip
    return sorted(problems, key=lambda p: (p.row or 0, p.field, p.message))


def _errors(
    value: Any, schema: Mapping[str, Any], path: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every error of a document: fastjsonschema stops at the first, so each level is asked."""
    error = _level_error(value, schema)
    if error is not None:
        yield path, error
    if isinstance(value, dict):
        inner = schema.get("properties", {})
        for key in value:
            if key in inner:
                yield from _errors(value[key], inner[key], (*path, key))
    elif isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            yield from _errors(item, schema["items"], (*path, number))


def _level_error(value: Any, schema: Mapping[str, Any], *, whole: bool = False) -> Any:
    """Give the error of a value, or None; of the value itself unless all of it is asked."""
    from fastjsonschema import JsonSchemaValueException, compile

    key = (id(schema), whole)
    if key not in _COMPILED:
        level = {k: v for k, v in schema.items() if whole or k != "items"}
        if "properties" in level and not whole:
            level["properties"] = {name: {} for name in level["properties"]}
        _COMPILED[key] = compile(level)
    try:
        _COMPILED[key](value)
    except JsonSchemaValueException as error:
        return error
    return None


_COMPILED: dict[tuple[int, bool], Any] = {}  # by the place of a schema, which `load_schema` keeps


def _explain(error: Any) -> tuple[str, str]:
    """Say what a JSON Schema error means, without printing the value."""
    kind, wanted = error.rule, error.rule_definition
    if kind == "required":
        missing = [name for name in wanted if name not in error.value]
        return f"missing: {listed(missing)}.", "Add it."
    if kind == "additionalProperties":
        known = error.definition.get("properties", {})
        extra = [name for name in error.value if name not in known]
        near = did_you_mean(extra[0], known) if extra else ""
        return f"unknown: {listed(extra)}.", near or f"Use one of: {listed(known)}."
    if kind in ("enum", "const"):
        return "the value is not allowed.", f"Use one of: {listed(wanted)}."
    if kind == "type":
        kinds = wanted if isinstance(wanted, list) else [wanted]
        return f"it must be of type {' or '.join(kinds)}.", "Mend the value (or its indentation)."
    if kind == "pattern":
        return "the value has not the right form.", f"It must match {wanted}."
    if kind in ("minItems", "minLength"):
        return "it is too short.", f"Give at least {wanted}."
    if kind == "uniqueItems":
        return "a value is given twice.", "Give it once."
    return "the value has not the right form.", "See data_schema/."


def data_package(
    attributes: Sequence[str] = (), coders: Sequence[str] = (), interview_extras: Sequence[str] = ()
) -> dict[str, Any]:
    """Describe one study folder as a Frictionless Data Package, attributes and logs included.

    Parameters
    ----------
    attributes : sequence of str
        Further columns of participants.csv.
    coders : sequence of str
        Paths of the coding logs.
    interview_extras : sequence of str
        Further columns of interviews.csv.

    Notes
    -----
    A log leaves empty fields out, line by line, so its dialect names all keys: without them a
    validator takes those of the first line for the header of all.
    """
    descriptor: dict[str, Any] = json.loads(
        (schema_folder() / "datapackage.json").read_text("utf-8")
    )
    extras = {"participants": attributes, "interviews": interview_extras, "codings": ()}
    for resource in descriptor["resources"]:
        schema = json.loads(json.dumps(load_schema(resource["name"])))
        schema["fields"] += [{"name": name, "type": "string"} for name in extras[resource["name"]]]
        resource["schema"] = schema
    codings = descriptor["resources"].pop()
    codings["dialect"] = {"json": {"keyed": True, "keys": fields_of("codings")}}
    for number, path in enumerate(coders, 1):
        descriptor["resources"].append({**codings, "name": f"codings-{number}", "path": path})
    return descriptor
