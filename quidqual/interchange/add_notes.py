"""Adding imported notes to a study folder that is there already."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.interchange.project import Imported
from quidqual.study.errors import Problem, QuidqualError, listed
from quidqual.study.files import write_atomic
from quidqual.study.save import study_files

if TYPE_CHECKING:
    from quidqual.study.model import Study


def add_notes(imported: Imported, folder: Path) -> Study:
    """Add the interviews of an import to a study folder.

    A participant who is there already keeps her row; an interview that is there already is
    filled only where it has no note yet. ``study.toml`` is never rewritten, so rounds and
    languages must be in it.

    Parameters
    ----------
    imported : Imported
        Without codings: codings are never mixed into those of a study.
    folder : Path

    Returns
    -------
    Study
        The study with its new notes.

    Raises
    ------
    QuidqualError
        With everything that does not fit; nothing is written then.
    """
    from quidqual.study.model import Study, open_study

    study = open_study(folder)
    new = imported.study
    problems = _misfits(study, new)
    people, talks, notes = _merged(study, new, problems)
    if problems:
        raise QuidqualError(problems)
    raw = study.raw
    settings = {k: v for k, v in raw.settings.items() if k not in ("title", "corpus", "approach")}
    made = Study.from_tables(
        title=study.title, corpus=study.corpus, approach=study.approach,
        rounds=raw.settings["rounds"], participants=people, interviews=talks, notes=notes,
        codebook=raw.codebook, codings=raw.codings, claims=raw.claims,
        languages=study.languages, settings=settings, folder=folder,
    )  # fmt: skip
    files = study_files(made)
    before = {row["note"] for row in raw.interviews.to_dict("records")}
    for name in files:
        if name.startswith("notes/") and name not in before:
            write_atomic(folder / name, files[name])
    for name in ("participants.csv", "interviews.csv"):
        write_atomic(folder / name, files[name])
    return open_study(folder)


def _misfits(study: Study, new: Study) -> list[Problem]:
    problems = []
    if len(new.raw.codings):
        message = "the import has codings, which are never mixed into those of a study."
        problems.append(Problem("codings", None, "", message, "Import it into a new folder."))
    for name in new.round_order:
        held = new.raw.interviews[new.raw.interviews["status"] == "held"]
        if name not in study.round_order and name in set(held["round"]):
            message = f"the round {name!r} is not in study.toml."
            remedy = f"Add it there, or tell rounds so that they are: {listed(study.round_order)}."
            problems.append(Problem("study.toml", None, "rounds", message, remedy))
    return problems


def _merged(
    study: Study, new: Study, problems: list[Problem]
) -> tuple[pd.DataFrame, list[dict[str, str]], dict[str, str]]:
    """Put the tables together; what is there already wins."""
    raw = study.raw
    known = set(raw.participants["participant"])
    fresh = new.raw.participants[~new.raw.participants["participant"].isin(known)]
    people = pd.concat([raw.participants, fresh], ignore_index=True).fillna("")
    talks = {(r["participant"], r["round"]): dict(r) for r in raw.interviews.to_dict("records")}
    notes = dict(raw.notes)
    taken = set(raw.interviews["interview"])
    languages = set(study.languages)
    for row in new.raw.interviews.to_dict("records"):
        key = (row["participant"], row["round"])
        if row["status"] != "held" or row["round"] not in study.round_order:
            continue
        there = talks.get(key)
        if there is not None and there["interview"] in notes:
            message = f"{key[0]!r} has a note for round {key[1]!r} already."
            problems.append(Problem("interviews.csv", None, "note", message, "Leave it out."))
            continue
        if row["language"] not in languages:
            row["language"] = study.languages[0]
        words = new.text(row["interview"])
        if there is None and row["interview"] in taken:
            row["interview"] = f"{key[0]}-{key[1]}"
        made = {**row, "note": ""} if there is None else {**there, "status": "held", "note": ""}
        talks[key] = made
        notes[made["interview"]] = words
    for person in people["participant"]:
        for name in study.round_order:
            blank = {"interview": f"{person}-{name}", "participant": person, "round": name}
            talks.setdefault((person, name), {**blank, "status": "not_due"})
    return people, list(talks.values()), notes
