"""Rules that hold across the tables of a study."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any

from quidqual.study.anchor import find, places_of
from quidqual.study.check_claims import check_claims
from quidqual.study.errors import Problem, did_you_mean, listed
from quidqual.study.gate import NOTE_REMEDY, note_fault, same_on_some_disk
from quidqual.study.log import log_file
from quidqual.study.reading import RawStudy, covers_of, everyone, notes_read, round_list
from quidqual.study.schema import NO_COLUMN, check_table, parse_date
from quidqual.study.speech import (
    NoteSpeech,
    mark_name,
    note_speech,
    speech_rules,
    turns_of_researcher,
)
from quidqual.study.wording import counted, joined

_HELD_ONLY = ("date", "mode", "minutes", "note")


def check(raw: RawStudy) -> list[Problem]:
    """List everything that is wrong with the tables of a study.

    One slip is one problem: what refers to a file that cannot be used is not checked.

    Parameters
    ----------
    raw : RawStudy
        As read from a folder or built from tables.

    Returns
    -------
    list of Problem
        Errors and warnings, in the order of the study folder.
    """
    tables = (
        (raw.participants, "participants", raw.participant_rows),
        (raw.interviews, "interviews", raw.interview_rows),
    )
    problems = list(raw.found)
    for frame, name, rows in tables:
        if len(frame.columns):
            found = list(check_table(frame, name, file=f"{name}.csv", rows=rows))
            problems += found
            if any(p.level == "error" and p.message == NO_COLUMN for p in found):
                # One slip is one problem: what refers to this file is checked once it is mended.
                raw = replace(raw, unusable={*raw.unusable, f"{name}.csv"})
    if "study.toml" not in raw.unusable:
        problems += _rounds(raw)
    if {"participant", "round", "interview", "status"} <= set(raw.interviews.columns):
        problems += _each_once(_interviews(raw))
        if raw.unusable.isdisjoint(("study.toml", "participants.csv", "interviews.csv")):
            problems += _grid(raw)
        problems += _notes(raw)
    problems += _codebook(raw)
    problems += _codings(raw)
    problems += _reads(raw)
    problems += _one_file(raw)
    if not raw.unusable:
        problems += check_claims(raw)
    return problems


def _rounds(raw: RawStudy) -> Iterator[Problem]:
    seen: set[str] = set()
    spans: list[tuple[date, date, str]] = []
    for number, entry in enumerate(round_list(raw.settings), 1):
        name, place = entry["round"], f"rounds[{number}]"
        if name in seen:
            yield Problem(
                "study.toml", None, place, f"the round {name!r} stands twice.", "Keep one."
            )
        seen.add(name)
        start, end = parse_date(entry.get("start")), parse_date(entry.get("end"))
        for key, value in (("start", start), ("end", end)):
            if entry.get(key) is not None and value is None:
                message = f"{key} of round {name!r} is not a date."
                yield Problem("study.toml", None, f"{place}.{key}", message, "Write YYYY-MM-DD.")
        if start and end and end < start:
            message = f"round {name!r} ends before it starts."
            yield Problem("study.toml", None, f"{place}.end", message, "Swap or mend the dates.")
        elif start and end:
            spans.append((start, end, name))
    spans.sort()
    for (_, end, one), (start, _, other) in pairwise(spans):
        if start <= end:
            message = f"rounds {one!r} and {other!r} overlap."
            yield Problem("study.toml", None, "rounds", message, "A day belongs to one round.")
    primary = raw.settings.get("primary_coder")
    coders = everyone(raw)
    if primary and coders and primary not in coders:
        message = f"the primary coder {primary!r} has no log."
        remedy = f"Use one of: {listed(sorted(coders))}."
        yield Problem("study.toml", None, "primary_coder", message, remedy)


def _each_once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """One name that is not there is one problem, however many interviews have it."""
    told: dict[tuple[str | None, str], list[Problem]] = {}
    for problem in problems:
        told.setdefault((problem.field, problem.message), []).append(problem)
    for first, *more in told.values():
        n = len(more) + 1
        message = f"{first.message.removesuffix('.')} ({counted(n, 'interview')})."
        yield replace(first, message=message) if more else first


def _interviews(raw: RawStudy) -> Iterator[Problem]:
    people = set(raw.participants["participant"]) if "participant" in raw.participants else set()
    rounds = {entry["round"]: entry for entry in round_list(raw.settings)}
    languages = set(raw.settings.get("languages") or ())
    for row, cells in zip(raw.interview_rows, raw.interviews.to_dict("records"), strict=True):

        def wrong(field: str, message: str, remedy: str, at: int = row) -> Problem:
            return Problem("interviews.csv", at, field, message, remedy)

        known = cells["participant"] in people or "participants.csv" in raw.unusable
        if cells["participant"] and not known:
            remedy = "Add the participant to participants.csv or mend the id. "
            remedy = (remedy + did_you_mean(cells["participant"], people)).strip()
            message = f"{cells['participant']!r} is not a participant."
            yield wrong("participant", message, remedy)
        if cells["round"] and cells["round"] not in rounds and rounds:
            remedy = f"Use one of: {listed(rounds)}."
            yield wrong("round", f"{cells['round']!r} is not a round.", remedy)
        elif (day := parse_date(cells.get("date"))) is not None and rounds:
            start = parse_date(rounds.get(cells["round"], {}).get("start"))
            end = parse_date(rounds.get(cells["round"], {}).get("end"))
            if (start and day < start) or (end and day > end):
                message = f"{day} is not in round {cells['round']!r} ({start} to {end})."
                yield wrong("date", message, "Mend the date, or the round in study.toml.")
        if cells.get("language") and languages and cells["language"] not in languages:
            message = f"{cells['language']!r} is not a language of the study."
            yield wrong("language", message, f"Use one of: {listed(sorted(languages))}.")
        if cells["status"] in ("missed", "not_due"):
            for field in _HELD_ONLY:
                if cells.get(field):
                    message = f"the interview was {cells['status']}, so this must be empty."
                    yield wrong(field, message, "Empty the cell, or write the status 'held'.")


def _grid(raw: RawStudy) -> Iterator[Problem]:
    """Each participant has exactly one row a round."""
    rounds = [entry["round"] for entry in round_list(raw.settings)]
    if "participant" not in raw.participants:
        return
    yield from _alike(raw)
    seen: dict[tuple[str, str], int] = {}
    pairs = zip(raw.interviews["participant"], raw.interviews["round"], strict=True)
    for row, pair in zip(raw.interview_rows, pairs, strict=True):
        if all(pair) and pair in seen:
            message = f"{pair[0]!r} has a row for round {pair[1]!r} already (row {seen[pair]})."
            remedy = "One row a participant and round; use another round for a second interview."
            yield Problem("interviews.csv", row, "round", message, remedy)
        seen.setdefault(pair, row)
    for row, person in zip(raw.participant_rows, raw.participants["participant"], strict=True):
        missing = [name for name in rounds if person and (person, name) not in seen]
        if missing:
            message = f"{person!r} has no row in interviews.csv for: {listed(missing)}."
            remedy = "Add a row with the status held, missed or not_due."
            yield Problem("participants.csv", row, "participant", message, remedy)


def _alike(raw: RawStudy) -> Iterator[Problem]:
    """Participants whose ids look the same to a reader would be counted as two people."""
    shown: dict[str, str] = {}
    for row, person in zip(raw.participant_rows, raw.participants["participant"], strict=True):
        letters = unicodedata.normalize("NFKC", person).casefold()
        look = "".join(c for c in letters if unicodedata.category(c) not in ("Cf", "Zs"))
        other = shown.setdefault(look, person)
        if other != person:
            message = f"{person!r} and {other!r} look alike, and are two participants."
            remedy = "Mend one if they are the same person, else rename it."
            yield Problem("participants.csv", row, "participant", message, remedy, "warning")


def _notes(raw: RawStudy) -> Iterator[Problem]:
    if "note" not in raw.interviews:
        return
    taken: Counter[str] = Counter()
    unread: Counter[str] = Counter()
    talked: list[NoteSpeech] = []
    columns = ("interview", "status", "note", "language")
    blank = [""] * len(raw.interviews)
    cells = zip(*(raw.interviews.get(c, blank) for c in columns), strict=True)
    for row, (interview, status, note, language) in zip(raw.interview_rows, cells, strict=True):
        if note and (fault := note_fault(note)):
            yield Problem("interviews.csv", row, "note", f"the note {fault}.", NOTE_REMEDY)
        if status == "held" and not note:
            message = "the interview was held but has no note; its codes count as not observed."
            remedy = "Add the note when it is written."
            yield Problem("interviews.csv", row, "note", message, remedy, "warning")
        text = raw.notes.get(interview)
        if text is None or not note:
            continue
        if not text.strip():
            message = "the note is empty; its codes count as not observed."
            yield Problem(note, None, "", message, "Write the note.", "warning")
        said = note_speech(text, speech_rules(language, raw.settings))
        if said.unpaired:
            message = f"the quotation mark {text[said.unpaired[0]]} has no partner in its paragraph"
            remedy = "Close or remove it: words between two marks are the participant's own."
            row = text.count("\n", 0, said.unpaired[0]) + 1
            yield Problem(note, row, "", f"{message}; speech is not seen there.", remedy, "warning")
        taken.update(said.marks)
        unread.update(said.not_read)
        talked += [said] if said.turns is not None else []
    declared = raw.settings.get("speech") or {}
    usual = (
        {"“”"} if "marks" not in declared else {pair[0] + pair[-1] for pair in declared["marks"]}
    )
    if "dashes" in declared:
        usual |= {"–", "—"}
    if "turns" in declared or (raw.settings.get("notes") or {}).get("speaker_turns"):
        usual |= {"Name:"}
    if declared.get("transcripts"):
        usual |= {"Name:", "transcript"}
    if "study.toml" in raw.unusable:
        return
    undeclared = {kind: n for kind, n in sorted(taken.items()) if kind not in usual}
    if undeclared:
        kinds = joined([f"{mark_name(k)} ({counted(n, 'note')})" for k, n in undeclared.items()])
        message = f"a participant's own words were seen by: {kinds}."
        # Declared marks are the only ones, so those that are usual are named with them.
        paired = any(len(kind) == 2 for kind in undeclared)
        remedy = _declare(sorted(taken) if paired else undeclared)
        yield Problem("study.toml", None, "speech", message, remedy, "warning")
    if unread:
        kinds = joined(
            [f"{mark_name(k)} ({counted(n, 'note')})" for k, n in sorted(unread.items())]
        )
        both = sorted({*unread, *(kind for kind in taken if len(kind) == 2)})
        pairs = ", ".join(json.dumps(kind, ensure_ascii=False) for kind in both)
        remedy = f"If they are, write it into study.toml: [speech] marks = [{pairs}]."
        message = f"these marks are not read as a participant's own words: {kinds}."
        yield Problem("study.toml", None, "speech", message, remedy, "warning")
    yield from _interviewers(talked, declared.get("interviewers"))


def _interviewers(talked: list[NoteSpeech], declared: list[str] | None) -> Iterator[Problem]:
    """Turns of which none is known to be the researcher's, and names that nobody bears."""
    speakers = [set(said.turns.speakers) for said in talked if said.turns is not None]
    bare = sum(
        "Name:" in said.marks
        and len(names) > 1
        and not any(turns_of_researcher(name, declared or ()) for name in names)
        for said, names in zip(talked, speakers, strict=True)
    )
    if bare and declared != []:
        message = f"in {counted(bare, 'note')} no speaker is known to be the interviewer, so every "
        remedy = (
            'Say who asks: [speech] interviewers = ["Name"]; if nobody does, interviewers = [].'
        )
        message += "turn counts as a participant's own words."
        yield Problem("study.toml", None, "speech.interviewers", message, remedy, "warning")
    everybody = {name.strip().casefold() for names in speakers for name in names}
    for name in declared or ():
        if speakers and name.casefold() not in everybody:
            message = f"the interviewer {name!r} speaks in no note."
            remedy = "Write the name as it stands before the turns."
            yield Problem("study.toml", None, "speech.interviewers", message, remedy, "warning")


