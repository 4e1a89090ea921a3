"""Adding imported notes to a study folder that is there already."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.interchange.languages import UNTOLD
from quidqual.interchange.project import Imported
from quidqual.study.errors import Problem, QuidqualError, listed
from quidqual.study.files import write_inside
from quidqual.study.save import study_files, toml_text

if TYPE_CHECKING:
    from quidqual.study.model import Study


def as_the_study_has_it(folder: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Fill in what a study says of all its notes: whether they are real, and its one language.

    Raises
    ------
    QuidqualError
        If real notes are to be mixed with synthetic ones.
    """
    from quidqual.study.model import open_study

    study = open_study(folder)
    if options.get("corpus") not in (None, study.corpus):
        raise QuidqualError.of(
            f"the study is {study.corpus}, and {options['corpus']} notes are never mixed into it.",
            remedy="Import them into a study of their own.",
            field="corpus",
        )
    given = {**options, "corpus": study.corpus}
    if given.get("language") is None and len(study.languages) == 1:
        given["language"] = study.languages[0]
    return given


def add_notes(imported: Imported, folder: Path) -> Study:
    """Add the interviews of an import to a study folder.

    A participant who is there already keeps her row; an interview that is there already is
    filled only where it has no note yet. In ``study.toml`` only what the new notes need is
    added: their language, and that notes have turns and who asks in them.

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
    rounds = _rounds(study, new)
    problems = _misfits(study, new, rounds)
    people, talks, notes = _merged(study, new, rounds, problems)
    if problems:
        raise QuidqualError(problems)
    raw = study.raw
    settings = _settings(raw.settings, new, talks)
    text = (folder / "study.toml").read_text("utf-8")
    edited = edited_toml(text, raw.settings, settings)
    made = Study.from_tables(
        title=study.title, corpus=study.corpus, approach=study.approach,
        rounds=settings["rounds"], participants=people, interviews=talks, notes=notes,
        codebook=raw.codebook, codings=raw.codings, reads=raw.reads, claims=raw.claims,
        languages=settings["languages"], settings=settings, folder=folder,
    )  # fmt: skip
    files = study_files(made)
    before = {row["note"] for row in raw.interviews.to_dict("records")}
    for name in files:
        if name.startswith("notes/") and name not in before:
            write_inside(folder, name, files[name])
    if edited != text:  # before the tables, so that no language stands there that it lacks
        write_inside(folder, "study.toml", edited)
    for name in ("participants.csv", "interviews.csv"):
        write_inside(folder, name, files[name])
    return open_study(folder)


def _rounds(study: Study, new: Study) -> dict[str, str]:
    """Find each new round among those of the study: by its name, else by its number."""
    numbers: dict[str, list[str]] = {}
    for name in study.round_order:
        for number in re.findall(r"\d+", name)[-1:]:
            numbers.setdefault(str(int(number[:9])), []).append(name)
    found = {}
    for name in new.round_order:
        number = next(iter(re.findall(r"\d+", name)[-1:]), "")
        same = numbers.get(str(int(number[:9])), []) if number else []
        found[name] = name if name in study.round_order or len(same) != 1 else same[0]
    return found


def _settings(have: dict[str, Any], new: Study, talks: list[dict[str, str]]) -> dict[str, Any]:
    """What study.toml must say for the new notes to be read as they were understood."""
    settings = {**have}
    spoken = dict.fromkeys(
        [*have.get("languages", ()), *(row.get("language", "") for row in talks)]
    )
    settings["languages"] = [language for language in spoken if language]
    wanted = new.settings.get("speech") or {}
    speech = dict(have.get("speech") or {})
    for key in ("turns", "transcripts"):
        if wanted.get(key) and key not in speech:
            speech[key] = True
    asking = dict.fromkeys([*speech.get("interviewers", ()), *wanted.get("interviewers", ())])
    if asking:
        speech["interviewers"] = list(asking)
    if speech:
        settings["speech"] = speech
    return settings


def edited_toml(text: str, have: dict[str, Any], wanted: dict[str, Any]) -> str:
    """Change only what must change in study.toml; comments and order stay.

    Raises
    ------
    QuidqualError
        If the file is written in a way in which that cannot be done safely: it then says
        what to add by hand.
    """
    if have == wanted:
        return text
    changed = text
    if have.get("languages") != wanted["languages"]:
        line = f"languages = {json.dumps(wanted['languages'], ensure_ascii=False)}"
        changed, n = re.subn(r"(?m)^languages\s*=\s*\[[^\]]*\]", lambda _: line, changed, count=1)
        changed = changed if n else f"{line}\n{changed}"
    if have.get("speech") != wanted.get("speech"):
        table = toml_text({"speech": wanted["speech"]})
        if "speech" in have:
            changed = re.sub(
                r"(?ms)^\[speech\][^\n]*\n.*?(?=^\[|\Z)", lambda _: f"{table}\n", changed
            )
        else:
            changed = f"{changed.rstrip()}\n\n{table}"
    try:
        done = tomllib.loads(changed) == wanted
    except tomllib.TOMLDecodeError:
        done = False
    if not done:
        needed = {
            key: wanted[key] for key in ("languages", "speech") if wanted.get(key) != have.get(key)
        }
        raise QuidqualError.of(
            "the new notes need other settings than the study has.",
            remedy=f"Write into it, then import again: {toml_text(needed).strip()}",
            file="study.toml",
        )
    return changed


def _misfits(study: Study, new: Study, rounds: dict[str, str]) -> list[Problem]:
    problems = []
    if len(new.raw.codings):
        message = "the import has codings, which are never mixed into those of a study."
        problems.append(Problem("codings", None, "", message, "Import it into a new folder."))
    for name in new.round_order:
        held = new.raw.interviews[new.raw.interviews["status"] == "held"]
        if rounds[name] not in study.round_order and name in set(held["round"]):
            message = f"the round {name!r} is not in study.toml."
            remedy = f"Add it there, or tell rounds so that they are: {listed(study.round_order)}."
            problems.append(Problem("study.toml", None, "rounds", message, remedy))
    return problems


def _merged(
    study: Study, new: Study, rounds: dict[str, str], problems: list[Problem]
) -> tuple[pd.DataFrame, list[dict[str, str]], dict[str, str]]:
    """Put the tables together; what is there already wins."""
    raw = study.raw
    known = set(raw.participants["participant"])
    only = {UNTOLD: study.languages[0]} if len(study.languages) == 1 else {}
    fresh = new.raw.participants[~new.raw.participants["participant"].isin(known)]
    people = pd.concat(
        [raw.participants, fresh.replace({"language": only})],
        ignore_index=True,
    ).fillna("")
    talks = {(r["participant"], r["round"]): dict(r) for r in raw.interviews.to_dict("records")}
    notes = dict(raw.notes)
    taken = set(raw.interviews["interview"])
    told = {row["language"] for row in new.raw.interviews.to_dict("records")} - {"", UNTOLD}
    for row in new.raw.interviews.to_dict("records"):
        row["round"] = rounds[row["round"]]
        key = (row["participant"], row["round"])
        if row["status"] != "held" or row["round"] not in study.round_order:
            continue
        there = talks.get(key)
        if there is not None and there["interview"] in notes:
            message = f"{key[0]!r} has a note for round {key[1]!r} already."
            problems.append(Problem("interviews.csv", None, "note", message, "Leave it out."))
            continue
        if row["language"] not in told and len(study.languages) == 1:
            row["language"] = study.languages[0]
        words = new.text(row["interview"])
        if there is None and row["interview"] in taken:
            row["interview"] = f"{key[0]}-{key[1]}"
        made = {**row, "note": ""} if there is None else {**there, "status": "held", "note": ""}
        made["language"] = row["language"]
        talks[key] = made
        notes[made["interview"]] = words
    for person in people["participant"]:
        for name in study.round_order:
            blank = {"interview": f"{person}-{name}", "participant": person, "round": name}
            talks.setdefault((person, name), {**blank, "status": "not_due"})
    return people, list(talks.values()), notes
