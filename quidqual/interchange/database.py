"""Reading an SQLite file of another program: read-only, and unable to run anything."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from quidqual.interchange.untrusted import MIB, refuse

SECONDS = 60.0
_LARGEST, _CELL = 1024 * MIB, 64 * MIB
_LONGEST = 400_000_000
"""Characters of all cells that are read: a short expression of the schema can make many."""
_COMPUTED = re.compile(r"\bAS\s*\(", re.IGNORECASE)
"""A column that is computed, which no program's plain table has, could take time without end."""

_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}


@contextmanager
def open_database(path: Path, *, seconds: float = SECONDS) -> Iterator[Tables]:
    """Open an SQLite file for reading its plain tables.

    Parameters
    ----------
    path : Path
    seconds : float, default 60
        Time after which reading is given up.

    Yields
    ------
    Tables

    Raises
    ------
    QuidqualError
        If it is no SQLite file, is damaged, is still open in its program, or takes
        longer than it may.

    Notes
    -----
    The file is opened ``mode=ro`` and ``immutable``; schema functions are not trusted;
    an authorizer denies everything but reading tables (no functions, no pragmas, no
    recursion, no attaching), so a view or a trigger in the file can do nothing.
    """
    for suffix in ("-wal", "-journal"):
        beside = path.with_name(path.name + suffix)
        if beside.is_file() and beside.stat().st_size:
            message = f"{beside.name} stands beside it: the last changes are not in the file yet."
            raise refuse(path.name, message, "Close the project in its program first.")
    if path.stat().st_size > _LARGEST:
        raise refuse(path.name, "the file is larger than 1 GiB.", "Export it in parts.")
    uri = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _CELL)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA cell_size_check=ON")
        connection.set_authorizer(_only_reads)
        deadline = time.monotonic() + seconds
        connection.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
        yield Tables(connection, path.name)
    except (sqlite3.Error, sqlite3.Warning, UnicodeError, OverflowError) as error:
        message = "this is not an SQLite file that can be read, or it is damaged."
        raise refuse(path.name, message, "Export the project again.") from error
    finally:
        if connection is not None:
            connection.close()


def _only_reads(action: int, *_: Any) -> int:
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


class Tables:
    """The plain tables of an open SQLite file."""

    def __init__(self, connection: sqlite3.Connection, file: str) -> None:
        self._connection = connection
        self._length = 0
        self.file = file
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        self.names = {
            name
            for name, sql in found.fetchall()
            if isinstance(name, str)
            and isinstance(sql, str)
            and sql.upper().startswith("CREATE TABLE")
            and not _COMPUTED.search(sql)
        }

    def count(self, table: str) -> int:
        """Number of rows of a table; 0 if there is no such plain table."""
        if table not in self.names:
            return 0
        return sum(1 for _ in self._connection.execute(f'SELECT 1 FROM "{table}"'))

    def columns(self, table: str) -> tuple[str, ...]:
        """Names of the columns of a table; () if there is no such plain table."""
        if table not in self.names:
            return ()
        cursor = self._connection.execute(f'SELECT * FROM "{table}" LIMIT 0')
        return tuple(column[0] for column in cursor.description)

    def rows(
        self, table: str, kinds: Mapping[str, type], *, optional: tuple[str, ...] = ()
    ) -> list[dict[str, Any]]:
        """Read columns of a table, each cell of the type that is asked for or None.

        Parameters
        ----------
        table : str
            A name from the code of this package, never from the file.
        kinds : mapping of str to type
            Column to ``int`` or ``str``.
        optional : tuple of str
            Columns that older versions of the program do not have (None then).

        Returns
        -------
        list of dict
            In the order of the file.

        Raises
        ------
        QuidqualError
            If the table or a column is missing, or a cell is of another type.
        """
        have = self.columns(table)
        missing = [name for name in kinds if name not in have and name not in optional]
        if not have or missing:
            message = f"the table {table!r} or one of its columns is not there: {missing or table}."
            raise refuse(self.file, message, "Check that this is the right kind of file.")
        wanted = [name for name in kinds if name in have]
        chosen = ", ".join(f'"{name}"' for name in wanted)
        result = []
        cursor = self._connection.execute(f'SELECT {chosen} FROM "{table}"')
        for number, cells in enumerate(cursor, 1):
            row: dict[str, Any] = dict.fromkeys(kinds)
            for name, cell in zip(wanted, cells, strict=True):
                row[name] = self._cell(cell, kinds[name], f"{table}.{name}", number)
            result.append(row)
        return result

    def _cell(self, cell: Any, kind: type, field: str, number: int) -> Any:
        if isinstance(cell, str | bytes):
            self._length += len(cell)
            if self._length > _LONGEST:
                raise refuse(self.file, "it holds too much text.", "Export it in parts.")
        if cell is None or type(cell) is kind:
            return cell
        if kind is str and isinstance(cell, int | float):
            return str(cell)
        if kind is int and isinstance(cell, str) and cell.strip().lstrip("-").isdecimal():
            return int(cell) if len(cell) < 19 else None
        message = f"row {number} of the table holds a value of an unexpected type."
        raise refuse(self.file, message, "Check the file in its own program.", field=field)
