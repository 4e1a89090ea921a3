"""Wing: coding by hand, and the codebook as it grows; every step is a line of a log.

- :func:`coding_session`: the verbs, as ``with qq.coding_session(folder, coder="A") as c:``;
- :func:`codebook_history`, :func:`codebook_version`, :func:`codebook_diff`: what became of a code;
- :func:`to_reread`: codings that were made before their code was redefined;
- :func:`unite`: two copies of a study that were coded apart, put together;
- :func:`reanchor`: codings whose note was edited, found again by their words.

The surfaces in `qq.widget` and the commands ``quidqual code`` and ``quidqual codebook`` call these
verbs and add none. A log belongs to one writer at a time (`one_writer`); what is acknowledged is on
the disk.
"""

from __future__ import annotations

from quidqual.study.first_use import on_first_use

_HOMES = {
    "codebook_diff": "quidqual.hand_coding.codebook_versions",
    "codebook_history": "quidqual.hand_coding.codebook_versions",
    "codebook_version": "quidqual.hand_coding.codebook_versions",
    "coding_session": "quidqual.hand_coding.session",
    "reanchor": "quidqual.study.anchor",
    "to_reread": "quidqual.hand_coding.codebook_versions",
    "unite": "quidqual.hand_coding.united",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
