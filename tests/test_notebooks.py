"""The committed notebooks: executed in order, findings with outputs, nothing of this machine."""

import ast
import re

import nbformat
import pytest

NOTEBOOKS = sorted(
    p.name
    for p in (__import__("pathlib").Path(__file__).resolve().parents[1] / "notebooks").glob(
        "*.ipynb"
    )
)


@pytest.fixture(params=NOTEBOOKS)
def notebook(request, root):
    return nbformat.read(root / "notebooks" / request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 6


def test_executed_in_order_without_error(notebook):
    assert [c.execution_count for c in code_cells(notebook)] == list(
        range(1, len(code_cells(notebook)) + 1)
    )
    kinds = {o.output_type for c in code_cells(notebook) for o in c.outputs}
    assert "error" not in kinds
    assert "stream" not in {
        o.output_type for c in code_cells(notebook) for o in c.outputs if o.get("name") == "stderr"
    }


def test_findings_have_outputs(notebook):
    tagged = [c for c in code_cells(notebook) if "nbval-check-output" in c.metadata.get("tags", [])]
    assert tagged
    assert all(c.outputs for c in tagged)
    for cell in tagged:
        assert not any("image/png" in o.get("data", {}) for o in cell.outputs)


def test_nothing_of_this_machine(notebook):
    text = nbformat.writes(notebook)
    for word in (
        "/home/",
        "/root/",
        "/Users/",
        "/tmp/",
        "C:\\\\Users",
        "widget-state",
        "site-packages",
    ):
        assert word not in text, word
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


def test_notebooks_define_nothing_and_silence_nothing(notebook):
    for cell in code_cells(notebook):
        for line in cell.source.splitlines():
            assert not line.lstrip().startswith(
                ("def ", "class ", "import warnings", "sys.path", "%", "!")
            ), line


def test_opens_with_a_question_and_closes_with_what_it_comes_to(notebook):
    first, last = notebook.cells[0], notebook.cells[-1]
    told = [cell.source for cell in notebook.cells[-2:] if cell.cell_type == "markdown"]
    assert first.cell_type == "markdown"
    assert "?" in first.source
    assert any("## What" in source for source in told)
    assert last.cell_type == "markdown" or last.outputs  # said plainly, or computed


def test_the_report_comes_first_and_in_order():
    parts = [name for name in NOTEBOOKS if name.startswith("report_")]
    assert [name.split("_")[1] for name in parts] == [f"{n:02d}" for n in range(1, len(parts) + 1)]
    assert all(name.startswith(("report_", "tool_")) for name in NOTEBOOKS)


def test_a_reading_is_chosen_once_in_the_first_cell(notebook):
    sources = [cell.source for cell in code_cells(notebook)]
    opened = [source for source in sources if "qq.open_study()" in source]
    assert opened == [s for s in sources[:1] if "qq.open_study().reading()" in s]
    later = "\n".join(sources).replace("qq.open_study().reading()", "")
    assert ".reading(" not in later


def on_any_study(notebook):
    """Whether a notebook opens the reader's study, and does not make a few people of its own."""
    return any("qq.open_study()" in cell.source for cell in code_cells(notebook))


def test_a_cell_asks_and_does_not_program(notebook):
    kinds = (ast.IfExp, ast.If, ast.For, ast.While, ast.FunctionDef, ast.Lambda, ast.Try)
    for cell in code_cells(notebook):
        assert "next(iter(" not in cell.source
        made = [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, kinds)]
        assert not made or not on_any_study(notebook), cell.source


def test_plain_text_never_speaks_of_the_data(notebook):
    text = " ".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    words = r"synthetic|in the example|survivor|trainer|\bself-|nine people"
    assert not re.search(words, text, re.IGNORECASE) or not on_any_study(notebook)


def test_a_closing_text_states_no_number(notebook):
    """A figure in it would stay when the reading changes: closings are computed, or say none."""
    if on_any_study(notebook):
        last = max(n for n, c in enumerate(notebook.cells) if "## What" in c.source)
        for cell in notebook.cells[last:]:
            if cell.cell_type == "markdown":
                assert not re.search(r"\d|%", cell.source), cell.source


def test_not_mentioned_again_is_never_read_as_lost(notebook, root):
    """Neither in what the notebooks print of change, nor in the figures' texts."""
    told = [c.source for c in notebook.cells if c.cell_type == "markdown"]
    told += [
        o.get("metadata", {}).get("image/png", {}).get("alt", "")
        for c in code_cells(notebook)
        for o in c.outputs
    ]
    told += [p.read_text("utf-8") for p in sorted((root / "figures").glob("*.md"))]
    for text in told:
        for sentence in re.split(r"(?<=[.;])\s", text):
            other = re.search(r"\b(not|no|nothing|codings?|words)\b", sentence, re.IGNORECASE)
            assert other or not re.search(r"\blost\b", sentence), sentence
