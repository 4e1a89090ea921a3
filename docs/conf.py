"""The documentation site: pages of this folder, the notebooks, and a reference made from the code.

`make docs` builds it without a network, warnings as errors. The notebooks are shown as they are
committed and never run here; the pages of the reference are written anew at each build.
"""

from __future__ import annotations

import inspect
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

import quidqual as qq  # noqa: E402

project = "quidqual"
author = "quidqual contributors"
copyright = author
version = release = qq.__version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
exclude_patterns = ["_build", "gallery.py"]
html_theme = "pydata_sphinx_theme"
html_title = "quidqual"
html_theme_options = {
    "navigation_with_keys": False,
    "show_toc_level": 2,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_show_sourcelink = False
html_last_updated_fmt = None
default_role = "code"
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
# A link to a file of the repository that is no page of the site stays a link to that file.
suppress_warnings = ["myst.xref_missing", "mystnb.unknown_mime_type", "misc.highlighting_failure"]

ROOMS = {
    "study": "The study folder",
    "examples": "The study folder",
    "coding": "Coding, tagging, search",
    "analysis": "Analysis",
    "findings": "Claims and findings",
    "plots": "Figures",
}


def _entry(path: str, value: object) -> str:
    if not callable(value):  # a table of settings, not called
        return f".. py:data:: {path}\n"
    kind = "autoclass" if inspect.isclass(value) else "autofunction"
    members = "\n   :members:" if kind == "autoclass" else ""
    return f".. {kind}:: {path}{members}\n"


def _page(title: str, intro: str, entries: list[str]) -> str:
    return f"{title}\n{'=' * len(title)}\n\n{intro}\n\n" + "\n".join(entries)


def write_reference() -> None:
    """Write one page a subject of the core, one a wing, one for the charts."""
    target = HERE / "reference"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    pages: dict[str, str] = {}
    subjects: dict[str, list[str]] = {}
    for name, room in qq._HOME.items():
        part = room.split(".")[1]
        title = ROOMS.get(part) or part
        subjects.setdefault(title, []).append(_entry(f"quidqual.{name}", getattr(qq, name)))
    for title, entries in subjects.items():
        pages[title.lower().replace(" ", "_").replace(",", "")] = _page(
            title, "Called as ``qq.name(...)`` after ``import quidqual as qq``.", entries
        )
    charts = [_entry(f"quidqual.plots.{name}", getattr(qq.plot, name)) for name in qq.plot.__all__]
    pages["plot"] = _page("Charts: qq.plot", inspect.getdoc(qq.plot) or "", charts)
    for wing in (*qq._ROOMS_AS_NAMESPACES, *qq._WINGS):
        module = getattr(qq, wing)
        names = [
            _entry(f"quidqual.{wing}.{name}", getattr(module, name)) for name in module.__all__
        ]
        pages[wing] = _page(f"qq.{wing}", inspect.getdoc(module) or "", names)
    for stem, text in pages.items():
        (target / f"{stem}.rst").write_text(text, encoding="utf-8")
    listing = "\n".join(f"   {stem}" for stem in pages)
    index = (
        "Reference\n=========\n\nEvery public name, its arguments, what it gives and what it "
        f"refuses, with an example that runs.\n\n.. toctree::\n   :maxdepth: 2\n\n{listing}\n"
    )
    (target / "index.rst").write_text(index, encoding="utf-8")


def copy_notebooks() -> None:
    """Lay the committed notebooks beside the pages, with a list of them."""
    target = HERE / "notebooks"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    stems = []
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        text = notebook.read_text("utf-8").replace("../docs/", "../")  # pictures of the pages
        (target / notebook.name).write_text(text, "utf-8")
        stems.append(notebook.stem)
    listing = "\n".join(f"   {stem}" for stem in stems)
    (target / "index.rst").write_text(
        "Notebooks\n=========\n\nAs committed, on the synthetic example; they run unchanged on "
        f"a study of your own.\n\n.. toctree::\n   :maxdepth: 1\n\n{listing}\n",
        encoding="utf-8",
    )


def setup(app: object) -> None:
    """Write what is made from the code before Sphinx reads the folder."""
    if find_spec("myst_nb") is None:
        raise SystemExit('The site needs: pip install "quidqual[docs]"')
    write_reference()
    copy_notebooks()
