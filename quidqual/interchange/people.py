"""Who was interviewed when, told from cases, variables and the names of sources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from quidqual.interchange.languages import LANGUAGE, of_all, tell_languages
from quidqual.interchange.names import Ids, free_column, one_line, stem
from quidqual.interchange.project import Account, ForeignCase, ForeignProject, ForeignText
from quidqual.study.arguments import one_of
from quidqual.study.errors import QuidqualError, listed
from quidqual.study.wording import counted, natural_order

ROUND_NAMES = ("round", "wave", "timepoint", "time point", "runde", "welle", "tornata", "ronda")
_GROUP_NAMES = ("group", "gruppe", "gruppo", "grupo", "groupe")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})([T ].*)?")
_MOST_ROUNDS = 200
NO_GROUP = "all"
"""Group of a participant of whom no group is told."""

FILES = "files"
"""Origin of a project that was made of notes and transcripts."""

_TOLD_BY_NAMES = {"participant", "round", "date", "language"}
_APART = "\x1f"  # between a name and what tells it from an equal one
_MOST_ROWS = 500_000


@dataclass
class People:
    """Tables for `Study.from_tables`; ``interview`` has the id of each text, in order."""

    rounds: list[dict[str, str]] = field(default_factory=list)
    participants: list[dict[str, str]] = field(default_factory=list)
    interviews: list[dict[str, str]] = field(default_factory=list)
    interview: list[str] = field(default_factory=list)


@dataclass
class _Seat:
    """Where one text belongs: its person (a name), its case and its round."""

    person: str
    case: ForeignCase | None
    round: str


def arrange(
    project: ForeignProject,
    account: Account,
    *,
    rounds: str | Mapping[str, Any] | None,
    group: str | None,
    language: str | Mapping[str, str],
) -> People:
    """Give each text a participant and a round.

    Parameters
    ----------
    project : ForeignProject
    account : Account
    rounds : str, mapping or None
        Name of a variable, a pattern of source names with the groups ``participant`` and
        ``round``, or a mapping of source names to rounds. None: a variable of the sources
        that is called round or wave, else one round.
    group : str or None
        Variable that tells the group.
    language : str or mapping
        Of texts whose variables tell none; or of each participant or file, by its name.

    Returns
    -------
    People
    """
    usual = _check_group(project, group)
    seats = _seats(project, account, _round_teller(project, account, rounds))
    _separate(seats, project.texts, account)
    groups = _groups_of_sources(project, seats, group, account)
    people = People(rounds=_rounds(seats, rounds))
    ids, rows = Ids(), {}
    owners: dict[str, str] = {}
    for seat in seats:
        if seat.person not in owners:
            name = seat.person.partition(_APART)[0]
            owners[seat.person] = ids.give(name, fallback="participant")
            row = _participant(owners[seat.person], seat, group, of_all(language))
            if row["group"] == NO_GROUP:
                row["group"] = groups.get(seat.person, usual)
            rows[owners[seat.person]] = row
    _add_empty_cases(project, seats, ids, rows, account, group, of_all(language))
    people.participants = _same_columns(list(rows.values()))
    talks, names = [], Ids()
    for text, seat in zip(project.texts, seats, strict=True):
        name = names.give(stem(text.name), fallback="interview")
        people.interview.append(name)
        talks.append(_interview(name, text, owners[seat.person], seat.round, of_all(language)))
    tell_languages(people.participants, talks, language, account)
    talks += _not_due(people, rows, talks, names, account)
    people.interviews = _same_columns(talks)
    return people


def _round_teller(
    project: ForeignProject, account: Account, rounds: str | Mapping[str, Any] | None
) -> Callable[[ForeignText, ForeignCase | None], tuple[str, str]]:
    """Make the function that tells (participant, round) of a text; "" where it cannot."""
    if isinstance(rounds, Mapping):
        table = {str(name): str(value) for name, value in rounds.items()}
        return lambda text, _: ("", table.get(text.name) or table.get(stem(text.name), ""))
    variables = {v.casefold(): v for text in project.texts for v in text.variables}
    case_variables = {v.casefold(): v for case in project.cases for v in case.variables}
    if rounds is None:
        names = [name for name in ROUND_NAMES if name in variables]
        if not names or not all(t.variables.get(variables[names[0]], "") for t in project.texts):
            return lambda text, _: ("", "")
        account.taken(variables[names[0]], "Variable", "it tells the round of each source")
        rounds = names[0]
    if rounds.casefold() in variables or rounds.casefold() in case_variables:
        of_text = variables.get(rounds.casefold(), "")
        of_case = case_variables.get(rounds.casefold(), "")

        def by_variable(text: ForeignText, case: ForeignCase | None) -> tuple[str, str]:
            value = text.variables.get(of_text) or (case.variables.get(of_case) if case else "")
            return "", value or ""

        return by_variable
    pattern = _pattern(rounds)

    def by_name(text: ForeignText, case: ForeignCase | None) -> tuple[str, str]:
        match = pattern.search(stem(text.name))
        found = match.groupdict() if match else {}
        return found.get("participant") or "", found.get("round") or ""

    return by_name


def _pattern(rounds: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(rounds)
    except (re.error, RecursionError, OverflowError):
        pattern = re.compile("")
    if "round" not in pattern.groupindex:
        raise QuidqualError.of(
            f"{rounds!r} is neither a variable of the project nor a pattern with (?P<round>...).",
            remedy=r"Such as: rounds=r'(?P<participant>\w+)-(?P<round>R\d)'.",
            field="rounds",
        )
    return pattern


def _seats(
    project: ForeignProject,
    account: Account,
    tell: Callable[[ForeignText, ForeignCase | None], tuple[str, str]],
) -> list[_Seat]:
    of_text: dict[str, list[ForeignCase]] = {}
    for owner in project.cases:
        for key in dict.fromkeys(owner.texts):
            of_text.setdefault(key, []).append(owner)
    namesakes = Counter(one_line(owner.name).casefold() for owner in project.cases)
    for owner in {one_line(c.name).casefold(): c for c in reversed(project.cases)}.values():
        if (count := namesakes[one_line(owner.name).casefold()]) > 1:
            why = f"{count} cases have this name: each is a participant of its own"
            account.changed(owner.name, "Case", why)
    seats = []
    for text in project.texts:
        cases = of_text.get(text.key, [])
        if len(cases) > 1:
            names = ", ".join(case.name for case in cases[:5])
            why = f"it belongs to several cases ({names}), so it is a participant of its own"
            account.changed(text.name, "Case", why)
        case = cases[0] if len(cases) == 1 else None
        person, name = tell(text, case)
        person = one_line(person or text.variables.get("participant", ""))
        if case is not None and not person:
            person = one_line(case.name)
            if namesakes[person.casefold()] > 1:
                person += f"{_APART}{case.key}"
        seats.append(_Seat(person or stem(text.name), case, one_line(name) or "R1"))
    return seats


def _is_group(variable: str, group: str | None) -> bool:
    """Tell whether a variable is the one that tells the group."""
    name = one_line(variable).casefold()
    return name == one_line(group).casefold() if group else name in _GROUP_NAMES


def _check_group(project: ForeignProject, group: str | None) -> str:
    """Refuse a variable for the group that nothing has.

    Returns
    -------
    str
        The group itself, where files have no variables at all and it is said for all of them;
        else `NO_GROUP`.
    """
    variables = [*(c.variables for c in project.cases), *(t.variables for t in project.texts)]
    known = {one_line(name) for held in variables for name in held} - _TOLD_BY_NAMES
    if group is None or any(_is_group(name, group) for name in known):
        return NO_GROUP
    if not known and project.origin == FILES:
        return one_line(group) or NO_GROUP
    if not known:
        raise QuidqualError.of(
            f"group={group!r}: the file has no variables, so none tells the group.",
            remedy="Leave it out, and fill in the column group of participants.csv.",
            file=project.file,
            field="group",
        )
    one_of(group, natural_order(known), field="group", file=project.file)
    return NO_GROUP


def _groups_of_sources(
    project: ForeignProject, seats: list[_Seat], group: str | None, account: Account
) -> dict[str, str]:
    """Tell groups from variables of sources, as MAXQDA has them; a variable that did is used up."""
    found: dict[str, set[str]] = {}
    holders: dict[str, list[tuple[ForeignText, str]]] = {}
    for text, seat in zip(project.texts, seats, strict=True):
        for name, value in text.variables.items():
            if _is_group(name, group) and value.strip():
                found.setdefault(seat.person, set()).add(value.strip())
                holders.setdefault(seat.person, []).append((text, name))
    groups = {}
    for person, values in found.items():
        if len(values) > 1:
            why = f"its sources tell several groups ({listed(sorted(values))}): in {NO_GROUP!r}"
            account.changed(person.partition(_APART)[0], "group", f"{why}, check participants.csv")
            continue
        (groups[person],) = values
        for text, name in holders[person]:
            text.variables.pop(name, None)
    if groups:
        what = counted(len(groups), "participant")
        account.taken(what, "group", "told by a variable of the sources")
    return groups


def _separate(seats: list[_Seat], texts: list[ForeignText], account: Account) -> None:
    """Give each text a person of its own where one would have two in the same round."""
    counts = Counter((seat.person.casefold(), seat.round) for seat in seats)
    crowded = {person for (person, _), n in counts.items() if n > 1}
    told: set[str] = set()
    for seat, text in zip(seats, texts, strict=True):
        person = seat.person
        if person.casefold() not in crowded:
            continue
        if person not in told:
            told.add(person)
            why = "several of its sources are in the same round, so each is a participant; "
            named = person.partition(_APART)[0]
            account.changed(named, "Case", why + "pass rounds= if they are rounds")
        seat.person = f"{stem(text.name)}{_APART}{text.key}"


def _rounds(seats: list[_Seat], given: object) -> list[dict[str, str]]:
    names = list(dict.fromkeys(seat.round for seat in seats)) or ["R1"]
    if len(names) > _MOST_ROUNDS:
        raise QuidqualError.of(
            f"that makes {len(names)} rounds.",
            remedy="Tell rounds by something coarser.",
            field="rounds",
        )
    if not isinstance(given, Mapping):
        names = natural_order(names)
    return [{"round": name} for name in names]


def _participant(name: str, seat: _Seat, group: str | None, language: str) -> dict[str, str]:
    label = one_line(seat.person.partition(_APART)[0])
    return _person_row(name, label, seat.case, group, language)


def _person_row(
    name: str, label: str, case: ForeignCase | None, group: str | None, language: str
) -> dict[str, str]:
    row = {"participant": name, "role": "", "group": NO_GROUP, "language": language}
    variables = dict(case.variables) if case else {}
    for variable, value in variables.items():
        key, value = one_line(variable), value.strip()
        lowered = key.casefold()
        if _is_group(key, group) and value:
            row["group"] = value
        elif lowered in ("role", "ruolo", "rolle"):
            row["role"] = value
        elif lowered == "language" and LANGUAGE.fullmatch(value):
            row["language"] = value
        else:
            row[free_column(key, {*row, "corpus"})] = value
    if case is not None and one_line(case.name) != label:
        row[free_column("case", row)] = one_line(case.name)
    if label != name:
        row[free_column("name", row)] = label
    return row


def _add_empty_cases(
    project: ForeignProject,
    seats: list[_Seat],
    ids: Ids,
    rows: dict[str, dict[str, str]],
    account: Account,
    group: str | None,
    language: str,
) -> None:
    """Keep a case without a text as a participant who was not interviewed."""
    used = {id(seat.case) for seat in seats if seat.case}
    shared = Counter(key for case in project.cases for key in set(case.texts))
    for case in project.cases:
        if id(case) in used or any(shared[key] > 1 for key in case.texts):
            continue
        name = ids.give(case.name, fallback="participant")
        rows[name] = _person_row(name, one_line(case.name), case, group, language)
        account.changed(case.name, "Case", "it has no text: a participant without an interview")


def _interview(
    name: str, text: ForeignText, person: str, round_name: str, language: str
) -> dict[str, str]:
    row = {
        "interview": name, "participant": person, "round": round_name, "date": "",
        "language": language, "mode": "", "minutes": "", "status": "held", "note": "",
    }  # fmt: skip
    for variable, value in text.variables.items():
        key, value = one_line(variable), value.strip()
        lowered = key.casefold()
        day = _DATE.fullmatch(value)
        if lowered in ROUND_NAMES and one_line(value) == round_name:
            continue
        if lowered == "participant":
            continue
        if lowered == "date" and day and _is_date(day.group(1)):
            row["date"] = day.group(1)
        elif lowered == "language" and LANGUAGE.fullmatch(value):
            row["language"] = value
        elif lowered == "mode":
            row["mode"] = value
        elif lowered == "minutes" and value.isdecimal() and 1 <= int(value[:6]) <= 1440:
            row["minutes"] = value
        else:
            row[free_column(key, {*row, "corpus"})] = value
    label = one_line(text.name)
    if label != name:
        row[free_column("name", row)] = label
    return row


def _is_date(value: str) -> bool:
    from quidqual.study.schema import parse_date

    return parse_date(value) is not None


def _not_due(
    people: People,
    rows: Mapping[str, Any],
    talks: list[dict[str, str]],
    names: Ids,
    account: Account,
) -> list[dict[str, str]]:
    """Say of each participant and round without a source that no interview was due."""
    have = {(talk["participant"], talk["round"]) for talk in talks}
    if len(rows) * len(people.rounds) > _MOST_ROWS:
        raise QuidqualError.of(
            "participants and rounds make too large a table.",
            remedy="Tell rounds otherwise.",
            field="rounds",
        )
    added = [
        {
            "interview": names.give(f"{person}-{entry['round']}"),
            "participant": person,
            "round": entry["round"],
            "status": "not_due",
        }
        for person in rows
        for entry in people.rounds
        if (person, entry["round"]) not in have
    ]
    if added:
        why = "no source is of that participant and round: status not_due"
        account.changed(counted(len(added), "interview"), "interview", why)
    return added


def _same_columns(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    columns = dict.fromkeys(column for row in rows for column in row)
    return [{column: row.get(column, "") for column in columns} for row in rows]
