"""The report: what a reviewer reads, as one HTML file or one DOCX."""

from quidqual.findings.report.write import write_report

__all__ = ["write_report"]
