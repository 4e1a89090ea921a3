"""Running notebooks on a study that has little to show."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from quidqual.reporting.notebooks import run_notebooks

REFUSED = "from quidqual.study.errors import QuidqualError\n"
REFUSED += (
    "hits = 1 if 0 else (_ for _ in ()).throw(QuidqualError.of('no patterns.', remedy='Add.'))"
)


def run(folder, *sources):
    (folder / "in").mkdir()
    cells = [new_code_cell(source) for source in sources]
    nbformat.write(new_notebook(cells=cells), folder / "in/01.ipynb")
    failed = run_notebooks(folder / "in", folder / "out")
    book = nbformat.read(folder / "out/01.ipynb", as_version=4)
    return failed, ["".join(str(o.get("data", o)) for o in cell.outputs) for cell in book.cells]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    return run(
        tmp_path_factory.mktemp("ran"),
        REFUSED,
        "few = hits + 1",
        "few",
        "1 + 1",
        "mispelt",
        "2 + 2",
    )


def test_what_builds_on_nothing_says_so_and_the_notebook_goes_on(ran):
    _, shown = ran
    assert "Nothing to show here. no patterns. Add." in shown[0]
    assert "builds on a cell above" in shown[1]
    assert "builds on a cell above" in shown[2]
    assert "'2'" in shown[3]


def test_a_name_that_no_cell_makes_is_a_failure(ran):
    failed, shown = ran
    assert failed == {"01.ipynb": "NameError in cell 5"}
    assert "NameError" in shown[4]


def test_any_other_error_stops_the_notebook_and_keeps_its_message(tmp_path):
    failed, shown = run(tmp_path, "1 / 0", "1 + 1")
    assert failed == {"01.ipynb": "ZeroDivisionError in cell 1"}
    assert shown[1] == ""


def test_every_notebook_runs_on_an_empty_study(root, tmp_path):
    from quidqual.cli import main

    main(["new", str(tmp_path / "mine")])
    assert run_notebooks(root / "notebooks", tmp_path / "out", study=tmp_path / "mine") == {}
    assert len(list((tmp_path / "out").glob("*.ipynb"))) >= 10
