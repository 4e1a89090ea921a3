"""quidqual: from interview notes to coded themes, change over rounds and checked findings.

``import quidqual as qq`` costs nothing: each public name is looked up in the table
below on first use, so spaCy, scikit-learn and matplotlib load only when one is needed.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_ROOMS: dict[str, tuple[str, ...]] = {
    "quidqual.study.errors": ("Problem", "QuidqualError"),
    "quidqual.study.model": ("Study", "open_study"),
    "quidqual.study.validate": ("validate",),
    "quidqual.study.scaffold": ("new_study",),
    "quidqual.study.codebook": ("Code", "Codebook"),
    "quidqual.study.anchor": ("reanchor",),
    "quidqual.examples": ("load_example",),
    "quidqual.coding.tag": ("tag",),
    "quidqual.coding.expand": ("expand",),
    "quidqual.coding.kwic": ("concordance",),
    "quidqual.coding.search": ("search",),
    "quidqual.coding.evaluate": ("evaluate_tags", "missed", "pattern_evidence"),
    "quidqual.coding.documents": (
        "section_counts",
        "sections_of",
        "tag_file",
        "text_beside_notes",
    ),
    "quidqual.coding.scale": ("tag_corpus",),
    "quidqual.coding.suggestions.suggest": ("suggest",),
    "quidqual.coding.suggestions.decisions": ("decide", "decisions"),
    "quidqual.coding.suggestions.sampling": ("next_to_code",),
    "quidqual.coding.suggestions.sentence_model": ("load_sentence_model",),
    "quidqual.coding.suggestions.topics": ("topics",),
    "quidqual.analysis.presence": ("presence",),
    "quidqual.analysis.prevalence": ("prevalence",),
    "quidqual.analysis.intervals": ("binomial_interval",),
    "quidqual.analysis.change": ("change", "change_evidence"),
    "quidqual.analysis.intensity": ("intensity",),
    "quidqual.analysis.transitions": ("gains_and_losses", "transitions"),
    "quidqual.analysis.trajectories": ("trajectories",),
    "quidqual.analysis.states": ("states",),
    "quidqual.analysis.readings": ("counter_movement", "cross_sections", "deviant_cases"),
    "quidqual.analysis.exact_trend": ("exact_trend",),
    "quidqual.analysis.cochran": ("exact_cochran_q",),
    "quidqual.analysis.design": ("least_p", "measurements"),
    "quidqual.analysis.marginal": ("marginal_homogeneity", "mcnemar"),
    "quidqual.analysis.many_codes": ("change_tests", "holm"),
    "quidqual.analysis.sequence_distance": (
        "sequence_distances",
        "substitution_costs",
        "transition_rates",
    ),
    "quidqual.analysis.sequence_shape": ("round_entropy", "sequence_indices"),
    "quidqual.analysis.richness": ("accumulation", "richness"),
    "quidqual.analysis.saturation": ("saturation",),
    "quidqual.analysis.framework": ("framework_matrix",),
    "quidqual.analysis.framework_out": ("write_framework",),
    "quidqual.analysis.summaries": ("read_summaries", "write_summary"),
    "quidqual.analysis.cooccurrence": ("cooccurrence",),
    "quidqual.analysis.crosstab": ("crosstab",),
    "quidqual.analysis.keyness": ("keyness",),
    "quidqual.analysis.collocations": ("collocations",),
    "quidqual.analysis.agreement": (
        "agreement",
        "agreement_by_round",
        "codes_to_review",
        "coefficients",
        "compare_readings",
        "confusions",
        "disagreements",
        "span_agreement",
    ),
    "quidqual.findings.ledger": ("ledger",),
    "quidqual.findings.evidence": ("evidence",),
    "quidqual.findings.courses_of_claims": ("claim_courses", "rivals"),
    "quidqual.findings.passages": ("passages",),
    "quidqual.findings.report": ("write_report",),
    "quidqual.findings.checklist": ("checklist",),
    "quidqual.findings.recommendations": ("recommendations",),
    "quidqual.findings.crate": ("export_crate",),
    "quidqual.findings.methods": ("methods",),
    "quidqual.interchange.qdpx_read": ("read_qdpx",),
    "quidqual.interchange.qdpx_write": ("write_qdpx",),
    "quidqual.interchange.qdc": ("read_qdc", "write_qdc"),
    "quidqual.interchange.qualcoder": ("read_qualcoder",),
    "quidqual.interchange.taguette": ("read_taguette",),
    "quidqual.interchange.notes": ("import_notes",),
    "quidqual.interchange.quotes": ("code_matrix", "quote_table"),
    "quidqual.interchange.cells": ("write_table",),
    "quidqual.interchange.quote_report": ("write_quote_report",),
    "quidqual.interchange.convert": ("convert", "import_files"),
    "quidqual.findings.robustness": ("robustness", "robustness_sentences"),
    "quidqual.findings.figures": ("codes_of_change", "study_figures"),
    "quidqual.plots.check": ("check_figure",),
    "quidqual.plots.export": ("export_figure",),
    "quidqual.plots.shown": ("show",),
}

_HOME = {name: room for room, names in _ROOMS.items() for name in names}

_MODULES = {
    "plot": "quidqual.plots",
    "query": "quidqual.coding.query",
    "privacy": "quidqual.privacy",
}
_RENAMED = {
    "save_suggester": ("quidqual.coding.suggestions.storage", "save_model"),
    "load_suggester": ("quidqual.coding.suggestions.storage", "load_model"),
}

__all__ = ["__version__", *_MODULES, *_RENAMED, *_HOME]


def __getattr__(name: str) -> Any:
    """Import the room that holds a public name when the name is first used."""
    if name in _MODULES:
        return import_module(_MODULES[name])
    if name in _HOME or name in _RENAMED:
        room, original = _RENAMED.get(name) or (_HOME[name], name)
        value = getattr(import_module(room), original)
        globals()[name] = value
        return value
    raise AttributeError(f"quidqual has no public name {name!r}")


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
