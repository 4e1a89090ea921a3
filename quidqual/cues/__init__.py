"""Wing: what stands around a hit and turns it: denied, only supposed, past, of someone else.

``qq.tag`` asks it for each hit; without it (``cues=()``) hits carry no flags.

- :class:`Flagger`: the flags of given places in a text, for one language;
- :data:`CUES`: the cues of each language; :class:`Cue`: one, to give cues of your own;
- :class:`Flag`: what a cue says of a hit.
"""

from __future__ import annotations

from quidqual.study.first_use import on_first_use

_HOMES = {
    "CUES": "quidqual.cues.cue_lists",
    "Cue": "quidqual.cues.cue_kinds",
    "Flag": "quidqual.cues.cue_reading",
    "Flagger": "quidqual.cues.flagger",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
