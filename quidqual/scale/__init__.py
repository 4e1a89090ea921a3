"""Wing: texts that are long or many: files beside the notes, and corpora larger than memory.

- :func:`tag_file`, :func:`sections_of`, :func:`section_counts`, :func:`text_beside_notes`: tag a
  document that is not of the study, section by section;
- :func:`tag`, :func:`tag_corpus`: the same tags for a Dask collection or a folder of files.
"""

from __future__ import annotations

from quidqual.scale.corpus import tag_corpus
from quidqual.scale.documents import section_counts, sections_of, tag_file, text_beside_notes
from quidqual.scale.lazy import tag

__all__ = [
    "section_counts",
    "sections_of",
    "tag",
    "tag_corpus",
    "tag_file",
    "text_beside_notes",
]
