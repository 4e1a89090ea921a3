"""Wing: questions to the codings and the words, such as "trust near work, said by survivors".

- :func:`search` (also ``qq.search``): the passages that a query finds;
- ``qq.query``: its terms as Python, joined with ``&``, ``|`` and ``~``;
- :func:`parse_query`: the same as text, as it is typed into a search box;
- :func:`save_query`, :func:`saved_queries`: kept with the study under a name.
"""

from __future__ import annotations

from quidqual.study.first_use import on_first_use

_HOMES = {
    "parse_query": "quidqual.queries.query_text",
    "save_query": "quidqual.queries.saved_queries",
    "saved_queries": "quidqual.queries.saved_queries",
    "search": "quidqual.queries.search",
}
__all__ = [*_HOMES]
__getattr__, __dir__ = on_first_use(__name__, _HOMES)
