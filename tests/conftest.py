"""What every test may use."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("quidqual", deadline=None)
settings.load_profile("quidqual")

ROOT = Path(__file__).resolve().parents[1]


def pytest_report_header() -> str:
    """Print the versions that results hang on: nothing may pull pandas below 3."""
    names = ("pandas", "numpy", "scipy", "matplotlib", "spacy", "scikit-learn")
    return "built on " + ", ".join(f"{name} {version(name)}" for name in names)


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Reference values that may not be shipped; says so when they are not there."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("reference data not here: expected a folder 'shared' beside the project")
    return folder