def _declare(kinds: Iterable[str]) -> str:
    """The line of study.toml that says that some kinds of marks are right."""
    pairs = [kind for kind in kinds if len(kind) == 2]
    lines = [f"marks = [{', '.join(json.dumps(p, ensure_ascii=False) for p in pairs)}]"] * bool(
        pairs
    )
    lines += ["dashes = true"] * bool({"–", "—"} & set(kinds))
    lines += ["turns = true"] * ("Name:" in kinds)
    return f"If that is right, write it into study.toml: [speech] {', '.join(lines)}; else what is."


def _codebook(raw: RawStudy) -> Iterator[Problem]:
    whole = raw.read_from or raw  # a reading asks of fewer, but the codebook is that of the study
    groups = set(whole.participants["group"]) if "group" in whole.participants else set()
    rounds = {entry["round"] for entry in round_list(whole.settings)}
    if any(code.patterns for code in raw.codebook):
        # The rule is the tagger's own, so it is asked by name: no room imports from its right.
        tagger = import_module("quidqual.coding.compile")
        for problem in tagger.pattern_problems(raw.codebook):
            yield replace(problem, level="warning")
    for code in raw.codebook:
        for group in code.asked.groups:
            if groups and group not in groups:
                message = f"{code.id!r} is asked of the group {group!r}, which has no participant."
                remedy = f"Use one of: {listed(sorted(groups))}."
                yield Problem("codebook.yaml", None, "asked.groups", message, remedy, "warning")
        for name in code.asked.rounds:
            if rounds and name not in rounds:
                message = f"{code.id!r} is asked in {name!r}, which is not a round."
                remedy = f"Use one of: {listed(sorted(rounds))}."
                yield Problem("codebook.yaml", None, "asked.rounds", message, remedy)


