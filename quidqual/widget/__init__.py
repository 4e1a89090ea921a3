"""A place to work inside Jupyter: read and code notes, explore the tables behind a study."""

from __future__ import annotations

try:
    import anywidget  # noqa: F401  what both surfaces stand on
except ModuleNotFoundError:
    from quidqual.study.errors import QuidqualError

    raise QuidqualError.of(
        "the surfaces need the package anywidget.",
        remedy="Install it: pip install 'quidqual[widget]'.",
    ) from None

from quidqual.widget.annotate_widget import annotate
from quidqual.widget.explore_widget import explore

__all__ = ["annotate", "explore"]
