"""Answers to items of reporting checklists that the tables of a study can give.

Each answer is a sentence and the place it comes from; an empty sentence where the study
holds nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from quidqual.reporting.methods import APPROACHES, machine_coders, software

if TYPE_CHECKING:
    from quidqual.study.model import Study

Answer = tuple[str, str]
_NOTHING: Answer = ("", "")


def _n(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _counts(values: list[str], names: dict[str, str] | None = None) -> str:
    """Count values in the order in which they first stand."""
    order = dict.fromkeys(values)
    told = [f"{values.count(v)} {(names or {}).get(v, v.replace('_', ' '))}" for v in order if v]
    blank = sum(not value for value in values)
    return ", ".join([*told, *([f"{blank} not recorded"] if told and blank else [])])


def _approach(study: Study) -> Answer:
    kind = APPROACHES.get(study.approach, study.approach)
    return f"{kind[0].upper()}{kind[1:]}.", "study.toml, approach"


def _sample_size(study: Study) -> Answer:
    groups = _counts(study.participants["group"].tolist(), study.settings.get("groups"))
    return f"{_n(len(study.participants), 'participant')}: {groups}.", "participants.csv"


def _sample(study: Study) -> Answer:
    roles = _counts([str(v) for v in study.participants["role"]])
    languages = _counts([str(v) for v in study.participants["language"]])
    told = f"Roles: {roles}. " if roles else ""
    told += f"Languages: {languages}. " if languages else ""
    fixed = {"participant", "role", "group", "language", "corpus"}
    extra = [c.replace("_", " ") for c in study.participants.columns if c not in fixed]
    if extra:
        told += f"Also recorded: {', '.join(extra)}."
    return told.strip(), "participants.csv"


def _missed(study: Study) -> Answer:
    missed = study.interviews[study.interviews["status"] == "missed"]
    if missed.empty:
        return "No arranged interview was missed.", "interviews.csv"
    names = ", ".join(missed["interview"])
    return f"{_n(len(missed), 'arranged interview')} missed ({names}).", "interviews.csv"


def _held(study: Study) -> list[int]:
    held = study.interviews[study.interviews["status"] == "held"]
    return [int(n) for n in held.groupby("participant").size()]


def _modes(study: Study) -> Answer:
    held = study.interviews[study.interviews["status"] == "held"]
    modes = _counts([str(mode) for mode in held["mode"]])
    return (f"Interviews: {modes}.", "interviews.csv") if modes else _NOTHING


def _repeats(study: Study) -> Answer:
    sizes = _held(study)
    if not sizes:
        return _NOTHING
    told = [
        f"{_n(sizes.count(t), 'participant')} {({1: 'once', 2: 'twice'}).get(t, f'{t} times')}"
        for t in sorted(set(sizes), reverse=True)
    ]
    never = len(study.participants) - len(sizes)
    told += [f"{_n(never, 'participant')} never"] if never else []
    rounds = _n(len(study.round_order), "round")
    return f"{rounds}, {_n(sum(sizes), 'interview')}: {', '.join(told)}.", "interviews.csv"


def _duration(study: Study) -> Answer:
    minutes = study.interviews["minutes"].dropna()
    if minutes.empty:
        return _NOTHING
    low, middle, high = int(minutes.min()), float(minutes.median()), int(minutes.max())
    held = int((study.interviews["status"] == "held").sum())
    of = f" ({len(minutes)} of {_n(held, 'interview')} with a length noted)"
    noted = of if len(minutes) < held else ""
    return f"{low} to {high} minutes, median {middle:g}{noted}.", "interviews.csv"


def _notes(study: Study) -> Answer:
    if study.notes.empty:
        return _NOTHING
    words = "synthetic, " if study.corpus == "synthetic" else ""
    held = int((study.interviews["status"] == "held").sum())
    bare = held - len(study.notes)
    each = f"{_n(bare, 'interview')} held without one" if bare else "one an interview held"
    return f"{_n(len(study.notes), 'note')} ({words}{each}).", "notes/"


def _protocol(study: Study) -> Answer:
    limited = [code for code in study.codebook if code.asked.groups or code.asked.rounds]
    if not limited:
        return _NOTHING
    groups = sorted({group for code in limited for group in code.asked.groups})
    rounds = [r for r in study.round_order if any(r in code.asked.rounds for code in limited)]
    where = [
        f"{word} ({', '.join(v)})" for word, v in (("groups", groups), ("rounds", rounds)) if v
    ]
    told = f"The codebook says of {_n(len(limited), 'code')} where it was asked: in some "
    told = told if len(limited) == 1 else told.replace("it was", "they were")
    return f"{told}{' and '.join(where)} only.", "codebook.yaml, asked"


def _coders(study: Study) -> Answer:
    if not study.coders:
        return _NOTHING
    told = [
        f"{coder}: {_n(len(part), 'coding')} in {_n(part['interview'].nunique(), 'interview')}"
        for coder in study.coders
        for part in [study.codings[study.codings["coder"] == coder]]
    ]
    answer = f"{_n(len(study.coders), 'coder')} ({'; '.join(told)})."
    machines = machine_coders(study)
    if machines:
        answer += f" Machines, not persons: {', '.join(machines)}."
    return answer, "codings/"


def _codebook(study: Study) -> Answer:
    if not len(study.codebook):
        return _NOTHING
    themes, codes = len(study.codebook.themes), len(study.codebook.codable)
    told = f"{_n(themes, 'theme')} and {_n(codes, 'code')}, each with its definition"
    missing = sum(not study.codebook[code].definition for code in study.codebook.codable)
    if missing:
        told = f"{_n(themes, 'theme')} and {_n(codes, 'code')}, {missing} without a definition"
    return f"{told}.", "codebook.yaml"


def _derivation(study: Study) -> Answer:
    sources = [code.source for code in study.codebook if code.codable and code.source]
    if not sources:
        return _NOTHING
    return f"Origin of the codes: {_counts(sorted(sources))}.", "codebook.yaml, source"


def _software(study: Study) -> Answer:
    told = ", ".join(f"{name} {version}" for name, version in software(study).items())
    return f"{told}.", "the programs themselves"


def _quotations(study: Study) -> Answer:
    codings = study.codings
    if study.primary_coder is not None:
        codings = codings[codings["coder"] == study.primary_coder]
    if codings.empty:
        return _NOTHING
    spoken = codings[codings["speech"] != "paraphrase"]
    return (
        f"{_n(len(codings), 'coded passage')}, {len(spoken)} of them with words spoken by "
        f"{_n(spoken['participant'].nunique(), 'participant')}; each names participant and round.",
        "codings/, report: findings",
    )


def _consistency(study: Study, ledger: pd.DataFrame) -> Answer:
    if ledger.empty:
        return _NOTHING
    counts = ledger["verdict"].value_counts()
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in sorted(counts.index))
    return f"{_n(len(study.claims), 'claim')} checked: {told}.", "claims.yaml, ledger"


def _themes(study: Study) -> Answer:
    names = [study.codebook[theme].name() for theme in study.codebook.themes]
    return (f"{len(names)}: {'; '.join(names)}.", "codebook.yaml") if names else _NOTHING


def _counter(study: Study, ledger: pd.DataFrame) -> Answer:
    if ledger.empty:
        return _NOTHING
    against = int((ledger["n_against"] > 0).sum())
    return (
        f"Passages that speak against are shown for {against} of "
        f"{_n(len(study.claims), 'finding')}, with the participants who do not carry each.",
        "claims.yaml, ledger",
    )


def _title(study: Study) -> Answer:
    return study.title, "study.toml, title"


def _description(study: Study) -> Answer:
    return str(study.settings.get("description") or ""), "study.toml, description"


def _collection(study: Study) -> Answer:
    held = study.interviews[study.interviews["status"] == "held"]
    dates = held["date"].dropna()
    told = f"{_n(len(held), 'interview')} in {_n(len(study.round_order), 'round')}"
    if len(dates):
        told += f", {dates.min().date().isoformat()} to {dates.max().date().isoformat()}"
    return f"{told}; {_modes(study)[0][12:] or 'mode not recorded.'}", "interviews.csv"


def _units(study: Study) -> Answer:
    held = int((study.interviews["status"] == "held").sum())
    told = f"{_n(len(study.participants), 'participant')}, {_n(held, 'interview')}, "
    return f"{told}{_n(len(study.notes), 'note')}.", "participants.csv, interviews.csv, notes/"


def _processing(study: Study) -> Answer:
    return (
        "Notes are plain text; each coding keeps its place and words in a log that is only "
        "added to.",
        "study folder",
    )


def _analysis(study: Study) -> Answer:
    kind, coders = APPROACHES.get(study.approach, study.approach), _coders(study)[0]
    return f"{kind[0].upper()}{kind[1:]}. {coders}".strip(), "report: methods"


def _trust(study: Study) -> Answer:
    if study.approach == "reflexive":
        return (
            "No coefficient of agreement: a reflexive analysis does not test one reading against "
            "another. Every number leads back to its passages.",
            "report: methods",
        )
    told = "Every number leads back to its passages"
    if study.claims:
        told += "; passages against findings are shown"
    if len(study.coders) > 1:
        told += f"; {len(study.coders)} coders coded, and the report says whether they agree"
    return f"{told}.", "report: methods, findings"


def _saturation(study: Study) -> Answer:
    if study.codings.empty:
        return _NOTHING
    from quidqual.sample_size.saturation import saturation

    return saturation(study).statement, "quidqual.saturation, by participant"


def _no_agreement(study: Study) -> Answer:
    return _NOTHING


def _counting(study: Study) -> Answer:
    return (
        "Counts are k of n participants observed; those not observed are in no denominator, and "
        "no percentage is given below ten.",
        "report: methods",
    )


def _limits(study: Study) -> Answer:
    return "Those that the data tell are listed in the report.", "report: limits"


ANSWERS: dict[str, Callable[[Study], Answer]] = {
    "approach": _approach,
    "sample_size": _sample_size,
    "sample": _sample,
    "missed": _missed,
    "modes": _modes,
    "repeats": _repeats,
    "duration": _duration,
    "notes": _notes,
    "protocol": _protocol,
    "coders": _coders,
    "codebook": _codebook,
    "derivation": _derivation,
    "software": _software,
    "quotations": _quotations,
    "themes": _themes,
    "title": _title,
    "description": _description,
    "collection": _collection,
    "units": _units,
    "processing": _processing,
    "analysis": _analysis,
    "trust": _trust,
    "saturation": _saturation,
    "no_agreement": _no_agreement,
    "counting": _counting,
    "limits": _limits,
}

FROM_LEDGER: dict[str, Callable[[Study, pd.DataFrame], Answer]] = {
    "consistency": _consistency,
    "counter": _counter,
}
