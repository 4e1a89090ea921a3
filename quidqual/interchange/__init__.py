r"""Wing: projects of other programs, notes and tables, read into a study and written out of one.

`read` and `write` choose the format by the name of the file; what differs much between
formats has a reader or writer of its own. A foreign file goes one way through the wing::

    untrusted, markup, database     opens it: bounded, nothing runs, nothing leaves its folder
    qdpx_read, refi, refi_sources   \\
    qualcoder, taguette, qdc         }  reads it into a `project`: texts, codes, marks, cases
    notes, transcripts, answers     /
    offsets, stored_words, placing  where its codings stand: what offsets count, what words say
    people, file_names              who was interviewed when
    assemble                        a study, and the account of what was taken and left out

and a study goes out by qdpx_write (with `supplement`, from which `restore` brings it back
exactly), qdc, quote_table and quote_report. A new reader is one file that fills a
`project.ForeignProject` and gives it to `assemble.assemble`, and one line in `convert`.
"""

from __future__ import annotations

from quidqual.interchange.convert import add_reader, convert, import_files, read, write
from quidqual.interchange.notes import import_notes
from quidqual.interchange.qdc import write_qdc
from quidqual.interchange.qdpx_read import read_qdpx
from quidqual.interchange.qdpx_write import write_qdpx
from quidqual.interchange.quote_report import write_quote_report
from quidqual.interchange.quote_table import code_matrix, quote_table
from quidqual.study.write_table import write_table

__all__ = [
    "add_reader",
    "code_matrix",
    "convert",
    "import_files",
    "import_notes",
    "quote_table",
    "read",
    "read_qdpx",
    "write",
    "write_qdc",
    "write_qdpx",
    "write_quote_report",
    "write_table",
]
