"""One coding session a log: the second is told who holds it; a dead program holds nothing.

The lock of a session is held as long as the session is open, by all threads of the program
(Jupyter answers a widget in another thread than the one that runs cells). Each write takes
the lock of the log itself besides, for a moment; see `quidqual.study.log_append`.
"""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from quidqual.study.errors import QuidqualError
from quidqual.study.files import writing
from quidqual.study.log_append import log_path

_PATIENCE = 1.0


class OneWriter:
    """The right to code as one coder, until it is given back.

    Raises
    ------
    QuidqualError
        If another program has it, saying which process on which machine, since when.
    """

    def __init__(self, folder: Path, coder: str) -> None:
        self.path = log_path(folder, coder)
        self._holder = self.path.with_name(f".{self.path.stem}.session.json")
        place = self.path.with_name(f".{self.path.stem}.session.lock")
        self._lock = FileLock(place, timeout=_PATIENCE, thread_local=False)
        try:
            with writing(self.path):
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._lock.acquire()
        except Timeout:
            raise QuidqualError.of(
                f"{coder!r} is coding in another program{_told(self._holder)}.",
                remedy="Close it there (session.close(), or the kernel), or code as someone else.",
                file=f"codings/{self.path.name}",
            ) from None
        known: dict[str, Any] = {
            "pid": os.getpid(), "host": socket.gethostname(),
            "since": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        }  # fmt: skip
        with suppress(OSError):
            self._holder.write_text(json.dumps(known) + "\n", encoding="utf-8")

    def give_back(self) -> None:
        """Let others code."""
        if self._lock.is_locked:
            self._holder.unlink(missing_ok=True)
            self._lock.release()


def _told(holder: Path) -> str:
    try:
        known = json.loads(holder.read_text("utf-8"))
        since = str(known["since"])[:40]
        return f" (process {int(known['pid'])} on {str(known['host'])[:60]!r}, since {since})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
