"""Wing: figures for print. One call writes the picture, its table, its caption and its alt text.

- :func:`export_figure` (also ``qq.export_figure``): the bundle of a figure, the same bytes on
  every run, in the formats and at the width that a journal asks for;
- :func:`check_figure`: what a journal would send back, before it does;
- :func:`final_size`: the size in print;
- :func:`journal_rules`: what each journal asks for, with its source.

They take any figure of ``qq.plot``, and any other of matplotlib.
"""

from __future__ import annotations

from quidqual.study.first_use import on_first_use

_HOMES = {
    "check_figure": "quidqual.publishing.figure_rules",
    "export_figure": "quidqual.publishing.export",
    "final_size": "quidqual.publishing.sizes",
    "journal_rules": "quidqual.publishing.journals",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
