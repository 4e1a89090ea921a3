"""Commands that bring studies in and take them out."""

from __future__ import annotations

from typing import Any


def add_commands(commands: Any) -> None:
    """Add the commands of this family."""
