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

from quidqual.study.first_use import on_first_use

_HOMES = {
    "add_reader": "quidqual.interchange.convert",
    "code_matrix": "quidqual.interchange.quote_table",
    "convert": "quidqual.interchange.convert",
    "import_files": "quidqual.interchange.convert",
    "import_notes": "quidqual.interchange.notes",
    "quote_table": "quidqual.interchange.quote_table",
    "read": "quidqual.interchange.convert",
    "read_qdpx": "quidqual.interchange.qdpx_read",
    "write": "quidqual.interchange.convert",
    "write_qdc": "quidqual.interchange.qdc",
    "write_qdpx": "quidqual.interchange.qdpx_write",
    "write_quote_report": "quidqual.interchange.quote_report",
    "write_table": "quidqual.study.write_table",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
