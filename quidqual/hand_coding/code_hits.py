"""Code every hit of a query at once, after looking at them row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from quidqual.hand_coding.carried import append_lines
from quidqual.study.arguments import must_have
from quidqual.study.errors import QuidqualError
from quidqual.study.gate import file_stem

if TYPE_CHECKING:
    from quidqual.hand_coding.session import CodingSession
    from quidqual.queries.query import Query

_COLUMNS = ["keep", "interview", "participant", "round", "start", "end", "words", "before", "after",
            "speech"]  # fmt: skip


def as_asked(typed: str) -> str:
    """Take words that were typed without marks as words to be found, anything else as a query.

    Examples
    --------
    >>> as_asked("trust*"), as_asked('"trust*" & round("R1")')
    ('"trust*"', '"trust*" & round("R1")')
    """
    wanted = typed.strip()
    return wanted if any(sign in wanted for sign in "\"'()") else f'"{wanted}"'


def find_hits(session: CodingSession, query: Query | str, *, context: int = 8) -> pd.DataFrame:
    """Find what might be coded, to be looked at and given to `code_hits`.

    Parameters
    ----------
    session : CodingSession
    query : Query or str
        As in `quidqual.search`, for instance ``'"trust*" & round("R1")'``.
    context : int, default 8
        Words shown around each hit.

    Returns
    -------
    DataFrame
        One row a hit: ``keep`` (bool, True: set it to False where the hit is none),
        ``interview, participant, round, start, end, words, before, after, speech``.
    """
    from quidqual.queries.search import search

    found = search(session.seen_study, query, context=context)
    return found.assign(keep=True)[_COLUMNS]


def code_hits(
    session: CodingSession, hits: pd.DataFrame, code: str, *, source: str = "rule", memo: str = ""
) -> pd.DataFrame:
    """Code the hits that are kept, as one step; log what was rejected as well.

    Parameters
    ----------
    session : CodingSession
    hits : DataFrame
        With ``interview, start, end, keep`` (bool); others may be there. A column ``code``
        says for a row another code than the argument.
    code : str
        The code they get.
    source : {"rule", "model", "hand"}
        What proposed them.
    memo : str

    Returns
    -------
    DataFrame
        The rows with ``id`` (of the coding; "" where none was made) and ``done`` (coded,
        rejected, there already).
    """
    must_have(hits, ("interview", "start", "end", "keep"), of="session.find", field="hits")
    wrong = [k for k in hits["keep"] if not isinstance(k, bool) and k not in (0, 1)]
    if wrong or hits["keep"].isna().any():
        raise QuidqualError.of(
            f"{len(wrong)} rows do not say whether to keep them.",
            remedy="Write True or False in the column keep.",
            field="keep",
        )
    standing = {
        (c["interview"], c["start"], c["end"], c["code"]) for c in session.state.standing.values()
    }
    lines, ids, done = [], [], []
    codes = hits["code"] if "code" in hits else [code] * len(hits)
    rows = zip(hits["interview"], hits["start"], hits["end"], hits["keep"], codes, strict=True)
    for interview, start, end, keep, own in rows:
        ids.append("")
        place = (str(interview), int(start), int(end), str(own))
        if not keep or place in standing:
            done.append("there already" if keep else "rejected")
            continue
        line = session.add_line(
            place[0], code=place[3], start=place[1], end=place[2], source=source, memo=memo,
            taken=ids,
        )  # fmt: skip
        standing.add(place)
        lines.append(line)
        ids[-1] = str(line["id"])
        done.append("coded")
    session.write(lines, "hits")
    decided = hits.assign(code=list(codes), done=done, source=source)
    log_decisions(session, decided[decided["done"] != "there already"])
    return hits.assign(id=ids, done=done)


def log_decisions(session: CodingSession, rows: pd.DataFrame) -> None:
    """Write what was accepted and rejected into ``suggestions/<coder>.jsonl``."""
    at = session.now()
    records = [
        {
            "at": at, "coder": session.coder,
            "decision": "reject" if row["done"] == "rejected" else "accept",
            "interview": str(row["interview"]), "start": int(row["start"]), "end": int(row["end"]),
            "code": str(row["code"]), "probability": row.get("probability"),
            "basis": str(row.get("basis") or ""), "source": str(row["source"]),
        }
        for row in rows.to_dict("records")
    ]  # fmt: skip
    if records:
        path = session.folder / "suggestions" / f"{file_stem(session.coder)}.jsonl"
        append_lines(path, records)
