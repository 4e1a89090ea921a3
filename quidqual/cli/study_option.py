"""The study of a command: one option everywhere, one default, and it is said which."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    import pandas as pd

    from quidqual.study.model import Study

REPLACE = "replace a file of this name (else it stays, and nothing is written)"
_HELP = "study folder (default: the current folder if it is a study, else the synthetic example)"


def add_study(parser: argparse.ArgumentParser, *, own: bool = False) -> None:
    """Add ``--study``; with ``own``, for a command that writes into the study."""
    told = "study folder (default: the current folder)" if own else _HELP
    parser.add_argument("--study", type=Path, metavar="FOLDER", help=told)


def study_folder(chosen: argparse.Namespace) -> Path | None:
    """Give the folder that is meant; None for the example."""
    if chosen.study is not None:
        return Path(chosen.study)
    if os.environ.get("QUIDQUAL_STUDY"):
        return Path(os.environ["QUIDQUAL_STUDY"])
    return Path() if Path("study.toml").is_file() else None


def own_folder(chosen: argparse.Namespace) -> Path:
    """Give the folder that is meant, for a command that writes into it: never the example."""
    folder = study_folder(chosen)
    if folder is None:
        raise QuidqualError.of(
            "the current folder is not a study.",
            remedy="Name one: --study FOLDER.",
            field="--study",
        )
    return folder


def opened(chosen: argparse.Namespace) -> Study:
    """Open the study that is meant, and say on the side which it is."""
    from quidqual.examples import open_study

    folder = study_folder(chosen)
    study = open_study(folder)
    if chosen.study is None:
        place = "the synthetic example" if folder is None else f"the folder {folder.resolve().name}"
        print(f"Study: {study.title} ({study.corpus}), {place}", file=sys.stderr)
    return study


def write_rows(frame: pd.DataFrame, path: Path, *, study: Study, replace: bool) -> None:
    """Write a table as CSV and say so."""
    from quidqual.study.release_gate import write_result
    from quidqual.study.write_table import csv_text

    write_result(path, csv_text(frame), replace=replace, of=study)
    print(f"Wrote {path}")


class Printable:
    r"""A stream that shows what would steer a terminal as an escape.

    Examples
    --------
    >>> import io
    >>> stream = Printable(io.StringIO())
    >>> _ = stream.write("a\x1b[2Jb\n")
    >>> stream.getvalue()
    'a\\x1b[2Jb\n'
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text, escaped where it needs it."""
        return int(self._stream.write(printable(text)) or 0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def printable(text: str) -> str:
    r"""Escape control and direction characters and halves of letters; line ends and tabs stay.

    Examples
    --------
    >>> printable("è\u202e\x9b\ud800\t")
    'è\\u202e\\x9b\\ud800\t'
    """
    if text.isprintable():
        return text
    return "".join(c if c in "\n\t" or _harmless(c) else _escaped(c) for c in text)


def _harmless(char: str) -> bool:
    if char.isprintable() or char == "\u00a0":
        return True
    return ord(char) > 0xFFFF or char in "\u2002\u2003\u2009\u200b\u200d\u202f\u3000"


def _escaped(char: str) -> str:
    return f"\\x{ord(char):02x}" if ord(char) < 0x100 else f"\\u{ord(char):04x}"
