"""Safe hands: pseudonyms before the study, a release check before anything is published.

A wing: it imports the core, the core never imports it. One place of the core calls it by
name (`quidqual.study.release_gate`), so that outputs of real notes are checked before they are
written. Nothing of the analysis reads the key.
"""

from quidqual.privacy.identifiers.find import find_identifiers
from quidqual.privacy.pseudonyms.forget import forget
from quidqual.privacy.pseudonyms.key_file import destroy_key, read_key
from quidqual.privacy.pseudonyms.pseudonymise import pseudonymise
from quidqual.privacy.release.check_release import release_check
from quidqual.privacy.release.recoverable import recoverable_cells
from quidqual.privacy.release.rules import RULES
from quidqual.privacy.reviewing.show_queue import review

__all__ = [
    "RULES",
    "destroy_key",
    "find_identifiers",
    "forget",
    "pseudonymise",
    "read_key",
    "recoverable_cells",
    "release_check",
    "review",
]
