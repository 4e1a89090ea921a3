"""The page on change names every kind of change as the code does."""

from __future__ import annotations

import re

from quidqual.analysis.kinds import KINDS, SIMPLE


def test_every_kind_is_on_the_page_in_the_same_words(root):
    text = (root / "docs" / "change.md").read_text("utf-8")
    for kind in KINDS:
        assert re.search(rf"^\| {kind} \|", text, re.MULTILINE), kind
    for kind, words in SIMPLE.items():
        assert f"| {kind} | {words} |" in text, kind
