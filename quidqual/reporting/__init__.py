"""Wing: what leaves for a reader: the report, the checklists of journals, methods, the export.

- :func:`write_report`: one HTML page or a DOCX, every number beside the words it rests on;
- :func:`checklist`: COREQ, SRQR and RTARG, answered from the study where it can answer;
- :func:`methods`: the paragraph on methods, from what the study declares;
- :func:`study_figures`, :func:`codes_of_change`: the figures that a study and its claims need;
- :func:`crate_contents`: what such an export would hold, before it is written;
- :func:`export_crate`: study, tables, figures and report as a Research Object Crate.
"""

from __future__ import annotations

from quidqual.findings.study_figures import codes_of_change, study_figures
from quidqual.reporting.checklist import checklist
from quidqual.reporting.crate import crate_contents, export_crate
from quidqual.reporting.methods import methods
from quidqual.reporting.write import write_report

__all__ = [
    "checklist",
    "codes_of_change",
    "crate_contents",
    "export_crate",
    "methods",
    "study_figures",
    "write_report",
]
