"""The command line: the same verbs as the library, one module a family of commands.

A wing keeps its own commands: a module with ``add_commands(commands)`` and a line in ``FAMILIES``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module

from quidqual import __version__
from quidqual.cli.study_option import Printable
from quidqual.study.errors import QuidqualError

FAMILIES = (
    "quidqual.cli.studies",
    "quidqual.hand_coding.coding_commands",
    "quidqual.hand_coding.two_coders",
    "quidqual.cli.ledger_command",
    "quidqual.agreement.agree_command",
    "quidqual.interchange.exchange",
    "quidqual.scale.tag_command",
    "quidqual.reporting.report_commands",
    "quidqual.privacy.confidentiality",
)


def parser() -> argparse.ArgumentParser:
    """Build the parser with every command."""
    top = argparse.ArgumentParser(
        prog="quidqual",
        description="Interview notes to coded themes, change over rounds and checked findings.",
    )
    top.add_argument("--version", action="version", version=f"quidqual {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for family in FAMILIES:
        import_module(family).add_commands(commands)
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
