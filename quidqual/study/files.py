"""Writing that leaves no half file and no leftovers, and reading that never leaves the folder."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import signal
import socket
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.gate import impossible, name_fault, safe_path

_ENDING = "quidqual-part"
_NAME = re.compile(rf"\.?.*\.(?P<host>[0-9a-f]{{8}})-(?P<pid>\d{{1,10}})-[0-9a-f]{{12}}\.{_ENDING}")
_DAY = 86_400
_FEW, _PAUSE = 100, 10.0  # entries of a folder that is looked through each time; else seconds
_looked: dict[str, tuple[float, int]] = {}
"""When a folder was looked through last, and how many entries it had."""


def part_beside(path: Path) -> Path:
    """Give the name under which a file or folder is made before it takes its place.

    What killed processes left in the same folder is cleared: each time if it holds little, else
    every ten seconds, so that saving thousands of notes does not look through them all each time.

    Examples
    --------
    >>> part_beside(Path("notes/P1-R1.md")).name.startswith(".P1-R1.md.")
    True
    """
    when, n = _looked.get(str(path.parent.absolute()), (0.0, 0))
    if not when or n <= _FEW or time.monotonic() - when > _PAUSE:
        clear(path.parent)
    return path.with_name(f".{path.name[:40]}.{_own()}-{secrets.token_hex(6)}.{_ENDING}")


@contextmanager
def private_folder(parent: Path) -> Iterator[Path]:
    """Give a folder for temporary files that the user alone can read, and remove it."""
    folder = part_beside(parent / "quidqual")
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clear(folder: Path) -> list[str]:
    """Remove what killed processes of this user left in a folder; nothing else.

    Returns
    -------
    list of str
        The names that were removed.
    """
    removed = []
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return []
    _looked[str(folder.absolute())] = (time.monotonic(), len(entries))
    for entry in entries:
        made = _NAME.fullmatch(entry.name)
        if made is None:
            continue
        with suppress(OSError):  # another process may clear at the same time
            about = entry.stat(follow_symlinks=False)
            if not _is_stale(made["host"], int(made["pid"]), about):
                continue
            if stat.S_ISDIR(about.st_mode):
                shutil.rmtree(entry.path)
            elif stat.S_ISREG(about.st_mode):
                os.unlink(entry.path)
            else:
                continue
            removed.append(entry.name)
    return sorted(removed)


def _is_stale(host: str, pid: int, about: os.stat_result) -> bool:
    if hasattr(os, "getuid") and about.st_uid != os.getuid():
        return False
    if host == _host() and os.name == "posix":
        return not _is_running(pid)
    return time.time() - about.st_mtime > _DAY  # on another machine nobody can look


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def _own() -> str:
    return f"{_host()}-{os.getpid()}"


@cache
def _host() -> str:
    """Digest of where a process number means this process: the machine, and its container."""
    where = [socket.gethostname()]
    with suppress(OSError):
        where.append(os.readlink("/proc/self/ns/pid"))
    with suppress(OSError):
        where.append(Path("/proc/sys/kernel/random/boot_id").read_text())
    return hashlib.sha256("\n".join(where).encode()).hexdigest()[:8]


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class NotWritten(QuidqualError, OSError):
    """The disk refused a file: it is full, the folder may not be written, or it is none."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Name the file that could not be written, and what to do about it.

    Raises
    ------
    NotWritten
        In place of whatever the system said.
    """
    try:
        yield
    except (
        QuidqualError,
        TimeoutError,
    ):  # a lock that another program holds is no fault of the disk
        raise
    except OSError as error:
        in_the_way = isinstance(error, FileExistsError | NotADirectoryError)
        above = (path, *path.parents) if in_the_way else ()
        if blocking := next((place for place in above if place.is_file()), None):
            message = "a folder is needed here, and this is a file."
            found = Problem(blocking.name, None, "", message, "Choose another place.")
            raise NotWritten([found]) from error
        reason = error.strerror or str(error) or "the disk refused"
        message = f"this could not be written ({reason}); what was there is as it was."
        remedy = "Free some room, allow writing there, or choose another place."
        raise NotWritten([Problem(path.name, None, "", message, remedy)]) from error


def as_path(folder: object, *, field: str = "folder") -> Path:
    """Take a path as the user gives it.

    Raises
    ------
    QuidqualError
        If it is none, or one that no disk can hold.
    """
    try:
        path = Path(folder)  # type: ignore[arg-type]
    except TypeError:
        raise QuidqualError.of(
            f"a path is wanted, not {type(folder).__name__}.",
            remedy="Give a str or a Path, such as 'my-study'.",
            field=field,
        ) from None
    if fault := impossible(path.parts):
        raise QuidqualError.of(
            f"a name in the path {fault}.", remedy="Give a short, plain one.", field=field
        )
    return path


@contextmanager
def private_temporary(beside: Path) -> Iterator[Path]:
    """Give a folder for temporary files that only the user can read, and remove it, come what may.

    Libraries that write their own temporary files (openpyxl keeps each sheet in one) write them
    there meanwhile: words of notes must not stay behind in the common folder after an error.

    Parameters
    ----------
    beside : Path
        Where it is made: the folder that the output goes to, which may hold such words. It is
        removed when the process is told to end (SIGTERM, SIGHUP) too, and what a killed one
        left there goes with the next.
    """
    with writing(beside):
        beside.mkdir(parents=True, exist_ok=True)
    before = tempfile.tempdir
    try:
        with writing(beside), private_folder(beside) as folder, _removed_at_the_end(folder):
            tempfile.tempdir = str(folder)
            yield folder
    finally:
        tempfile.tempdir = before


@contextmanager
def _removed_at_the_end(folder: Path) -> Iterator[None]:
    """Remove a folder when the process is told to end, unless somebody else looks after that."""
    told = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is not threading.main_thread():
        told = []
    mine = [number for number in told if signal.getsignal(number) is signal.SIG_DFL]

    def end(number: int, _: object) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    for number in mine:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in mine:
            signal.signal(number, signal.SIG_DFL)


def write_atomic(path: Path, content: bytes | str, *, mode: int = 0o644, sync: bool = True) -> bool:
    """Write a whole file: temporary file, fsync, rename; nothing if the bytes are the same.

    Parameters
    ----------
    path : Path
        Target; missing folders are made.
    content : bytes or str
        Text is written as UTF-8 without conversion of line ends.
    mode : int, default 0o644
        Who may read the file; it is never readable by others for a moment.
    sync : bool, default True
        Whether the folder is synced too; who writes thousands of files does so once at the end.

    Returns
    -------
    bool
        True if the file was written, False if it already held these bytes.

    Raises
    ------
    QuidqualError
        If some disk does not take the name of the file.
    NotWritten
        If the disk refuses it; the file is then as it was.
    """
    must_be_writable(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    with writing(path):
        return _write_atomic(path, data, mode, sync)


def _write_atomic(path: Path, data: bytes, mode: int, sync: bool) -> bool:
    if path.is_file() and path.read_bytes() == data:
        if mode != 0o644:
            os.chmod(path, mode)
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = part_beside(path)
    handle = os.open(temporary, _NEW, mode)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, mode)  # whatever the umask is
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if sync:
        sync_folder(path.parent)
    return True


def must_be_writable(path: Path) -> None:
    """Refuse a name that some disk does not take.

    Raises
    ------
    QuidqualError
    """
    if fault := name_fault(path.name) or impossible(path.parts):
        raise QuidqualError.of(
            f"the name of the file {fault}.", remedy="Give a short, plain name.", field="path"
        )


def write_inside(folder: Path, name: object, content: bytes | str, *, sync: bool = True) -> bool:
    """Write a file whose name came from anywhere, and only inside of a folder.

    Raises
    ------
    QuidqualError
        If the name does not pass `quidqual.study.gate.safe_path`.
    """
    return write_atomic(safe_path(folder, name), content, sync=sync)


def sync_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut, where the system offers that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def inside(folder: Path, relative: str, *, file: str, row: int | None, field: str) -> Path:
    """Resolve a path given in a table and refuse one that leaves the study folder.

    Raises
    ------
    QuidqualError
        If the path is absolute or climbs out of the folder.
    """
    try:
        base = folder.resolve()
        target = (base / relative).resolve()
    except (RuntimeError, ValueError):  # links in a ring; a NUL in the name
        raise QuidqualError.of(
            "the path leads nowhere.",
            remedy="Put a file in its place, or mend the link.",
            file=file,
            row=row,
            field=field,
        ) from None
    if Path(relative).is_absolute() or (target != base and base not in target.parents):
        raise QuidqualError.of(
            "the path leaves the study folder.",
            remedy="Give a path inside the study folder, such as notes/P1-R1.md.",
            file=file,
            row=row,
            field=field,
        )
    return target


def read_inside(
    folder: Path, relative: str, *, file: str, row: int | None = None, field: str = ""
) -> bytes:
    """Read a file of the study folder; never one outside it, a pipe or a device.

    Raises
    ------
    QuidqualError
        If the path leaves the folder, or what is there is no file that has an end.
    OSError
        If it is missing, is a folder, or may not be read.
    """
    path = inside(folder, relative, file=file, row=row, field=field)
    if path.exists() and not path.is_dir() and not path.is_file():
        raise QuidqualError.of(
            "this is a pipe or a device, not a file.",
            remedy="Put a file in its place.",
            file=file,
            row=row,
            field=field,
        )
    return path.read_bytes()
