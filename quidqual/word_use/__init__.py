"""Wing: the words that people use, counted.

- :func:`keyness` (also ``qq.keyness``): words that one group, round or person uses more than
  others;
- :func:`collocations`: words that stand together more often than by chance.

``qq.concordance`` shows the same words where they stand.
"""

from __future__ import annotations

from quidqual.study.first_use import on_first_use

_HOMES = {
    "collocations": "quidqual.word_use.keyness",
    "keyness": "quidqual.word_use.keyness",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
