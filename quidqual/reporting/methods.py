"""The methods paragraph: written from what was run, not from what was planned."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import pandas as pd

import quidqual
from quidqual.study.arguments import takes_study
from quidqual.study.wording import counted, joined

if TYPE_CHECKING:
    from quidqual.study.model import Study

APPROACHES = {
    "reflexive": "reflexive thematic analysis",
    "codebook": "codebook thematic analysis",
    "coding_reliability": "coding-reliability thematic analysis",
}
_SOURCES = {
    "hand": "passage by passage",
    "rule": "by rule",
    "model": "by accepted suggestion of a model",
}
_LIBRARIES = ("pandas", "numpy", "scipy", "matplotlib", "spacy")
_NAMES = {"alpha": "Krippendorff’s alpha", "cohen": "Cohen’s kappa", "percent": "percent agreement"}


def software(study: Study) -> dict[str, str]:
    """Give the versions of the programs that the numbers of a report come from.

    Parameters
    ----------
    study : Study
        Decides what counts: spaCy cuts the segments that agreement is measured on.

    Returns
    -------
    dict of str to str
        Name to version; quidqual first.
    """
    found = {"quidqual": quidqual.__version__, "Python": platform.python_version()}
    for name in _LIBRARIES:
        if name == "spacy" and len(study.coders) < 2:
            continue
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


@takes_study
def methods(study: Study, *, agreement: pd.DataFrame | None = None) -> str:
    """Write the methods paragraph of a report.

    Parameters
    ----------
    study : Study
    agreement : DataFrame, optional
        As ``qq.agreement.agreement(study, unit="segment", coefficients=["alpha"], pooled=True)``
        gives it; left out, nothing is said of agreement but whether it was measured.

    Returns
    -------
    str
        Plain text: the material, the coding, the definitions, agreement, and the programs
        with their versions. Nothing in it is there unless it was run.

    Examples
    --------
    >>> import quidqual as qq
    >>> methods(qq.load_example("small")).startswith("The material")
    True
    """
    parts = [
        _material(study),
        _coding(study),
        _definitions(study),
        _agreement(study, agreement),
        _claims(study),
        _programs(study),
    ]
    return " ".join(part for part in parts if part)


def _material(study: Study) -> str:
    held = study.interviews[study.interviews["status"] == "held"]
    people = study.participants["participant"].nunique()
    rounds = len(study.round_order)
    words = "synthetic (the notes are invented)" if study.corpus == "synthetic" else "real"
    dates = held["date"].dropna()
    when = ""
    if len(dates):
        when = f" between {dates.min().date().isoformat()} and {dates.max().date().isoformat()}"
    return (
        f"The material is {words}: {counted(len(study.notes), 'note')} of "
        f"{counted(len(held), 'interview')} with {counted(people, 'participant')} in "
        f"{counted(rounds, 'round')}{when}, in {joined(study.languages)}."
    )


def _coding(study: Study) -> str:
    kind = APPROACHES.get(study.approach, study.approach)
    themes = len(study.codebook.themes)
    codes = len(study.codebook.codable)
    used = study.codings["code"].nunique()
    told = (
        f"It was analysed by {kind} with a codebook of {counted(themes, 'theme')} and "
        f"{counted(codes, 'code')}, {used} of which {'was' if used == 1 else 'were'} applied."
    )
    for coder, part in study.codings.groupby("coder", sort=True):
        how = part["source"].value_counts()
        sources = joined([f"{how[s]} {_SOURCES[s]}" for s in _SOURCES if s in how.index])
        told += (
            f" Coder {coder} made {counted(len(part), 'coding')} in "
            f"{counted(part['interview'].nunique(), 'interview')} ({sources})."
        )
    machines = machine_coders(study)
    if machines:
        are = "is a machine and no person" if len(machines) == 1 else "are machines and no persons"
        told += f" {_coders_named(machines)} {are}."
    if len(study.coders) > 1:
        whose = (
            f"those of coder {study.primary_coder}"
            if study.primary_coder
            else "all coders’ codings united"
        )
        told += f" The analyses use {whose}."
    told += _reading(study)
    if len(study.lost):
        lost = counted(len(study.lost), "coding")
        told += f" {lost} whose words are no longer in the note count nowhere."
    return told


def _reading(study: Study) -> str:
    """Say which notes were read, and whether that was recorded or is supposed."""
    notes = len(study.notes)
    unread = notes - len(study.notes_read())
    supposed = len(study.notes_read()) - len(study.notes_read(uncoded="not_observed"))
    told = ""
    if unread:
        whose = f"coder {study.primary_coder}" if study.primary_coder else "any coder"
        told += f" {unread} of {counted(notes, 'note')} {'was' if unread == 1 else 'were'} "
        told += f"not read by {whose} and count{'s' if unread == 1 else ''} as not observed."
    if supposed:
        told += f" {counted(supposed, 'note')} without any coding count{'s' * (supposed == 1)} "
        told += "as read, since the study says that all were."
    return told


def machine_coders(study: Study) -> list[str]:
    """Name the coders that ``study.toml`` declares to be machines."""
    declared = study.settings.get("coders") or {}
    return [c for c in study.coders if (declared.get(c) or {}).get("kind") == "machine"]


def _coders_named(names: list[str]) -> str:
    return f"Coder{'' if len(names) == 1 else 's'} {joined(names)}"


def _definitions(study: Study) -> str:
    return (
        "A code is present for a participant in a round if at least one passage carries it, "
        "absent if its note was read, the topic asked and nothing coded, and not observed if "
        "there was no interview or no note of it, the note was not read, or the topic was neither "
        "asked nor raised; those not observed "
        "are in no denominator. Counts are k of n participants, with Wilson’s 95% interval where "
        "one is given; no significance test was made."
    )


def _agreement(study: Study, frame: pd.DataFrame | None) -> str:
    if len(study.coders) < 2:
        return "One coder coded, so agreement was not measured." if study.coders else ""
    if study.approach == "reflexive":
        return (
            "No coefficient of agreement is given: in a reflexive analysis different readings "
            "enrich the analysis and are no error to be counted."
        )
    if frame is None or frame.empty:
        return f"Agreement of coders {joined(study.coders)} is not part of this report."
    name = _NAMES.get(str(frame["coefficient"].iloc[0]), str(frame["coefficient"].iloc[0]))
    each = frame[~frame["code"].astype(str).str.startswith("(all")]
    whole = frame[frame["code"].astype(str).str.startswith("(all")]
    values = each["value"].dropna()
    told = f"Agreement of coders {joined(study.coders)} was measured by {name} on sentences"
    if len(whole):
        row = whole.iloc[0]
        told += f": {row['value']:z.2f} over all codes"
        if pd.notna(row["low"]):
            told += f" (95% bootstrap interval {row['low']:z.2f} to {row['high']:z.2f})"
    if len(values):
        low = int((values < 0.667).sum())
        told += (
            f", and by code from {values.min():z.2f} to {values.max():z.2f}, with {low} of "
            f"{len(values)} codes below .667"
        )
    undefined = len(each) - len(values)
    if undefined:
        told += f"; for {counted(undefined, 'code')} it is not defined"
    return f"{told}."


def _claims(study: Study) -> str:
    if not study.claims:
        return ""
    return (
        f"{counted(len(study.claims), 'claim')} of the report "
        f"{'was' if len(study.claims) == 1 else 'were'} checked, each by the computation that "
        "claims.yaml names for it."
    )


def _programs(study: Study) -> str:
    first, *rest = [f"{name} {number}" for name, number in software(study).items()]
    return f"All numbers were computed with {first} ({', '.join(rest)}); study {study.hash[:12]}."
