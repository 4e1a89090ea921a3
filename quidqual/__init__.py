"""quidqual: from interview notes to coded themes, change over rounds and checked findings.

``import quidqual as qq`` costs nothing: each public name is looked up in the table
below on first use, so spaCy, scikit-learn and matplotlib load only when one is needed.
The core stands at the top level; each wing is a namespace (``qq.agreement``, ``qq.exact``).
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from quidqual.study.measure import offer

__version__ = "0.1.0"

_ROOMS: dict[str, tuple[str, ...]] = {
    "quidqual.study.errors": ("QuidqualError",),
    "quidqual.study.model": ("Study",),
    "quidqual.study.validate": ("validate",),
    "quidqual.hand_coding.scaffold": ("new_study",),
    "quidqual.study.codebook": ("Codebook",),
    "quidqual.study.write_table": ("write_table",),
    "quidqual.examples": ("load_example", "open_study"),
    "quidqual.hand_coding.session": ("coding_session",),
    "quidqual.interchange": ("read", "write"),
    "quidqual.coding.tag": ("tag",),
    "quidqual.pattern_review.expand": ("expand",),
    "quidqual.coding.kwic": ("concordance",),
    "quidqual.queries.search": ("search",),
    "quidqual.analysis.presence": ("presence",),
    "quidqual.analysis.prevalence": ("prevalence",),
    "quidqual.analysis.change": ("change",),
    "quidqual.more_analyses.intensity": ("intensity",),
    "quidqual.analysis.transitions": ("between_rounds", "trajectories", "transitions"),
    "quidqual.analysis.states": ("states",),
    "quidqual.more_analyses.cross_sections": (
        "counter_movement",
        "cross_sections",
        "deviant_cases",
    ),
    "quidqual.sample_size.richness": ("richness",),
    "quidqual.sample_size.saturation": ("saturation",),
    "quidqual.analysis.framework": ("framework_matrix",),
    "quidqual.analysis.cooccurrence": ("cooccurrence",),
    "quidqual.more_analyses.crosstab": ("crosstab",),
    "quidqual.word_use.keyness": ("keyness",),
    "quidqual.findings.ledger": ("ledger",),
    "quidqual.publishing.export": ("export_figure",),
    "quidqual.faces.show": ("show",),
    "quidqual.widget": ("annotate", "explore"),
}

offer("quidqual.findings.measures")  # loaded when a claim first names a measure

if _shell := getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)():
    import_module("quidqual.faces.frame_face").show_frames_in(_shell)  # frames have a face there

_HOME = {name: room for room, names in _ROOMS.items() for name in names}

_WINGS = (
    "agreement",
    "cues",
    "exact",
    "faces",
    "hand_coding",
    "interchange",
    "more_analyses",
    "more_charts",
    "pattern_review",
    "privacy",
    "publishing",
    "queries",
    "reporting",
    "sample_size",
    "scale",
    "sequences",
    "suggestions",
    "widget",
    "word_use",
)
_ROOMS_AS_NAMESPACES = ("analysis",)  # for what is used less often
_MODULES = {
    "measures": "quidqual.findings.measures",
    "plot": "quidqual.plots",
    "query": "quidqual.queries.query",
    **{name: f"quidqual.{name}" for name in (*_ROOMS_AS_NAMESPACES, *_WINGS)},
}

__all__ = ["__version__", *_MODULES, *_HOME]


def __getattr__(name: str) -> Any:
    """Import the room that holds a public name when the name is first used."""
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"quidqual has no public name {name!r}")


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
