"""The README and the pages of docs/ run as they stand, and name only what exists."""

import re

import pytest

import quidqual as qq
from quidqual.cli import main

PAGES = [
    "README.md",
    "docs/agreement.md",
    "docs/analysis.md",
    "docs/change.md",
    "docs/contributing.md",
    "docs/coding.md",
    "docs/coming-from.md",
    "docs/figures.md",
    "docs/interchange.md",
    "docs/privacy.md",
    "docs/report.md",
    "docs/search.md",
    "docs/study-folder.md",
    "docs/suggestions.md",
    "docs/tagging.md",
]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """Make what the examples of the pages open: a study, a project, a text, a corpus."""
    import pandas as pd

    folder = tmp_path_factory.mktemp("reader")
    example = qq.load_example()
    example.save(folder / "my-study")
    qq.interchange.write_qdpx(example, folder / "project.qdpx")
    (folder / "report.txt").write_text("Work\n\nThey trust the trainer.\n", "utf-8")
    (folder / "corpus").mkdir()
    texts = pd.DataFrame({"id": ["a", "b"], "text": ["I trust her.", "Nobody."]})
    texts.to_parquet(folder / "corpus/part.parquet")
    return folder


def test_every_page_is_tried(root):
    with_code = {
        str(page.relative_to(root))
        for page in [root / "README.md", *(root / "docs").glob("*.md")]
        if "```python" in page.read_text("utf-8")
    }
    # The gallery is written from a notebook that ran; its own test holds the two together.
    assert with_code - {"docs/gallery.md"} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_run(root, page, prepared, tmp_path, monkeypatch):
    for made in prepared.iterdir():
        (tmp_path / made.name).symlink_to(made)
    monkeypatch.chdir(tmp_path)
    scope: dict[str, object] = {}
    blocks = re.findall(r"```python\n(.*?)```", (root / page).read_text("utf-8"), re.DOTALL)
    for number, block in enumerate(blocks, 1):
        exec(compile(block, f"{page}, block {number}", "exec"), scope)


@pytest.mark.parametrize(
    "page", [*PAGES, "docs/contributing.md", "docs/gallery.md", "CHANGELOG.md"]
)
def test_a_page_names_only_what_exists(root, page, capsys):
    text = (root / page).read_text("utf-8")
    for name in sorted(set(re.findall(r"\bqq\.([A-Za-z_]+(?:\.[a-z_]+)?)", text))):
        found = qq
        for part in name.split("."):
            found = getattr(found, part)
    for command in sorted(set(re.findall(r"`(?:\$ )?quidqual ([a-z][a-z-]+)", text))):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0, command
        capsys.readouterr()
