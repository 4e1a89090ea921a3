"""Charts: a tidy table in, a matplotlib figure out; nothing is saved, shown or set globally.

``import quidqual.plots`` costs nothing: matplotlib loads when the first chart is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# No module is named as the chart it holds: importing a module sets it as an attribute of
# this package, where it would hide the function.
_CHARTS: dict[str, tuple[str, ...]] = {
    "quidqual.plots.timeline": ("interview_timeline",),
    "quidqual.plots.icon_arrays": ("icons",),
    "quidqual.plots.tile_grid": ("tiles",),
    "quidqual.plots.lanes": ("trajectories",),
    "quidqual.plots.sequences": ("states",),
    "quidqual.plots.lost_kept_gained": ("change_bars",),
    "quidqual.plots._prevalence": ("prevalence",),
    "quidqual.plots.heat_tiles": ("heat",),
    "quidqual.plots.ledger_table": ("ledger",),
    "quidqual.plots.ribbons": ("alluvial",),
    "quidqual.plots.upset_bars": ("upset",),
    "quidqual.plots.together": ("cooccurrence_matrix", "cooccurrence_network"),
    "quidqual.plots.saturation_curve": ("saturation",),
    "quidqual.plots.slopes": ("slope", "bump"),
    "quidqual.plots.keyness_bars": ("keyness",),
    "quidqual.plots.framework_table": ("framework_matrix", "framework_html"),
    "quidqual.plots.figure_rules": ("check_figure",),
    "quidqual.plots.sizes": ("final_size",),
    "quidqual.plots.journals": ("journal_rules",),
    "quidqual.plots.agreement": ("agreement_forest",),
}

_HOME = {name: module for module, names in _CHARTS.items() for name in names}

__all__ = [*_HOME]


def __getattr__(name: str) -> Any:
    """Import the module that draws a chart when the chart is first used."""
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"quidqual.plot has no chart {name!r}")


def __dir__() -> list[str]:
    """List the charts, loaded or not."""
    return sorted(__all__)
