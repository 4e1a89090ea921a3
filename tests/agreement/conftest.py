"""What the tests of agreement share."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

_spec = importlib.util.spec_from_file_location(
    "published_tables", Path(__file__).with_name("published.py")
)
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)


@pytest.fixture(scope="session")
def published():
    """The published tables retyped in this folder."""
    return _module


@pytest.fixture(scope="session")
def reference(shared):
    """Read a file of the reference data."""
    folder = shared / "data" / "agreement"
    return lambda name: pd.read_csv(folder / f"{name}.csv")


@pytest.fixture(scope="session")
def value_of():
    """Take one coefficient's value (or another column) out of a result."""

    def take(frame, coefficient, column="value", code=None):
        rows = frame[frame["coefficient"] == coefficient]
        if code is not None:
            rows = rows[rows["code"] == code]
        assert len(rows) == 1, f"{len(rows)} rows of {coefficient}"
        return rows.iloc[0][column]

    return take


@pytest.fixture(scope="session")
def spans_of():
    """Build a frame of spans from tuples (document, coder, start, end, code)."""

    def build(*rows):
        return pd.DataFrame(rows, columns=["document", "coder", "start", "end", "code"])

    return build
