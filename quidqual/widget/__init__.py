"""A place to work inside Jupyter: read and code notes, explore the tables behind a study."""

from __future__ import annotations

from quidqual.widget.annotate_widget import annotate

__all__ = ["annotate"]
