"""Running some of the shipped notebooks, and what they print."""

from __future__ import annotations

import html
import re

import nbformat
import pytest


def read_aloud(cell):
    """What a reader sees of a cell: its text, or its code and everything it printed."""
    parts = [cell.source]
    for output in cell.get("outputs", ()):
        parts.append(output.get("text", ""))
        data = output.get("data", {})
        parts.append(data.get("text/plain", ""))
        parts.append(html.unescape(re.sub(r"<[^>]+>", " ", data.get("text/html", ""))))
    return "\n".join(parts)


@pytest.fixture(scope="session")
def run_some(root):
    """Run the notebooks of a pattern in a folder; give the cells of each by its name."""
    from quidqual.reporting.notebooks import run_notebooks

    def run(folder, pattern, *, study=None, reading="()"):
        (folder / "in").mkdir(parents=True)
        for path in sorted((root / "notebooks").glob(pattern)):
            book = nbformat.read(path, as_version=4)
            for cell in book.cells:
                cell.source = cell.source.replace(".reading()", f".reading{reading}")
            nbformat.write(book, folder / "in" / path.name)
        assert run_notebooks(folder / "in", folder / "out", study=study) == {}
        books = sorted((folder / "out").glob("*.ipynb"))
        return {path.stem: nbformat.read(path, as_version=4).cells for path in books}

    return run
