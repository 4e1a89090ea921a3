"""Wing: whether more interviews would bring more codes.

- :func:`saturation` (also ``qq.saturation``): how many codes are new, interview by interview;
- :func:`richness` (also ``qq.richness``): how many codes there may be in all, estimated from
  those that were found once or twice;
- :func:`accumulation`: the curve of codes found, with its interval.

They take a study, the table of ``qq.presence``, a table of units by codes, or lists of codes.
"""

from __future__ import annotations

from quidqual.study.first_use import on_first_use

_HOMES = {
    "accumulation": "quidqual.sample_size.richness",
    "richness": "quidqual.sample_size.richness",
    "saturation": "quidqual.sample_size.saturation",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
