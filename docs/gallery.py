"""Write the page of the gallery and its pictures from the notebook that drew them.

Run after `make reproduce`: python docs/gallery.py
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import nbformat

DOCS = Path(__file__).resolve().parent
NOTEBOOK = DOCS.parent / "notebooks" / "tool_gallery.ipynb"
_OPENING = """# Gallery

Every chart of `qq.plot`, drawn at the size of a journal. Read here at 100%, a picture is as large
as in print. The page is written from [a notebook](../notebooks/tool_gallery.ipynb) by `python
docs/gallery.py`; what the charts take and promise is told on [the page on figures](figures.md).
All pictures are **synthetic**: they show the example, written for this project, or people drawn by
lot, and are no evidence about anyone.
"""


@dataclass(frozen=True)
class Entry:
    """One chart: what is asked and at which size, how it is drawn, the picture, what it shows."""

    name: str
    asked: str
    code: str
    picture: bytes
    alt: str
    width: int  # CSS pixels: as large as on paper
    shown: str


def entries(notebook: Path = NOTEBOOK) -> Iterator[Entry]:
    """Read the charts from the notebook: a question, a cell that draws, a sentence."""
    cells: list[Any] = nbformat.read(notebook, as_version=4).cells
    for place, cell in enumerate(cells):
        for output in cell.get("outputs", ()):
            if "image/png" in output.get("data", {}):
                about = output.metadata["image/png"]
                yield Entry(
                    name=cell.id.removeprefix("gallery-"),
                    asked=cells[place - 1].source,
                    code=cell.source,
                    picture=base64.b64decode(output.data["image/png"]),
                    alt=about["alt"],
                    width=about["width"],
                    shown=cells[place + 1].source,
                )


def write(folder: Path = DOCS, notebook: Path = NOTEBOOK) -> list[Path]:
    """Write `gallery.md` and `gallery/<chart>.png` into a folder; the same bytes every time."""
    pictures = folder / "gallery"
    pictures.mkdir(parents=True, exist_ok=True)
    parts, written = [_OPENING], []
    for entry in entries(notebook):
        file = pictures / f"{entry.name}.png"
        file.write_bytes(entry.picture)
        written.append(file)
        image = f'<img src="gallery/{file.name}" width="{entry.width}" alt="{escape(entry.alt)}">'
        parts.append(f"{entry.asked}\n\n{image}\n\n{entry.shown}\n\n```python\n{entry.code}\n```\n")
    page = folder / "gallery.md"
    page.write_text("\n".join(parts), encoding="utf-8", newline="\n")
    return [page, *written]


if __name__ == "__main__":
    for path in write():
        print(path.relative_to(DOCS))
