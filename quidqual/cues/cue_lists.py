"""Words that turn what stands near them: deny it, suppose it, put it in the past.

English after NegEx and ConText (pre- and post-negation, pseudo-negation and termination terms,
hypothetical and historical triggers, less what only a clinic says); Italian the same classes with
the negative words of the language and its *expletive* negation, which denies nothing (*finché
non, più di quanto non*). :mod:`quidqual.cues.flagger` says how far each one reaches.

References
----------
Chapman, W. W. et al. (2001). A simple algorithm for identifying negated findings and diseases
in discharge summaries. Journal of Biomedical Informatics 34, 301-310.
Harkema, H. et al. (2009). ConText: an algorithm for determining negation, experiencer, and
temporal status from clinical reports. Journal of Biomedical Informatics 42, 839-851.
Renzi, L., Salvi, G. and Cardinaletti, A. (eds.) (2001). Grande grammatica italiana di
consultazione, vol. 2 (negation). Bologna: il Mulino.
"""

from __future__ import annotations

from quidqual.cues.cue_english import ENGLISH
from quidqual.cues.cue_italian import ITALIAN
from quidqual.cues.cue_kinds import KINDS, WIDE, Cue, Kind

__all__ = ["CUES", "KINDS", "WIDE", "Cue", "Kind"]

CUES: dict[str, tuple[Cue, ...]] = {"en": ENGLISH, "it": ITALIAN}
