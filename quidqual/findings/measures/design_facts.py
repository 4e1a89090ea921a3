"""Measures of the study's design: who took part, when, how often, how long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from quidqual.findings.cases import Cases
from quidqual.findings.measures.counted_people import ASKED, in_range
from quidqual.findings.whom import (
    blank_names,
    matching,
    nobody,
    people_of,
    perhaps,
    values_of,
    wanted_of,
)
from quidqual.study.measure import Field, Known, Measure, Result, Wrong
from quidqual.study.schema import parse_date
from quidqual.study.wording import counted, joined

if TYPE_CHECKING:
    from quidqual.study.model import Study

_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


class _Counted(Measure):
    """Count rows of a table, all of them or per value of a column."""

    def wrong(self, check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
        """List figures that are none."""
        equals = check["equals"]
        if "by" in check or self.name == "per_person":
            if not isinstance(equals, Mapping) or not equals:
                yield "equals", "no value is named, so nothing is counted.", "Give {value: number}."
            elif not all(_whole(n) for n in equals.values()):
                yield "equals", "a count must be a whole number from 0.", "Mend the numbers."
        elif not _whole(equals):
            yield "equals", f"it must be a whole number from 0, not {equals!r}.", "Mend it."


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


class ParticipantsThere(_Counted):
    """Count participants that match, or all of them by a column."""

    name = "participants"
    looks_at_rounds = False
    fields: ClassVar[Mapping[str, Field]] = {
        "equals": Field("any", needed=True),
        "where": Field("people"),
        "by": Field("column"),
    }

    def run(self, check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
        """Count; those whom a reading leaves out are not known to it."""
        people = study.participants
        where = wanted_of(check, people, under="where")
        frame = matching(people, where, file="participants.csv")
        who = tuple(frame["participant"])
        blank = list(perhaps(people, where, file="participants.csv")["participant"])
        hidden = _hidden(study, "participants", where)
        if "by" not in check:
            open_ = len(hidden) + len(blank)
            found = _whole_or_open(len(frame), check["equals"], open_)
            why = _why(hidden, blank, where)
            return Result(found, str(len(frame)), who, unseen=tuple(blank), why=why)
        cells = frame[check["by"]].astype(str)
        unknown = list(frame.loc[cells == "", "participant"])
        counts = {str(key): int(n) for key, n in cells[cells != ""].value_counts().items()}
        equals = {values_of(key)[0]: n for key, n in check["equals"].items()}
        shown = [*equals, *sorted(set(counts) - set(equals))]  # what nobody stated is told too
        text = ", ".join(f"{key}: {counts.get(key, 0)}" for key in shown).replace("_", " ")
        wanted = {key: n for key, n in equals.items() if n}
        found = None if blank else _per_value(counts, wanted, len(hidden) + len(unknown))
        why = _why(hidden, [*blank, *unknown], [*where, check["by"]])
        return Result(found, text, who, unseen=tuple([*blank, *unknown]), why=why)

    def words(self, check: Mapping[str, Any], study: Study) -> tuple[str, str]:
        """Say what is counted."""
        return _count_words("Participants", check)

    def beside_others(self, check: Mapping[str, Any], study: Study, result: Result) -> str:
        """Write the counts with what they are by."""
        by = f" by {check['by'].replace('_', ' ')}" if "by" in check else " participants"
        return f"{result.computed}{by}"


class InterviewsHeld(_Counted):
    """Count the interviews held that match."""

    name = "interviews"
    fields: ClassVar[Mapping[str, Field]] = {
        "equals": Field("number", needed=True),
        "op": Field("choice", allowed=tuple(ASKED)),
        "where": Field("interviews"),
        "rounds": Field("rounds"),
    }

    def wrong(self, check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
        """List figures that are none, and comparisons that no data could fail."""
        yield from super().wrong(check, known)
        if check["equals"] == 0 and check.get("op", "eq") in ("ge", "lt"):
            message = "every count is at least 0, so this says nothing."
            yield "op", message, "Ask for what the claim states."
        most, least = len(_planned(check, known)), check["equals"]
        if most and check.get("op") in ("le", "lt") and most < least + (check["op"] == "le"):
            message = f"no data could fail {ASKED[check['op']]}{least}: {most} are in the table."
            yield "op", message, "Ask for what the claim states."

    def run(self, check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
        """Count; the interviews of a person or round left out are not known to a reading."""
        talks = _with_people(study)
        wanted = _talks_wanted(check, talks)
        frame = matching(talks, wanted, file="interviews.csv")
        hidden = _hidden(study, "interviews", wanted)
        blank = list(perhaps(talks, wanted, file="interviews.csv")["interview"])
        people = tuple(dict.fromkeys(frame["participant"]))
        most = len(frame) + len(hidden) + len(blank)
        found = in_range(check.get("op", "eq"), len(frame), most, check["equals"])
        return Result(found, _which(len(frame), check), people, why=_why(hidden, blank, wanted))

    def words(self, check: Mapping[str, Any], study: Study) -> tuple[str, str]:
        """Say what is counted."""
        told, expected = _count_words("Interviews held", check)
        return told, f"{ASKED[check.get('op', 'eq')]}{expected}"


class TimesInterviewed(_Counted):
    """Count how many participants were interviewed how many times."""

    name = "per_person"
    fields: ClassVar[Mapping[str, Field]] = {
        "equals": Field("mapping", needed=True),
        "status": Field("list"),
        "rounds": Field("rounds"),
    }

    def wrong(self, check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
        """List figures that are none."""
        yield from super().wrong(check, known)
        if not all(str(times).isdigit() for times in check["equals"]):
            yield "equals", "how many times must be a number.", "Give {times: people}, as {3: 6}."

    def run(self, check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
        """Count the interviews of each participant; never is counted where the check names 0."""
        talks = _with_people(study)
        status = {"status": check.get("status", ["held"])}
        wanted = {**_talks_wanted(check, talks), **status}
        frame = matching(talks, wanted, file="interviews.csv")
        equals = {int(times): n for times, n in check["equals"].items()}
        times = frame.groupby("participant").size()
        if 0 in equals:
            times = times.reindex(people_of(check, study), fill_value=0)
        sizes = {int(t): int(n) for t, n in times.value_counts().items()}
        text = ", ".join(f"{sizes[t]} x {t}" for t in sorted(sizes, reverse=True))
        hidden = _hidden(study, "interviews", wanted)
        holds = None if hidden else sizes == {t: n for t, n in equals.items() if n}
        return Result(holds, f"{text} = {counted(len(frame), 'interview')}", why=_why(hidden))

    def words(self, check: Mapping[str, Any], study: Study) -> tuple[str, str]:
        """Say what is counted."""
        counts = check["equals"].items()
        told = joined([f"{people} interviewed {times} times" for times, people in counts])
        return "How many participants were interviewed how many times", told


class InterviewMinutes(Measure):
    """Compare the length of the interviews."""

    name = "minutes"
    fields: ClassVar[Mapping[str, Field]] = {
        "at_least": Field("number", needed=True),
        "longest_over": Field("number", needed=True),
        "rounds": Field("rounds"),
    }

    def wrong(self, check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
        """List lengths that every interview has."""
        for field in ("at_least", "longest_over"):
            if check[field] < 1:
                yield field, "every interview lasts longer than that.", "Give minutes from 1."

    def run(self, check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
        """Compare; a length that was not noted may have been any."""
        held, hidden = _held(check, study)
        minutes = held["minutes"].dropna()
        if minutes.empty:
            return Result(None, "no lengths recorded", why="no lengths recorded")
        low, high = int(minutes.min()), int(minutes.max())
        text, unknown = f"{low} to {high}", held.loc[held["minutes"].isna(), "interview"].tolist()
        unknown += hidden
        if low < check["at_least"]:
            return Result(False, text)
        if unknown:
            return Result(None, text, why=f"no length of {joined(unknown, limit=6)} is known")
        return Result(high > check["longest_over"], text)

    def words(self, check: Mapping[str, Any], study: Study) -> tuple[str, str]:
        """Say what is compared."""
        expected = f"{check['at_least']} or more, the longest over {check['longest_over']}"
        return "Length of the interviews in minutes", expected


class InterviewDates(Measure):
    """Compare the first and the last day of interviews."""

    name = "dates"
    fields: ClassVar[Mapping[str, Field]] = {
        "first": Field("any", needed=True),
        "last": Field("any", needed=True),
        "rounds": Field("rounds"),
    }

    def wrong(self, check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
        """List what is not a year, a month or a day: the empty text begins every date."""
        named = [str(check[field]) for field in ("first", "last")]
        for field, day in zip(("first", "last"), named, strict=True):
            if not _DAY.fullmatch(day) or parse_date(day + "-01-01"[: 10 - len(day)]) is None:
                yield field, "it must be a date.", "Write 2021, 2021-05 or 2021-05-20."
                return
        first, last = named
        if first[: len(last)] > last[: len(first)]:
            yield "last", "no data could have the last day before the first.", "Swap or mend them."

    def run(self, check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
        """Compare; a day that was not noted may have been any."""
        held, hidden = _held(check, study)
        days = held["date"].dropna()
        if days.empty:
            return Result(None, "no dates recorded", why="no dates recorded")
        first, last = days.min().date().isoformat(), days.max().date().isoformat()
        text = f"{first} to {last}"
        unknown = held.loc[held["date"].isna(), "interview"].tolist()
        unknown += hidden
        begins, ends = (str(check[name]) for name in ("first", "last"))
        if first[: len(begins)] < begins or last[: len(ends)] > ends:
            return Result(False, text)
        if unknown:
            return Result(None, text, why=f"no date of {joined(unknown, limit=6)} is known")
        return Result(first.startswith(begins) and last.startswith(ends), text)

    def words(self, check: Mapping[str, Any], study: Study) -> tuple[str, str]:
        """Say what is compared."""
        return "First and last day of interviews", f"{check['first']} to {check['last']}"


class AttributeLevels(Measure):
    """Compare the values of an attribute: some of them (includes), no others (within), or both."""

    name = "levels"
    looks_at_rounds = False
    fields: ClassVar[Mapping[str, Field]] = {
        "of": Field("column", needed=True),
        "includes": Field("list"),
        "within": Field("list"),
        "who": Field("people"),
    }

    def wrong(self, check: Mapping[str, Any], known: Known) -> Iterator[Wrong]:
        """List checks that name no value."""
        for field in ("includes", "within"):
            if field in check and not check[field]:
                yield field, "no value is named, so it holds of any.", "Name one value or more."
        if "includes" not in check and "within" not in check:
            remedy = "Give includes: [values] (each occurs) or within: [values] (no other occurs)."
            yield "includes", "nothing says which values are meant.", remedy
        outside = set(map(str, check.get("includes") or ())) - set(
            map(str, check.get("within") or ())
        )
        if "within" in check and outside:
            yield "within", f"{sorted(outside)[0]!r} is included and not within.", "Mend one."
        yield from nobody(check, known)

    def run(self, check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
        """Compare; a value that was not recorded may be any."""
        people = people_of(check, study)
        frame = study.participants.set_index("participant", drop=False)[check["of"]]
        known = {person: str(frame[person]) for person in people if person in frame.index}
        unknown = [person for person in people if not known.get(person)]
        found = {value for value in known.values() if value}
        if not found:
            return Result(None, "not recorded", why=f"{check['of']} is not recorded")
        missing = set(map(str, check.get("includes") or ())) - found
        outside = found - set(map(str, check.get("within") or found))
        text = ", ".join(sorted(found))
        why = f"{check['of']} of {joined(unknown, limit=6)} is not recorded" if unknown else ""
        if outside or len(missing) > len(unknown):
            return Result(False, text, unseen=tuple(unknown), why=why)
        open_ = bool(unknown) and (bool(missing) or "within" in check)
        return Result(None if open_ else not missing, text, unseen=tuple(unknown), why=why)

    def words(self, check: Mapping[str, Any], study: Study) -> tuple[str, str]:
        """Say which values are wanted."""
        told = []
        if "includes" in check:
            told.append(f"among them {joined([str(v) for v in check['includes']])}")
        if "within" in check:
            told.append(f"none but {joined([str(v) for v in check['within']])}")
        what = f"Values of {check['of'].replace('_', ' ')} among the participants"
        return what, "; ".join(told)

    def beside_others(self, check: Mapping[str, Any], study: Study, result: Result) -> str:
        """Write the values with what they are of."""
        return f"{check['of'].replace('_', ' ')} {result.computed}"


class OwnProtocol(Measure):
    """Look for codes that the protocol raises with the claim's group only."""

    name = "protocol"
    looks_at_rounds = False

    def run(self, check: Mapping[str, Any], study: Study, cases: Cases) -> Result:
        """Count these codes."""
        own = [c.id for c in study.codebook if c.asked.groups == (check["group"],)]
        return Result(bool(own), f"{counted(len(own), 'code')} asked of {check['group']} only")

    def words(self, check: Mapping[str, Any], study: Study) -> tuple[str, str]:
        """Say what is looked for."""
        return "Codes that the protocol raises with this group only", "some"


