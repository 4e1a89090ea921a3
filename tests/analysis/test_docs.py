"""The pages on analysis run as they stand, and name every kind of change as the code does."""

from __future__ import annotations

import re

import pytest

import quidqual as qq
from quidqual.analysis.kinds import KINDS, SIMPLE


@pytest.mark.parametrize("page", ["change.md", "analysis.md"])
def test_every_example_of_the_page_runs(root, page):
    blocks = re.findall(
        r"```python\n(.*?)```", (root / "docs" / page).read_text("utf-8"), re.DOTALL
    )
    names = set(re.findall(r"\bqq\.(\w+)", "\n".join(blocks)))
    waiting = sorted(name for name in names if not hasattr(qq, name))
    if waiting:
        pytest.skip(f"not yet public: {', '.join(waiting)}")
    scope: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), scope)


def test_every_kind_is_on_the_page_in_the_same_words(root):
    text = (root / "docs" / "change.md").read_text("utf-8")
    for kind in KINDS:
        assert re.search(rf"^\| {kind} \|", text, re.MULTILINE), kind
    for kind, words in SIMPLE.items():
        assert f"| {kind} | {words} |" in text, kind
