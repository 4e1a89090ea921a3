"""Wing: analyses that the report of the example does not need.

- :func:`crosstab` (also ``qq.crosstab``): codes by an attribute of the people;
- :func:`cross_sections`, :func:`counter_movement`, :func:`deviant_cases` (also ``qq.``): each
  round by itself, and who goes against the way most go;
- :func:`intensity` (also ``qq.intensity``): how much is said, not only whether.
"""

from __future__ import annotations

from quidqual.study.first_use import on_first_use

_HOMES = {
    "counter_movement": "quidqual.more_analyses.cross_sections",
    "cross_sections": "quidqual.more_analyses.cross_sections",
    "crosstab": "quidqual.more_analyses.crosstab",
    "deviant_cases": "quidqual.more_analyses.cross_sections",
    "intensity": "quidqual.more_analyses.intensity",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
