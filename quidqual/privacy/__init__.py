"""Safe hands: pseudonyms before the study, a release check before anything is published.

A wing: it imports the core, the core never imports it. One place of the core calls it by
name (`quidqual.study.release_gate`), so that outputs of real notes are checked before they are
written. Nothing of the analysis reads the key.
"""

from __future__ import annotations

from quidqual.study.first_use import on_first_use

_HOMES = {
    "RULES": "quidqual.privacy.release.rules",
    "destroy_key": "quidqual.privacy.pseudonyms.key_file",
    "find_identifiers": "quidqual.privacy.identifiers.find",
    "forget": "quidqual.privacy.pseudonyms.forget",
    "pseudonymise": "quidqual.privacy.pseudonyms.pseudonymise",
    "read_key": "quidqual.privacy.pseudonyms.key_file",
    "recoverable_cells": "quidqual.privacy.release.recoverable",
    "release_check": "quidqual.privacy.release.check_release",
    "review": "quidqual.privacy.reviewing.show_queue",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
