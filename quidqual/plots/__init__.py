"""Charts: a tidy table in, a matplotlib figure out; nothing is saved, shown or set globally.

``import quidqual.plots`` costs nothing: matplotlib loads when the first chart is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# A module is named as its chart, with an underscore: importing it sets it as an attribute of
# this package, where without one it would hide the function.
_CHARTS: dict[str, tuple[str, ...]] = {
    "quidqual.plots._interview_timeline": ("interview_timeline",),
    "quidqual.plots._icons": ("icons",),
    "quidqual.plots._tiles": ("tiles",),
    "quidqual.more_charts._trajectories": ("trajectories",),
    "quidqual.plots._states": ("states",),
    "quidqual.plots._change_bars": ("change_bars",),
    "quidqual.plots._prevalence": ("prevalence",),
    "quidqual.more_charts._intensity": ("intensity",),
    "quidqual.more_charts._heat": ("heat",),
    "quidqual.more_charts._ledger": ("ledger",),
    "quidqual.more_charts._alluvial": ("alluvial",),
    "quidqual.more_charts._upset": ("upset",),
    "quidqual.more_charts._cooccurrence": ("cooccurrence_matrix", "cooccurrence_network"),
    "quidqual.more_charts._saturation": ("saturation",),
    "quidqual.more_charts._slope": ("slope", "bump"),
    "quidqual.more_charts._keyness": ("keyness",),
    "quidqual.more_charts._framework_matrix": ("framework_matrix", "framework_html"),
    "quidqual.publishing.figure_rules": ("check_figure",),
    "quidqual.publishing.sizes": ("final_size",),
    "quidqual.publishing.journals": ("journal_rules",),
    "quidqual.agreement._agreement_forest": ("agreement_forest",),
}

# What an own chart is made with.
_TOOLS: dict[str, tuple[str, ...]] = {
    "quidqual.plots.drawing": ("chart", "Drawing"),
    "quidqual.plots.canvas": ("drawn",),
    "quidqual.plots.paper": ("Page", "Painted", "as_points"),
}
_HOME = {n: module for rooms in (_CHARTS, _TOOLS) for module, names in rooms.items() for n in names}

__all__ = [*_HOME]


def __getattr__(name: str) -> Any:
    """Import the module that draws a chart when the chart is first used."""
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value
    if not name.startswith("_"):
        from quidqual.plots.drawing import ADDED

        if name in ADDED:
            return ADDED[name]
    raise AttributeError(f"quidqual.plot has no chart {name!r}")


def __dir__() -> list[str]:
    """List the charts, loaded or not."""
    return sorted(__all__)
