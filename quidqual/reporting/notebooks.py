"""Running the notebooks so that the same study gives the same bytes."""

from __future__ import annotations

import ast
import asyncio
import os
import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from quidqual.study.errors import QuidqualError
from quidqual.study.files import private_temporary, write_atomic

_AT_ONCE = 2
_PACKAGE = Path(__file__).resolve().parents[1]


def shipped_notebooks() -> Path:
    """Folder of the notebooks: inside the wheel, or beside the package in a checkout."""
    shipped = _PACKAGE / "notebooks"
    return shipped if shipped.is_dir() else _PACKAGE.parent / "notebooks"


def run_notebooks(source: Path, target: Path, *, study: Path | None = None) -> dict[str, str]:
    """Run every notebook of a folder and write it, with its outputs, into another (or the same).

    Parameters
    ----------
    source, target : Path
        Folders.
    study : Path, optional
        Study folder that ``qq.open_study()`` opens in the notebooks; default the example.

    Returns
    -------
    dict of str to str
        Notebooks that failed, with the kind of error and the cell. The message of an
        exception is left out: on a confidential study it could hold words of a note.

    Raises
    ------
    QuidqualError
        If Jupyter is not installed or there is no notebook.

    Notes
    -----
    The outputs of a real study are words of its notes: `reproduce` asks for a private place
    before it comes here.
    """
    try:
        import nbclient  # noqa: F401
    except ImportError:
        raise QuidqualError.of(
            "running notebooks needs Jupyter.",
            remedy='Install it: pip install "quidqual[notebooks]"',
        ) from None
    paths = sorted(source.glob("*.ipynb"))
    if not paths:
        raise QuidqualError.of(
            "there is no notebook.", remedy="Check the path.", file=str(source.name)
        )
    # Words of a study stay beside its outputs. The example has none to hide, and its folder may
    # be a repository, where a notebook that shows how a key is made must not keep one.
    beside = Path(tempfile.gettempdir()) if study is None else target
    with (
        # Apart from the rest, since the path of a socket must be short; no words lie there.
        tempfile.TemporaryDirectory() as sockets,
        private_temporary(beside) as scratch,
        ThreadPoolExecutor(_AT_ONCE) as pool,
    ):
        environment = _environment(scratch, study)

        def run(path: Path) -> str:
            book, message = _run(path, f"{sockets}/{path.stem[:20]}", environment)
            write_atomic(target / path.name, book)
            return message

        results = pool.map(run, paths)
        return {path.name: message for path, message in zip(paths, results, strict=True) if message}


def _environment(scratch: Path, study: Path | None) -> dict[str, str]:
    """Environment of the kernels: no settings of the user's own change what comes out.

    What a notebook writes on the side may be words of notes: it goes when the run is over.
    """
    environment = {k: v for k, v in os.environ.items() if k not in ("MPLBACKEND", "QUIDQUAL_STUDY")}
    places = dict.fromkeys(("IPYTHONDIR", "TMPDIR", "TEMP", "TMP"), str(scratch.resolve()))
    environment |= {**places, "PYTHONHASHSEED": "0"}
    if study is not None:
        environment["QUIDQUAL_STUDY"] = str(study.resolve())
    return environment


def _kernel_managers(socket: str) -> type:
    """Kernels of this very environment, spoken to without TCP where the system allows it."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class Kernels(AsyncKernelManager):
        def __init__(self, **settings: Any) -> None:
            own = KernelSpecManager(kernel_dirs=[str(Path(sys.prefix) / "share/jupyter/kernels")])
            local = {} if os.name == "nt" else {"transport": "ipc", "ip": socket}
            super().__init__(**{**settings, "kernel_spec_manager": own, **local})

    return Kernels


def _run(path: Path, socket: str, environment: dict[str, str]) -> tuple[str, str]:
    """Run a notebook; give its text, and what failed in it."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        kernel_manager_class=_kernel_managers(socket),
        timeout=600,
        record_timing=False,
        allow_error_names=["QuidqualError", "NameError"],
    )
    stopped = ""
    try:
        asyncio.run(client.async_execute(env=environment))
    except CellExecutionError as error:
        stopped = error.ename
    message = _say_instead(notebook, stopped)
    _tidy(notebook)
    return nbformat.writes(notebook) + "\n", message


def _say_instead(notebook: Any, stopped: str = "") -> str:
    """Put sentences where a study had nothing to show, and tell the first real failure.

    A study that has no dates yet has no timeline: the cell says so (`QuidqualError`), cells
    that build on what it would have made say that, and the notebook goes on.
    """
    from nbformat.v4 import new_output

    missing: set[str] = set()
    failure = ""
    for number, cell in enumerate(notebook.cells, 1):
        for place, output in enumerate(cell.get("outputs", ())):
            if output.output_type != "error":
                continue
            text = _instead(output, missing)
            if text:
                missing |= _names_made(cell.source)
                cell.outputs[place] = new_output("display_data", data={"text/plain": text})
            elif not failure:
                failure = f"{output.ename} in cell {number}"
    return failure or stopped


def _instead(output: Any, missing: set[str]) -> str:
    """Give the sentence for an error that comes of the study and not of the notebook."""
    if output.ename == "QuidqualError":
        return f"Nothing to show here. {output.evalue}"
    name = re.match(r"name '(\w+)' is not defined", output.evalue)
    if output.ename == "NameError" and name and name[1] in missing:
        return "Nothing to show here: it builds on a cell above that had nothing to show."
    return ""


def _names_made(source: str) -> set[str]:
    """Names that a cell assigns."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a cell with magics
        return set()
    stored = (n for n in ast.walk(tree) if isinstance(n, ast.Name))
    return {node.id for node in stored if isinstance(node.ctx, ast.Store)}


def _tidy(notebook: Any) -> None:
    """Leave out what differs from machine to machine and tells nothing."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        kept = cell.metadata.get("tags")
        cell.metadata = {"tags": kept} if kept else {}
