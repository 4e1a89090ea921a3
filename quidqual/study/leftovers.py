"""Temporary files of processes that were killed: known by their names, and cleared by the next.

A killed process cannot tidy up, and what it leaves may hold words of notes. The name of each
temporary file therefore says which process made it, on which machine, and whoever writes into the
same folder next removes those whose process is gone. Any other name is someone else's.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import socket
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

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
