"""Wing: what leaves for a reader: the report, the checklists of journals, methods, the export.

- :func:`write_report`: one HTML page or a DOCX, every number beside the words it rests on;
- :func:`checklist`: COREQ, SRQR and RTARG, answered from the study where it can answer;
- :func:`methods`: the paragraph on methods, from what the study declares;
- :func:`write_framework`: the framework matrix as a spreadsheet or a page;
- :func:`study_figures`, :func:`codes_of_change`: the figures that a study and its claims need;
- :func:`crate_contents`: what such an export would hold, before it is written;
- :func:`export_crate`: study, tables, figures and report as a Research Object Crate.
"""

from __future__ import annotations

from quidqual.study.first_use import on_first_use

_HOMES = {
    "checklist": "quidqual.reporting.checklist",
    "codes_of_change": "quidqual.reporting.study_figures",
    "crate_contents": "quidqual.reporting.crate",
    "export_crate": "quidqual.reporting.crate",
    "methods": "quidqual.reporting.methods",
    "study_figures": "quidqual.reporting.study_figures",
    "write_framework": "quidqual.reporting.framework_out",
    "write_report": "quidqual.reporting.write",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