def _codings(raw: RawStudy) -> Iterator[Problem]:
    frame = raw.codings
    held = set(raw.notes)
    known = set(raw.interviews["interview"]) if "interview" in raw.interviews else set()
    seen: dict[tuple[Any, ...], int] = {}
    unknown: dict[tuple[str, str, str], list[int]] = {}
    near_code = cache(lambda name: did_you_mean(name, raw.codebook.ids))
    near_interview = cache(lambda name: did_you_mean(name, known))
    columns = ("coder", "interview", "code", "start", "end", "exact", "prefix", "suffix")
    rows = zip(*(frame[c].tolist() for c in columns), strict=True)
    for number, (coder, interview, code, start, end, exact, prefix, suffix) in enumerate(rows):
        text = raw.notes.get(interview)
        first = seen.setdefault((coder, interview, start, end, code), number)
        if first != number or not exact.strip():
            file, row = raw.coding_places[number] if raw.coding_places else ("codings", number + 1)
            message, remedy = "the coding holds no word.", "Remove it, or code a passage."
            if first != number:
                message = "this passage has this code by this coder already: it counts once."
                remedy = "Remove one of the two."
            yield Problem(file, row, "exact", message, remedy, "warning")
        fine = text is not None and 0 <= start < end and text[start:end] == exact
        if fine and code in raw.codebook and raw.codebook[code].codable:
            continue
        file, row = raw.coding_places[number] if raw.coding_places else ("codings", number + 1)
        if code not in raw.codebook:
            if "codebook.yaml" not in raw.unusable:
                unknown.setdefault((file, "code", code), []).append(row)
        elif not raw.codebook[code].codable:
            message = f"{code!r} is a heading (codable: false)."
            yield Problem(file, row, "code", message, "Use one of the codes beneath it.")
        if "interviews.csv" in raw.unusable:
            continue
        if interview not in known:
            unknown.setdefault((file, "interview", interview), []).append(row)
        elif interview not in held:
            message = f"the interview {interview!r} has no note, so nothing in it can be coded."
            yield Problem(file, row, "interview", message, "Add the note or remove the coding.")
        elif not fine and text is not None:
            yield from _edited(file, row, text, (exact, start, end, prefix, suffix))
    for (file, field, name), at in unknown.items():  # one name that is not there is one problem
        more = f" ({counted(len(at), 'coding')})" if len(at) > 1 else ""
        if field == "code":
            message = f"{name!r} is not a code of the codebook{more}."
            remedy = f"Add the code or mend the coding. {near_code(name)}"
        else:
            message = f"{name!r} is not an interview{more}."
            remedy = f"Mend the id. {near_interview(name)}"
        yield Problem(file, min(at), field, message, remedy.strip())


