"""Which codes come together: by overlap, in a segment, in an interview, within n words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quidqual.analysis.presence import presence
from quidqual.analysis.selection import as_tuple, kept_names, plan_codes
from quidqual.study.arguments import must_be_number, one_of, takes_study
from quidqual.study.errors import QuidqualError

if TYPE_CHECKING:
    from quidqual.study.model import Study

__all__ = ["cooccurrence"]

_WITHIN = ("overlap", "segment", "interview", "words")
_UNEQUAL = 5.0
"""Frequencies further apart than this factor are flagged (ATLAS.ti's own rule)."""


@takes_study
def cooccurrence(
    study: Study,
    *,
    within: str = "overlap",
    words: int = 30,
    ordered: bool = False,
    level: str = "code",
    codes: str | Iterable[str] | None = None,
    coder: str | Iterable[str] | None = None,
    source: str | Iterable[str] | None = None,
    participants: str | Iterable[str] | None = None,
    rounds: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Count how often two codes come together, with what one would need to judge it.

    Parameters
    ----------
    study : Study
    within : {"overlap", "segment", "interview", "words"}
        What together means: passages that overlap; in one segment (sentence); in one
        interview; passages with at most ``words`` words between them.
    words : int
        For ``within="words"``.
    ordered : bool
        Count a before b only (by where the passages begin), not in an interview.
    level : {"code", "theme"}
    codes, coder, source, participants, rounds
        As for :func:`quidqual.presence`.

    Returns
    -------
    DataFrame
        One row per pair that comes together, the most frequent first: ``a``, ``b`` (str;
        with ``ordered`` a stands before b); ``together`` (int); ``n_a``, ``n_b`` (int: how
        often each occurs); ``n`` (int: of what, see Notes); ``c`` (ATLAS.ti's
        coefficient), ``jaccard``, ``lift``, ``npmi`` (float); ``unequal`` (bool: one
        frequency is more than five times the other, so c and Jaccard are small whatever
        the pair does); ``participants`` (int: people in whom they come together);
        ``within``, ``corpus``.

    Raises
    ------
    QuidqualError
        For an unknown ``within`` or ``level``, and as :func:`quidqual.presence`.

    Notes
    -----
    In an interview or segment, n is the number of interviews or segments held, n_a those
    with a, and all measures are of units: ``c = jaccard = k / (n_a + n_b - k)``,
    ``lift = k n / (n_a n_b)``, ``npmi = log(lift) / -log(k / n)``. By overlap and by words,
    n_a counts passages, n all passages coded, and k pairs of passages; then
    ``c = k / (n_a + n_b - k)`` may exceed 1 if passages overlap several others, as in
    ATLAS.ti; Jaccard, lift and NPMI count the passages of a that meet a passage of b (or,
    where that is fewer, those of b). At small n a lift of 3 may be two interviews of one
    person: see ``participants``.

    Interviews in which either code was not observed (not asked) count in n all the same;
    use groups and rounds in which both were asked.

    References
    ----------
    Bouma, G. (2009). Normalized (pointwise) mutual information in collocation extraction.
    *Proceedings of GSCL*, 31-40. ATLAS.ti, *Code Co-occurrence Table* (c-coefficient).

    Examples
    --------
    >>> import quidqual as qq
    >>> table = qq.cooccurrence(qq.load_example("small"), within="interview")
    >>> table[["a", "b", "together", "n_a", "n_b", "n", "jaccard"]].round(2)
           a     b  together  n_a  n_b  n  jaccard
    0  trust  work         1    2    2  3     0.33
    """
    one_of(within, _WITHIN, field="within")
    one_of(ordered, (True, False), field="ordered")
    if ordered and within == "interview":
        raise QuidqualError.of(
            "Order within an interview is not counted.",
            remedy="Use within='overlap', 'segment' or 'words'.",
            field="ordered",
        )
    must_be_number(words, field="words", whole=True)
    if words < 0:
        raise QuidqualError.of(
            f"words must be 0 or more, not {words}.",
            remedy="0: nothing stands between the two passages.",
            field="words",
        )
    codes, coder, source = (kept_names(wished) for wished in (codes, coder, source))
    held = presence(study, codes=codes, coder=coder, source=source, level=level,
                    participants=participants, rounds=rounds)  # fmt: skip
    held = held[~held["reason"].isin(("missed", "not_due", "no_note", "unread"))]
    interviews = held["interview"].drop_duplicates()
    names = tuple(str(name) for name in held["code"].cat.categories)
    marks = _passages(study, level, codes, coder, source, interviews)
    if within == "interview":
        unit = pd.Index(interviews).get_indexer(marks["interview"])
        counted = _by_unit(unit, marks, len(interviews), names)
    elif within == "segment":
        counted = _by_segment(study, marks, interviews, names, ordered)
    else:
        gap = words if within == "words" else -1
        counted = _by_pair(study, marks, names, gap, ordered)
    table = _measured(counted, names, ordered)
    return table.assign(
        within=pd.array([within] * len(table), dtype="str"),
        corpus=pd.array([study.mark] * len(table), dtype="str"),
    )


_TYPES = {
    "a": "str", "b": "str", "together": "int64", "n_a": "int64", "n_b": "int64", "n": "int64",
    "c": "float64", "jaccard": "float64", "lift": "float64", "npmi": "float64", "unequal": "bool",
    "participants": "int64",
}  # fmt: skip
Counted = tuple[np.ndarray, np.ndarray, np.ndarray, int, dict[tuple[int, int], set[str]]]
"""Pairs together, the smaller count of units in which they meet, n of each, n, and who."""


def _passages(
    study: Study, level: str, codes: Any, coder: Any, source: Any, interviews: pd.Series
) -> pd.DataFrame:
    """Take each coded passage once, with the number of its code or theme."""
    plan = plan_codes(study.codebook, codes=codes)
    codings = study.codings
    keep = codings["interview"].isin(interviews)
    for column, wished in (("coder", coder or study.primary_coder), ("source", source)):
        if wished is not None:
            keep &= codings[column].isin(as_tuple(wished))
    used = codings.loc[keep, ["interview", "participant", "start", "end", "code"]]
    place = plan.column_of(used["code"])
    used = used[place >= 0].assign(code=place[place >= 0])
    if level == "theme":
        used["code"] = plan.theme_of_code[used["code"].to_numpy()]
    columns = ["interview", "start", "end", "code"]
    return used.drop_duplicates(columns).sort_values(columns).reset_index(drop=True)


def _by_unit(unit: np.ndarray, marks: pd.DataFrame, n: int, names: tuple[str, ...]) -> Counted:
    """Count units (interviews or segments) that hold both codes."""
    has = np.zeros((max(n, 1), len(names)), dtype=np.float64)
    has[unit, marks["code"].to_numpy()] = 1
    together = (has.T @ has).astype(np.int64)
    people: dict[tuple[int, int], set[str]] = {}
    who = np.full(max(n, 1), "", dtype=object)
    who[unit] = marks["participant"].to_numpy(dtype=object)
    for a, b in zip(*np.nonzero(np.triu(together, 1)), strict=True):
        both = (has[:, a] > 0) & (has[:, b] > 0)
        people[int(a), int(b)] = set(who[both])
    frequency = np.diag(together).copy()
    return together, together, frequency, n, people


def _by_segment(
    study: Study, marks: pd.DataFrame, interviews: pd.Series, names: tuple[str, ...], ordered: bool
) -> Counted:
    """Count segments that passages of both codes touch."""
    segments = study.segments[study.segments["interview"].isin(interviews)].reset_index(drop=True)
    touched = marks.merge(
        segments.reset_index()[["index", "interview", "start", "end"]],
        on="interview", suffixes=("", "_segment"),
    )  # fmt: skip
    meets = (touched["start"] < touched["end_segment"]) & (
        touched["end"] > touched["start_segment"]
    )
    touched = touched[meets]
    counted = _by_unit(touched["index"].to_numpy(), touched, len(segments), names)
    if not ordered:
        return counted
    first = touched.groupby(["index", "code"])["start"].min().reset_index()
    pairs = first.merge(first, on="index")
    pairs = pairs[(pairs["code_x"] != pairs["code_y"]) & (pairs["start_x"] < pairs["start_y"])]
    together = np.zeros_like(counted[0])
    np.add.at(together, (pairs["code_x"], pairs["code_y"]), 1)
    person = touched.drop_duplicates("index").set_index("index")["participant"]
    people: dict[tuple[int, int], set[str]] = {}
    for index, a, b in pairs[["index", "code_x", "code_y"]].itertuples(index=False):
        people.setdefault((a, b), set()).add(person[index])
    return together, together, counted[2], counted[3], people


def _by_pair(
    study: Study, marks: pd.DataFrame, names: tuple[str, ...], gap: int, ordered: bool
) -> Counted:
    """Count pairs of passages that overlap, or lie at most ``gap`` words apart."""
    size = len(names)
    together = np.zeros((size, size), dtype=np.int64)
    meeting: list[dict[tuple[int, int], set[int]]] = [{}, {}]
    people: dict[tuple[int, int], set[str]] = {}
    for interview, part in marks.groupby("interview", sort=False):
        start, end = part["start"].to_numpy(), part["end"].to_numpy()
        if gap >= 0:  # in words: count the words that begin before each place
            begins = [word.start() for word in re.finditer(r"\w+", study.text(str(interview)))]
            first, last = np.searchsorted(begins, start), np.searchsorted(begins, end)
            near = (first[:, None] - last[None, :] <= gap) & (first[None, :] - last[:, None] <= gap)
        else:
            near = (start[:, None] < end[None, :]) & (start[None, :] < end[:, None])
        code = part["code"].to_numpy()
        near &= code[:, None] != code[None, :]
        if ordered:
            near &= start[:, None] < start[None, :]
        who = part["participant"].iloc[0]
        for i, j in zip(*np.nonzero(near), strict=True):
            pair = (int(code[i]), int(code[j]))
            together[pair] += 1
            meeting[0].setdefault(pair, set()).add(int(part.index[i]))
            meeting[1].setdefault(pair, set()).add(int(part.index[j]))
            people.setdefault(pair, set()).add(who)
    fewer = np.zeros_like(together)
    for pair, passages in meeting[0].items():
        fewer[pair] = min(len(passages), len(meeting[1][pair]))
    frequency = np.bincount(marks["code"].to_numpy(dtype=np.int64), minlength=size)
    return together, fewer, frequency, len(marks), people


def _measured(counted: Counted, names: tuple[str, ...], ordered: bool) -> pd.DataFrame:
    """Work the measures out for each pair that comes together."""
    together, meeting, frequency, n, people = counted
    rows = []
    found = together.copy()
    np.fill_diagonal(found, 0)
    for a, b in zip(*np.nonzero(found if ordered else np.triu(found, 1)), strict=True):
        k, m = int(together[a, b]), int(meeting[a, b])
        n_a, n_b = int(frequency[a]), int(frequency[b])
        lift = m * n / (n_a * n_b)
        all_but_once = -np.log(m / n)
        npmi = np.log(lift) / all_but_once if all_but_once > 0 else 1.0
        c = k / (n_a + n_b - k) if n_a + n_b > k else np.inf
        unequal = max(n_a, n_b) > _UNEQUAL * min(n_a, n_b)
        who = len(people.get((int(a), int(b)), ()))
        jaccard = m / (n_a + n_b - m)
        rows.append((names[a], names[b], k, n_a, n_b, n, c, jaccard, lift, npmi, unequal, who))
    columns = ["a", "b", "together", "n_a", "n_b", "n", "c", "jaccard", "lift", "npmi"]
    table = pd.DataFrame(rows, columns=[*columns, "unequal", "participants"]).astype(_TYPES)
    order = {name: number for number, name in enumerate(names)}
    table = table.assign(_a=table["a"].map(order), _b=table["b"].map(order), _k=-table["together"])
    table = table.sort_values(["_k", "_a", "_b"]).reset_index(drop=True)
    return table.drop(columns=["_a", "_b", "_k"])
