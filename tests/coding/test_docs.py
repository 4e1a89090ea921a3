"""The pages on tagging, search and suggestions run as they stand, in a folder of their own."""

import re

import pytest

import quidqual as qq


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with what the pages name: a report and a small corpus."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report.txt").write_text("1 Trust\n\nShe cannot trust people.\n", "utf-8")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text("She feels safe. She is proud.", "utf-8")
    return tmp_path


def shown(root, page):
    text = (root / "docs" / page).read_text("utf-8")
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("page", ["tagging.md", "search.md", "suggestions.md"])
def test_every_example_of_the_page_runs(root, desk, page):
    scope: dict[str, object] = {}
    for number, block in enumerate(shown(root, page)):
        exec(compile(block, f"{page}, block {number}", "exec"), scope)
        if page == "tagging.md" and "tag_file" in block:
            assert len(scope["hits"])


@pytest.mark.parametrize("page", ["tagging.md", "search.md", "suggestions.md"])
def test_the_pages_use_public_names(root, page):
    names = set(re.findall(r"\bqq\.(\w+)", (root / "docs" / page).read_text("utf-8")))
    assert names <= set(qq.__all__)


def test_the_numbers_of_the_page_are_those_of_the_example(root):
    row = qq.evaluate_tags(qq.load_example(), by=()).iloc[0]
    page = " ".join((root / "docs" / "tagging.md").read_text("utf-8").split())
    assert f"find {row.tp} of the {row.n_gold} coded" in page
    assert f"{row.tp} of their {row.n_tagged} tags are right" in page
