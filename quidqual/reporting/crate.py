"""Export of a study and its results as an RO-Crate: data package, figures, notebooks, checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quidqual.examples import load_example
from quidqual.reporting.content import Content
from quidqual.reporting.crate_contents import chosen_of, contents_frame, package_of
from quidqual.reporting.crate_metadata import Facts, metadata
from quidqual.reporting.crate_tables import (
    package,
    result_tables,
    study_part,
    without_details,
)
from quidqual.reporting.methods import software
from quidqual.reporting.page import page
from quidqual.reporting.study_figures import study_figures
from quidqual.reporting.write import what_is_shown
from quidqual.study.arguments import takes_study
from quidqual.study.errors import QuidqualError
from quidqual.study.files import as_path
from quidqual.study.release_gate import write_outputs
from quidqual.study.write_table import csv_text

if TYPE_CHECKING:
    import pandas as pd

    from quidqual.study.model import Study

CHECKSUMS = "manifest-sha256.txt"
_PACKAGE = Path(__file__).resolve().parents[1]


@takes_study
def export_crate(
    study: Study,
    folder: str | Path,
    *,
    include_notes: bool | None = None,
    details: bool | None = None,
    notebooks: str | Path | None = None,
    agreement: pd.DataFrame | None = None,
    contents: pd.DataFrame | Iterable[str] | None = None,
) -> Path:
    """Write a study, what was computed from it and how, as one folder that can be archived.

    Parameters
    ----------
    study : Study
    folder : str or Path
        New or empty, or holding the same export.
    include_notes : bool, optional
        Whether notes and words of notes are part of it. By default only those of a synthetic
        study are. Without them there are no notes, no words or memos of codings, no examples
        of codes, no attributes of participants but role, group and language, and no quotes
        in the report.
    details : bool, optional
        Whether memos, dates, times of codings, who interviewed where, and all other settings and
        columns of the study are part of it. By default only those of a synthetic study are.
    notebooks : str or Path, optional
        Folder of the notebooks that were run on this study, such as ``notebooks`` in what
        ``quidqual reproduce --out`` made. For the example they are those of the project; of
        another study there are none by default, since those show the example. Where words
        are left out, so is what the notebooks printed.
    agreement : DataFrame, optional
        Agreement of the coders for the report, as ``qq.agreement.agreement`` gives it.
    contents : DataFrame or list of str, optional
        The files that may be in it: rows of :func:`crate_contents`, or names. Nothing else is
        written but the descriptions. Left out: all that the options ask for.

    Returns
    -------
    Path
        The folder: ``ro-crate-metadata.json`` (RO-Crate 1.1), ``datapackage.json`` (Frictionless),
        ``study/``, ``tables/``, ``figures/``, ``notebooks/``, ``report.html``, ``README.md`` and
        ``manifest-sha256.txt`` (checked by ``sha256sum -c``). The same study gives the same bytes.

    Raises
    ------
    QuidqualError
        If the folder holds other files (what an interrupted export left is no other file),
        ``contents`` names a file that would not be there, or the release check blocks it.

    Notes
    -----
    The date of publication is that of the last interview or coding (its year only, without
    ``details``), since no clock is read; change it on deposit. The licence is
    ``license`` of ``study.toml``.

    References
    ----------
    RO-Crate 1.1, https://w3id.org/ro/crate/1.1; Data Package, https://datapackage.org.
    """
    check_free(as_path(folder))  # before the work, which takes its time
    crate = planned(
        study,
        include_notes=include_notes,
        details=details,
        notebooks=notebooks,
        agreement=agreement,
    )
    return crate.write(folder, contents)


@takes_study
def crate_contents(
    study: Study,
    *,
    include_notes: bool | None = None,
    details: bool | None = None,
    notebooks: str | Path | None = None,
) -> pd.DataFrame:
    """List what `export_crate` would write with these options, and write nothing.

    Parameters
    ----------
    study, include_notes, details, notebooks
        As for :func:`export_crate`.

    Returns
    -------
    DataFrame
        One row a file: ``file``, ``holds`` (what of the study is in it), ``bytes``. Give the
        rows that you want to ``export_crate(..., contents=)``; the descriptions
        (``README.md``, checksums, metadata) are made of what is left.

    Examples
    --------
    >>> import quidqual as qq
    >>> listed = crate_contents(qq.load_example("small"), include_notes=False)
    >>> listed.loc[listed["file"].str.startswith("study/"), ["file", "holds"]].values.tolist()[0]
    ['study/codebook.yaml', 'the codebook']
    """
    crate = planned(study, include_notes=include_notes, details=details, notebooks=notebooks)
    return contents_frame(crate.files)


@dataclass(frozen=True)
class Crate:
    """A crate that was made, and not written yet: it can be looked at and cut down."""

    study: Study
    facts: Facts
    files: Mapping[str, bytes]

    def write(self, folder: str | Path, contents: object = None) -> Path:
        """Write it, or what of it is asked for, with the descriptions of what is there."""
        target = as_path(folder)
        files = chosen_of(self.files, contents)
        files["datapackage.json"] = package_of(self.files["datapackage.json"], files)
        files["README.md"] = self.facts.readme(files).encode()
        files["ro-crate-metadata.json"] = metadata(self.facts, files).encode()
        files[CHECKSUMS] = _checksums(files).encode()
        check_free(target)
        _check_same(target, files)
        # The list of all files first: by it an export that was interrupted is known again.
        write_outputs(target, {CHECKSUMS: files.pop(CHECKSUMS), **files}, of=self.study)
        return target


def planned(
    study: Study,
    *,
    include_notes: bool | None = None,
    details: bool | None = None,
    notebooks: str | Path | None = None,
    agreement: pd.DataFrame | None = None,
) -> Crate:
    """Make a crate without writing it; the options are those of `export_crate`."""
    words = what_is_shown(study, include_notes=include_notes, quotes=None).notes
    details = study.corpus == "synthetic" if details is None else details
    shared = study if details else without_details(study)
    files = _contents(shared, words=words, notebooks=notebooks, agreement=agreement)
    facts = Facts.of(study, words=words, details=details, software=software(study))
    return Crate(study, facts, files)


def _contents(
    study: Study,
    *,
    words: bool,
    notebooks: str | Path | None,
    agreement: pd.DataFrame | None = None,
) -> dict[str, bytes]:
    tables = result_tables(study, words=words)
    files = {name: text.encode() for name, text in study_part(study, words=words).items()}
    files.update({f"tables/{name}.csv": csv_text(t).encode() for name, t in tables.items()})
    files["datapackage.json"] = package(study, tables, words=words).encode()
    shown = what_is_shown(study, include_notes=words, quotes=None if words else 0)
    content = Content(study, shown=shown, report_text=None, agreement=agreement)
    files["report.html"] = page(content).encode()
    files.update(_figures(study))
    files.update(_notebooks(study, notebooks, words=words))
    return dict(sorted(files.items()))


def _figures(study: Study) -> dict[str, bytes]:
    from quidqual.publishing.export import bundle

    files: dict[str, bytes] = {}
    for figure in study_figures(study):
        made, _ = bundle(
            figure.figure,
            figure.name,
            data=figure.data,
            caption=figure.caption,
            provenance={"study": study.hash},
        )
        for name, data in made.items():
            files[f"figures/{name}"] = data.encode() if isinstance(data, str) else data
    return files


def _notebooks(study: Study, folder: str | Path | None, *, words: bool) -> dict[str, bytes]:
    if folder is not None and not Path(folder).is_dir():
        raise QuidqualError.of(
            "the folder of the notebooks is not there.", remedy="Check the path.", field="notebooks"
        )
    if folder is None:
        if study.hash != load_example().hash:
            return {}
        shipped = _PACKAGE / "notebooks"
        folder = shipped if shipped.is_dir() else _PACKAGE.parent / "notebooks"
    books = {f"notebooks/{p.name}": p.read_bytes() for p in sorted(Path(folder).glob("*.ipynb"))}
    return books if words else {name: _unprinted(name, data) for name, data in books.items()}


def _unprinted(name: str, data: bytes) -> bytes:
    """Take out of a notebook what its cells printed, which may be words of notes."""
    try:
        book = json.loads(data)
        for cell in book["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        book.get("metadata", {}).pop("widgets", None)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise QuidqualError.of(
            "this is no notebook, so it cannot be told what it prints.",
            remedy="Leave it out of the folder, or mend it.",
            file=name,
        ) from None
    return (json.dumps(book, indent=1, ensure_ascii=False) + "\n").encode()


def _checksums(files: dict[str, bytes]) -> str:
    """Write one line a file as sha256sum does."""
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in sorted(files.items())]
    return "\n".join(lines) + "\n"


def check_free(target: Path) -> None:
    """Refuse a folder that holds anything but an earlier export."""
    if target.exists() and not target.is_dir():
        raise QuidqualError.of(
            f"{target.name!r} is a file.", remedy="Name a folder.", field="folder"
        )
    there = _files(target)
    known = {CHECKSUMS}
    if CHECKSUMS in there:
        lines = there[CHECKSUMS].read_text("utf-8", errors="replace").splitlines()
        known |= {line.partition("  ")[2] for line in lines}
    _refuse([name for name in there if name not in known])


def _check_same(target: Path, files: dict[str, bytes]) -> None:
    """Refuse an earlier export of another state, which would be overwritten."""
    there = _files(target)
    _refuse([n for n, p in there.items() if n not in files or p.read_bytes() != files[n]])


def _files(target: Path) -> dict[str, Path]:
    # A hidden file beside another is what a killed process had begun to write.
    found = sorted(p for p in target.rglob("*") if p.is_file() and not p.name.startswith("."))
    return {p.relative_to(target).as_posix(): p for p in found}


def _refuse(other: list[str]) -> None:
    if other:
        shown = ", ".join(other[:5]) + (" ..." if len(other) > 5 else "")
        raise QuidqualError.of(
            f"the folder holds other content: {shown}.",
            remedy="Export into a new folder, so that nothing is overwritten.",
            field="folder",
        )
