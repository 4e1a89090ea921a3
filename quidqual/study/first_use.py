"""What is looked up when it is first used: names of a package, and the wings of the house."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any


def on_first_use(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make ``__getattr__`` and ``__dir__`` of a package.

    Parameters
    ----------
    package : str
        Its name, for the message about a name it has not.
    homes : mapping of str to str
        The module that holds each name. A name may be that of its module too: the package
        gives what the module holds, never the module.

    Examples
    --------
    >>> find, names = on_first_use("quidqual.analysis", {"presence": "quidqual.analysis.presence"})
    >>> names(), find("presence").__name__
    (['presence'], 'presence')
    """

    class Package(ModuleType):
        def __setattr__(self, name: str, value: Any) -> None:
            # The import of a module sets it in its package, where it would hide what it holds.
            if not (name in homes and isinstance(value, ModuleType)):
                super().__setattr__(name, value)

    if package in sys.modules:
        sys.modules[package].__class__ = Package

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"{package} has no public name {name!r}")
        return getattr(import_module(homes[name]), name)

    return find, lambda: sorted(homes)


def wing(module: str) -> ModuleType:
    """Import a module of a wing for the core, which imports none.

    The core stands without its wings but for what is asked for here, by name: the check of real
    notes before they are written (`privacy`), the flags of a hit (`cues`), the passages of a
    report that is given (`reporting`), and what a notebook shows (`faces`).

    Examples
    --------
    >>> wing("cues.flagger").__name__
    'quidqual.cues.flagger'
    """
    return import_module(f"quidqual.{module}")
