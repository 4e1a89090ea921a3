"""The study of the rooms that find words: small enough to count by hand."""

from tests.coding.conftest import study

__all__ = ["study"]
