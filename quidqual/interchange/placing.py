"""Where the codings of a project stand in canonical text: what offsets count, what words say."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from quidqual.interchange.names import one_line
from quidqual.interchange.offsets import (
    CHOICES,
    ENOUGH,
    Convention,
    Ruler,
    Verdict,
    decide,
    with_line_ends,
)
from quidqual.interchange.project import Account, ForeignProject, Marks
from quidqual.interchange.refi import WHOLE
from quidqual.interchange.stored_words import follow_words
from quidqual.interchange.untrusted import refuse
from quidqual.study.arguments import one_of

LONGEST_CODED = 200_000_000
"""Characters of all codings together: each keeps its words, so a thousand whole texts add up."""


def convention_of(
    project: ForeignProject,
    rulers: list[Ruler],
    offsets: str | Convention,
    account: Account,
) -> Verdict:
    """Tell what the offsets of a project count, and say so in the report."""
    if isinstance(offsets, Convention):
        verdict = Verdict(offsets, "as this program counts")
    elif offsets == "auto":
        verdict = decide(rulers, project.marks, origin=project.origin, file=project.file)
    else:
        one_of(offsets, ("auto", *CHOICES), field="offsets")
        verdict = Verdict(CHOICES[offsets], "as the user said")
    if len(project.marks):
        what = f"{verdict.convention}: {verdict.why}"
        account.taken(project.origin or project.file, "offsets", what)
    return verdict


def choose_line_ends(project: ForeignProject, account: Account) -> None:
    """Give a text out of a .docx the line ends that its selections count."""
    marks = project.marks
    for number, text in enumerate(project.texts):
        if text.line_ends_unknown:
            own = slice(bisect_left(marks.text, number), bisect_right(marks.text, number))
            columns = (marks.start[own], marks.end[own], marks.quote[own])
            chosen = with_line_ends(text.text, *columns, project.origin)
            if chosen != text.text:
                text.text = chosen
                why = "its selections count a line end as two characters, and so were read"
                account.changed(text.name, "offsets", why)


def placed(
    project: ForeignProject,
    account: Account,
    rulers: list[Ruler],
    convention: Convention,
    interviews: list[str],
) -> pd.DataFrame:
    """Lead all codings to canonical text: by their offsets, and where words disagree by these.

    Returns
    -------
    DataFrame
        Columns id, at, coder, code, memo (as the program has them), interview, start, end,
        exact: the words of a coding that is lost, None for all others.
    """
    marks = project.marks
    texts = np.asarray(marks.text, dtype=np.int64)
    places = _mapped(marks, rulers, convention)
    _check_length(places, project.file)
    names = [text.name for text in project.texts]
    canonical_texts = [ruler.canonical for ruler in rulers]
    lost: dict[int, str] = {}
    if not project.origin.startswith("quidqual"):  # it wrote both from the same text
        lost = follow_words(
            canonical_texts, names, marks, places, account, certain=project.quotes_are_words
        )
    for i in lost:
        places[0, i] = max(0, marks.start[i])
        places[1, i] = max(places[0, i] + 1, marks.end[i])
    keep = _inside(project, places, account)
    frame = pd.DataFrame(
        {
            "id": marks.id,
            "at": marks.at,
            "coder": marks.coder,
            "interview": np.asarray(interviews, dtype=object)[texts] if len(texts) else [],
            "start": places[0],
            "end": places[1],
            "code": marks.code,
            "memo": marks.memo,
            "exact": [lost.get(i) for i in range(len(marks))],
        },
        dtype=object,
    )
    frame = frame.astype({"start": "int64", "end": "int64"})[keep].reset_index(drop=True)
    return _sound(frame, account)


def _check_length(places: np.ndarray, file: str) -> None:
    """Refuse codings whose words, each kept with its coding, would fill the memory."""
    coded = int(np.abs(places[1] - places[0])[(places >= 0).all(axis=0)].sum())
    if coded > LONGEST_CODED:
        message = f"its codings hold {coded:,} characters, more than {LONGEST_CODED:,}."
        raise refuse(file, message, "Export the project in parts.")


def _mapped(marks: Marks, rulers: Sequence[Ruler], convention: Convention) -> np.ndarray:
    """Starts and ends in canonical text, -1 where an offset leads nowhere."""
    texts = np.asarray(marks.text, dtype=np.int64)
    starts = np.asarray(marks.start, dtype=np.int64)
    ends = np.asarray(marks.end, dtype=np.int64)
    places = np.empty((2, len(marks)), dtype=np.int64)
    edges = np.searchsorted(texts, np.arange(len(rulers) + 1))
    for number, (first, last) in enumerate(pairwise(edges.tolist())):
        if first < last:
            part = slice(first, last)
            places[:, part] = rulers[number].map(starts[part], ends[part], convention)
            whole = ends[part] == WHOLE
            places[1, part] = np.where(whole, len(rulers[number].canonical), places[1, part])
    return places


def _inside(project: ForeignProject, places: np.ndarray, account: Account) -> np.ndarray:
    """Leave out the codings that no text reaches, each with its code and its place.

    Such a coding costs itself and not the project; where most of a project's lead nowhere, its
    offsets are not what they seem, and it is refused.
    """
    marks = project.marks
    outside = (places < 0).any(axis=0)
    wrong = np.flatnonzero(outside).tolist()
    labels = {code.key: one_line(code.name) or code.key for code in project.codes}
    many = len(wrong) >= ENOUGH and 2 * len(wrong) > len(marks)
    for i in wrong:
        text = project.texts[marks.text[i]]
        where = (
            f"{labels.get(marks.code[i], marks.code[i])!r} at {marks.start[i]} to {marks.end[i]}"
        )
        message = f"{where} lies outside the text, which has {len(text.text)} characters."
        if many:
            remedy = "Export the project again, or pass offsets= if you know what they count."
            account.fault(text.name, "selection", message, remedy)
        else:
            account.left_out(text.name, "selection", message)
    return np.asarray(~outside)


def _sound(frame: pd.DataFrame, account: Account) -> pd.DataFrame:
    """Report empty selections and ends before starts."""
    swapped = frame["start"] > frame["end"]
    empty = frame["start"] == frame["end"]
    for number in frame.loc[empty, "id"]:
        account.left_out(number, "selection", "it is empty: it holds no words")
    for number in frame.loc[swapped, "id"]:
        account.changed(number, "selection", "its end stood before its start")
    if swapped.any():
        both = frame.loc[swapped, ["start", "end"]].to_numpy()[:, ::-1]
        frame.loc[swapped, ["start", "end"]] = both
    return frame[~empty].reset_index(drop=True)
