"""Wing: texts that are long or many: files beside the notes, and corpora larger than memory.

- :func:`tag_file`, :func:`sections_of`, :func:`section_counts`, :func:`text_beside_notes`: tag a
  document that is not of the study, section by section;
- :func:`tag`, :func:`tag_corpus`: the same tags for a Dask collection or a folder of files;
- `quidqual.scale.component`: the same tags as a component of a spaCy pipeline.
"""

from __future__ import annotations

from quidqual.study.first_use import on_first_use

_HOMES = {
    "section_counts": "quidqual.scale.documents",
    "sections_of": "quidqual.scale.documents",
    "tag": "quidqual.scale.lazy",
    "tag_corpus": "quidqual.scale.corpus",
    "tag_file": "quidqual.scale.documents",
    "text_beside_notes": "quidqual.scale.documents",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