def _reads(raw: RawStudy) -> Iterator[Problem]:
    """Read marks name interviews that are there; notes that nobody has read are counted."""
    known = set(raw.interviews["interview"]) if "interview" in raw.interviews else set()
    if "interviews.csv" in raw.unusable:
        return
    for coder, interview in raw.reads[["coder", "interview"]].itertuples(index=False):
        if interview not in known:
            message = f"{coder!r} has read {interview!r}, which is not an interview."
            yield Problem(log_file(coder), None, "interview", message, "Mend the id.")
    for coder, covers in covers_of(raw.settings).items():
        for name in covers:
            if name not in (known | {"all"}):
                message = f"{coder!r} covers {name!r}, which is not an interview."
                where = f"coders.{coder}.covers"
                yield Problem("study.toml", None, where, message, "Mend the id.", "warning")
    unread = len(set(raw.notes) - notes_read(raw))
    if unread:
        primary = raw.settings.get("primary_coder")
        who = f"the primary coder {primary!r} has not" if primary else "nobody has"
        message = f"{who} read {unread} of {len(raw.notes)} notes; their codes count "
        remedy = 'Code them or mark them as read; if all were read, write uncoded = "absent".'
        yield Problem(
            "study.toml", None, "uncoded", f"{message}as not observed.", remedy, "warning"
        )


