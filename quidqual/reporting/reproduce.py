"""`quidqual reproduce`: from a study folder to tables, figures, ledger and notebooks that ran."""

from __future__ import annotations

from pathlib import Path

from quidqual.examples import open_study
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.model import Study
from quidqual.study.release_gate import check_private, write_outputs

MARKER = "RESULTS.md"


def reproduce(
    study_folder: Path | None,
    *,
    out: Path | None = None,
    figures: Path | None = None,
    notebooks: Path | None = None,
) -> int:
    """Rebuild everything that is made from a study.

    Parameters
    ----------
    study_folder : Path or None
        None for the synthetic example.
    out : Path, optional
        Folder for tables, figures and notebooks: new, empty, or of an earlier run.
    figures, notebooks : Path, optional
        Folders for these alone; notebooks are run in place.

    Returns
    -------
    int
        0, or 1 if a notebook failed.

    Raises
    ------
    QuidqualError
        If there is no place to write to, or it holds other files or the study itself.
    """
    if out is None and figures is None and notebooks is None:
        raise QuidqualError.of(
            "there is no place to write to.", remedy="Give --out FOLDER.", field="--out"
        )
    _keep_out(study_folder, out)
    study = open_study(study_folder)
    for place in (out, figures, notebooks):
        if place is not None:
            check_private(place, study=study)
    if out is not None:
        _mark(study, out)
    print(study)
    for problem in study.problems.itertuples():
        print(f"warning: {problem.file}: {problem.message}")
    if out is not None:
        write_tables(study, out / "tables")
    folder = figures or (out / "figures" if out else None)
    if folder is not None:
        write_figures(study, folder)
    print_verdicts(study)
    return _notebooks(study_folder, out=out, notebooks=notebooks)


def _keep_out(study_folder: Path | None, out: Path | None) -> None:
    """Refuse to write results into the study folder: they would mix with what was collected."""
    if study_folder is None or out is None:
        return
    study, target = study_folder.resolve(), out.resolve()
    if target == study or study in target.parents:
        raise QuidqualError.of(
            "the results would be written into the study folder.",
            remedy="Choose a folder outside of it.",
            field="--out",
        )


def _mark(study: Study, out: Path) -> None:
    """Take a folder that is new, empty or held results before, and say in it what it holds."""
    marker = out / MARKER
    others = sorted(p.name for p in out.iterdir()) if out.is_dir() else []
    if others and not marker.is_file():
        raise QuidqualError.of(
            f"the folder holds other files: {listed(others, 5)}.",
            remedy="Give a new or empty folder, so that nothing is overwritten.",
            field="--out",
        )
    real = "They hold words of the notes: keep them as confidential as the notes themselves."
    invented = "The notes are synthetic: nobody said these words, and nothing here is evidence."
    told = (
        f"# Results: {study.title} ({study.corpus})\n\n"
        f"Made by `quidqual reproduce` from study {study.hash}.\n"
        "Made anew by the next run: keep nothing of your own in this folder.\n\n"
        f"{real if study.corpus == 'real' else invented}\n"
    )
    write_outputs(out, {MARKER: told}, of=study)


def write_tables(study: Study, folder: Path) -> None:
    """Write presence, prevalence, change, ledger and evidence as CSV."""
    from quidqual.analysis.change import change
    from quidqual.analysis.presence import presence
    from quidqual.analysis.prevalence import prevalence
    from quidqual.findings.ledger import ledger
    from quidqual.study.write_table import csv_text

    table = presence(study)
    frames = {"presence": table}
    if len(table):
        frames["prevalence"] = prevalence(table, by=("group", "code"))
        frames["prevalence_by_round"] = prevalence(table, by=("group", "code", "round"))
        frames["change"] = change(table)
    if study.claims:
        book = ledger(study, presence=table)
        frames["ledger"] = book.table
        frames["evidence"] = book.evidence()
    write_outputs(folder, {f"{name}.csv": csv_text(f) for name, f in frames.items()}, of=study)
    print(f"Tables: {len(frames)} in {folder}")


def write_figures(study: Study, folder: Path) -> None:
    """Draw and export every figure of the study."""
    from quidqual.publishing.export import export_figure
    from quidqual.reporting.study_figures import study_figures

    count = 0
    for item in study_figures(study):
        export_figure(item.figure, item.name, folder=folder, data=item.data, caption=item.caption)
        count += 1
    print(f"Figures: {count} in {folder}")


def print_verdicts(study: Study) -> None:
    """Print how many claims have which verdict, and the contradicted ones by name."""
    from quidqual.findings.ledger import ledger

    if not study.claims:
        return
    book = ledger(study)
    print(str(book).strip("<>"))
    for row in book.table[book.table["verdict"] == "contradicted"].itertuples():
        print(f"  {row.claim}: stated {row.stated}; computed {row.computed}. {row.why}")


def _notebooks(study_folder: Path | None, *, out: Path | None, notebooks: Path | None) -> int:
    from quidqual.reporting.notebooks import run_notebooks, shipped_notebooks

    if notebooks is not None:
        if not (
            notebooks.is_dir() and any(notebooks.iterdir())
        ):  # an installed package has no clone beside it
            notebooks.mkdir(parents=True, exist_ok=True)
            shipped = sorted(shipped_notebooks().glob("*.ipynb"))
            write_outputs(notebooks, {p.name: p.read_bytes() for p in shipped}, of="synthetic")
        source, target = notebooks, notebooks
    elif out is not None:
        source, target = shipped_notebooks(), out / "notebooks"
    else:
        return 0
    failed = run_notebooks(source, target, study=study_folder)
    for name, message in failed.items():
        print(f"failed: {name}: {message}")
    print(f"Notebooks: {len(list(target.glob('*.ipynb')))} in {target}")
    return 1 if failed else 0
