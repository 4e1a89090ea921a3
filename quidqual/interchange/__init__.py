"""Foreign formats: read into a study, written out of one."""

from __future__ import annotations

from quidqual.interchange.convert import convert, import_files
from quidqual.interchange.notes import import_notes
from quidqual.interchange.qdc import read_qdc, write_qdc
from quidqual.interchange.qdpx_read import read_qdpx
from quidqual.interchange.qdpx_write import write_qdpx
from quidqual.interchange.qualcoder import read_qualcoder
from quidqual.interchange.quote_report import write_quote_report
from quidqual.interchange.quote_table import code_matrix, quote_table
from quidqual.interchange.taguette import read_taguette

__all__ = [
    "code_matrix",
    "convert",
    "import_files",
    "import_notes",
    "quote_table",
    "read_qdc",
    "read_qdpx",
    "read_qualcoder",
    "read_taguette",
    "write_qdc",
    "write_qdpx",
    "write_quote_report",
]
