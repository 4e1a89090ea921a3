"""One reading of a study, chosen once: it is a study itself, so everything after it follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quidqual.study.arguments import names_of, some_of
from quidqual.study.claims import Claim
from quidqual.study.codebook import Codebook
from quidqual.study.errors import Problem, QuidqualError
from quidqual.study.read_table import read_text_table
from quidqual.study.reading import RawStudy, read_settings, round_list
from quidqual.study.schema import fields_of
from quidqual.study.wording import joined
from quidqual.study.write_table import csv_text

if TYPE_CHECKING:
    from quidqual.study.model import Study


FOLDER = "read_from"
_PEOPLE = ("participant", "group", "role")
_TALKS = ("interview", "participant", "round", "status")
_SETTINGS = ("title", "approach", "corpus", "languages")


def whole_files(study: Study) -> dict[str, Any]:
    """Give the tables and settings of the whole study that a reading keeps, by name."""
    if study.read_from is None:
        return {}
    whole = study.read_from.raw
    named = set(_named_by(study.claims))
    people = [c for c in whole.participants if c in _PEOPLE or c in named]
    talks = [c for c in whole.interviews if c in _TALKS or c in named]
    rounds = [{"round": entry["round"]} for entry in round_list(whole.settings)]
    settings = {name: whole.settings[name] for name in _SETTINGS if name in whole.settings}
    return {
        "study.toml": {**settings, "rounds": rounds},
        "participants.csv": csv_text(whole.participants[people]),
        "interviews.csv": csv_text(whole.interviews[talks]),
    }


def _named_by(claims: tuple[Claim, ...]) -> Iterator[str]:
    """Columns by which checks choose people and interviews."""
    for claim in claims:
        for check in claim.checks:
            for key in ("who", "where"):
                if isinstance(check.get(key), Mapping):
                    yield from map(str, check[key])


def read_whole(folder: Path, problems: list[Problem]) -> RawStudy | None:
    """Read what a saved reading keeps of the whole study; None where there is nothing."""
    place = folder / FOLDER
    if not place.is_dir():
        return None
    whole = RawStudy(settings=read_settings(place, problems))
    for table in ("participants", "interviews"):
        name = f"{FOLDER}/{table}.csv"
        try:
            data = (folder / name).read_bytes()
        except OSError:
            message = "the file is missing, so whom this reading leaves out is not known."
            problems.append(Problem(name, None, "", message, "Make and save the reading anew."))
            return None
        try:
            found = read_text_table(data, file=name, columns=fields_of(table))
        except QuidqualError as error:
            problems.extend(error.problems)
            return None
        problems.extend(found.problems)
        setattr(whole, table, found.frame)
    return whole


SPEECH = ("verbatim", "paraphrase", "mixed")
Names = str | Iterable[str] | None


def chosen_reading(
    study: Study,
    *,
    coder: Names = None,
    participants: Names = None,
    rounds: Names = None,
    speech: Names = None,
    drop_patterns: Names = None,
) -> Study:
    """Give a study as it is read in one chosen way.

    Parameters
    ----------
    study : Study
    coder : str or list of str, optional
        Whose codings count. The notes that none of them has read are not part of the reading.
    participants, rounds : str or list of str, optional
        Who and which are looked at; all others are left out.
    speech : str or list of str, optional
        ``verbatim``, ``paraphrase``, ``mixed``: only codings of such words. With ``verbatim`` or
        ``mixed``, notes that hold no speech are not part of the reading.
    drop_patterns : str or list of str, optional
        Patterns of the codebook that are not used by `quidqual.tag`.

    Returns
    -------
    Study
        A study in every respect. Its title, its settings (``[reading]``), so its hash, and the mark
        that its tables carry into figures (``corpus``) name the reading. ``read_from`` is the whole
        study: the ledger asks it whom a claim is about, since a claim is not about fewer people
        because some are not looked at. A reading that is saved keeps of it who was interviewed
        when, in ``read_from/``, and of each person only what claims ask about.

    Raises
    ------
    QuidqualError
        If a name is not in the study, or nothing would be left.

    Examples
    --------
    >>> import quidqual as qq
    >>> study = qq.load_example()
    >>> without = study.reading(participants=["S1", "S2", "S4"], rounds=["R1", "R2"])
    >>> len(without.participants), without.round_order, without.hash == study.hash
    (3, ('R1', 'R2'), False)
    >>> without.title.partition(" [")[2]
    'reading: only S1, S2 and S4; only R1 and R2]'
    """
    whole = study.read_from or study
    people = _among(study.participants["participant"], participants, "participants")
    times = _among(study.round_order, rounds, "rounds")
    who = _among(study.coders, coder, "coder")
    voices = _among(SPEECH, speech, "speech")
    dropped = _patterns(study, drop_patterns)
    chosen: dict[str, Any] = {
        "coder": who,
        "participants": people,
        "rounds": times,
        "speech": voices,
        "drop_patterns": dropped,
    }
    chosen = {name: list(names) for name, names in chosen.items() if names is not None}
    if not chosen:
        return study
    raw = study.raw
    read = set(raw.notes)
    if who is not None:
        read &= study.notes_read(who)
    if voices is not None and "paraphrase" not in voices:
        said = study.segments
        read &= set(said.loc[said["speech"] != "paraphrase", "interview"])
    raw = _part(raw, people=people, rounds=times, read=read)
    if who is not None:
        raw = _by(raw, who)
    if voices is not None:
        heard = study.codings
        ids = set(heard.loc[heard["speech"].isin(voices), "id"])
        raw = _keep(raw, raw.codings["id"].isin(ids))
        # That a note was read does not hang on whether anything of this kind was coded in it.
        raw.settings["uncoded"] = "absent"
    if dropped is not None:
        raw = replace(raw, codebook=_without_patterns(raw.codebook, set(dropped)))
    before = raw.settings.get("reading") or {}
    raw.settings["reading"] = {**before, **chosen}
    words = told(
        raw.settings["reading"],
        people=whole.raw.participants["participant"],
        rounds=whole.round_order,
    )
    raw.settings["title"] = f"{whole.title} [reading: {words}]"
    made = type(study)(raw, folder=study.folder, checked=True)
    made.read_from = whole
    return made


def words_of_reading(study: Study) -> str:
    """Name the reading of a study in a few words; "" if none was chosen."""
    whole = (study.read_from or study).raw
    chosen = study.raw.settings.get("reading")
    people = whole.participants["participant"]
    rounds = [entry["round"] for entry in round_list(whole.settings)]
    return told(chosen, people=people, rounds=rounds) if isinstance(chosen, dict) else ""


def _among(known: Iterable[str], wished: Names, field: str) -> tuple[str, ...] | None:
    """Give the names in the order of the study; None where nothing was chosen."""
    if wished is None:
        return None
    everything = [str(name) for name in known]
    asked = set(some_of(wished, everything, field=field))
    return tuple(name for name in everything if name in asked)


def _patterns(study: Study, wished: Names) -> tuple[str, ...] | None:
    if wished is None:
        return None
    known = [p for code in study.codebook for each in code.patterns.values() for p in each]
    asked = names_of(wished, field="drop_patterns")
    unknown = [pattern for pattern in asked if pattern not in known]
    if unknown:
        raise QuidqualError.of(
            f"{unknown[0]!r} is not a pattern of the codebook.",
            remedy="Write it as it stands under patterns: in codebook.yaml.",
            field="drop_patterns",
        )
    return tuple(dict.fromkeys(asked))


def _part(
    raw: RawStudy,
    *,
    people: tuple[str, ...] | None,
    rounds: tuple[str, ...] | None,
    read: set[str],
) -> RawStudy:
    """Keep some people, rounds and notes."""
    times = rounds if rounds is not None else tuple(r["round"] for r in round_list(raw.settings))
    persons, talks = raw.participants, raw.interviews
    if people is not None:
        persons = persons[persons["participant"].isin(people)]
    here = talks["participant"].isin(persons["participant"]) & talks["round"].isin(times)
    talks = talks[here]
    notes = {i: t for i, t in raw.notes.items() if i in read and i in set(talks["interview"])}
    settings = dict(raw.settings)
    settings["rounds"] = [entry for entry in round_list(settings) if entry["round"] in times]
    part = replace(
        raw,
        settings=settings,
        participants=persons.reset_index(drop=True),
        interviews=talks.reset_index(drop=True),
        participant_rows=list(range(2, len(persons) + 2)),
        interview_rows=list(range(2, len(talks) + 2)),
        notes=notes,
        reads=raw.reads[raw.reads["interview"].isin(notes)].reset_index(drop=True),
    )
    return _keep(part, part.codings["interview"].isin(notes))


def _by(raw: RawStudy, coders: tuple[str, ...]) -> RawStudy:
    """Keep the codings of some coders, who have read every note that is left."""
    settings = {**raw.settings, "uncoded": "absent"}
    settings.pop("primary_coder", None)
    if len(coders) == 1:
        settings["primary_coder"] = coders[0]
    declared = settings.get("coders") or {}
    settings["coders"] = {name: about for name, about in declared.items() if name in coders}
    reads = raw.reads[raw.reads["coder"].isin(coders)].reset_index(drop=True)
    part = replace(raw, settings=settings, reads=reads)
    return _keep(part, part.codings["coder"].isin(coders))


def _keep(raw: RawStudy, rows: Any) -> RawStudy:
    places = raw.coding_places
    if places is not None:
        places = [place for place, kept in zip(places, rows, strict=True) if kept]
    return replace(raw, codings=raw.codings[rows].reset_index(drop=True), coding_places=places)


def _without_patterns(book: Codebook, dropped: set[str]) -> Codebook:
    codes = [
        replace(
            code,
            patterns={
                language: tuple(p for p in patterns if p not in dropped)
                for language, patterns in code.patterns.items()
            },
        )
        for code in book
    ]
    return Codebook(codes, constructs=book.constructs)


def told(chosen: Mapping[str, Any], *, people: Iterable[str], rounds: Iterable[str]) -> str:
    """Say in a few words what was chosen, and of people and rounds who was left out.

    Examples
    --------
    >>> told({"coder": ["B"], "rounds": ["R1", "R2"]}, people=["P1"], rounds=["R1", "R2", "R3"])
    'coder B; without R3'
    >>> told({"participants": ["P1"]}, people=["P1", "P2", "P3"], rounds=["R1"])
    'only P1'
    """
    parts = []
    for name, everything in (("coder", ()), ("participants", people), ("rounds", rounds),
                             ("speech", ()), ("drop_patterns", ())):  # fmt: skip
        kept = chosen.get(name)
        if not isinstance(kept, list | tuple) or not kept:
            continue
        several = "s" if len(kept) > 1 else ""
        said = joined(kept, limit=6)
        if name in ("participants", "rounds"):
            gone = [one for one in everything if one not in kept]
            shorter = 0 < len(gone) < len(kept)
            parts.append(f"without {joined(gone, limit=6)}" if shorter else f"only {said}")
        elif name == "drop_patterns":
            parts.append(f"without the pattern{several} {said}")
        else:
            parts.append(f"coder{several} {said}" if name == "coder" else f"{said} speech only")
    return "; ".join(parts)
