"""Make ``.venv`` from the committed lock: nothing else to install, quick when nothing changed.

Runs on the Python that is there (3.11 or newer), with the standard library alone. The
lock's own pinned and hashed uv is installed first, because it installs the rest in
seconds; where uv cannot run, pip does the same, slower.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "quidqual-lock.sha256"
SOURCES = ("requirements.lock", "pyproject.toml", "tools/setup_env.py")


def fingerprint() -> str:
    """Hash of everything the environment is made from, and of the Python it is made with."""
    digest = hashlib.sha256(sys.version.encode() + str(ROOT).encode())
    for name in SOURCES:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def run(*command: str | Path) -> None:
    """Run a command and stop at its first failure."""
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT)


def block_of(package: str) -> str:
    """One package's lines, with its hashes, out of the lock."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    found = re.search(rf"(?m)^{package}==[^\n]*(?:\n    [^\n]*)*", lock)
    if found is None:
        raise SystemExit(f"{package} is not in requirements.lock")
    return found.group()


def install() -> None:
    """Install the lock with uv (from the lock itself), then the project without dependencies."""
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "uv.txt"
        first.write_text(block_of("uv") + "\n", "utf-8")
        pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        run(*pip, "--require-hashes", "--no-deps", "-r", first)
    uv = (PYTHON, "-m", "uv", "pip")
    try:
        # Compiled once here, and not by every kernel and test process where none may write.
        lock = ("--require-hashes", "-r", "requirements.lock")
        run(*uv, "install", "--quiet", "--compile-bytecode", *lock)
        run(*uv, "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", ".")
    except (OSError, subprocess.CalledProcessError):
        print("uv could not install; trying pip", flush=True)
        run(*pip, "--require-hashes", "-r", "requirements.lock")
        run(*pip, "--no-deps", "--no-build-isolation", "-e", ".")


def main() -> None:
    """Make or renew the environment if anything it is made from has changed."""
    if sys.version_info < (3, 11):  # noqa: UP036 - it may be started by an older Python
        raise SystemExit(f"quidqual needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    wanted = fingerprint()
    if PYTHON.is_file() and STAMP.is_file() and STAMP.read_text() == wanted:
        return
    print("Making .venv from requirements.lock", flush=True)
    venv.create(VENV, with_pip=True, clear=True)
    install()
    STAMP.write_text(wanted)


if __name__ == "__main__":
    main()
