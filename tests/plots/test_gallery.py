"""The gallery: every chart is in it, at the size its heading names, and the page is up to date."""

from __future__ import annotations

import io
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import quidqual as qq
from quidqual.examples.drawn_by_lot import larger_study
from quidqual.publishing.journals import preset


@pytest.fixture(scope="module")
def page(root: Path) -> dict[str, Any]:
    return runpy.run_path(str(root / "docs" / "gallery.py"))


@pytest.fixture(scope="module")
def entries(page: dict[str, Any]) -> list[Any]:
    return list(page["entries"]())


CHARTS = {n for room, names in qq.plots._CHARTS.items() if "._" in room for n in names}


def test_every_chart_is_shown(entries: list[Any]) -> None:
    shown = {entry.name.replace("-", "_") for entry in entries}
    assert shown == CHARTS - {"framework_html"}


def test_each_picture_is_as_wide_as_its_heading_says(entries: list[Any]) -> None:
    for entry in entries:
        stated = float(re.search(r"([\d.]+) mm", entry.asked)[1])  # type: ignore[index]
        assert entry.width == round(stated / 25.4 * 96), entry.name
        with Image.open(io.BytesIO(entry.picture)) as picture:
            assert picture.size[0] == int(stated / 25.4 * 150 + 1e-6), entry.name


def test_each_heading_names_the_width_and_type_of_the_journals_rules(entries: list[Any]) -> None:
    for entry in entries:
        journal, *width = re.search(  # type: ignore[union-attr]
            r'final_size\(figure, journal="(\w+)"(?:, width="?([\w.]+)"?)?', entry.code
        ).groups()
        rules = preset(journal)
        (wish,) = width
        stated = rules.width(float(wish) if wish and wish.isdigit() else wish)
        assert f"{stated:g} mm, {int(rules.type_size())} pt" in entry.asked, entry.name
        assert rules.name.split(" (")[0] in entry.asked


def test_every_picture_is_marked_and_told_in_words(entries: list[Any], root: Path) -> None:
    assert all(len(entry.alt) > 40 for entry in entries)
    text = (root / "docs" / "gallery.md").read_text("utf-8")
    assert text.count("<img ") == text.count('alt="') == len(entries)
    assert "**synthetic**" in text


def test_the_page_is_written_from_the_notebook_and_the_same_bytes_twice(
    page: dict[str, Any], root: Path, tmp_path: Path
) -> None:
    for file in page["write"](tmp_path):
        committed = root / "docs" / file.relative_to(tmp_path)
        assert file.read_bytes() == committed.read_bytes(), (
            f"{committed.name} is older than its notebook: run python docs/gallery.py"
        )
    kept = {file.name for file in (root / "docs" / "gallery").iterdir()}
    assert kept == {file.name for file in (tmp_path / "gallery").iterdir()}


def test_pictures_stay_small(root: Path) -> None:
    sizes = [file.stat().st_size for file in (root / "docs" / "gallery").iterdir()]
    assert max(sizes) < 200_000
    assert sum(sizes) < 2_000_000


def test_the_study_drawn_by_lot_is_the_same_every_time() -> None:
    one, other = larger_study(12), larger_study(12)
    assert qq.presence(one).equals(qq.presence(other))
    assert not qq.presence(one).equals(qq.presence(larger_study(12, seed=8)))
    assert one.corpus == "synthetic"
    assert all("Drawn by lot" in one.text(name) for name in one.notes["interview"])
    assert set(qq.states(one)["state"]) <= {"doubt", "waiting", "plans", "not_observed"}
