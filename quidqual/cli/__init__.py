"""The command line: the same verbs as the library, one module a family of commands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout

from quidqual import __version__
from quidqual.cli import (
    analyses,
    coding_commands,
    confidentiality,
    exchange,
    studies,
    two_coders,
)
from quidqual.cli.study_option import Printable
from quidqual.study.errors import QuidqualError


def parser() -> argparse.ArgumentParser:
    """Build the parser with every command."""
    top = argparse.ArgumentParser(
        prog="quidqual",
        description="Interview notes to coded themes, change over rounds and checked findings.",
    )
    top.add_argument("--version", action="version", version=f"quidqual {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for family in (studies, coding_commands, two_coders, analyses, exchange, confidentiality):
        family.add_commands(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a mistake of the user is a message, never a traceback.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: the command line.

    Returns
    -------
    int
        0: done; 1: the study or the input has errors; 2: the command was not understood.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    chosen = parser().parse_args(arguments)
    # Names and titles come from files: what would steer the terminal is shown, not done.
    with redirect_stdout(Printable(sys.stdout)), redirect_stderr(Printable(sys.stderr)):
        return _run(chosen)


def _run(chosen: argparse.Namespace) -> int:
    try:
        return int(chosen.run(chosen) or 0)
    except QuidqualError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:  # a folder that cannot be written, a full disk
        place = f"{error.filename}: " if error.filename else ""
        print(f"{place}{error.strerror or error}. Choose another place.", file=sys.stderr)
        return 1