def _planned(check: Mapping[str, Any], known: Known) -> pd.DataFrame:
    """Give the interviews of the table, held or not, that a check could count."""
    talks, people = known.interviews, known.participants
    if "status" not in talks or not {"participant", "group"} <= set(people):
        return pd.DataFrame()
    talks = talks.drop(columns=["group", "role"], errors="ignore")
    added = [c for c in ("group", "role") if c in people]
    talks = talks.merge(people[["participant", *added]], on="participant", how="left")
    own = {c: v for c, v in _talks_wanted(check, talks).items() if c in ("group", "role", "round")}
    return matching(talks, own, file="interviews.csv")


def _talks_wanted(check: Mapping[str, Any], talks: pd.DataFrame) -> dict[str, Any]:
    """Say which interviews a check looks at: held ones, of the claim's group and rounds."""
    rounds = {"round": list(check["rounds"])} if check.get("rounds") else {}
    return {"status": "held", **wanted_of(check, talks, under="where"), **rounds}


def _held(check: Mapping[str, Any], study: Study) -> tuple[pd.DataFrame, list[str]]:
    """Give the interviews held that a check looks at, and those a reading leaves out."""
    talks = _with_people(study)
    wanted = _talks_wanted(check, talks)
    return matching(talks, wanted, file="interviews.csv"), _hidden(study, "interviews", wanted)


