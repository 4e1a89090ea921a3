"""The frames that the charts are tested with."""

from tests.plots.conftest import (
    claims,
    interviews,
    make_presence,
    presence,
    sequences,
    small,
    table,
    texts,
)

__all__ = [
    "claims",
    "interviews",
    "make_presence",
    "presence",
    "sequences",
    "small",
    "table",
    "texts",
]
