"""The page on interchange names every ending that is read or written."""

from __future__ import annotations

import re

import pytest

from quidqual.interchange.notes import KINDS
from quidqual.interchange.quote_report import REPORTS
from quidqual.study.write_table import TABLES


@pytest.fixture(scope="module")
def page(root) -> str:
    return (root / "docs" / "interchange.md").read_text("utf-8")


@pytest.mark.parametrize(
    "kind", sorted({*KINDS, *TABLES, *REPORTS, ".qdpx", ".qdc", ".qda", ".sqlite3"} - {".htm"})
)
def test_every_ending_is_on_the_page(page, kind):
    assert re.search(rf"[` ]\{kind}[` ,.]", page), kind
