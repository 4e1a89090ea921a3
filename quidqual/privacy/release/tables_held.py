"""The tables that a file holds: CSV, every sheet of a workbook, Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import PurePosixPath

import pandas as pd


def tables_of(name: str, data: bytes) -> Iterator[tuple[str, pd.DataFrame]]:
    """Read the tables of a file, each with its place; none of what cannot be read as one."""
    ending = PurePosixPath(name).suffix.lower()
    try:
        if ending == ".csv":
            yield name, pd.DataFrame(rows_of_csv(data))
        elif ending == ".xlsx":
            sheets = pd.read_excel(io.BytesIO(data), sheet_name=None, engine="openpyxl")
            yield from ((f"{name}, sheet {i}", table) for i, table in enumerate(sheets.values(), 1))
        elif ending == ".parquet":
            yield name, pd.read_parquet(io.BytesIO(data))
    except Exception:  # a damaged file fails in as many ways as its readers have; its words do not
        return


def rows_of_csv(data: bytes) -> list[dict[str, str]]:
    """Read a CSV, every cell a string; lines that begin with # before it are left out."""
    text = data.decode("utf-8-sig")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    return [
        {str(k): v or "" for k, v in row.items() if isinstance(v, str) or v is None}
        for row in csv.DictReader(io.StringIO("".join(lines)))
    ]
