"""Writing into a coding log: under a lock, whole batches, never a byte taken away.

Two programs may code as one coder at the same time: each takes the lock of that log, which
the system gives back when a program dies. A live log is never renamed or rewritten, so a
reader needs no lock.
"""

from __future__ import annotations

import json
import os
import socket
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.files import NotWritten, sync_folder
from quidqual.study.gate import identifier_of, safe_path, same_on_some_disk
from quidqual.study.log import NAMESPACE, line_of, log_file, parse_log

_PATIENCE = 30.0


def log_path(folder: Path, coder: str) -> Path:
    """Path of a coder's log: the one that is there, else the one to be made.

    Raises
    ------
    QuidqualError
        If the name passes no gate, or another coder's log is the same file on some disks
        (Anna and anna).
    """
    path = safe_path(folder, log_file(coder), field="coder")
    there = {identifier_of(p.stem): p for p in sorted((folder / "codings").glob("*.jsonl"))}
    if coder in there:
        return safe_path(folder, f"codings/{there[coder].name}", field="coder")
    for other, _ in same_on_some_disk([*there, coder]):
        raise QuidqualError.of(
            f"there is a log of {other!r}, and on some disks that of {coder!r} is the same file.",
            remedy=f"Code as {other!r}, or choose another name.",
            field="coder",
        )
    return path


@contextmanager
def log_lock(folder: str | Path, coder: str, *, timeout: float = _PATIENCE) -> Iterator[Path]:
    """Hold the log of a coder, so that nobody else writes while it is read and written.

    `append` takes the lock itself, and may be called while it is held. It belongs to one
    thread; the system gives it back when the program dies, so that a lock is never stale.

    Parameters
    ----------
    folder : str or Path
        Study folder.
    coder : str
    timeout : float, default 30
        Seconds to wait for another program.

    Yields
    ------
    Path
        The log, which need not exist yet.

    Raises
    ------
    QuidqualError
        If another program holds the log for longer, saying which.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place, log_lock(place, "A") as path:
    ...     path.name
    'A.jsonl'
    """
    from filelock import FileLock, Timeout

    path = log_path(Path(folder), coder)
    place = path.with_name(f".{path.stem}.lock")
    holder = path.with_name(f".{path.stem}.holder.json")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(place, is_singleton=True)
        lock.acquire(timeout=timeout, poll_interval=0.005)
    except Timeout:
        raise QuidqualError.of(
            f"another program is writing this log{_named(holder)}.",
            remedy="Wait until it is done, or close it, and try again.",
            file=f"codings/{path.name}",
        ) from None
    except OSError as error:
        raise _unwritten(path, error) from None
    outermost = lock.lock_counter == 1
    try:
        if outermost:
            _write_holder(holder, coder)
        yield path
    finally:
        if outermost:
            holder.unlink(missing_ok=True)
        lock.release()


def append(folder: str | Path, coder: str, entries: Iterable[Mapping[str, Any]]) -> None:
    """Append operations to a coder's log: all of them or none, on the disk when it returns.

    Parameters
    ----------
    folder : str or Path
        Study folder.
    coder : str
    entries : iterable of mappings
        Operations as `quidqual.study.log` describes them, each with ``op`` and ``id``. Those
        of one call are one batch. Trying a batch again is harmless.

    Raises
    ------
    QuidqualError
        If another program holds the log, or the disk does not take the batch; the log is
        then as it was.
    """
    records = [{k: v for k, v in entry.items() if k != "more"} for entry in entries]
    if not records:
        return
    lines = [line_of({**record, "more": True}) for record in records[:-1]]
    try:
        block = "".join([*lines, line_of(records[-1])]).encode("utf-8")
    except UnicodeEncodeError:
        raise QuidqualError.of(
            "an entry holds half of a character, which no file can hold.",
            remedy="Write the text anew.",
            file=log_file(coder),
        ) from None
    with log_lock(folder, coder) as path:
        new = not path.exists()
        try:
            _write_whole(path, block)
            if new:
                sync_folder(path.parent)
        except OSError as error:
            raise _unwritten(path, error) from None


def _write_whole(path: Path, block: bytes) -> None:
    """Write a block at the end; the caller holds the lock. Whatever fails, nothing of it stays."""
    stream = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    try:
        size = os.fstat(stream).st_size
        rest = memoryview(_closing(stream, size, path.name) + block)
        try:
            while rest:
                rest = rest[os.write(stream, rest) :]
            os.fsync(stream)
        except BaseException:
            with suppress(OSError):
                os.ftruncate(stream, size)
                os.fsync(stream)
            raise
    finally:
        os.close(stream)


def _closing(stream: int, size: int, name: str) -> bytes:
    """What must stand before a new batch: the end of a batch that broke off, or nothing."""
    tail = _last_line(stream, size)
    if not tail:
        return b""
    _, problems = parse_log(tail, file=name)
    end = b"" if tail.endswith(b"\n") else b"\n"
    if not problems:
        return end
    if tail.endswith(b"\n") and any(problem.level == "error" for problem in problems):
        return b""  # a line that was broken by hand is reported on opening, not forgiven
    key = uuid.uuid5(NAMESPACE, f"{name}\x1f{size}")
    return end + line_of({"op": "void", "id": str(key)}).encode()


def _last_line(stream: int, size: int) -> bytes:
    """The last line with its end, read backwards in pieces."""
    tail, at = b"", size
    while at > 0 and b"\n" not in tail[:-1]:
        step = min(at, 65_536)
        at -= step
        os.lseek(stream, at, os.SEEK_SET)
        tail = os.read(stream, step) + tail
    return tail[tail[:-1].rfind(b"\n") + 1 :]


def _write_holder(holder: Path, coder: str) -> None:
    """Say beside the lock who holds it: for people; the lock itself is the system's."""
    known = {
        "coder": coder,
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with suppress(OSError):
        holder.write_text(json.dumps(known, ensure_ascii=False) + "\n", encoding="utf-8")


def _named(holder: Path) -> str:
    try:
        known = json.loads(holder.read_text("utf-8"))
        return f" (process {int(known['pid'])} on {str(known['host'])[:60]!r})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _unwritten(path: Path, error: OSError) -> QuidqualError:
    problem = Problem(
        f"codings/{path.name}",
        None,
        "",
        f"the log could not be written ({error.strerror or 'the disk refused'}); it is as it was.",
        "Free some room or allow writing, and do it again.",
    )
    return NotWritten([problem])
