"""Wing: what a notebook shows of a study, a codebook and the tables of the analysis.

- :func:`show` (also ``qq.show``): a table to be read: whole cells, its corpus said beneath.

Tables that a function of this package made show themselves: what a person looks at first.
"""

from __future__ import annotations

from quidqual.study.first_use import on_first_use

_HOMES = {"show": "quidqual.faces.show"}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
