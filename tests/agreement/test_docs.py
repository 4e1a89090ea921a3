"""The page on agreement names every coefficient that there is; the calls in its tables work."""

from __future__ import annotations

import re

import pytest

import quidqual as qq
from quidqual.agreement.span_agreement import UNITIZING
from quidqual.agreement.table import PUBLIC_NAMES


def test_the_calls_of_the_tables_are_calls(root):
    page = (root / "docs" / "agreement.md").read_text("utf-8")
    scope = {"qq": qq, "study": qq.load_example()}
    calls = re.findall(r"`(qq\.[\w.]+\(study[^`]*\))`", page)
    assert len(calls) >= 4
    for call in calls:
        assert len(eval(call, scope)), call


@pytest.mark.parametrize("name", [*PUBLIC_NAMES, *UNITIZING])
def test_every_coefficient_is_explained(root, name):
    assert f"`{name}`" in (root / "docs" / "agreement.md").read_text("utf-8")
