"""The committed notebooks: executed in order, findings with outputs, nothing of this machine."""

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


def test_opens_with_a_question_and_closes_with_what_it_found(notebook):
    first, last = notebook.cells[0], notebook.cells[-1]
    assert first.cell_type == last.cell_type == "markdown"
    assert "?" in first.source
    assert "## What" in last.source