def _with_people(study: Study) -> pd.DataFrame:
    """Give the interviews with the group and role of the participant, which a check may name."""
    talks, people = study.interviews, study.participants
    added = [c for c in ("group", "role") if c in people and c not in talks]
    return talks.merge(people[["participant", *added]], on="participant", how="left")


def _hidden(
    study: Study, table: str, wanted: Mapping[str, Any] = MappingProxyType({"status": "held"})
) -> list[str]:
    """Name the matching rows that the whole study has and this reading of it leaves out."""
    if study.read_from is None:
        return []
    if table == "participants":
        whole, here, column = study.read_from.participants, study.participants, "participant"
    else:
        whole, here, column = _with_people(study.read_from), study.interviews, "interview"
    kept = set(here[column])
    return [n for n in matching(whole, wanted, file=f"{table}.csv")[column] if n not in kept]


def _why(hidden: Sequence[str], blank: Sequence[str] = (), columns: Iterable[str] = ()) -> str:
    told = [f"this reading leaves {joined(hidden, limit=6)} out"] if hidden else []
    if blank:
        told.append(f"{blank_names(columns)} of {joined(blank, limit=6)} is not recorded")
    return "; ".join(told)


def _whole_or_open(found: int, stated: int, hidden: int) -> bool | None:
    """Compare a count of which some rows are not known."""
    if not hidden:
        return found == stated
    return None if found <= stated <= found + hidden else False


def _per_value(counts: Mapping[Any, int], wanted: Mapping[Any, int], hidden: int) -> bool | None:
    if not hidden:
        return dict(counts) == dict(wanted)
    short = {key: wanted.get(key, 0) - counts.get(key, 0) for key in {*counts, *wanted}}
    possible = all(n >= 0 for n in short.values()) and sum(short.values()) == hidden
    return None if possible else False


def _which(n: int, check: Mapping[str, Any]) -> str:
    """Write a count with what it is of, so that two of them can be told apart."""
    wanted = (check.get("where") or {}).values()
    told = [joined(v, last="or") if isinstance(v, list) else str(v) for v in wanted]
    return f"{counted(n, 'interview')} ({', '.join(told).replace('_', ' ')})" if told else str(n)


def _count_words(what: str, check: Mapping[str, Any]) -> tuple[str, str]:
    where = check.get("where") or {}
    if where:
        pairs = [f"{k}: {v}".replace("_", " ") for k, v in where.items()]
        what += f" ({', '.join(pairs)})"
    if "by" in check:
        counts = [f"{k}: {v}".replace("_", " ") for k, v in check["equals"].items()]
        return f"{what} by {check['by'].replace('_', ' ')}", ", ".join(counts)
    return what, str(check["equals"])