def _one_file(raw: RawStudy) -> Iterator[Problem]:
    """Names that differ only in capitals: copied to some disks, one file replaces the other."""
    coders = sorted({*raw.codings["coder"], *raw.reads["coder"]})
    notes = raw.interviews["note"].tolist() if "note" in raw.interviews else []
    for file, names in (("codings", coders), ("interviews.csv", [n for n in notes if n])):
        for name, other in same_on_some_disk(names):
            message = f"{name!r} and {other!r} are one file on some disks."
            yield Problem(file, None, "", message, "Rename one of them.", "warning")


def _edited(
    file: str, row: int, text: str, selector: tuple[str, int, int, str, str]
) -> Iterator[Problem]:
    """Report a coding whose offsets do not lead to its words; the words decide."""
    exact, start, end, _, _ = selector
    anchor = find(text, *selector)
    if anchor.status == "exact":  # a line end where a blank was
        return
    if anchor.status == "moved":
        now = f"at {anchor.start} to {anchor.end}"
        message = f"the words do not stand at {start} to {end}, but {now}."
        yield Problem(file, row, "start", message, "Run: quidqual reanchor FOLDER", "warning")
        return
    if not 0 <= start < end:
        message = "end must be greater than start, and start not negative."
        yield Problem(file, row, "end", message, "Mend the offsets.")
        return
    times = len(places_of(text, exact))
    if times > 1:
        message = f"the words of this coding stand {times} times in the note, and not at {start}: "
        message += "which are meant cannot be told, so it is lost and left out."
    else:
        message = "the words of this coding are not in the note: it is lost and left out."
    yield Problem(file, row, "exact", message, "Code the passage again.", "warning")
