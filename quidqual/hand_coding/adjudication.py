"""Two coders side by side: where they part, and decisions that make a third, logged set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from quidqual.hand_coding.carried import read_records
from quidqual.hand_coding.log_state import read_line
from quidqual.study.arguments import must_be_text
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    from quidqual.hand_coding.session import CodingSession

KINDS = ("same", "other bounds", "other code", "missed")
TAKES = ("first", "second", "both", "neither")
_COLUMNS = ["case", "interview", "kind", "start", "end", "first_code", "first_start", "first_end",
            "first_id", "second_code", "second_start", "second_end", "second_id", "decided",
            "reason"]  # fmt: skip


def compare_coders(
    session: CodingSession, first: str, second: str, *, interview: str | None = None
) -> pd.DataFrame:
    """List what two coders agree on and where they part, with what was decided so far.

    Passages are paired one to one: same code and bounds first, then same code with other
    bounds (the greatest overlap first), then another code at an overlapping place. What is
    left was missed by the other coder.

    Parameters
    ----------
    session : CodingSession
        In the name of the third set, such as ``coder="agreed"``; not blind.
    first, second : str
        The two coders.
    interview : str, optional
        Only this note; default: all notes that both have read or coded.

    Returns
    -------
    DataFrame
        One row a passage or pair, in the order of the notes: ``case`` (str, its name),
        ``interview``, ``kind`` (same, other bounds, other code, missed), ``start, end``
        (int, around both), ``first_code, first_id, second_code, second_id`` (str, "" where
        missed), ``first_start, first_end, second_start, second_end`` (Int64), ``decided``
        (first, second, both, neither or ""), ``reason``.

    Raises
    ------
    QuidqualError
        If the session is blind, or a coder has no log.
    """
    if session.blind:
        raise QuidqualError.of(
            "a blind session shows no codings of others.",
            remedy="Open one without blind=True, once the independent coding is done.",
            field="blind",
        )
    states = session.all_states()
    for field, coder in (("first", first), ("second", second)):
        if coder not in states:
            raise QuidqualError.of(
                f"{coder!r} has no log.", remedy=f"There are: {sorted(states)}.", field=field
            )
    decided = {line["case"]: line for line in _decisions(session)}
    sides = [list(states[c].standing.values()) for c in (first, second)]
    both = [{c["interview"] for c in side} | states[who].read
            for side, who in zip(sides, (first, second), strict=True)]  # fmt: skip
    shared = both[0] & both[1]
    notes = [i for i in session.study.notes["interview"] if i in shared]
    notes = [i for i in notes if interview is None or i == interview]
    rows = []
    for name in notes:
        one, two = ([c for c in side if c["interview"] == name] for side in sides)
        for kind, a, b in sorted(_pairs(one, two), key=_by_place):
            rows.append(_row(name, kind, a, b, decided))
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    whole = {c: "Int64" for c in _COLUMNS if c.endswith(("_start", "_end"))}
    return frame.astype({"start": "int64", "end": "int64", **whole})


def decide(
    session: CodingSession,
    cases: str | Iterable[str],
    *,
    first: str,
    second: str,
    take: str,
    reason: str = "",
) -> list[str]:
    """Decide cases of `compare_coders`; what is taken is added to the session's own set.

    A note that both coders have read counts as read in the third set once nothing in it is
    left to be decided: no coding then means absent there too.

    Parameters
    ----------
    session : CodingSession
        In the name of the third set.
    cases : str or iterable of str
        Names from the column ``case``.
    first, second : str
        The two coders.
    take : {"first", "second", "both", "neither"}
        Whose reading goes into the third set.
    reason : str
        Why. Needed wherever the two part; passages that are the same need none.

    Returns
    -------
    list of str
        Ids of the codings that were added.

    Raises
    ------
    QuidqualError
        If a case is not known, or a reason is missing.
    """
    if take not in TAKES:
        raise QuidqualError.of(f"take must be one of {TAKES}, not {take!r}.", field="take")
    must_be_text(reason, field="reason")
    table = compare_coders(session, first, second).set_index("case")
    names = [cases] if isinstance(cases, str) else list(cases)
    lines: list[dict[str, Any]] = []
    records = []
    for name in names:
        if name not in table.index:
            raise QuidqualError.of(
                "there is no such case.", remedy="See compare_coders(...)['case'].", field="cases"
            )
        row = table.loc[name]
        if row["kind"] != "same" and not reason.strip():
            raise QuidqualError.of(
                "a decision where two coders part needs a reason.",
                remedy="Give reason='...'.",
                field="reason",
            )
        records.append({
            "op": "decide", "case": name, "interview": row["interview"], "kind": row["kind"],
            "first": first, "second": second, "take": take, "reason": reason,
            "ids": [i for i in (row["first_id"], row["second_id"]) if i],
        })  # fmt: skip
        lines += _taken(session, row, take, reason, [str(line["id"]) for line in lines])
    made = [str(line["id"]) for line in lines if line["op"] == "add"]
    lines += _read_by_both(session, first, second, table, {*names})
    step = session.write(lines, "decide")
    session.write_beside(session.stack.decisions_log, records, "decide", step=step)
    return made


def _read_by_both(
    session: CodingSession, first: str, second: str, table: pd.DataFrame, now: set[str]
) -> list[dict[str, Any]]:
    """Read marks of notes that both have read and in which nothing is left to be decided."""
    states = session.all_states()
    both = states[first].read & states[second].read
    left = table[(table["decided"] == "") & ~table.index.isin(now)]
    done = both - set(left["interview"]) - session.state.read
    return [read_line(session.coder, interview, read=True) for interview in sorted(done)]


def decisions_of(session: CodingSession) -> pd.DataFrame:
    """List the decisions of this third set that stand, in the order in which they were made."""
    columns = ["at", "coder", "case", "interview", "kind", "first", "second", "take", "reason"]
    return pd.DataFrame(_decisions(session), columns=columns)


def _decisions(session: CodingSession) -> list[dict[str, Any]]:
    """Decisions that were not taken back."""
    records = read_records(session.folder / session.stack.decisions_log)
    return [r for r in records if "case" in r and session.stack.in_effect(r["step"])]


Pair = tuple[str, Mapping[str, Any] | None, Mapping[str, Any] | None]


def _pairs(one: list[Any], two: list[Any]) -> list[Pair]:
    """Pair the codings of one note, the clearest pairs first."""
    candidates = []
    for i, a in enumerate(one):
        for j, b in enumerate(two):
            overlap = min(a["end"], b["end"]) - max(a["start"], b["start"])
            if overlap > 0:
                same_place = (a["start"], a["end"]) == (b["start"], b["end"])
                kind = 2 if a["code"] != b["code"] else int(not same_place)
                candidates.append((kind, -overlap, i, j))
    left, right = set(range(len(one))), set(range(len(two)))
    pairs: list[Pair] = []
    for kind, _, i, j in sorted(candidates):
        if i in left and j in right:
            left.discard(i)
            right.discard(j)
            pairs.append((KINDS[kind], one[i], two[j]))
    pairs += [("missed", one[i], None) for i in sorted(left)]
    pairs += [("missed", None, two[j]) for j in sorted(right)]
    return pairs


def _by_place(pair: Pair) -> tuple[int, int, str, str]:
    there = [c for c in pair[1:] if c is not None]
    return (min(c["start"] for c in there), max(c["end"] for c in there), pair[0],
            str(there[0]["id"]))  # fmt: skip


def _row(
    interview: str,
    kind: str,
    a: Mapping[str, Any] | None,
    b: Mapping[str, Any] | None,
    decided: Mapping[str, Mapping[str, Any]],
) -> tuple[Any, ...]:
    there = [c for c in (a, b) if c is not None]
    case = "+".join(c["id"][:8] if c is not None else "none" for c in (a, b))
    told = decided.get(case, {})
    sides = [
        (c["code"], c["start"], c["end"], c["id"]) if c is not None else ("", None, None, "")
        for c in (a, b)
    ]
    around = (min(c["start"] for c in there), max(c["end"] for c in there))
    return (case, interview, kind, *around, *sides[0], *sides[1], told.get("take", ""),
            told.get("reason", ""))  # fmt: skip


def _taken(
    session: CodingSession, row: Any, take: str, reason: str, made: list[str]
) -> list[dict[str, Any]]:
    """Lines that make the third set say what was decided, whatever it said of this case before."""
    ids = [i for i in (row["first_id"], row["second_id"]) if i]
    own = session.state.standing
    wanted: list[tuple[str, int, int, str]] = []
    for side in ("first", "second"):
        if take in (side, "both") and row[f"{side}_id"]:
            place = (int(row[f"{side}_start"]), int(row[f"{side}_end"]))
            if (row[f"{side}_code"], *place, "") not in [(*w[:3], "") for w in wanted]:
                wanted.append((row[f"{side}_code"], *place, row[f"{side}_id"]))
    lines: list[dict[str, Any]] = []
    earlier = [k for k, about in session.state.decides.items() if k in own and {*about} & {*ids}]
    for key in earlier:
        stands = (own[key]["code"], own[key]["start"], own[key]["end"])
        if stands in [w[:3] for w in wanted]:
            wanted = [w for w in wanted if w[:3] != stands]
        else:
            lines.append({"op": "remove", "id": key})
    there = {(c["code"], c["start"], c["end"]) for c in own.values()
             if c["interview"] == row["interview"]}  # fmt: skip
    for code, start, end, origin in wanted:
        if (code, start, end) in there:
            continue
        line = session.add_line(row["interview"], code=code, start=start, end=end, memo=reason,
                                taken=[*made, *(str(x["id"]) for x in lines)])  # fmt: skip
        lines.append({**line, "decides": [i for i in (origin, *ids) if i]})
    return lines
